"""Files of one or many articles, to records: text, what is known about it, and its raw bytes."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, BinaryIO, NamedTuple

from diplotext.io.archives import read_archive
from diplotext.io.decoding import DOCUMENTS, InputError, declared_charset, decode_lines, decode_text
from diplotext.io.delimited import read_delimited
from diplotext.io.documents import read_document
from diplotext.io.exports import split_export
from diplotext.io.fields import read_fields, split_head, suggest_column
from diplotext.schema import TABLES

_COLUMNS = TABLES["articles"].columns


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


def read_document_records(data: bytes, format: str) -> Iterator[Record | Problem]:
    """Yield the articles and problems of a text, page or document, of its unpacked bytes.

    Raises
    ------
    InputError
        If nothing of the file can be read.
    """
    if format in ("text", "markdown"):
        return _read_text(data)
    if format in DOCUMENTS:
        return _read_export(read_document(data, format), data)
    return iter((_read_page(data),))


def read_table_records(stream: BinaryIO, format: str, text_column: str) -> Iterator[Record | Problem]:
    """Yield the articles and problems of a file of many, which is read as they are asked for.

    Parameters
    ----------
    stream
        The unpacked file; of a web archive the file as it is.

    Raises
    ------
    InputError
        If nothing of the file can be read.
    """
    if format == "warc":
        return _read_warc(stream)
    if format == "jsonl":
        return pick_columns(_read_json(stream, text_column), text_column)
    return pick_columns(_read_csv(stream, text_column) if format == "csv" else _read_parquet(stream), text_column)


def _read_text(data: bytes) -> Iterator[Record | Problem]:
    text = decode_text(data)
    head = split_head(text)
    if head is None:
        yield from _read_export(text, data)
        return
    fields = read_fields(head.entries)
    if head.fault:
        used = f"only {', '.join(fields)} could be taken from it" if fields else "the text is kept without it"
        yield Problem(0, f"the YAML head is broken ({head.fault}); {used}", "Correct it, or give a metadata CSV")
    if not text[head.end :].strip():
        raise InputError("it has a head but no text", "Leave it out")
    yield Record(0, text, fields, data)


def _read_export(text: str, data: bytes) -> Iterator[Record | Problem]:
    """Yield the articles of a database's export, or the one that any other text is."""
    articles = split_export(text)
    if not articles:
        yield Record(0, text, {}, data)
    for number, article in enumerate(articles, 1):
        number = number if len(articles) > 1 else 0
        if article.text.strip():
            raw = article.raw.encode("utf-8", "surrogatepass")
            yield Record(number, article.text, read_fields(article.fields), raw)
        else:
            yield Problem(number, "no story was found in this part of the export", "Leave it out, or export it again")


def _read_page(data: bytes, charset: str | None = None, number: int = 0) -> Record | Problem:
    """Return the story of a page; whatever a parser makes of a page stays with that page."""
    from diplotext.io.pages import extract_page

    try:
        page = extract_page(decode_text(data, charset or declared_charset(data)))
    except InputError as error:
        return Problem(number, error.reason, error.advice)
    except Exception as error:
        return Problem(number, *describe_failure(error))
    return Record(number, page.text, page.fields, data)


def describe_failure(error: Exception) -> tuple[str, str]:
    """Return what to say of an input that a parser failed on, and what to do; a broken installation is no such fault.

    Raises
    ------
    ImportError
        If a library is missing or broken.
    """
    if isinstance(error, ImportError):
        raise error
    if isinstance(error, MemoryError):
        return "it is too large for the memory", "Split it into smaller files"
    if isinstance(error, OSError):
        return f"it cannot be read ({error.strerror or error})", "Check the file and its permissions"
    reason = f"it cannot be read ({type(error).__name__}: {str(error)[:200]})"
    return reason, "Check the file; if it looks sound, report this as a bug"


# --- tables: each reader yields (number, row, raw bytes or None) or a Problem; pick_columns makes records of rows.

_Row = tuple[int, Mapping[str, Any], bytes | None]


def pick_columns(rows: Iterator[_Row | Problem], text_column: str) -> Iterator[Record | Problem]:
    """Yield the records of a table's rows.

    Raises
    ------
    InputError
        If no row has the text column.
    """
    lacking: list[int] = []
    columns: dict[str, None] = {}
    n = 0
    for item in rows:
        if isinstance(item, Problem):
            yield item
            continue
        number, row, raw = item
        n += 1
        nested = text_column not in row
        if nested:
            row = _flatten(row)
        if text_column not in row:
            lacking.append(number)
            columns.update(dict.fromkeys(str(name) for name, value in row.items() if not isinstance(value, Mapping)))
            continue
        try:
            record = _make_record(number, row, raw, text_column)
        except InputError as error:
            yield Problem(number, error.reason, error.advice)
        except Exception as error:  # whatever somebody's row holds
            yield Problem(number, *describe_failure(error))
        else:
            if nested:  # the parts of a record within the record have columns of their own
                inner = {k for k, v in row.items() if isinstance(v, Mapping) and k not in _COLUMNS}
                record = record._replace(fields={k: v for k, v in record.fields.items() if k not in inner})
            yield record
    if lacking and len(lacking) == n:
        raise _no_column(text_column, columns)
    for number in lacking:
        yield Problem(number, f"it has no {text_column!r}", "Complete the record or leave it out")


def _make_record(number: int, row: Mapping[str, Any], raw: bytes | None, text_column: str) -> Record:
    value = row[text_column]
    if value is None or value != value:
        value = ""
    if isinstance(value, bytes):
        value = decode_text(value)
    if not isinstance(value, str):
        raise InputError(
            f"text_column: expected text in {text_column!r}; got {type(value).__name__}",
            "Name the column that holds the article's text",
        )
    fields = read_fields({k: v for k, v in row.items() if k != text_column})
    return Record(number, value, fields, value.encode("utf-8", "surrogatepass") if raw is None else raw)


