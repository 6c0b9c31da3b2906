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

    Raises
    ------
    FileNotFoundError
        If the package came without the table.
    """
    table = files("diplotext") / "resources" / name
    if not table.is_file():
        raise FileNotFoundError(f"name: expected a table of the package; got {name!r}, which is missing: reinstall it")
    return tuple(csv.DictReader(table.read_text("utf-8").splitlines()))


@cache
def read_words(name: str) -> Mapping[str, frozenset[str]]:
    """Return ``resources/<name>.csv`` (columns `text` and `kind`) as kind → texts."""
    words: dict[str, set[str]] = {}
    for row in read_rows(f"{name}.csv"):
        words.setdefault(row["kind"], set()).add(row["text"])
    return {kind: frozenset(texts) for kind, texts in words.items()}
