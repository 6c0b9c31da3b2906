"""An analysed folder traced to official records."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from diplotext import schema
from diplotext.pipeline.results import (
    ADDED,
    REPORT,
    TABLE_FORMATS,
    Tables,
    check_results,
    find_form,
    list_refused,
    read_record,
    read_results,
    write_record,
    write_tables,
)
from diplotext.pipeline.stages import Failure, Outcome, name_failures, run_stages


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

    out, own = Path(out), schema.check_dictionaries(dictionaries)
    check_results(out)
    began = time.time()
    with schema.hold_folder(out):
        tables = read_results(out)
        loaded, rejected = read_inputs(transcripts, format=format, text_column=text_column, metadata=metadata)
        for row in rejected.itertuples():
            print(f"{row.source}: {row.reason}. {row.advice}", file=sys.stderr)  # noqa: T201 (the run's own channel)
        if loaded.empty:
            raise FileNotFoundError(
                f"transcripts: expected at least one readable record; got {len(rejected)} rejected inputs"
            )
        found, failures = _trace(tables, loaded, own, progress)
        return _write_traces(out, tables, found, own, {
            "transcripts": [str(p) for p in ([transcripts] if isinstance(transcripts, str | Path) else transcripts)],
            "rejected": rejected.to_dict("records"), "failed": [failure._asdict() for failure in failures],
            "rows": {name: len(table) for name, table in found.items()}, "seconds": round(time.time() - began, 2),
        })  # fmt: skip


def _trace(
    tables: Tables, loaded: pd.DataFrame, own: schema.Dictionaries, progress: bool
) -> tuple[Tables, list[Failure]]:
    """Return the tables in `ADDED`, and the records that could not be read to their end."""
    from diplotext.trace import group_utterances, trace_quotes

    made, failures = _read_records(loaded, own)
    quotes, articles = tables["quotes"], tables["articles"]
    traces = trace_quotes(
        quotes, articles, made["articles"], tables["spans"], spoken=made["quotes"], edits=made["edits"],
        dictionaries=own, progress=progress,
    )  # fmt: skip
    utterances = group_utterances(quotes, articles, traces=traces)
    return {"traces": traces, "utterances": utterances, "transcripts": made["articles"]}, failures


def _write_traces(
    out: Path, tables: Tables, found: Tables, own: schema.Dictionaries, traced: dict[str, Any]
) -> schema.Analysis:
    """Write what tracing made, with report and record, in the place of what the folder has of them."""
    from diplotext.report import write_report

    findings = tables.pop("findings")
    analysis = schema.Analysis(**{**tables, **found}, dictionaries=own)
    form, record = find_form(out), read_record(out)
    guard = bool(record.get("arguments", {}).get("guard_formulas"))
    with schema.replace_files(out, [f"{name}.{ending}" for name in ADDED for ending in TABLE_FORMATS]) as new:
        write_tables(found, new, form, guard, tables | {"findings": findings})
        write_report(analysis, new / REPORT, rejected=list_refused(record))
        write_record(new, record | {"trace": traced})
    return analysis


def read_records(
    loaded: pd.DataFrame, *, dictionaries: schema.Dictionaries | None = None
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return loaded records cleaned, their edits, and their statements with resolved speakers."""
    made, _ = _read_records(loaded, schema.check_dictionaries(dictionaries))
    return made["articles"], made["edits"], made["quotes"]


def _read_records(loaded: pd.DataFrame, own: schema.Dictionaries) -> Outcome:
    own = own._replace(corrections=None)  # those are of the articles' statements
    made, failures = run_stages(loaded, own, last="resolve_speakers")
    name_failures(failures)
    return Outcome(made, failures)
