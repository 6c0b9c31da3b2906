"""Who speaks in a document that is itself speech: a turn's label or a title's words."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from diplotext.cast import Cast, People, Person, Referent
from diplotext.cast.reading import join
from diplotext.names import fold, offices, source_nouns
from diplotext.names.mentions import Parsed, parse_mention
from diplotext.names.titles import Title, institutions
from diplotext.schema import read_rows
from diplotext.structure import read_title

_QUESTION = re.compile(r"(?:Q|QUESTION|REPORTER|JOURNALIST|PRESS|INTERVIEWER|CORRESPONDENT)s?\d?\.?", re.I)
_ANSWER, _INITIALS = re.compile(r"A\.?|ANSWER", re.I), re.compile(r"[A-Z]{2,4}")
_STAFF = frozenset({"moderator", "aide", "staff", "press aide"})
_PARENTHESES = re.compile(r"\s*[(\[].*$")


@cache
def _room() -> dict[str, tuple[str, str]]:
    """Return label → kind and sector of people who are in the room and speak for nobody (``room_labels.csv``)."""
    return {row["label"]: (row["kind"], row["sector"]) for row in read_rows("room_labels.csv")}


@cache
def _hosts() -> list[tuple[re.Pattern[str], str, str]]:
    """Return host of an official document's address, its state, and the institution that issues it, if it tells."""
    return [
        (re.compile(rf"(?<![\w-]){re.escape(row['host'])}"), row["country"], row["institution"])
        for row in read_rows("document_hosts.csv")
    ]


