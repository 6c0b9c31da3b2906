"""One text at a glance, and the advice that a run gives where speakers have no country."""

import pandas as pd
import pytest

import diplotext as dt
from diplotext.cli import main
from diplotext.pipeline.glance import advise_on_actors

TEXT = 'Envoy Mara Toran said that Lethia must open the gates. "We will answer," she warned Lethia.'
OWN = dt.Dictionaries(
    actors=pd.DataFrame({"actor_id": ["toran", "lethia"], "name": ["Mara Toran", "Lethia"],
                         "kind": ["person", "state"], "country": ["MRV", "LTH"]})
)  # fmt: skip


@pytest.fixture(scope="module")
def glance():
    return dt.quick(TEXT, dictionaries=OWN)


def test_the_text_is_marked_and_each_statement_has_its_line(glance):
    first, empty, *lines = repr(glance).splitlines()
    assert first.startswith("<Envoy Mara Toran> said [1 that Lethia must open the gates]. [2 ")
    assert first.replace("[1 ", "").replace("[2 ", "").translate(str.maketrans("", "", "<>[]")) == TEXT
    assert empty == ""
    assert [line[:24] for line in lines[:2]] == ["[1] Mara Toran (MRV) → L", "[2] Mara Toran (MRV) → L"]
    assert " · demand · sure " in lines[0]
    assert "give your own actors" not in lines[-1]


def test_how_sure_is_the_least_of_what_is_known(glance):
    for row in glance.table.itertuples():
        quote = glance.analysis.quotes.set_index("quote_id").loc[row.Index]
        main_target = glance.analysis.stances.drop_duplicates("quote_id").set_index("quote_id").loc[row.Index]
        known = [quote["confidence"], quote["speaker_confidence"], main_target["posture_p"]]
        if main_target["target_id"]:
            known += [main_target["target_p"], main_target[["p_oppose", "p_neutral", "p_support"]].max()]
        assert row.sure == pytest.approx(min(known))
        assert 0 <= row.sure <= 1


def test_a_notebook_shows_marks_and_a_table_with_their_styles(glance):
    html = glance._repr_html_()
    assert html.count("<mark style=") == (glance.analysis.spans["role"] == "content").sum()
    assert html.count("<tr>") == 3
    assert "<style" not in html


def test_angle_brackets_of_the_text_are_no_markup_in_a_notebook():
    assert "<b>" not in dt.quick("Envoy Mara Toran said that the <b>gates</b> & locks are shut.")._repr_html_()


@pytest.mark.parametrize("text", ["A ferry came in at dusk.", "It rained on the river, and the boats stayed in."])
def test_a_text_without_statements_says_so(text):
    glance = dt.quick(text)
    assert repr(glance) == f"{text}\n\nNo statement was found."
    assert "No statement was found." in glance._repr_html_()
    assert glance.table.empty


@pytest.mark.parametrize(
    ("text", "error", "told"),
    [
        (["one", "two"], TypeError, r"text: expected one text; got list\. For several use"),
        (None, TypeError, "text: expected one text; got NoneType"),
        ("", ValueError, "it is empty"),
        (" \n", ValueError, "it is empty"),
    ],
)
def test_what_is_no_text_is_refused(text, error, told):
    with pytest.raises(error, match=told):
        dt.quick(text)


def test_the_command_prints_what_the_notebook_has(capsys):
    assert main(["quick", TEXT]) == 0
    shown = capsys.readouterr().out
    assert shown == f"{dt.quick(TEXT)!r}\n"
    assert "2 of 2 statements by named speakers have no country: give your own actors (--dictionaries" in shown


def test_a_path_in_place_of_a_text_is_refused(capsys, tmp_path):
    (tmp_path / "article.txt").write_text(TEXT, "utf-8")
    assert main(["quick", str(tmp_path / "article.txt")]) == 2
    assert "TEXT: expected a text; got the path" in capsys.readouterr().err


SPEAKERS = [  # kind, country, parties, actor_id of the speakers; whether advice is due
    ([], False),
    ([("person", "KEN", None, None)], False),
    ([("person", None, None, None)], True),
    ([("person", None, None, None), ("person", "KEN", None, None)], False),
    ([("person", None, None, None), ("state", None, None, None), ("person", "KEN", None, None)], True),
    ([("organisation", None, None, "un")], False),
    ([("organisation", None, "KEN;UGA", None)], False),
    ([("anonymous", None, None, None), ("collective", None, None, None)], False),
    ([("unknown", None, None, None)], False),
]


@pytest.mark.parametrize(("rows", "due"), SPEAKERS)
def test_advice_comes_where_most_named_speakers_belong_nowhere(rows, due):
    quotes = pd.DataFrame(rows, columns=["speaker_kind", "country", "parties", "actor_id"])
    assert (advise_on_actors(quotes) is not None) == due


def test_a_run_without_own_actors_gives_the_advice_and_one_with_them_does_not(tmp_path, capsys):
    (tmp_path / "one.txt").write_text(TEXT, "utf-8")
    (tmp_path / "actors.csv").write_text(OWN.actors.to_csv(index=False), "utf-8")
    command = ["analyze", str(tmp_path / "one.txt"), "--out", str(tmp_path / "out")]
    assert main(command) == 0
    assert "give your own actors" in capsys.readouterr().err
    assert main([*command, "--dictionaries", str(tmp_path)]) == 0
    assert "give your own actors" not in capsys.readouterr().err
