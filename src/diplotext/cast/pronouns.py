"""Whom a pronoun means: the last fitting speaker, subject or name before it."""

from __future__ import annotations

import bisect
import re
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from diplotext.cast.groups import CLAUSE, take_up
from diplotext.cast.heard import Heard
from diplotext.cast.people import Person
from diplotext.cast.referent import Referent
from diplotext.names import name_parts
from diplotext.names.mentions import Parsed

if TYPE_CHECKING:
    from diplotext.cast.reading import Cast

_OBJECT = re.compile(
    r"\b(?:to|with|by|of|against|for|from|on|about|like|than|told|and|at|behind|between|over|towards?|called|asked|"
    r"under|after|before|including|met|urged|accused|criticized|criticised|blamed) (?:[A-Z][\w.]* ){0,3}$"
)
#: the noun phrase right before "who"
_ANTECEDENT = re.compile(r"((?:[\w'.%-]+ ){0,4}[\w'%-]+),? ?(?:-- |— )?$")
#: pronouns that may be the object of a verb, and what shows it
_BOUND = frozenset({"him", "her", "them", "it"})
_BEFORE_OBJECT = re.compile(r"\b(?:\w+ed|\w+s|\w+ing|to|with|by|of|against|for|from|on|about|told|met|fought|\w{4,}) $")
#: a pronoun looks back at most this many sentences of the article's own words, and this many names.
_REACH, _NAMES = 8, 40
#: where the second is as near to the first, the choice is a weak one
_MARGIN = 0.8


def resolve_pronoun(cast: Cast, read: Parsed, at: int, heard: Heard) -> Referent:
    """Return whom a pronoun means, unresolved where nobody fits; never a city or a thing for "he" and "she"."""
    bound = read.text.lower() in _BOUND and bool(_BEFORE_OBJECT.search(cast.people.folded, max(0, at - 30), at))
    if read.noun in ("male", "female"):
        ranked = rank_antecedents(cast, heard, at, read.noun, bound=bound)
        if not ranked:
            return Referent()
        close = len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _MARGIN
        rule = "he or she, of several" if close else "he or she"
        return replace(cast.person(ranked[0][1], "pronoun"), rule=rule, weak=close)
    if read.noun == "self":
        return _resolve_self(cast, at, heard)
    if read.noun == "relative":
        return _resolve_relative(cast, at, heard)
    if read.noun == "plural":
        return _resolve_they(cast, at, heard, bound)
    if read.noun == "thing":
        return _resolve_it(cast, at, heard, bound)
    return _resolve_you(cast, at, heard)


def find_antecedent(
    cast: Cast,
    heard: Heard,
    at: int,
    gender: str = "",
    reach: int = _REACH,
    fitting: Collection[Person] | None = None,
) -> Person | None:
    """Return the first of `rank_antecedents`, or None."""
    ranked = rank_antecedents(cast, heard, at, gender, reach, fitting)
    return ranked[0][1] if ranked else None


def rank_antecedents(
    cast: Cast,
    heard: Heard,
    at: int,
    gender: str = "",
    reach: int = _REACH,
    fitting: Collection[Person] | None = None,
    *,
    bound: bool = False,
) -> list[tuple[float, Person]]:
    """Return the people, best first with their scores, whom "he" or "she" at an offset may mean.

    They are near, speakers or subjects, of fitting gender.

    With `fitting`, only these people come into question; with `bound`, nobody who is named in the same clause.

    The weights were set by hand on public news articles of 2015–16; a speaker counts most, then the first name of a
    sentence; the object of a verb or preposition counts less. Names inside quote marks do not count.
    """
    people = cast.people
    here, paragraph = heard.sentence(at), people.paragraph(at)
    events = people.events
    last = bisect.bisect_left(events, at, key=lambda e: e[0])
    named = events[max(0, last - _NAMES) : last]
    named = named + [
        (s.at, r.person) for s, r in heard.history[-6:]
        if r.person and 0 <= s.at < at and r.resolution in ("pronoun", "description")
    ]  # fmt: skip
    scores: dict[int, tuple[float, int, Person]] = {}
    subjects: dict[int, int] = {}
    for where, person in named:
        sentence = heard.sentence(where)
        distance = here - sentence
        if fitting is not None and not any(person is f for f in fitting):
            continue
        if distance > reach or (person.gender and gender and person.gender != gender):
            continue
        if bound and distance == 0 and not CLAUSE.search(people.folded, where, at):
            continue
        inside = heard.quote_around(where)
        if inside and not inside[0] <= at < inside[1]:
            continue
        score = -0.6 * distance - 0.3 * (paragraph - people.paragraph(where)) + 0.05 * min(len(person.places), 10)
        first = subjects.setdefault(sentence, where)
        if heard.speaking.get(where) is person:
            score += 1.2
        elif _OBJECT.search(people.folded, max(heard.sentences[sentence], where - 40), where):
            score -= 0.8
        elif where == first:
            score += 0.8
        if not person.gender:
            score -= 0.4
        if not person.sure:
            score -= 0.5
        known = scores.get(id(person))
        if known is None or score > known[0]:
            scores[id(person)] = (score, where, person)
        else:
            scores[id(person)] = (known[0] + 0.1, known[1], person)
    return [(score, person) for score, _, person in sorted(scores.values(), key=lambda s: s[:2], reverse=True)]


