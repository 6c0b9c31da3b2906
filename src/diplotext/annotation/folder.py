"""Labels in an analysed folder: its sample, and the labels that were brought into it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from diplotext import schema
from diplotext.annotation.agreement import GOLD, Adjudication, Agreement, adjudicate, score_agreement
from diplotext.annotation.codebook import load_codebook
from diplotext.annotation.exchange import export_samples, import_labels
from diplotext.annotation.joining import JoinedLabels, join_labels
from diplotext.annotation.sampling import sample_annotations

SAMPLES, ANNOTATIONS, PROBLEMS = "samples.csv", "annotations.csv", "annotations_problems.csv"
SETTLED = "gold.csv"
_TABLES = ("articles", "edits", "quotes", "spans", "stances")


class Imported(NamedTuple):
    """All labels of a folder after an import, and what could not be read or joined, with the reason."""

    annotations: pd.DataFrame
    problems: pd.DataFrame


def read_folder(out: str | Path) -> schema.Analysis:
    """Return the tables of an analysed folder that labelling needs.

    Raises
    ------
    ValueError
        If it is no analysed folder.
    """
    out = Path(out)
    absent = [name for name in _TABLES if not (out / f"{name}.parquet").exists()]
    if absent:
        what = f"{str(out)!r} without {absent[0]}.parquet" if out.is_dir() else f"{str(out)!r}, which is no folder"
        raise ValueError(f"out: expected a folder that `diplotext analyze` wrote; got {what}")
    names = [*_TABLES, *(["utterances"] if (out / "utterances.parquet").exists() else [])]
    return schema.Analysis(**{name: schema.read_table(out / f"{name}.parquet", name) for name in names})


def sample_folder(out: str | Path, n: int, uncertain: float = 0.5, seed: int = 0) -> pd.DataFrame:
    """Draw a sample of an analysed folder into its ``samples.csv``; one that was labelled is not replaced.

    Raises
    ------
    ValueError
        If there is another sample already, to which labels may belong.
    """
    path = Path(out) / SAMPLES
    samples = sample_annotations(read_folder(out), n, uncertain=uncertain, seed=seed)
    if path.exists() and not schema.read_table(path, "samples").equals(samples):
        raise ValueError(
            f"out: expected a folder without a sample, to which labels may belong; got {path}. Move it away"
        )
    schema.write_table(samples, path)
    return samples


def read_samples(out: str | Path) -> pd.DataFrame:
    """Return the sample of an analysed folder.

    Raises
    ------
    ValueError
        If none was drawn.
    """
    path = Path(out) / SAMPLES
    if not path.is_file():
        raise ValueError(
            f"out: expected a folder with {SAMPLES}; got {str(out)!r}. Draw one: `diplotext annotate sample`"
        )
    return schema.read_table(path, "samples")


def read_labels(out: str | Path) -> JoinedLabels:
    """Return the labels of an analysed folder, joined to its run (it may have been analysed anew since).

    Those that `agree_folder` settled are among them, as of the annotator ``gold``.

    Raises
    ------
    ValueError
        If it has no labels.

    Examples
    --------
    >>> read_labels(folder)
    Traceback (most recent call last):
    ...
    ValueError: out: expected a folder with annotations.csv; got ...
    """
    path = Path(out) / ANNOTATIONS
    if not path.is_file():
        raise ValueError(
            f"out: expected a folder with {ANNOTATIONS}; got {str(out)!r}. Fill it: `diplotext annotate import`"
        )
    names = [name for name in (ANNOTATIONS, SETTLED) if (Path(out) / name).is_file()]
    labels = pd.concat([schema.read_table(Path(out) / name, "annotations") for name in names], ignore_index=True)
    return join_labels(labels, read_samples(out), read_folder(out))


def export_folder(out: str | Path, path: str | Path, codebook: str | Path | None = None) -> Path:
    """Write the sample of an analysed folder for coders; see `export_samples`."""
    analysis = read_folder(out)
    samples = join_labels(schema.build_table("annotations"), read_samples(out), analysis).samples
    return export_samples(samples, analysis, path, load_codebook(codebook))


def import_folder(
    out: str | Path, paths: Sequence[str | Path], annotator: str | None = None, codebook: str | Path | None = None
) -> Imported:
    """Bring coders' files into the ``annotations.csv`` of an analysed folder.

    A coder's later import replaces an earlier one, and undoes what was settled before. What could not be read or joined
    is listed in ``annotations_problems.csv``.
    """
    out, analysis, samples, book = Path(out), read_folder(out), read_samples(out), load_codebook(codebook)
    read = [import_labels(path, samples, analysis, annotator, book) for path in paths]
    joined = join_labels(pd.concat([one.annotations for one in read], ignore_index=True), samples, analysis)
    problems = pd.concat([*(one.problems for one in read), joined.unjoined], ignore_index=True)
    before = [schema.read_table(out / ANNOTATIONS, "annotations")] if (out / ANNOTATIONS).is_file() else []
    again = set(joined.annotations["annotator"])
    kept = [table[~table["annotator"].isin(again)] for table in before]
    annotations = schema.build_table("annotations", pd.concat([*kept, joined.annotations], ignore_index=True))
    schema.write_table(annotations, out / ANNOTATIONS)
    problems.to_csv(out / PROBLEMS, index=False)
    (out / SETTLED).unlink(missing_ok=True)
    return Imported(annotations, problems)


def agree_folder(out: str | Path, decisions: str | Path | None = None) -> tuple[Agreement | None, Adjudication]:
    """Score the agreement of a folder's coders, and make their gold: ``disagreements.csv``, ``gold.csv``.

    One coder alone has no agreement (None), and labels the gold. Decisions are a CSV with item_id, field, label: the
    disagreements with a column ``label`` filled in.
    """
    joined = read_labels(out)
    decided = None
    if decisions is not None:
        decided = pd.read_csv(decisions, dtype="str", keep_default_na=False)
        absent = [c for c in ("item_id", "field", "label") if c not in decided]
        if absent:
            raise ValueError(f"decisions: expected a column {absent[0]!r}; got {', '.join(decided)}")
        decided = decided[decided["label"].str.strip() != ""]
    coders = set(joined.annotations["annotator"]) - {GOLD}
    agreement = score_agreement(joined.annotations, joined.samples) if len(coders) > 1 else None
    adjudication = adjudicate(joined.annotations, decided)
    listed = adjudication.undecided.assign(label="")
    listed.to_csv(Path(out) / "disagreements.csv", index=False)
    schema.write_table(adjudication.gold, Path(out) / SETTLED)
    return agreement, adjudication


def describe_agreement(agreement: Agreement | None, adjudication: Adjudication) -> dict[str, Any]:
    """Return the scores of `agree_folder` as one object: field → label → measure → score."""
    result: dict[str, Any] = {"undecided": len(adjudication.undecided), "fields": {}}
    for row in () if agreement is None else agreement.scores.itertuples():
        numbers = {
            k: None if pd.isna(v := getattr(row, k)) else round(float(v), 4) for k in ("estimate", "ci_low", "ci_high")
        }
        label = "all" if pd.isna(row.label) else row.label
        result["fields"].setdefault(row.field, {}).setdefault(label, {})[row.measure] = {
            **numbers,
            "n": int(row.n_items),
        }
    return result
