"""What was said before a place: who spoke where, in which order, and which words stand in quote marks."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from diplotext.cast.people import People, Person
from diplotext.cast.referent import Referent
from diplotext.language import find_quotations, reporting_verbs
from diplotext.spans import Span

if TYPE_CHECKING:
    from diplotext.cast.antecedents import Candidate

#: shorter quotations are names and single words, which nobody says
_SHORT = 20
#: how near to a quotation its speaker is named
_NEAR = 200


class Source(NamedTuple):
    """One statement's source as the attribution found it; offsets into the cleaned text, -1 where there is none."""

    mention: str | None
    at: int
    start: int
    end: int
    kind: str
    pieces: tuple[Span, ...] = ()


class Heard:
    """What an article's statements tell about its mentions, as far as they have been resolved.

    Parameters
    ----------
    people
        The article's.
    sources
        Its statements' sources, which `remember` adds one by one; without them quote marks and verbs of saying beside
        a name tell what is quoted and who speaks.
    """

    def __init__(self, people: People, sources: Iterable[Source] | None = None) -> None:
        self.people = people
        self.history: list[tuple[Source, Referent]] = []
        self.speaking: dict[int, Person] = {}
        self.taken: dict[str, dict[int, Candidate]] = {}
        self.decided: dict[str, int] = {}
        if sources is None:
            quoted = [(q.start, q.end) for q in find_quotations(people.text) if q.end - q.start > _SHORT]
            self._listen()
        else:
            quoted = [p for s in sources if s.kind in ("direct", "mixed") for p in s.pieces]
        self._quoted = _merge(quoted)
        # What is said inside quote marks is no step away from the words around it.
        self.sentences = [b for b in people.sentences if not self.quote_around(b, edges=False)]

    def _listen(self) -> None:
        """Find who speaks by the verbs of saying beside a name, where nobody has listed the statements."""
        folded = self.people.folded
        after, before = saying()
        for at, person in self.people.events:
            end = at + len(self.people.name_from(at, person))
            if after.match(folded, end) or before.search(folded, max(0, at - 40), at):
                self.speaking[at] = person

    def remember(self, source: Source, found: Referent) -> None:
        """Add a resolved source to the history, and its place to those where somebody speaks."""
        self.history.append((source, found))
        if found.person is None or source.at < 0 or not source.mention:
            return
        places = [p for p in found.person.places if source.at <= p < source.at + len(source.mention)]
        for place in places or [source.at]:
            self.speaking[place] = found.person

    def quote_around(self, at: int, *, edges: bool = True) -> Span | None:
        """Return the direct quote that an offset lies in, or None."""
        number = bisect.bisect_right(self._quoted, at, key=lambda q: q[0]) - 1
        if number < 0:
            return None
        start, end = self._quoted[number]
        return (start, end) if at < end and (edges or at > start) else None

    def sentence(self, at: int) -> int:
        """Return the number of the sentence that an offset lies in; quoted words begin none."""
        return bisect.bisect_right(self.sentences, at) - 1

    def speaker_of(self, quote: Span) -> Person | None:
        """Return who speaks right after or before a quotation, or None."""
        start, end = quote
        near = [(abs(at - end) if at >= end else abs(start - at), at) for at in self.speaking if not start <= at < end]
        distance, at = min(near, default=(0, -1))
        return self.speaking[at] if at >= 0 and distance < _NEAR else None

    def last_called(self, noun: str) -> Referent | None:
        """Return the last speaker who goes under a noun: "the group" after "a group of judges"."""
        return next((r for _, r in reversed(self.history) if r.noun and r.noun == noun and r.name), None)


@cache
def saying() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what stands after and before the name of somebody who says something."""
    verbs = rf"(?:{'|'.join(sorted(reporting_verbs()))})"
    return (
        re.compile(rf",?(?: [^,.;\n]{{2,80}},)? (?:(?:also|then|later|has|had) )?{verbs}\b"),
        re.compile(rf"\b{verbs} (?:[A-Z][\w.]* )?$"),
    )


def _merge(quotes: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(quotes):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
