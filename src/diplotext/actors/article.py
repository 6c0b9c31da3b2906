"""One article as its sources are resolved: its cast, what was resolved so far, and the rules for names."""

from __future__ import annotations

import bisect
import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

from diplotext.actors.cast import Cast, Person
from diplotext.names import (
    Actor,
    NameIndex,
    fold,
    given_names,
    name_parts,
    office_of,
    source_nouns,
    surname,
)
from diplotext.names.mentions import Parsed
from diplotext.names.titles import Title, institutions, is_organisation
from diplotext.spans import Span

#: share of the mentions with a country that an article's home country has.
_AT_HOME = 0.75
#: words that nobody explains where they are at home, how many of them tell it, and the share of mentions needed then.
_POLITICS = re.compile(
    r"\b(?:Republicans?|Democrats?|Democratic|GOP|Congress|congressional|Senate|Senators?|Capitol Hill|Supreme Court)\b"
    r"|\b(?:Sens?|Reps?|Gov)\. [A-Z]"
)
_MUCH, _SHARE = 4, 0.3
#: how near before a minister's name the country may stand
_NEAR = 600


class Source(NamedTuple):
    """One statement's source as the attribution found it; offsets into the cleaned text, -1 where there is none."""

    mention: str | None
    at: int
    start: int
    end: int
    kind: str
    pieces: tuple[Span, ...] = ()


@dataclass
class Resolved:
    """Whom a statement's source means; the fields are columns of the quotes table."""

    speaker: str | None = None
    speaker_kind: str = "unknown"
    resolution: str = "unresolved"
    actor_id: str | None = None
    role: str | None = None
    sector: str | None = None
    country: str | None = None
    parties: str | None = None
    person: Person | None = None
    plural: bool = False
    noun: str = ""
    weak: bool = False


