"""A coder's work: what is asked now, labels set and taken back, and a journal that loses none of them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd

from diplotext import schema
from diplotext.annotation.agreement import NO_TARGET
from diplotext.annotation.codebook import check_codebook, load_codebook, read_fields
from diplotext.annotation.items import find_raw, list_items
from diplotext.annotation.journal import append_line, read_journal
from diplotext.schema.item_ids import make_target_id, read_quote_id

#: what is stored beside the codebook's fields.
_COMMENT = "comment"
#: the label that says that an item is none of its unit; then nothing more is asked of it.
_NOT = {"statement": "no", "target": NO_TARGET}
#: keys that go on, go back and take back; no label may begin with one.
NEXT, BACK, UNDO = ">", "<", "!"


class LabelSession:
    """One coder at work on a sample, without any screen: what is asked, what was answered, and the file that keeps it.

    Every change is appended to the journal and on the disk before the call returns, so that a crash, a killed server or
    a closed tab loses nothing; the same call opens the work again where it stood. What was taken back stays in the
    journal, as taken back. A last line that was not written to its end is skipped.

    Parameters
    ----------
    samples
        From `sample_annotations`.
    analysis
        The run, with articles, edits, quotes and stances.
    annotator
        Who labels.
    path
        The journal, a file of one JSON object a line; made if absent, its folder too. One file holds one coder.
    codebook
        From `load_codebook`; the bundled one where none is given.

    Attributes
    ----------
    items
        From `list_items`: what is asked, in order.
    articles, quotes
        Those of the run.
    position
        Number of the statement that is asked now, from 0.

    Raises
    ------
    ValueError
        If there is no name, or the journal is another coder's.

    Examples
    --------
    >>> samples = dt.annotation.sample_annotations(analysis, 3)
    >>> session = LabelSession(samples, analysis, "kim", folder / "kim.jsonl")
    >>> session.set_label("posture", "threaten")
    >>> session.undo()
    True
    """

    def __init__(
        self,
        samples: pd.DataFrame,
        analysis: schema.Analysis,
        annotator: str,
        path: str | Path,
        codebook: pd.DataFrame | None = None,
    ) -> None:
        if not isinstance(annotator, str) or not annotator.strip():
            raise ValueError(f"annotator: expected the name of who labels; got {annotator!r}")
        self.analysis, self.annotator, self.path = analysis, annotator.strip(), Path(path)
        self.codebook = load_codebook() if codebook is None else check_codebook(codebook)
        self.fields = read_fields(self.codebook)
        self.items = list_items(samples, analysis)
        self._statements = self.items.index[self.items["unit"] == "statement"].tolist()
        self._quote_ids = self.items.loc[self._statements, "quote_id"].tolist()
        self.articles, self.quotes = schema.take_tables(analysis, "articles", "quotes")
        self._labels: dict[tuple[str, str], dict[str, Any]] = {}
        self._added: dict[str, dict[str, Any]] = {}
        targets = self.items[self.items["unit"] == "target"]
        self._targets = targets.groupby("quote_id")["item_id"].agg(list).to_dict()
        self._done: list[tuple[tuple[str, str], dict[str, Any] | None]] = []  # what stood before each change
        self._replay()
        self.position = self._first_open()

    # --- what is asked -----------------------------------------------------------------------------------------------

    @property
    def statement(self) -> pd.Series:
        """The statement that is asked now: a row of `items`."""
        return self.items.loc[self._statements[self.position]]

    @property
    def targets(self) -> pd.DataFrame:
        """The targets of the statement that is asked now, the coder's own last: rows as in `items`."""
        quote_id = self.statement["quote_id"]
        given = self.items[(self.items["unit"] == "target") & (self.items["quote_id"] == quote_id)]
        own = [row for i, row in self._added.items() if row["quote_id"] == quote_id and (i, "target") in self._labels]
        return pd.concat([given, pd.DataFrame(own, columns=given.columns).astype(given.dtypes)], ignore_index=True)

    @property
    def progress(self) -> tuple[int, int]:
        """How many statements are labelled, and of how many."""
        return sum(map(self._is_done, range(len(self._statements)))), len(self._statements)

    def move(self, step: int) -> None:
        """Go some statements forward (or back), as far as there are any."""
        self.position = min(max(self.position + step, 0), len(self._statements) - 1)

    def move_to_open(self) -> None:
        """Go to the next statement that is not labelled, after this one or from the beginning."""
        count = len(self._statements)
        after = [(self.position + step) % count for step in range(1, count + 1)]
        self.position = next((n for n in after if not self._is_done(n)), self.position)

    def next_field(self, item_id: str | None = None) -> str | None:
        """Return the first closed field of an item (the statement) that has no label yet."""
        item = item_id or self.statement["item_id"]
        unit = "target" if "#" in item else "statement"
        if self.label(unit, item) == _NOT[unit]:
            return None
        asked = (f.name for f in self.fields.values() if f.unit == unit and not f.open)
        return next((name for name in asked if (item, name) not in self._labels), None)

    @property
    def asked(self) -> tuple[str, str] | None:
        """The field that is asked now and its item_id: of the statement first, then of its targets; None when done."""
        quote_id = self.statement["quote_id"]
        return next(((f, i) for i in self._list_asked(quote_id) if (f := self.next_field(i)) is not None), None)

    def label(self, field: str, item_id: str | None = None) -> str | None:
        """Return the label that an item (the statement) has in a field, or None."""
        row = self._labels.get((item_id or self.statement["item_id"], field))
        return None if row is None else row["label"]

    @property
    def comment(self) -> str:
        """The remark on the statement that is asked now."""
        return self.label(_COMMENT) or ""

    # --- what is answered --------------------------------------------------------------------------------------------

    def set_label(self, field: str, label: str, item_id: str | None = None) -> None:
        """Label an item (the statement) in a field; an empty label takes it back.

        Raises
        ------
        ValueError
            If the codebook has no such field for it, or the field no such label.
        """
        item = self._read_item(item_id)
        unit = item["unit"]
        if field not in self.fields or self.fields[field].unit != unit:
            names = ", ".join(f.name for f in self.fields.values() if f.unit == unit)
            raise ValueError(f"field: expected one of {names} for a {unit}; got {field!r}")
        if label and self.fields[field].read(label) == self.label(field, item["item_id"]):
            return
        self._change(item, field, self.fields[field].read(label) if label else None)

    def press(self, typed: str) -> str:
        """Do what keys say: label what is asked now, or go on ``>``, back ``<``, take back ``!``; returns the rest.

        The rest is what may yet become a label's key; what can be none is dropped.
        """
        typed = typed.strip().casefold()
        if typed in (NEXT, BACK):
            self.move(1 if typed == NEXT else -1)
        elif typed == UNDO:
            self.undo()
        elif typed and self.asked is not None:
            field, item_id = self.asked
            rows = self.codebook[(self.codebook["field"] == field) & self.codebook["key"].str.startswith(typed)]
            hit = rows[rows["key"] == typed]
            if hit.empty:
                return typed if len(rows) else ""
            self.set_label(field, hit["label"].iloc[0], item_id)
        return ""

    def set_comment(self, text: str) -> None:
        """Remark on the statement that is asked now; an empty text takes the remark back."""
        if text.strip() != self.comment:
            self._change(self._read_item(None), _COMMENT, text.strip() or None)

    def add_target(self, words: str) -> str:
        """Add a target by its printed words, or by its name where it is not printed; returns its item_id.

        Words are looked for in the statement first, then before it, then after it. A target that is there already at
        the same place or of the same name is not added again.

        Raises
        ------
        ValueError
            If no word is given.
        """
        if not words.strip():
            raise ValueError(f"words: expected the words or the name of a target; got {words!r}")
        statement = self.statement
        place = find_raw(words, statement["quote_id"], self.analysis)
        known = {str(n).casefold(): i for n, i in zip(self.targets["name"], self.targets["item_id"], strict=True)}
        item_id = make_target_id(statement["quote_id"], words, *(place or ()))
        if place is None:
            item_id = known.get(words.strip().casefold(), item_id)
        if item_id in set(self.targets["item_id"]):
            return item_id
        start, end = place or (int(statement["raw_start"]), int(statement["raw_end"]))
        row = {**statement.to_dict(), "unit": "target", "item_id": item_id, "raw_start": start, "raw_end": end,
               "words": words.strip() if place else None, "name": words.strip()}  # fmt: skip
        self._add(row)
        self._change(row, "target", words.strip())
        return item_id

    def undo(self) -> bool:
        """Take back the last change, and go to its statement; False where there is nothing to take back."""
        if not self._done:
            return False
        (item_id, field), before = self._done.pop()
        row = self._labels[item_id, field] if before is None else before
        self._restore((item_id, field), before)
        self._write({**row, "label": before and before["label"], "undo": True})
        quote_id = read_quote_id(item_id)
        if quote_id in self._quote_ids:
            self.position = self._quote_ids.index(quote_id)
        return True

    def to_annotations(self) -> pd.DataFrame:
        """Return the annotations table: one row a label, its statement's remark beside the statement's first label."""
        remarks = {item: row["label"] for (item, field), row in self._labels.items() if field == _COMMENT}
        rows = []
        for (item, field), row in self._labels.items():
            if field != _COMMENT:
                rows.append({**row, "comment": remarks.pop(item, None), "annotator": self.annotator})
        rest = [self._labels[item, _COMMENT] for item in remarks]
        rows += [{**row, "comment": row["label"], "label": None, "annotator": self.annotator} for row in rest]
        return schema.build_table("annotations", rows)[list(schema.TABLES["annotations"].columns)]

    # --- the journal -------------------------------------------------------------------------------------------------

    def _change(self, item: dict[str, Any], field: str, label: str | None) -> None:
        key = (item["item_id"], field)
        now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        row = {"item_id": item["item_id"], "field": field, "label": label, "at": now,
               "raw_start": int(item["raw_start"]), "raw_end": int(item["raw_end"])}  # fmt: skip
        self._write(row)
        self._done.append((key, self._labels.get(key)))
        self._restore(key, row if label is not None else None)

    def _restore(self, key: tuple[str, str], row: dict[str, Any] | None) -> None:
        if row is None:
            self._labels.pop(key, None)
        else:
            self._labels[key] = row

    def _write(self, row: dict[str, Any]) -> None:
        append_line(self.path, {**row, "annotator": self.annotator})

    def _replay(self) -> None:
        known = set(self.items["item_id"])
        owners = self.items.loc[self._statements].set_index("quote_id")
        for row in read_journal(self.path):
            if row["annotator"] != self.annotator:
                raise ValueError(
                    f"path: expected the journal of {self.annotator!r}; got {self.path.name!r}, which is that of "
                    f"{row['annotator']!r}; give each coder a file"
                )
            key = (row["item_id"], row["field"])
            quote_id = read_quote_id(row["item_id"])
            if row["item_id"] not in known and quote_id in owners.index and row["field"] == "target":
                known.add(row["item_id"])
                words = None if "#~" in row["item_id"] else row["label"]
                place = {c: row[c] for c in ("item_id", "raw_start", "raw_end")}
                named = {"quote_id": quote_id, "unit": "target", "words": words, "name": row["label"]}
                self._add({**owners.loc[quote_id].to_dict(), **named, **place})
            if row.get("undo"):  # another tab may have written in between: the last change of this very label
                at = max((n for n, (done, _) in enumerate(self._done) if done == key), default=None)
                if at is not None:
                    self._restore(*self._done.pop(at))
            else:
                self._done.append((key, self._labels.get(key)))
                self._restore(key, row if row["label"] is not None else None)

    def _add(self, row: dict[str, Any]) -> None:
        self._added[row["item_id"]] = row
        self._targets.setdefault(row["quote_id"], []).append(row["item_id"])

    def _read_item(self, item_id: str | None) -> dict[str, Any]:
        if item_id is None:
            return dict(self.statement.to_dict())
        if item_id in self._added:
            return self._added[item_id]
        rows = self.items[self.items["item_id"] == item_id]
        if rows.empty:
            raise ValueError(f"item_id: expected an item of the sample; got {item_id!r}")
        return dict(rows.iloc[0].to_dict())

    def _list_asked(self, quote_id: str) -> list[str]:
        """Return a statement's item_id and those of its targets; an added one that was taken back is none of them."""
        if self.label("statement", quote_id) == _NOT["statement"]:
            return [quote_id]
        own = self._targets.get(quote_id, [])
        return [quote_id, *(i for i in own if i not in self._added or (i, "target") in self._labels)]

    def _is_done(self, number: int) -> bool:
        """Tell whether a statement and its targets have all closed labels."""
        return all(self.next_field(i) is None for i in self._list_asked(self._quote_ids[number]))

    def _first_open(self) -> int:
        return next((n for n in range(len(self._statements)) if not self._is_done(n)), 0)
