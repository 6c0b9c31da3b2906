"""What findings count: one row for each statement and target, with the columns that it is grouped by."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import pandas as pd

from diplotext import schema

#: how a missing value of a grouping column is shown, never dropped: the speaker could not be resolved; the statement
#: has no target; the target is an issue and so of no country; the article is not dated that exactly; or there is none,
#: as a body has no country.
UNRESOLVED, NO_TARGET, ISSUE, UNDATED, NONE = "(unresolved)", "(no target)", "(issue)", "(undated)", "(none)"

PERIODS = {"day": "D", "week": "W-SUN", "month": "M", "year": "Y"}
_PRECISE_ENOUGH = {
    "day": ("time", "day"), "week": ("time", "day"), "month": ("time", "day", "month"),
    "year": ("time", "day", "month", "year"),
}  # fmt: skip


def select_rows(
    quotes: pd.DataFrame,
    stances: pd.DataFrame,
    articles: pd.DataFrame | None,
    utterances: pd.DataFrame | None,
    *,
    media: bool = False,
    since: str | pd.Timestamp | None = None,
    until: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Return stances joined to quotes, of those that count, after checking that the tables belong together."""
    quotes, stances = schema.check_input(quotes, "quotes"), schema.check_input(stances, "stances")
    schema.check_resolved(quotes)
    schema.check_share(stances, "stances", quotes, "quotes")
    clashing = [c for c in stances.columns if c in quotes.columns and c != "quote_id"]
    places = {"raw_start": "target_start", "raw_end": "target_end"}
    targets = stances.rename(columns=places).drop(columns=[c for c in clashing if c not in places])
    rows = quotes.merge(targets, on="quote_id")
    if articles is not None:
        articles = schema.check_input(articles, "articles")
        schema.check_share(quotes, "quotes", articles, "articles", "article_id")
        if utterances is None:
            originals = articles.loc[articles["duplicate_of"].isna()]
            rows = rows[rows["article_id"].isin(originals["article_id"])]
    if since is not None or until is not None:
        rows = rows[rows["article_id"].isin(_published_between(articles, since, until))]
    if utterances is not None:
        utterances = schema.check_input(utterances, "utterances")
        rows = rows[rows["quote_id"].isin(_earliest(rows["quote_id"], utterances))]
    return rows if media else rows[rows["sector"].fillna("") != "media"]


def group_rows(rows: pd.DataFrame, by: Sequence[str], articles: pd.DataFrame | None) -> pd.DataFrame:
    """Return the rows with every `by` column in it as a text, missing values said in words."""
    rows = rows.copy()
    for name in by:
        if name in PERIODS:
            if articles is None:
                raise ValueError(f"by: {name!r} needs the articles table, which holds the dates; pass articles=...")
            rows[name] = rows["article_id"].map(_periods(articles, name))
        elif name not in rows.columns:
            if articles is None or name not in articles.columns:
                raise _unknown_column(name, rows, articles)
            rows[name] = rows["article_id"].map(articles.set_index("article_id")[name])
        rows[name] = label_groups(rows, name)
    return rows


def label_groups(rows: pd.DataFrame, name: str) -> pd.Series:
    """Return a grouping column of joined quotes and stances, its missing values said in words."""
    values = rows[name].astype("str").replace("", None)
    if name in PERIODS:
        absent = pd.Series(UNDATED, index=rows.index)
    elif name in schema.TABLES["stances"].columns:
        absent = pd.Series(NONE, index=rows.index)
        if name == "target_country":
            absent = absent.mask(rows["target_kind"].fillna("") == "issue", ISSUE)
        absent = absent.mask(rows["target_id"].fillna("") == "", NO_TARGET)
    elif name in schema.TABLES["quotes"].columns:
        absent = pd.Series(NONE, index=rows.index).mask(rows["resolution"] == "unresolved", UNRESOLVED)
    else:
        absent = pd.Series(NONE, index=rows.index)
    return values.fillna(absent)


def _unknown_column(name: str, rows: pd.DataFrame, articles: pd.DataFrame | None) -> ValueError:
    told = schema.TABLES["articles"].columns if articles is None else articles.columns
    near = difflib.get_close_matches(name, [*map(str, rows.columns), *map(str, told), *PERIODS], n=1)
    hint = f"; did you mean {near[0]!r}?" if near and near[0] != name else ""
    more = "; pass articles=... for columns of articles" if articles is None else ""
    return ValueError(
        f"by: expected columns of quotes, stances or articles, or {', '.join(PERIODS)}; got {name!r}{hint}{more}"
    )


def _published_between(
    articles: pd.DataFrame | None, since: str | pd.Timestamp | None, until: str | pd.Timestamp | None
) -> pd.Series:
    """Return the articles that are dated to a day of the window, both ends in it."""
    if articles is None:
        raise ValueError("since, until: expected the articles table, which holds the dates; pass articles=...")
    days = articles["published"].dt.tz_localize(None).dt.normalize()
    inside = articles["published_precision"].isin(_PRECISE_ENOUGH["day"]) & days.notna()
    ends = {}
    for name, end in (("since", since), ("until", until)):
        if end is not None:
            try:
                ends[name] = pd.Timestamp(end).tz_localize(None).normalize()
            except ValueError as error:
                raise ValueError(f"{name}: expected a day as YYYY-MM-DD; got {end!r}") from error
    if len(ends) == 2 and ends["since"] > ends["until"]:
        raise ValueError(f"until: expected a day from since ({since}) on; got {until!r}")
    if "since" in ends:
        inside &= days >= ends["since"]
    if "until" in ends:
        inside &= days <= ends["until"]
    return articles.loc[inside, "article_id"]


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


def _periods(articles: pd.DataFrame, name: str) -> pd.Series:
    published = articles["published"].dt.tz_localize(None)
    starts = published.dt.to_period(PERIODS[name]).dt.start_time.dt.strftime("%Y-%m-%d")
    exact = articles["published_precision"].isin(_PRECISE_ENOUGH[name])
    return pd.Series(starts.where(exact & published.notna(), None).to_numpy(), index=articles["article_id"])
