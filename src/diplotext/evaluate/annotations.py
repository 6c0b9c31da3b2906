"""An analysed folder against its people's labels: a weighted sample stands for all of its statements."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from diplotext import schema
from diplotext.annotation import read_labels, settle_labels
from diplotext.annotation.agreement import NO_TARGET
from diplotext.annotation.folder import read_folder
from diplotext.annotation.items import list_targets
from diplotext.evaluate.scores import Score, make_score
from diplotext.findings.intervals import f1, ratio
from diplotext.schema.item_ids import read_quote_id

#: fields of statements whose labels are compared one by one, and the confidence that came with each.
_CLOSED = {"posture": "posture_p", "conditional": None, "mode": None}
_OPEN = {"speaker": "speaker_confidence", "country": "speaker_confidence"}
_GROUPS = ("speaker_kind", "outlet")
_BINS = 5


def evaluate_annotated(folder: str | Path) -> dict[str, Any]:
    """Score an analysed folder against its ``annotations.csv`` and ``samples.csv``; see `evaluate_annotations`."""
    joined = read_labels(folder)
    return evaluate_annotations(read_folder(folder), joined.annotations, joined.samples)


def evaluate_annotations(analysis: schema.Analysis, annotations: pd.DataFrame, samples: pd.DataFrame) -> dict[str, Any]:
    """Score what the machine found against what people labelled in a sample, for all statements that it stands for.

    It does not score statements that were not found: the sample is of those that were. Every count is weighted by
    1 / p_inclusion (Horvitz & Thompson 1952, JASA 47: 663–685), so that the uncertain part does not make the scores
    worse than they are; n counts statements or targets without weights. Intervals resample articles.

    Parameters
    ----------
    analysis
        The run, with articles, quotes and stances.
    annotations
        Labels joined to it (see `diplotext.annotation.join_labels`). The adjudicated ones (annotator ``gold``) are
        taken; where there are none, the labels on which most coders agree.
    samples
        The sample, joined to the run.

    Returns
    -------
    dict of scores
        - ``statement``: share of statements that are one
        - ``posture``, ``conditional``, ``mode``, ``stance``: ``macro_f1``, ``accuracy``, ``per_label`` (precision,
          recall, f1), ``confusion`` (people's label → machine's → weighted number)
        - ``speaker``, ``country``: ``accuracy``
        - ``targets``: precision, recall, f1
        - ``by_speaker_kind``, ``by_outlet``: accuracy of each field, precision and recall of targets
        - ``calibration``: of statement, speaker, posture, stance: a list of ``confidence`` (mean of a fifth of the
          sample) with the share that is right
        - ``undecided``: labels without agreement, which count for nothing

    Raises
    ------
    ValueError
        If no label is of a sampled statement.

    Examples
    --------
    >>> samples = dt.annotation.sample_annotations(analysis, 6)
    >>> labels = pd.DataFrame({"item_id": samples["item_id"], "field": "posture", "annotator": "kim", "label": "state"})
    >>> sorted(evaluate_annotations(analysis, labels, samples))[:2]
    ['by_outlet', 'by_speaker_kind']
    """
    quotes, articles, stances = schema.take_tables(analysis, "quotes", "articles", "stances")
    gold, undecided = settle_labels(annotations)
    cases = samples.merge(
        quotes.drop(columns=["raw_start", "raw_end", "article_id"]), left_on="item_id", right_on="quote_id"
    )
    cases = cases.merge(_main(stances), on="quote_id", how="left")
    cases = cases.merge(articles[["article_id", "outlet"]], on="article_id", how="left")
    cases = cases.assign(weight=1 / cases["p_inclusion"])
    wide = gold.set_index(["item_id", "field"])["label"].unstack()  # noqa: PD010 (each stands once)
    wide = wide.reindex(columns=list(dict.fromkeys([*wide, "statement", *_CLOSED, *_OPEN, "target", "stance"])))
    people = cases[["quote_id"]].join(wide, on="quote_id").add_prefix("gold_")
    cases = pd.concat([cases, people], axis=1)
    targets = _pair_targets(cases, wide, list_targets(quotes, stances))
    if people.drop(columns="gold_quote_id").isna().all(axis=None) and targets["gold_stance"].isna().all():
        raise ValueError("annotations: expected labels of sampled statements; got none: join them to the run first")
    cases["right_statement"] = _right(cases["gold_statement"], pd.Series("yes", index=cases.index))
    for field in _CLOSED:
        cases[f"right_{field}"] = _right(cases[f"gold_{field}"], cases[field])
    cases["right_speaker"] = _right(cases["gold_speaker"], cases["speaker"])
    cases["right_country"] = _right(
        _read_countries(cases["gold_country"], analysis), cases["country"].fillna(NO_TARGET)
    )
    result: dict[str, Any] = {"statement": _share(cases, "right_statement")}
    for field in _CLOSED:
        result[field] = _score_labels(cases, f"gold_{field}", field)
    result["stance"] = _score_labels(targets[targets["found"]], "gold_stance", "stance")
    for field in _OPEN:
        result[field] = {"accuracy": _share(cases, f"right_{field}")}
    result["targets"] = _score_targets(targets)
    for group in _GROUPS:
        result[f"by_{group}"] = {
            str(name): _score_group(rows, targets[targets["quote_id"].isin(rows["quote_id"])])
            for name, rows in cases.groupby(cases[group].fillna("(none)"), sort=True)
        }
    targets["right_stance"] = _right(targets["gold_stance"], targets["stance"].where(targets["found"]))
    result["calibration"] = {
        "statement": _curve(cases, "confidence", "right_statement"),
        "speaker": _curve(cases, "speaker_confidence", "right_speaker"),
        "posture": _curve(cases, "posture_p", "right_posture"),
        "stance": _curve(targets[targets["found"]], "stance_p", "right_stance"),
    }
    return {**{k: v for k, v in result.items() if v}, "undecided": len(undecided)}


def _main(stances: pd.DataFrame) -> pd.DataFrame:
    """Return what each statement has once, with flags as the codebook words them."""
    rows = stances[["quote_id", "posture", "posture_p", "conditional", "mode"]].drop_duplicates("quote_id")
    return rows.assign(conditional=rows["conditional"].map({True: "yes", False: "no"}).astype("str"))


def _pair_targets(cases: pd.DataFrame, wide: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Return the targets of statements whose targets people labelled: of the machine (found) and of people (wanted)."""
    labelled = wide[wide.index.str.contains("#", regex=False)][["target", "stance"]].add_prefix("gold_")
    labelled = labelled[labelled.notna().any(axis=1)]
    rows = found.set_index("item_id")[["stance", "stance_p"]].join(labelled, how="outer")
    rows["quote_id"] = rows.index.map(read_quote_id)
    rows["found"] = rows.index.isin(found["item_id"])
    # Of a statement that people passed over nothing is known.
    rows = rows[rows["quote_id"].isin(set(labelled.index.map(read_quote_id)))]
    rows["wanted"] = rows[["gold_target", "gold_stance"]].notna().any(axis=1) & (rows["gold_target"] != NO_TARGET)
    return rows.reset_index(names="item_id").merge(cases[["quote_id", "article_id", "weight"]], on="quote_id")


