"""The files of an analysed folder: its tables in the forms asked for, and the record of the run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from diplotext import schema

Tables = dict[str, pd.DataFrame]

#: the tables that a run writes, in order, and the form that each has.
OUTPUTS = ("articles", "edits", "sentences", "quotes", "spans", "stances", "conditions", "utterances", "findings")
#: those that tracing adds or replaces, and the table in whose form each is.
ADDED = {"traces": "traces", "utterances": "utterances", "transcripts": "articles"}
_ALWAYS = tuple(name for name in OUTPUTS if name not in ADDED)
#: in what form tables can be written beside Parquet.
TABLE_FORMATS = ("parquet", "csv", "xlsx")
WORKBOOK = "tables.xlsx"
REPORT, RECORD = "report.html", "run.json"
#: the report in the forms that `diplotext report` writes, and the figures of the one in Markdown.
REPORTS = {"html": REPORT, "markdown": "report.md", "docx": "report.docx"}
FIGURES = tuple(f"report-figure-{n}.png" for n in range(1, 4))


def list_results() -> list[str]:
    """Return the names of all files that an analysed folder may have of us."""
    tables = [f"{name}.{ending}" for name in dict.fromkeys((*OUTPUTS, *ADDED)) for ending in TABLE_FORMATS]
    further = [f"report-{n}.html" for n in range(2, 100)]  # of a report that one page does not hold
    return [*tables, WORKBOOK, *REPORTS.values(), *FIGURES, *further, RECORD]


def find_form(folder: Path) -> str:
    """Return the form in which a folder's run wrote its tables beside Parquet."""
    return "xlsx" if (folder / WORKBOOK).exists() else "csv" if (folder / "quotes.csv").exists() else "parquet"


def check_results(folder: Path) -> None:
    """Complain of a folder that no run has written.

    Raises
    ------
    ValueError
        If a table is missing that every run writes.
    """
    schema.settle_folder(folder)
    missing = [name for name in _ALWAYS if not (folder / f"{name}.parquet").exists()]
    if missing:
        shown = repr(str(folder))
        what = f"{shown} without {missing[0]}.parquet" if folder.is_dir() else f"{shown}, which is no folder"
        raise ValueError(f"out: expected a folder that `diplotext analyze` wrote; got {what}")


def read_results(folder: Path) -> Tables:
    """Return the tables of an analysed folder that every run writes and tracing leaves as they are."""
    return {name: schema.read_table(folder / f"{name}.parquet", name) for name in _ALWAYS}


def write_tables(
    made: Mapping[str, pd.DataFrame], folder: Path, form: str, guard: bool, others: Mapping[str, pd.DataFrame]
) -> None:
    """Write tables into a folder: as Parquet, and in the further form; `guard` as for `schema.write_table`.

    A workbook holds all tables of the folder, the others too. Its first sheet, ``statements``, is what most readers
    look for, a row a statement; then come the tables, findings first.
    """
    for name, table in made.items():
        schema.write_table(table, folder / f"{name}.parquet")
        if form == "csv":
            schema.write_table(table, folder / f"{name}.csv", guard=guard)
    if form == "xlsx":
        write_workbook({**others, **made}, folder)


def write_workbook(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write tables into a folder's workbook, statements and findings first."""
    first = {"statements": list_statements(tables), "findings": tables["findings"]}
    schema.write_workbook(first | {n: t for n, t in tables.items() if n not in first}, folder / WORKBOOK)


def list_statements(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row a statement: its words, speaker and country, main target, stance and posture, and where it stands.

    `date` is the day of publication, missing where only the month or year is known.
    """
    main = tables["stances"].drop_duplicates("quote_id").set_index("quote_id")
    articles = tables["articles"].set_index("article_id")
    quotes = tables["quotes"]
    found = quotes[["quote_id", "article_id", "text", "speaker", "country"]]
    found = found.join(main[["target", "stance", "posture"]], on="quote_id")
    dated = articles["published_precision"].isin(["time", "day"])
    facts = pd.DataFrame(
        {
            "outlet": articles["outlet"],
            "date": articles["published"].where(dated).dt.tz_localize(None).dt.normalize(),
            "article": articles["headline"].fillna(articles["source"]),
        }
    )
    found = found.join(facts, on="article_id")
    return found[["text", "speaker", "country", "target", "stance", "posture", "outlet", "date", "article", "quote_id"]]


def write_record(folder: Path, record: Mapping[str, Any]) -> None:
    """Write the record of a run, ``run.json``."""
    text = json.dumps(record, indent=2, ensure_ascii=False, default=str) + "\n"
    # A file name need not be text; what UTF-8 cannot hold is written as an escape.
    (folder / RECORD).write_text(text, "utf-8", errors="backslashreplace")


def read_record(folder: Path) -> dict[str, Any]:
    """Return the record of a folder's run, empty where it cannot be read."""
    try:
        record = json.loads((folder / RECORD).read_text("utf-8"))
    except (OSError, ValueError):  # the tables are what counts
        return {}
    return record if isinstance(record, dict) else {}


def list_refused(record: Mapping[str, Any]) -> pd.DataFrame | None:
    """Return what a run's record says of inputs and articles that were left out: source, reason, advice; or None."""
    failed = [
        {"source": f["source"], "reason": f"{f['stage']} failed: {f['reason']}", "advice": "Look at the article"}
        for f in record.get("failed", [])
    ]
    rows = [*record.get("rejected", []), *failed]
    return pd.DataFrame(rows) if rows else None
