"""Whom a description means: "the Marvanian president", "the group", "both sides", "a senior official"."""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from diplotext.cast.antecedents import Candidate
from diplotext.cast.groups import Group, last_with_noun
from diplotext.cast.heard import Heard
from diplotext.cast.introductions import NO_TITLE
from diplotext.cast.pairs import body_before
from diplotext.cast.people import Person
from diplotext.cast.pronouns import find_antecedent, take_up
from diplotext.cast.referent import STATELESS, Referent
from diplotext.cast.taken_up import Described, as_printed, find_both, find_government, find_issuer, resolve_body
from diplotext.names import fold, name_parts, office_group, offices, source_nouns, surname
from diplotext.names.mentions import RUN, Parsed
from diplotext.names.titles import is_organisation, singular, titles

if TYPE_CHECKING:
    from diplotext.cast.reading import Cast

_UNNAMED = re.compile(r"^(?:two|three|four|five|several) |\b(?:familiar|briefed|close|involved|knowledge)\b", re.I)
_NUMBER = re.compile(r"\d+ ")
#: a description that tells who somebody just named is
_INTRODUCES = re.compile(r"(?:an?|the|one of|his|her|their|who|[a-z]+) ", re.I)
#: how soon after a nameless spokesperson the name may come
_SOON = 500
#: how far before "who" the words may stand that it takes up
_TAKEN_UP = 250
_CLOSING_NAME = re.compile(r"[A-Z][\w.'-]*(?: [A-Z][\w.'-]*){0,4}(?: \([\w.-]+\))?")
_AT_UN = re.compile(r"\b(?:UN|U\.N\.|United Nations)(?!\w)")
#: "some of its members", "its spokesman"
_OF_GROUP = re.compile(
    r"(?P<some>(?:some|many|most|several|all|one|two|three|a number|others|none|leaders|members) )?(?:of )?"
    r"(?P<whose>its|their) (?P<who>(?:[\w-]+ ){0,2}(?:members?|leaders?|leadership|fighters|commanders?|officials?|"
    r"supporters|lawmakers|spokes\w+|representatives?|delegates|lawyers?|allies|chairman|chairwoman|president))", re.I
)  # fmt: skip
#: "who identified herself as Ilse Toran", and how soon that must come
_CALLED = re.compile(
    r"\b(?:who (?:identified|called|named|calls|identifies|introduced) (?:himself|herself)(?: only)?(?: as| by)?|"
    r"(?:giving|gave|using|used) (?:only )?(?:his|her) (?:first |full )?name(?: only)? as|named|known(?: only)? as|"
    r"going by the name(?: of)?) ((?:[A-Z][\w'-]+)(?: (?:al-|el-|bin |al |von |de )?[A-Z][\w'-]+){0,3})"
)
_TOLD, _ENDED = 120, re.compile(r"[.!?] |[“\"]")
_HUMAN = re.compile(r"(?:er|or|ist|man|woman|ian|ee|mogul|tycoon|native|incumbent|winner|star|veteran|hopeful)$")


def resolve_description(cast: Cast, read: Parsed, mention: str, at: int, heard: Heard) -> Referent:
    """Return whom a description means, by the first of `RULES` that decides: in the end the words as printed."""
    kind, sector = source_nouns().get(read.noun, source_nouns().get(singular(read.noun), ("", "")))
    told = Described(read, mention, at, at + len(mention), heard, _office(read), kind, sector)
    for name, rule in RULES:
        found = rule(cast, told)
        if found is not None:
            return replace(found, rule=name)
    raise AssertionError("the last rule takes everything")


def _after_a_name(cast: Cast, told: Described) -> Referent | None:
    person = None if told.read.plural else _apposition(cast, told)
    return cast.person(person, "description") if person is not None else None


def _beside_name(cast: Cast, told: Described) -> Referent | None:
    """Decide for "its chairman, Otto Grau": whose name follows after a comma."""
    if told.read.plural or not cast.text.startswith(told.mention, told.at):
        return None
    folded, number = cast.people.folded, bisect.bisect_left(cast.people.events, told.end, key=lambda e: e[0])
    if folded[told.end : told.end + 2] != ", " or number == len(cast.people.events):
        return None
    where, person = cast.people.events[number]
    ends = where == told.end + 2 and re.match(r"[\w' .-]+,", folded[where : where + 60])
    return cast.person(person, "description") if ends else None


