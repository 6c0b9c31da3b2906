"""The outline of an article: its genre, and its sentences with section, paragraph and speaker's turn."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from diplotext.language import find_sentences
from diplotext.schema import build_table, check_input
from diplotext.spans import Span, offset_maps, trim
from diplotext.structure.genres import (
    Heading,
    find_attribution,
    find_interviewee,
    names_office,
    read_title,
    reads_like_news,
)
from diplotext.structure.sections import match_byline, match_dateline, match_notes
from diplotext.structure.turns import (
    Label,
    accept_labels,
    is_firm,
    is_layout,
    is_stage_direction,
    match_label,
    read_dashes,
)

_HEAD = 6  # bylines and datelines are looked for in so many first paragraphs
_LINE = re.compile(r"[^\n\r\u2028\u2029]+|(?<=\n)(?=\r?\n)")  # a blank line is an empty match
_TERMINAL = re.compile(r"[.!?…:;,—][\"'”’»)\]]*$")


class Sentence(NamedTuple):
    """One sentence: clean offsets, the paragraph and section that it stands in, and whose turn it is."""

    paragraph: int
    section: str
    turn_speaker: str | None
    start: int
    end: int


class Outline(NamedTuple):
    """What `outline_text` returns: the genre and the sentences in order."""

    genre: str
    sentences: list[Sentence]


def split_sentences(articles: pd.DataFrame, edits: pd.DataFrame | None = None) -> pd.DataFrame:
    """Split every article into sentences with section, paragraph and turn.

    It does not attribute anything: `turn_speaker` is a label or a title's words as printed, never a resolved name.

    Parameters
    ----------
    articles
        The articles table.
    edits
        The edits table that `clean_articles` returned; recovered from the two texts where it is None.

    Returns
    -------
    The sentences table, in the order of the articles and of the text: article_id and sentence (key; from 0 in each
    article), paragraph (from 0), section (headline, dateline, byline, body, notes), turn_speaker (missing where nobody
    in particular speaks), start and end (code points in `text`, half-open, without white space at the ends), raw_start
    and raw_end (the same in `raw_text`). See `outline_text` for what each section holds.

    Raises
    ------
    ValueError
        If the edits are not those of these articles, or none are given and an article's two texts do not align.

    Examples
    --------
    >>> articles = dt.load_articles(texts=["The pass is closed. Envoy Toran left at 6 p.m. on Monday."])
    >>> split_sentences(articles)[["start", "end"]].to_numpy().tolist()
    [[0, 19], [20, 57]]
    """
    articles = check_input(articles, "articles")
    maps = offset_maps(articles, None if edits is None else check_input(edits, "edits"))
    names = ("article_id", "sentence", "paragraph", "section", "turn_speaker", "start", "end", "raw_start", "raw_end")
    rows: list[tuple[object, ...]] = []
    for article, text, headline in zip(articles["article_id"], articles["text"], articles["headline"], strict=True):
        known = headline if isinstance(headline, str) and headline else None
        to_raw = maps[article].to_raw
        for number, found in enumerate(outline_text(text, known).sentences):
            rows.append((article, number, *found, *to_raw(found.start, found.end)))
    return build_table("sentences", pd.DataFrame(rows, columns=list(names)))


def outline_text(text: str, headline: str | None = None) -> Outline:
    """Find genre, sections, sentences and turns of one article.

    It does not clean and does not resolve names. A turn's label belongs to no sentence. In speech, what the
    stenographer added ("(Laughter.)"), times, lines of place and END lines are notes and have no speaker. A paragraph
    without a label continues the turn, unless the text labels questions only. An official text that reports others'
    quotations like a newspaper is an article, whatever its title; so is one that calls itself a briefing but has no
    turns and no first person.

    Parameters
    ----------
    text
        The cleaned text. Paragraphs are separated by line breaks; a text whose lines are hard-wrapped is split at blank
        lines. A text without any line break is one paragraph, and its turns are found inside it.
    headline
        The title where it is known; else a first paragraph that looks like one is taken.

    Returns
    -------
    `Outline` with

    genre
        article, briefing, remarks, statement, readout or document.
    sentences
        `Sentence` in order. Outside turn labels every character that is no white space lies in one sentence.
        turn_speaker: the label of the turn; in remarks without turns, statements and readouts the title's speaker or
        None (a readout's speaker is the institution that the title names as its publisher, not the caller described).
    """
    paragraphs = _find_paragraphs(text)
    if not paragraphs:
        return Outline("article", [])
    top = _find_headline(text, paragraphs, headline) + 1  # where what follows the headline begins
    title = headline or (text[slice(*paragraphs[top - 1])] if top else "")
    heading = read_title(title)
    split = [find_sentences(text, *p) for p in paragraphs]
    labels = _find_labels(text, paragraphs, split, top, heading)
    keeps = any(label.kind != "question" for label in labels.values())
    labels = labels or read_dashes(text, paragraphs[top:])  # every turn of these has its dash
    if interviewee := find_interviewee(title):
        labels = {at: x._replace(name=interviewee) if x.kind == "answer" else x for at, x in labels.items()}
    genre, speaker = _decide_genre(text, paragraphs, top, heading, labels)
    sentences: list[Sentence] = []
    for number in range(top):  # a letterhead or kicker above the headline is a note
        section = "headline" if number == top - 1 else "notes"
        sentences += [Sentence(number, section, None, *s) for s in split[number]]
    turn = speaker
    spoken_from = 0
    first_label = next(iter(labels), -1)
    opening = True
    dated = False
    for number in range(top, len(paragraphs)):
        start, end = paragraphs[number]
        section, story = _section(text, start, end, number - top, dated or genre not in {"article", "document"})
        dated = dated or story > start
        if story > start:
            sentences.append(Sentence(number, "dateline", None, *trim(text, start, story)))
        if genre not in {"article", "document"} and section == "body" and start not in labels:
            first = start < first_label if labels else opening
            section = "notes" if _is_aside(text, start, end, first) else section
            opening = opening and section == "notes"
        if not keeps and labels and start not in labels:
            turn = speaker
        for begin, stop in find_sentences(text, story, end) if story > start else split[number]:
            if label := labels.get(begin):
                turn, spoken_from = label.name, label.end
            begin = max(begin, spoken_from)
            if begin >= stop:
                continue
            aside = bool(labels or genre == "remarks") and is_stage_direction(text[begin:stop])
            spoken = section == "body" and not aside
            sentences.append(Sentence(number, "notes" if aside else section, turn if spoken else None, begin, stop))
    return Outline(genre, sentences)


def _find_paragraphs(text: str) -> list[Span]:
    lines = [m.span() for m in _LINE.finditer(text)]
    spans = [trim(text, *line) for line in lines]
    if not _is_wrapped(text, spans):
        return [span for span in spans if span[0] < span[1]]
    blocks: list[Span] = []
    open_block = False
    for start, end in spans:
        if start == end:
            open_block = False
        elif open_block:
            blocks[-1] = (blocks[-1][0], end)
        else:
            blocks.append((start, end))
            open_block = True
    return blocks


def _is_wrapped(text: str, lines: list[Span]) -> bool:
    """Tell whether line breaks are mere wrapping: short lines, most of which go on in small letters."""
    pairs = [
        text[next_start].islower()
        for (start, end), (next_start, next_end) in pairwise(lines[:400])
        if 40 <= end - start <= 100 and next_start < next_end and text[end - 1] not in '.!?”"'
    ]
    blank = any(start == end for start, end in lines[:400])
    return blank and len(pairs) > 3 and 2 * sum(pairs) > len(pairs) and 8 * len(pairs) > len(lines[:400])


def _find_headline(text: str, paragraphs: list[Span], headline: str | None) -> int:
    """Return the number of the headline's paragraph, or -1; above it only a letterhead or kicker may stand."""
    for number, (start, end) in enumerate(paragraphs[:_HEAD]):
        line = text[start : min(end, start + 400)]
        if headline and _is_same(line, headline):
            return number
        if not headline and number and len(paragraphs) > number + 1 and read_title(line):
            return number
        if end - start > 120 or _TERMINAL.search(line) or match_label(line) or match_byline(line):
            break
    return -1 if headline or not _is_headline(text, paragraphs) else 0


def _is_same(line: str, headline: str) -> bool:
    a, b = sorted((_letters(line), _letters(headline)), key=len)
    return a == b != "" or (len(a) > 14 and b.startswith(a) and 4 * len(a) > 3 * len(b))


def _is_headline(text: str, paragraphs: list[Span]) -> bool:
    """Tell whether the first paragraph looks like a headline."""
    first = text[slice(*paragraphs[0])]
    if len(paragraphs) < 2 or len(first) > 200 or len(first.split()) > 30 or match_byline(first) or match_notes(first):
        return False
    second = text[slice(*paragraphs[1])]
    label = match_label(first)
    if label and (label.kind in {"strong", "question"} or match_label(second)):
        return False
    if match_dateline(first) or is_layout(first) or first[-1] in ":,":
        return False
    if not re.search(r"[.!?…][\"'”’]?$", first) or match_dateline(second) or match_byline(second) or read_title(first):
        return True
    words = [w for w in re.findall(r"[^\W\d_][\w’'-]*", first) if len(w) > 3]
    return len(words) > 2 and 5 * sum(w[0].isupper() for w in words) > 4 * len(words)


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _find_labels(
    text: str, paragraphs: list[Span], split: list[list[Span]], skip: int, heading: Heading | None
) -> dict[int, Label]:
    """Return the accepted labels by the offset at which they begin."""
    found: dict[int, Label] = {}
    inner: dict[int, Label] = {}
    for (start, end), spans in zip(paragraphs[skip:], split[skip:], strict=True):
        for begin, stop in spans:
            label = match_label(text, begin, min(end, max(stop, begin + 140)))
            if label and begin == start:
                found[begin] = label
            elif label and is_firm(label):
                inner[begin] = label
    flat = len(paragraphs) - skip < 4
    official = heading is not None and heading.genre in {"briefing", "remarks"}
    candidates = [*found.values(), *inner.values()] if flat else list(found.values())
    accepted = accept_labels(candidates, len(paragraphs) - skip, official=official)
    names = {name for name, _ in accepted}
    within = {b: x for b, x in inner.items() if accepted and (x.name in names or x.kind != "question" or flat)}
    return dict(sorted({**{b: x for b, x in found.items() if (x.name, x.kind) in accepted}, **within}.items()))


def _decide_genre(
    text: str, paragraphs: list[Span], top: int, heading: Heading | None, labels: dict[int, Label]
) -> tuple[str, str | None]:
    """Return the genre, and who speaks where no label says it."""
    body = paragraphs[top:]
    lead = text[slice(*body[0])] if body else ""
    if labels:
        if heading and heading.genre in {"briefing", "remarks"}:
            return heading.genre, heading.speaker if heading.genre == "remarks" else None
        first = min(labels)
        early = sum(1 for start, _ in body if start < first) <= max(3, len(body) // 10)
        forms = {label.kind for label in labels.values()}
        if heading or (early and "strong" in forms and "question" in forms):
            return "briefing" if "question" in forms else "remarks", None
        return "article", None
    told = find_attribution(lead)
    if heading is None:
        return ("statement", told) if told else ("article", None)
    dateline = match_dateline(lead)
    if (dateline and dateline.agency) or reads_like_news(text):
        return "article", None
    if heading.genre == "briefing":
        speech = body and re.search(r"\b(?:I|[Ww]e)\b", text[body[0][0] : body[0][0] + 4000])
        return ("briefing", heading.speaker) if speech and heading.speaker else ("article", None)
    letterhead = text[slice(*paragraphs[0])] if top > 1 and names_office(text[slice(*paragraphs[0])]) else None
    return heading.genre, told or heading.speaker or (letterhead if heading.genre != "document" else None)


def _section(text: str, start: int, end: int, place: int, dated: bool) -> tuple[str, int]:
    """Return a paragraph's section and where its story begins."""
    paragraph = text[start : min(end, start + 600)]
    if place < _HEAD and end - start <= 200 and match_byline(paragraph):
        return "byline", start
    if match_notes(paragraph):
        return "notes", start
    if place < _HEAD and not dated and (dateline := match_dateline(paragraph)):
        return "body", start + dateline.end
    return "body", start


def _is_aside(text: str, start: int, end: int, opening: bool) -> bool:
    """Tell whether a paragraph of an official text is no speech: layout, or a line of place before the first words."""
    paragraph = text[start : min(end, start + 200)]
    if is_layout(paragraph) or is_stage_direction(paragraph):
        return True
    return opening and len(paragraph.split()) <= 14 and end - start < 120 and not _TERMINAL.search(paragraph)
