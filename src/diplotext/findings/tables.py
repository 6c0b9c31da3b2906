"""Findings: stances, postures and balances by any grouping, each with its interval and its n."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from diplotext import schema
from diplotext.findings.intervals import Ratios, estimate_corrected, estimate_ratios, estimate_total, subtract
from diplotext.findings.labels import Labelled, apply_labels
from diplotext.findings.measures import Measure, list_measures
from diplotext.findings.rows import group_rows, select_rows

#: labels of a group under which a correction is said to rest on too few.
FEW_LABELS = 30

_BEHIND = ("n_quotes", "n_articles", "n_speakers")


def tabulate_findings(
    quotes: pd.DataFrame,
    stances: pd.DataFrame,
    *,
    by: Sequence[str] = ("country", "target_country"),
    articles: pd.DataFrame | None = None,
    utterances: pd.DataFrame | None = None,
    annotations: pd.DataFrame | None = None,
    samples: pd.DataFrame | None = None,
    since: str | pd.Timestamp | None = None,
    until: str | pd.Timestamp | None = None,
    media: bool = False,
) -> pd.DataFrame:
    """Summarise what speakers express, by any columns, with intervals for statements that come in articles.

    It does not drop what has no value in a `by` column: that is a group of its own, ``(unresolved)`` where the speaker
    is, ``(no target)``, ``(issue)`` where a target's country is asked for, ``(undated)``, or ``(none)``, as a body has
    no country. Counted rows do not correct for errors of the stages before; corrected ones do, but for statements that
    were never found.

    Parameters
    ----------
    quotes
        The quotes table, after `resolve_speakers`.
    stances
        The stances table; each row is one statement toward one target.
    by
        Columns of quotes, of stances, or of articles, your own among them (``outlet``, ``section``); or ``day``,
        ``week`` (Monday to Sunday, shown by its Monday), ``month``, ``year`` of publication, of which an article whose
        date is not that exact is ``(undated)``. What is told of articles needs `articles`. Empty for one overall group.
    articles
        The articles table; then, where no `utterances` are given, statements of articles with a `duplicate_of` are left
        out, so that each counts once.
    utterances
        From `group_utterances`; then the earliest printing of each utterance counts, in a copy too, since what four
        papers print was said once and what an update adds is new; `n_quotes` counts utterances.
    annotations
        Labels of one coder, or settled ones of several (annotator ``gold``); then each measure that they can correct
        has a second row, ``corrected``. Fields: ``statement`` (no: it is none), ``posture``, ``conditional``, those of
        targets (``target``, ``stance``), and any column of quotes or stances (``country``, ``speaker``). Balances go
        by the quad class of the posture.
    samples
        The sample that was labelled, from `sample_annotations`: how likely each statement was to be drawn. It must be
        drawn from statements that count here: pass the same `articles` and `utterances`.
    since, until
        First and last day of publication that count, ``YYYY-MM-DD``; what is not dated to the day is then left out.
    media
        Count journalists and outlets too (sector ``media``). By default they do not: questions of a press briefing and
        what a paper says in its own name are no diplomacy.

    Returns
    -------
    DataFrame of the `by` columns, then measure, estimate, ci_low, ci_high, method, n_quotes, n_articles, n_speakers (of
    what counts for the measure), n_annotated (labels behind a corrected row); groups by falling number of statements,
    measures in the order below, corrected after counted. Shares and means are over statement-target rows, postures and
    balances over statements. Their intervals say what other articles of this kind would give (see
    `findings.intervals`): missing where a group has one article only, wide and rough where it has two. Of counts they
    say what these articles hold: missing when only counted.

    - ``share_oppose``, ``share_neutral``, ``share_support`` in [0, 1]; ``stance_balance`` their support − oppose
    - ``sentiment`` mean in [-1, 1]; ``intensity`` mean on the scale named in `stances.model`
    - ``share_conditional`` in [0, 1]; ``posture_<name>`` share of each posture that occurs
    - ``quad_balance`` (cooperation − conflict) / (cooperation + conflict) of the statements with a quad class, in
      [-1, 1]; ``quad_balance_unconditional`` without conditional ones; ``quad_balance_appeals_cooperative`` with
      appeals as cooperation, as CAMEO has them (PLOVER: conflict)
    - ``count_oppose`` and so on, ``count_conditional``, ``count_posture_<name>``: how many; not those without any

    Raises
    ------
    ValueError
        If the tables do not belong together or speakers are not resolved; if a `by` column is unknown or needs
        `articles`, a statement is not in `utterances`, a day is none, or labels come without their sample.

    Warns
    -----
    UserWarning
        If a correction rests on fewer than 30 labels in a group.

    Examples
    --------
    >>> from diplotext import schema
    >>> at = {"start": 0, "end": 4, "raw_start": 0, "raw_end": 4, "text": "Stop", "resolution": "title"}
    >>> quotes = schema.build_table("quotes", [
    ...     {"quote_id": f"q{n}", "article_id": f"a{n // 2}", "country": "XOS", **at} for n in range(6)])
    >>> stances = schema.build_table("stances", [
    ...     {"quote_id": f"q{n}", "target_id": "XMV", "stance": "oppose" if n % 3 else "support"} for n in range(6)])
    >>> findings = tabulate_findings(quotes, stances, by=["country"])
    >>> findings.query("measure == 'share_oppose'")[["estimate", "ci_low", "ci_high"]].round(2).to_numpy().tolist()
    [[0.67, 0.67, 0.67]]
    """
    by = [by] if isinstance(by, str) else list(by)
    rows = select_rows(quotes, stances, articles, utterances, media=media, since=since, until=until)
    labelled = None if annotations is None else apply_labels(rows, annotations, samples)
    groups = _estimate(rows, by, articles, labelled)
    columns = [*by, *schema.FINDINGS]
    if not groups:
        return pd.DataFrame({c: pd.Series(dtype=_dtype(c)) for c in columns})
    if labelled is not None:
        _warn_of_few(groups)
    tables = [group.table.assign(**dict(zip(by, group.key, strict=True))) for group in groups]
    return pd.concat(tables, ignore_index=True)[columns].astype({c: _dtype(c) for c in columns})


def compare_findings(
    quotes: pd.DataFrame,
    stances: pd.DataFrame,
    *,
    by: str,
    groups: tuple[str, str],
    articles: pd.DataFrame | None = None,
    utterances: pd.DataFrame | None = None,
    annotations: pd.DataFrame | None = None,
    samples: pd.DataFrame | None = None,
    since: str | pd.Timestamp | None = None,
    until: str | pd.Timestamp | None = None,
    media: bool = False,
) -> pd.DataFrame:
    """Compare two groups or periods: the difference of every measure, first − second, and its interval.

    It does not say why they differ, and does not count the comparisons: of twenty such intervals one misses by chance.
    Where the same articles hold both groups, as two sides of a quarrel, the interval takes that into account.

    Parameters
    ----------
    quotes, stances, articles, utterances, annotations, samples, since, until, media
        As for `tabulate_findings`.
    by
        One column, as for `tabulate_findings`. For the time before and after an event give the articles a column:
        ``articles.assign(phase=np.where(articles["published"] < "2031-03-14", "before", "after"))``.
    groups
        Two of its values, as the findings show them.

    Returns
    -------
    DataFrame measure, method, difference, ci_low, ci_high, first, second (the two estimates), n_quotes_first,
    n_quotes_second, n_articles_first, n_articles_second; no counts. The interval joins those of both groups (Newcombe
    1998; Zou & Donner 2008) and is missing where one of them is.

    Raises
    ------
    ValueError
        As for `tabulate_findings`, and if a group is not there.

    Examples
    --------
    >>> compare_findings(quotes, stances, by="country", groups=("XOS", "XMV"), articles=articles)  # doctest: +SKIP
    """
    if not isinstance(by, str):
        raise ValueError(f"by: expected the name of one column; got {by!r}")
    rows = select_rows(quotes, stances, articles, utterances, media=media, since=since, until=until)
    labelled = None if annotations is None else apply_labels(rows, annotations, samples)
    known = {group.key[0]: group for group in _estimate(rows, [by], articles, labelled)}
    absent = [name for name in groups if name not in known]
    if len(groups) != 2 or absent:
        raise ValueError(f"groups: expected two of {', '.join(known)}; got {groups!r}")
    one, other = (known[name] for name in groups)
    found = []
    for method in [m for m in one.ratios if m in other.ratios]:
        articles_of_both = one.ratios[method].articles.union(other.ratios[method].articles)
        pair = [group.ratios[method].over(articles_of_both) for group in (one, other)]
        difference, low, high = subtract(*pair)
        table = {"measure": one.measures, "method": method, "difference": difference, "ci_low": low, "ci_high": high}
        for name, group, ratios in zip(("first", "second"), (one, other), pair, strict=True):
            table[name] = ratios.estimate
            table |= {f"n_{what}_{name}": group.behind[:, at] for at, what in enumerate(("quotes", "articles"))}
        found.append(pd.DataFrame(table))
    table = pd.concat(found).sort_index(kind="stable")  # corrected after counted
    neither = table["measure"].str.startswith("posture_") & (table["first"] == 0) & (table["second"] == 0)
    table = table[table["difference"].notna() & ~neither].reset_index(drop=True)
    counts = [f"n_{what}_{name}" for what in ("quotes", "articles") for name in ("first", "second")]
    order = ["measure", "method", "difference", "ci_low", "ci_high", "first", "second", *counts]
    return table[order].astype({"measure": "str", "method": "str", **dict.fromkeys(counts, "Int64")})


class _Pulled(NamedTuple):
    """Estimates of one group, and the articles that their pulls are of."""

    ratios: Ratios
    articles: pd.Index

    def over(self, articles: pd.Index) -> Ratios:
        """Return the estimates with the pulls of these articles, 0 of those that this group does not have."""
        pulls = pd.DataFrame(self.ratios.pulls, index=self.articles).reindex(articles, fill_value=0)
        return self.ratios._replace(pulls=pulls.to_numpy())


class _Group(NamedTuple):
    """One group: its key, its rows of findings and, for comparisons, its shares and means by method, and n behind."""

    key: tuple[str, ...]
    table: pd.DataFrame
    measures: np.ndarray
    ratios: dict[str, _Pulled]
    behind: np.ndarray


def _estimate(
    rows: pd.DataFrame, by: list[str], articles: pd.DataFrame | None, labelled: Labelled | None
) -> list[_Group]:
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
    behind = _count_behind(found, cases[machine], 1 + int(stack["_group"].max()))
    corrections = None if labelled is None else _Corrections(stack, values * cases, cases, measures, labelled)
    named = stack.groupby("_group")[by].first() if by else pd.DataFrame(index=[0])
    size = found.groupby("_group")["quote_id"].nunique().reindex(named.index, fill_value=0)
    order = size.sort_values(ascending=False, kind="stable").index
    return [
        _tabulate(tuple(named.loc[g]), measures, sums.get(g), behind[:, g],
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
    key: tuple[str, ...], measures: list[Measure], own: _Sums | None, behind: np.ndarray, corrected: _Corrected | None
) -> _Group:
    """Return one group from its sums; `own` is missing where only people put something into it."""
    is_total = np.array([m.total for m in measures])
    names = np.array([m.name for m in measures])
    may_be_absent = is_total | np.char.startswith(names, "posture_")
    nothing = np.zeros(len(measures))
    ratios, tables, occurs = {}, [], nothing > 0
    if own is not None:
        counted = estimate_ratios(own.sums[:, 0], own.sums[:, 1], own.sums[:, 2], *_ends(measures))
        ratios["counted"] = _Pulled(Ratios(*(part[..., ~is_total] for part in counted)), own.articles)
        total = own.sums[:, 0].sum(axis=0)
        occurs = (own.sums[:, 1].sum(axis=0) > 0) & ~(may_be_absent & (total == 0))
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
    return _Group(key, table, names[~is_total], ratios, behind[~is_total])


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


def _warn_of_few(groups: list[_Group]) -> None:
    few = {}
    for group in groups:
        n = group.table.loc[group.table["method"] == "corrected", "n_annotated"]
        if len(n) and n.max() < FEW_LABELS:
            few[" → ".join(group.key) or "all"] = int(n.max())
    if few:
        shown = ", ".join(f"{name} ({n})" for name, n in list(few.items())[:3])
        warnings.warn(
            f"annotations: {len(few)} of {len(groups)} groups have fewer than {FEW_LABELS} labels, such as {shown}; "
            "their corrected estimates are rough. Label more, or ask for fewer groups",
            stacklevel=3,
        )


def _dtype(column: str) -> str:
    return schema.DTYPES[schema.FINDINGS[column].kind] if column in schema.FINDINGS else "str"