class Labels:
    """Resolves the labels of one document; each label once.

    Parameters
    ----------
    cast
        The document's; officials are named in full in its headline.
    url
        Its address, or an empty text.
    """

    def __init__(self, cast: Cast, url: str) -> None:
        self.cast, headline = cast, cast.headline
        heading = read_title(headline)
        # Only who speaks by the title: its other words ("... Biden Providing an Update") would be read as names.
        named = heading.speaker if heading and heading.speaker else headline
        self.title = People(named, cast.index, cast.date)
        self._shared_lectern = heading is not None and heading.genre == "briefing"
        self.institution = ""
        self.country = self._issuer(url)
        self._known: dict[str, Referent] = {}

    def resolve(self, label: str) -> Referent:
        """Return who a label stands for; "Q" is an anonymous journalist, never of the government's country."""
        if label not in self._known:
            self._known[label] = self._resolve(_PARENTHESES.sub("", " ".join(label.split())).strip(" :.,"))
        return self._known[label]

    def issuing(self) -> Referent:
        """Return the institution that an unsigned readout speaks for, where its address tells."""
        if not self.institution or self.institution not in self.cast.index:
            return Referent()
        actor = self.cast.index.look_up(self.institution, self.cast.date)
        return Referent(actor.actor_id, actor.name, actor.kind, None, actor.sector, actor.country or self.country,
                        resolution="metonym", rule="who issues the document")  # fmt: skip

    def _resolve(self, label: str) -> Referent:
        plain = re.sub(r"^the ", "", fold(label), flags=re.I)
        low = plain.lower()
        if _QUESTION.fullmatch(plain):
            return _labelled("journalist", "anonymous", "media")
        asked = self._interviewee(plain)
        if asked is not None:
            return replace(self._official(asked, "title"), rule="who is interviewed")
        if low in _room():
            kind, sector = _room()[low]
            return _labelled(low, kind, sector)
        if low.startswith(("unidentified ", "unknown ")):
            return _labelled(low, "anonymous", "other")
        if low in _STAFF:
            return _labelled(low, "anonymous", "government", self.country)
        noun = source_nouns().get(low.split()[-1], ("", "")) if low else ("", "")
        if noun[0] in ("anonymous", "collective") and low not in offices() and len(low.split()) > 1 and "," not in low:
            return _labelled(low, noun[0], noun[1] or "government", self.country)
        if low in offices():
            return self._holder(low)
        if plain in institutions() or (len(plain) == 2 and plain.isupper() and not self._known_name(plain)):
            return self.cast.name(Parsed("name", plain, plain), 0)  # "NPR", "LN" of the Lake News
        name, _, office = plain.partition(", ")  # "MARTA KESSEL, ANCHOR"
        if office and " " in name and name.isupper():
            plain = f"{name}, {office.lower()}"
        words = [_lower_case(word) for word in plain.split()]
        read = parse_mention(" ".join(words), self.cast.index)
        if read.kind == "joint":
            return join([self._named(part.name.split(), part.title, part.text) for part in read.parts])
        if read.kind == "name" and self.cast.thing(read) is None:
            return self._named(read.name.split(), read.title, " ".join(words))
        if read.kind == "name":
            return self.cast.name(read, 0)
        if read.kind == "noun" and read.title.office:  # "the foreign minister of Uruguay"
            return self.cast.resolve(f"the {plain}", len(self.cast.text))
        return Referent(None, label, resolution="exact", rule="label", weak=True) if label else Referent()

    def _known_name(self, label: str) -> bool:
        """Tell whether a label is somebody's surname: "NG"."""
        words = [label.capitalize()]
        return any(p.find(words, Title(), 0, create=False) is not None for p in (self.title, self.cast.people))

    def _interviewee(self, label: str) -> Person | None:
        """Return whom "A" and "I.T." mean in an interview: who answers, and whose initials they are."""
        everyone = [p for p in (*self.title.everyone(), *self.cast.people.everyone()) if p.fulls]
        if _ANSWER.fullmatch(label):
            return max(everyone, key=lambda p: len(p.places), default=None)
        letters = label.replace(".", "")
        if not _INITIALS.fullmatch(letters) or self.cast.index.name(letters, self.cast.date) is not None:
            return None
        own = [p for p in everyone if "".join(w[0] for w in fold(p.name).split()) == letters]
        return own[0] if len({p.name for p in own}) == 1 else None

    def _named(self, name: list[str], title: Title, printed: str) -> Referent:
        index, date = self.cast.index, self.cast.date
        whole = index.name(printed, date)
        if whole and whole.how != "surname":
            actor = index.look_up(whole.actor_id, date)
            if actor.kind != "person":
                return self.cast.actor(actor.actor_id, "exact", "label")
        for people in (self.title, self.cast.people):
            person = people.find(name, title, 0, create=False)
            if person is not None:
                break
        else:
            person = self.cast.people.find(name, title, 0, create=True)
        if person is None:
            return Referent(None, printed, "person", resolution="exact", rule="label", weak=True)
        person.add_title(title)
        return self._official(person, "title" if title.text or title.gender else "exact")

    def _official(self, person: Person, resolution: str) -> Referent:
        found = self.cast.person(person, resolution)
        if found.name and found.name.isupper():
            found = replace(found, name=" ".join(map(_lower_case, found.name.split())))
        official = found.sector in ("government", "other", "military") and not person.title.former
        if self._shared_lectern and official and not found.country:
            # an official's colleague; at a summit or conference it could be anybody
            sector = "government" if found.sector == "other" and self.country else found.sector
            basis = "home: whose briefing it is" if self.country else ""
            return replace(found, country=self.country, basis=basis, sector=sector, weak=True)
        return found

    def _holder(self, title: str) -> Referent:
        """Resolve "THE PRESIDENT": of the title's people, else the holder at the date, else of the text's people."""
        office, index = offices()[title], self.cast.index
        for person in self.title.everyone():
            if office in (person.title.office, self.cast.office(person)):
                return self._official(person, "title")
        holder = index.holder(self.country, office, self.cast.date) if self.country else None
        if holder:
            return self.cast.actor(holder, "title", "who holds the office")
        fitting = [p for p in self.cast.people.everyone() if office in (p.title.office, self.cast.office(p))]
        if fitting:
            return self._official(max(fitting, key=lambda p: len(p.places)), "title")
        return replace(_labelled(title, "person", "government", self.country), role=title, weak=True)

    def _issuer(self, url: str) -> str | None:
        """Return the state whose document this is: by its address, else by who is named first in its title."""
        for host, country, institution in _hosts():
            if host.search(url):
                self.institution = institution
                return country
        for people in (self.title, self.cast.people):
            for person in people.everyone()[:6]:
                if person.actor and person.actor.country and person.actor.sector == "government":
                    return person.actor.country
        for text in (self.title.text, self.cast.text[:1500]):
            for mention in self.cast.index.find(text, date=self.cast.date):
                actor = self.cast.index.look_up(mention.actor_id)
                if actor.country and (mention.how == "seat" or actor.kind == "organisation"):
                    return actor.country
        return None


def _labelled(label: str, kind: str, sector: str, country: str | None = None) -> Referent:
    """Return somebody whom the label alone tells."""
    return Referent(None, label, kind, None, sector, country, resolution="exact", rule="label")


def _lower_case(word: str) -> str:
    """Return "PSAKI" as "Psaki"; mixed case stays, and so do initials and short names such as "US" and "NATO"."""
    if (
        not word.isupper()
        or len(word.strip(".")) < 2
        or word in ("US", "UK", "EU", "UN", "NATO", "NSC", "U.S.", "U.N.")
    ):
        return word
    return "-".join(part.capitalize() for part in word.split("-"))
