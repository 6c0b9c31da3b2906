"""Findings: stances, postures and balances by any grouping, each with its interval and its n."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import numpy as np
import pandas as pd

from diplotext import schema
from diplotext.findings.intervals import bootstrap_clusters

#: how a missing value of a grouping column is shown, never dropped: the speaker could not be resolved; the statement
#: has no target; the article is not dated that exactly; or there is none, as a body has no country.
UNRESOLVED, NO_TARGET, UNDATED, NONE = "(unresolved)", "(no target)", "(undated)", "(none)"

_PERIODS = {"day": "D", "week": "W-SUN", "month": "M", "year": "Y"}
_PRECISE_ENOUGH = {
    "day": ("time", "day"), "week": ("time", "day"), "month": ("time", "day", "month"),
    "year": ("time", "day", "month", "year"),
}  # fmt: skip


def tabulate_findings(
    quotes: pd.DataFrame,
    stances: pd.DataFrame,
    *,
    by: Sequence[str] = ("country", "target_country"),
    articles: pd.DataFrame | None = None,
    utterances: pd.DataFrame | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Summarise what speakers express, by any columns, with article-cluster bootstrap intervals.

    It does not drop what has no value in a `by` column: that is a group of its own, ``(unresolved)`` where the speaker
    is, ``(no target)``, ``(undated)``, or ``(none)``, as a body has no country. It does not correct for errors of the
    stages before it.

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
        The articles table; then statements of articles with a `duplicate_of` are left out, so that each counts once.
    utterances
        From `group_utterances`; then only the earliest printing of each utterance (of those left) counts, since what
        four papers print was said once, and `n_quotes` counts utterances.
    resamples, seed
        Of the bootstrap.

    Returns
    -------
    DataFrame of the `by` columns, then measure, estimate, ci_low, ci_high, method (counted), n_quotes, n_articles,
    n_speakers (of what counts for the measure), n_annotated; groups by falling number of statements, measures in the
    order below. The interval is missing where a group has one article only. Shares and means are over statement-target
    rows, postures and balances over statements.

    - ``share_oppose``, ``share_neutral``, ``share_support`` in [0, 1]; ``stance_balance`` their support − oppose
    - ``sentiment`` mean in [-1, 1]; ``intensity`` mean on the scale named in `stances.model`
    - ``share_conditional`` in [0, 1]; ``posture_<name>`` share of each posture that occurs
    - ``quad_balance`` (cooperation − conflict) / (cooperation + conflict) of the statements with a quad class, in
      [-1, 1]; ``quad_balance_unconditional`` without conditional ones; ``quad_balance_appeals_cooperative`` with
      appeals as cooperation, as CAMEO has them (PLOVER: conflict)

    Raises
    ------
    ValueError
        If the tables do not belong together or speakers are not resolved; if a `by` column is unknown or needs
        `articles`, or a statement is not in `utterances`.
    """
    by = [by] if isinstance(by, str) else list(by)
    quotes, stances = schema.check_input(quotes, "quotes"), schema.check_input(stances, "stances")
    schema.check_resolved(quotes)
    schema.check_share(stances, "stances", quotes, "quotes")
    if articles is not None:
        articles = schema.check_input(articles, "articles")
        schema.check_share(quotes, "quotes", articles, "articles", "article_id")
    if utterances is not None:
        utterances = schema.check_input(utterances, "utterances")
    rows = _join(quotes, stances, by, articles, utterances)
    columns = [*by, *schema.FINDINGS]
    rows["_group"] = rows.groupby(by, sort=True).ngroup() if by else 0
    # A statement counts once in a group, however many of its targets fall into it.
    first = ~rows.duplicated(["_group", "quote_id"])
    names, values, cases = _measures(rows, first.to_numpy(dtype=float))
    keys = [rows["_group"].to_numpy(), rows["article_id"].to_numpy()]
    sums = pd.DataFrame(np.hstack([values * cases, cases])).groupby(keys, sort=True).sum()
    behind = _count_behind(rows, cases)
    named = rows.groupby("_group")[by].first() if by else pd.DataFrame(index=[0])
    size = rows.groupby("_group")["quote_id"].nunique()
    found = []
    for group, by_article in sums.groupby(level=0):
        both = by_article.to_numpy().reshape(-1, 2, len(names))
        estimate, low, high = bootstrap_clusters(both, _ratios, resamples=resamples, seed=seed)
        table = pd.DataFrame({"measure": names, "estimate": estimate, "ci_low": low, "ci_high": high})
        table = table.assign(method="counted", n_annotated=0)
        occurs = both.sum(axis=0)[1] > 0
        absent = np.array([n.startswith("posture_") for n in names]) & (both.sum(axis=0)[0] == 0)
        table[["n_quotes", "n_articles", "n_speakers"]] = behind[:, group]
        table = table.assign(**named.loc[group].to_dict())
        found.append((-size[group], table[occurs & ~absent]))
    if not found:
        return pd.DataFrame({c: pd.Series(dtype=_dtype(c)) for c in columns})
    tables = [table for _, table in sorted(found, key=lambda pair: pair[0])]
    return pd.concat(tables, ignore_index=True)[columns].astype({c: _dtype(c) for c in columns})


