"""A labelled folder run through the stages and scored."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from diplotext import schema
from diplotext.corpora import Gold, load_documents, load_gold, load_mpqa, load_polnear
from diplotext.evaluate.annotations import evaluate_annotated
from diplotext.evaluate.attribution import evaluate_attribution
from diplotext.evaluate.coded import read_coded, read_rows_of, read_speakers
from diplotext.evaluate.entities import evaluate_cast
from diplotext.evaluate.labels import evaluate_posture
from diplotext.evaluate.speakers import evaluate_speakers, match_turns, read_labels, score_speakers
from diplotext.evaluate.targets import evaluate_attitudes, evaluate_targets
from diplotext.evaluate.trace import evaluate_pairs, evaluate_sample

_TASKS = ("attribution", "speakers", "cast", "targets", "posture", "stance", "trace", "annotations")


def evaluate_folder(
    task: str,
    folder: str | Path,
    *,
    dictionaries: schema.Dictionaries | None = None,
    labels: str | Path | None = None,
    split: str | None = None,
) -> dict[str, Any]:
    """Run the stages on a labelled folder and score one of them, as ``diplotext evaluate`` does.

    Parameters
    ----------
    task
        One of attribution, speakers, cast, targets, posture, stance, trace, annotations.
    folder
        In PolNeAR's form (attribution, and speakers with `labels`; not cleaned, so that the corpus' offsets hold),
        MPQA's (targets, stance), the sample corpus', or, with `labels`, any folder of the documents that they name.
    dictionaries
        Your own tables; of the sample's own ones in the folder those are taken that are not given.
    labels
        Table of gold that stands apart from the texts: see `read_labels`, `read_speakers`, `match_turns`,
        `read_coded`, `read_pairs`.
    split
        Score only the rows of `labels` with this `part` (of traces, `split`).

    Returns
    -------
    dict of scores, for PolNeAR's form with ``beside``, what others reached; see `evaluate_attribution`,
    `evaluate_speakers`, `evaluate_posture`, `evaluate_targets`, `evaluate_attitudes`, `evaluate_trace`.

    Raises
    ------
    ValueError
        For another task, or a corpus without the labels it needs.
    FileNotFoundError
        If the folder is of neither form.

    Examples
    --------
    >>> evaluate_folder("weather", sample.folder)
    Traceback (most recent call last):
    ...
    ValueError: task: expected one of ...; got 'weather'
    """
    from diplotext.pipeline import make_tables
    from diplotext.quotes import attribute_quotes

    if task not in _TASKS:
        raise ValueError(f"task: expected one of {', '.join(_TASKS)}; got {task!r}")
    folder = Path(folder)
    own = schema.check_dictionaries(dictionaries)
    if task == "annotations":
        return evaluate_annotated(folder)
    if labels is not None and task == "attribution":
        raise ValueError("labels: expected with the tasks speakers, posture, stance and trace; got 'attribution'")
    if task == "cast":
        return evaluate_cast(folder, split)
    if task == "trace" and labels is not None:
        return evaluate_pairs(folder, labels, split, dictionaries=own)
    if labels is not None and task != "speakers":
        return _evaluate_coded(task, folder, labels, split, own)
    if (folder / "attitudes.jsonl").is_file():
        return _evaluate_attitudes(task, folder, own)
    if (folder / "attributions").is_dir():
        if task != "attribution" and labels is None:
            raise ValueError(f"task: {folder.name!r} is labelled for attribution only; got {task!r}")
        gold = load_polnear(folder)
        if labels is not None:
            return _evaluate_apart(gold, labels, split, own)
        return evaluate_attribution(*attribute_quotes(gold.articles), gold) | {"beside": read_references()}
    if labels is not None and "corpus" in pd.read_csv(labels, nrows=0):
        return _evaluate_named(folder, labels, split, own)
    if labels is not None:
        return _evaluate_turns(folder, labels, own)
    gold = load_gold(folder)
    samples = schema.load_dictionaries(folder)._asdict() if (folder / "actors.csv").is_file() else {}
    own = own._replace(**{name: table for name, table in samples.items() if getattr(own, name) is None})
    if task == "trace":
        return evaluate_sample(folder, dictionaries=own)
    tables = make_tables(gold.articles, own)
    quotes, found = tables["quotes"], tables["spans"]
    if task == "attribution":
        return evaluate_attribution(quotes, found, gold)
    if task == "speakers":
        return evaluate_speakers(quotes, found, gold)
    return _evaluate_stances(task, tables, gold)


def _evaluate_stances(task: str, tables: Mapping[str, pd.DataFrame], gold: Gold) -> dict[str, Any]:
    """Score what the stances table holds."""
    found = tables["quotes"], tables["spans"], tables["stances"], gold
    if task == "posture":
        return evaluate_posture(*found)
    if task == "targets":
        return evaluate_targets(*found)
    scores = evaluate_targets(*found)
    return scores["stance"] | {"target": scores["target"]}


def _evaluate_attitudes(task: str, folder: Path, own: schema.Dictionaries) -> dict[str, Any]:
    """Score the attitudes of MPQA; its texts are not cleaned, so that the corpus' offsets hold."""
    from diplotext.actors import resolve_speakers
    from diplotext.quotes import attribute_quotes
    from diplotext.stance import score_stances

    if task not in ("targets", "stance"):
        raise ValueError(f"task: {folder.name!r} is labelled for targets and stance; got {task!r}")
    gold = load_mpqa(folder)
    quotes, found = attribute_quotes(gold.articles)
    quotes = resolve_speakers(quotes, gold.articles, found, dictionaries=own)
    return evaluate_attitudes(quotes, found, score_stances(quotes, gold.articles, found, dictionaries=own), gold)


