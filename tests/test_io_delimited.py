"""Tables of separated fields: whole rows are read as they are, a broken one is told and costs itself."""

import pytest

from diplotext.io import read_inputs
from diplotext.io.decoding import InputError
from diplotext.io.delimited import read_delimited

SAID = "Lethia’s minister, Corinne Adaly, said the claim was false."


def read(text):
    names, rows = read_delimited(text)
    return names, list(rows)


MORE = "has more fields than the header"
OPEN = "in row {} a quoted field is not closed: the file is truncated or a quote mark is stray"
CASES = {
    "more fields in the first row": ("a,b\n1,2,3\n4,5\n", [(1, f"row 1 {MORE} (3 for 2)"), (2, {"a": "4", "b": "5"})]),
    "more fields in a later row": ("a,b\n1,2\n3,4,5\n6,7\n",
        [(1, {"a": "1", "b": "2"}), (2, f"row 2 {MORE} (3 for 2)"), (3, {"a": "6", "b": "7"})]),
    "more fields in each row": ("a,b\n1,2,3\n4,5,6\n",
        [(1, f"row 1 {MORE} (3 for 2)"), (2, f"row 2 {MORE} (3 for 2)")]),
    "a comma at the end of each row": ("a,b\n1,2,\n3,4,\n", [(1, {"a": "1", "b": "2"}), (2, {"a": "3", "b": "4"})]),
    "and of the header": ("a,b,\n1,2,\n", [(1, {"a": "1", "b": "2", "column 3": ""})]),
    "a bare comma before an empty column": ("a,b,c\nx,one, two,\ny,th,\nz,f,\n",
        [(1, f"row 1 {MORE} (4 for 3)"), (2, {"a": "y", "b": "th", "c": ""}), (3, {"a": "z", "b": "f", "c": ""})]),
    "and in the only row": ("a,b,c\nx,one, two,\n", [(1, f"row 1 {MORE} (4 for 3)")]),
    "and without a space": ("a,b,c\nx,1,000 men,\ny,th,\n",
        [(1, f"row 1 {MORE} (4 for 3)"), (2, {"a": "y", "b": "th", "c": ""})]),
    "fewer fields": ("a,b\n1\n2,3\n", [(1, {"a": "1"}), (2, {"a": "2", "b": "3"})]),
    "blank rows": ("a,b\n\n1,2\n,\n  \n3,4\n\n", [(1, {"a": "1", "b": "2"}), (3, {"a": "3", "b": "4"})]),
    "doubled quote marks": ('a,b\n"He said ""no"", then left",2\n', [(1, {"a": 'He said "no", then left', "b": "2"})]),
    "escaped quote marks": ('a,b\n"Say \\"no\\", then left",2\n', [(1, {"a": 'Say "no", then left', "b": "2"})]),
    "quote marks not doubled": ('a,b\n"He said "no" to us",2\n3,4\n',
        [(1, "in row 1 a quote mark inside a quoted field is not doubled"), (2, {"a": "3", "b": "4"})]),
    "quote marks in a bare field": ('a,b\nHe said "no",2\n', [(1, {"a": 'He said "no"', "b": "2"})]),
    "never closed in the middle": ('a,b\n"never closed,2\n3,4\n', [(1, OPEN.format(1)), (2, {"a": "3", "b": "4"})]),
    "never closed at the end": ('a,b\n3,4\n5,"cut of', [(1, {"a": "3", "b": "4"}), (2, OPEN.format(2))]),
    "cut in the last row": ("a,b\n1,2\n3", [(1, {"a": "1", "b": "2"}),
        (2, "row 2 has fewer fields than the others and no line end: the file is truncated")]),
    "lines in a field": ('a,b\r\n"one\r\n\r\ntwo",2\r\n', [(1, {"a": "one\r\n\r\ntwo", "b": "2"})]),
    "old line ends": ("a,b\r1,2\r3,4", [(1, {"a": "1", "b": "2"}), (2, {"a": "3", "b": "4"})]),
    "semicolons": ("a;b\n1,5;2\n", [(1, {"a": "1,5", "b": "2"})]),
    "tabs": ('a\tb\nx, "y"\t2\n', [(1, {"a": 'x, "y"', "b": "2"})]),
    "what a spreadsheet says": ("sep=;\na;b\n1;2\n", [(1, {"a": "1", "b": "2"})]),
    "a byte order mark": ("\ufeffa,b\n1,2\n", [(1, {"a": "1", "b": "2"})]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_rows(name):
    text, expected = CASES[name]
    assert read(text)[1] == expected


def test_columns_have_names_of_their_own():
    assert read("text, a ,,text\n")[0] == ["text", "a", "column 3", "text.1"]


def test_a_field_may_be_long():
    assert read("a,b\n" + "x" * 200_000 + ",2\n")[1] == [(1, {"a": "x" * 200_000, "b": "2"})]


@pytest.mark.parametrize("text", ["", "\n\n", 'a,"b'])
def test_without_a_header_there_is_no_table(text):
    with pytest.raises(InputError):
        read_delimited(text)


def test_articles_are_never_shifted(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f'title,text,date\nA,{SAID},2031-02-01\nB,"{SAID}",2031-02-02\nC,"{SAID}",2031-02-03\n', "utf-8")
    articles, rejected = read_inputs(path)
    assert articles[["headline", "text"]].values.tolist() == [["B", SAID], ["C", SAID]]
    assert articles["published"].dt.day.tolist() == [2, 3]
    assert articles["source"].tolist() == [f"{path}#2", f"{path}#3"]
    assert rejected[["source", "reason"]].values.tolist() == [[f"{path}#1", f"row 1 {MORE} (5 for 3)"]]


def test_rows_of_the_metadata_cost_themselves(tmp_path):
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(f"{name}: {SAID}", "utf-8")
    long = "and so on " * 20_000
    (tmp_path / "metadata.csv").write_text(
        f"File Name,story_title,leaning,{'x' * 300}\na.txt,Adaly, the minister,left,,\nb.txt,B,right\n"
        f"{'n' * 300}.txt,N,left\nc.txt,{long},left\n\0,Zero,left\n",
        "utf-8",
    )
    articles, rejected = read_inputs(tmp_path)
    assert articles["headline"].fillna("").tolist() == ["", "B", long.strip()]
    assert articles["leaning"].fillna("").tolist() == ["", "right", "left"]
    assert rejected["reason"].str.contains("more fields than the header|are not there").tolist() == [True, True]
