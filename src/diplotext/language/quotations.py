"""Quote marks: which characters are marks, and which stretches of text they enclose.

Only the outermost quotation is returned; what is quoted inside it belongs to it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from diplotext.language.sentences import find_sentences
from diplotext.language.verbs import reporting_verbs


class Quotation(NamedTuple):
    """One stretch of text between marks, marks included.

    `closed` is False where a mark is missing or reversed; `chained` is True where the words of an earlier paragraph
    go on here (that paragraph was left open and this one opens with a mark).
    """

    start: int
    end: int
    closed: bool
    chained: bool = False


# A family holds marks that can close one another.
_DOUBLE = "double"
_GUILLEMET = "guillemet"
_SINGLE = "single"
#: every character that can be a quote mark; some are apostrophes, feet and inches too.
QUOTE_MARKS = "“”„‟″\"«»‹›‘’‚‛`'"
_MARK = re.compile(rf"''|``|[{QUOTE_MARKS}]")
_FAMILY = {
    **dict.fromkeys(["“", "”", "„", "‟", "″", '"', "''", "``"], _DOUBLE),
    **dict.fromkeys("«»‹›", _GUILLEMET),
    **dict.fromkeys("‘’‚‛`'", _SINGLE),
}
_SHAPE = {**dict.fromkeys(["“", "„", "‟", "``", "«", "‹", "‘", "‚", "‛", "`"], 1), **dict.fromkeys("”»›’", -1)}
_OPENS_AFTER = frozenset(" \t\n\r\xa0\u2009\u202f([{—–-/<>…:")
_CLOSES_BEFORE = frozenset(" \t\n\r\xa0\u2009\u202f)]}—–-/<>.,;:!?…")
# Words that begin with an apostrophe; a decade is an apostrophe and two figures.
_ELISION = re.compile(r"(?:\d\ds?\b|(?:em|til|till|tis|twas|twere|cause|bout|round|cuz|n|tude|neath)\b)", re.I)


@cache
def _tag() -> re.Pattern[str]:
    """Match before ", Toran said" or ", said Ilse Toran": where the words most likely end when their mark was lost."""
    verb = "|".join(sorted(reporting_verbs()))
    return re.compile(
        rf"[,.?!…]\s+(?=(?:[\w.’'-]+\s+){{1,6}}(?:{verb})\b|(?:{verb})\s+(?:[A-Z]|(?:the|an?|he|she|they)\b))"
    )


class _Mark(NamedTuple):
    start: int
    end: int
    family: str
    opens: bool
    closes: bool
    reversed: bool


def find_quotations(text: str) -> list[Quotation]:
    """Pair the quote marks of a text, paragraph by paragraph.

    It does not tell speech from titles and scare quotes, and changes nothing: a mark that is missing or stands the
    wrong way round gives ``closed=False``. Apostrophes, feet and inches, and decades are not marks.

    Parameters
    ----------
    text
        The cleaned text; paragraphs are lines.

    Returns
    -------
    list of Quotation, sorted, without overlap.
    """
    found: list[Quotation] = []
    at, left_open = 0, False
    for line in text.split("\n"):
        if line.strip():
            marks = _read_marks(text, at, at + len(line))
            if marks:
                left_open = _pair(text, at, at + len(line), marks, found, left_open)
            else:
                left_open = False
        at += len(line) + 1
    return found


def _read_marks(text: str, start: int, end: int) -> list[_Mark]:
    """Return the characters of a paragraph that can be marks, with the side on which each can stand."""
    marks: list[_Mark] = []
    german, treebank = (text.find(mark, start, end) >= 0 for mark in ("‚", "``"))  # then ‘ and '' close
    for match in _MARK.finditer(text, start, end):
        s, e, kind = match.start(), match.end(), match.group()
        before = text[s - 1] if s > start else " "
        after = text[e] if e < end else " "
        family = _FAMILY[kind]
        if family == _SINGLE and before.isalnum() and after.isalnum():
            continue  # don't
        if kind in ('"', "″", "''") and before.isdigit() and (after.isspace() or after in ",x×-") and not marks:
            continue  # 6'2"
        space_before = before in _OPENS_AFTER or before in "\"“”«''‘’"
        space_after = after in _CLOSES_BEFORE or after in "\"“”»''’‘"
        shape = _SHAPE.get(kind, 0)
        if family == _SINGLE:
            opens = space_before and not after.isspace() and not _ELISION.match(text, e) and after not in ".,;:!?"
            closes = not before.isspace() and space_after and (kind not in "‘‚‛`" or (german and kind == "‘"))
            if kind == "’":
                opens = False
            if opens or closes:
                marks.append(_Mark(s, e, family, opens, closes, False))
            continue
        opens = space_before and not space_after
        closes = space_after and not before.isspace()
        reverse = False
        if kind == "``" or (kind == "''" and treebank):  # as tokens, with spaces around them
            opens, closes = kind == "``", kind == "''"
        elif family == _DOUBLE and before.isspace() and (after.isspace() or after in ".,;:!?)"):
            opens = closes = reverse = True  # shifted: whichever is wanted
        elif family == _GUILLEMET and opens != closes:
            pass  # »so« is as good as «so»
        elif opens == closes:  # the surroundings do not tell: the shape does
            opens, closes = shape >= 0, shape <= 0
        elif shape and (shape > 0) != opens:
            opens = closes = reverse = True
        marks.append(_Mark(s, e, family, opens, closes, reverse))
    return marks


def _pair(text: str, start: int, end: int, marks: list[_Mark], found: list[Quotation], left_open: bool) -> bool:
    """Append a paragraph's quotations to `found`; returns whether it ends inside one that may go on."""
    first = len(found)
    opened: _Mark | None = None
    closer: _Mark | None = None  # of a single mark that is open
    good, depth, chained = True, 0, False
    lead = _leading(text, start, end)
    for i, mark in enumerate(marks):
        if mark.family == _SINGLE:
            if mark is closer:
                found.append(Quotation(opened.start if opened else mark.start, mark.end, True, chained))
                opened = closer = None
                chained = False
            elif opened is None and mark.opens:
                chained = left_open and mark.start == lead
                closer, sure = _close_single(text, marks, i)
                goes_on = _opens_next(text, end, _SINGLE) and not sure
                if goes_on or (chained and closer is None):  # all of a later mark were apostrophes
                    found.append(Quotation(mark.start, _rstrip(text, mark.start, end), goes_on, chained))
                    return goes_on
                opened, good = (mark, True) if closer else (None, True)
            continue
        if opened is not None and opened.family != mark.family:
            continue
        if opened is None:
            if mark.opens:
                opened, good, depth = mark, not mark.reversed, 0
                chained = left_open and mark.start == lead
            elif mark.closes:  # nothing was open: the first mark is missing, or this one is turned
                if mark.reversed or _follows_word(text, mark, end):
                    opened, good, depth = mark, False, 0
                else:
                    begin = _sentence_before(
                        text, max(start, found[-1].end if len(found) > first else start), mark.start
                    )
                    found.append(Quotation(begin, mark.end, False))
            continue
        straight = mark.end - mark.start == 2 or text[mark.start] == '"'
        restart = mark.opens and text[_rstrip(text, opened.end, mark.start) - 1] in ".!?…"
        if mark.closes or (straight and not restart):
            if depth:
                depth -= 1
                continue
            german = text[opened.start] == "„" and text[mark.start] == "“"
            shifted = (mark.reversed and not german) or (mark.opens and not mark.closes)
            found.append(Quotation(opened.start, mark.end, good and not shifted, chained))
            opened, chained = None, False
        elif mark.opens:
            if restart and depth == 0:
                # Either the words go on after a lost paragraph break, or the closing mark is missing.
                tag = _tag().search(text, opened.end, mark.start)
                if tag is not None:
                    found.append(Quotation(opened.start, tag.start() + 1, False, chained))
                    opened, good, chained = mark, not mark.reversed, False
            else:
                depth += 1
    if opened is None:
        return False
    tag = _tag().search(text, opened.end, end)
    if opened.family == _SINGLE:
        return False
    if tag is None:
        goes_on = _opens_next(text, end, opened.family)
        stop = _rstrip(text, opened.start, end)
        before = text[max(start, opened.start - 2) : opened.start].strip()
        if not goes_on and before and before[-1].isalnum():  # a lost mark of a few words, not of a speech
            sentences = find_sentences(text, opened.end, stop)
            if len(sentences) > 1:
                stop = opened.end + len(text[opened.end : sentences[0][1]].rstrip(".!?…)]"))
        found.append(Quotation(opened.start, stop, good and goes_on, chained))
        return True
    found.append(Quotation(opened.start, tag.start() + 1, False, chained))
    return False