class Article:
    """What one article tells about its speakers; later mentions lean on the `history` of earlier ones.

    Parameters
    ----------
    text, byline
        The article's.
    sources
        Its statements' sources, sorted by position.
    index
        Knows actors.
    date
        The article's date, or None.
    """

    def __init__(
        self, text: str, sources: Sequence[Source], index: NameIndex, date: dt.date | None, byline: str | None = None
    ) -> None:
        self.text, self.index, self.date, self.byline = text, index, date, byline
        self.cast = Cast(text, index, date)
        self.sources = sources
        self._quoted = _merge(p for s in sources if s.kind in ("direct", "mixed") for p in s.pieces)
        # What is said inside quote marks is no step away from the words around it.
        self.cast.sentences = [b for b in self.cast.sentences if not self.quote_around(b, edges=False)]
        self.history: list[tuple[Source, Resolved]] = []
        self.speaking: dict[int, Person] = {}

    def remember(self, source: Source, found: Resolved) -> None:
        """Add a resolved source to the history, and its place to those where somebody speaks."""
        self.history.append((source, found))
        if found.person is None or source.at < 0 or not source.mention:
            return
        places = [p for p in found.person.places if source.at <= p < source.at + len(source.mention)]
        for place in places or [source.at]:
            self.speaking[place] = found.person
        if not places and found.resolution in ("exact", "title", "surname"):
            self.cast.name_at(found.person, source.at)

    def quote_around(self, at: int, *, edges: bool = True) -> Span | None:
        """Return the direct quote that an offset lies in, or None."""
        number = bisect.bisect_right(self._quoted, at, key=lambda q: q[0]) - 1
        if number < 0:
            return None
        start, end = self._quoted[number]
        return (start, end) if at < end and (edges or at > start) else None

    def thing(self, read: Parsed) -> Actor | None:
        """Return the state or body that a name means, or None."""
        found = self.index.name(read.name, self.date)
        if found is None or found.how == "surname":
            return None
        actor = self.index.look_up(found.actor_id, self.date)
        return actor if actor.kind != "person" else None

    def person(self, read: Parsed, at: int, *, create: bool) -> Person | None:
        """Return the article's person whom a name means, made anew if `create` and it is no organisation."""
        name = read.name.split()
        known = self.cast.find(name, read.title, max(at, 0), create=False)
        if known is None and (create or read.title.office or read.title.gender) and not self.is_organisation(read):
            known = self.cast.find(name, read.title, max(at, 0), create=True)
        if known is not None:
            known.add_title(read.title)
        return known

    def is_organisation(self, read: Parsed) -> bool:
        """Tell whether an unknown name is an organisation's."""
        if fold(read.name) in institutions():
            return True
        if read.title.office or read.name.split()[0] in given_names():
            return False
        return is_organisation(read.name) or (read.definite and len(read.name.split()) > 1)

    def name(self, source: Source | None, read: Parsed) -> Resolved:
        """Resolve a name: of a state or body in the tables, of another organisation, or of a person."""
        thing = self.thing(read)
        if thing is not None and not self._namesake(read):
            return self.state_or_body(read, thing)
        if self.is_organisation(read):
            return self.named_organisation(read)
        person = self.person(read, source.at if source else 0, create=True)
        if person is None:
            return Resolved(read.text, "person", "exact")
        self.cast.trust(person)
        alone = len(read.name.split()) == 1 or surname(read.name) == read.name
        how = "surname" if alone and person.name != read.name else "exact"
        if how == "exact" and read.title.text and not alone:
            how = (
                "title"
                if source and source.mention and read.title.office != "honorific" and "," not in source.mention
                else how
            )
        return self.speaks(person, how)

    def _namesake(self, read: Parsed) -> bool:
        """Tell whether a state's or city's name is the surname of somebody whom the article names in full."""
        people = self.cast.people.get(fold(read.name).lower(), ())
        return not read.definite and any(p.sure and p.fulls and p.name != read.name for p in people)

    @cached_property
    def home(self) -> str | None:
        """The country that an article is all about, if there is one: whose name needs no telling in it.

        Found where at least `_AT_HOME` of the mentions that have a country, and at least two, share it; or, for the
        United States alone, where the article is full of their party politics, as `_POLITICS` words tell.
        """
        counts: Counter[str] = Counter()
        for mention in self.index.find(self.text, date=self.date):
            country = self.index.look_up(mention.actor_id, self.date).country
            if country:
                counts[country] += 1
        counts["USA"] += sum(1 for _ in _us_states().finditer(self.text))
        country, count = counts.most_common(1)[0]
        if count >= max(2, _AT_HOME * counts.total()):
            return country
        inside = sum(1 for _ in _POLITICS.finditer(self.text)) >= _MUCH
        return "USA" if inside and counts["USA"] >= _SHARE * counts.total() else None

    def state_or_body(self, read: Parsed, actor: Actor) -> Resolved:
        """Resolve a name or metonym that the tables know; a seat of government keeps its own name."""
        found = self.index.name(read.name, self.date)
        how = found.how if found else "name"
        own = actor.actor_id in self.index.own
        name, kind = actor.name, actor.kind
        resolution = "metonym" if how in ("capital", "seat", "demonym", "adjective") else "exact"
        if how == "alias" and own and actor.kind == "state":
            resolution = "metonym"
        if how == "seat" and actor.kind == "state":
            name, kind = read.text, "organisation"
        if actor.kind == "organisation" and actor.country and actor.sector == "government":
            resolution = "metonym"
        role = actor.role if actor.kind == "person" else None
        return Resolved(name, kind, resolution, actor.actor_id, role, actor.sector, actor.country, plural=True)

    def named_organisation(self, read: Parsed) -> Resolved:
        """Resolve another organisation's name to its fullest form in the article."""
        name = self.cast.longest_run(read.name)
        actor = self.thing(read._replace(name=name))
        if actor is not None:
            return Resolved(actor.name, actor.kind, "exact", actor.actor_id, None, actor.sector, actor.country)
        house = institutions().get(fold(name)) or institutions().get(fold(read.name))
        if house is not None:
            return Resolved(name, "organisation", "exact", sector=house.sector, country=house.country,
                            noun=name.split()[-1].lower())  # fmt: skip
        words = name.split()
        sector = next((s for w in reversed(words) if (s := source_nouns().get(w.lower(), ("", ""))[1])), "other")
        if name_parts("medium") & set(words):
            sector = "media"
        shown = read.text if name == read.name else name
        return Resolved(shown, "organisation", "exact", None, None, sector, read.title.country or self.country_in(name),
                        noun=words[-1].lower())  # fmt: skip

    def speaks(self, person: Person, resolution: str) -> Resolved:
        """Return a person's name, office, sector and country; the table's at the date, else as printed."""
        title, actor = person.title, person.actor
        role = (actor.role if actor else None) or self._role(title)
        country = (actor.country if actor else None) or title.country or None
        if country is None and title.sector in ("government", "military") and person.fulls:
            country = self._country_before(person.fulls[0])
        sector = (actor.sector if actor and (actor.role or not title.sector) else None) or self._sector(title)
        if title.former and not (actor and actor.role):
            sector = "expert" if title.sector == "expert" else "other"
        return Resolved(person.name, "person", resolution, actor.actor_id if actor else None, role, sector, country,
                        person=person)  # fmt: skip

    def _country_before(self, at: int) -> str | None:
        """Return the country named last before a place: whose minister "the finance minister, Ilse Toran" is."""
        found = self.index.find(self.text, max(0, at - _NEAR), at, self.date)
        lands = [self.index.look_up(m.actor_id, self.date).country for m in found if m.how != "surname"]
        return next((land for land in reversed(lands) if land), None)

    @staticmethod
    def _role(title: Title) -> str | None:
        if not title.text or title.office == "honorific":
            return None
        return f"former {title.text}" if title.former else title.text

    def _sector(self, title: Title) -> str:
        if title.sector and title.office != "spokesperson":
            return title.sector
        if title.affiliation and title.affiliation in self.index:
            return self.index.look_up(title.affiliation).sector or "other"
        return title.sector or ("government" if title.country and title.office == "spokesperson" else "other")

    def owner_country(self, read: Parsed) -> str | None:
        """Return the country of "Toran's spokesman", "a senior Toran official", "the Toran administration"."""
        for word in [*read.owner.split(), *read.text.split()[:-1]]:
            word = fold(word).removesuffix("'s")
            if word[:1].isupper():
                person = self.cast.find([word], Title(), 0, create=False)
                if person is not None and person.actor and person.actor.country:
                    return person.actor.country
                if person is not None and person.title.country:
                    return person.title.country
                found = self.index.name(word, self.date)
                if found and (actor := self.index.look_up(found.actor_id, self.date)).country:
                    return actor.country
        return None

    def country_in(self, phrase: str) -> str | None:
        """Return the one country that a phrase names, or None."""
        found = {self.index.look_up(m.actor_id, self.date).country for m in self.index.find(phrase, date=self.date)} - {
            None
        }
        return found.pop() if len(found) == 1 else None

    def office(self, person: Person) -> str:
        """Return the kind of office that the tables give a person at the date, or an empty text."""
        return (office_of(person.actor.role) or "") if person.actor and person.actor.role else ""

    def joint(self, found: list[Resolved]) -> Resolved:
        """Join several speakers of one statement; their states go into `parties`."""
        names = [r.speaker or "" for r in found]
        codes = list(dict.fromkeys(r.country for r in found if r.country))
        rules, sectors = {r.resolution for r in found}, {r.sector for r in found}
        return Resolved(
            f"{', '.join(names[:-1])} and {names[-1]}",
            "collective",
            rules.pop() if len(rules) == 1 else "exact",
            sector=sectors.pop() if len(sectors) == 1 else None,
            parties=";".join(codes) or None,
            plural=True,
        )


@cache
def _us_states() -> re.Pattern[str]:
    names = sorted(name_parts("us_state"), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")


def _merge(quotes: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(quotes):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
