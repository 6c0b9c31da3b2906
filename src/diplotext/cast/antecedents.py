"""Whom a pronoun or a description takes up: every mention before it, weighed as coreference read by people has it."""

from __future__ import annotations

import bisect
import math
import re
from collections.abc import Callable, Hashable, Iterator
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from diplotext.cast import bodies
from diplotext.cast.groups import CLAUSE, Group
from diplotext.cast.heard import Heard, saying
from diplotext.cast.people import Person
from diplotext.cast.referent import Referent
from diplotext.names import given_names, name_parts, source_nouns
from diplotext.names.mentions import RUN, Parsed
from diplotext.names.titles import singular, titles
from diplotext.schema import read_rows

if TYPE_CHECKING:
    from diplotext.cast.reading import Cast

#: what marks a mention, and what marks it as seen from a pronoun: the rows of ``antecedents.csv``, in this order
TRAITS = ("subject", "owner", "place", "unsure", "noun", "plural", "pair")
VIEWS = (
    "opens", "next", "distance", "same", "clause", "paragraphs", "speaking", "both_speak", "quoted", "own", "frequency",
    "taken", "parallel",
)  # fmt: skip
FEATURES = (*TRAITS, *VIEWS)
_OBJECT = re.compile(
    r"\b(?:to|with|by|of|against|for|from|on|about|like|than|and|at|in|behind|between|over|towards?|under|after|before|"
    r"including|\w{3,}(?:ed|ing)|told|met|took|made|gave|saw|let) (?:the )?(?:[A-Z][\w.'-]* ){0,3}$"
)
_PRONOUNS = {
    "person": re.compile(r"\b(?:(?P<male>he|him|his)|(?P<female>she|her))\b", re.I),
    "plural": re.compile(r"\b(?P<plural>they|them|their)\b", re.I),
    "thing": re.compile(r"\b(?P<thing>its?)\b", re.I),
}
#: pronouns that may be the object of a verb, and what shows it
_BOUND = frozenset({"him", "her", "them", "it"})
_BEFORE_OBJECT = re.compile(r"\b(?:\w+ed|\w+s|\w+ing|to|with|by|of|against|for|from|on|about|told|met|fought|\w{4,}) $")
#: one looks back at most this many sentences of the article's own words, and this many mentions.
REACH, _MENTIONS = 8, 60
#: how many statements back their speakers are at hand
_HISTORY = 8
#: longer runs of capitalised words are no name, in characters
_LONGEST = 60
#: a word between "a" and the noun of somebody nameless
_WITHIN = r"(?!(?:about|and|as|at|by|for|from|in|of|on|that|the|this|to|who|with)\b)[\w'-]+"
_FEMALE = frozenset({"girl", "mother", "wife", "widow", "daughter", "sister", "actress", "lady"})
_MALE = frozenset({"boy", "father", "husband", "son", "brother"})


class Candidate(NamedTuple):
    """One mention that may be taken up: offsets, who it is, whose mentions are one, and how it stands in its clause."""

    start: int
    end: int
    who: Person | Group | Referent
    key: Hashable
    subject: bool
    below: bool
    says: bool
    traits: tuple[float, ...]


class Anaphor(NamedTuple):
    """What takes somebody up: its place, its form (person, plural, thing), gender, and how it stands in its clause."""

    at: int
    form: str
    gender: str = ""
    bound: bool = False
    subject: bool = False
    says: bool = False


@cache
def _weights() -> dict[str, tuple[float, ...]]:
    rows = {row["feature"]: row for row in read_rows("antecedents.csv")}
    person, body = (tuple(float(rows[name][column]) for name in FEATURES) for column in ("person", "body"))
    return {"person": person, "plural": body, "thing": body}


@cache
def _verb_after() -> re.Pattern[str]:
    """Return what makes a name the subject: a finite verb right after it, or after an insertion."""
    past = "|".join(sorted({p for row in read_rows("irregular_verbs.csv") for p in row["past"].split("/")}))
    return re.compile(
        r"(?: \([^)]{1,20}\))?(?:, [^,.;\n]{2,70},)? "
        r"(?:(?:also|now|then|later|still|never|often|only|just|already|who|not|\w+ly) )?"
        r"(?:is|was|are|were|has|had|have|will|would|could|can|may|might|must|should|did|does|do|[a-z]+ed|"
        rf"{past}|[a-z]{{2,}}[^su'\W]s|say|want|need)\b"
    )


@cache
def _nameless() -> re.Pattern[str]:
    """Return what introduces one person without a name: "a senior official", "another woman"."""
    nouns = sorted(noun for noun, (kind, _) in source_nouns().items() if kind == "anonymous" and singular(noun) == noun)
    return re.compile(
        rf"\b(?:[Aa]n?|[Oo]ne|[Aa]nother) (?:{_WITHIN} ){{0,4}}(?:{'|'.join(nouns)})\b(?! [A-Z])(?!, [A-Z])"
    )


