"""A coder's work: labels set, taken back, kept on the disk, and the screen over them."""

import json

import pandas as pd
import pytest

from diplotext import Analysis, schema
from diplotext.annotation import LabelSession, list_items, sample_annotations


@pytest.fixture
def run(two_articles, two_statements):
    quotes, spans, stances = two_statements
    edits = schema.build_table("edits")
    return Analysis(two_articles, edits, quotes=quotes, spans=spans, stances=stances)


@pytest.fixture
def samples(run):
    return sample_annotations(run, 2).sort_values("item_id", ignore_index=True)


@pytest.fixture
def session(run, samples, tmp_path):
    return LabelSession(samples, run, "kim", tmp_path / "labels" / "kim.jsonl")


def labels_of(session):
    rows = session.to_annotations()
    return dict(zip(zip(rows["item_id"], rows["field"], strict=True), rows["label"], strict=True))


def reopen(session, samples):
    return LabelSession(samples, session.analysis, session.annotator, session.path)


def test_a_label_is_on_the_disk_when_the_call_returns(session, samples):
    session.set_label("posture", "THREATEN")
    line = json.loads(session.path.read_text("utf-8"))
    assert (line["item_id"], line["field"], line["label"]) == ("q1", "posture", "threaten")
    assert (line["raw_start"], line["raw_end"]) == (0, 45)
    assert labels_of(reopen(session, samples)) == {("q1", "posture"): "threaten"}


def test_annotations_are_the_schemas_table(session):
    session.set_label("posture", "warn")
    session.set_comment("not sure")
    session.move(1)
    session.set_comment("odd")
    rows = schema.check_table(session.to_annotations(), "annotations")
    assert rows[["item_id", "field", "label", "comment", "annotator"]].fillna("").to_numpy().tolist() == [
        ["q1", "posture", "warn", "not sure", "kim"],
        ["q2", "comment", "", "odd", "kim"],
    ]
    assert rows["at"].notna().all()


def test_undo_takes_back_change_after_change_and_goes_where_it_was(session, samples):
    session.set_label("posture", "warn")
    session.set_label("posture", "deny")
    session.move(1)
    session.set_label("mode", "future")
    assert session.undo()
    assert session.undo()
    assert session.position == 0
    assert labels_of(session) == labels_of(reopen(session, samples)) == {("q1", "posture"): "warn"}
    again = reopen(session, samples)
    assert again.undo()  # a new session takes back what the old one did
    assert labels_of(again) == {}
    assert not again.undo()
    assert labels_of(reopen(session, samples)) == {}


def test_a_line_cut_by_a_crash_is_skipped_and_what_follows_is_kept(session, samples):
    session.set_label("posture", "warn")
    with session.path.open("ab") as stream:
        stream.write(b'{"item_id": "q1", "field": "mo')
    later = reopen(session, samples)
    assert labels_of(later) == {("q1", "posture"): "warn"}
    later.set_label("mode", "actual")
    assert labels_of(reopen(session, samples)) == {("q1", "posture"): "warn", ("q1", "mode"): "actual"}


def test_two_tabs_on_one_journal_lose_nothing(session, samples):
    other = reopen(session, samples)
    session.set_label("posture", "warn")
    other.set_label("mode", "actual")
    session.undo()
    assert labels_of(reopen(session, samples)) == {("q1", "mode"): "actual"}


def test_labels_that_the_codebook_has_not_are_refused(session):
    with pytest.raises(ValueError, match=r"label: expected one of threaten, .*got 'menace'"):
        session.set_label("posture", "menace")
    with pytest.raises(ValueError, match=r"field: expected one of statement, .* for a statement; got 'stance'"):
        session.set_label("stance", "oppose")
    assert not session.path.exists()


def test_a_journal_is_of_one_coder(session, samples):
    session.set_label("posture", "warn")
    with pytest.raises(ValueError, match=r"the journal of 'ana'; got 'kim.jsonl', which is that of 'kim'"):
        LabelSession(samples, session.analysis, "ana", session.path)
    with pytest.raises(ValueError, match="annotator: expected the name of who labels; got ' '"):
        LabelSession(samples, session.analysis, " ", session.path)


def test_targets_are_labelled_corrected_added_and_taken_back(session, samples):
    machine = session.targets["item_id"].iloc[0]
    assert machine == "q1#~ostrel"
    session.set_label("target", "none", machine)
    added = session.add_target("the convoy")
    text = session.articles["text"].iloc[0]
    start, _, end = added.partition("#")[2].partition("-")
    assert text[int(start) : int(end)] == "the convoy"
    session.set_label("stance", "oppose", added)
    assert session.targets["name"].tolist() == ["Ostrel", "the convoy"]
    assert session.add_target("The Convoy") == added
    assert session.add_target("ostrel") == machine
    again = reopen(session, samples)
    assert again.targets["item_id"].tolist() == [machine, added]
    assert labels_of(again) == labels_of(session)
    again.undo()
    again.undo()
    assert again.targets["item_id"].tolist() == [machine]


