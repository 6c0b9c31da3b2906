"""Files to the articles table."""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from diplotext import schema
from diplotext.io.decoding import (
    DOCUMENTS,
    FORMATS,
    MAX_BYTES,
    MAX_CHARACTERS,
    MAX_UNPACKED,
    InputError,
    detect_format,
    refuse_binary,
    unpack,
    unpack_lines,
    unpack_start,
)  # fmt: skip
from diplotext.io.fields import settle
from diplotext.io.files import Paths, Rejected, Source, collect_metadata, find_sources, printable
from diplotext.io.languages import detect_language
from diplotext.io.memory import frame_texts, read_frame
from diplotext.io.records import Problem, Record, describe_failure, read_records
from diplotext.language import read_moment
from diplotext.spans import short_hash

_MANY = ("jsonl", "csv", "parquet", "warc", *DOCUMENTS)
_SURROGATES = re.compile("[\ud800-\udfff]")
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
            return schema.check_table(paths, "articles"), _tabulate(rejected)
        sources = [_IN_MEMORY]
    else:
        sources, rejected = find_sources(paths)
        sources, known, problems = collect_metadata(sources, metadata)
        rejected += problems
    rows: list[dict[str, Any]] = []
    ids: set[str] = set()
    dates: list[tuple[str, Any, str]] = []
    for source in sources:
        described = known.get(source.path, {})
        if isinstance(paths, pd.DataFrame):
            items = read_frame(paths, text_column)
        else:
            items = _read_source(source, format, text_column)
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
                dates.append((shown, fields["published"], doubt))
    rejected += _list_doubts(dates)
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: [row.get(name) for row in rows] for name in names}
    own = {name: settle(values) for name, values in columns.items() if name not in schema.TABLES["articles"].columns}
    return schema.build_table("articles", columns | own), _tabulate(rejected)


def _tabulate(rejected: list[Rejected]) -> pd.DataFrame:
    return pd.DataFrame([r._asdict() for r in rejected], columns=list(Rejected._fields), dtype="str")


def _read_source(source: Source, format: str | None, text_column: str) -> list[Record | Problem]:
    """Return the records and problems of one file; whatever goes wrong becomes a problem."""
    items: list[Record | Problem] = []
    try:
        if not source.named and source.path.exists() and not source.path.is_file():  # reading a pipe would never end
            raise InputError("it is a pipe, socket or device, not a file", "Leave it out")
        data = source.path.read_bytes()
        if not data:
            raise InputError("it is empty", "Leave it out")
        start = unpack_start(data) or unpack(data)
        kind = format or detect_format(start, source.path.name, named=source.named)
        if kind != "warc":  # an archive unpacks itself, page by page
            try:
                data = unpack(data, MAX_UNPACKED if kind in _MANY else MAX_BYTES)
            except InputError as error:
                if kind not in ("jsonl", "csv") or not (rest := unpack_lines(data)):
                    raise
                items.append(Problem(0, f"{error.reason}; its first rows are read", error.advice))
                data = rest
        if format is not None and format not in DOCUMENTS:
            refuse_binary(start)
        if kind not in _MANY and len(data) > MAX_BYTES:
            raise InputError(
                f"it has {len(data):,} bytes; an article has at most {MAX_BYTES:,}",
                "Split it into one article a file, or use JSON Lines",
            )
        for item in read_records(data, kind, text_column):
            items.append(item)  # noqa: PERF402 (what was read before an error is kept)
    except InputError as error:
        items.append(Problem(0, error.reason, error.advice))
    except Exception as error:  # one bad document never stops a run, whatever a parser makes of it
        items.append(Problem(0, *describe_failure(error)))
    return items


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
    text = item.text if item.text.isascii() else _SURROGATES.sub("\ufffd", item.text)
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


def _list_doubts(dates: list[tuple[str, Any, str]]) -> list[Rejected]:
    """Return one row for each kind of doubt: inputs may hold thousands of the same."""
    rows = []
    for doubt in dict.fromkeys(doubt for *_, doubt in dates):
        shown, value = next((shown, value) for shown, value, other in dates if other == doubt)
        more = sum(other == doubt for *_, other in dates) - 1
        got = f"{value!r}{f' (and {more} more)' if more else ''}"
        rows.append(Rejected(shown, f"published: expected {doubt.format(got)}", "Write dates as YYYY-MM-DD"))
    return rows


def _nothing_given(frame: pd.DataFrame, rejected: pd.DataFrame, argument: str) -> str:
    first = "; ".join(f"{row.source}: {row.reason}. {row.advice}" for row in rejected.head(3).itertuples())
    return f"{argument}: expected at least one article; got {len(frame)} rows: {first or 'it is empty'}"


def _nothing_read(paths: Paths, rejected: pd.DataFrame) -> str:
    first = "; ".join(f"{row.source}: {row.reason}. {row.advice}" for row in rejected.head(3).itertuples())
    more = f"; and {len(rejected) - 3} more" if len(rejected) > 3 else ""
    shown = printable(os.fspath(paths)) if isinstance(paths, str | os.PathLike) else [printable(str(p)) for p in paths]
    return f"paths: expected at least one readable article; got {shown!r}: {first or 'no files in it'}{more}"
