"""Near-duplicates: a signature for each article, then one join over all.

Two tiers. Copies share most of their runs of five words (MinHash finds them among any number of articles). Machine
paraphrase and heavy editing change every few words and break those runs, but leave names, numbers and word stems: such
copies share their characters (TF-IDF of character n-grams, names and numbers counted double). So do long texts on the
same affairs and letters of one form; hence a copy of the second tier must also tell the same, sentence by sentence,
and come from elsewhere.

Articles are taken in the order in which the first copy is chosen, and each looks for its earliest original only: the
work grows with the number of copies, not with its square.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from diplotext.clean.counterparts import Sentences, covered, read_sentences
from diplotext.clean.signatures import Signature, containment, cosines, jaccard_index, sign
from diplotext.clean.signs import find_signs
from diplotext.clean.store import Bands, Sketches, Store
from diplotext.schema import check_input

_PERMUTATIONS = 128
#: What an approximate cosine may miss by: four standard deviations of the sketch (1 / sqrt(1024)).
_MARGIN = 0.125
#: Below this many different words of content, two texts on one topic look alike by chance.
_FEWEST_WORDS = 30
#: Share of the shorter text that must have counterparts in the other. News with 60 % of its plain words replaced keeps
#: 0.70 or more; of different texts whose cosine suffices, two reports of one event and long briefings reach 0.4.
_COVERED = 0.65
#: A copy this close to an earlier one need not stand in the index beside it.
_SAME = 0.9
_BLOCK, _COLUMNS, _CHUNK = 512, 4096, 16
#: So many sentences are kept at hand, four kilobytes each.
_HELD = 60_000


def mark_duplicates(
    articles: pd.DataFrame, *, jaccard: float = 0.5, cosine: float = 0.65, days: float = 3
) -> pd.DataFrame:
    """Mark near-duplicates and suspected machine paraphrase; every article stays.

    It does not judge which copy is true. Of metadata it uses day, outlet and address alone, and only to tell what is
    no paraphrase. The one stage that looks at more than one article.

    Parameters
    ----------
    articles
        The articles table, cleaned (copies differ in their furniture). `raw_text` is searched for signs of paraphrase,
        as cleaning repairs most of them.
    jaccard
        Share of common five-word runs from which two articles are copies, whatever their dates.
    cosine
        Likeness of characters from which they may be: cosine of the TF-IDF of character 5-grams within words, in
        [0, 1]. Beyond it, most sentences of the shorter text must have counterparts in the other, in the same order
        and with the same names and numbers; and texts of one outlet (or, where it is unknown, one host) on different
        days are none, as nobody paraphrases himself: those are forms, serials and follow-ups.
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

    Examples
    --------
    >>> text = "The pass was closed on Monday, envoy Toran said, and the lorries wait in the valley for the snow to go."
    >>> mark_duplicates(dt.load_articles(texts=[text, text]))["duplicate_of"].notna().tolist()
    [False, True]
    """
    result = check_input(articles, "articles")
    found = find_copies([result], jaccard=jaccard, cosine=cosine, days=days)
    return result.assign(duplicate_of=found["duplicate_of"], suspect_paraphrase=found["suspect_paraphrase"])


def find_copies(
    batches: Iterable[pd.DataFrame], *, jaccard: float = 0.5, cosine: float = 0.65, days: float = 3
) -> pd.DataFrame:
    """Return what `mark_duplicates` marks, of articles that come some at a time: article_id and its two columns.

    Texts and signatures lie on the disk meanwhile. Parameters and errors are those of `mark_duplicates`.
    """
    for name, value in (("jaccard", jaccard), ("cosine", cosine)):
        if not 0 < value <= 1:
            raise ValueError(f"{name}: expected a number above 0 and up to 1; got {value!r}")
    if days < 0:
        raise ValueError(f"days: expected a number of days of 0 or more; got {days!r}")
    store, facts, weights, reasons = Store(), [], [], {}
    for articles in batches:
        for text, raw in zip(articles["text"].fillna(""), articles["raw_text"].fillna(""), strict=True):
            signs = find_signs(raw)
            if reason := signs.reason():
                reasons[len(store)] = reason
            weights.append(signs.weight)
            store.add(text, sign(text))
        facts.append(articles[["article_id", "source", "url", "outlet", "published", "published_precision"]])
    given = pd.concat(facts, ignore_index=True)
    number = len(given)
    # A year or month is no date to compare by; such articles count as undated.
    dated = given["published"].notna() & given["published_precision"].isin(["time", "day"]).to_numpy()
    stamps = given["published"].where(dated)
    day = (stamps - pd.Timestamp("1970-01-01", tz="UTC")).dt.total_seconds().to_numpy(float) / 86400
    ranks = pd.DataFrame({"day": day, "source": given["source"].astype("str").fillna("nan"), "id": given["article_id"]})
    order = ranks.sort_values(["day", "source", "id"], kind="stable").index.to_numpy()
    texts = _Texts(store, given.iloc[order], order, day[order], cosine, days)

    matched = _find_copies(texts, jaccard)
    matched |= _find_lookalikes(texts, matched)
    first: dict[int, int] = {}
    for i in sorted(matched):
        first[i] = first.get(matched[i], matched[i])
    loose = _find_loose(texts, matched, first, np.array(weights)[order] if number else [], jaccard)

    ids = given["article_id"].to_numpy(object)
    originals = np.full(number, None, object)
    for rank, original in first.items():
        originals[order[rank]] = ids[order[original]]
    told = np.full(number, None, object)
    for row in {*reasons, *order[list(loose)].tolist()}:
        told[row] = reasons.get(row)
    for rank, (cleaner, alike, shared) in loose.items():
        copy = f"looser copy of {ids[order[cleaner]]}: character cosine {alike:.2f}, common five-word runs {shared:.2f}"
        told[order[rank]] = "; ".join(filter(None, (told[order[rank]], copy)))
    return pd.DataFrame(
        {
            "article_id": given["article_id"],
            "duplicate_of": pd.Series(originals, dtype="str"),
            "suspect_paraphrase": pd.Series(told, dtype="str"),
        }
    )


class _Texts:
    """The articles in the order of their originals, and the criterion of the second tier."""

    def __init__(
        self, store: Store, ranked: pd.DataFrame, order: NDArray[np.int64], day: NDArray[np.float64], cosine: float,
        days: float,
    ) -> None:  # fmt: skip
        self._store, self._order = store, order.tolist()
        self.day = day
        self.cosine, self.days = cosine, days
        self._outlets = [o.casefold() if isinstance(o, str) else None for o in ranked["outlet"].astype(object)]
        self._hosts = [_host(url) for url in ranked["url"].astype(object)]
        self._sentences: dict[int, Sentences] = {}
        self._held = 0
        self._known: dict[tuple[int, int], bool] = {}

    def __len__(self) -> int:
        return len(self._order)

    def signature(self, i: int) -> Signature:
        """Return what is compared of a text, its vector weighted."""
        return self._store.read(self._order[i])

    def words(self, i: int) -> int:
        """Return how many different words of content a text has."""
        return self._store.words(self._order[i])

    def paraphrase(self, one: int, other: int) -> bool:
        """Tell whether two texts that are alike tell the same, sentence by sentence, and not by habit."""
        pair = (min(one, other), max(one, other))
        if pair not in self._known:
            self._known[pair] = not self._serial(*pair) and covered(*map(self._read, pair)) >= _COVERED
        return self._known[pair]

    def _serial(self, one: int, other: int) -> bool:
        for names in (self._outlets, self._hosts):
            if names[one] is not None and names[other] is not None:
                same_day = self.day[one] // 1 == self.day[other] // 1
                return names[one] == names[other] and not (same_day or np.isnan(self.day[[one, other]]).any())
        return False

    def _read(self, i: int) -> Sentences:
        read = self._sentences.pop(i, None)
        if read is None:
            read = read_sentences(self._store.text(self._order[i]), self._store.idf)
            self._held += len(read.names)
            while self._sentences and self._held > _HELD:
                self._held -= len(self._sentences.pop(next(iter(self._sentences))).names)
        self._sentences[i] = read  # the last of the dictionary is the one used last
        return read


def _host(url: object) -> str | None:
    try:
        host = urlsplit(url).hostname if isinstance(url, str) else None
    except ValueError:  # no address at all
        return None
    return host.removeprefix("www.") if host else None


def _find_copies(texts: _Texts, threshold: float) -> dict[int, int]:
    """Return for each text the earliest whose word runs overlap enough: candidates by MinHash, each counted exactly."""
    from datasketch import MinHash

    # A lower threshold for candidates: a pair just above the true one must hardly ever be missed.
    index = Bands(max(0.05, 0.7 * threshold), _PERMUTATIONS)
    matched: dict[int, int] = {}
    for i in range(len(texts)):
        signature = texts.signature(i)
        if not len(signature.shingles):
            continue
        sketch = MinHash(num_perm=_PERMUTATIONS, hashfunc=int)
        sketch.update_batch(signature.shingles.tolist())
        keys = index.keys(sketch)
        closest = 0.0
        for j in index.find(keys):
            common = jaccard_index(texts.signature(j), signature)
            if common >= threshold:
                matched.setdefault(i, j)
            closest = max(closest, common)
            if closest >= _SAME and i in matched:
                break
        if closest < _SAME:
            index.add(i, keys)
    return matched


def _find_lookalikes(texts: _Texts, matched: dict[int, int]) -> dict[int, int]:
    """Return for each text the earliest that it paraphrases, where that is earlier than its match so far."""
    found: dict[int, int] = {}
    for row, columns in _candidates(texts):
        columns = columns[columns < matched.get(row, row)]
        for start in range(0, len(columns), _CHUNK):  # the first few are enough where there are many copies
            chunk = columns[start : start + _CHUNK].tolist()
            alike = cosines(texts.signature(row), [texts.signature(column) for column in chunk])
            pairs = zip(chunk, alike, strict=True)
            match = next((c for c, cosine in pairs if cosine >= texts.cosine and texts.paraphrase(c, row)), None)
            if match is not None:
                found[row] = match
                break
    return found


def _candidates(texts: _Texts) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Yield each text with the earlier ones within the window whose characters may be alike.

    Their sketches are multiplied block by block: memory does not grow with the number of articles.
    """
    kept = np.array([i for i in range(len(texts)) if texts.words(i) >= _FEWEST_WORDS], dtype=np.int64)
    stamps = texts.day[kept]
    sketches = Sketches()
    for i in kept.tolist():
        sketches.add(texts.signature(i))
    # The undated come last and are compared with all; the dated with those of the days before.
    lows = np.where(np.isnan(stamps), 0, np.searchsorted(stamps, stamps - texts.days))
    for start in range(0, len(kept), _BLOCK):
        stop = min(start + _BLOCK, len(kept))
        block = sketches.read(start, stop)
        found: list[list[NDArray[np.intp]]] = [[] for _ in range(start, stop)]
        for low in range(int(lows[start:stop].min()), stop, _COLUMNS):
            near = block @ sketches.read(low, min(low + _COLUMNS, stop)).T >= texts.cosine - _MARGIN
            for at, row in enumerate(near):
                columns = low + np.flatnonzero(row)
                found[at].append(columns[(columns >= lows[start + at]) & (columns < start + at)])
        for at, pieces in enumerate(found, start):
            yield int(kept[at]), kept[np.concatenate(pieces)]


