"""Files to the articles table."""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from diplotext import schema
from diplotext.io.decoding import FORMATS, MAX_CHARACTERS, InputError
from diplotext.io.fields import replace_halves, settle
from diplotext.io.files import Paths, Rejected, Source, collect_metadata, find_sources, printable
from diplotext.io.languages import detect_language
from diplotext.io.memory import frame_texts, read_frame
from diplotext.io.opening import read_source
from diplotext.io.records import Problem, Record
from diplotext.language import read_moment
from diplotext.spans import short_hash

#: characters of articles that are held at once, where they are read in batches.
_HELD = 20_000_000
#: Where the articles of a table in memory come from.
_IN_MEMORY = Source(Path("memory"), "memory", "memory", True)
_INVISIBLE = "\ufeff\u200b\x1a\x00"


class InputWarning(UserWarning):
    """An input was not loaded, or its metadata could not be used; the rest was."""


def load_articles(
    paths: Paths | pd.DataFrame | None = None,
    format: str | None = None,
    text_column: str = "text",
    metadata: str | os.PathLike[str] | None = None,
    *,
    texts: Iterable[str] | None = None,
) -> pd.DataFrame:
    r"""Load articles from files, folders and patterns, from a table in memory, or from texts.

    It does not clean: `text` is `raw_text`, which of a plain text file is exactly its decoded bytes (byte order mark,
    line ends and YAML head included), of an HTML page its story, paragraphs parted by a blank line. An export
    of Nexis or Factiva is split into its articles; any other text is one article.

    Read are plain text, Markdown with a YAML head, HTML, JSON Lines (or a JSON array), CSV (also semicolons or tabs),
    Parquet and WARC, and with the extra ``archives`` DOCX, RTF and PDF, each also gzip-compressed. Bytes are decoded by
    byte order mark, as UTF-8, as declared, or as cp1252.

    Parameters
    ----------
    paths
        A file, a folder (read with its subfolders), a pattern such as ``"news/*.txt"``, or a list of these; or a
        DataFrame, one article a row, its columns named as those of a CSV would be. An articles table comes back as it
        is.
    format
        One of ``text markdown html jsonl csv parquet warc docx rtf pdf`` for all files; by default it is found from
        each file's ending and content.
    text_column
        The column, or JSON key, that holds the text in tables; of a nested record with dots (``article.body``).
    metadata
        A CSV with the columns ``file, title, outlet, published, url`` (or their common other names, see
        ``resources/fields.csv``); ``file`` is relative to the CSV. A ``metadata.csv`` in a folder given, or beside a
        file given, is used too and is no article. What it says goes before what the files say of themselves.
    texts
        Articles as texts, in the place of `paths`.

    Returns
    -------
    DataFrame
        The articles table (`schema.TABLES`), one row an article, in the order of the files and records. Filled are
        `article_id` (stable: of the path within the argument, the record's number and the raw bytes), `source` (the
        path given, with ``#n`` for record n of a file of many; ``memory#n`` for row or text n in memory, from whose
        number and text its id is made), `raw_text`, `text`, `raw_sha256` (of the unpacked
        bytes), `lang` (missing where the text is too short to tell), and, where there is metadata, `headline`,
        `outlet`, `url`, `byline` and `published` (UTC) with its precision; `published_basis` is ``metadata`` or
        ``none``. Columns that ``resources/fields.csv`` does not know (``leaning``, ``section``) are kept at the end.

    Raises
    ------
    FileNotFoundError
        If the paths match nothing, or nothing there could be read.
    ValueError
        If `format` is none of those, the metadata CSV given cannot be used, or no row or text in memory is an article.
    TypeError
        If `paths` or `texts` are something else.

    Warns
    -----
    InputWarning
        Once for each input that was not loaded (empty, binary, truncated, not English, too large, ...), saying why and
        what to do.

    Examples
    --------
    >>> load_articles(texts=["Envoy Toran said on Monday that the pass was closed."])["source"].tolist()
    ['memory#1']
    """
    if (paths is None) == (texts is None):
        got = "none of them" if texts is None else "paths and texts"
        raise TypeError(f"paths: expected paths, a DataFrame, or texts=[...]; got {got}")
    given: Any = paths if texts is None else frame_texts(texts, text_column)
    articles, rejected = read_inputs(given, format, text_column, metadata)
    if articles.empty and isinstance(given, pd.DataFrame):
        raise ValueError(_nothing_given(given, rejected, "paths" if texts is None else "texts"))
    if articles.empty:
        raise FileNotFoundError(_nothing_read(given, rejected))
    for row in rejected.itertuples(index=False):
        warnings.warn(f"{row.source}: {row.reason}. {row.advice}.", InputWarning, stacklevel=2)
    return articles


