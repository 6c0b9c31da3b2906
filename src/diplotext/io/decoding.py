"""Bytes to text: gzip, what kind of file it is, and its characters. Nothing is repaired here: see `clean`."""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import re
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO

#: The formats that are read, by the ending of a file's name.
ENDINGS = {
    ".txt": "text", ".text": "text", ".asc": "text", ".md": "markdown", ".markdown": "markdown", ".html": "html",
    ".htm": "html", ".xhtml": "html", ".shtml": "html", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl",
    ".csv": "csv", ".tsv": "csv", ".parquet": "parquet", ".pq": "parquet", ".warc": "warc", ".docx": "docx",
    ".rtf": "rtf", ".pdf": "pdf",
}  # fmt: skip
FORMATS = tuple(dict.fromkeys(ENDINGS.values()))

#: Those that a library of the extra ``archives`` reads.
DOCUMENTS = ("docx", "rtf", "pdf")
#: No single article has more bytes, or characters, than this; a file of many may.
MAX_BYTES = 20_000_000
MAX_CHARACTERS = 2_000_000
#: What a gzip file may unpack to, and what a document, which is held in memory: a guard against archive bombs.
MAX_UNPACKED = 4_000_000_000
MAX_DOCUMENT = 300_000_000
#: By so many bytes it is told whether a file is text.
_SAMPLE = 65536

_REFUSED = {".doc": "an old Word", ".odt": "an OpenDocument", ".epub": "an EPUB"}
_PACKED = (".zip", ".7z", ".rar", ".tar", ".tgz", ".bz2", ".xz", ".zst")
_SHEETS = (".xlsx", ".xls", ".ods")
_SAVE_AS = (
    "In Nexis or Factiva export DOCX, RTF, PDF or plain text; a file already downloaded can be opened in a word "
    "processor and saved as one of these"
)
_BINARY = "Leave it out, or convert it to plain text (UTF-8)"
#: Control characters that plain text does not hold (tab, line ends, form feed, end-of-file and escape may occur).
_CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 26, 27})
#: Possessive, and each comment up to its own end: comments can be parted in one way only.
_HTML_START = re.compile(
    rb"\s*+(?:<\?xml[^>]*+>\s*+)?+(?:<!--(?:(?!-->).){0,2000}+-->\s*+)*+"
    rb"<(?:!doctype\s+html|html|head|body|meta|title)\b",
    re.I | re.S,
)
_OPENED = re.compile(rb"<(?:html|body|div|article|p)\b[^<>]*>", re.I)
_CLOSED = re.compile(rb"</(?:p|div|h1|title)>", re.I)
_DECLARED = re.compile(
    rb"<meta\b[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]*encoding=[\"']([\w.:-]+)", re.I
)
#: Bytes that are not UTF-8, as `surrogateescape` marks them, to what they are in cp1252 (its five gaps to Latin-1).
_STRAY = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", "ignore") or bytes([byte]).decode("latin-1")
    for byte in range(0x80, 0x100)
}
_WIDE_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip


class InputError(Exception):
    """An input that cannot be read: why, and what the user can do."""

    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(f"{reason}. {advice}")
        self.reason = reason
        self.advice = advice


def unpack_start(data: bytes) -> bytes:
    """Return the first million bytes that gzip bytes unpack to, perhaps none; other bytes as they are."""
    if data[:2] != b"\x1f\x8b":
        return data
    with contextlib.suppress(zlib.error):
        return zlib.decompressobj(31).decompress(data, 1_000_000)
    return b""


@contextlib.contextmanager
def unpack_file(stream: BinaryIO) -> Iterator[tuple[BinaryIO, InputError | None]]:
    """Give the content of a gzip file, unpacked to the disk, and what is wrong with it; other files as they are.

    Of a damaged one it is what could be unpacked.
    """
    stream.seek(0)
    packed = stream.read(2) == b"\x1f\x8b"
    stream.seek(0)
    if not packed:
        yield stream, None
        return
    with tempfile.TemporaryFile() as content:
        fault = None
        try:
            with gzip.GzipFile(fileobj=stream) as pieces:
                while (piece := pieces.read1(1 << 20)) and content.tell() <= MAX_UNPACKED:
                    content.write(piece)
            if content.tell() > MAX_UNPACKED:
                fault = _too_large(MAX_UNPACKED)
        except (EOFError, OSError, zlib.error) as error:
            fault = _explain_gzip(error)
        content.seek(0)
        yield content, fault


