"""Tables to one workbook of several sheets, where every text is a text."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

#: what a cell holds, in the units of UTF-16 that Excel counts; what a sheet holds, its header included.
CELL, ROWS = 32_767, 1_048_576
#: the first year that a cell holds as a date; what is earlier is written as text.
_FIRST_YEAR = 1900
#: what stands at the end of a text that a cell does not hold.
CUT = " […]"
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_workbook(tables: Mapping[str, pd.DataFrame], path: str | Path) -> Path:
    """Write tables as the sheets of one Excel workbook, each with its header frozen and a filter over it.

    A text stays a text, whatever it begins with: none becomes a formula or an error. A character that XML cannot hold
    becomes U+FFFD; a text longer than a cell holds (32,767) is cut and ends in ``[…]``; rows beyond what a sheet holds
    (1,048,575) are left out. A last sheet ``notes`` counts all three by table and column, where there are any. Times
    lose their zone (they are UTC); those before 1900 are texts.

    Parameters
    ----------
    tables
        Sheets by name, in order.
    path
        The file.

    Returns
    -------
    The path.

    Examples
    --------
    >>> write_workbook({"quotes": analysis.quotes}, folder / "tables.xlsx").name
    'tables.xlsx'
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    notes: list[dict[str, Any]] = []
    for name, table in tables.items():
        _add_sheet(book, name, table, notes)
    if notes:
        _add_sheet(book, "notes", pd.DataFrame(notes), [])
    book.save(path)
    return Path(path)


def _add_sheet(book: Any, name: str, table: pd.DataFrame, notes: list[dict[str, Any]]) -> None:
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    if len(table) >= ROWS:
        notes.append({"sheet": name, "note": f"rows left out, of {len(table):,}", "cells": len(table) - ROWS + 1})
        table = table.head(ROWS - 1)
    if len(table.columns):
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table) + 1}"
    columns = [_clean_column(name, str(column), table[column], notes) for column in table]
    header = [_NOT_IN_XML.sub("\ufffd", str(column)) for column in table]
    for row in _iterate_rows(header, columns):
        sheet.append([_text_cell(sheet, value) if isinstance(value, str) else value for value in row])


def _iterate_rows(header: list[str], columns: list[list[Any]]) -> Iterator[tuple[Any, ...]]:
    yield tuple(header)
    yield from zip(*columns, strict=True)


def _clean_column(sheet: str, name: str, column: pd.Series, notes: list[dict[str, Any]]) -> list[Any]:
    """Return a column's values as cells hold them, None where one is missing, and note what they do not hold."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        column = column.dt.tz_localize(None)
    values: list[Any] = column.astype(object).where(column.notna(), None).tolist()
    replaced = cut = 0
    for number, value in enumerate(values):
        if not isinstance(value, str):
            if value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
                continue
            if isinstance(value, datetime) and value.year >= _FIRST_YEAR:
                continue
            value = str(value)
        text, count = _NOT_IN_XML.subn("\ufffd", value)
        replaced += count
        values[number] = _cut(text)
        cut += values[number] is not text
    for count, note in (
        (replaced, "characters that a workbook cannot hold, replaced by U+FFFD"),
        (cut, f"texts cut at {CELL:,} characters, ending in{CUT}; whole in the table's other forms"),
    ):
        if count:
            notes.append({"sheet": sheet, "column": name, "note": note, "cells": count})
    return values


def _cut(text: str) -> str:
    """Return a text that a cell holds: itself, or its beginning with `CUT`."""
    if len(text) * 2 <= CELL:  # no character is more than two units
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL:
        return text
    return units[: 2 * (CELL - len(CUT))].decode("utf-16-le", errors="ignore") + CUT


def _text_cell(sheet: Any, text: str) -> Any:
    """Return a cell that Excel takes for text, after an edit too, where it would take the text for something else."""
    if not text.startswith(("=", "+", "-", "@", "#")):
        return text
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
