"""Cues: the words that report speech, belief, attitude and intention, with what each can govern."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from diplotext.language import inflect, undo_contraction
from diplotext.quotes.tokens import Tagged, words
from diplotext.schema import read_rows

FRAMES = ("that", "clause", "quote", "after", "person", "wh", "to", "object", "as")


class Entry(NamedTuple):
    """One cue: the words that follow its head word, and frame → cue_kind."""

    cue: str
    word_class: str
    rest: tuple[str, ...]
    frames: dict[str, str]


class Match(NamedTuple):
    """Entries of one word class that fit at a token, the longest first; `end` is one past the longest's last token."""

    entry: Entry
    end: int


@cache
def load_cues() -> dict[str, list[Entry]]:
    """Return first word → entries, the longest first and of these verbs first, from resources/cues.csv."""
    frames: dict[tuple[str, str], dict[str, str]] = {}
    for row in read_rows("cues.csv"):
        for frame in row["frames"].split():
            frames.setdefault((row["cue"], row["word_class"]), {}).setdefault(frame, row["cue_kind"])
    index: dict[str, list[Entry]] = {}
    for (cue, word_class), allowed in frames.items():
        head, *rest = cue.split()
        spellings = [head]
        if word_class in ("verb", "passive", "raising"):
            spellings = list(inflect(head))
        elif word_class == "noun" and not head.endswith("s"):  # a plural is written like a third person
            spellings = [word for word, form in inflect(head).items() if form in ("base", "s")]
        for spelling in spellings:
            index.setdefault(spelling, []).append(Entry(cue, word_class, tuple(rest), allowed))
    for entries in index.values():
        entries.sort(key=lambda e: (-len(e.rest), e.word_class != "verb"))
    return index


def match_cues(tokens: list[Tagged], at: int) -> list[Match]:
    """Return the entries whose words stand at token `at`, the longest first and of these verbs first."""
    found = []
    next_word = tokens[at + 1].lower if at + 1 < len(tokens) else ""
    for entry in load_cues().get(tokens[at].lower, ()):
        rest = entry.rest
        end = at + 1 + len(rest)
        if not rest or (rest[0] == next_word and tuple(t.lower for t in tokens[at + 1 : end]) == rest):
            found.append(Match(entry, end))
    return found


def find_cue(tokens: list[Tagged]) -> Match | None:
    """Return the entry of the cue that has most words, the last of equals: "has repeatedly made clear"."""
    passive = any(not words("be").isdisjoint(undo_contraction(token.lower)) for token in tokens)
    found = []
    for at in range(len(tokens)):
        matches = match_cues(tokens, at)
        found += [next((m for m in matches if passive and m.entry.word_class == "passive"), m) for m in matches[:1]]
    return max(reversed(found), key=lambda match: len(match.entry.rest), default=None)