def _close_single(text: str, marks: list[_Mark], i: int) -> tuple[_Mark | None, bool]:
    """Return the mark that closes the single mark `i`, and whether it cannot be a plural possessive."""
    fallback = None
    for mark in marks[i + 1 : i + 40]:
        if mark.family != _SINGLE or not mark.closes:
            if mark.family == _SINGLE and mark.opens and fallback is not None:
                break
            continue
        if text[mark.start - 1] in ".,!?…-—":
            return mark, True
        possessive = text[mark.start - 1] == "s" and text[mark.end : mark.end + 1] == " "
        if fallback is None:
            fallback = mark
        if not possessive:
            return mark, True
    return fallback, False


def _leading(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def _rstrip(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _follows_word(text: str, mark: _Mark, end: int) -> bool:
    return mark.end < end and text[mark.end].isalnum() and not text[mark.start - 1 : mark.start].isalnum()


def _sentence_before(text: str, start: int, end: int) -> int:
    """Return where the sentence begins that holds the words right before `end`."""
    further = find_sentences(text, max(start, end - 600), end)[1:]
    return further[-1][0] if further else _leading(text, start, end)


def _opens_next(text: str, end: int, family: str) -> bool:
    """Return whether the next paragraph opens with a mark of the family, as a quotation that goes on does."""
    at = end
    while at < len(text) and text[at].isspace():
        at += 1
    match = _MARK.match(text, at)
    if match is None or _FAMILY[match.group()] != family or _SHAPE.get(match.group(), 1) < 0:
        return False
    return family != _SINGLE or not (_ELISION.match(text, match.end()) or text[match.end() : match.end() + 1].isspace())


def within(quotations: list[Quotation], start: int, end: int) -> Iterator[Quotation]:
    """Yield the quotations that share a character with the span."""
    for at in range(max(0, bisect_left(quotations, (start,)) - 1), len(quotations)):
        if quotations[at].start >= end:
            break
        if quotations[at].end > start:
            yield quotations[at]
