"""What is known about an article: metadata under its many names, YAML heads, dates, and the metadata CSV."""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, NamedTuple

from diplotext.schema import read_rows

#: The columns of the articles table that metadata can fill.
FIELDS = ("headline", "outlet", "published", "url", "byline", "lang")

_LINE = r"(?:\r\n?|\n)"
_HEAD = re.compile(rf"\ufeff?\s*---[ \t]*{_LINE}(.*?)(?<=[\r\n])(?:---|\.\.\.)[ \t]*(?:{_LINE}|$)", re.S)
_PLAIN_ENTRY = re.compile(r"^([A-Za-z][\w -]{0,40}?)[ \t]*:[ \t]+(\S.*?)[ \t]*$", re.M)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap])?\.?\s?(?:m\b\.?)?", re.I)
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_NAMED_DAY = re.compile(rf"\b(?:{_MONTH}\s+{_DAY}|{_DAY}\s+(?:of\s+)?{_MONTH}),?\s+(\d{{4}})\b", re.I)
_NAMED_MONTH = re.compile(rf"^\W*{_MONTH},?\s+(\d{{4}})\W*$", re.I)
_SLASHED = re.compile(r"^(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b")
_OFFSET = re.compile(r"(?:GMT|UTC)?\s*([+-])(\d{2}):?(\d{2})\s*$|\b(GMT|UTC|Z)\b", re.I)
#: What North American and European outlets print; a zone that is not here is read as UTC.
_ZONES = {
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "BST": 1,
    "CET": 1, "CEST": 2,
}  # fmt: skip
_ZONE = re.compile(rf"\b({'|'.join(_ZONES)})\b")
_SURROGATES = re.compile("[\ud800-\udfff]")
_ENGLISH = {"english": "en", "eng": "en"}


class Published(NamedTuple):
    """A time of publication in UTC, and how exact it is: time, day, month or year."""

    at: datetime
    precision: str


@cache
def _names() -> dict[str, str]:
    """Return the field of each name, in order of preference within a field."""
    return {row["name"]: row["field"] for row in read_rows("fields.csv")}