def _evaluate_apart(gold: Gold, labels: str | Path, split: str | None, own: schema.Dictionaries) -> dict[str, Any]:
    """Score speakers of PolNeAR's articles, whose gold is a table of offsets."""
    from diplotext.actors import resolve_speakers
    from diplotext.quotes import attribute_quotes

    wanted = read_labels(labels, gold, split)
    labelled = gold.quotes.loc[gold.quotes["quote_id"].isin(wanted["quote_id"]), "article_id"]
    articles = gold.articles[gold.articles["article_id"].isin(labelled)]
    quotes, found = attribute_quotes(articles)
    return evaluate_speakers(resolve_speakers(quotes, articles, found, dictionaries=own), found, gold, wanted)


def _evaluate_named(folder: Path, labels: str | Path, split: str | None, own: schema.Dictionaries) -> dict[str, Any]:
    """Score the speakers of any documents, whose gold is a table of the offsets of statements."""
    from diplotext.pipeline.stages import run_stages

    rows = read_rows_of(labels, folder.name, split)
    articles = load_documents(folder, rows["document"])
    gold = read_speakers(rows, articles)
    tables = run_stages(gold.articles, own, last="resolve_speakers").tables
    return evaluate_speakers(tables["quotes"], tables["spans"], gold)


def _evaluate_turns(folder: Path, labels: str | Path, own: schema.Dictionaries) -> dict[str, Any]:
    """Score the speakers of transcripts, whose gold is a table of turns."""
    from diplotext.io import load_articles
    from diplotext.pipeline import make_tables

    names = ("document", "speaker", "speaker_kind", "sector", "country")
    turns = pd.read_csv(labels, dtype=dict.fromkeys(names, "str"))
    tables = make_tables(load_articles([folder / name for name in turns["document"].unique()]), own)
    articles, quotes, found = (tables[name] for name in ("articles", "quotes", "spans"))
    return score_speakers(quotes, match_turns(quotes, found, articles, turns))


def _evaluate_coded(
    task: str, folder: Path, labels: str | Path, split: str | None, own: schema.Dictionaries
) -> dict[str, Any]:
    """Score targets, postures or stances of real documents, whose gold is a table of offsets."""
    from diplotext.pipeline import make_tables

    rows = read_rows_of(labels, folder.name, split)
    articles = load_documents(folder, rows["document"])
    if articles.empty:
        raise ValueError(f"data: expected documents that {Path(labels).name} names; got {str(folder)!r} without them")
    gold = read_coded(rows, articles, own)
    return _evaluate_stances(task, make_tables(gold.articles, own), gold)


def read_references() -> dict[str, Any]:
    """Return what other systems and people reached on PolNeAR: system → score → role or part → score."""
    result: dict[str, Any] = {}
    for row in schema.read_rows("references.csv"):
        numbers = {k: float(row[k]) if row[k] else None for k in ("estimate", "ci_low", "ci_high")}
        score = numbers | {"n": int(row["n"]) if row["n"] else None}
        system = result.setdefault(f"{row['system']} ({row['measured_on']})", {})
        system.setdefault(row["score"], {})[row["part"]] = score
    return result
