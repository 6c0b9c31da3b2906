"""Tasks for Label Studio with their labelling configuration, and its exports back.

The forms are those of https://labelstud.io/guide/tasks and https://labelstud.io/guide/export (JSON).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd

from diplotext import schema, spans
from diplotext.annotation.codebook import read_fields

#: characters of the article that a task shows on either side of a statement, to the next paragraph break.
_AROUND = 700
_TEXT, _MARKS, _COMMENT = "text", "marks", "comment"


def write_tasks(items: pd.DataFrame, analysis: schema.Analysis, path: Path, book: pd.DataFrame) -> Path:
    """Write the tasks, one a statement, its place and those of its targets marked; beside it the configuration."""
    articles, quotes = schema.take_tables(analysis, "articles", "quotes")
    homes = articles.set_index("article_id")
    places = quotes.set_index("quote_id")[["start", "end"]]
    wanted = articles[articles["article_id"].isin(items["article_id"])]
    maps = spans.offset_maps(wanted, analysis.edits)
    printed = _clean_places(analysis)
    tasks = []
    for number, (sample_id, rows) in enumerate(items.groupby("sample_id", sort=False), 1):
        statement = rows.iloc[0]
        home = homes.loc[statement["article_id"]]
        text = home["text"]
        start, end = (int(places.loc[statement["quote_id"], c]) for c in ("start", "end"))
        low = text.rfind("\n", 0, max(0, start - _AROUND)) + 1
        high = text.find("\n", end + _AROUND)
        shown = text[low : high if high >= 0 else len(text)]
        # Label Studio counts what it shows: raw offsets come back through this list of where each character stands.
        runs = _list_runs(maps[statement["article_id"]], low, low + len(shown))
        data = {
            "sample_id": sample_id, "text": shown, "runs": runs,
            "about": " · ".join(_say(home[c]) for c in ("outlet", "published", "headline")),
        }  # fmt: skip
        marks = [_mark("statement", start - low, min(end - low, len(shown)), shown, "statement")]
        for item_id, name in zip(rows["item_id"].iloc[1:], rows["name"].iloc[1:], strict=True):
            if item_id in printed and low <= printed[item_id][0] and printed[item_id][1] <= low + len(shown):
                first, last = printed[item_id]
                marks.append(_mark(item_id, first - low, last - low, shown, "target"))
            else:
                data["about"] += f" · target: {name}"
        tasks.append({"id": number, "data": data, "predictions": [{"model_version": "diplotext", "result": marks}]})
    path.write_text(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n", "utf-8")
    path.with_suffix(".xml").write_text(write_config(book), "utf-8")
    return path


def _clean_places(analysis: schema.Analysis) -> dict[str, spans.Span]:
    """Return the clean offsets of the targets that are printed, by item_id."""
    (stances,) = schema.take_tables(analysis, "stances")
    rows = stances.dropna(subset=["start", "end", "raw_start", "raw_end"])
    columns = (rows[c] for c in ("quote_id", "raw_start", "raw_end", "start", "end"))
    return {f"{q}#{int(a)}-{int(b)}": (int(s), int(e)) for q, a, b, s, e in zip(*columns, strict=True)}


def _list_runs(places: spans.OffsetMap, low: int, high: int) -> list[list[int]]:
    """Return where shown characters stand in the raw text: [shown offset, raw offset] wherever the distance changes."""
    runs: list[list[int]] = []
    for at in range(low, high):
        raw = places.to_raw(at, at + 1)[0]
        if not runs or raw - runs[-1][1] != at - low - runs[-1][0]:
            runs.append([at - low, raw])
    return runs


def _to_raw(runs: list[list[int]], at: int) -> int:
    shown, raw = max((run for run in runs if run[0] <= at), default=[0, 0])
    return raw + at - shown


def _mark(key: str, start: int, end: int, text: str, label: str) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": text[start:end], "labels": [label]}
    return {"id": key, "from_name": _MARKS, "to_name": _TEXT, "type": "labels", "value": value}


def _say(value: Any) -> str:
    return "" if pd.isna(value) else f"{value:%Y-%m-%d}" if hasattr(value, "strftime") else str(value)


def write_config(book: pd.DataFrame) -> str:
    """Return the labelling configuration of a codebook, as XML."""
    view = ET.Element("View")
    ET.SubElement(view, "Header", value="$about", size="5")
    marks = ET.SubElement(view, "Labels", name=_MARKS, toName=_TEXT)
    for name, colour in (("statement", "#b8860b"), ("target", "#0b3d6b")):
        ET.SubElement(marks, "Label", value=name, background=colour)
    ET.SubElement(view, "Text", name=_TEXT, value="$text", granularity="word")
    for name, field in read_fields(book).items():
        of_target: dict[str, Any] = {
            "perRegion": "true",
            "visibleWhen": "region-selected",
            "whenTagName": _MARKS,
            "whenLabelValue": "target",
        }
        shared: dict[str, Any] = {"toName": _TEXT, **(of_target if field.unit == "target" else {})}
        ET.SubElement(view, "Header", value=name, size="6")
        if field.open:
            ET.SubElement(view, "TextArea", name=name, maxSubmissions="1", editable="true", **shared)
        if field.labels:
            choices = ET.SubElement(
                view,
                "Choices",
                name=f"{name}.choice" if field.open else name,
                choice="single",
                showInline="true",
                **shared,
            )
            for label, hint in book.loc[
                (book["field"] == name) & (book["label"] != ""), ["label", "definition"]
            ].to_numpy():
                ET.SubElement(choices, "Choice", value=label, hint=hint)
    ET.SubElement(view, "TextArea", name=_COMMENT, toName=_TEXT, placeholder=_COMMENT, maxSubmissions="1")
    ET.indent(view)
    return ET.tostring(view, encoding="unicode") + "\n"


def read_tasks(path: Path, annotator: str | None = None) -> pd.DataFrame:
    """Return an export's labels as rows: row, sample_id, unit, words, place, field, label, annotator, at.

    Cancelled annotations count for nothing.

    Raises
    ------
    ValueError
        If the file is no export of these tasks in Label Studio's JSON form.
    """
    try:
        tasks = json.loads(path.read_text("utf-8"))
        rows = [
            {"row": number, "sample_id": task["data"]["sample_id"], "annotator": annotator or _name(done),
             "at": done.get("updated_at") or done.get("created_at"), **cell}
            for number, task in enumerate(tasks, 1)
            for done in task.get("annotations", [])
            if not done.get("was_cancelled")
            for cell in _read_result(done["result"], task["data"]["runs"])
        ]  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"path: expected Label Studio's export in the JSON form, of tasks that export_samples wrote; got "
            f"{path.name!r} ({type(error).__name__}: {error})"
        ) from error
    columns = ["row", "sample_id", "unit", "words", "name", "raw_start", "raw_end", "field", "label", "annotator", "at"]
    return pd.DataFrame(rows, columns=columns).astype(object)


def _name(done: dict[str, Any]) -> str:
    by = done.get("completed_by")
    return str(by.get("email") or by.get("id")) if isinstance(by, dict) else f"coder-{by}"


def _read_result(result: list[dict[str, Any]], runs: list[list[int]]) -> list[dict[str, Any]]:
    """Return the labels of one annotation: of the statement, and of each region that is a target."""
    regions = {r["id"]: r["value"] for r in result if r["type"] == "labels" and "target" in r["value"]["labels"]}
    places = {}
    for key, value in regions.items():
        start, end = int(value["start"]), int(value["end"])
        raw = _to_raw(runs, start), _to_raw(runs, end - 1) + 1
        places[key] = {"unit": "target", "words": value["text"], "raw_start": str(raw[0]), "raw_end": str(raw[1])}
    cells, named = [], set()
    for row in result:
        told = row["value"].get({"choices": "choices", "textarea": "text"}.get(row["type"], ""))
        if not told:
            continue
        field = row["from_name"].removesuffix(".choice")
        place = places.get(row.get("id"), {"unit": "statement"})
        cells.append({**place, "field": field, "label": told[0] if isinstance(told, list) else told})
        named |= {row["id"]} if field == "target" else set()
    # A region that the coder drew is a target by its own words; one of ours (its id is the item's) has a name.
    drawn = [key for key in regions if key not in named and "#" not in key]
    return cells + [{**places[key], "field": "target", "label": places[key]["words"]} for key in drawn]
