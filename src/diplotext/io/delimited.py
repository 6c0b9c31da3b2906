"""Tables of separated fields (CSV): the rows that are whole, and what is wrong with the others."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from diplotext.io.decoding import MAX_BYTES, InputError

#: What Python's csv says of a row, and what it means.
_FAULTS = {
    "unexpected end": "a quoted field is not closed: the file is truncated or a quote mark is stray",
    "expected after": "a quote mark inside a quoted field is not doubled",
    "field larger": f"a field has more than {MAX_BYTES:,} characters",
}


def read_delimited(text: str) -> tuple[list[str], Iterator[tuple[int, dict[str, str] | str]]]:
    r"""Return the header of a CSV and its rows; commas, semicolons, tabs or bars part the fields.

    Nothing is shifted: a row with more fields than the header is not read, unless its like are usual in the table and
    what they have more is empty (a comma at the end of each line). After a row with broken quotes reading goes on at
    the next line. Fields that a row lacks at its end are absent from it.

    Parameters
    ----------
    text
        The decoded file; a first line such as ``sep=;`` is understood.

    Returns
    -------
    The names of the columns, made unique, and the number from 1 of each row that is not blank, with its fields by name
    or with what is wrong with it.

    Raises
    ------
    InputError
        If there is no header.
    """
    separator, text = _split_separator(text.removeprefix("\ufeff"))
    rows = _read_rows(io.StringIO(text, newline="").readlines(), separator)
    header = next(rows, None)
    if header is None:
        raise InputError("it is empty", "Leave it out")
    if isinstance(header, str):
        raise InputError(f"in the header {header}", "Save it again, with quoted fields")
    names: list[str] = []
    seen: Counter[str] = Counter()
    for number, name in enumerate(header, 1):
        name = " ".join(name.split()) or f"column {number}"
        names.append(f"{name}.{seen[name]}" if seen[name] else name)
        seen[name] += 1
    whole = text.endswith(("\n", "\r"))
    return names, _name_fields(names, list(rows), whole)


def _name_fields(
    names: list[str], rows: list[list[str] | str], whole: bool
) -> Iterator[tuple[int, dict[str, str] | str]]:
    lengths = Counter(len(row) for row in rows if isinstance(row, list))
    usual = max(lengths, key=lambda length: (lengths[length], -length), default=0)
    for number, row in enumerate(rows, 1):
        if isinstance(row, str):
            yield number, f"in row {number} {row}"
            continue
        more = len(row) > len(names)
        # A bare comma in a text shifts what follows; it is told by the space after it where the last columns are empty.
        shifted = any(row[len(names) :]) or len(row) != usual or any(field[:1] == " " for field in row)
        if more and shifted:
            yield number, f"row {number} has more fields than the header ({len(row)} for {len(names)})"
        elif number == len(rows) and not whole and len(row) < len(names) <= max(lengths):
            yield number, f"row {number} has fewer fields than the others and no line end: the file is truncated"
        elif any(field.strip() for field in row):
            yield number, dict(zip(names, row, strict=False))


def _split_separator(text: str) -> tuple[str, str]:
    """Return the separator of a CSV and its text, without the line ``sep=;`` that Excel may put first."""
    told = re.match(r"sep=(.)\r?\n", text)
    if told is not None:
        return told[1], text[told.end() :]
    header = re.sub(r'"[^"]*"', "", text.lstrip("\r\n").split("\n", 1)[0])
    return max(",;\t|", key=header.count), text


def _read_rows(lines: list[str], separator: str) -> Iterator[list[str] | str]:
    """Yield each row that begins on a line that is not blank, or what is wrong with it."""
    csv.field_size_limit(MAX_BYTES)  # Python's own limit, of 131,072 characters, is shorter than some texts
    at = 0
    while at < len(lines):
        if not lines[at].strip(" \r\n"):
            at += 1
            continue
        row, used = _read_row(lines, at, separator)
        yield row
        at += used


def _read_row(lines: list[str], at: int, separator: str) -> tuple[list[str] | str, int]:
    """Return the row that begins on a line, or what is wrong with it, and how many lines were read for it."""

    def read(**dialect: Any) -> tuple[list[str], int]:
        reader = csv.reader((lines[i] for i in range(at, len(lines))), delimiter=separator, strict=True, **dialect)
        return next(reader), reader.line_num

    try:
        return read()
    except csv.Error as error:
        fault = next((said for sign, said in _FAULTS.items() if sign in str(error)), str(error))
    if '\\"' in lines[at]:  # MySQL and others write \" inside a field
        with contextlib.suppress(csv.Error):
            return read(escapechar="\\", doublequote=False)
    return fault, 1
