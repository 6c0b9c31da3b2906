import pandas as pd
import pytest
from openpyxl import load_workbook

from diplotext import schema


@pytest.mark.parametrize("name", schema.TABLES)
@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_empty_table_survives_a_file(name, ending, tmp_path):
    table = schema.build_table(name)
    assert list(table.columns) == list(schema.TABLES[name].columns)
    path = schema.write_table(table, tmp_path / f"{name}.{ending}")
    pd.testing.assert_frame_equal(schema.read_table(path, name), table)


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_filled_tables_survive_a_file(two_articles, two_statements, ending, tmp_path):
    quotes, spans, stances = two_statements
    for name, table in {"articles": two_articles, "quotes": quotes, "spans": spans, "stances": stances}.items():
        path = schema.write_table(table, tmp_path / f"{name}.{ending}")
        pd.testing.assert_frame_equal(schema.read_table(path, name), table)


def test_csv_tells_an_empty_text_from_a_missing_one(tmp_path):
    text = 'a, "b"\r\nc\nd'
    rows = [
        {"article_id": "a", "raw_start": i, "raw_end": i, "start": 0, "end": 0, "rule": "r", "removed": removed,
         "replacement": replacement}
        for i, (removed, replacement) in enumerate([(text, ""), ("", None), (None, "NA"), ("null", "nan")])
    ]  # fmt: skip
    table = schema.build_table("edits", rows)
    back = schema.read_table(schema.write_table(table, tmp_path / "edits.csv"), "edits")
    pd.testing.assert_frame_equal(back, table)
    assert back["replacement"].isna().tolist() == [False, True, False, False]


def test_excel_gets_times_without_zone(two_articles, tmp_path):
    path = schema.write_table(two_articles, tmp_path / "articles [1].xlsx")
    assert pd.read_excel(path)["published"].iloc[0] == pd.Timestamp("2031-03-04 09:00")


FORMULAS = ["=cmd|' /C calc'!A0", '=HYPERLINK("x","y")', "+1", "-1", "@SUM(1)", "\t=1", "\r=1", " =1", "＝1", "\x00=1"]
TEXTS = ["#N/A", "#DIV/0!", "1", "TRUE", "2031-01-02", "'=1", "a=b", "a\n=b", "", None]


def test_a_workbook_holds_texts_as_texts(two_articles, tmp_path):
    table = pd.DataFrame({"headline": [*FORMULAS, *TEXTS], "=1": 1.5, "flag": pd.array([True] * 20, "boolean")})
    book = load_workbook(schema.write_workbook({"statements": table, "articles": two_articles}, tmp_path / "t.xlsx"))
    assert book.sheetnames == ["statements", "articles", "notes"]
    sheet = book["statements"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:C21")
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n", "b"}
    shown = [value.replace("\x00", "\ufffd") if value else None for value in [*FORMULAS, *TEXTS]]
    assert [cell.value for cell in sheet["A"]] == ["headline", *shown]
    guarded = {cell.value for cell in sheet["A"] if cell.quotePrefix}
    assert guarded == {v for v in shown if v and v[0] in "=+-@#"}


def test_what_a_cell_does_not_hold_is_noted(tmp_path):
    texts = ["a\ufffeb\x0bc\ud800", "x" * 32_767, "x" * 32_768, "😀" * 16_383, "😀" * 16_384, "fine"]
    table = pd.DataFrame({"text": pd.Series(texts, dtype=object), "when": pd.Timestamp("1650-02-03")})
    book = load_workbook(schema.write_workbook({"t": table}, tmp_path / "t.xlsx"))
    back = [row[0] for row in book["t"].iter_rows(min_row=2, values_only=True)]
    assert back[0] == "a\ufffdb\ufffdc\ufffd"
    assert [len(text.encode("utf-16-le")) // 2 for text in back[1:5]] == [32_767, 32_767, 32_766, 32_766]
    assert [text.endswith(" […]") for text in back[1:5]] == [False, True, False, True]
    assert book["t"]["B2"].value == "1650-02-03 00:00:00"
    notes = list(book["notes"].iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[1], row[3]) for row in notes] == [("t", "text", 3), ("t", "text", 2)]


def test_csv_tells_a_spreadsheet_its_encoding_and_guards_formulas_if_asked(tmp_path):
    table = pd.DataFrame({"headline": pd.Series([*FORMULAS, *TEXTS], dtype="str"), "n": -1})
    plain, guarded = tmp_path / "plain.csv", tmp_path / "guarded.csv"
    schema.write_table(table, plain)
    schema.write_table(table, guarded, guard=True)
    assert plain.read_bytes().startswith(b'\xef\xbb\xbf"headline"')
    read = [pd.read_csv(path, keep_default_na=False, na_values=[])["headline"].tolist() for path in (plain, guarded)]
    texts = [text or "" for text in TEXTS]
    assert read[0] == [*FORMULAS, *texts]
    assert read[1] == [*(f"'{text}" for text in FORMULAS), *texts]


def test_check_table_keeps_the_input_and_further_columns(two_articles):
    given = two_articles.drop(columns="notes").assign(mine=1)
    before = given.copy()
    checked = schema.check_table(given, "articles")
    pd.testing.assert_frame_equal(given, before)
    assert checked.columns[-1] == "mine"
    assert checked["notes"].isna().all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda q: q.drop(columns="article_id"), r"quotes: expected a column 'article_id'"),
        (lambda q: q.rename(columns={"quote_id": "quoteid"}), r"did you mean to rename 'quoteid'\?"),
        (lambda q: q.assign(kind="spoken"), r"quotes.kind: expected one of direct, mixed, .*; got 'spoken'"),
        (lambda q: q.assign(start=9, end=3), r"expected 0 <= start <= end; got 9 and 3"),
        (lambda q: q.assign(quote_id="q"), r"expected each quote_id once; got \{'quote_id': 'q'\} again"),
        (lambda q: q.assign(start="early"), r"quotes.start: expected Int64; got"),
    ],
)
def test_check_table_says_what_is_wrong(two_statements, change, message):
    with pytest.raises(schema.SchemaError, match=message):
        schema.check_table(change(two_statements[0]), "quotes")


