"""Web archives: each record by itself, whatever is wrong with another."""

import gzip
import io
import zlib

import pytest

from diplotext.io import read_inputs
from diplotext.io.decoding import MAX_BYTES

PAGE = (
    "<html><head><title>Story {0}</title></head><body><article><h1>Story {0}</h1><p>Foreign Minister Ilse Toran said "
    "on Monday that pass number {0} would be closed until the talks in Halsund had ended.</p><p>“We have asked three "
    "times for an answer,” she told reporters after a meeting of the cabinet, the {0}th this month.</p></article>"
    "</body></html>"
)


def page(n, extra="", head=""):
    return PAGE.format(n).replace("</article>", extra + "</article>").replace("</head>", head + "</head>").encode()


def record(body, address="https://w.example/{0}", n=0, kind="response", http=b"Content-Type: text/html\r\n", **fields):
    if kind == "response" and http is not None:
        body = b"HTTP/1.1 200 OK\r\n" + http + b"\r\n" + body
    lines = ["WARC/1.0", f"WARC-Type: {kind}", "Content-Type: text/html"]
    lines += [f"WARC-Target-URI: {address.format(n)}"] if address else []
    lines += [f"Content-Length: {fields.get('length', len(body))}"] if fields.get("length", 0) is not None else []
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body + b"\r\n\r\n"


def read(tmp_path, data, name="a.warc"):
    path = tmp_path / name
    path.write_bytes(data)
    articles, rejected = read_inputs(path)
    return [int(h.split()[1]) for h in articles["headline"]], rejected["reason"].tolist()


def packed(records):
    return b"".join(gzip.compress(r, mtime=0) for r in records)


THREE = [record(page(n), n=n) for n in (1, 2, 3)]


@pytest.mark.parametrize("pack", [b"".join, packed, lambda r: gzip.compress(b"".join(r))], ids=["plain", "each", "all"])
def test_all_ways_to_pack(tmp_path, pack):
    assert read(tmp_path, pack(THREE)) == ([1, 2, 3], [])


@pytest.mark.parametrize("pack", [b"".join, packed, lambda r: gzip.compress(b"".join(r))], ids=["plain", "each", "all"])
@pytest.mark.parametrize("cut", [20, 40])
def test_of_a_cut_archive_the_whole_pages_are_read(tmp_path, pack, cut):
    found, told = read(tmp_path, pack(THREE)[:-cut])
    assert found[:1] == [1]
    assert len(found) < 3
    assert len(told) == 1
    assert "truncated" in told[0]


BAD = {
    "no address": record(page(2), address=""),
    "an address that is none": record(page(2), address="http://[broken/{0}"),
    "a broken canonical link": record(page(2, head='<link rel="canonical" href="https://[w.example/2">'), n=2),
    "control characters": record(page(2, "<p><q>\x01It is \x0cover\x1f</q>, she said.&#1;</p>"), n=2),
    "a resource": record(page(2), kind="resource", n=2),
    "HTTP 2": record(page(2), n=2).replace(b"HTTP/1.1 200", b"HTTP/2.0 200"),
    "packed": record(zlib.compress(page(2)), http=b"Content-Type: text/html\r\nContent-Encoding: deflate\r\n", n=2),
}


@pytest.mark.parametrize("name", BAD)
def test_odd_pages_are_read(tmp_path, name):
    assert read(tmp_path, b"".join([THREE[0], BAD[name], THREE[2]])) == ([1, 2, 3], [])


BROKEN = {
    "no length": (record(page(2), length=None), "does not say how long"),
    "a length that is none": (record(page(2), length="many"), "does not say how long"),
    "no HTTP head": (record(b"", http=None), "cannot be read"),
    "no story": (record(b"<html><body></body></html>", n=2), "no story was found"),
    "no page": (record(b"\x89PNG", http=b"Content-Type: image/png\r\n"), "1 × image/png"),
    "rubbish between": (b"\x00\xff rubbish\r\n", None),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("pack", [b"".join, packed], ids=["plain", "each"])
def test_a_broken_record_costs_itself(tmp_path, name, pack):
    bad, reason = BROKEN[name]
    found, told = read(tmp_path, pack([THREE[0], bad, THREE[2]]))
    assert found == [1, 3]
    assert (told == []) if reason is None else (len(told) == 1 and reason in told[0])


def test_a_damaged_member_costs_itself(tmp_path):
    members = [gzip.compress(r, mtime=0) for r in THREE]
    members[1] = members[1][:60] + b"\xff" * 40 + members[1][100:]
    found, told = read(tmp_path, b"".join(members), "a.warc.gz")
    assert found == [1, 3]
    assert told
    assert all("truncated" in reason or "damaged" in reason for reason in told)


def test_a_page_that_unpacks_without_end_is_refused(tmp_path):
    stream = io.BytesIO()
    with gzip.GzipFile(fileobj=stream, mode="wb", mtime=0) as bomb:
        for _ in range(MAX_BYTES // 1_000_000 + 5):
            bomb.write(b"<p>" + b" " * 999_997)
    bad = record(stream.getvalue(), http=b"Content-Type: text/html\r\nContent-Encoding: gzip\r\n", n=2)
    found, told = read(tmp_path, packed([THREE[0], bad, THREE[2]]))
    assert found == [1, 3]
    assert len(told) == 1
    assert "unpacks to more than 20,000,000 bytes" in told[0]


def test_a_large_record_of_another_kind_is_passed_over(tmp_path):
    other = record(b"x" * 3_000_000, kind="metadata")
    assert read(tmp_path, b"".join([THREE[0], other, THREE[2]])) == ([1, 3], [])
