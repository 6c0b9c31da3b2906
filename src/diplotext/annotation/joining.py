"""Labels brought to another run of the same articles, by raw offsets."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from diplotext import schema, spans
from diplotext.annotation.items import list_targets
from diplotext.schema.item_ids import make_target_id, read_quote_id

#: how much (Dice) two places must share to be one.
_SAME = 0.5


class JoinedLabels(NamedTuple):
    """Labels and their sample with the ids of a run, and what could not be joined: its rows, with a `reason`.

    Examples
    --------
    >>> samples = dt.annotation.sample_annotations(analysis, 2)
    >>> labels = pd.DataFrame({"item_id": samples["item_id"], "field": "posture", "annotator": "kim", "label": "state"})
    >>> dt.annotation.join_labels(labels, samples, analysis)._fields
    ('annotations', 'samples', 'unjoined')
    """

    annotations: pd.DataFrame
    samples: pd.DataFrame
    unjoined: pd.DataFrame


class _Place(NamedTuple):
    item_id: str
    span: spans.Span | None
    name: str


def join_labels(annotations: pd.DataFrame, samples: pd.DataFrame, analysis: schema.Analysis) -> JoinedLabels:
    """Join labels and their sample to a run: each statement and target to the one that shares most of its raw offsets.

    It does not change a label, and joins nothing across articles. Two places are one if their Dice overlap is at least
    .5. A target without printed words is joined by its name; one that the run does not have keeps its offsets, and
    coders who marked nearly the same words get one item. Joining twice gives what joining once gave.

    Parameters
    ----------
    annotations
        The annotations table, its item_ids of the run that was labelled.
    samples
        The samples table that was labelled: it says which article an item is of.
    analysis
        The run to join to, with quotes and stances.

    Returns
    -------
    JoinedLabels
        annotations
            With the run's item_ids (key item_id, field, annotator).
        samples
            The sampled statements that the run has, with its item_ids and raw offsets.
        unjoined
            The rows of annotations that have no place, and ``reason``.

    Examples
    --------
    >>> samples = dt.annotation.sample_annotations(analysis, 4)
    >>> labels = pd.DataFrame({"item_id": samples["item_id"], "field": "posture", "annotator": "kim", "label": "state"})
    >>> joined = join_labels(labels, samples, analysis)
    >>> len(joined.annotations), len(joined.unjoined)
    (4, 0)
    """
    annotations = schema.build_table("annotations", annotations)
    samples = schema.build_table("samples", samples)
    quotes, stances = schema.take_tables(analysis, "quotes", "stances")
    ids = _match_statements(samples, quotes)
    ids |= {q: q for q in set(annotations["item_id"].map(read_quote_id)) & set(quotes["quote_id"])}
    owner = annotations["item_id"].map(read_quote_id)
    known = owner.isin(ids)
    reasons = pd.Series("the run has no statement there", index=annotations.index)
    reasons[~owner.isin(set(samples["item_id"]))] = "its statement is neither in the sample nor in the run"
    rows = annotations[known].assign(quote_id=owner[known].map(ids))
    rows["item_id"] = _join_targets(rows, list_targets(quotes, stances))
    rows = rows.drop(columns="quote_id")
    later = rows.sort_values("at", kind="stable", na_position="first").duplicated(
        ["item_id", "field", "annotator"], keep="last"
    )
    later = later.reindex(rows.index)
    unjoined = pd.concat(
        [
            annotations[~known].assign(reason=reasons[~known]),
            annotations.loc[rows.index[later]].assign(reason="the same coder labelled it again later"),
        ]
    )
    place = quotes.drop_duplicates("quote_id").set_index("quote_id")[["raw_start", "raw_end"]]
    kept = samples[samples["item_id"].isin(ids)]
    kept = kept.assign(item_id=kept["item_id"].map(ids))
    kept = kept.assign(**{c: kept["item_id"].map(place[c]).astype("Int64") for c in place})
    return JoinedLabels(
        rows[~later].reset_index(drop=True), kept.reset_index(drop=True), unjoined.reset_index(drop=True)
    )


def _match_statements(samples: pd.DataFrame, quotes: pd.DataFrame) -> dict[str, str]:
    """Return sampled quote_id → the run's quote_id: the same, else the one of its article that overlaps most."""
    present = set(quotes["quote_id"])
    ids = {item: item for item in samples["item_id"] if item in present}
    by_article: dict[str, list[tuple[str, spans.Span]]] = {}
    for quote_id, article, start, end in _places(quotes, "quote_id"):
        by_article.setdefault(article, []).append((quote_id, (start, end)))
    candidates = sorted(
        (-spans.dice([(start, end)], [span]), item, quote_id)
        for item, article, start, end in _places(samples[~samples["item_id"].isin(present)], "item_id")
        for quote_id, span in by_article.get(article, ())
    )
    used = set(ids.values())
    for score, item, quote_id in candidates:
        if -score >= _SAME and item not in ids and quote_id not in used:
            ids[item] = quote_id
            used.add(quote_id)
    return ids


