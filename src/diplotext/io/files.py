"""Which files are meant, and the metadata CSV that may lie beside them."""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from diplotext import schema
from diplotext.io.decoding import ENDINGS, InputError, decode_text, refuse_binary
from diplotext.io.delimited import read_delimited
from diplotext.io.fields import names_file, read_fields

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]

#: A file of this name among the inputs describes the others and is itself no article.
METADATA = "metadata.csv"
#: What systems and word processors leave in folders.
_LITTER = ("thumbs.db", "desktop.ini", "__macosx")
#: What an earlier run of `analyze` left beside its ``run.json``.
_RESULTS = ("report", "run", "findings", "tables", *schema.TABLES)


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

    Files of a folder come sorted by path. Hidden files, the ``page_files`` folders that browsers save beside
    ``page.html``, and the results of an earlier run are passed over; links are followed, each target once. What
    matches nothing, and folders that may not be read, are reported.
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
        shown = os.fspath(item)
        if not shown.strip():  # Path("") would be the whole working folder
            raise ValueError(f"paths: expected a file, folder or pattern; got {shown!r}")
        path = Path(shown if os.path.lexists(shown) else os.path.expanduser(shown))  # noqa: PTH111 (never raises)
        shown = printable(shown)
        if os.path.isdir(path):  # noqa: PTH112 (of a folder closed to the user pathlib's raise)
            matches, closed = _walk(path)
            rejected += closed
            reason = "the folder holds no files" if not closed else ""
        elif os.path.exists(path):  # noqa: PTH110
            matches = [Source(resolve(path), shown, printable(path.name), True)]
        elif any(mark in shown for mark in "*?["):
            matches, closed = _match(path)
            rejected += closed
            reason = "the pattern matches no files" if not closed else ""
        else:
            matches, reason = [], _why_absent(path)
        if not matches and reason:
            rejected.append(Rejected(shown, reason, "Check the path"))
        for match in matches:
            found.setdefault(match.path, match)
    return list(found.values()), rejected


