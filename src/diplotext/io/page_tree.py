"""The tree of a web page: quote marks written out, furniture taken away, and the blocks of text that remain."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from diplotext.schema import read_rows

_DROPPED = (
    "script", "style", "noscript", "template", "svg", "iframe", "object", "embed", "canvas", "audio", "video", "map",
    "button", "select", "input", "textarea", "label", "dialog", "nav", "figcaption", "footer", "menu", "math",
)  # fmt: skip
#: Elements that are boxes of furniture unless they hold much of the page's prose.
_SUSPECT = ("aside", "form", "figure", "header", "details")
#: The share of the page's prose above which a box is no box: a story's wrapper may be called "has-sidebar".
_TOO_MUCH = {"box": 0.25, "hidden": 0.25, "comments": 0.7}
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div", "dl", "dt",
    "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p",
    "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
INLINE = frozenset((
    "a", "abbr", "b", "cite", "em", "font", "i", "mark", "small", "span", "strong", "sub", "sup", "time", "u",
))  # fmt: skip
_SMALL = ("em", "i", "small")
_KEEP = frozenset(("html", "body", "main", "article", "head"))
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")
_NOT_KEY = re.compile(r"[\W_]+")
_MARKS = re.compile(r"^\s*[\"“«„'‘‚‹]")
#: The end of a sentence, closing marks included.
SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$|[.!?,]?[\"”»]$")


class Block(NamedTuple):
    """One block of text: its element, text, comparison key and share of linked characters."""

    element: HtmlElement
    text: str
    key: str
    linked: float


@cache
def patterns(kind: str) -> re.Pattern[str]:
    """Return the rules of one kind in ``resources/page_furniture.csv`` as one pattern."""
    found = "|".join(f"(?:{row['pattern']})" for row in read_rows("page_furniture.csv") if row["kind"] == kind)
    if kind in _TOO_MUCH:  # matched against the words of a class or id, joined by hyphens
        found = f"(?:^|-)(?:{found})(?:-|$)".replace(" ", "-")
    return re.compile(found, 0 if kind == "bio" else re.I)


def make_key(text: str) -> str:
    """Return a text's letters and digits, lower-cased, by which blocks are compared."""
    return _NOT_KEY.sub("", text).lower()


def mark_quotes(tree: HtmlElement) -> None:
    """Write the marks that a browser draws around ``<q>``; the inner ones of two are single."""
    for element in list(tree.iter("q")):
        text = "".join(element.itertext())
        if not _MARKS.match(text):
            depth = sum(1 for above in element.iterancestors("q"))
            opening, closing = ("“”", "‘’")[depth % 2]
            element.text = opening + (element.text or "")
            if len(element):
                element[-1].tail = (element[-1].tail or "") + closing
            else:
                element.text += closing
    etree.strip_tags(tree, "q")


def prune(tree: HtmlElement, body: str = "") -> None:
    """Remove what is never story, and boxes named as furniture that do not hold much of the page's prose.

    Parameters
    ----------
    tree
        The page, which is changed.
    body
        The key of the story as the publisher's own data gives it: nothing that holds a paragraph of it is removed.
    """
    _drop_captions(tree)
    _drop_sign_ups(tree)
    etree.strip_elements(tree, *_DROPPED, with_tail=False)
    prose = {p: len(text) for p in tree.iter("p", "blockquote") if len(text := _text(p)) >= 40}
    total = sum(prose.values()) or 1
    boxes: list[tuple[HtmlElement, str, list[HtmlElement]]] = []
    by_name: dict[str, int] = {}
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag in _KEEP or element.getparent() is None:
            continue
        kind, name = _find_kind(element)
        if not kind or (kind != "hidden" and element.tag in INLINE and _in_sentence(element)):
            continue
        if element.tag == "figure" and not name and element.find(".//blockquote") is not None:
            continue
        if kind == "hidden" and element in prose:  # what a subscriber sees is story, too
            continue
        held = [p for p in element.iter("p", "blockquote") if p in prose]
        boxes.append((element, name, held))
        # The paragraphs of a story may each stand in a "text-widget": then that name is no sign on this page.
        if name:
            by_name[name] = by_name.get(name, 0) + sum(prose[p] for p in held)
        elif sum(prose[p] for p in held) > _TOO_MUCH[kind] * total:
            boxes.pop()
    spared = {name for name, held in by_name.items() if held > _TOO_MUCH[_kind_of(name) or "box"] * total}
    for element, name, held in boxes:
        told = body and any(prose[p] >= 80 and make_key(_text(p)) in body for p in held)
        if name not in spared and not told and element.getparent() is not None:
            element.drop_tree()