def read_inputs(
    paths: Paths | pd.DataFrame,
    format: str | None = None,
    text_column: str = "text",
    metadata: str | os.PathLike[str] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Load articles as `load_articles` does, and return what was rejected as a table instead of warning.

    It does not raise for anything that it finds in the inputs, not even where nothing could be read.

    Parameters
    ----------
    paths, format, text_column, metadata
        As in `load_articles`.

    Returns
    -------
    articles
        As of `load_articles`; possibly empty.
    rejected
        One row a problem, in the order of the inputs: `source` (with ``#n`` for a record), `reason`, `advice`. Metadata
        that could not be used is listed too.

    Raises
    ------
    ValueError
        If `format` is none of those known, `paths` is empty, or the metadata CSV given cannot be used.
    """
    return next(read_batches(paths, format, text_column, metadata, most=None))


def read_batches(
    paths: Paths | pd.DataFrame,
    format: str | None = None,
    text_column: str = "text",
    metadata: str | os.PathLike[str] | None = None,
    *,
    most: int | None = 1000,
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Yield what `read_inputs` returns, some articles at a time: files are read as they are asked for.

    Parameters
    ----------
    paths, format, text_column, metadata
        As in `load_articles`.
    most
        Articles at a time, fewer where they are long; None for all at once, of which there is one batch at least.

    Raises
    ------
    ValueError
        As `read_inputs`, before the first batch.
    """
    if format is not None and format not in FORMATS:
        near = difflib.get_close_matches(str(format), FORMATS, n=1) or [
            f for f in FORMATS if f[0] == str(format)[:1].lower()
        ]
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"format: expected one of {', '.join(FORMATS)}; got {format!r}{hint}")
    rejected: list[Rejected] = []
    known: Mapping[Path, Mapping[str, Any]] = {}
    if isinstance(paths, pd.DataFrame):
        if {"article_id", "source", "raw_text", "text"} <= set(paths.columns):
            yield schema.check_table(paths, "articles"), _tabulate(rejected)
            return
        sources = [_IN_MEMORY]
    else:
        sources, rejected = find_sources(paths)
        sources, known, problems = collect_metadata(sources, metadata)
        rejected += problems
    rows: list[dict[str, Any]] = []
    ids: set[str] = set()
    doubts: dict[str, _Doubt] = {}
    length = 0
    for source in sources:
        described = known.get(source.path, {})
        if isinstance(paths, pd.DataFrame):
            items = iter(read_frame(paths, text_column))
        else:
            items = read_source(source, format, text_column)
        for item in items:
            shown = f"{source.shown}#{item.number}" if item.number else source.shown
            if isinstance(item, Problem):
                rejected.append(Rejected(shown, item.reason, item.advice))
                continue
            fields = {**item.fields, **described}
            try:
                lang = _check_text(item.text, fields.get("lang"))
            except InputError as error:
                rejected.append(Rejected(shown, error.reason, error.advice))
                continue
            row = _make_row(item, source, shown, fields, lang)
            if row["article_id"] in ids:  # the same file under two folders given
                row["article_id"] = short_hash(row["article_id"], shown)
            ids.add(row["article_id"])
            rows.append(row)
            if fields.get("published") is not None and (doubt := _doubt_date(fields["published"], row)):
                doubts.setdefault(doubt, _Doubt(shown, fields["published"])).count += 1
            length += len(item.text)
            if most and (len(rows) >= most or length >= _HELD):
                yield _make_batch(rows), _tabulate(rejected)
                rows, rejected, length = [], [], 0
    rejected += [doubt.describe(what) for what, doubt in doubts.items()]
    yield _make_batch(rows), _tabulate(rejected)


def _make_batch(rows: list[dict[str, Any]]) -> pd.DataFrame:
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: [row.get(name) for row in rows] for name in names}
    own = {name: settle(values) for name, values in columns.items() if name not in schema.TABLES["articles"].columns}
    return schema.build_table("articles", columns | own)


