"""An article with its statements marked, for the notebook."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

import pandas as pd

from diplotext import schema
from diplotext.findings import name_countries
from diplotext.report.highlight import pieces_by_quote, render_table, render_text

if TYPE_CHECKING:
    from IPython.display import HTML


def show_quotes(article_id: str, analysis: schema.Analysis) -> HTML:
    """Show one article with its statements marked, and a table of them underneath.

    It does not show what cleaning removed. Contents are shaded and numbered, sources underlined, cues in italics, in a
    notebook that is not trusted and in a dark theme too.

    Parameters
    ----------
    article_id
        The article to show.
    analysis
        With articles, quotes (before or after `resolve_speakers`) and spans; with stances each statement's posture and
        targets are shown too.

    Returns
    -------
    IPython.display.HTML

    Raises
    ------
    ValueError
        If there is no such article.

    Examples
    --------
    >>> show_quotes(analysis.articles["article_id"].iloc[0], analysis).data[:10]
    '<div style'
    """
    from IPython.display import HTML

    articles, quotes, spans = schema.take_tables(analysis, "articles", "quotes", "spans")
    chosen = articles[articles["article_id"] == article_id]
    if chosen.empty:
        near = difflib.get_close_matches(str(article_id), articles["article_id"], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"article_id: expected one of the {len(articles)} in articles; got {article_id!r}{hint}")
    rows = quotes[quotes["article_id"] == article_id].sort_values(["start", "end"])
    countries = name_countries(analysis)
    numbers = {quote_id: n for n, quote_id in enumerate(rows["quote_id"], 1)}
    marked = [piece for found in pieces_by_quote(spans, numbers).values() for piece in found]
    body = render_text(chosen["text"].iloc[0], marked)
    header = ["", "kind", "cue", "source as printed", "speaker", "country"]
    listing = [
        [
            numbers[row.quote_id],
            row.kind,
            row.cue,
            row.speaker_mention,
            row.speaker,
            countries.get(row.country, row.country),
        ]
        for row in rows.itertuples()
    ]
    if analysis.stances is not None:
        header += ["posture", "toward"]
        by_quote = stances_by_quote(analysis.stances)
        for line, quote_id in zip(listing, rows["quote_id"], strict=True):
            line += describe_stances(by_quote.get(quote_id, []))
    return HTML(f'<div style="line-height:1.6;max-width:46em">{body}</div>{render_table(listing, header)}')


def stances_by_quote(stances: pd.DataFrame) -> dict[str, list[Any]]:
    """Return quote_id → its rows of the stances table, as named tuples of what `describe_stances` needs."""
    rows: dict[str, list[Any]] = {}
    for row in stances[["quote_id", "posture", "conditional", "target_id", "target", "stance"]].itertuples(index=False):
        rows.setdefault(row.quote_id, []).append(row)
    return rows


def describe_stances(rows: list[Any]) -> list[str]:
    """Return a statement's posture and its targets with their stance, as text."""
    if not rows:
        return ["", ""]
    conditional = not pd.isna(rows[0].conditional) and bool(rows[0].conditional)
    targets = [f"{row.target}: {row.stance}" for row in rows if isinstance(row.target_id, str) and row.target_id]
    return [f"{rows[0].posture}{' (conditional)' if conditional else ''}", "; ".join(targets)]
