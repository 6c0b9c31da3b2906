"""Files to articles: formats, characters, metadata, what is rejected and how it is said."""

import contextlib
import gzip
import io
import json
import re
import warnings
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diplotext import schema
from diplotext.io import InputWarning, load_articles, read_inputs
from diplotext.io.decoding import MAX_BYTES, MAX_CHARACTERS, InputError, decode_text, detect_format, unpack
from diplotext.io.fields import read_fields, split_head
from diplotext.io.languages import detect_language

TEXT = (
    "OSTREL (MPA) — Foreign Minister Ilse Toran said on Monday that the northern pass would be closed.\r\n\r\n"
    "“We have asked three times,” she said.\n\nThe talks are to resume on Thursday, according to her office.\n"
)
FRENCH = (
    "La ministre des Affaires étrangères, Ilse Toran, a déclaré lundi que le col du nord serait fermé si le convoi se "
    "mettait en route avant la fin des pourparlers. « Nous avons demandé trois fois », a-t-elle dit devant la presse."
)
PAGE = (
    "<!doctype html><html><head><meta charset='{}'><title>Toran shuts the pass</title></head><body><article><h1>Toran "
    "shuts the pass</h1><p>Foreign Minister Ilse Toran said on Monday that the northern pass would be closed until the "
    "talks in Halsund had ended.</p><p>“We have asked three times for an answer,” she told reporters after a meeting "
    "of the cabinet.</p><p>Lethia’s prime minister, Corinne Adaly, rejected the demand within the hour, and said that "
    "a café in Halsund would do for the next round.</p></article></body></html>"
)


def write(path, content, packed=False):
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(data) if packed else data)
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


# --- text and its characters


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (TEXT.encode(), TEXT),
        (b"\xef\xbb\xbf" + TEXT.encode(), "\ufeff" + TEXT),
        (TEXT.encode("utf-16"), "\ufeff" + TEXT),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "\ufeff" + TEXT),
        (TEXT.encode("utf-16-le"), TEXT),
        (b"\x00" + TEXT.encode("utf-16-le")[:-1], TEXT.encode("utf-16-le").decode("utf-16-le")),
        (("\ufeff" + TEXT).encode("utf-32-le"), "\ufeff" + TEXT),
        (TEXT.encode("cp1252"), TEXT),
        ("“One” caf".encode() + b"\xe9 \x93two\x94", "“One” café “two”"),  # a cp1252 line pasted into UTF-8
        (b"gaps of cp1252: \x81\x8d", "gaps of cp1252: \x81\x8d"),
    ],
    ids=["utf-8", "bom", "utf-16", "utf-16-be", "no bom", "big end", "utf-32", "cp1252", "mixed", "gaps"],
)
def test_bytes_are_decoded(data, expected):
    if data.startswith(b"\x00"):
        data, expected = TEXT.encode("utf-16-be"), TEXT
    assert decode_text(data) == expected


@pytest.mark.parametrize("charset", ["windows-1251", "shift_jis", "iso-8859-7"])
def test_a_declared_charset_is_used_where_the_bytes_are_not_utf8(charset):
    text = {"windows-1251": "Министр сказал", "shift_jis": "外相は語った", "iso-8859-7": "Ο υπουργός είπε"}[charset]
    assert decode_text(text.encode(charset), charset) == text
    assert decode_text(text.encode(), charset) == text  # UTF-8 goes first: few other texts are valid UTF-8
    assert decode_text("café".encode("cp1252"), "no-such-charset") == "café"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.sampled_from("\t\n\r\f“”"), max_size=300)
)
def test_raw_text_is_the_decoded_bytes(tmp_path, body):
    text = f"{body}\r\nThe minister said that it was the end of the talks.\r"
    path = write(tmp_path / "a.txt", text)
    articles, rejected = read_inputs(path, format="text")
    if len(articles):
        assert articles["raw_text"][0] == articles["text"][0] == text
        assert articles["raw_text"][0].encode() == path.read_bytes()
    else:  # only for another script's words
        assert "not in English" in rejected["reason"][0]


@given(st.binary(max_size=200))
def test_decoding_never_fails_otherwise_than_by_saying_binary(data):
    with contextlib.suppress(InputError):
        assert decode_text(data).encode() is not None  # no lone surrogate is left