def _tabulate(rejected: list[Rejected]) -> pd.DataFrame:
    told = (map(replace_halves, one) for one in rejected)
    return pd.DataFrame(told, columns=list(Rejected._fields), dtype="str")


def _check_text(text: str, lang: str | None) -> str | None:
    """Return the language of a text that can be analysed.

    Raises
    ------
    InputError
        If it is empty, too long, or not English.
    """
    if not text.strip().strip(_INVISIBLE).strip():
        raise InputError("it is empty", "Leave it out")
    if len(text) > MAX_CHARACTERS:
        raise InputError(
            f"it has {len(text):,} characters; an article has at most {MAX_CHARACTERS:,}", "Split it into articles"
        )
    if lang == "en":
        return lang
    found = detect_language(text)
    if found not in (None, "en"):
        raise InputError(
            f"it is not in English ({'its letters are not Latin' if found == 'und' else f'language found: {found}'})",
            "Leave it out, or translate it first; if it is English, give lang = en as metadata",
        )
    return found


def _make_row(item: Record, source: Source, shown: str, fields: Mapping[str, Any], lang: str | None) -> dict[str, Any]:
    digest = hashlib.sha256(item.raw).hexdigest()
    text = replace_halves(item.text)
    published = read_moment(fields.get("published"))
    return {
        "article_id": short_hash(source.key, item.number, digest),
        "source": shown,
        "url": fields.get("url"),
        "outlet": fields.get("outlet"),
        "published": published and published.at,
        "published_precision": published.precision if published else "none",
        "published_basis": "metadata" if published else "none",
        "lang": lang,
        "headline": fields.get("headline"),
        "byline": fields.get("byline"),
        "raw_text": text,
        "text": text,
        "raw_sha256": digest,
        **{name: value for name, value in fields.items() if name not in schema.TABLES["articles"].columns},
    }


def _doubt_date(value: Any, row: Mapping[str, Any]) -> str:
    """Return what became of a date that could not be read, or not wholly; empty for a good one."""
    if row["published"] is None:
        return "a date; got {}; loaded undated"
    if row["published_precision"] == "year" and re.search(r"\d[/-]\d", str(value)):
        return "YYYY-MM-DD; got {}, of which day and month are not clear; only the year is used"
    return ""


@dataclass
class _Doubt:
    """Dates that became the same: the first of them, and how many there are, as inputs may hold thousands."""

    source: str
    value: Any
    count: int = 0

    def describe(self, what: str) -> Rejected:
        got = f"{self.value!r}{f' (and {self.count - 1} more)' if self.count > 1 else ''}"
        return Rejected(self.source, f"published: expected {what.format(got)}", "Write dates as YYYY-MM-DD")


def _nothing_given(frame: pd.DataFrame, rejected: pd.DataFrame, argument: str) -> str:
    first = "; ".join(f"{row.source}: {row.reason}. {row.advice}" for row in rejected.head(3).itertuples())
    return f"{argument}: expected at least one article; got {len(frame)} rows: {first or 'it is empty'}"


def _nothing_read(paths: Paths, rejected: pd.DataFrame) -> str:
    first = "; ".join(f"{row.source}: {row.reason}. {row.advice}" for row in rejected.head(3).itertuples())
    more = f"; and {len(rejected) - 3} more" if len(rejected) > 3 else ""
    shown = printable(os.fspath(paths)) if isinstance(paths, str | os.PathLike) else [printable(str(p)) for p in paths]
    return f"paths: expected at least one readable article; got {shown!r}: {first or 'no files in it'}{more}"
