"""Bodies, states and groups as pronouns and nouns take them up: "it", "they", "the authority", "its members"."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from diplotext.cast.heard import Heard
from diplotext.cast.referent import Referent
from diplotext.names import name_parts, source_nouns
from diplotext.names.titles import is_organisation

if TYPE_CHECKING:
    from diplotext.cast.reading import Cast

_WORD = re.compile(r"\b[A-Za-z][a-z]{2,}\b")
#: words before the noun of a group that belong to its name
_MODIFIERS = r"(?:(?:[A-Z][\w-]+(?:'s)?|[a-z]+-[a-z]+|%s) ){1,4}$"
#: in front of a state these make a place of it
_PLACE = re.compile(r"\b(?:in|near|from|at|inside|outside|across|around|into|through|via) (?:the )?$", re.I)
#: what parts a clause from the one before
CLAUSE = re.compile(r"\b(?:that|said|says|told|because|while|when|after|before|if|who|which|and|but)\b|[,;:—–]")
#: longer runs of capitalised words are no name, in characters
_LONGEST = 100


class Group(NamedTuple):
    """A body, state or group where it is named: offsets, what is printed, its number, and the nouns that take it up."""

    start: int
    end: int
    printed: str
    number: str
    key: str
    acting: bool


def find_groups(cast: Cast) -> list[Group]:
    """Return every body, state and group of people that an article names, in order."""
    index, text, folded = cast.index, cast.text, cast.people.folded
    found: list[Group] = []
    for mention in index.find(text, date=cast.date):
        if mention.how in ("adjective", "surname", "office") or index.look_up(mention.actor_id).kind == "person":
            continue
        printed = text[mention.start : mention.end]
        plural = mention.how == "demonym" and printed.endswith("s")
        place = bool(_PLACE.search(folded, max(0, mention.start - 16), mention.start))
        state = index.look_up(mention.actor_id).kind == "state"
        found.append(Group(mention.start, mention.end, printed, "plural" if plural else "one", mention.actor_id,
                           not (place and state)))  # fmt: skip
    names = set(cast.acronyms.values())
    named = {g.end for g in found}
    for start, run in cast.people.runs:
        if start + len(run) in named or len(run) > _LONGEST:
            continue
        known = run in cast.acronyms or run in names or is_organisation(run)
        if known and index.name(run, cast.date) is None:
            key = cast.acronyms.get(run, run)
            found.append(Group(start, start + len(run), text[start : start + len(run)], "one", key, True))
    for word in _WORD.finditer(folded):
        noun = word.group().lower()
        kind = "" if noun in name_parts("no antecedent") else source_nouns().get(noun, ("", ""))[0]
        if kind == "organisation" and folded.endswith(("the ", "The "), word.start() - 4, word.start()):
            found.append(Group(word.start(), word.end(), text[word.start() - 4 : word.end()], "one", noun, True))
        elif kind == "collective" or (kind == "anonymous" and noun.endswith(("s", "people"))):
            before = _modifiers().search(folded, max(0, word.start() - 60), word.start())
            start = before.start() if before else word.start()
            number = "plural" if noun.endswith(("s", "people", "men", "women")) else "one"
            found.append(Group(start, word.end(), text[start : word.end()], number, noun, True))
    taken = 0
    result = []
    for group in sorted(found, key=lambda g: (g.start, -g.end)):
        if group.start >= taken:
            result.append(group)
            taken = group.end
        elif result and group.end > taken and group.number == "plural":  # "Syrian rebels" is more than Syria
            result[-1] = group._replace(start=result[-1].start, printed=text[result[-1].start : group.end])
            taken = group.end
    return sorted([*result, *_pairs(cast, result)], key=lambda g: (g.start, -g.end))


def _pairs(cast: Cast, groups: Sequence[Group]) -> Iterator[Group]:
    """Yield "A and B" for bodies and states that are named together."""
    for first, second in pairwise(groups):
        between = cast.people.folded[first.end : second.start]
        if between in (" and ", " and the ") and not first.key.islower() and not second.key.islower():
            printed = cast.text[first.start : second.end]
            yield Group(first.start, second.end, printed, "plural", printed, first.acting)


@cache
def _modifiers() -> re.Pattern[str]:
    words = "|".join(sorted(name_parts("group modifier"), key=len, reverse=True))
    return re.compile(_MODIFIERS % words)


def last_with_noun(cast: Cast, noun: str, at: int, heard: Heard) -> Referent | None:
    """Return the body whose name holds a noun, named last before an offset: "the authority", "the movement"."""
    last = bisect.bisect_left(cast.groups, at, key=lambda g: g.start)
    for group in reversed(cast.groups[:last]):
        name = cast.acronyms.get(group.key, group.key)
        words = name.lower().split() if " " in name and not name.islower() else []
        if noun in words or noun in _nouns_of(cast, group):
            return cast.resolve(group.printed, group.start, heard)
    return None


def _nouns_of(cast: Cast, group: Group) -> list[str]:
    """Return the words of the full name of a body that the tables know."""
    if group.key not in cast.index:
        return []
    return cast.index.look_up(group.key).name.lower().split()
