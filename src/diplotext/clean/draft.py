"""The text under way: what cleaning has made of one article so far, with its edits against the raw text.

Each rule sees the text that the rules before it left. Its changes are composed with the edits so far, so that what
comes out is one list of edits against the raw text, whatever the number of rules that touched a place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from diplotext.spans import Edit


class Change(NamedTuple):
    """Characters ``[start, end)`` of the text under way become `replacement`."""

    start: int
    end: int
    replacement: str = ""


class Draft:
    """One article while it is being cleaned.

    Parameters
    ----------
    raw
        The decoded source.
    outlet
        Who published it, where known: its name is recognised behind a headline.

    Attributes
    ----------
    text : str
        The text so far.
    edits : list of Edit
        What turned `raw` into `text`; sorted, without overlap.
    notes, byline, dateline, date, year
        What the rules took out of the text and a later stage wants: lists of printed notes and the first byline,
        dateline, printed date and copyright year met.
    markdown
        Whether a YAML head was found, so that single line breaks mean nothing.
    story
        Lines that were looked at and are no furniture, so that no round looks again.
    """

    def __init__(self, raw: str, outlet: str | None = None) -> None:
        self.raw = self.text = raw
        self.outlet = outlet
        self.edits: list[Edit] = []
        self.story: set[str] = set()
        self.markdown = False
        self.notes: list[str] = []
        self.byline: str | None = None
        self.dateline: str | None = None
        self.date: str | None = None
        self.year: int | None = None

    def change(self, changes: Iterable[Change], rule: str) -> bool:
        """Apply a rule's changes, sorted and without overlap; returns whether the text is another now."""
        return self.apply((change, rule) for change in changes)

    def apply(self, changes: Iterable[tuple[Change, str]]) -> bool:
        """Apply the changes of several rules, as `change` does those of one."""
        made = [(c, rule) for c, rule in changes if self.text[c.start : c.end] != c.replacement]
        if not made:
            return False
        pieces, at = [], 0
        for (start, end, replacement), rule in made:
            if start < at:
                raise ValueError(f"changes: expected sorted spans without overlap; got {start} after {at} ({rule})")
            pieces += [self.text[at:start], replacement]
            at = end
        self.edits = compose(self.edits, made)
        self.text = "".join([*pieces, self.text[at:]])
        return True

    def finish(self) -> list[Edit]:
        """Return the edits in their canonical form."""
        return canonical(self.raw, self.edits)


def compose(edits: Sequence[Edit], changes: Sequence[tuple[Change, str]]) -> list[Edit]:
    """Join edits of the raw text with changes of what they made; returns edits of the raw text.

    A change that falls into an earlier replacement is joined with it into one edit that carries both rules' names.

    Parameters
    ----------
    edits
        Sorted edits without overlap.
    changes
        Sorted changes without overlap, in offsets of the text that `edits` make, each with its rule's name.
    """
    stack: list[tuple[int, Edit]] = []  # each edit with its start in the text that the edits make
    shift = 0
    for edit in edits:
        stack.append((edit.raw_start + shift, edit))
        shift += len(edit.replacement) - (edit.raw_end - edit.raw_start)
    done: list[Edit] = []
    # From right to left, so that no change moves the place of one still to come.
    for (start, end, replacement), rule in reversed(changes):
        while stack and stack[-1][0] >= end:
            done.append(stack.pop()[1])
        raw_end, prefix, suffix, names = end, "", "", [rule]  # the names from the last to the first
        if stack:
            at, edit = stack[-1]
            inside = at + len(edit.replacement) - end
            suffix = edit.replacement[-inside:] if inside > 0 else ""
            raw_end = edit.raw_end - min(inside, 0)
        while stack and (stack[-1][0] > start or stack[-1][0] + len(stack[-1][1].replacement) > start):
            at, edit = stack.pop()
            names += reversed(edit.rule.split("+"))
            prefix = edit.replacement[: max(0, start - at)]
        raw_start = start - len(prefix)
        if stack:
            at, edit = stack[-1]
            raw_start = edit.raw_end + raw_start - at - len(edit.replacement)
        joined = Edit(raw_start, raw_end, "+".join(dict.fromkeys(reversed(names))), prefix + replacement + suffix)
        stack.append((start - len(prefix), joined))
    return [edit for _, edit in stack] + done[::-1]


def canonical(raw: str, edits: Sequence[Edit]) -> list[Edit]:
    """Return the same edits, each as small as it can be, and every removal where any reader would look for it.

    A removal inside a run of equal characters can be placed in several ways. It goes as far right as the characters
    allow, but never so far that it tears a word: what follows a removed dateline keeps its first letter.
    """
    result: list[Edit] = []
    limit = len(raw)
    for edit in reversed(edits):
        start, end, put = edit.raw_start, edit.raw_end, edit.replacement
        same = 0
        while same < min(end - start, len(put)) and raw[start + same] == put[same]:
            same += 1
        start, put = start + same, put[same:]
        same = 0
        while same < min(end - start, len(put)) and raw[end - 1 - same] == put[-1 - same]:
            same += 1
        end, put = end - same, put[: len(put) - same]
        if start == end and not put:
            continue
        if not put:
            moved = 0
            while end + moved < limit and raw[start + moved] == raw[end + moved]:
                moved += 1
            while moved and raw[start + moved - 1].isalnum():
                moved -= 1
            start, end = start + moved, end + moved
        rule = edit.rule
        if start == end and result and result[-1].raw_start == start:  # an insertion there would share its key
            after = result.pop()
            rule = "+".join(dict.fromkeys([*rule.split("+"), *after.rule.split("+")]))
            end, put = after.raw_end, put + after.replacement
        result.append(Edit(start, end, rule, put))
        limit = start
    return result[::-1]