def _count_behind(rows: pd.DataFrame, cases: np.ndarray) -> np.ndarray:
    """Return statements, articles and speakers, shape (measures, groups, 3), of the rows that count for a measure."""
    known: dict[bytes, np.ndarray] = {}  # measures over the same rows have the same counts
    groups = pd.RangeIndex(rows["_group"].max() + 1 if len(rows) else 0)
    for counts in (cases > 0).T:
        key = counts.tobytes()
        if key not in known:
            distinct = rows[counts].groupby("_group")[["quote_id", "article_id", "speaker"]].nunique()
            known[key] = distinct.reindex(groups, fill_value=0).to_numpy()
    return np.stack([known[counts.tobytes()] for counts in (cases > 0).T])


def _ratios(sums: np.ndarray) -> np.ndarray:  # (n, values and cases, measures)
    return sums[:, 0] / sums[:, 1]


def _dtype(column: str) -> str:
    return schema.DTYPES[schema.FINDINGS[column].kind] if column in schema.FINDINGS else "str"


def _join(
    quotes: pd.DataFrame,
    stances: pd.DataFrame,
    by: list[str],
    articles: pd.DataFrame | None,
    utterances: pd.DataFrame | None,
) -> pd.DataFrame:
    clashing = [c for c in stances.columns if c in quotes.columns and c != "quote_id"]
    rows = quotes.merge(stances.drop(columns=clashing), on="quote_id")
    if articles is not None:
        originals = articles.loc[articles["duplicate_of"].isna()]
        rows = rows[rows["article_id"].isin(originals["article_id"])]
    if utterances is not None:
        rows = rows[rows["quote_id"].isin(_earliest(rows["quote_id"], utterances))]
    for name in by:
        if name in _PERIODS:
            if articles is None:
                raise ValueError(f"by: {name!r} needs the articles table, which holds the dates; pass articles=...")
            rows[name] = rows["article_id"].map(_periods(articles, name))
        elif name not in rows.columns:
            if articles is None or name not in articles.columns:
                raise _unknown_column(name, rows, articles)
            rows[name] = rows["article_id"].map(articles.set_index("article_id")[name])
        rows[name] = label_groups(rows, name)
    return rows


def _unknown_column(name: str, rows: pd.DataFrame, articles: pd.DataFrame | None) -> ValueError:
    told = schema.TABLES["articles"].columns if articles is None else articles.columns
    near = difflib.get_close_matches(name, [*map(str, rows.columns), *map(str, told), *_PERIODS], n=1)
    hint = f"; did you mean {near[0]!r}?" if near and near[0] != name else ""
    more = "; pass articles=... for columns of articles" if articles is None else ""
    return ValueError(
        f"by: expected columns of quotes, stances or articles, or {', '.join(_PERIODS)}; got {name!r}{hint}{more}"
    )