def _right(gold: pd.Series, found: pd.Series) -> pd.Series:
    """Tell whether labels are the same, but for case and outer space; missing where people gave none."""
    plain = [column.astype("str").str.strip().str.casefold() for column in (gold, found)]
    return (plain[0] == plain[1].fillna("")).astype("boolean").where(gold.notna())


def _read_countries(gold: pd.Series, analysis: schema.Analysis) -> pd.Series:
    """Return codes for people's countries: theirs, or those of the states that they named."""
    codes = {
        row[c].casefold(): row["code"] for row in schema.read_rows("states.csv") for c in ("name", "official_name")
    }
    own = analysis.dictionaries.actors
    if own is not None:
        states = own[own["kind"] == "state"]
        codes |= dict(zip(states["name"].str.casefold(), states["country"], strict=True))
    return gold.map(lambda label: codes.get(label.strip().casefold(), label), na_action="ignore")


def _sum(rows: pd.DataFrame, columns: Sequence[pd.Series]) -> np.ndarray:
    """Return weighted sums by article, shape (articles, columns)."""
    values = (
        np.column_stack([column.to_numpy(dtype=float, na_value=0) for column in columns])
        if len(rows)
        else np.zeros((0, len(columns)))
    )
    number, articles = pd.factorize(rows["article_id"], sort=True)
    sums = np.zeros((len(articles), len(columns)))
    np.add.at(sums, number, values * rows["weight"].to_numpy(dtype=float)[:, None])
    return sums


