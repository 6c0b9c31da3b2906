"""Quotations set apart whose speaker is printed beside them without a verb: ``“…” – Name``, ``From Name:``."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from diplotext.language import Quotation, within
from diplotext.quotes.cues import match_cues
from diplotext.quotes.statement import Statement
from diplotext.quotes.tokens import tokenize
from diplotext.spans import Span, trim

#: how often a name printed so is the speaker's.
_SIGNED = 0.9
_LINE = re.compile(r"\S[^\n]*")
_LEAD = " \t\xa0>*_•-"
_NAME = r"(?:an?|the|one|[^\W\d_a-zß-ÿ][\w’'.-]*)(?=[\s,(*_:]|$)[^\n:]{0,140}?"
_SIGNATURE = re.compile(
    rf"[\s*_>]*(?:(?P<cue>--+|[—–―~-])[\s*_]*(?P<who>{_NAME})|\(\s*(?P<other>{_NAME})\s*\))[\s*_.]*$"
)
_NOUN = r"(?i:statement|comment|quote|quotation|message|reaction|word|response|remark|reply|note|voice|excerpt)s?"
_INTRODUCTION = re.compile(
    r"[\s>*_•#-]*(?:(?i:and|also|then|finally|next|plus|here|more)\b,?\s+)*"
    rf"(?:(?:(?i:an?|this|the)\s+)?(?:\w+\s+)?(?:{_NOUN}\s+)?(?i:attribut(?:able|ed)\s+to|on\s+behalf\s+of|from|by)\s+"
    rf"(?:the\s+(?:desk|office)\s+of\s+)?(?P<other>[^\W\d_][^\n:]{{0,140}}?)|(?P<who>{_NAME}))[\s*_]*(?P<cue>:)[\s*_]*$"
)
_HEADING = re.compile(rf"\b{_NOUN}$")
_PART = re.compile(r"[^\W\d_a-zß-ÿ][\w’'.-]*|of|the|for|and|de|del|der|den|di|da|du|la|le|van|von|bin|al")
#: tags of what names and their offices do not hold
_VERBAL = frozenset({"verb", "aux", "pron", "pa", "rel", "sub", "not", "."})


class _Signer(NamedTuple):
    """Who is printed beside a quotation, and the dash or colon between, if there is one."""

    cue: Span | None
    who: Span


def find_signed(text: str, quotations: list[Quotation]) -> list[Statement]:
    """Return the statements whose quotation fills paragraphs, with a speaker printed before or after and no verb.

    It takes no ``Name said:``, which has a cue. A signature holds for the paragraph before it and for those of which
    that goes on; an introduction for all quoted paragraphs that follow it.

    Parameters
    ----------
    text
        The cleaned text; paragraphs are lines.
    quotations
        From `find_quotations`.
    """
    found: list[Statement] = []
    run: list[Span] = []  # quoted paragraphs that may still be signed
    introduced: _Signer | None = None
    current: Statement | None = None  # of the one introduced
    for match in _LINE.finditer(text):
        start, end = match.span()
        quoted = [(q.start, q.end) for q in within(quotations, start, end)]
        if not quoted:
            signer = _read(text, _SIGNATURE, start, end) if run else None
            if signer:
                found.append(_sign(run, signer))
            run, current, introduced = [], None, None if signer else _read(text, _INTRODUCTION, start, end)
            continue
        begins = not text[start : quoted[0][0]].strip(_LEAD)
        opened = None if begins else _read(text, _INTRODUCTION, start, quoted[0][0])
        signer = _read(text, _SIGNATURE, quoted[-1][1], end)
        whole = not any(text[a:b].strip() for (_, a), (b, _) in pairwise(quoted))
        if not (whole and (begins or opened) and (signer or not text[quoted[-1][1] : end].strip(_LEAD + "."))):
            run, current, introduced = [], None, None
            continue
        if opened:
            current, introduced = None, opened
        if signer or not introduced:
            goes_on = next(within(quotations, *quoted[0])).chained
            run = [*run, *quoted] if goes_on else quoted
        if signer:
            found.append(_sign(run, signer))
            run, current, introduced = [], None, None
        elif introduced and current:
            current.content += quoted
        elif introduced:
            current = _sign(quoted, introduced)
            found.append(current)
    return found


def _sign(content: list[Span], signer: _Signer) -> Statement:
    return Statement(content, signer.cue, signer.who, confidence=_SIGNED)


def _read(text: str, pattern: re.Pattern[str], start: int, end: int) -> _Signer | None:
    """Read a signature or an introduction, which must be a name or a description with nothing that is done."""
    match = pattern.match(text, start, end) if end - start < 300 else None
    if match is None:
        return None
    low, high = trim(text, *match.span("who" if match["who"] else "other"))
    handle = text.find("(@", low, high)
    high = low + len(text[low : handle if handle > 0 else high].rstrip("*_ "))
    tokens = tokenize(text, low, high, [])
    if any(token.tag in _VERBAL for token in tokens) or not any(token.tag == "name" for token in tokens):
        return None
    for place, token in enumerate(tokens):
        if token.tag != "name" and any(m.entry.word_class == "verb" for m in match_cues(tokens, place)):
            return None
    head = text[low:high].split(",")[0].strip("*_")
    if pattern is _INTRODUCTION and match["who"]:  # "Key points:" is nobody
        if len(head.split()) + text[low:high].count(",") < 2 or _HEADING.search(head):
            return None
        if not all(_PART.fullmatch(word) for word in head.split()):
            return None
    return _Signer(match.span("cue") if match["cue"] else None, (low, high))
