"""What a run promises: one bad article costs itself, results are whole or absent, resume never mixes."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from threadpoolctl import threadpool_info, threadpool_limits

from diplotext import analyze, analyze_articles, load_articles, pipeline, read_table, schema
from diplotext.cli import main
from diplotext.pipeline import OUTPUTS, run_stages, workers
from diplotext.pipeline.limits import TimeUp, limit_time
from diplotext.pipeline.parts import Parts

STORY = (
    "“We will close the pass if the convoy moves,” Marvanian Foreign Minister Ilse Toran said on Tuesday. "
    "Toran added that the talks in the capital should go on.\n\n"
    "“Nobody wants a war over a road,” President Daro Venn told reporters.\n"
)
BAD = "story2.txt"
#: each stage with its room and the tables that an article which it fails on is in.
STAGES = {
    "clean_articles": ("clean", ()),
    "split_sentences": ("structure", ("articles", "edits")),
    "attribute_quotes": ("quotes", ("articles", "edits", "sentences")),
    "resolve_speakers": ("actors", ("articles", "edits", "sentences")),
    "score_stances": ("stance", ("articles", "edits", "sentences", "quotes", "spans", "utterances")),
    "extract_conditions": ("stance", ("articles", "edits", "sentences", "quotes", "spans", "utterances", "stances")),
}
#: what a stage does to an article that says so: put into every process that Python starts.
HARM = """
import functools, importlib, os, re, signal, time

def harm(articles):
    if not articles["raw_text"].str.contains("POISON").any():
        return
    what = os.environ["HARM"]
    if what == "raise":
        raise IndexError("beyond the statement")
    if what == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "loop":
        while True:
            pass
    if what == "match":
        re.match(r"(a|aa)+$", "a" * 60 + "b")
    if what == "deaf":
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
        time.sleep(600)

def wrap(room, name):
    module = importlib.import_module(f"diplotext.{room}")
    stage = getattr(module, name)

    @functools.wraps(stage)
    def harmed(*tables, **options):
        harm(next(t for t in tables if "raw_text" in t))
        return stage(*tables, **options)

    return module, name, harmed

if os.environ.get("STAGE"):
    setattr(*wrap(*os.environ["STAGE"].split()))
"""


@pytest.fixture
def stories(tmp_path):
    """Five stories, the third of which can be harmed."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(5):
        poison = "A bottle of POISON stood there. " if number == 2 else ""
        (folder / f"story{number}.txt").write_text(f"Report {number} from the pass\n\n{poison}{STORY}", "utf-8")
    return folder


@pytest.fixture
def harmed(tmp_path, monkeypatch):
    """A function that makes a stage do harm, here and in every process started from here."""

    def harm(stage, what):
        site = tmp_path / "site"
        site.mkdir()
        (site / "sitecustomize.py").write_text(HARM, "utf-8")
        room = STAGES[stage][0]
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(site), *sys.path]))
        monkeypatch.setenv("HARM", what)
        monkeypatch.setenv("STAGE", f"{room} {stage}")
        names = {}
        monkeypatch.delenv("STAGE")  # the module is read here without harm
        exec(HARM, names)
        monkeypatch.setenv("STAGE", f"{room} {stage}")
        monkeypatch.setattr(*names["wrap"](room, stage))

    return harm


def check_failure(out, stage, reason, others):
    """Check that one article alone is left out from a stage on, and that the rest is as in the others' tables."""
    failed = json.loads((out / "run.json").read_text("utf-8"))["failed"]
    assert [(Path(f["source"]).name, f["stage"]) for f in failed] == [(BAD, stage)]
    assert re.search(reason, failed[0]["reason"])
    bad = failed[0]["article_id"]
    found = {name: read_table(out / f"{name}.parquet", name) for name in OUTPUTS if name != "findings"}
    ids = found["quotes"].set_index("quote_id")["article_id"]
    for name, table in found.items():
        owner = table["article_id"] if "article_id" in table else table["quote_id"].map(ids)
        assert owner.notna().all(), name
        known = STAGES[stage][1] if stage in STAGES else ()
        if name not in ("edits", "conditions"):  # which an article need not have
            assert (bad in set(owner)) == (name in known), name
        wanted = others[name]
        if name == "utterances":
            continue
        owners = wanted["article_id"] if "article_id" in wanted else wanted["quote_id"].map(
            others["quotes"].set_index("quote_id")["article_id"]
        )  # fmt: skip
        columns = [c for c in wanted if c not in ("source", "duplicate_of", "suspect_paraphrase")]
        pd.testing.assert_frame_equal(
            table.loc[owner != bad, columns].reset_index(drop=True),
            wanted.loc[owners != bad, columns].reset_index(drop=True),
        )


