"""A web page to its story: which of its blocks of text are the story's paragraphs.

Three voices are heard. trafilatura finds where the story is. The publisher's own JSON-LD (``articleBody``), where the
page has it, says what belongs to it. The page's tree says which further paragraphs stand among those found; it is
also where the paragraphs' bounds, quote marks and order are taken from. The rules of what is furniture are a table,
``resources/page_furniture.csv``: no rule is about one site.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement

from diplotext.io.decoding import InputError
from diplotext.io.page_facts import find_body, find_facts, read_linked_data
from diplotext.io.page_tree import INLINE, SENTENCE_END, Block, list_blocks, make_key, mark_quotes, patterns, prune

#: What a tree cannot hold, as a character or as the number of one.
_NO_XML = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|"
    r"&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2\d|3[01]));",
    re.I,
)
#: Of the elements of a page, and of links, pictures and words set off in one paragraph, news pages have a hundredth.
_MOST_ELEMENTS, _MOST_PIECES = 100_000, 3_000
_NO_PAGE = "Leave it out, or save the article's text"
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_WRAPPERS = frozenset(("ul", "ol", "li", "blockquote", "figure"))
_DATELINE_ONLY = re.compile(r"[A-Z]{3}[\w .,'’/()&-]{0,60}[—–-]\s*")
_DECK = re.compile(r"(?:^|[\s_-])(?:stand-?first|dec?k|sub-?headline|strapline|article_*-?intro)(?:$|[\s_-])", re.I)
_LONG_WORD = re.compile(r"[a-z]{4,}")
_BYLINE = re.compile(r"by:? [A-Z][\w.’'-]+(?: [\w.,’'-]+){1,14}$|by:? [A-Z][A-Z .,’'-]{3,60}$", re.I)


class Page(NamedTuple):
    """The story of a page, paragraphs parted by a blank line, and what the page says about it."""

    text: str
    fields: dict[str, Any]


def extract_page(page: str) -> Page:
    """Return the story of a page and its headline, outlet, time of publication, byline and address, where it has them.

    The headline, the summary under it, navigation, captions, links to other stories, newsletter boxes, share bars,
    authors' biographies and comments are left out. The result depends on the page alone.

    Parameters
    ----------
    page
        The decoded HTML.

    Raises
    ------
    InputError
        If there is no story in the page.
    """
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        tree = lxml_html.document_fromstring(_NO_XML.sub(" ", page).encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise InputError("it is no HTML page", "Open it in a browser and save it again") from error
    _refuse_endless(tree)
    linked = read_linked_data(tree)
    facts = find_facts(tree, linked)
    body = find_body(linked)
    mark_quotes(tree)
    lede = _find_lede(tree)
    prune(tree, make_key(body))
    paragraphs = _choose(tree, list_blocks(tree), body, facts.get("headline"))
    if lede and _is_new(lede, paragraphs):
        paragraphs.insert(0, lede)
    if not paragraphs or _is_notice(paragraphs):
        what = "; it shows a message of the site" if paragraphs else ""
        raise InputError(f"no story was found in the page{what}", "Save the article's own page, or its text")
    return Page("\n\n".join(paragraphs), facts)


def _refuse_endless(tree: HtmlElement) -> None:
    """Raise an `InputError` for a page that no newspaper makes, and that would take minutes or hours."""
    elements = 0
    for element in tree.iter():
        elements += 1
        pieces = sum(child.tag in INLINE for child in element)
        if pieces > _MOST_PIECES:
            reason = f"one paragraph of the page has {pieces:,} pieces; at most {_MOST_PIECES:,} are read"
            raise InputError(reason, _NO_PAGE)
    if elements > _MOST_ELEMENTS:
        raise InputError(f"the page has {elements:,} elements; at most {_MOST_ELEMENTS:,} are read", _NO_PAGE)


def _choose(tree: HtmlElement, blocks: list[Block], body: str, headline: str | None) -> list[str]:
    found = _ask_trafilatura(tree)
    lines = [(line, make_key(line)) for line in found]
    wanted = _match(blocks, [key for _, key in lines if key])
    official = _match(blocks, [make_key(part) for part in body.split("\n")]) if body else set()
    length = sum(len(blocks[i].key) for i in official)
    body_length = len(make_key(body))
    # What the publisher calls the body counts where the page shows it; some sites put a summary there.
    told = sum(len(blocks[i].key) for i in wanted)
    if official and length > 0.6 * body_length and body_length > 0.5 * told:
        wanted |= official
    elif body_length > 200 and body_length > 2 * told:  # the page itself shows little: a script would fill it in
        return [" ".join(part.split()) for part in body.split("\n") if part.strip()]
    if told < 250:  # little was found: look where most prose stands together
        prose = _densest(blocks)
        wanted = prose if sum(len(blocks[i].key) for i in prose) > 2 * told else wanted
    if not wanted:
        return [line for line, key in lines if key]
    wanted = _one_article(blocks, wanted)
    wanted |= _between(blocks, wanted)
    first = min((i for i in wanted if len(blocks[i].text) > 60), default=0)
    wanted |= {i for i in range(max(0, first - 3), first) if _DATELINE_ONLY.fullmatch(blocks[i].text)}
    chosen = [i for i in sorted(wanted) if not _is_furniture(blocks[i])]
    chosen = _trim_ends(blocks, chosen, headline)
    return _join_dateline([blocks[i].text for i in chosen])


def _ask_trafilatura(tree: HtmlElement) -> list[str]:
    """Return the lines that trafilatura takes for the story; its cache of repeated passages is never used."""
    import trafilatura

    data = etree.tostring(tree, encoding="utf-8", method="html")
    document = trafilatura.bare_extraction(data, include_comments=False, deduplicate=False, with_metadata=False)
    text = (getattr(document, "text", None) or "") if document is not None else ""
    return [line for line in text.split("\n") if line.strip()]


def _match(blocks: list[Block], keys: list[str]) -> set[int]:
    """Return which blocks the keys speak of: equal to one, part of them all, or made mostly of some."""
    exact, whole = set(keys), "\n".join(keys)
    long = [key for key in keys if len(key) >= 15]
    found = set()
    for i, block in enumerate(blocks):
        told = block.key in exact or (len(block.key) >= 25 and block.key in whole)
        if not told and len(block.key) >= 60:
            told = sum(len(key) for key in long if key in block.key) > len(block.key) / 2
        if told:
            found.add(i)
    return found


def _densest(blocks: list[Block]) -> set[int]:
    """Return the sentences in the one place of the tree that holds most of the page's prose."""
    places: dict[tuple[HtmlElement, tuple[str, ...]], set[int]] = {}
    for i, block in enumerate(blocks):
        if len(block.text) >= 40 and block.linked < 0.3 and SENTENCE_END.search(block.text):
            for place in _places(block.element)[:1]:
                places.setdefault(place, set()).add(i)
    return max(places.values(), key=lambda found: sum(len(blocks[i].key) for i in found), default=set())


