"""Findings: stances, postures and balances by any grouping, each with its interval and its n."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import numpy as np
import pandas as pd

from diplotext import schema
from diplotext.findings.intervals import bootstrap_clusters, ratio

#: how a missing value of a grouping column is shown: never dropped.
UNRESOLVED = "(unresolved)"

_PERIODS = {"day": "D", "week": "W-SUN", "month": "M", "year": "Y"}
_PRECISE_ENOUGH = {
    "day": ("time", "day"), "week": ("time", "day"), "month": ("time", "day", "month"),
    "year": ("time", "day", "month", "year"),
}  # fmt: skip


def tabulate_findings(
    quotes: pd.DataFrame,
    stances: pd.DataFrame,
    by: Sequence[str] = ("country", "target_country"),
    articles: pd.DataFrame | None = None,
    *,
    resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Summarise what speakers express, by any columns, with article-cluster bootstrap intervals.

    It does not drop what could not be resolved (a missing value of a `by` column is shown as ``(unresolved)``), and it
    does not correct for errors of the stages before it.

    Parameters
    ----------
    quotes
        The quotes table, after `resolve_speakers`.
    stances
        The stances table; each row is one statement toward one target.
    by
        Columns of quotes or stances, or ``day``, ``week`` (Monday to Sunday, shown by its Monday), ``month``, ``year``
        of publication (these need `articles`; an article whose date is not that exact is ``(unresolved)``). Empty for
        one overall group.
    articles
        The articles table; then statements of articles with a `duplicate_of` are left out, so that each counts once.
    resamples, seed
        Of the bootstrap.

    Returns
    -------
    DataFrame of the `by` columns, then measure, estimate, ci_low, ci_high, n_quotes, n_articles, n_speakers; groups by
    falling n_quotes, measures in the order below. The interval is missing where a group has one article only. Shares
    and means are over statement-target rows, postures and balances over statements.

    - ``share_oppose``, ``share_neutral``, ``share_support`` in [0, 1]; ``stance_balance`` their support − oppose
    - ``sentiment`` mean in [-1, 1]; ``intensity`` mean on the scale named in `stances.model`
    - ``share_conditional`` in [0, 1]; ``posture_<name>`` share of each posture that occurs
    - ``quad_balance`` (cooperation − conflict) / (cooperation + conflict) of the statements with a quad class, in
      [-1, 1]; ``quad_balance_unconditional`` without conditional ones; ``quad_balance_appeals_cooperative`` with
      appeals as cooperation, as CAMEO has them (PLOVER: conflict)

    Raises
    ------
    ValueError
        If a `by` column is unknown, or a period is asked for without `articles`.
    """
    by = [by] if isinstance(by, str) else list(by)
    rows = _join(quotes, stances, by, articles)
    columns = [*by, *schema.FINDINGS]
    groups = rows.groupby(by, sort=True, dropna=False) if by else [((), rows)]
    records = []
    for key, group in groups:
        if not len(group):
            continue
        counted = {
            "n_quotes": group["quote_id"].nunique(),
            "n_articles": group["article_id"].nunique(),
            "n_speakers": group["speaker"].nunique(),
        }
        for measure, values, cases in _measures(group):
            sums = (
                pd.DataFrame({"value": values * cases, "cases": cases}).groupby(group["article_id"].to_numpy()).sum()
            ).to_numpy(dtype=float)
            if not sums[:, 1].sum():
                continue
            estimate, low, high = bootstrap_clusters(sums, ratio, resamples=resamples, seed=seed)
            named = dict(zip(by, key, strict=True))
            records.append(
                {**named, "measure": measure, "estimate": estimate, "ci_low": low, "ci_high": high, **counted}
            )
    if not records:
        return pd.DataFrame({c: pd.Series(dtype=_dtype(c)) for c in columns})
    found = pd.DataFrame(records, columns=columns)
    order = found.groupby(by, sort=False)["n_quotes"].transform("max") if by else found["n_quotes"]
    found = found.assign(_n=-order).sort_values(["_n", *by], kind="stable").drop(columns="_n").reset_index(drop=True)
    return found.astype({c: _dtype(c) for c in columns})


def _dtype(column: str) -> str:
    return schema.DTYPES[schema.FINDINGS[column].kind] if column in schema.FINDINGS else "str"


def _join(quotes: pd.DataFrame, stances: pd.DataFrame, by: list[str], articles: pd.DataFrame | None) -> pd.DataFrame:
    clashing = [c for c in stances.columns if c in quotes.columns and c != "quote_id"]
    rows = quotes.merge(stances.drop(columns=clashing), on="quote_id")
    if articles is not None:
        originals = articles.loc[articles["duplicate_of"].isna()]
        rows = rows[rows["article_id"].isin(originals["article_id"])]
    for name in by:
        if name in _PERIODS:
            if articles is None:
                raise ValueError(f"by: {name!r} needs the articles table, which holds the dates; pass articles=...")
            rows[name] = rows["article_id"].map(_periods(articles, name))
        elif name not in rows.columns:
            known = [*map(str, rows.columns), *_PERIODS]
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"by: expected columns of quotes or stances, or {', '.join(_PERIODS)}; got {name!r}{hint}")
        rows[name] = rows[name].astype("str").replace("", None).fillna(UNRESOLVED)
    return rows


def _periods(articles: pd.DataFrame, name: str) -> pd.Series:
    published = articles["published"].dt.tz_localize(None)
    starts = published.dt.to_period(_PERIODS[name]).dt.start_time.dt.strftime("%Y-%m-%d")
    exact = articles["published_precision"].isin(_PRECISE_ENOUGH[name])
    return pd.Series(starts.where(exact & published.notna(), None).to_numpy(), index=articles["article_id"])


def _measures(group: pd.DataFrame) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Return (name, value of each row, 1 where the row counts) for every measure."""
    ones = np.ones(len(group))
    # Posture belongs to the statement: rows of its further targets do not count again.
    first = (~group["quote_id"].duplicated()).to_numpy(dtype=float)
    stance = {name: (group["stance"] == name).to_numpy(dtype=float) for name in schema.STANCES}
    has_target = (group["target_id"].fillna("") != "").to_numpy(dtype=float)
    measures = [(f"share_{name}", values, has_target) for name, values in stance.items()]
    measures.append(("stance_balance", stance["support"] - stance["oppose"], has_target))
    for name, applies in (("sentiment", has_target), ("intensity", first)):
        numbers = group[name].to_numpy(dtype=float)
        measures.append((name, np.nan_to_num(numbers), applies * np.isfinite(numbers)))
    conditional = group["conditional"].astype("boolean").fillna(False).to_numpy(dtype=float)
    measures.append(("share_conditional", conditional, first))
    measures += [
        (f"posture_{name}", (group["posture"] == name).to_numpy(dtype=float), first)
        for name in schema.POSTURES
        if (group["posture"] == name).any()
    ]
    cooperation = group["quad"].str.endswith("cooperation").fillna(False).to_numpy(dtype=float)
    conflict = group["quad"].str.endswith("conflict").fillna(False).to_numpy(dtype=float)
    appeal = (group["posture"] == "appeal").to_numpy(dtype=float)
    either = np.minimum(cooperation + conflict, 1) * first
    sign = cooperation - conflict
    measures.append(("quad_balance", sign, either))
    measures.append(("quad_balance_unconditional", sign, either * (1 - conditional)))
    measures.append(
        ("quad_balance_appeals_cooperative", np.where(appeal > 0, 1.0, sign), np.maximum(either, appeal * first))
    )
    return [(name, values, np.broadcast_to(cases, ones.shape)) for name, values, cases in measures]
