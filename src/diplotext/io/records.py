"""Files of one or many articles, to records: text, what is known about it, and its raw bytes."""

from __future__ import annotations

import io
import itertools
import json
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from diplotext.io.decoding import InputError, declared_charset, decode_text
from diplotext.io.fields import read_fields, split_head, suggest_column


class Record(NamedTuple):
    """One article of a file: its number from 1 (0 where the file is one article), text, fields and raw bytes."""

    number: int
    text: str
    fields: dict[str, Any]
    raw: bytes


class Problem(NamedTuple):
    """What could not be read, why, and what to do; number 0 speaks of the whole file."""

    number: int
    reason: str
    advice: str


def read_records(data: bytes, format: str, text_column: str) -> Iterator[Record | Problem]:
    """Yield the articles and problems of one file's unpacked bytes.

    Raises
    ------
    InputError
        If nothing of the file can be read.
    """
    if format in ("text", "markdown"):
        return _read_text(data)
    if format == "html":
        return _read_page(data)
    if format == "warc":
        return _read_warc(data)
    reader = {"jsonl": _read_json, "csv": _read_csv, "parquet": _read_parquet}[format]
    return _pick_columns(reader(data), text_column)


def _read_text(data: bytes) -> Iterator[Record | Problem]:
    text = decode_text(data)
    fields: dict[str, Any] = {}
    try:
        head = split_head(text)
    except ValueError as error:
        yield Problem(0, f"{error}; the text is kept without its metadata", "Correct the head, or give a metadata CSV")
    else:
        fields = read_fields(head) if head else {}
    yield Record(0, text, fields, data)


def _read_page(data: bytes) -> Iterator[Record]:
    from diplotext.io.pages import extract_page

    page = extract_page(decode_text(data, declared_charset(data)))
    yield Record(0, page.text, page.fields, data)


# --- tables: each reader yields (number, row, raw bytes or None) or a Problem; _pick_columns makes records of rows.

_Row = tuple[int, Mapping[str, Any], bytes | None]


def _pick_columns(rows: Iterator[_Row | Problem], text_column: str) -> Iterator[Record | Problem]:
    lacking: list[int] = []
    columns: dict[str, None] = {}
    n = 0
    for item in rows:
        if isinstance(item, Problem):
            yield item
            continue
        number, row, raw = item
        n += 1
        if text_column not in row:
            lacking.append(number)
            columns.update(dict.fromkeys(map(str, row)))
            continue
        value = row[text_column]
        if value is None or value != value:
            value = ""
        if isinstance(value, bytes):
            value = decode_text(value)
        if not isinstance(value, str):
            yield Problem(
                number,
                f"text_column: expected text in {text_column!r}; got {type(value).__name__}",
                "Name the column that holds the article's text",
            )
            continue
        fields = read_fields({k: v for k, v in row.items() if k != text_column})
        yield Record(number, value, fields, value.encode("utf-8", "surrogatepass") if raw is None else raw)
    if lacking and len(lacking) == n:
        raise InputError(
            f"text_column: expected a column {text_column!r}; {suggest_column(text_column, columns)}",
            "Pass text_column=... (on the command line --text-column)",
        )
    for number in lacking:
        yield Problem(number, f"it has no {text_column!r}", "Complete the record or leave it out")


def _read_json(data: bytes) -> Iterator[_Row | Problem]:
    text = decode_text(data).removeprefix("\ufeff")
    if re.match(r"\s*\[", text) or re.match(r"\s*\{\s*\n", text):  # an array, or one record over several lines
        try:
            whole = json.loads(text)
        except ValueError as error:
            raise InputError(f"the JSON is broken or truncated ({error})", "Write one record a line") from error
        for number, row in enumerate(whole if isinstance(whole, list) else [whole], 1):
            if isinstance(row, dict):
                yield number, row, json.dumps(row, sort_keys=True).encode()
            else:
                yield Problem(number, f"expected a JSON object; got {type(row).__name__}", "Write one object a record")
        return
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError(f"expected an object, got {type(row).__name__}")
        except (ValueError, RecursionError) as error:
            yield Problem(number, f"line {number} is not valid JSON ({error})", "Correct or remove this line")
        else:
            yield number, row, line.encode("utf-8", "surrogatepass")


