"""The bundled rule tables of ``resources/``."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def read_rows(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of ``resources/<name>``, a CSV with a header line; an empty cell is an empty text.

    Read once and kept: the rows must not be changed.
    """
    text = (files("diplotext") / "resources" / name).read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))