def test_added_words_keep_raw_offsets_through_the_edits(run, samples, tmp_path):
    articles = run.articles.assign(raw_text="## " + run.articles["text"])
    edits = schema.build_table(
        "edits",
        [{"article_id": a, "raw_start": 0, "raw_end": 3, "start": 0, "end": 0, "rule": "head", "removed": "## ",
          "replacement": ""} for a in articles["article_id"]],
    )  # fmt: skip
    session = LabelSession(samples, run._replace(articles=articles, edits=edits), "kim", tmp_path / "kim.jsonl")
    start, _, end = session.add_target("the convoy").partition("#")[2].partition("-")
    assert articles["raw_text"].iloc[0][int(start) : int(end)] == "the convoy"


def test_keys_label_what_is_asked_and_go_on(session):
    assert session.asked == ("statement", "q1")
    for typed in ("y", "t", "th", "y", "a", "o"):
        rest = session.press(typed)
    assert rest == ""
    assert labels_of(session) == {
        ("q1", "statement"): "yes", ("q1", "posture"): "threaten", ("q1", "conditional"): "yes",
        ("q1", "mode"): "actual", ("q1#~ostrel", "stance"): "oppose",
    }  # fmt: skip
    assert session.asked is None
    assert session.progress == (1, 2)
    session.press("!")
    assert session.asked == ("stance", "q1#~ostrel")
    session.press(">")
    assert session.statement["quote_id"] == "q2"
    assert session.press("x") == ""
    session.press("<")
    assert session.position == 0


def test_keys_wait_for_the_rest_of_a_longer_one(session):
    session.press("y")
    assert session.press("t") == "t"
    assert session.press("th") == ""
    assert session.label("posture") == "threaten"


def test_what_is_no_statement_asks_nothing_more(session):
    session.set_label("statement", "no")
    assert session.asked is None
    session.move_to_open()
    assert session.position == 1


def test_a_session_opens_at_the_first_statement_that_is_open(session, samples):
    session.set_label("statement", "no")
    assert reopen(session, samples).position == 1


def test_an_own_codebook_asks_its_own_fields(run, samples, tmp_path):
    book = pd.DataFrame({"field": ["tone", "tone"], "label": ["warm", "cold"], "definition": ["kind", "unkind"]})
    session = LabelSession(samples, run, "kim", tmp_path / "kim.jsonl", book)
    session.press("c")
    assert labels_of(session) == {("q1", "tone"): "cold"}


def test_items_of_another_run_are_refused_with_what_to_do(run, samples):
    with pytest.raises(
        ValueError, match=r"samples: expected statements of this analysis; got item_id 'z9'.*join_labels"
    ):
        list_items(samples.assign(item_id="z9"), run)


# --- the screen --------------------------------------------------------------------------------------------------


@pytest.fixture
def screen(session):
    widgets = pytest.importorskip("diplotext.annotation.widget", reason="needs ipywidgets")
    return widgets.Annotator(session)


def choice(screen, field):
    return next(box for box, name, _ in screen._choices if name == field)


def test_the_screen_marks_the_statement_and_does_not_show_the_machines_labels(screen):
    assert "We will close the pass" in screen._text.value
    assert "The Pass Courier · 2031-03-04 · Story a1" in screen._heading.value
    assert all(box.value is None for box, _, _ in screen._choices)


def test_clicks_and_keys_are_the_sessions_and_are_shown(screen, session):
    choice(screen, "posture").value = "warn"
    assert session.label("posture") == "warn"
    screen._keys.value = "y"
    assert session.label("statement") == "yes"
    screen._keys.value = "yyf>"  # typed faster than the screen answers
    assert (session.label("conditional", "q1"), session.label("mode", "q1"), session.position) == ("yes", "future", 1)
    screen._keys.value = "yyf><"
    assert choice(screen, "statement").value == "yes"
    choice(screen, "posture").value = None
    assert session.label("posture") is None
    next(box for box, name, _ in screen._texts if name == "speaker").value = "Ilse Toran"
    assert session.label("speaker") == "Ilse Toran"
    screen._comment.value = "clear"
    assert session.comment == "clear"
    screen._act(session.undo)
    assert screen._comment.value == ""


def test_a_step_shows_the_next_statement_and_an_added_target_its_controls(screen, session):
    before = len(screen._choices)
    screen._act(lambda: session.add_target("the convoy"))
    assert len(screen._choices) == before + 2
    screen._act(lambda: session.move(1))
    assert "welcomes the talks" in screen._text.value
    screen._act(lambda: session.add_target(" "))
    assert "expected the words" in screen._said.value


def test_hostile_text_stays_text(run, samples, tmp_path):
    widgets = pytest.importorskip("diplotext.annotation.widget", reason="needs ipywidgets")
    articles = run.articles.assign(headline="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>" * 4)
    stances = run.stances.assign(target="<b>Ostrel</b>")
    own = run._replace(articles=articles, stances=stances, spans=None)
    screen = widgets.Annotator(LabelSession(samples, own, "kim", tmp_path / "kim.jsonl"))
    shown = [
        screen._heading.value,
        screen._text.value,
        *(w.value for w in screen._fields.children if hasattr(w, "value")),
    ]
    assert not any(tag in value for value in shown for tag in ("<script", "<img", "<b>Ostrel"))
