"""Word pieces with what a lower-cased vocabulary forgets: case, quote marks, and where words and lines begin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tokenizers import Tokenizer

from diplotext.spans import Span

#: number of values of each trait of a word piece; 0 is padding.
SHAPES, MARKS, PLACES = 9, 5, 5
_LINE_BREAK = 4
#: characters that the tokenizer reads at once; it takes longer a character over a long text
_PART = 10_000
#: where every word ends, in a text without white space; names of special tokens ("[CLS]") hold none of these
_WORD_END = re.compile(r"[\s\"'().,:;!?*_=-]")


class Pieces(NamedTuple):
    """The word pieces of one text, n of them, each field an array of shape (n,).

    `start` and `end` are offsets into the text; `shape` tells case and script (1 lower, 2 capitalised, 3 one capital,
    4 capitals, 5 mixed, 6 figures, 7 punctuation, 8 other), `mark` the place relative to a quotation (1 outside,
    2 inside, 3 and 4 its first and last character), `place` what stands before (1 nothing, inside a word, 2 a
    word or mark without space, 3 white space, 4 a line break or the text's beginning).
    """

    ids: np.ndarray
    start: np.ndarray
    end: np.ndarray
    shape: np.ndarray
    mark: np.ndarray
    place: np.ndarray

    def __len__(self) -> int:
        """Return the number of pieces."""
        return len(self.ids)

    def cut(self, first: int, last: int) -> Pieces:
        """Return the pieces numbered `first` to `last`, the end exclusive."""
        return Pieces(*(field[first:last] for field in self))


def load_tokenizer(folder: Path) -> Tokenizer:
    """Return the tokenizer of a folder of weights, set to cut nothing off and to fill nothing up."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def cut_pieces(text: str, quotations: Iterable[Span], tokenizer: Tokenizer) -> Pieces:
    """Cut a text into word pieces.

    Parameters
    ----------
    text
        Any text; nothing is cut off.
    quotations
        Sorted, disjoint spans between quote marks, marks included.
    tokenizer
        Of the encoder.
    """
    ids: list[int] = []
    offsets: list[Span] = []
    for low, high in _cut_parts(text):
        found = tokenizer.encode(text[low:high], add_special_tokens=False)
        ids += found.ids
        offsets += [(low + s, low + e) for s, e in found.offsets]
    start = np.fromiter((s for s, _ in offsets), np.int32, len(offsets))
    end = np.fromiter((e for _, e in offsets), np.int32, len(offsets))
    shape = np.fromiter((tell_shape(text[s:e]) for s, e in offsets), np.int64, len(offsets))
    place = np.fromiter((_tell_place(text, s) for s, _ in offsets), np.int64, len(offsets))
    return Pieces(np.array(ids, np.int64), start, end, shape, _tell_marks(start, end, list(quotations)), place)


def _cut_parts(text: str) -> Iterator[Span]:
    """Yield parts of a text that the tokenizer may read one by one: each ends where a word does."""
    low = 0
    while low < len(text):
        high = len(text)
        if high - low > _PART:
            least = low + _PART // 2
            space = max(text.rfind(mark, least, low + _PART) for mark in " \n")
            found = None if space > 0 else _WORD_END.search(text, low + _PART)
            high = space if space > 0 else found.start() if found else high
        yield low, high
        low = high


def tell_shape(surface: str) -> int:
    """Return the number of a word piece's case and script; see `Pieces`."""
    if surface.islower():
        return 1
    if surface.isalpha():
        if surface.isupper():
            return 3 if len(surface) == 1 else 4
        if surface[0].isupper() and surface[1:].islower():
            return 2
        return 5 if surface.upper() != surface.lower() else 8
    if surface.isdigit():
        return 6
    return 7 if surface.isascii() or not surface.isalnum() else 8


def _tell_place(text: str, start: int) -> int:
    before = text[start - 1] if start else "\n"
    if before == "\n":
        return _LINE_BREAK
    if before.isspace():  # the pieces of an indented line begin it all the same
        at = start - 1
        while at and text[at].isspace() and text[at] != "\n":
            at -= 1
        return _LINE_BREAK if text[at] == "\n" else 3
    return 1 if before.isalnum() and text[start].isalnum() else 2


def _tell_marks(start: np.ndarray, end: np.ndarray, quotations: Sequence[Span]) -> np.ndarray:
    mark = np.ones(len(start), np.int64)
    lows, highs = (
        (np.array(bounds, start.dtype) for bounds in zip(*quotations, strict=True)) if quotations else ((), ())
    )
    firsts, lasts = np.searchsorted(start, lows).tolist(), np.searchsorted(start, highs).tolist()
    for low, high, first, last in zip(lows, highs, firsts, lasts, strict=True):
        mark[first:last] = 2
        if last > first:
            mark[first] = 3 if start[first] == low else 2
            mark[last - 1] = 4 if end[last - 1] == high else mark[last - 1]
    return mark


def cut_windows(place: np.ndarray, window: int, context: int, margin: int) -> list[tuple[int, int, int, int]]:
    """Cut pieces into overlapping windows, at line breaks where there are any.

    Statements seldom cross a line break, so a window that ends at one needs to see little of what comes after.

    Parameters
    ----------
    place
        The pieces' `place`.
    window
        Pieces that a window answers for, at most.
    context
        Pieces seen before those, and after them where a line is cut.
    margin
        Pieces seen after them where none is.

    Returns
    -------
    list of (first, last, core_first, core_last): a window, and the part of it for which it answers; the cores
    partition the pieces.
    """
    parts: list[tuple[int, int, int, int]] = []
    length, first = len(place), 0
    begins = np.flatnonzero(place == _LINE_BREAK)
    while first < length or not parts:
        last = min(first + window, length)
        latest = int(np.searchsorted(begins, last, side="right")) - 1
        breaks = latest >= 0 and begins[latest] > first + window // 2
        whole = last == length or breaks
        if last < length and whole:
            last = int(begins[latest])
        parts.append((max(0, first - context), min(length, last + (margin if whole else context)), first, last))
        first = last
    return parts