@cache
def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def read_fields(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields found in a record under any of the names of ``resources/fields.csv``.

    Values are cleaned text; `published` stays as it came, for `parse_published`. A nested value ({"name": ...}, as
    news services give a source) and a list (of authors) become text. An outlet that is a web address is a url.
    """
    by_name = {_plain(str(key)): value for key, value in record.items()}
    found: dict[str, Any] = {}
    for name, field in _names().items():
        value = by_name.get(name)
        if value is None or field in found:
            continue
        if field == "published":
            if value != value or not str(value).strip():
                continue
            if parse_published(value) is not None or name == "published":
                found[field] = value
            continue
        text = tidy(value)
        if field == "outlet" and re.match(r"https?://", text):
            found.setdefault("url", text)
        elif text:
            found[field] = text
    if "lang" in found:
        code = found["lang"].lower()
        found["lang"] = _ENGLISH.get(code, re.split(r"[-_]", code)[0])
    return found


def tidy(value: Any) -> str:
    """Return a metadata value as one line of text, entities decoded; empty for a missing one."""
    if value is None or value != value:
        return ""
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("title") or ""
    if not isinstance(value, str) and isinstance(value, Iterable):
        return "; ".join(filter(None, map(tidy, value)))
    text = html.unescape(html.unescape(str(value))) if "&" in str(value) else str(value)
    return _SURROGATES.sub("\ufffd", " ".join(text.split()))


class Head(NamedTuple):
    """The YAML head of a text: its entries, where it ends, and what is wrong with it (empty for a sound one)."""

    entries: Mapping[str, Any]
    end: int
    fault: str


def split_head(text: str) -> Head | None:
    """Return the YAML head of a text, or None where there is none; the text itself is not changed.

    Of a broken head, such as one with an unquoted colon in the title, the lines of the form ``name: value`` are taken.
    """
    found = _HEAD.match(text) if text[:100].lstrip("\ufeff \t\r\n").startswith("---") else None
    if found is None:
        return None
    import yaml

    fault = ""
    try:
        entries = yaml.load(found[1], Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, ValueError) as error:
        fault = str(error).splitlines()[0]
        entries = {name: value.strip("\"'") for name, value in _PLAIN_ENTRY.findall(found[1].replace("\r", "\n"))}
        if not entries:
            return Head({}, found.end(), fault)
    return Head(entries, found.end(), fault) if isinstance(entries, Mapping) else None


def parse_published(value: Any) -> Published | None:
    """Return when an article was published, in UTC, or None where the value is no date.

    Understood are datetimes, ISO 8601, RFC 2822, Unix times in seconds or milliseconds, and English dates with the
    month's name ("Jan. 9, 2022", "9 January 2022 4:43 PM EST"). A time without zone counts as UTC. Of ``03/04/2022``,
    which may be March or April, only the year is taken; where one number is above 12 the date is read. With dots the
    day is first (``03.04.2022``).
    """
    if value is None or value != value or isinstance(value, bool):
        return None
    if isinstance(value, datetime):
        return _in_utc(value, "time" if (value.hour, value.minute, value.second) != (0, 0, 0) else "day")
    if isinstance(value, date):
        return Published(datetime(value.year, value.month, value.day, tzinfo=UTC), "day")
    text = str(value).strip().strip("\"'")
    if not 4 <= len(text) <= 100:
        return None
    for reader in (_read_iso, _read_number, _read_named, _read_slashed, _read_mail):
        try:
            found = reader(text)
        except (ValueError, OverflowError, OSError, IndexError):
            continue
        if found is not None and 1500 <= found.at.year <= 2200:
            return found
    return None


def _in_utc(when: datetime, precision: str) -> Published | None:
    try:
        at = when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    except (OverflowError, ValueError):
        return None
    return Published(at, precision)


def _read_iso(text: str) -> Published | None:
    if re.fullmatch(r"\d{4}", text):
        return _in_utc(datetime(int(text), 1, 1), "year")
    if re.fullmatch(r"\d{4}-\d{2}", text):
        return _in_utc(datetime(int(text[:4]), int(text[5:]), 1), "month")
    if re.fullmatch(r"(19|20)\d{6}", text):
        return _in_utc(datetime(int(text[:4]), int(text[4:6]), int(text[6:])), "day")
    text = re.sub(r"\s+(?:UTC|GMT)$", "Z", text)
    text = re.sub(r"(\d)\s+([+-]\d{2}:?\d{2})$", r"\1\2", text)  # "2021-11-01 11:13 +0000"
    text = re.sub(r"^(\d{4})/(\d{1,2})/(\d{1,2})\b", lambda m: f"{m[1]}-{int(m[2]):02d}-{int(m[3]):02d}", text)
    when = datetime.fromisoformat(text)
    return _in_utc(when, "time" if len(text) > 10 and not re.search(r"[T ]00:00(:00(\.0+)?)?$", text) else "day")


def _read_number(text: str) -> Published | None:
    if not re.fullmatch(r"\d{9,10}(?:\.\d+)?|\d{12,13}", text):
        return None
    seconds = float(text)
    return Published(datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC), "time")


def _read_named(text: str) -> Published | None:
    found = _NAMED_DAY.search(text)
    if found is None:
        found = _NAMED_MONTH.match(text)
        return found and _in_utc(datetime(int(found[2]), _month(found[1]), 1), "month")
    when = datetime(int(found[5]), _month(found[1] or found[4]), int(found[2] or found[3]))
    clock = _CLOCK.search(text)
    if clock is None:
        return _in_utc(when, "day")
    hour = int(clock[1])
    if clock[4]:
        hour = hour % 12 + (12 if clock[4].lower() == "p" else 0)
    when = when.replace(hour=hour, minute=int(clock[2]), second=int(clock[3] or 0))
    zone, named = _OFFSET.search(text), _ZONE.search(text)
    minutes = 60 * _ZONES[named[1]] if named else 0
    if zone and zone[1]:
        minutes = int(zone[1] + "1") * (60 * int(zone[2]) + int(zone[3]))
    at = datetime.fromtimestamp(when.replace(tzinfo=UTC).timestamp() - 60 * minutes, UTC)
    return Published(at, "time")


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _read_slashed(text: str) -> Published | None:
    found = _SLASHED.match(text)
    if found is None:
        return None
    first, second, year = map(int, found.groups())
    if "." in found[0] and second <= 12:  # dots are of countries that write the day first
        return _in_utc(datetime(year, second, first), "day")
    if first > 12 or second > 12 or first == second:
        day, month = (first, second) if first > 12 else (second, first)
        return _in_utc(datetime(year, month, day), "day")
    return _in_utc(datetime(year, 1, 1), "year")


def _read_mail(text: str) -> Published | None:
    return _in_utc(parsedate_to_datetime(text), "time") if re.search(r"\d:\d\d", text) else None


def suggest_column(name: str, columns: Iterable[str]) -> str:
    """Return a sentence that says which columns there are, and which one was probably meant."""
    columns = [str(c) for c in columns]
    by_lower = {c.lower().rpartition(".")[2]: c for c in columns} | {c.lower(): c for c in columns}
    usual = ("text", "body", "content", "article", "fulltext", "full_text", "maintext", "story", "raw_text")
    near = difflib.get_close_matches(name.lower(), by_lower, n=1) or [c for c in usual if c in by_lower]
    hint = f" (did you mean {by_lower[near[0]]!r}?)" if near else ""
    return f"got {', '.join(columns[:12]) or 'none'}{', …' if len(columns) > 12 else ''}{hint}"
