"""Near-duplicates: a signature for each article, then one join over all.

Two tiers. Copies share most of their runs of five words (MinHash finds them among any number of articles). Machine
paraphrase and heavy editing change every few words and break those runs, but leave names, numbers and word stems: such
copies share their characters (TF-IDF of character n-grams, names and numbers counted double).
"""

from __future__ import annotations

import itertools
import math
import re
import zlib
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from diplotext.clean.signs import find_signs
from diplotext.schema import build_table

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SHINGLE, _GRAM, _PERMUTATIONS, _SKETCH = 5, 5, 128, 1024
#: What an approximate cosine may miss by: four standard deviations of the sketch (1 / sqrt(1024)).
_MARGIN = 0.125
#: Below this many different words of content, two texts on one topic look alike by chance.
_FEWEST_WORDS = 30
_BLOCK = 512
#: Names and numbers outlast paraphrase, and count double.
_NAME = 2.0
#: Articles imagined beside those given, in which nothing was seen.
_PRIOR = 20

Pair = tuple[int, int]


class Signature(NamedTuple):
    """What is compared of one article: hashes of its word runs, and its characters as a sparse unit vector."""

    shingles: NDArray[np.uint32]
    grams: NDArray[np.uint32]
    weights: NDArray[np.float32]
    words: int

    def weigh(self, idf: NDArray[np.float32]) -> Signature:
        """Return the signature with its vector weighted by document frequency, of length 1."""
        weights = self.weights * idf[self.grams % np.uint32(len(idf))]
        return self._replace(weights=np.asarray(weights / (np.linalg.norm(weights) or 1), dtype=np.float32))


def mark_duplicates(
    articles: pd.DataFrame, *, jaccard: float = 0.5, cosine: float = 0.65, days: float = 3
) -> pd.DataFrame:
    """Mark near-duplicates and suspected machine paraphrase; every article stays.

    It does not judge which copy is true, and never compares metadata, only texts. The one stage that looks at more
    than one article.

    Parameters
    ----------
    articles
        The articles table, cleaned (copies differ in their furniture). `raw_text` is searched for signs of paraphrase,
        as cleaning repairs most of them.
    jaccard
        Share of common five-word runs from which two articles are copies, whatever their dates.
    cosine
        Likeness of characters from which they are: cosine of the TF-IDF of character 5-grams within words, in [0, 1].
        Of 352,000 pairs of different stories on one election one reached 0.65 (two reports of one event); copies with
        half of their plain words replaced stay above 0.7, with 60 % replaced 99 % reach 0.65.
    days
        How far apart two dated articles may be for the second criterion. Articles without a day are compared with all.

    Returns
    -------
    articles
        The same rows in the same order, with `duplicate_of`, the article_id of the first copy (the earliest by
        `published` where the day is known, then by `source`), missing for first copies and for articles without one;
        and `suspect_paraphrase`, a readable reason, or missing: impossible phrases, misplaced quote marks and stray
        full stops together, or a looser copy of a cleaner article.

    Raises
    ------
    ValueError
        For a threshold outside (0, 1] or a negative number of days.
    """
    for name, value in (("jaccard", jaccard), ("cosine", cosine)):
        if not 0 < value <= 1:
            raise ValueError(f"{name}: expected a number above 0 and up to 1; got {value!r}")
    if days < 0:
        raise ValueError(f"days: expected a number of days of 0 or more; got {days!r}")
    result = build_table("articles", articles)
    texts = result["text"].fillna("").tolist()
    ids = result["article_id"].tolist()
    signatures = [_sign(text) for text in texts]
    idf = _inverse_frequencies(signatures)
    signatures = [signature.weigh(idf) for signature in signatures]
    # Year or month is no date to compare by; such articles count as undated.
    dated = result["published"].notna() & result["published_precision"].isin(["time", "day"]).to_numpy()
    stamps = result["published"].where(dated)
    day = (stamps - pd.Timestamp("1970-01-01", tz="UTC")).dt.total_seconds().to_numpy(float) / 86400
    ranks = {i: rank for rank, i in enumerate(
        sorted(range(len(ids)), key=lambda i: (not dated.iloc[i], day[i] if dated.iloc[i] else 0.0,
                                               str(result["source"].iloc[i]), ids[i]))
    )}  # fmt: skip
    signs = [find_signs(raw) for raw in result["raw_text"].fillna("").tolist()]
    links: dict[int, list[int]] = {}
    reasons: dict[int, tuple[float, str]] = {}
    close = _copies(signatures, jaccard)
    for a, b in close:
        links.setdefault(a, []).append(b)
        links.setdefault(b, []).append(a)
    for (a, b), alike in _lookalikes(signatures, day, days, cosine).items():
        links.setdefault(a, []).append(b)
        links.setdefault(b, []).append(a)
        shared = _containment(signatures[a], signatures[b])
        if (a, b) in close or shared >= jaccard:
            continue
        cleaner, looser = sorted((a, b), key=lambda i: (signs[i].weight, ranks[i]))
        reason = f"looser copy of {ids[cleaner]}: character cosine {alike:.2f}, common five-word runs {shared:.2f}"
        if looser not in reasons or (alike, ids[cleaner]) > (reasons[looser][0], reasons[looser][1].split()[3]):
            reasons[looser] = (alike, reason)
    first: dict[int, int] = {}
    for i in sorted(ranks, key=ranks.__getitem__):
        earlier = [j for j in links.get(i, ()) if ranks[j] < ranks[i]]
        if earlier:
            nearest = min(earlier, key=ranks.__getitem__)
            first[i] = first.get(nearest, nearest)
    result["duplicate_of"] = pd.Series([ids[first[i]] if i in first else None for i in range(len(ids))], dtype="str")
    why = ("; ".join(filter(None, (signs[i].reason(), reasons.get(i, (0, None))[1]))) for i in range(len(ids)))
    result["suspect_paraphrase"] = pd.Series([reason or None for reason in why], dtype="str")
    return result


