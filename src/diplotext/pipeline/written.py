"""The parts of a run put together and written: every table, the findings, the report; many articles never at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from diplotext import schema
from diplotext.pipeline.parts import Parts
from diplotext.pipeline.results import REPORT, list_refused, write_tables, write_workbook
from diplotext.pipeline.stages import MADE, Tables

#: up to so many articles each table is one file, and the report holds all; of more, tables are folders of parts of so
#: many articles, and the report holds the statements of the first of them.
WHOLE, PART = 2_000, 1_000
_BY = ["country", "target_country"]
#: columns that findings do not look at; the last ones printings are compared by.
_TEXTS = ("raw_text", "text", "notes", "raw_sha256")
_WORDS = ("cue", "reported_speaker", "relay", "addressee", "spoken_on")
_COMPARED = ("text", "speaker_mention")


class Joined:
    """All that the parts of a run hold together.

    Parameters
    ----------
    parts, sizes
        The parts, and the articles in each, by its key, in order.
    own
        The user's tables.
    """

    def __init__(self, parts: Parts, sizes: Mapping[str, int], own: schema.Dictionaries) -> None:
        from diplotext.clean.duplicates import find_copies
        from diplotext.trace.utterances import join_printings

        self._parts, self._groups = parts, _cut_groups(sizes)
        keys = list(sizes)
        self._marks = find_copies(
            parts.read(group, "articles", ["article_id", "source", "url", "outlet", "published", "published_precision",
                                           "text", "raw_text"]) for group in self._groups
        ).set_index("article_id")  # fmt: skip
        facts = [name for name in parts.list_columns(keys, "articles") if name not in _TEXTS]
        articles = self._mark(parts.read(keys, "articles", facts))
        self._own = {c: _find_type(articles[c]) for c in articles if c not in schema.TABLES["articles"].columns}
        columns = [name for name in schema.TABLES["quotes"].columns if name not in _WORDS]
        quotes = parts.read(keys, "quotes", columns)
        utterances = join_printings(quotes, articles)
        #: every article and statement, without texts.
        self.articles = schema.build_table("articles", articles)
        self.quotes = schema.build_table("quotes", quotes.drop(columns=list(_COMPARED)))
        self.stances, self.utterances, self._dictionaries = parts.read(keys, "stances"), utterances, own

    def write(self, folder: Path, form: str, guard: bool, record: dict[str, Any]) -> None:
        """Write tables and report into a folder, and into the record of how many rows each table is."""
        from diplotext.findings import tabulate_findings
        from diplotext.report import write_report

        facts = schema.Analysis(
            articles=self.articles, quotes=self.quotes, stances=self.stances, utterances=self.utterances,
            dictionaries=self._dictionaries,
        )  # fmt: skip
        findings = tabulate_findings(
            self.quotes, self.stances, by=_BY, articles=self.articles, utterances=self.utterances
        )
        first, refused = {**self._read(0), "utterances": self.utterances}, list_refused(record)
        if len(self._groups) == 1:
            write_tables(first | {"findings": findings}, folder, form, guard, {})
            write_report(facts._replace(**first), folder / REPORT, rejected=refused)
            rows = {name: len(table) for name, table in first.items()}
        else:
            rows = {name: self._write_parts(name, folder, form, guard) for name in (*MADE, "utterances")}
            write_tables({"findings": findings}, folder, "csv" if form == "csv" else "parquet", guard, {})
            if form == "xlsx":
                read = {name: schema.read_table(folder / f"{name}.parquet", name) for name in rows}
                write_workbook(read | {"findings": findings}, folder)
            write_report(facts, folder / REPORT, rejected=refused, shown=facts._replace(**first))
        record["rows"] = rows | {"findings": len(findings)}

    def _write_parts(self, name: str, folder: Path, form: str, guard: bool) -> int:
        for ending in ("parquet", "csv") if form == "csv" else ("parquet",):
            schema.write_parts(self._iterate(name), folder / f"{name}.{ending}", guard=guard)
        return sum(len(frame) for frame in self._iterate(name, ["quote_id", "article_id"]))

    def _iterate(self, name: str, columns: list[str] | None = None) -> Iterator[pd.DataFrame]:
        """Yield a table, a group of articles at a time."""
        if name != "utterances":
            for group in self._groups:
                table = self._parts.read(group, name, columns)
                yield self._shape(table) if name == "articles" and columns is None else table
            return
        first = 0
        for quotes in self._iterate("quotes", ["quote_id"]):
            yield self.utterances.iloc[first : first + len(quotes)].reset_index(drop=True)
            first += len(quotes)

    def _read(self, number: int) -> Tables:
        """Return the tables of a group of articles."""
        tables = {name: self._parts.read(self._groups[number], name) for name in MADE}
        return tables | {"articles": self._shape(tables["articles"])}

    def _mark(self, articles: pd.DataFrame) -> pd.DataFrame:
        own = self._marks.loc[articles["article_id"]].reset_index(drop=True)
        return articles.assign(duplicate_of=own["duplicate_of"], suspect_paraphrase=own["suspect_paraphrase"])

    def _shape(self, articles: pd.DataFrame) -> pd.DataFrame:
        """Return articles with their copies marked, and the user's columns as they are in all of them."""
        own = {}
        for name, kind in self._own.items():
            values = articles[name] if name in articles else pd.Series(None, index=articles.index, dtype="object")
            own[name] = (values.map(str, na_action="ignore") if kind == "str" else values).astype(kind)
        return self._mark(articles).assign(**own)


def _cut_groups(sizes: Mapping[str, int]) -> list[list[str]]:
    """Return the keys of parts that are written together."""
    if sum(sizes.values()) <= WHOLE:
        return [list(sizes)]
    groups: list[list[str]] = [[]]
    held = 0
    for key, size in sizes.items():
        if held and held + size > PART:
            groups.append([])
            held = 0
        groups[-1].append(key)
        held += size
    return groups


def _find_type(values: pd.Series) -> Any:
    """Return the type of a user's column that came in parts: text, where it is of several kinds."""
    if values.dtype != "object":
        return values.dtype
    kinds = {float if isinstance(value, float) else type(value) for value in values.dropna()}
    return "str" if len(kinds) > 1 or kinds == {str} else "object"
