"""Offsets: the map between cleaned and raw text, and the small arithmetic of half-open spans.

The map *is* the edits table (see `schema`); nothing here keeps another. All functions are pure.
"""

from __future__ import annotations

import bisect
import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pandas as pd

#: A half-open interval of code points.
Span = tuple[int, int]


class Edit(NamedTuple):
    """One edit: ``raw[raw_start:raw_end]`` became ``replacement``, for the reason named in `rule`."""

    raw_start: int
    raw_end: int
    rule: str
    replacement: str = ""


def apply_edits(raw: str, edits: Sequence[Edit]) -> str:
    """Apply edits, sorted by `raw_start` and not overlapping, to the raw text; returns the clean text.

    Raises
    ------
    ValueError
        If two edits overlap, stand out of order, or reach beyond the text.
    """
    pieces, at = [], 0
    for edit in edits:
        if edit.raw_start < at or edit.raw_end < edit.raw_start or edit.raw_end > len(raw):
            raise ValueError(
                f"edits: expected sorted spans without overlap within {len(raw)} characters; got {edit!r} at {at}"
            )
        pieces += [raw[at : edit.raw_start], edit.replacement]
        at = edit.raw_end
    return "".join([*pieces, raw[at:]])


class OffsetMap:
    """Turns clean offsets into raw ones for one article, by its edits.

    Not a second alignment: it only holds the running sums of the edits it is given. A span's raw form is tight: it
    neither begins nor ends with removed characters, and an offset inside a replacement takes the whole of what was
    replaced.
    """

    def __init__(self, edits: Iterable[Edit] = ()) -> None:
        self._edits = sorted(edits)
        self._starts: list[int] = []  # clean start of each edit
        self._ends: list[int] = []  # clean end of each edit
        shift = 0
        for edit in self._edits:
            start = edit.raw_start + shift
            self._starts.append(start)
            self._ends.append(start + len(edit.replacement))
            shift += len(edit.replacement) - (edit.raw_end - edit.raw_start)

    def to_raw(self, start: int, end: int) -> Span:
        """Return the raw span of the clean span ``[start, end)``; an empty span stays empty."""
        raw_start = self._raw(start, opening=True)
        return (raw_start, max(raw_start, self._raw(end, opening=False))) if end > start else (raw_start, raw_start)

    def edits_within(self, raw_start: int, raw_end: int) -> list[Edit]:
        """Return the edits that changed something of the raw span, insertions at its ends included."""
        at = max(0, bisect.bisect_right(self._edits, (raw_start,)) - 1)
        stop = bisect.bisect_left(self._edits, (raw_end + 1,))
        return [
            e for e in self._edits[at:stop]
            if (raw_start < e.raw_end and e.raw_start < raw_end) or raw_start <= e.raw_start == e.raw_end <= raw_end
        ]  # fmt: skip

    def _raw(self, offset: int, *, opening: bool) -> int:
        if opening:  # the last edit that begins at or before the offset
            i = bisect.bisect_right(self._starts, offset) - 1
        else:  # the last edit that begins before it: a removal right at the end stays outside
            i = bisect.bisect_left(self._starts, offset) - 1
        if i < 0:
            return offset
        edit = self._edits[i]
        if offset < self._ends[i] or (not opening and offset == self._ends[i] and edit.replacement):
            return edit.raw_start if opening else edit.raw_end
        return edit.raw_end + offset - self._ends[i]


def recover_edits(raw: str, clean: str, *, probe: int = 16, reach: int = 24) -> list[Edit]:
    """Find edits that turn `raw` into `clean`, for callers who did not keep the edits table.

    Not a diff: it assumes what cleaning guarantees, that text was deleted or shortly replaced and never reordered.
    Where the recorded edits are at hand they are better: a deletion inside a run of equal characters can be placed in
    more than one way.

    Parameters
    ----------
    raw, clean
        The two texts.
    probe
        How many characters must agree again after an edit.
    reach
        The longest replacement looked for, in characters.

    Raises
    ------
    ValueError
        If the texts do not align.
    """
    edits: list[Edit] = []
    i = j = 0
    while i < len(raw) or j < len(clean):
        step = _common(raw, i, clean, j)
        i, j = i + step, j + step
        if i == len(raw) and j == len(clean):
            break
        best: tuple[int, int] | None = None
        if j == len(clean):
            best = (len(raw) - i, 0)
        for put in range(min(reach, len(clean) - j) + 1):
            if best is not None and put >= sum(best):
                break
            window = clean[j + put : j + put + probe]
            if not window and j + put < len(clean):
                continue
            at = raw.find(window, i) if window else len(raw)
            if at >= 0 and (best is None or at - i + put < sum(best)) and (at - i or put):
                best = (at - i, put)
        if best is None:
            raise ValueError(
                f"articles: expected `text` to be `raw_text` after cleaning; they part at raw character {i} "
                f"({raw[i : i + 20]!r} against {clean[j : j + 20]!r}); pass the edits that clean_articles returned"
            )
        gone, put = best
        edits.append(Edit(i, i + gone, "recovered", clean[j : j + put]))
        i, j = i + gone, j + put
    return edits


def _common(a: str, i: int, b: str, j: int) -> int:
    """Length of the common run of `a` from `i` and `b` from `j`, by doubling blocks then bisecting."""
    length, block = 0, 64
    limit = min(len(a) - i, len(b) - j)
    while length < limit and a[i + length : i + length + block] == b[j + length : j + length + block]:
        length += block
        block *= 2
    low, high = min(length, limit), min(length + block, limit)
    while low < high:
        middle = (low + high + 1) // 2
        if a[i + length : i + middle] == b[j + length : j + middle]:
            low = middle
        else:
            high = middle - 1
    return low


def offset_maps(articles: pd.DataFrame, edits: pd.DataFrame | None) -> dict[str, OffsetMap]:
    """Return the map of each article, by article_id: from the edits table, or recovered where none is given.

    Parameters
    ----------
    articles
        The articles table.
    edits
        The edits table that `clean_articles` returned, or None.

    Raises
    ------
    ValueError
        If no edits are given and an article's two texts do not align.
    """
    if edits is None:
        return {
            a: OffsetMap(() if raw == text else recover_edits(raw, text))
            for a, raw, text in zip(articles["article_id"], articles["raw_text"], articles["text"], strict=True)
        }
    by_article: dict[str, list[Edit]] = {a: [] for a in articles["article_id"]}
    columns = (edits[c] for c in ("article_id", "raw_start", "raw_end", "rule", "replacement"))
    for article, start, end, rule, replacement in zip(*columns, strict=True):
        if article in by_article:
            by_article[article].append(Edit(int(start), int(end), rule, replacement))
    return {article: OffsetMap(found) for article, found in by_article.items()}


def short_hash(*parts: object) -> str:
    """Return 12 hexadecimal digits that stand for the parts, the same on every machine."""
    return hashlib.blake2b("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def overlap(a: Iterable[Span], b: Iterable[Span]) -> int:
    """Return how many characters two sets of spans share; spans of one set must not overlap."""
    b = list(b)
    return sum(max(0, min(e, f) - max(s, t)) for s, e in a for t, f in b)


def dice(a: Iterable[Span], b: Iterable[Span]) -> float:
    """Return the Dice overlap of two sets of spans, in [0, 1]; 0 when both are empty."""
    a, b = list(a), list(b)
    total = sum(e - s for s, e in a) + sum(e - s for s, e in b)
    return 2 * overlap(a, b) / total if total else 0.0


def trim(text: str, start: int, end: int) -> Span:
    """Return the span without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