def _earliest(quote_ids: pd.Series, utterances: pd.DataFrame) -> pd.Series:
    """Return, of each utterance, the earliest printing among these statements.

    Raises
    ------
    ValueError
        If a statement is not among the utterances.
    """
    own = utterances[utterances["quote_id"].isin(quote_ids)]
    absent = sorted(set(quote_ids) - set(own["quote_id"]))
    if absent:
        raise ValueError(
            f"utterances: expected every statement of quotes; got none with quote_id {absent[0]!r}; pass the table "
            "that group_utterances returned for these quotes"
        )
    return own.sort_values("printing").drop_duplicates("utterance_id")["quote_id"]


def label_groups(rows: pd.DataFrame, name: str) -> pd.Series:
    """Return a grouping column of joined quotes and stances, its missing values said in words."""
    values = rows[name].astype("str").replace("", None)
    if name in _PERIODS:
        absent = pd.Series(UNDATED, index=rows.index)
    elif name in schema.TABLES["stances"].columns:
        absent = pd.Series(NO_TARGET, index=rows.index).where(rows["target_id"].fillna("") == "", NONE)
    elif name in schema.TABLES["quotes"].columns:
        absent = pd.Series(UNRESOLVED, index=rows.index).where(rows["resolution"] == "unresolved", NONE)
    else:
        absent = pd.Series(NONE, index=rows.index)
    return values.fillna(absent)


def _periods(articles: pd.DataFrame, name: str) -> pd.Series:
    published = articles["published"].dt.tz_localize(None)
    starts = published.dt.to_period(_PERIODS[name]).dt.start_time.dt.strftime("%Y-%m-%d")
    exact = articles["published_precision"].isin(_PRECISE_ENOUGH[name])
    return pd.Series(starts.where(exact & published.notna(), None).to_numpy(), index=articles["article_id"])


def _measures(rows: pd.DataFrame, first: np.ndarray) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return the measures' names, the value of each row (rows, measures), and 1 where a row counts."""
    stance = {name: (rows["stance"] == name).to_numpy(dtype=float) for name in schema.STANCES}
    has_target = ((rows["target_id"].fillna("") != "") & rows["stance"].notna()).to_numpy(dtype=float)
    decided = first * rows["posture"].notna().to_numpy(dtype=float)  # what was abstained from counts for nothing
    measures = [(f"share_{name}", values, has_target) for name, values in stance.items()]
    measures.append(("stance_balance", stance["support"] - stance["oppose"], has_target))
    for name, applies in (("sentiment", has_target), ("intensity", decided)):
        numbers = rows[name].to_numpy(dtype=float)
        measures.append((name, np.nan_to_num(numbers), applies * np.isfinite(numbers)))
    conditional = rows["conditional"].astype("boolean").fillna(False).to_numpy(dtype=float)
    measures.append(("share_conditional", conditional, first))
    posture = {name: (rows["posture"] == name).to_numpy(dtype=float) for name in schema.POSTURES}
    measures += [(f"posture_{name}", values, decided) for name, values in posture.items()]
    cooperation, conflict = (
        rows["quad"].fillna("").str.endswith(side).to_numpy(dtype=float) for side in ("cooperation", "conflict")
    )
    sign, either, appeal = cooperation - conflict, (cooperation + conflict) * decided, posture["appeal"]
    measures += [
        ("quad_balance", sign, either),
        ("quad_balance_unconditional", sign, either * (1 - conditional)),
        ("quad_balance_appeals_cooperative", np.where(appeal > 0, 1.0, sign), np.maximum(either, appeal * first)),
    ]
    names, values, cases = zip(*measures, strict=True)
    return list(names), np.column_stack(values), np.column_stack(cases)
