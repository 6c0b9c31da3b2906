"""The statements and their articles as the page's data: what a reader searches, filters and opens in its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from diplotext import schema
from diplotext.findings import label_groups, name_countries
from diplotext.findings.rows import select_rows
from diplotext.report.highlight import say_date

#: of a row: what the page shows of a statement and one of its targets.
ROW = (
    "article", "number", "speaker", "country", "posture", "posture_p", "conditional", "target", "stance", "stance_p",
    "target_p", "week", "sure", "least", "counted",
)  # fmt: skip
#: of a statement in its article.
STATEMENT = ("id", "kind", "mention", "role", "resolution", "raw_start", "raw_end", "pieces")


def list_rows(analysis: schema.Analysis) -> pd.DataFrame:
    """Return one row a statement and target, in the order of the articles, with the columns `ROW` and quote_id.

    `sure` is that of the statement and its speaker; `least` the smallest of it, target_p, stance_p and posture_p.
    `counted` is "yes" where findings count the statement, "no" in further printings and of journalists.
    """
    articles, quotes, stances = schema.take_tables(analysis, "articles", "quotes", "stances")
    counted = select_rows(quotes, stances, articles, analysis.utterances)["quote_id"]
    countries = name_countries(analysis)
    order = pd.Series(range(len(articles)), index=articles["article_id"])
    quotes = quotes.assign(place=quotes["article_id"].map(order).astype("int64"))
    quotes = quotes.sort_values(["place", "start", "end"], kind="stable")
    quotes["number"] = quotes.groupby("place", sort=False).cumcount()
    clashing = [c for c in stances if c in quotes and c != "quote_id"]
    rows = quotes.merge(stances.drop(columns=clashing), on="quote_id", how="left")
    chances = rows[["p_oppose", "p_neutral", "p_support"]]
    known = rows["stance"].notna() & chances.notna().any(axis=1)
    made = pd.DataFrame(
        {
            "quote_id": rows["quote_id"],
            "article": rows["place"],
            "number": rows["number"],
            **{name: label_groups(rows, name) for name in ("speaker", "country", "posture", "target", "stance")},
            "posture_p": rows["posture_p"],
            "conditional": rows["conditional"].astype("boolean").fillna(False),
            "stance_p": chances.max(axis=1).where(known),
            "target_p": rows["target_p"],
            "week": _weeks(articles).reindex(rows["article_id"]).to_numpy(),
            "sure": rows["confidence"] * rows["speaker_confidence"].fillna(1.0),
            "counted": rows["quote_id"].isin(counted).map({True: "yes", False: "no"}),
        }
    )
    made["least"] = made[["sure", "target_p", "stance_p", "posture_p"]].min(axis=1)
    made["country"] = made["country"].replace(countries)
    return made


def _weeks(articles: pd.DataFrame) -> pd.Series:
    published = articles["published"].dt.tz_localize(None)
    weeks = published.dt.to_period("W-SUN").dt.start_time.dt.strftime("%Y-%m-%d")
    exact = articles["published_precision"].isin(["time", "day"]) & published.notna()
    return pd.Series(weeks.where(exact, "(undated)").to_numpy(), index=articles["article_id"])


def describe_articles(tables: Mapping[str, pd.DataFrame]) -> list[dict[str, Any]]:
    """Return each article with its text and its statements, each a list of `STATEMENT`; pieces are role, start, end."""
    pieces: dict[str, list[list[Any]]] = {}
    for row in tables["spans"][["quote_id", "role", "start", "end"]].itertuples(index=False):
        pieces.setdefault(row.quote_id, []).append([row.role, int(row.start), int(row.end)])
    facts = ["article_id", "quote_id", "kind", "speaker_mention", "role", "resolution", "raw_start", "raw_end"]
    statements: dict[str, list[list[Any]]] = {}
    for article_id, *values in plain_rows(tables["quotes"].sort_values(["start", "end"], kind="stable")[facts]):
        statements.setdefault(article_id, []).append([*values, pieces.get(values[0], [])])
    return [
        {
            "id": article["article_id"],
            "title": article["headline"] if given(article["headline"]) else article["source"],
            "outlet": article["outlet"] if given(article["outlet"]) else "(none)",
            "day": say_day(article),
            "source": article["source"],
            "url": article["url"] if is_web(article["url"]) else "",
            "remarks": [
                text
                for name, text in (
                    ("duplicate_of", f"copy of {article['duplicate_of']}"),
                    ("suspect_paraphrase", f"looks machine-paraphrased: {article['suspect_paraphrase']}"),
                )
                if given(article[name])
            ],
            "text": article["text"],
            "statements": statements.get(article["article_id"], []),
        }
        for article in tables["articles"].to_dict("records")
    ]


def plain_rows(frame: pd.DataFrame) -> list[list[Any]]:
    """Return a table as lists that JSON holds: missing values None, numbers to three digits."""
    columns = [
        [None if pd.isna(v) else round(float(v), 3) if isinstance(v, float) else v for v in frame[name].tolist()]
        for name in frame.columns
    ]
    return [list(values) for values in zip(*columns, strict=True)]


def say_day(article: Mapping[str, Any]) -> str:
    """Return when an article was published, in words."""
    if pd.isna(article["published"]):
        return "undated"
    return say_date(article["published"], article["published_precision"])


def given(value: object) -> bool:
    """Tell whether a cell holds a text."""
    return isinstance(value, str) and bool(value)


def is_web(url: object) -> bool:
    """Tell whether a cell holds a web address; no other link leads out of the page."""
    return isinstance(url, str) and url.startswith(("http://", "https://"))
