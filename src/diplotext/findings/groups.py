"""The estimates of every group of rows, counted and corrected."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from diplotext.findings.intervals import Ratios, estimate_corrected, estimate_ratios, estimate_total
from diplotext.findings.labels import Labelled
from diplotext.findings.measures import Measure, list_measures
from diplotext.findings.rows import PERIODS, group_rows

_BEHIND = ("n_quotes", "n_articles", "n_speakers")


class _Pulled(NamedTuple):
    """Estimates of one group, and the articles that their pulls are of."""

    ratios: Ratios
    articles: pd.Index

    def over(self, articles: pd.Index) -> Ratios:
        """Return the estimates with the pulls of these articles, 0 of those that this group does not have."""
        pulls = pd.DataFrame(self.ratios.pulls, index=self.articles).reindex(articles, fill_value=0)
        return self.ratios._replace(pulls=pulls.to_numpy())


class Group(NamedTuple):
    """One group: its key, its rows of findings and, for comparisons, its shares and means by method, and n behind."""

    key: tuple[str, ...]
    table: pd.DataFrame
    measures: np.ndarray
    ratios: dict[str, _Pulled]
    behind: np.ndarray


def estimate_groups(
    rows: pd.DataFrame, by: list[str], articles: pd.DataFrame | None, labelled: Labelled | None
) -> list[Group]:
    """Return the groups of rows, by falling number of statements."""
    parts = [rows.assign(_sign=0)]
    if labelled is not None:  # what the machine has of labelled statements is taken off, what people have put on
        parts += [rows[rows["quote_id"].isin(labelled.weights.index)].assign(_sign=-1), labelled.rows.assign(_sign=1)]
    stack = group_rows(pd.concat(parts, ignore_index=True), by, articles)
    if stack.empty:
        return []
    stack["_group"] = stack.groupby(by, sort=True).ngroup() if by else 0
    # A statement counts once in a group, however many of its targets fall into it.
    first = ~stack.duplicated(["_group", "_sign", "quote_id"])
    measures = list_measures(stack, first.to_numpy(dtype=float))
    values = np.column_stack([m.value for m in measures])
    cases = np.column_stack([m.cases for m in measures])
    machine = (stack["_sign"] == 0).to_numpy()
    found = stack[machine]
    sums = _sum(
        found, "article_id", values[machine] * cases[machine], cases[machine], values[machine] ** 2 * cases[machine]
    )
    series = bool(set(by) & set(PERIODS))  # a period without threats is a zero, not a gap
    anywhere = series & ((values[machine] * cases[machine]).sum(axis=0) > 0)
    behind = _count_behind(found, cases[machine], 1 + int(stack["_group"].max()))
    corrections = None if labelled is None else _Corrections(stack, values * cases, cases, measures, labelled)
    named = stack.groupby("_group")[by].first() if by else pd.DataFrame(index=[0])
    size = found.groupby("_group")["quote_id"].nunique().reindex(named.index, fill_value=0)
    order = size.sort_values(ascending=False, kind="stable").index
    return [
        _tabulate(tuple(named.loc[g]), measures, sums.get(g), behind[:, g], anywhere,
                  None if corrections is None else corrections.read(g, int(size[g])))
        for g in order
    ]  # fmt: skip


class _Sums(NamedTuple):
    """Sums by article of one group: its articles, and columns of shape (articles, sums, measures)."""

    articles: pd.Index
    sums: np.ndarray


def _sum(rows: pd.DataFrame, unit: str, *columns: np.ndarray) -> dict[int, _Sums]:
    """Return sums of columns (rows, measures) by group and unit."""
    keys = [rows["_group"].to_numpy(), rows[unit].to_numpy()]
    summed = pd.DataFrame(np.hstack(columns)).groupby(keys, sort=True).sum()
    return {
        int(group): _Sums(own.index.get_level_values(1), own.to_numpy().reshape(len(own), len(columns), -1))
        for group, own in summed.groupby(level=0)
    }


class _Corrected(NamedTuple):
    """What labels make of one group: shares and means with their articles, totals, and labels behind each."""

    articles: pd.Index
    ratios: Ratios
    totals: tuple[np.ndarray, np.ndarray, np.ndarray]
    n_ratio: np.ndarray
    n_total: np.ndarray


class _Corrections:
    """The corrected sums of every group, from rows of sign 0 (machine), −1 and 1 (labelled: machine, people)."""

    def __init__(
        self, stack: pd.DataFrame, values: np.ndarray, cases: np.ndarray, measures: list[Measure], labelled: Labelled
    ) -> None:
        self._weights = labelled.weights.reindex(columns=[m.field for m in measures], fill_value=0.0)
        weight = self._weights.reindex(stack["quote_id"], fill_value=0.0).to_numpy()
        sign = stack["_sign"].to_numpy()[:, None]
        signed = np.where(sign == 0, 1, sign * weight)
        self._measures = measures
        self._sums = _sum(stack, "article_id", values * signed, cases * signed)
        label = sign[:, 0] != 0
        own, counted = stack[label], (weight * (cases > 0))[label]
        self._articles = _sum(own, "article_id", counted)
        self._labels = _sum(own, "quote_id", counted, (values * signed)[label])
        self._found = _sum(stack[~label], "article_id", values[~label])

    def read(self, group: int, size: int) -> _Corrected:
        """Return the corrected estimates of one group of so many statements."""
        own, count = self._sums[group], len(self._measures)
        nothing = _Sums(pd.Index([]), np.zeros((0, 2, count)))
        labels = self._labels.get(group, nothing)
        clusters = (self._articles.get(group, nothing).sums[:, 0] > 0).sum(axis=0)
        n_ratio = (labels.sums[:, 0] > 0).sum(axis=0)
        ratios = estimate_corrected(own.sums[:, 0], own.sums[:, 1], clusters, n_ratio, *_ends(self._measures))
        found = self._found.get(group, nothing).sums[:, 0].sum(axis=0)
        weights = self._weights.reindex(labels.articles, fill_value=0.0).to_numpy()
        totals = estimate_total(found, labels.sums[:, 1], weights, size)
        return _Corrected(own.articles, ratios, totals, n_ratio, (weights > 0).sum(axis=0))


def _ends(measures: list[Measure]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([m.low for m in measures]), np.array([m.high for m in measures])


def _tabulate(
    key: tuple[str, ...],
    measures: list[Measure],
    own: _Sums | None,
    behind: np.ndarray,
    anywhere: np.ndarray,
    corrected: _Corrected | None,
) -> Group:
    """Return one group from its sums; `own` is missing where only people put something into it.

    Postures that do not occur in it are left out but for those that are told to occur `anywhere`.
    """
    is_total = np.array([m.total for m in measures])
    names = np.array([m.name for m in measures])
    may_be_absent = is_total | np.char.startswith(names, "posture_")
    nothing = np.zeros(len(measures))
    ratios, tables, occurs = {}, [], nothing > 0
    if own is not None:
        counted = estimate_ratios(own.sums[:, 0], own.sums[:, 1], own.sums[:, 2], *_ends(measures))
        ratios["counted"] = _Pulled(Ratios(*(part[..., ~is_total] for part in counted)), own.articles)
        total = own.sums[:, 0].sum(axis=0)
        occurs = (own.sums[:, 1].sum(axis=0) > 0) & ~(may_be_absent & ~anywhere & (total == 0))
        missing = np.full(len(measures), np.nan)
        found = _choose(is_total, (total, missing, missing), counted)
        tables.append(_shape(names, *found, "counted", behind, nothing)[occurs])
    if corrected is not None:
        kept = Ratios(*(part[..., ~is_total] for part in corrected.ratios))
        ratios["corrected"] = _Pulled(kept, corrected.articles)
        found = _choose(is_total, corrected.totals, corrected.ratios)
        n = np.where(is_total, corrected.n_total, corrected.n_ratio)
        shown = (n > 0) & np.isfinite(found[0]) & (occurs | ~may_be_absent | (found[0] > 0))
        tables.append(_shape(names, *found, "corrected", behind, n)[shown])
    table = pd.concat(tables).sort_index(kind="stable") if tables else pd.DataFrame()
    return Group(key, table, names[~is_total], ratios, behind[~is_total])


def _choose(is_total: np.ndarray, totals: tuple[np.ndarray, ...], ratios: Ratios) -> tuple[np.ndarray, ...]:
    """Return estimates and bounds, of totals where a measure is one."""
    return tuple(np.where(is_total, one, other) for one, other in zip(totals, ratios[:3], strict=True))


def _shape(names: np.ndarray, *found: Any) -> pd.DataFrame:
    """Return rows of findings without the `by` columns."""
    estimate, low, high, method, behind, n_annotated = found
    table = pd.DataFrame({"measure": names, "estimate": estimate, "ci_low": low, "ci_high": high, "method": method})
    return table.assign(**dict(zip(_BEHIND, behind.T, strict=True)), n_annotated=n_annotated)


def _count_behind(rows: pd.DataFrame, cases: np.ndarray, groups: int) -> np.ndarray:
    """Return statements, articles and speakers, shape (measures, groups, 3), of the rows that count for a measure."""
    known: dict[bytes, np.ndarray] = {}  # measures over the same rows have the same counts
    for counts in (cases > 0).T:
        key = counts.tobytes()
        if key not in known:
            distinct = rows[counts].groupby("_group")[["quote_id", "article_id", "speaker"]].nunique()
            known[key] = distinct.reindex(range(groups), fill_value=0).to_numpy()
    return np.stack([known[counts.tobytes()] for counts in (cases > 0).T])
