"""Candidates: the sentences of the records that are most like a quotation, found without comparing all with all."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from diplotext.names import surname
from diplotext.trace.records import SAME, Records, Speaker, agreement
from diplotext.trace.words import stem

#: share of sentences beyond which a feature says nothing (but never fewer than so many sentences).
COMMON, FEW = 0.1, 50
#: how many of its rarest features a quotation is searched by, and how many rows are multiplied at once.
FEATURES, ROWS = 60, 512
#: what being said long ago takes off a candidate's rank, at the most, and in how many days most of it.
AGEING, DAYS = 0.1, 30.0
#: within how many days a third as many sentences are searched for besides.
RECENT = 3


class Index:
    """A sparse index of the records' sentences by word stems and pairs of them, weighted by rarity (TF-IDF)."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.days = records.days[records.transcript]
        texts = [records.text(n) for n in range(len(records))]
        common = min(1.0, max(COMMON, FEW / max(1, len(texts))))
        self._vectorizer = TfidfVectorizer(analyzer=features_of, max_df=common, sublinear_tf=True, dtype=np.float32)
        try:
            self._rows = self._vectorizer.fit_transform(texts)
        except ValueError:  # no sentence, or no feature in any
            self._rows = sparse.csr_matrix((len(texts), 0), dtype=np.float32)
        self._by_name: dict[str, list[tuple[Speaker, np.ndarray]]] = {}
        by_speaker: dict[Speaker, list[int]] = {}
        for number, speaker in enumerate(records.speakers):
            by_speaker.setdefault(speaker, []).append(number)
        for speaker, numbers in by_speaker.items():
            if speaker.name:
                self._by_name.setdefault(surname(speaker.name), []).append((speaker, np.array(numbers)))

    def find(
        self, texts: Sequence[str], speakers: Sequence[Speaker], until: np.ndarray, most: Sequence[int]
    ) -> list[list[int]]:
        """Return each text's most similar sentences: of anybody, and of its own speaker.

        Parameters
        ----------
        texts
            The quotations' words in their common form.
        speakers
            Who is quoted.
        until
            Last day on which it can have been said; NaN where that is not known.
        most
            How many sentences of each sort, for each text.

        Returns
        -------
        Numbers of sentences, without repeats.
        """
        if not self._rows.shape[1] or not texts:
            return [[] for _ in texts]
        queries = _prune(self._vectorizer.transform(texts), FEATURES)
        found: list[list[int]] = [[] for _ in texts]
        self._search(queries, np.arange(len(texts)), None, until, most, found)
        own: dict[Speaker, list[int]] = {}
        for number, speaker in enumerate(speakers):
            own.setdefault(speaker, []).append(number)
        for speaker, numbers in own.items():
            said = self.said_by(speaker)
            if len(said):
                self._search(queries, np.array(numbers), said, until, most, found)
        return [list(dict.fromkeys(hits)) for hits in found]

    def said_by(self, speaker: Speaker) -> np.ndarray:
        """Return the sentences of the same speaker."""
        if not speaker.name:
            return np.zeros(0, dtype=int)
        blocks = [
            numbers for other, numbers in self._by_name.get(surname(speaker.name), ())
            if agreement(speaker, other) == SAME
        ]  # fmt: skip
        return np.sort(np.concatenate(blocks)) if blocks else np.zeros(0, dtype=int)

    def _search(
        self,
        queries: sparse.csr_matrix,
        numbers: np.ndarray,
        within: np.ndarray | None,
        until: np.ndarray,
        most: Sequence[int],
        found: list[list[int]],
    ) -> None:
        rows = self._rows if within is None else self._rows[within]
        columns = rows.T.tocsr()
        days = self.days if within is None else self.days[within]
        for start in range(0, len(numbers), ROWS):
            chunk = numbers[start : start + ROWS]
            product = queries[chunk] @ columns
            for row, number in enumerate(chunk):
                low, high = product.indptr[row], product.indptr[row + 1]
                places, worth = product.indices[low:high], product.data[low:high]
                age = until[number] - days[places]
                with np.errstate(invalid="ignore"):
                    rank = np.where(age < 0, -1.0, worth * (1 - AGEING * (1 - np.exp(-np.nan_to_num(age) / DAYS))))
                k = most[number]
                best = np.argpartition(-rank, k)[:k] if len(rank) > k else np.arange(len(rank))
                late = np.flatnonzero((age <= RECENT) & (rank > 0))
                few = max(1, k // 3)
                late = late[np.argpartition(-rank[late], few)[:few]] if len(late) > few else late
                best = np.union1d(best, late)
                best = best[np.lexsort((places[best], -rank[best]))]
                best = best[rank[best] > 0]
                found[number] += [int(n) for n in (places[best] if within is None else within[places[best]])]


def features_of(text: str) -> list[str]:
    """Return the stems of a text's words, and pairs of neighbours."""
    stems = [stem(word) for word in text.split()]
    return stems + [f"{a} {b}" for a, b in pairwise(stems)]


def _prune(rows: sparse.csr_matrix, most: int) -> sparse.csr_matrix:
    """Keep each row's heaviest features."""
    keep = np.ones(len(rows.data), dtype=bool)
    for row in np.flatnonzero(np.diff(rows.indptr) > most):
        low, high = rows.indptr[row], rows.indptr[row + 1]
        light = np.argsort(-rows.data[low:high], kind="stable")[most:]
        keep[low + light] = False
    pruned = rows.copy()
    pruned.data[~keep] = 0
    pruned.eliminate_zeros()
    return pruned