def test_unknown_table_has_a_near_miss():
    with pytest.raises(schema.SchemaError, match="did you mean 'quotes'"):
        schema.build_table("quote")


@pytest.mark.parametrize("name", ["t.pickle", "t"])
def test_other_endings_are_refused(name, tmp_path):
    with pytest.raises(ValueError, match="expected an ending of"):
        schema.write_table(schema.build_table("edits"), tmp_path / name)
    with pytest.raises(ValueError, match="expected an ending of"):
        schema.read_table(tmp_path / name, "edits")


def test_a_broken_file_is_named(tmp_path):
    (tmp_path / "actors.csv").write_text("", "utf-8")
    with pytest.raises(schema.SchemaError, match=r"actors.csv: expected a header line"):
        schema.read_table(tmp_path / "actors.csv", "actors")
    (tmp_path / "actors.csv").write_text("actor,role\nx,y\n", "utf-8")
    with pytest.raises(schema.SchemaError, match=r"actors.csv: actors: expected a column 'actor_id'"):
        schema.read_table(tmp_path / "actors.csv", "actors")


def test_a_spreadsheets_csv_is_read(tmp_path):
    (tmp_path / "actors.csv").write_bytes(
        "\ufeffactor_id,role,valid_from,name,kind\ntoran,Foreign Minister,2030-01-01,Ilse Toran,person\n".encode()
    )
    actors = schema.read_table(tmp_path / "actors.csv", "actors")
    assert actors.loc[0, "actor_id"] == "toran"
    assert actors.loc[0, "valid_from"] == pd.Timestamp("2030-01-01")
    assert pd.isna(actors.loc[0, "country"])


def test_findings_keep_their_grouping_columns_in_front(tmp_path):
    frame = pd.DataFrame({"country": ["XMV", None], **{c: [1, 2] for c in schema.FINDINGS}, "measure": ["a", "b"]})
    back = schema.read_table(schema.write_table(frame, tmp_path / "findings.csv"), "findings")
    assert list(back.columns) == ["country", *schema.FINDINGS]
    assert back["n_quotes"].dtype == "Int64"
    schema.write_table(frame.drop(columns="estimate"), tmp_path / "findings.csv")
    with pytest.raises(schema.SchemaError, match="findings: expected a column 'estimate'"):
        schema.read_table(tmp_path / "findings.csv", "findings")


def test_a_missing_table_of_the_package_is_told():
    with pytest.raises(FileNotFoundError, match=r"got 'absent.csv', which is missing"):
        schema.read_rows("absent.csv")
