"""Samples out to coders and labels back, in every form; a folder scored against them."""

import json
from xml.etree import ElementTree as ET

import openpyxl
import pandas as pd
import pytest

from diplotext import Analysis, schema
from diplotext.annotation import LabelSession, export_samples, import_labels, load_codebook, sample_annotations
from diplotext.cli import main
from diplotext.evaluate import evaluate_annotations


@pytest.fixture
def run(two_articles, two_statements):
    quotes, spans, stances = two_statements
    head = "=2 "  # what cleaning removes, and a spreadsheet would reckon
    articles = two_articles.assign(raw_text=head + two_articles["text"])
    edits = schema.build_table(
        "edits",
        [{"article_id": a, "raw_start": 0, "raw_end": 3, "start": 0, "end": 0, "rule": "head", "removed": head,
          "replacement": ""} for a in articles["article_id"]],
    )  # fmt: skip
    shifted = {c: quotes[c] + 3 for c in ("raw_start", "raw_end")}
    return Analysis(articles, edits, quotes=quotes.assign(**shifted), spans=spans, stances=stances)


@pytest.fixture
def samples(run):
    return sample_annotations(run, 2).sort_values("item_id", ignore_index=True)


def given(annotations):
    rows = annotations[annotations["label"].notna()]
    return {(i, f): label for i, f, label in zip(rows["item_id"], rows["field"], rows["label"], strict=True)}


CODED = {
    ("q1", "statement"): "yes", ("q1", "posture"): "threaten", ("q1", "speaker"): "Ilse Toran",
    ("q1#~ostrel", "stance"): "oppose", ("q1#30-40", "target"): "the convoy", ("q1#30-40", "stance"): "neutral",
}  # fmt: skip


def fill(sheet):
    """Fill a sheet in as a coder would: other case, spaces, a row for a further target, a remark."""
    sheet = sheet.set_index(["sample_id", "unit"]).sort_index()
    first = sheet[sheet["words"].str.contains("close the pass")].index[0][0]
    sheet.loc[(first, "statement"), ["statement", "posture", "speaker", "comment"]] = [
        "Yes",
        " THREATEN",
        "Ilse Toran",
        "odd",
    ]
    sheet.loc[(first, "target"), "stance"] = "oppose"
    more = pd.DataFrame([{"sample_id": first, "unit": "Target", "words": "the convoy", "stance": "neutral"}])
    return pd.concat([sheet.reset_index(), more]).fillna("")


def test_a_sheet_comes_back_as_it_was_filled_in(run, samples, tmp_path):
    path = export_samples(samples, run, tmp_path / "kim.csv")
    sheet = fill(pd.read_csv(path, dtype="str", keep_default_na=False))
    for name, options in {"kim.csv": {}, "ana.csv": {"sep": ";", "encoding": "cp1252"}}.items():
        sheet.to_csv(tmp_path / name, index=False, **options)
        annotations, problems = import_labels(tmp_path / name, samples, run)
        assert given(annotations) == CODED
        assert problems.empty
        assert set(annotations["annotator"]) == {name.removesuffix(".csv")}
        assert annotations["comment"].dropna().tolist() == ["odd"]


def test_added_words_have_raw_offsets(run, samples, tmp_path):
    start, end = 30, 40
    assert run.articles["raw_text"].iloc[0][start:end] == "the convoy"


def test_a_workbook_offers_the_labels_and_comes_back(run, samples, tmp_path):
    path = export_samples(samples, run, tmp_path / "kim.xlsx")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["labels", "codebook"]
    rules = {str(rule.sqref)[0]: rule.formula1 for rule in book["labels"].data_validations.dataValidation}
    assert len(rules) == 5
    sheet = fill(pd.read_excel(path, dtype="str", keep_default_na=False))
    sheet.to_excel(path, index=False)
    annotations, problems = import_labels(path, samples, run, "kim")
    assert given(annotations) == CODED
    assert problems.empty


def test_what_cannot_be_read_is_told_with_its_row(run, samples, tmp_path):
    sheet = pd.read_csv(export_samples(samples, run, tmp_path / "kim.csv"), dtype="str", keep_default_na=False)
    sheet.loc[0, ["posture", "stance"]] = ["menace", "oppose"]
    sheet.loc[len(sheet), ["sample_id", "posture"]] = ["s999", "warn"]
    sheet.fillna("").to_csv(tmp_path / "kim.csv", index=False)
    problems = import_labels(tmp_path / "kim.csv", samples, run).problems
    assert problems[["row", "field", "label"]].to_numpy().tolist() == [
        [2, "posture", "menace"], [2, "stance", "oppose"], [len(sheet) + 1, "posture", "warn"],
    ]  # fmt: skip
    assert "field of a statement" in problems["reason"].iloc[1]
    assert "got 's999'" in problems["reason"].iloc[2]


