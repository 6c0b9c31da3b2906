"""All tables of one analysis in one object."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from diplotext.schema.checks import check_input
from diplotext.schema.dictionaries import Dictionaries
from diplotext.schema.frames import SchemaError


class Analysis(NamedTuple):
    """All tables of one analysis, as `diplotext.analyze_articles` returns them and `explain_*` and `show_*` take them.

    Where you run the stages one by one, put together what you have: ``Analysis(articles, quotes=quotes, spans=spans)``;
    what a function needs beside that, it asks for.

    Parameters
    ----------
    articles, edits, sentences, quotes, spans, stances, conditions, utterances
        The tables of these names (see `TABLES`).
    dictionaries
        Your own tables that the stages were given.
    traces, transcripts
        From `diplotext.trace_quotes`, and the records that it was given (in the form of articles).
    annotations
        Labels by people.

    Examples
    --------
    >>> analysis._fields[:4]
    ('articles', 'edits', 'sentences', 'quotes')
    >>> Analysis(sample.articles).quotes is None
    True
    """

    articles: pd.DataFrame | None = None
    edits: pd.DataFrame | None = None
    sentences: pd.DataFrame | None = None
    quotes: pd.DataFrame | None = None
    spans: pd.DataFrame | None = None
    stances: pd.DataFrame | None = None
    conditions: pd.DataFrame | None = None
    utterances: pd.DataFrame | None = None
    dictionaries: Dictionaries = Dictionaries()
    traces: pd.DataFrame | None = None
    transcripts: pd.DataFrame | None = None
    annotations: pd.DataFrame | None = None


#: tables in the form of another.
_FORMS = {"transcripts": "articles"}


def take_tables(analysis: Analysis, *names: str) -> list[pd.DataFrame]:
    """Return the named tables of an analysis.

    Raises
    ------
    SchemaError
        If it is no `Analysis`, or one of them was not made or is another table.

    Examples
    --------
    >>> articles, quotes = take_tables(analysis, "articles", "quotes")
    >>> len(articles)
    2
    """
    if not isinstance(analysis, Analysis):
        raise SchemaError(
            f"analysis: expected an Analysis, as analyze_articles returns it; got {type(analysis).__name__}; put your "
            f"tables into Analysis({', '.join(f'{name}=...' for name in names)})"
        )
    absent = [name for name in names if getattr(analysis, name) is None]
    if absent:
        raise SchemaError(
            f"analysis: expected the tables {', '.join(names)}; got none of {absent[0]}; add it with "
            f"analysis._replace({absent[0]}=...)"
        )
    return [check_input(getattr(analysis, name), _FORMS.get(name, name), f"analysis.{name}") for name in names]
