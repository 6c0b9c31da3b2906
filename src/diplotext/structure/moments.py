"""Moments: the date in a metadata field, a dateline or a copyright line."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from functools import cache

#: Pattern of a month's English name or abbreviation, for patterns without regard to case.
MONTH = (
    r"(?:jan(?:uary|\.|\b)|feb(?:ruary|\.|\b)|mar(?:ch|\.|\b)|apr(?:il|\.|\b)|may\b|june?\b|jun\.|july?\b|jul\.|"
    r"aug(?:ust|\.|\b)|sept(?:ember|\.|\b)|sep(?:\.|\b)|oct(?:ober|\.|\b)|nov(?:ember|\.|\b)|dec(?:ember|\.|\b))"
)
_ZONES = {
    "UTC": 0, "GMT": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "ET": -5, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "JST": 9, "KST": 9,
}  # fmt: skip
_MONTHS = {m.casefold(): i for i, m in enumerate(calendar.month_name) if m}


@cache
def month_number(name: str) -> int:
    """Return 1 to 12 for a name or abbreviation that `MONTH` matches."""
    short = name.casefold().rstrip(".")[:3]
    return next(i for m, i in _MONTHS.items() if m.startswith(short))


_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?\s*(?P<half>[ap]\.?m\b\.?)?"
    r"\s*\(?(?P<zone>Z\b|[+-]\d\d:?\d\d|[A-Z]{2,4}\b)?"
)
_PARSERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<year>(?:19|20)\d\d)[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)(?!\d)",
        r"\b(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?=T\d|\b)",
        rf"\b(?P<name>{MONTH})\s+(?P<day>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d\d)\b",
        rf"\b(?P<day>\d\d?)(?:st|nd|rd|th)?[\s-]+(?:of\s+)?(?P<name>{MONTH}),?[\s-]+(?P<year>(?:19|20)\d\d)\b",
        r"\b(?P<a>\d\d?)[/.](?P<b>\d\d?)[/.](?P<year>(?:19|20)\d\d)\b",
        rf"\b(?P<name>{MONTH})[\s,]+(?P<year>(?:19|20)\d\d)\b",
        r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)\b",
    )
)


def parse_date(text: str) -> tuple[dt.datetime, str] | None:
    """Read the date in a metadata field, a dateline or a copyright line.

    It does not guess: a date without a year is None, and an order of day and month that cannot be told
    ("03/04/2022") gives the year only.

    Parameters
    ----------
    text
        The field; words around the date do no harm ("Published: Jan. 9, 2022 10:30 a.m. EST").

    Returns
    -------
    The moment, in UTC (a time without zone is taken as UTC, a day as its midnight), and its precision: time, day,
    month (its first day) or year (its first day); None where there is no date. Of several years in a copyright
    line ("2019-2022") the last counts.
    """
    text = " ".join(str(text).split())[:300]
    for pattern in _PARSERS:
        found = pattern.search(text)
        if found is None:
            continue
        parts = found.groupdict()
        year = int(parts["year"])
        if parts.get("a"):
            a, b = int(parts["a"]), int(parts["b"])
            if a <= 12 and b <= 12 and a != b:
                return dt.datetime(year, 1, 1, tzinfo=dt.UTC), "year"
            day, month = (a, b) if a > 12 or a == b else (b, a)
        else:
            month = month_number(parts["name"]) if parts.get("name") else int(parts["month"])
            day = int(parts.get("day") or 1)
        try:
            moment = dt.datetime(year, month, day, tzinfo=dt.UTC)
        except ValueError:
            continue
        if not (parts.get("day") or parts.get("a")):
            return moment, "month"
        return _with_clock(moment, text)
    years = re.findall(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,]\d|\d)", text)
    return (dt.datetime(int(years[-1]), 1, 1, tzinfo=dt.UTC), "year") if years else None


def _with_clock(day: dt.datetime, text: str) -> tuple[dt.datetime, str]:
    compact = r"T(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?P<half>)(?P<zone>Z|[+-]\d{4})?"
    clock = re.search(_CLOCK, text, re.IGNORECASE) or re.search(compact, text)
    if not clock:
        return day, "day"
    hour, minute = int(clock["hour"]), int(clock["minute"])
    if half := (clock["half"] or "").casefold():
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    zone = (clock["zone"] or "").upper()
    offset = dt.timedelta(hours=_ZONES.get(zone, 0))
    if zone[:1] in {"+", "-"}:
        digits = zone[1:].replace(":", "")
        offset = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:])) * (-1 if zone[0] == "-" else 1)
    if hour > 23 or minute > 59:
        return day, "day"
    return day + dt.timedelta(hours=hour, minutes=minute, seconds=int(clock["second"] or 0)) - offset, "time"