def test_the_yaml_head_becomes_metadata_and_stays_in_the_text(tmp_path):
    head = (
        "---\ntitle: 'Remarks by President Kolvar: the river'\ndate: '2031-03-04'\npublished_time: 2031-03-04 "
        "11:13:51-04:00\nsource_url: https://ostrel.example/1\ntags: remarks\n---\n\n"
    )
    row = one(write(tmp_path / "a.md", head + TEXT))
    assert row["raw_text"] == head + TEXT
    assert row["headline"] == "Remarks by President Kolvar: the river"
    assert row["url"] == "https://ostrel.example/1"
    assert row["published"] == pd.Timestamp("2031-03-04T15:13:51Z")
    assert (row["published_precision"], row["published_basis"]) == ("time", "metadata")


def test_a_broken_yaml_head_is_reported_and_the_text_kept(tmp_path):
    articles, rejected = read_inputs(write(tmp_path / "a.md", "---\ntitle: 'open\ndate: [\n---\n" + TEXT))
    assert len(articles) == 1
    assert "YAML head is broken" in rejected["reason"][0]


def test_aliases_in_a_head_are_refused():
    head = split_head("---\ntitle: Pass shut\na: &a [x, x]\nb: [*a, *a]\n---\ntext")
    assert head.fault == "it holds aliases"
    assert head.entries["title"] == "Pass shut"


@pytest.mark.parametrize("text", ["--- said the minister ---\nfoo", "no head\n---\na: b\n---\n", "---\nnever closed\n"])
def test_dashes_are_no_head(text):
    assert split_head(text) is None


# --- formats


def rows(n=3):
    return [
        {"title": f"Story {i}", "date": f"2031-03-0{i}", "source": "The Selm Wire", "link": f"https://w.example/{i}",
         "text": f"{TEXT}Number {i}."}
        for i in range(1, n + 1)
    ]  # fmt: skip


def as_parquet(records):
    stream = io.BytesIO()
    pd.DataFrame(records).to_parquet(stream)
    return stream.getvalue()


TABLES = {
    "jsonl": lambda r: "\n".join(map(json.dumps, r)).encode(),
    "json": lambda r: json.dumps(r, indent=1).encode(),
    "csv": lambda r: pd.DataFrame(r).to_csv(index=False).encode(),
    "tsv": lambda r: pd.DataFrame(r).to_csv(index=False, sep="\t").encode(),
    "parquet": as_parquet,
}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gz"])
@pytest.mark.parametrize("ending", TABLES)
def test_tables_give_one_article_a_row(tmp_path, ending, packed):
    path = write(tmp_path / f"news.{ending}{'.gz' if packed else ''}", TABLES[ending](rows()), packed)
    articles, rejected = read_inputs(path)
    assert rejected.empty
    assert articles["raw_text"].tolist() == [row["text"] for row in rows()]
    assert articles["headline"].tolist() == ["Story 1", "Story 2", "Story 3"]
    assert articles["outlet"].unique().tolist() == ["The Selm Wire"]
    assert articles["url"][0] == "https://w.example/1"
    assert articles["published"].dt.day.tolist() == [1, 2, 3]
    assert articles["source"].tolist() == [f"{path}#{i}" for i in (1, 2, 3)]
    assert articles["article_id"].is_unique
    schema.check_table(articles, "articles")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_csv_separators_are_recognised(tmp_path, separator):
    path = write(tmp_path / "a.csv", pd.DataFrame(rows()).to_csv(index=False, sep=separator))
    assert len(load_articles(path)) == 3


@pytest.mark.parametrize("ending", ["html", "htm", "txt", "HTML", "aspx", ""], ids=str)
def test_pages_are_recognised_by_ending_or_content(tmp_path, ending):
    row = one(write(tmp_path / f"page{'.' * bool(ending)}{ending}", PAGE.format("utf-8")))
    assert row["raw_text"].startswith("Foreign Minister Ilse Toran said")
    assert row["headline"] == "Toran shuts the pass"


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "iso-8859-1", "utf-16"])
def test_pages_in_other_charsets(tmp_path, charset):
    codec = "cp1252" if charset == "iso-8859-1" else charset
    row = one(write(tmp_path / "page.html", PAGE.format(charset).encode(codec)))
    assert "“We have asked three times for an answer,” she told" in row["raw_text"]
    assert "a café in Halsund" in row["raw_text"]


