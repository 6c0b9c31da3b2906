"""What one document says, before it becomes rows: a statement in offsets of the text."""

from __future__ import annotations

from dataclasses import dataclass

from diplotext.spans import Span


@dataclass
class Statement:
    """One statement; `named` is what a relative pronoun's source stands for, `clause` the cue's sentence."""

    content: list[Span]
    cue: Span | None = None
    source: Span | None = None
    cue_kind: str = "speech"
    confidence: float = 1.0
    paragraph: int = 0
    named: Span | None = None
    addressee: Span | None = None
    relay: Span | None = None
    reported: Span | None = None
    clause: Span | None = None
    closed: bool = True