@pytest.fixture(scope="module")
def unharmed(tmp_path_factory):
    """The tables of the five stories where nothing goes wrong."""
    folder = tmp_path_factory.mktemp("unharmed") / "in"
    folder.mkdir()
    for number in range(5):
        poison = "A bottle of POISON stood there. " if number == 2 else ""
        (folder / f"story{number}.txt").write_text(f"Report {number} from the pass\n\n{poison}{STORY}", "utf-8")
    return analyze(folder, folder.parent / "out", progress=False)._asdict()


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_that_raises_costs_the_article_alone(stories, harmed, unharmed, stage, tmp_path, capsys):
    harmed(stage, "raise")
    assert main(["analyze", str(stories), "--out", str(tmp_path / "out")]) == 0
    shown = capsys.readouterr()
    assert f"1 failed: 1 in {stage}" in shown.out
    assert re.search(rf"{BAD}: {stage} failed: IndexError: beyond the statement \(<string>:\d+\)", shown.err)
    check_failure(tmp_path / "out", stage, "beyond the statement", unharmed)


def test_an_article_that_fails_is_named_where_stages_are_scored(stories, harmed, capsys):
    harmed("score_stances", "raise")
    made = pipeline.make_tables(load_articles(stories), schema.Dictionaries())
    assert len(made["articles"]) == 5
    assert f"{BAD}: score_stances failed: IndexError" in capsys.readouterr().err


def test_an_article_that_fails_is_a_warning_in_a_notebook(stories, harmed):
    harmed("score_stances", "raise")
    with pytest.warns(UserWarning, match=rf"{BAD}: score_stances failed: IndexError: beyond the statement"):
        analysis = analyze_articles(load_articles(stories))
    assert (len(analysis.articles), analysis.quotes["article_id"].nunique()) == (5, 5)
    assert analysis.stances["quote_id"].nunique() < len(analysis.quotes)


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("raise", "beyond the statement"),
        ("kill", "the worker process that had it was ended by signal 9"),
        pytest.param("loop", r"it takes more than 3 seconds \(--seconds-per-article\)", marks=pytest.mark.long),
        pytest.param("deaf", "it takes more than 3 seconds", marks=pytest.mark.long),
    ],
)
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no signals of that kind")
def test_a_worker_loses_one_article(stories, harmed, unharmed, what, reason, tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "_CHUNK", 3)
    monkeypatch.setattr(workers, "_GRACE", 8.0)
    harmed("score_stances", what)
    analyze(stories, tmp_path / "out", workers=2, seconds_per_article=3, progress=False)
    if what in ("kill", "deaf"):  # with it goes all that it had made of the article
        failed = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["failed"]
        assert [(Path(f["source"]).name, f["stage"]) for f in failed] == [(BAD, "score_stances")]
        assert re.search(reason, failed[0]["reason"])
        articles = read_table(tmp_path / "out" / "articles.parquet", "articles")
        assert len(articles) == 4
    else:
        check_failure(tmp_path / "out", "score_stances", reason, unharmed)