@pytest.mark.parametrize(
    "start", ["A < B, the minister said.", "{curly} words", "<i>Our own correspondent</i>", "[sic]"]
)
def test_text_that_looks_a_little_like_another_format_is_text(tmp_path, start):
    assert one(write(tmp_path / "a.txt", f"{start}\n\n{TEXT}"))["raw_text"].startswith(start)


def make_archive(*records, packed=True):
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=packed)
    for address, status, kind, body in records:
        headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
        writer.write_record(writer.create_warc_record(address, "response", io.BytesIO(body), http_headers=headers))
    return stream.getvalue()


@pytest.mark.parametrize(("name", "packed"), [("a.warc", False), ("a.warc.gz", True), ("crawl", True)])
def test_web_archives(tmp_path, name, packed):
    data = make_archive(
        ("https://w.example/1", "200 OK", "text/html; charset=windows-1252", PAGE.format("x").encode("cp1252")),
        ("https://w.example/2", "404 Not Found", "text/html", b"gone"),
        ("https://w.example/3", "200 OK", "image/png", b"\x89PNG"),
        packed=packed,
    )
    articles, rejected = read_inputs(write(tmp_path / name, data))
    assert articles["url"].tolist() == ["https://w.example/1"]
    assert "a café" in articles["raw_text"][0]
    assert articles["source"][0].endswith("#1")
    assert rejected["reason"].tolist() == ["2 of 3 responses are no pages: 1 × HTTP status 404, 1 × image/png"]


def test_a_cut_web_archive_gives_its_whole_pages(tmp_path):
    page = PAGE.format("utf-8").encode()
    data = make_archive(*((f"https://w.example/{i}", "200 OK", "text/html", page) for i in (1, 2)), packed=False)
    articles, rejected = read_inputs(write(tmp_path / "a.warc", data[:-400]))
    assert articles["url"].tolist() == ["https://w.example/1"]
    assert "truncated" in rejected["reason"][0]


def test_the_format_given_goes_before_the_ending(tmp_path):
    write(tmp_path / "a.ann", TEXT)
    assert len(read_inputs(tmp_path)[0]) == 0  # found in a folder, its ending unknown
    assert len(read_inputs(tmp_path / "a.ann")[0]) == 1  # named
    assert len(read_inputs(tmp_path, format="text")[0]) == 1
    write(tmp_path / "p.txt", PAGE.format("utf-8"))
    assert "<article>" in one(tmp_path / "p.txt", format="text")["raw_text"]


@pytest.mark.parametrize(("given", "hint"), [("txt", "'text'"), ("Parquet", "'parquet'"), ("json", "'jsonl'")])
def test_an_unknown_format_is_named_with_what_was_meant(tmp_path, given, hint):
    with pytest.raises(ValueError, match=rf"format: expected one of text, .*got '{given}'; did you mean {hint}\?"):
        read_inputs(write(tmp_path / "a.txt", TEXT), format=given)


# --- paths


def test_folders_are_read_with_their_subfolders_in_order(tmp_path):
    for name in ("b.txt", "a/z.txt", "a/y.md", ".hidden/x.txt", ".x.txt", "page_files/script.txt"):
        write(tmp_path / name, f"{name} says: {TEXT}")
    write(tmp_path / "page.html", PAGE.format("utf-8"))
    articles, rejected = read_inputs(tmp_path)
    names = [Path(source).relative_to(tmp_path).as_posix() for source in articles["source"]]
    assert names == ["a/y.md", "a/z.txt", "b.txt", "page.html"]
    assert rejected.empty


def test_patterns_lists_and_overlaps(tmp_path):
    for name in ("a1.txt", "a2.txt", "b.txt", "deep/a3.txt"):
        write(tmp_path / name, f"{name} says: {TEXT}")
    assert len(load_articles(f"{tmp_path}/a*.txt")) == 2
    assert len(load_articles(f"{tmp_path}/**/a*.txt")) == 3
    assert len(load_articles([tmp_path, tmp_path / "a1.txt", f"{tmp_path}/*.txt"])) == 4


def test_ids_do_not_depend_on_where_the_folder_lies_or_on_neighbours(tmp_path):
    for root in ("one", "two"):
        write(tmp_path / root / "sub/a.txt", TEXT)
    write(tmp_path / "two/b.txt", f"Another. {TEXT}")
    first, second = load_articles(tmp_path / "one"), load_articles(tmp_path / "two")
    assert first["article_id"][0] == second.set_index("headline").iloc[1]["article_id"]
    both = load_articles([tmp_path / "one", tmp_path / "two"])
    assert both["article_id"].is_unique
    assert both["article_id"][0] == first["article_id"][0]