def _no_column(text_column: str, columns: Iterable[str]) -> InputError:
    return InputError(
        f"text_column: expected a column {text_column!r}; {suggest_column(text_column, columns)}",
        "Pass text_column=... (on the command line --text-column)",
    )


def _read_json(stream: BinaryIO, text_column: str) -> Iterator[_Row | Problem]:
    lines = decode_lines(stream, "\n")
    before, first = _read_to_first(lines)
    first = first if before else first.removeprefix("\ufeff")
    after, second = _read_to_first(lines)
    begin = first.removesuffix("\n").lstrip()
    alone = not second and begin == begin.rstrip()
    if begin[:1] == "[" or alone or not _is_json(begin):  # no record a line
        text = "".join(chain([first], after, [second], lines))
        for number, row in enumerate(_read_values(text, text_column), 1):
            if isinstance(row, Problem):
                yield row._replace(number=number)
            elif isinstance(row, dict):
                yield number, row, json.dumps(row, sort_keys=True).encode()
            else:
                yield Problem(number, f"expected a JSON object; got {type(row).__name__}", "Write one object a record")
        return
    for number, line in enumerate(chain(before, [first], after, [second], lines), 1):
        if not line.strip():
            continue
        line = line.removesuffix("\n")
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError(f"expected an object, got {type(row).__name__}")
        except (ValueError, RecursionError) as error:
            yield Problem(number, f"line {number} is not valid JSON ({error})", "Correct or remove this line")
        else:
            yield number, row, line.encode("utf-8", "surrogatepass")


def _read_to_first(lines: Iterator[str]) -> tuple[list[str], str]:
    """Return the blank lines that come next, and the first other one, empty at the end."""
    blank: list[str] = []
    for line in lines:
        if line.strip("\ufeff \t\r\n"):
            return blank, line
        blank.append(line)
    return blank, ""


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text.rstrip("\r").endswith("}")  # a broken line among others
    return True


def _read_values(text: str, text_column: str) -> list[Any]:
    """Return the members of an array, or the values that stand one after the other in a text, up to a broken one.

    Of one object without a text that wraps a list of objects (``{"articles": [...]}``) that list is meant.
    """
    values: list[Any] = []
    decoder = json.JSONDecoder()
    at = re.compile(r"[\s,\[\]]*")
    end = at.match(text).end()  # type: ignore[union-attr]
    while end < len(text):
        try:
            value, end = decoder.raw_decode(text, end)
        except (ValueError, RecursionError) as error:
            fault = InputError(f"the JSON is broken or truncated ({error})", "Write one record a line")
            if not values:
                raise fault from error
            return [*values, Problem(0, fault.reason, fault.advice)]
        values.append(value)
        end = at.match(text, end).end()  # type: ignore[union-attr]
    if len(values) == 1 and isinstance(values[0], dict) and text_column not in _flatten(values[0]):
        wrapped = [v for v in values[0].values() if isinstance(v, list) and v and all(isinstance(i, dict) for i in v)]
        return wrapped[0] if len(wrapped) == 1 else values
    return values


def _flatten(row: Mapping[str, Any], prefix: str = "", depth: int = 0) -> dict[str, Any]:
    """Return a nested record with names such as ``article.body``."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        flat[f"{prefix}{name}"] = value
        if isinstance(value, Mapping) and depth < 4:
            flat |= _flatten(value, f"{prefix}{name}.", depth + 1)
    return flat


def _read_csv(stream: BinaryIO, text_column: str) -> Iterator[_Row | Problem]:
    names, rows = read_delimited(lambda: decode_lines(stream, ""))
    if text_column not in names:
        raise _no_column(text_column, names)
    for number, row in rows:
        if isinstance(row, str):
            yield Problem(number, row, "Quote fields that hold separators, with quote marks doubled inside them")
        else:
            yield number, row, None


def _read_parquet(stream: BinaryIO) -> Iterator[_Row | Problem]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(stream)
        number = 0
        for batch in file.iter_batches(batch_size=64):
            for row in batch.to_pylist():
                number += 1
                yield number, row, None
        if number == 0:
            raise InputError("it is empty", "Leave it out")
    except (pa.ArrowException, OSError, ValueError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"the Parquet file is broken or truncated ({first[:120]})", "Write it again") from error


# --- web archives


def _read_warc(stream: BinaryIO) -> Iterator[Record | Problem]:
    others: Counter[str] = Counter()
    number = 0
    for number, answer in enumerate(read_archive(stream), 1):
        if isinstance(answer, InputError):
            yield Problem(number, answer.reason, answer.advice)
        elif answer.status != "200":
            others[f"HTTP status {answer.status}"] += 1
        elif "html" not in answer.kind:
            others[answer.kind.split(";")[0].strip() or "no content type"] += 1
        else:
            charset = re.search(r"charset=[\"']?([\w.:-]+)", answer.kind, re.I)
            item = _read_page(answer.content, charset[1] if charset else None, number)
            if isinstance(item, Record) and answer.address:
                item.fields.setdefault("url", answer.address)
            yield item
    if others:
        kinds = ", ".join(f"{n} × {kind}" for kind, n in others.most_common(6))
        reason = f"{sum(others.values())} of {number} responses are no pages: {kinds}"
        yield Problem(0, reason, "Nothing to do, if that was expected")
    elif not number:
        yield Problem(0, "the web archive holds no pages", "Leave it out")