def _find_lede(tree: HtmlElement) -> str:
    """Return the sentence set off under the headline, or an empty text."""
    title = tree.find(".//h1")
    around = title.getparent() if title is not None else None
    if around is not None and around.tag not in ("body", "main", "article") and around.getparent() is not None:
        around = around.getparent()
    for element in () if around is None else around.iter("p", "h2", "div"):
        names = f"{element.get('class') or ''} {element.get('data-testid') or ''}"
        if _DECK.search(names) and element.find(".//p") is None and element.find(".//li") is None:
            return " ".join("".join(element.itertext()).split())
    return ""


def _is_new(lede: str, paragraphs: list[str]) -> bool:
    """Whether the sentence under the headline is the story's beginning rather than a summary of what follows."""
    if len(lede) < 80 or not re.search(r"\w[.!?][\"”’]?$", lede) or lede in paragraphs:
        return False
    words = set(_LONG_WORD.findall(lede.lower()))
    told = set(_LONG_WORD.findall(" ".join(paragraphs[:5]).lower()))
    return len(words & told) < 0.5 * len(words)


def _one_article(blocks: list[Block], wanted: set[int]) -> set[int]:
    """Keep the first of several whole articles on one page: the others were appended below it."""
    owners: dict[HtmlElement, int] = {}
    for i in sorted(wanted):
        above = list(blocks[i].element.iterancestors("article"))
        if above:
            owners[above[-1]] = owners.get(above[-1], 0) + len(blocks[i].key)
    large = [e for e, n in owners.items() if n > 0.2 * sum(owners.values())]
    if len(large) < 2 or not all(e.find(".//h1") is not None for e in large):
        return wanted
    return {i for i in wanted if large[0] in blocks[i].element.iterancestors("article")}