def _read_csv(data: bytes) -> Iterator[_Row | Problem]:
    import pandas as pd

    text = decode_text(data).removeprefix("\ufeff")
    header = text[: text.find("\n") if "\n" in text else len(text)]
    separator = max(",;\t|", key=header.count)
    options: dict[str, Any] = {
        "sep": separator, "dtype": "str", "keep_default_na": False, "na_values": [""], "on_bad_lines": "warn",
    }  # fmt: skip
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            frame = pd.read_csv(io.StringIO(text, newline=""), **options)
        except pd.errors.EmptyDataError as error:
            raise InputError("it is empty", "Leave it out") from error
        except pd.errors.ParserError as error:
            opened = re.search(r"EOF inside string starting at row (\d+)", str(error))
            if opened is None:
                raise InputError(f"the CSV is broken ({error})", "Save it again, with quoted fields") from error
            yield Problem(
                int(opened[1]),
                "a quoted field is not closed: the file is truncated or a quote mark is stray",
                "Save it again, with quote marks doubled inside fields",
            )
            frame = pd.read_csv(io.StringIO(text, newline=""), nrows=int(opened[1]) - 1, **options)
    skipped = [int(n) - 1 for w in caught for n in re.findall(r"Skipping line (\d+)", str(w.message))]
    for number in skipped:  # pandas counts the header, too
        yield Problem(number, f"row {number} has more fields than the header", "Quote fields that hold separators")
    kept = (number for number in itertools.count(1) if number not in skipped)
    yield from ((number, row, None) for number, row in zip(kept, frame.to_dict("records"), strict=False))


def _read_parquet(data: bytes) -> Iterator[_Row | Problem]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(data))
        number = 0
        for batch in file.iter_batches(batch_size=1024):
            for row in batch.to_pylist():
                number += 1
                yield number, row, None
        if number == 0:
            raise InputError("it is empty", "Leave it out")
    except (pa.ArrowException, OSError, ValueError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"the Parquet file is broken or truncated ({first[:120]})", "Write it again") from error


# --- web archives


def _read_warc(data: bytes) -> Iterator[Record | Problem]:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    from diplotext.io.pages import extract_page

    others: Counter[str] = Counter()
    number = pages = 0
    try:
        for record in ArchiveIterator(io.BytesIO(data)):
            if record.rec_type != "response":
                continue
            number += 1
            status = record.http_headers.get_statuscode() if record.http_headers else "200"
            kind = (record.http_headers and record.http_headers.get_header("Content-Type")) or ""
            if status != "200":
                others[f"HTTP status {status}"] += 1
                continue
            if "html" not in kind:
                others[kind.split(";")[0].strip() or "no content type"] += 1
                continue
            payload = record.content_stream().read()
            if getattr(record.raw_stream, "limit", 0) > 0:
                yield Problem(number, "the web archive is truncated within this page", "Download or copy it again")
                continue
            pages += 1
            charset = re.search(r"charset=[\"']?([\w.:-]+)", kind, re.I)
            try:
                page = extract_page(decode_text(payload, charset[1] if charset else declared_charset(payload)))
            except InputError as error:
                yield Problem(number, error.reason, error.advice)
                continue
            address = record.rec_headers.get_header("WARC-Target-URI")
            yield Record(number, page.text, {**({"url": address} if address else {}), **page.fields}, payload)
    except (ArchiveLoadFailed, EOFError, OSError, ValueError) as error:
        yield Problem(0, f"the web archive is broken or truncated after record {number} ({str(error)[:120]})",
                      "Download or copy it again")  # fmt: skip
    if others:
        kinds = ", ".join(f"{n} × {kind}" for kind, n in others.most_common(6))
        reason = f"{sum(others.values())} of {number} responses are no pages: {kinds}"
        yield Problem(0, reason, "Nothing to do, if that was expected")
    elif not pages:
        yield Problem(0, "the web archive holds no pages", "Leave it out")
