"""One file of articles, opened: a text, page or document is read whole, a table or archive row by row."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

from diplotext.io.decoding import (
    DOCUMENTS,
    MAX_BYTES,
    MAX_DOCUMENT,
    InputError,
    detect_format,
    refuse_binary,
    unpack,
    unpack_file,
    unpack_start,
)
from diplotext.io.files import Source
from diplotext.io.records import Problem, Record, describe_failure, read_document_records, read_table_records

_TABLES = ("jsonl", "csv", "parquet", "warc")
#: By so many bytes it is told what a file is.
_START = 1 << 20


def read_source(source: Source, format: str | None, text_column: str) -> Iterator[Record | Problem]:
    """Yield the records and problems of one file; whatever goes wrong becomes a problem, after what was read before."""
    try:
        if not source.named and source.path.exists() and not source.path.is_file():  # reading a pipe would never end
            raise InputError("it is a pipe, socket or device, not a file", "Leave it out")
        with source.path.open("rb") as file:
            data = file.read(_START)
            if not data:
                raise InputError("it is empty", "Leave it out")
            if data.startswith(b"PK"):  # what a document is stands at its end
                data += file.read(MAX_DOCUMENT)
            start = unpack_start(data) or unpack(data)
            kind = format or detect_format(start, source.path.name, named=source.named)
            if format is not None and format not in DOCUMENTS:
                refuse_binary(start)
            if kind in _TABLES:
                del data, start
                yield from _read_table(file, kind, text_column)
                return
            most = MAX_DOCUMENT if kind in DOCUMENTS else MAX_BYTES
            data += file.read(max(0, most + 1 - len(data)))
        if len(data) > most:
            raise InputError(
                f"it has more than {most:,} bytes, which no article has",
                "Split it into one article a file, or use JSON Lines",
            )
        data = unpack(data, most)
        yield from read_document_records(data, kind)
    except InputError as error:
        yield Problem(0, error.reason, error.advice)
    except Exception as error:  # one bad document never stops a run, whatever a parser makes of it
        yield Problem(0, *describe_failure(error))


def _read_table(file: BinaryIO, kind: str, text_column: str) -> Iterator[Record | Problem]:
    """Yield the records and problems of a file of many."""
    if kind == "warc":  # an archive unpacks itself, page by page
        file.seek(0)
        yield from read_table_records(file, kind, text_column)
        return
    with unpack_file(file) as (content, fault):
        if fault is not None and (kind == "parquet" or not _cut_last_line(content)):
            raise fault
        if fault is not None:
            yield Problem(0, f"{fault.reason}; its first rows are read", fault.advice)
        yield from read_table_records(content, kind, text_column)


def _cut_last_line(content: BinaryIO) -> bool:
    """Cut a line that is not ended off a file, and tell whether any is left."""
    at = content.seek(0, os.SEEK_END)
    while at:
        low = max(0, at - (1 << 16))
        content.seek(low)
        found = content.read(at - low).rfind(b"\n")
        if found >= 0:
            content.truncate(low + found + 1)
            content.seek(0)
            return True
        at = low
    return False