def count_threads():
    return {pool["filepath"]: pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def test_stages_run_with_one_thread_of_numpys_and_put_the_others_back(stories, monkeypatch):
    seen = []
    stage = pipeline.stages._STAGES["split_sentences"]

    def look(given, own):
        seen.extend(count_threads().values())
        return stage.run(given, own)

    monkeypatch.setitem(pipeline.stages._STAGES, "split_sentences", stage._replace(run=look))
    with threadpool_limits(3, user_api="blas"):
        before = count_threads()
        analyze_articles(load_articles(stories / BAD))
        assert before.items() <= count_threads().items()  # others may have been loaded meanwhile
    assert set(seen) == {1}


@pytest.mark.parametrize(("number", "threads"), [(2, 4), (3, 2), (8, 1), (20, 1)])
def test_workers_share_the_cores(number, threads, monkeypatch):
    given = []
    monkeypatch.setattr(workers, "_count_cores", lambda: 8)
    monkeypatch.setattr(workers, "_Worker", lambda own, seconds, threads: given.append(threads) or object())
    processes = workers._Processes(schema.Dictionaries(), number, 1.0)
    for _ in range(number):
        processes._take()
    assert given == [threads] * number


@pytest.mark.parametrize(
    ("what", "reason"),
    [("raise", "beyond the statement"), pytest.param("kill", "workers died of it", marks=pytest.mark.long)],
)
def test_dask_loses_one_article(stories, harmed, unharmed, what, reason, tmp_path, monkeypatch):
    dask = pytest.importorskip("dask")
    pytest.importorskip("distributed")
    monkeypatch.setattr(pipeline, "_CHUNK", 3)
    harmed("score_stances", what)
    with dask.config.set({"distributed.scheduler.allowed-failures": 0}):  # else each is tried four times
        analyze(stories, tmp_path / "out", engine="dask", progress=False)
    if what == "raise":
        check_failure(tmp_path / "out", "score_stances", reason, unharmed)
    else:
        failed = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["failed"]
        assert [Path(f["source"]).name for f in failed] == [BAD]
        assert re.search(reason, failed[0]["reason"])


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no signals of that kind")
def test_a_worker_that_is_killed_once_costs_nothing(stories, unharmed, tmp_path, monkeypatch):
    from diplotext.pipeline.workers import _Worker

    monkeypatch.setattr(pipeline, "_CHUNK", 2)
    started = []
    begin = _Worker.__init__

    def kill_first(worker, *arguments):
        begin(worker, *arguments)
        started.append(worker)
        if len(started) == 1:
            threading.Timer(1.0, worker.end).start()

    monkeypatch.setattr(_Worker, "__init__", kill_first)
    found = analyze(stories, tmp_path / "out", workers=2, progress=False)._asdict()
    assert len(started) >= 3
    assert not json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["failed"]
    for name in ("articles", "quotes", "spans", "stances", "utterances"):
        kept = [column for column in unharmed[name] if column != "source"]
        pd.testing.assert_frame_equal(found[name][kept], unharmed[name][kept])


@pytest.mark.parametrize("what", ["loop", "match"])
def test_an_article_that_takes_too_long_is_left_out(stories, harmed, unharmed, what, tmp_path):
    if not hasattr(signal, "setitimer") and what == "match":
        pytest.skip("this system has no signals that end a regular expression")
    harmed("attribute_quotes", what)
    analyze(stories, tmp_path / "out", seconds_per_article=2, progress=False)
    check_failure(tmp_path / "out", "attribute_quotes", "it takes more than 2 seconds", unharmed)


def test_time_is_up_in_other_threads_too():
    found = []

    def work():
        try:
            with limit_time(0.1):
                while True:
                    time.sleep(0.001)
        except TimeUp:
            found.append("up")
        with limit_time(5):
            found.append("done")
        time.sleep(0.05)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == ["up", "done"]


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no signals of that kind")
def test_a_limit_leaves_signals_as_they_were():
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(TimeUp), limit_time(0.05), suppress(Exception):  # what swallows exceptions does not swallow it
        time.sleep(5)
    with limit_time(5):
        pass
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    signal.setitimer(signal.ITIMER_REAL, 1000, 7)
    with limit_time(5):
        pass
    left, every = signal.setitimer(signal.ITIMER_REAL, 0)
    assert (round(left, -2), every) == (1000, 7)


def test_a_panic_of_a_library_is_one_articles_too(stories, monkeypatch):
    from diplotext import quotes

    attribute = quotes.attribute_quotes

    class Panic(BaseException):
        pass

    def panic(articles, edits):
        if articles["raw_text"].str.contains("POISON").any():
            raise Panic("index out of bounds")
        return attribute(articles, edits)

    monkeypatch.setattr(quotes, "attribute_quotes", panic)
    outcome = run_stages(load_articles(stories), schema.Dictionaries())
    assert [(f.stage, f.reason.partition(" (")[0]) for f in outcome.failures] == [
        ("attribute_quotes", "Panic: index out of bounds")
    ]


def test_a_run_where_every_article_fails_still_writes_every_table(stories, monkeypatch, tmp_path):
    from diplotext import clean

    def fail(articles):
        raise RuntimeError("no")

    monkeypatch.setattr(clean, "clean_articles", fail)
    results = analyze(stories, tmp_path / "out", progress=False)
    assert len(json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["failed"]) == 5
    assert len(results.articles) == len(results.stances) == 0
    assert len(read_table(tmp_path / "out" / "quotes.parquet", "quotes")) == 0


def test_long_articles_are_refused_alone(stories, tmp_path, capsys):
    (stories / "story2.txt").write_text(STORY * 20, "utf-8")
    assert main(["analyze", str(stories), "--out", str(tmp_path / "out"), "--max-characters", "2000"]) == 0
    shown = capsys.readouterr()
    assert "4 articles" in shown.out
    assert "1 failed: 1 in load_articles" in shown.out
    assert re.search(rf"{BAD}: load_articles failed: it has [\d,]+ characters, of at most 2,000", shown.err)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"max_characters": 0}, "max_characters: expected 1 to 2,000,000; got 0"),
        ({"max_characters": 3_000_000}, "max_characters: expected 1 to 2,000,000; got 3000000"),
        ({"seconds_per_article": 0}, "seconds_per_article: expected a number above 0; got 0"),
        ({"seconds_per_article": float("nan")}, "seconds_per_article: expected a number above 0; got nan"),
    ],
)
def test_wrong_limits_are_named(stories, tmp_path, arguments, message):
    with pytest.raises(ValueError, match=message):
        analyze(stories, tmp_path / "out", **arguments)


