"""Whether one text tells what another tells, sentence by sentence.

A copy, however its words were changed, keeps the order of its sentences, and the names and numbers in each. Two long
texts on the same affairs have all their words in common and hardly a sentence.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diplotext.clean.signatures import NAME_WEIGHT, find_words, function_words, word_grams
from diplotext.language import find_sentences

#: Sentences are sketched in so many numbers; cosines err by 0.03.
_SKETCH = 1024
#: From which cosine two sentences may be counterparts, and which share of the names of the poorer one both must hold.
_LEAST_COSINE, _LEAST_NAMES = 0.3, 0.75
#: Fewer sentences than this are a form as often as a copy: every readout of a call has the same three.
_FEWEST = 5
#: Of a long text so many sentences are looked at, evenly chosen.
_MOST = 100


class Sentences(NamedTuple):
    """The sentences of a text: unit vectors, lengths in characters, and the names and numbers in each."""

    vectors: NDArray[np.float32]
    lengths: NDArray[np.int64]
    names: list[frozenset[str]]


def read_sentences(text: str, idf: NDArray[np.float32]) -> Sentences:
    """Return what is compared of the sentences of a text.

    A name is a word with a capital that is not the first of its sentence, a number any word with a digit; words that
    the text also prints in small letters (as in its headline) are neither.
    """
    printed, lengths = [], []
    for paragraph in text.split("\n"):
        for start, end in find_sentences(paragraph):
            if words := find_words(paragraph[start:end]):
                printed.append(words)
                lengths.append(end - start)
    forms = set(itertools.chain.from_iterable(printed))
    known = {word: word_grams(word.lower()) for word in forms if word.lower() not in function_words()}
    inner = {word for words in printed for word in words[1:] if word[0].isupper() and word.lower() not in forms}
    inner |= {word for word in forms if not word.replace("'", "").isalpha()}
    inner &= known.keys()
    names = [frozenset(w.removesuffix("'s").lower() for w in words if w in inner) for words in printed]
    content = [(row, w) for row, words in enumerate(printed) for w in words if w in known]
    pieces = [known[word] for _, word in content]
    sizes = [len(piece) for piece in pieces]
    grams = np.fromiter(itertools.chain.from_iterable(pieces), dtype=np.int64, count=sum(sizes))
    rows = np.repeat(np.array([row for row, _ in content], dtype=np.int64), sizes)
    weights = np.repeat([NAME_WEIGHT if word in inner else 1.0 for _, word in content], sizes) * idf[grams]
    signed = weights * np.where(grams // _SKETCH & 1, 1.0, -1.0)
    cells = np.bincount(rows * _SKETCH + grams % _SKETCH, weights=signed, minlength=len(printed) * _SKETCH)
    vectors = cells.reshape(len(printed), _SKETCH).astype(np.float32)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors /= np.where(norms > 0, norms, 1)
    return Sentences(vectors, np.array(lengths, dtype=np.int64), names)


def covered(a: Sentences, b: Sentences) -> float:
    """Return the share of the shorter text, in characters, that has counterparts in the other in the same order.

    It does not ask how many of the longer text's sentences are new, so that a story with added paragraphs is covered;
    several sentences may share one counterpart, as paraphrase splits and joins them.

    Returns
    -------
    A number in [0, 1], 0 where either text has fewer than five sentences: the heaviest chain of counterparts in which
    neither text goes back (as in the longest common subsequence, weighted by length).
    """
    if a.lengths.sum() > b.lengths.sum():
        a, b = b, a
    if min(len(a.names), len(b.names)) < _FEWEST:
        return 0.0
    rows = np.linspace(0, len(a.names) - 1, min(_MOST, len(a.names))).astype(int)
    best = np.zeros(len(b.names))  # the heaviest chain so far that ends at or before each sentence of b
    for row in rows:
        found = b.vectors @ a.vectors[row] >= _LEAST_COSINE
        for column in np.flatnonzero(found):
            found[column] = _agree(a.names[row], b.names[column])
        best = np.maximum.accumulate(np.where(found, best + a.lengths[row], best))
    return float(best[-1] / a.lengths[rows].sum())


def _agree(a: frozenset[str], b: frozenset[str]) -> bool:
    return len(a & b) >= _LEAST_NAMES * min(len(a), len(b))
