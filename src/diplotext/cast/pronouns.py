"""Whom a pronoun means: who is likeliest taken up, whose words they are, or what stands right before it."""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from diplotext.cast.antecedents import REACH, Anaphor, Candidate, rank, read_pronoun, refer
from diplotext.cast.author import find_author
from diplotext.cast.heard import Heard
from diplotext.cast.introductions import NO_TITLE
from diplotext.cast.people import Person
from diplotext.cast.referent import Referent
from diplotext.names import fold, name_parts
from diplotext.names.mentions import Parsed

if TYPE_CHECKING:
    from diplotext.cast.reading import Cast

#: the noun phrase right before "who"
_ANTECEDENT = re.compile(r"((?:[\w'.%-]+ ){0,4}[\w'%-]+),? ?(?:-- |— )?$")
#: a choice of which less than this share speaks is a weak one
_SURE = 0.7
_RULES = {
    "male": "he or she", "female": "he or she", "plural": "they after a group", "thing": "it after a body"
}  # fmt: skip


def resolve_pronoun(cast: Cast, read: Parsed, at: int, heard: Heard) -> Referent:
    """Return whom a pronoun means, unresolved where nobody fits; never a city or a thing for "he" and "she"."""
    if read.noun == "self":
        return _resolve_self(cast, at, heard)
    if read.noun == "relative":
        return _resolve_relative(cast, at, heard)
    if read.noun == "you":
        return _resolve_you(cast, at, heard)
    ranked = rank(cast, heard, read_pronoun(cast, at, read.text, read.noun))
    if not ranked:
        return Referent()
    share, best = ranked[0]
    rule = _RULES[read.noun] + ("" if share >= _SURE else ", of several")
    return replace(refer(cast, best, heard), resolution="pronoun", rule=rule, weak=share < _SURE)


def find_antecedent(
    cast: Cast,
    heard: Heard,
    at: int,
    gender: str = "",
    reach: int = REACH,
    fitting: Collection[Person] | None = None,
) -> Person | None:
    """Return the likeliest person, of `fitting` if given, whom a description at an offset takes up, or None."""
    ranked = rank(
        cast, heard, Anaphor(at, "person", gender),
        lambda c: isinstance(c.who, Person) and (fitting is None or any(c.who is f for f in fitting)), reach,
    )  # fmt: skip
    return next((c.who for _, c in ranked if isinstance(c.who, Person)), None)


def take_up(
    cast: Cast, at: int, form: str, heard: Heard, fitting: Callable[[Candidate], bool] | None = None
) -> Referent | None:
    """Return the body (form thing) or the group (plural) that a description at an offset takes up, or None."""
    ranked = rank(cast, heard, Anaphor(at, form), fitting)
    return refer(cast, ranked[0][1], heard) if ranked else None


def _resolve_self(cast: Cast, at: int, heard: Heard) -> Referent:
    """Resolve "I" and "we": whoever's quote marks or turn they stand in, else the author."""
    for other, found in reversed(heard.history):
        if other.start <= at < other.end and other.kind != "indirect" and other.at != at:
            return as_pronoun(found, "whose words they are")
    inside = heard.quote_around(at)
    if inside:
        speaker = heard.speaker_of(inside)
        if speaker is not None:
            return as_pronoun(cast.person(speaker, "pronoun"), "whose words they are")
    turn = _turn(cast, at)
    if turn >= 0:
        return as_pronoun(cast.resolve(cast.turns[turn][1], -1, heard), "whose turn it is")
    author = None if inside else find_author(cast, at)
    if author:
        person = cast.people.find(fold(author).split(), NO_TITLE, at, create=False)
        if person is not None:
            return as_pronoun(cast.person(person, "pronoun"), "author")
        return Referent(None, author, "person", sector="media", resolution="pronoun", rule="author", weak=True)
    return Referent()


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


def as_pronoun(found: Referent, rule: str) -> Referent:
    """Return whom a pronoun takes up, as a weak rule's result."""
    return replace(found, resolution="pronoun", weak=True, rule=rule) if found.name else found
