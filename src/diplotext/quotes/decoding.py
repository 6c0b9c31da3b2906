"""From emissions to chunks: the best path through a linear chain, and how sure each step of it is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from diplotext.schema import ROLES

#: the tags of the tagger, in the order of its emissions.
TAGS = ("O", *(f"{place}-{role}" for role in ROLES for place in "BI"))


class Chunk(NamedTuple):
    """A contiguous piece of one role: its first word piece and the one past its last, and its certainty in (0, 1]."""

    role: str
    first: int
    last: int
    certainty: float


def decode(emissions: np.ndarray, moves: np.ndarray) -> list[Chunk]:
    """Return the chunks of the most likely sequence of tags (Viterbi 1967), in order.

    Parameters
    ----------
    emissions
        Shape (pieces, 7), unnormalised log scores in the order of `TAGS`.
    moves
        Shape (7, 7), log scores of going from one tag (row) to the next (column).

    Returns
    -------
    list of Chunk; `certainty` is the geometric mean, over its pieces and the two beside it, of each tag's probability
    given its neighbours'.
    """
    if not len(emissions):
        return []
    path = _best_path(emissions, moves)
    sure = np.concatenate([[0.0], np.cumsum(_certainties(emissions, moves, path))])
    chunks: list[Chunk] = []
    first = -1
    for i, tag in enumerate([*path.tolist(), 0]):
        if first >= 0 and (tag == 0 or tag % 2):
            low, high = max(0, first - 1), min(len(path), i + 1)
            mean = float(np.exp((sure[high] - sure[low]) / (high - low)))
            chunks.append(Chunk(TAGS[path[first]][2:], first, i, mean))
            first = -1
        if tag and first < 0:  # also an inside tag, where a text begins with one
            first = i
    return chunks


def _best_path(emissions: np.ndarray, moves: np.ndarray) -> np.ndarray:
    size = len(moves)
    back = np.empty((len(emissions), size), np.int64)
    columns = np.arange(size)
    into = np.ascontiguousarray(moves.T)  # row: where to
    score = emissions[0]
    for i in range(1, len(emissions)):
        paths = into + score
        best = back[i] = paths.argmax(1)
        score = paths[columns, best] + emissions[i]
    tag = int(score.argmax())
    path = np.empty(len(emissions), np.int64)
    steps = back.tolist()
    for i in range(len(emissions) - 1, -1, -1):
        path[i] = tag
        tag = steps[i][tag]
    return path


def _certainties(emissions: np.ndarray, moves: np.ndarray, path: np.ndarray) -> np.ndarray:
    """Return log p(tag | both neighbours' tags) for each step of a path."""
    scores = emissions.astype(np.float64)
    scores[1:] += moves[path[:-1]]
    scores[:-1] += moves.T[path[1:]]
    peak = scores.max(1, keepdims=True)
    total = np.log(np.exp(scores - peak).sum(1)) + peak[:, 0]
    return scores[np.arange(len(path)), path] - total
