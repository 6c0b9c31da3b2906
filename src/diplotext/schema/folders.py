"""A folder of results: one writer at a time, and its files whole, the older or the newer."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

#: what becomes of new results: written beside; complete, the older ones to go; the older ones gone, to be moved in.
_NEW, _READY, _MOVING = ".new", ".ready", ".moving"
#: names the older files that go; is written last, and moved in never.
_REPLACED = ".replaced"
#: moved in last: where it stands, all stands.
_LAST = "run.json"


@contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Keep a folder, made if absent, from being held by another process or thread; its death lets go of it.

    Results of a run that ended while they took their place are put there first.

    Raises
    ------
    BlockingIOError
        If somebody else holds it.
    PermissionError
        If it cannot be written into.

    Examples
    --------
    >>> with hold_folder(folder):
    ...     pass
    """
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):  # to be said before the work, not after it
        raise PermissionError(errno.EACCES, "nothing can be written into it", str(folder))
    try:
        with _lock(folder):
            _settle(folder)
            yield
    finally:
        if made:  # nothing came of it
            with suppress(OSError):
                folder.rmdir()


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    # The system lets go of these locks when a process dies, however it does.
    if sys.platform == "win32":
        import msvcrt

        handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_TEMPORARY)
    else:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            if sys.platform == "win32":
                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            raise BlockingIOError(
                f"out: expected a folder that no other run writes into; got {str(folder)!r}, which one does. "
                "Wait for it to end, or choose another folder"
            ) from None
        except OSError:  # some network drives know no locks
            pass
        yield
    finally:
        os.close(handle)


@contextmanager
def replace_files(folder: Path, older: Sequence[str]) -> Iterator[Path]:
    """Give an empty folder to write new files into; as the block ends, they take the place of older ones, all or none.

    Whatever ends the process leaves the older files or the newer; never a mixture: the older ones go before the newer
    come. Where it ends between the two, `settle_folder` goes on.

    Parameters
    ----------
    folder
        A folder held.
    older
        Names of its files that go, beside those that are replaced, as far as they are there.

    Examples
    --------
    >>> with replace_files(folder, ["old.txt"]) as new:
    ...     _ = (new / "old.txt").write_text("new")
    >>> (folder / "old.txt").read_text()
    'new'
    """
    new = folder / _NEW
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    try:
        yield new
        names = sorted(path.name for path in new.iterdir())
        (new / _REPLACED).write_text("\n".join(dict.fromkeys((_LAST, *older, *names))), "utf-8")
        for path in (*new.rglob("*"), new):
            _write_through(path)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    new.rename(folder / _READY)
    _settle(folder)


def settle_folder(folder: Path) -> None:
    """Put results in place that were complete when their run was ended.

    Examples
    --------
    >>> settle_folder(folder)
    """
    if (folder / _READY).is_dir() or (folder / _MOVING).is_dir():
        with suppress(BlockingIOError), hold_folder(folder):  # a run at work does it itself
            pass


def _settle(folder: Path) -> None:
    ready, moving = folder / _READY, folder / _MOVING
    if ready.is_dir():
        _write_through(folder)
        for name in (ready / _REPLACED).read_text("utf-8").split("\n"):
            _remove(folder / name)
        ready.rename(moving)
    if moving.is_dir():
        for path in sorted(moving.iterdir(), key=lambda path: (path.name == _LAST, path.name)):
            if path.name != _REPLACED:
                path.replace(folder / path.name)
        shutil.rmtree(moving)
    shutil.rmtree(folder / _NEW, ignore_errors=True)


def _remove(path: Path) -> None:
    """Remove a file, or the folder that a table of parts is, where it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _write_through(path: Path) -> None:
    """Have the system write a file or folder to the disk, where it can."""
    if sys.platform == "win32" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