def _explain_gzip(error: Exception) -> InputError:
    how = "truncated" if isinstance(error, EOFError) else f"broken ({error})"
    return InputError(f"the gzip file is {how}", "Download or copy it again")


def _too_large(most: int) -> InputError:
    return InputError(f"it unpacks to more than {most:,} bytes", "Split it into smaller files")


def unpack(data: bytes, most: int = MAX_DOCUMENT) -> bytes:
    """Return the content of gzip bytes, and other bytes as they are.

    Raises
    ------
    InputError
        If the gzip stream is cut short, broken, or unpacks to more bytes than `most`.
    """
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            content = stream.read(most + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise _explain_gzip(error) from error
    if len(content) > most:
        raise _too_large(most)
    return content


def detect_format(data: bytes, name: str, *, named: bool = True) -> str:
    """Return the format of a file, by its first bytes and its name's ending; one of `FORMATS`.

    A ``.txt`` file that holds HTML or JSON Lines is recognised as such. It does not look into the text otherwise.

    Parameters
    ----------
    data
        The unpacked content.
    name
        The file's name; ``.gz`` at its end does not count.
    named
        Whether the user named this very file. If not (it was found in a folder), a file of an unknown ending is not
        taken for plain text, because a corpus folder holds other things than articles.

    Raises
    ------
    InputError
        For archives and other binary files, and unknown endings found in a folder.
    """
    path = PurePath(name)
    ending = PurePath(path.stem).suffix.lower() if path.suffix.lower() == ".gz" else path.suffix.lower()
    content = _sniff_format(data)
    # Services and old word processors write HTML and RTF as .doc; a document is one whatever it is called.
    if content in DOCUMENTS or (content == "html" and ending in (*_REFUSED, *(f".{name}" for name in DOCUMENTS))):
        return str(content)
    refuse_binary(data, ending)
    format = ENDINGS.get(ending)
    if format in DOCUMENTS:
        raise InputError(f"it is called {ending} but is no such file", "Export or download it again")
    if format not in (None, "text"):
        return format
    if content is not None:
        return content
    if format is None and ending and not named:
        decode_text(data[:65536])
        raise InputError(
            f"the ending {ending!r} is none of those read",
            "Leave it out, or rename it (.txt .md .html .jsonl .csv .parquet .warc …) if it holds articles",
        )
    return "text"


def refuse_binary(data: bytes, ending: str = "") -> None:
    """Raise an `InputError` for files that hold no readable text, with what to export instead."""
    content = _sniff_format(data)
    if content in DOCUMENTS:
        raise InputError(f"it is a document ({content.upper()})", "Give it as an article, and without a format")
    old = data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    if kind := "an old Word or Excel" if old else _REFUSED.get(ending) if data else None:
        raise InputError(f"it is {kind} file, which is not read", _SAVE_AS)
    if ending in _SHEETS or (data[:4] == b"PK\x03\x04" and b"xl/workbook" in data):
        raise InputError("it is a spreadsheet file", "Save it as CSV (UTF-8) or Parquet, one article a row")
    if ending in _PACKED or data[:4] == b"PK\x03\x04":
        raise InputError("it is an archive", "Unpack it and pass the folder")


def _sniff_format(data: bytes) -> str | None:
    """Return the format that the content itself shows, or None for plain text."""
    if data[:4] == b"PAR1":
        return "parquet"
    if data[:5] == b"WARC/":
        return "warc"
    if data[:4] == b"PK\x03\x04":
        return "docx" if b"word/" in data else None
    if data[:8].removeprefix(codecs.BOM_UTF8)[:5] == b"{\\rtf":
        return "rtf"
    if b"%PDF-" in data[:1024]:
        return "pdf"
    head = data[:4096].removeprefix(codecs.BOM_UTF8)
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        head = data[:8192].decode("utf-16", "ignore").encode()
    if _HTML_START.match(head):
        return "html"
    start = head.lstrip()
    if start[:1] == b"<" and (opened := _OPENED.search(data[:65536])) and _CLOSED.search(data[:65536], opened.end()):
        return "html"
    if re.match(rb'\{\s*"[^"\n]{1,64}"\s*:|\[\s*\{\s*"', start):
        return "jsonl"
    return None


def declared_charset(data: bytes) -> str | None:
    """Return the character set that an HTML page or XML file names in its first bytes, or None."""
    found = _DECLARED.search(data[:8192])
    return (found[1] or found[2]).decode("ascii", "ignore").lower() if found else None


def decode_text(data: bytes, declared: str | None = None) -> str:
    r"""Decode bytes: by byte order mark, else as UTF-8, else as declared, else as cp1252.

    Nothing else is changed: line ends, white space and the byte order mark (``\ufeff``) stay. In a text that is mostly
    UTF-8 only the bytes that are not are read as cp1252, so that one stray byte spoils nothing.

    Parameters
    ----------
    data
        The bytes.
    declared
        A character set that the page or its HTTP header names; an unknown name is ignored.

    Raises
    ------
    InputError
        If the bytes are no text.
    """
    for mark, codec in _WIDE_BOMS:
        if data.startswith(mark):
            try:
                return data.decode(codec)
            except UnicodeDecodeError as error:
                raise InputError(f"it begins like {codec.upper()} but is broken or truncated", _BINARY) from error
    if b"\0" in data and (wide := _decode_wide(data)) is not None:
        return wide
    _refuse_controls(data[:_SAMPLE])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    # Pages that say Latin-1 mean cp1252 (as the HTML standard has it), and those that say UTF-8 are wrong by now.
    if declared and declared.replace("_", "-") not in ("utf-8", "utf8", "iso-8859-1", "latin-1", "us-ascii", "ascii"):
        try:
            return data.decode(declared)
        except (LookupError, UnicodeDecodeError):
            pass
    return data.decode("utf-8", "surrogateescape").translate(_STRAY)


def decode_lines(stream: BinaryIO, newline: str) -> Iterator[str]:
    """Yield the lines of a file, decoded as `decode_text` does and with their ends; `newline` as of `open`.

    Raises
    ------
    InputError
        If the bytes are no text.
    """
    stream.seek(0)
    start = stream.read(_SAMPLE)
    stream.seek(0)
    codec = next((codec for mark, codec in _WIDE_BOMS if start.startswith(mark)), None)
    if codec is None and b"\0" in start:
        codec = next(_find_wide(start), None)
    if codec is None:
        _refuse_controls(start)
    text = io.TextIOWrapper(stream, codec or "utf-8", "strict" if codec else "surrogateescape", newline)
    try:
        for line in text:
            yield line if line.isascii() else line.translate(_STRAY)
    except UnicodeDecodeError as error:
        raise InputError(f"it begins like {text.encoding.upper()} but is broken or truncated", _BINARY) from error
    finally:
        with contextlib.suppress(ValueError):  # closed by now
            text.detach()  # the file stays open


def _refuse_controls(sample: bytes) -> None:
    if len(sample) - len(sample.translate(None, _CONTROLS)) > len(sample) / 50:
        raise InputError("it is binary, not text", _BINARY)


def _decode_wide(data: bytes) -> str | None:
    """Decode UTF-16 without a byte order mark; None for others."""
    for codec in _find_wide(data):
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode(codec)
    return None


def _find_wide(data: bytes) -> Iterator[str]:
    """Yield how bytes may be UTF-16: Latin text has a zero in every other byte."""
    sample = data[:4096]
    for codec, zeros, others in (("utf-16-le", sample[1::2], sample[::2]), ("utf-16-be", sample[::2], sample[1::2])):
        if zeros.count(0) > 0.4 * len(zeros) and others.count(0) < 0.02 * len(others) + 1:
            yield codec