def _drop_captions(tree: HtmlElement) -> None:
    """Remove the paragraphs of a picture whose words are all in italics or small."""
    around = (next((e for e in picture.iterancestors() if e.tag not in INLINE), None) for picture in tree.iter("img"))
    for paragraph in dict.fromkeys(around):  # each once, however many pictures it holds
        if paragraph is None or paragraph.tag != "p" or len(_text(paragraph)) > 300:
            continue
        small = [_text(e) for e in paragraph.iter(*_SMALL) if next(e.iterancestors(*_SMALL), None) is None]
        if small and sum(map(len, small)) + len(small) > len(_text(paragraph)):
            paragraph.drop_tree()


def _drop_sign_ups(tree: HtmlElement) -> None:
    """Remove the boxes that ask for an e-mail address, with the few words around the field."""
    fields = [e for e in tree.iter("input") if (e.get("type") or "").lower() == "email"]
    most = min(400, len(_text(tree)) // 4) if fields else 0
    is_small: dict[HtmlElement, bool] = {}
    for field in fields:
        box = None
        for above in field.iterancestors():
            if above not in is_small:
                large = above.tag in _KEEP or len(_text(above)) > most or above.find(".//h1") is not None
                is_small[above] = not large
            if not is_small[above]:
                break
            box = above
        if box is not None and box.getparent() is not None:
            box.drop_tree()


def _text(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


def _find_kind(element: HtmlElement) -> tuple[str, str]:
    """Return what kind of furniture an element is, and the name that says so; empty texts for neither."""
    get = element.get
    if get("hidden") is not None or get("aria-hidden") == "true":
        return "hidden", ""
    style = get("style")
    if style and re.search(r"display\s*:\s*none|visibility\s*:\s*hidden", style):
        return "hidden", ""
    for attribute in ("class", "id", "data-component", "data-testid", "data-module"):
        for name in (get(attribute) or "").split():
            if kind := _kind_of(name):
                return kind, name
    if element.tag in _SUSPECT or get("role") in ("navigation", "complementary", "menu", "search", "contentinfo"):
        return "box", ""
    return "", ""


@lru_cache(maxsize=4096)
def _kind_of(name: str) -> str:
    words = "-".join(part for part in _CAMEL.split(name) if part)
    return next((kind for kind in _TOO_MUCH if patterns(kind).search(words)), "")


def _in_sentence(element: HtmlElement) -> bool:
    """Whether text stands beside an inline element, so that taking it out would break a sentence."""
    parent, before = element.getparent(), element.getprevious()
    beside = [element.tail, parent.text if before is None else before.tail]
    return any(text and text.strip() for text in beside)


def list_blocks(tree: HtmlElement) -> list[Block]:
    """Return the blocks of text in the order of the page: what stands between two bounds of block elements."""
    blocks: list[Block] = []
    pieces: list[str] = []
    linked = [0]

    def close(element: HtmlElement) -> None:
        for text in _paragraphs("".join(pieces)):
            key = make_key(text)
            if key:
                blocks.append(Block(element, text, key, min(1.0, linked[0] / len(text))))
        pieces.clear()
        linked[0] = 0

    # An explicit stack: pages nest deeper than Python recurses.
    body = tree.find(".//body")
    stack: list[tuple[HtmlElement, HtmlElement, bool, bool]] = [(tree if body is None else body, tree, False, False)]
    while stack:
        element, block, in_link, done = stack.pop()
        is_block = element.tag in _BLOCKS
        if done:
            if is_block:
                close(element)
            tail = element.tail or ""
            if tail:
                pieces.append(tail)
                linked[0] += len(tail) * in_link
            continue
        if not isinstance(element.tag, str):
            continue
        if is_block:
            close(block)
            block = element
        link = in_link or element.tag == "a"
        if element.tag == "br":
            pieces.append("\v")
        if element.text:
            pieces.append(element.text.replace("\n", "\v") if element.tag == "pre" else element.text)
            linked[0] += len(element.text) * link
        # The tail of an element belongs to what surrounds it.
        stack.append((element, block, in_link, True))
        stack += [(child, block, link, False) for child in reversed(element)]
    return blocks


def _paragraphs(text: str) -> list[str]:
    """Split at line breaks that end a paragraph: two in a row, or one after a sentence's end."""
    found: list[list[str]] = []
    gap = True
    for line in text.split("\v"):
        line = " ".join(line.split())
        if not line:
            gap = True
        elif gap or SENTENCE_END.search(found[-1][-1]):
            found.append([line])
            gap = False
        else:
            found[-1].append(line)
    return [" ".join(lines) for lines in found]
