"""What SECURITY.md promises: nothing unpickled or run, no address opened, nothing listening beyond this machine."""

import ast
import gzip
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import diplotext
from diplotext import Dictionaries
from diplotext.corpora import fetching
from diplotext.io import opening
from diplotext.pipeline import workers

PACKAGE = Path(diplotext.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))

#: modules that make objects of bytes, run commands, or open addresses.
_NEVER = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "subprocess"}
_NETWORK = {"socket", "ssl", "http", "ftplib", "requests", "httpx", "aiohttp", "urllib3", "pooch"}
_CALLS = {"eval", "exec", "read_pickle", "to_pickle", "system", "popen", "extractall", "unpack_archive", "urlopen"}


def calls(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            dotted = ast.unparse(node.func)
            yield dotted, dotted.rpartition(".")[2], {k.arg: ast.unparse(k.value) for k in node.keywords}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_source_unpickles_runs_and_opens_nothing(path):
    tree = ast.parse(path.read_text("utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import)
            else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        )
    }  # fmt: skip
    assert not imported & _NEVER
    assert not imported & _NETWORK or path.name == "fetching.py"
    for dotted, name, named in calls(tree):
        assert name not in _CALLS or dotted.endswith(".eval"), dotted  # a torch module's own eval() runs no text
        if dotted == "torch.load":
            assert named.get("weights_only") == "True"
        if dotted in ("np.load", "numpy.load"):
            assert named.get("allow_pickle", "False") == "False"
        if dotted.startswith("yaml.") and name.endswith("load"):
            assert name == "safe_load" or named["Loader"] == "loader"  # which is one of the safe ones, in io/fields


_WATCHED = """
import sys
seen = []
def watch(event, args):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "os.system"):
        raise PermissionError(f"{event} {args}")
    if event == "pickle.find_class":
        seen.append(args[0].split(".")[0])
sys.addaudithook(watch)
from diplotext.cli import main
status = main(sys.argv[1:])
print(*sorted(set(seen)), file=sys.stderr)
raise SystemExit(status)
"""


def test_an_analysis_opens_no_address_and_makes_no_objects_of_bytes(tmp_path):
    story = "The border will stay shut until the talks end, Ostrel Foreign Minister Ilse Toran said on Monday.\n"
    (tmp_path / "a.txt").write_text(story, "utf-8")
    command = [sys.executable, "-c", _WATCHED, "analyze", tmp_path / "a.txt", "--out", tmp_path / "out"]
    told = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert (tmp_path / "out" / "report.html").is_file()
    # the language identifier reads its own arrays, which are installed with it
    assert set(told.stderr.splitlines()[-1].split()) <= {"numpy"}


def test_dask_listens_on_this_machine_alone_and_without_a_dashboard(monkeypatch):
    pytest.importorskip("distributed")
    import psutil
    from distributed import default_client

    heard, links = [], []

    def look(*_):
        this = psutil.Process()
        for process in (this, *this.children(recursive=True)):
            heard.extend(c.laddr.ip for c in process.net_connections("tcp") if c.status == psutil.CONN_LISTEN)
        links.append(default_client().cluster.scheduler.services["dashboard"].address)
        routes = default_client().cluster.scheduler.http_application.applications
        heard.append("127.0.0.1") if not any("bokeh" in repr(route).lower() for route in routes) else None
        return iter(())

    monkeypatch.setattr(workers, "_collect", look)
    assert list(workers.run_on_dask({}, Dictionaries(), None, 1, 60.0)) == []
    assert len(heard) > 2
    assert set(heard) | set(links) == {"127.0.0.1"}


@pytest.mark.parametrize("name", ["corpus/../../evil.txt", "corpus/a/../../../evil.txt", "/corpus//evil.txt", "evil"])
def test_no_member_of_an_archive_leaves_its_folder(name, tmp_path):
    whole = tmp_path / "in" / "whole"
    whole.mkdir(parents=True)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr(name, "no")
        packed.writestr("corpus/good.txt", "yes")
    fetching._unpack(tmp_path / "a.zip", "", whole)
    assert (whole / "good.txt").read_text() == "yes"
    assert all(whole in path.parents for path in tmp_path.rglob("evil*"))


def test_an_archive_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "_MOST_BYTES", 1000)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("corpus/a.txt", "a" * 1001)
    with pytest.raises(ValueError, match=r"a\.zip: expected an archive of at most 1,000 bytes; got 1,001"):
        fetching._unpack(tmp_path / "a.zip", "", tmp_path / "whole")
    assert not (tmp_path / "whole").exists()


@pytest.mark.parametrize(
    ("name", "most"), [("a.txt", "20,000,000"), ("a.txt.gz", "20,000,000"), ("a.rtf.gz", "1,000,000")]
)
def test_bombs_are_refused_with_their_size(name, most, tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "MAX_DOCUMENT", 1_000_000)
    content = b"{\\rtf1 " * name.startswith("a.rtf") + b"word " * 4_000_001
    (tmp_path / name).write_bytes(gzip.compress(content, 1) if name.endswith(".gz") else content)
    (tmp_path / "b.txt").write_text("The pass is closed.\n", "utf-8")
    with pytest.warns(UserWarning, match=f"more than {most} bytes"):
        assert len(diplotext.load_articles(tmp_path)) == 1
