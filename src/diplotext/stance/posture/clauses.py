"""Clauses: who acts, when, and whether it is denied, read in one pass over the words.

No parser: a small machine that walks from left to right and keeps the subject, the auxiliaries and the conjunction of
the clause that it is in (words: `clause_words.csv`). It resolves a pronoun to the nearest name only, and it reads an
inverted or deeply nested clause wrongly at times; the postures that it feeds are a baseline.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from diplotext.stance.phrases import Hit
from diplotext.stance.posture.groups import word_group, word_tags

_STOPS = ".?!;…"
_MARKS = ",:—–()"
_BREAKS = _STOPS + _MARKS
_NOBODY = ("none", -1)
_MODALS = frozenset(("future", "possible", "obligation"))
_GOVERNING = frozenset(("plan", "offer", "refuse"))
_LIGHT = frozenset(("carry", "adverb", "preposition", "determiner"))


class Frame(NamedTuple):
    """How one phrase stands in its clause.

    `agent` is own, other, they, thing or none; `agent_at` its token (or -1); `time` is future, possible, ready,
    offered, obligation, past, present, infinitive, ing or imperative; `inside_if` tells that the clause is a condition;
    `unreal` that it is what would or might be; `aside` that it stands in a relative or temporal clause.
    """

    hit: Hit
    agent: str
    agent_at: int
    time: str
    negated: bool
    inside_if: bool
    unreal: bool
    aside: bool


class _Machine:
    """The clause being read: its subject, the noun that may become the next subject, and the open verb group."""

    def __init__(self, words: Sequence[str], sides: Mapping[int, str], indirect: bool, home: bool) -> None:
        self.words, self.sides, self.indirect, self.home = words, sides, indirect, home
        known = word_tags()
        self.tags = [known.get(word, "") for word in words]
        for i in sides:
            self.tags[i] = "name"
        self.named = ("own", -1) if indirect else _NOBODY  # the last actor named, for pronouns and relatives
        self.start_clause()

    # -- state ---------------------------------------------------------------------------------------------------

    def start_clause(self, *, inside_if: bool = False, at: int = 0) -> None:
        self.subject = self.pending = _NOBODY
        self.start_group("")
        self.open = self.seen = self.aside = False  # a verb group is open; a finite verb has been seen
        self.inside_if, self.since, self.joint = inside_if, at, ""

    def start_group(self, time: str) -> None:
        self.time, self.negated, self.unreal, self.auxiliary = time, False, False, ""

    def take_subject(self) -> None:
        if self.pending != _NOBODY:
            self.subject, self.pending = self.pending, _NOBODY
        elif self.subject == _NOBODY and self.named[0] == "own":
            self.subject = self.named

    def tag(self, i: int) -> str:
        return self.tags[i] if 0 <= i < len(self.tags) else ""

    def word(self, i: int) -> str:
        return self.words[i] if 0 <= i < len(self.words) else "."

    # -- reading -------------------------------------------------------------------------------------------------

    def read(self, i: int) -> None:
        """Take in word number `i`, which begins no phrase."""
        word, tag = self.words[i], self.tags[i]
        if tag in _LIGHT and word not in ("to", "no"):
            return
        if not tag and word[0] not in _BREAKS:
            self._content(i, word, tag)
        elif word[0] in _STOPS:
            self.start_clause()
        elif word[0] in _MARKS:
            if self.inside_if and (self.seen or i - self.since > 2):
                self.start_clause()
            self.pending, self.open, self.aside = _NOBODY, self.open and word == ",", False
        elif tag == "if" or (word in ("should", "were") and self._opens_condition(i)):
            self.start_clause(inside_if=True, at=i)
        elif tag in _MODALS:
            self.take_subject()
            self.start_group(tag)
            self.unreal = word in word_group("unreal") or (word == "would" and not self.indirect)
            self.open = self.seen = True
        elif tag in ("be", "have", "do"):
            self._auxiliary(tag, word)
        elif tag in ("name", "own subject", "own"):
            self._name(i, tag)
        elif tag in _GOVERNING:
            self.govern(i, tag)
        elif tag in _READERS:
            _READERS[tag](self, i)
        elif word == "no" and self.word(i + 1) == "longer":
            self._not(i)
        elif word == "to" and self.auxiliary == "have" and self.open and self.tag(i - 1) == "have":
            self.time, self.auxiliary = "obligation", ""
        elif tag not in _LIGHT:
            self._content(i, word, tag)

    def _content(self, i: int, word: str, tag: str) -> None:
        """Take in a word that is no function word: it ends the verb group, and may be the next subject."""
        if not word.endswith("ly"):
            self.open = False
            if tag == "thing" or self.pending == _NOBODY:
                ours = self.joint == "own" and self.pending == _NOBODY  # "Ostrel and its allies will"
                self.pending = ("own" if ours else "thing", i)

    def _subordinate(self, i: int) -> None:
        if not (self.open and self.words[i] == "as"):
            subject, inside = self.subject, self.inside_if
            self.start_clause(inside_if=inside, at=i)
            self.subject, self.aside = subject, self.words[i] in word_group("aside")

    def _not(self, i: int) -> None:
        if not self.open:
            self.take_subject()
            self.start_group("")
            self.open = True
        self.negated = True

    def _office(self, i: int) -> None:
        """Read "the president" as the speaker's own, where no other state's name stands by."""
        foreign = "name" in (self.tag(i - 1), self.tag(i + 1)) or self.word(i + 1) == "of"
        if self.home and not foreign and self.pending[0] in ("none", "thing"):
            if self.tag(i - 2) != "preposition":
                self.pending = self.named = ("own", i)
        elif self.pending == _NOBODY:
            self.pending = ("thing", i)
        self.open = False

    def _pronoun(self, i: int) -> None:
        word = self.words[i]
        if word == "you":
            self.pending = ("other", i)
        elif self.named != _NOBODY:
            self.pending = self.named
        else:
            self.pending = ("thing" if word == "it" else "they", i)
        self.open = False

    def _relative(self, i: int) -> None:
        if self.words[i] == "that":
            if self.seen or self.pending[0] in ("own", "other"):  # a new clause: "we believe that ..."
                self.subject = self.pending = _NOBODY
        else:
            self.pending, self.aside = self.named if self.named != _NOBODY else ("they", i), True
        self.open = False

    def _conjunction(self, i: int) -> None:
        self.joint, self.pending = (self.pending[0] if self.words[i] == "and" else ""), _NOBODY

    def _ready(self, i: int) -> None:
        if self.open:
            self.time = "ready"

    def _need(self, i: int) -> None:
        if self.word(i + 1) == "to":
            self.take_subject()
            negated = self.open and self.negated
            self.start_group("obligation")
            self.open, self.seen, self.negated = True, True, negated

    def _name(self, i: int, tag: str) -> None:
        before = i - 1
        while before >= 0 and (self.tags[before] in ("name", "own") or self._determines(before)):
            before -= 1
        self.open = False
        self.named = (self.sides.get(i, "own"), i)
        if tag == "own subject" or self.tag(before) != "preposition":
            # "Ostrel and Pelenne have agreed": joint subjects act for the speaker's side too
            joint = self.joint == "own" and self.word(before) == "and"
            self.pending = ("own", i) if joint else self.named

    def _determines(self, i: int) -> bool:
        return self.tags[i] == "determiner" and self.words[i] != "of"

    def _auxiliary(self, tag: str, word: str) -> None:
        if self.open and (self.time or self.auxiliary):  # "will be", "has been", "would have"
            self.auxiliary = "be" if tag == "be" else "have"
            return
        negated = self.open and self.negated
        self.take_subject()
        self.start_group("past" if tag == "have" or word in word_group("past") else "present")
        self.negated, self.auxiliary = negated, tag
        self.open = self.seen = True

    def govern(self, i: int, tag: str) -> None:
        """Take in a verb that governs another: "plans to", "refused to"."""
        negated = self.open and self.negated
        if self.tag(i - 1) == "determiner":  # a noun: only "no plans to" says what will be done
            if self.word(i - 1) != "no":
                return
            negated = True
        elif not self.open:
            self.take_subject()
        if self.word(i + 1) not in ("to", "not") and self.words[i] not in ("going", "about"):
            self.open, self.seen, self.pending = False, True, _NOBODY
            return
        self.start_group("offered" if tag == "offer" else "future")
        self.open, self.seen = True, True
        self.negated = negated != (tag == "refuse")

    def _opens_condition(self, i: int) -> bool:
        """Tell an inverted "should they attack" from "they should attack": a mark or nothing stands before it."""
        before, after = self.word(i - 1), self.word(i + 1)
        alone = before[0] in _BREAKS or before in ("and", "that")
        trailing = self.words[i] == "should" and not self.open and self.seen and self.pending[0] == "thing"
        return (alone or trailing) and after[0] not in _BREAKS and self.tag(i + 1) != "be"

    # -- phrases -------------------------------------------------------------------------------------------------

    def frame(self, hit: Hit, i: int) -> Frame:
        """Return how the phrase that begins at word `i` stands."""
        agent, time, negated = self.subject, self.time, self.negated
        done = hit.form in ("past", "part")
        if not hit.form:  # a fixed expression takes the clause as it is
            agent = self.pending if self.pending != _NOBODY and not self.open else agent
            return self._make(hit, agent, time or "present", negated and self.open)
        if self.open:
            agent = self._by(i) if done and self.auxiliary == "be" else agent
            return self._make(hit, agent, time or ("past" if done else "present"), negated)
        if hit.form == "ing":
            agent = self.pending if self.pending[0] in ("own", "other") else self._nearest(i)
            return self._make(hit, agent, "ing", self.word(i - 1) in ("not", "without"))
        if self.word(i - 1) == "to":
            agent = self.pending if self.pending[0] not in ("none", "thing") else agent
            return self._make(hit, ("own", -1) if agent == _NOBODY and i == 1 else agent, "infinitive", False)
        joined = self.tag(i - 1) == "conjunction" or self.word(i - 1) == ","
        if self.pending == _NOBODY and joined and self.time:  # "will cut ties and expel": one group for two verbs
            return self._make(hit, agent, time, negated)
        agent = self.pending if self.pending != _NOBODY else agent
        if agent == _NOBODY and hit.form == "base":
            return self._make(hit, agent, "imperative", negated)
        if hit.form == "part" and agent[0] == "thing":
            agent = self._by(i)
        return self._make(hit, agent, "past" if done else "present", False)

    def _make(self, hit: Hit, agent: tuple[str, int], time: str, negated: bool) -> Frame:
        unreal, aside = self.unreal and self.open, self.aside or time == "ing"
        return Frame(hit, agent[0], agent[1], time, negated, self.inside_if, unreal, aside)

    def close(self, hit: Hit) -> None:
        """Leave the verb group after a verb."""
        if not self.open and self.word(hit.first - 1) != "to" and hit.form != "ing":
            self.take_subject()
            self.time, self.negated = "", False
        self.seen = self.seen or hit.form != "ing"
        self.open, self.pending, self.auxiliary = False, _NOBODY, ""

    def _by(self, i: int) -> tuple[str, int]:
        """Return the agent of a passive: the actor after "by", if one stands near."""
        for j in range(i + 1, min(i + 7, len(self.words))):
            if self.words[j] == "by":
                near = (k for k in range(j + 1, min(j + 6, len(self.words))) if self.tags[k] in ("name", "own"))
                k = next(near, None)
                return _NOBODY if k is None else (self.sides.get(k, "own"), k)
        return _NOBODY

    def _nearest(self, i: int) -> tuple[str, int]:
        """Return the actor named nearest before word `i` in the sentence, else the subject."""
        for j in range(i - 1, max(-1, i - 6), -1):
            if j in self.sides:
                return self.sides[j], j
            if self.words[j][0] in _STOPS:
                break
        return self.subject

    def is_noun(self, hit: Hit) -> bool:
        """Tell "the attack", "their support" and "the detained crew" from verbs of the same form."""
        i = hit.first - 1
        if i < 0 or hit.form in ("ing", ""):
            return False
        if self.tags[i] == "determiner" or self.words[i] in word_group("noun marker"):
            return True
        if hit.form not in ("base", "s"):
            return False
        if self.tags[i] == "preposition":
            return self.words[i] != "to"
        if self.words[i] in ("our", "my"):
            return True
        if hit.form != "base" or self.tags[i] != "name":
            return False
        near = range(max(0, i - 3), i + 1)
        return not any(self.tags[j] in _MODALS or self.tags[j] == "do" or self.words[j] == "let" for j in near)


_READERS: dict[str, Callable[[_Machine, int], None]] = {
    "subordinate": _Machine._subordinate,
    "not": _Machine._not,
    "home": _Machine._office,
    "third": _Machine._pronoun,
    "relative": _Machine._relative,
    "conjunction": _Machine._conjunction,
    "ready": _Machine._ready,
    "need": _Machine._need,
}


def read_frames(
    words: Sequence[str], hits: Sequence[Hit], sides: Mapping[int, str], *, indirect: bool = False, home: bool = False
) -> list[Frame]:
    """Return the frame of each hit, in the order of the words; nouns that look like verbs have none.

    Parameters
    ----------
    words
        The words of the statement, in lower case, marks included.
    hits
        Phrases found in them.
    sides
        Token number -> ``own`` or ``other`` for each token that names an actor.
    indirect
        True where the words are reported: a first "he", "she", "it" or "they" is then the speaker, and "would" is a
        reported "will".
    home
        True where "the president" or "the government" is the speaker's own.
    """
    machine = _Machine(words, sides, indirect, home)
    by_first: dict[int, list[Hit]] = {}
    for hit in hits:
        if not machine.is_noun(hit):
            by_first.setdefault(hit.first, []).append(hit)
    frames: list[Frame] = []
    for i, tag in enumerate(machine.tags):
        verb: Hit | None = None
        for hit in by_first.get(i, ()):
            frames.append(machine.frame(hit, i))
            verb = verb or (hit if hit.form else None)
        if verb is None or tag == "name":
            machine.read(i)
        elif tag in _GOVERNING:
            machine.govern(i, tag)
        else:
            machine.close(verb)
    return frames
