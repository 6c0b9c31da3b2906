"""Folders, tables and metadata as people really have them."""

import gzip
import json
import os
import re
from pathlib import Path

import pandas as pd
import pytest

from diplotext.io import load_articles, read_inputs
from diplotext.io.languages import detect_language

TEXT = (
    "Foreign Minister Ilse Toran said on Monday that the northern pass would be closed.\n\n“We have asked three "
    "times,” she said.\n\nThe talks are to resume on Thursday, according to her office.\n"
)
PAGE = (
    "<html><head><meta charset='utf-8'></head><body><article><h1>Toran shuts the pass</h1><p>Foreign Minister Ilse "
    "Toran said on Monday that the northern pass would be closed until the talks in Halsund had ended.</p><p>“We have "
    "asked three times for an answer,” she told reporters after a meeting of the cabinet.</p></article></body></html>"
)


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def one(path, **options):
    articles, rejected = read_inputs(path, **options)
    assert len(articles) == 1, rejected.to_dict("records")
    return articles.iloc[0]


def reason(path, **options):
    articles, rejected = read_inputs(path, **options)
    assert articles.empty
    assert len(rejected) == 1
    return f"{rejected['reason'][0]}. {rejected['advice'][0]}"


# --- messy folders


@pytest.fixture
def closed_folder(tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir()
    folder.chmod(0)
    yield folder
    folder.chmod(0o700)


def names_in(articles, folder):
    return [str(Path(source).relative_to(folder)) for source in articles["source"]]


def test_litter_of_systems_and_word_processors_is_passed_over(tmp_path):
    for name in (".DS_Store", ".hidden.txt", "Thumbs.db", "desktop.ini", "~$draft.docx", "__MACOSX/._a.txt", "a.txt"):
        write(tmp_path / name, TEXT)
    articles, rejected = read_inputs(tmp_path)
    assert (names_in(articles, tmp_path), len(rejected)) == (["a.txt"], 0)


@pytest.mark.parametrize(
    "name", ["with space.txt", "naïve – Übung.txt", "new\nline.txt", "q\"'.txt", "#?.txt", "[a].txt"]
)
def test_names_of_any_kind_are_read(tmp_path, name):
    write(tmp_path / name, TEXT)
    assert one(tmp_path)["source"] == one(tmp_path / name)["source"] == str(tmp_path / name)


def test_a_name_in_no_encoding_can_be_stored(tmp_path):
    path = os.fsencode(tmp_path) + b"/lat\xe9n.txt"
    try:
        Path(os.fsdecode(path)).write_text(TEXT)
    except OSError:
        pytest.skip("this file system takes Unicode names only")
    for given in (tmp_path, os.fsdecode(path)):
        row = one(given)
        assert row["source"] == str(tmp_path / "lat\\xe9n.txt")
        assert row["source"].encode()


def test_links_are_followed_each_target_once_and_never_in_a_circle(tmp_path):
    outside = tmp_path / "outside"
    write(outside / "c.txt", TEXT)
    (outside / "back").symlink_to(tmp_path / "news")
    write(tmp_path / "news/b.txt", TEXT)
    (tmp_path / "news/a.txt").symlink_to("b.txt")
    (tmp_path / "news/far").symlink_to(outside)
    (tmp_path / "news/far2").symlink_to(outside)
    (tmp_path / "news/loop").symlink_to(tmp_path / "news")
    (tmp_path / "news/up").symlink_to("..")
    (tmp_path / "news/gone.txt").symlink_to("nowhere")
    articles, rejected = read_inputs(tmp_path / "news")
    assert names_in(articles, tmp_path / "news") == ["b.txt", "far/c.txt"]
    assert rejected["reason"].tolist() == ["it cannot be read (No such file or directory)"]


def test_a_linked_file_in_a_hidden_store_is_read(tmp_path):
    write(tmp_path / ".store/x1", TEXT)
    (tmp_path / "a.txt").symlink_to(".store/x1")
    assert one(tmp_path)["source"] == str(tmp_path / "a.txt")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_a_folder_does_not_hang_the_run(tmp_path):
    os.mkfifo(tmp_path / "p.txt")
    assert "it is a pipe, socket or device" in reason(tmp_path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="a superuser may read every folder")
def test_a_closed_folder_is_reported(tmp_path, closed_folder):
    write(tmp_path / "a.txt", TEXT)
    articles, rejected = read_inputs(tmp_path)
    assert len(articles) == 1
    assert rejected.loc[0, "source"] == str(closed_folder)
    assert "it cannot be read (Permission denied)" in reason(closed_folder / "a.txt")


def test_a_folder_that_cannot_be_listed_is_reported(tmp_path, monkeypatch):
    write(tmp_path / "a.txt", TEXT)
    (tmp_path / "closed").mkdir()
    scan = os.scandir

    def refuse(path):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    articles, rejected = read_inputs(tmp_path)
    assert len(articles) == 1
    assert rejected.loc[0, ["source", "reason"]].tolist() == [
        str(tmp_path / "closed"), "it cannot be read (Permission denied)"
    ]  # fmt: skip


def test_the_results_of_an_earlier_run_are_no_inputs(tmp_path):
    write(tmp_path / "a.txt", TEXT)
    for name in ("articles.parquet", "quotes.csv", "findings.xlsx", "report.html"):
        write(tmp_path / name, TEXT)
    write(tmp_path / "run.json", '{"diplotext": "0.1.0", "started": "2031-03-04"}')
    articles, rejected = read_inputs(tmp_path)
    assert (names_in(articles, tmp_path), len(rejected)) == (["a.txt"], 0)
    write(tmp_path / "run.json", '{"text": "Toran ran."}')  # somebody's own file of that name
    assert len(read_inputs(tmp_path)[0]) + len(read_inputs(tmp_path)[1]) == 6


def test_a_pattern_of_folders_reads_them(tmp_path):
    write(tmp_path / "2031-03/a.txt", TEXT)
    write(tmp_path / "2031-04/b.txt", TEXT)
    write(tmp_path / "2032-01/c.txt", TEXT)
    assert names_in(load_articles(f"{tmp_path}/2031-*"), tmp_path) == ["2031-03/a.txt", "2031-04/b.txt"]


@pytest.mark.parametrize("path", ["", "  "])
def test_an_empty_path_is_not_the_working_folder(path):
    with pytest.raises(ValueError, match="paths: expected a file, folder or pattern; got"):
        read_inputs(path)


def test_a_text_given_as_path_is_told_from_a_file():
    assert "paths are expected, not texts" in reason(TEXT * 3)


@pytest.mark.parametrize("ending", ["doc", "rtf"])
def test_a_page_under_a_word_processors_ending_is_read(tmp_path, ending):
    row = one(write(tmp_path / f"a.{ending}", PAGE))
    assert row["raw_text"] == one(write(tmp_path / "b.html", PAGE))["raw_text"]


def test_files_of_other_kinds_in_a_folder_say_what_they_are(tmp_path):
    write(tmp_path / "a.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)))
    write(tmp_path / "b.css", "p { color: red }")
    assert read_inputs(tmp_path)[1]["reason"].tolist() == [
        "it is binary, not text", "the ending '.css' is none of those read"
    ]  # fmt: skip


def test_a_broken_installation_is_no_fault_of_the_input(tmp_path, monkeypatch):
    def fail(page):
        raise ImportError("lxml.html.clean is not installed")

    monkeypatch.setattr("diplotext.io.pages.extract_page", fail)
    with pytest.raises(ImportError, match="not installed"):
        read_inputs(write(tmp_path / "a.html", PAGE))


# --- tables as people have them


@pytest.mark.parametrize(
    ("data", "n"),
    [
        (json.dumps({"status": "ok", "articles": [{"text": TEXT}, {"text": TEXT}]}), 2),
        (json.dumps({"status": "ok", "articles": [{"text": TEXT}]}, indent=1), 1),
        (json.dumps({"text": TEXT, "entities": [{"name": "Toran"}]}), 1),
        (json.dumps({"text": TEXT}, indent=2) + "\n" + json.dumps({"text": TEXT}, indent=2), 2),
        (json.dumps([{"text": TEXT}]), 1),
        (json.dumps({"text": TEXT}) + "\r\n" + json.dumps({"text": TEXT}) + "\r\n", 2),
    ],
    ids=["wrapped", "wrapped lines", "not wrapped", "one after the other", "array", "windows"],
)
def test_json_in_its_many_forms(tmp_path, data, n):
    articles, rejected = read_inputs(write(tmp_path / "a.json", data))
    assert (articles["raw_text"].tolist(), len(rejected)) == ([TEXT] * n, 0)


def test_a_nested_text_is_named_with_dots(tmp_path):
    path = write(tmp_path / "a.jsonl", json.dumps({"id": 1, "article": {"body": TEXT, "title": "x"}}) + "\n")
    assert one(path, text_column="article.body")["raw_text"] == TEXT
    assert "did you mean 'article.body'?" in reason(path, text_column="body")


def test_excels_separator_line_and_days_first_dots(tmp_path):
    path = write(tmp_path / "a.csv", f'sep=;\r\ntext;date\r\n"{TEXT}";03.04.2031\r\n'.encode("cp1252", "replace"))
    row = one(path)
    assert (row["published"], row["published_precision"]) == (pd.Timestamp("2031-04-03", tz="UTC"), "day")


def test_doubtful_dates_are_listed_once_for_all(tmp_path):
    rows = [{"text": TEXT, "date": "03/04/2031"}, {"text": TEXT, "date": "05/04/2031"}, {"text": TEXT}]
    articles, rejected = read_inputs(write(tmp_path / "a.csv", pd.DataFrame(rows).to_csv(index=False)))
    assert articles["published_precision"].tolist() == ["year", "year", "none"]
    assert len(rejected) == 1
    assert "got '03/04/2031' (and 1 more), of which day and month are not clear" in rejected["reason"][0]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_heads_with_any_line_ends_and_space_before(tmp_path, end):
    text = end.join(["", "---", "title: The pass", "date: 2031-03-04", "---", "", TEXT])
    row = one(write(tmp_path / "a.md", text))
    assert (row["headline"], row["published"]) == ("The pass", pd.Timestamp("2031-03-04", tz="UTC"))
    assert row["raw_text"] == text


@pytest.mark.parametrize(
    ("head", "headline"),
    [
        ("title: Toran: the pass is closed\ndate: 2031-03-04", "Toran: the pass is closed"),
        ("title: The pass\ndate: 2031-03-44", "The pass"),
        ('title: "never closed\ntags: [', "never closed"),
    ],
)
def test_of_a_broken_head_the_plain_lines_are_used(tmp_path, head, headline):
    articles, rejected = read_inputs(write(tmp_path / "a.md", f"---\n{head}\n---\n{TEXT}"))
    assert articles["headline"].tolist() == [headline]
    assert re.match(r"the YAML head is broken \(.+\); only headline", rejected["reason"][0])


def test_a_head_without_a_text_is_no_article(tmp_path):
    assert "it has a head but no text" in reason(write(tmp_path / "a.md", "---\ntitle: The pass\n---\n\n"))


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("file,title\na.txt,One\na.txt,Two\n", "row 2 describes a.txt again; the last row counts"),
        ("file,title\na.txt,Toran, the minister\n", "row 1 has more fields than the header"),
        ("file,title\nA.TXT,One\n", "(did you mean 'a.txt'?)"),
        ("file,title\na,One\n", "(did you mean 'a.txt'?)"),
    ],
)
def test_what_is_odd_in_a_metadata_file_is_said(tmp_path, table, expected):
    write(tmp_path / "a.txt", TEXT)
    write(tmp_path / "metadata.csv", table)
    articles, rejected = read_inputs(tmp_path)
    assert (len(articles), len(rejected)) == (1, 1)
    assert expected in rejected["reason"][0]


