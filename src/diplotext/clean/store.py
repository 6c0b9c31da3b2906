"""What is compared of each article, kept on the disk: its text, its signature, its sketch, its bands."""

from __future__ import annotations

import sqlite3
import tempfile
from array import array
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diplotext.clean.signatures import GRAMS, Signature, weigh_grams

#: numbers of a sketch, and signatures that are kept at hand.
SKETCH, _HELD = 1024, 256
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


class Store:
    """Texts and signatures by number, in the order in which they come; vectors are weighted by all that came."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (it goes with the store)
        self._ends = array("q", [0])
        self._sizes = array("i")
        self._frequency = np.zeros(GRAMS, dtype=np.int64)
        self._written = 0
        self._idf: NDArray[np.float32] | None = None
        self.read = lru_cache(maxsize=_HELD)(self._read)

    def add(self, text: str, signature: Signature) -> None:
        """Keep a text with its signature, whose vector is not yet weighted."""
        words = text.encode("utf-8", "surrogatepass")
        shingles, grams, weights, count = signature
        pieces = (words, shingles.tobytes(), grams.tobytes(), weights.tobytes())
        self._file.write(b"".join(pieces))
        self._ends.append(self._ends[-1] + sum(map(len, pieces)))
        self._sizes.extend((len(words), len(shingles), len(grams), count))
        self._frequency[grams] += 1
        self._written += count > 0

    @property
    def idf(self) -> NDArray[np.float32]:
        """The weights of characters, by all texts."""
        if self._idf is None:
            self._idf = weigh_grams(self._frequency, self._written)
        return self._idf

    def words(self, number: int) -> int:
        """Return how many different words of content a text has."""
        return self._sizes[4 * number + 3]

    def text(self, number: int) -> str:
        """Return a text."""
        return self._bytes(number)[: self._sizes[4 * number]].decode("utf-8", "surrogatepass")

    def _read(self, number: int) -> Signature:
        words, shingles, grams, count = self._sizes[4 * number : 4 * number + 4]
        rest = np.frombuffer(self._bytes(number), np.uint8, offset=words)
        one, two, three = np.split(rest, [4 * shingles, 4 * (shingles + grams)])
        return Signature(one.view(np.uint32), two.view(np.uint32), three.view(np.float32), count).weigh(self.idf)

    def _bytes(self, number: int) -> bytes:
        self._file.seek(self._ends[number])
        return self._file.read(self._ends[number + 1] - self._ends[number])

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self._ends) - 1


class Sketches:
    """Signed sketches of vectors: feature hashing keeps cosines up to a small error."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (it goes with the sketches)

    def add(self, signature: Signature) -> None:
        """Keep the sketch of a weighted vector."""
        signed = signature.weights * np.where(signature.grams // SKETCH & 1, 1.0, -1.0)
        sketch = np.bincount(signature.grams % SKETCH, weights=signed, minlength=SKETCH)
        self._file.write(sketch.astype(np.float32).tobytes())

    def read(self, first: int, last: int) -> NDArray[np.float32]:
        """Return the sketches numbered `first` to `last`, the end exclusive."""
        self._file.seek(4 * SKETCH * first)
        data = self._file.read(4 * SKETCH * (last - first))
        return np.frombuffer(data, np.float32).reshape(-1, SKETCH)


class Bands:
    """An index of texts by parts of their MinHash: two that share one may be copies (locality-sensitive hashing).

    Parameters
    ----------
    threshold
        Share of common word runs from which a pair is hardly ever missed.
    permutations
        Length of a MinHash.
    """

    def __init__(self, threshold: float, permutations: int) -> None:
        from datasketch import MinHashLSH

        chosen = MinHashLSH(threshold=threshold, num_perm=permutations)  # knows how many bands, and how long ones
        self._shape = (chosen.b, chosen.r)
        self._table = sqlite3.connect("")  # a file that goes with the connection
        self._table.execute("PRAGMA journal_mode = OFF")
        self._table.execute("PRAGMA cache_size = -16000")  # kilobytes
        self._table.execute("CREATE TABLE bands (key INTEGER, text INTEGER, PRIMARY KEY (key, text)) WITHOUT ROWID")
        self._query = f"SELECT DISTINCT text FROM bands WHERE key IN ({', '.join('?' * chosen.b)}) ORDER BY text"

    def keys(self, sketch: Any) -> list[int]:
        """Return the keys of a MinHash's bands."""
        bands = sketch.hashvalues[: self._shape[0] * self._shape[1]].reshape(self._shape).astype(np.uint64)
        keys = np.arange(len(bands), dtype=np.uint64)
        with np.errstate(over="ignore"):
            for column in bands.T:
                keys = (keys ^ column) * _MULTIPLIER
                keys ^= keys >> np.uint64(29)
        found: list[int] = keys.view(np.int64).tolist()
        return found

    def find(self, keys: list[int]) -> list[int]:
        """Return the texts that share a band, in order."""
        return [text for (text,) in self._table.execute(self._query, keys)]

    def add(self, text: int, keys: list[int]) -> None:
        """Put a text into the index."""
        self._table.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", [(key, text) for key in keys])
