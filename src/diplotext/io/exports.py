"""Exports of news databases (Nexis, Factiva) that hold many articles as one text: to articles, each with its fields.

The names of fields are a table, ``resources/export_fields.csv``. Three forms are told apart: blocks of labelled fields
(``BYLINE: …``, `LENGTH: …`, Nexis of all ages), fields by two-letter codes (``HD``, ``LP``, ``TD``, Factiva), and
Factiva's form for reading, without codes, in which each article ends in the line ``Document ABC0020180614…``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from diplotext.language import MONTH, read_moment
from diplotext.schema import read_rows


class Exported(NamedTuple):
    """One article of an export: its story, its fields, and the part of the export that it was read from."""

    text: str
    fields: dict[str, Any]
    raw: str


_S = r"[^\S\n]*"  # white space within a line: tabs, page breaks, the hard spaces of word processors
#: Without one of these at the beginning of a line a text is no export: most are none.
_SIGN = re.compile(rf"^{_S}(?:HD\b|LENGTH:|Length:|End of Document|(?:Document|DOCUMENT|document)\s|\d+{_S}of\s)", re.M)
_NUMBERED = re.compile(rf"^{_S}(?:document\s)?{_S}\d+{_S}of{_S}\d+(?:\s{_S}documents?)?{_S}$", re.I | re.M)
_ENDED = re.compile(rf"^{_S}End of Document{_S}$", re.I | re.M)
_ACCESSION = re.compile(rf"^{_S}Document{_S}[A-Z0-9]{{2,10}}\d{{8}}[a-z0-9]{{6,14}}[\s|]*?$", re.M)
_LENGTH = re.compile(rf"^{_S}LENGTH:{_S}[\d,]+\swords", re.I | re.M)
_FULL = re.compile(rf"^{_S}full text:", re.I | re.M)
_LABEL = re.compile(r"\s*([A-Za-z][A-Za-z-]{2,}(?: [A-Za-z]{3,})?)\s*:\s*(.*)$")
_BODY = re.compile(r"\s*(?:(?:body|full[ -]text)\s*:?\s*$|full text:\s*)", re.I)
_CLOSING = re.compile(
    r"\s*(?:copyright\b.{0,8}\b(?:19|20)\d\d|©|\(c\)\s*(?:19|20)\d\d|all rights reserved|classification$|graphic$|"
    r"end of document|_{20,}\s*$)", re.I)  # fmt: skip
_EDITION = re.compile(r"\bedition\s*(?:[-;,].*)?$|^\s*edition\b|^\s*(?:late|early|final)\s*$", re.I)
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_DATE = re.compile(rf"\s*(?:{_WEEKDAY},?\s+)?(?:{MONTH}|\d{{1,2}}\s+{MONTH}|\d{{4}}-)", re.I)
_WORDS = re.compile(r"\s*[\d,.]+\swords[\s|]*$", re.I)
_PAGE = re.compile(r"\s*page\s+\d+(?:\s+of\s+\d+)?\s*(?:(?:©|\(c\)|copyright).*)?$", re.I)
#: The cover of an export of many.
_COVER = re.compile(
    r"\s*(?:(?:client/matter|search terms|user name|date and time|job number|narrowed by):|documents? \()", re.I
)
#: The fields that go on over lines.
_LONG = ("headline", "title", "byline", "highlight", "series")
_BY = re.compile(r"^by:?\s+", re.I)


@cache
def _labels() -> dict[str, tuple[str, str]]:
    """Return the field and the part (head or end of an article) of each label of Nexis."""
    return {r["name"]: (r["field"], r["part"]) for r in read_rows("export_fields.csv") if r["part"] in ("head", "end")}


@cache
def _codes() -> dict[str, tuple[int, str]]:
    """Return the place in an article and the field of each code of Factiva."""
    rows = [row for row in read_rows("export_fields.csv") if row["part"] == "code"]
    return {row["name"]: (place, row["field"]) for place, row in enumerate(rows)}


def split_export(text: str) -> list[Exported]:
    """Return the articles of an export; none for any other text.

    An article without a story has an empty text. The raw part of each is what stands between the ends of its
    neighbours.
    """
    if not _SIGN.search(text.replace("\r", "\n")):
        return []
    lines = [line for line in re.split(r"\r\n|[\r\n]|(?=\f)", text) if not _PAGE.match(line)]
    if coded := list(_split_coded(lines)):
        return coded
    text = "\n".join(lines)
    if _NUMBERED.search(text) and any(sign.search(text) for sign in (_LENGTH, _ENDED, _FULL)):
        blocks = _NUMBERED.split(text)[1:]
    elif _ENDED.search(text):
        blocks = _ENDED.split(text)
    elif _ACCESSION.search(text) and any(map(_WORDS.match, lines)):
        return [_read_plain(block) for block in _ACCESSION.split(text) if block.strip()]
    elif _LENGTH.search(text) and sum(_find_label(line) is not None for line in lines) > 2:
        blocks = [text]
    else:
        return []
    return [_read_labelled(block) for block in blocks if block.strip()]


# --- Nexis: labels


def _find_label(line: str) -> tuple[str, str, str, str] | None:
    """Return the name, field, part and value of a labelled line."""
    found = _LABEL.match(line)
    if found is None:
        return None
    name = found[1].lower().replace(" ", "-")
    if name not in _labels() or found[1].islower():
        return None
    return (name, *_labels()[name], (found[2] or "").strip())


def _opens(line: str) -> bool:
    label = _find_label(line)
    return label is not None and label[2] == "head"


def _read_labelled(block: str) -> Exported:
    lines = block.split("\n")
    marked = next((n for n, line in enumerate(lines) if _BODY.match(line)), len(lines))
    first = next((n for n, line in enumerate(lines[:marked]) if _opens(line)), marked)
    fields: dict[str, Any] = _read_top(lines[:first])
    story = first
    while story < marked:
        label = _find_label(lines[story])
        story += 1
        if label is None:
            # Without a word before it the story begins with the first line that is neither field nor owner.
            if marked == len(lines) and _is_told(lines[story - 1]):
                story -= 1
                break
            continue
        name, field, _, value = label
        while name in _LONG and story < marked and _is_told(lines[story]) and not _find_label(lines[story]):
            value = f"{value} {lines[story].strip()}".strip()
            story += 1
        fields[field or name] = value
    if marked < len(lines):  # the story may begin on the line of its label
        lines[marked] = _BODY.sub("", lines[marked])
    end = story
    while end < len(lines):
        label = _find_label(lines[end])
        if _CLOSING.match(lines[end]) or (label is not None and (label[2] == "end" or marked < end)):
            break
        end += 1
    for line in lines[end:]:
        if label := _find_label(line):
            fields.setdefault(label[1] or label[0], label[3])
    if "byline" in fields:
        fields["byline"] = _BY.sub("", fields["byline"])
    return Exported("\n".join(lines[story:end]).strip("\n\f"), fields, block)


def _read_top(lines: list[str]) -> dict[str, Any]:
    """Return what stands above the labels: outlet, date, headline, or (of late) headline, outlet, date."""
    days = [n for n, line in enumerate(lines) if len(line) < 120 and _DATE.match(line) and read_moment(line)]
    if not days:
        told = [n for n, line in enumerate(lines) if _is_told(line)]
        return {"outlet": lines[told[0]].strip(), "headline": _join_run(lines, told[-1], -1)} if len(told) > 1 else {}
    day = days[-1]
    before = [n for n in range(day) if lines[n].strip() and not _CLOSING.match(lines[n])]
    fields: dict[str, Any] = {"published": lines[day].strip()}
    if before:
        fields["outlet"] = lines[before[-1]].strip()
    after = day + 1
    if any(not line.strip() for line in lines[day + 1 :]):
        while lines[after].strip():  # what stands under the date is the edition
            after += 1
    after = next((n for n in range(after, len(lines)) if _is_told(lines[n])), len(lines))
    if after < len(lines):
        fields["headline"] = _join_run(lines, after, 1)
    elif len(before) > 1:
        fields["headline"] = _join_run(lines, before[-2], -1)
    return {name: value for name, value in fields.items() if value}


def _is_told(line: str) -> bool:
    """Whether a line is of a headline or story: no owner, no edition, and not blank."""
    edition = len(line.strip()) < 60 and _EDITION.search(line) and not line.rstrip().endswith(".")
    return bool(line.strip()) and not _CLOSING.match(line) and not edition


def _join_run(lines: list[str], at: int, step: int) -> str:
    """Return the run of lines that are not blank, upwards or downwards from one of them, as one line."""
    run = []
    while 0 <= at < len(lines) and lines[at].strip() and not _CLOSING.match(lines[at]) and not _COVER.match(lines[at]):
        run.append(lines[at].strip())
        if step < 0 and lines[at][:1] == "\f":  # the top of a page
            break
        at += step
    return " ".join(run[::step])


# --- Factiva: codes, or none


def _split_coded(lines: list[str]) -> Iterator[Exported]:
    """Yield the articles whose fields have two-letter codes."""
    found = [(n, *code) for n, line in enumerate(lines) if (code := _find_code(line))]
    names = {name for _, name, _ in found}
    if not ("HD" in names and names & {"LP", "TD"} and len(names & {"PD", "SN", "WC", "AN"}) > 1):
        return
    # Where the codes stand alone on their lines, a line that begins like one is text.
    if sum(not value for *_, value in found) > len(found) / 2:
        found = [code for code in found if not code[2]]
    places = [_codes()[name][0] for _, name, _ in found]
    # Fields have an order: where it begins anew an article does.
    starts = [0, *(n for n in range(1, len(found)) if places[n] <= places[n - 1])]
    for start, stop in zip(starts, [*starts[1:], len(found)], strict=True):
        last = found[stop][0] if stop < len(found) else len(lines)
        fields: dict[str, str] = {}
        for n in range(start, stop):
            at, name, value = found[n]
            until = found[n + 1][0] if n + 1 < stop else last
            rest = "\n".join([value, *lines[at + 1 : until]]).strip("\n |")
            fields[_codes()[name][1] or name] = rest if name in ("LP", "TD") else " ".join(rest.split())
        story = "\n\n".join(filter(None, (fields.pop("LP", ""), fields.pop("TD", ""))))
        if "byline" in fields:
            fields["byline"] = _BY.sub("", fields["byline"])
        yield Exported(story, fields, "\n".join(lines[found[start][0] : last]))


def _find_code(line: str) -> tuple[str, str] | None:
    found = re.match(r"[ \f]*([A-Z]{2,3})(?:[ ]*$|[ ]*[|\t][ |\t]*(.*)$|[ ]{2,}(.*)$|[ ](.*)$)", line)
    if found is None or found[1] not in _codes():
        return None
    value = next((part for part in found.groups()[1:] if part), "").strip(" |")
    lone = found[4] is not None and found[1] in ("CO", "IN", "NS", "RE", "SE", "DE", "ED", "BY", "ART", "PUB")
    return None if lone and not re.match(r"[a-z0-9]{2,10}\s*:", value) and found[1] != "BY" else (found[1], value)


def _read_plain(block: str) -> Exported:
    """Read an article as Factiva prints it for reading: headline, author, length, date, outlet, owner, story."""
    lines = [line.strip(" \t\f|") for line in block.split("\n")]
    words = next((n for n, line in enumerate(lines) if _WORDS.match(line)), None)
    if words is None:
        return Exported("", {}, block)
    top = [line for line in lines[:words] if line]
    by = next((n for n, line in enumerate(top) if n and _BY.match(line)), len(top))
    fields: dict[str, Any] = {"headline": " ".join(top[:by]), "byline": _BY.sub("", " ".join(top[by:]))}
    story = words + 1
    for n in range(words + 1, min(len(lines), words + 16)):
        line = lines[n]
        if not line:
            continue
        if len(line) > 200:  # the story has begun
            break
        story = n + 1
        if _CLOSING.match(line):
            break
        if "published" not in fields and _DATE.match(line) and read_moment(line):
            fields["published"] = line
        elif "published" in fields and "outlet" not in fields and not re.match(r"\d\d?:\d\d", line):
            fields["outlet"] = line
    return Exported("\n".join(lines[story:]).strip("\n"), {k: v for k, v in fields.items() if v}, block)
