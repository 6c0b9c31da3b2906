"""A statement as the search for its targets sees it: its words, and the phrases among them that say what is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from diplotext.language import Word
from diplotext.stance.groups import word_group
from diplotext.stance.issues import Issue
from diplotext.stance.posture import Posture, cue_table, longest
from diplotext.stance.targets import Speaker

#: postures that share what they are aimed at.
CLASSES = {
    "accuse": "blame", "criticise": "blame", "demand": "press", "appeal": "press", "threaten": "cost", "warn": "warn",
    "reject": "refuse", "deny": "refuse", "support": "praise", "agree": "meet", "consult": "meet",
    "offer_talks": "meet", "promise": "give", "reassure": "give", "concede": "give", "announce_act": "act",
    "state": "plain",
}  # fmt: skip


class Phrase(NamedTuple):
    """Words that say what is done: tokens ``[first, last)``, and how they read (a posture, a kind of deed, a topic)."""

    first: int
    last: int
    reads: str


class Words(NamedTuple):
    """A statement as the search for its targets sees it."""

    text: str
    tokens: Sequence[Word]
    words: Sequence[str]
    start: int
    kind: str | None
    speaker: Speaker
    name: str
    delegate: bool
    hits: Sequence[Phrase]


def find_phrases(tokens: Sequence[Word], issues: Sequence[Issue]) -> list[Phrase]:
    """Return the phrases of a statement that say what is done or spoken of, in order."""
    words = [token.word for token in tokens]
    table, cues = cue_table("text")
    found = [Phrase(h.first, h.last, cues[h.row].reads) for h in longest(table.find(words))]
    found += [Phrase(i.first, i.last, f"issue {i.issue_id}") for i in issues]
    found += [Phrase(n, n + 1, "topic") for n, word in enumerate(words) if word in word_group("meeting")]
    return sorted(found)


def is_topical(words: Words) -> bool:
    """Tell whether a readout's sentence reports a meeting first: who is met is a target, what is spoken of is not."""
    first = next((h.reads for h in words.hits if h.reads in CLASSES or h.reads == "topic"), "")
    return first == "topic" and words.delegate


def is_stopped(words: Sequence[str]) -> bool:
    """Tell whether a sentence or a part of it ends among words."""
    return any(word[0] in ".?!;:" for word in words)


def tell_class(words: Words, posture: Posture) -> str:
    """Return the class of a statement's posture; a meeting where words of meeting stand before all others."""
    return "meet" if is_topical(words) else CLASSES[posture.name]
