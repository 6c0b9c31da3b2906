"""Public corpora brought to this machine after the recipes of ``resources/corpora.csv``."""

from __future__ import annotations

import difflib
import os
import shutil
import sys
import zipfile
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pooch

from diplotext import schema

#: digests of what was fetched first, where the recipe knows none.
_SUMS = "SHA256SUMS"
#: What an archive may unpack to.
_MOST_BYTES = 4_000_000_000


class Recipe(NamedTuple):
    """How to get one corpus, as a row of ``resources/corpora.csv`` says.

    Parameters
    ----------
    name, title
        What it is called here, and in full.
    address
        Of the one file or ``.zip``; empty where the corpus has to be asked for.
    sha256
        Of that file; empty where it is not known: then that of the first download is shown and kept.
    inside
        The folder of the archive that is the corpus, below the archive's own.
    holds
        Patterns, parted by ``;``, that each match a file of a whole corpus.
    load
        The function that reads it, and, after a colon, the part of the folder that it takes.
    ask, terms, cite
        Where it comes from, what its owners allow, and whom to cite.

    Examples
    --------
    >>> dt.corpora.list_corpora()["mpqa"].address
    ''
    """

    name: str
    title: str
    address: str
    sha256: str
    inside: str
    holds: str
    load: str
    ask: str
    terms: str
    cite: str


def list_corpora() -> dict[str, Recipe]:
    """Return the recipes of the public corpora by name.

    Examples
    --------
    >>> list_corpora()["newsmtsc"].terms
    'MIT'
    """
    return {row["name"]: Recipe(**row) for row in schema.read_rows("corpora.csv")}


def fetch_corpus(name: str, copy: str | Path | None = None) -> Path:
    """Bring a public corpus to this machine, once, and return its folder.

    It does not load it (the recipe's `load` says what does), and asks nobody: the corpus' terms, printed on stderr
    before anything is fetched, bind whoever calls this. Nothing is fetched where the corpus is there already.

    Parameters
    ----------
    name
        One of `list_corpora`.
    copy
        A folder or file of yours to take in the place of a download.

    Returns
    -------
    The corpus' folder: ``name`` in the folder that the environment variable ``DIPLOTEXT_DATA`` names, else in the
    user's cache.

    Raises
    ------
    ValueError
        If there is no such corpus, or the file that came is not the one that was expected.
    FileNotFoundError
        If a corpus has no address and no copy is given, or what came is not whole.
    ConnectionError
        If the address cannot be reached.

    Examples
    --------
    >>> fetch_corpus("polnaer")
    Traceback (most recent call last):
    ...
    ValueError: name: expected one of wikinews, ..., mpqa; got 'polnaer'; did you mean 'polnear'?
    """
    recipes = list_corpora()
    if name not in recipes:
        near = difflib.get_close_matches(name, recipes, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"name: expected one of {', '.join(recipes)}; got {name!r}{hint}")
    recipe = recipes[name]
    data = Path(os.environ.get("DIPLOTEXT_DATA") or pooch.os_cache("diplotext"))
    folder = data / name
    if copy is None and not _lacking(folder, recipe):
        return folder
    print(f"{recipe.title}. {recipe.terms}. Cite: {recipe.cite}.", file=sys.stderr)  # noqa: T201
    data.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=data) as scratch:
        whole = Path(scratch) / name
        if copy is not None:
            _take_copy(Path(copy), whole)
        else:
            _download(recipe, data, whole)
        if lacking := _lacking(whole, recipe):
            raise FileNotFoundError(
                f"{name}: expected {lacking} in what came; got none. Where it is from: {recipe.ask}"
            )
        shutil.rmtree(folder, ignore_errors=True)
        whole.rename(folder)
    return folder


def _lacking(folder: Path, recipe: Recipe) -> str | None:
    return next((part for part in recipe.holds.split(";") if next(folder.glob(part), None) is None), None)


def _take_copy(copy: Path, whole: Path) -> None:
    if not copy.exists():
        raise FileNotFoundError(f"copy: expected a file or folder; got {str(copy)!r}, which is none")
    if copy.is_dir():
        shutil.copytree(copy, whole)
    else:
        whole.mkdir()
        shutil.copy(copy, whole)


def _download(recipe: Recipe, data: Path, whole: Path) -> None:
    """Fetch the recipe's file, check its digest, and lay it, unpacked, into the folder."""
    if not recipe.address:
        raise FileNotFoundError(
            f"{recipe.name}: no address to fetch it from is known. {recipe.ask}; then give your copy: "
            f"diplotext fetch {recipe.name} --copy PATH"
        )
    sums = _read_sums(data)
    known = recipe.sha256 or sums.get(recipe.address)
    whole.mkdir()
    file = PurePosixPath(recipe.address).name
    print(f"Fetching {recipe.address}", file=sys.stderr)  # noqa: T201
    pooch.get_logger().setLevel("WARNING")  # it would tell to write the digest into code
    try:
        came = Path(pooch.retrieve(recipe.address, f"sha256:{known}" if known else None, file, whole))
    except OSError as error:  # what the network raises has no number; a full disk has
        if error.errno is not None:
            raise
        raise ConnectionError(
            f"{recipe.name}: {recipe.address} cannot be fetched ({type(error).__name__}). Try again, or give a copy "
            f"with --copy; where it is from: {recipe.ask}"
        ) from error
    except ValueError as error:
        raise ValueError(
            f"{recipe.name}: expected a file with the SHA-256 {known}; got another from {recipe.address}. It has "
            f"changed or was cut short: try again; if you trust it, take its line out of {data / _SUMS}"
        ) from error
    if not known:
        digest = pooch.file_hash(str(came))
        print(f"SHA-256 {digest}, kept in {data / _SUMS}", file=sys.stderr)  # noqa: T201
        with (data / _SUMS).open("a", encoding="utf-8") as kept:
            kept.write(f"{digest}  {recipe.address}\n")
    if zipfile.is_zipfile(came):
        _unpack(came, recipe.inside, whole)
        came.unlink()


def _read_sums(data: Path) -> dict[str, str]:
    lines = (data / _SUMS).read_text("utf-8").splitlines() if (data / _SUMS).is_file() else []
    return {address: digest for digest, address in (line.split(maxsplit=1) for line in lines)}


def _unpack(archive: Path, inside: str, whole: Path) -> None:
    """Lay the files of one folder of an archive, below the archive's own folder, into ours, and none elsewhere.

    Raises
    ------
    ValueError
        If it unpacks to more than any corpus has.
    """
    with zipfile.ZipFile(archive) as packed:
        size = sum(member.file_size for member in packed.infolist())  # no member gives more than it says
        if size > _MOST_BYTES:
            raise ValueError(f"{archive.name}: expected an archive of at most {_MOST_BYTES:,} bytes; got {size:,}")
        for member in packed.infolist():
            parts = PurePosixPath(member.filename).parts[1:]
            above = PurePosixPath(inside).parts
            if member.is_dir() or parts[: len(above)] != above or ".." in parts:
                continue
            path = whole.joinpath(*parts[len(above) :])
            if whole not in path.parents:  # a file beside the archive's folder; on Windows one with a drive's letter
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            with packed.open(member) as content, path.open("wb") as file:
                shutil.copyfileobj(content, file)
