"""From an article's linked chunks to its statements: whole boundaries, one quotation's pieces, and their kind."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

from diplotext import spans
from diplotext.language import Quotation, find_quotations
from diplotext.quotes.details import describe
from diplotext.quotes.network import Linked, load_network
from diplotext.quotes.statement import Statement

#: a quotation alone, shorter than this many characters, is a title or a scare quote unless a cue governs it.
_SPEECH_LENGTH = 25
#: how often a quotation that no cue claims is speech all the same; see the model card.
_ALONE = 0.5
_MARKS = "“”„‟″\"«»‹›'‘’`"


def read_article(text: str, sentences: Sequence[Any], quotations: list[Quotation] | None = None) -> list[Statement]:
    """Return an article's statements in order of their content.

    It does not resolve who the sources are.

    Parameters
    ----------
    text
        The cleaned text.
    sentences
        `structure.Sentence` tuples in order; what lies outside their headline and body makes no statement.
    quotations
        From `find_quotations`.
    """
    quotations = find_quotations(text) if quotations is None else quotations
    prose = [s for s in sentences if s.section in ("body", "headline")]
    if not prose:
        return []
    starts = [s.start for s in prose]

    def find_sentence(at: int) -> Any | None:
        sentence = prose[max(0, bisect_right(starts, at) - 1)]
        return sentence if sentence.start <= at < sentence.end else None

    statements = []
    for linked in load_network().read(text, quotations):
        first = find_sentence(min(linked.content)[0])
        if first is None:
            continue
        statement = build_statement(text, linked, quotations)
        statement.paragraph = first.paragraph
        if statement.cue is not None:
            sentence = find_sentence(statement.cue[0]) or first
            describe(text, statement, (sentence.start, sentence.end), quotations)
        statements.append(statement)
    statements = _join_quotations(text, statements, quotations, find_sentence)
    for statement in statements:
        statement.closed = all(q.closed for s, e in statement.content for q in _within(quotations, s, e))
    return sorted(statements, key=lambda s: s.content[0])


def build_statement(text: str, linked: Linked, quotations: list[Quotation]) -> Statement:
    """Return a statement whose pieces hold the quote marks around them, are cut at line breaks and do not overlap."""
    content = [repair(text, span, linked.cue, quotations) for span in linked.content]
    return Statement(_merge(text, sorted(content)), linked.cue, linked.source, confidence=linked.confidence)


def repair(text: str, span: spans.Span, cue: spans.Span | None, quotations: list[Quotation]) -> spans.Span:
    """Take in the marks around quoted words, and a "that" or "to" between the cue and what it governs."""
    start, end = span
    if cue is not None and cue[1] < start and text[cue[1] : start].strip().lower() in ("that", "to"):
        start = spans.trim(text, cue[1], start)[0]
    for quotation in _within(quotations, start, end):
        if quotation.start < start and not text[quotation.start : start].strip(_MARKS + " "):
            start = quotation.start
        if end < quotation.end and not text[end : quotation.end].strip(_MARKS + " ,.!?;…"):
            end = quotation.end
    return start, end


def _join_quotations(
    text: str, statements: list[Statement], quotations: list[Quotation], find_sentence: Any
) -> list[Statement]:
    """Give quoted words that no cue claims to the statement whose quotation they continue, or let them stand alone."""
    joined = [s for s in statements if s.cue is not None]
    loose = [span for s in statements if s.cue is None for span in s.content]
    taken = sorted(span for s in joined for span in [*s.content, s.cue or s.content[0]])
    for quotation in quotations:
        low, high = quotation.start, quotation.end
        at = bisect_left(taken, (high,))
        sentence = find_sentence(low)
        if sentence is None or sentence.section != "body" or (at and taken[at - 1][1] > low):
            continue
        known = any(s < high and low < e for s, e in loose)
        before = max((s for s in joined if s.content[-1][1] <= low), key=lambda s: s.content[-1][1], default=None)
        if before is not None and _goes_on(text, before, quotation):
            before.content.append((low, high))
        elif known or (high - low >= _SPEECH_LENGTH and text[high - 2] in ".!?…,"):
            joined.append(Statement([(low, high)], confidence=_ALONE, paragraph=sentence.paragraph))
            taken.insert(at, (low, high))
    rest = [s for s in statements if s.cue is None]
    contents = [span for s in joined for span in s.content]
    return joined + [s for s in rest if not any(a < e and b < f for a, f in s.content for b, e in contents)]


def _goes_on(text: str, before: Statement, quotation: Quotation) -> bool:
    """Tell whether a quotation follows the statement's last quoted words with nothing but white space between."""
    tail = before.content[-1][1]
    return (quotation.chained or text[tail - 1] in _MARKS) and not text[tail : quotation.start].strip()


def _merge(text: str, pieces: list[spans.Span]) -> list[spans.Span]:
    """Cut pieces at line breaks, and join those that only white space within a line parts."""
    merged: list[spans.Span] = []
    for piece in pieces:
        for start, end in spans.cut_at_breaks(text, *piece):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            elif merged and not text[merged[-1][1] : start].strip(" \t\xa0"):
                merged[-1] = (merged[-1][0], end)
            else:
                merged.append((start, end))
    return merged


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
