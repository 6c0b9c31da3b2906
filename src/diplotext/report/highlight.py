"""Statements marked in their text, as HTML that shows each role by form as well as by colour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

#: one style sheet for notebook and report; source underlined, cue in italics, content shaded.
CSS = """
.dt-content{background:#fff2cc;color:#111;border-bottom:2px solid #b8860b}
.dt-source{color:#0b3d6b;font-weight:600;text-decoration:underline}
.dt-cue{color:#6b2d0b;font-style:italic;text-decoration:underline dotted}
.dt-number{font-size:.7em;vertical-align:super;font-weight:600;color:#555}
.dt-text{line-height:1.6;max-width:46em}
.dt-text p{margin:.5em 0}
.dt-table{border-collapse:collapse;font-size:.9em;margin:.6em 0}
.dt-table th,.dt-table td{padding:.2em .7em;text-align:left!important;vertical-align:top;border-bottom:1px solid #ddd}
""".strip()


class Piece(NamedTuple):
    """A span to mark: its offsets in the text, its role, and the statement's number."""

    start: int
    end: int
    role: str
    number: int


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
    clipped = [p for p in clipped if p.start < p.end]
    cuts = sorted({start, end, *(p.start for p in clipped), *(p.end for p in clipped)})
    openings = {p.start: p.number for p in clipped if p.role == "content"}
    html, at = [], 0
    active: list[Piece] = []
    ordered = sorted(clipped)
    for low, high in pairwise(cuts):
        active = [p for p in active if p.end > low]
        while at < len(ordered) and ordered[at].start <= low:
            active.append(ordered[at])
            at += 1
        if low in openings:
            html.append(f'<span class="dt-number">[{openings[low]}]</span>')
        classes = " ".join(sorted({f"dt-{p.role}" for p in active}))
        for i, line in enumerate(text[low:high].split("\n")):
            if i:
                html.append("</p><p>")
            if line:
                html.append(f'<span class="{classes}">{escape(line)}</span>' if classes else escape(line))
    return f"<p>{''.join(html)}</p>".replace("<p></p>", "")


def render_table(rows: Iterable[Iterable[object]], header: Iterable[str]) -> str:
    """Return a plain HTML table; missing values are shown as an en dash."""
    head = "".join(f"<th>{escape(h)}</th>" for h in header)
    body = "".join(
        "<tr>" + "".join(f"<td>{'–' if _missing(v) else escape(str(v))}</td>" for v in row) + "</tr>" for row in rows
    )
    return f'<table class="dt-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def say_date(at: pd.Timestamp, precision: str = "day") -> str:
    """Return a date in words, as exact as it is known."""
    month = f"{at:%B %Y}"  # a day without a leading zero has no directive that every system knows
    return {"year": f"{at:%Y}", "month": month}.get(precision, f"{at.day} {month}")


def _missing(value: object) -> bool:
    return value is None or value == "" or bool(pd.isna(value))
