"""Fitting of what chooses targets among the spans that the network tags (`resources/target_choice.csv`)."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
from sklearn.linear_model import LogisticRegression

from diplotext import schema
from diplotext.actors import resolve_speakers
from diplotext.clean import clean_articles
from diplotext.corpora import Gold, load_documents
from diplotext.evaluate.attribution import match_statements
from diplotext.evaluate.coded import read_coded, read_rows_of
from diplotext.evaluate.targets import is_same
from diplotext.quotes import attribute_quotes
from diplotext.spans import offset_maps
from diplotext.stance.choice import Facts
from diplotext.stance.table import read_aimed

#: corpora whose targets are all labelled, statement by statement, as they come.
CORPORA = ("guardian", "wikinews")
#: how much a statement counts that the network was not trained on, against one that it was; and the ridge.
_UNSEEN, _RIDGE = 3.0, 0.1


def train_choice(data: Sequence[Path], out: Path) -> None:
    """Fit the weights of what speaks for a target, by the network that ships, and write ``target_choice.csv``.

    Parameters
    ----------
    data
        Folders with ``coded.csv``, ``split.csv`` and the corpora `CORPORA`, as far as they are there.
    out
        Folder to write into; ``resources`` of the package to have the weights used.
    """
    labels = next(path / "coded.csv" for path in data if (path / "coded.csv").is_file())
    seen = pd.read_csv(labels.with_name("split.csv"), dtype="str")
    unseen = set(seen["corpus"] + "/" + seen["document"])
    facts: list[Facts] = []
    right, weights = [], []
    for corpus in CORPORA:
        folder = next((path / corpus for path in data if (path / corpus).is_dir()), None)
        if folder is None:
            continue
        rows = read_rows_of(labels, corpus)
        articles = load_documents(folder, rows["document"])
        names = dict(zip(articles["article_id"], corpus + "/" + articles["document"], strict=True))
        for article_id, own, is_target in _judge(read_coded(rows, articles)):
            facts.append(own)
            right.append(is_target)
            weights.append(_UNSEEN if names[article_id] in unseen else 1.0)
    with (out / "target_choice.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["fact", "weight"])
        writer.writerows(fit_choice(facts, right, weights).items())


def fit_choice(facts: Sequence[Facts], right: Sequence[bool], weights: Sequence[float]) -> dict[str, float]:
    """Return a constant and the weight of each fact, by a logistic regression over standardised facts."""
    table = pd.DataFrame(list(facts))
    mean, spread = table.mean(), table.std(ddof=0) + 1e-9
    model = LogisticRegression(C=_RIDGE, max_iter=1000).fit((table - mean) / spread, right, sample_weight=weights)
    slopes = pd.Series(model.coef_[0], table.columns) / spread
    constant = float(model.intercept_[0] - (slopes * mean).sum())
    return {"constant": round(constant, 4), **{str(name): round(float(w), 4) for name, w in slopes.items()}}


def _judge(gold: Gold) -> Iterator[tuple[str, Facts, bool]]:
    """Yield article, facts and whether it is a target, of every candidate of the statements that are labelled."""
    articles, edits = clean_articles(gold.articles)
    quotes, spans = attribute_quotes(articles, edits)
    quotes = resolve_speakers(quotes, articles, spans)
    pairs = match_statements(quotes, spans, gold.quotes, gold.spans)
    labelled = dict(zip(pairs["quote_id"], pairs["gold_id"], strict=True))
    targets = {key: rows.to_dict("records") for key, rows in gold.stances.groupby("quote_id")}
    maps = offset_maps(articles, edits)
    for aimed in read_aimed(quotes, articles, spans, edits, schema.check_dictionaries(None)):
        if aimed.row.quote_id not in labelled:
            continue
        wanted = [row for row in targets[labelled[aimed.row.quote_id]] if row["target_id"]]
        for candidate, facts in zip(aimed.candidates, aimed.facts, strict=True):
            place = maps[aimed.row.article_id].to_raw(candidate.columns["start"], candidate.columns["end"])
            columns = candidate.columns | {"raw_start": place[0], "raw_end": place[1]}
            yield aimed.row.article_id, facts, any(is_same(columns, row) for row in wanted)


def main() -> None:
    """Fit the table and write it: ``python -m diplotext.training.choice CORPORA LABELS OUT``, folders."""
    *data, out = (Path(name) for name in sys.argv[1:])
    train_choice(data, out)


if __name__ == "__main__":
    main()
