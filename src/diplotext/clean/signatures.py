"""What near-duplicates are found by: the word runs of an article, and its characters as a weighted vector."""

from __future__ import annotations

import itertools
import math
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SHINGLE, _GRAM = 5, 5
#: Character n-grams are known by a hash below this number; two of one article hardly ever share one.
GRAMS = 1 << 20
#: Names and numbers outlast paraphrase, and count double.
NAME_WEIGHT = 2.0
#: Articles imagined beside those given, in which nothing was seen.
_PRIOR = 20


class Signature(NamedTuple):
    """What is compared of one article: hashes of its word runs, and its characters as a sparse unit vector."""

    shingles: NDArray[np.uint32]
    grams: NDArray[np.uint32]
    weights: NDArray[np.float32]
    words: int

    def weigh(self, idf: NDArray[np.float32]) -> Signature:
        """Return the signature with its vector weighted by document frequency, of length 1."""
        weights = self.weights * idf[self.grams]
        return self._replace(weights=np.asarray(weights / (np.linalg.norm(weights) or 1), dtype=np.float32))


def sign(text: str) -> Signature:
    """Return the signature of a text, its vector not yet weighted."""
    printed = find_words(text)
    hashes = np.fromiter(map(_word_hash, printed), dtype=np.uint32, count=len(printed))
    runs = np.zeros(max(0, len(hashes) - _SHINGLE + 1) or min(1, len(hashes)), dtype=np.uint32)
    for k in range(_SHINGLE):  # a polynomial in the words' hashes, modulo 2**32
        part = hashes[k : k + len(runs)]
        runs[: len(part)] = runs[: len(part)] * np.uint32(1_000_003) + part
    counts: dict[str, int] = {}
    small: dict[str, int] = {}  # how often in small letters: what never is, is a name or a number
    for form, count in Counter(printed).items():
        word = form.lower()
        counts[word] = counts.get(word, 0) + count
        small[word] = small.get(word, 0) + count * form[0].islower()
    content = sorted(counts.keys() - function_words())
    grams = [word_grams(word) for word in content]
    sizes = [len(pieces) for pieces in grams]
    weights = [(1 + math.log(counts[w])) * (NAME_WEIGHT if 2 * small[w] < counts[w] else 1.0) for w in content]
    flat = np.fromiter(itertools.chain.from_iterable(grams), dtype=np.uint32, count=sum(sizes))
    keys, where = np.unique(flat, return_inverse=True)
    sums = np.bincount(where, weights=np.repeat(weights, sizes), minlength=len(keys)) if len(keys) else np.zeros(0)
    return Signature(np.unique(runs), keys, sums.astype(np.float32), len(content))


def weigh_grams(frequency: NDArray[np.int64], number: int) -> NDArray[np.float32]:
    """Return log((N + k) / (df + k)) + 1 by hash; k keeps a handful of articles from judging what is rare."""
    return (np.log((number + _PRIOR) / (frequency + _PRIOR)) + 1).astype(np.float32)


def find_words(text: str) -> list[str]:
    """Return the words of a text as printed, apostrophes straight."""
    return _WORD.findall(text.replace("’", "'"))


@lru_cache(maxsize=1 << 16)
def _word_hash(word: str) -> int:
    return zlib.crc32(word.lower().encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=1 << 16)
def word_grams(word: str) -> tuple[int, ...]:
    """Return the hashes of a small-letter word's character n-grams, its bounds included."""
    padded = f" {word} ".encode("utf-8", "surrogatepass")
    return tuple(zlib.crc32(padded[i : i + _GRAM]) % GRAMS for i in range(max(1, len(padded) - _GRAM + 1)))


@cache
def function_words() -> frozenset[str]:
    """Return the English words that tell nothing of what a text is about."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return ENGLISH_STOP_WORDS


def jaccard_index(a: Signature, b: Signature) -> float:
    """Return the share of all word runs of two texts that both hold."""
    shared = len(np.intersect1d(a.shingles, b.shingles, assume_unique=True))
    return shared / ((len(a.shingles) + len(b.shingles) - shared) or 1)


def containment(a: Signature, b: Signature) -> float:
    """Return the share of the shorter text's word runs that the other holds too: a cut copy is not a loose one."""
    shared = len(np.intersect1d(a.shingles, b.shingles, assume_unique=True))
    return shared / (min(len(a.shingles), len(b.shingles)) or 1)


def cosines(one: Signature, others: Sequence[Signature]) -> list[float]:
    """Return the cosine of the first vector with each of the others."""
    dense = _blank()
    dense[one.grams] = one.weights
    found = [float(dense[other.grams] @ other.weights) for other in others]
    dense[one.grams] = 0
    return found


@cache
def _blank() -> NDArray[np.float32]:
    return np.zeros(GRAMS, dtype=np.float32)  # made once: clearing four megabytes costs more than a cosine
