"""Our own labels of real statements (`data/coded.csv`), joined to the texts that they are offsets into."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from diplotext import spans
from diplotext.clean import clean_articles
from diplotext.corpora import load_documents, load_polnear, load_unscon
from diplotext.encoder import Statement
from diplotext.language.sentences import find_sentences
from diplotext.quotes import attribute_quotes
from diplotext.stance.passages import cut_passage

#: columns of the labels that hold for a statement as a whole.
WHOLE = ("posture", "conditional", "mode", "imposes")
#: characters that an unlabelled sentence must be longer than: titles and names of speakers are shorter.
_SHORT = 30
#: unlabelled statements of one corpus at most, evenly taken.
_UNLABELLED = 4000


class Target(NamedTuple):
    """A labelled target: its canonical name, where the statement's text prints it (-1 where not), and what holds."""

    name: str
    start: int
    end: int
    kind: str
    stance: str
    main: bool


class Labelled(NamedTuple):
    """A labelled statement; `group` is what must not be split: a document, debate or world."""

    group: str
    statement: Statement
    targets: tuple[Target, ...]
    labels: dict[str, str]


class _Document(NamedTuple):
    """A text, its headline, and the pieces (role, start, end) of its statements by their hull of content."""

    text: str
    headline: str
    statements: dict[spans.Span, list[tuple[str, int, int]]]


def read_coded(path: Path, folder: Path) -> list[Labelled]:
    """Return the labelled statements whose texts are in `folder`, by corpus and document.

    Parameters
    ----------
    path
        In the form of ``data/coded.csv``.
    folder
        Holds the corpora, as far as they are there: ``guardian/``, ``wikinews/``, ``whitehouse/``, ``polnear/train/``,
        ``unscon/sentences.csv``.
    """
    rows = pd.read_csv(path, dtype="str", keep_default_na=False)
    found: list[Labelled] = []
    for corpus, coded in rows.groupby("corpus", sort=False):
        if corpus == "unscon":  # whose rows are numbers of sentences, each a document here
            coded = coded.assign(document=coded["document"] + "#" + coded["start"])
        documents = _READERS[corpus](folder, list(coded["document"].unique()))
        for name, inner in coded[coded["document"].isin(documents)].groupby("document", sort=False):
            found += _join_labels(f"{corpus}/{name}", documents[name], inner)
    return found


def read_aside(data: Sequence[Path]) -> frozenset[str]:
    """Return the documents of `coded.csv` that are kept aside, as corpus/document, from ``split.csv``."""
    rows = pd.concat(
        [pd.read_csv(path / "split.csv", dtype="str") for path in data if (path / "split.csv").is_file()]
        or [pd.DataFrame(columns=["corpus", "document"])]
    )
    return frozenset(rows["corpus"] + "/" + rows["document"])


