"""Ten statements labelled in JupyterLab in a browser; the server is killed in between and nothing is lost."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
import pandas as pd
import pytest

from diplotext import schema
from diplotext.annotation import LabelSession, sample_annotations
from diplotext.annotation.folder import read_folder

pytestmark = pytest.mark.long

_CHROMIUM, _DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
CELL = """\
from diplotext import schema
from diplotext.annotation import annotate
from diplotext.annotation.folder import read_folder
annotate(schema.read_table("samples.csv", "samples"), read_folder("."), "kim", "kim.jsonl")"""
KEYS = ".dt-keys input"


@pytest.fixture
def folder(two_articles, two_statements, tmp_path):
    """An analysed folder of twelve statements in twelve articles, with a sample of ten and a notebook."""
    quotes, spans, stances = two_statements

    def repeat(table):
        ids = [c for c in ("article_id", "quote_id") if c in table]
        return pd.concat([table.assign(**{c: table[c] + str(n) for c in ids}) for n in range(6)], ignore_index=True)

    made = {"articles": two_articles, "quotes": quotes, "spans": spans, "stances": stances}
    for name, table in {
        **{name: repeat(table) for name, table in made.items()},
        "edits": schema.build_table("edits"),
    }.items():
        schema.write_table(table, tmp_path / f"{name}.parquet")
    schema.write_table(sample_annotations(read_folder(tmp_path), 10), tmp_path / "samples.csv")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, tmp_path / "label.ipynb")
    return tmp_path


def start_lab(folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", "--allow-root",
               "--IdentityProvider.token=", "--ServerApp.password=", f"--ServerApp.root_dir={folder}",
               "--LabApp.expose_app_in_browser=True"]  # fmt: skip
    with (folder / "lab.log").open("ab") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, cwd=folder)
    for _ in range(240):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=2)
            return server, f"http://127.0.0.1:{port}/lab/tree/label.ipynb?reset"
        except OSError:
            time.sleep(0.5)
    raise RuntimeError((folder / "lab.log").read_text("utf-8"))


def kill(server):
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def read_lines(folder):
    path = folder / "kim.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


@pytest.fixture
def browser():
    selenium = pytest.importorskip("selenium.webdriver", reason="needs selenium")
    if not (_CHROMIUM and _DRIVER):
        pytest.skip("needs Debian's chromium and chromium-driver")
    options = selenium.ChromeOptions()
    options.binary_location = _CHROMIUM
    for option in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1400,1600"):
        options.add_argument(option)
    driver = selenium.Chrome(options=options, service=selenium.ChromeService(_DRIVER))
    yield driver
    driver.quit()


def find(browser, selector):
    return browser.find_elements("css selector", selector)


def shown(browser):
    """Return how far the work is, as the screen says it."""
    script = "return [...document.querySelectorAll('.jp-OutputArea .widget-label')].map(e => e.textContent)"
    return "".join(text for text in browser.execute_script(script) if "labelled" in text)


def wait_for(condition, seconds=240):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.2)


def open_notebook(browser, address):
    browser.get(address)
    ready = "const w = window.jupyterapp && window.jupyterapp.shell.currentWidget; return !!(w && w.sessionContext " \
            "&& w.sessionContext.session && w.sessionContext.session.kernel)"  # fmt: skip
    wait_for(lambda: browser.execute_script(ready))
    browser.execute_script("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    wait_for(lambda: shown(browser) and find(browser, KEYS))


def label(browser, folder, count):
    for _ in range(count):
        for keys in ("y", "wa", "n", "a", "o"):
            before = len(read_lines(folder))
            find(browser, KEYS)[0].send_keys(keys)
            wait_for(lambda before=before: len(read_lines(folder)) > before, 60)
        place = shown(browser)
        find(browser, KEYS)[0].send_keys(">")
        wait_for(lambda place=place: shown(browser) != place or "number 10" in place, 60)


def test_ten_statements_are_labelled_and_a_killed_server_loses_none(folder, browser):
    server, address = start_lab(folder)
    try:
        open_notebook(browser, address)
        label(browser, folder, 5)
        kill(server)
        assert len(read_lines(folder)) == 25
        server, address = start_lab(folder)
        open_notebook(browser, address)
        assert "5 of 10 labelled; this is number 6" in shown(browser)
        label(browser, folder, 5)
        wait_for(lambda: "10 of 10 labelled" in shown(browser))
        browser.save_screenshot(str(folder / "labelled.png"))
    finally:
        kill(server)
    session = LabelSession(
        schema.read_table(folder / "samples.csv", "samples"), read_folder(folder), "kim", folder / "kim.jsonl"
    )
    assert session.progress == (10, 10)
    assert len(session.to_annotations()) == len(read_lines(folder)) == 50
