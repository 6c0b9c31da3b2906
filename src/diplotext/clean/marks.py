"""Quote marks that point the wrong way or stand in the wrong place, paragraph by paragraph.

A mark is judged by what stands around it and by what its fellows do: of all ways to read the marks of a paragraph as
openings, closings and strays, the one with the fewest oddities is taken (a shortest path, as in Viterbi decoding), and
only what that reading shows to be wrong is changed. Where no reading is good (a mark that was never closed, an inch
sign) the marks stay as they are. Words are never touched.
"""

from __future__ import annotations

import re

from diplotext.clean.draft import Change
from diplotext.spans import Span

# Two single marks do the work of a double one in some papers' files.
_MARK = re.compile(r"[“”\"]|(?<![’'‘`])(?:’’|''|‘‘|``)(?![’'‘`])")
_OPENS, _CLOSES = frozenset(["“", "‘‘", "``"]), frozenset(["”", "’’"])
_DOUBLED = re.compile(r"““(?=[^\s“”])|(?<=[^\s“”])””")
_ELLIPSIS = re.compile(r" ?(?:\.\s?\.\s?\.|…)")
# A straight mark with a stray space on its inner side; it begins with the mark, which is quickly searched for.
_STRAIGHT = re.compile(r"\"(?:(?<!\S.)(?=\s+\S)|(?<=\s.)(?=[\s.,;:!?)]|$))")

# What a reading costs. A stray mark must be dearer than any one defect that is repaired (a flipped mark with a stray
# space, 1.7) and cheaper than two flipped marks in places that suit neither.
_FLIP, _STRAY, _SPACE, _UNSPACED, _IMPOSSIBLE = 1.0, 2.5, 0.5, 0.7, 6.0
_LEFT_OPEN, _CARRIED_ON, _CARRIED_IN = 2.2, 0.4, 2.2


def doubled_marks(text: str) -> list[Change]:
    """Return the changes that make one mark of a doubled one (``““We``, ``go.””``)."""
    if "““" not in text and "””" not in text:
        return []
    return [Change(m.start(), m.start() + 1) for m in _DOUBLED.finditer(text)]


def misplaced_marks(text: str) -> list[Change]:
    """Return the changes that turn reversed marks, move shifted ones, and take stray space out of the marks."""
    changes: list[Change] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if "“" in line or "”" in line:
            if "„" not in line and "‟" not in line and _is_odd(line):
                changes += _repair(text, start, end)
        elif '"' in line and _STRAIGHT.search(line.lstrip()):
            changes += _tighten_straight(text, start, end)
        start = end + 1
    return changes


def _is_odd(line: str) -> bool:
    """Tell whether a line is worth reading mark by mark; nearly all end here."""
    if line.count("“") != line.count("”") or '"' in line:
        return True
    at = line.find("“")
    while at >= 0:
        before, after = line[at - 1 : at], line[at + 1 : at + 2]
        if not after or after in " .,;:!?)“”" or before.isalnum() or (before and before in ".,!?”"):
            return True
        at = line.find("“", at + 1)
    at = line.find("”")
    while at >= 0:
        if at == 0 or line[at - 1] in " “" or line[at + 1 : at + 2].isalnum():
            return True
        at = line.find("”", at + 1)
    return False


def _continues(text: str, end: int) -> bool:
    """Tell whether the next paragraph opens with a mark, as each paragraph of a longer quotation does."""
    while end < len(text) and text[end].isspace():
        end += 1
    return text[end : end + 1] in ("“", '"')


def _context_costs(text: str, mark: Span, start: int, end: int) -> tuple[float, float]:
    """Return what it costs to read a mark as an opening and as a closing one, by what stands around it."""
    before = text[mark[0] - 1] if mark[0] > start else ""
    after = text[mark[1]] if mark[1] < end else ""
    spaced = not before or before.isspace()
    last = text[mark[0] - 2] if spaced and mark[0] - 1 > start else before
    opening = closing = 0.0
    if not after:
        opening += _IMPOSSIBLE
    elif after.isspace():
        opening += _UNSPACED
    elif after in ".,;:!?)" and not _ELLIPSIS.match(text, mark[1]):
        opening += 1.5
    elif after.isalnum() or after in "$€£#@‘'":
        closing += 1.2
    if not before:
        closing += _IMPOSSIBLE
    elif spaced:
        # A closing mark after a space is a slip where a stop or comma stands before it, else less likely.
        closing += _SPACE if last in ".,!?…" else _UNSPACED
        opening += 0.1 if last in ".!?" and (not after or after.isspace()) else 0.0
    elif before.isalnum():
        opening += 1.5
    elif before in ".,!?…":
        opening += 0.8
    elif before in "([{“‘":
        closing += 0.5
    return opening, closing