@pytest.mark.parametrize(
    "table",
    [
        "sep=;\nfile;title\nsub/a.txt;The pass\n",
        "file,title\nsub\\a.txt,The pass\n",
        "file|title\nsub/a.txt|The pass\n",
    ],
)
def test_metadata_files_from_spreadsheets(tmp_path, table):
    write(tmp_path / "sub/a.txt", TEXT)
    write(tmp_path / "metadata.csv", table)
    assert one(tmp_path)["headline"] == "The pass"


def test_a_workbook_as_metadata_says_what_to_save(tmp_path):
    write(tmp_path / "a.txt", TEXT)
    with pytest.raises(ValueError, match=r"metadata: .*spreadsheet file. Save it as CSV"):
        read_inputs(tmp_path, metadata=write(tmp_path / "m.xlsx", b"PK\x03\x04"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ìèíèñòð èíîñòðàííûõ äåë çàÿâèëà, ÷òî ïåðåâàë áóäåò çàêðûò", "und"),  # cp1251 read as cp1252
        ("O ministro disse na segunda-feira que o governo vai fechar o passo.", "pt"),
        ("Šimić met Nguyễn Văn Đức in Chișinău; Gylfadóttir met Szűcs in Győr, and Brzęczyszczykiewicz left.", None),
        ("The ministry gave no date. It will reply.", "en"),
        ("Present: Toran, Adaly, Kolvar, Reist, Okrey, Brill, Fay, Marsh, Ostler.", None),
    ],
)  # fmt: skip
def test_short_texts_and_other_scripts(text, expected):
    assert detect_language(text) == expected