def test_label_studio_tasks_come_back_by_raw_offsets(run, samples, tmp_path):
    path = export_samples(samples, run, tmp_path / "tasks.json")
    tasks = json.loads(path.read_text("utf-8"))
    task = next(task for task in tasks if "close the pass" in task["data"]["text"])
    mark = task["predictions"][0]["result"][0]["value"]
    assert mark["text"] == "“We will close the pass if the convoy moves,”"
    start = task["data"]["text"].index("the convoy")
    value = {"start": start, "end": start + 10, "text": "the convoy"}
    named = {"to_name": "text", "origin": "manual"}
    result = [
        {**named, "id": "a", "from_name": "statement", "type": "choices", "value": {"choices": ["yes"]}},
        {**named, "id": "b", "from_name": "posture", "type": "choices", "value": {"choices": ["threaten"]}},
        {**named, "id": "c", "from_name": "speaker", "type": "textarea", "value": {"text": ["Ilse Toran"]}},
        {**named, "id": "x", "from_name": "marks", "type": "labels", "value": {**value, "labels": ["target"]}},
        {**named, "id": "x", "from_name": "stance", "type": "choices", "value": {**value, "choices": ["neutral"]}},
    ]
    task["annotations"] = [
        {"completed_by": {"id": 3, "email": "kim@example.org"}, "result": result, "updated_at": "2031-03-05T08:00:00Z"},
        {"completed_by": 4, "result": result[:2], "was_cancelled": True},
    ]
    path.write_text(json.dumps(tasks), "utf-8")
    annotations, problems = import_labels(path, samples, run)
    assert problems.empty
    assert given(annotations) == {key: label for key, label in CODED.items() if key[0] != "q1#~ostrel"}
    assert set(annotations["annotator"]) == {"kim@example.org"}


def test_the_configuration_has_every_field_and_label(run, samples, tmp_path):
    export_samples(samples, run, tmp_path / "tasks.json")
    view = ET.fromstring((tmp_path / "tasks.xml").read_text("utf-8"))
    assert [c.get("value") for c in view.find("Choices[@name='posture']")] == list(
        load_codebook().query("field == 'posture'")["label"]
    )
    assert view.find("Choices[@name='stance']").get("perRegion") == "true"
    assert {area.get("name") for area in view.iter("TextArea")} == {"speaker", "country", "target", "comment"}
    assert all(node.get("toName", "text") == "text" for node in view.iter())


def test_a_journal_comes_back_as_the_session_has_it(run, samples, tmp_path):
    session = LabelSession(samples, run, "kim", tmp_path / "kim.jsonl")
    session.set_label("posture", "warn")
    session.set_label("mode", "actual")
    session.undo()
    session.set_label("stance", "oppose", session.add_target("the convoy"))
    annotations = import_labels(session.path, samples, run).annotations
    assert given(annotations) == given(session.to_annotations())


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("kim.txt", "path: expected an ending of .csv, .xlsx, .json or .jsonl; got 'kim.txt'"),
        ("kim.csv", "path: expected a sheet of export_samples, with a column 'sample_id'; got 'kim.csv'"),
        ("kim.json", r"path: expected Label Studio's export in the JSON form, .*got 'kim.json'"),
    ],
)
def test_other_files_are_refused(run, samples, tmp_path, name, message):
    (tmp_path / name).write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(ValueError, match=message):
        import_labels(tmp_path / name, samples, run)


# --- scores ------------------------------------------------------------------------------------------------------


def labels(*rows, annotator="gold"):
    frame = pd.DataFrame(rows, columns=["item_id", "field", "label"])
    return schema.build_table("annotations", frame.assign(annotator=annotator))