def test_a_second_run_into_a_folder_refuses(stories, tmp_path, capsys):
    out = tmp_path / "out"
    with schema.hold_folder(out):
        assert main(["analyze", str(stories), "--out", str(out)]) == 2
    assert f"out: expected a folder that no other run writes into; got '{out}'" in capsys.readouterr().err
    assert not out.exists()  # nothing was left in it
    with schema.hold_folder(out):
        pass


#: writes generation 2 over generation 1 in every way that it can be cut short, and tells what is left of each.
CUT = """
import os, sys
from pathlib import Path
from diplotext.schema.folders import hold_folder, replace_files, settle_folder

NAMES = ("articles.parquet", "quotes.parquet", "report.html", "run.json")
EVENTS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree"}

def write(out, generation, names):
    with hold_folder(out), replace_files(out, ["old.csv"]) as new:
        for name in names:
            (new / name).write_text(generation)

def read(out):
    return {p.name: p.read_text() for p in out.iterdir() if p.is_file()}

for cut in range(1, 1000):
    out = Path(sys.argv[1]) / str(cut)
    write(out, "1", [*NAMES, "old.csv"])
    child = os.fork()
    if not child:
        count = 0
        def hook(event, details):
            global count
            if event in EVENTS:
                count += 1
                if count == cut:
                    os._exit(9)
        sys.addaudithook(hook)
        write(out, "2", NAMES)
        os._exit(0)
    whole = os.waitpid(child, 0)[1] == 0
    left = read(out)
    assert len(set(left.values())) <= 1, (cut, left)
    assert "run.json" not in left or left["run.json"] == "1" or set(left) == set(NAMES), (cut, left)
    settle_folder(out)
    found = read(out)
    wanted = ({n: "1" for n in (*NAMES, "old.csv")}, {n: "2" for n in NAMES})
    assert found in wanted, (cut, found)
    assert not whole or found == wanted[1]
    with hold_folder(out):
        pass
    assert set(p.name for p in out.iterdir()) == set(found), (cut, list(out.iterdir()))
    if whole:
        print(cut)
        break
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_kill_at_any_write_leaves_the_older_or_the_newer(tmp_path):
    shown = subprocess.run([sys.executable, "-c", CUT, str(tmp_path)], capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stderr
    assert int(shown.stdout) > 20


def test_results_that_cannot_be_written_leave_the_older_ones(stories, tmp_path, monkeypatch, capsys):
    from diplotext import report

    out = tmp_path / "out"
    analyze(stories, out, tables="csv", progress=False)
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def full(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(report, "write_report", full)
    (stories / "story0.txt").unlink()
    assert main(["analyze", str(stories), "--out", str(out)]) == 2
    assert "No space left on device. Make room; the same command with --resume goes on" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()} == before
    monkeypatch.undo()
    analyze(stories, out, resume=True, progress=False)
    left = {path.name for path in out.iterdir()}
    assert left == {f"{name}.parquet" for name in OUTPUTS} | {"report.html", "run.json"}  # no CSV of the older run


def test_nothing_read_leaves_older_results_alone(stories, tmp_path):
    out = tmp_path / "out"
    analyze(stories, out, progress=False)
    before = (out / "run.json").read_bytes()
    (tmp_path / "none").mkdir()
    assert main(["analyze", str(tmp_path / "none"), "--out", str(out)]) == 1
    assert (out / "run.json").read_bytes() == before


@pytest.fixture
def chunk():
    rows = [{"article_id": "a", "source": "a.txt", "raw_text": STORY, "text": STORY, "raw_sha256": "0"}]
    return schema.build_table("articles", rows).assign(leaning="left")


@pytest.mark.parametrize(
    "change",
    [
        {"raw_text": "Other."}, {"outlet": "The Pass Courier"}, {"headline": ""}, {"leaning": "right"},
        {"published": pd.Timestamp("2031-03-04", tz="UTC")}, {"source": "b.txt"}, {"lang": "en"},
    ],
)  # fmt: skip
def test_a_part_is_known_by_every_column(chunk, change, tmp_path):
    parts = Parts(tmp_path / "parts", schema.Dictionaries(), 120.0, keep=True)
    key = parts.key(chunk)
    assert parts.key(chunk.copy()) == key
    assert parts.key(chunk.assign(**change)) != key


def test_a_part_is_known_by_every_setting_and_by_the_package(chunk, tmp_path, monkeypatch):
    from diplotext.pipeline import parts

    def key(seconds=120.0, **own):
        return Parts(tmp_path / "parts", schema.Dictionaries(**own), seconds, keep=True).key(chunk)

    actors = schema.build_table("actors", [{"actor_id": "toran", "name": "Ilse Toran", "role": "", "kind": "person"}])
    keys = [key(), key(seconds=60.0), key(date="2031-01-02"), key(actors=actors)]
    monkeypatch.setattr(parts, "_fingerprint", lambda: "another version")
    assert len({*keys, key()}) == 5


def test_resume_mixes_nothing(stories, tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "_CHUNK", 2)
    (stories / "metadata.csv").write_text("file,outlet\nstory0.txt,The Pass Courier\n", "utf-8")
    calls = []

    def breaking(articles, own, seconds):
        calls.append(articles["source"].map(lambda s: Path(s).stem).tolist())
        if len(calls) == 3:
            raise KeyboardInterrupt
        return run_stages(articles, own, seconds)

    monkeypatch.setattr(pipeline, "run_stages", breaking)
    with pytest.raises(KeyboardInterrupt):
        analyze(stories, tmp_path / "out", progress=False)
    (stories / "metadata.csv").write_text("file,outlet\nstory0.txt,The Harbour Post\n", "utf-8")
    damaged = sorted((tmp_path / "out" / ".parts").glob("*/quotes.parquet"))
    assert len(damaged) == 2
    calls = [*calls[:2], None]
    found = analyze(stories, tmp_path / "out", resume=True, progress=False)
    assert calls[3:] == [["story0", "story1"], ["story4"]]
    assert found.articles.loc[0, "outlet"] == "The Harbour Post"


@pytest.mark.parametrize("damage", ["cut", "changed", "gone", "record"])
def test_a_damaged_part_is_made_anew(stories, tmp_path, damage):
    articles = load_articles(stories)
    parts = Parts(tmp_path / "parts", schema.Dictionaries(), 120.0, keep=True)
    outcome, key = run_stages(articles, schema.Dictionaries()), parts.key(articles)
    parts.write(key, outcome)
    assert parts.check(key) == []
    for name, table in outcome.tables.items():
        pd.testing.assert_frame_equal(parts.read([key], name), table)
    path = tmp_path / "parts" / key / ("part.json" if damage == "record" else "quotes.parquet")
    data = path.read_bytes()
    path.unlink()
    if damage != "gone":
        path.write_bytes(data[: len(data) // 2] if damage != "changed" else data[:-9] + b"x" + data[-8:])
    assert parts.check(key) is None
    parts.write(key, outcome)
    assert parts.check(key) == []


#: writes down every look-up and connection that any process tries.
WATCH = """
import os, sys

