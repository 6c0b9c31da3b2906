"""Actors named in a statement, and whose side they are on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from diplotext.language import Word


class Speaker(NamedTuple):
    """What is known of the speaker; every field may be missing."""

    actor_id: str | None = None
    country: str | None = None
    parties: frozenset[str] = frozenset()
    sector: str | None = None


class Named(NamedTuple):
    """An actor named in the statement: its tokens ``[first, last)``, who it is, and whose side it is on."""

    first: int
    last: int
    actor_id: str
    name: str
    country: str | None
    side: str


def find_named(
    text: str, tokens: Sequence[Word], index: Any, speaker: Speaker, date: dt.date | None = None
) -> list[Named]:
    """Return the actors named in `text`, left to right, each with its side (``own`` or ``other``)."""
    named: list[Named] = []
    k = 0
    for mention in index.find(text, date=date):
        while k < len(tokens) and tokens[k].end <= mention.start:
            k += 1
        last = k
        while last < len(tokens) and tokens[last].start < mention.end:
            last += 1
        if last > k:
            actor = index.look_up(mention.actor_id, date)
            side = "own" if is_own(actor, speaker) else "other"
            named.append(Named(k, last, mention.actor_id, actor.name, actor.country, side))
    return named


def is_own(actor: Any, speaker: Speaker) -> bool:
    """Tell whether an actor is on the speaker's side: of the same government, or of a state that speaks as one."""
    if speaker.actor_id and actor.actor_id == speaker.actor_id:
        return True
    codes = speaker.parties or ({speaker.country} if speaker.country else set())
    if actor.country not in codes or not actor.country:
        return False
    if actor.kind == "person" or actor.sector in ("opposition", "media", "civil"):
        # Politicians of one country are not one side: only a government speaks for its own members.
        return actor.sector in ("government", "military") and speaker.sector in (None, "government", "military")
    return True


def mark_sides(named: Iterable[Named]) -> dict[int, str]:
    """Return token number -> side."""
    return {i: n.side for n in named for i in range(n.first, n.last)}
