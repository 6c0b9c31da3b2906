"""What a web page says about its article: headline, outlet, time of publication, authors, address."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement

from diplotext.io.fields import tidy
from diplotext.language import read_moment

_ARTICLE = re.compile(r"(?:Article|BlogPosting|LiveBlogPosting|Report|PressRelease)$")
_WRAPPING = re.compile(r"^\s*(?:<!--|(?://\s*)?<!\[CDATA\[)|(?:-->|(?://\s*)?\]\]>)\s*$")
_WORDS = re.compile(r"\w+")
#: Where pages write the time of publication, the best first.
_TIMES = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "date.published",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "article.published", "publish-date",
    "publish_date", "publishdate", "publication_date", "pubdate", "article:published", "article_date_original",
    "dc.date.issued", "dcterms.created", "dcterms.date", "dc.date", "dcterms.issued", "citation_publication_date",
    "originalpublicationdate", "ptime", "date", "created",
)  # fmt: skip
_NO_NAME = re.compile(r"https?://|no author|unknown|^admin$|^editor$|^by$", re.I)


def read_linked_data(tree: HtmlElement) -> list[dict[str, Any]]:
    """Return the JSON-LD objects of the page, nested ones too; broken scripts are passed over."""
    found: list[dict[str, Any]] = []

    def collect(item: Any, depth: int = 0) -> None:
        if isinstance(item, list):
            for part in item:
                collect(part, depth)
        elif isinstance(item, dict) and depth < 6:
            found.append(item)
            for name in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "hasPart"):
                collect(item.get(name), depth + 1)

    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            try:
                collect(json.loads(_WRAPPING.sub("", script.text or "").rstrip("; \n"), strict=False))
            except (ValueError, RecursionError):
                continue
    return found


def _articles(linked: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in linked:
        kinds = item.get("@type")
        if any(_ARTICLE.search(str(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds])):
            yield item


def find_body(linked: list[dict[str, Any]]) -> str:
    """Return the article's body as the publisher's JSON-LD gives it, or an empty text."""
    for item in _articles(linked):
        body = item.get("articleBody")
        if isinstance(body, str) and len(body) > 100:
            if re.search(r"<(?:p|br|div)\b", body):
                body = re.sub(r"<(?:p|br|/p|div|li|h\d)\b[^>]*>", "\n", body)
                body = re.sub(r"<[^>]+>", "", body)
            return "\n".join(tidy(line) for line in body.splitlines() if line.strip())
    return ""


def find_facts(tree: HtmlElement, linked: list[dict[str, Any]]) -> dict[str, Any]:
    """Return `headline`, `outlet`, `published`, `url` and `byline`, those that the page states.

    The headline is the one printed (``h1``) where it agrees with one of those that the page declares. The time is
    what the page declares; only without it a date is looked for, by htmldate.
    """
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        if name and (content := tidy(meta.get("content"))):
            metas.setdefault(name.lower(), content)
    article: dict[str, Any] = {}
    for item in _articles(linked):
        article = {**item, **{k: v for k, v in article.items() if v}}
    by_id = {item["@id"]: item for item in linked if isinstance(item.get("@id"), str) and len(item) > 2}
    outlet = _name(article.get("publisher"), by_id) or metas.get("og:site_name", "") or _site(linked)
    facts = {
        "headline": _headline(tree, tidy(article.get("headline")), metas, outlet),
        "outlet": outlet or metas.get("application-name", ""),
        "published": _published(tree, article, metas, linked),
        "url": _address(tree, article, metas),
        "byline": _byline(tree, article, metas, by_id, outlet),
    }
    return {name: value for name, value in facts.items() if value}


def _name(value: Any, by_id: dict[str, Any]) -> str:
    """Return the name of a JSON-LD person or organisation, followed through its ``@id``."""
    if isinstance(value, list):
        return "; ".join(dict.fromkeys(filter(None, (_name(v, by_id) for v in value))))
    if isinstance(value, dict):
        return tidy(value.get("name")) or tidy(by_id.get(str(value.get("@id")), {}).get("name"))
    return tidy(value)


def _site(linked: list[dict[str, Any]]) -> str:
    return next((tidy(i.get("name")) for i in linked if i.get("@type") in ("WebSite", "NewsMediaOrganization")), "")


def _headline(tree: HtmlElement, declared: str, metas: dict[str, str], outlet: str) -> str:
    node = tree.find(".//title")
    title = tidy(node.text) if node is not None else ""
    social = metas.get("og:title") or metas.get("twitter:title") or ""
    stated = [s for s in (declared, social, title) if s]
    printed = [text for h1 in tree.iter("h1") if (text := tidy("".join(h1.itertext()))) and len(text) < 300]
    best = max(printed, key=lambda text: max((_agree(text, s) for s in stated), default=0.0), default="")
    longest = max(stated, key=lambda s: len(s.split()), default="")
    if best and not stated:
        return best
    if best and (len(longest.split()) < 3 <= len(best.split()) or max(_agree(best, s) for s in stated) >= 0.5):
        return best
    return _without_outlet(max(stated, key=lambda s: (len(s.split()) > 2, s is social), default=best), outlet)


def _agree(a: str, b: str) -> float:
    """Return the share of the shorter one's words that stand in the other."""
    left, right = set(_WORDS.findall(a.lower())), set(_WORDS.findall(b.lower()))
    return len(left & right) / min(len(left), len(right)) if len(left) > 1 and len(right) > 1 else float(left == right)


