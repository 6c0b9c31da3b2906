"""Whom a pronoun means: the last fitting speaker, subject or name before it."""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Collection
from dataclasses import replace

from diplotext.actors.article import Article, Resolved, Source
from diplotext.actors.cast import Person
from diplotext.names import name_parts, source_nouns
from diplotext.names.mentions import Parsed, parse_mention
from diplotext.names.titles import is_organisation

#: resolves any mention; pronouns that stand for a noun phrase hand it on.
Resolve = Callable[[Article, Source, Parsed], Resolved]

_OBJECT = re.compile(
    r"\b(?:to|with|by|of|against|for|from|on|about|like|than|told|and|at|behind|between|over|towards?|called|asked|"
    r"under|after|before|including|met|urged|accused|criticized|criticised|blamed) (?:[A-Z][\w.]* ){0,3}$"
)
#: the noun phrase right before "who"
_ANTECEDENT = re.compile(r"((?:[\w'.%-]+ ){0,4}[\w'%-]+),? ?(?:-- |— )?$")
_PLURAL = re.compile(
    r"\b(?:(?:[A-Z][\w-]{1,20}|senior|former|top|some|many|several|most) ){0,3}([\w-]{1,20}s|people|men|women)\b"
)
#: a pronoun looks back at most this many sentences of the article's own words, and this many names.
_REACH, _NAMES = 8, 40


def resolve_pronoun(article: Article, source: Source, read: Parsed, resolve: Resolve) -> Resolved:
    """Return whom a pronoun means, unresolved where nobody fits; never a city or a thing for "he" and "she"."""
    at = source.at if source.at >= 0 else source.end
    if read.noun in ("male", "female"):
        person = find_antecedent(article, at, read.noun)
        return article.speaks(person, "pronoun") if person else Resolved()
    if read.noun == "self":
        return _resolve_self(article, at)
    if read.noun == "relative":
        return _resolve_relative(article, source, at, resolve)
    if read.noun == "plural":
        return _resolve_they(article, source, at, resolve)
    if read.noun == "thing":
        return _resolve_it(article, at)
    return Resolved()


def find_antecedent(
    article: Article, at: int, gender: str = "", reach: int = _REACH, fitting: Collection[Person] | None = None
) -> Person | None:
    """Return the person that "he" or "she" at an offset means: near, a speaker or subject, of fitting gender.

    With `fitting`, only these people come into question.

    The weights were set by hand on public news articles of 2015–16; a speaker counts most, then the first name of a
    sentence; the object of a verb or preposition counts less. Names inside quote marks do not count.
    """
    cast = article.cast
    here, paragraph = cast.sentence(at), cast.paragraph(at)
    events = cast.events
    last = bisect.bisect_left(events, at, key=lambda e: e[0])
    named = events[max(0, last - _NAMES) : last]
    named = named + [
        (s.at, r.person) for s, r in article.history[-6:]
        if r.person and 0 <= s.at < at and r.resolution in ("pronoun", "description")
    ]  # fmt: skip
    scores: dict[int, tuple[float, int, Person]] = {}
    subjects: dict[int, int] = {}
    for where, person in named:
        sentence = cast.sentence(where)
        distance = here - sentence
        if fitting is not None and not any(person is f for f in fitting):
            continue
        if distance > reach or (person.gender and gender and person.gender != gender):
            continue
        inside = article.quote_around(where)
        if inside and not inside[0] <= at < inside[1]:
            continue
        score = -0.6 * distance - 0.3 * (paragraph - cast.paragraph(where)) + 0.05 * min(len(person.places), 10)
        first = subjects.setdefault(sentence, where)
        if article.speaking.get(where) is person:
            score += 1.2
        elif _OBJECT.search(cast.folded, max(cast.sentences[sentence], where - 40), where):
            score -= 0.8
        elif where == first:
            score += 0.8
        if not person.gender:
            score -= 0.4
        if not person.sure:
            score -= 0.5
        known = scores.get(id(person))
        if known is None or score > known[0]:
            scores[id(person)] = (score, where, person)
        else:
            scores[id(person)] = (known[0] + 0.1, known[1], person)
    return max(scores.values(), key=lambda s: s[:2])[2] if scores else None