def test_links_that_lead_nowhere_and_endless_names_cost_themselves(tmp_path):
    write(tmp_path / "a.txt", TEXT)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    (tmp_path / "one.txt").symlink_to(tmp_path / "two.txt")
    (tmp_path / "two.txt").symlink_to(tmp_path / "one.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "never.txt")
    (tmp_path / "folder").symlink_to(tmp_path / "folder", target_is_directory=True)
    articles, rejected = read_inputs(tmp_path)
    assert names_in(articles, tmp_path) == ["a.txt"]
    assert len(rejected) == 5
    assert rejected["reason"].str.startswith("it cannot be read (").all()
    assert reason(tmp_path / "self.txt").startswith("it is a link that leads to no file")


@pytest.mark.parametrize("name", ["{}.txt", "{}/a.txt", "{}/*.txt", "*{}", "a\0b"])
def test_endless_names_are_told(tmp_path, name):
    write(tmp_path / "a.txt", TEXT)
    articles, rejected = read_inputs([tmp_path / name.format("n" * 300), tmp_path / "a.txt"])
    assert (len(articles), len(rejected)) == (1, 1)


def test_a_packed_article_that_unpacks_without_end_is_refused(tmp_path):
    path = write(tmp_path / "a.txt.gz", gzip.compress(b"word " * 5_000_000))
    assert "it unpacks to more than 20,000,000 bytes" in reason(path)


def test_a_stray_zero_spoils_no_text(tmp_path):
    assert one(write(tmp_path / "a.txt", TEXT.encode() + b"\0" + TEXT.encode()))["raw_text"] == TEXT + "\0" + TEXT


def test_of_a_cut_array_the_whole_records_are_read(tmp_path):
    records = [{"text": f"{TEXT} {n}", "title": f"T{n}"} for n in range(3)]
    path = write(tmp_path / "a.json", json.dumps(records, indent=1)[:-40])
    articles, rejected = read_inputs(path)
    assert articles["headline"].tolist() == ["T0", "T1"]
    assert rejected["source"].tolist() == [f"{path}#3"]
    assert "broken or truncated" in rejected["reason"][0]


def test_an_odd_cell_costs_its_row(tmp_path):
    frame = pd.DataFrame({"text": [TEXT.encode(), bytes(range(256)) * 4, TEXT.encode()], "title": ["A", "B", "C"]})
    path = tmp_path / "a.parquet"
    frame.to_parquet(path)
    articles, rejected = read_inputs(path)
    assert articles["headline"].tolist() == ["A", "C"]
    assert (rejected["source"].tolist(), rejected["reason"].tolist()) == ([f"{path}#2"], ["it is binary, not text"])


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_of_a_cut_packed_table_the_whole_rows_are_read(tmp_path, ending):
    texts = [f"{n}, Toran said on {n * n}." for n in range(50)]
    rows = pd.DataFrame({"title": [f"T{n}" for n in range(50)], "text": texts})
    data = rows.to_csv(index=False) if ending == "csv" else rows.to_json(orient="records", lines=True)
    path = write(tmp_path / f"a.{ending}.gz", gzip.compress(data.encode())[:-60])
    articles, rejected = read_inputs(path)
    assert articles["headline"].tolist() == rows["title"].tolist()[: len(articles)]
    assert articles["text"].tolist() == rows["text"].tolist()[: len(articles)]
    assert 5 < len(articles) < 50
    assert rejected["reason"].tolist() == ["the gzip file is truncated; its first rows are read"]
