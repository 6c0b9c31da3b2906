"""Parts of an article that are not its story: dateline, byline, contributor notes.

Pure functions on one paragraph. They recognise; they remove nothing (that is cleaning's).
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from diplotext.language import MONTH
from diplotext.schema import read_words
from diplotext.structure.places import known_places

_DATE = rf"(?i:{MONTH}\s+\d\d?(?:\s*[-–/]\s*\d\d?)?|\d\d?\s+{MONTH})(?:,?\s+\d{{4}}\b)?"
_DASH = r"(?:—|–|―|--+|-|_)"
_PARTICLE = r"(?:of|the|de|del|la|le|los|las|el|al|da|do|di|du|on|am|an|en|and|upon|bin|es)\b"
_WORD = rf"(?!(?i:{MONTH})\b)(?:(?:St|Ft|Mt|Pt|Ste)\.|[A-ZÀ-ÖØ-ÞĀ-Ž][\w’'.-]*|{_PARTICLE}|&)"
_REGION = rf",\s+{_WORD}(?:\s{_WORD}){{0,3}}"
_PLACE = rf"{_WORD}(?:[ /-]{{1,2}}{_WORD}){{0,5}}(?:{_REGION}){{0,2}}"
_AGENCY = r"[^\W\d_][\w.&’'/ -]{0,39}?"
_STORY = r"[\"“”„«‘’'(\[…]*[^\W_a-zß-ÿ]"  # a story begins with a capital or a digit, perhaps after a quote mark

# "PLACE, Region, Jan 9 (Agency) - ": every part but one may be missing; what is found is judged in _is_dateline.
_DATELINE = re.compile(
    rf"\s*\[?(?P<place>{_PLACE})?\]?\s*,?\s*(?P<date>\(?{_DATE}\)?)?\.?\s*,?\s*"
    rf"(?:[(\[/]\s*(?P<agency>{_AGENCY})(?:,?\s+(?P<inner>{_DATE}))?\s*[)\]/]|(?P<bare>Kyodo|TASS|Xinhua|dpa)\b)?"
    rf"(?P<sep>\s*[.:]?\s*{_DASH}\s*(?:{_DASH}\s*)?|\s*[:|]\s*|\.\s+|\s*)(?={_STORY})"
)
_LONGEST = 140  # no dateline is longer: keeps the work per paragraph constant


class Dateline(NamedTuple):
    """A dateline: where the story begins after it, and its place, agency and date as printed."""

    end: int
    place: str
    agency: str | None
    date: str | None


def match_dateline(paragraph: str) -> Dateline | None:
    """Recognise the dateline that opens a paragraph.

    It does not resolve the date (see `language.read_moment`) or check that the place exists: a name in capitals
    before a dash is taken as a place. Without an agency, a place in mixed case must be a city known by itself
    (capitals and the cities of ``resources/datelines.csv``), or stand before a known state or region. A colon asks for
    a known city.

    Parameters
    ----------
    paragraph
        One paragraph; a dateline is looked for at its very beginning only.

    Returns
    -------
    `Dateline` with `end` the offset at which the story begins, `place` (empty where only an agency or a date is
    named), `agency` and `date` as printed or None; None where the paragraph opens without a dateline.
    """
    match = _DATELINE.match(paragraph[:_LONGEST])
    if not match:
        return None
    place = (match["place"] or "").strip(" ,")
    date = match["date"] or match["inner"]
    agency = match["agency"] or match["bare"]
    if not _is_dateline(place, bool(date), agency, match["sep"].strip()):
        return None
    return Dateline(match.end(), place, agency, date.strip("() ") if date else None)


def _is_dateline(place: str, dated: bool, agency: str | None, sep: str) -> bool:
    if place.upper() in read_words("datelines")["not_place"]:
        return False
    cities, states = known_places()
    parts = [p.strip() for p in re.split(r",|/", place)]
    city, region = parts[0].casefold(), parts[-1].casefold()
    capitals = parts[0].isupper() and len(parts[0].replace(".", "")) > 2 and parts[0] not in _acronyms()
    capitals = capitals and len(parts[0].split()) <= 4
    local = city in cities or (len(parts) > 1 and city not in states and (region in states or region[-1:] == "."))
    if agency is not None:
        if _is_known_agency(agency):  # "Washington (CNN)President ...": no mark need follow
            return not place or sep != "" or capitals or local
        # "NAME (voice-over):" is who speaks
        return bool(place) and sep != "" and _looks_like_agency(agency, capitals and not sep.endswith(":"))
    dashed = re.search(_DASH, sep) is not None
    if dashed:
        return capitals or local
    return sep in {":", "|"} and (city in cities or (dated and capitals))


def _is_known_agency(agency: str) -> bool:
    known = read_words("datelines")["agency"]
    return agency in known or agency.split()[0].split("/")[0] in known


def _looks_like_agency(agency: str, capitals: bool) -> bool:
    named = re.search(r"(?i)\b(?:agency|press|news|newswire|wire|service|media|reports?|times|post)\b", agency)
    return (
        bool(named)
        or (agency.isupper() and agency.isalpha() and 2 <= len(agency) <= 6)
        or (capitals and len(agency) > 1)
    )


@cache
def _acronyms() -> frozenset[str]:
    return read_words("datelines")["acronym"]


_NAME_WORD = (
    r"(?:[A-ZÀ-ÖØ-ÞĀ-Ž][\w’'.-]*|(?:de|del|della|der|den|di|da|dos|du|la|le|van|von|bin|bint|ibn|al|el|ter|ten|y|e)\b)"
)
_NAME = rf"{_NAME_WORD}(?:\s+{_NAME_WORD}){{0,5}}"
_FROM = rf"(?:\s+(?:in|at|for|of|from)\s+(?:the\s+)?{_NAME})"
_BYLINE = re.compile(
    r"\s*[—–-]?\s*(?:(?:Written|Reported|Compiled|Posted|Published|Story|Report|Words|Analysis)\s+)?(?:[Bb]y|BY)\s*:?\s+"
    rf"(?P<authors>(?:[Tt]he\s+)?{_NAME}{_FROM}?"
    rf"(?:(?:,\s+(?:and\s+)?|\s+(?:and|AND|with|&)\s+|\s*;\s*){_NAME}{_FROM}?){{0,6}})"
    r"(?:\s*[|•·/–—-]\s*[\w’'.,|/&@:• –—-]{2,80})?\s*$"
)
_ROLE = re.compile(
    r"(?i)\b(?:staff|writers?|reporters?|correspondents?|editors?|bureau|agency|press|news|times|post|journal|herald|"
    r"tribune|courier|gazette|reuters|afp|ap|upi|bloomberg|today|service|columnist|contributor|desk|chief)\b"
)
_NOT_AUTHOR = re.compile(
    rf"(?i)(?:{MONTH}|(?:mon|tues|wednes|thurs|fri|satur|sun)day|now|then|contrast|comparison|law|default|far)\b"
)


def match_byline(paragraph: str) -> str | None:
    """Recognise a line that names the authors ("By Jane Doe and John Roe, Associated Press").

    It does not look for authors inside running text; the whole paragraph must be the byline.

    Parameters
    ----------
    paragraph
        One paragraph.

    Returns
    -------
    The authors as printed, without "By", place, role or outlet where these can be told apart; None for anything else.
    """
    if len(paragraph) > 200:
        return None
    match = _BYLINE.match(paragraph)
    if not match or _NOT_AUTHOR.match(match["authors"]):
        return None
    if re.search(r"[.!?:;]$", paragraph.rstrip()) and not re.search(r"\b(?:Jr|Sr|[A-Z])\.$", paragraph.rstrip()):
        return None
    kept = re.split(r"(,\s+)", re.sub(_FROM, "", match["authors"]))
    while len(kept) > 2 and _ROLE.search(kept[-1]):
        kept = kept[:-2]
    return re.sub(r"^[Tt]he\s+(?=[A-Z])", "", "".join(kept)).strip(" ,")


_NOTES = re.compile(
    r"""(?ix)^\s*[(\[*_—–-]*\s*(?:
      (?:additional\s+|with\s+|contributing\s+)?(?:reporting|writing|editing|compiled|edited)\s+(?:by|from)\s+
        (?-i:[A-Z]|the\ [A-Z])
    | with\s+(?:assistance|files|contributions?|inputs?|additional\ (?:reporting|material))\s+(?:from|by)\b
    | (?:editor['’]?s?['’]?|editors['’]?|publisher['’]s|author['’]s)\s+note\b
    | (?:corrections?|clarification|corrected|amendment)\b\s*(?:\([^)]{1,40}\)|,\s[^:.]{1,40})?\s*(?::|—|–|\.\s|-\s)
    | this\s+is\s+an?\s+(?:rush|unedited|uncorrected|rough)\s+transcript\b
    | an?\s+(?:earlier|previous|prior|original)\s+(?:version|headline)\s+(?:of|on)\s+(?:this|the)\b
    | this\s+(?:story|article|report|post|item|version|piece|headline|page|dispatch|copy)\s+
        (?:corrects\b|(?:has\s+(?:also\s+)?been|was|is\s+being)\s.{0,40}?\b
        (?:correct(?:ed)?|updated?|amended|clarified|revised|edited|changed|(?:re)?published|produced|translated)\b)
    )"""
)
# a closing line about who gathered the news: "X contributed to this report.", "X reported from Velograd."
_CREDIT = re.compile(
    r"\bcontributed(?P<to>\s+(?:reporting|to\s+(?:this|the)\s+(?:report|story|article|dispatch|piece))\b"
    r"(?:\s+(?:from|in)\s.{2,60})?|\s+from\s.{2,60})?\s*[.)\]]*\s*$"
)
_REPORTED = re.compile(r"^\W*(?:[A-Z][\w’'-]+[\s,]+(?:and\s+)?){1,6}reported\s+from\s+[A-Z]")
_NEWSPEOPLE = re.compile(
    r"(?i)\b(?:writers?|reporters?|correspondents?|journalists?|staff|press|reuters|afp|agenc(?:y|ies)|bloomberg|"
    r"producers?|researchers?|news|ap|upi)\b"
)


def match_notes(paragraph: str) -> bool:
    """Tell whether a paragraph is a contributor line, a correction or an editor's note.

    It is not for furniture (share bars, copyright lines, related links).

    Parameters
    ----------
    paragraph
        One paragraph.

    Returns
    -------
    True where the whole paragraph is such a note.
    """
    if _NOTES.match(paragraph):
        return True
    if len(paragraph) > 500 or ("contributed" not in paragraph and "reported from" not in paragraph):
        return False
    if _REPORTED.match(paragraph):
        return True
    credit = _CREDIT.search(paragraph)
    if not credit or not re.match(r"\W*[A-Z]", paragraph):
        return False
    return re.match(r"\s+(?:reporting|to\s)", credit["to"] or "") is not None or bool(_NEWSPEOPLE.search(paragraph))
