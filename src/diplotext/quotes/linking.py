"""Linking chunks: from each content to its cue, from each cue to its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

#: how many heads before a child, and how many after it, it may point to. On PolNeAR train (7,356 contents, 6,384 cues)
#: no gold head is further than the third.
REACH = 5
#: numbers of values of the nearness traits of a pair of chunks.
GAPS, STEPS, LINES, STOPS = 24, 10, 4, 4
#: the pointer's log probability, a constant for no head at all, and the nearness traits one by one.
TRAITS = 2 + GAPS + STEPS + LINES + STOPS
_EDGES = np.array([0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89])


def find_nearest(children: Sequence[tuple[int, int]], heads: Sequence[tuple[int, int]]) -> np.ndarray:
    """Return the numbers of the heads within `REACH` of each child, -1 where there are no more.

    Parameters
    ----------
    children, heads
        As for `measure`.

    Returns
    -------
    int64 array (children, 2 · `REACH`), in the order of the heads.
    """
    firsts = np.array([first for first, _ in heads], np.int64)
    following = np.searchsorted(firsts, [first for first, _ in children])
    numbers = following[:, None] + np.arange(-REACH, REACH)
    return np.where((numbers >= 0) & (numbers < len(heads)), numbers, -1)


def measure(
    children: Sequence[tuple[int, int]],
    heads: Sequence[tuple[int, int]],
    lines: np.ndarray,
    stops: np.ndarray,
    which: np.ndarray | None = None,
) -> np.ndarray:
    """Tell how near heads are to each child.

    Parameters
    ----------
    children, heads
        Chunks as (first, last) numbers of word pieces, the end exclusive; heads in order.
    lines, stops
        Line breaks and sentence-final marks that stand before each word piece, shape (pieces,).
    which
        Numbers of the heads to measure for each child, shape (children, k), as from `find_nearest`; all heads for None.

    Returns
    -------
    int64 array (children, k, 4): *gap*, pieces between the two in 12 growing steps, before or after; *step*, how
    many heads lie between, up to 4, before or after; *line*, line breaks between, up to 3; *stop*, sentence-final
    marks between their first pieces, up to 3.
    """
    if which is None:
        which = np.tile(np.arange(len(heads)), (len(children), 1))
    near = np.zeros((*which.shape, 4), np.int64)
    if not len(children) or not len(heads):
        return near
    child, every = np.array(children), np.array(heads)
    head = every[which]
    after: np.ndarray = head[..., 0] >= child[:, None, 0]
    gap = np.where(after, head[..., 0] - child[:, None, 1], child[:, None, 0] - head[..., 1])
    near[..., 0] = np.searchsorted(_EDGES, np.maximum(gap, 0), side="left") + after * (GAPS // 2)
    rank = which - np.searchsorted(every[:, 0], child[:, 0])[:, None]
    near[..., 1] = np.where(rank >= 0, np.minimum(rank, 4) + 5, np.minimum(-rank - 1, 4))
    for trait, (counts, most) in enumerate(((lines, LINES), (stops, STOPS)), 2):
        between = np.abs(counts[head[..., 0]] - counts[child[:, None, 0]])
        near[..., trait] = np.minimum(between, most - 1)
    return near


class Linker:
    """Points from each chunk of one role to its head of another.

    A pointer over the network's states (trained with it, as `training.model.Linker`) sees what the chunks are; a
    conditional logit (McFadden 1974), fitted on articles that the pointer has not seen, weighs its answer against
    how near each head is.
    """

    def __init__(self, weights: Mapping[str, np.ndarray]) -> None:
        self._weights = {name: value.astype(np.float32) for name, value in weights.items()}

    def score(self, children: np.ndarray, heads: np.ndarray, which: np.ndarray, near: np.ndarray) -> np.ndarray:
        """Return the probabilities of heads, shape (children, 1 + k); the first column is of none at all.

        Parameters
        ----------
        children, heads
            From `pool`, (n, 3 · width) and (m, 3 · width).
        which
            Numbers of the heads that each child may point to, (n, k); a negative one is none, and has probability 0.
        near
            From `measure`, (n, k, 4).
        """
        scores = self.describe(children, heads, which, near) @ self._weights["ranking"]
        scores[:, 1:][which < 0] = -np.inf
        return _softmax(scores)

    def describe(self, children: np.ndarray, heads: np.ndarray, which: np.ndarray, near: np.ndarray) -> np.ndarray:
        """Return what the conditional logit weighs, shape (children, 1 + k, `TRAITS`): see `score`."""
        traits = np.zeros((len(children), 1 + which.shape[1], TRAITS), np.float32)
        traits[..., 0] = np.log(np.maximum(self._point(children, heads, which, near), 1e-9))
        traits[:, 0, 1] = 1.0
        at = 2
        for number, size in enumerate((GAPS, STEPS, LINES, STOPS)):
            traits[:, 1:, at : at + size] = np.eye(size, dtype=np.float32)[near[..., number]]
            at += size
        return traits

    def _point(self, children: np.ndarray, heads: np.ndarray, which: np.ndarray, near: np.ndarray) -> np.ndarray:
        w = self._weights
        child = np.tanh(children @ w["child.weight"].T + w["child.bias"])
        none = child @ w["none.weight"].T + w["none.bias"]
        if not len(heads):
            return _softmax(np.pad(none, ((0, 0), (0, which.shape[1])), constant_values=-np.inf))
        head = np.tanh(heads @ w["head.weight"].T + w["head.bias"])
        scores = np.einsum("nd,nkd->nk", child, head[which])
        scores += w["gap"][near[..., 0]] + w["step"][near[..., 1]] + w["line"][near[..., 2]]
        return _softmax(np.concatenate([none, np.where(which < 0, -np.inf, scores)], 1))


def _softmax(scores: np.ndarray) -> np.ndarray:
    scores = np.exp(scores - scores.max(1, keepdims=True))
    return scores / scores.sum(1, keepdims=True)


def pool(states: np.ndarray, chunks: Sequence[tuple[int, int]]) -> np.ndarray:
    """Return first, last and mean state of each chunk side by side, shape (len(chunks), 3 · width)."""
    if not chunks:
        return np.zeros((0, 3 * states.shape[1]), np.float32)
    return np.stack([np.concatenate([states[s], states[e - 1], states[s:e].mean(0)]) for s, e in chunks])
