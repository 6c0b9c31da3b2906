"""Statements marked in their text, as HTML that shows each role by form as well as by colour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

#: role → how it looks. Styles stand at each mark, since JupyterLab drops style sheets of notebooks that it does not
#: trust; a mark that has a background has its own ink, so that it reads in a dark theme too.
STYLES = {
    "content": "background-color:#fff2cc;color:#111111;border-bottom:2px solid #b8860b",
    "source": "background-color:transparent;color:inherit;font-weight:600;text-decoration:underline",
    "cue": "background-color:transparent;color:inherit;font-style:italic;border-bottom:1px dotted",
    "number": "font-size:smaller;vertical-align:super;font-weight:600",
    "changed": "background-color:#fde3c8;color:#111111;border-bottom:2px solid #b35c00",
    "dropped": "background-color:#dbe9f6;color:#111111;border-bottom:2px dashed #1f5a93",
    "added": "background-color:#efdcf2;color:#111111;border-bottom:2px double #7a2f86",
    "inserted": "font-style:italic",
    "repaired": "font-style:italic;border-bottom:1px dotted",
    "around": "font-style:italic",
    "shared": "font-weight:600",
    "sign": "font-weight:700;font-size:smaller",
}
#: of these roles, a reader without colours hears that they are marked.
_MARKED = {"content", "changed", "dropped", "added"}
_CELL = "padding:0.2em 0.7em;text-align:left;vertical-align:top;border-bottom:1px solid #888888"


class Piece(NamedTuple):
    """A span to mark: its offsets in the text, its role, and the statement's number."""

    start: int
    end: int
    role: str
    number: int


def mark(html: str, *roles: str) -> str:
    """Return HTML marked as of these roles; the look of the later ones adds to, and never hides, that of content."""
    ordered = sorted(set(roles), key=lambda role: (role in _MARKED, role))
    tag = "mark" if _MARKED & set(roles) else "span"
    return f'<{tag} style="{";".join(STYLES[role] for role in ordered)}">{html}</{tag}>'


def pieces_by_quote(spans: pd.DataFrame, numbers: Mapping[str, int]) -> dict[str, list[Piece]]:
    """Return quote_id → pieces, of the statements in `numbers`."""
    rows = spans[spans["quote_id"].isin(list(numbers))]
    pieces: dict[str, list[Piece]] = {quote_id: [] for quote_id in numbers}
    for start, end, role, quote_id in zip(*(rows[c] for c in ("start", "end", "role", "quote_id")), strict=True):
        pieces[quote_id].append(Piece(int(start), int(end), role, numbers[quote_id]))
    return pieces


def render_text(text: str, pieces: Iterable[Piece], start: int = 0, end: int | None = None) -> str:
    """Return ``text[start:end]`` as HTML paragraphs with the pieces marked; roles may overlap."""
    end = len(text) if end is None else end
    clipped = [Piece(max(p.start, start), min(p.end, end), p.role, p.number) for p in pieces]
    ordered = sorted(p for p in clipped if p.start < p.end)
    cuts = sorted({start, end, *(p.start for p in ordered), *(p.end for p in ordered)})
    openings = {p.start: p.number for p in ordered if p.role == "content"}
    html, at = [], 0
    active: list[Piece] = []
    for low, high in pairwise(cuts):
        active = [p for p in active if p.end > low]
        while at < len(ordered) and ordered[at].start <= low:
            active.append(ordered[at])
            at += 1
        if low in openings:
            html.append(mark(f"[{openings[low]}]", "number"))
        roles = {p.role for p in active}
        for i, line in enumerate(text[low:high].split("\n")):
            if i:
                html.append("</p><p>")
            if line:
                html.append(mark(escape(line), *roles) if roles else escape(line))
    return f"<p>{''.join(html)}</p>".replace("<p></p>", "")


def render_table(rows: Iterable[Iterable[object]], header: Iterable[str]) -> str:
    """Return a plain HTML table; missing values are shown as an en dash."""
    head = "".join(f'<th scope="col" style="{_CELL}">{escape(h)}</th>' for h in header)
    body = "".join(
        "<tr>" + "".join(f'<td style="{_CELL}">{"–" if _missing(v) else escape(str(v))}</td>' for v in row) + "</tr>"
        for row in rows
    )
    return f'<table class="dt-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def say_date(at: pd.Timestamp, precision: str = "day") -> str:
    """Return a date in words, as exact as it is known."""
    month = f"{at:%B %Y}"  # a day without a leading zero has no directive that every system knows
    return {"year": f"{at:%Y}", "month": month}.get(precision, f"{at.day} {month}")


def _missing(value: object) -> bool:
    return value is None or value == "" or bool(pd.isna(value))
