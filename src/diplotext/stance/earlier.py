"""Candidates that a statement does not name: "they", "the bloc", "both sides", the one met, the other side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from diplotext.cast import body_before, states_before
from diplotext.names import Actor
from diplotext.stance.gathered import Gathered
from diplotext.stance.surroundings import Surroundings
from diplotext.stance.targets import is_own
from diplotext.stance.words import Words, is_topical

#: how many of the actors named last before a statement are looked at, and how many of those named most.
_LATEST, _MOST = 3, 6
_PAIR = re.compile(
    r"\b(?:both (?:of them|the )?|(?:the )?two |neither |either |each |the (?=(?:leaders|parties|sides|presidents)\b))"
    r"(?:sides?|leaders?|countries|nations|governments?|presidents|ministers|parties|capitals|states|armies|"
    r"neighbou?rs|delegations|powers|of them)\b|\b(?:his|her|its|their) neighbou?rs\b",
    re.IGNORECASE,
)
#: words for the two who met
_TOGETHER = frozenset(("they", "leaders", "sides", "two"))
_BODY = re.compile(r"\b(?:the|this|our) (bloc|alliance|union)\b", re.IGNORECASE)


class _Whom(NamedTuple):
    """What an article tells, at one statement, about whom it may mean."""

    latest: dict[str, int]
    leading: tuple[str, ...]
    most: str | None
    met: tuple[str, str] | None
    rival: str | None
    pair: tuple[str, ...]
    body: str | None

    def everybody(self) -> Iterator[str]:
        """Yield each actor once."""
        single = (self.most, *self.pair, self.body, self.met and self.met[0])
        yield from dict.fromkeys([*self.latest, *self.leading, *(a for a in single if a)])


def add_from_article(
    found: Gathered, words: Words, around: Surroundings, group: str, conditional: bool, named: bool, addressed: bool
) -> None:
    """Add the actors that stand before a statement, and what speaks for them to those already found.

    Parameters
    ----------
    found
        Gets the candidates.
    words, around
        The statement and its article.
    group
        The class of the statement's posture.
    conditional, named, addressed
        Whether it is conditional, names another side's actor, and has somebody addressed.
    """
    index, date, speaker = around.index, around.date, words.speaker
    whom = _ask(words, around)
    for actor_id in whom.everybody():
        if actor_id in index:
            actor = index.look_up(actor_id, date)
        else:
            actor = Actor(actor_id, whom.met[1] if whom.met else actor_id, "person", None, None, None)
        if actor.sector == "media" or actor.name == words.name or actor_id == speaker.actor_id:
            continue
        inside = found.stands_inside(actor_id)
        marks = _mark_place(actor_id, whom, words, around, "again" if inside else "before", group)
        if actor_id in whom.pair:
            marks |= {"one of two", f"one of two {group}"}
        if actor_id == whom.body:
            marks.add("body named")
        if not inside:
            marks |= {"before", f"before {group}", f"before {actor.kind}", *_mark_pronouns(actor, whom, words, around)}
            if named:
                marks |= {"before, others named", f"before {group}, others named"}
            if addressed:
                marks.add("before, others addressed")
            if conditional:
                marks.add("before conditional")
            if words.words[-1:] == ["?"]:
                marks.add("before question")
            if actor_id == whom.rival and not named and not addressed:
                marks.add(f"rival {group}")
        found.add(actor_id, actor.name, actor.country, -1, -1, marks)


def _ask(words: Words, around: Surroundings) -> _Whom:
    """Look for whom the article tells at a statement; the speaker's own side is nobody that it could mean."""
    index, date, speaker = around.index, around.date, words.speaker

    def other(actor_id: str) -> bool:
        if actor_id not in index:
            return actor_id != words.name
        actor = index.look_up(actor_id, date)
        return actor_id != speaker.actor_id and actor.name != words.name and not is_own(actor, speaker)

    latest: dict[str, int] = {}
    for place in around.before(words.start):
        if place.actor_id not in latest and other(place.actor_id):
            latest[place.actor_id] = place.start
            if len(latest) == _LATEST:
                break
    body = _BODY.search(words.text)
    return _Whom(
        latest,
        tuple(filter(other, around.leading)),
        next((actor_id for actor_id, _ in around.counts.most_common(_MOST) if other(actor_id)), None),
        next(((actor_id, name) for actor_id, name in around.met if other(actor_id)), None),
        around.rival(speaker) if words.kind != "speech" else None,
        tuple(states_before(index, around.text, words.start, date)) if _PAIR.search(words.text) else (),
        body_before(index, around.text, words.start, body.group(1).lower(), date) if body else None,
    )


def _mark_place(actor_id: str, whom: _Whom, words: Words, around: Surroundings, tag: str, group: str) -> set[str]:
    """Tell how near and how often an actor is named, and whether the article tells of a meeting with them."""
    marks = {tag} if tag == "again" else set()
    if actor_id in whom.latest:
        at = whom.latest[actor_id]
        marks.add(f"{tag} latest" if next(iter(whom.latest)) == actor_id else f"{tag} recent")
        near = "in sentence" if at >= around.sentence(words.start) else "far"
        marks.add(f"{tag} in paragraph" if near == "far" and at >= around.paragraph(words.start) else f"{tag} {near}")
    if actor_id in whom.leading:
        marks |= {f"{tag} leading", f"{tag} leading {group}"}
    if whom.met and actor_id == whom.met[0]:
        marks |= {f"{tag} counterpart", f"{tag} counterpart {group}"}
        if is_topical(words):
            marks.add(f"{tag} counterpart, topical")
        if words.delegate and not {"we", "our", "us", "i"}.intersection(words.words):
            marks |= {f"{tag} counterpart in readout", f"{tag} counterpart in readout {group}"}
            if not _TOGETHER.isdisjoint(words.words):
                marks |= {f"{tag} counterpart, they", f"{tag} counterpart, they {group}"}
    if actor_id == whom.most:
        marks |= {f"{tag} most named", f"{tag} most named {group}"}
    return marks


def _mark_pronouns(actor: Actor, whom: _Whom, words: Words, around: Surroundings) -> set[str]:
    """Tell whether the statement has a pronoun that may mean an actor named before it."""
    marks = set()
    held, latest = set(words.words), next(iter(whom.latest), None) == actor.actor_id
    speaker_first = words.kind in ("indirect", "mixed") and words.words[:1] in (["that"], ["he"], ["she"])
    person = actor.kind == "person"
    if held & {"you", "your"}:
        marks.add("before you")
    if words.words[:1] in (["her"], ["him"]) and person and words.kind != "speech":
        people = (a for a in whom.latest if around.index.look_up(a, around.date).kind == "person")
        if next(people, None) == actor.actor_id:
            marks.add("before him, follows cue")
    if person and not speaker_first and held & {"he", "she", "him", "her", "his", "hers"}:
        marks.add("before he, latest" if latest else "before he")
    if held & {"they", "them", "their", "theirs", "those"}:
        marks.add("before they, latest" if latest else "before they")
    if not person and held & {"it", "its"}:
        marks.add("before it, latest" if latest else "before it")
    if words.delegate:
        marks.add("before readout")
        if not _TOGETHER.isdisjoint(held):
            marks.add("before readout they")
    return marks
