"""What people labelled, put in place of what the machine found."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from diplotext import schema
from diplotext.schema.item_ids import make_target_id

#: the annotator under which several coders were settled; beside it nobody else's labels count.
GOLD = "gold"

#: the class of an announced act that people labelled: its root is not asked for, the stance toward its target tells it.
_MATERIAL = {"oppose": "material conflict", "support": "material cooperation"}
_YES = {"yes": True, "true": True, "no": False, "false": False}
_ALLOWED = {"stance": schema.STANCES, "posture": schema.POSTURES, "conditional": tuple(_YES)}
#: fields that are of a target, not of the statement.
_OF_TARGETS = ("target", "stance", "sentiment")


class Labelled(NamedTuple):
    """Labelled statements: rows as people have them, and by quote_id and field the weight 1 / p (0: not labelled)."""

    rows: pd.DataFrame
    weights: pd.DataFrame


def apply_labels(rows: pd.DataFrame, annotations: pd.DataFrame, samples: pd.DataFrame | None) -> Labelled:
    """Return the rows of labelled statements with the labels in them, and the weight of each statement and field.

    What a person did not label stays as the machine has it. A statement that is none (field ``statement``, label
    ``no``) has no rows; nor has a target that is none (field ``target``, label ``none``); targets that people added
    have one. A field that was labelled in a part of the sample only counts as a sample of the sample, drawn at random.

    Raises
    ------
    ValueError
        If the sample is missing or not that of the labels, a thing has two labels, or a label is outside its values.
    """
    labels = _read(annotations)
    if samples is None:
        raise ValueError(
            "samples: expected the sample that was labelled, which says how likely each statement was to be drawn; got "
            "None; pass samples=sample_annotations(...)"
        )
    samples = schema.check_input(samples, "samples").drop_duplicates("item_id")
    chance = samples.set_index("item_id")["p_inclusion"]
    labels = labels[labels["quote_id"].isin(chance.index)]
    if labels.empty:
        raise ValueError("annotations: expected labels of the statements in samples; got none; join them to this run")
    whole = labels[~labels["item_id"].str.contains("#", regex=False)]
    by_statement = {str(field): dict(zip(own["quote_id"], own["label"], strict=True))
                    for field, own in whole.groupby("field")}  # fmt: skip
    refused = {q for q, label in by_statement.pop("statement", {}).items() if label.lower() == "no"}
    seen = sorted(set(labels["quote_id"]))
    own = rows[rows["quote_id"].isin(seen)].copy()
    own["item_id"] = _target_ids(own)
    people = own[~own["quote_id"].isin(refused)].copy()
    for field, label in by_statement.items():
        if field in people.columns and field not in _OF_TARGETS:
            _set(people, field, people["quote_id"].map(label).astype("str"))
    people = _set_targets(people, labels[labels["item_id"].str.contains("#", regex=False)], rows)
    acts = people["quote_id"].map(by_statement.get("posture", {})).astype("str") == "announce_act"
    unclear = acts & (people["quad"].fillna("none") == "none")
    people["quad"] = people["quad"].mask(unclear, people["stance"].map(_MATERIAL).fillna("none"))
    weights = pd.DataFrame(0.0, index=seen, columns=[])
    targeted = set(labels.loc[labels["field"].isin(_OF_TARGETS), "quote_id"])
    without = set(own.loc[own["target_id"].fillna("") == "", "quote_id"])
    fields = {"stance": targeted | (without if targeted else set()), **{f: set(v) for f, v in by_statement.items()}}
    for field, have in fields.items():
        given = np.array([q in have or q in refused for q in seen])
        if have:
            weights[field] = given / chance[seen].to_numpy() * len(chance) / max(1, given.sum())
    return Labelled(people.drop(columns="item_id"), weights)


def _read(annotations: pd.DataFrame) -> pd.DataFrame:
    labels = schema.check_input(annotations, "annotations").dropna(subset=["label"])
    if (labels["annotator"] == GOLD).any():
        labels = labels[labels["annotator"] == GOLD]
    twice = labels.duplicated(["item_id", "field"])
    if twice.any():
        row = labels[twice].iloc[0]
        raise ValueError(
            f"annotations: expected one label of an item and field; got two of {row['item_id']!r}, {row['field']!r}; "
            f"make one gold of several coders (annotator {GOLD!r}) with annotation.adjudicate"
        )
    for field, allowed in _ALLOWED.items():
        wrong = labels[(labels["field"] == field) & ~labels["label"].str.lower().isin(allowed)]
        if len(wrong):
            raise ValueError(
                f"annotations: {field} expected one of {', '.join(allowed)}; got {wrong['label'].iloc[0]!r}"
            )
    return labels.assign(quote_id=labels["item_id"].str.partition("#")[0])


def _target_ids(rows: pd.DataFrame) -> list[str]:
    """Return each target's item_id."""
    columns = (rows[c] for c in ("quote_id", "target", "target_start", "target_end"))
    return [
        make_target_id(q, name if pd.notna(name) else None, *((int(s), int(e)) if pd.notna(s) and pd.notna(e) else ()))
        for q, name, s, e in zip(*columns, strict=True)
    ]


