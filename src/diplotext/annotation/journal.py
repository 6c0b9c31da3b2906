"""The file that keeps a coder's labels: one JSON object a line, appended and never changed."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def append_line(path: Path, row: Mapping[str, Any]) -> None:
    """Append one line and wait until the disk has it; the folder is made if absent."""
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(row, ensure_ascii=False) + "\n"
    with path.open("a+b") as stream:
        if stream.seek(0, os.SEEK_END):
            stream.seek(-1, os.SEEK_END)
            line = line if stream.read(1) == b"\n" else "\n" + line  # the line before was cut by a crash
        stream.write(line.encode())
        stream.flush()
        os.fsync(stream.fileno())


def read_journal(path: str | Path) -> list[dict[str, Any]]:
    """Return the lines of a journal that were written to their end, in order; none where there is no file yet."""
    path = Path(path)
    rows = []
    for line in path.read_bytes().split(b"\n") if path.exists() else ():
        try:
            row = json.loads(line)
        except ValueError:  # empty, or cut by a crash
            continue
        if isinstance(row, dict) and {"item_id", "field", "annotator"} <= set(row):
            rows.append({"label": None, "raw_start": None, "raw_end": None, "at": None, **row})
    return rows
