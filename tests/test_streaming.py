"""Many articles: tables in parts hold what whole tables hold, and a damaged folder of parts is none."""

import json
from functools import partial

import pandas as pd
import pytest

from diplotext import analyze, io, pipeline, read_table, schema
from diplotext.pipeline import OUTPUTS, run_stages, written

STORY = (
    "“We will close the pass if convoy {0} moves,” Marvanian Foreign Minister Ilse Toran said on Tuesday. "
    "“Nobody wants a war over a road,” President Daro Venn of Ostrel told reporters in week {0}.\n"
)


@pytest.fixture
def small_parts(monkeypatch):
    """Runs of more than three articles write parts of two."""
    monkeypatch.setattr(pipeline, "_CHUNK", 2)
    monkeypatch.setattr(written, "WHOLE", 3)
    monkeypatch.setattr(written, "PART", 2)


def test_parts_hold_what_whole_tables_hold(tmp_path, monkeypatch, request):
    inputs = tmp_path / "in"
    inputs.mkdir()
    for number in range(5):  # the last is a copy of the first, in another part
        (inputs / f"story{number}.txt").write_text(f"Report from the pass\n\n{STORY.format(number % 4)}", "utf-8")
    whole = analyze(inputs, tmp_path / "whole", progress=False)
    request.getfixturevalue("small_parts")
    parts = analyze(inputs, tmp_path / "parts", tables="csv", progress=False)
    assert len(list((tmp_path / "parts" / "quotes.parquet").glob("part-*.parquet"))) == 3
    for name in (*OUTPUTS[:-1], "utterances"):
        pd.testing.assert_frame_equal(getattr(parts, name), getattr(whole, name))
        pd.testing.assert_frame_equal(
            read_table(tmp_path / "parts" / f"{name}.csv", name), getattr(whole, name), check_dtype=False
        )
    findings = [read_table(tmp_path / out / "findings.parquet", "findings") for out in ("whole", "parts")]
    pd.testing.assert_frame_equal(*findings)
    assert parts.articles["duplicate_of"].iloc[4] == parts.articles["article_id"].iloc[0]
    report = (tmp_path / "parts" / "report.html").read_text("utf-8")
    assert "Findings count all 5 articles; statements and texts here are those of the first 2." in report
    analyze(inputs / "story0.txt", tmp_path / "parts", progress=False, load=False)  # files in the place of folders
    assert (tmp_path / "parts" / "quotes.parquet").is_file()


def test_own_columns_are_of_one_kind_in_all_parts(tmp_path, monkeypatch, small_parts):
    rows = [{"text": STORY.format(n) * 2, "score": n if n < 4 else "high", "page": n} for n in range(6)]
    (tmp_path / "news.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    monkeypatch.setattr(pipeline, "run_stages", lambda *given: run_stages(*given, last="split_sentences"))
    monkeypatch.setattr(io, "read_batches", partial(io.read_batches, most=2))
    found = analyze(tmp_path / "news.jsonl", tmp_path / "out", progress=False).articles
    assert found["score"].tolist() == ["0", "1", "2", "3", "high", "high"]
    assert found["page"].tolist() == list(range(6))


def test_a_folder_of_parts_is_read_by_its_manifest(tmp_path):
    rows = [{"quote_id": f"q{n}", "utterance_id": "q0", "printing": n + 1} for n in range(4)]
    frame = schema.build_table("utterances", rows)
    path = schema.write_parts([frame[:3], frame[3:]], tmp_path / "utterances.parquet")
    pd.testing.assert_frame_equal(read_table(path, "utterances"), frame)
    assert read_table(path, "utterances", ["printing", "quote_id"]).columns.tolist() == ["printing", "quote_id"]
    (path / "part-00001.parquet").unlink()
    with pytest.raises(schema.SchemaError, match=r"expected the 2 parts of its _manifest.json; got 1"):
        read_table(path, "utterances")
    (path / "_manifest.json").unlink()
    with pytest.raises(schema.SchemaError, match=r"expected a folder of parts with its _manifest.json"):
        read_table(path, "utterances")
