"""An analysed folder traced to official records."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from diplotext import schema

Tables = dict[str, pd.DataFrame]

#: what is read of an analysed folder.
_READ = ("articles", "edits", "sentences", "quotes", "spans", "stances", "conditions")
#: what is added to it, and the form of each.
ADDED = {"traces": "traces", "utterances": "utterances", "transcripts": "articles"}


def trace_folder(
    out: str | Path,
    transcripts: str | Path | Sequence[str | Path],
    *,
    format: str | None = None,
    text_column: str = "text",
    metadata: str | Path | None = None,
    dictionaries: schema.Dictionaries | None = None,
    progress: bool = True,
) -> schema.Analysis:
    """Trace the statements of an analysed folder to official records, and rewrite its report.

    It does not analyse the articles anew, and does not stop at a record that cannot be read: that is named on stderr
    and listed in ``run.json``.

    Parameters
    ----------
    out
        A folder that `analyze` wrote.
    transcripts, format, text_column, metadata
        The records, as `load_articles` takes paths.
    dictionaries
        Your own tables, as given to `analyze`.
    progress
        Show a bar on stderr.

    Returns
    -------
    `Analysis` of the folder with the tables traces, utterances and transcripts (the records as articles, cleaned),
    which are written into the folder: as Parquet, and in the further form that the folder's run used.

    Raises
    ------
    ValueError
        If `out` is no analysed folder.
    FileNotFoundError
        If a path of `transcripts` matches nothing, or nothing in it could be read.
    """
    from diplotext.io import read_inputs
    from diplotext.report import write_report
    from diplotext.trace import group_utterances, trace_quotes

    out = Path(out)
    tables = _read_folder(out)
    began = time.time()
    loaded, rejected = read_inputs(transcripts, format=format, text_column=text_column, metadata=metadata)
    for row in rejected.itertuples():
        print(f"{row.source}: {row.reason}. {row.advice}", file=sys.stderr)  # noqa: T201 (the run's own channel)
    if loaded.empty:
        raise FileNotFoundError(
            f"transcripts: expected at least one readable record; got {len(rejected)} rejected inputs"
        )
    own = schema.check_dictionaries(dictionaries)
    records, edits, spoken = read_records(loaded, dictionaries=own)
    quotes, articles = tables["quotes"], tables["articles"]
    traces = trace_quotes(
        quotes, articles, records, tables["spans"], spoken=spoken, edits=edits, dictionaries=own, progress=progress
    )
    utterances = group_utterances(quotes, articles, traces=traces)
    found = {"traces": traces, "utterances": utterances, "transcripts": records}
    endings = [".parquet", *(e for e in (".csv", ".xlsx") if (out / f"quotes{e}").exists())]
    for name, table in found.items():
        for ending in endings:
            schema.write_table(table, out / f"{name}{ending}")
    record = _read_record(out)
    before = record.get("rejected")
    analysis = schema.Analysis(**tables, **found, dictionaries=own)
    write_report(analysis, out / "report.html", rejected=pd.DataFrame(before) if before else None)
    record["trace"] = {
        "transcripts": [str(p) for p in ([transcripts] if isinstance(transcripts, str | Path) else transcripts)],
        "rejected": rejected.to_dict("records"), "rows": {name: len(table) for name, table in found.items()},
        "seconds": round(time.time() - began, 2),
    }  # fmt: skip
    write_record(out, record)
    return analysis


def read_records(
    loaded: pd.DataFrame, *, dictionaries: schema.Dictionaries | None = None
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return loaded records cleaned, their edits, and their statements with resolved speakers."""
    from diplotext.actors import resolve_speakers
    from diplotext.clean import clean_articles
    from diplotext.quotes import attribute_quotes

    records, edits = clean_articles(loaded)
    spoken, found = attribute_quotes(records, edits)
    own = schema.check_dictionaries(dictionaries)._replace(corrections=None)  # those are of the articles' statements
    return records, edits, resolve_speakers(spoken, records, found, dictionaries=own)


def _read_folder(out: Path) -> Tables:
    missing = [name for name in _READ if not (out / f"{name}.parquet").is_file()]
    if missing:
        what = f"{str(out)!r} without {missing[0]}.parquet" if out.is_dir() else f"{str(out)!r}, which is no folder"
        raise ValueError(f"out: expected a folder that `diplotext analyze` wrote; got {what}")
    return {name: schema.read_table(out / f"{name}.parquet", name) for name in _READ}


def write_record(out: Path, record: dict[str, Any]) -> None:
    """Write the record of a run, ``run.json``."""
    text = json.dumps(record, indent=2, ensure_ascii=False, default=str) + "\n"
    # A file name need not be text; what UTF-8 cannot hold is written as an escape.
    (out / "run.json").write_text(text, "utf-8", errors="backslashreplace")


def _read_record(out: Path) -> dict[str, Any]:
    try:
        record = json.loads((out / "run.json").read_text("utf-8"))
    except (OSError, ValueError):  # the tables are what counts
        return {}
    return record if isinstance(record, dict) else {}