def find_people(cast: Cast) -> list[Candidate]:
    """Return every mention of one person, in order: by name, or as "a senior official"."""
    folded = cast.people.folded
    found = []
    for at, person in cast.people.events:
        run = RUN.match(folded, at)
        found.append(_mark(cast, at, run.end() if run else at + 1, person, id(person)))
    for match in _nameless().finditer(folded):
        start, end = match.span()
        key = match.group().lower()
        found.append(_mark(cast, start, end, Group(start, end, cast.text[start:end], "nameless", key, True), key))
    return sorted(found, key=lambda c: (c.start, -c.end))


def find_bodies(cast: Cast) -> list[Candidate]:
    """Return every mention of a body or of several, in order: groups, pairs of people, and names of no known sort."""
    people, folded = cast.people, cast.people.folded
    found = list(cast.groups)
    taken = sorted([*((g.start, g.end) for g in found), *((c.start, c.end) for c in cast.mentions_of_people)])
    starts = set(people.sentences)
    inner = {run for start, run in people.runs if start not in starts}
    for start, run in people.runs:
        end = start + len(run)
        n = bisect.bisect_left(taken, (start, 0))
        known = any(s < end and start < e for s, e in taken[max(0, n - 2) : n + 1])
        if not known and (start not in starts or run in inner) and _is_name(cast, run):
            found.append(Group(start, end, cast.text[start:end], "name", run, True))
    for (start, first), (at, second) in pairwise(people.events):
        one, other = RUN.match(folded, start), RUN.match(folded, at)
        if one and other and first is not second and folded[one.end() : at] == " and ":
            key = f"{first.name} and {second.name}"
            found.append(Group(start, other.end(), cast.text[start : other.end()], "plural", key, True))
    return [_mark(cast, g.start, g.end, g, g.key) for g in sorted(found, key=lambda g: (g.start, -g.end))]


def _is_name(cast: Cast, run: str) -> bool:
    """Tell whether a capitalised run that is no person's may name something that acts."""
    words, low = run.split(), run.lower()
    if words[0] in name_parts("opener") or len(run) > _LONGEST or low in titles() or singular(low) in titles():
        return False
    if len(words) == 1 and (words[0] in given_names() or len(run) < 3):
        return False
    return cast.index.name(run, cast.date) is None


def _mark(cast: Cast, start: int, end: int, who: Person | Group, key: Hashable) -> Candidate:
    """Return a mention with what its own words and neighbours tell."""
    folded = cast.people.folded
    subject = bool(_verb_after().match(folded, end))
    below = not subject and bool(_OBJECT.search(folded, max(0, start - 40), start))
    owner = folded.startswith("'s", end)
    if isinstance(who, Person):
        traits = (subject, owner, False, not who.sure, False, False, False)
    else:
        pair = " and " in who.printed
        noun, several = who.key.islower(), who.number == "plural"
        traits = (subject, owner, not who.acting, who.number == "name", noun, several, pair)
    says = bool(saying()[0].match(folded, end))
    return Candidate(start, end, who, key, subject, below, says, tuple(map(float, traits)))


def read_pronoun(cast: Cast, at: int, word: str, noun: str) -> Anaphor:
    """Return a pronoun of the third person as it stands in its clause; `noun`: male, female, plural or thing."""
    folded, word, end = cast.people.folded, word.lower(), at + len(word)
    form, gender = ("person", noun) if noun in ("male", "female") else (noun, "")
    bound = word in _BOUND and bool(_BEFORE_OBJECT.search(folded, max(0, at - 30), at))
    subject, says = bool(_verb_after().match(folded, end)), bool(saying()[0].match(folded, end))
    return Anaphor(at, form, gender, bound, subject, says)


def rank(
    cast: Cast,
    heard: Heard,
    anaphor: Anaphor,
    fitting: Callable[[Candidate], bool] | None = None,
    reach: int = REACH,
) -> list[tuple[float, Candidate]]:
    """Return whom something may take up, likeliest first: each one's best mention, with its share of 1.

    With `fitting`, only these mentions come into question; `reach` is in sentences.
    """
    return _rank(view(cast, heard, anaphor, fitting, reach), anaphor.form)


def _rank(seen: Iterator[tuple[Candidate, tuple[float, ...]]], form: str) -> list[tuple[float, Candidate]]:
    weights = _weights()[form]
    best: dict[Hashable, tuple[float, Candidate]] = {}
    for candidate, values in seen:
        score = sum(w * v for w, v in zip(weights, values, strict=True))
        if candidate.key not in best or score >= best[candidate.key][0]:
            best[candidate.key] = score, candidate
    ranked = sorted(best.values(), key=lambda b: (b[0], b[1].start), reverse=True)
    odds = [math.exp(score - ranked[0][0]) for score, _ in ranked]
    return [(odd / sum(odds), candidate) for odd, (_, candidate) in zip(odds, ranked, strict=True)]


