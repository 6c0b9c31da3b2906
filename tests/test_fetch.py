"""Public corpora after recipes, from a server of this machine and files of our own in the corpora's forms."""

import io
import json
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path

import pooch
import pytest

import diplotext as dt
from diplotext.cli import main
from diplotext.corpora import fetching

STORY = "Envoy Mara Toran said the gates must open.\n"
BRAT = (
    "T1\tSource 0 16\tEnvoy Mara Toran\nT2\tCue 17 21\tsaid\nT3\tContent 22 41\tthe gates must open\n"
    "E1\tAttribution:T2 Source:T1 Cue:T2 Content:T3\n"
)
PRIVATE = {
    "doc": "a1",
    "sentence": 0,
    "id": "s1",
    "expression": [[17, 21]],
    "implicit": False,
    "holders": [[[0, 16]]],
    "attitudes": [{"type": "sentiment-neg", "stance": "oppose", "inferred": False, "targets": [[[22, 31]]]}],
}
MENTION = {"mention": "Toran", "polarity": -1, "from": 0, "to": 5, "sentence": "Toran was late.", "id": "p_1_1_T_0_5"}
NEWS = {"url": "https://selm.example/a", "published": "2023-09-04", "title": "Gates", "text": STORY * 3}

#: what lies in each corpus (in a .zip below the archive's folder), and how many rows its first table has.
MADE = {
    "wikinews": ({"articles.jsonl": json.dumps(NEWS) + "\n"}, 1),
    "whitehouse": ({"statements-releases/2023-09/a.md": f"---\ndate: '2023-09-04'\ntitle: Gates\n---\n{STORY * 3}",
                    "README.md": STORY * 3}, 2),
    "polnear": ({"train/text/a_2023-09-04_gates.txt": STORY, "train/attributions/a_2023-09-04_gates_k1.ann": BRAT}, 1),
    "newsmtsc": ({"train.jsonl": json.dumps(MENTION) + "\n"}, 1),
    "unscon": ({"conflict_annotations.csv": "file_id,sentence_text,A0,B1\n"
                "D1_spch001_Lethia_01.txt,Open them .,_,_\n"}, 1),
    "plv": ({"PLV_train.tsv": "sentence\tmarked_sentence\tsource\ttarget\tgold_root\tgold_penta\n"
             "Lethia warned Brennia.\t<s>Lethia</s> warned <t>Brennia</t>.\tLethia\tBrennia\tTHREATEN\t3\n"}, 1),
    "mpqa": ({"text/a1.txt": STORY, "attitudes.jsonl": json.dumps(PRIVATE) + "\n"}, 1),
}  # fmt: skip


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        self.server.asked.append(self.path)


@pytest.fixture
def served(tmp_path, monkeypatch):
    """A server of the corpora made here; its recipes are the real ones, with this machine's address."""
    place = tmp_path / "served"
    place.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(place)))
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    recipes = {}
    for name, recipe in fetching.list_corpora().items():
        files, _ = MADE[name]
        if recipe.address.endswith(".zip"):
            with zipfile.ZipFile(place / f"{name}.zip", "w") as packed:
                for path, text in {**files, "../evil.txt": "no"}.items():
                    packed.writestr("/".join(filter(None, ["Repository-abc", recipe.inside, path])), text)
            address = f"{name}.zip"
        elif recipe.address:
            address = next(iter(files))
            (place / address).write_text(files[address], "utf-8")
        recipes[name] = recipe._replace(
            address=f"http://127.0.0.1:{server.server_port}/{address}" if recipe.address else ""
        )
    monkeypatch.setattr(fetching, "list_corpora", lambda: recipes)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("DIPLOTEXT_DATA", str(tmp_path / "data"))
    server.recipes, server.place = recipes, place
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def copy_of(name, folder):
    for path, text in MADE[name][0].items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return folder


def load(recipe, folder):
    place, _, part = recipe.load.partition(":")
    module, _, function = place.rpartition(".")
    found = getattr(import_module(module), function)(folder / part)
    return found[0] if isinstance(found, tuple) else found


