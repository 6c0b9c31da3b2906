"""Articles that are in memory already: a DataFrame, or texts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from diplotext.io.decoding import InputError
from diplotext.io.records import Problem, Record, pick_columns


def frame_texts(texts: Any, text_column: str) -> pd.DataFrame:
    """Return texts as a table of one column.

    Raises
    ------
    TypeError
        If it is one text, or no list.
    """
    if isinstance(texts, str) or not isinstance(texts, Iterable):
        raise TypeError(f"texts: expected a list of texts; got {str(texts)[:60]!r}. Write texts=[...]")
    return pd.DataFrame({text_column: pd.Series(list(texts), dtype="object")})


def read_frame(frame: pd.DataFrame, text_column: str) -> list[Record | Problem]:
    """Return the records and problems of a table, one a row, numbered from 1."""
    names = [str(name) for name in frame.columns]
    columns = [[_plain_value(value) for value in frame.iloc[:, at].astype("object")] for at in range(len(names))]
    rows = (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))
    try:
        return list(pick_columns(((number, row, None) for number, row in enumerate(rows, 1)), text_column))
    except InputError as error:
        return [Problem(0, error.reason, error.advice)]


def _plain_value(value: Any) -> Any:
    """Return a cell's value as a file would give it: an array as a list, what is missing as None."""
    value = value.tolist() if isinstance(value, np.ndarray | np.generic) else value
    return None if value is pd.NA or value is pd.NaT or value != value else value
