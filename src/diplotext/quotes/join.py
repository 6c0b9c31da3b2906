"""From an article's sentences to its statements: units, the joining of what belongs together, and their kind."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from diplotext import spans
from diplotext.quotes.marks import Quotation, find_quotations
from diplotext.quotes.rules import claims_quotation, find_statements
from diplotext.quotes.statement import Statement
from diplotext.quotes.tokens import tokenize

#: a quotation alone, shorter than this many characters, is a title or a scare quote unless a cue governs it.
_SPEECH_LENGTH = 25
_PUNCTUATION = frozenset({",", ".", "-", ":", ";", "?"})


@dataclass
class Unit:
    """A sentence, or the sentences that one quotation spans."""

    paragraph: int
    start: int
    end: int
    quotations: list[Quotation]
    section: str = "body"


def cut_units(text: str, sentences: Sequence[Any], quotations: list[Quotation]) -> list[Unit]:
    """Join the sentences whose boundary lies inside a quotation; sentences of notes and the like are left out.

    Parameters
    ----------
    text
        The cleaned text.
    sentences
        `structure.Sentence` tuples in order.
    quotations
        From `find_quotations`.
    """
    units: list[Unit] = []
    starts = [q.start for q in quotations]
    for sentence in sentences:
        if sentence.section not in ("body", "headline"):
            continue
        start, end = sentence.start, sentence.end
        last = units[-1] if units else None
        at = bisect_left(starts, start)
        inside = at > 0 and quotations[at - 1].end > start
        if last is not None and inside and last.paragraph == sentence.paragraph and last.end > quotations[at - 1].start:
            if quotations[at - 1].end > start + 1:
                last.end = max(last.end, end)
                continue
            start = quotations[at - 1].end  # only the closing mark went astray
            last.end = start
        units.append(Unit(sentence.paragraph, start, end, [], sentence.section))
    for unit in units:
        at = bisect_left(starts, unit.start)
        if at > 0 and quotations[at - 1].end > unit.start:
            at -= 1
        while at < len(quotations) and quotations[at].start < unit.end:
            unit.quotations.append(quotations[at])
            at += 1
    return [unit for unit in units if unit.end > unit.start]


def read_article(text: str, sentences: Sequence[Any], quotations: list[Quotation] | None = None) -> list[Statement]:
    """Return an article's statements in order: each unit's own, joined where a quotation goes on.

    It does not resolve who the sources are.
    """
    quotations = find_quotations(text) if quotations is None else quotations
    statements: list[Statement] = []
    last: Statement | None = None  # whose quotation may go on
    last_paragraph, last_end = -1, -1
    units = cut_units(text, sentences, quotations)
    at = 0
    while at < len(units):
        unit = units[at]
        tokens = tokenize(text, unit.start, unit.end, unit.quotations)
        at += 1
        quoted = [t for t in tokens if t.tag not in _PUNCTUATION]
        if quoted and all(t.tag == "Q" for t in quoted):
            follower = units[at] if at < len(units) and units[at].paragraph == unit.paragraph else None
            after = tokenize(text, follower.start, follower.end, follower.quotations) if follower else []
            if follower and claims_quotation(tokens, after):
                unit, tokens = Unit(unit.paragraph, unit.start, follower.end, [], unit.section), [*tokens, *after]
                at += 1
            else:
                pieces = [(max(unit.start, t.start), min(unit.end, t.end)) for t in quoted]
                if last is not None and (
                    unit.paragraph == last_paragraph
                    or (unit.paragraph == last_paragraph + 1 and _goes_on(text, unit, last, last_end))
                ):
                    last.content += pieces
                    last.waits = False
                    last_paragraph, last_end = unit.paragraph, unit.end
                elif _is_speech(text, unit, pieces):
                    last = Statement(pieces, None, None, None, "speech", "quotation alone", paragraph=unit.paragraph)
                    statements.append(last)
                    last_paragraph, last_end = unit.paragraph, unit.end
                continue
        found = find_statements(tokens)
        statements += found
        last = _carrier(found)
        last_paragraph, last_end = unit.paragraph, unit.end
    done = [s for s in statements if s.content]
    for statement in done:
        statement.content = _merge(text, sorted(statement.content))
        statement.closed = _is_closed(statement, quotations)
    return done


def _carrier(found: list[Statement]) -> Statement | None:
    """Return the statement that a quotation without its own cue goes on: one with quoted words, else the last."""
    if not found:
        return None
    quoted = [s for s in found if "quote" in s.pattern or s.waits]
    return (quoted or found)[-1]


def _goes_on(text: str, unit: Unit, last: Statement, end: int) -> bool:
    """Tell whether a paragraph of quoted words alone goes on the statement of the paragraph before."""
    if last.waits or unit.quotations[0].chained:
        return True
    if not last.content:
        return False
    tail = max(e for _, e in last.content)
    return end - tail <= 2 and text[tail - 1] in "”\"“»'’"


def _is_speech(text: str, unit: Unit, pieces: list[spans.Span]) -> bool:
    """Tell whether quotations that no cue claims are speech: whole sentences between marks, not a title."""
    ends = text[pieces[-1][1] - 2 : pieces[-1][1] - 1]
    return unit.section == "body" and sum(e - s for s, e in pieces) >= _SPEECH_LENGTH and ends in ".!?…,'"


def _merge(text: str, pieces: list[spans.Span]) -> list[spans.Span]:
    """Join pieces that only white space within a paragraph parts."""
    merged: list[spans.Span] = []
    for start, end in pieces:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif merged and not text[merged[-1][1] : start].strip(" \t\xa0"):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def _is_closed(statement: Statement, quotations: list[Quotation]) -> bool:
    return all(q.closed for start, end in statement.content for q in _within(quotations, start, end))


def tell_kind(text: str, content: list[spans.Span], quotations: list[Quotation]) -> str:
    """Return direct, mixed or indirect: all, some or none of the content's words stand between marks."""
    marked = [(max(start, q.start), min(end, q.end)) for start, end in content for q in _within(quotations, start, end)]
    inside = _count_words(text, marked)
    return "indirect" if not inside else "direct" if inside == _count_words(text, content) else "mixed"


def _count_words(text: str, pieces: list[spans.Span]) -> int:
    return sum(sum(map(str.isalnum, text[start:end])) for start, end in pieces)


def _within(quotations: list[Quotation], start: int, end: int) -> Iterator[Quotation]:
    """Yield the quotations that share a character with the span."""
    for at in range(max(0, bisect_left(quotations, (start,)) - 1), len(quotations)):
        if quotations[at].start >= end:
            break
        if quotations[at].end > start:
            yield quotations[at]
