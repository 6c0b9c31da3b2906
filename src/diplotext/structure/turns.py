"""Speaker turns: the labels of briefings, remarks and interviews, and what in them is no speech."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from diplotext.schema import read_words
from diplotext.structure.places import known_places

_UPPER = r"[A-ZÀ-ÖØ-ÞĀ-Ž]"
_SMALL = r"(?:of|the|for|and|de|del|della|der|den|di|da|dos|du|la|le|van|von|bin|bint|ibn|al|el)\b"
_WORD = rf"(?:{_UPPER}[\w’'.-]*|{_SMALL}|&|/)"
_NOTE = r"(?:\s*[(\[][^()\[\]\n]{1,80}[)\]])"
_NAMED = re.compile(rf"\**(?P<name>{_UPPER}[\w’'.-]*(?:,?[ \u00a0]{_WORD}){{0,9}}){_NOTE}?\s?:\**(?=\s|$|[A-Z“\"(\[])")
_ASKED = re.compile(
    r"\**(?P<name>Q|QUESTION|Question)(?:[ \u00a0]?#?\d{1,2})?(?:\s?[:.)]\**(?=\s|$|[A-Z“\"(\[])"
    r"|\s?[—–-]\s(?=[A-Z“\"])|\**\s+(?=[A-Z“\"(\[—–…‘'-]))"
)
_ANSWERED = re.compile(r"\**(?P<name>A|ANSWER|Answer)(?:\s?:|\.)\**(?=\s)")
_CASED = re.compile(rf"\b(?:Mc|Mac|De|Di|Du|La|Le|O’|O')(?=[A-Z])|\b{_SMALL}")
_STAGE = re.compile(r"[(\[][^()\[\]]{1,120}[)\]][.\"”]?$")
_LAYOUT = re.compile(
    r"(?i)(?:\W*(?:end|ends|transcript ends|begin transcript|###+|# # #|\*\s*\*\s*\*|_{3,}|-{3,}|more)\W*)?"
    r"(?:\(?\d{1,2}(?:[:.]\d{2})?\s*[ap]\.?\s?m\.?(?:\s+\(?(?:[A-Z]{2,5}|local(?:\s+time)?)\)?)?\)?"
    r"(?:\s*[–—-]\s*\d{1,2}(?:[:.]\d{2})?\s*[ap]\.?\s?m\.?)?(?:\s+[A-Z]{2,4})?)?\W*$"
)
_QUESTION, _STRONG, _ROLE, _WEAK, _ANSWER = "question", "strong", "role", "weak", "answer"


class Label(NamedTuple):
    """A turn's label: the speaker as printed, where the speech begins, and how sure the form is."""

    name: str
    end: int
    kind: str


def match_label(text: str, start: int = 0, end: int | None = None) -> Label | None:
    """Recognise what may be the label of a turn at `start` (``MS. MOE:``, ``Q``, ``Foreign Minister Toran:``).

    It does not decide whether the text has turns at all; see `accept_labels`.

    Parameters
    ----------
    text
        The text.
    start, end
        Where the paragraph or sentence begins and ends.

    Returns
    -------
    `Label` with `name` as printed, without marks and remarks in brackets; `end`, the offset of the first spoken word;
    and `kind`: question, answer, strong (capitals), role (an office or honorific in mixed case), weak (any name).
    """
    end = len(text) if end is None else end
    reach = min(end, start + 140)
    if text[start : start + 1] in {"Q", "*"} and (asked := _ASKED.match(text, start, reach)):
        return Label(asked["name"], _skip(text, asked.end(), end), _QUESTION)
    if text.find(":", start, reach) < 0 and text[start : start + 2] != "A.":
        return None
    if answered := _ANSWERED.match(text, start, reach):
        return Label(answered["name"], _skip(text, answered.end(), end), _ANSWER)
    named = _NAMED.match(text, start, reach)
    if not named:
        return None
    name = " ".join(named["name"].split())
    kind = _kind(name)
    return Label(name, _skip(text, named.end(), end), kind) if kind else None


def _kind(name: str) -> str | None:
    words = read_words("labels")
    folded = name.casefold().replace(".", "")
    if folded in words["never"] or folded.removeprefix("the ") in words["never"] or len(name) > 90:
        return None
    if folded in words["question"]:
        return _QUESTION
    if folded in words["answer"]:
        return _ANSWER
    cities, states = known_places()
    if folded in cities or folded in states or name.casefold() in states:
        return None
    letters = [c for c in _CASED.sub("", name) if c.isalpha()]
    if len(letters) > 1 and all(c.isupper() for c in letters):
        return _STRONG
    if folded in words["role"] or (folded.split()[0] in words["honorific"] - {"the"} and len(folded.split()) < 9):
        return _ROLE
    return _WEAK if 1 < len(name.split()) <= 5 or name.istitle() else None


def _skip(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


def accept_labels(labels: Sequence[Label], paragraphs: int, *, official: bool) -> frozenset[tuple[str, str]]:
    """Decide which labels found in a text are turns.

    One label proves little ("UPDATE: ..."), an exchange does: questions beside answers, or labels that come back. A
    form that could be a mere heading must come back itself.

    Parameters
    ----------
    labels
        All that `match_label` found at paragraph starts (at sentence starts, where the text has no paragraphs).
    paragraphs
        How many paragraphs the text has.
    official
        Whether the title announces a briefing or remarks; then one label in capitals or with an office is enough.

    Returns
    -------
    The accepted (name, kind) pairs; empty where the text has no turns.
    """
    counts = Counter((label.name, label.kind) for label in labels)
    by_kind: Counter[str] = Counter()
    for (_, kind), n in counts.items():
        by_kind[kind] += n
    honoured = {k for k in counts if k[1] == _ROLE or (k[1] == _STRONG and _is_honoured(k[0]))}
    repeated = {k for k, n in counts.items() if n > 1 and k[1] in {_STRONG, _ROLE, _WEAK}}
    asked = by_kind[_QUESTION]
    named = by_kind[_STRONG] + by_kind[_ROLE]
    exchange = (
        (asked and (named or by_kind[_ANSWER] or asked > 1))
        or (named > 2 and repeated and len(counts) > 1)
        or (len(honoured) > 1 and named > 2)
        or (official and (honoured or by_kind[_STRONG] or asked))
        or (len(repeated) > 1 and 3 * sum(counts[k] for k in repeated) > paragraphs)
    )
    if not exchange:
        return frozenset()
    sure = {k for k in counts if k[1] in {_QUESTION, _STRONG} or k in honoured or k in repeated}
    if asked:
        sure |= {k for k in counts if k[1] == _ANSWER}
        if not (honoured or repeated or by_kind[_STRONG]):  # "Question: ... Ilse Toran: ..." once each
            sure |= {k for k in counts if k[1] == _WEAK}
    return frozenset(sure)


def _is_honoured(name: str) -> bool:
    return name.casefold().replace(".", "").split()[0] in read_words("labels")["honorific"]


def is_firm(label: Label) -> bool:
    """Tell whether a label within a paragraph can open a turn there: only forms that nothing else has."""
    return label.kind == _QUESTION or (label.kind == _STRONG and _is_honoured(label.name))


def is_stage_direction(text: str) -> bool:
    """Tell whether a sentence is a remark of the stenographer: "(Laughter.)", "(As interpreted.)", "[Applause]"."""
    return text[:1] in "([" and _STAGE.match(text) is not None


def is_layout(text: str) -> bool:
    """Tell whether a paragraph of a transcript is a time, an END line or a rule: "12:51 P.M. EST", "END", "###"."""
    return len(text) < 60 and _LAYOUT.match(text) is not None
