"""The report of an analysed folder, written anew from its tables and people's labels."""

from __future__ import annotations

from pathlib import Path

from diplotext import schema
from diplotext.pipeline.results import (
    ADDED,
    FIGURES,
    REPORTS,
    check_results,
    list_refused,
    read_record,
    read_results,
    write_record,
)


def report_folder(out: str | Path, format: str = "html") -> Path:
    """Write the report of an analysed folder anew; its tables stay as they are.

    Where people labelled a sample of it, corrected estimates stand beside the counted ones: by the labels that they
    settled (``gold.csv``), else by those on which most of them agree.

    Parameters
    ----------
    out
        Folder that `analyze` wrote.
    format
        ``html``; or the results for a paper as ``markdown`` or ``docx``.

    Returns
    -------
    Path of the report.

    Raises
    ------
    ValueError
        If `out` is no analysed folder, or the format none of these.
    """
    from diplotext.annotation import read_labels, settle_labels
    from diplotext.annotation.folder import ANNOTATIONS
    from diplotext.report import write_report

    if format not in REPORTS:
        raise ValueError(f"format: expected one of {', '.join(REPORTS)}; got {format!r}")
    out, name = Path(out), REPORTS[format]
    check_results(out)
    with schema.hold_folder(out):
        tables, record = read_results(out), read_record(out)
        tables.pop("findings")
        for added, form in ADDED.items():
            if (out / f"{added}.parquet").exists():
                tables[added] = schema.read_table(out / f"{added}.parquet", form)
        samples = None
        if (out / ANNOTATIONS).is_file():
            joined = read_labels(out)
            tables["annotations"], samples = settle_labels(joined.annotations).gold, joined.samples
        older = [f"report-{n}.html" for n in range(2, 100)] if format == "html" else FIGURES
        with schema.replace_files(out, older if format != "docx" else []) as new:
            write_report(schema.Analysis(**tables), new / name, rejected=list_refused(record), samples=samples)
            write_record(new, record)
    return out / name
