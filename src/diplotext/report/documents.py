"""The results of a run for a paper: as Markdown, and as a document of Word."""

from __future__ import annotations

import io
import re
from pathlib import Path

from diplotext.report.results import Results, Section

_TITLE = "Who said what, toward whom"
_MARKS = re.compile(r"([\\`*_{}\[\]<>|#])")
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def list_figures(path: Path) -> list[Path]:
    """Return where the figures of a report in Markdown stand: beside it."""
    return [path.with_name(f"{path.stem}-figure-{n}.png") for n in range(1, 4)]


def write_markdown(results: Results, path: Path) -> None:
    """Write the results as Markdown, their figures beside them."""
    lines = [f"# {_TITLE}", ""]
    for section, figure in zip(results.sections, list_figures(path), strict=False):
        figure.write_bytes(section.figure)
        head, rows = make_table(section, results.corrected)
        lines += [f"## {section.title}", "", f"![{_plain(section.title)}]({figure.name})", "", _join(head)]
        lines += [_join(["---"] * len(head)), *map(_join, [[_plain(cell) for cell in row] for row in rows]), ""]
    lines += ["## How these numbers were made", ""]
    for text in results.methods:
        lines += [_plain(text), ""]
    lines += [f"- {name}: {_plain(value)}" for name, value in results.facts]
    path.write_text("\n".join(lines) + "\n", "utf-8", errors="backslashreplace")


def write_docx(results: Results, path: Path) -> None:
    """Write the results as a document of Word, with tables that can be edited.

    Raises
    ------
    ModuleNotFoundError
        If python-docx is not installed.
    """
    try:
        from docx import Document
        from docx.shared import Cm
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"path: expected python-docx to write {path.name!r}; it is not installed. Run: pip install "
            "'diplotext[archives]'; or write Markdown"
        ) from error
    document = Document()
    document.add_heading(_TITLE, 0)
    for section in results.sections:
        document.add_heading(_clean(section.title), 1)
        document.add_picture(io.BytesIO(section.figure), width=Cm(15))
        head, rows = make_table(section, results.corrected)
        table = document.add_table(1, len(head), style="Light List")
        for cells in (head, *rows):
            target = table.rows[0] if cells is head else table.add_row()
            for cell, text in zip(target.cells, cells, strict=True):
                cell.text = _clean(text)
    document.add_heading("How these numbers were made", 1)
    for text in results.methods:
        document.add_paragraph(_clean(text))
    for name, value in results.facts:
        document.add_paragraph(_clean(f"{name}: {value}"), style="List Bullet")
    document.save(str(path))


def make_table(section: Section, corrected: bool) -> tuple[list[str], list[list[str]]]:
    """Return head and rows of a section's table; without labels there is nothing corrected in it."""
    head = [section.rows, f"{section.estimate}, counted [95 %]", "statements", "articles"]
    rows = [[line.title, line.counted, str(line.n_quotes), str(line.n_articles)] for line in section.lines]
    if corrected:
        head = [*head[:2], "corrected [95 %]", "labels", *head[2:]]
        rows = [[*row[:2], line.corrected, str(line.n_annotated), *row[2:]]
                for row, line in zip(rows, section.lines, strict=True)]  # fmt: skip
    return head, rows


def _join(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def _clean(text: str) -> str:
    """Return a text that a document can hold."""
    return _NOT_XML.sub("\ufffd", text)