def test_scores_weigh_each_statement_by_how_rarely_it_is_drawn(run, samples):
    samples = samples.assign(p_inclusion=[0.5, 0.1])
    coded = labels(
        ("q1", "posture", "threaten"), ("q2", "posture", "warn"), ("q1", "statement", "yes"), ("q2", "statement", "no"),
        ("q1", "speaker", "ilse toran"), ("q1", "conditional", "yes"), ("q1#~ostrel", "stance", "oppose"),
        ("q1#7-9", "target", "the pass"), ("q2#~talks", "target", "none"),
    )  # fmt: skip
    scores = evaluate_annotations(run, coded, samples)
    assert scores["posture"]["accuracy"]["estimate"] == pytest.approx(2 / 12, abs=1e-4)
    assert scores["statement"]["estimate"] == pytest.approx(2 / 12, abs=1e-4)
    assert scores["posture"]["confusion"] == {"threaten": {"threaten": 2.0}, "warn": {"support": 10.0}}
    assert scores["posture"]["per_label"]["threaten"]["precision"]["estimate"] == 1
    assert scores["posture"]["per_label"]["support"]["precision"] == {
        "estimate": 0.0, "ci_low": None, "ci_high": None, "n": 1
    } or scores["posture"]["per_label"]["support"]["precision"]["estimate"] == 0  # fmt: skip
    assert scores["targets"]["precision"]["estimate"] == pytest.approx(2 / 12, abs=1e-4)
    assert scores["targets"]["recall"]["estimate"] == pytest.approx(0.5)
    assert scores["speaker"]["accuracy"] == {"estimate": 1.0, "ci_low": None, "ci_high": None, "n": 1}
    assert scores["by_outlet"]["The Pass Courier"]["accuracy"]["posture"]["n"] == 2
    assert [part["n"] for part in scores["calibration"]["statement"]] == [1, 1]


def test_without_gold_the_label_of_most_counts_and_ties_do_not(run, samples):
    coded = pd.concat(
        [
            labels(("q1", "mode", "actual"), ("q2", "mode", m), annotator=a)
            for a, m in (("A", "actual"), ("B", "future"))
        ]
    )
    scores = evaluate_annotations(run, coded, samples)
    assert scores["mode"]["accuracy"]["n"] == 1
    assert scores["undecided"] == 1


def test_labels_of_no_sampled_statement_are_refused(run, samples):
    with pytest.raises(ValueError, match="annotations: expected labels of sampled statements; got none"):
        evaluate_annotations(run, labels(("z9", "mode", "actual")), samples)


# --- the command line --------------------------------------------------------------------------------------------


@pytest.fixture
def folder(run, tmp_path):
    for name in ("articles", "edits", "quotes", "spans", "stances"):
        schema.write_table(getattr(run, name), tmp_path / f"{name}.parquet")
    return tmp_path


def test_the_whole_way_on_the_command_line(folder, capsys):
    assert main(["annotate", "sample", str(folder), "--n", "2", "--seed", "4"]) == 0
    for coder, posture in (("kim", "threaten"), ("ana", "warn")):
        path = folder / f"{coder}.csv"
        assert main(["annotate", "export", str(folder), "--to", str(path)]) == 0
        sheet = fill(pd.read_csv(path, dtype="str", keep_default_na=False))
        sheet["posture"] = sheet["posture"].replace(" THREATEN", posture)
        sheet.to_csv(path, index=False)
    assert main(["annotate", "import", str(folder), str(folder / "kim.csv"), str(folder / "ana.csv")]) == 0
    assert "kim: 6 labels of 3 items" in capsys.readouterr().out
    assert main(["annotate", "agree", str(folder)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["undecided"] == 1
    assert told["fields"]["posture"]["all"]["percent"]["estimate"] == 0
    listed = pd.read_csv(folder / "disagreements.csv", dtype="str")
    assert listed["labels"].tolist() == ["ana: warn; kim: threaten"]
    listed.assign(label="threaten").to_csv(folder / "decided.csv", index=False)
    assert main(["annotate", "agree", str(folder), "--decisions", str(folder / "decided.csv")]) == 0
    assert json.loads(capsys.readouterr().out)["undecided"] == 0
    assert main(["evaluate", "annotations", "--data", str(folder)]) == 0
    assert json.loads(capsys.readouterr().out)["statement"]["estimate"] == 1


@pytest.mark.parametrize("step", [["export", "--to", "x.csv"], ["agree"], ["import", "kim.csv"]])
def test_a_folder_without_a_sample_or_labels_says_what_to_do(folder, capsys, step):
    assert main(["annotate", step[0], str(folder), *step[1:]]) == 2
    assert "`diplotext annotate" in capsys.readouterr().err


def test_a_sample_that_may_be_labelled_is_not_replaced(folder, capsys):
    assert main(["annotate", "sample", str(folder), "--n", "1"]) == 0
    assert main(["annotate", "sample", str(folder), "--n", "1"]) == 0
    assert main(["annotate", "sample", str(folder), "--n", "2"]) == 2
    assert "without a sample, to which labels may belong" in capsys.readouterr().err
