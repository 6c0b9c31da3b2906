"""Cues: the words that report speech, belief, attitude and intention, with what each can govern."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from diplotext.quotes.tokens import Token
from diplotext.schema import read_rows

FRAMES = ("that", "clause", "quote", "after", "person", "wh", "to", "object", "as")


class Entry(NamedTuple):
    """One form of one cue: what follows its head word, and frame → cue_kind.

    `form` is base, s, ed, part or ing for verbs; noun, plural, adjective for the rest.
    """

    cue: str
    word_class: str
    rest: tuple[str, ...]
    form: str
    frames: dict[str, str]


class Match(NamedTuple):
    """Entries of one word class that fit at a token, the longest first; `end` is one past the longest's last token."""

    entry: Entry
    end: int


def inflect(verb: str, irregular: tuple[str, ...] = ()) -> dict[str, set[str]]:
    """Return form name → spellings of an English verb; `irregular` gives its past (and participle)."""
    vowels = "aeiou"
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        third = {verb + "es"}
    elif verb.endswith("y") and verb[-2] not in vowels:
        third = {verb[:-1] + "ies"}
    else:
        third = {verb + "s"}
    doubled = len(verb) > 2 and verb[-1] not in vowels + "wxyh" and verb[-2] in vowels and verb[-3] not in vowels
    if verb.endswith("ee"):
        past, ing = {verb + "d"}, {verb + "ing"}
    elif verb.endswith("e"):
        past, ing = {verb + "d"}, {verb[:-1] + "ing"}
    elif verb.endswith("y") and verb[-2] not in vowels:
        past, ing = {verb[:-1] + "ied"}, {verb + "ing"}
    elif doubled:  # stress is not in the spelling, so both are taken: permitted, offered
        past, ing = {verb + verb[-1] + "ed", verb + "ed"}, {verb + verb[-1] + "ing", verb + "ing"}
    else:
        past, ing = {verb + "ed"}, {verb + "ing"}
    part = past
    if irregular:
        past, part = {irregular[0]}, {irregular[-1]}
    return {"base": {verb}, "s": third, "ed": past, "part": part, "ing": ing}


@cache
def load_cues() -> dict[str, list[Entry]]:
    """Return first word → entries, the longest first and of these verbs first, from resources/cues.csv."""
    rows = read_rows("cues.csv")
    frames: dict[tuple[str, str], dict[str, str]] = {}
    forms: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in rows:
        key = (row["cue"], row["word_class"])
        for frame in row["frames"].split():
            frames.setdefault(key, {}).setdefault(frame, row["cue_kind"])
        forms[key] = tuple(row["forms"].split())
    index: dict[str, list[Entry]] = {}
    for (cue, word_class), allowed in frames.items():
        head, *rest = cue.split()
        if word_class in ("verb", "passive", "raising"):
            spellings = inflect(head, forms[cue, word_class])
        elif word_class == "noun":
            plural = head if head.endswith("s") else head[:-1] + "ies" if head.endswith("y") else head + "s"
            spellings = {"noun": {head, plural}}
        else:
            spellings = {word_class: {head}}
        for form, words in spellings.items():
            for word in words:
                index.setdefault(word, []).append(Entry(cue, word_class, tuple(rest), form, allowed))
    for entries in index.values():
        entries.sort(key=lambda e: (-len(e.rest), e.word_class != "verb"))
    return index


def match_cues(tokens: list[Token], at: int) -> list[Match]:
    """Return the entries whose words stand at token `at`, the longest first and of these verbs first."""
    found = []
    next_word = tokens[at + 1].lower if at + 1 < len(tokens) else ""
    for entry in load_cues().get(tokens[at].lower, ()):
        rest = entry.rest
        end = at + 1 + len(rest)
        if not rest or (rest[0] == next_word and tuple(t.lower for t in tokens[at + 1 : end]) == rest):
            found.append(Match(entry, end))
    return found
