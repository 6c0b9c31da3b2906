"""A labelled folder run through the stages and scored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from diplotext import schema
from diplotext.corpora import load_gold, load_polnear
from diplotext.evaluate.attribution import evaluate_attribution
from diplotext.evaluate.labels import evaluate_posture, evaluate_speakers, evaluate_stance


def evaluate_folder(
    task: str, folder: str | Path, actors: pd.DataFrame | None = None, aliases: pd.DataFrame | None = None
) -> dict[str, Any]:
    """Run the stages on a labelled folder and score one of them, as ``diplotext evaluate`` does.

    Parameters
    ----------
    task
        One of attribution, speakers, posture, stance.
    folder
        In PolNeAR's form (attribution only; not cleaned, so that the corpus' offsets hold) or the sample corpus'.
    actors, aliases
        Your own; the sample's ``actors.csv`` and ``aliases.csv`` in the folder are taken when none are given.

    Returns
    -------
    dict of scores, for PolNeAR's form with ``beside``, what others reached; see `evaluate_attribution`,
    `evaluate_speakers`, `evaluate_posture`, `evaluate_stance`.

    Raises
    ------
    ValueError
        For another task, or a corpus without the labels it needs.
    FileNotFoundError
        If the folder is of neither form.
    """
    from diplotext.pipeline import Settings, analyze_articles
    from diplotext.quotes import attribute_quotes

    folder = Path(folder)
    if (folder / "attributions").is_dir():
        if task != "attribution":
            raise ValueError(f"task: {folder.name!r} is labelled for attribution only; got {task!r}")
        gold = load_polnear(folder)
        return evaluate_attribution(*attribute_quotes(gold.articles), gold) | {"beside": read_references()}
    gold = load_gold(folder)
    own = {"actors": actors, "aliases": aliases}
    for name, table in own.items():
        if table is None and (folder / f"{name}.csv").exists():
            own[name] = schema.read_table(folder / f"{name}.csv", name)
    tables = analyze_articles(gold.articles, Settings(**own))
    quotes, found = tables["quotes"], tables["spans"]
    if task == "attribution":
        return evaluate_attribution(quotes, found, gold)
    if task == "speakers":
        return evaluate_speakers(quotes, found, gold)
    if task == "posture":
        return evaluate_posture(quotes, found, tables["stances"], gold)
    if task == "stance":
        return evaluate_stance(quotes, found, tables["stances"], gold)
    raise ValueError(f"task: expected one of attribution, speakers, posture, stance; got {task!r}")


def read_references() -> dict[str, Any]:
    """Return what other systems and people reached on PolNeAR: system → score → role or part → score."""
    result: dict[str, Any] = {}
    for row in schema.read_rows("references.csv"):
        numbers = {k: float(row[k]) if row[k] else None for k in ("estimate", "ci_low", "ci_high")}
        score = numbers | {"n": int(row["n"]) if row["n"] else None}
        system = result.setdefault(f"{row['system']} ({row['measured_on']})", {})
        system.setdefault(row["score"], {})[row["part"]] = score
    return result
