"""Bodies, states and papers that a description takes up: "the group", "both sides", "the government", "the report"."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from diplotext.cast import bodies
from diplotext.cast.heard import Heard
from diplotext.cast.pairs import states_before
from diplotext.cast.pronouns import find_antecedent, take_up
from diplotext.cast.referent import Referent
from diplotext.names import fold, name_parts, source_nouns, surname
from diplotext.names.mentions import RUN, Parsed, parse_mention

if TYPE_CHECKING:
    from diplotext.cast.reading import Cast

_GOVERNMENT = re.compile(r"(?:government|authorities|regime) (?:of|in) (?:the )?|(?:government|authorities|regime)$")
_FROM = re.compile(r" (?:from|by|of) (?:the )?(?=[A-Z])")
#: organisations that "the group" or "the company" may take up again
_BODIES = frozenset(
    {"company", "firm", "group", "organization", "organisation", "newspaper", "paper", "network", "agency", "party"}
    | {"magazine", "outlet", "website", "committee", "union", "bank", "institute", "foundation"}
)
_NAME = r"[A-Z][\w&'-]*(?: (?:of (?:the )?)?[A-Z][\w&'-]*){0,6}"
#: a name printed so often that "the company" may mean it.
_OFTEN = 3
_PAIR = re.compile(
    r"(?:leaders of )?(?:both (?:the )?|two |neither |the two )(?:sides?|leaders?|countries|nations|governments|men|"
    r"presidents|ministers|parties|capitals|states|foreign ministers|delegations|powers)\b(?! of the (?:debate|aisle))"
)


class Described(NamedTuple):
    """One description at its place, and what is known of its noun: office, kind and sector."""

    read: Parsed
    mention: str
    at: int
    end: int
    heard: Heard
    office: str
    kind: str
    sector: str


def find_issuer(cast: Cast, told: Described) -> Referent | None:
    """Return who issued a document, if the phrase tells it, or an earlier mention of the same document."""
    read = told.read
    if read.owner in ("his", "her"):
        person = find_antecedent(cast, told.heard, told.at, {"his": "male", "her": "female"}[read.owner])
        return cast.person(person, "description") if person is not None else None
    if read.owner in ("its", "their"):
        return take_up(cast, told.at, "thing" if read.owner == "its" else "plural", told.heard)
    plain = fold(read.text)
    origin = _FROM.search(plain)
    phrases = [(plain[origin.end() :], origin.group().startswith((" by", " from")))] if origin else []
    before = RUN.search(plain)
    if before and before.end() < len(plain):  # "a new Halsund Courier poll"
        phrases.append((before.group(), read.owner != ""))
    if read.owner[:1].isupper():
        phrases.append((read.owner, True))
    elif read.owner and source_nouns().get(read.owner.split()[-1], ("", ""))[0] in ("organisation", "anonymous"):
        return cast.resolve(f"the {read.owner}", told.at, told.heard)  # "the ministry's statement"
    if read.definite and not phrases:
        noun = re.escape(read.noun)
        printed = re.compile(
            rf"({_NAME})(?:'s)? (?:[a-z-]+ ){{0,3}}{noun}\b|\b{noun} (?:conducted |done )?by ({_NAME})"
        )
        found = [next(filter(None, m.groups())) for m in printed.finditer(cast.people.folded, 0, told.at)]
        phrases += [(name, False) for name in found[-1:]]
    for phrase, anybody in phrases:
        issuer = parse_mention(phrase, cast.index)
        if issuer.kind != "name":
            continue
        thing = cast.thing(issuer)
        if (anybody and thing is None) or (thing is not None and thing.kind == "organisation"):
            return cast.name(issuer, told.at)
        if thing is None and bodies.is_body(cast, issuer):
            return cast.name(issuer, told.at)
    return None


def find_government(cast: Cast, told: Described) -> Referent | None:
    """Resolve "the government of Marvania", "the government in Marvagrad", "the Marvanian government" to the state."""
    plain = fold(told.read.text)
    found = _GOVERNMENT.search(plain)
    if not found:
        return None
    whose = plain[found.end() :] if found.start() == 0 else plain[: found.start()].strip().removesuffix("'s")
    mention = cast.index.name(whose, cast.date) if whose else None
    if mention is None or cast.index.look_up(mention.actor_id, cast.date).kind != "state":
        return None
    return replace(cast.actor(mention.actor_id, "metonym", ""), sector="government", plural=True)


def resolve_body(cast: Cast, told: Described) -> Referent:
    """Return which body a description means, or the words as printed."""
    read, at, sector = told.read, told.at, told.sector
    noun, text = read.noun, as_printed(read)
    country = read.title.country or None
    if read.owner in ("his", "her", "their", "my", "our"):
        person = find_antecedent(cast, told.heard, at, {"his": "male", "her": "female"}.get(read.owner, ""))
        if person is not None and read.owner in ("his", "her"):
            family = surname(person.name)
            whose = cast.person(person, "pronoun").country
            return Referent(None, f"{family} {noun}", "organisation", None, sector, country or whose,
                            resolution="description", basis="owner" if country or whose else "", noun=noun)  # fmt: skip
    if read.definite and not read.owner and len(read.text.split()) == 1:
        earlier = told.heard.last_called(noun)
        if earlier:
            return replace(earlier, resolution="description")
        if noun in ("administration", "campaign", "government", "regime"):
            named = re.findall(rf"\b([A-Z][\w-]+)(?:'s)? {noun}\b", cast.people.folded[:at])
            named = [name for name in named if name not in name_parts("opener")]  # "The government" names nobody
            if named:
                again = parse_mention(f"{named[-1]} {noun}", cast.index)
                return replace(resolve_body(cast, told._replace(read=again)), resolution="description")
        state = _government_at_home(cast, at) if noun in ("government", "regime") else None
        if state is not None:
            return state
        ending = noun.capitalize()
        runs = [run for where, run in cast.people.runs if where < at and run.split()[-1] == ending and " " in run]
        if runs:
            return replace(cast.name(Parsed("name", runs[-1], runs[-1], definite=True), at),
                           resolution="description")  # fmt: skip
        if noun in _BODIES:
            last = next(
                (r for _, r in reversed(told.heard.history[-8:]) if r.kind in ("organisation", "collective")), None
            )
            if last and (sector != "media" or last.sector == "media"):
                return replace(last, resolution="description", weak=True)
            name = _named_organisation(cast, at, noun, sector)
            if name:
                return replace(
                    bodies.resolve_named(cast, Parsed("name", name, name)), resolution="description", weak=True
                )
    if not country:
        country = cast.owner_country(read) or cast.country_in(read.text)
    if noun == "regime" and country and country in cast.index:  # "the Toran regime"
        return replace(cast.actor(country, "metonym", ""), sector="government", plural=True)
    whole = cast.index.name(read.text, cast.date)
    actor_id = whole.actor_id if whole and whole.how != "surname" else None
    return Referent(actor_id, text, "organisation", None, sector or "other", country, resolution="exact",
                    basis="name" if country else "", noun=noun)  # fmt: skip


def _government_at_home(cast: Cast, at: int) -> Referent | None:
    """Return the state whose government "the government" is where the whole story is at home in it."""
    country = cast.home.domestic
    if country is None or country not in cast.index:
        return None
    return replace(cast.actor(country, "metonym", ""), sector="government", plural=True, weak=True)


def _named_organisation(cast: Cast, at: int, noun: str, sector: str) -> str | None:
    """Return the organisation that "the bank" takes up again: told to be one, or the name printed most before it."""
    text = cast.people.folded
    noun = re.escape(noun)
    told = re.compile(rf"({_NAME}), (?:an?|the|one of the|its|their) [^.,;]{{0,60}}\b{noun}s?\b|\b{noun} ({_NAME})")
    found = [next(filter(None, m.groups())) for m in told.finditer(text, 0, at)]
    if found:
        return found[-1]
    people = {person.name for person in cast.people.everyone() if person.sure}
    counts: Counter[str] = Counter()
    for _, run in cast.people.runs:
        if " " in run and run not in people and cast.index.name(run, cast.date) is None:
            counts[run] += 1
    before = {run for where, run in cast.people.runs if where < at}
    media = name_parts("medium")
    fitting = [
        (n, run) for run, n in counts.items() if run in before and (sector == "media") == bool(media & set(run.split()))
    ]
    count, name = max(fitting, default=(0, ""))
    return name if count >= _OFTEN else None


def find_both(cast: Cast, told: Described) -> Referent | None:
    """Resolve "both sides" and "the two leaders" to the last two states or people of different states."""
    if not _PAIR.match(fold(told.read.text).lower()):
        return None
    codes = states_before(cast.index, cast.text, told.at, cast.date)
    if not codes:
        return None
    return Referent(None, told.read.text, "collective", None, "government", None, ";".join(codes),
                    resolution="description", plural=True)  # fmt: skip


#: what follows a description without belonging to it: a relative clause; a participle with its object, after two words
_CLAUSE = re.compile(r",(?! (?:[\w'-]+ ){1,4}(?:and|or) |[^,]*,? (?:and|or) )| (?:who|that|which|whose) |--|—")
_PARTICIPLE = re.compile(
    r"(?<= )\S+( (?:[a-z]{2,}ed (?:by|to|in|on|with|at|as|from|last)|(?:familiar|involved|acquainted) (?:with|in)) )"
)


def as_printed(read: Parsed) -> str:
    """Return a description without what follows it."""
    text = _CLAUSE.split(read.text)[0].strip()
    participle = _PARTICIPLE.search(text)
    return text[: participle.start(1)] if participle else text or read.text
