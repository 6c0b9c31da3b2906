"""Who says "I" outside quote marks where no turn tells: the author of a column, a letter, an interview's answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from diplotext.cast.introductions import things
from diplotext.names import name_parts
from diplotext.names.places import place_country

if TYPE_CHECKING:
    from diplotext.cast.reading import Cast

_NAME = r"[A-Z][\w'-]+(?: (?:[A-Z]\.? ?|(?:bin|al|van|von|de|di|der) ){0,2}[A-Z][\w'-]+){1,2}"
#: "• Ilse Toran is a columnist": at the end, about somebody of whom the article has not spoken
_NOTE = re.compile(
    rf"(?:^|[•.!?\"'”’\n] )({_NAME}) (?:is|was|are|studied|teaches|writes|works|has been|has written|reports|served)\b"
)
#: how long the notes at an article's end are at most, in characters
_END = 450
#: what parts a page's letters
_LETTERS = re.compile(r" ?• ?")
_SIGNED = re.compile(rf"[.!?…\"'”’)] ({_NAME})(?: [A-Z][\w',’ -]*)?$")
#: the label of an interview's speaker: "((Ilse Toran)) I saw"
_LABEL = re.compile(rf"(?:^|\n)\s*(?:\(\(([^()\n]{{2,40}})\)\)|({_NAME})(?= (?:I|We|Well|Yes|No|It|My|Our)\b))")
_INTERVIEW = re.compile(r"\b(?:interviews|interview with|in conversation with|speaks (?:to|with)|talks to) ", re.I)


def find_author(cast: Cast, at: int) -> str | None:
    """Return who says "I" at an offset outside quote marks, or None.

    By the label above it in an interview, the letter's signature, the byline, or the note about the author at the end.
    """
    for rule in (_labelled, _signature, _byline, _note, _interviewee):
        name = rule(cast, at)
        if name:
            return name
    return None


def _labelled(cast: Cast, at: int) -> str | None:
    labels = list(_LABEL.finditer(cast.people.folded, 0, at))
    if not any(m.group(1) for m in labels):
        return None
    last = labels[-1]
    group = 1 if last.group(1) else 2
    label = cast.text[last.start(group) : last.end(group)]
    return label if " " in label else _interviewee(cast, at)


def _signature(cast: Cast, at: int) -> str | None:
    """Return whose letter it is: on a page of letters each ends with its writer's name and place."""
    folded = cast.people.folded
    if "etters" not in folded[-_END:]:
        return None
    end = _LETTERS.search(folded, at)
    signed = _SIGNED.search(folded, at, end.start() if end else len(folded))
    return _without_place(signed.group(1)) if signed else None


def _without_place(name: str) -> str:
    """Return a name without the place that follows it: "Ilse Toran Marvagrad"."""
    words = name.split()
    return " ".join(words[:-1]) if len(words) > 2 and place_country(words[-1]) else name


def _byline(cast: Cast, at: int) -> str | None:
    return re.sub(r"^[Bb]y ", "", cast.byline).split(" and ")[0].split(",")[0].strip() or None


def _note(cast: Cast, at: int) -> str | None:
    folded = cast.people.folded
    begin = max(0, len(folded) - _END)
    for note in _NOTE.finditer(folded, begin):
        name = note.group(1)
        words = set(name.split())
        first = words & (name_parts("opener") | things())
        if not first and name not in folded[:begin] and note.start(1) > at:
            return cast.text[note.start(1) : note.end(1)]
    return None


def _interviewee(cast: Cast, at: int) -> str | None:
    """Return who is interviewed, by the headline."""
    if not _INTERVIEW.search(cast.headline):
        return None
    named = [p for p in cast.people.everyone() if p.sure and p.fulls and p.name in cast.headline]
    return named[-1].name if named else None
