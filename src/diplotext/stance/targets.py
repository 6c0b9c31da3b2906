"""Targets: whom and what a statement is about, the main target first.

Actors are found by the name index; a pronoun is resolved only to the addressee. The speaker's own side is not a target.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from diplotext.stance.groups import word_group
from diplotext.stance.phrases import Token
from diplotext.stance.posture import Posture

#: postures whose main target is the one spoken to, unless the words name a doer.
_ADDRESSING = frozenset(
    ("demand", "appeal", "threaten", "consult", "accuse", "criticise", "support", "reassure", "warn", "promise")
)


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
    text: str, tokens: Sequence[Token], index: Any, speaker: Speaker, date: dt.date | None = None
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


def order_targets(
    named: Sequence[Named], posture: Posture, words: Sequence[str], addressees: Sequence[Named] = ()
) -> list[Named]:
    """Return each actor once, the main target first.

    The main target is the one whose deed decided the posture (accused, warned of, demanded from); else the one that
    follows the deciding words; else the addressee; else the first actor named.
    """
    others = [n for n in named if n.side == "other"]
    decided = posture.decided_by
    main: Named | None = None
    if decided is not None and decided.agent_at >= 0:
        main = next((n for n in others if n.first <= decided.agent_at < n.last), None)
    if main is None and addressees and posture.name in _ADDRESSING:
        main = addressees[0]
    if main is None and decided is not None and others:
        after = [n for n in others if n.first >= decided.first and _reaches(words, decided.first, n.first)]
        main = _aimed(after, words) or next(iter(after), None)
    if main is None:
        main = next(iter(addressees or others), None)
    if main is None:
        return []
    targets, seen = [main], {main.actor_id}
    for n in (*addressees, *others):
        if n.actor_id not in seen:
            seen.add(n.actor_id)
            targets.append(n)
    return targets


def _reaches(words: Sequence[str], first: int, last: int) -> bool:
    return not any(word[0] in ".?!;" for word in words[max(first, 0) : last])


def _aimed(named: Sequence[Named], words: Sequence[str]) -> Named | None:
    """Prefer the actor that stands after "on", "against", "with"."""
    for n in named:
        before = words[max(0, n.first - 2) : n.first]
        if not word_group("aim").isdisjoint(before):
            return n
    return None