def printable(name: str) -> str:
    """Return a file's name without the surrogates that stand for bytes which are not of the system's encoding."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "backslashreplace")


def resolve(path: Path) -> Path:
    """Return the absolute path with its links followed; even a link to itself does not make it raise."""
    try:
        return Path(os.path.realpath(path))  # pathlib's raises
    except ValueError:  # a zero in it
        return path.absolute()


def _walk(folder: Path, prefix: str = "") -> tuple[list[Source], list[Rejected]]:
    sources: list[tuple[Source, bool]] = []
    closed: list[Rejected] = []
    root = resolve(folder)
    seen = {root}

    def refuse(error: OSError) -> None:
        reason = f"it cannot be read ({error.strerror or error})"
        closed.append(Rejected(printable(str(error.filename)), reason, "Check the folder's permissions"))

    def enter(path: Path) -> bool:
        """Whether to go into a folder: one that is linked only if that leads to a new place, not in a circle."""
        if not path.is_symlink():
            return True
        target = resolve(path)
        new = target not in seen and not target.is_relative_to(root) and not root.is_relative_to(target)
        seen.add(target)
        return new

    for at, folders, names in os.walk(folder, onerror=refuse, followlinks=True):
        here, whole = Path(at), resolve(Path(at))
        names = [name for name in names if not _is_litter(name)]
        if "run.json" in names and _is_record(here / "run.json"):
            names = [name for name in names if name.partition(".")[0] not in _RESULTS]
        pages = {Path(name).stem for name in names if ENDINGS.get(Path(name).suffix.lower()) == "html"}
        kept = [f for f in sorted(folders) if not _is_litter(f) and f.removesuffix("_files") not in pages]
        folders[:] = [f for f in kept if enter(here / f)]
        inner = here.relative_to(folder).as_posix()
        inner = prefix if inner == "." else f"{prefix}{inner}/"
        for name in names:
            path, link = whole / name, (here / name).is_symlink()
            path = resolve(path) if link else path
            sources.append((Source(path, printable(str(here / name)), printable(inner + name), False), link))
    real = {source.path for source, link in sources if not link}
    once = (source for source, link in sources if not (link and source.path in real))
    return sorted(once, key=lambda source: source.key), closed


def _is_litter(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _LITTER


def _is_record(path: Path) -> bool:
    """Whether a ``run.json`` is the record that `analyze` writes beside its results."""
    try:
        record = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(record, dict) and {"diplotext", "started"} <= record.keys()


def _match(pattern: Path) -> tuple[list[Source], list[Rejected]]:
    parts = pattern.parts
    first = next(i for i, part in enumerate(parts) if any(mark in part for mark in "*?["))
    base = Path(*parts[:first])
    sources: list[Source] = []
    closed: list[Rejected] = []
    try:
        paths = sorted(base.glob(str(Path(*parts[first:]))))
    except OSError as error:  # such as a folder's name that is too long
        reason = f"it cannot be read ({error.strerror or error})"
        return [], [Rejected(printable(str(pattern)), reason, "Check the path")]
    found = {path.relative_to(base).as_posix(): path for path in paths}
    found = {key: path for key, path in found.items() if not any(map(_is_litter, Path(key).parts))}
    for key, path in found.items():
        if not os.path.isdir(path):  # noqa: PTH112
            sources.append(Source(resolve(path), printable(str(path)), printable(key), False))
    for key, path in found.items() if not sources else ():  # a pattern of folders, such as "news/2022-*"
        inside, refused = _walk(path, f"{key}/")
        sources += inside
        closed += refused
    return sources, closed


def _why_absent(path: Path) -> str:
    try:
        path.stat()
    except PermissionError as error:
        return f"it cannot be read ({error.strerror})"
    except (OSError, ValueError):  # too long for a name, or holding a zero
        pass
    if os.path.islink(path):  # noqa: PTH114
        return "it is a link that leads to no file"
    if len(str(path)) > 1000 or "\n" in str(path):
        return "there is no such file; paths are expected, not texts (those as texts=[...])"
    return f"there is no such file{_suggest(path, path.parent)}"


def _suggest(path: Path, folder: Path = Path(), near: float = 0.6) -> str:
    """Return the file of a like name that was probably meant, as a question in brackets; empty if there is none."""
    try:
        names = {p.name.lower(): p.name for p in path.parent.iterdir()}
    except (OSError, ValueError):
        return ""
    close = [name for name in names if Path(name).stem == path.name.lower()]
    close += difflib.get_close_matches(path.name.lower(), names, n=1, cutoff=near)
    return f" (did you mean {str(folder / names[close[0]])!r}?)" if close else ""


def read_metadata(path: Path) -> tuple[dict[Path, dict[str, Any]], list[str]]:
    """Return what a metadata CSV says of each file, by resolved path, and what is odd in it; files are relative to it.

    Raises
    ------
    InputError
        If it cannot be read or has no column `file`.
    """
    try:
        data = path.read_bytes()
        refuse_binary(data, path.suffix.lower())
        text = decode_text(data)
    except OSError as error:
        raise InputError(f"it cannot be read ({error.strerror or error})", "Check the path") from error
    names, rows = read_delimited(text)
    column = next(filter(names_file, names), None)
    if column is None:
        raise InputError(
            f"expected a column 'file'; got {', '.join(names) or 'none'}",
            "The columns are file, title, outlet, published, url; file is relative to this CSV",
        )
    known: dict[Path, dict[str, Any]] = {}
    odd: list[str] = []
    for number, row in rows:
        if isinstance(row, str):
            odd.append(row)
            continue
        name = row.pop(column, "").strip()
        if not name:
            continue
        place = path.parent / name
        if "\\" in name and not os.path.lexists(place):  # written on Windows
            place = path.parent / name.replace("\\", "/")
        fields = read_fields(row)
        if known.get(resolve(place), fields) != fields:
            odd.append(f"row {number} describes {name} again; the last row counts")
        known[resolve(place)] = fields
    return known, odd


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
        if os.path.isfile(folder / METADATA):  # noqa: PTH113 (of an endless path pathlib's raises)
            tables.setdefault(folder / METADATA, str(Path(shown).with_name(METADATA)))
    known: dict[Path, dict[str, Any]] = {}
    used: set[Path] = set()
    for path in sorted(tables, key=lambda path: (len(path.parts), path)):
        try:
            fields, odd = read_metadata(path)
        except InputError as error:
            if "column 'file'" not in error.reason:  # without that column it is a table of articles
                rejected.append(Rejected(tables[path], error.reason, error.advice))
                used.add(path)
            continue
        used.add(path)
        known |= fields
        rejected += _doubt(tables[path], fields, odd)
    if metadata is not None:
        given = resolve(Path(metadata))
        try:
            fields, odd = read_metadata(given)
        except InputError as error:
            raise ValueError(f"metadata: {os.fspath(metadata)}: {error}") from error
        # The CSV may also lie elsewhere and speak of paths within the folder given.
        loose = {os.path.relpath(path, given.parent): path for path in fields if not os.path.exists(path)}  # noqa: PTH110
        for source in sources:
            key = str(Path(source.key))
            if source.path not in fields and key in loose:
                fields[source.path] = fields.pop(loose.pop(key))
        used.add(given)
        known |= fields
        rejected += _doubt(printable(os.fspath(metadata)), fields, odd)
    return [source for source in sources if source.path not in used], known, rejected


def _doubt(table: str, fields: Iterable[Path], odd: list[str]) -> list[Rejected]:
    """Return what is wrong with a metadata CSV of which the rest is used."""
    columns = "The columns are file, title, outlet, published, url; quote fields that hold separators"
    rejected = [Rejected(table, reason, columns) for reason in odd[:3]]
    if len(odd) > 3:
        rejected.append(Rejected(table, f"{len(odd) - 3} more of its rows are odd in such a way", columns))
    absent = [path for path in fields if not os.path.exists(path)]  # noqa: PTH110
    if absent:
        names = ", ".join(path.name for path in absent[:3]) + (", …" if len(absent) > 3 else "")
        reason = f"files that it names are not there ({len(absent)}): {names}{_suggest(absent[0], near=0.8)}"
        rejected.append(Rejected(table, reason, "Write `file` relative to the CSV; its other rows are used"))
    return rejected
