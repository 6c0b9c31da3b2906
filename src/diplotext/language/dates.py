"""Dates named in a text, relative to its publication.

Own code because general parsers read "January 9 and 10" as a year and know nothing of an article's day: a newspaper's
"Friday" is the last one on or before publication, unless the clause is about the future.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import NamedTuple

from diplotext.language.moments import MONTH, month_number

_WEEKDAYS = {d.casefold(): i for i, d in enumerate(calendar.day_name)}
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_DAY = r"\d{1,2}(?:st|nd|rd|th)?\b(?![:.]\d|\s?(?:%|percent|per cent|million|billion|km|p\.m|a\.m|pm\b|am\b))"
_W = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_TO = r"\s?(?:–|—|-|/|\bto\b|\bthrough\b|\bthru\b|\buntil\b|\bor\b|\band\b|&)\s?"
_N = rf"(?:{'|'.join(_NUMBERS)}|\d{{1,3}}|few|couple of|several)"

_MENTION = re.compile(
    rf"""(?ix)\b(?:
      (?P<iso>(?:1[5-9]|20)\d\d-\d\d-\d\d)(?![\d-])
    | (?P<us>(?:{_W},?\s+)?(?P<um>{MONTH})\s+(?P<ud>{_DAY})
        (?:{_TO}(?:(?P<um2>{MONTH})\s+)?(?P<ud2>{_DAY})(?!\s(?:people|soldiers|troops|others|men|women)))?
        (?:,?\s+(?P<uy>(?:1[5-9]|20)\d\d)\b)?)
    | (?P<eu>(?:{_W},?\s+)?(?P<ed>\d{{1,2}})(?:st|nd|rd|th)?(?:{_TO}(?P<ed2>\d{{1,2}})(?:st|nd|rd|th)?)?\s+(?:of\s+)?
        (?P<em>{MONTH})(?:{_TO}(?P<ed3>\d{{1,2}})\s+(?P<em3>{MONTH}))?(?:,?\s+(?P<ey>(?:1[5-9]|20)\d\d)\b)?)
    | (?P<my>(?P<mm>{MONTH})(?:\sof)?,?\s+(?P<myy>(?:19|20)\d\d)\b)
    | (?P<week>(?:(?P<wmod>last|next|this|this\s+past|this\s+coming|the\s+following|the\s+previous)\s+)?(?P<wd>{_W}))\b
    | (?P<rel>the\ day\ before\ yesterday|the\ day\ after\ tomorrow|yesterday|today|tomorrow|tonight|last\ night|
        this\ (?:morning|afternoon|evening))\b
    | (?P<anchor>(?:(?:the|a|one)\ (?P<ad>day|week|month|year)|(?P<an>{_N})\ (?P<au>days|weeks|months|years))
        \ (?P<adir>earlier|before|later|prior|after)|
        the\ (?P<nextprev>previous|following|next|preceding)\ (?P<npu>day|week|month|year))\b
    | (?P<ago>(?P<agn>{_N})\ (?P<agu>day|week|month|year)s?\ ago)\b
    | (?P<span>(?P<smod>last|next|this|this\ past|this\ coming|the\ past)\ (?P<su>weekend|week|month|year))\b
    | (?P<wend>over\ the\ weekend)\b
    | (?P<bare>{MONTH})
    | (?P<year>(?:19|20)\d\d)\b(?![-,.]\d|\s(?:people|troops|soldiers|men|dollars|votes))
    )"""
)
# what must stand before a bare month ("in May", not "may") or year ("in 2014", not "2014 people")
_BEFORE_BARE = re.compile(
    r"(?i)\b(?P<lead>in|since|until|till|by|for|from|during|late|early|mid|last|next|this|of|before|after|through|between|"
    r"and|to|summer|winter|spring|autumn|fall)[\s-](?:late[\s-]|early[\s-]|mid-?\s?)?$"
)
# names that hold a weekday, and weekdays that are no day ("Black Friday", "the Sunday Times", "every Friday")
_NAME_BEFORE = re.compile(
    r"(?i)(?:black|bloody|good|super|ash|palm|easter|cyber|giving|mardi|holy|mail on|casual|every|each|one|any|most|"
    r"usa)\s$"
)
_NAME_AFTER = re.compile(r"\s(?:Times|Telegraph|Mail|Express|Mirror|Herald|Mass|Night|School|Today)\b")
_BOUND = re.compile(r"(?:(?<=[a-z]{3})\.|[;!?])\s|\n|[“”\"]|\s[–—]\s")
_PARTICIPLE = r"(?:\ (?:be|have\ been|have))(?:\ (?:\w+ed|held|made|put|sent|left|led|won|met|set|begun|given|taken))?"
_FUTURE = re.compile(
    rf"(?i)\b(?:(?:(?:is|are|was|were)\ )?(?:will|would|won[’']t|shall|[’']ll|going\ to|to)"
    rf"(?:\ (?:also|not|likely|then))?{_PARTICIPLE}|"
    r"will|would|won[’']t|shall|[’']ll|going\ to|to\ (?:begin|start|meet|travel|visit|open|take\ place|hold|speak|"
    r"host|vote|discuss|attend|resume|sign|convene|arrive|go|leave|return|decide|join)|"
    r"(?:is|are|be|was|were|been)\ (?:due|set|scheduled|expected|planned|slated|supposed|likely|to)|"
    r"scheduled|slated|planned|upcoming|forthcoming|(?:due|expected)\ (?:on|in|at|back|by|for)|plans?\ (?:to|for)|"
    r"hopes?\ to|intends?\ to|ahead\ of|later\ this|begins|starts|opens|kicks\ off|takes\ place)\b"
)
_DEADLINE = re.compile(r"(?i)\b(?:by|until|till|due|from\ next)\ (?:the\ |early\ |late\ )?$")
_PAST = re.compile(
    r"(?i)\b(?:said|says|told|was|were|had|has|have|did|met|spoke|held|came|went|took|made|gave|left|began|wrote|saw|"
    r"found|put|rose|fell|won|lost|led|flew|sent|struck|broke|shot|fought|brought|got|since|[a-z]{2,}ed)\b"
)
_OBJECT = re.compile(r"\s(?!(?:and|that|in|by|but|when|on|at)\b)\w")
_REACH = 160  # how far to either side of a mention its clause is looked for


class DateMention(NamedTuple):
    """A date named in a text: where, and the first and last day that it stands for."""

    start: int
    end: int
    first: dt.date
    last: dt.date


def find_dates(text: str, published: dt.date | None, precision: str = "day") -> list[DateMention]:
    """Find the days, weeks, months and years that a text names.

    It does not find clock times, seasons, decades or feasts, and it gives nothing rather than a guess: expressions that
    need a publication day (weekdays, "yesterday") are left out when only its month or year is known.

    Parameters
    ----------
    text
        Any part of an article; mentions are resolved in order, so that "a day earlier" follows the one before it.
    published
        The day of publication, or None.
    precision
        How exact `published` is: time, day, month, year or none.

    Returns
    -------
    `DateMention` in order of `start`, without overlap. A weekday is the last such day on or before publication; after
    "will", "is due to", "scheduled" and the like in its clause, the first on or after it. A day and month without year
    take the year that brings them nearest to publication, on the side of the clause's tense. "January 9 and 10" is
    one mention of two days; a week runs from Monday to Sunday; a month or year from its first to its last day.

    Raises
    ------
    ValueError
        If `precision` is none of the five.
    """
    if precision not in {"time", "day", "month", "year", "none"}:
        raise ValueError(f"precision: expected one of time, day, month, year, none; got {precision!r}")
    if isinstance(published, dt.datetime):
        published = published.date()
    known = {"none": 0, "year": 1, "month": 2}.get(precision, 3) if published else 0
    found: list[DateMention] = []
    for match in _MENTION.finditer(text):
        days = _resolve(match, text, published or dt.date.min, known, found)
        if days:
            start = match.start() + 5 * bool(match["wend"])  # without "over "
            found.append(DateMention(start, match.end(), *days))
    return found


Days = tuple[dt.date, dt.date]
_STEPS = {"yesterday": -1, "last night": -1, "tomorrow": 1, "the day before yesterday": -2, "the day after tomorrow": 2}


def _resolve(match: re.Match[str], text: str, published: dt.date, known: int, found: list[DateMention]) -> Days | None:
    """Return first and last day of a mention, or None where it cannot be told. `known`: 0 none to 3 the day."""
    if match["iso"]:
        return _days(*map(int, match["iso"].split("-")))
    if match["us"] or match["eu"]:
        if match["um"] and not match["um"][0].isupper():  # "it may 5 ..."
            return None
        return _resolve_day(match, text, published, known)
    if match["my"]:
        return _month(int(match["myy"]), month_number(match["mm"]))
    if match["year"] or match["bare"]:
        before = _BEFORE_BARE.search(text, max(0, match.start() - 16), match.start())
        if not before:
            return None
        if match["year"]:
            return _year(int(match["year"]))
        named = match["bare"][0].isupper() and before["lead"].casefold() not in {"and", "to"}
        return _resolve_month(match, before["lead"].casefold(), text, published) if known >= 2 and named else None
    if match["anchor"]:
        return _resolve_anchor(match, text, published, known, found)
    if match["ago"] or match["span"]:
        return _resolve_span(match, published, known)
    if known < 3:
        return None
    if match["week"]:
        return _resolve_weekday(match, text, published)
    if match["wend"]:
        saturday = published - dt.timedelta((published.weekday() - 5) % 7)
        return saturday, saturday + dt.timedelta(1)
    if _NAME_BEFORE.search(text, max(0, match.start() - 10), match.start()):  # "USA Today"
        return None
    day = published + dt.timedelta(_STEPS.get(match["rel"].casefold(), 0))
    return day, day


def _resolve_day(match: re.Match[str], text: str, published: dt.date, known: int) -> Days | None:
    if match["us"]:
        month, day, year = month_number(match["um"]), _number(match["ud"]), match["uy"]
        month2 = month_number(match["um2"]) if match["um2"] else month
        day2 = _number(match["ud2"]) if match["ud2"] else None
    else:
        month, day, year = month_number(match["em"]), int(match["ed"]), match["ey"]
        month2, day2 = month, int(match["ed2"]) if match["ed2"] else None
        if match["ed3"]:
            month2, day2 = month_number(match["em3"]), int(match["ed3"])
    if year:
        first = _days(int(year) - (month2 < month), month, day)
        last = _days(int(year), month2, day2) if day2 else first
    elif known >= 2:
        first = _nearest(month, day, published, _tense(text, match), known)
        last = _days(first[0].year + (month2 < month), month2, day2) if first and day2 else first
    else:
        return None
    return (first[0], last[0]) if first and last and first[0] <= last[0] else first


def _nearest(month: int, day: int, published: dt.date, tense: int, known: int) -> Days | None:
    """Return the day in the year that brings it nearest to publication, on the side of the tense."""
    years = [d for y in (-1, 0, 1) if (d := _days(published.year + y, month, day))]
    slack = dt.timedelta(31 if known < 3 else 1)
    side = [d for d in years if not tense or (d[0] >= published - slack if tense > 0 else d[0] <= published + slack)]
    return min(side or years, key=lambda d: abs(d[0] - published), default=None)


def _resolve_weekday(match: re.Match[str], text: str, published: dt.date) -> Days | None:
    start, end = match.span("wd")
    if _NAME_BEFORE.search(text, max(0, start - 10), start) or _NAME_AFTER.match(text, end):
        return None
    if not text[start].isupper():
        return None
    back = (published.weekday() - _WEEKDAYS[match["wd"].casefold()]) % 7
    modifier = " ".join((match["wmod"] or "").casefold().split())
    if modifier in {"next", "this coming", "the following", "this"}:
        step = (7 - back) % 7 if modifier == "this" else 7 - back
        if modifier == "this" and _tense(text, match) < 0:
            step = -back
    elif modifier in {"last", "the previous", "this past"}:
        step = -(back or 7)
    else:
        step = (7 - back) % 7 if _tense(text, match) > 0 else -back
    day = published + dt.timedelta(step)
    return day, day


def _resolve_month(match: re.Match[str], lead: str, text: str, published: dt.date) -> Days | None:
    month, year = month_number(match["bare"]), published.year
    if lead == "this":
        return _month(year, month)
    if lead == "next" or (lead != "last" and _tense(text, match) > 0):
        return _month(year + (month < published.month), month)
    return _month(year - (month > published.month or (lead == "last" and month == published.month)), month)


def _resolve_anchor(
    match: re.Match[str], text: str, published: dt.date, known: int, found: list[DateMention]
) -> Days | None:
    """Resolve "a day earlier" by the mention before it, or by publication."""
    word = (match["adir"] or "").casefold()
    if word in {"before", "after", "prior"} and _OBJECT.match(text, match.end()):
        return None  # "the day before the summit" is counted from the summit
    back = word in {"earlier", "before", "prior"} or (match["nextprev"] or "").casefold() in {"previous", "preceding"}
    count = _count(match["an"]) if match["an"] else 1
    if not count or (not found and known < 3):
        return None
    start, end = (found[-1].first, found[-1].last) if found else (published, published)
    return _shift(start if back else end, -count if back else count, match["ad"] or match["au"] or match["npu"])


def _resolve_span(match: re.Match[str], published: dt.date, known: int) -> Days | None:
    unit = (match["agu"] or match["su"]).casefold()
    if known < {"year": 1, "month": 2}.get(unit, 3):
        return None
    if match["ago"]:
        count = _count(match["agn"])
        return _shift(published, -count, unit) if count else None
    modifier = match["smod"].casefold()
    step = -1 if modifier in {"last", "this past", "the past"} else 1 if modifier in {"next", "this coming"} else 0
    if unit == "weekend":
        week = 0 if modifier == "this coming" else step
        saturday = published + dt.timedelta(5 - published.weekday() + 7 * week)
        return saturday, saturday + dt.timedelta(1)
    if unit == "week":
        monday = published + dt.timedelta(7 * step - published.weekday())
        return monday, monday + dt.timedelta(6)
    return _shift(published, step, unit)


def _shift(day: dt.date, count: int, unit: str) -> Days | None:
    """Return the day, or the month or year, `count` units away: a month ago is a month, not a day."""
    unit = unit.casefold().removesuffix("s")
    try:
        if unit in {"day", "week"}:
            moved = day + dt.timedelta(count * (7 if unit == "week" else 1))
            return moved, moved
        if unit == "month":
            index = day.year * 12 + day.month - 1 + count
            return _month(index // 12, index % 12 + 1)
        return _year(day.year + count)
    except (OverflowError, ValueError):
        return None


def _tense(text: str, match: re.Match[str]) -> int:
    """Return 1 where the clause around a mention is about the future, -1 about the past, 0 where nothing tells.

    The nearest marker before the mention in its sentence decides; for a mention that opens the sentence, the first
    one after it.
    """
    if _DEADLINE.search(text, max(0, match.start() - 16), match.start()):
        return 1
    low = max(0, match.start() - _REACH)
    for bound in _BOUND.finditer(text, low, match.start()):
        low = bound.end()
    future = past = -1
    for m in _FUTURE.finditer(text, low, match.end()):
        future = m.end()
    for m in _PAST.finditer(text, low, match.start()):
        past = m.end() if not _FUTURE.fullmatch(m.group()) else past
    if future >= 0 or past >= 0:
        return 1 if future >= past else -1
    stop = _BOUND.search(text, match.end(), match.end() + _REACH)
    high = stop.start() if stop else match.end() + _REACH
    ahead, behind = _FUTURE.search(text, match.end(), high), _PAST.search(text, match.end(), high)
    if ahead and (not behind or ahead.start() <= behind.start()):
        return 1
    return -1 if behind else 0


def _count(word: str) -> int | None:
    word = word.casefold()
    return int(word) if word.isdigit() else _NUMBERS.get(word)  # "several" and "few" are no number


def _number(day: str) -> int:
    return int(day.rstrip("stndrhSTNDRH"))


def _days(year: int, month: int, day: int) -> Days | None:
    try:
        return dt.date(year, month, day), dt.date(year, month, day)
    except ValueError:
        return None


def _month(year: int, month: int) -> Days:
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])


def _year(year: int) -> Days:
    return dt.date(year, 1, 1), dt.date(year, 12, 31)
