"""Making and checking frames against the declared tables."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from diplotext.schema.tables import DTYPES, TABLES, Column, Table


class SchemaError(ValueError):
    """A frame is not the table that it should be; the message says which column, what was expected and what came.

    Examples
    --------
    >>> issubclass(SchemaError, ValueError)
    True
    """


def _lookup(name: str) -> Table:
    if name not in TABLES:
        near = difflib.get_close_matches(name, TABLES, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise SchemaError(f"name: expected one of {', '.join(TABLES)}; got {name!r}{hint}")
    return TABLES[name]


def build_table(
    name: str, records: pd.DataFrame | Iterable[Mapping[str, Any]] | Mapping[str, Any] | None = None
) -> pd.DataFrame:
    """Make a table of the full schema from records or columns; absent columns are missing values.

    It does not check keys or values: see `check_table`.

    Parameters
    ----------
    name
        A key of `TABLES`.
    records
        Dicts by row, one dict of columns, or a frame; nothing gives the empty table.

    Returns
    -------
    DataFrame with every column of the table in its order and type, then any further columns given.

    Raises
    ------
    SchemaError
        For an unknown table, or a column that cannot be brought to its type.

    Examples
    --------
    >>> build_table("actors", [{"actor_id": "toran", "name": "Ilse Toran"}])["kind"].isna().tolist()
    [True]
    """
    columns = _lookup(name).columns
    if not isinstance(records, pd.DataFrame):
        records = pd.DataFrame(records if isinstance(records, Mapping) else list(records or ()))
    return coerce_columns(records, name, columns)


def coerce_columns(frame: pd.DataFrame, name: str, columns: Mapping[str, Column]) -> pd.DataFrame:
    """Return the frame with every declared column in order and type, then its further columns."""
    series = {}
    for column, spec in columns.items():
        dtype = DTYPES[spec.kind]
        if column not in frame:
            series[column] = pd.Series(None, index=frame.index, dtype=dtype)
            continue
        values = frame[column]
        try:
            if spec.kind == "time":
                values = pd.to_datetime(values, utc=True, format="ISO8601" if values.dtype == "str" else None)
            elif spec.kind == "date":
                values = pd.to_datetime(values, format="ISO8601" if values.dtype == "str" else None)
            elif spec.kind == "flag" and values.dtype == "str":
                values = values.map({"true": True, "True": True, "false": False, "False": False})
            series[column] = values.astype(dtype)
        except (TypeError, ValueError) as error:
            raise SchemaError(f"{name}.{column}: expected {dtype}; got {values.dtype} ({error})") from error
    extra = {c: frame[c] for c in frame.columns if c not in columns}
    return pd.DataFrame({**series, **extra}, index=frame.index).reset_index(drop=True)


def check_table(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the frame in the table's column order and types, after checking it against the schema.

    Columns that may be absent are added as missing; further columns are kept at the end. The input is not changed.

    Parameters
    ----------
    frame
        The candidate table.
    name
        A key of `TABLES`.

    Raises
    ------
    SchemaError
        Naming the first required column that is absent, value outside the allowed ones, offset that is negative or
        ends before it starts, or key that stands twice.

    Examples
    --------
    >>> check_table(sample.articles, "articles").equals(sample.articles)
    True
    """
    table = _lookup(name)
    absent = [c for c, spec in table.columns.items() if spec.required and c not in frame]
    if absent:
        near = difflib.get_close_matches(absent[0], [str(c) for c in frame.columns], n=1)
        hint = f" (did you mean to rename {near[0]!r}?)" if near else ""
        raise SchemaError(f"{name}: expected a column {absent[0]!r}{hint}; got {', '.join(map(str, frame.columns))}")
    result = coerce_columns(frame, name, table.columns)
    for column, spec in table.columns.items():
        if spec.allowed:
            wrong = result.loc[result[column].notna() & ~result[column].isin([*spec.allowed, ""]), column]
            if len(wrong):
                raise SchemaError(f"{name}.{column}: expected one of {', '.join(spec.allowed)}; got {wrong.iloc[0]!r}")
    for low, high in (("start", "end"), ("raw_start", "raw_end")):
        if low in table.columns:
            outside = result[(result[low] < 0) | (result[high] < result[low])]
            if len(outside):
                row = outside.iloc[0]
                raise SchemaError(f"{name}: expected 0 <= {low} <= {high}; got {row[low]} and {row[high]}")
    twice = result.duplicated(list(table.key))
    if twice.any():
        got = result.loc[twice, list(table.key)].iloc[0].to_dict()
        raise SchemaError(f"{name}: expected each {' + '.join(table.key)} once; got {got} again")
    return result