def read_unlabelled(path: Path, folder: Path, aside: frozenset[str]) -> Iterator[Labelled]:
    """Yield what nobody has labelled: statements of the labelled documents, and sentences of news that hold none.

    Parameters
    ----------
    path, folder
        As for `read_coded`.
    aside
        Documents, as corpus/document, of which nothing is taken.
    """
    rows = pd.read_csv(path, dtype="str", keep_default_na=False)
    for corpus, coded in rows[rows["corpus"] != "unscon"].groupby("corpus", sort=False):
        labelled = {name: [*zip(r["start"].astype(int), r["end"].astype(int), strict=True)]
                    for name, r in coded.groupby("document")}  # fmt: skip
        names = [name for name in coded["document"].unique() if f"{corpus}/{name}" not in aside]
        found: list[Labelled] = []
        for name, document in _READERS[corpus](folder, names).items():
            sentences = find_sentences(document.text)
            taken = [*labelled.get(name, []), *document.statements]
            pieces = [p for hull, p in document.statements.items() if not spans.overlap([hull], labelled.get(name, []))]
            if corpus != "polnear":  # of its articles there are enough statements
                free = (one for one in sentences if not spans.overlap([one], taken))
                pieces += [[("content", s, e)] for s, e in free if e - s > _SHORT]
            for own in pieces:
                statement, _ = cut_passage(document.text, sentences, own, document.headline)
                found.append(Labelled(f"{corpus}/{name}", statement, (), {}))
        yield from found[:: len(found) // _UNLABELLED + 1]


def _join_labels(group: str, document: _Document, rows: pd.DataFrame) -> Iterator[Labelled]:
    sentences = find_sentences(document.text)
    for (start, end), targets in rows.groupby(["start", "end"], sort=False):
        pieces = _match(document, (int(start), int(end)))
        first = targets.iloc[0].to_dict()
        speaker = "" if first["speaker"] == "?" else first["speaker"]
        statement, base = cut_passage(document.text, sentences, pieces, document.headline, speaker)
        yield Labelled(
            group, statement, tuple(_read_targets(targets.to_dict("records"), statement, base)),
            {task: first[task] for task in WHOLE if first[task]},
        )  # fmt: skip


def _read_targets(rows: Iterable[dict[str, str]], statement: Statement, base: int) -> Iterator[Target]:
    for row in rows:
        if row["target"] or row["target_start"]:
            start, end = (int(row[k] or base - 1) - base for k in ("target_start", "target_end"))
            inside = 0 <= start < end <= len(statement.text)
            name = row["target"] or statement.text[start:end]
            yield Target(
                name, start if inside else -1, end if inside else -1, row["target_kind"], row["stance"],
                row["main"] == "true",
            )  # fmt: skip


def _match(document: _Document, hull: spans.Span) -> list[tuple[str, int, int]]:
    """Return the pieces of the statement of this hull, or of the one most alike; else the hull as content."""
    if hull in document.statements:
        return document.statements[hull]
    best = max(document.statements, key=lambda other: spans.dice([hull], [other]), default=hull)
    alike = best in document.statements and spans.dice([hull], [best]) >= 0.5
    others = [p for p in document.statements[best] if p[0] != "content"] if alike else []
    return [("content", *hull), *others]


def _read_unscon(folder: Path, names: Sequence[str]) -> dict[str, _Document]:
    path = folder / "unscon" / "sentences.csv"
    if not path.is_file():
        return {}
    texts = load_unscon(path)["text"].tolist()
    numbers = {name: int(name.partition("#")[2]) for name in names}
    return {name: _Document(texts[n], "", {(n, n + 1): [("content", 0, len(texts[n]))]}) for name, n in numbers.items()}


def _read_polnear(folder: Path, names: Sequence[str]) -> dict[str, _Document]:
    if not (folder / "polnear" / "train").is_dir():
        return {}
    gold = load_polnear(folder / "polnear" / "train")
    return _documents(gold.articles.assign(headline=None), gold.quotes, gold.spans, gold.articles["article_id"])


def _read_whitehouse(folder: Path, names: Sequence[str]) -> dict[str, _Document]:
    paths = {name: folder / "whitehouse" / name for name in names}
    return {n: _Document(p.read_bytes().decode("utf-8"), "", {}) for n, p in paths.items() if p.is_file()}


def _read_news(corpus: str) -> Callable[[Path, Sequence[str]], dict[str, _Document]]:
    """Return a reader of articles whose statements are those that the package itself finds: the labels are of these."""

    def read(folder: Path, names: Sequence[str]) -> dict[str, _Document]:
        if not (folder / corpus).is_dir():
            return {}
        loaded = load_documents(folder / corpus, names)
        articles, edits = clean_articles(loaded)
        quotes, pieces = attribute_quotes(articles, edits)
        return _documents(articles, quotes, pieces, loaded["document"])

    return read


def _documents(
    articles: pd.DataFrame, quotes: pd.DataFrame, pieces: pd.DataFrame, names: Iterable[str]
) -> dict[str, _Document]:
    """Return documents by name, by raw offsets."""
    by_quote: dict[str, list[tuple[str, int, int]]] = {}
    for quote_id, role, start, end in pieces[["quote_id", "role", "raw_start", "raw_end"]].itertuples(index=False):
        by_quote.setdefault(quote_id, []).append((role, int(start), int(end)))
    found: dict[str, dict[spans.Span, list[tuple[str, int, int]]]] = {}
    columns = ["quote_id", "article_id", "raw_start", "raw_end"]
    for quote_id, article_id, start, end in quotes[columns].itertuples(index=False):
        found.setdefault(article_id, {})[int(start), int(end)] = by_quote[quote_id]
    rows = zip(names, articles["article_id"], articles["raw_text"], articles["headline"].fillna(""), strict=True)
    return {name: _Document(text, headline, found.get(i, {})) for name, i, text, headline in rows}


_READERS = {
    "unscon": _read_unscon, "polnear": _read_polnear, "whitehouse": _read_whitehouse,
    "guardian": _read_news("guardian"), "wikinews": _read_news("wikinews"),
}  # fmt: skip
