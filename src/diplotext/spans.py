"""Offsets: the map between cleaned and raw text, and the small arithmetic of half-open spans.

The map *is* the edits table (see `schema`); nothing here keeps another. All functions are pure.
"""

from __future__ import annotations

import bisect
import hashlib
import itertools
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pandas as pd

#: A half-open interval of code points.
Span = tuple[int, int]

_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
#: How many words and marks must agree again after an edit: up to how far off, and at what price in distance.
_RUNS = {6: (1 << 60, 0), 3: (40, 4), 1: (4, 12)}
_OPENING = frozenset("“‘«„([")
#: Quote marks that cleaning may turn into each other stand for each other.
_TURNED = str.maketrans(dict.fromkeys("“”„«»", '"') | dict.fromkeys("‘’‚", "'"))


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


def recover_edits(raw: str, clean: str) -> list[Edit]:
    """Find edits that turn `raw` into `clean`, for callers who did not keep the edits table.

    Not a diff: it assumes what cleaning guarantees, that text was deleted or shortly replaced and never reordered.
    Where the recorded edits are at hand they are better: what two rules did side by side is one edit here.

    Words and marks are aligned first, as white space changes most often; what differs between two that stayed is an
    edit. Like the recorded ones a deletion stands as far right as equal characters allow, but never tears
    a word: what follows a removed dateline keeps its first letter.

    Parameters
    ----------
    raw, clean
        The two texts.

    Returns
    -------
    Edits named "recovered", sorted, without overlap, from which `apply_edits` makes `clean`.

    Raises
    ------
    ValueError
        If more than a fifth of the clean text (and more than 24 characters) is not in the raw text, in its order.
    """
    ours, theirs = list(_WORD.finditer(raw)), list(_WORD.finditer(clean))
    stayed = _align([m.group().translate(_TURNED) for m in ours], [m.group().translate(_TURNED) for m in theirs])
    bounds = [(0, 0)]
    for i, j in stayed:
        bounds += [(ours[i].start(), theirs[j].start()), (ours[i].end(), theirs[j].end())]
    edits: list[Edit] = []
    for (i, j), (k, n) in itertools.pairwise([*bounds, (len(raw), len(clean))]):
        if raw[i:k] != clean[j:n]:
            edits += _tell_apart(raw, i, k, clean[j:n])
    added = sum(len(e.replacement) for e in edits)
    if added > max(24, len(clean) / 5):
        first = max(edits, key=lambda e: len(e.replacement))
        raise ValueError(
            f"articles: expected `text` to be `raw_text` after cleaning; they part at raw character {first.raw_start} "
            f"({raw[first.raw_start : first.raw_start + 20]!r} against {first.replacement[:20]!r}); "
            "pass the edits that clean_articles returned"
        )
    return _settle(raw, edits)


def _align(raw: list[str], clean: list[str]) -> list[tuple[int, int]]:
    """Return which words stayed: after each difference the nearest place where some words agree again.

    A long way off it takes six words or marks to agree, nearby three, next to it one.
    """
    index: dict[tuple[str, ...], list[int]] = {}
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < len(raw) and j < len(clean):
        if raw[i] == clean[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
            continue
        if not index:
            for size, at in itertools.product(_RUNS, range(len(raw))):
                index.setdefault(tuple(raw[at : at + size]), []).append(at)
        best: tuple[int, int, int] | None = None  # distance, raw, clean
        for skipped, (size, (reach, doubt)) in itertools.product(range(9), _RUNS.items()):
            run = tuple(clean[j + skipped : j + skipped + size])
            places = index.get(run, []) if run else []
            at = bisect.bisect_left(places, i)
            if at < len(places) and places[at] - i + skipped <= reach:
                found = (places[at] - i + 4 * skipped + doubt, places[at], j + skipped)
                best = min(best or found, found)
        if best is None:
            j += 1
        else:
            _, i, j = best
    return pairs


def _tell_apart(raw: str, start: int, end: int, put: str) -> list[Edit]:
    """Return the edits that turn ``raw[start:end]`` into `put`: one, or a removal of lines beside a repaired mark."""
    while start < end and put and raw[start] == put[0]:
        start, put = start + 1, put[1:]
    while start < end and put and raw[end - 1] == put[-1]:
        end, put = end - 1, put[:-1]
    whole = [Edit(start, end, "recovered", put)]
    if not put or "\n" in put or "\n" not in raw[start:end]:
        return whole
    if put[0] in _OPENING:
        turn = raw.rindex("\n", start, end) + 1
        removed, repaired = (start, turn), (turn, end)
    else:
        turn = raw.index("\n", start, end)
        removed, repaired = (turn, end), (start, turn)
    if raw[slice(*removed)].isspace() or repaired[0] == repaired[1]:
        return whole
    return sorted([Edit(*removed, "recovered"), *_tell_apart(raw, *repaired, put)])


def _settle(raw: str, edits: Sequence[Edit]) -> list[Edit]:
    """Shift each removal as far right as equal characters allow without tearing a word."""
    settled: list[Edit] = []
    limit = len(raw)
    for at in range(len(edits) - 1, -1, -1):
        start, end, rule, put = edits[at]
        floor = edits[at - 1].raw_end if at else 0
        while not put and end < limit and raw[start] == raw[end]:
            start, end = start + 1, end + 1
        while not put and start > floor and raw[start - 1].isalnum() and raw[start - 1] == raw[end - 1]:
            start, end = start - 1, end - 1
        settled.append(Edit(start, end, rule, put))
        limit = start
    return settled[::-1]


def offset_maps(articles: pd.DataFrame, edits: pd.DataFrame | None, argument: str = "articles") -> dict[str, OffsetMap]:
    """Return the map of each article, by article_id: from the edits table, or recovered where none is given.

    Parameters
    ----------
    articles
        The articles table.
    edits
        The edits table that `clean_articles` returned, or None; edits of further articles are left alone.
    argument
        How the caller names the articles.

    Raises
    ------
    ValueError
        If the edits do not make an article's `text` of its `raw_text`, or none are given and the two do not align.
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
    for article, raw, text in zip(articles["article_id"], articles["raw_text"], articles["text"], strict=True):
        if not _fit(raw, text, by_article[article]):
            raise ValueError(
                f"edits: expected the edits of these {argument}, which make `text` of `raw_text`; got others, or none, "
                f"for article_id {article!r}; pass the edits that clean_articles returned with the {argument}"
            )
    return {article: OffsetMap(found) for article, found in by_article.items()}


def _fit(raw: str, text: str, edits: Sequence[Edit]) -> bool:
    try:
        return apply_edits(raw, sorted(edits)) == text
    except ValueError:
        return False


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


def cut_at_breaks(text: str, start: int, end: int) -> list[Span]:
    """Cut a span at line breaks into contiguous pieces without white space at their ends."""
    pieces = [trim(text, start + m.start(), start + m.end()) for m in re.finditer(r"[^\n]+", text[start:end])]
    return [(s, e) for s, e in pieces if e > s]
