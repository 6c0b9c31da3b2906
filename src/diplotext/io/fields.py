"""What is known about an article: metadata under its many names, and YAML heads."""

from __future__ import annotations

import difflib
import html
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from diplotext.language import read_moment
from diplotext.schema import TABLES, read_rows

#: A longer head is none: it is a text between two lines of dashes.
_LONGEST_HEAD = 100_000
_LINE = r"(?:\r\n?|\n)"
_HEAD = re.compile(
    rf"\ufeff?\s*---[ \t]*{_LINE}(.{{0,{_LONGEST_HEAD}}}?)(?<=[\r\n])(?:---|\.\.\.)[ \t]*(?:{_LINE}|$)", re.S
)
_ENTRY_NAME = re.compile(r"[A-Za-z][\w -]{0,40}")
_SURROGATES = re.compile("[\ud800-\udfff]")
_ENGLISH = {"english": "en", "eng": "en"}


@cache
def _names() -> dict[str, str]:
    """Return the field of each name, in order of preference within a field."""
    return {row["name"]: row["field"] for row in read_rows("fields.csv")}


@cache
def plain_name(name: str) -> str:
    """Return a column's name without case, spaces and marks, as ``resources/fields.csv`` spells it."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def names_file(name: str) -> bool:
    """Tell whether a column of a metadata CSV says which file a row describes."""
    return _names().get(plain_name(name)) == "file"


def read_fields(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a record says of its article: the fields under our names, what nobody knows under its own.

    The names of fields are those of ``resources/fields.csv``. Their values are cleaned text; `published` stays as it
    came, for `read_moment`. A nested value ({"name": ...}, as news services give a source) and a list (of authors)
    become text. An outlet that is a web address is a url. A column of the user's whose name the articles table has for
    something else gets ``_given`` at its end.
    """
    by_name = {plain_name(str(key)): key for key in record}
    found: dict[str, Any] = {}
    used: set[Any] = set()
    unread: dict[str, Any] = {}
    for name, field in _names().items():
        key = by_name.get(name)
        value = record.get(key) if key is not None else None
        if field == "file" or field in found or not (text := tidy(value)):
            continue
        if field == "published":
            if read_moment(value) is None:  # to be reported, whatever the column is called
                unread.setdefault(field, value)
                continue
            found[field] = value
        elif field == "outlet" and re.match(r"https?://", text):
            found.setdefault("url", text)
        else:
            found[field] = text
        used.add(key)
    found |= {field: value for field, value in unread.items() if field not in found}
    if "lang" in found:
        code = found["lang"].lower()
        found["lang"] = _ENGLISH.get(code, re.split(r"[-_]", code)[0])
    for key, value in record.items():
        if key not in used and (kept := _keep(value)) is not None:
            name = replace_halves(str(key))
            found.setdefault(f"{name}_given" if name in TABLES["articles"].columns else name, kept)
    return found


def _keep(value: Any) -> Any:
    """Return the value of a user's own column as a table's cell can hold it; None for a missing one."""
    if isinstance(value, Mapping) or (isinstance(value, list | tuple) and any(isinstance(v, Mapping) for v in value)):
        return replace_halves(json.dumps(value, ensure_ascii=False, default=str)) if value else None
    if isinstance(value, bool | int | float | datetime):
        return value if value == value else None
    return tidy(value) or None


def replace_halves(text: str) -> str:
    """Return a text without halves of signs (lone surrogates), which no table can hold."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def settle(values: list[Any]) -> list[Any]:
    """Return the values of a user's own column, all as texts if they are of several kinds."""
    kinds = {
        bool if isinstance(value, bool) else float if isinstance(value, int | float) else type(value)
        for value in values
        if value is not None
    }
    return values if len(kinds) < 2 else [None if value is None else str(value) for value in values]


def tidy(value: Any, depth: int = 0) -> str:
    """Return a metadata value as one line of text, entities decoded; empty if missing or deeply nested."""
    if isinstance(value, Mapping):
        value = next((value[name] for name in ("name", "title", "main", "rendered") if value.get(name)), None)
    if value is None or depth > 2:
        return ""
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return "; ".join(filter(None, (tidy(part, depth + 1) for part in value)))
    text = "" if value != value else str(value)
    text = html.unescape(html.unescape(text)) if "&" in text else text
    return replace_halves(" ".join(text.split()))


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

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        # A dozen aliases of aliases stand for more values than a computer holds; no head of an article needs one.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(found[1], Loader=loader)):
            raise ValueError("it holds aliases")
        entries = yaml.load(found[1], Loader=loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return Head(_read_lines(found[1]), found.end(), str(error).splitlines()[0])
    return Head(entries, found.end(), "") if isinstance(entries, Mapping) else None


def _read_lines(head: str) -> dict[str, str]:
    """Return the lines of a head that have the form ``name: value``."""
    parted = (line.partition(":") for line in head.splitlines())
    return {
        name.strip(): value.strip().strip("\"'")
        for name, _, value in parted
        if _ENTRY_NAME.fullmatch(name.rstrip()) and value[:1] in (" ", "\t") and value.strip()
    }


def suggest_column(name: str, columns: Iterable[str]) -> str:
    """Return a sentence that says which columns there are, and which one was probably meant."""
    columns = [str(c) for c in columns]
    by_lower = {c.lower().rpartition(".")[2]: c for c in columns} | {c.lower(): c for c in columns}
    usual = ("text", "body", "content", "article", "fulltext", "full_text", "maintext", "story", "raw_text")
    near = difflib.get_close_matches(name.lower(), by_lower, n=1) or [c for c in usual if c in by_lower]
    hint = f" (did you mean {by_lower[near[0]]!r}?)" if near else ""
    return f"got {', '.join(columns[:12]) or 'none'}{', …' if len(columns) > 12 else ''}{hint}"
