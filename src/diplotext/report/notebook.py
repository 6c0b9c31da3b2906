"""An article with its statements marked, for the notebook."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import pandas as pd

from diplotext.report.highlight import CSS, pieces_by_quote, render_table, render_text

if TYPE_CHECKING:
    from IPython.display import HTML


def show_quotes(
    article_id: str,
    articles: pd.DataFrame,
    quotes: pd.DataFrame,
    spans: pd.DataFrame,
    stances: pd.DataFrame | None = None,
) -> HTML:
    """Show one article with its statements marked, and a table of them underneath.

    It does not show what cleaning removed. Contents are shaded and numbered, sources underlined, cues in italics.

    Parameters
    ----------
    article_id
        The article to show.
    articles, quotes, spans
        The tables; `quotes` before or after `resolve_speakers`.
    stances
        Adds each statement's posture and targets.

    Returns
    -------
    IPython.display.HTML

    Raises
    ------
    ValueError
        If there is no such article.
    """
    from IPython.display import HTML

    chosen = articles[articles["article_id"] == article_id]
    if chosen.empty:
        near = difflib.get_close_matches(str(article_id), articles["article_id"], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"article_id: expected one of the {len(articles)} in articles; got {article_id!r}{hint}")
    rows = quotes[quotes["article_id"] == article_id].sort_values(["start", "end"])
    numbers = {quote_id: n for n, quote_id in enumerate(rows["quote_id"], 1)}
    body = render_text(chosen["text"].iloc[0], pieces_by_quote(spans, numbers))
    header = ["", "kind", "cue", "source as printed", "speaker", "country"]
    listing = [
        [numbers[row.quote_id], row.kind, row.cue, row.speaker_mention, row.speaker, row.country]
        for row in rows.itertuples()
    ]
    if stances is not None:
        header += ["posture", "toward"]
        for line, quote_id in zip(listing, rows["quote_id"], strict=True):
            line += describe_stances(stances[stances["quote_id"] == quote_id])
    return HTML(f'<style>{CSS}</style><div class="dt-text">{body}</div>{render_table(listing, header)}')


def describe_stances(rows: pd.DataFrame) -> list[str]:
    """Return a statement's posture and its targets with their stance, as text."""
    if rows.empty:
        return ["", ""]
    first = rows.iloc[0]
    conditional = pd.notna(first["conditional"]) and bool(first["conditional"])
    posture = f"{first['posture']}{' (conditional)' if conditional else ''}"
    targets = rows[rows["target_id"].fillna("") != ""]
    return [posture, "; ".join(f"{t}: {s}" for t, s in zip(targets["target"], targets["stance"], strict=True))]
