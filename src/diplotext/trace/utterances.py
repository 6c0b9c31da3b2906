"""Utterances: what stands in several articles and was said once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer

from diplotext import schema
from diplotext.trace.align import Side, align
from diplotext.trace.compare import mark_free
from diplotext.trace.printed import mark_quoted
from diplotext.trace.records import first_days, read_speakers
from diplotext.trace.search import features_of
from diplotext.trace.words import Word, is_content, split_words, stem

#: how alike two statements must be to be compared word by word, and how many of each are.
_CANDIDATE, _MOST, _ROWS = 0.2, 40, 512
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
    if quotes.empty:
        return schema.build_table("utterances")
    days = quotes["article_id"].map(dict(zip(articles["article_id"], first_days(articles), strict=True)))
    words = [
        _judged(text, kind) for text, kind in zip(quotes["text"].fillna(""), quotes["kind"], strict=True)
    ]  # fmt: skip
    passages = _passages(quotes, traces)
    groups = _Groups(len(quotes))
    owner = quotes["article_id"].to_numpy()
    for a, b in _same_passages(passages):
        if owner[a] != owner[b]:
            groups.join(a, b)
    for a, b in _same_words(quotes, words, days.to_numpy(dtype=float), passages, _stories(quotes, articles)):
        groups.join(a, b)
    return _tabulate(quotes, articles, groups, words)


class _Groups:
    """Disjoint sets of numbers (union-find)."""

    def __init__(self, size: int) -> None:
        self._parents = list(range(size))

    def find(self, a: int) -> int:
        while self._parents[a] != a:
            self._parents[a] = self._parents[self._parents[a]]
            a = self._parents[a]
        return a

    def join(self, a: int, b: int) -> None:
        a, b = sorted((self.find(a), self.find(b)))
        self._parents[b] = a


def _judged(text: str, kind: str) -> list[Word]:
    words = split_words(text)
    return [w for w, inside in zip(words, mark_quoted(text, words, kind), strict=True) if inside] or words


def _passages(quotes: pd.DataFrame, traces: pd.DataFrame | None) -> list[list[tuple[str, int, int]]]:
    """Return each statement's passages in the records."""
    found: dict[str, list[tuple[str, int, int]]] = {}
    if traces is not None:
        rows = traces[traces["transcript_id"].notna()]
        columns = (rows[c] for c in ("quote_id", "transcript_id", "start", "end"))
        for quote_id, transcript, start, end in zip(*columns, strict=True):
            found.setdefault(quote_id, []).append((transcript, int(start), int(end)))
    return [found.get(quote_id, []) for quote_id in quotes["quote_id"]]


def _same_passages(passages: list[list[tuple[str, int, int]]]) -> Iterator[tuple[int, int]]:
    by_record: dict[str, list[tuple[int, int, int]]] = {}
    for number, own in enumerate(passages):
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