def _of_a_group(cast: Cast, told: Described) -> Referent | None:
    """Keep the group of "some of its members" and "its spokesman"."""
    found = _OF_GROUP.fullmatch(fold(told.read.text))
    if not found or told.read.title.country:
        return None
    form = "thing" if found["whose"].lower() == "its" else "plural"
    group = take_up(cast, told.at, form, told.heard)
    if group is None or not group.name or group.kind not in ("organisation", "collective", "state"):
        return None
    who = f"{found['some'] or ''}{found['who']}"
    plain = _nameless(cast, told)
    kind = plain.kind if plain else "collective"
    link = "for" if told.office == "spokesperson" else "of"
    return Referent(None, f"{who} {link} {group.name}", kind, plain.role if plain else None, group.sector,
                    group.country, resolution="description", basis="owner" if group.country else "",
                    plural=told.read.plural, noun=told.read.noun, weak=group.weak)  # fmt: skip


def _before_a_name(cast: Cast, told: Described) -> Referent | None:
    """Decide for a spokesperson whose name comes a little later, and for "a man who called himself Abu Toran"."""
    read = told.read
    if told.kind in ("document", "organisation", "collective") or read.plural:
        return None
    called = _CALLED.search(cast.people.folded, told.at, told.end + _TOLD)
    if called and not told.office and not _ENDED.search(cast.people.folded, told.at, called.start()):
        person = cast.people.find(called.group(1).split(), NO_TITLE, told.at, create=True)
        return cast.person(person, "description") if person is not None else None
    if read.definite or read.owner or not (told.office == "spokesperson" or read.noun == "representative"):
        return None
    named = _named_next(cast, told.end, _gender(read))
    return replace(cast.person(named, "description"), weak=True) if named is not None else None


def _one_of_the_bodies(cast: Cast, told: Described) -> Referent | None:
    if told.read.noun not in ("bloc", "alliance") or not told.read.definite:
        return None
    actor_id = body_before(cast.index, cast.text, told.at, told.read.noun, cast.date)
    return cast.actor(actor_id, "description", "") if actor_id else None


def _issuer_of_document(cast: Cast, told: Described) -> Referent | None:
    paper = told.kind == "document" or (told.read.noun in ("website", "site") and told.read.owner)
    issuer = find_issuer(cast, told) if paper else None
    return replace(issuer, weak=True) if issuer is not None else None


def _signatories(cast: Cast, told: Described) -> Referent | None:
    if told.read.noun not in ("signatories", "signers", "authors") or not told.read.definite:
        return None
    group = next((r for _, r in reversed(told.heard.history) if r.kind == "collective"), None)
    return replace(group, resolution="description") if group else None


def _body_named(cast: Cast, told: Described) -> Referent | None:
    """Decide for "the authority", "the movement", "the group", after a body of such a name or sort."""
    read, noun = told.read, told.read.noun
    alone = read.definite and not read.owner and not read.plural and len(read.text.split()) == 1
    if not alone or told.office or told.kind == "document":
        return None
    found = told.heard.last_called(noun) or last_with_noun(cast, noun, told.at, told.heard)
    if found is None and noun in name_parts("taken up"):
        found = take_up(cast, told.at, "thing", told.heard, lambda c: not _is_state(cast, c))
        found = replace(found, weak=True) if found else None
    return replace(found, resolution="description") if found else None


def _is_state(cast: Cast, mention: Candidate) -> bool:
    who = mention.who
    return isinstance(who, Group) and who.key in cast.index and cast.index.look_up(who.key).kind == "state"


def _holder_of_office(cast: Cast, told: Described) -> Referent | None:
    definite = told.read.definite or bool(told.read.owner)
    return _described(cast, told) if told.office and not told.read.plural and definite else None