def watch(event, details):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.sendto"):
        with open(os.environ["WATCHED"], "a") as log:
            log.write(f"{event} {details[1:]}\\n")

sys.addaudithook(watch)
"""


@pytest.mark.parametrize("options", [pytest.param([], marks=pytest.mark.long), ["--workers", "2"]])
def test_a_run_looks_nothing_up_and_leaves_no_file_of_the_engines_maker(tmp_path, options):
    inputs, home, site = tmp_path / "in", tmp_path / "home", tmp_path / "site"
    for folder in (inputs, home, site):
        folder.mkdir()
    for number in range(34):
        (inputs / f"{number}.txt").write_text(
            f"Minister Ilse Toran said on day {number} that the pass was shut.", "utf-8"
        )
    (site / "sitecustomize.py").write_text(WATCH, "utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "ORT_"))}
    environment |= {"HOME": str(home), "USERPROFILE": str(home), "WATCHED": str(tmp_path / "watched"),
                    "PYTHONPATH": os.pathsep.join([str(site), *sys.path])}  # fmt: skip
    command = [sys.executable, "-m", "diplotext.cli", "analyze", str(inputs), "--out", str(tmp_path / "out"), *options]
    traced = tmp_path / "traced"
    strace = ["strace", "-f", "-qq", "-e", "trace=connect,sendto", "-o", str(traced)]
    if shutil.which("strace") and not subprocess.run([*strace, "true"], capture_output=True, check=False).returncode:
        command = [*strace, *command]  # it sees compiled code too
    shown = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stderr
    assert not (tmp_path / "watched").exists()
    if traced.exists():
        assert not re.search("AF_INET", traced.read_text("utf-8"))
    assert not [path for path in home.rglob("*") if path.is_file() and "matplotlib" not in path.parts]


def test_the_engine_is_told_to_be_silent_before_it_is_imported():
    source = (
        "import os, sys, diplotext.encoder; print(os.environ['ORT_DISABLE_TELEMETRY'], 'onnxruntime' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert shown.stdout.split() == ["1", "True"]


def test_a_workbook_begins_with_a_sheet_of_statements(stories, tmp_path):
    (stories / "metadata.csv").write_text('file,title,outlet\nstory0.txt,"=HYPERLINK(""x"")",The Post\n', "utf-8")
    results = analyze(stories, tmp_path / "out", tables="xlsx", progress=False)
    assert {path.name for path in (tmp_path / "out").glob("*.xlsx")} == {"tables.xlsx"}
    book = load_workbook(tmp_path / "out" / "tables.xlsx")
    assert book.sheetnames[:2] == ["statements", "findings"]
    assert set(OUTPUTS) <= set(book.sheetnames)
    rows = list(book["statements"].iter_rows(values_only=True))
    assert rows[0] == ("text", "speaker", "country", "target", "stance", "posture", "outlet", "date", "article",
                       "quote_id")  # fmt: skip
    assert len(rows) == 1 + len(results.quotes)
    main_target = results.stances.drop_duplicates("quote_id").set_index("quote_id")["target"]
    for row in rows[1:]:
        target = main_target[row[9]]
        assert row[3] == (None if pd.isna(target) else target)
    cell = book["statements"]["I2"]
    assert (cell.value, cell.data_type, row[6]) == ('=HYPERLINK("x")', "s", None)


def test_csv_is_guarded_where_asked(stories, tmp_path):
    (stories / "metadata.csv").write_text("file,title\nstory0.txt,=1+1\n", "utf-8")
    command = ["analyze", str(stories), "--tables", "csv", "--out"]
    assert main([*command, str(tmp_path / "plain")]) == 0
    assert main([*command, str(tmp_path / "guarded"), "--guard-formulas"]) == 0
    heads = [
        read_table(tmp_path / name / f"articles.{ending}", "articles").loc[0, "headline"]
        for name in ("plain", "guarded")
        for ending in ("csv", "parquet")
    ]
    assert heads == ["=1+1", "=1+1", "'=1+1", "=1+1"]


def test_traces_are_whole_or_absent(stories, tmp_path, monkeypatch, capsys):
    from diplotext import report

    out, records = tmp_path / "out", tmp_path / "records"
    records.mkdir()
    (records / "briefing.txt").write_text(
        "MS. TORAN: We will close the pass if the convoy moves. Nobody wants it.\n\nQ Why?\n\nMS. TORAN: We must.\n",
        "utf-8",
    )
    analyze(stories, out, tables="xlsx", progress=False)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    with monkeypatch.context() as patch:
        patch.setattr(report, "write_report", lambda *given, **options: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            pipeline.trace_folder(out, records, progress=False)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert main(["trace", str(out), "--transcripts", str(records)]) == 0
    assert set(load_workbook(out / "tables.xlsx").sheetnames) >= {"statements", *OUTPUTS, "traces", "transcripts"}
    assert {path.name for path in out.iterdir()} == {*before, "traces.parquet", "transcripts.parquet"}
    record = json.loads((out / "run.json").read_text("utf-8"))
    assert record["trace"]["rows"]["transcripts"] == 1
    assert record["rows"]["articles"] == 5
    with schema.hold_folder(out):
        assert main(["trace", str(out), "--transcripts", str(records)]) == 2
    assert "no other run writes into" in capsys.readouterr().err


def test_a_record_that_a_stage_fails_on_costs_itself(stories, harmed, tmp_path, capsys):
    out = tmp_path / "out"
    analyze(stories, out, progress=False)
    harmed("attribute_quotes", "raise")
    assert main(["trace", str(out), "--transcripts", str(stories)]) == 0
    record = json.loads((out / "run.json").read_text("utf-8"))
    assert [(Path(f["source"]).name, f["stage"]) for f in record["trace"]["failed"]] == [(BAD, "attribute_quotes")]
    assert re.search(rf"{BAD}: attribute_quotes failed", capsys.readouterr().err)


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="this system has no signals of that kind")
def test_ctrl_c_ends_a_run_with_workers_without_a_traceback(stories, tmp_path):
    for number in range(40):
        (stories / f"more{number}.txt").write_text(f"Number {number}\n\n{STORY * 20}", "utf-8")
    command = [sys.executable, "-m", "diplotext.cli", "analyze", "in", "--out", "out", "--workers", "2"]
    heed = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # a background job of a shell would not
    options = {"cwd": tmp_path, "start_new_session": True, "preexec_fn": heed, "text": True}
    with subprocess.Popen(command, stderr=subprocess.PIPE, **options) as process:
        begun = process.stderr.read(10)  # the bar, while workers start
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does it
        _, rest = process.communicate(timeout=60)
    assert process.returncode == 130
    assert begun.strip().startswith("Analysing")
    assert rest.endswith("diplotext: interrupted; the same command with --resume goes on from here\n")
    assert "Traceback" not in rest
