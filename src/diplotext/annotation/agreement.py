"""How far coders agree, and one gold of several: percent, Cohen's kappa, Krippendorff's alpha."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from diplotext import schema
from diplotext.annotation.codebook import load_codebook, read_fields
from diplotext.findings.intervals import bootstrap_clusters
from diplotext.schema.item_ids import read_quote_id

#: who signs adjudicated labels; never counted as a coder.
GOLD = "gold"
#: what a coder says of a target that is none, and is taken to say of a target that others alone added.
NO_TARGET = "none"
#: what a coder says of a target by labelling it without naming it, where nobody named it.
AS_MARKED = "as marked"
_MEASURES = ("percent", "kappa", "alpha")


class Agreement(NamedTuple):
    """Scores of agreement by field and label, and every item on which coders disagree.

    Examples
    --------
    >>> labels = pd.DataFrame({"item_id": list("aabb"), "field": "stance", "annotator": list("ABAB"),
    ...     "label": "oppose"})
    >>> dt.annotation.score_agreement(labels).disagreements.empty
    True
    """

    scores: pd.DataFrame
    disagreements: pd.DataFrame


class Adjudication(NamedTuple):
    """One label an item and field (annotator ``gold``), and the disagreements that are still open.

    Examples
    --------
    >>> labels = pd.DataFrame({"item_id": "a", "field": "stance", "annotator": ["A", "B"],
    ...     "label": ["oppose", "oppose"]})
    >>> dt.annotation.adjudicate(labels).gold["label"].tolist()
    ['oppose']
    """

    gold: pd.DataFrame
    undecided: pd.DataFrame


def score_agreement(
    annotations: pd.DataFrame,
    samples: pd.DataFrame | None = None,
    codebook: pd.DataFrame | None = None,
    *,
    resamples: int = 1000,
    seed: int = 0,
) -> Agreement:
    """Score how far coders agree, by field and label, and list where they do not.

    It does not count adjudicated labels (annotator ``gold``), and does not weigh near misses: labels are nominal.

    Parameters
    ----------
    annotations
        The annotations table of two or more coders, joined to one run (see `join_labels`). What a coder left out is
        missing; a target that others added and one did not, who labelled its statement, is that coder's ``none``; who
        labels a target without naming it takes it as it is.
    samples
        The sample: says which article an item is of, which is what the intervals resample; else the statement is.
    codebook
        Tells open fields (names), which are not scored label by label; the bundled one where none is given.
    resamples, seed
        Of the bootstrap.

    Returns
    -------
    Agreement
        scores
            field, label (missing for the whole field), measure, estimate, ci_low, ci_high (95 %; missing with one
            article or where undefined), n_items (labelled by two coders at least), n_annotators.

            - ``percent``: share of pairs of labels of one item that agree, in [0, 1]; of one label the specific
              agreement, 2·both / (one + other) (Cicchetti & Feinstein 1990, J. Clin. Epidemiol. 43: 551–558)
            - ``kappa``: Cohen's (1960, Educ. Psychol. Meas. 20: 37–46); of more coders the mean over pairs (Light
              1971); of one label, that label against the rest
            - ``alpha``: Krippendorff's, nominal, any number of coders, missing labels (Krippendorff 2011, Computing
              Krippendorff's Alpha-Reliability); of one label, that label against the rest
        disagreements
            item_id, field, n_annotators, labels (``coder: label``, joined by ``; ``), in the order of the labels.

    Raises
    ------
    ValueError
        If fewer than two coders labelled, or one labelled a thing twice.

    Examples
    --------
    >>> import pandas as pd
    >>> labels = pd.DataFrame({"item_id": list("abcabc"), "field": "stance", "annotator": list("AAABBB"),
    ...     "label": ["oppose", "support", "support", "oppose", "support", "oppose"]})
    >>> agreement = score_agreement(labels)
    >>> agreement.scores.query("label.isna()").set_index("measure")["estimate"].round(2).to_dict()
    {'percent': 0.67, 'kappa': 0.4, 'alpha': 0.44}
    >>> agreement.disagreements["labels"].tolist()
    ['A: support; B: oppose']
    """
    labels = _read_labels(annotations)
    coders = sorted(labels["annotator"].unique())
    if len(coders) < 2:
        raise ValueError(f"annotations: expected the labels of two coders at least; got {', '.join(coders) or 'none'}")
    fields = read_fields(load_codebook() if codebook is None else codebook)
    homes = {} if samples is None else dict(zip(samples["item_id"], samples["article_id"], strict=True))
    scores = []
    for field, rows in labels.groupby("field", sort=False):
        wide = rows.set_index(["item_id", "annotator"])["label"].unstack()  # noqa: PD010 (each stands once)
        wide = wide[wide.notna().sum(axis=1) > 1].dropna(axis=1, how="all")
        if wide.empty:
            continue
        owners = [homes.get(q, q) for q in map(read_quote_id, wide.index)]
        names, sums = _count(wide, owners)
        least = np.array([0.0, -1.0, -1.0])  # of percent, kappa and alpha; the most is 1
        closed = field not in fields or not fields[str(field)].open
        estimate, low, high = bootstrap_clusters(
            sums, partial(_score, labels=len(names)), resamples=resamples, seed=seed
        )
        low, high = (np.clip(bound, least, 1) for bound in (low, high))
        order = [None, *names] if closed else [None]
        for at, label in enumerate(order):
            count = len(wide) if label is None else int((wide == label).any(axis=1).sum())
            scores += [
                {"field": field, "label": label, "measure": measure, "estimate": estimate[at, m],
                 "ci_low": low[at, m], "ci_high": high[at, m], "n_items": count, "n_annotators": wide.shape[1]}
                for m, measure in enumerate(_MEASURES)
            ]  # fmt: skip
    columns = {"field": "str", "label": "str", "measure": "str", "estimate": "float64", "ci_low": "float64",
               "ci_high": "float64", "n_items": "Int64", "n_annotators": "Int64"}  # fmt: skip
    table = pd.DataFrame(scores, columns=list(columns)).astype(columns)
    return Agreement(table, _list_disagreements(labels))


def adjudicate(annotations: pd.DataFrame, decisions: pd.DataFrame | None = None) -> Adjudication:
    """Make one gold of several coders: the label of most of them, or what was decided.

    It does not break a tie by itself: what has no label of more than half of its coders, and no decision, is undecided.

    Parameters
    ----------
    annotations
        The annotations table of one coder or more, joined to one run; earlier ``gold`` is left out.
    decisions
        ``item_id, field, label``: what the coders, or somebody else, settled on afterwards.

    Returns
    -------
    Adjudication
        gold
            The annotations table with one label an item and field, annotator ``gold``, with the raw offsets of the
            first coder; `at` is missing, so that it is the same whenever it is made.
        undecided
            As the disagreements of `score_agreement`.

    Raises
    ------
    ValueError
        If a coder labelled a thing twice, or a decision is of nothing that was labelled.

    Examples
    --------
    >>> import pandas as pd
    >>> labels = pd.DataFrame({"item_id": list("aabb"), "field": "stance", "annotator": list("ABAB"),
    ...     "label": ["oppose", "oppose", "support", "neutral"]})
    >>> gold, undecided = adjudicate(labels)
    >>> gold["label"].tolist(), undecided["labels"].tolist()
    (['oppose'], ['A: support; B: neutral'])
    >>> decided = pd.DataFrame({"item_id": ["b"], "field": ["stance"], "label": ["neutral"]})
    >>> adjudicate(labels, decided).gold["label"].tolist()
    ['oppose', 'neutral']
    """
    labels = _read_labels(annotations)
    settled: dict[tuple[str, str], str] = {}
    if decisions is not None:
        settled = {(i, f): label for i, f, label in
                   zip(*(decisions[c] for c in ("item_id", "field", "label")), strict=True)}  # fmt: skip
        strange = sorted(set(settled) - set(zip(labels["item_id"], labels["field"], strict=True)))
        if strange:
            raise ValueError(f"decisions: expected items and fields that were labelled; got {strange[0]!r}")
    rows, open_keys = [], set()
    for (item, field), own in labels.groupby(["item_id", "field"], sort=False):
        counts = own["label"].value_counts()
        label = settled.get((item, field))
        if label is None and counts.iloc[0] * 2 > counts.sum():
            label = str(counts.index[0])
        if label is None:
            open_keys.add((item, field))
            continue
        place = own[["raw_start", "raw_end"]].bfill().iloc[0]
        rows.append({"item_id": item, "field": field, "annotator": GOLD, "label": label, **place.to_dict()})
    listed = _list_disagreements(labels)
    still = [key in open_keys for key in zip(listed["item_id"], listed["field"], strict=True)]
    return Adjudication(schema.build_table("annotations", rows), listed[still].reset_index(drop=True))


def settle_labels(annotations: pd.DataFrame) -> Adjudication:
    """Return the gold among the labels; where there is none, the labels on which most coders agree.

    Examples
    --------
    >>> labels = pd.DataFrame({"item_id": "a", "field": "stance", "annotator": ["A", "B"],
    ...     "label": ["oppose", "support"]})
    >>> len(settle_labels(labels).undecided)
    1
    """
    table = schema.check_table(annotations, "annotations")
    gold = table[(table["annotator"] == GOLD) & table["label"].notna()]
    return Adjudication(gold, _list_disagreements(gold)) if len(gold) else adjudicate(table)


def _read_labels(annotations: pd.DataFrame) -> pd.DataFrame:
    """Return what coders labelled, checked, with ``none`` where a coder has not a target that others added."""
    table = schema.check_table(annotations, "annotations")
    table = table[(table["annotator"] != GOLD) & table["label"].notna()]
    is_target = table["item_id"].str.contains("#", regex=False)
    seen = table.assign(quote_id=table["item_id"].map(read_quote_id))[["quote_id", "annotator"]].drop_duplicates()
    items = table.loc[is_target, ["item_id", "raw_start", "raw_end"]].drop_duplicates("item_id")
    wanted = items.assign(quote_id=items["item_id"].map(read_quote_id)).merge(seen, on="quote_id")
    has = set(zip(table["item_id"], table["annotator"], strict=True))
    absent = [key not in has for key in zip(wanted["item_id"], wanted["annotator"], strict=True)]
    named = wanted["item_id"].isin(table.loc[table["field"] == "target", "item_id"])
    added = wanted[np.array(absent, dtype=bool) & named].assign(field="target", label=NO_TARGET)
    table = pd.concat([table, schema.build_table("annotations", added)[table.columns]], ignore_index=True)
    return pd.concat([table, _imply_targets(table)[table.columns]], ignore_index=True)


def _imply_targets(table: pd.DataFrame) -> pd.DataFrame:
    """Return the `target` labels that coders implied, who labelled a target otherwise: as others named it, or so."""
    rows = table[table["item_id"].str.contains("#", regex=False)]
    told = rows[rows["field"] == "target"]
    has = set(zip(told["item_id"], told["annotator"], strict=True))
    names = told[told["label"] != NO_TARGET].groupby("item_id")["label"].agg(lambda given: sorted(given.mode())[0])
    silent = [key not in has for key in zip(rows["item_id"], rows["annotator"], strict=True)]
    silent_rows = rows[np.array(silent, dtype=bool)].drop_duplicates(["item_id", "annotator"])
    labels = silent_rows["item_id"].map(names.to_dict()).astype("str").fillna(AS_MARKED)
    return schema.build_table("annotations", silent_rows.assign(field="target", label=labels, comment=None))


def _count(wide: pd.DataFrame, owners: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """Return the labels and, by article, the counts of which all measures are made: they add up over items.

    Per pair of coders: by label the items on which both give it, those of the one, those of the other; then by label
    the coincidences with itself and the number of pairable values (Krippendorff's o_cc and n_c).
    """
    names = sorted(set(wide.to_numpy()[wide.notna().to_numpy()]))
    codes = wide.apply(lambda column: pd.Categorical(column, categories=names).codes).to_numpy()
    given = np.stack([codes == k for k in range(len(names))], axis=-1).astype(float)  # (items, coders, labels)
    parts = []
    for a, b in combinations(range(codes.shape[1]), 2):
        both = ((codes[:, a] >= 0) & (codes[:, b] >= 0))[:, None]
        parts += [given[:, a] * given[:, b], given[:, a] * both, given[:, b] * both]
    per_item = given.sum(axis=1)
    m = per_item.sum(axis=1, keepdims=True)
    parts += [per_item * (per_item - 1) / (m - 1), per_item]
    number, articles = pd.factorize(pd.Series(list(owners)), sort=True)
    sums = np.zeros((len(articles), len(parts) * len(names)))
    np.add.at(sums, number, np.hstack(parts))
    return names, sums


def _score(sums: np.ndarray, labels: int) -> np.ndarray:
    """Return scores of shape (n, 1 + labels, 3): of the field and of each label, by measure."""
    parts = sums.reshape(len(sums), -1, labels)
    pairs = parts[:, :-2].reshape(len(sums), -1, 3, labels)  # (n, pairs, both/one/other, labels)
    both, one, other = pairs[:, :, 0], pairs[:, :, 1], pairs[:, :, 2]
    n = one.sum(-1, keepdims=True)
    observed = both.sum(-1) / n[..., 0]
    chance = (one * other).sum(-1) / n[..., 0] ** 2
    agreed = (n - one - other + 2 * both) / n
    by_chance = (one * other + (n - one) * (n - other)) / n**2
    percent = np.concatenate(
        [(both.sum((1, 2)) / n.sum((1, 2)))[:, None], 2 * both.sum(1) / (one + other).sum(1)], axis=1
    )
    kappas = np.concatenate(
        [((observed - chance) / (1 - chance))[..., None], (agreed - by_chance) / (1 - by_chance)], 2
    )
    defined = np.isfinite(kappas)
    kappa = np.where(defined, kappas, 0).sum(1) / defined.sum(1)
    same, values = parts[:, -2], parts[:, -1]
    total = values.sum(-1, keepdims=True)
    differ = (values - same).sum(-1, keepdims=True)
    expected = (total**2 - (values**2).sum(-1, keepdims=True)) / (total - 1)
    alpha = np.concatenate(
        [1 - differ / expected, 1 - (values - same) * (total - 1) / (values * (total - values))], axis=1
    )
    return np.stack([percent, kappa, alpha], axis=-1)


def _list_disagreements(labels: pd.DataFrame) -> pd.DataFrame:
    rows = [
        {"item_id": item, "field": field, "n_annotators": len(own),
         "labels": "; ".join(f"{a}: {label}" for a, label in sorted(zip(own["annotator"], own["label"], strict=True)))}
        for (item, field), own in labels.groupby(["item_id", "field"], sort=False)
        if len(set(own["label"])) > 1
    ]  # fmt: skip
    columns = {"item_id": "str", "field": "str", "n_annotators": "Int64", "labels": "str"}
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)