def _share(cases: pd.DataFrame, right: str) -> Score:
    rows = cases[cases[right].notna()]
    return make_score(_sum(rows, [rows[right], pd.Series(1.0, index=rows.index)]), ratio, len(rows))


def _score_labels(cases: pd.DataFrame, gold: str, found: str) -> dict[str, Any]:
    """Return macro-F1, accuracy, precision and recall by label, and the confusion matrix, all weighted."""
    rows = cases[cases[gold].notna() & (cases[gold] != NO_TARGET)]
    if rows.empty:
        return {}
    names = sorted(set(rows[gold]) | set(rows[found].dropna()))
    parts = [
        part for name in names
        for part in ((rows[gold] == name) & (rows[found] == name), rows[found] == name, rows[gold] == name)
    ]  # fmt: skip
    sums = _sum(rows, parts)
    wanted = [n for n, name in enumerate(names) if (rows[gold] == name).any()]

    def macro(totals: np.ndarray) -> np.ndarray:
        return np.nanmean(f1(totals.reshape(*totals.shape[:-1], len(names), 3)[..., wanted, :]), axis=-1)

    right = rows.assign(right=(rows[gold] == rows[found]).astype("boolean"))
    table = rows.groupby([gold, rows[found].fillna("(none)")])["weight"].sum()
    return {
        "macro_f1": make_score(sums, macro, len(rows)),
        "accuracy": _share(right, "right"),
        "per_label": {
            name: _score_counts(sums[:, 3 * n : 3 * n + 3], parts[3 * n + 1], parts[3 * n + 2])
            for n, name in enumerate(names)
        },
        "confusion": {
            str(label): {str(k): round(float(v), 2) for k, v in own.droplevel(0).items()}
            for label, own in table.groupby(level=0)
        },
    }  # fmt: skip


def _score_counts(sums: np.ndarray, found: pd.Series, wanted: pd.Series) -> dict[str, Score]:
    """Return precision, recall and F1 of weighted hits, found and wanted."""
    counts = int(found.sum()), int(wanted.sum())
    return {
        "precision": make_score(sums[:, [0, 1]], ratio, counts[0]),
        "recall": make_score(sums[:, [0, 2]], ratio, counts[1]),
        "f1": make_score(sums, f1, int((found | wanted).sum())),
    }


def _score_targets(targets: pd.DataFrame) -> dict[str, Any]:
    if targets.empty:
        return {}
    parts = [targets["found"] & targets["wanted"], targets["found"], targets["wanted"]]
    return _score_counts(_sum(targets, parts), parts[1], parts[2])


def _score_group(cases: pd.DataFrame, targets: pd.DataFrame) -> dict[str, Any]:
    accuracy = {
        f: _share(cases, f"right_{f}") for f in ("statement", *_CLOSED, *_OPEN) if cases[f"right_{f}"].notna().any()
    }
    return {"accuracy": accuracy, **({"targets": scores} if (scores := _score_targets(targets)) else {})}


def _curve(cases: pd.DataFrame, confidence: str, right: str) -> list[Score]:
    """Return the calibration curve: cases by rising confidence in parts of equal size, each with its share right."""
    rows = cases[cases[right].notna() & cases[confidence].notna()].sort_values([confidence, "quote_id"])
    parts = (
        [part for part in np.array_split(np.arange(len(rows)), min(_BINS, len(rows))) if len(part)] if len(rows) else []
    )
    curve = []
    for part in parts:
        own = rows.iloc[part]
        mean = float(np.average(own[confidence].astype(float), weights=own["weight"]))
        curve.append({"confidence": round(mean, 4), **_share(own, right)})
    return curve
