"""Printed words laid beside spoken ones: many pairs at a time, each printed word to one spoken word or to none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

#: worth of a function word, a content word, and of two with the same stem; price of a word in another's place.
FUNCTION, CONTENT, AKIN, CHANGED = 0.5, 1.0, 0.6, -0.35
#: price of a printed word that was not spoken; of leaving out spoken words, and of each of them.
ADDED, OMISSION, DROPPED = -0.45, -0.25, -0.1
_LOW = np.float32(-1e6)
_CELLS = 4_000_000  # of one batch


class Side(NamedTuple):
    """The words of one side of a pair: numbers of forms and of stems, and what is special about each.

    `special` marks printed words before which spoken ones may be missing (at an ellipsis, beside brackets), and spoken
    words that may be missing (repaired ones). `weight` is how much a printed word counts, 1 where None.
    """

    ids: np.ndarray
    roots: np.ndarray
    content: np.ndarray
    special: np.ndarray
    weight: np.ndarray | None = None


def align(printed: Sequence[Side], spoken: Sequence[Side]) -> list[tuple[float, np.ndarray]]:
    """Align each printed quotation, whole, with the best part of a stretch of speech.

    It does not reorder words. A global alignment for the print, a local one for the speech, with affine prices for
    what is left out (Gotoh 1982), over batches of pairs of like size.

    Parameters
    ----------
    printed, spoken
        The two sides of each pair.

    Returns
    -------
    For each pair the score and, for each printed word, the place of its spoken word, or −1 where none was spoken.
    """
    order = sorted(range(len(printed)), key=lambda n: (len(printed[n].ids), len(spoken[n].ids)))
    results: list[tuple[float, np.ndarray]] = [(0.0, np.zeros(0, dtype=int))] * len(printed)
    at = 0
    while at < len(order):
        stop, rows, columns = at, 0, 0
        while stop < len(order):
            rows = max(rows, len(printed[order[stop]].ids))
            columns = max(columns, len(spoken[order[stop]].ids))
            if stop > at and (stop + 1 - at) * (rows + 1) * (columns + 1) > _CELLS:
                break
            stop += 1
        batch = order[at:stop]
        for number, result in zip(
            batch, _align_batch([printed[n] for n in batch], [spoken[n] for n in batch]), strict=True
        ):
            results[number] = result
        at = stop
    return results


def _pad(rows: Sequence[np.ndarray], width: int, fill: int) -> np.ndarray:
    table = np.full((len(rows), width), fill, dtype=np.int32)
    for number, row in enumerate(rows):
        table[number, : len(row)] = row
    return table


def _align_batch(printed: Sequence[Side], spoken: Sequence[Side]) -> list[tuple[float, np.ndarray]]:
    sizes = np.array([len(side.ids) for side in printed])
    n, m = int(sizes.max()), max(len(side.ids) for side in spoken)
    ids, roots = _pad([s.ids for s in printed], n, -9), _pad([s.roots for s in printed], n, -9)
    worth = np.where(_pad([s.content for s in printed], n, 0), CONTENT, FUNCTION).astype(np.float32)
    weight = np.ones((len(printed), n), np.float32)
    for number, side in enumerate(printed):
        if side.weight is not None:
            weight[number, : len(side.weight)] = side.weight
    worth = worth * weight
    changed, added = np.float32(CHANGED) * weight, np.float32(ADDED) * weight
    gaps = _pad([s.special for s in printed], n, 0).astype(bool)
    said, said_roots = _pad([s.ids for s in spoken], m, -7), _pad([s.roots for s in spoken], m, -7)
    beyond = said == -7
    price = np.where(_pad([s.special for s in spoken], m, 0), 0.0, -DROPPED).astype(np.float32)
    #: running price of leaving out, at each bound between spoken words
    running = np.concatenate([np.zeros((len(said), 1), np.float32), price.cumsum(1)], 1)
    count = len(said)
    best = np.zeros((count, m + 1), np.float32)  # best[b, j]: printed words so far, the next spoken word is j
    stepped = np.zeros((n, count, m + 1), bool)  # whether the printed word took spoken word j − 1
    origin = np.zeros((n + 1, count, m + 1), np.int16)  # the bound from which words were left out up to j
    origin[0] = np.arange(m + 1)
    places = np.arange(m + 1, dtype=np.int16)
    final = np.full((count, 2), -1, dtype=np.float32)
    for row in range(n):
        same = ids[:, row, None] == said
        akin = roots[:, row, None] == said_roots
        gain = np.where(same, worth[:, row, None], np.where(akin, AKIN * worth[:, row, None], changed[:, row, None]))
        gain = np.where(beyond, _LOW, gain)
        take = np.full((count, m + 1), _LOW, np.float32)
        take[:, 1:] = best[:, :-1] + gain
        add = best + added[:, row, None]
        stepped[row] = take >= add
        here = np.maximum(take, add)
        done = sizes == row + 1
        if done.any():
            end = here[done].argmax(1)
            final[done, 0] = here[done, end]
            final[done, 1] = end
        # what is left out between this printed word and the next
        marked = gaps[:, row + 1] if row + 1 < n else np.zeros(count, bool)
        share = np.where(marked, np.float32(0.05), np.float32(1.0))[:, None]
        start_price = np.where(marked, np.float32(0.0), np.float32(OMISSION))[:, None]
        lifted = here + share * running
        reached = np.maximum.accumulate(lifted, axis=1)
        since = np.maximum.accumulate(np.where(lifted >= reached, places, 0), axis=1)
        jump = reached - share * running + start_price
        # words that cost nothing need no omission
        free = np.zeros_like(jump)
        free[:, 1:] = (price[:, :] == 0) & (running[:, 1:] == np.take_along_axis(running, since[:, 1:].astype(int), 1))
        jump = np.where(free > 0, reached - share * running, jump)
        left = jump > here
        best = np.where(left, jump, here)
        origin[row + 1] = np.where(left, since, places)
    return [
        (float(final[b, 0]), _walk_back(stepped[:, b], origin[:, b], int(sizes[b]), int(final[b, 1])))
        for b in range(count)
    ]


def _walk_back(stepped: np.ndarray, origin: np.ndarray, size: int, end: int) -> np.ndarray:
    places = np.full(size, -1, dtype=int)
    at = end
    for row in range(size - 1, -1, -1):
        if stepped[row, at]:
            at -= 1
            places[row] = at
        at = int(origin[row, at]) if row else at
    return places
