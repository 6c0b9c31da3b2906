"""Likeness of meaning between a reworded piece and a sentence of the records, by the vectors of the stance network."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from diplotext.encoder import Statement, load_vectors
from diplotext.trace.records import Records

#: how many sentences of the records tell how alike any two texts are.
_SAMPLE = 64
#: how many vectors are kept.
_KEPT = 200_000


class Meaning:
    """Compares texts with sentences of the records; each text is read once.

    A likeness is how many standard deviations a cosine lies above those between the text and 64 sentences spread over
    the records, so that it does not depend on how the network's vectors are spread.
    """

    def __init__(self, records: Records) -> None:
        self._records = records
        self._vectors: dict[int, np.ndarray] = {}
        self._base: np.ndarray | None = None

    def likeness(self, text: str, sentences: Iterable[int]) -> list[float]:
        """Return how like each of the sentences is to a text, in [-2, 8]."""
        if self._base is None:
            numbers = np.unique(np.linspace(0, len(self._records) - 1, _SAMPLE).astype(int))
            self._base = np.stack([self._of(int(n)) for n in numbers])
        own = _read(text)
        usual = self._base @ own
        spread = max(float(usual.std()), 0.05)
        return [float(np.clip((self._of(n) @ own - usual.mean()) / spread, -2, 8)) for n in sentences]

    def _of(self, sentence: int) -> np.ndarray:
        if sentence not in self._vectors:
            if len(self._vectors) >= _KEPT:
                self._vectors.clear()
            self._vectors[sentence] = _read(self._records.printed(sentence))
        return self._vectors[sentence]


def _read(text: str) -> np.ndarray:
    vector = load_vectors().read([Statement(" ".join(text.split()))])[0]
    return np.asarray(vector / (np.linalg.norm(vector) + 1e-9))
