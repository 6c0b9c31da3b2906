"""The weights of ``antecedents.csv``: fitted on coreference marked by people, and on who speaks where a pronoun does.

Run by ``python -m diplotext.training.antecedents GUM POLNEAR TESTS NEWS...``: a folder in GUM's form, of which the
documents that are kept aside are not read; one in PolNeAR's with the parts ``train`` and ``dev``; the folder with
``speakers.csv``, ``speakers_train.csv`` and ``news_speakers.csv``, whose split report is not read; and folders of news
(``guardian``, ``wikinews``). It prints the table, and on stderr how often the right one is chosen in documents that
were left out of the fit. Earlier pronouns are decided by the table in force, so after a change of features it is run
twice. Needs no torch.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from diplotext import schema
from diplotext.actors import read_articles
from diplotext.cast import Cast, Heard, read_cast
from diplotext.cast.antecedents import FEATURES, Candidate, read_pronoun, refer, view
from diplotext.corpora import Gold, load_documents, load_polnear
from diplotext.evaluate.attribution import match_statements
from diplotext.evaluate.coded import read_rows_of, read_speakers
from diplotext.evaluate.entities import KINDS, THIRD, Entity, is_aside, read_entities
from diplotext.evaluate.naming import is_same
from diplotext.evaluate.speakers import read_labels
from diplotext.names import fold, load_index
from diplotext.names.mentions import PRONOUNS
from diplotext.pipeline import make_tables
from diplotext.quotes import attribute_quotes

#: the columns of the table, and the sorts of pronouns that each is for
_COLUMNS = {"person": ("male", "female"), "body": ("plural", "thing")}
_RIDGE, _FOLDS = 2.0, 6


class Example(NamedTuple):
    """One pronoun: its document, the column of the table, and each mention before it: features, whose, if right."""

    document: str
    column: str
    features: np.ndarray
    keys: np.ndarray
    right: np.ndarray


def main(argv: Sequence[str] | None = None) -> int:
    """Fit the weights and print the table."""
    parser = argparse.ArgumentParser(description="Fit whom a pronoun takes up; prints the table of weights.")
    for name in ("gum", "polnear", "tests"):
        parser.add_argument(name, type=Path)
    parser.add_argument("news", type=Path, nargs="*")
    given = parser.parse_args(argv)
    examples = [e for path in sorted(given.gum.glob("*.conllu")) if not is_aside(path.stem) for e in _read_gum(path)]
    for part, labels, split in (("train", "speakers_train.csv", "train"), ("dev", "speakers.csv", "develop")):
        gold = load_polnear(given.polnear / part)
        examples += _read_speakers(gold, read_labels(given.tests / labels, gold, split))
    for folder in given.news:
        rows = read_rows_of(given.tests / "news_speakers.csv", folder.name, "develop")
        gold = read_speakers(rows, load_documents(folder, rows["document"]))
        examples += _read_speakers(gold, gold.quotes[["quote_id", "speaker", "speaker_kind"]], clean=True)
    table = {}
    for column in _COLUMNS:
        own = [e for e in examples if e.column == column]
        table[column] = _fit(own)
        sys.stderr.write(f"{column}: {_cross_validate(own):.3f} of {len(own)} right in documents left out\n")
    pd.DataFrame(table, index=pd.Index(FEATURES, name="feature")).round(3).to_csv(sys.stdout)
    return 0


def _read_gum(path: Path) -> Iterator[Example]:
    """Yield the pronouns of a document that take up somebody with a name."""
    text, entities = read_entities(path)
    cast = read_cast(text, names=load_index())
    named = {e.cluster for e in entities if e.form == "named" and e.kind in KINDS}
    for entity in entities:
        word = text[entity.start : entity.end]
        if (
            entity.form == "pronoun"
            and fold(word).lower() in THIRD
            and entity.kind in KINDS
            and entity.cluster in named
        ):
            yield from _example(cast, cast.overheard, entity.start, word, path.stem,
                                partial(_is_of, entities, entity.cluster))  # fmt: skip


def _is_of(entities: list[Entity], cluster: str, mention: Candidate) -> bool:
    """Tell whether the smallest entity in which a mention begins is of a cluster."""
    around = [e for e in entities if e.start <= mention.start < e.end]
    return bool(around) and min(around, key=lambda e: e.end - e.start).cluster == cluster


def _read_speakers(gold: Gold, labels: pd.DataFrame, *, clean: bool = False) -> Iterator[Example]:
    """Yield the found statements of an article whose source is a pronoun, with their gold speaker."""
    owner = gold.quotes.set_index("quote_id")["article_id"]
    articles = gold.articles[gold.articles["article_id"].isin(labels["quote_id"].map(owner))]
    if clean:
        tables = make_tables(articles, schema.check_dictionaries(None))
        articles, quotes, spans = tables["articles"], tables["quotes"], tables["spans"]
    else:
        quotes, spans = attribute_quotes(articles)
    pairs = match_statements(quotes, spans, gold.quotes, gold.spans)
    both = pairs.merge(labels.rename(columns={"quote_id": "gold_id"}), on="gold_id").set_index("quote_id")
    wanted = both.assign(also=both.get("also", None))[["speaker", "also", "speaker_kind"]].to_dict("index")
    ids, document = quotes["quote_id"].tolist(), quotes["article_id"].tolist()
    for numbers, cast, found in read_articles(quotes, articles, spans, load_index(), None):
        heard = Heard(cast.people, [source for source, _ in found])
        told = sorted((s.at if s.at >= 0 else s.start, n, s, r) for n, (s, r) in zip(numbers, found, strict=True))
        for _, number, source, referent in told:
            row = wanted.get(ids[number])
            if row is not None and source.at >= 0:
                right = _is_speaker(cast, heard, row)
                yield from _example(cast, heard, source.at, source.mention or "", document[number], right)
            heard.remember(source, referent)


def _is_speaker(cast: Cast, heard: Heard, row: dict[Hashable, Any]) -> Callable[[Candidate], bool]:
    """Return what tells whether a mention is the gold speaker."""
    names, kind = (row["speaker"], row["also"]), str(row["speaker_kind"])
    return lambda candidate: is_same(refer(cast, candidate, heard).name, names, kind)


def _example(
    cast: Cast, heard: Heard, at: int, word: str, document: str, right: Callable[[Candidate], bool]
) -> Iterator[Example]:
    """Yield an example of a pronoun of the third person, where anything stands before it."""
    noun = PRONOUNS.get(fold(word).lower(), "")
    column = next((c for c, nouns in _COLUMNS.items() if noun in nouns), None)
    if column is None:
        return
    seen = list(view(cast, heard, read_pronoun(cast, at, word, noun)))
    if not seen:
        return
    numbers: dict[Hashable, int] = {}
    keys = [numbers.setdefault(candidate.key, len(numbers)) for candidate, _ in seen]
    hits = {key for key, (candidate, _) in zip(keys, seen, strict=True) if right(candidate)}
    features = np.array([values for _, values in seen])
    yield Example(document, column, features, np.array(keys), np.array([key in hits for key in keys]))


def _fit(examples: Sequence[Example]) -> np.ndarray:
    """Fit the weights, so that the share of the right ones, each by its best mention, is largest (with a ridge)."""
    useful = [e for e in examples if e.right.any() and not e.right.all()]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = _RIDGE * float(weights @ weights), 2 * _RIDGE * weights
        for example in useful:
            scores = example.features @ weights
            order = np.lexsort((scores, example.keys))
            best = order[np.append(np.diff(example.keys[order]) != 0, True)]
            odds = np.exp(scores[best] - scores.max())
            right = odds * example.right[best]
            total -= float(np.log(right.sum() / odds.sum() + 1e-12))
            slope = slope + example.features[best].T @ (odds / odds.sum() - right / max(right.sum(), 1e-12))
        return total, slope

    return np.asarray(minimize(loss, np.zeros(len(FEATURES)), jac=True, method="L-BFGS-B").x)


def _cross_validate(examples: Sequence[Example]) -> float:
    """Return the share of pronouns for which a fit on other documents chooses right."""
    documents = sorted({e.document for e in examples})
    np.random.default_rng(0).shuffle(documents)
    fold_of = {document: n % _FOLDS for n, document in enumerate(documents)}
    hits = []
    for number in range(_FOLDS):
        weights = _fit([e for e in examples if fold_of[e.document] != number])
        hits += [e.right[np.argmax(e.features @ weights)] for e in examples if fold_of[e.document] == number]
    return float(np.mean(hits))


if __name__ == "__main__":
    sys.exit(main())
