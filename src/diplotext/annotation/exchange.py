"""Samples out to coders and labels back: spreadsheets, Label Studio, and our own journals."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from diplotext import schema
from diplotext.annotation.codebook import check_codebook, load_codebook, read_fields
from diplotext.annotation.items import find_raw, list_items
from diplotext.annotation.journal import read_journal
from diplotext.annotation.label_studio import read_tasks, write_tasks
from diplotext.schema.item_ids import make_target_id

#: what a sheet holds before the fields of the codebook.
_SHOWN = ["sample_id", "unit", "outlet", "published", "headline", "context", "words", "name", "raw_start", "raw_end"]
_KEPT = ["sample_id", "unit", "words", "name", "raw_start", "raw_end"]
#: characters of the article shown on either side of a statement.
_AROUND = 300
_PROBLEMS = ["file", "row", "field", "label", "reason"]


class ImportedLabels(NamedTuple):
    """Labels that were read, with the sample's item_ids, and what could not be read: its place and the reason.

    Examples
    --------
    >>> samples = dt.annotation.sample_annotations(analysis, 2)
    >>> sheet = dt.annotation.export_samples(samples, analysis, folder / "kim.csv")
    >>> dt.annotation.import_labels(sheet, samples, analysis)._fields
    ('annotations', 'problems')
    """

    annotations: pd.DataFrame
    problems: pd.DataFrame


def export_samples(
    samples: pd.DataFrame, analysis: schema.Analysis, path: str | Path, codebook: pd.DataFrame | None = None
) -> Path:
    """Write a sample for coders, by the path's ending: ``.csv``, ``.xlsx`` or ``.json`` (Label Studio).

    It does not write what the machine decided, but for the places and names of targets. A sheet has one row for each
    statement and below it one for each target, with an empty column for each field; a coder adds a target as a further
    row with its ``sample_id``, ``target`` as unit, and its words. The workbook offers the labels in each cell and has
    the codebook as a second sheet; beside the JSON the labelling configuration is written, with the ending ``.xml``.

    Parameters
    ----------
    samples
        From `sample_annotations`.
    analysis
        The run, with articles, edits, quotes and stances.
    path
        The file; its folder must be there.
    codebook
        From `load_codebook`; the bundled one where none is given.

    Returns
    -------
    The path.

    Raises
    ------
    ValueError
        For another ending.

    Examples
    --------
    >>> samples = dt.annotation.sample_annotations(analysis, 4)
    >>> export_samples(samples, analysis, folder / "kim.csv").name
    'kim.csv'
    """
    path = Path(path)
    book = load_codebook() if codebook is None else check_codebook(codebook)
    if path.suffix == ".json":
        return write_tasks(list_items(samples, analysis), analysis, path, book)
    if path.suffix not in (".csv", ".xlsx"):
        raise ValueError(f"path: expected an ending of .csv, .xlsx or .json; got {path.name!r}")
    sheet = _make_sheet(list_items(samples, analysis), analysis, list(read_fields(book)))
    if path.suffix == ".csv":
        return schema.write_table(sheet, path, guard=True)
    schema.write_workbook({"labels": sheet, "codebook": book}, path)
    _offer_labels(path, sheet, book)
    return path


def import_labels(
    path: str | Path,
    samples: pd.DataFrame,
    analysis: schema.Analysis,
    annotator: str | None = None,
    codebook: pd.DataFrame | None = None,
) -> ImportedLabels:
    """Read what a coder labelled, by the path's ending: ``.csv``, ``.xlsx``, ``.json`` (Label Studio) or ``.jsonl``.

    It does not guess: a label that the codebook has not, or a row of no sampled statement, is a problem and told. Case
    and outer space of labels do not matter. CSV is read whatever the spreadsheet made of its separator and encoding.

    Parameters
    ----------
    path
        The file: a sheet that `export_samples` wrote and a coder filled in, an export of Label Studio in its JSON form,
        or a journal of `LabelSession`.
    samples
        The sample that was exported.
    analysis
        The run that it was drawn from, for the places of targets that coders added.
    annotator
        Who labelled; without it, the file's name without ending, and in Label Studio who completed the task.
    codebook
        As it was exported.

    Returns
    -------
    ImportedLabels
        annotations
            The annotations table.
        problems
            file, row (as the file counts), field, label, reason.

    Raises
    ------
    ValueError
        For another ending, or a file that is no such sheet.

    Examples
    --------
    >>> samples = dt.annotation.sample_annotations(analysis, 4)
    >>> sheet = dt.annotation.export_samples(samples, analysis, folder / "kim.csv")
    >>> pd.read_csv(sheet, dtype="str").assign(statement="yes").to_csv(sheet, index=False)
    >>> labels, problems = import_labels(sheet, samples, analysis)
    >>> labels["annotator"].unique().tolist()
    ['kim']
    """
    path = Path(path)
    book = load_codebook() if codebook is None else check_codebook(codebook)
    if path.suffix == ".jsonl":
        return ImportedLabels(_read_own(path), pd.DataFrame(columns=_PROBLEMS, dtype="str"))
    if path.suffix == ".json":
        given = read_tasks(path, annotator)
    elif path.suffix in (".csv", ".xlsx"):
        given = _read_sheet(path, annotator or path.stem, list(read_fields(book)))
    else:
        raise ValueError(f"path: expected an ending of .csv, .xlsx, .json or .jsonl; got {path.name!r}")
    return _check_labels(given, samples, analysis, book, path.name)


def _read_own(path: Path) -> pd.DataFrame:
    """Return the labels of a journal that stand at its end."""
    kept: dict[tuple[str, str], dict[str, Any]] = {}
    for row in read_journal(path):
        kept.pop((row["item_id"], row["field"]), None)
        if row["label"] is not None:
            kept[row["item_id"], row["field"]] = row
    rows = [
        {**row, "comment": row["label"], "label": None} if row["field"] == "comment" else row for row in kept.values()
    ]
    return schema.build_table("annotations", rows)[list(schema.TABLES["annotations"].columns)]


def _make_sheet(items: pd.DataFrame, analysis: schema.Analysis, fields: list[str]) -> pd.DataFrame:
    articles, quotes = schema.take_tables(analysis, "articles", "quotes")
    about = items[["article_id"]].merge(articles[["article_id", "outlet", "published", "headline", "text"]], how="left")
    place = items[["quote_id"]].merge(quotes[["quote_id", "start", "end"]], how="left")
    context = [
        " ".join(text[max(0, start - _AROUND) : end + _AROUND].split()) if unit == "statement" else None
        for text, start, end, unit in zip(about["text"], place["start"], place["end"], items["unit"], strict=True)
    ]
    sheet = items.assign(
        outlet=about["outlet"], published=about["published"].dt.strftime("%Y-%m-%d"), headline=about["headline"],
        context=pd.Series(context, dtype="str"),
    )  # fmt: skip
    empty = pd.DataFrame(None, index=sheet.index, columns=[*fields, "comment"], dtype="str")
    return pd.concat([sheet[_SHOWN], empty], axis=1)


def _offer_labels(path: Path, sheet: pd.DataFrame, book: pd.DataFrame) -> None:
    """Let each cell of a closed field offer its labels, which stand in the second sheet."""
    from openpyxl import load_workbook
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    workbook = load_workbook(path)
    column = get_column_letter(list(book).index("label") + 1)
    for name, field in read_fields(book).items():
        rows = book.index[(book["field"] == name) & (book["label"] != "")] + 2
        if not field.open and len(rows) == rows.max() - rows.min() + 1:
            offered = DataValidation("list", formula1=f"=codebook!${column}${rows.min()}:${column}${rows.max()}")
            letter = get_column_letter(list(sheet).index(name) + 1)
            offered.add(f"{letter}2:{letter}{len(sheet) + 200}")  # what coders add, too
            workbook["labels"].add_data_validation(offered)
    workbook.save(path)


def _read_sheet(path: Path, annotator: str, fields: list[str]) -> pd.DataFrame:
    """Return a filled sheet's cells as rows: row, sample_id, place, words, field, label, annotator."""
    options: dict[str, Any] = {"dtype": "str", "keep_default_na": False}
    if path.suffix == ".xlsx":
        sheet = pd.read_excel(path, sheet_name=0, **options)
    else:
        try:
            text = path.read_text("utf-8-sig")
        except UnicodeDecodeError:  # a spreadsheet of Windows
            text = path.read_text("cp1252")
        head = text.partition("\n")[0]
        separator = max(",;\t", key=head.count)
        sheet = pd.read_csv(StringIO(text), sep=separator, **options)
    absent = [c for c in ("sample_id", "words") if c not in sheet]
    if absent:
        raise ValueError(f"path: expected a sheet of export_samples, with a column {absent[0]!r}; got {path.name!r}")
    sheet = pd.DataFrame({c: sheet.get(c, pd.Series("", index=sheet.index)) for c in dict.fromkeys([*_KEPT, *sheet])})
    if "target" in sheet:  # the words of an added target are its name where none is given
        added = (sheet["unit"].str.strip().str.casefold() == "target") & (sheet["raw_start"] == "")
        sheet["target"] = sheet["target"].where(~added | (sheet["target"].str.strip() != ""), sheet["words"])
    present = [name for name in (*fields, "comment") if name in sheet]
    long = sheet.assign(row=range(2, len(sheet) + 2)).melt([*_KEPT, "row"], present, "field", "label")
    order = {name: n for n, name in enumerate(present)}
    long = long.assign(order=long["field"].map(order)).sort_values(["row", "order"], kind="stable")
    return long[long["label"].str.strip() != ""].assign(annotator=annotator, at=None)


