"""Marks: what the words around a mention tell of whether the statement is aimed at it.

A mark is a feature of `target_weights.csv`; those without a weight there count nothing. It begins with how the
mention is a candidate: ``named``, ``own`` (of the speaker's side), ``group`` or ``issue``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from diplotext.stance.groups import word_group, word_tags
from diplotext.stance.posture import Posture
from diplotext.stance.targets import Named
from diplotext.stance.words import CLASSES, Words, is_stopped, is_topical, tell_class

#: how far before a mention the phrase may stand that says what is done to it, and how far after it, in words.
_GOVERNS, _FOLLOWS = 9, 4
#: prepositions that have a mark of their own.
_SPECIAL = frozenset(("of", "with", "to", "for", "from", "by", "in", "on", "against", "between", "and", "at"))


class Printed(Protocol):
    """Whatever stands at tokens ``[first, last)`` of a statement."""

    @property
    def first(self) -> int:
        """The first token."""
        ...

    @property
    def last(self) -> int:
        """The token after the last."""
        ...


def mark_position(words: Words, n: Printed, posture: Posture, place: str) -> set[str]:
    """Tell where a mention stands: before and after which words, and whether it is the deciding act's doer."""
    tokens, tags = words.words, word_tags()
    marks = set()
    before = n.first - 1
    while (
        before >= 0
        and (tags.get(tokens[before]) == "determiner" or tokens[before] in word_group("title word"))
        and tokens[before] not in ("of", "no", "than")
    ):
        before -= 1
    word = tokens[before] if before >= 0 else "."
    after = tokens[n.last] if n.last < len(tokens) else "."
    if before < 0 or is_stopped([word]) or word in word_group("conjunction") or word in ("that", "because", ",", "if"):
        marks.add(f"{place} opens")
    if before < 0:
        marks.add(f"{place} opens statement")
    if word in _SPECIAL:
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
    if words.text[: words.tokens[n.last - 1].end].endswith(("’s", "'s", "s’", "s'")):
        marks.add(f"{place} possessive")
    decided = posture.decided_by
    group = tell_class(words, posture)
    if decided is not None and decided.first >= 0:
        if n.first <= decided.agent_at < n.last:
            marks |= {f"{place} doer", f"{place} doer {group}"}
        stopped = is_stopped(tokens[min(n.last, decided.first) : max(n.first, decided.first)])
        side = "after" if n.first >= decided.first else "before"
        marks.add(f"{place} {side} act" + (", apart" if stopped else ""))
        if not stopped and side == "after" and n.first - decided.last <= 3:
            marks.add(f"{place} right after act")
    elif decided is not None:
        marks.add(f"{place} cue decides")
        if n.first <= 1:
            marks |= {f"{place} follows cue", f"{place} follows cue {group}"}
    return marks | _governed(words, n, place)


def _governed(words: Words, n: Printed, place: str) -> set[str]:
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
    if before is not None and not is_stopped(words.words[before.last : n.first]):
        marks.add(f"{place} after {before.reads}")
    if after is not None and not is_stopped(words.words[n.last : after.first]):
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
            words.words[at] in word_group("title word")
            or words.text[words.tokens[at].start].isupper()
            or words.words[at] in ("the", "of", "and", ",")
        )
    ):
        at -= 1
    return words.words[at] in word_group("met")


def mark_neighbours(n: Named, named: Sequence[Named], words: Sequence[str]) -> set[str]:
    """Tell a state that only says whose official somebody is: "Prime Minister Toran of Marvania"."""
    marks = set()
    for other in named:
        if other is n:
            continue
        between = words[other.last : n.first] if other.last <= n.first else words[n.last : other.first]
        if len(between) > 4 or is_stopped(between):
            continue
        if other.last <= n.first and list(between[-2:]) in (["of"], ["of", "the"]) and len(between) <= 2:
            marks.add("belongs")
        elif n.last <= other.first and len(between) <= 3 and not set(between) & {"and", ",", "of", "with", "to"}:
            marks.add("modifies")
        elif set(between) & {"and", ","}:
            marks.add("in a list")
    return marks
