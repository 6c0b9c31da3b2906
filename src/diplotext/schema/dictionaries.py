"""The user's own tables in one object: actors, aliases, issues, corrections, and the date for undated articles."""

from __future__ import annotations

import datetime as dt
import difflib
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from diplotext.schema.files import read_frame
from diplotext.schema.frames import SchemaError, build_table, check_table
from diplotext.schema.tables import TABLES


class Dictionaries(NamedTuple):
    """Your own tables, which every stage takes as ``dictionaries=``; they take precedence over the bundled ones.

    Parameters
    ----------
    actors, aliases
        The tables of these names (see `TABLES`): ``actor_id`` and ``name`` at least; ``alias`` and ``actor_id``.
    issues
        ``issue_id, name, patterns``: phrases joined by ``;``. A row with the id of a bundled issue replaces it, and
        removes it where it has no patterns.
    date
        Taken for articles without a date of their own; a date or ``YYYY-MM-DD``.
    corrections
        Speakers corrected by hand, ``quote_id, speaker, country``: they overrule every rule.

    Examples
    --------
    >>> own = Dictionaries(date="2021-05-01")
    >>> own.actors is None
    True
    """

    actors: pd.DataFrame | None = None
    aliases: pd.DataFrame | None = None
    issues: pd.DataFrame | None = None
    date: dt.date | str | None = None
    corrections: pd.DataFrame | None = None


#: the columns that own tables must have, and whether every row must fill them.
_NEEDED = {
    "actors": {"actor_id": True, "name": True},
    "aliases": {"alias": True, "actor_id": True},
    "issues": {"issue_id": True, "name": True, "patterns": False},
    "corrections": {"quote_id": True, "speaker": False, "country": False},
}
_DATE_FILE = "date.txt"


def load_dictionaries(folder: str | Path) -> Dictionaries:
    """Read your own tables from a folder, as far as they are there.

    It does not look into folders below, and leaves other files alone.

    Parameters
    ----------
    folder
        With any of ``actors``, ``aliases``, ``issues`` and ``corrections``, each as ``.csv`` or ``.parquet``, and
        ``date.txt``, which holds one date, ``YYYY-MM-DD``.

    Returns
    -------
    `Dictionaries`, checked; what is not in the folder is None.

    Raises
    ------
    FileNotFoundError
        If there is no such folder, or none of these files in it.
    SchemaError
        If a file is not the table that its name promises.

    Examples
    --------
    >>> own = load_dictionaries(sample.folder)
    >>> own.actors["name"].iloc[0]
    'Marvania'
    >>> own.corrections is None
    True
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise FileNotFoundError(f"folder: expected a folder with your own tables; got {str(folder)!r}, which is none")
    paths = {name: folder / f"{name}{ending}" for name in _NEEDED for ending in (".parquet", ".csv")
             if (folder / f"{name}{ending}").is_file()}  # fmt: skip
    date = (folder / _DATE_FILE).read_text("utf-8-sig").strip() if (folder / _DATE_FILE).is_file() else None
    if not paths and date is None:
        names = ", ".join([*(f"{name}.csv" for name in _NEEDED), _DATE_FILE])
        raise FileNotFoundError(f"folder: expected at least one of {names}; got {str(folder)!r} without them")
    return check_dictionaries(Dictionaries(**{name: read_own(path, name) for name, path in paths.items()}, date=date))


def read_own(path: str | Path, name: str) -> pd.DataFrame:
    """Read one of your own tables, ``actors``, ``aliases``, ``issues`` or ``corrections``, from a file, and check it.

    Raises
    ------
    SchemaError
        Naming the file, what was expected and what came.

    Examples
    --------
    >>> read_own(sample.folder / "actors.csv", "actors")["name"].iloc[0]
    'Marvania'
    """
    path = Path(path)
    try:
        return _check_own(read_frame(path), name)
    except SchemaError as error:
        raise SchemaError(f"{path.name}: {error}") from error


def check_dictionaries(given: Dictionaries | None) -> Dictionaries:
    """Return the user's own tables in the schema's form, the date read; nothing given is empty dictionaries.

    Raises
    ------
    SchemaError
        If `given` is something else, a table lacks a column or a value that it needs or has a column that is nearly
        one of the schema's, or the date cannot be read.

    Examples
    --------
    >>> check_dictionaries(None).actors is None
    True
    """
    if given is None:
        return Dictionaries()
    if not isinstance(given, Dictionaries):
        raise SchemaError(
            f"dictionaries: expected Dictionaries, as load_dictionaries returns them; got {type(given).__name__}; "
            "put your own tables into Dictionaries(actors=..., aliases=..., issues=...)"
        )
    own = {name: _check_own(getattr(given, name), name) for name in _NEEDED if getattr(given, name) is not None}
    return Dictionaries(**own, date=_read_date(given.date))


def _check_own(frame: object, name: str) -> pd.DataFrame:
    needed, known = _NEEDED[name], list(TABLES[name].columns)
    if not isinstance(frame, pd.DataFrame):
        raise SchemaError(
            f"{name}: expected a DataFrame with the columns {', '.join(needed)}; got {type(frame).__name__}; read a "
            "file with load_dictionaries"
        )
    shown = ", ".join(map(str, frame.columns)) or "no column"
    absent = [column for column in needed if column not in frame]
    for column in absent[:1]:
        raise SchemaError(f"{name}: expected a column {column!r}{_hint(column, frame)}; got {shown}")
    for column in known:  # a column that is nearly one of ours would be left out without a word
        if column not in frame and (hint := _hint(column, frame.drop(columns=known, errors="ignore"))):
            raise SchemaError(f"{name}: expected the columns {', '.join(known)}{hint}; got {shown}")
    table = check_table(build_table(name, frame), name)
    for column in (c for c, filled in needed.items() if filled):
        empty = table[column].fillna("").str.strip() == ""
        if empty.any():
            raise SchemaError(
                f"{name}.{column}: expected a value in every row; got none in row {int(empty.argmax()) + 1}; fill it "
                "in or take the row out"
            )
    return table


def _hint(column: str, frame: pd.DataFrame) -> str:
    plain = {str(c).strip().casefold(): c for c in frame.columns}
    near = difflib.get_close_matches(column, plain, n=1, cutoff=0.75)
    return f" (did you mean to rename {plain[near[0]]!r} to {column!r}?)" if near else ""


def _read_date(date: object) -> dt.date | None:
    if date is None or isinstance(date, dt.datetime):
        return date.date() if isinstance(date, dt.datetime) else None
    if isinstance(date, dt.date):
        return date
    try:
        if len(str(date)) == 10:
            return dt.date.fromisoformat(str(date))
    except ValueError:
        pass
    raise SchemaError(f"date: expected a date or YYYY-MM-DD; got {date!r}")