def _check_labels(
    given: pd.DataFrame, samples: pd.DataFrame, analysis: schema.Analysis, book: pd.DataFrame, file: str
) -> ImportedLabels:
    """Return the given labels with their item_ids, and those that are of no item or no label."""
    fields = read_fields(book)
    own = {row["sample_id"]: row for row in samples.to_dict("records")}
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    problems = []
    for cell in given.to_dict("records"):
        field = cell["field"]
        try:
            sample = own.get(str(cell["sample_id"]).strip())
            if sample is None:
                raise ValueError(f"sample_id: expected one of the sample; got {cell['sample_id']!r}")
            item = _place_item(cell, sample, analysis)
            label = cell["label"].strip() if field == "comment" else fields[field].read(cell["label"])
            unit = "target" if "#" in item["item_id"] else "statement"
            if field != "comment" and fields[field].unit != unit:
                raise ValueError(f"field: expected a field of a {unit} in its row; got {field!r}")
            key = (item["item_id"], field, cell["annotator"])
            if key in rows:
                raise ValueError("item: expected each item once; got it again, and kept the first")
        except (KeyError, ValueError) as error:
            reason = str(error) if isinstance(error, ValueError) else f"field: the codebook has no {field!r}"
            problems.append(
                {"file": file, "row": cell["row"], "field": field, "label": cell["label"], "reason": reason}
            )
            continue
        said = {"comment": label, "label": None} if field == "comment" else {"label": label}
        rows[key] = {**item, "field": field, "annotator": cell["annotator"], "at": cell["at"], **said}
    table = schema.build_table("annotations", list(rows.values()))[list(schema.TABLES["annotations"].columns)]
    return ImportedLabels(table, pd.DataFrame(problems, columns=_PROBLEMS))