def _body_described(cast: Cast, told: Described) -> Referent | None:
    read = told.read
    named = not told.kind and bool(RUN.fullmatch(fold(read.text))) and is_organisation(read.text)
    return resolve_body(cast, told) if told.kind == "organisation" or named else None


def _same_noun_before(cast: Cast, told: Described) -> Referent | None:
    earlier = told.heard.last_called(told.read.noun) if told.read.definite else None
    return replace(earlier, resolution="description") if earlier else None


def _person_near(cast: Cast, told: Described) -> Referent | None:
    read = told.read
    human = told.office or told.kind == "anonymous" or (not told.kind and _HUMAN.search(read.noun))
    if not human or not read.definite or read.plural:
        return None
    person = _find_nearest(cast, told, _gender(read))
    if person is None:
        return None
    found = cast.person(person, "description")
    if read.title.country and found.country != read.title.country:
        return None  # "the Marvanian president" is nobody of another country
    return replace(found, weak=True)


def _printed_before(cast: Cast, told: Described) -> Referent | None:
    """Decide for "the ambassador" after "France's ambassador", where nobody spoke under that noun."""
    noun = told.read.noun
    if not told.read.definite or told.read.plural or told.read.title.country or len(told.read.text.split()) > 1:
        return None
    printed = re.compile(rf"\b[A-Z][\w-]{{1,25}}(?:'s)? (?:[a-z]{{1,20}} ){{0,2}}{re.escape(noun)}\b")
    last = max((m.start() for m in printed.finditer(cast.people.folded, 0, told.at)), default=-1)
    match = printed.match(cast.people.folded, last) if last >= 0 else None
    if match is None or match.group().split()[0] in name_parts("opener"):
        return None
    found = cast.resolve(cast.text[match.start() : match.end()], last, told.heard)
    return replace(found, resolution="description") if found.country else None


def _relative_of(cast: Cast, told: Described) -> Referent | None:
    """Decide for "his mother" and "Toran's aides": who is told to be it, else with the name of whose they are."""
    read = told.read
    if read.owner in ("his", "her"):
        person = find_antecedent(cast, told.heard, told.at, {"his": "male", "her": "female"}[read.owner])
        whose = surname(person.name) if person is not None else ""
    else:
        whose = read.owner if read.owner[:1].isupper() else ""
    if read.noun in name_parts("kin"):
        named = _kin(cast, told.at, read.noun, whose)
        if named is not None:
            return replace(cast.person(named, "description"), weak=True)
    plain = _nameless(cast, told) if whose and read.owner in ("his", "her") else None
    if plain is None or person is None:
        return None
    country = plain.country or cast.person(person, "surname").country
    said = (plain.name or "").split(" ", 1)[1]
    return replace(plain, name=f"{whose}’s {said}", country=country, resolution="description",
                   basis=plain.basis if plain.country else "owner" if country else "")  # fmt: skip


def _kin(cast: Cast, at: int, noun: str, whose: str) -> Person | None:
    """Return who is named as a relative: "Toran's mother, Ilse Bredt", "Ilse Bredt, his mother"; the nearest."""
    owner = rf"(?:[Hh]is|[Hh]er|{re.escape(fold(whose))}'s)" if whose else r"(?:[Hh]is|[Hh]er|[Tt]heir|[A-Z]\w+'s)"
    name = r"((?:[A-Z][\w'-]+)(?: (?:al-|bin |von |de )?[A-Z][\w'-]+){0,3})"
    printed = re.compile(rf"{owner} (?:[a-z-]+ ){{0,2}}{noun},? {name}|{name}, {owner} (?:[a-z-]+ ){{0,2}}{noun}\b")
    found = [(abs(m.start() - at), next(filter(None, m.groups()))) for m in printed.finditer(cast.people.folded)]
    if not found:
        return None
    words = min(found)[1].split()
    known = cast.people.find(words, NO_TITLE, at, create=False)
    if known is not None or " " not in min(found)[1]:
        return known
    return cast.people.find(words, NO_TITLE, at, create=True)


