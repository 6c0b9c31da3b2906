"""Genres: what kind of text an official title announces, and whose words it says they are."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from diplotext.language import MONTH, find_quotations, reporting_verbs

GENRES = ("article", "briefing", "remarks", "statement", "readout", "document")

# where the speaker's name ends in a title: a preposition that opens the occasion, a date, a dash
_OCCASION = (
    r"on|regarding|about|concerning|following|after|ahead|before|during|marking|at|in|announcing|providing|with|as|upon|"
    r"against|welcoming|condemning|responding|commemorating|honou?ring|previewing|under|amid|over|calling|en\ route|"
    r"via|prior|delivering|introducing|addressing|celebrating|urging|supporting|when|while|"
    r"to(?!\s+the\s+(?:U\.?N\.?|E\.?U\.?|United\s+Nations|European\s+Union|OSCE|NATO)\b)"
)
_MONTH = rf"(?-i:(?=[A-Z])){MONTH}"
_STOP = re.compile(
    rf"(?ix),?\s+(?:{_OCCASION})\b | ,\s+(?={_MONTH}\s+\d|\d|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
    rf"| \s*[:–—|]\s* | \s+-+\s+ | \s*\(|\s+{_MONTH}\s+\d"
)
_FILLER = (
    r"(?:(?:joint|press|media|official|written|opening|closing|prepared|further|brief|welcome|welcoming|introductory|"
    r"public|national|keynote|transcript\s+of|full\s+text\s*(?:of|:)|text\s+of|video|televised|annual|virtual|"
    r"new\s+year['’]?s?|background|the|a|as\s+prepared)\s+)*"
)
_BY = r"(?:by|from|of|on\s+behalf\s+of|attributable\s+to|attributed\s+to|issued\s+by|delivered\s+by|made\s+by)"
_STATEMENT = r"(?:statements?|comments?|message|communication|reply|response|condolences|declaration)"
_REMARKS = (
    r"(?:remarks|(?:inaugural\s+)?address|speech|intervention|toast|lecture|testimony|answers|replies|interview|"
    r"comments\s+to\s+(?:the\s+)?(?:media|press))"
)
_PREFIX = r"(?:(?P<prefix>[^:]{2,60}):\s+)?"
_READOUT = re.compile(
    rf"(?i){_PREFIX}(?P<owner>[\w.’' -]{{0,50}}?\s)??(?:joint\s+)?(?:call\s+|meeting\s+)?readouts?\b"
    rf"(?:\s+(?P<by>from|by)\b\s+(?P<rest>.+)|\s*$|\s+(?:of|on)\b|\s*[:–—-])"
)
_SIGNED = re.compile(
    rf"(?i){_PREFIX}{_FILLER}(?P<noun>{_STATEMENT}|{_REMARKS})"
    rf"(?:\s+(?:as\s+prepared\s+for\s+delivery|as\s+delivered))?"
    rf"(?:\s+and\s+[\w ]{{3,40}}?)?\s+{_BY}\s+(?P<rest>.+)"
)
_OFFICIAL = (
    r"(?:president|premier|chancellor|minister|ministers|ministry|secretary|secretary-general|spokes\w+|representative|"
    r"ambassador|council|commission(?:er)?|government|office|presidency|leaders|department|embassy|mission|delegation|"
    r"union|g-?7|g-?20|quad|director|director-general|chair\w*|speaker|king|queen|pope|envoy|coordinator|ministries)"
)
_SMALL_WORD = re.compile(
    rf"(?i)(?:{_OFFICIAL}|of|the|and|for|to|de|del|der|den|di|da|la|le|van|von|bin|bint|ibn|al|el|foreign|affairs|press|"
    r"deputy|vice|prime|state|national|security|defen[cs]e|interior|head|high|special|senior|official|officials|general|"
    r"acting|assistant|under|public|international|chief|permanent|united|republic|federation|kingdom|al-\w+|s)"
)
# "Foreign Minister Toran's remarks at ...", "Security Council Press Statement on ...": an office must be named
_OWNED = re.compile(
    rf"{_PREFIX}(?P<rest>(?=[^:;?!]{{0,100}}\b(?i:{_OFFICIAL})\b)(?!.{{0,120}}\b(?:[Bb]y|[Oo]n|[Ww]ith)\b.{{0,120}}[’']s\s)(?:the\s+)?[A-Z][^:;?!]{{2,120}}?"
    rf"(?:[’']s|s[’']|\b(?i:ministry|council|government|office|presidency|leaders|department|embassy)))\s+"
    rf"(?i:{_FILLER}(?P<noun>{_STATEMENT}|{_REMARKS}))"
    rf"(?i:\s+(?:on|at|regarding|concerning|following|after|to|before|during|and|about|in)\b|\s*$|\s*[:(–—,])"
)
_UNSIGNED = re.compile(
    rf"(?i){_FILLER}(?P<noun>statements?|remarks|address|speech)\s+(?:{_OCCASION})\s.*?(?:\bby\s+(?P<rest>[A-Z].+))?$"
)
_EVENT = r"(?:briefing|gaggle|call|conference|availability|stakeout|teleconference|doorstep)"
_BRIEFING = re.compile(
    r"(?i)\b(?:press|department|daily|noon|news|media|background|weekly|regular|special|on-the-record|telephonic)\s+"
    rf"{_EVENT}\b|\b(?:gaggle|stakeout|doorstep)\b|\bbriefing\s+by\b"
)
_BRIEFER = re.compile(rf"(?i)\b{_EVENT}\s+(?:{_BY}|with)\s+(?P<rest>.+)")
_DOCUMENT = re.compile(
    r"(?i)(?:joint\s+)?(?:fact\s*sheet\b|communiqu[eé]\b|executive\s+order\b|(?:a\s+)?proclamation\b|"
    r"memorandum\s+(?:of|on|for)\b|(?:text\s+of\s+a\s+)?letter\s+(?:to|from)\b|notice\s+(?:of|on|to)\b|"
    r"message\s+to\s+the\s+congress\b|(?:joint\s+)?declaration\s+(?:of|by|on)\b|chair(?:['’]s|man['’]s)?\s+summary\b|"
    r"conclusions\s+of\b|resolution\s+\d|note\s+verbale\b)"
    r"|.*\b(?:joint\s+communiqu[eé]|summary\s+of\s+proceedings|(?:joint|leaders['’]|summit)\s+declaration)\b"
)
_PRESS_RELEASE = re.compile(r"(?i)press\s+(?:release|statement|communiqu[eé])\b")
# what a newspaper's headline does with a statement, and an institution's title does not
_NEWSY = re.compile(
    r"\b(?i:says?|said|slams?|draws?|sparks?|triggers?|prompts?|fuels?|angers?|stirs?|shows?|reveals?|leaves?|rattles?|"
    r"divides?|splits?|surprises?|shocks?|raises?|issues?|released|releases|condemned|blasts?|rejects?|dismisses|"
    r"fact[- ]check(?:ed)?|takeaways|analysis|watch|read|live)\b"
)
_ATTRIBUTABLE = re.compile(
    r"(?i)(?:the\s+)?(?:following|below)\b.{0,60}?\b(?:attributable|attributed)\s+to\s+(?:the\s+)?(?P<who>[^:]{3,100}?)\s*:"
)
_FIRST_PERSON = re.compile(r"\b(?:I|I’m|I'm|I’ve|I've|[Ww]e|[Oo]ur|my|My)\b")


_INTERVIEW = re.compile(
    r"(?i)(?:\b(?:interview|conversation|talk|q\s?(?:&|and)\s?a)\s+with|\bquestions\s+(?:for|to)|^interview\s*:)\s+(?P<rest>.+)"
)


class Heading(NamedTuple):
    """What a title announces: a genre other than article, and the speaker as printed or None."""

    genre: str
    speaker: str | None


def read_title(title: str) -> Heading | None:
    """Read genre and speaker from the title of an official text.

    It does not look at the text below (see `reads_like_news`). A readout is the institution's own text, so
    its speaker is who publishes it where the title says so ("White House readout of ...", "Readout from the
    spokesperson of ..."), and not the person whose call it describes; else None: the outlet is left to fall back to.

    Parameters
    ----------
    title
        The headline.

    Returns
    -------
    `Heading` with genre in briefing, remarks, statement, readout, document; None for a newspaper's headline.
    """
    title = " ".join(title.split())
    if not title or len(title) > 400:
        return None
    if match := _READOUT.match(title):
        if match["by"]:
            return Heading("readout", _speaker(match["rest"]))
        owner = match["owner"] or match["prefix"]
        return Heading("readout", _speaker(re.sub(r"(?i)[’']s$", "", owner.strip())) if owner else None)
    if _DOCUMENT.match(title):
        return Heading("document", None)
    if _NEWSY.search(title):
        return None
    for pattern in (_SIGNED, _UNSIGNED, _OWNED):
        if match := pattern.match(title):
            speaker = _speaker(match["rest"]) if match["rest"] else None
            if speaker and _has_verb(speaker):  # "Statement by Toran stuns region"
                return None
            return Heading("remarks" if re.match(rf"(?i){_REMARKS}", match["noun"]) else "statement", speaker)
    if _BRIEFING.search(title):
        match = _BRIEFER.search(title)
        return Heading("briefing", _speaker(match["rest"]) if match else None)
    return Heading("statement", None) if _PRESS_RELEASE.match(title) else None


def _speaker(rest: str) -> str | None:
    """Return the name at the head of what follows "by", or None where no name stands there."""
    stop = _STOP.search(rest)
    name = (rest[: stop.start()] if stop else rest).strip(" ,.;") if not (stop and stop.start() == 0) else ""
    if re.search(r"\b(?:Jr|Sr)$", name):
        name += "."
    name = re.sub(r"(?i)^(?:the|an?)\s+|[’']s?$", "", name)
    return name if name and len(name) <= 160 else None


def _has_verb(name: str) -> bool:
    """Tell whether a small word stands in a supposed name that belongs to no office: a headline's verb."""
    return any(w[0].islower() and not _SMALL_WORD.fullmatch(w) for w in re.findall(r"[^\W\d_][\w’'-]*", name))


def find_attribution(paragraph: str) -> str | None:
    """Return the speaker in a line such as "The following is attributable to Spokesperson Ilse Toran:", or None."""
    match = _ATTRIBUTABLE.match(paragraph[:240].lstrip("*_(["))
    return match["who"] if match else None


def find_interviewee(title: str) -> str | None:
    """Return who answers, as a title such as "Interview with the foreign minister of Marvania" prints it, or None."""
    match = _INTERVIEW.search(" ".join(title.split())[:400])
    return _speaker(match["rest"]) if match else None


def names_office(line: str) -> bool:
    """Tell whether a line above the title is a letterhead: "Office of the Prime Minister"."""
    return len(line) < 100 and re.search(rf"(?i)\b{_OFFICIAL}\b", line) is not None


@cache
def _reports() -> re.Pattern[str]:
    """Match a clause that reports a quotation: ``," the envoy said``, ``said the "``."""
    verb = "|".join(sorted(reporting_verbs()))
    return re.compile(rf"[,.?!][”\"]\s+(?:[\w.’'-]+\s+){{0,5}}(?:{verb})\b|\b(?:said|told\s+\w+)\b[^.“\"]{{0,40}}[“\"]")


def reads_like_news(text: str) -> bool:
    """Tell whether a text without turns reports others' words, whatever its title: a story about a statement.

    Counts clauses that report a quotation against the author's own "I" and "we".
    """
    head = text[:12_000]
    reports = sum(1 for _ in _reports().finditer(head))
    quoted = find_quotations(head)
    own = (m for m in _FIRST_PERSON.finditer(head) if not any(q.start < m.start() < q.end for q in quoted))
    return reports >= 2 and reports > sum(1 for _ in own)
