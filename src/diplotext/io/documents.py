"""Word, RTF and PDF files to text, by libraries that come with the extra ``archives``."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from diplotext.io.decoding import MAX_DOCUMENT, InputError, decode_text

_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)]*$")
_AGAIN = "Export or save it again, or as plain text"


def read_document(data: bytes, format: str) -> str:
    """Return the text of a document, paragraphs parted by a blank line; the cells of a table by tabs.

    It reads no pictures, headers, footers, notes or comments, and undoes no hyphens. Where the paragraphs of a PDF end
    is told by short lines that end a sentence.

    Parameters
    ----------
    data
        The file's bytes.
    format
        ``docx``, ``rtf`` or ``pdf``.

    Raises
    ------
    InputError
        If the library is not installed, or the document is broken, locked or without text.
    """
    try:
        text = {"docx": _read_docx, "rtf": _read_rtf, "pdf": _read_pdf}[format](data)
    except InputError:
        raise
    except ModuleNotFoundError as error:
        raise InputError(
            f"it is a {format.upper()} file, and {error.name} is not installed",
            "Run: pip install 'diplotext[archives]'; or export it as plain text",
        ) from error
    except Exception as error:  # whatever a parser makes of a broken file
        reason = f"the {format.upper()} file is broken ({type(error).__name__}: {str(error)[:120]})"
        raise InputError(reason, _AGAIN) from error
    if not text.strip():
        what = ": it may be a scan" if format == "pdf" else ""
        advice = "Export it as text, or run text recognition first"
        raise InputError(f"the {format.upper()} file holds no text{what}", advice)
    return text


def _read_docx(data: bytes) -> str:
    import docx

    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        size = sum(part.file_size for part in packed.infolist())
    if size > MAX_DOCUMENT:
        raise InputError(f"it unpacks to {size:,} bytes", "Split it into smaller files")
    return _join(list(_walk_docx(docx.Document(io.BytesIO(data)))))


def _walk_docx(part: Any) -> Iterator[str]:
    """Yield the paragraphs of a document or a cell, and the rows of its tables."""
    for block in part.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                cells = {id(cell._tc): cell for cell in row.cells}  # a merged cell is there several times
                yield "\t".join("\n\n".join(_walk_docx(cell)) for cell in cells.values())
        else:
            yield block.text


def _read_rtf(data: bytes) -> str:
    from striprtf.striprtf import rtf_to_text

    text = rtf_to_text(decode_text(data).lstrip("\ufeff"), errors="replace")
    lines = [line.rstrip(" |").replace("|", "\t") if line.count("|") else line for line in text.splitlines()]
    return _join(lines)


def _join(paragraphs: list[str]) -> str:
    """Join paragraphs by blank lines; by line ends where they are lines of a typed page, with blank ones between."""
    followed = [one for one, after in itertools.pairwise(paragraphs) if one.strip() and after.strip()]
    cut = sum(_SENTENCE_END.search(line.rstrip()) is None for line in followed)
    typed = max(map(len, paragraphs), default=0) <= 120 and len(followed) > 2 and cut > 0.6 * len(followed)
    typed = typed and not all(map(str.strip, paragraphs))
    return re.sub(r"\n{3,}", "\n\n", ("\n" if typed else "\n\n").join(paragraphs))


def _read_pdf(data: bytes) -> str:
    import logging

    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it repairs in a file need not be told
    reader = pypdf.PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise InputError("the PDF file is locked with a password", "Unlock it, or export plain text")
    pages = [page.extract_text() for page in reader.pages]
    return "\f".join(_part_paragraphs(page) for page in pages)


def _part_paragraphs(page: str) -> str:
    """Put a blank line after each line of a page that ends a sentence and is shorter than most."""
    lines = [line.rstrip() for line in page.splitlines()]
    lengths = sorted(len(line) for line in lines if line)
    usual = lengths[len(lengths) * 3 // 4] if lengths else 0
    parted = []
    for line in lines:
        parted.append(line)
        if line and len(line) < 0.85 * usual and _SENTENCE_END.search(line):
            parted.append("")
    return "\n".join(parted)
