"""Tables of separated fields (CSV): the rows that are whole, and what is wrong with the others."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from diplotext.io.decoding import MAX_BYTES, InputError

#: What Python's csv says of a row, and what it means.
_FAULTS = {
    "unexpected end": "a quoted field is not closed: the file is truncated or a quote mark is stray",
    "expected after": "a quote mark inside a quoted field is not doubled",
    "field larger": f"a field has more than {MAX_BYTES:,} characters",
}


def read_delimited(
    text: str | Callable[[], Iterable[str]],
) -> tuple[list[str], Iterator[tuple[int, dict[str, str] | str]]]:
    r"""Return the header of a CSV and its rows; commas, semicolons, tabs or bars part the fields.

    Nothing is shifted: a row with more fields than the header is not read, unless its like are usual in the table and
    what they have more is empty (a comma at the end of each line). After a row with broken quotes reading goes on at
    the next line. Fields that a row lacks at its end are absent from it.

    Parameters
    ----------
    text
        The decoded file, or what gives its lines, with their ends, from the first one on: they are read twice, and
        never all held. A first line such as ``sep=;`` is understood.

    Returns
    -------
    The names of the columns, made unique, and the number from 1 of each row that is not blank, with its fields by name
    or with what is wrong with it.

    Raises
    ------
    InputError
        If there is no header.
    """
    open_lines = (lambda: io.StringIO(text, newline="")) if isinstance(text, str) else text
    header = next(_read_rows(_Lines(open_lines())), None)
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
    return names, _name_fields(names, open_lines)


def _name_fields(
    names: list[str], open_lines: Callable[[], Iterable[str]]
) -> Iterator[tuple[int, dict[str, str] | str]]:
    lines = _Lines(open_lines())
    sizes = [len(row) if isinstance(row, list) else 0 for row in _read_rows(lines)][1:]  # without the header's
    lengths = Counter(filter(None, sizes))
    usual = max(lengths, key=lambda length: (lengths[length], -length), default=0)
    for number, row in enumerate(islice(_read_rows(_Lines(open_lines())), 1, None), 1):
        if isinstance(row, str):
            yield number, f"in row {number} {row}"
            continue
        more = len(row) > len(names)
        # A bare comma in a text shifts what follows; it is told by the space after it where the last columns are empty.
        shifted = any(row[len(names) :]) or len(row) != usual or any(field[:1] == " " for field in row)
        if more and shifted:
            yield number, f"row {number} has more fields than the header ({len(row)} for {len(names)})"
        elif number == len(sizes) and not lines.whole and len(row) < len(names) <= max(lengths):
            yield number, f"row {number} has fewer fields than the others and no line end: the file is truncated"
        elif any(field.strip() for field in row):
            yield number, dict(zip(names, row, strict=False))


class _Lines:
    """Lines that can be read again from the one on which a row begins."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._held: deque[str] = deque()
        self._last = ""

    @property
    def whole(self) -> bool:
        """Whether the last line read is ended."""
        return self._last.endswith(("\n", "\r"))

    def first(self) -> str | None:
        """Return the first line that is not done with; None at the end."""
        return self._held[0] if self._held or self._pull() else None

    def ahead(self) -> Iterator[str]:
        """Yield it and those that follow."""
        at = 0
        while at < len(self._held) or self._pull():
            yield self._held[at]
            at += 1

    def drop(self, number: int) -> None:
        """Be done with so many."""
        for _ in range(number):
            self._held.popleft()

    def _pull(self) -> bool:
        line = next(self._lines, None)
        if line is None:
            return False
        self._held.append(line if self._last else line.removeprefix("\ufeff"))
        self._last = line
        return True


def _find_separator(lines: _Lines) -> str:
    """Return the separator of a CSV, and pass over the line ``sep=;`` that Excel may put first."""
    told = re.match(r"sep=(.)\r?\n", lines.first() or "")
    if told is not None:
        lines.drop(1)
        return told[1]
    while (line := lines.first()) is not None and not line.strip("\r\n"):
        lines.drop(1)
    header = re.sub(r'"[^"]*"', "", line or "")
    return max(",;\t|", key=header.count)


def _read_rows(lines: _Lines) -> Iterator[list[str] | str]:
    """Yield each row that begins on a line that is not blank, or what is wrong with it."""
    csv.field_size_limit(MAX_BYTES)  # Python's own limit, of 131,072 characters, is shorter than some texts
    separator = _find_separator(lines)
    while (line := lines.first()) is not None:
        used = 1
        if line.strip(" \r\n"):
            row, used = _read_row(lines, separator)
            yield row
        lines.drop(used)


def _read_row(lines: _Lines, separator: str) -> tuple[list[str] | str, int]:
    """Return the row that begins on the first line, or what is wrong with it, and how many lines were read for it."""

    def read(**dialect: Any) -> tuple[list[str], int]:
        reader = csv.reader(lines.ahead(), delimiter=separator, strict=True, **dialect)
        return next(reader), reader.line_num

    try:
        return read()
    except csv.Error as error:
        fault = next((said for sign, said in _FAULTS.items() if sign in str(error)), str(error))
    if '\\"' in (lines.first() or ""):  # MySQL and others write \" inside a field
        with contextlib.suppress(csv.Error):
            return read(escapechar="\\", doublequote=False)
    return fault, 1
