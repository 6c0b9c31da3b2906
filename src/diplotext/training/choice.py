"""Fitting of what chooses targets among tagged spans, and of which stances go with which posture.

Writes `resources/target_choice.csv` and `resources/posture_stances.csv`.
"""

from __future__ import annotations

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
from diplotext.training.coded import read_aside

#: corpora whose targets are all labelled, statement by statement, as they come.
CORPORA = ("guardian", "wikinews")
#: how much a statement counts that the network was not trained on, against one that it was; and the ridge.
_UNSEEN, _RIDGE = 3.0, 0.1


def train_choice(data: Sequence[Path], out: Path) -> None:
    """Fit the weights of what speaks for a target, by the network that ships, and write the tables.

    Parameters
    ----------
    data
        Folders with ``coded.csv``, ``split.csv`` and the corpora `CORPORA`, as far as they are there.
    out
        Folder to write into; ``resources`` of the package to have the weights used.
    """
    labels = next(path / "coded.csv" for path in data if (path / "coded.csv").is_file())
    unseen = read_aside([labels.parent])
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
    table = pd.Series(fit_choice(facts, right, weights), name="weight").rename_axis("fact").reset_index()
    table.to_csv(out / "target_choice.csv", index=False)
    rows = pd.read_csv(labels, dtype="str", keep_default_na=False)
    rows = rows[~(rows["corpus"] + "/" + rows["document"]).isin(unseen)]
    count_stances(rows).to_csv(out / "posture_stances.csv", index=False)


def fit_choice(facts: Sequence[Facts], right: Sequence[bool], weights: Sequence[float]) -> dict[str, float]:
    """Return a constant and the weight of each fact, by a logistic regression over standardised facts."""
    table = pd.DataFrame(list(facts))
    mean, spread = table.mean(), table.std(ddof=0) + 1e-9
    model = LogisticRegression(C=_RIDGE, max_iter=1000).fit((table - mean) / spread, right, sample_weight=weights)
    slopes = pd.Series(model.coef_[0], table.columns) / spread
    constant = float(model.intercept_[0] - (slopes * mean).sum())
    return {"constant": round(constant, 4), **{str(name): round(float(w), 4) for name, w in slopes.items()}}


def count_stances(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how often each stance is taken toward a target, by posture, its kind, and whether it is the main one.

    Parameters
    ----------
    rows
        Labels in the form of ``data/coded.csv``.

    Returns
    -------
    DataFrame posture, target_kind, main, and the share of each stance, half a case added to each.
    """
    keys = ["posture", "target_kind", "main"]
    every = pd.MultiIndex.from_product([schema.POSTURES, ["actor", "issue"], ["true", "false"]], names=keys)
    counts = pd.crosstab([rows[key] for key in keys], rows["stance"])
    counts = counts.reindex(index=every, columns=list(schema.STANCES), fill_value=0) + 0.5
    return counts.div(counts.sum(axis=1), axis=0).round(4).reset_index()


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
    """Fit the tables and write them: ``python -m diplotext.training.choice CORPORA LABELS OUT``, folders."""
    *data, out = (Path(name) for name in sys.argv[1:])
    train_choice(data, out)


if __name__ == "__main__":
    main()
