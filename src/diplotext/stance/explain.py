"""Why a statement was read as it was: the words that decided, and the nearest of our own labelled statements."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from diplotext.encoder import Statement, find_weights, load_vectors
from diplotext.language import Word
from diplotext.stance.estimators import load_head
from diplotext.stance.posture import Posture

#: how many words and how many neighbours are shown.
WORDS, NEIGHBOURS = 5, 3


class Examples(NamedTuple):
    """Our own labelled statements, and where they lie in the plane that holds most of their spread.

    `vectors` (n, k) have length 1; `mean` (width,) and `axes` (width, k) take a vector of the network there.
    """

    text: np.ndarray
    posture: np.ndarray
    vectors: np.ndarray
    mean: np.ndarray
    axes: np.ndarray

    def project(self, vectors: np.ndarray) -> np.ndarray:
        """Return vectors of the network in the plane, of length 1."""
        return normalise((vectors - self.mean) @ self.axes)


def normalise(vectors: np.ndarray) -> np.ndarray:
    """Return vectors (n, k) with length 1."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9))


@cache
def load_examples() -> Examples:
    """Return the labelled statements that ship with the weights (`data/statements.csv`)."""
    with np.load(find_weights("stance") / "examples.npz") as stored:
        return Examples(*(stored[name].astype(np.float32 if name in _NUMBERS else str) for name in Examples._fields))


_NUMBERS = ("vectors", "mean", "axes")


def explain_posture(
    statement: Statement, tokens: list[Word], ruled: Posture, posture: str, probability: float
) -> pd.DataFrame:
    """Return the evidence as `diplotext.explain_stance` does."""
    rows: list[dict[str, Any]] = [
        {"evidence": "posture", "text": statement.text, "posture": posture, "weight": probability}
    ]
    decided = ruled.decided_by
    if decided is not None and 0 <= decided.first < decided.last:
        start, end = tokens[decided.first].start, tokens[decided.last - 1].end
        words = statement.text[start:end]
    else:
        words, start, end = statement.context if ruled.name != "state" else "", None, None
    rows.append(
        {"evidence": "rule", "text": words or "(no rule applies)", "posture": ruled.name, "weight": ruled.probability,
         "start": start, "end": end}
    )  # fmt: skip
    rows += _weigh_words(statement, tokens, posture)
    rows += _find_neighbours(statement)
    frame = pd.DataFrame(rows, columns=["evidence", "text", "posture", "weight", "start", "end"])
    return frame.astype({"text": "str", "posture": "str", "start": "Int64", "end": "Int64"})


def _weigh_words(statement: Statement, tokens: list[Word], posture: str) -> list[dict[str, Any]]:
    """Return the words without which the network would be least sure of the posture."""
    places = sorted({(t.start, t.end) for t in tokens if statement.text[t.start].isalnum()})
    target = (statement.target_at, statement.target_at + len(statement.target)) if statement.target_at >= 0 else (0, 0)
    places = [(s, e) for s, e in places if not (s < target[1] and target[0] < e)]
    head = load_head("posture")
    column = int(np.flatnonzero(head.classes_ == posture)[0])
    without = [_cut(statement, s, e) for s, e in places]
    shares = head.rate(load_vectors().read([statement, *without]))[:, column]
    drops = shares[0] - shares[1:]
    best = [i for i in np.argsort(-drops, kind="stable")[:WORDS] if drops[i] > 0]
    return [
        {"evidence": "word", "text": statement.text[slice(*places[i])], "posture": posture, "weight": float(drops[i]),
         "start": places[i][0], "end": places[i][1]}
        for i in best
    ]  # fmt: skip


def _cut(statement: Statement, start: int, end: int) -> Statement:
    """Return a statement without some of its characters; its target stays where it is printed."""
    at = statement.target_at
    text = statement.text[:start] + statement.text[end:]
    return statement._replace(text=text, target_at=at - (end - start) if at > start else at)


def _find_neighbours(statement: Statement) -> list[dict[str, Any]]:
    examples = load_examples()
    close = (examples.project(load_vectors().read([statement])) @ examples.vectors.T)[0]
    return [
        {"evidence": "neighbour", "text": str(examples.text[i]), "posture": str(examples.posture[i]),
         "weight": float(close[i])}
        for i in np.argsort(-close, kind="stable")[:NEIGHBOURS]
    ]  # fmt: skip