def _read(text: str, marks: list[Span], start: int, end: int) -> str:
    """Return the cheapest reading of the marks: for each ``o`` opening, ``c`` closing, or ``-`` stray."""
    out, inside = 0.0, _CARRIED_IN  # what the best reading so far costs that ends outside, and inside a quotation
    steps: list[tuple[str, str]] = []  # how each of the two came about
    for mark in marks:
        opening, closing = _context_costs(text, mark, start, end)
        opening += _FLIP if text[mark[0] : mark[1]] in _CLOSES else 0.0
        closing += _FLIP if text[mark[0] : mark[1]] in _OPENS else 0.0
        (left, how_out), (kept, how_inside) = (
            min((out + _STRAY, "-"), (inside + closing, "c")), min((inside + _STRAY, "-"), (out + opening, "o"))
        )  # fmt: skip
        out, inside = left, kept
        steps.append((how_out, how_inside))
    ends_inside = out > inside + (_CARRIED_ON if _continues(text, end) else _LEFT_OPEN)
    roles = []
    for step in reversed(steps):
        roles.append(step[ends_inside])
        ends_inside ^= roles[-1] != "-"
    return "".join(reversed(roles))


def _repair(text: str, start: int, end: int) -> list[Change]:
    """Return the changes for one paragraph that holds a curly mark."""
    marks = [m.span() for m in _MARK.finditer(text, start, end)]
    roles = _read(text, marks, start, end)
    partner = _partners(text, marks, roles)
    changes: list[Change] = []
    for mark, role, other in zip(marks, roles, partner, strict=True):
        if role == "-":
            continue
        low, high = mark
        new = text[low:high]
        if new in "“”" or other in ("“", "”"):
            new = "“" if role == "o" else "”"
        before, after = text[max(start, low - 1) : low], text[high : min(high + 1, end)]
        if role == "o":
            high += after == " "
            if other and before.isalnum() and text[low - 2 : low].isalpha():
                new = " " + new  # said“ We: the mark moves to its word
        else:
            low -= before == " "
            # go, ”he and go,”he: but the s of a possessive, and a word broken by marks, stay.
            if after.isalnum() and before and before in " .,!?":
                new += " "
        if text[low:high] != new:
            changes.append(Change(low, high, new))
    return _without_overlap(changes)


def _partners(text: str, marks: list[Span], roles: str) -> list[str | None]:
    """Return for each mark the one that it is paired with, if any."""
    partner: list[str | None] = [None] * len(marks)
    opened = None
    for i, role in enumerate(roles):
        if role == "o":
            opened = i
        elif role == "c" and opened is not None:
            partner[i], partner[opened] = text[slice(*marks[opened])], text[slice(*marks[i])]
            opened = None
    return partner


def _tighten_straight(text: str, start: int, end: int) -> list[Change]:
    """Return the changes that take stray space out of straight marks, where each mark's direction is certain."""
    marks = [m.start() for m in re.finditer('"', text[start:end])]
    marks = [start + at for at in marks]
    if len(marks) % 2:
        return []
    changes: list[Change] = []
    for opened, closed in zip(marks[::2], marks[1::2], strict=True):
        free = opened == start or not (text[opened - 1].isalnum() or text[opened - 1] in ".,!?")
        if not free or (closed + 1 < end and text[closed + 1].isalnum()) or closed - opened < 4:
            return []
        if text[opened + 1] == " ":
            changes.append(Change(opened + 1, opened + 2))
        if text[closed - 1] == " ":
            changes.append(Change(closed - 1, closed))
    return _without_overlap(changes)


def _without_overlap(changes: list[Change]) -> list[Change]:
    """Return the changes without those that would reach into the one before; a further round brings them."""
    kept: list[Change] = []
    for change in changes:
        if not kept or change.start >= kept[-1].end:
            kept.append(change)
    return kept
