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

    Examples
    --------
    >>> read_rows("postures.csv")[0]["posture"]
    'threaten'
    """
    table = files("diplotext") / "resources" / name
    if not table.is_file():
        raise FileNotFoundError(f"name: expected a table of the package; got {name!r}, which is missing: reinstall it")
    return tuple(csv.DictReader(table.read_text("utf-8").splitlines()))


@cache
def read_words(name: str) -> dict[str, frozenset[str]]:
    """Return a list of words, ``resources/<name>.csv``, as kind → texts.

    A row holds one text (columns `text` and `kind`), or a kind in its first column and all its `words`, parted by
    spaces.

    Examples
    --------
    >>> sorted(read_words("function_words"))[:2]
    ['adv', 'aux']
    """
    words: dict[str, set[str]] = {}
    for row in read_rows(f"{name}.csv"):
        first = next(iter(row.values()))
        kind, texts = (row["kind"], [row["text"]]) if "kind" in row else (first, row["words"].split())
        words.setdefault(kind, set()).update(texts)
    return {kind: frozenset(texts) for kind, texts in words.items()}
