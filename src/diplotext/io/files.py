"""Which files are meant, and the metadata CSV that may lie beside them."""

from __future__ import annotations

import csv
import difflib
import io
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from diplotext.io.decoding import ENDINGS, InputError, decode_text
from diplotext.io.fields import read_fields

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]

#: A file of this name among the inputs describes the others and is itself no article.
METADATA = "metadata.csv"


class Source(NamedTuple):
    """One file to read: where it is, how the user reaches it, its place in the argument, and whether it was named."""

    path: Path
    shown: str
    key: str
    named: bool


class Rejected(NamedTuple):
    """One row of the table of rejected inputs."""

    source: str
    reason: str
    advice: str


def find_sources(paths: Paths) -> tuple[list[Source], list[Rejected]]:
    """Return the files that paths, folders (with all their subfolders) and patterns stand for, each file once.

    Files of a folder come sorted by path. Hidden files, and the ``page_files`` folders that browsers save beside
    ``page.html``, are passed over. What matches nothing is reported.
    """
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    if not isinstance(paths, Iterable):
        raise TypeError(f"paths: expected a file, folder, pattern, or a list of these; got {paths!r}")
    found: dict[Path, Source] = {}
    rejected = []
    given = list(paths)
    if not given:
        raise ValueError("paths: expected at least one file, folder or pattern; got an empty list")
    for item in given:
        if not isinstance(item, str | os.PathLike):
            raise TypeError(f"paths: expected a file, folder, pattern, or a list of these; got {item!r} in it")
        shown, path = os.fspath(item), Path(item)
        if path.is_dir():
            matches = list(_walk(path))
            reason = "the folder holds no files"
        elif path.exists():
            matches = [Source(path.resolve(), shown, path.name, True)]
        elif any(mark in shown for mark in "*?["):
            matches = list(_match(shown))
            reason = "the pattern matches no files"
        else:
            matches, reason = [], f"there is no such file{_near(path)}"
        if not matches:
            rejected.append(Rejected(shown, reason, "Check the path"))
        for match in matches:
            found.setdefault(match.path, match)
    return list(found.values()), rejected


def _walk(folder: Path) -> list[Source]:
    sources = []
    for at, folders, names in os.walk(folder):
        here, whole = Path(at), Path(at).resolve()
        pages = {Path(name).stem for name in names if ENDINGS.get(Path(name).suffix.lower()) == "html"}
        folders[:] = [f for f in folders if not f.startswith(".") and f.removesuffix("_files") not in pages]
        prefix = here.relative_to(folder).as_posix()
        prefix = "" if prefix == "." else f"{prefix}/"
        sources += [
            Source(whole / name, str(here / name), prefix + name, False) for name in names if not name.startswith(".")
        ]
    return sorted(sources, key=lambda source: source.key)


def _match(pattern: str) -> Iterable[Source]:
    parts = Path(pattern).parts
    first = next(i for i, part in enumerate(parts) if any(mark in part for mark in "*?["))
    base = Path(*parts[:first])
    for path in sorted(base.glob(str(Path(*parts[first:])))):
        key = path.relative_to(base).as_posix()
        if path.is_file() and not any(part.startswith(".") for part in key.split("/")):
            yield Source(path.resolve(), str(path), key, False)


def _near(path: Path) -> str:
    names = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
    close = difflib.get_close_matches(path.name, names, n=1)
    return f"; did you mean {str(path.with_name(close[0]))!r}?" if close else ""


def read_metadata(path: Path) -> dict[Path, dict[str, Any]]:
    """Return the fields of each file that a metadata CSV describes, by resolved path; files are relative to the CSV.

    Raises
    ------
    InputError
        If it cannot be read or has no column `file`.
    """
    try:
        text = decode_text(path.read_bytes()).removeprefix("\ufeff")
    except OSError as error:
        raise InputError(f"it cannot be read ({error.strerror or error})", "Check the path") from error
    header = text[: text.find("\n") if "\n" in text else len(text)]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count))
    names = [name or "" for name in reader.fieldnames or ()]
    column = next((n for n in names if n.strip().lower() in ("file", "filename", "path")), None)
    if column is None:
        raise InputError(
            f"expected a column 'file'; got {', '.join(names) or 'none'}",
            "The columns are file, title, outlet, published, url; file is relative to this CSV",
        )
    return {
        (path.parent / row[column].strip()).resolve(): read_fields(
            {k: v for k, v in row.items() if k and k != column and isinstance(v, str) and v.strip()}
        )
        for row in reader
        if row[column]
    }


def collect_metadata(
    sources: list[Source], metadata: str | os.PathLike[str] | None
) -> tuple[list[Source], Mapping[Path, Mapping[str, Any]], list[Rejected]]:
    """Read the metadata CSV given, and every ``metadata.csv`` among or beside the sources.

    Where two describe a file, the one given wins, then the one nearest to the file.

    Returns
    -------
    The sources without those CSVs, the fields by resolved path, and what could not be used.

    Raises
    ------
    ValueError
        If the metadata CSV given cannot be used.
    """
    rejected: list[Rejected] = []
    tables = {source.path: source.shown for source in sources if source.path.name.lower() == METADATA}
    for folder, shown in {source.path.parent: source.shown for source in sources}.items():
        if (folder / METADATA).is_file():
            tables.setdefault(folder / METADATA, str(Path(shown).with_name(METADATA)))
    known: dict[Path, dict[str, Any]] = {}
    used: set[Path] = set()
    for path in sorted(tables, key=lambda path: (len(path.parts), path)):
        try:
            fields = read_metadata(path)
        except InputError as error:
            if "column 'file'" not in error.reason:  # without that column it is a table of articles
                rejected.append(Rejected(tables[path], error.reason, error.advice))
                used.add(path)
            continue
        used.add(path)
        known |= fields
        rejected += _missing(tables[path], fields)
    if metadata is not None:
        given = Path(metadata).resolve()
        try:
            fields = read_metadata(given)
        except InputError as error:
            raise ValueError(f"metadata: {os.fspath(metadata)}: {error}") from error
        # The CSV may also lie elsewhere and speak of paths within the folder given.
        loose = {os.path.relpath(path, given.parent): path for path in fields if not path.exists()}
        for source in sources:
            key = str(Path(source.key))
            if source.path not in fields and key in loose:
                fields[source.path] = fields.pop(loose.pop(key))
        used.add(given)
        known |= fields
        rejected += _missing(os.fspath(metadata), fields)
    return [source for source in sources if source.path not in used], known, rejected


def _missing(table: str, fields: Iterable[Path]) -> list[Rejected]:
    absent = [path.name for path in fields if not path.exists()]
    if not absent:
        return []
    names = ", ".join(absent[:3]) + (", …" if len(absent) > 3 else "")
    reason = f"files that it names are not there ({len(absent)}): {names}"
    return [Rejected(table, reason, "Write `file` relative to the CSV; its other rows are used")]
