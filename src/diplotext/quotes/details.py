"""What stands around a cue: whom the words were said to, who passed them on, whom a relative pronoun names."""

from __future__ import annotations

import re

from diplotext.language import Quotation
from diplotext.quotes.cues import Match, find_cue
from diplotext.quotes.phrases import scan_left, scan_right
from diplotext.quotes.statement import Statement
from diplotext.quotes.tokens import tokenize
from diplotext.spans import Span, trim

_RELATIVE = frozenset({"who", "which", "that", "whom"})
_FRAME_WORDS = {
    "that": "that", "to": "to", "as": "as",
    **dict.fromkeys(("whether", "if", "how", "why", "what", "who", "where", "when", "which"), "wh"),
}  # fmt: skip
_MARKS = "“”„«»‘\"'`"
# "quoted X as saying": who is named between the two is the inner speaker, or after "by" who passed it on
_QUOTED = re.compile(r"\b(?:quot|cit)(?:ed?|es|ing)\b", re.I)
_AS_SAYING = re.compile(r"\bas (?:saying|telling|warning|writing|adding|asking|stating|declaring|calling|describing)\b")
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)\b", re.I)
_TO_ANYONE = frozenset({"say", "write", "speak", "add", "explain", "announce", "suggest", "stress", "complain"})
_PERSONS = frozenset({"det", "name", "word", "poss", "num", "obj"})


def describe(text: str, statement: Statement, sentence: Span, quotations: list[Quotation]) -> None:
    """Fill in cue_kind, named, addressee, relay and reported of a statement, where the text gives them.

    Parameters
    ----------
    text
        The cleaned text.
    statement
        With content, cue and source; its content loses an inner report's "X as saying".
    sentence
        The cue's sentence.
    quotations
        Those of that sentence.
    """
    if statement.cue is None:
        return
    statement.clause = sentence
    match = find_cue(tokenize(text, *statement.cue, []))
    if match is not None:
        statement.cue_kind = _tell_kind(text, match, statement)
    if statement.source is not None:
        statement.named = _find_named(text, statement.source, sentence, quotations)
    if _QUOTED.search(text, *statement.cue):
        _find_inner(text, statement, sentence, quotations)
    elif match is not None:
        statement.addressee = _find_addressee(text, match, statement, sentence, quotations)


def _tell_kind(text: str, match: Match, statement: Statement) -> str:
    """Return speech, belief, attitude or intention: what the cue reports with the words that follow it."""
    frames, cue = match.entry.frames, statement.cue or (0, 0)
    after = [span for span in statement.content if span[0] >= cue[1]]
    wanted: tuple[str, ...] = ("after", "quote", "clause", "that")
    if after:
        words = text[after[0][0] : after[0][1]].split(maxsplit=1)
        first = words[0].lower() if words else ""
        if first[:1] in _MARKS:
            wanted = ("quote", "clause", "that", "object")
        else:
            wanted = (_FRAME_WORDS.get(first, "clause"), "clause", "object", "person")
    return next((frames[frame] for frame in wanted if frame in frames), next(iter(frames.values())))


def _find_named(text: str, source: Span, sentence: Span, quotations: list[Quotation]) -> Span | None:
    if text[source[0] : source[1]].strip().lower() not in _RELATIVE:
        return None
    tokens = tokenize(text, sentence[0], source[0], [q for q in quotations if q.end <= source[0]])
    while tokens and tokens[-1].tag in (",", "-"):
        tokens.pop()
    start = scan_left(tokens, len(tokens), 0)
    return (tokens[start].start, tokens[-1].end) if start < len(tokens) else None


def _find_inner(text: str, statement: Statement, sentence: Span, quotations: list[Quotation]) -> None:
    """Read "X quoted Y as saying" (Y is the inner speaker) and "Y was quoted by X as saying" (X passes it on)."""
    cue = statement.cue or sentence
    saying = _AS_SAYING.search(text, cue[0], sentence[1])
    if saying is None:
        return
    verb = _QUOTED.search(text, *cue)
    low = verb.end() if verb else cue[1]
    passive = _PASSIVE.search(text, cue[0], low) is not None
    between = trim(text, low, max(low, saying.start()))
    if text.startswith("by ", between[0]):
        between = (between[0] + 3, between[1])
    if between[1] > between[0]:
        if passive:
            statement.relay = between
        else:
            statement.reported = between
    elif passive and text.startswith(" by ", saying.end()):
        tokens = tokenize(text, saying.end() + 4, sentence[1], [q for q in quotations if q.start >= saying.end() + 4])
        stop = scan_right(tokens, 0, len(tokens), long=False)
        if stop:
            statement.relay = (tokens[0].start, tokens[stop - 1].end)
    rest = [(max(s, saying.end()), e) if s < saying.end() < e else (s, e) for s, e in statement.content]
    kept = [trim(text, s, e) for s, e in rest if not cue[1] <= s < e <= saying.end()]
    statement.content = kept or statement.content


def _find_addressee(
    text: str, match: Match, statement: Statement, sentence: Span, quotations: list[Quotation]
) -> Span | None:
    """Return whom the words were said to: what "told" governs, or what "said to" does."""
    cue = statement.cue or sentence
    limit = min([sentence[1], *(s for s, _ in statement.content if s >= cue[1])])
    if statement.source is not None and statement.source[0] >= cue[1]:
        limit = min(limit, statement.source[0])
    tokens = tokenize(text, cue[1], limit, [q for q in quotations if cue[1] <= q.start < limit])
    if tokens and tokens[0].tag == "to" and match.entry.cue.split()[0] in _TO_ANYONE:
        tokens = tokens[1:]
    elif "person" not in match.entry.frames:
        return None
    if not tokens or tokens[0].tag not in _PERSONS:
        return None
    stop = 1 if tokens[0].tag == "obj" and tokens[0].lower != "her" else scan_right(tokens, 0, len(tokens), long=False)
    return (tokens[0].start, tokens[stop - 1].end) if stop else None