@pytest.mark.parametrize("name", list(fetching.list_corpora()))
def test_every_corpus_comes_and_is_read_and_comes_but_once(name, served, tmp_path, capsys):
    recipe = served.recipes[name]
    copy = None if recipe.address else copy_of(name, tmp_path / "mine")
    folder = fetching.fetch_corpus(name, copy)
    told = capsys.readouterr().err
    assert told.startswith(f"{recipe.title}. {recipe.terms}. Cite: {recipe.cite}.\n")
    assert ("SHA-256" in told) == bool(recipe.address)
    assert folder == tmp_path / "data" / name
    assert len(load(recipe, folder)) == MADE[name][1]
    assert not list(tmp_path.rglob("evil.txt"))
    assert fetching.fetch_corpus(name) == folder
    assert capsys.readouterr().err == ""
    assert len(served.asked) == bool(recipe.address)
    assert sorted(p.name for p in (tmp_path / "data").iterdir()) == sorted(
        [name, *["SHA256SUMS"] * bool(recipe.address)]
    )


def test_recipes_are_whole():
    for recipe in fetching.list_corpora().values():
        assert recipe.address.startswith("https://") or not recipe.address
        assert "https://" in recipe.ask
        assert all([recipe.title, recipe.holds, recipe.load, recipe.terms, recipe.cite])
        module, _, function = recipe.load.partition(":")[0].rpartition(".")
        assert callable(getattr(import_module(module), function))
    assert set(MADE) == set(fetching.list_corpora())


def test_what_changed_since_the_first_time_is_refused_and_nothing_stays(served, tmp_path):
    folder = fetching.fetch_corpus("plv")
    (folder / "PLV_train.tsv").unlink()
    (served.place / "PLV_train.tsv").write_text("changed", "utf-8")
    with pytest.raises(ValueError, match=r"plv: expected a file with the SHA-256 [0-9a-f]{64}; got another"):
        fetching.fetch_corpus("plv")
    assert not list(folder.iterdir())


def test_a_digest_that_the_recipe_knows_is_kept_to(served):
    digest = pooch.file_hash(str(served.place / "PLV_train.tsv"))
    served.recipes["plv"] = served.recipes["plv"]._replace(sha256="0" * 64)
    with pytest.raises(ValueError, match=f"expected a file with the SHA-256 {'0' * 64}"):
        fetching.fetch_corpus("plv")
    served.recipes["plv"] = served.recipes["plv"]._replace(sha256=digest)
    assert (fetching.fetch_corpus("plv") / "PLV_train.tsv").is_file()


def test_a_cut_archive_and_one_of_something_else_leave_nothing(served, tmp_path):
    whole = (served.place / "polnear.zip").read_bytes()
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as packed:
        packed.writestr("Repository-abc/data/dev/text/a.txt", STORY)
    for content in (whole[: len(whole) // 2], other.getvalue()):
        (served.place / "polnear.zip").write_bytes(content)
        with pytest.raises(FileNotFoundError, match=r"polnear: expected train/text/\*.txt in what came; got none"):
            fetching.fetch_corpus("polnear")
        assert not (tmp_path / "data" / "polnear").exists()
        (tmp_path / "data" / "SHA256SUMS").unlink()


def test_an_address_that_is_gone_says_what_to_do(served):
    (served.place / "PLV_train.tsv").unlink()
    with pytest.raises(ConnectionError, match=r"cannot be fetched \(HTTPError\)\. Try again, or give a copy"):
        fetching.fetch_corpus("plv")


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["fetch", "plx"], 2, "got 'plx'; did you mean 'plv'?"),
        (["fetch", "mpqa"], 1, "mpqa: no address to fetch it from is known. https://mpqa.cs.pitt.edu/"),
        (["fetch", "mpqa", "--copy", "nowhere"], 1, "copy: expected a file or folder; got 'nowhere'"),
        (["fetch", "plv", "--copy", str(Path(__file__))], 1, "plv: expected PLV_train.tsv in what came; got none"),
    ],
)
def test_the_command_says_what_is_wrong(arguments, status, told, served, capsys):
    assert main(arguments) == status
    assert told in capsys.readouterr().err


def test_the_command_lists_fetches_and_says_how_to_read(served, capsys, tmp_path):
    assert main(["fetch"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in listed] == list(MADE)
    assert [line.split()[0] for line in listed if line.endswith("(to be asked for)")] == ["wikinews", "mpqa"]
    assert main(["fetch", "newsmtsc"]) == 0
    folder = tmp_path / "data" / "newsmtsc"
    assert capsys.readouterr().out == (
        f"Folder: {folder}\nRead it with diplotext.corpora.load_newsmtsc({str(folder / 'train.jsonl')!r})\n"
    )


def test_the_sample_corpus_is_there_with_its_people():
    sample = dt.load_sample()
    assert len(sample.articles) >= 16
    assert len(sample.transcripts) >= 3
    assert "Marvania" in set(sample.dictionaries.actors["name"])
    assert len(dt.corpora.load_gold(sample.folder).quotes) > 200
