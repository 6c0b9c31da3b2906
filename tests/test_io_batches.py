"""Inputs are read some articles at a time: the same articles, and never a whole file at once."""

import gzip
import io
import json
import tracemalloc

import pandas as pd
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from diplotext.io import read_batches, read_inputs

WORDS = "Envoy Ilse Toran of Marvania said on Monday that pass number {} would stay closed until the talks had ended. "


def make_rows(number, length=1):
    return [
        {"text": WORDS.format(n) * length, "title": f"Pass {n}", "published": "2031-05-01" if n % 7 else "soon"}
        for n in range(number)
    ]


def write_jsonl(rows):
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def write_csv(rows):
    return pd.DataFrame(rows).to_csv(index=False).encode()


def write_parquet(rows):
    return pd.DataFrame(rows).to_parquet()


def write_warc(rows):
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True)
    for number, row in enumerate(rows):
        page = f"<html><head><title>{row['title']}</title></head><body><article><p>{row['text']}</p></article></body>"
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        address = f"https://paper.example/{number}"
        writer.write_record(
            writer.create_warc_record(address, "response", payload=io.BytesIO(page.encode()), http_headers=head)
        )
    return stream.getvalue()


WRITERS = {"jsonl": write_jsonl, "csv": write_csv, "parquet": write_parquet, "warc.gz": write_warc}


def read_all(path, most):
    batches = list(read_batches(path, most=most))
    frames = [articles for articles, _ in batches if len(articles)]
    assert all(len(frame) <= most for frame in frames)
    return len(batches), pd.concat(frames, ignore_index=True), pd.concat([r for _, r in batches], ignore_index=True)


@pytest.mark.parametrize("ending", WRITERS)
def test_batches_hold_what_is_read_at_once(ending, tmp_path):
    path = tmp_path / f"news.{ending}"
    path.write_bytes(WRITERS[ending](make_rows(23)))
    articles, rejected = read_inputs(path)
    assert len(articles) == 23
    for most in (1, 5, 100):
        number, found, refused = read_all(path, most)
        assert number == 23 // most + 1
        pd.testing.assert_frame_equal(found, articles)
        pd.testing.assert_frame_equal(refused, rejected)


@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet"])
def test_packed_tables_hold_what_the_others_hold(ending, tmp_path):
    data = WRITERS[ending](make_rows(9))
    (tmp_path / f"news.{ending}").write_bytes(data)
    (tmp_path / f"news.{ending}.gz").write_bytes(gzip.compress(data))
    plain, packed = (read_inputs(tmp_path / f"news.{ending}{end}")[0] for end in ("", ".gz"))
    assert packed["text"].tolist() == plain["text"].tolist()


def test_folders_and_files_of_many_are_read_in_order(tmp_path):
    for name in ("c.txt", "a.jsonl", "b.csv"):
        data = WORDS.format(name).encode() if name == "c.txt" else WRITERS[name[2:]](make_rows(4))
        (tmp_path / name).write_bytes(data)
    (tmp_path / "bad.txt").write_bytes(b"")
    articles, rejected = read_inputs(tmp_path)
    _, found, refused = read_all(tmp_path, 2)
    pd.testing.assert_frame_equal(found, articles)
    assert refused["source"].tolist() == rejected["source"].tolist()
    assert "(and 1 more)" in refused["reason"].iloc[-1]  # dates that cannot be read, of both files together


@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet"])
def test_a_file_of_many_is_never_held_whole(ending, tmp_path):
    path = tmp_path / f"news.{ending}"
    path.write_bytes(WRITERS[ending](make_rows(300, length=200)))
    whole = 300 * len(WORDS) * 200
    next(read_batches(path, most=10))  # what is loaded on first use
    tracemalloc.start()
    try:
        number = sum(len(articles) for articles, _ in read_batches(path, most=10))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert number == 300
    assert peak < whole / 2


@pytest.mark.parametrize("space", ["", "\n", " \n\n", "\r\n"])
@pytest.mark.parametrize("number", [1, 2])
def test_blank_lines_in_json_lines_change_no_article(space, number, tmp_path):
    (tmp_path / "plain.jsonl").write_bytes(write_jsonl(make_rows(number)).rstrip(b"\n"))
    (tmp_path / "spaced.jsonl").write_bytes(b"\n" + write_jsonl(make_rows(number)).rstrip(b"\n") + space.encode())
    plain, spaced = (read_inputs(tmp_path / f"{name}.jsonl")[0] for name in ("plain", "spaced"))
    assert spaced["text"].tolist() == plain["text"].tolist()
    assert len(plain) == number


def test_utf_16_tables_are_read_line_by_line(tmp_path):
    for ending in ("jsonl", "csv"):
        (tmp_path / f"wide.{ending}").write_bytes(WRITERS[ending](make_rows(3)).decode().encode("utf-16"))
        assert len(read_inputs(tmp_path / f"wide.{ending}")[0]) == 3