def _decide_earlier(cast: Cast, heard: Heard, anaphor: Anaphor) -> None:
    """Decide every pronoun of the same form before a place, in order: whom it means is at hand there again."""
    form, taken = anaphor.form, heard.taken.setdefault(anaphor.form, {})
    for match in _PRONOUNS[form].finditer(cast.people.folded, heard.decided.get(form, 0), anaphor.at):
        earlier = read_pronoun(cast, match.start(), match.group(), str(match.lastgroup))
        ranked = _rank(_view(cast, heard, earlier), form)
        if ranked:
            best = ranked[0][1]
            traits = (float(earlier.subject), 0.0, *best.traits[2:])
            taken[earlier.at] = Candidate(earlier.at, match.end(), best.who, best.key, earlier.subject,
                                          not earlier.subject, earlier.says, traits)  # fmt: skip
    heard.decided[form] = max(heard.decided.get(form, 0), anaphor.at)


def _recall(heard: Heard, at: int, form: str) -> list[tuple[Candidate, bool]]:
    """Return who was taken up before a place: by earlier pronouns, and as sources of statements."""
    taken = dict(heard.taken.get(form, {}))
    for source, found in heard.history[-_HISTORY:]:
        again = found.resolution in ("pronoun", "description") or found.kind not in ("person", "anonymous")
        if 0 <= source.at < at and found.name and again:
            who, key = (found.person, id(found.person)) if found.person else (found, found.name)
            traits = (1.0, *[0.0] * (len(TRAITS) - 1))
            taken[source.at] = Candidate(source.at, source.at + 1, who, key, True, False, True, traits)
    return [(taken[place], True) for place in sorted(taken) if place < at][-_MENTIONS:]


def view(
    cast: Cast,
    heard: Heard,
    anaphor: Anaphor,
    fitting: Callable[[Candidate], bool] | None = None,
    reach: int = REACH,
) -> Iterator[tuple[Candidate, tuple[float, ...]]]:
    """Yield every mention that something may take up, in order, with the values of `FEATURES`."""
    _decide_earlier(cast, heard, anaphor)
    yield from _view(cast, heard, anaphor, fitting, reach)


def _view(
    cast: Cast,
    heard: Heard,
    anaphor: Anaphor,
    fitting: Callable[[Candidate], bool] | None = None,
    reach: int = REACH,
) -> Iterator[tuple[Candidate, tuple[float, ...]]]:
    people, at = cast.people, anaphor.at
    here, paragraph, inside = heard.sentence(at), people.paragraph(at), heard.quote_around(at)
    speaker = heard.speaker_of(inside) if inside else None
    candidates = cast.mentions_of_people if anaphor.form == "person" else cast.mentions_of_bodies
    number = bisect.bisect_left(candidates, at, key=lambda c: c.start)
    near = [(c, False) for c in candidates[max(0, number - _MENTIONS) : number] if c.end <= at]
    counts: dict[Hashable, int] = {}
    firsts: dict[int, int] = {}
    for candidate, again in sorted(near + _recall(heard, at, anaphor.form), key=lambda n: n[0].start):
        start, who = candidate.start, candidate.who
        counts[candidate.key] = counts.get(candidate.key, 0) + (not again)
        distance = here - heard.sentence(start)
        if distance > reach or not _fits(who, anaphor) or (fitting is not None and not fitting(candidate)):
            continue
        clause = distance == 0 and not CLAUSE.search(people.folded, candidate.end, at)
        if anaphor.bound and clause:
            continue
        around, speaking = heard.quote_around(start), candidate.says or start in heard.speaking
        opens = firsts.setdefault(distance, start) == start and not candidate.below
        values = (
            opens, distance == 1, distance, distance == 0, clause, min(paragraph - people.paragraph(start), 8),
            speaking, speaking and anaphor.says, bool(around) and around != inside,
            speaker is not None and who is speaker, math.log(max(counts[candidate.key], 1)), again,
            candidate.subject and anaphor.subject,
        )  # fmt: skip
        yield candidate, (*candidate.traits, *map(float, values))


def _fits(who: Person | Group | Referent, anaphor: Anaphor) -> bool:
    """Tell whether number, gender and sort let an anaphor mean somebody."""
    if anaphor.form == "person":
        if isinstance(who, Referent):
            return who.kind == "anonymous" and not who.plural
        gender = who.gender if isinstance(who, Person) else _gender_of(who.key)
        return not (gender and anaphor.gender and gender != anaphor.gender)
    if isinstance(who, Referent):
        return who.kind not in ("person", "anonymous") and (anaphor.form == "plural" or not _are_several(who))
    return not isinstance(who, Person) and (anaphor.form == "plural" or who.number != "plural")


def _are_several(found: Referent) -> bool:
    return found.kind == "collective" or (found.plural and found.kind != "state")


def _gender_of(phrase: str) -> str:
    """Return the gender that the noun of somebody nameless tells."""
    noun = phrase.split()[-1]
    if noun.endswith("woman") or noun in _FEMALE:
        return "female"
    return "male" if noun.endswith("man") or noun in _MALE else ""


def refer(cast: Cast, candidate: Candidate, heard: Heard) -> Referent:
    """Return whom a mention means."""
    who = candidate.who
    if isinstance(who, Person):
        return cast.person(who, "pronoun")
    if isinstance(who, Group):
        if who.number == "name":
            return bodies.resolve_named(cast, Parsed("name", who.printed, who.key))
        return cast.resolve(who.printed, who.start, heard)
    return who