def _resolve_self(article: Article, at: int) -> Resolved:
    """Resolve "I" and "we": whoever's quote marks they stand in, else the author."""
    for other, found in reversed(article.history):
        if other.start <= at < other.end and other.kind != "indirect":
            return replace(found, resolution="pronoun", weak=True)
    if article.byline and not article.quote_around(at):
        author = re.sub(r"^[Bb]y ", "", article.byline).split(" and ")[0].split(",")[0].strip()
        if author:
            return Resolved(author, "person", "pronoun", sector="media", weak=True)
    return Resolved()


def _resolve_relative(article: Article, source: Source, at: int, resolve: Resolve) -> Resolved:
    """Resolve "who": whatever stands right before it."""
    cast = article.cast
    here = cast.sentence(at)
    source_before = None
    if article.history and article.history[-1][0].at >= 0 and cast.sentence(article.history[-1][0].at) == here:
        source_before = article.history[-1][1]
    last = bisect.bisect_left(cast.events, at, key=lambda e: e[0])
    if last and at - cast.events[last - 1][0] < 120:
        where, person = cast.events[last - 1]
        between = cast.folded[where:at]
        # "an adviser to Toran, who asked not to be named": the adviser
        owned = source_before is not None and cast.folded[max(0, where - 4) : where].endswith((" to ", " of "))
        if cast.sentence(where) == here and not owned and (between.count(" ") <= 5 or between.count(",") == 2):
            return article.speaks(person, "pronoun")
    if source_before is not None and source_before.speaker and cast.folded[max(0, at - 2) : at] == ", ":
        return replace(source_before, resolution="pronoun")
    before = _ANTECEDENT.search(cast.folded, max(cast.sentences[here], at - 60), at)
    words = before.group(1).split() if before else []
    for number in range(len(words) - 1, -1, -1):
        if words[number].lower() in name_parts("break"):
            words = words[number + 1 :]
            break
    if not words:
        return Resolved()
    return _as_pronoun(resolve(article, source, parse_mention(" ".join(words), article.index)))


def _resolve_they(article: Article, source: Source, at: int, resolve: Resolve) -> Resolved:
    here = article.cast.sentence(at)
    for other, found in reversed(article.history[-6:]):
        near = other.at >= 0 and here - article.cast.sentence(other.at) <= 3
        if near and found.speaker and (found.plural or found.speaker_kind == "collective"):
            return replace(found, resolution="pronoun")
    start = max(article.cast.sentences[max(0, here - 1)], at - 400)
    for noun in _PLURAL.finditer(article.cast.folded, start, at):
        kind = source_nouns().get(noun.group(1).lower(), ("", ""))[0]
        if kind in ("anonymous", "collective"):
            return _as_pronoun(resolve(article, source, parse_mention(noun.group(), article.index)))
    return Resolved()


def _resolve_it(article: Article, at: int) -> Resolved:
    here = article.cast.sentence(at)
    for other, found in reversed(article.history[-6:]):
        near = other.at >= 0 and here - article.cast.sentence(other.at) <= 3
        if near and found.speaker and found.speaker_kind in ("organisation", "state"):
            return replace(found, resolution="pronoun")
    start = max(article.cast.sentences[max(0, here - 1)], at - 400)
    for mention in article.index.find(article.text, start, at, article.date):
        actor = article.index.look_up(mention.actor_id, article.date)
        if mention.how in ("name", "alias", "seat") and actor.kind != "person":
            return Resolved(
                actor.name, actor.kind, "pronoun", actor.actor_id, None, actor.sector, actor.country, weak=True
            )
    run = next((r for where, r in article.cast.runs if start <= where < at and is_organisation(r)), None)
    return (
        replace(article.named_organisation(Parsed("name", run, run)), resolution="pronoun", weak=True)
        if run
        else Resolved()
    )


def _as_pronoun(found: Resolved) -> Resolved:
    return replace(found, resolution="pronoun", weak=True) if found.speaker else found
