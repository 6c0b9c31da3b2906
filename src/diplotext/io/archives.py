"""Web archives (WARC) to the pages in them: each record by itself, so that a damaged one costs no other."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from diplotext.io.decoding import MAX_BYTES, InputError

_LENGTH = re.compile(rb"^Content-Length:\s*(\d{1,18})\s*$", re.I | re.M)
_TYPE = re.compile(rb"^WARC-Type:\s*([\w-]+)", re.I | re.M)
_KIND = re.compile(rb"^Content-Type:\s*([^\r\n]+)", re.I | re.M)
_ADDRESS = re.compile(rb"^WARC-Target-URI:\s*<?([^\r\n>]*)", re.I | re.M)
_MEMBER = b"\x1f\x8b\x08"
#: A record's head has no longer line, and not more lines.
_LINE, _LINES = 65536, 1000
_AGAIN = "Download or copy it again"


class Answer(NamedTuple):
    """What a server answered: the address asked for (perhaps empty), HTTP status, content type, and the content."""

    address: str
    status: str
    kind: str
    content: bytes


def read_archive(archive: BinaryIO) -> Iterator[Answer | InputError]:
    """Yield the answers of a web archive in order, and in the place of one that cannot be read, why.

    The content is unpacked and put together as HTTP has it, for pages only: of an answer of another kind it is empty.

    Parameters
    ----------
    archive
        The file as it is: plain, one gzip member a record, or one gzip member in all.
    """
    plain = _Unpacked(archive)
    stream: BinaryIO = io.BufferedReader(plain, 1 << 16)
    cut = False
    while line := stream.readline(_LINE):
        if not line.startswith(b"WARC/"):  # the blank lines after a record, or what is left of a damaged one
            continue
        head = b""
        for _ in range(_LINES):
            line = stream.readline(_LINE)
            if not line.strip():
                break
            head += line
        told = _TYPE.search(head)
        length = _LENGTH.search(head)
        wanted = told is not None and told[1].lower() in (b"response", b"resource")
        if length is None:
            cut = not line
            if wanted or cut:
                yield InputError("the web archive is truncated in the head of this record" if cut else
                                 "the record does not say how long it is", _AGAIN)  # fmt: skip
            continue
        size = int(length[1])
        body = _read_at_most(stream, size, 2 * MAX_BYTES if wanted else 0)
        cut = body is None
        if cut:
            yield InputError("the web archive is truncated within this page", _AGAIN)
        elif wanted and size > 2 * MAX_BYTES:
            yield InputError(f"the record has {size:,} bytes; a page has at most {MAX_BYTES:,}", "Leave it out")
        elif wanted:
            yield _read_answer(head, body or b"", http=told is not None and told[1].lower() == b"response")
    if plain.fault and not cut:
        yield InputError(f"the web archive is {plain.fault}", _AGAIN)


def _read_at_most(stream: BinaryIO, size: int, most: int) -> bytes | None:
    """Read a record's body, passing over one that is larger than `most`; None where the archive ends before it does."""
    if size <= most:
        body = stream.read(size)
        return body if len(body) == size else None
    while size:
        piece = stream.read(min(size, 1 << 20))
        if not piece:
            return None
        size -= len(piece)
    return b""


def _read_answer(head: bytes, body: bytes, *, http: bool) -> Answer | InputError:
    from warcio.recordloader import ArcWarcRecord
    from warcio.statusandheaders import StatusAndHeadersParser

    found = _ADDRESS.search(head)
    address = found[1].decode("utf-8", "replace").strip() if found else ""
    if not http:  # a resource is the content alone
        told = _KIND.search(head)
        kind = told[1].decode("latin-1").strip() if told else ""
        return Answer(address, "200", kind, body if "html" in kind else b"")
    stream = io.BytesIO(body)
    try:
        headers = StatusAndHeadersParser(["HTTP/"], verify=False).parse(stream)
        status = headers.get_statuscode()
        kind = headers.get_header("Content-Type") or ""
        if status != "200" or "html" not in kind:
            return Answer(address, status, kind, b"")
        record = ArcWarcRecord("warc", "response", None, stream, headers, None, len(body))
        content = record.content_stream().read(MAX_BYTES + 1)
    except Exception as error:  # whatever a parser makes of a damaged answer
        return InputError(f"the answer cannot be read ({type(error).__name__}: {str(error)[:120]})", _AGAIN)
    if len(content) > MAX_BYTES:
        return InputError(f"the page unpacks to more than {MAX_BYTES:,} bytes", "Leave it out")
    return Answer(address, status, kind, content)


class _Unpacked(io.RawIOBase):
    """The archive's bytes, unpacked as they are read; `fault` says how it is damaged (empty while it is not).

    After a damaged gzip member reading goes on at the next one.
    """

    def __init__(self, archive: BinaryIO) -> None:
        self.archive = archive
        self.at = 0
        self.packed = self._cut(2) == b"\x1f\x8b"
        self.member: zlib._Decompress | None = None
        self.fault = ""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._unpack(len(buffer)) if self.packed else self._cut(len(buffer))
        if not self.packed:
            self.at += len(piece)
        buffer[: len(piece)] = piece
        return len(piece)

    def _cut(self, size: int) -> bytes:
        """Return bytes of the file from where reading has come to."""
        self.archive.seek(self.at)
        return self.archive.read(size)

    def _unpack(self, size: int) -> bytes:
        while True:
            if self.member is None:
                if not self._cut(1):
                    return b""
                self.member = zlib.decompressobj(31)
            window = self.member.unconsumed_tail or self._cut(1 << 16)
            fresh = not self.member.unconsumed_tail
            try:
                piece = self.member.decompress(window, size)
            except zlib.error:
                self._pass_over()
                continue
            self.at += len(window) * fresh
            if self.member.eof:
                self.at -= len(self.member.unused_data)
                self.member = None
            elif not window and not piece:
                self.fault, self.member = "truncated", None
            if piece:
                return piece

    def _pass_over(self) -> None:
        """Go on at the next member after a damaged one."""
        self.fault, self.member = "damaged", None
        self.at += 1
        while piece := self._cut(1 << 16):
            found = piece.find(_MEMBER)
            if found >= 0:
                self.at += found
                return
            self.at += len(piece) - (len(_MEMBER) - 1 if len(piece) == 1 << 16 else 0)  # one may lie across the end
