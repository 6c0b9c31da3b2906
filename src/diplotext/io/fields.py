"""What is known about an article: metadata under its many names, and YAML heads."""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from diplotext.language import read_moment
from diplotext.schema import read_rows

#: The columns of the articles table that metadata can fill.
FIELDS = ("headline", "outlet", "published", "url", "byline", "lang")

_LINE = r"(?:\r\n?|\n)"
_HEAD = re.compile(rf"\ufeff?\s*---[ \t]*{_LINE}(.*?)(?<=[\r\n])(?:---|\.\.\.)[ \t]*(?:{_LINE}|$)", re.S)
_PLAIN_ENTRY = re.compile(r"^([A-Za-z][\w -]{0,40}?)[ \t]*:[ \t]+(\S.*?)[ \t]*$", re.M)
_SURROGATES = re.compile("[\ud800-\udfff]")
_ENGLISH = {"english": "en", "eng": "en"}


@cache
def _names() -> dict[str, str]:
    """Return the field of each name, in order of preference within a field."""
    return {row["name"]: row["field"] for row in read_rows("fields.csv")}


@cache
def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def read_fields(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields found in a record under any of the names of ``resources/fields.csv``.

    Values are cleaned text; `published` stays as it came, for `read_moment`. A nested value ({"name": ...}, as
    news services give a source) and a list (of authors) become text. An outlet that is a web address is a url.
    """
    by_name = {_plain(str(key)): value for key, value in record.items()}
    found: dict[str, Any] = {}
    unread: dict[str, Any] = {}
    for name, field in _names().items():
        value = by_name.get(name)
        if value is None or field in found:
            continue
        if field == "published":
            if value != value or not str(value).strip():
                continue
            if read_moment(value) is not None:
                found[field] = value
            else:  # to be reported, whatever the column is called
                unread.setdefault(field, value)
            continue
        text = tidy(value)
        if field == "outlet" and re.match(r"https?://", text):
            found.setdefault("url", text)
        elif text:
            found[field] = text
    found |= {field: value for field, value in unread.items() if field not in found}
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


def suggest_column(name: str, columns: Iterable[str]) -> str:
    """Return a sentence that says which columns there are, and which one was probably meant."""
    columns = [str(c) for c in columns]
    by_lower = {c.lower().rpartition(".")[2]: c for c in columns} | {c.lower(): c for c in columns}
    usual = ("text", "body", "content", "article", "fulltext", "full_text", "maintext", "story", "raw_text")
    near = difflib.get_close_matches(name.lower(), by_lower, n=1) or [c for c in usual if c in by_lower]
    hint = f" (did you mean {by_lower[near[0]]!r}?)" if near else ""
    return f"got {', '.join(columns[:12]) or 'none'}{', …' if len(columns) > 12 else ''}{hint}"
