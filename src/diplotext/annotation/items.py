"""What is labelled: statements, and each of their targets, by ids that raw offsets make."""

from __future__ import annotations

import re

import pandas as pd

from diplotext import schema, spans
from diplotext.schema.item_ids import make_target_id

_COLUMNS = ["sample_id", "unit", "item_id", "quote_id", "article_id", "raw_start", "raw_end", "words", "name"]


def list_targets(quotes: pd.DataFrame, stances: pd.DataFrame) -> pd.DataFrame:
    """Return the targets of the stances table as items, the main one of each statement first.

    Returns
    -------
    DataFrame item_id, quote_id, raw_start, raw_end (of the printed words, else of the statement), words (as printed,
    or missing), name, stance, stance_p (its probability); key item_id.
    """
    rows = stances[stances["target_id"].fillna("") != ""].merge(
        quotes[["quote_id", "raw_start", "raw_end"]], on="quote_id", suffixes=("", "_quote")
    )
    printed = rows["raw_start"].notna() & rows["raw_end"].notna()
    rows["item_id"] = [
        make_target_id(quote_id, name, *((int(start), int(end)) if has else ()))
        for quote_id, name, start, end, has in zip(
            rows["quote_id"], rows["target"], rows["raw_start"], rows["raw_end"], printed, strict=True
        )
    ]
    for column in ("raw_start", "raw_end"):
        rows[column] = rows[column].where(printed, rows[f"{column}_quote"])
    rows["stance_p"] = rows[["p_oppose", "p_neutral", "p_support"]].max(axis=1)
    rows = rows.rename(columns={"mention": "words", "target": "name"}).drop_duplicates("item_id")
    return rows[["item_id", "quote_id", "raw_start", "raw_end", "words", "name", "stance", "stance_p"]].reset_index(
        drop=True
    )


def list_items(samples: pd.DataFrame, analysis: schema.Analysis) -> pd.DataFrame:
    """Return what is to be labelled of a sample: each statement, then its targets, in the order of the sample.

    It does not show what the machine decided, but for the targets' places and names.

    Parameters
    ----------
    samples
        From `sample_annotations`.
    analysis
        With articles, quotes and stances.

    Returns
    -------
    DataFrame sample_id, unit (statement or target), item_id, quote_id, article_id, raw_start, raw_end, words (the
    statement, or the target as printed), name (of a target); key item_id.

    Raises
    ------
    ValueError
        If a sampled statement is not in the analysis: join the sample to it first.

    Examples
    --------
    >>> list_items(dt.annotation.sample_annotations(analysis, 3), analysis)["item_id"].nunique() >= 3
    True
    """
    quotes, stances = schema.take_tables(analysis, "quotes", "stances")
    absent = sorted(set(samples["item_id"]) - set(quotes["quote_id"]))
    if absent:
        raise ValueError(
            f"samples: expected statements of this analysis; got item_id {absent[0]!r}, which it does not have. Join "
            "the sample to it: join_labels(annotations, samples, analysis)"
        )
    statements = samples[["sample_id", "item_id", "article_id"]].merge(
        quotes[["quote_id", "raw_start", "raw_end", "text"]], left_on="item_id", right_on="quote_id"
    )
    statements = statements.rename(columns={"text": "words"}).assign(unit="statement", name=None)
    targets = list_targets(quotes, stances).merge(statements[["sample_id", "quote_id", "article_id"]], on="quote_id")
    both = pd.concat([statements, targets.assign(unit="target")], ignore_index=True)
    place = {sample_id: n for n, sample_id in enumerate(samples["sample_id"])}
    order = both["sample_id"].map(place).sort_values(kind="stable").index
    return both.loc[order, _COLUMNS].reset_index(drop=True)


def find_words(text: str, words: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where words stand in a text: inside ``[start, end)``, else the nearest place before, else after.

    Case and the width of white space do not matter.

    Examples
    --------
    >>> find_words("Ostrel is wrong, he said of Ostrel.", "ostrel", 0, 15)
    (0, 6)
    """
    if not words.strip():
        return None
    pattern = r"\s+".join(map(re.escape, words.split()))
    places = [m.span() for m in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE)]
    return min(places, key=lambda p: (not start <= p[0] < end, p[0] >= end, abs(p[0] - start)), default=None)


def find_raw(words: str, quote_id: str, analysis: schema.Analysis) -> spans.Span | None:
    """Return the raw offsets of words in the article of a statement, nearest to it; see `find_words`.

    None where they are not printed, or the analysis has no such statement.
    """
    articles, quotes = schema.take_tables(analysis, "articles", "quotes")
    quote = quotes[quotes["quote_id"] == quote_id]
    article = articles[articles["article_id"].isin(quote["article_id"])]
    if article.empty:
        return None
    found = find_words(article["text"].iloc[0], words, int(quote["start"].iloc[0]), int(quote["end"].iloc[0]))
    edits = analysis.edits
    if edits is not None:
        edits = edits[edits["article_id"].isin(article["article_id"])]
    return None if found is None else spans.offset_maps(article, edits)[article["article_id"].iloc[0]].to_raw(*found)
