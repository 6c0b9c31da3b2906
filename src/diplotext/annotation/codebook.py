"""The codebook as data: fields, labels, keys, definitions, examples and near misses."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from importlib.resources import as_file, files
from pathlib import Path
from typing import NamedTuple

import pandas as pd

#: what a label is given to: the statement, or one of its targets.
UNITS = ("statement", "target")
_COLUMNS = ("field", "unit", "label", "key", "definition", "example", "near_miss")
_NEEDED = ("field", "label", "definition")


class Field(NamedTuple):
    """One field: what it is given to, its labels in order, and whether free text may be given."""

    name: str
    unit: str
    labels: tuple[str, ...]
    open: bool

    def read(self, label: str) -> str:
        """Return the label that is meant, whatever its case and outer space.

        Raises
        ------
        ValueError
            If the field has no such label.
        """
        text = " ".join(str(label).split())
        known = {name.casefold(): name for name in self.labels}
        if text.casefold() in known:
            return known[text.casefold()]
        if self.open and text:
            return text
        near = difflib.get_close_matches(text.casefold(), known, n=1)
        hint = f"; did you mean {known[near[0]]!r}?" if near else ""
        raise ValueError(f"label: expected one of {', '.join(self.labels)} for {self.name}; got {label!r}{hint}")


def load_codebook(path: str | Path | None = None) -> pd.DataFrame:
    """Read a codebook, the bundled one (``resources/codebook.csv``) where no path is given.

    Parameters
    ----------
    path
        A CSV with the columns ``field``, ``label`` and ``definition``, and as far as wanted ``unit`` (``statement``,
        which is meant where it is empty, or ``target``), ``key``, ``example`` and ``near_miss``. Fields and labels
        stand in the order in which they are asked. A row without a label makes a field open: any text may be given.

    Returns
    -------
    DataFrame with all seven columns as texts, empty where there is nothing. A label without a key of its own gets the
    shortest beginning that no key of the field begins with.

    Raises
    ------
    ValueError
        If a column is absent, a label or key stands twice in a field, one key begins another, or a field has two units.

    Examples
    --------
    >>> codebook = load_codebook()
    >>> list(codebook["field"].unique())
    ['statement', 'speaker', 'country', 'posture', 'conditional', 'mode', 'target', 'stance']
    >>> codebook.loc[codebook["field"] == "stance", "key"].tolist()
    ['o', 'u', 's']
    """
    if path is None:
        with as_file(files("diplotext") / "resources" / "codebook.csv") as bundled:
            return load_codebook(bundled)
    frame = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    return check_codebook(frame)


def check_codebook(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a codebook with all columns, its keys filled in; see `load_codebook` for what it raises."""
    for column in _NEEDED:
        if column not in frame:
            near = difflib.get_close_matches(column, [str(c) for c in frame], n=1)
            hint = f" (did you mean to rename {near[0]!r}?)" if near else ""
            raise ValueError(f"codebook: expected a column {column!r}{hint}; got {', '.join(map(str, frame))}")
    book = pd.DataFrame({c: frame.get(c, pd.Series("", index=frame.index)) for c in _COLUMNS})
    book = book.astype("str").fillna("").apply(lambda column: column.str.strip())
    book["unit"] = book["unit"].replace("", UNITS[0])
    wrong = book.loc[~book["unit"].isin(UNITS), "unit"]
    if len(wrong):
        raise ValueError(f"codebook.unit: expected one of {', '.join(UNITS)}; got {wrong.iloc[0]!r}")
    empty = book["field"] == ""
    if empty.any() or book.empty:
        raise ValueError("codebook.field: expected a name in every row, and a row at least; got none")
    for name, rows in book.groupby("field", sort=False):
        if len(set(rows["unit"])) > 1:
            raise ValueError(f"codebook.unit: expected one unit for the field {name!r}; got {', '.join(UNITS)}")
        twice = rows.loc[rows["label"].duplicated(), "label"]
        if len(twice):
            raise ValueError(
                f"codebook.label: expected each label once in the field {name!r}; got {twice.iloc[0]!r} again"
            )
        book.loc[rows.index, "key"] = _fill_keys(str(name), rows["label"], rows["key"])
    return book.reset_index(drop=True)


def _fill_keys(field: str, labels: Iterable[str], keys: Iterable[str]) -> list[str]:
    keys = [key.casefold() for key in keys]
    taken = [key for key in keys if key]
    filled = []
    for label, key in zip(labels, keys, strict=True):
        if not key and label:
            plain = "".join(c for c in label.casefold() if c.isalnum())
            candidates = [plain[:n] for n in range(1, len(plain) + 1)] + [str(n) for n in range(1, 100)]
            key = next(k for k in candidates if not any(_clash(k, other) for other in taken))
            taken.append(key)
        filled.append(key)
    for n, key in enumerate(taken):
        clash = next((other for other in taken[:n] if _clash(key, other)), None)
        if clash is not None:
            raise ValueError(
                f"codebook.key: expected that no key begins another in {field!r}; got {clash!r} and {key!r}"
            )
    return filled


def _clash(a: str, b: str) -> bool:
    return a.startswith(b) or b.startswith(a)


def read_fields(codebook: pd.DataFrame) -> dict[str, Field]:
    """Return the codebook's fields by name, in order."""
    return {
        str(name): Field(
            str(name),
            rows["unit"].iloc[0],
            tuple(label for label in rows["label"] if label),
            bool((rows["label"] == "").any()),
        )
        for name, rows in codebook.groupby("field", sort=False)
    }
