"""What an interrupted run has done, kept on disk, and known by all that it came from."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import as_file, files
from itertools import chain
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from diplotext import schema
from diplotext.pipeline.stages import Failure, Outcome, join_tables

#: libraries whose versions may change a result, beside this package.
_LIBRARIES = ("ftfy", "numpy", "onnxruntime", "pandas", "pyarrow", "scikit-learn", "tokenizers")
_RECORD = "part.json"


class Parts:
    """The finished chunks of a run, in a folder.

    Parameters
    ----------
    folder
        Made if absent.
    own, seconds
        As for `run_stages`.
    keep
        Take up what is there; otherwise it is removed.
    """

    def __init__(self, folder: Path, own: schema.Dictionaries, seconds: float, *, keep: bool) -> None:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(exist_ok=True)
        self._folder = folder
        given = [_to_json(v) if isinstance(v, pd.DataFrame) else str(v) for v in own]
        self._basis = json.dumps([_fingerprint(), given, seconds])

    def key(self, articles: pd.DataFrame) -> str:
        """Return the name of a chunk's part: of all that could change it, every column of every article included."""
        content = _to_json(articles)
        return hashlib.sha256(f"{self._basis}\n{content}".encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def write(self, key: str, outcome: Outcome) -> None:
        """Keep the outcome of a chunk; only a whole one bears its name."""
        new = self._folder / f"{key}.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir()
        for name, table in outcome.tables.items():
            schema.write_table(table, new / f"{name}.parquet")
        sums = {path.name: _sum_file(path) for path in new.iterdir()}
        failures = [list(failure) for failure in outcome.failures]
        (new / _RECORD).write_text(json.dumps({"sums": sums, "failures": failures}), "utf-8")
        shutil.rmtree(self._folder / key, ignore_errors=True)  # a damaged one
        new.rename(self._folder / key)

    def check(self, key: str) -> list[Failure] | None:
        """Return the articles that failed of a chunk, or None where its part is not there or not as it was written."""
        folder = self._folder / key
        try:
            record = json.loads((folder / _RECORD).read_text("utf-8"))
            whole = all(_sum_file(folder / name) == wanted for name, wanted in record["sums"].items())
            return [Failure(*failure) for failure in record["failures"]] if whole else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def read(self, keys: Sequence[str], name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return a table of some chunks, or columns of it that are there, in their order."""
        if not keys:
            return schema.build_table(name)
        tables = [schema.read_table(self._folder / key / f"{name}.parquet", name, columns) for key in keys]
        return join_tables([{name: table} for table in tables])[name]

    def list_columns(self, keys: Sequence[str], name: str) -> list[str]:
        """Return the columns that a table has in any chunk, those of the schema first."""
        held = (pq.read_schema(self._folder / key / f"{name}.parquet").names for key in keys)
        return list(dict.fromkeys([*schema.TABLES[name].columns, *chain.from_iterable(held)]))

    def remove(self) -> None:
        """Remove all parts."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _to_json(table: pd.DataFrame) -> str:
    return str(table.to_json(orient="split", date_format="iso", date_unit="us"))


def _sum_file(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def _fingerprint() -> str:
    """Return what this package and what it stands on are: its code, tables and weights, and the libraries' versions."""
    digest = hashlib.sha256(platform.python_version().encode())
    for name in _LIBRARIES:
        try:
            digest.update(f"{name} {version(name)}\n".encode())
        except PackageNotFoundError:  # installed in another way
            digest.update(f"{name}\n".encode())
    with as_file(files("diplotext")) as package:
        for path in sorted(path for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc"):
            digest.update(f"{path.relative_to(package).as_posix()}\n{_sum_file(path)}\n".encode())
    return digest.hexdigest()