def _set(people: pd.DataFrame, field: str, labels: pd.Series) -> None:
    """Put the labels of a statement's field into its rows, with all that hangs on it."""
    has = labels.notna()
    if field == "conditional":
        people[field] = people[field].astype("boolean").mask(has, labels.str.lower().map(_YES).astype("boolean"))
        return
    if field == "posture":
        quads = {row["posture"]: row["quad"] for row in schema.read_rows("postures.csv")}
        other = has & (labels != people["posture"])
        people["quad"] = people["quad"].mask(other, labels.map(quads))
    if field == "country":
        labels = labels.map(_country_codes()).fillna(labels).mask(labels.str.lower() == "none")
        people["resolution"] = people["resolution"].mask(has, "user")
    if field in ("intensity", "sentiment"):
        labels = pd.to_numeric(labels)
    people[field] = people[field].mask(has, labels)


def _country_codes() -> dict[str, str]:
    return {row["name"]: row["code"] for row in schema.read_rows("states.csv")}


def _set_targets(people: pd.DataFrame, labels: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with people's targets and stances: corrected, added, and without those that are none."""
    wide = {str(field): dict(zip(own["item_id"], own["label"], strict=True)) for field, own in labels.groupby("field")}
    none = {item for item, label in wide.get("target", {}).items() if label.strip().lower() == "none"}
    known = rows.dropna(subset=["target"]).drop_duplicates("target").set_index("target")
    known = known[["target_id", "target_kind", "target_country"]]
    # a statement whose first target is gone, or that had none, still counts once for its posture
    shells = people.drop_duplicates("quote_id").assign(target_id="", target=None, target_country=None, stance=None)
    added = labels[~labels["item_id"].isin(people["item_id"]) & ~labels["item_id"].isin(none)]
    added = added.drop_duplicates("item_id").set_index("item_id")["quote_id"]
    new = shells.set_index("quote_id").reindex(added[added.isin(shells["quote_id"])])
    new = new.reset_index().assign(item_id=added.index[added.isin(shells["quote_id"])])
    kept = people[~people["item_id"].isin(none) & (people["target_id"].fillna("") != "")]
    kept = pd.concat([kept, new], ignore_index=True) if len(new) else kept.reset_index(drop=True)
    names = kept["item_id"].map(wide.get("target", {})).astype("str")
    renamed = names.notna() & (names.str.casefold() != kept["target"].astype("str").str.casefold())
    for column in known:
        told = names.map(known[column])
        if column == "target_id":
            told = told.fillna("open:" + names.str.casefold())
        kept[column] = kept[column].mask(renamed, told)
    kept["target"] = kept["target"].mask(renamed, names)
    for field in ("stance", "sentiment"):
        label = kept["item_id"].map(wide.get(field, {})).astype("str")
        kept[field] = kept[field].mask(label.notna(), pd.to_numeric(label) if field == "sentiment" else label)
    bare = shells[~shells["quote_id"].isin(kept["quote_id"])]
    return pd.concat([kept, bare], ignore_index=True) if len(bare) else kept