def _resolve_self(cast: Cast, at: int, heard: Heard) -> Referent:
    """Resolve "I" and "we": whoever's quote marks or turn they stand in, else the author."""
    for other, found in reversed(heard.history):
        if other.start <= at < other.end and other.kind != "indirect":
            return as_pronoun(found, "whose words they are")
    inside = heard.quote_around(at)
    if inside:
        speaker = _speaker_of(cast, inside[0], inside[1], heard)
        if speaker is not None:
            return as_pronoun(cast.person(speaker, "pronoun"), "whose words they are")
    turn = _turn(cast, at)
    if turn >= 0:
        return as_pronoun(cast.resolve(cast.turns[turn][1], -1, heard), "whose turn it is")
    if cast.byline and not inside:
        author = re.sub(r"^[Bb]y ", "", cast.byline).split(" and ")[0].split(",")[0].strip()
        if author:
            return Referent(None, author, "person", sector="media", resolution="pronoun", rule="author", weak=True)
    return Referent()


def _speaker_of(cast: Cast, start: int, end: int, heard: Heard) -> Person | None:
    """Return who speaks right after or before a quotation, or None."""
    near = [(abs(at - end) if at >= end else abs(start - at), at) for at in heard.speaking if not start <= at < end]
    distance, at = min(near, default=(0, -1))
    return heard.speaking[at] if at >= 0 and distance < 200 else None


def _resolve_you(cast: Cast, at: int, heard: Heard) -> Referent:
    """Resolve "you" in a transcript: whose turn came before."""
    turn = _turn(cast, at)
    label = next((name for _, name in reversed(cast.turns[:turn]) if name != cast.turns[turn][1]), None)
    return as_pronoun(cast.resolve(label, -1, heard), "whose turn came before") if turn > 0 and label else Referent()


def _turn(cast: Cast, at: int) -> int:
    return bisect.bisect_right(cast.turns, at, key=lambda t: t[0]) - 1


def _resolve_relative(cast: Cast, at: int, heard: Heard) -> Referent:
    """Resolve "who": whatever stands right before it."""
    people = cast.people
    here = heard.sentence(at)
    source_before = None
    if heard.history and heard.history[-1][0].at >= 0 and heard.sentence(heard.history[-1][0].at) == here:
        source_before = heard.history[-1][1]
    last = bisect.bisect_left(people.events, at, key=lambda e: e[0])
    if last and at - people.events[last - 1][0] < 120:
        where, person = people.events[last - 1]
        between = people.folded[where:at]
        # "an adviser to Toran, who asked not to be named": the adviser
        owned = source_before is not None and people.folded[max(0, where - 4) : where].endswith((" to ", " of "))
        if heard.sentence(where) == here and not owned and (between.count(" ") <= 5 or between.count(",") == 2):
            return replace(cast.person(person, "pronoun"), rule="who after a name")
    if source_before is not None and source_before.name and people.folded[max(0, at - 2) : at] == ", ":
        return replace(source_before, resolution="pronoun", rule="who after a source")
    before = _ANTECEDENT.search(people.folded, max(heard.sentences[here], at - 60), at)
    words = before.group(1).split() if before else []
    for number in range(len(words) - 1, -1, -1):
        if words[number].lower() in name_parts("break"):
            words = words[number + 1 :]
            break
    if not words:
        return Referent()
    return as_pronoun(cast.resolve(" ".join(words), at, heard), "who after a noun")


def _resolve_they(cast: Cast, at: int, heard: Heard, bound: bool) -> Referent:
    here = heard.sentence(at)
    for other, found in reversed(heard.history[-6:]):
        near = other.at >= 0 and here - heard.sentence(other.at) <= 3
        if near and found.name and (found.plural or found.kind == "collective"):
            return replace(found, resolution="pronoun", rule="they after a speaker")
    group = take_up(cast, at, "plural", heard, bound=bound)
    return as_pronoun(group, "they after a group") if group else Referent()


def _resolve_it(cast: Cast, at: int, heard: Heard, bound: bool) -> Referent:
    here = heard.sentence(at)
    for other, found in reversed(heard.history[-6:]):
        near = other.at >= 0 and here - heard.sentence(other.at) <= 3
        if near and found.name and found.kind in ("organisation", "state"):
            return replace(found, resolution="pronoun", rule="it after a speaker")
    body = take_up(cast, at, "one", heard, bound=bound)
    return as_pronoun(body, "it after a body") if body else Referent()


def as_pronoun(found: Referent, rule: str) -> Referent:
    """Return whom a pronoun takes up, as a weak rule's result."""
    return replace(found, resolution="pronoun", weak=True, rule=rule) if found.name else found