def _nameless(cast: Cast, told: Described) -> Referent | None:
    """People whom nobody names: by their noun, with the sector and country that it tells."""
    read, kind, sector = told.read, told.kind, told.sector
    if not kind and told.office:
        kind = "anonymous"
        sector = titles()[singular(read.noun)].sector if singular(read.noun) in titles() else "government"
    if not kind and (read.plural or read.noun.endswith("s")):
        kind, sector = "collective", "other"
    if read.noun in ("people", "persons") and _UNNAMED.search(fold(as_printed(read))):
        kind = "anonymous"
    if kind not in ("anonymous", "collective"):
        return None
    if read.title.former:
        sector = "other"
    elif read.title.sector and sector == "other":
        sector = read.title.sector
    belongs = [source_nouns()[w] for w in fold(read.text).lower().split() if w in source_nouns()]
    if sector == "government" and any(k == "organisation" and s in ("other", "civil", "media") for k, s in belongs):
        sector = "other"  # a campaign's official
    role = read.noun if kind == "anonymous" and sector in ("government", "military", "media") else None
    if role and read.title.former:
        role = f"former {role}"
    country, basis = read.title.country or None, "title"
    if not country:
        country, basis = cast.owner_country(read), "owner"
    if sector == "opposition" or read.title.stateless:
        country = None
    basis = STATELESS if read.title.stateless else basis if country else ""
    found = Referent(None, as_printed(read), kind, role, sector or "other", country, resolution="exact",
                     basis=basis, plural=read.plural, noun=read.noun)  # fmt: skip
    return _of_several(cast, read, found)


def _thing(cast: Cast, told: Described) -> Referent | None:
    """Decide that a thing speaks for nobody: "experience shows", "tests confirmed"."""
    return Referent(noun=told.read.noun) if told.kind == "thing" and not told.read.owner else None


def _as_told(cast: Cast, told: Described) -> Referent:
    """Return the words as printed: a document, a thing, somebody of whom nothing is known."""
    read = told.read
    country = read.title.country or cast.owner_country(read) or None
    text, basis = as_printed(read), "owner" if country else ""
    if told.kind == "document":
        return Referent(None, text, country=country, resolution="exact", basis=basis, noun=read.noun)
    if read.definite:
        return Referent(None, text, resolution="exact", weak=True, noun=read.noun)
    return Referent(None, text, "anonymous", None, "other", country, resolution="exact", basis=basis, noun=read.noun)


def _apposition(cast: Cast, told: Described) -> Person | None:
    """Return the person whose name stands right before a description: "Ilse Toran, a former envoy to Lethia, said"."""
    people, at, mention = cast.people, told.at, told.mention
    if mention and not cast.text.startswith(mention, at):  # it stands at the "who" that takes it up
        at = cast.text.rfind(mention, max(0, at - _TAKEN_UP), at)
    if at < 2 or people.folded[at - 2 : at] != ", " or not _INTRODUCES.match(mention):
        return None
    number = bisect.bisect_left(people.events, at, key=lambda e: e[0]) - 1
    if number < 0:
        return None
    where, person = people.events[number]
    return person if _CLOSING_NAME.fullmatch(people.folded, where, at - 2) else None


def _named_next(cast: Cast, end: int, gender: str) -> Person | None:
    """Return who is named for the first time soon after "a spokeswoman for the ministry": she, most likely."""
    events = cast.people.events
    at = bisect.bisect_left(events, end, key=lambda e: e[0])
    if at == len(events):
        return None
    where, person = events[at]
    new = (
        where - end <= _SOON
        and min(person.places) == where
        and cast.people.paragraph(where) - 1 <= cast.people.paragraph(end)
    )
    if not new or person.title.office not in ("", "spokesperson", "honorific"):
        return None
    return person if not gender or not person.gender or gender == person.gender else None


def _of_several(cast: Cast, read: Parsed, found: Referent) -> Referent:
    """Give a group of several states all of them: "negotiators for Marvania and Lethia"."""
    phrase = cast.index.find(read.text, date=cast.date)
    states = [m for m in phrase if m.how != "adjective" and not re.match(r" (?!and\b|or\b)[a-z]", read.text[m.end :])]
    codes = list(dict.fromkeys(c for m in states if (c := cast.index.look_up(m.actor_id, cast.date).country)))
    if len(codes) > 1:
        return replace(found, kind="collective", country=None, parties=";".join(codes))
    if _NUMBER.match(read.text) and found.plural:
        return replace(found, kind="collective")
    return found


