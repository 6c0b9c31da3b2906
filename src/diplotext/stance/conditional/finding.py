"""Conditionals: the two halves of "if you do this, we will do that", who acts in each, by what means, to what aim.

It reads one sentence at a time and the surface only (patterns: `conditionals.csv`): a condition implied by tone alone,
or one that stands in another sentence, is not found. "If necessary", "as if", "asked if" and "even if" tie nothing to
anybody's conduct and are no conditions here.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from diplotext.language import find_sentences, split_words
from diplotext.schema import read_rows
from diplotext.spans import Span, trim
from diplotext.stance.phrases import PhraseTable

#: kinds of `conditionals.csv` that may begin a conditional; the first that fits decides.
_MARKERS = ("asked", "void", "marker", "once", "inverted", "else", "any", "response")
#: deeds too vague to name a means.
_VAGUE = frozenset(("respond", "react", "answer", "retaliate", "counter", "punish", "walk", "threaten"))
_WORD = re.compile(r"[a-z]+")
#: a semicolon parts conditionals as a full stop does.
_PART = re.compile(r"[^;]+;*[”\"’']*")
#: where the cue stood between two pieces of one quotation.
_SEAM = re.compile(r"(?<=[,.!?][”\"])\s+(?=[“\"][A-Z])")
#: a condition ends at a comma (not of a list or number), a dash, "then", or where "we will" begins.
_END = re.compile(
    r",(?!\d)(?!\s+(?:and|or)\b)|\s-\s|[—–]|\bthen\b|(?<=\w)\s(?=(?:we|there)\s(?:will|would)\b|(?:we|there)[’']ll\b)"
)
#: what stands between two halves; the cue may have stood between two marks.
_JOINT = re.compile(r"[\s,;:—–.-]*(?:[”\"]\s*[“\"])?[\s,;:—–.”-]*")
#: what ends the naming of an attack that will be answered.
_AFTER_RESPONSE = re.compile(r"[,;:—–]|\s(?:and|as well as|but|including)\s")
_LEAD = re.compile(r"\W*(?:(?:and|but|so|that|then|he|she|they|said|also)\b\W*)*", re.IGNORECASE)
#: what stands before the verb of a consequence, and a passive whose agent is the speaker.
_SUBJECT = re.compile(
    r"[“\"‘]?(?:(?:that|then|and|but|so)\s+)?(?P<who>(?:\S+\s+){1,7}?)"
    r"(?=(?:will|would|shall|can|could|may|might|must|won[’']t|is|are|was|were|has|have|stands?|stood|begins?)\b)"
    r"|[“\"‘]?(?P<who2>we|i|they|he|she|it)[’']ll\b",
    re.IGNORECASE,
)
_BY_US = re.compile(r"\bby (?:us|our|me|my)\b|\bfrom (?:us|our)\b", re.IGNORECASE)
_PASSIVE = re.compile(
    r"\s*(?:(?:will|would|is|are|was|were|has|have|had|should|must|can|could|may|might|not|been)\s+){0,3}"
    r"(?:be|been|being|is|are|was|were)\s+(?:\w+ly\s+)?(?:\w+(?:ed|en)|met|struck|shot|hit|cut)\b"
)


class Half(NamedTuple):
    """One half of a conditional: its span in the text, who acts and by what means (as printed, or None)."""

    start: int
    end: int
    agent: str | None
    instrument: str | None


class Conditional(NamedTuple):
    """A conditional; either half may be missing, never both."""

    marker: str
    condition: Half | None
    consequence: Half | None
    aim: str
    specific: bool


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(_rows_of(kind)), re.IGNORECASE)


@cache
def _triggers() -> frozenset[str]:
    return frozenset(_rows_of("trigger")[0].split())


def _rows_of(kind: str) -> list[str]:
    return [row["pattern"] for row in read_rows("conditionals.csv") if row["kind"] == kind]


@cache
def _marker() -> re.Pattern[str]:
    kinds = "|".join(f"(?P<{kind}>{_pattern(kind).pattern})" for kind in _MARKERS)
    return re.compile(rf"\b(?:{kinds})", re.I | re.M)  # all begin with a word: said once, the others are tried less


@cache
def _agent_pattern() -> re.Pattern[str]:
    determiner = r"(?:the|its|his|her|their|our|my|any|both|a|an|every|one|all|either)"
    word = rf"(?:(?-i:[A-Z])[\w’'-]*|{_pattern('actor noun').pattern}|of\s+the|of|and)\s+"
    subject = rf"(?:we|they|he|she|you|i|it)\b|(?:{determiner}\s+)?(?:{word}){{1,7}}"
    return re.compile(rf"[“\"‘]?(?:(?:that|then|and|but|so)\s+)?(?P<who>{subject})(?P<rest>.{{0,40}})", re.I | re.S)


def find_conditionals(text: str) -> list[Conditional]:
    """Return the conditionals of a text, in order; most texts have none."""
    return list(_find(text))


@lru_cache(maxsize=4096)  # both tables ask for the same statements
def _find(text: str) -> tuple[Conditional, ...]:
    found: list[Conditional] = []
    if _triggers().isdisjoint(_WORD.findall(text.lower())) or not _marker().search(text):
        return ()
    for start, end in _sentences(text):
        taken = start
        for match in _marker().finditer(text, start, end):
            if match.lastgroup in ("asked", "void") or match.start() < taken:
                continue
            halves = _split(text, start, end, match)
            if halves is None:
                continue
            made = _describe(text, match, *halves)
            found.append(made)
            taken = max(half.end for half in (made.condition, made.consequence) if half)
    return tuple(found)


def tell_imposer(text: str, made: Conditional, own: Iterable[Span] = (), *, reported: bool = False) -> str:
    """Tell who imposes the cost that a conditional speaks of.

    Parameters
    ----------
    text, made
        The statement and one of its conditionals.
    own
        Spans of the text that name the speaker's side.
    reported
        True where the words are reported: "he", "she", "it" and "they" at the head of the consequence are the speaker.

    Returns
    -------
    ``speaker`` where the speaker's side acts in the consequence, ``other`` where somebody or something else does,
    ``none`` where the consequence is a reward or missing, or nobody is seen to act.
    """
    half = made.consequence
    if half is None:
        return "none"
    words = text[half.start : half.end]
    if _pattern("reward").search(words) and not _pattern("cost").search(words):
        return "none"
    subject = _SUBJECT.match(words)
    if subject is None:
        return "none"
    name = "who" if subject["who"] else "who2"
    start, end = half.start + subject.start(name), half.start + subject.end(name)
    first = subject[name].split()[0].lower()
    if first in ("we", "i", "our", "my") or any(s < end and start < e for s, e in own):
        return "speaker"
    if reported and first in ("he", "she", "it", "they", "his", "her", "its", "their"):
        return "speaker"
    return "speaker" if _BY_US.search(words) else "other"


def _sentences(text: str) -> Iterator[Span]:
    seams = [0, *(match.end() for match in _SEAM.finditer(text)), len(text)]
    for first, last in itertools.pairwise(seams):
        for sentence in find_sentences(text, first, last):
            for part in _PART.finditer(text, *sentence):
                yield trim(text, *part.span())


def _split(text: str, start: int, end: int, match: re.Match[str]) -> tuple[Span | None, Span | None] | None:
    """Return the spans of condition and consequence, or None where the marker turns out to be none."""
    kind, at = match.lastgroup, match.start()
    before = _tidy(text, start, at)
    if kind == "else":
        return (before, _tidy(text, at, end)) if before else None
    if kind == "any":
        return _tidy(text, at, match.end()), _tidy(text, match.end(), end)
    if kind == "response":
        ahead = before and _pattern("answer").search(text, *before) and _pattern("modal").search(text, *before)
        return (_tidy(text, at, _response_end(text, match.end(), end)), before) if ahead else None
    stop = _END.search(text, min(match.end() + 3, end), end)
    condition = _tidy(text, at, stop.start() if stop else end)
    if condition is None:
        return None
    tail = _tidy(text, stop.end(), end) if stop else None
    if tail and not _is_clause(text, tail):
        tail = None
    modal = _pattern("modal")
    head = before if before and modal.search(text, *before) and not _LEAD.fullmatch(text, *before) else None
    if head and not (tail and modal.search(text, *tail) and len(text[slice(*head)].split()) < 3):
        return condition, head
    if kind == "once" and not (tail and modal.search(text, *tail)):
        return None
    if tail:
        return condition, tail
    plain = before and not _LEAD.fullmatch(text, *before) and len(text[slice(*before)].split()) > 2
    return condition, before if plain else None


def _response_end(text: str, at: int, end: int) -> int:
    """Return where "further aggression against its neighbour" ends: at a mark, or where another clause begins."""
    stop = _AFTER_RESPONSE.search(text, at, end)
    return stop.start() if stop else end


def _is_clause(text: str, span: Span) -> bool:
    return len(text[slice(*span)].split()) > 1


def _tidy(text: str, start: int, end: int) -> Span | None:
    """Return the span without marks at its ends; a closing quote mark stays where its opening one is inside."""
    start = max(start, _JOINT.match(text, start, end).end())  # type: ignore[union-attr]
    while end > start:
        last = text[end - 1]
        unpaired = last in '”"' and not re.search('[“"]', text[start : end - 1])
        if not (last.isspace() or last in ",;:—–-.?!" or unpaired):
            break
        end -= 1
    return (start, end) if end > start else None


def _describe(text: str, match: re.Match[str], condition: Span | None, consequence: Span | None) -> Conditional:
    marker = " ".join(match.group().lower().split())
    first = text[slice(*condition)] if condition else ""
    second = text[slice(*consequence)] if consequence else ""
    leads = condition is not None and condition[0] == match.start() and match.lastgroup != "any"
    words = first[len(match.group()) :] if leads else first
    return Conditional(
        marker,
        Half(*condition, _agent(words), _instrument(first)) if condition else None,
        Half(*consequence, _agent(second), _instrument(second)) if consequence else None,
        _aim(match.lastgroup, marker, first, second),
        _is_specific(second),
    )


def _aim(kind: str | None, marker: str, condition: str, consequence: str) -> str:
    """Tell compelling (an act is wanted, or is to end) from deterring (an act is not to happen)."""
    if kind == "else":
        return "deter" if _pattern("warns not").search(condition) else "compel"
    if kind in ("marker", "once") and _pattern("compel marker").search(marker):
        return "compel"
    if _pattern("compels").search(condition):
        return "compel"
    rewards = _pattern("reward").search(consequence) and not _pattern("cost").search(consequence)
    return "compel" if rewards else "deter"


def _agent(words: str) -> str | None:
    match = _agent_pattern().match(words.strip())
    if match is None or _PASSIVE.match(match["rest"]):
        return None
    return re.sub(r"(?:\s+(?:of|of the|and|the))+\s*$", "", match["who"].strip()) or None


def _instrument(words: str) -> str | None:
    match = _pattern("means").search(words)
    return match.group() if match else None


@cache
def _deeds() -> tuple[PhraseTable, tuple[str, ...]]:
    phrases = [row["phrase"] for row in read_rows("posture_cues.csv") if row["reads"] in ("harm", "help", "yield")]
    return PhraseTable(phrases), tuple(phrase.split("~")[0] for phrase in phrases)


def _is_specific(consequence: str) -> bool:
    """Tell whether a consequence names its means: sanctions, a closed border; not "a response" or "consequences"."""
    if _pattern("means").search(consequence):
        return True
    table, verbs = _deeds()
    hits = table.find([token.word for token in split_words(consequence)])
    return any(verbs[hit.row] not in _VAGUE for hit in hits)