def _place_item(cell: Mapping[str, Any], sample: Mapping[str, Any], analysis: schema.Analysis) -> dict[str, Any]:
    """Return item_id and raw offsets of a row: the statement's, a given target's, or those of words a coder added."""
    quote_id = sample["item_id"]
    place = (int(sample["raw_start"]), int(sample["raw_end"]))
    if str(cell.get("unit") or "statement").strip().casefold() != "target":
        return {"item_id": quote_id, "raw_start": place[0], "raw_end": place[1]}
    words, name = (str(cell.get(c) or "").strip() for c in ("words", "name"))
    given = [str(cell.get(c) or "").strip() for c in ("raw_start", "raw_end")]
    if all(given) and words:
        own = (int(float(given[0])), int(float(given[1])))
        return {"item_id": make_target_id(quote_id, None, *own), "raw_start": own[0], "raw_end": own[1]}
    if all(given):
        return {"item_id": make_target_id(quote_id, name), "raw_start": place[0], "raw_end": place[1]}
    if not words:
        raise ValueError("words: expected the words or the name of an added target; got none")
    found = find_raw(words, quote_id, analysis)
    item_id = make_target_id(quote_id, words, *(found or ()))
    start, end = found or place
    return {"item_id": item_id, "raw_start": start, "raw_end": end}
