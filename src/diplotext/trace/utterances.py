"""Utterances: what stands in several articles and was said once."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

from diplotext import schema
from diplotext.trace.align import Side, align
from diplotext.trace.compare import mark_free
from diplotext.trace.printed import mark_quoted
from diplotext.trace.records import first_days, read_speakers
from diplotext.trace.search import features_of
from diplotext.trace.words import Word, is_content, split_words, stem

#: how alike two statements must be to be compared word by word, and how many of each are.
_CANDIDATE, _MOST, _ROWS = 0.2, 40, 512
#: hashes of features, statements whose words are kept at hand, and pairs that are compared at once.
_HASHES, _HELD, _PAIRS = 1 << 20, 4096, 1024
#: share of the shorter one's words that the longer has, its fewest content words, and how many days lie between.
_ALIKE, _FEWEST, _DAYS = 0.8, 3, 31
#: share of the shorter passage in the records that both print.
_OVERLAP = 0.5
#: what stands before the first word of a sentence
_OPENING = re.compile(r"[.!?…“”\"‘«»:]\s*|^\W+")


def group_utterances(
    quotes: pd.DataFrame, articles: pd.DataFrame, *, traces: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Give statements of several articles that print one utterance the same id, and tell how its printings differ.

    It does not join two statements of one article unless a third article prints both, and does not join what one
    speaker said twice where the traces show two places, nor what differs in names or numbers on both sides.

    Two statements are one utterance if both are traced and their passages share at least half of the shorter one; or if
    they have the same resolved speaker, were published within 31 days of each other (or one is undated), and four
    fifths of the shorter one's words, three content words at least, stand in the longer one in the same order. Of
    direct and mixed statements the words inside quotation marks are compared. Of copies of one story (`duplicate_of`)
    statements whose speaker is not known, and short ones of the very same words, are joined too.

    Parameters
    ----------
    quotes
        The quotes table, after `resolve_speakers`.
    articles
        Their articles; copies (`duplicate_of`) count as printings.
    traces
        The traces table of the same quotes.

    Returns
    -------
    The utterances table, one row a statement (key quote_id), in the order of `quotes`:

    utterance_id
        quote_id of the utterance's earliest printing; where dates are the same or missing, of the first in order.
    printing
        Number of this printing in order of publication, from 1; undated ones come last.
    n_printings, n_articles, n_outlets
        How many statements, articles and outlets print the utterance. An article without an outlet counts as one.
    drift
        How far this printing is from the earliest one: 1 − twice the words in common over the words of both, in [0, 1].

    Raises
    ------
    ValueError
        If the tables do not belong together, or speakers are not resolved.

    Examples
    --------
    >>> utterances = group_utterances(analysis.quotes, analysis.articles)
    >>> len(utterances) == len(analysis.quotes)
    True
    """
    quotes, articles, _ = schema.check_statements(quotes, articles, resolved=True)
    if traces is not None:
        traces = schema.check_input(traces, "traces")
        schema.check_share(traces, "traces", quotes, "quotes")
    return join_printings(quotes, articles, traces)


