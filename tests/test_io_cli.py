"""The command line as a user meets it: exit statuses, messages, interruptions."""

import os
import re
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from diplotext import cli, pipeline

DATA = Path(__file__).parents[1] / "data"


def run(capsys, *arguments):
    try:
        status = cli.main([str(a) for a in arguments])
    except SystemExit as stop:  # argparse's own way
        status = stop.code
    return status, *capsys.readouterr()


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "news/a.txt"
    path.parent.mkdir()
    path.write_text("Foreign Minister Ilse Toran said on Monday that the pass was closed. “It is shut,” she said.\n")
    return path


def test_a_run_says_little_on_stdout_and_shows_its_progress_on_stderr(capsys, article, tmp_path):
    status, out, err = run(capsys, "analyze", article, "--out", tmp_path / "out")
    assert status == 0
    assert out.splitlines()[0] == "1 articles (0 duplicates)"
    assert len(out.splitlines()) <= 6
    assert "Analysing" in err


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["NEWS/absent.txt", "--out", "OUT"], 1, "there is no such file"),
        (["NEWS/*.pdf", "--out", "OUT"], 1, "the pattern matches no files"),
        (["", "--out", "OUT"], 2, "paths: expected a file, folder or pattern; got ''"),
        (["NEWS", "--out", ""], 2, "--out: expected a folder, got an empty name"),
        (["NEWS", "--out", "NEWS/a.txt"], 2, "--out: expected a folder, got the file"),
        (["NEWS", "--out", "NEWS/a.txt/out"], 2, "Check the path and its permissions"),
        (["NEWS", "--out", "OUT", "--actors", "NEWS/absent.csv"], 2, "--actors: .*absent.csv: it cannot be read"),
        (["NEWS", "--out", "OUT", "--actors", DATA / "aliases.csv"], 2, "Its columns are actor_id, role"),
        (["NEWS", "--out", "OUT", "--metadata", "NEWS/absent.csv"], 2, "metadata: .*absent.csv: it cannot be read"),
        (["NEWS", "--out", "OUT", "--format", "txt"], 2, "did you mean 'text'?"),
        (["NEWS", "--out", "OUT", "--workers", "0"], 2, "workers: expected 1 or more; got 0"),
        (["NEWS", "--out", "OUT", "--engine", "spark"], 2, "invalid choice: 'spark'"),
        (["NEWS"], 2, "required: --out"),
    ],
)
def test_wrong_arguments_say_what_is_wrong(capsys, article, tmp_path, arguments, status, message):
    places = {"NEWS": str(article.parent), "OUT": str(tmp_path / "out")}
    given = [str(a).replace("NEWS", places["NEWS"]).replace("OUT", places["OUT"]) for a in arguments]
    found, out, err = run(capsys, "analyze", *given)
    assert (found, out) == (status, "")
    assert "Traceback" not in err
    assert re.search(message.replace("?", r"\?"), " ".join(err.split()))


def test_a_folder_that_cannot_be_written_is_a_wrong_argument(capsys, article, tmp_path, monkeypatch):
    def refuse(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    status, _, err = run(capsys, "analyze", article, "--out", tmp_path / "out")
    assert status == 2
    assert f"{tmp_path / 'out'}: Permission denied. Check the path" in err


def test_an_interruption_says_how_to_go_on(capsys, article, tmp_path, monkeypatch):
    def interrupt(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "analyze", interrupt)
    status, out, err = run(capsys, "analyze", article, "--out", tmp_path / "out")
    assert (status, out) == (130, "")
    assert err == "diplotext: interrupted; the same command with --resume goes on from here\n"


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="this system has no signals of that kind")
def test_ctrl_c_leaves_no_traceback(article, tmp_path):
    many = tmp_path / "many"
    many.mkdir()
    for i in range(400):
        (many / f"{i}.txt").write_text(article.read_text() * 40 + str(i))
    command = [sys.executable, "-m", "diplotext.cli", "analyze", str(many), "--out", str(tmp_path / "out")]
    # A background job of a shell ignores the signal, and so would its children.
    heed = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, preexec_fn=heed, **pipes) as process:
        limit = time.monotonic() + 60
        while not list((tmp_path / "out").glob(".parts/*/part.json")) and time.monotonic() < limit:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "--resume goes on" in err


def test_a_reader_that_stops_reading_is_no_error(article, tmp_path):
    command = f'"{sys.executable}" -m diplotext.cli analyze "{article}" --out "{tmp_path / "out"}" | true'
    found = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert (found.returncode, "Traceback" in found.stderr) == (0, False)


def test_the_folder_of_results_may_be_that_of_the_articles(capsys, article):
    for _ in range(2):  # its own tables are no articles the second time
        status, out, err = run(capsys, "analyze", article.parent, "--out", article.parent, "--tables", "csv")
        assert (status, out.splitlines()[0]) == (0, "1 articles (0 duplicates)")
        assert "text_column" not in err
