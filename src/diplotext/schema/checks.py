"""What a stage is given: whether it is the table that it should be, and whether its tables belong together."""

from __future__ import annotations

import difflib

import pandas as pd

from diplotext.schema.frames import SchemaError, build_table, check_table
from diplotext.schema.tables import TABLES

#: what makes each table.
_MAKERS = {
    "articles": "load_articles", "edits": "clean_articles", "sentences": "split_sentences",
    "quotes": "attribute_quotes", "spans": "attribute_quotes", "stances": "score_stances",
    "conditions": "extract_conditions", "traces": "trace_quotes", "utterances": "group_utterances",
    "samples": "sample_annotations",
}  # fmt: skip


def check_input(frame: object, name: str, argument: str = "") -> pd.DataFrame:
    """Return what a stage was given as a table of the full schema; a frame without rows and columns is an empty one.

    Parameters
    ----------
    frame
        What was given.
    name
        The table that it should be, a key of `TABLES`.
    argument
        How the stage calls it, where not by the table's name.

    Raises
    ------
    SchemaError
        Saying what was expected, what came and what to do: if it is no frame, another table, or its values are not
        those of the schema.

    Examples
    --------
    >>> check_input(sample.articles, "articles") is not None
    True
    """
    argument = argument or name
    made = f", which {_MAKERS[name]} returns" if name in _MAKERS else ""
    expected = f"{argument}: expected the {name} table{made}"
    if not isinstance(frame, pd.DataFrame):
        todo = "take the tables apart, as in `articles, edits = clean_articles(...)`"
        if not isinstance(frame, tuple):
            todo = "load_articles makes a table of files and texts" if name == "articles" else "pass the DataFrame"
        elif hasattr(frame, name):
            todo = f"pass its .{name}"
        raise SchemaError(f"{expected}; got {type(frame).__name__}; {todo}")
    if not len(frame.columns) and frame.empty:
        return build_table(name)
    absent = [column for column, spec in TABLES[name].columns.items() if spec.required and column not in frame]
    if absent:
        raise SchemaError(f"{expected}, with a column {absent[0]!r}; got {_describe(frame, name, absent[0])}")
    try:
        return check_table(frame, name)
    except SchemaError as error:
        raise error if argument == name else SchemaError(f"{argument}: {error}") from error


def _describe(frame: pd.DataFrame, name: str, absent: str) -> str:
    """Say which table a frame seems to be instead, and what to do."""
    shown = ", ".join(map(str, frame.columns))
    others = [
        (len(set(table.columns) & set(frame.columns)) / len(table.columns), other)
        for other, table in TABLES.items()
        if other != name and all(column in frame for column, spec in table.columns.items() if spec.required)
    ]
    if others and max(others)[0] > 0.5:
        return f"the {max(others)[1]} table; check the order of the arguments"
    near = difflib.get_close_matches(absent, [str(c) for c in frame.columns], n=1)
    if near:
        return f"{shown}; did you mean to rename {near[0]!r}?"
    if name == "articles":
        return f"{shown}; load_articles(frame) makes the articles table of columns of your own"
    return f"{shown}; pass the table as it was returned"


def check_statements(
    quotes: object, articles: object, spans: object = None, *, resolved: bool = False
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame | None]:
    """Return quotes, articles and spans as tables, after checking that they belong together.

    Articles and spans of more than these statements are fine, as when only some statements are looked at.

    Parameters
    ----------
    quotes, articles, spans
        What a stage was given.
    resolved
        Ask for resolved speakers too.

    Raises
    ------
    SchemaError
        If a table is not what it should be; if a statement's article is not among the articles, or another text than
        the one it was found in; if a statement's pieces are not among the spans, or those of another; if a speaker
        is not resolved.

    Examples
    --------
    >>> quotes, articles, spans = check_statements(analysis.quotes, analysis.articles, analysis.spans)
    >>> len(quotes) == len(analysis.quotes)
    True
    """
    quotes, articles = check_input(quotes, "quotes"), check_input(articles, "articles")
    _check_places(quotes, articles)
    if resolved:
        check_resolved(quotes)
    if spans is not None:
        spans = check_input(spans, "spans")
        _check_pieces(quotes, spans)
    return quotes, articles, spans


def _check_places(quotes: pd.DataFrame, articles: pd.DataFrame) -> None:
    texts = dict(zip(articles["article_id"], articles["text"].fillna(""), strict=True))
    columns = ("quote_id", "article_id", "text", "start", "end")
    for quote_id, article_id, text, start, end in zip(*(quotes[c].to_list() for c in columns), strict=True):
        if article_id not in texts:
            raise SchemaError(
                f"articles: expected the article of every statement; got none with article_id {article_id!r}; pass the "
                "articles that the quotes were attributed in"
            )
        words = texts[article_id][start:end]
        given = text if isinstance(text, str) else ""
        if len(words) < end - start or (given and words and (given[0], given[-1]) != (words[0], words[-1])):
            raise SchemaError(
                f"articles: expected the text in which statement {quote_id!r} was found, {given[:20]!r} at {start}; "
                f"got {words[:20]!r} there; pass the articles that the quotes were attributed in"
            )


def _check_pieces(quotes: pd.DataFrame, spans: pd.DataFrame) -> None:
    content = spans[spans["role"] == "content"].groupby("quote_id")
    hulls = pd.DataFrame({"start": content["start"].min(), "end": content["end"].max()}).reindex(quotes["quote_id"])
    absent = hulls["start"].isna().to_numpy()
    if absent.any():
        raise SchemaError(
            f"spans: expected the pieces of every statement; got none of {quotes.loc[absent, 'quote_id'].iloc[0]!r}; "
            "pass the spans that attribute_quotes returned with these quotes"
        )
    other = (hulls["start"].to_numpy() != quotes["start"].to_numpy()) | (hulls["end"].to_numpy() != quotes["end"])
    if other.any():
        raise SchemaError(
            f"spans: expected the pieces of these statements; got others of "
            f"{quotes.loc[other.to_numpy(), 'quote_id'].iloc[0]!r}; pass the spans that attribute_quotes returned with "
            "these quotes"
        )


def check_resolved(quotes: pd.DataFrame, argument: str = "quotes") -> None:
    """Raise a SchemaError if a statement's speaker was never looked for.

    Examples
    --------
    >>> check_resolved(analysis.quotes)
    """
    open_ones = quotes["resolution"].isna()
    if open_ones.any():
        raise SchemaError(
            f"{argument}: expected resolved speakers; got {int(open_ones.sum())} of {len(quotes)} statements whose "
            "`resolution` is missing; run resolve_speakers first"
        )


def check_share(table: pd.DataFrame, name: str, other: pd.DataFrame, of: str, key: str = "quote_id") -> None:
    """Raise a SchemaError if a table that has rows has none of the other's: then it is of another run.

    Examples
    --------
    >>> check_share(analysis.spans, "spans", analysis.quotes, "quotes")
    """
    if len(table) and len(other) and not table[key].isin(other[key]).any():
        raise SchemaError(
            f"{name}: expected rows of these {of}; got only others, such as {key} {table[key].iloc[0]!r}; pass the "
            f"{name} that belong to the {of}"
        )
