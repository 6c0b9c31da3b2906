"""Linking chunks: from each content to its cue, from each cue to its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

#: numbers of values of the nearness traits of a pair of chunks.
GAPS, STEPS, LINES, STOPS = 24, 10, 4, 4
#: the pointer's log probability, a constant for no head at all, and the nearness traits one by one.
TRAITS = 2 + GAPS + STEPS + LINES + STOPS
_EDGES = np.array([0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89])


def measure(
    children: Sequence[tuple[int, int]], heads: Sequence[tuple[int, int]], lines: np.ndarray, stops: np.ndarray
) -> np.ndarray:
    """Tell how near each head is to each child.

    Parameters
    ----------
    children, heads
        Chunks as (first, last) numbers of word pieces, the end exclusive; heads in order.
    lines, stops
        Line breaks and sentence-final marks that stand before each word piece, shape (pieces,).

    Returns
    -------
    int64 array (children, heads, 4): *gap*, pieces between the two in 12 growing steps, before or after; *step*, how
    many heads lie between, up to 4, before or after; *line*, line breaks between, up to 3; *stop*, sentence-final
    marks between their first pieces, up to 3.
    """
    near = np.zeros((len(children), len(heads), 4), np.int64)
    if not len(children) or not len(heads):
        return near
    child, head = np.array(children), np.array(heads)
    after: np.ndarray = head[None, :, 0] >= child[:, None, 0]
    gap = np.where(after, head[None, :, 0] - child[:, None, 1], child[:, None, 0] - head[None, :, 1])
    near[..., 0] = np.searchsorted(_EDGES, np.maximum(gap, 0), side="left") + after * (GAPS // 2)
    following = np.where(after.any(1), after.argmax(1), len(heads))
    rank = np.arange(len(heads))[None, :] - following[:, None]
    near[..., 1] = np.where(rank >= 0, np.minimum(rank, 4) + 5, np.minimum(-rank - 1, 4))
    for trait, (counts, most) in enumerate(((lines, LINES), (stops, STOPS)), 2):
        between = np.abs(counts[head[None, :, 0]] - counts[child[:, None, 0]])
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

    def score(self, children: np.ndarray, heads: np.ndarray, near: np.ndarray) -> np.ndarray:
        """Return the probabilities of each head, shape (children, 1 + heads); the first column is of none at all.

        Parameters
        ----------
        children, heads
            From `pool`, (n, 3 · width) and (m, 3 · width).
        near
            From `measure`, (n, m, 4).
        """
        return _softmax(self.describe(children, heads, near) @ self._weights["ranking"])

    def describe(self, children: np.ndarray, heads: np.ndarray, near: np.ndarray) -> np.ndarray:
        """Return what the conditional logit weighs, shape (children, 1 + heads, `TRAITS`): see `score`."""
        traits = np.zeros((len(children), 1 + heads.shape[0], TRAITS), np.float32)
        traits[..., 0] = np.log(np.maximum(self._point(children, heads, near), 1e-9))
        traits[:, 0, 1] = 1.0
        at = 2
        for number, size in enumerate((GAPS, STEPS, LINES, STOPS)):
            traits[:, 1:, at : at + size] = np.eye(size, dtype=np.float32)[near[..., number]]
            at += size
        return traits

    def _point(self, children: np.ndarray, heads: np.ndarray, near: np.ndarray) -> np.ndarray:
        w = self._weights
        child = np.tanh(children @ w["child.weight"].T + w["child.bias"])
        head = np.tanh(heads @ w["head.weight"].T + w["head.bias"])
        scores = child @ head.T + w["gap"][near[..., 0]] + w["step"][near[..., 1]] + w["line"][near[..., 2]]
        return _softmax(np.concatenate([child @ w["none.weight"].T + w["none.bias"], scores], 1))


def _softmax(scores: np.ndarray) -> np.ndarray:
    scores = np.exp(scores - scores.max(1, keepdims=True))
    return scores / scores.sum(1, keepdims=True)


def pool(states: np.ndarray, chunks: Sequence[tuple[int, int]]) -> np.ndarray:
    """Return first, last and mean state of each chunk side by side, shape (len(chunks), 3 · width)."""
    if not chunks:
        return np.zeros((0, 3 * states.shape[1]), np.float32)
    return np.stack([np.concatenate([states[s], states[e - 1], states[s:e].mean(0)]) for s, e in chunks])