def _sign(text: str) -> Signature:
    printed = _WORD.findall(text.replace("’", "'"))
    words = [word.lower() for word in printed]
    hashes = np.array([zlib.crc32(w.encode("utf-8", "surrogatepass")) for w in words], dtype=np.uint32)
    runs = np.zeros(max(0, len(words) - _SHINGLE + 1) or min(1, len(words)), dtype=np.uint32)
    for k in range(_SHINGLE):  # a polynomial in the words' hashes, modulo 2**32
        part = hashes[k : k + len(runs)]
        runs[: len(part)] = runs[: len(part)] * np.uint32(1_000_003) + part
    counts: dict[str, int] = {}
    small: dict[str, int] = {}  # how often in small letters: what never is, is a name or a number
    for word, form in zip(words, printed, strict=True):
        counts[word] = counts.get(word, 0) + 1
        small[word] = small.get(word, 0) + form[0].islower()
    content = sorted(counts.keys() - _function_words())
    grams = [_grams(word) for word in content]
    sizes = [len(pieces) for pieces in grams]
    weights = [(1 + math.log(counts[w])) * (_NAME if 2 * small[w] < counts[w] else 1.0) for w in content]
    flat = np.fromiter(itertools.chain.from_iterable(grams), dtype=np.uint32, count=sum(sizes))
    keys, where = np.unique(flat, return_inverse=True)
    sums = np.bincount(where, weights=np.repeat(weights, sizes), minlength=len(keys)) if len(keys) else np.zeros(0)
    return Signature(np.unique(runs), keys, sums.astype(np.float32), len(content))


def _inverse_frequencies(signatures: list[Signature]) -> NDArray[np.float32]:
    """Return log((N + k) / (df + k)) + 1 by hash; k keeps a handful of articles from judging what is rare."""
    frequency = np.zeros(1 << 20, dtype=np.int64)
    for signature in signatures:
        frequency[signature.grams % np.uint32(len(frequency))] += 1
    number = sum(signature.words > 0 for signature in signatures)
    return (np.log((number + _PRIOR) / (frequency + _PRIOR)) + 1).astype(np.float32)


@lru_cache(maxsize=1 << 16)
def _grams(word: str) -> tuple[int, ...]:
    padded = f" {word} ".encode("utf-8", "surrogatepass")
    return tuple(zlib.crc32(padded[i : i + _GRAM]) for i in range(max(1, len(padded) - _GRAM + 1)))