def test_ids_change_with_the_bytes_and_the_name(tmp_path):
    ids = {load_articles(write(tmp_path / name, text))["article_id"][0] for name, text in
           (("a.txt", TEXT), ("b.txt", TEXT), ("a.txt", TEXT + " "))}  # fmt: skip
    assert len(ids) == 3


def test_nothing_found_says_what_was_probably_meant(tmp_path):
    write(tmp_path / "articles.txt", TEXT)
    with pytest.raises(FileNotFoundError, match=r"no such file \(did you mean .*articles\.txt"):
        load_articles(tmp_path / "article.txt")
    with pytest.raises(FileNotFoundError, match="the pattern matches no files"):
        load_articles(f"{tmp_path}/*.md")
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match="the folder holds no files"):
        load_articles(tmp_path / "empty")


@pytest.mark.parametrize(("paths", "error"), [([], ValueError), (3, TypeError), ([3], TypeError)])
def test_paths_of_a_wrong_kind(paths, error):
    with pytest.raises(error, match="paths: expected"):
        read_inputs(paths)


# --- metadata


def test_the_metadata_beside_the_files_is_used_and_is_no_article(tmp_path):
    write(tmp_path / "a.txt", TEXT)
    write(tmp_path / "deep/b.html", PAGE.format("utf-8"))
    write(
        tmp_path / "metadata.csv",
        "file,title,outlet,published,url\na.txt,A title,The Selm Wire,2031-03-04T09:30:00+01:00,https://w.example/a\n"
        "deep/b.html,Another title,,March 2031,\ngone.txt,x,,,\n",
    )
    articles, rejected = read_inputs(tmp_path)
    assert articles["headline"].tolist() == ["A title", "Another title"]  # before what the page says of itself
    assert articles["published"][0] == pd.Timestamp("2031-03-04T08:30:00Z")
    assert articles["published_precision"].tolist() == ["time", "month"]
    assert articles["outlet"].isna().tolist() == [False, True]
    assert rejected["reason"].tolist() == ["files that it names are not there (1): gone.txt"]
    assert one(tmp_path / "a.txt")["headline"] == one(f"{tmp_path}/*")["headline"] == "A title"


def test_a_metadata_file_given_goes_first_and_may_lie_elsewhere(tmp_path):
    write(tmp_path / "news/a.txt", TEXT)
    write(tmp_path / "news/metadata.csv", "file,title\na.txt,Near\n")
    given = write(tmp_path / "meta.csv", "file;headline;date\na.txt;Given;04.03.2031\n")
    assert one(tmp_path / "news", metadata=given)["headline"] == "Given"
    given = write(tmp_path / "meta.csv", "file;headline\nnews/a.txt;Relative\n")
    assert one(tmp_path / "news", metadata=given)["headline"] == "Relative"


def test_a_metadata_file_that_cannot_be_used_says_why(tmp_path):
    write(tmp_path / "a.txt", TEXT)
    with pytest.raises(ValueError, match=r"metadata: .*expected a column 'file'; got name, title"):
        read_inputs(tmp_path, metadata=write(tmp_path / "m.csv", "name,title\na.txt,x\n"))
    with pytest.raises(ValueError, match=r"metadata: .*cannot be read"):
        read_inputs(tmp_path, metadata=tmp_path / "absent.csv")


