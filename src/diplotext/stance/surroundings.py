"""What one article names around its statements: whom it is about, who was met, who quarrels with whom."""

from __future__ import annotations

import bisect
import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple

from diplotext.language import find_sentences_by_line
from diplotext.names import given_names
from diplotext.stance.targets import Speaker

#: how far back an article is searched for whom a statement means, in characters.
_REACH = 1200
#: how much of an article tells whom it is about.
_LEAD = 400
#: share of the names of states that two states must have for an article to be about their quarrel, and how often each
#: must be named.
_TWO, _OWN, _OTHER = 0.7, 2, 3
_NAME = re.compile(r"[A-Z][\w’'-]+(?: [A-Z]\.)?(?: (?:de |von |van |bin |al-)?[A-Z][\w’'-]+){1,2}")
_WITH = re.compile(r"\b(?:with|to|met|hosted|welcomed)\b")


class Place(NamedTuple):
    """Where an article names an actor."""

    start: int
    actor_id: str


class Surroundings:
    """What one article names around its statements; made once an article.

    Parameters
    ----------
    text, headline
        The article's.
    index
        Knows actors.
    date
        The article's date, or None.
    speakers
        Names of people who speak in it.
    """

    def __init__(
        self, text: str, headline: str, index: Any, date: dt.date | None, speakers: Iterable[str] = ()
    ) -> None:
        self.text, self.headline, self.index, self.date = text, headline, index, date
        self._speakers = tuple(speakers)

    @cached_property
    def places(self) -> list[Place]:
        """Every actor named, in order."""
        return [Place(m.start, m.actor_id) for m in self.index.find(self.text, date=self.date)]

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each actor is named; a person counts for the state too."""
        counts: Counter[str] = Counter()
        for place in self.places:
            counts[place.actor_id] += 1
            country = self.index.look_up(place.actor_id, self.date).country
            if country and country != place.actor_id and country in self.index:
                counts[country] += 1
        return counts

    @cached_property
    def leading(self) -> tuple[str, ...]:
        """Actors of the headline and the first paragraph, in order."""
        first = self.text.lstrip()[:_LEAD].split("\n\n", 1)[0]
        found = [*self.index.find(self.headline, date=self.date), *self.index.find(first, date=self.date)]
        return tuple(dict.fromkeys(m.actor_id for m in found))

    @cached_property
    def met(self) -> tuple[tuple[str, str], ...]:
        """People whom the headline or the first paragraph names, as actor and name: after "with" before others."""
        found: list[tuple[bool, int, str, str]] = []
        for part, text in enumerate((self.text.lstrip()[:_LEAD].split("\n\n", 1)[0], self.headline)):
            taken = []
            joined = _WITH.search(text)
            at = joined.end() if joined else 0
            for mention in self.index.find(text, date=self.date):
                actor = self.index.look_up(mention.actor_id, self.date)
                taken.append((mention.start, mention.end))
                if actor.kind == "person" and not text[: mention.start].endswith((" to the ", " of the ")):
                    found.append((mention.start < at, part * _LEAD + mention.start, mention.actor_id, actor.name))
            for match in _NAME.finditer(text):
                name = match.group().removesuffix("’s").removesuffix("'s")
                if name in self.people.values() and not any(s < match.end() and match.start() < e for s, e in taken):
                    found.append((match.start() < at, part * _LEAD + match.start(), name, name))
        return tuple(dict.fromkeys((actor, name) for _, _, actor, name in sorted(found)))

    @cached_property
    def people(self) -> dict[str, str]:
        """Surname -> full name, of people who are named in full or speak."""
        known: dict[str, str] = {}
        for match in _NAME.finditer(self.text):
            name = match.group()
            if name.split()[0] in given_names() and self.index.name(name, self.date) is None:
                known.setdefault(name.split()[-1].removesuffix("’s").removesuffix("'s"), name)
        return known | {name.split()[-1]: name for name in self._speakers if " " in name}

    def rival(self, speaker: Speaker) -> str | None:
        """Return the state that a government's speaker quarrels with: the other one that the article is about."""
        if not speaker.country or speaker.sector not in ("government", "military"):
            return None
        states = [
            (actor_id, count) for actor_id, count in self.counts.most_common(8)
            if actor_id in self.index and self.index.look_up(actor_id, self.date).kind == "state"
        ]  # fmt: skip
        others = [(a, n) for a, n in states if a != speaker.country]
        own = sum(n for a, n in states if a == speaker.country)
        total = own + sum(n for _, n in others)
        if not others or own < _OWN or others[0][1] < _OTHER or own + others[0][1] < _TWO * total:
            return None
        return others[0][0]

    def before(self, start: int) -> list[Place]:
        """Return the actors named last before an offset, the latest first."""
        last = bisect.bisect_left(self.places, start, key=lambda p: p.start)
        first = bisect.bisect_left(self.places, start - _REACH, key=lambda p: p.start)
        return self.places[first:last][::-1]

    def paragraph(self, start: int) -> int:
        """Return where the paragraph of an offset begins."""
        return self.text.rfind("\n", 0, start) + 1

    @cached_property
    def _sentences(self) -> list[int]:
        return [0, *(start for start, _ in find_sentences_by_line(self.text))]

    def sentence(self, start: int) -> int:
        """Return where the sentence of an offset begins."""
        return self._sentences[bisect.bisect_right(self._sentences, start) - 1]
