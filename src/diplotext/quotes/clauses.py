"""Reporting clauses that end their sentence: what stands before them is what they report, found or not."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

from diplotext.language import Quotation, within
from diplotext.quotes.cues import find_cue
from diplotext.quotes.network import Linked
from diplotext.quotes.tokens import tokenize
from diplotext.spans import Span, trim

#: what parts reported words from the clause that reports them: a comma, a closing mark or both
_EDGE = " ,.!?…“”„‟″\"«»‹›'‘’`"
_PARTED = re.compile(r"(?:,|[,.!?…]?[“”″\"«»‹›'’])\s*$")
#: after the clause: when, where and to whom, hardly more
_AFTER = re.compile(r"(?:\s+[^\s,;:]+){0,8}\s*[.!?]?$")
_PARENTHETICAL = re.compile(r"\s*[,–—-]\s*")
_COMMA = re.compile(r"(?:,|\s[–—-])\s*$")
#: fewer words than this are no clause
_FEWEST = 3
#: more words than this before a parenthesis are a clause of their own
_MOST = 8


def complete_clauses(
    text: str, found: list[Linked], quotations: list[Quotation], find_sentence: Callable[[int], Any]
) -> list[Linked]:
    """Give reporting clauses at the end of a sentence what they report (``It is shut, the minister said.``).

    A cue that was found to govern nothing takes the content that ends right before its clause, where nothing in this
    sentence governs that, else all of its sentence so far, with the reports in it: only the outermost counts.

    Parameters
    ----------
    text
        The cleaned text.
    found
        From `Network.read`.
    quotations
        From `find_quotations`.
    find_sentence
        Returns the sentence at an offset, or None.

    Returns
    -------
    Those that govern something, in the same order.
    """
    ends = {_end(text, 0, span[1]): (item, span) for item in found for span in item.content}
    cues = sorted(item.cue for item in found if item.cue and item.content)
    whole: list[Span] = []
    for item in found:
        clause = _find_clause(text, item, find_sentence)
        if clause is None:
            continue
        sentence, low = clause
        stop = _end(text, sentence.start, low)
        other, span = ends.get(stop, (None, None))
        if other and span and (other.cue is None or find_sentence(other.cue[0]) is not sentence):
            other.content.remove(span)
            item.content.append(span)
            continue
        start = min([sentence.start, *(q.start for q in within(quotations, stop - 1, stop))])
        reports = bisect_right(cues, (low, low)) - bisect_right(cues, (start, start))
        if len(text[start:stop].split()) >= _FEWEST and not (reports and _is_phrase(text, item)):
            item.content.append((start, stop))
            whole.append((start, stop))
    whole.sort()
    starts = [start for start, _ in whole]

    def is_inner(item: Linked) -> bool:
        place = bisect_right(starts, item.cue[0]) - 1 if item.cue else -1
        return place >= 0 and item.cue is not None and item.cue[1] <= whole[place][1]

    return [item for item in found if item.content and not is_inner(item)]


def complete_parentheses(text: str, found: list[Linked], find_sentence: Callable[[int], Any]) -> None:
    """Give a reporting clause between commas what stands before it too (``The road, he said, is ours.``).

    Only what nothing else takes part in: the words from the beginning of the sentence, or from a semicolon.
    """
    taken = bytearray(len(text))
    for item in found:
        for start, end in [*item.content, *filter(None, (item.cue, item.source))]:
            taken[start:end] = b"\1" * (end - start)
    for item in found:
        if item.cue is None or item.source is None or len(item.content) != 1:
            continue
        low, high = min(item.source[0], item.cue[0]), max(item.source[1], item.cue[1])
        sentence = find_sentence(low)
        after = item.content[0][0]
        if sentence is None or not text[after].islower() or not _PARENTHETICAL.fullmatch(text, high, after):
            continue
        start = max(sentence.start, text.rfind(";", sentence.start, low) + 1)
        before = _COMMA.search(text[start:low])
        if before and 0 < len(text[start:low].split()) <= _MOST and 1 not in taken[start:low]:
            item.content.insert(0, trim(text, start, start + before.start()))


def _find_clause(text: str, item: Linked, find_sentence: Callable[[int], Any]) -> tuple[Any, int] | None:
    """Return the sentence that a cue with nothing to govern ends as ", X said." does, and where that clause begins."""
    if item.content or item.cue is None or item.source is None:
        return None
    sentence = find_sentence(item.cue[0])
    low, high = min(item.source[0], item.cue[0]), max(item.source[1], item.cue[1])
    if sentence is None or low < sentence.start or not _AFTER.match(text, high, sentence.end):
        return None
    match = find_cue(tokenize(text, *item.cue, []))
    governs_before = match is not None and "after" in match.entry.frames
    return (sentence, low) if governs_before and _PARTED.search(text[sentence.start : low]) else None


def _is_phrase(text: str, item: Linked) -> bool:
    match = find_cue(tokenize(text, *(item.cue or (0, 0)), []))
    return match is not None and match.entry.word_class == "phrase"


def _end(text: str, low: int, at: int) -> int:
    """Return where the words before a place end, without the marks behind them."""
    while at > low and text[at - 1] in _EDGE:
        at -= 1
    return at
