"""The people that one article names: who they are in full, how they are titled, and where they are named."""

from __future__ import annotations

import bisect
import datetime as dt
import re
from dataclasses import dataclass, field
from difflib import get_close_matches

from diplotext.cast.introductions import NO_TITLE, complete, title_after, title_before
from diplotext.cast.likeness import file_under, gender_fits, is_spouse, may_hold_title, same_given
from diplotext.language import find_sentences_by_line
from diplotext.names import (
    Actor,
    NameIndex,
    fold,
    given_names,
    name_parts,
    office_group,
    office_of,
    romanise,
    source_nouns,
    surname,
)
from diplotext.names.mentions import RUN
from diplotext.names.places import places
from diplotext.names.titles import (
    Title,
    is_organisation,
    is_thing,
    split_title,
    titles,
)

_FORMER_BEFORE = re.compile(r"\b(?:[Ff]ormer |[Ee]x-|[Tt]hen-|[Rr]etired )(?:\w+ )?$")


#: whom an article is about is named in full within so many characters.
_LEAD = 800
#: a namesake named in full within so many characters before is the one meant.
_RECENT = 1200
#: how alike two surnames of one article must be to be one misspelt (ratio of `difflib`), and how long.
_ALIKE, _LONG_ENOUGH = 0.8, 5


@dataclass
class Person:
    """One person of an article; `name` is the fullest name printed."""

    name: str
    title: Title = NO_TITLE
    actor: Actor | None = None
    gender: str = ""
    sure: bool = False
    printed: bool = True
    full: int = 0
    first_seen: int = 0
    places: list[int] = field(default_factory=list)
    fulls: list[int] = field(default_factory=list)

    def add_title(self, title: Title) -> None:
        """Keep the first office printed, and what later titles add."""
        self.gender = self.gender or title.gender
        self.title = self.title_with(title)

    def title_with(self, title: Title) -> Title:
        """Return the first office printed, and what a later title adds to it."""
        if title.stateless and not self.title.country:
            self.title = self.title._replace(stateless=True)
        if title.text and not self.title.text:
            stateless = title.stateless or (self.title.stateless and not title.country)
            return title._replace(country=title.country or self.title.country, stateless=stateless)
        if not self.title.text:
            return self.title._replace(
                country=self.title.country or title.country,
                sector=self.title.sector or title.sector,
                affiliation=self.title.affiliation or title.affiliation,
            )
        return self.title._replace(country=title.country) if title.country and not self.title.country else self.title


