"""Candidates: everybody and everything that one statement may be aimed at, with what tells a target from a mention.

Actors come from the statement's words (by the name index, by name alone, by office, as a group such as "the allies"),
from the one addressed, and from what stands before the statement in the article (`earlier`). `selection` chooses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from diplotext.names import Actor, office_of, offices, source_nouns
from diplotext.stance.earlier import add_from_article
from diplotext.stance.gathered import Candidate, Gathered
from diplotext.stance.groups import word_group, word_tags
from diplotext.stance.issues import Issue
from diplotext.stance.marks import mark_neighbours, mark_position
from diplotext.stance.posture import Posture
from diplotext.stance.surroundings import Surroundings
from diplotext.stance.targets import Named, is_own
from diplotext.stance.words import Words, tell_class

#: nouns that mean the speaker's own state where it has no name.
_GOVERNMENTS = frozenset(("government", "administration", "ministry", "cabinet"))


class _Span(NamedTuple):
    first: int
    last: int


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
    found = Gathered()
    group = tell_class(words, posture)
    others = {n.actor_id for n in named if n.side == "other"}
    index, date = around.index, around.date
    for n in named:
        if n.actor_id == words.speaker.actor_id:
            continue
        actor = index.look_up(n.actor_id, date)
        place = "named" if n.side == "other" else "own"
        marks = {place, f"{place} {group}", f"{place} {actor.kind}", *mark_position(words, n, posture, place)}
        if len(others) == 1 and place == "named":
            marks |= {"alone", f"alone {group}"}
        marks |= mark_neighbours(n, named, words.words)
        found.add(n.actor_id, n.name, n.country, n.first, n.last, marks)
    taken = {i for n in named for i in range(n.first, n.last)}
    for first, last, name in _people(words, around, taken):
        known = index.name(name, date)
        actor = index.look_up(known.actor_id, date) if known else Actor(name, name, "person", None, None, None)
        place = "own" if is_own(actor, words.speaker) else "named"
        marks = {place, f"{place} {group}", *mark_position(words, _Span(first, last), posture, place)}
        marks |= {f"{place} person"} if known else {"unlisted"}
        found.add(actor.actor_id, actor.name, actor.country, first, last, marks)
        taken |= set(range(first, last))
    for first, last, actor, how in _offices(words, around, taken):
        marks = {"named", f"named {group}", "named person", f"by {how}"}
        marks |= mark_position(words, _Span(first, last), posture, "named")
        found.add(actor.actor_id, actor.name, actor.country, first, last, marks)
        taken |= set(range(first, last))
    for first, last, name in _groups(words):
        if all(i in taken for i in range(first, last)):
            continue
        marks = {"group", f"group {group}", *mark_position(words, _Span(first, last), posture, "group")}
        if taken & set(range(first, last)):
            marks.add("group holds a name")
        found.add(name, name, None, first, last, marks)
    for n in addressed:
        found.add(n.actor_id, n.name, n.country, -1, -1, {"addressed", f"addressed {group}"})
    add_from_article(found, words, around, group, conditional, bool(others), bool(addressed))
    return found.list("actor")


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


def _offices(words: Words, around: Surroundings, taken: set[int]) -> list[tuple[int, int, Actor, str]]:
    """Return who is meant by "the Chancellor" and "the government": tokens ``[first, last)``, the actor, and how.

    Somebody of that office who was named before (``office``); else, for speakers without power, their own state and
    its head (``home``).
    """
    index, date, speaker = around.index, around.date, words.speaker
    outside = speaker.sector not in ("government", "military", None)
    found: list[tuple[int, int, Actor, str]] = []
    tokens = words.words
    for i in range(1, len(tokens)):
        if tokens[i - 1] not in ("the", "mr", "madam") or i in taken or (i + 1) in taken or (i + 2) in taken:
            continue
        ends = (k for k in (i + 3, i + 2, i + 1) if k <= len(tokens))
        last = next((k for k in ends if " ".join(tokens[i:k]) in offices()), 0)
        if last and tokens[last : last + 1] not in (["of"], ["for"]):
            office = offices()[" ".join(tokens[i:last])]
            holder = next((a for a in _office_holders(around, words, office) if a.actor_id != speaker.actor_id), None)
            if holder is not None:
                how = "home" if is_own(holder, speaker) or holder.country == speaker.country else "office"
                if how == "office" or outside:
                    found.append((i, last, holder, how))
        elif outside and tokens[i] in _GOVERNMENTS and tokens[i + 1 : i + 2] != ["of"] and speaker.country in index:
            found.append((i, i + 1, index.look_up(speaker.country, date), "home"))
    return found


def _office_holders(around: Surroundings, words: Words, office: str) -> Iterator[Actor]:
    """Yield who holds an office: the latest named before, then those of the lead, then the speaker's own state's."""
    index, date, country = around.index, around.date, words.speaker.country
    for actor_id in (*(place.actor_id for place in around.before(words.start)), *around.leading):
        actor = index.look_up(actor_id, date)
        if actor.kind == "person" and actor.role and office_of(actor.role) == office:
            yield actor
    holder = index.holder(country, office, date) if country else None
    if holder:
        yield index.look_up(holder, date)


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
    if word in word_group("group noun"):
        return True
    return word.endswith(("s", "people")) and kind in ("collective", "anonymous") and word not in word_group("no group")


def _modifies(words: Words, i: int, tags: Mapping[str, str]) -> bool:
    token = words.tokens[i]
    following = words.tokens[i + 1]
    printed = words.text[token.start : token.end]
    if words.text[token.end : following.start].strip():
        return False
    sure = printed[:1].isupper() and not tags.get(token.word)
    return sure or token.word in word_group("group adjective")


def find_issues(words: Words, issues: Sequence[Issue], posture: Posture, conditional: bool) -> list[Candidate]:
    """Return the issues found in a statement as candidates."""
    found = []
    group = tell_class(words, posture)
    for number, issue in enumerate(issues):
        marks = {"issue", f"issue {group}", f"issue {issue.issue_id}", *mark_position(words, issue, posture, "issue")}
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
