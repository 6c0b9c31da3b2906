"""What two coders of the sample corpus say of statements that were drawn from it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from diplotext import schema
from diplotext.annotation import join_labels
from diplotext.annotation.agreement import NO_TARGET
from diplotext.annotation.items import list_targets
from diplotext.corpora.attributions import Gold
from diplotext.schema.item_ids import make_target_id, read_quote_id

_SETTLED = "settled"
_FIELDS = {"": ("posture", "conditional"), "target": ("target", "stance")}


class Coded(NamedTuple):
    """The annotations of both coders, their decisions (item_id, field, label) where they disagreed, and the sample.

    Examples
    --------
    >>> dt.corpora.Coded._fields
    ('annotations', 'decisions', 'samples')
    """

    annotations: pd.DataFrame
    decisions: pd.DataFrame
    samples: pd.DataFrame


def ask_coders(folder: str | Path, gold: Gold, samples: pd.DataFrame, analysis: schema.Analysis) -> Coded:
    """Return what the coders of the sample corpus say of a sample: they labelled every statement of its articles.

    A sampled statement at whose place neither marked one is none; so is a target that a coder does not name.

    Parameters
    ----------
    folder
        Holds ``gold/validation_<coder>.csv``, ``settled`` for what they settled on; columns in ``data/README.md``.
    gold
        From `load_gold`, whose statements they number.
    samples
        From `sample_annotations`.
    analysis
        The run that it was drawn from, or another one: labels and sample come with this one's ids.

    Raises
    ------
    FileNotFoundError
        If there are no coders.

    Examples
    --------
    >>> gold, samples = dt.corpora.load_gold(sample.folder), dt.annotation.sample_annotations(analysis, 9)
    >>> coded = ask_coders(sample.folder, gold, samples, analysis)
    >>> coded.annotations["annotator"].nunique()
    2
    """
    paths = sorted((Path(folder) / "gold").glob("validation_*.csv"))
    if not paths:
        raise FileNotFoundError(f"folder: expected gold/validation_*.csv inside it; got {str(folder)!r}")
    given = pd.concat([_read(path, gold) for path in paths], ignore_index=True)
    ids = gold.quotes["quote_id"].map(_name_item)
    whole = gold.quotes.assign(sample_id=ids, item_id=ids, p_inclusion=1.0)
    samples = join_labels(schema.build_table("annotations"), samples, analysis).samples
    labels = join_labels(given, schema.build_table("samples", whole), analysis).annotations
    labels = labels[labels["item_id"].map(read_quote_id).isin(samples["item_id"])]
    coders = sorted(set(given["annotator"]) - {_SETTLED})
    labels = pd.concat([labels, *_say_none(labels, samples, analysis, coders)], ignore_index=True)
    settled = labels["annotator"] == _SETTLED
    annotations = schema.build_table("annotations", labels[~settled])
    asked = annotations[["item_id", "field"]].drop_duplicates()
    decisions = labels.loc[settled, ["item_id", "field", "label"]].merge(asked, on=["item_id", "field"])
    return Coded(annotations, decisions, samples)


def _read(path: Path, gold: Gold) -> pd.DataFrame:
    """Return a coder's file as annotations of the gold's statements."""
    ids = {Path(s).name: a for s, a in zip(gold.articles["source"], gold.articles["article_id"], strict=True)}
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    table["quote_id"] = table["file"].map(ids) + "#" + table["statement"]
    table = table.merge(gold.quotes[["quote_id", "raw_start", "raw_end"]], on="quote_id")
    rows = []
    for row in table.to_dict("records"):
        names = _FIELDS["target"] if row["target"] else _FIELDS[""]
        key = _name_item(row["quote_id"])
        item = make_target_id(key, row["target"]) if row["target"] else key
        labels = {name: row[name] for name in names} | ({} if row["target"] else {"statement": "yes"})
        place = {"item_id": item, "raw_start": row["raw_start"], "raw_end": row["raw_end"]}
        rows += [{**place, "field": field, "label": label} for field, label in labels.items()]
    return schema.build_table("annotations", rows).assign(annotator=path.stem.removeprefix("validation_"))


def _name_item(gold_id: str) -> str:
    """Return the id of a gold statement as an item's, where # stands before targets."""
    return gold_id.replace("#", ":")


def _say_none(
    labels: pd.DataFrame, samples: pd.DataFrame, analysis: schema.Analysis, coders: list[str]
) -> list[pd.DataFrame]:
    """Return what is said by not marking it: of statements, and of targets that the machine or the other coder has."""
    own = labels.assign(quote_id=labels["item_id"].map(read_quote_id))
    seen = set(own["quote_id"])
    places = samples.loc[~samples["item_id"].isin(seen), ["item_id", "raw_start", "raw_end"]]
    unmarked = [places.assign(field="statement", label="no", annotator=coder) for coder in coders]
    quotes, stances = schema.take_tables(analysis, "quotes", "stances")
    targets = pd.concat([list_targets(quotes, stances), own[own["field"] == "target"]])
    targets = targets.drop_duplicates("item_id")[["item_id", "quote_id", "raw_start", "raw_end"]]
    asked = targets.merge(own[["quote_id", "annotator"]].drop_duplicates(), on="quote_id").drop(columns="quote_id")
    told = pd.MultiIndex.from_frame(own[["item_id", "annotator"]])
    silent = asked[~pd.MultiIndex.from_frame(asked[["item_id", "annotator"]]).isin(told)]
    return [schema.build_table("annotations", t) for t in (*unmarked, silent.assign(field="target", label=NO_TARGET))]
