"""Groups of function words (`clause_words.csv`): what tells subjects, auxiliaries and conjunctions apart."""

from __future__ import annotations

from functools import cache

from diplotext.schema import read_words

#: groups that clauses are read by; a word belongs to the first that holds it.
_GROUPS = (
    "if", "subordinate", "future", "possible", "obligation", "be", "have", "do", "not", "own subject", "own", "home",
    "third", "relative", "conjunction", "ready", "plan", "offer", "refuse", "need", "carry", "adverb", "preposition",
    "determiner", "thing",
)  # fmt: skip


def word_group(name: str) -> frozenset[str]:
    """Return the words of one group."""
    return read_words("clause_words")[name]


@cache
def word_tags() -> dict[str, str]:
    """Return word -> group, of the groups that clauses are read by."""
    tags: dict[str, str] = {}
    for group in reversed(_GROUPS):
        tags |= dict.fromkeys(word_group(group), group)
    return tags
