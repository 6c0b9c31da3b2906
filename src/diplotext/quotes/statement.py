"""What the rules find: a statement in token numbers, then in offsets of the text."""

from __future__ import annotations

from dataclasses import dataclass

from diplotext.quotes.phrases import Source
from diplotext.quotes.tokens import Token
from diplotext.spans import Span


@dataclass
class Statement:
    """One statement in offsets of the text; `pattern` names the rule, `frame` what the cue governs."""

    content: list[Span]
    cue: Span | None
    source: Span | None
    named: Span | None
    cue_kind: str | None
    pattern: str
    entry: str = ""
    paragraph: int = 0
    addressee: Span | None = None
    reported: Span | None = None
    closed: bool = True
    clause: Span | None = None
    waits: bool = False  # its content stands in a neighbouring unit


@dataclass
class Found:
    """A statement in token numbers."""

    regions: list[tuple[int, int]]
    cue: tuple[int, int]
    source: Source | None
    kind: str
    pattern: str
    entry: str
    addressee: tuple[int, int] | None = None
    reported: tuple[int, int] | None = None
    waits: bool = False


def locate(tokens: list[Token], found: Found) -> Statement:
    """Turn token numbers into offsets of the text."""

    def chars(span: tuple[int, int] | None) -> Span | None:
        return (tokens[span[0]].start, tokens[span[1] - 1].end) if span and span[1] > span[0] else None

    content = []
    for start, end in found.regions:
        start, end = trim_region(tokens, start, end)
        if end > start:
            content.append((tokens[start].start, tokens[end - 1].end))
    source = found.source
    return Statement(
        content, chars(found.cue), chars((source.start, source.end)) if source else None,
        chars(source.named) if source else None, found.kind, found.pattern, found.entry,
        addressee=chars(found.addressee), reported=chars(found.reported), waits=found.waits,
        clause=(tokens[0].start, tokens[-1].end),
    )  # fmt: skip


def trim_region(tokens: list[Token], start: int, end: int) -> tuple[int, int]:
    """Return the region without punctuation at its ends."""
    while start < end and tokens[start].tag in {",", ";", ":", ".", "-", ")"}:
        start += 1
    while end > start and tokens[end - 1].tag in {",", ";", ":", ".", "-", "("}:
        end -= 1
    return start, end