@pytest.mark.parametrize("name", ["published", "publish_date", "Pub Date", "day"])
def test_a_date_that_is_none_is_reported_and_the_article_kept(tmp_path, name):
    path = write(tmp_path / "a.jsonl", json.dumps({"text": TEXT, name: "soon"}))
    with pytest.warns(InputWarning, match=r"published: expected a date; got 'soon'; loaded undated"):
        articles = load_articles(path)
    assert articles["published_precision"][0] == articles["published_basis"][0] == "none"


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"Title": "T", "PUB_DATE": "2031-03-04"}, {"headline": "T", "published": "2031-03-04"}),
        ({"source": {"id": None, "name": "The Wire"}}, {"outlet": "The Wire"}),
        ({"source": "https://w.example/1"}, {"url": "https://w.example/1"}),
        ({"paper": "The Wire", "story_title": "T"}, {"outlet": "The Wire", "headline": "T"}),
        ({"Newspaper Name": "The Wire", "Post Title": "T"}, {"outlet": "The Wire", "headline": "T"}),
        ({"author": {"name": "A. One"}, "title": {"rendered": "T"}}, {"byline": "A. One", "headline": "T"}),
        # what nobody knows is kept, and what says a thing again
        ({"leaning": 0.5, "Section": "W", "tags": ["a", "b"]}, {"leaning": 0.5, "Section": "W", "tags": "a; b"}),
        ({"label": 3, "title": None, "empty": "", "gap": float("nan")}, {"label": 3}),
        ({"source": "The Wire", "outlet": "The Post"}, {"outlet": "The Post", "source_given": "The Wire"}),
        ({"article_id": "7", "meta": {"a": [1]}}, {"article_id_given": "7", "meta": '{"a": [1]}'}),
        ({"authors": ["A. One", "B. Two"]}, {"byline": "A. One; B. Two"}),
        ({"headline": "Ties &amp; trains", "title": "other"}, {"headline": "Ties & trains", "title": "other"}),
        ({"date": "n/a", "published_at": "2031-03-04"}, {"published": "2031-03-04", "date": "n/a"}),
        ({"pub_date": "n/a"}, {"published": "n/a", "pub_date": "n/a"}),  # to be reported
        ({"language": "en-GB"}, {"lang": "en"}),
    ],
)
def test_fields_under_their_many_names(record, expected):
    assert read_fields(record) == expected