@cache
def _function_words() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return ENGLISH_STOP_WORDS


def _jaccard(a: Signature, b: Signature) -> float:
    shared = len(np.intersect1d(a.shingles, b.shingles, assume_unique=True))
    return shared / ((len(a.shingles) + len(b.shingles) - shared) or 1)


def _containment(a: Signature, b: Signature) -> float:
    """Return the share of the shorter text's word runs that the other holds too: a cut copy is not a loose one."""
    shared = len(np.intersect1d(a.shingles, b.shingles, assume_unique=True))
    return shared / (min(len(a.shingles), len(b.shingles)) or 1)


def _cosine(a: Signature, b: Signature) -> float:
    _, in_a, in_b = np.intersect1d(a.grams, b.grams, assume_unique=True, return_indices=True)
    return float(a.weights[in_a] @ b.weights[in_b])


def _copies(signatures: list[Signature], threshold: float) -> set[Pair]:
    """Return the pairs whose word runs overlap enough: candidates by MinHash, each then counted exactly."""
    from datasketch import MinHash, MinHashLSH

    # A lower threshold for candidates: a pair just above the true one must hardly ever be missed.
    index = MinHashLSH(threshold=max(0.05, 0.7 * threshold), num_perm=_PERMUTATIONS)
    pairs: set[Pair] = set()
    for i, signature in enumerate(signatures):
        if not len(signature.shingles):
            continue
        sketch = MinHash(num_perm=_PERMUTATIONS, hashfunc=int)
        sketch.update_batch(signature.shingles.tolist())
        for j in index.query(sketch):
            if _jaccard(signatures[j], signature) >= threshold:
                pairs.add((j, i))
        index.insert(i, sketch)
    return pairs


def _lookalikes(
    signatures: list[Signature], day: NDArray[np.float64], days: float, threshold: float
) -> dict[Pair, float]:
    """Return the pairs whose characters are alike, with their exact cosine.

    Candidates come from signed sketches of 1024 numbers each (feature hashing keeps cosines up to a small error),
    multiplied block by block: memory grows with the number of articles, not with its square.
    """
    kept = [i for i, s in enumerate(signatures) if s.words >= _FEWEST_WORDS]
    kept.sort(key=lambda i: (np.isnan(day[i]), day[i] if not np.isnan(day[i]) else 0.0, i))
    stamps = np.array([day[i] for i in kept])
    undated = int(np.count_nonzero(~np.isnan(stamps)))  # where the undated begin
    sketches = np.zeros((len(kept), _SKETCH), dtype=np.float32)
    for row, i in enumerate(kept):
        s = signatures[i]
        sign = np.where(s.grams >> np.uint32(31), 1.0, -1.0)
        sketches[row] = np.bincount(s.grams % np.uint32(_SKETCH), weights=s.weights * sign, minlength=_SKETCH)
    found: dict[Pair, float] = {}
    for rows, columns in _blocks(stamps, undated, days):
        near = sketches[rows] @ sketches[columns].T >= threshold - _MARGIN
        for r, c in zip(*np.nonzero(near), strict=True):
            row, column = rows.start + int(r), columns.start + int(c)
            if row >= column or (column < undated and stamps[column] - stamps[row] > days):
                continue
            a, b = sorted((kept[row], kept[column]))
            if (alike := _cosine(signatures[a], signatures[b])) >= threshold:
                found[a, b] = alike
    return found


def _blocks(stamps: NDArray[np.float64], undated: int, days: float) -> Iterator[tuple[slice, slice]]:
    """Yield blocks of rows and columns that must be compared: dated within the window, undated with all."""
    for start in range(0, len(stamps), _BLOCK):
        stop = min(start + _BLOCK, len(stamps))
        ends = len(stamps)
        if start < undated:
            last = stamps[min(stop, undated) - 1]
            ends = int(np.searchsorted(stamps[:undated], last + days, side="right"))
        spans = [(start, ends)]
        if start < undated:
            spans = [(start, max(ends, min(stop, undated))), (undated, len(stamps))]
        for low, high in spans:
            for at in range(low, high, 8 * _BLOCK):
                yield slice(start, stop), slice(at, min(at + 8 * _BLOCK, high))
