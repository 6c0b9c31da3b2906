"""A statement as the network reads it: its sentences, what is content, cue and source, and what stands before."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence

from diplotext.encoder import Statement
from diplotext.spans import Span

#: sentences that are read before the statement's own, and characters of them at most.
_SENTENCES, _REACH = 3, 500
#: how far from the content a cue or a source is read, in characters.
_NEAR = 400


def cut_passage(
    text: str, sentences: Sequence[Span], pieces: Iterable[tuple[str, int, int]], headline: str = "", speaker: str = ""
) -> tuple[Statement, int]:
    """Return a statement as `encoder.Statement`, and where its text begins in the article's.

    Parameters
    ----------
    text, sentences
        The article's, and the spans of its sentences.
    pieces
        (role, start, end) of the statement's content, cue and source.
    headline, speaker
        The article's, and the name of the statement's speaker; either may be empty.
    """
    pieces = list(pieces)
    low = min(start for role, start, _ in pieces if role == "content")
    high = max(end for role, _, end in pieces if role == "content")
    near = [p for p in pieces if p[1] < high + _NEAR and p[2] > low - _NEAR]
    low, high = min(p[1] for p in near), max(p[2] for p in near)
    starts = [start for start, _ in sentences]
    first = max(bisect.bisect_right(starts, low) - 1, 0)
    last = max(bisect.bisect_left(starts, high) - 1, first)
    begin, end = (sentences[first][0], max(high, sentences[last][1])) if sentences else (low, high)
    begin = min(begin, low)
    before = next((s for s, _ in sentences[max(0, first - _SENTENCES) : first] if begin - s <= _REACH), begin)
    spans = tuple((role, start - before, stop - before) for role, start, stop in near)
    return Statement(text[before:end], "", speaker, headline, spans=spans, begins=begin - before), before
