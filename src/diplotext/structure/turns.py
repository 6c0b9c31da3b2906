"""Speaker turns: the labels of briefings, remarks and interviews, and what in them is no speech."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from diplotext.schema import read_words
from diplotext.spans import Span
from diplotext.structure.places import known_places

_UPPER = r"[A-ZÀ-ÖØ-ÞĀ-Ž]"
_SMALL = r"(?:of|the|for|and|de|del|della|der|den|di|da|dos|du|la|le|van|von|bin|bint|ibn|al|el)\b"
_WORD = rf"(?:[“\"]?{_UPPER}[\w’'.-]*[”\"]?|{_SMALL}|\d[\w.]*|&|/)"
_NOTE = r"(?:\s*[(\[][^()\[\]\n]{1,80}[)\]])"
# what captions and programmes print before a label: "[06:00:15]", "00:12", ">>"
_LEAD = r"(?:[\[(]?\d{1,2}:\d\d(?::\d\d)?[\])]?[ \t]+)?(?:>{1,3}[ \t]*)?"
_NAMED = re.compile(
    rf"{_LEAD}\**(?P<name>{_UPPER}[\w’'.-]*(?:,?[ \u00a0]{_WORD}){{0,13}})(?P<notes>{_NOTE}{{0,3}})"
    rf"(?P<more>(?:,[ \u00a0]{_WORD}(?:,?[ \u00a0]{_WORD}){{0,9}})?){_NOTE}?\s?:\**(?=\s|$|[A-Z“\"(\[])"
)
# the record of an assembly: "Mr. GARVEY of Ohio.", "The PRESIDING OFFICER (Ms. ORDWAY)."
_SHOUTED = r"(?:(?:Mc|Mac|De|Di|La|Le|Van|Von|O[’'])?[A-ZÀ-ÖØ-ÞĀ-Ž][A-ZÀ-ÖØ-ÞĀ-Ž’'-]+)"
_FLOOR = re.compile(
    rf"(?P<name>(?:(?:Mr|Ms|Mrs|Mx|Miss|Dr|Messrs|Senator|Representative|Delegate|Sir|Dame)\b\.?[ \u00a0]"
    rf"(?:[A-Z]\.[ \u00a0])*{_SHOUTED}(?:[ \u00a0]{_SHOUTED}){{0,3}}(?:[ \u00a0]of(?:[ \u00a0][A-Z][a-z]+){{1,3}})?"
    rf"|The[ \u00a0](?:{_SHOUTED}[ \u00a0]){{0,3}}{_SHOUTED}(?:[ \u00a0]pro[ \u00a0]tempore)?))"
    rf"(?P<notes>{_NOTE}?)\.(?=\s+[A-Z“\"(\[]|\s*$)"
)
_OFFICE = re.compile(
    r"(?i)\b(?:minister|secretary|president|chancellor|speaker|chair\w*|premier|ambassador|commissioner|director|governor|"
    r"leader|attorney|representative|taoiseach|officer|clerk|paymaster|solicitor)\b"
)
# a bracket that names the holder of the office before it is no remark
_HOLDER = re.compile(rf"\s*\((?:(?:Mr|Mrs|Ms|Mx|Miss|Dr|Sir|Dame|Lord|Lady|Baroness)\b\.?\s)?{_UPPER}[^()]*\)$")
_ASKED = re.compile(
    r"\**(?P<name>Q|QUESTION|Question)(?:[ \u00a0]?#?\d{1,2})?(?:\s?[:.)]\**(?=\s|$|[A-Z“\"(\[])"
    r"|\s?[—–-]\s(?=[A-Z“\"])|\**\s+(?=[A-Z“\"(\[—–…‘'-]))"
)
_ANSWERED = re.compile(r"\**(?P<name>A|ANSWER|Answer)(?:\s?:|\.)\**(?=\s)")
_DASHED = re.compile(r"(?:[—–―]|--?(?=[ \u00a0]))[ \u00a0]*(?=\S)")
_ASKS = re.compile(r"\?[\"”’'»)]*\s*$")
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
    reach = min(end, start + 160)
    if text[start : start + 1] in {"Q", "*"} and (asked := _ASKED.match(text, start, reach)):
        return Label(asked["name"], _skip(text, asked.end(), end), _QUESTION)
    if text.startswith(("M", "The ", "S", "D", "R"), start) and (floor := _FLOOR.match(text, start, reach)):
        return Label(_print_name(floor), _skip(text, floor.end(), end), _STRONG)
    if text.find(":", start, reach) < 0 and text[start : start + 2] != "A.":
        return None
    if answered := _ANSWERED.match(text, start, reach):
        return Label(answered["name"], _skip(text, answered.end(), end), _ANSWER)
    named = _NAMED.match(text, start, reach)
    if not named:
        return None
    name = _print_name(named)
    kind = _kind(" ".join(named["name"].split()))
    return Label(name, _skip(text, named.end(), end), kind) if kind else None


def _print_name(match: re.Match[str]) -> str:
    """Return a label's name without remarks, but with who holds the office that it names."""
    name, more = " ".join(match["name"].split()), match.groupdict().get("more") or ""
    holds = _OFFICE.search(name) and _HOLDER.fullmatch(match["notes"])
    return name + (" " + match["notes"].strip() if holds else "") + " ".join(more.split())


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
    if folded.startswith("the ") and _OFFICE.search(name):
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
        or (len(honoured) > 1 and 2 * named >= paragraphs)
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


def read_dashes(text: str, paragraphs: Sequence[Span]) -> dict[int, Label]:
    """Return the turns of an interview whose questions and answers both begin with a dash, by offset; or none.

    Questions are labelled Q, answers A. It takes no dialogue that does not begin with a question.
    """
    dashed = [(start, end, m.end()) for start, end in paragraphs if (m := _DASHED.match(text, start, end))]
    asks = [_ASKS.search(text, start, end) is not None for start, end, _ in dashed]
    if len(dashed) < 4 or 2 * len(dashed) < len(paragraphs) or sum(asks) < 2 or not asks[0]:
        return {}
    if all(asks[::2]):  # they take turns: an answer may end in a question too
        asks = [place % 2 == 0 for place in range(len(asks))]
    return {
        start: Label("Q" if asked else "A", begin, _QUESTION if asked else _ANSWER)
        for (start, _, begin), asked in zip(dashed, asks, strict=True)
    }


def is_stage_direction(text: str) -> bool:
    """Tell whether a sentence is a remark of the stenographer: "(Laughter.)", "(As interpreted.)", "[Applause]"."""
    return text[:1] in "([" and _STAGE.match(text) is not None


def is_layout(text: str) -> bool:
    """Tell whether a paragraph of a transcript is a time, an END line or a rule: "12:51 P.M. EST", "END", "###"."""
    return len(text) < 60 and _LAYOUT.match(text) is not None