def join_printings(quotes: pd.DataFrame, articles: pd.DataFrame, traces: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what `group_utterances` does, of tables that are known to belong together; articles need no text."""
    if quotes.empty:
        return schema.build_table("utterances")
    statements = _Statements(quotes, articles, _passages(quotes, traces))
    groups = _Groups(len(quotes))
    for a, b in _same_passages(statements.passages):
        if statements.owner[a] != statements.owner[b]:
            groups.join(a, b)
    for a, b in _same_words(statements):
        groups.join(a, b)
    return _tabulate(quotes, articles, groups, statements)


class _Groups:
    """Disjoint sets of numbers (union-find)."""

    def __init__(self, size: int) -> None:
        self._parents = array("i", range(size))

    def find(self, a: int) -> int:
        while self._parents[a] != a:
            self._parents[a] = self._parents[self._parents[a]]
            a = self._parents[a]
        return a

    def join(self, a: int, b: int) -> None:
        a, b = sorted((self.find(a), self.find(b)))
        self._parents[b] = a


class _Statements:
    """The statements by number: whose they are, when they were printed, and their words, read when they are needed."""

    def __init__(
        self, quotes: pd.DataFrame, articles: pd.DataFrame, passages: dict[int, list[tuple[str, int, int]]]
    ) -> None:
        self._texts, self._kinds = quotes["text"].fillna("").array, quotes["kind"].array
        self.passages = passages
        known = pd.Series(first_days(articles), index=articles["article_id"])
        self.days = quotes["article_id"].map(known).to_numpy(dtype=float)
        self.owner = pd.factorize(quotes["article_id"])[0]
        self.resolved = (quotes["speaker"].notna() & (quotes["resolution"].fillna("") != "unresolved")).to_numpy()
        names = quotes[["speaker", "speaker_mention", "country", "sector", "speaker_kind"]]
        names = names.assign(speaker_mention=names["speaker_mention"].mask(names["speaker"].fillna("") != ""))
        speakers = [(s.name, s.country) for s in read_speakers(names.drop_duplicates())]
        same = pd.factorize(pd.Series(speakers, dtype="object"))[0]
        self.speaker = same[names.groupby(list(names), dropna=False, sort=False).ngroup()]
        self.story = pd.factorize(quotes["article_id"].map(_stories(articles)))[0]
        self.words = lru_cache(maxsize=_HELD)(self._read)

    def text(self, n: int) -> str:
        """Return a statement as printed."""
        return str(self._texts[n])

    def _read(self, n: int) -> list[Word]:
        text = self.text(n)
        words = split_words(text)
        inside = mark_quoted(text, words, self._kinds[n])
        return [word for word, judged in zip(words, inside, strict=True) if judged] or words

    def plain(self, n: int) -> str:
        """Return the words that are judged, in their common form."""
        return " ".join(w.form for w in self.words(n) if not w.inserted)

    def __len__(self) -> int:
        """Return the number of statements."""
        return len(self.owner)


def _passages(quotes: pd.DataFrame, traces: pd.DataFrame | None) -> dict[int, list[tuple[str, int, int]]]:
    """Return the passages in the records of each statement that was traced."""
    found: dict[int, list[tuple[str, int, int]]] = {}
    if traces is not None:
        rows = traces[traces["transcript_id"].notna()]
        numbers = pd.Series(range(len(quotes)), index=quotes["quote_id"]).reindex(rows["quote_id"])
        columns = (rows[c] for c in ("transcript_id", "start", "end"))
        for number, transcript, start, end in zip(numbers, *columns, strict=True):
            if number == number:  # one of these statements
                found.setdefault(int(number), []).append((transcript, int(start), int(end)))
    return found


def _same_passages(passages: dict[int, list[tuple[str, int, int]]]) -> Iterator[tuple[int, int]]:
    by_record: dict[str, list[tuple[int, int, int]]] = {}
    for number, own in passages.items():
        for transcript, start, end in own:
            by_record.setdefault(transcript, []).append((start, end, number))
    for rows in by_record.values():
        rows.sort()
        open_rows: list[tuple[int, int, int]] = []
        for start, end, number in rows:
            open_rows = [row for row in open_rows if row[1] > start]
            for other_start, other_end, other in open_rows:
                shared = min(end, other_end) - start
                if shared >= _OVERLAP * min(end - start, other_end - other_start):
                    yield other, number
            open_rows.append((start, end, number))


def _same_words(statements: _Statements) -> Iterator[tuple[int, int]]:
    """Yield pairs of different articles that have the same speaker, or are of one story, and nearly the same words."""
    content = np.zeros(len(statements), np.int32)
    features = _Features()
    for start in range(0, len(statements), _ROWS):
        numbers = range(start, min(start + _ROWS, len(statements)))
        features.count([statements.plain(n) for n in numbers])
        content[start : start + _ROWS] = [len({w.form for w in statements.words(n) if is_content(w.form)})
                                          for n in numbers]  # fmt: skip
    spoken = np.where(statements.resolved & (content >= _FEWEST), statements.speaker, -1)
    for blocks in (spoken, statements.story):
        for members in _cut_blocks(blocks):
            for pairs in _find_pairs(statements, features, members):
                yield from _compare(statements, content, pairs)


def _cut_blocks(blocks: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the numbers of the members of each block that has several; -1 is none."""
    order = np.argsort(blocks, kind="stable")
    starts = np.flatnonzero(np.diff(blocks[order], prepend=-2))
    for low, high in zip(starts, [*starts[1:], len(order)], strict=True):
        if high - low > 1 and blocks[order[low]] >= 0:
            yield order[low:high]


class _Features:
    """Word stems and pairs of them as sparse vectors, known by hashes, weighted by rarity (TF-IDF)."""

    def __init__(self) -> None:
        self._vectorizer = HashingVectorizer(
            analyzer=features_of, n_features=_HASHES, norm=None, alternate_sign=False, dtype=np.float32
        )
        self._frequency = np.zeros(_HASHES, np.int64)
        self._number = 0

    def count(self, texts: Sequence[str]) -> None:
        """Count in how many texts features stand."""
        rows = self._vectorizer.transform(texts)
        self._frequency += np.bincount(rows.indices, minlength=_HASHES)
        self._number += len(texts)

    def weigh(self, texts: Iterable[str]) -> sparse.csr_matrix:
        """Return the vectors of texts, of length 1."""
        rows = self._vectorizer.transform(texts)
        rarity = np.log((1 + self._number) / (1 + self._frequency[rows.indices])) + 1
        rows.data = ((np.log(rows.data) + 1) * rarity).astype(np.float32)
        return normalize(rows, copy=False)


def _find_pairs(statements: _Statements, features: _Features, numbers: np.ndarray) -> Iterator[list[tuple[int, int]]]:
    """Yield pairs of a block that are alike and near in time, the lower number first."""
    rows = features.weigh(statements.plain(int(n)) for n in numbers)
    columns, owner, days = rows.T.tocsr(), statements.owner, statements.days
    for start in range(0, len(numbers), _ROWS):
        product = rows[start : start + _ROWS] @ columns
        pairs = set()
        for row, a in enumerate(numbers[start : start + _ROWS]):
            low, high = product.indptr[row], product.indptr[row + 1]
            worth = product.data[low:high]
            best = np.argsort(-worth, kind="stable")[: _MOST + 1]
            others = numbers[product.indices[low:high][best[worth[best] >= _CANDIDATE]]]
            near = ~(np.abs(days[others] - days[a]) > _DAYS) & (owner[others] != owner[a])
            pairs |= {(min(int(a), int(b)), max(int(a), int(b))) for b in others[near]}
        yield sorted(pairs)


def _compare(
    statements: _Statements, content: np.ndarray, pairs: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Yield the pairs that print the same words in the same order."""
    worth = [pair for pair in pairs if _may_be_one(statements, content, *pair)]
    for start in range(0, len(worth), _PAIRS):
        words = {n: statements.words(n) for pair in worth[start : start + _PAIRS] for n in pair}
        ordered = [sorted(pair, key=lambda n: (len(words[n]), n)) for pair in worth[start : start + _PAIRS]]
        sides = _number([words[n] for pair in ordered for n in pair])
        for (a, b), (_, places), short, long in zip(
            ordered, align(sides[::2], sides[1::2]), sides[::2], sides[1::2], strict=True
        ):
            taken = places >= 0
            kept = int((long.ids[places[taken]] == short.ids[taken]).sum())
            spread = int(places[taken].max() - places[taken].min()) + 1 if taken.any() else 0
            if kept >= _ALIKE * len(short.ids) and spread <= 2 * len(short.ids):
                yield a, b


def _may_be_one(statements: _Statements, content: np.ndarray, a: int, b: int) -> bool:
    """Tell whether neither speakers, names, numbers, the places traced nor too few words forbid one utterance."""
    both = statements.resolved[a] and statements.resolved[b]
    if both and statements.speaker[a] != statements.speaker[b]:
        return False
    if min(content[a], content[b]) < _FEWEST and not statements.plain(a) == statements.plain(b) != "":
        return False
    one, other = ({w.form for w in statements.words(n)} for n in (a, b))
    if (
        _named(statements.text(a), statements.words(a)) - other
        and _named(statements.text(b), statements.words(b)) - one
    ):
        return False
    return not _apart(*(statements.passages.get(n, []) for n in (a, b)))


def _stories(articles: pd.DataFrame) -> dict[str, str]:
    """Return the first copy of the story of each article that has copies or is one."""
    first = articles.set_index("article_id")["duplicate_of"].dropna()
    return {**dict(zip(first, first, strict=True)), **first.to_dict()}


def _named(text: str, words: list[Word]) -> set[str]:
    """Return the forms of names and numbers: what begins with a capital within a sentence, or holds a digit."""
    begins = {0, *(match.end() for match in _OPENING.finditer(text))}
    return {
        w.form for w in words if any(map(str.isdigit, w.form)) or (text[w.start].isupper() and w.start not in begins)
    }


def _apart(a: Iterable[tuple[str, int, int]], b: Iterable[tuple[str, int, int]]) -> bool:
    """Tell whether both are traced, and to places that have nothing in common."""
    a, b = list(a), list(b)
    return bool(a and b) and not any(x[0] == y[0] and x[1] < y[2] and y[1] < x[2] for x in a for y in b)


def _number(texts: list[list[Word]]) -> list[Side]:
    forms: dict[str, int] = {}
    stems: dict[str, int] = {}
    return [
        Side(
            np.array([forms.setdefault(w.form, len(forms)) for w in words], dtype=np.int32),
            np.array([stems.setdefault(stem(w.form), len(stems)) for w in words], dtype=np.int32),
            np.array([is_content(w.form) for w in words], dtype=bool),
            mark_free(words),
        )
        for words in texts
    ]


def _tabulate(quotes: pd.DataFrame, articles: pd.DataFrame, groups: _Groups, statements: _Statements) -> pd.DataFrame:
    facts = articles[["article_id", "outlet", "published"]].drop_duplicates("article_id").set_index("article_id")
    own = facts.loc[quotes["article_id"]].reset_index()
    frame = pd.DataFrame(
        {
            "quote_id": quotes["quote_id"], "article_id": quotes["article_id"],
            "outlet": own["outlet"].fillna("\x00" + own["article_id"]), "published": own["published"],
            "group": [groups.find(n) for n in range(len(quotes))], "number": range(len(quotes)),
        }
    )  # fmt: skip
    order = frame.sort_values(["published", "number"], na_position="last", kind="stable")
    first = order.groupby("group")["number"].transform("first").sort_index()
    together = frame.groupby("group")
    return schema.build_table(
        "utterances",
        pd.DataFrame(
            {
                "quote_id": frame["quote_id"],
                "utterance_id": frame["quote_id"].array.take(first.to_numpy()),
                "printing": (order.groupby("group").cumcount() + 1).sort_index(),
                "n_printings": together["quote_id"].transform("size"),
                "n_articles": together["article_id"].transform("nunique"),
                "n_outlets": together["outlet"].transform("nunique"),
                "drift": [
                    _drift(*([w.form for w in statements.words(m)] for m in (a, n))) if a != n else 0.0
                    for n, a in enumerate(first)
                ],
            }
        ),
    )


def _drift(first: list[str], other: list[str]) -> float:
    """Return 1 − the Dice overlap of two texts' words, in any order."""
    if not first and not other:
        return 0.0
    a, b = (pd.Series(words, dtype="str").value_counts() for words in (first, other))
    shared = np.minimum(a, b.reindex(a.index, fill_value=0)).sum()
    return round(1 - 2 * float(shared) / (len(first) + len(other)), 4)