def _same_words(
    quotes: pd.DataFrame,
    words: list[list[Word]],
    days: np.ndarray,
    passages: list[list[tuple[str, int, int]]],
    stories: list[str | None],
) -> Iterator[tuple[int, int]]:
    """Yield pairs of different articles that have the same speaker, or are of one story, and nearly the same words."""
    texts = [" ".join(w.form for w in own if not w.inserted) for own in words]
    content = [len({w.form for w in own if is_content(w.form)}) for own in words]
    blocks: dict[tuple[str, str], list[int]] = {}
    resolved = (quotes["speaker"].notna() & (quotes["resolution"].fillna("") != "unresolved")).to_numpy()
    speakers = [(speaker.name, speaker.country) for speaker in read_speakers(quotes)]
    for number, (speaker, story) in enumerate(zip(speakers, stories, strict=True)):
        if resolved[number] and content[number] >= _FEWEST:
            blocks.setdefault(speaker, []).append(number)
        if story:
            blocks.setdefault(("", story), []).append(number)
    many = [np.array(numbers) for numbers in blocks.values() if len(numbers) > 1]
    if not many:
        return
    rows = TfidfVectorizer(analyzer=features_of, sublinear_tf=True, dtype=np.float32).fit_transform(texts)
    owner = quotes["article_id"].to_numpy()
    pairs: list[tuple[int, int]] = []
    for numbers in many:
        columns = rows[numbers].T.tocsr()
        for start in range(0, len(numbers), _ROWS):
            chunk = numbers[start : start + _ROWS]
            product = rows[chunk] @ columns
            for row, a in enumerate(chunk):
                low, high = product.indptr[row], product.indptr[row + 1]
                worth = product.data[low:high]
                best = np.argsort(-worth, kind="stable")[: _MOST + 1]
                others = numbers[product.indices[low:high][best[worth[best] >= _CANDIDATE]]]
                near = ~(np.abs(days[others] - days[a]) > _DAYS)
                pairs += [(int(a), int(b)) for b in others[near] if owner[a] != owner[b]]
    pairs = sorted({(min(p), max(p)) for p in pairs})
    named = [_named(text, own) for text, own in zip(quotes["text"].fillna(""), words, strict=True)]
    forms = [{w.form for w in own} for own in words]
    pairs = [
        (a, b)
        for a, b in pairs
        if (speakers[a] == speakers[b] or not (resolved[a] and resolved[b]))
        and (min(content[a], content[b]) >= _FEWEST or texts[a] == texts[b] != "")
        and not (named[a] - forms[b] and named[b] - forms[a])
        and not _apart(passages[a], passages[b])
    ]
    ordered = [(a, b) if len(words[a]) <= len(words[b]) else (b, a) for a, b in pairs]
    sides = _number([words[n] for pair in ordered for n in pair])
    for (a, b), (_, places), short, long in zip(
        pairs, align(sides[::2], sides[1::2]), sides[::2], sides[1::2], strict=True
    ):
        taken = places >= 0
        kept = int((long.ids[places[taken]] == short.ids[taken]).sum())
        spread = int(places[taken].max() - places[taken].min()) + 1 if taken.any() else 0
        if kept >= _ALIKE * len(short.ids) and spread <= 2 * len(short.ids):
            yield a, b


def _stories(quotes: pd.DataFrame, articles: pd.DataFrame) -> list[str | None]:
    """Return, of each statement's article, the first copy of its story; None where there are no copies."""
    first = articles.set_index("article_id")["duplicate_of"].dropna()
    known = {**dict(zip(first, first, strict=True)), **first.to_dict()}
    return [known.get(article) for article in quotes["article_id"]]


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


def _tabulate(quotes: pd.DataFrame, articles: pd.DataFrame, groups: _Groups, words: list[list[Word]]) -> pd.DataFrame:
    own = articles.drop_duplicates("article_id").set_index("article_id").loc[quotes["article_id"]].reset_index()
    frame = pd.DataFrame(
        {
            "quote_id": quotes["quote_id"], "article_id": quotes["article_id"],
            "outlet": own["outlet"].fillna("\x00" + own["article_id"]), "published": own["published"],
            "group": [groups.find(n) for n in range(len(quotes))], "number": range(len(quotes)),
        }
    )  # fmt: skip
    order = frame.sort_values(["published", "number"], na_position="last", kind="stable")
    first = order.groupby("group")["number"].transform("first").sort_index()
    forms = [[w.form for w in own] for own in words]
    together = frame.groupby("group")
    return schema.build_table(
        "utterances",
        pd.DataFrame(
            {
                "quote_id": frame["quote_id"],
                "utterance_id": frame["quote_id"].to_numpy()[first],
                "printing": (order.groupby("group").cumcount() + 1).sort_index(),
                "n_printings": together["quote_id"].transform("size"),
                "n_articles": together["article_id"].transform("nunique"),
                "n_outlets": together["outlet"].transform("nunique"),
                "drift": [_drift(forms[a], forms[n]) if a != n else 0.0 for n, a in enumerate(first)],
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
