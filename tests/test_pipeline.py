import json
import re
from pathlib import Path

import pandas as pd
import pytest

from diplotext import Dictionaries, analyze, load_articles, load_dictionaries, read_table, tabulate_findings
from diplotext.cli import main
from diplotext.pipeline import OUTPUTS, analyze_articles, run_stages

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"

STORY = (
    "“We will close the pass if the convoy moves,” Marvanian Foreign Minister Ilse Toran said on Tuesday. "
    "Toran added that the talks in the capital should go on. The government of Ostrel said it was ready for talks.\n\n"
    "“Nobody wants a war over a road,” President Daro Venn told reporters after the meeting with the envoys.\n"
)


@pytest.fixture
def folder(tmp_path):
    """Nineteen stories, which make two chunks, one empty file and one that is no text."""
    inputs = tmp_path / "in"
    inputs.mkdir()
    for i in range(19):
        (inputs / f"story{i:02d}.txt").write_text(f"Report number {i} from the pass\n\n{STORY}", "utf-8")
    (inputs / "empty.txt").write_bytes(b"")
    (inputs / "noise.txt").write_bytes(bytes(range(256)) * 40)
    return inputs


def same(first, second):
    for name in (*OUTPUTS[:-1], "utterances"):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(second, name))


def test_analyze_writes_what_it_promises(folder, tmp_path):
    out = tmp_path / "out"
    results = analyze(folder, out, tables="csv", progress=False)
    written = {path.name for path in out.iterdir()}
    assert written == {f"{n}.{e}" for n in OUTPUTS for e in ("parquet", "csv")} | {"report.html", "run.json"}
    findings = tabulate_findings(
        results.quotes, results.stances, articles=results.articles, utterances=results.utterances
    )
    for name, table in {**results._asdict(), "findings": findings}.items():
        for ending in ("parquet", "csv") if name in OUTPUTS else ():
            pd.testing.assert_frame_equal(
                read_table(out / f"{name}.{ending}", name), table, check_dtype=name != "findings"
            )
    record = json.loads((out / "run.json").read_text("utf-8"))
    assert {Path(row["source"]).name for row in record["rejected"]} == {"empty.txt", "noise.txt"}
    assert all(row["reason"] and row["advice"] for row in record["rejected"])
    assert record["rows"]["articles"] == 19


def test_every_quote_stands_at_its_raw_offsets(folder, tmp_path):
    results = analyze(folder, tmp_path / "out", progress=False)
    raw = results.articles.set_index("article_id")["raw_text"]
    spans = results.spans.merge(results.quotes[["quote_id", "article_id", "speaker_mention"]], on="quote_id")
    sources = spans[spans["role"] == "source"]
    assert len(sources) > 19
    for row in sources.itertuples():
        assert raw[row.article_id][row.raw_start : row.raw_end] in row.speaker_mention


def test_results_do_not_depend_on_partition_or_workers(folder, tmp_path):
    one = analyze(folder, tmp_path / "one", progress=False)
    two = analyze(folder, tmp_path / "two", workers=2, progress=False)
    same(one, two)
    articles = load_articles(folder / "story03.txt")
    alone = analyze_articles(articles).quotes.drop(columns=["article_id", "quote_id"])
    article = one.articles.loc[one.articles["source"].str.endswith("story03.txt"), "article_id"].iloc[0]
    among = one.quotes[one.quotes["article_id"] == article].drop(columns=["article_id", "quote_id"])
    pd.testing.assert_frame_equal(alone.reset_index(drop=True), among.reset_index(drop=True))


def test_results_do_not_depend_on_dask(folder, tmp_path):
    pytest.importorskip("distributed")
    same(
        analyze(folder, tmp_path / "one", progress=False),
        analyze(folder, tmp_path / "two", engine="dask", progress=False),
    )


def test_resume_takes_up_where_a_run_stopped(folder, tmp_path, monkeypatch):
    from diplotext import pipeline

    whole = analyze(folder, tmp_path / "whole", progress=False)
    calls = []

    def breaking(articles, own, seconds):
        calls.append(len(articles))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return run_stages(articles, own, seconds)

    monkeypatch.setattr(pipeline, "run_stages", breaking)
    with pytest.raises(KeyboardInterrupt):
        analyze(folder, tmp_path / "out", progress=False)
    resumed = analyze(folder, tmp_path / "out", resume=True, progress=False)
    assert calls == [16, 3, 3]
    same(whole, resumed)


def test_resume_into_nothing_simply_starts(folder, tmp_path):
    results = analyze(folder, tmp_path / "new" / "out", resume=True, progress=False)
    assert len(results.articles) == 19


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"engine": "spark"}, "engine: expected one of local, dask; got 'spark'"),
        ({"tables": "json"}, "tables: expected one of parquet, csv, xlsx; got 'json'"),
        ({"workers": 0}, "workers: expected 1 or more; got 0"),
        ({"dictionaries": Dictionaries(date="soon")}, "date: expected a date or YYYY-MM-DD; got 'soon'"),
        ({"dictionaries": Dictionaries(date="2022-1-1")}, "date: expected a date or YYYY-MM-DD; got '2022-1-1'"),
    ],
)
def test_wrong_arguments_are_named(folder, tmp_path, arguments, message):
    with pytest.raises(ValueError, match=message):
        analyze(folder, tmp_path / "out", progress=False, **arguments)


def test_command_line_summarises_and_reports_bad_inputs(folder, tmp_path, capsys):
    assert main(["analyze", str(folder), "--out", str(tmp_path / "out")]) == 0
    shown = capsys.readouterr()
    assert "19 articles" in shown.out
    assert "report.html" in shown.out
    assert "empty.txt" in shown.err
    assert "noise.txt" in shown.err


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["analyze", "nowhere-at-all", "--out", "OUT"], 1),
        (["analyze", "EMPTY", "--out", "OUT"], 1),
        (["analyze", "EMPTY", "--out", "OUT", "--engine", "spark"], 2),
        (["analyze", "EMPTY"], 2),
        (["evaluate", "speech", "--data", "EMPTY"], 2),
        (["evaluate", "attribution", "--data", "EMPTY"], 1),
        ([], 2),
    ],
)
def test_exit_status(arguments, status, tmp_path, capsys):
    (tmp_path / "EMPTY").mkdir()
    arguments = [str(tmp_path / a) if a in {"EMPTY", "OUT"} else a for a in arguments]
    try:
        got = main(arguments)
    except SystemExit as stop:
        got = stop.code
    assert got == status
    assert capsys.readouterr().err


def test_evaluate_prints_one_json_object(capsys):
    assert main(["evaluate", "speakers", "--data", str(DATA)]) == 0
    scores = json.loads(capsys.readouterr().out)
    assert set(scores["speaker"]) == {"estimate", "ci_low", "ci_high", "n"}


def test_sample_corpus_runs_the_whole_way(tmp_path):
    results = analyze(DATA / "articles", tmp_path / "out", progress=False, dictionaries=load_dictionaries(DATA))
    assert len(results.articles) == 60
    assert set(results.quotes["kind"]) == {"direct", "mixed", "indirect", "speech"}
    assert results.articles["duplicate_of"].notna().sum() == 6
    assert not json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["rejected"]


def test_train_names_what_is_missing(tmp_path, capsys):
    arguments = ["train", "attribution", "--data", str(DATA), "--base", str(tmp_path), "--out", str(tmp_path / "out")]
    assert main(arguments) == 2
    assert re.search(r"diplotext\[training\]|expected config.json", capsys.readouterr().err)
