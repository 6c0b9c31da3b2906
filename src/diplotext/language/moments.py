"""Moments: when something was published, as metadata fields, datelines and copyright lines say it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from diplotext.schema import read_rows

_SHORT = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: Pattern of a month's English name or abbreviation, for patterns without regard to case.
MONTH = (
    r"(?:(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)(?![^\W_])\.?|(?:january|february|march|april|may|june|july|"
    r"august|september|october|november|december)(?![^\W_]))"
)
_NAME = MONTH.replace(r"(?![^\W_])", r"(?![^\W\d_])")  # a year may follow at once: "10JUL2019"
_YEAR = r"(?P<year>(?:1[5-9]|2[01])\d\d)"
_SUFFIX = r"(?:st|nd|rd|th)?"
#: The forms of a whole date; of several in a text the first counts.
_DAYS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![\d.-])(?<!\d/){_YEAR}(?P<mark>[-/.])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?)(?!\d)",
        rf"(?<!\w){_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?=[T_]?\d{{4}}(?!\d)|[T_]?\d{{6}}(?!\d)|(?!\w))",
        rf"\b(?P<name>{_NAME})[\s,./-]*(?P<day>\d\d?){_SUFFIX}[\s,/-]+{_YEAR}(?!\d)",
        rf"(?<![\w/.-])(?P<day>\d\d?){_SUFFIX}\.?[\s,/-]*(?:of\s+)?(?P<name>{_NAME})[\s,/-]*{_YEAR}(?!\d)",
        rf"(?<![\w/.-])(?P<day>\d\d?)(?P<mark>[/-])(?P<name>{_NAME})(?P=mark)(?P<short>\d\d)(?!\w)",
        rf"\b{_YEAR}[\s,/-]+(?P<name>{_NAME})[\s,/-]*(?P<day>\d\d?){_SUFFIX}(?!\w)",
        rf"(?<![\w/.-])(?P<a>\d\d?)(?P<mark>[/.-])(?P<b>\d\d?)(?P=mark)(?:{_YEAR}|(?P<short>\d\d))(?![\w/]|[.-]\d)",
    )
)
_MONTHS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?P<name>{_NAME})(?:\s+of)?[\s,/-]+{_YEAR}(?!\d)",
        rf"(?<![\w/.-]){_YEAR}[-/](?P<month>\d\d)(?![\w/-])",
        rf"(?<![\w/.-])(?P<month>\d\d?)/{_YEAR}(?![\w/])",
    )
)
_LONE_YEAR = re.compile(r"(?<![\d.,/])(?:1[5-9]|2[01])\d\d(?![\d/]|[.,]\d|-\d\d\b)")
#: "Wed Jul 10 13:18:00 KST 2019", as `date` prints and some services write it: the year goes to the day.
_YEAR_LAST = re.compile(rf"({_NAME}\s+\d\d?)\s+(\d\d?:\d\d(?::\d\d)?)(\s\S+)?\s((?:19|20)\d\d)$", re.IGNORECASE)
_HALF = r"(?P<half>[ap]\.?\s?m\b\.?)"
_CLOCKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![\d.+-])(?<!\d:)(?P<hour>\d\d?)[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,]\d+)?)?(?!\d)\s*{_HALF}?",
        rf"(?<![\d.:+-])(?P<hour>\d\d?)(?P<minute>)(?P<second>)\s*{_HALF}",
        r"(?<![\d.:+-])(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?P<half>)(?!\d)(?:\s*(?:hrs|hours|h)\b)?",
    )
)
_OFFSET = re.compile(r"(?:GMT|UTC|UT|Z)?\s?([+−-])(\d\d?)(?::?(\d\d))?(?!\d)", re.IGNORECASE)
_PLACE = re.compile(r"[A-Za-z_]+(?:/[A-Za-z_-]+){1,2}")
_LONGEST = 300  # of a field: what is longer is no date
#: Unix times by their number of digits: seconds, milli-, micro- and nanoseconds.
_UNITS = {9: 1, 10: 1, 12: 1e3, 13: 1e3, 15: 1e6, 16: 1e6, 18: 1e9, 19: 1e9}


class Moment(NamedTuple):
    """A moment in UTC, and how exact it is: time, day, month or year."""

    at: dt.datetime
    precision: str


@cache
def month_number(name: str) -> int:
    """Return 1 to 12 for a name or abbreviation that `MONTH` matches."""
    return _SHORT.index(name[:3].casefold()) + 1


def read_moment(value: Any) -> Moment | None:
    """Read the date in a metadata field, a dateline or a copyright line: the one reader of dates in this package.

    It does not guess: a date without a year is None, an order of day and month that cannot be told ("03/04/2022")
    gives the year only, and a clock whose time zone is missing or not known ("10:05 IST": of India, Israel or Ireland)
    gives the day only. It does not read "yesterday", nor years outside 1500 to 2199.

    Parameters
    ----------
    value
        A text, in which words around the date do no harm ("Published: Jan. 9, 2022 10:30 a.m. EST"); a date or
        datetime; a year, a Unix time (seconds, or milli-, micro- or nanoseconds), or a compact date as a number.

    Returns
    -------
    The moment in UTC and its precision: time, day (its midnight), month (its first day) or year (its first day). None
    where there is no date. Of several dates the first counts, of several years ("2019-2022") the last. With dots
    the day comes first (``03.04.2022``). Midnight in UTC is a day: it is how tables and services write one. The zones
    known by name are those of ``resources/time_zones.csv`` and of the IANA data base (``Asia/Seoul``).

    Examples
    --------
    >>> read_moment("10 July 2019, 1:18 p.m. KST").at.isoformat()
    '2019-07-10T04:18:00+00:00'
    """
    if value is None or value != value or isinstance(value, bool):
        return None
    if isinstance(value, dt.date):
        return _from_date(value)
    if isinstance(value, float) and value.is_integer():  # a column of numbers with a gap in it
        value = int(value)
    text = " ".join(str(value)[: 2 * _LONGEST].split()).strip("\"'")
    if len(text) > _LONGEST:
        return None
    return _from_number(text) or _from_text(text)


def _from_date(value: dt.date) -> Moment | None:
    if not 1500 <= value.year <= 2199:
        return None
    day = dt.datetime(value.year, value.month, value.day, tzinfo=dt.UTC)
    if not isinstance(value, dt.datetime) or value.tzinfo is None:
        return Moment(day, "day")
    utc = value.astimezone(dt.UTC)
    clock = (utc.hour, utc.minute, utc.second, utc.microsecond)
    at = dt.datetime(utc.year, utc.month, utc.day, *clock, tzinfo=dt.UTC)
    return Moment(at, "time" if any(clock) else "day")


def _from_number(text: str) -> Moment | None:
    if not re.fullmatch(r"\d{9,19}(?:\.\d+)?", text):
        return None
    whole = text.partition(".")[0]
    if len(whole) in (12, 14) and _DAYS[1].match(whole) and (day := _read_day(_DAYS[1].match(whole))):
        return day  # 201907101318: no zone, so its day
    seconds = float(text) / _UNITS[len(whole)] if len(whole) in _UNITS else 1e12
    at = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=min(seconds, 1e10))
    return Moment(at, "time") if at.year <= 2199 else None


def _from_text(text: str) -> Moment | None:
    text = _YEAR_LAST.sub(r"\1 \4 \2\3", text)
    if found := _first(text, _DAYS):
        moment = _read_day(found)
        if moment is None or moment.precision != "day":
            return moment
        clock = _read_clock(moment.at, text[found.end() :]) or _read_clock(moment.at, text[: found.start()])
        return clock or moment
    if found := _first(text, _MONTHS):
        month = month_number(found["name"]) if found.groupdict().get("name") else int(found["month"])
        return Moment(dt.datetime(int(found["year"]), month, 1, tzinfo=dt.UTC), "month") if 1 <= month <= 12 else None
    years = _LONE_YEAR.findall(text)
    return Moment(dt.datetime(int(years[-1]), 1, 1, tzinfo=dt.UTC), "year") if years else None


def _first(text: str, patterns: tuple[re.Pattern[str], ...]) -> re.Match[str] | None:
    found = []
    for pattern in patterns:
        if match := pattern.search(text):
            found.append(match)
            if match.start() == 0:  # none is before it
                break
    return min(found, key=lambda match: (match.start(), -match.end()), default=None)


def _read_day(found: re.Match[str] | None) -> Moment | None:
    """Return the day of a match of `_DAYS`, or the year where day and month cannot be told apart."""
    if found is None:
        return None
    parts = found.groupdict()
    short = parts.get("short")
    year = int(parts.get("year") or f"{20 if int(short or 0) < 69 else 19}{short}")
    if parts.get("a"):
        a, b, dotted = int(parts["a"]), int(parts["b"]), parts["mark"] == "."
        if short and not dotted and not (a <= 12 < b):  # 25/07/19 may be of 2019 or of 2025
            return None
        if not dotted and a <= 12 and b <= 12 and a != b:
            return Moment(dt.datetime(year, 1, 1, tzinfo=dt.UTC), "year")
        day, month = (a, b) if b <= 12 else (b, a)
    else:
        month = month_number(parts["name"]) if parts.get("name") else int(parts["month"])
        day = int(parts["day"])
    try:
        return Moment(dt.datetime(year, month, day, tzinfo=dt.UTC), "day")
    except ValueError:
        return None


def _read_clock(day: dt.datetime, text: str) -> Moment | None:
    """Return the moment of a clock with a zone that is known, or None."""
    for clock in _find_clocks(text):
        hour, minute, second = (int(clock[name] or 0) for name in ("hour", "minute", "second"))
        if (half := (clock["half"] or "")[:1].casefold()) and hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        zone = _read_zone(text[clock.end() :].lstrip(" ,([\t"))
        if zone is None or hour > 23 or minute > 59 or second > 60:
            continue
        local = day.replace(tzinfo=zone) if isinstance(zone, ZoneInfo) else day.replace(tzinfo=dt.timezone(zone))
        local = local.replace(hour=hour, minute=minute, second=min(second, 59))
        try:
            return _from_date(local)
        except OverflowError:
            return None
    return None


def _find_clocks(text: str) -> Iterator[re.Match[str]]:
    for pattern in _CLOCKS:
        yield from pattern.finditer(text)


@cache
def _zones() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return the pattern of the zones known by name, and what each stands for."""
    known = {row["name"].casefold(): row["zone"] for row in read_rows("time_zones.csv")}
    names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    return re.compile(rf"(?:{names})(?!\w)", re.IGNORECASE), known


def _read_zone(text: str) -> ZoneInfo | dt.timedelta | None:
    """Return the time zone that opens a text, or None where there is none or it is not known."""
    if found := _OFFSET.match(text):
        hours, minutes = int(found[2]), int(found[3] or 0)
        offset = dt.timedelta(hours=hours, minutes=minutes) * (1 if found[1] == "+" else -1)
        return offset if hours <= 14 and minutes <= 59 else None
    if (found := _PLACE.match(text)) and (zone := _load_zone(found[0])):
        return zone
    pattern, known = _zones()
    if (found := pattern.match(text)) is None:
        return None
    name = known[found[0].casefold()]
    return _load_zone(name) if name[0].isalpha() else _read_zone(name)


@cache
def _load_zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such place, or a name that is a folder
        return None