def _between(blocks: list[Block], wanted: set[int]) -> set[int]:
    """Return the blocks that were passed over among the paragraphs found, and stand in the page's tree as these do."""
    weight: dict[tuple[HtmlElement, tuple[str, ...]], int] = {}
    for i in wanted:
        for place in _places(blocks[i].element):
            weight[place] = weight.get(place, 0) + len(blocks[i].key)
    enough = 0.15 * sum(len(blocks[i].key) for i in wanted)
    first, last = min(wanted), max(wanted)
    extra = set()
    for i, block in enumerate(blocks):
        # Below and above the story only the very parent of its paragraphs counts: a card's text stands like a story's.
        places = _places(block.element)[: None if first < i < last else 1]
        if i in wanted or block.linked > 0.5 or not any(weight.get(place, 0) > enough for place in places):
            continue
        sentence = SENTENCE_END.search(block.text) is not None
        if first < i < last:
            if sentence or len(block.text) > 80 or (block.element.tag in _HEADINGS and i + 1 in wanted):
                extra.add(i)
        elif sentence and len(block.text) > 60 and block.element.tag not in ("li", *_HEADINGS):
            extra.add(i)
    return extra


def _places(element: HtmlElement) -> list[tuple[HtmlElement, tuple[str, ...]]]:
    """Return where an element stands: each of three elements above it, with the tags on the way there.

    Headings, list items and block quotes stand where a paragraph would.
    """
    if element.tag in ("td", "div", "body", "section", "article"):  # bare text in a container
        return [(element, ())]
    found = []
    way: list[str] = ["p" if element.tag in ("li", "blockquote", *_HEADINGS) else element.tag]
    for above in element.iterancestors():
        if above.tag in _WRAPPERS:
            continue
        found.append((above, tuple(way)))
        way.append(above.tag)
        if len(found) == 3:
            break
    return found


def _is_furniture(block: Block) -> bool:
    text = block.text
    if len(text) <= 320 and patterns("line").fullmatch(text):
        return True
    if block.linked > 0.8 and len(text) < 200 and not SENTENCE_END.search(text):
        return True
    return block.element.tag in ("td", "th") and len(text) < 60 and not SENTENCE_END.search(text)


def _is_notice(paragraphs: list[str]) -> bool:
    """Whether a short text is what sites show instead of a story: cookie and pay walls, errors, calls for a script."""
    text = " ".join(paragraphs)
    return len(text) < 700 and patterns("notice").search(text) is not None


def _trim_ends(blocks: list[Block], chosen: list[int], headline: str | None) -> list[int]:
    """Take off headline, deck, byline and date above the story, and the authors' biographies and headings below it."""
    title = make_key(headline or "")
    while chosen:
        block = blocks[chosen[0]]
        above = blocks[chosen[0] - 1].element.tag if chosen[0] else "h1"
        with_date = bool(title) and block.key.startswith(title) and len(block.key) < len(title) + 40
        if (
            block.element.tag == "h1"
            or (with_date and not SENTENCE_END.search(block.text))
            or (above == "h1" and block.element.tag in _HEADINGS)
            or (len(block.text) < 100 and _BYLINE.match(block.text))
        ):
            chosen = chosen[1:]
        else:
            break
    while len(chosen) > 1:
        block = blocks[chosen[-1]]
        if block.element.tag in _HEADINGS or (len(block.text) <= 600 and patterns("bio").fullmatch(block.text)):
            chosen = chosen[:-1]
        else:
            break
    return chosen


def _join_dateline(paragraphs: list[str]) -> list[str]:
    """Put a dateline that stands alone before the first paragraph."""
    if len(paragraphs) > 1 and _DATELINE_ONLY.fullmatch(paragraphs[0]):
        return [f"{paragraphs[0]} {paragraphs[1]}", *paragraphs[2:]]
    return paragraphs