def _find_loose(
    texts: _Texts, matched: dict[int, int], first: dict[int, int], weights: Sequence[int], jaccard: float
) -> dict[int, tuple[int, float, float]]:
    """Return the texts that are looser copies: of which, the cosine, and the share of common word runs.

    Each copy is held against the one it matched and against the cleanest of all copies of that story.
    """
    stories: dict[int, list[int]] = {}
    for copy, original in first.items():
        stories.setdefault(original, [original]).append(copy)
    loose: dict[int, tuple[int, float, float]] = {}
    for members in stories.values():
        cleanest = min(members, key=lambda i: (weights[i], i))
        pairs = {(m, r) for m in members for r in (cleanest, matched.get(m, m))}
        for pair in sorted(pairs):
            cleaner, looser = sorted(pair, key=lambda i: (weights[i], i))
            shared = containment(texts.signature(cleaner), texts.signature(looser))
            if cleaner == looser or shared >= jaccard:
                continue
            alike = cosines(texts.signature(cleaner), [texts.signature(looser)])[0]
            better = looser not in loose or (alike, -cleaner) > (loose[looser][1], -loose[looser][0])
            if better and alike >= texts.cosine and texts.paraphrase(cleaner, looser):
                loose[looser] = (cleaner, alike, shared)
    return loose
