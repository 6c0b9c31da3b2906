"""Whatever comes in: no exception but those that are promised, no hang, and offsets that hold."""

import gzip
import json
import time
import warnings

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diplotext import Dictionaries, load_articles, schema
from diplotext.clean import clean_articles, clean_text
from diplotext.language import find_dates, find_quotations, find_sentences, read_moment, split_tokens
from diplotext.names import load_index
from diplotext.schema.dictionaries import check_dictionaries
from diplotext.stance.issues import load_issues
from diplotext.structure import outline_text

#: what breaks readers: marks, ends, signs that are half of something, and what each format begins with.
_PIECES = st.sampled_from(
    [
        "\0",
        "\ud800",
        "\udfff",
        "\u200f",
        "\u202e",
        "\ufeff",
        "\x85",
        "\u2028",
        "\r",
        "\n",
        "\r\n",
        "\t",
        " ",
        "“",
        "”",
        '"',
        "'",
        "‘",
        "’",
        "«",
        "»",
        "„",
        ",",
        ";",
        ":",
        "---\n",
        "...\n",
        "title: a\n",
        "date: 0000-00-00\n",
        "&a [*a]\n",
        "{",
        "}",
        '{"text": ',
        "[",
        "]",
        "<p>",
        "</p>",
        "<!--",
        "<html>",
        "<div>" * 40,
        "&#0;",
        "&#55296;",
        "&amp;lt;",
        "{\\rtf1 ",
        "%PDF-",
        "WARC/1.0\r\n",
        "Content-Length: 9\r\n\r\n",
        "text",
        "published",
        "0000-01-01",
        "9999-12-31",
        "31 February 2021",
        "Toran said ",
        "the ",
        "of ",
        "Mr. ",
        "Q: ",
        "By A. Kull\n",
        "SELM (Reuters) — ",
        "é",
        "漢字",
        "שלום",
        "1e999",
        "NaN",
        "-",
    ]
)
_TEXTS = st.lists(_PIECES | st.text(max_size=4), max_size=25).map("".join)
_BYTES = st.one_of(
    _TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")),
    _TEXTS.map(lambda text: text.encode("utf-16", "surrogatepass")),
    _TEXTS.map(lambda text: gzip.compress(text.encode("utf-8", "surrogatepass"), 1)),
    st.binary(max_size=60),
)
_ENDINGS = st.sampled_from(
    [
        ".txt",
        ".md",
        ".html",
        ".jsonl",
        ".json",
        ".csv",
        ".tsv",
        ".warc",
        ".warc.gz",
        ".parquet",
        ".rtf",
        ".docx",
        ".pdf",
        ".gz",
        "",
    ]
)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=6,
)
#: a quarter of what the profile has: files are slow
_quick = settings(
    max_examples=settings().max_examples // 4,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def encodable(text):
    return text.encode("utf-8", "replace").decode()


def load(path):
    """Load a file; that nothing in it can be read is told, by the promised exception."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        try:
            return schema.check_table(load_articles(path), "articles")
        except FileNotFoundError as error:
            if not str(error).startswith("paths: expected at least one readable article"):
                raise
            return None


@_quick
@given(data=_BYTES, cut=st.integers(0, 40), ending=_ENDINGS)
def test_any_bytes_under_any_name_are_articles_or_refused(data, cut, ending, tmp_path):
    (tmp_path / f"a{ending}").write_bytes(data[: len(data) - cut] if cut > 20 else data)
    load(tmp_path / f"a{ending}")


@_quick
@given(
    rows=st.lists(st.dictionaries(st.sampled_from(["text", "title", "published", "url", "source"]) | _TEXTS, _VALUES))
)
def test_any_records_are_articles_or_refused(rows, tmp_path):
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    load(tmp_path / "a.jsonl")
    frame = pd.DataFrame([{encodable(k): encodable(str(v)) for k, v in row.items()} for row in rows])
    (tmp_path / "a.csv").write_text(frame.to_csv(index=False), "utf-8", errors="replace")
    load(tmp_path / "a.csv")


@_quick
@given(text=_TEXTS)
def test_any_text_is_cleaned_and_parted_with_offsets_that_hold(text):
    rows = [{"article_id": "a", "source": "a.txt", "raw_text": text, "text": text}]
    articles, edits = clean_articles(schema.build_table("articles", rows))
    clean = articles["text"].iloc[0]
    assert all(text[e.raw_start : e.raw_end] == e.removed for e in edits.itertuples())
    outline_text(clean)
    for found in (find_quotations(clean), find_sentences(clean), split_tokens(clean), find_dates(clean, None)):
        assert all(0 <= one[0] <= one[1] <= len(clean) for one in found)
    read_moment(text)


_CELLS = st.sampled_from(
    [
        "",
        " ",
        "the ...",
        "...",
        "*",
        ";",
        "the",
        "a;b",
        "(",
        "[",
        "\\",
        "Venn",
        "Daro Venn",
        "person",
        "state",
        "XMV",
        "\0",
        "’s",
    ]
) | _TEXTS.map(encodable)  # what a column of texts can hold


def rows_of(*columns):
    return st.lists(st.fixed_dictionaries(dict.fromkeys(columns, _CELLS | st.none())), max_size=4).map(
        lambda rows: pd.DataFrame(rows, columns=columns)
    )


@_quick
@given(
    actors=rows_of("actor_id", "name", "kind", "country"),
    aliases=rows_of("alias", "actor_id"),
    issues=rows_of("issue_id", "name", "patterns"),
    date=_TEXTS,
)
def test_any_own_tables_are_taken_or_refused(actors, aliases, issues, date):
    for given_ones in (
        Dictionaries(date=date),
        Dictionaries(actors=actors, aliases=aliases),
        Dictionaries(issues=issues),
    ):
        try:
            own = check_dictionaries(given_ones)
            load_issues(own.issues).find(["the", "Venn", "talks"])
            load_index(own.actors, own.aliases)
        except ValueError as error:  # SchemaError is one
            if not str(error).startswith(("actors", "aliases", "issues", "date")):
                raise


@pytest.mark.parametrize(
    "name", ["a b.txt", "a%20b.txt", "ä'\".txt", "-rf.txt", "a\nb.txt", "[a]*?.txt", "CON.txt", "A.TXT"]
)
def test_any_name_of_a_file_is_a_name(name, tmp_path):
    (tmp_path / name).write_text("The pass is closed, Toran said.", "utf-8")
    assert load(tmp_path / name)["source"].iloc[0].endswith(name)
    assert len(load(tmp_path)) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", "<html>" + "<div>" * 50_000 + "The pass is closed." * 20),
        ("a.html", "<html><p>" + "<b>" * 20_000 + "The pass is closed." * 20),
        ("a.json", "[" * 100_000),
        ("a.jsonl", '{"text": ' * 50_000 + "1"),
        ("a.jsonl", '{"text": "The pass is closed.", "a": ' + "[" * 900 + "]" * 900 + "}"),
        ("a.md", "---\na: " + "[" * 50_000 + "\n---\nThe pass is closed."),
        ("a.md", "---\na: &a [x]\n" + "b: [*a, *a, *a]\n" * 30 + "---\nThe pass is closed."),
        ("a.rtf", "{\\rtf1 " + "{" * 50_000),
        ("a.csv", "text\n" + '"' * 100_001),
    ],
    ids=lambda value: value if len(value) < 10 else value[:20].strip(),
)
def test_what_is_nested_deeply_is_read_or_refused_at_once(name, content, tmp_path):
    (tmp_path / name).write_text(content, "utf-8")
    begun = time.thread_time()
    load(tmp_path / name)
    assert time.thread_time() - begun < 10


@pytest.mark.long
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv", "a.html", "a.md"])
def test_a_line_of_fifty_megabytes_costs_no_other_file(name, tmp_path):
    (tmp_path / name).write_text("text" + "\n" * (name == "a.csv") + "a" * 50_000_000, "utf-8")
    (tmp_path / "b.txt").write_text("The pass is closed, Toran said.", "utf-8")
    assert load(tmp_path)["source"].tolist() == ["b.txt"]


def grow(read, unit, size):
    text = unit * (size // len(unit)) + "\0"
    begun = time.thread_time()
    read(text)
    return time.thread_time() - begun


#: runs of what patterns repeat, each followed by what none expects.
_UNITS = [
    " ",
    "a",
    "A",
    "1",
    "\n",
    '"',
    "“",
    "'",
    "(",
    "[",
    ".",
    "-",
    "a ",
    "A ",
    "Aa, ",
    " \n",
    "A.",
    "1 ",
    "<a",
    "“a” ",
    "a'",
    "Q: a\n",
]
_READERS = [
    clean_text,
    outline_text,
    lambda text: [*find_quotations(text), *find_sentences(text), *find_dates(text, None)],
    split_tokens,
]


@pytest.mark.parametrize("read", _READERS, ids=["cleaning", "outline", "language", "words"])
@pytest.mark.long
def test_time_grows_with_the_text_whatever_it_repeats(read):
    for unit in _UNITS:
        times = [min(grow(read, unit, size) for _ in range(2)) for size in (8_000, 32_000)]
        assert times[1] < 9 * max(times[0], 0.01), unit


def test_half_a_sign_in_nested_values_and_names_of_columns_is_replaced(tmp_path):
    row = {"text": "The pass is closed.", "more\ud800": {"a": ["\udfff"]}}
    (tmp_path / "a.jsonl").write_text(json.dumps(row), "utf-8")
    assert load(tmp_path / "a.jsonl")["more\ufffd"].tolist() == ['{"a": ["\ufffd"]}']
