"""Folders of weights: where they are, and that they are what was trained."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

#: checksums of a folder's files, in the form that ``sha256sum --check`` reads.
SUMS = "SHA256SUMS"
_POINTER = b"version https://git-lfs"


def find_weights(name: str | Path) -> Path:
    """Return the folder of weights that ship with the package under a name, or the folder given.

    Its files are compared with its checksums when a process asks first.

    Raises
    ------
    FileNotFoundError
        If the folder, its ``SHA256SUMS`` or a file named there is missing.
    ValueError
        If a file is not the one that was trained: changed, cut, or the pointer that Git LFS leaves in its place.
    """
    folder = name if isinstance(name, Path) else Path(str(files("diplotext") / "resources" / name))
    _check_files(folder)
    return folder


@cache
def _check_files(folder: Path) -> None:
    for name, wanted in _read_sums(folder).items():
        path = folder / name
        if not path.is_file():
            raise FileNotFoundError(_expected(name, folder, "none"))
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() == wanted:
            continue
        if data.startswith(_POINTER):
            raise ValueError(
                f"folder: expected {name} in the folder of weights {folder.name!r}; got a pointer of Git LFS to it. "
                "Fetch the file with `git lfs pull`, or install diplotext anew."
            )
        raise ValueError(_expected(f"{name} as {SUMS} has it", folder, f"{len(data):,} bytes that differ"))


def _read_sums(folder: Path) -> dict[str, str]:
    try:
        lines = (folder / SUMS).read_text("utf-8").splitlines()
        return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(_expected(SUMS, folder, "none")) from None
    except ValueError:
        raise ValueError(_expected(f"lines of a checksum and a name in {SUMS}", folder, "others")) from None


def _expected(what: str, folder: Path, got: str) -> str:
    return (
        f"folder: expected {what} in the folder of weights {folder.name!r}; got {got}. "
        "Install diplotext again, or make the weights with `diplotext train`."
    )


def write_sums(folder: Path, names: Sequence[str]) -> None:
    """Write the checksums of a folder's files, by which `find_weights` knows them again."""
    lines = (f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in sorted(names))
    (folder / SUMS).write_text("".join(lines), "utf-8", newline="\n")
