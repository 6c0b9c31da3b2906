"""The cast of one article: built once, asked for every mention."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from diplotext.cast import bodies, pronouns
from diplotext.cast.antecedents import Candidate, find_bodies, find_people
from diplotext.cast.descriptions import resolve_description
from diplotext.cast.groups import Group, find_groups, last_with_noun
from diplotext.cast.heard import Heard
from diplotext.cast.home import Home, find_home
from diplotext.cast.people import People, Person
from diplotext.cast.referent import STATELESS, Referent
from diplotext.names import Actor, NameIndex, fold, given_names, name_parts, office_of, source_nouns, surname
from diplotext.names.mentions import Parsed, parse_mention
from diplotext.names.places import places
from diplotext.names.titles import Title

#: offices that the US state of Georgia has and the country has not
_OF_US_STATES = frozenset({"governor"})


def read_cast(
    text: str,
    *,
    names: NameIndex,
    headline: str | None = None,
    byline: str | None = None,
    dateline: str | None = None,
    outlet: str | None = None,
    date: dt.date | None = None,
    turns: Sequence[tuple[int, str]] = (),
) -> Cast:
    """Read who is in an article.

    It changes nothing that it is given, and does not find statements.

    Parameters
    ----------
    text
        The article's cleaned text; all offsets are into it.
    names
        Who exists: `diplotext.names.load_index`.
    headline, byline, dateline, outlet
        The article's, as far as they are known.
    date
        The article's date, at which offices are looked up, or None.
    turns
        Of a transcript: where each turn begins and its label, in order.

    Returns
    -------
    Cast, whose `resolve` tells whom a mention means.

    Examples
    --------
    >>> from diplotext.names import load_index
    >>> cast = read_cast("Norway's trade minister, Ilse Toran, left. She was angry.", names=load_index())
    >>> cast.resolve("She", 43).name, cast.resolve("She", 43).country
    ('Ilse Toran', 'NOR')
    """
    return Cast(text, names, headline or "", byline or "", dateline or "", outlet or "", date, turns)


class Cast:
    """The people, bodies and groups of one article; made by `read_cast`.

    Attributes
    ----------
    people
        Its people.
    index
        Who exists.
    """

    def __init__(
        self,
        text: str,
        index: NameIndex,
        headline: str,
        byline: str,
        dateline: str,
        outlet: str,
        date: dt.date | None,
        turns: Sequence[tuple[int, str]],
    ) -> None:
        self.text, self.index, self.date, self.turns = text, index, date, tuple(turns)
        self.headline, self.byline, self.dateline, self.outlet = headline, byline, dateline, outlet
        self.people = People(text, index, date)

    @cached_property
    def overheard(self) -> Heard:
        """What quote marks and verbs of saying tell where no statements are known."""
        return Heard(self.people)

    @cached_property
    def home(self) -> Home:
        """The story's home."""
        return find_home(self)

    @cached_property
    def acronyms(self) -> dict[str, str]:
        """Acronym -> the name that the article explains it by."""
        return bodies.find_acronyms(self)

    @cached_property
    def groups(self) -> list[Group]:
        """Every body, state and group of people named, in order."""
        return find_groups(self)

    @cached_property
    def mentions_of_people(self) -> list[Candidate]:
        """Every mention of one person that may be taken up, in order."""
        return find_people(self)

    @cached_property
    def mentions_of_bodies(self) -> list[Candidate]:
        """Every mention of a body, or of several people, that may be taken up, in order."""
        return find_bodies(self)

    def introduce(self, mention: str, at: int) -> None:
        """Count in somebody who speaks by name, before any mention is resolved: pronouns may mean them."""
        read = parse_mention(mention, self.index)
        if read.kind != "name" or self.thing(read) is not None:
            return
        name = read.name.split()
        create = len(name) > 1 or bool(read.title.office or read.title.gender) or self._is_single(name[0], at)
        person = self.people.find(name, read.title, max(at, 0), create=create and not bodies.is_body(self, read))
        if person is not None:
            self.people.introduce(person, read.title, at, at + len(mention))
            self.__dict__.pop("mentions_of_people", None)
            self.__dict__.pop("mentions_of_bodies", None)

    def resolve(self, mention: str, at: int, heard: Heard | None = None) -> Referent:
        """Return whom a mention means at an offset.

        Parameters
        ----------
        mention
            The words as printed: a name, a description, a pronoun, a possessive.
        at
            Where it begins in the text; of one that does not stand in it, the place that it is read at.
        heard
            What the article's statements tell as far as they are resolved; without it quote marks and verbs tell.

        Returns
        -------
        Referent; its `name` is None where no rule decides.
        """
        return self.answer(parse_mention(mention, self.index), mention, at, heard or self.overheard)

    def answer(self, read: Parsed, mention: str, at: int, heard: Heard) -> Referent:
        """Return whom a mention means that was read already."""
        return self._at_home(self._answer(read, mention, at, heard), at)

    def _at_home(self, found: Referent, at: int) -> Referent:
        """Give somebody whose words tell no country that of the story's home, where there is one."""
        stateless = found.actor_id is not None and found.kind != "person"
        if not found.name or found.country or found.parties or stateless or found.basis == STATELESS:
            return found
        if found.sector in ("body", "opposition"):
            return found
        if found.person is not None:  # decided once, where the person is first named
            at = min(found.person.places, default=at)
        country, basis = self.home.of(found, at)
        return replace(found, country=country, basis=basis) if country else found

    def _answer(self, read: Parsed, mention: str, at: int, heard: Heard) -> Referent:
        if read.kind == "pronoun":
            return pronouns.resolve_pronoun(self, read, at, heard)
        if read.kind == "joint":
            return join([self._at_home(self.name(part, at), at) for part in read.parts])
        if read.kind == "name":
            return self.name(read, at, titled="," not in mention)
        if read.kind == "empty":
            return Referent()
        if not read.definite and self._is_surname(mention):
            return self.name(Parsed("name", mention, mention), at)
        return resolve_description(self, read, mention, at, heard)

    def thing(self, read: Parsed) -> Actor | None:
        """Return the state or body that a name means, or None."""
        found = self.index.name(read.name, self.date)
        if found is None or found.how == "surname":
            return None
        actor = self.index.look_up(found.actor_id, self.date)
        return actor if actor.kind != "person" else None

    def name(self, read: Parsed, at: int, *, titled: bool = True) -> Referent:
        """Resolve a name: of a state or body in the tables, of another organisation, or of a person."""
        thing = self.thing(read)
        if thing is not None and not self._is_namesake(read):
            return bodies.resolve_known(self, read, thing)
        if bodies.is_body(self, read):
            return bodies.resolve_named(self, read)
        name = read.name.split()
        if read.definite and len(name) == 1 and not read.title.text:  # "the Observatory"
            body = last_with_noun(self, name[0].lower(), at, self.overheard)
            if body is not None:
                return replace(body, resolution="surname", rule="a body's short name")
        place = max(at, 0)
        person = self.people.find(name, read.title, place, create=False)
        if person is None:
            person = self.people.stranger(name, read.title, place)
        alone = len(name) == 1 or surname(read.name) == read.name
        how = "surname" if alone and person.name != read.name else "exact"
        if how == "exact" and read.title.text and not alone and read.title.office != "honorific" and titled:
            how = "title"
        found = self.person(person, how, read.title)
        return replace(found, weak=True) if person.actor is None and " " not in person.name else found

    def _is_single(self, name: str, at: int) -> bool:
        """Tell whether a single word that speaks is somebody's only name: "Dalil", not "Residents" or "London"."""
        folded = self.people.folded
        if len(name) < 3 or name in name_parts("opener") or name in places() or name.lower() in source_nouns():
            return False
        if name in given_names():
            return True
        again = re.compile(rf"(?<![.!?:\"'“‘\n] )(?<!^)\b{re.escape(name)}\b")
        small = re.search(rf"\b{re.escape(name.lower())}\b", folded)
        return name.istitle() and small is None and again.search(folded) is not None

    def _is_surname(self, mention: str) -> bool:
        """Tell whether a capitalised noun is the surname of somebody named in full: "Bishop"."""
        if not mention.isalpha() or not mention.istitle():
            return False
        return any(p.sure and p.fulls for p in self.people.people.get(fold(mention).lower(), ()))

    def _is_namesake(self, read: Parsed) -> bool:
        """Tell whether a state's or city's name is the surname of somebody whom the article names in full."""
        people = self.people.people.get(fold(read.name).lower(), ())
        return not read.definite and any(p.sure and p.fulls and p.name != read.name for p in people)

    def person(self, person: Person, resolution: str, said: Title | None = None) -> Referent:
        """Return a person's name, office, sector and country; the table's at the date, else as printed."""
        title, actor = person.title_with(said) if said else person.title, person.actor
        role = (actor.role if actor else None) or _role(title)
        country, basis = (actor.country if actor else None), "table"
        if not country:
            country, basis = title.country or None, "title" if title.country else ""
        if title.office in _OF_US_STATES and country == "GEO" and basis == "title":
            country, basis = "USA", "title: a state of the United States"
        sector = (actor.sector if actor and (actor.role or not title.sector) else None) or self._sector(title)
        if title.former and not (actor and actor.role):
            sector = "expert" if title.sector == "expert" else "other"
        if sector in ("body", "opposition") or (title.stateless and title.office and basis != "table"):
            country, basis = None, STATELESS
        return Referent(actor.actor_id if actor else None, person.name, "person", role, sector, country,
                        resolution=resolution, rule=f"{resolution} name", basis=basis, person=person)  # fmt: skip

    def _sector(self, title: Title) -> str:
        if title.sector and title.office != "spokesperson":
            return title.sector
        if title.affiliation and title.affiliation in self.index:
            return self.index.look_up(title.affiliation).sector or "other"
        return title.sector or ("government" if title.country and title.office == "spokesperson" else "other")

    def actor(self, actor_id: str, resolution: str, rule: str) -> Referent:
        """Return an actor of the tables at the article's date."""
        actor = self.index.look_up(actor_id, self.date)
        role = actor.role if actor.kind == "person" else None
        return Referent(actor_id, actor.name, actor.kind, role, actor.sector, actor.country,
                        resolution=resolution, rule=rule, basis="table" if actor.country else "")  # fmt: skip

    def owner_country(self, read: Parsed) -> str | None:
        """Return the country of "Toran's spokesman", "a senior Toran official", "the Toran administration"."""
        for word in [*read.owner.split(), *read.text.split()[:-1]]:
            word = fold(word).removesuffix("'s")
            if word[:1].isupper():
                person = self.people.find([word], Title(), 0, create=False)
                country = person and ((person.actor and person.actor.country) or person.title.country)
                if country:
                    return country
                found = self.index.name(word, self.date)
                if found and (actor := self.index.look_up(found.actor_id, self.date)).country:
                    return actor.country
        return None

    def country_in(self, phrase: str) -> str | None:
        """Return the one country that a phrase names, or None."""
        found = self.index.find(phrase, date=self.date)
        lands = {self.index.look_up(m.actor_id, self.date).country for m in found} - {None}
        return lands.pop() if len(lands) == 1 else None

    def office(self, person: Person) -> str:
        """Return the kind of office that the tables give a person at the date, or an empty text."""
        return (office_of(person.actor.role) or "") if person.actor and person.actor.role else ""


def join(found: list[Referent]) -> Referent:
    """Join several who speak or are meant as one; their states go into `parties`."""
    names = [r.name or "" for r in found]
    codes = list(dict.fromkeys(r.country or r.name or "" for r in found if r.name))
    country = codes[0] if len(codes) == 1 and all(r.country for r in found) else None
    rules, sectors = {r.resolution for r in found}, {r.sector for r in found}
    return Referent(
        None, f"{', '.join(names[:-1])} and {names[-1]}", "collective", None,
        sectors.pop() if len(sectors) == 1 else None, country, ";".join(codes) or None,
        resolution=rules.pop() if len(rules) == 1 else "exact", rule="joint", plural=True,
    )  # fmt: skip


def _role(title: Title) -> str | None:
    if not title.text or title.office == "honorific":
        return None
    return f"former {title.text}" if title.former else title.text