# --- what is rejected


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.odt", b"PK\x03\x04", r"OpenDocument file.*Nexis or Factiva export DOCX, RTF, PDF or plain text"),
        ("a.epub", b"PK\x03\x04", "an EPUB file, which is not read"),
        ("a", b"\n%PDF-1.7 ...", "the PDF file is broken"),
        ("a.bin", b"PK\x03\x04 ... word/document.xml", "the DOCX file is broken"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word or Excel file"),
        ("a.xlsx", b"PK\x03\x04", r"spreadsheet file. Save it as CSV"),
        ("a.zip", b"PK\x03\x04", "archive. Unpack it"),
        ("a.txt", b"", "it is empty"),
        ("a.txt", " \n\ufeff\n".encode(), "it is empty"),
        ("a.txt", bytes(range(256)) * 4, "binary, not text"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\x01\x02\x03\x04\x05\x06", "binary, not text"),
        ("a.txt.gz", gzip.compress(TEXT.encode() * 50)[:-30], "gzip file is truncated"),
        ("a.txt.gz", b"\x1f\x8b\x08\x00broken broken", "gzip file is (broken|truncated)"),
        ("a.txt", b"\xff\xfe\x41", "broken or truncated"),
        ("a.parquet", as_parquet([{"text": TEXT}])[:-20], "Parquet file is broken or truncated"),
        ("a.csv", b"", "it is empty"),
        ("a.json", b'[{"text": "The minister', "JSON is broken or truncated"),
        ("a.txt", FRENCH, r"not in English \(language found: fr\).*lang = en as metadata"),
        ("a.txt", "外相は月曜日、会談が終わる前に車列が動けば北の峠を閉鎖すると述べた。", "not in English"),
        ("a.html", PAGE.format("utf-8").split("<article>")[0], "no story was found"),
        ("a.txt", "word " * (MAX_CHARACTERS // 5 + 1), "2,000,005 characters; an article has at most 2,000,000"),
        ("a.txt", b"a" * (MAX_BYTES + 1), "more than 20,000,000 bytes, which no article has"),
    ],
)  # fmt: skip
def test_bad_inputs_say_why_and_what_to_do(tmp_path, name, data, expected):
    assert re.search(expected, reason(write(tmp_path / name, data)))


def test_an_unreadable_file_is_reported(tmp_path, monkeypatch):
    path = write(tmp_path / "a.txt", TEXT)

    def refuse(self, mode):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert "it cannot be read (Permission denied)" in reason(path)


def test_a_broken_line_does_not_lose_the_good_ones(tmp_path):
    lines = [json.dumps(row) for row in rows()]
    path = write(tmp_path / "a.jsonl", f"{lines[0]}\n{lines[1][:-9]}\n\n[1]\n{lines[2]}\n")
    articles, rejected = read_inputs(path)
    assert articles["source"].tolist() == [f"{path}#1", f"{path}#5"]
    assert rejected["source"].tolist() == [f"{path}#2", f"{path}#4"]
    assert rejected["reason"].str.contains("is not valid JSON").all()
    assert rejected["reason"][0].startswith("line 2 ")


def test_bad_rows_of_a_csv_do_not_lose_the_good_ones(tmp_path):
    good = f'title,text\nA,"{TEXT}"\n'
    articles, rejected = read_inputs(write(tmp_path / "a.csv", f'{good}B,x,y,z\nC,\nD,"{TEXT}"\n'))
    assert articles["headline"].tolist() == ["A", "D"]
    assert articles["raw_text"].tolist() == [TEXT, TEXT]
    assert sorted(rejected["reason"].str[:16]) == ["it is empty", "row 2 has more f"]
    articles, rejected = read_inputs(write(tmp_path / "b.csv", f'{good}B,"never closed\nand on'))
    assert articles["headline"].tolist() == ["A"]
    assert "a quoted field is not closed" in rejected["reason"][0]


@pytest.mark.parametrize(
    ("column", "columns", "hint"),
    [
        ("body", ("title", "Body_text"), "'Body_text'"),
        ("text", ("title", "content"), "'content'"),
        ("texte", ("title", "text"), "'text'"),
    ],
)
def test_a_wrong_text_column_says_which_was_meant(tmp_path, column, columns, hint):
    path = write(tmp_path / "a.csv", pd.DataFrame([["T", TEXT]], columns=columns).to_csv(index=False))
    expected = rf"text_column: expected a column '{column}'; got {', '.join(columns)} \(did you mean {hint}\?\)"
    with pytest.raises(FileNotFoundError, match=expected):
        load_articles(path, text_column=column)
    assert len(load_articles(path, text_column=columns[1])) == 1


def test_one_warning_for_each_rejected_input(tmp_path):
    write(tmp_path / "a.txt", TEXT)
    write(tmp_path / "b.txt", FRENCH)
    write(tmp_path / "c.zip", b"PK\x03\x04")
    with pytest.warns(InputWarning) as caught:
        articles = load_articles(tmp_path)
    assert len(articles) == 1
    assert [Path(str(w.message).split(": ")[0]).name for w in caught] == ["b.txt", "c.zip"]
    assert all(w.filename == __file__ for w in caught)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load_articles(tmp_path / "a.txt")


def test_read_inputs_never_raises_and_gives_full_tables(tmp_path):
    articles, rejected = read_inputs([tmp_path / "absent", write(tmp_path / "b.txt", "")])
    assert articles.columns.tolist() == list(schema.TABLES["articles"].columns)
    assert articles.dtypes.equals(schema.build_table("articles").dtypes)
    assert rejected.columns.tolist() == ["source", "reason", "advice"]
    assert len(rejected) == 2
    assert rejected["advice"].str.len().gt(0).all()
    write(tmp_path / "b.txt", TEXT)
    assert read_inputs(tmp_path)[1].columns.tolist() == ["source", "reason", "advice"]


def test_unpacking_leaves_other_bytes_alone():
    assert unpack(b"plain") == b"plain"
    assert unpack(gzip.compress(b"a") + gzip.compress(b"b")) == b"ab"
    assert detect_format(b"PAR1....", "x.gz") == "parquet"


# --- languages


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TEXT, "en"),
        (FRENCH, "fr"),
        ("Außenministerin Ilse Toran sagte am Montag, der Pass werde geschlossen, wenn sich der Konvoi vor dem Ende "
         "der Gespräche in Bewegung setze. Man habe dreimal um eine Antwort gebeten und tue es nicht wieder.", "de"),
        ("Министр иностранных дел Ильзе Торан заявила в понедельник, что перевал будет закрыт, если колонна двинется "
         "до окончания переговоров в Халсунде. Премьер-министр отклонила это требование.", "ru"),
        ("Yes.", None),
        ("Toran, Adaly, Kolvar", None),
        ("", None),
    ],
)  # fmt: skip
def test_languages(text, expected):
    assert detect_language(text) == expected


def test_english_metadata_overrules_the_guess(tmp_path):
    assert one(write(tmp_path / "a.jsonl", json.dumps({"text": FRENCH, "lang": "en"})))["lang"] == "en"
