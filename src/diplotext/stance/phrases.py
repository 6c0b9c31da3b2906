"""Phrases over words: a table of phrases found in one pass.

A phrase is written as words. ``verb~`` stands for every form of a verb, ``a/b`` for either word, ``...`` for a gap of
at most `GAP` words inside the sentence. A phrase is looked up by its first word, so a thousand of them cost little
more than one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diplotext.language import inflect

#: how many words a gap may span.
GAP = 5


class Hit(NamedTuple):
    """A phrase found: tokens ``[first, last)``, the number of its row, and the verb form that it begins with."""

    first: int
    last: int
    row: int
    form: str


class PhraseTable:
    """Phrases compiled for search; see the module's docstring for how they are written."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self._index: dict[str, list[tuple[int, str, tuple[frozenset[str] | None, ...]]]] = {}
        for row, phrase in enumerate(phrases):
            parts = phrase.split()
            gaps = [i for i, part in enumerate(parts) if part == "..."]
            if not parts or any(not 0 < i < len(parts) - 1 or i + 1 in gaps for i in gaps):
                raise ValueError(f"expected phrases in which ... stands between two words; got {phrase!r}")
            if any(not word.strip("~") for part in parts for word in part.split("/")):
                raise ValueError(f"expected a word on both sides of / and before ~; got {phrase!r}")
            rest = tuple(None if part == "..." else frozenset(_forms(part)) for part in parts[1:])
            for word, form in _forms(parts[0]).items():
                self._index.setdefault(word, []).append((row, form, rest))

    def find(self, words: Sequence[str]) -> Iterator[Hit]:
        """Yield every phrase found in a list of words, left to right (overlaps included)."""
        index = self._index
        for i, word in enumerate(words):
            if word not in index:
                continue
            after = words[i + 1] if i + 1 < len(words) else ""
            for row, form, rest in index[word]:
                if rest and rest[0] is not None and after not in rest[0]:
                    continue
                last = _match(words, i + 1, rest) if rest else i + 1
                if last:
                    yield Hit(i, last, row, form)


def _forms(part: str) -> dict[str, str]:
    forms: dict[str, str] = {}
    for word in part.split("/"):
        forms |= inflect(word[:-1]) if word.endswith("~") else {word: ""}
        if word == "have~":
            del forms["had"]  # nearly always an auxiliary
    return forms


def _match(words: Sequence[str], at: int, rest: tuple[frozenset[str] | None, ...]) -> int:
    """Return the end of the match of `rest` from `at`, or 0."""
    for k, part in enumerate(rest):
        if part is None:
            wanted = rest[k + 1]
            assert wanted is not None
            for j in range(at, min(at + GAP + 1, len(words))):
                if words[j] in wanted:
                    return _match(words, j + 1, rest[k + 2 :]) if rest[k + 2 :] else j + 1
                if words[j][0] in ".?!;:":
                    return 0
            return 0
        if at >= len(words) or words[at] not in part:
            return 0
        at += 1
    return at