class People:
    """People by surname, and every place where one is named, in order.

    Parameters
    ----------
    text
        The article's text.
    index
        Knows actors.
    date
        The article's date, or None.
    """

    def __init__(self, text: str, index: NameIndex, date: dt.date | None) -> None:
        self.text, self.folded, self.index, self.date = text, fold(text), index, date
        self.people: dict[str, list[Person]] = {}
        self.firsts: dict[str, list[Person]] = {}
        self.runs: list[tuple[int, str]] = []
        self.sentences = [0, *(start for start, _ in find_sentences_by_line(text) if start)]
        self.paragraphs = [0, *(m.end() for m in re.finditer(r"\n+", text))]
        self._countries: set[str | None] | None = None
        self._scan()
        self._events: list[tuple[int, Person]] | None = None

    def _scan(self) -> None:
        shouting = self._title_case()
        singles: list[tuple[int, list[str], Title]] = []
        openers, joints = name_parts("opener"), name_parts("joint")
        for run in RUN.finditer(self.folded):
            start, words = run.start(), run.group().split(" ")
            while len(words) > 1 and words[0] in openers and " ".join(words[:2]).lower() not in titles():
                start += len(words[0]) + 1
                words = words[1:]
            for number in range(1, len(words)):  # "Toran Before Meeting" in a title
                if words[number] in joints:
                    words = words[:number]
                    break
            self.runs.append((start, " ".join(words)))
            if len(words) == 1:
                singles.append((start, words, NO_TITLE))
                continue
            title, name = split_title(words, self.index) if may_hold_title(words) else (NO_TITLE, words)
            if title.text and _FORMER_BEFORE.search(self.folded, max(0, start - 12), start):
                title = title._replace(former=True)
            if not name or (name[0].islower() and len(name) == 1):
                continue
            if not title.text and name[0] not in given_names():  # "Emerging Technology Anne Toran"
                first = next((i for i in range(2, len(name) - 1) if name[i] in given_names()), 0)
                start, name, words = (
                    start + len(" ".join(words)) - len(" ".join(name[first:])),
                    name[first:],
                    name[first:],
                )
            if len(name) == 1:
                singles.append((start, name, title))
            elif len(name) <= 5 and not (start < shouting and not title.text and name[0] not in given_names()):
                self._meet(start, words, name, title)
        for start, name, title in singles:
            person = self.find(name, title, start, create=False)
            if person is not None:
                person.places.append(start)
                person.add_title(title)
                if title.text or title.gender:
                    person.sure = True
            elif (title.office or title.gender) and start >= shouting:
                person = self.find(name, title, start, create=True)
                if person is not None:
                    person.places.append(start)

    def _title_case(self) -> int:
        """Return where a first paragraph that capitalises its words ends, or 0."""
        end = self.folded.find("\n")
        words = re.findall(r"[A-Za-z]{4,}", self.folded[: end if end > 0 else 0])
        return end if len(words) > 3 and sum(w[0].isupper() for w in words) > 0.7 * len(words) else 0

    def _meet(self, start: int, words: list[str], name: list[str], title: Title) -> None:
        full = " ".join(name)
        at = start + len(" ".join(words)) - len(full)
        likely = bool(title.office or title.gender) or name[0] in given_names()
        if not likely:
            lead = title_before(self.folded, at, self.index) if len(words) == len(name) else Title()
            title = lead if lead.text else title
            likely = bool(lead.text)
        elif not title.text and len(words) == len(name):
            title = title_before(self.folded, at, self.index)
        if not title.text or not title.country:
            title = complete(title, title_after(self.folded, at + len(full), self.index))
        if is_thing(full, self.index) or (
            not title.text and (is_organisation(full) or name[-1] in name_parts("thing"))
        ):
            return
        if not title.text and full in places():
            return
        person = self.find(name, title, start, create=True)
        if person is None:
            return
        person.places.append(at)
        person.fulls.append(at)
        person.full += 1
        person.sure = person.sure or likely or person.actor is not None
        if not person.full > 1:
            person.first_seen = at
        person.add_title(title)

    def find(self, name: list[str], title: Title, at: int, *, create: bool) -> Person | None:
        """Return the person that a name means here, made anew if `create` and nobody fits."""
        key, alone = file_under(" ".join(name))
        known = self.people.get(key, [])
        if alone:
            fitting = [p for p in known if gender_fits(p.gender, title.gender) and not is_spouse(p.title, title)]
            if len(fitting) > 1 and title.text:
                same = [p for p in fitting if p.title.office == title.office]
                fitting = same or fitting
            recent = [p for p in fitting if any(at - _RECENT < place <= at for place in p.fulls)]
            if len(recent) == 1 and recent[0].sure:
                return recent[0]
            if fitting:
                return max(fitting, key=lambda p: (p.sure, p.first_seen < _LEAD, p.full, -p.first_seen))
            firsts = self.firsts.get(romanise(name[0]).lower(), []) if not (title.text or known) else []
            if len(firsts) == 1:
                return firsts[0]
            misspelt = self._misspelt(key) if not known else None
            if misspelt is not None or not create:
                return misspelt
        else:
            first = romanise(name[0]).lower()
            whole = " ".join(name).lower()
            longer = [p for p in known if fold(p.name).lower().endswith(f" {whole}")]
            if len(longer) == 1 and name[0] not in given_names():  # "Van Aren" of "Ilse Van Aren"
                return longer[0]
            for person in known:
                other = person.name.split()
                if len(other) == 1 or same_given(name, other):
                    longer_name = (len(name), len(" ".join(name))) > (len(other), len(person.name))
                    if create and longer_name:
                        person.name = self._printed(" ".join(name), at)
                        self.firsts.setdefault(first, []).append(person)
                    return person
            if not create:
                return None
        person = self.stranger(name, title, at)
        if person.actor:
            twin = next((p for p in known if p.actor and p.actor.actor_id == person.actor.actor_id), None)
            if twin:
                if len(name) > len(twin.name.split()):
                    twin.name = person.name
                return twin
        self.people.setdefault(key, []).append(person)
        if len(name) > 1:
            self.firsts.setdefault(romanise(name[0]).lower(), []).append(person)
        return person

    def stranger(self, name: list[str], title: Title, at: int) -> Person:
        """Return a person of this name who is not of the article's."""
        person = Person(self._printed(" ".join(name), at), gender=title.gender, first_seen=at)
        person.actor = self._identify(name, title)
        person.gender = person.gender or (given_names().get(name[0], "") if len(name) > 1 else "")
        if person.actor and not person.gender:
            person.gender = given_names().get(person.actor.name.split()[0], "")
        if len(name) == 1 and person.actor:
            person.name, person.printed = person.actor.name, False
        return person

    def _misspelt(self, key: str) -> Person | None:
        """Return the one person whose surname is all but this one: "Torran" for "Toran"."""
        if len(key) < _LONG_ENOUGH:
            return None
        near = [k for k in get_close_matches(key, self.people, 3, _ALIKE) if k[0] == key[0] and len(k) >= _LONG_ENOUGH]
        people = [p for k in near for p in self.people[k] if p.fulls]
        return people[0] if len(people) == 1 else None

    def _printed(self, name: str, at: int) -> str:
        """Return a folded name with the text's own letters."""
        start = self.folded.find(name, at)
        return self.text[start : start + len(name)] if start >= 0 else name

    def _identify(self, name: list[str], title: Title) -> Actor | None:
        """Return the table's actor of this name, where title and country do not speak against it."""
        phrase = " ".join(name)
        found = self.index.name(phrase, self.date)
        if found is None and len(name) > 2:  # with a middle name that the table lacks
            found = self.index.name(f"{name[0]} {surname(phrase)}", self.date)
        ids = (found.actor_id,) if found else self.index.namesakes(phrase)
        people = []
        for actor_id in ids:
            actor = self.index.look_up(actor_id, self.date)
            if actor.kind != "person":
                continue
            if len(name) == 1 and title.country and actor.country and title.country != actor.country:
                continue
            if len(name) == 1 and not self._introduced(actor, title):
                continue
            gender = given_names().get(actor.name.split()[0], "")
            if len(name) == 1 and not gender_fits(gender, title.gender):
                continue
            people.append(actor)
        return people[0] if len(people) == 1 else None

    def _introduced(self, actor: Actor, title: Title) -> bool:
        """Tell whether a mere surname can mean the table's actor: by title, fame, own tables, or a state named."""
        office = office_of(actor.role) if actor.role else None
        if office in office_group("famous") or (office and office == title.office) or actor.actor_id in self.index.own:
            return True
        if self._countries is None:
            found = self.index.find(self.text, 0, 6000, self.date)
            actors = [self.index.look_up(m.actor_id) for m in found if m.how not in ("surname", "office")]
            self._countries = {a.country for a in actors if a.kind != "person"}
        return actor.country is None or actor.country in self._countries

    @property
    def events(self) -> list[tuple[int, Person]]:
        """Every place where a person is named, in order of the text."""
        if self._events is None:
            everyone = [p for known in self.people.values() for p in known if p.sure or self._likely(p)]
            self._events = sorted(((at, p) for p in everyone for at in p.places), key=lambda e: e[0])
        return self._events

    def _likely(self, person: Person) -> bool:
        """Tell whether a capitalised name that nothing marks as a person's is one: a full one that is no thing's."""
        words = person.name.split()
        return bool(person.fulls) and len(words) in (2, 3) and not is_organisation(person.name) and not any(
            w.lower() in source_nouns() or w in name_parts("follower") or is_thing(w, self.index) for w in words
        )  # fmt: skip

    def introduce(self, person: Person, title: Title, at: int, end: int) -> None:
        """Count a person in who speaks, so it is one: with the title printed, at a place the scan may have passed."""
        person.add_title(title)
        person.sure = True
        if at >= 0 and not any(at <= place < end for place in person.places):
            person.places.append(at)
        self._events = None

    def name_from(self, at: int, person: Person) -> str:
        """Return the words at an offset that name a person, at most those of the full name."""
        known = set(fold(person.name).split())
        end = at
        for word in re.finditer(r"\S+ ?", self.folded[at : at + len(person.name) + 20]):
            plain = word.group().strip().strip(",.;:!?\"'”’)").removesuffix("'s")
            if plain not in known:
                break
            end = at + word.start() + len(plain)
        return self.text[at:end] or surname(person.name)

    def sentence(self, at: int) -> int:
        """Return the number of the sentence that an offset lies in."""
        return bisect.bisect_right(self.sentences, at) - 1

    def paragraph(self, at: int) -> int:
        """Return the number of the paragraph that an offset lies in."""
        return bisect.bisect_right(self.paragraphs, at) - 1

    def everyone(self) -> list[Person]:
        """Return all people in order of first mention."""
        return sorted((p for known in self.people.values() for p in known), key=lambda p: min(p.places, default=0))

    def longest_run(self, name: str) -> str:
        """Return the longest capitalised run of the article that ends in an organisation's short name."""
        ending = f" {fold(name)}"
        found = [run for _, run in self.runs if run.endswith(ending) and len(run.split()) <= len(name.split()) + 2]
        return max(found, key=len, default=name)