def _places(frame: pd.DataFrame, key: str) -> list[tuple[str, str, int, int]]:
    rows = frame.dropna(subset=["raw_start", "raw_end"])
    columns = (rows[c] for c in (key, "article_id", "raw_start", "raw_end"))
    return [(a, b, int(start), int(end)) for a, b, start, end in zip(*columns, strict=True)]


def _join_targets(rows: pd.DataFrame, targets: pd.DataFrame) -> list[str]:
    """Return the item_id of each label: its statement's, or that of the target at its place or of its name."""
    places: dict[str, list[_Place]] = {}
    columns = (targets[c] for c in ("quote_id", "item_id", "name", "raw_start", "raw_end"))
    for quote_id, item_id, name, start, end in zip(*columns, strict=True):
        span = None if "#~" in item_id else (int(start), int(end))
        places.setdefault(quote_id, []).append(_Place(item_id, span, _plain(name)))
    named = rows[rows["field"] == "target"]
    names = {
        (item, coder): _plain(label)
        for item, coder, label in zip(named["item_id"], named["annotator"], named["label"], strict=True)
    }
    found: dict[tuple[str, str], str] = {}
    asked = {(item, coder, quote_id) for item, coder, quote_id in
             zip(rows["item_id"], rows["annotator"], rows["quote_id"], strict=True) if "#" in item}  # fmt: skip
    for item, coder, quote_id in sorted(asked, key=lambda row: (row[2], _read_span(row[0]) or (-1, -1), row)):
        own = places.setdefault(quote_id, [])
        span, name = _read_span(item), names.get((item, coder), "")
        name = item.partition("#~")[2] if span is None else name
        match = _find(own, span, name)
        if match is None:
            match = _Place(make_target_id(quote_id, name, *(span or ())), span, name)
            own.append(match)
        found[item, coder] = match.item_id
    return [
        found[item, coder] if "#" in item else quote_id
        for item, coder, quote_id in zip(rows["item_id"], rows["annotator"], rows["quote_id"], strict=True)
    ]


def _find(places: list[_Place], span: spans.Span | None, name: str) -> _Place | None:
    if span is not None:
        near = [(spans.dice([span], [p.span]), -n, p) for n, p in enumerate(places) if p.span is not None]
        best = max(near, default=None)
        if best is not None and best[0] >= _SAME:
            return best[2]
    return next((p for p in places if name and p.name == name and (span is None or p.span is None)), None)


def _read_span(item_id: str) -> spans.Span | None:
    place = item_id.partition("#")[2]
    if not place or place.startswith("~"):
        return None
    start, _, end = place.partition("-")
    return int(start), int(end)


def _plain(name: object) -> str:
    return " ".join(name.split()).casefold() if isinstance(name, str) else ""
