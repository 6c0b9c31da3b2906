"""Whom a description means: "the Marvanian president", "the group", "both sides", "a senior official"."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from dataclasses import replace

from diplotext.actors.article import Article, Resolved, Source
from diplotext.actors.cast import Person
from diplotext.actors.pronouns import find_antecedent
from diplotext.names import body_before, fold, name_parts, offices, source_nouns, states_before, surname
from diplotext.names.mentions import RUN, Parsed, parse_mention
from diplotext.names.titles import is_organisation, singular, titles

_LEADERS = frozenset({"head_of_state", "head_of_government", "supreme_leader", "leader", "party_leader", "president"})
_MINISTERS = frozenset(
    {
        "minister",
        "foreign_minister",
        "defence_minister",
        "finance_minister",
        "deputy_foreign_minister",
        "security_adviser",
    }
)
#: offices whose holders are often not named
_ANONYMOUS = frozenset({"spokesperson", "official", "diplomat", "adviser", "envoy", "expert", "officer", "citizen"})
_UNNAMED = re.compile(r"^(?:two|three|four|five|several) |\b(?:familiar|briefed|close|involved|knowledge)\b", re.I)
_NUMBER = re.compile(r"\d+ ")
_GOVERNMENT = re.compile(r"(?:government|authorities|regime) (?:of|in) (?:the )?|(?:government|authorities)$")
#: a description that tells who somebody just named is
_INTRODUCES = re.compile(r"(?:an?|the|one of|his|her|their|who|[a-z]+) ", re.I)
#: how soon after a nameless spokesperson the name may come
_SOON = 500
#: how far before "who" the words may stand that it takes up
_TAKEN_UP = 250
_CLOSING_NAME = re.compile(r"[A-Z][\w.'-]*(?: [A-Z][\w.'-]*){0,4}(?: \([\w.-]+\))?")
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
_HUMAN = re.compile(r"(?:er|or|ist|man|woman|ian|ee|mogul|tycoon|native|incumbent|winner|star|veteran|hopeful)$")


def resolve_description(article: Article, source: Source, read: Parsed) -> Resolved:
    """Return whom a description means: somebody named, a state, an earlier nameless source, or nobody known by name."""
    at = source.at if source.at >= 0 else source.end
    noun = read.noun
    office = _office(read)
    named = None if read.plural else _apposition(article, source)
    if named is not None:
        return article.speaks(named, "description")
    joint = _both(article, read, at)
    if joint:
        return joint
    if (office == "spokesperson" or noun == "representative") and not (read.definite or read.plural or read.owner):
        named = _named_next(article, at + len(source.mention or ""), _gender(read))
        if named is not None:
            return replace(article.speaks(named, "description"), weak=True)
    kind, sector = source_nouns().get(noun, source_nouns().get(singular(noun), ("", "")))
    if noun in ("bloc", "alliance") and read.definite:
        body = _body_before(article, at, noun)
        if body:
            return body
    state = _government(article, read)
    if state:
        return state
    if kind == "document":
        issuer = _issuer(article, source, read, at)
        if issuer is not None:
            return replace(issuer, weak=True)
    if noun in ("signatories", "signers", "authors") and read.definite:
        group = next((r for _, r in reversed(article.history) if r.speaker_kind == "collective"), None)
        if group:
            return replace(group, resolution="description")
    definite = read.definite or bool(read.owner)
    if office and not read.plural and definite:
        found = _described(article, read, office, at)
        if found:
            return found
    if kind == "organisation" or (not kind and RUN.fullmatch(fold(read.text)) and is_organisation(read.text)):
        return _described_organisation(article, read, at, sector)
    if definite and read.definite:
        earlier = next((r for _, r in reversed(article.history) if r.noun and r.noun == noun and r.speaker), None)
        if earlier:
            return replace(earlier, resolution="description")
    if read.definite and not read.plural and (office or kind == "anonymous" or (not kind and _HUMAN.search(noun))):
        person = find_nearest(article, at, _gender(read))
        if person is not None:
            return replace(article.speaks(person, "description"), weak=True)
    country = read.title.country or article.owner_country(read) or None
    if not kind and office:
        kind, sector = "anonymous", titles()[singular(noun)].sector if singular(noun) in titles() else "government"
    if not kind and (read.plural or noun.endswith("s")):
        kind, sector = "collective", "other"
    text = _as_printed(read)
    if noun in ("people", "persons") and _UNNAMED.search(fold(text)):
        kind = "anonymous"
    if kind in ("anonymous", "collective"):
        if read.title.former:
            sector = "other"
        elif read.title.sector and sector == "other":
            sector = read.title.sector
        belongs = [source_nouns()[w] for w in fold(read.text).lower().split() if w in source_nouns()]
        if sector == "government" and any(k == "organisation" and s in ("other", "civil", "media") for k, s in belongs):
            sector = "other"  # a campaign's official
        role = noun if kind == "anonymous" and sector in ("government", "military", "media") else None
        if role and read.title.former:
            role = f"former {role}"
        found = Resolved(text, kind, "exact", None, role, sector or "other", country, plural=read.plural, noun=noun)
        return _joined(article, read, found)
    if kind == "document":
        return Resolved(text, "unknown", "exact", None, None, None, country, noun=noun)
    if read.definite:
        return Resolved(text, "unknown", "exact", weak=True, noun=noun)
    return Resolved(text, "anonymous", "exact", None, None, "other", country, noun=noun)


def _issuer(article: Article, source: Source, read: Parsed, at: int) -> Resolved | None:
    """Return who issued a document, if the phrase tells it, or an earlier mention of the same document."""
    plain = fold(read.text)
    origin = _FROM.search(plain)
    phrases = [(plain[origin.end() :], origin.group().startswith((" by", " from")))] if origin else []
    before = RUN.search(plain)
    if before and before.end() < len(plain):  # "a new Halsund Courier poll"
        phrases.append((before.group(), read.owner != ""))
    if read.owner[:1].isupper():
        phrases.append((read.owner, True))
    if read.definite and not phrases:
        noun = re.escape(read.noun)
        told = re.compile(rf"({_NAME})(?:'s)? (?:[a-z-]+ ){{0,3}}{noun}\b|\b{noun} (?:conducted |done )?by ({_NAME})")
        found = [next(filter(None, m.groups())) for m in told.finditer(article.cast.folded, 0, at)]
        phrases += [(name, False) for name in found[-1:]]
    for phrase, anybody in phrases:
        issuer = parse_mention(phrase, article.index)
        if issuer.kind != "name":
            continue
        thing = article.thing(issuer)
        if (anybody and thing is None) or (thing is not None and thing.kind == "organisation"):
            return article.name(source, issuer)
        if thing is None and article.is_organisation(issuer):
            return article.name(source, issuer)
    return None


def _apposition(article: Article, source: Source) -> Person | None:
    """Return the person whose name stands right before a description: "Ilse Toran, a former envoy to Lethia, said"."""
    cast, at = article.cast, source.at
    if source.mention and not article.text.startswith(source.mention, max(at, 0)):  # `at` is the "who" that takes it up
        at = article.text.rfind(source.mention, max(0, at - _TAKEN_UP), max(at, 0))
    if at < 2 or cast.folded[at - 2 : at] != ", " or not _INTRODUCES.match(source.mention or ""):
        return None
    number = bisect.bisect_left(cast.events, at, key=lambda e: e[0]) - 1
    if number < 0:
        return None
    where, person = cast.events[number]
    return person if _CLOSING_NAME.fullmatch(cast.folded, where, at - 2) else None


def _named_next(article: Article, end: int, gender: str) -> Person | None:
    """Return who is named for the first time soon after "a spokeswoman for the ministry": she, most likely."""
    events = article.cast.events
    at = bisect.bisect_left(events, end, key=lambda e: e[0])
    if at == len(events):
        return None
    where, person = events[at]
    new = (
        where - end <= _SOON
        and min(person.places) == where
        and article.cast.paragraph(where) - 1 <= (article.cast.paragraph(end))
    )
    if not new or person.title.office not in ("", "spokesperson", "honorific"):
        return None
    return person if not gender or not person.gender or gender == person.gender else None


def _government(article: Article, read: Parsed) -> Resolved | None:
    """Resolve "the government of Marvania", "the government in Marvagrad", "the Marvanian government" to the state."""
    plain = fold(read.text)
    found = _GOVERNMENT.search(plain)
    if not found:
        return None
    whose = plain[found.end() :] if found.start() == 0 else plain[: found.start()].strip().removesuffix("'s")
    mention = article.index.name(whose, article.date) if whose else None
    if mention is None:
        return None
    actor = article.index.look_up(mention.actor_id, article.date)
    if actor.kind != "state":
        return None
    return Resolved(actor.name, "state", "metonym", actor.actor_id, None, "government", actor.country, plural=True)


def _joined(article: Article, read: Parsed, found: Resolved) -> Resolved:
    """Give a group of several states all of them: "negotiators for Marvania and Lethia"."""
    phrase = article.index.find(read.text, date=article.date)
    states = [m for m in phrase if m.how != "adjective" and not re.match(r" (?!and\b|or\b)[a-z]", read.text[m.end :])]
    codes = list(dict.fromkeys(c for m in states if (c := article.index.look_up(m.actor_id, article.date).country)))
    if len(codes) > 1:
        return replace(found, speaker_kind="collective", country=None, parties=";".join(codes))
    if _NUMBER.match(read.text) and found.plural:
        return replace(found, speaker_kind="collective")
    return found


def _office(read: Parsed) -> str:
    if read.title.office and read.title.office != "honorific":
        return read.title.office
    return offices().get(singular(read.noun), "")


def _described(article: Article, read: Parsed, office: str, at: int) -> Resolved | None:
    """Resolve "the Marvanian president": the last such person named before, else the holder at the date."""
    if office in _ANONYMOUS:
        earlier = next((r for _, r in reversed(article.history) if r.noun == read.noun and r.speaker), None)
        if earlier:
            return replace(earlier, resolution="description")
        if office == "official":
            return None
    wanted = _LEADERS if office == "leader" else _MINISTERS if office == "minister" else frozenset({office})
    country = read.title.country
    fitting: list[Person] = []
    for person in article.cast.everyone():
        if not person.sure:
            continue
        actor_office = article.office(person)
        if not (wanted & {person.title.office, actor_office}):
            continue
        theirs = (person.actor.country if person.actor else None) or person.title.country
        if country and theirs and country != theirs:
            continue
        if person.title.former and not read.title.former and article.office(person) not in wanted:
            continue
        if office == "parliamentarian" and _chamber(read.noun) and _chamber(read.noun) != _chamber(person.title.text):
            continue
        if _gender(read) and person.gender and _gender(read) != person.gender:
            continue
        fitting.append(person)
    if fitting:
        named = find_antecedent(article, at, _gender(read), 1000, fitting)
        before = [p for p in fitting if any(place < at for place in p.places)]
        latest = max(
            before or fitting, key=lambda p: max((w for w in p.places if w < at), default=-min(p.places, default=0))
        )
        return article.speaks(named or latest, "description")
    if country:
        for each in ("supreme_leader", "head_of_state", "head_of_government") if office == "leader" else (office,):
            holder = article.index.holder(country, each, article.date)
            if holder and office != "spokesperson":
                actor = article.index.look_up(holder, article.date)
                return Resolved(actor.name, "person", "description", holder, actor.role, actor.sector, actor.country)
    if office in _ANONYMOUS:
        return None
    if read.definite and not read.owner and not country:
        nearest = find_nearest(article, at, _gender(read))
        if nearest is not None and not nearest.title.text:
            return replace(article.speaks(nearest, "description"), weak=True)
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


def find_nearest(article: Article, at: int, gender: str = "") -> Person | None:
    """Return the person of fitting gender whom a description right after them means."""
    return find_antecedent(article, at, gender, reach=2)


def _described_organisation(article: Article, read: Parsed, at: int, sector: str) -> Resolved:
    noun, text = read.noun, _as_printed(read)
    country = read.title.country or None
    if read.owner in ("his", "her", "their", "my", "our"):
        person = find_antecedent(article, at, {"his": "male", "her": "female"}.get(read.owner, ""))
        if person is not None and read.owner in ("his", "her"):
            family = surname(person.name)
            whose = article.speaks(person, "pronoun").country
            return Resolved(
                f"{family} {noun}", "organisation", "description", None, None, sector, country or whose, noun=noun
            )
    if read.definite and not read.owner and len(read.text.split()) == 1:
        earlier = next((r for _, r in reversed(article.history) if r.noun == noun and r.speaker), None)
        if earlier:
            return replace(earlier, resolution="description")
        if noun in ("administration", "campaign", "government", "regime"):
            named = re.findall(rf"\b([A-Z][\w-]+)(?:'s)? {noun}\b", article.cast.folded[:at])
            named = [name for name in named if name not in name_parts("opener")]  # "The government" names nobody
            if named:
                again = parse_mention(f"{named[-1]} {noun}", article.index)
                return replace(_described_organisation(article, again, at, sector), resolution="description")
        ending = noun.capitalize()
        runs = [run for where, run in article.cast.runs if where < at and run.split()[-1] == ending and " " in run]
        if runs:
            return replace(article.name(None, Parsed("name", runs[-1], runs[-1], definite=True)),
                           resolution="description")  # fmt: skip
        if noun in _BODIES:
            last = next(
                (r for _, r in reversed(article.history[-8:]) if r.speaker_kind in ("organisation", "collective")), None
            )
            if last and (sector != "media" or last.sector == "media"):
                return replace(last, resolution="description", weak=True)
            name = _named_organisation(article, at, noun, sector)
            if name:
                return replace(
                    article.named_organisation(Parsed("name", name, name)), resolution="description", weak=True
                )
    if not country:
        country = article.owner_country(read) or article.country_in(read.text)
    whole = article.index.name(read.text, article.date)
    actor_id = whole.actor_id if whole and whole.how != "surname" else None
    return Resolved(text, "organisation", "exact", actor_id, None, sector or "other", country, noun=noun)


def _named_organisation(article: Article, at: int, noun: str, sector: str) -> str | None:
    """Return the organisation that "the bank" takes up again: told to be one, or the name printed most before it."""
    text = article.cast.folded
    noun = re.escape(noun)
    told = re.compile(rf"({_NAME}), (?:an?|the|one of the|its|their) [^.,;]{{0,60}}\b{noun}s?\b|\b{noun} ({_NAME})")
    found = [next(filter(None, m.groups())) for m in told.finditer(text, 0, at)]
    if found:
        return found[-1]
    people = {person.name for person in article.cast.everyone() if person.sure}
    counts: Counter[str] = Counter()
    for _, run in article.cast.runs:
        if " " in run and run not in people and article.index.name(run, article.date) is None:
            counts[run] += 1
    before = {run for where, run in article.cast.runs if where < at}
    media = name_parts("medium")
    fitting = [
        (n, run) for run, n in counts.items() if run in before and (sector == "media") == bool(media & set(run.split()))
    ]
    count, name = max(fitting, default=(0, ""))
    return name if count >= _OFTEN else None


def _body_before(article: Article, at: int, noun: str) -> Resolved | None:
    actor_id = body_before(article.index, article.text, at, noun, article.date)
    if actor_id is None:
        return None
    actor = article.index.look_up(actor_id, article.date)
    return Resolved(actor.name, actor.kind, "description", actor_id, None, actor.sector, actor.country)


def _both(article: Article, read: Parsed, at: int) -> Resolved | None:
    """Resolve "both sides" and "the two leaders" to the last two states or people of different states."""
    if not _PAIR.match(fold(read.text).lower()):
        return None
    codes = states_before(article.index, article.text, at, article.date)
    if not codes:
        return None
    return Resolved(read.text, "collective", "description", sector="government", parties=";".join(codes),
                    plural=True)  # fmt: skip


def _as_printed(read: Parsed) -> str:
    text = re.split(
        r",(?! (?:[\w'-]+ ){1,4}(?:and|or) |[^,]*,? (?:and|or) )| who | that | which | whose |--|—", read.text
    )[0].strip()
    return text or read.text
