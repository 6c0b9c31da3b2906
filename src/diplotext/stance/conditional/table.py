"""The conditions table: one row a half of a conditional."""

from __future__ import annotations

from typing import Any

import pandas as pd

from diplotext import schema
from diplotext.spans import offset_maps
from diplotext.stance.conditional.finding import find_conditionals
from diplotext.stance.ruled import iterate_rows


def extract_conditions(
    quotes: pd.DataFrame,
    articles: pd.DataFrame,
    spans: pd.DataFrame | None = None,
    *,
    edits: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Find the conditionals in statements: the condition, the consequence, who acts in each and by what means.

    It does not join a condition and a consequence that stand in different sentences.

    Parameters
    ----------
    quotes, articles
        The tables; offsets of the quotes are into `articles.text`.
    spans
        The spans table of the quotes, which tells where each piece of a statement stands; without it the pieces are
        looked for in the text.
    edits
        The edits that `clean_articles` returned; without them they are recovered from the two texts.

    Returns
    -------
    The conditions table, key quote_id + part + start, in the order of the quotes and of the words.

    - part: condition or consequence; a conditional whose other half is not in its sentence has one row.
    - agent, instrument: as printed, or missing; a passive has no agent.
    - aim: deter (an act is not to happen) or compel (one is to happen, or to end).
    - specific: True where the consequence names its means; the same in both rows.
    - start, end, raw_start, raw_end: the half's span in the cleaned and in the raw text.

    Raises
    ------
    ValueError
        If the tables do not belong together, or no edits are given and an article's two texts do not align.

    Examples
    --------
    >>> extract_conditions(analysis.quotes, analysis.articles, analysis.spans).columns[:3].tolist()
    ['quote_id', 'part', 'agent']
    """
    quotes, articles, spans = schema.check_statements(quotes, articles, spans)
    found = [(row, made) for row in iterate_rows(quotes) for made in find_conditionals(row.text)]
    if not found:
        return schema.build_table("conditions")
    needed = {row.article_id for row, _ in found}
    chosen = articles[articles["article_id"].isin(needed)]
    texts = dict(zip(chosen["article_id"], chosen["text"], strict=True))
    maps = offset_maps(chosen, None if edits is None else schema.check_input(edits, "edits"))
    places = _content_places(spans)
    records: list[dict[str, Any]] = []
    taken: set[tuple[str, str, int]] = set()
    for row, made in found:
        pieces = places.get(row.quote_id) or [
            (at, row.start + place) for at, place in _align(row.text, texts[row.article_id][row.start : row.end])
        ]
        for part, half in (("condition", made.condition), ("consequence", made.consequence)):
            if half is None:
                continue
            start, end = _place(pieces, half.start), _place(pieces, half.end - 1) + 1
            if end <= start or (row.quote_id, part, start) in taken:
                continue
            taken.add((row.quote_id, part, start))
            raw_start, raw_end = maps[row.article_id].to_raw(start, end)
            records.append({
                "quote_id": row.quote_id, "part": part, "agent": half.agent, "instrument": half.instrument,
                "aim": made.aim, "specific": made.specific, "start": start, "end": end,
                "raw_start": raw_start, "raw_end": raw_end,
            })  # fmt: skip
    return schema.build_table("conditions", records)


def _content_places(spans: pd.DataFrame | None) -> dict[str, list[tuple[int, int]]]:
    """Return, of each statement, where its pieces begin, in its own text (joined by a space) and in the article's."""
    places: dict[str, list[tuple[int, int]]] = {}
    if spans is None:
        return places
    content = spans[spans["role"] == "content"].sort_values(["quote_id", "part"])
    at = 0
    for quote_id, start, end in zip(*(content[c].to_list() for c in ("quote_id", "start", "end")), strict=True):
        own = places.setdefault(quote_id, [])
        at = at + 1 if own else 0
        own.append((at, start))
        at += end - start
    return places


def _align(text: str, hull: str) -> list[tuple[int, int]]:
    """Return where each piece of a statement's text begins, in the text and in its hull (the cue may stand between)."""
    pieces, i, j = [(0, 0)], 0, 0
    while i < len(text) and j < len(hull):
        if text[i] == hull[j]:
            i, j = i + 1, j + 1
            continue
        if text[i].isspace():
            i += 1
            continue
        probe = text[i : i + 12]
        at = hull.find(probe, j)
        if at < 0:
            break
        pieces.append((i, at))
        j = at
    return pieces


def _place(pieces: list[tuple[int, int]], at: int) -> int:
    start, place = max(piece for piece in pieces if piece[0] <= at)
    return place + at - start
