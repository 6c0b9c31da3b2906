"""The printed side: each content piece of a statement, and which of its words stand inside quotation marks."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from diplotext.language import find_quotations
from diplotext.trace.records import Speaker, last_days, read_speakers
from diplotext.trace.words import Word, split_words

_EPOCH = date(1970, 1, 1).toordinal()


class Piece(NamedTuple):
    """One content piece: its words, and whether each is quoted (all are in direct speech, none in indirect)."""

    quote_id: str
    part: int
    article_id: str
    kind: str
    speaker: Speaker
    until: float
    spoken_on: float
    text: str
    words: list[Word]
    quoted: list[bool]
    start: int

    @property
    def judged(self) -> list[bool]:
        """Which words' fidelity is judged: the quoted ones, else all."""
        return self.quoted if any(self.quoted) else [True] * len(self.words)

    @property
    def fragments(self) -> list[range]:
        """The stretches of judged words, each between its own marks."""
        found: list[range] = []
        for number, inside in enumerate(self.judged):
            if inside and found and found[-1].stop == number:
                found[-1] = range(found[-1].start, number + 1)
            elif inside:
                found.append(range(number, number + 1))
        return found


def read_pieces(quotes: pd.DataFrame, articles: pd.DataFrame, spans: pd.DataFrame | None) -> list[Piece]:
    """Return the content pieces of every statement, in the order of `quotes`; without spans, one piece a statement."""
    dates = dict(zip(articles["article_id"], last_days(articles), strict=True))
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    places: dict[str, list[tuple[int, int, int]]] = {}
    if spans is not None:
        rows = spans[spans["role"] == "content"].sort_values(["quote_id", "part"])
        for quote_id, part, start, end in zip(*(rows[c] for c in ("quote_id", "part", "start", "end")), strict=True):
            places.setdefault(quote_id, []).append((int(part), int(start), int(end)))
    found = []
    columns = ("quote_id", "article_id", "kind", "text", "spoken_on", "start")
    for speaker, (quote_id, article_id, kind, text, day, at) in zip(
        read_speakers(quotes), zip(*(quotes[c] for c in columns), strict=True), strict=True
    ):
        spoken_on = float("nan") if pd.isna(day) else float(day.toordinal() - _EPOCH)
        whole = texts[article_id]
        pieces = [(part, whole[start:end]) for part, start, end in places.get(quote_id, [])] or [(0, text)]
        for part, piece in pieces:
            words = split_words(piece)
            found.append(
                Piece(quote_id, part, article_id, kind, speaker, dates[article_id], spoken_on, piece, words,
                      mark_quoted(piece, words, kind), -1 if pd.isna(at) else int(at))
            )  # fmt: skip
    return found


def mark_quoted(text: str, words: list[Word], kind: Any) -> list[bool]:
    """Tell of each word of a piece whether it stands inside quotation marks."""
    if kind in ("direct", "speech"):
        return [True] * len(words)
    if kind != "mixed":
        return [False] * len(words)
    quoted = find_quotations(text)
    return [any(q.start <= word.start and word.end <= q.end for q in quoted) for word in words]
