"""Statements as rows of the quotes table, and what the rules say of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from diplotext.language import split_words
from diplotext.names import NameIndex
from diplotext.stance.conditional.finding import find_conditionals, tell_imposer
from diplotext.stance.posture.judging import Posture, judge_posture

_DELEGATE = re.compile(r"spokes|press secretary|adviser|advisor", re.IGNORECASE)
#: whose speakers' side imposes nothing: they foretell a cost, and do not threaten.
_POWERLESS = ("expert", "media", "civil")
_GOVERNING = ("government", "military")


class Row(NamedTuple):
    """One statement, as far as its columns are there."""

    quote_id: str
    article_id: str
    kind: str | None
    text: str
    cue: str | None
    start: int
    end: int
    actor_id: str | None
    countries: frozenset[str]
    sector: str | None
    delegate: bool
    name: str


class Ruled(NamedTuple):
    """What the rules say of a statement: its posture, and whether its speaker has power."""

    posture: Posture
    official: bool


def iterate_rows(quotes: pd.DataFrame) -> Iterator[Row]:
    """Yield the statements of a quotes table."""
    columns = (
        "quote_id", "article_id", "kind", "text", "cue", "start", "end", "actor_id", "country", "parties", "sector",
        "role", "speaker_kind", "speaker", "speaker_mention",
    )  # fmt: skip
    lists = (quotes[c].to_numpy(dtype=object, na_value=None).tolist() for c in columns)
    for (
        quote_id, article_id, kind, text, cue, start, end, actor_id, country, parties, sector, role, speaker_kind, name,
        mention,
    ) in zip(*lists, strict=True):  # fmt: skip
        # who speaks for another says "she thanked": in a readout the one spoken of is the speaker's own side
        delegate = kind == "speech" and (speaker_kind == "organisation" or bool(_DELEGATE.search(role or "")))
        codes = frozenset(filter(None, parties.split(";"))) if parties else frozenset([country] if country else [])
        yield Row(
            quote_id, article_id, kind, text or "", cue, int(start), int(end), actor_id, codes, sector, delegate,
            name or mention or "",
        )  # fmt: skip


def judge_row(row: Row, names: NameIndex) -> Ruled:
    """Judge a statement by rules, which know whose side those are on whom `names` knows."""
    tokens = split_words(row.text)
    sides = _find_sides(row, names)
    conditionals = find_conditionals(row.text)
    official = row.sector not in _POWERLESS
    reported = row.kind in ("indirect", "mixed") or row.delegate
    own = [span for span, side in sides.items() if side == "own"]
    posture = judge_posture(
        tokens,
        {i: side for i, t in enumerate(tokens) for (s, e), side in sides.items() if t.start < e and t.end > s},
        cue=row.cue,
        indirect=reported,
        home=reported,
        conditional=bool(conditionals),
        imposes=tell_imposer(row.text, conditionals[0], own, reported=reported) if conditionals else "",
        official=official,
        question=row.text.rstrip(" ”\"'’").endswith("?"),
        text=row.text,
    )
    return Ruled(posture, official)


def _find_sides(row: Row, names: NameIndex) -> dict[tuple[int, int], str]:
    """Return where actors are named, and whose side each is on: ``own`` or ``other``."""
    return {
        (m.start, m.end): "own" if _is_own(names.look_up(m.actor_id), row) else "other" for m in names.find(row.text)
    }


def _is_own(actor: Any, row: Row) -> bool:
    """Tell whether an actor is on the speaker's side: of the same government, or of a state that speaks as one."""
    if row.actor_id and actor.actor_id == row.actor_id:
        return True
    if actor.country not in row.countries or not actor.country:
        return False
    if actor.kind == "person" or actor.sector in ("opposition", "media", "civil"):
        # Politicians of one country are not one side: only a government speaks for its own members.
        return actor.sector in _GOVERNING and row.sector in (None, *_GOVERNING)
    return True
