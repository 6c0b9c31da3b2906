"""From an article's linked chunks to its statements: whole boundaries, one quotation's pieces, and their kind."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from diplotext import spans
from diplotext.language import Quotation, find_quotations, within
from diplotext.quotes.clauses import complete_clauses, complete_parentheses
from diplotext.quotes.details import describe
from diplotext.quotes.excluded import is_statement
from diplotext.quotes.network import Linked, load_network
from diplotext.quotes.signed import find_signed
from diplotext.quotes.statement import Statement

#: a quotation alone, shorter than this many characters, is a title or a scare quote unless a cue governs it.
_SPEECH_LENGTH = 25
#: how often a quotation that no cue claims is speech all the same; see the model card.
_ALONE = 0.5
_LONGEST_BRACKET = 300
_MARKS = "“”„‟″\"«»‹›'‘’`"


def read_article(text: str, sentences: Sequence[Any], quotations: list[Quotation] | None = None) -> list[Statement]:
    """Return an article's statements in order of their content.

    It does not resolve who the sources are.

    Parameters
    ----------
    text
        The cleaned text.
    sentences
        All `structure.Sentence` tuples in order; what lies outside their headline and body, or in somebody's turn,
        makes no statement.
    quotations
        From `find_quotations`.
    """
    quotations = find_quotations(text) if quotations is None else quotations
    prose = [s for s in sentences if s.section in ("body", "headline") and s.turn_speaker is None]
    if not prose:
        return []
    starts = [s.start for s in prose]

    def find_sentence(at: int) -> Any | None:
        sentence = prose[max(0, bisect_right(starts, at) - 1)]
        return sentence if sentence.start <= at < sentence.end else None

    begins = [first.start for _, (first, *_) in groupby(sentences, lambda s: (s.paragraph, s.section))]
    statements = []
    signed = bytearray(len(text))  # 1 where a character belongs to a signed quotation
    for statement in find_signed(text, quotations):
        first = find_sentence(statement.content[0][0])
        if first is not None and first.section == "body":
            statement.paragraph = first.paragraph
            statements.append(statement)
            _mark(signed, statement.content)
    found = load_network().read(text, quotations, begins)
    complete_parentheses(text, found, find_sentence)
    for linked in complete_clauses(text, found, quotations, find_sentence):
        linked.content = [(start, end) for start, end in linked.content if 1 not in signed[start:end]]
        first = find_sentence(min(linked.content)[0]) if linked.content else None
        if first is None:
            continue
        statement = build_statement(text, linked, quotations)
        statement.paragraph = first.paragraph
        if statement.cue is not None:
            sentence = find_sentence(statement.cue[0])
            if sentence is None or sentence.section != first.section:  # a headline's cue governs nothing below it
                continue
            place = (sentence.start, sentence.end)
            describe(text, statement, place, list(within(quotations, *place)))
            if not is_statement(text, statement):
                continue
        elif tell_kind(text, statement.content, quotations) == "indirect":
            continue  # a statement has a cue, or marks
        statements.append(statement)
    statements = _join_quotations(text, statements, quotations, find_sentence)
    for statement in statements:
        statement.closed = all(q.closed for s, e in statement.content for q in within(quotations, s, e))
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
    for quotation in within(quotations, start, end):
        if quotation.start < start and not text[quotation.start : start].strip(_MARKS + " "):
            start = quotation.start
        if end < quotation.end and not text[end : quotation.end].strip(_MARKS + " ,.!?;…"):
            end = quotation.end
    if cue is not None and cue[1] <= start:  # what begins in brackets ends in them
        low = max(0, cue[0] - _LONGEST_BRACKET)
        closed = text.find(")", start, end)
        if (
            closed >= 0
            and text.rfind("(", low, cue[0]) > text.rfind(")", low, cue[0])
            and "(" not in text[start:closed]
        ):
            end = closed
    return start, end


def _join_quotations(
    text: str, statements: list[Statement], quotations: list[Quotation], find_sentence: Any
) -> list[Statement]:
    """Give quoted words that no cue claims to the statement whose quotation they continue, or let them stand alone."""
    joined = [s for s in statements if s.cue or s.source]
    alone = [s for s in statements if not (s.cue or s.source)]
    loose, taken = bytearray(len(text)), bytearray(len(text))  # 1 where a character belongs to one
    _mark(loose, [span for s in alone for span in s.content])
    _mark(taken, [span for s in joined for span in [*s.content, s.cue or s.content[0]]])
    by_end = {s.content[-1][1]: s for s in reversed(joined)}
    for quotation in quotations:
        low, high = quotation.start, quotation.end
        sentence = find_sentence(low)
        if sentence is None or sentence.section != "body" or 1 in taken[low:high]:
            continue
        tail = low
        while tail and text[tail - 1].isspace():
            tail -= 1
        before = by_end.get(tail) if quotation.chained or text[max(0, tail - 1) : tail] in _MARKS else None
        if "\n" in text[tail:low] and not (quotation.chained or _stands_alone(text, high)):
            before = None
        if before is not None:
            before.content.append((low, high))
        elif 1 in loose[low:high] or (high - low >= _SPEECH_LENGTH and text[high - 2] in ".!?…,"):
            before = Statement([(low, high)], confidence=_ALONE, paragraph=sentence.paragraph)
            joined.append(before)
        else:
            continue
        by_end[high] = before
        _mark(taken, [(low, high)])
    return joined + [s for s in alone if not any(1 in taken[a:b] for a, b in s.content)]


def _stands_alone(text: str, at: int) -> bool:
    """Tell whether nothing follows on the line."""
    stop = text.find("\n", at)
    return not text[at : stop if stop >= 0 else len(text)].strip()


def _mark(places: bytearray, found: list[spans.Span]) -> None:
    for start, end in found:
        places[start:end] = b"\1" * (end - start)


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
    marked = [(max(start, q.start), min(end, q.end)) for start, end in content for q in within(quotations, start, end)]
    inside = _count_words(text, marked)
    return "indirect" if not inside else "direct" if inside == _count_words(text, content) else "mixed"


def _count_words(text: str, pieces: list[spans.Span]) -> int:
    return sum(sum(map(str.isalnum, text[start:end])) for start, end in pieces)