def _without_outlet(title: str, outlet: str) -> str:
    head, mark, suffix = (*re.split(r"\s+([|–—-]|::)\s+(?=[^|–—]*$)", title, maxsplit=1), "", "")[:3]
    return head if mark and (mark == "|" or (outlet and _agree(suffix, outlet) >= 0.5)) else title


def _published(
    tree: HtmlElement, article: dict[str, Any], metas: dict[str, str], linked: list[dict[str, Any]]
) -> str | None:
    stated = [article.get("datePublished"), *(metas.get(name) for name in _TIMES)]
    stated += [item.get("datePublished") for item in linked]
    for element in tree.iter("time", "abbr", "span", "meta"):
        if element.get("itemprop") == "datePublished" or element.get("pubdate") is not None:
            stated.append(element.get("datetime") or element.get("content") or element.get("title"))
    for exact in (True, False):  # a time goes before a day
        for value in stated:
            parsed = read_moment(value) if isinstance(value, str) else None
            if parsed and parsed.precision in (("time",) if exact else ("day",)):
                return value
    times = [t.get("datetime") for t in tree.iter("time") if read_moment(t.get("datetime"))]
    if len(set(times)) == 1:
        return times[0]
    from htmldate import find_date

    try:
        # Without its extensive search, which takes any date in the text for the page's.
        return find_date(lxml_html.fromstring(etree.tostring(tree)), original_date=True, extensive_search=False)
    except (ValueError, etree.Error):
        return None


def _address(tree: HtmlElement, article: dict[str, Any], metas: dict[str, str]) -> str:
    canonical = next((e.get("href") for e in tree.iter("link") if (e.get("rel") or "").lower() == "canonical"), None)
    page = article.get("mainEntityOfPage")
    page = page.get("@id") if isinstance(page, dict) else page
    for value in (canonical, metas.get("og:url"), article.get("url"), page, metas.get("twitter:url")):
        address = tidy(value)
        with contextlib.suppress(ValueError):  # an address may be broken
            if address.startswith(("http://", "https://")) and urlsplit(address).path.strip("/"):
                return address
    return ""


def _byline(
    tree: HtmlElement, article: dict[str, Any], metas: dict[str, str], by_id: dict[str, Any], outlet: str
) -> str:
    candidates = [_name(article.get("author"), by_id)]
    names = ("author", "byl", "parsely-author", "sailthru.author", "dc.creator", "article:author")
    candidates += [metas.get(name, "") for name in names]
    linked = {
        tidy("".join(e.itertext())): None
        for e in tree.iter("a", "span", "p", "div", "address")
        if "author" in (e.get("rel") or "", e.get("itemprop") or "")
    }
    if len(linked) <= 3:  # more are those of other stories
        candidates.append("; ".join(linked))
    for name in candidates:
        name = re.sub(r"^by:?\s+", "", name, flags=re.I)
        if 2 < len(name) < 150 and not _NO_NAME.search(name) and name != outlet:
            return name
    return ""
