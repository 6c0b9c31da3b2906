"""Candidates: everybody and everything that one statement may be aimed at, with what tells a target from a mention.

Actors come from the statement's words (by the name index, by name alone, as a group such as "the allies"), from the
one addressed, and from what stands before the statement in the article: for "they", "the bloc", "both sides", and for
a threat that names nobody. `selection` chooses among them.
"""

from __future__ import annotations

import bisect
import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from diplotext.stance.groups import word_group, word_tags
from diplotext.stance.issues import Issue
from diplotext.stance.phrases import Token
from diplotext.stance.posture import Posture, cue_table, longest
from diplotext.stance.targets import Named, Speaker, is_own
from diplotext.structure.names import Actor, body_before, given_names, source_nouns, states_before

#: postures that share what they are aimed at.
CLASSES = {
    "accuse": "blame", "criticise": "blame", "demand": "press", "appeal": "press", "threaten": "cost", "warn": "warn",
    "reject": "refuse", "deny": "refuse", "support": "praise", "agree": "meet", "consult": "meet",
    "offer_talks": "meet", "promise": "give", "reassure": "give", "concede": "give", "announce_act": "act",
    "state": "plain",
}  # fmt: skip
#: how far back an article is searched for whom a statement means, in characters, and how many actors are taken.
_REACH, _LATEST = 1200, 3
#: share of the names of states that two states must have for an article to be about their quarrel.
_TWO = 0.7
#: how much of an article tells whom it is about.
_LEAD = 400
#: how far before a mention the word may stand that says what is done to it, and how far after it, in words.
_GOVERNS, _FOLLOWS = 9, 4
_PARAGRAPH = re.compile(r"\n+")
_NAME = re.compile(r"[A-Z][\w’'-]+(?: [A-Z]\.)?(?: (?:de |von |van |bin |al-)?[A-Z][\w’'-]+){1,2}")
_HONOURED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Senator|Governor|Congressman|Congresswoman)\.? ([A-Z][\w’'-]+)")
_PAIR = re.compile(
    r"\b(?:both (?:of them|the )?|(?:the )?two |neither |each |the (?=leaders\b|parties\b|sides\b|presidents\b))"
    r"(?:sides?|leaders?|countries|nations|governments?|presidents|ministers|parties|capitals|states|armies|"
    r"delegations|powers|of them)?\b",
    re.IGNORECASE,
)
_BODY = re.compile(r"\b(?:the|this|our) (bloc|alliance|union)\b", re.IGNORECASE)
_WITH = re.compile(r"\b(?:with|to|met|hosted|welcomed)\b")
_STOPS = ".?!;:"


class Candidate(NamedTuple):
    """One who may be a target: tokens ``[first, last)`` of the statement's words, -1 where not printed there."""

    target_id: str
    name: str
    kind: str
    country: str | None
    first: int
    last: int
    features: frozenset[str]


class Place(NamedTuple):
    """Where an article names an actor."""

    start: int
    actor_id: str
    how: str


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
        Names of people who speak in it and are in no table.
    """

    def __init__(
        self, text: str, headline: str, index: Any, date: dt.date | None, speakers: Iterable[str] = ()
    ) -> None:
        self.text, self.headline, self.index, self.date = text, headline, index, date
        self._speakers = tuple(speakers)

    @cached_property
    def places(self) -> list[Place]:
        """Every actor named, in order."""
        return [Place(m.start, m.actor_id, m.how) for m in self.index.find(self.text, date=self.date)]

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
        """Surname -> full name, of people who are in no table."""
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
        if not others or own < 2 or others[0][1] < 3 or own + others[0][1] < _TWO * total:
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


class Words(NamedTuple):
    """A statement as the search sees it."""

    text: str
    tokens: Sequence[Token]
    words: Sequence[str]
    start: int
    kind: str | None
    speaker: Speaker
    name: str
    delegate: bool
    hits: Sequence[Phrase]


class Phrase(NamedTuple):
    """Words that say what is done: tokens ``[first, last)``, and how they read (a posture, a kind of deed, a topic)."""

    first: int
    last: int
    reads: str


_TOPICS = frozenset(
    ("discuss", "discussed", "discussing", "discusses", "regarding", "talked", "talking", "reviewed", "exchanged",
     "briefed", "updated", "spoke", "speak", "speaks", "spoken", "met", "meet", "meets", "convened", "participants",
     "call", "meeting", "visit", "visited", "travel", "traveled", "travelled", "hosted", "host", "attended")
)  # fmt: skip


def find_phrases(tokens: Sequence[Token], issues: Sequence[Issue]) -> list[Phrase]:
    """Return the phrases of a statement that say what is done or spoken of, in order."""
    words = [token.word for token in tokens]
    table, cues = cue_table("text")
    found = [Phrase(h.first, h.last, cues[h.row].reads) for h in longest(table.find(words))]
    found += [Phrase(i.first, i.last, f"issue {i.issue_id}") for i in issues]
    found += [Phrase(n, n + 1, "topic") for n, word in enumerate(words) if word in _TOPICS]
    return sorted(found)


def is_topical(words: Words) -> bool:
    """Tell a statement that begins as a report of a meeting: what is spoken of there is no target, whoever is met is."""
    first = next((h.reads for h in words.hits if h.reads in CLASSES or h.reads == "topic"), "")
    return first == "topic" and words.delegate


def tell_class(words: Words, posture: Posture) -> str:
    """Return the class of a statement's posture; a meeting where words of meeting stand before all others."""
    return "meet" if is_topical(words) else CLASSES[posture.name]


class _Found:
    """Candidates as they are gathered: one an actor, the features of all its mentions together."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[str, str | None, int, int]] = {}
        self.features: dict[str, set[str]] = {}

    def add(
        self, target_id: str, name: str, country: str | None, first: int, last: int, features: Iterable[str]
    ) -> None:
        known = self.rows.get(target_id)
        if known is None or known[2] < 0 <= first:
            self.rows[target_id] = (name, country, first, last)
        elif first >= 0:
            self.features[target_id].add("repeated")
        self.features.setdefault(target_id, set()).update(features)

    def list(self, kind: str) -> list[Candidate]:
        return [
            Candidate(i, name, kind, country, first, last, frozenset(self.features[i]))
            for i, (name, country, first, last) in self.rows.items()
        ]


def find_actors(
    words: Words,
    named: Sequence[Named],
    addressed: Sequence[Named],
    around: Surroundings,
    posture: Posture,
    conditional: bool,
) -> list[Candidate]:
    """Return every actor that a statement may be aimed at, those in its words first.

    Parameters
    ----------
    words
        The statement.
    named
        Actors that the index finds in its words.
    addressed
        Actors named beside the cue.
    around
        The article.
    posture, conditional
        The rules' judgement, whose deciding words tell near from far.
    """
    found = _Found()
    group = tell_class(words, posture)
    others = {n.actor_id for n in named if n.side == "other"}
    index, date = around.index, around.date
    for n in named:
        if n.actor_id == words.speaker.actor_id:
            continue
        actor = index.look_up(n.actor_id, date)
        place = "named" if n.side == "other" else "own"
        marks = {place, f"{place} {group}", f"{place} {actor.kind}", *_position(words, n, posture, place)}
        if len(others) == 1 and place == "named":
            marks |= {"alone", f"alone {group}"}
        marks |= _beside(n, named, words.words)
        found.add(n.actor_id, n.name, n.country, n.first, n.last, marks)
    taken = {i for n in named for i in range(n.first, n.last)}
    for first, last, name in _people(words, around, taken):
        marks = {"named", f"named {group}", "unlisted", *_position(words, _Span(first, last), posture, "named")}
        found.add(name, name, None, first, last, marks)
        taken |= set(range(first, last))
    for first, last, name in _groups(words):
        if all(i in taken for i in range(first, last)):
            continue
        marks = {"group", f"group {group}", *_position(words, _Span(first, last), posture, "group")}
        if taken & set(range(first, last)):
            marks.add("group holds a name")
        found.add(name, name, None, first, last, marks)
    for n in addressed:
        found.add(n.actor_id, n.name, n.country, -1, -1, {"addressed", f"addressed {group}"})
    _add_from_article(found, words, around, group, bool(others), bool(addressed), conditional)
    return found.list("actor")


class _Span(NamedTuple):
    first: int
    last: int


def _position(words: Words, n: Any, posture: Posture, place: str) -> set[str]:
    """Tell where a mention stands: before and after which words, and whether it is the deciding act's doer."""
    tokens, tags = words.words, word_tags()
    marks = set()
    before = n.first - 1
    while (
        before >= 0
        and (tags.get(tokens[before]) == "determiner" or tokens[before] in _TITLES)
        and tokens[before] not in ("of", "no", "than")
    ):
        before -= 1
    word = tokens[before] if before >= 0 else "."
    after = tokens[n.last] if n.last < len(tokens) else "."
    if before < 0 or word[0] in _STOPS or word in word_group("conjunction") or word in ("that", "because", ",", "if"):
        marks.add(f"{place} opens")
    if before < 0:
        marks.add(f"{place} opens statement")
    if word in _PREPOSITIONS:
        marks.add(f"{place} after {word}")
    elif tags.get(word) == "preposition":
        marks.add(f"{place} after preposition")
    elif before >= 0 and not tags.get(word) and word[0].isalpha():
        marks.add(f"{place} after word")
    tag = tags.get(after, "")
    if tag in ("be", "have", "do", "future", "possible", "obligation", "not"):
        marks |= {f"{place} before auxiliary", f"{place} before {tag}"}
    elif after == "to":
        marks.add(f"{place} before to")
    elif after in ("and", ","):
        marks.add(f"{place} before comma")
    elif after[0].isalpha() and not tag:
        marks.add(f"{place} before word")
    if words.tokens[n.last - 1].word != "" and words.text[
        words.tokens[n.last - 1].start : words.tokens[n.last - 1].end
    ].endswith(("’s", "'s", "s’", "s'")):
        marks.add(f"{place} possessive")
    decided = posture.decided_by
    group = tell_class(words, posture)
    if decided is not None and decided.first >= 0:
        if n.first <= decided.agent_at < n.last:
            marks |= {f"{place} doer", f"{place} doer {group}"}
        stopped = any(w[0] in _STOPS for w in tokens[min(n.last, decided.first) : max(n.first, decided.first)])
        side = "after" if n.first >= decided.first else "before"
        marks.add(f"{place} {side} act" + (", apart" if stopped else ""))
        if not stopped and side == "after" and n.first - decided.last <= 3:
            marks.add(f"{place} right after act")
    elif decided is not None:
        marks.add(f"{place} cue decides")
        if n.first <= 1:
            marks |= {f"{place} follows cue", f"{place} follows cue {group}"}
    return marks | _governed(words, n, place)


def _governed(words: Words, n: Any, place: str) -> set[str]:
    """Tell what the phrases say that stand nearest before and after a mention: "after support", "before harm"."""
    marks = set()
    before = after = None
    scope = "none"
    for hit in words.hits:
        if hit.last <= n.first and hit.reads in CLASSES | {"topic": ""} and hit.reads != "state":
            scope = CLASSES.get(hit.reads, hit.reads)
        if hit.last <= n.first and n.first - hit.last < _GOVERNS:
            before = hit if before is None or hit.last >= before.last else before
        elif hit.first >= n.last and hit.first - n.last < _FOLLOWS and after is None:
            after = hit
        elif hit.first < n.last and n.first < hit.last:
            marks.add(f"{place} inside {hit.reads}")
    if before is not None and not any(w[0] in _STOPS for w in words.words[before.last : n.first]):
        marks.add(f"{place} after {before.reads}")
    if after is not None and not any(w[0] in _STOPS for w in words.words[n.last : after.first]):
        marks.add(f"{place} before {after.reads}")
    if is_topical(words):
        marks.add(f"{place} topical")
        if scope == "topic":
            met = words.words[n.first - 1 : n.first] == ["with"] or _met(words, n.first)
            marks.add(f"{place} topical, " + ("met" if met else "spoken of"))
    return marks | {f"{place} in scope of {scope}"}


def _met(words: Words, first: int) -> bool:
    """Tell whether only titles stand between "with", "included" or "welcomed" and a mention."""
    at = first - 1
    while (
        at > 0
        and first - at < _GOVERNS
        and (
            words.words[at] in _TITLES
            or words.text[words.tokens[at].start].isupper()
            or words.words[at] in ("the", "of", "and", ",")
        )
    ):
        at -= 1
    return words.words[at] in (
        "with",
        "included",
        "include",
        "welcoming",
        "welcome",
        "hosted",
        "host",
        "met",
        "briefed",
        "updated",
        "visited",
    )


_PREPOSITIONS = frozenset(("of", "with", "to", "for", "from", "by", "in", "on", "against", "between", "and", "at"))
_TITLES = frozenset(
    ("president", "prime", "minister", "foreign", "chancellor", "secretary", "senator", "mr", "mrs", "ms", "king",
     "general", "leader", "defense", "defence", "secretary-general", "premier", "dr", "ambassador")
)  # fmt: skip


def _beside(n: Named, named: Sequence[Named], words: Sequence[str]) -> set[str]:
    """Tell a state that only says whose official somebody is: "Prime Minister Toran of Marvania"."""
    marks = set()
    for other in named:
        if other is n:
            continue
        between = words[other.last : n.first] if other.last <= n.first else words[n.last : other.first]
        if len(between) > 4 or any(w[0] in _STOPS for w in between):
            continue
        if other.last <= n.first and list(between[-2:]) in (["of"], ["of", "the"]) and len(between) <= 2:
            marks.add("belongs")
        elif n.last <= other.first and len(between) <= 3 and not set(between) & {"and", ",", "of", "with", "to"}:
            marks.add("modifies")
        elif set(between) & {"and", ","}:
            marks.add("in a list")
    return marks


def _people(words: Words, around: Surroundings, taken: set[int]) -> list[tuple[int, int, str]]:
    """Return people that no table knows: tokens ``[first, last)`` and the fullest name printed in the article."""
    known = around.people
    if not known:
        return []
    found = []
    tokens = words.tokens
    i = 0
    while i < len(tokens):
        printed = words.text[tokens[i].start : tokens[i].end].removesuffix("’s").removesuffix("'s")
        if i not in taken and printed[:1].isupper() and printed in known:
            name = known[printed]
            first = i
            while first and words.text[tokens[first - 1].start : tokens[first - 1].end] in name.split()[:-1]:
                first -= 1
            if name != words.name:
                found.append((first, i + 1, name))
        i += 1
    return found


def _groups(words: Words) -> list[tuple[int, int, str]]:
    """Return groups named by what they are: tokens ``[first, last)`` and the printed words without article."""
    found = []
    tokens, tags = words.tokens, word_tags()
    i = 0
    while i < len(tokens):
        word = tokens[i].word
        if not _is_group(word):
            i += 1
            continue
        first, last = i, i + 1
        while first and _modifies(words, first - 1, tags):
            first -= 1
        if last + 1 < len(tokens) and tokens[last].word == "and" and _is_group(tokens[last + 1].word):
            last += 2
        printed = " ".join(words.text[tokens[first].start : tokens[last - 1].end].split())
        found.append((first, last, printed.removesuffix("’s").removesuffix("'s").removesuffix("’")))
        i = last
    return found


def _is_group(word: str) -> bool:
    kind = source_nouns().get(word, ("", ""))[0]
    return word.endswith(("s", "people")) and kind in ("collective", "anonymous") and word not in _NO_GROUPS


_NO_GROUPS = frozenset(
    ("others", "sides", "participants", "voices", "sources", "countries", "nations", "states", "powers", "parties",
     "hundreds", "thousands", "millions", "dozens", "followers", "handful", "rivals", "witnesses", "victims",
     "governments", "groups", "generals", "persons", "figures", "delegations", "relatives", "authorities", "troops")
)  # fmt: skip


def _modifies(words: Words, i: int, tags: Mapping[str, str]) -> bool:
    token = words.tokens[i]
    following = words.tokens[i + 1]
    printed = words.text[token.start : token.end]
    if words.text[token.end : following.start].strip():
        return False
    sure = printed[:1].isupper() and not tags.get(token.word)
    return sure or token.word in ("senior", "european", "western", "foreign", "illegal", "transatlantic", "eastern")


def _add_from_article(
    found: _Found,
    words: Words,
    around: Surroundings,
    group: str,
    named: bool,
    addressed: bool,
    conditional: bool,
) -> None:
    """Add the actors that stand before the statement, with what speaks for each of them."""
    low = set(words.words)
    pronouns = {
        "person": bool(low & {"he", "she", "him", "her", "his", "hers"}),
        "thing": bool(low & {"it", "its"}), "plural": bool(low & {"they", "them", "their", "theirs", "those"}),
        "you": bool(low & {"you", "your"}),
    }  # fmt: skip
    if words.kind in ("indirect", "mixed") and words.words and words.words[0] in ("that", "he", "she", "they", "it"):
        pronouns["person"] = False  # most likely the speaker
    index, date, speaker = around.index, around.date, words.speaker
    paragraph = around.paragraph(words.start)
    sentence = max(around.text.rfind(mark, 0, words.start) for mark in (". ", "\n", "? ", "! ", ".” ", '." ')) + 1
    seen: list[str] = []
    where: dict[str, int] = {}
    for place in around.before(words.start):
        if place.actor_id in seen or place.actor_id == speaker.actor_id:
            continue
        actor = index.look_up(place.actor_id, date)
        if is_own(actor, speaker) or actor.name == words.name:
            continue
        seen.append(place.actor_id)
        where[place.actor_id] = place.start
        if len(seen) >= _LATEST:
            break
    leading = [a for a in around.leading if not is_own(index.look_up(a, date), speaker) and a != speaker.actor_id]
    counted = [
        a for a, _ in around.counts.most_common(6)
        if a != speaker.actor_id and not is_own(index.look_up(a, date), speaker)
    ]  # fmt: skip
    most = counted[0] if counted else None
    counterpart, called = next(
        (
            (a, n)
            for a, n in around.met
            if n != words.name and not (a in index and is_own(index.look_up(a, date), speaker))
        ),
        (None, ""),
    )
    readout = words.delegate and not (low & {"we", "our", "us", "i"})
    rival = around.rival(speaker) if words.kind != "speech" else None
    pair: list[str] = []
    if _PAIR.search(words.text):
        pair = states_before(index, around.text, words.start, date)
    body = _BODY.search(words.text)
    bodies = [body_before(index, around.text, words.start, body.group(1).lower(), date)] if body else []
    bodies = [b for b in bodies if b]
    for number, actor_id in enumerate(
        dict.fromkeys([*seen, *leading, *counted[:1], *pair, *bodies, *([counterpart] if counterpart else [])])
    ):
        if actor_id in index:
            actor = index.look_up(actor_id, date)
        else:
            actor = Actor(actor_id, called, "person", None, None, None)
        if actor.sector == "media" or actor.name == words.name or actor_id == speaker.actor_id:
            continue
        inside = actor_id in found.rows and found.rows[actor_id][2] >= 0
        tag = "again" if inside else "before"
        marks = {f"{tag}"}
        if not inside:
            marks |= {f"before {group}", f"before {actor.kind}"}
            if named:
                marks |= {"before, others named", f"before {group}, others named"}
            if addressed:
                marks.add("before, others addressed")
            if conditional:
                marks.add("before conditional")
            if words.words and words.words[-1] == "?":
                marks.add("before question")
        if actor_id in seen:
            at = where[actor_id]
            marks.add(f"{tag} latest" if seen[0] == actor_id else f"{tag} recent")
            marks.add(
                f"{tag} in sentence" if at >= sentence else f"{tag} in paragraph" if at >= paragraph else f"{tag} far"
            )
        if actor_id in leading:
            marks |= {f"{tag} leading", f"{tag} leading {group}"}
        if actor_id == counterpart:
            marks |= {f"{tag} counterpart", f"{tag} counterpart {group}"}
            if is_topical(words):
                marks.add(f"{tag} counterpart, topical")
            if readout:
                marks |= {f"{tag} counterpart in readout", f"{tag} counterpart in readout {group}"}
                if low & {"they", "leaders", "sides", "two"}:
                    marks |= {f"{tag} counterpart, they", f"{tag} counterpart, they {group}"}
        if actor_id == most:
            marks |= {f"{tag} most named", f"{tag} most named {group}"}
        if actor_id == rival and not inside and not named and not addressed:
            marks.add(f"rival {group}")
        if actor_id in pair:
            marks |= {"one of two", f"one of two {group}"}
        if actor_id in bodies:
            marks.add("body named")
        if not inside:
            if pronouns["you"]:
                marks.add("before you")
            if pronouns["person"] and actor.kind == "person":
                marks.add("before he" + (", latest" if seen[:1] == [actor_id] else ""))
            if pronouns["plural"]:
                marks.add("before they" + (", latest" if seen[:1] == [actor_id] else ""))
            if pronouns["thing"] and actor.kind != "person":
                marks.add("before it" + (", latest" if seen[:1] == [actor_id] else ""))
            if words.delegate:
                marks.add("before readout")
                if low & {"they", "leaders", "sides"}:
                    marks |= {"before readout they", f"before readout they {group}"}
        found.add(actor_id, actor.name, actor.country, -1, -1, marks)


def _is_person(index: Any, actor_id: str, date: dt.date | None) -> bool:
    return bool(index.look_up(actor_id, date).kind == "person")


def find_issues(words: Words, issues: Sequence[Issue], posture: Posture, conditional: bool) -> list[Candidate]:
    """Return the issues found in a statement as candidates."""
    found = []
    group = tell_class(words, posture)
    for number, issue in enumerate(issues):
        marks = {"issue", f"issue {group}", f"issue {issue.issue_id}", *_position(words, issue, posture, "issue")}
        if issue.last - issue.first > 1:
            marks.add("issue of several words")
        if number == 0:
            marks.add("issue first")
        if len(issues) == 1:
            marks.add("issue alone")
        if conditional:
            marks.add("issue conditional")
        if words.words and words.words[-1] == "?":
            marks.add("issue question")
        found.append(Candidate(issue.issue_id, issue.name, "issue", None, issue.first, issue.last, frozenset(marks)))
    return found
