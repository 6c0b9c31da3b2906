"""What a phrase without a name takes up from the text before it: "the bloc", "both sides"."""

from __future__ import annotations

import datetime as dt
import re

from diplotext.names import NameIndex

#: how far back a body and a pair of states are searched for, in characters.
_BODY_REACH, _PAIR_REACH = 4000, 1500
_ALLIANCES, _BLOCS = ("NATO",), ("EU", "NATO", "ASEAN", "AU")
_JOINED = re.compile(r" and (?:the )?(?:\w+ ){0,2}|[-–]| with ")


def body_before(index: NameIndex, text: str, at: int, noun: str, date: dt.date | None = None) -> str | None:
    """Return the body that "the alliance" or "the bloc" means at an offset: the one named last, else the usual one."""
    wanted = _ALLIANCES if noun == "alliance" else _BLOCS
    found = [m for m in index.find(text, max(0, at - _BODY_REACH), at, date) if m.actor_id in wanted]
    body = found[-1].actor_id if found else ("NATO" if noun == "alliance" else "EU")
    return body if body in index else None


def states_before(index: NameIndex, text: str, at: int, date: dt.date | None = None) -> list[str]:
    """Return the two states that "both sides" means at an offset, in reading order; empty where they are not two.

    They are the last two that are named as a pair ("X and Y", "X-Y"; people count for their states), else the last two.
    """
    mentions = index.find(text, max(0, at - _PAIR_REACH), at, date)
    land = [index.look_up(m.actor_id, date).country for m in mentions]
    codes: list[str] = []
    for n in range(len(mentions) - 1, 0, -1):
        if _JOINED.fullmatch(text, mentions[n - 1].end, mentions[n].start):
            codes = list(dict.fromkeys(c for c in (land[n - 1], land[n]) if c))
            if len(codes) == 2:
                return codes
    codes = list(dict.fromkeys(c for c in reversed(land) if c))[:2][::-1]
    return codes if len(codes) == 2 else []