def _office(read: Parsed) -> str:
    if read.title.office and read.title.office != "honorific":
        return read.title.office
    return offices().get(singular(read.noun), "")


def _described(cast: Cast, told: Described) -> Referent | None:
    """Resolve "the Marvanian president": the last such person named before, else the holder at the date."""
    read, office, at = told.read, told.office, told.at
    if office in office_group("unnamed"):
        earlier = told.heard.last_called(read.noun)
        if earlier:
            return replace(earlier, resolution="description")
        if office == "official":
            return None
    wanted = (
        office_group("leader")
        if office == "leader"
        else office_group("minister")
        if office == "minister"
        else frozenset({office})
    )
    country = read.title.country
    fitting: list[Person] = []
    for person in cast.people.everyone():
        if not person.sure:
            continue
        actor_office = cast.office(person)
        if not (wanted & {person.title.office, actor_office}):
            continue
        theirs = (person.actor.country if person.actor else None) or person.title.country
        if country and theirs and country != theirs:
            continue
        if person.title.former and not read.title.former and cast.office(person) not in wanted:
            continue
        if office == "parliamentarian" and _chamber(read.noun) and _chamber(read.noun) != _chamber(person.title.text):
            continue
        if _gender(read) and person.gender and _gender(read) != person.gender:
            continue
        fitting.append(person)
    if fitting:
        named = find_antecedent(cast, told.heard, at, _gender(read), 1000, fitting)
        before = [p for p in fitting if any(place < at for place in p.places)]
        latest = max(
            before or fitting, key=lambda p: max((w for w in p.places if w < at), default=-min(p.places, default=0))
        )
        return cast.person(named or latest, "description")
    if country:
        for each in ("supreme_leader", "head_of_state", "head_of_government") if office == "leader" else (office,):
            holder = cast.index.holder(country, each, cast.date)
            if holder and (office not in office_group("many") or _AT_UN.search(read.text)):
                return cast.actor(holder, "description", "")
    if office in office_group("unnamed"):
        return None
    if read.definite and not read.owner and not country:
        nearest = _find_nearest(cast, told, _gender(read))
        if nearest is not None and not nearest.title.text:
            return replace(cast.person(nearest, "description"), weak=True)
    return None


def _chamber(title: str) -> str:
    """Return the house that a parliamentarian's title names, or an empty text."""
    low = title.lower()
    return "upper" if "sen" in low else "lower" if any(w in low for w in ("rep", "congress", "house")) else ""


def _gender(read: Parsed) -> str:
    """Return the gender that a title or noun tells: "businessman"."""
    if read.title.gender:
        return read.title.gender
    return "female" if read.noun.endswith("woman") else "male" if read.noun.endswith("man") else ""


def _find_nearest(cast: Cast, told: Described, gender: str = "") -> Person | None:
    """Return the person of fitting gender whom a description right after them means."""
    return find_antecedent(cast, told.heard, told.at, gender, reach=2)


#: what decides a description, in this order; the name goes into `Referent.rule`.
RULES: tuple[tuple[str, Callable[[Cast, Described], Referent | None]], ...] = (
    ("stands after a name", _after_a_name),
    ("whose name follows", _beside_name),
    ("both sides", find_both),
    ("people of a group", _of_a_group),
    ("stands before a name", _before_a_name),
    ("the bloc or alliance", _one_of_the_bodies),
    ("a state's government", find_government),
    ("who issued the document", _issuer_of_document),
    ("the group that signed", _signatories),
    ("a body of that name", _body_named),
    ("who holds the office", _holder_of_office),
    ("a body taken up", _body_described),
    ("a noun heard before", _same_noun_before),
    ("a person near", _person_near),
    ("printed before with its country", _printed_before),
    ("a relative or somebody's people", _relative_of),
    ("nameless people", _nameless),
    ("a thing", _thing),
    ("words as printed", _as_told),
)
