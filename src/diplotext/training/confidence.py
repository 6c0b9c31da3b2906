"""How often a rule about speakers is right: fits ``resources/speaker_confidence.csv``.

``python -m diplotext.training.confidence CORPORA GOLD > src/diplotext/resources/speaker_confidence.csv``, where CORPORA
holds the folders ``guardian``, ``wikinews`` and ``polnear/dev``, and GOLD is ``tests/gold``. Only the parts ``develop``
are read.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pandas as pd

from diplotext.actors import read_articles, rules_of
from diplotext.corpora import Gold, load_documents, load_polnear
from diplotext.evaluate.attribution import match_statements
from diplotext.evaluate.coded import read_rows_of, read_speakers
from diplotext.evaluate.naming import is_same
from diplotext.evaluate.speakers import read_labels
from diplotext.names import load_index

#: cases by which a kind's share is drawn towards its rule's, and a rule's towards the share of all
_PRIOR = 4
#: a kind with fewer cases has no row of its own
_ROW = 15
_BASIS = "measured on the parts develop of tests/gold; drawn towards the rule, and the rule towards all, by 4 cases"


def fit_confidences(cases: pd.DataFrame) -> list[tuple[str, str, float, int]]:
    """Return rule, kind (empty: any), share right and number of cases, in order of rule and kind.

    Parameters
    ----------
    cases
        One statement a row: ``broad, fine`` (the rule's kind, and with its name), ``kind, right``.
    """
    whole = float(cases["right"].mean())
    rows = []
    for broad, own in cases.groupby("broad"):
        share = _shrink(own["right"], whole)
        rows.append((str(broad), "", share, len(own)))
        rows += _rows_of_kinds(str(broad), own, share)
        for fine, part in own.groupby("fine"):
            if len(part) >= _ROW:
                inner = _shrink(part["right"], share)
                rows.append((str(fine), "", inner, len(part)))
                rows += _rows_of_kinds(str(fine), part, inner)
    return rows


def _rows_of_kinds(rule: str, cases: pd.DataFrame, share: float) -> list[tuple[str, str, float, int]]:
    return [
        (rule, str(kind), _shrink(part["right"], share), len(part))
        for kind, part in cases.groupby("kind")
        if len(part) >= _ROW
    ]


def _shrink(right: pd.Series, prior: float) -> float:
    return float((right.sum() + _PRIOR * prior) / (len(right) + _PRIOR))


def judge_speakers(
    quotes: pd.DataFrame, articles: pd.DataFrame, spans: pd.DataFrame, gold: Gold, labels: pd.DataFrame
) -> pd.DataFrame:
    """Return ``broad, fine, kind, right`` of every found statement that matches a gold one."""
    ids = quotes["quote_id"].tolist()
    resolved = {
        ids[number]: speaker
        for numbers, _, told in read_articles(quotes, articles, spans, load_index(), None)
        for number, (_, speaker) in zip(numbers, told, strict=True)
    }
    pairs = match_statements(quotes, spans, gold.quotes, gold.spans)
    rows = []
    wanted = labels.set_index("quote_id")
    for gold_id, quote_id in zip(pairs["gold_id"], pairs["quote_id"], strict=True):
        if gold_id in wanted.index:
            label, speaker = wanted.loc[gold_id], resolved[quote_id]
            fine, broad = rules_of(speaker)[:2]
            right = is_same(speaker.name, (label["speaker"], label.get("also")), label["speaker_kind"])
            rows.append({"broad": broad, "fine": fine, "kind": speaker.kind, "right": right})
    return pd.DataFrame(rows)


def main(corpora: Path, gold_folder: Path) -> None:
    """Print the table."""
    from diplotext import schema
    from diplotext.pipeline.stages import run_stages
    from diplotext.quotes import attribute_quotes

    cases = []
    for name in ("guardian", "wikinews"):
        rows = read_rows_of(gold_folder / "news_speakers.csv", name, "develop")
        gold = read_speakers(rows, load_documents(corpora / name, rows["document"]))
        made = run_stages(gold.articles, schema.check_dictionaries(None), last="attribute_quotes").tables
        cases.append(judge_speakers(made["quotes"], made["articles"], made["spans"], gold, gold.quotes))
    gold = load_polnear(corpora / "polnear" / "dev")
    labels = read_labels(gold_folder / "speakers.csv", gold, "develop")
    owners = gold.quotes.loc[gold.quotes["quote_id"].isin(labels["quote_id"]), "article_id"]
    articles = gold.articles[gold.articles["article_id"].isin(owners)]
    quotes, spans = attribute_quotes(articles)
    cases.append(judge_speakers(quotes, articles, spans, gold, labels))
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["rule", "kind", "confidence", "n", "basis"])
    for rule, kind, share, n in fit_confidences(pd.concat(cases)):
        writer.writerow([rule, kind, f"{share:.2f}", n, _BASIS])
    writer.writerow(["user", "", "1.0", 0, "set by hand"])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
