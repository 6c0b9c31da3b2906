"""The report of an analysed folder, written anew from its tables."""

from __future__ import annotations

from pathlib import Path

from diplotext import schema
from diplotext.pipeline.results import (
    ADDED,
    REPORT,
    check_results,
    list_refused,
    read_record,
    read_results,
    write_record,
)


def report_folder(out: str | Path) -> Path:
    """Write the report of an analysed folder anew; its tables stay as they are.

    Parameters
    ----------
    out
        Folder that `analyze` wrote.

    Returns
    -------
    Path of the report.

    Raises
    ------
    ValueError
        If `out` is no analysed folder.
    """
    from diplotext.report import write_report

    out = Path(out)
    check_results(out)
    with schema.hold_folder(out):
        tables, record = read_results(out), read_record(out)
        tables.pop("findings")
        for name, form in ADDED.items():
            if (out / f"{name}.parquet").is_file():
                tables[name] = schema.read_table(out / f"{name}.parquet", form)
        with schema.replace_files(out, [f"report-{n}.html" for n in range(2, 100)]) as new:
            write_report(schema.Analysis(**tables), new / REPORT, rejected=list_refused(record))
            write_record(new, record)
    return out / REPORT
