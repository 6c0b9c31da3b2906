"""The user's own tables in one object, and all tables of an analysis in another."""

import datetime as dt
import inspect
from pathlib import Path

import pandas as pd
import pytest

import diplotext
from diplotext import Analysis, Dictionaries, analyze_articles, load_dictionaries, resolve_speakers, schema
from diplotext.cli import main

DATA = Path(__file__).parents[1] / "data"


def write(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.{'txt' if name == 'date' else 'csv'}").write_text(text, "utf-8")
    return folder


def test_a_folder_is_read_as_far_as_its_files_are_there(tmp_path):
    own = load_dictionaries(
        write(tmp_path, actors="actor_id,name,country\nvenn,Daro Venn,XOS\n", date="2031-03-04\n", notes="a\nb\n")
    )
    assert own.actors["name"].tolist() == ["Daro Venn"]
    assert list(own.actors.columns) == list(schema.TABLES["actors"].columns)
    assert own.date == dt.date(2031, 3, 4)
    assert (own.aliases, own.issues, own.corrections) == (None, None, None)


def test_the_sample_has_own_tables():
    own = load_dictionaries(DATA)
    assert [len(table) > 0 for table in (own.actors, own.aliases, own.issues)] == [True] * 3


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, r"folder: expected at least one of actors\.csv, .*, date\.txt; got .* without them"),
        (
            {"actors": "actor_id,nam\na,A\n"},
            r"actors\.csv: actors: expected a column 'name' \(did you mean .* 'nam' to",
        ),
        (
            {"actors": "actor_id,name\na,A\nb,\n"},
            r"actors\.csv: actors\.name: expected a value in every row; got none in",
        ),
        ({"aliases": "alias,actor\nA,a\n"}, r"aliases: expected a column 'actor_id' \(did you mean to rename 'actor'"),
        ({"actors": "actor_id,name,Country\na,A,XMV\n"}, r"did you mean to rename 'Country' to 'country'"),
        ({"issues": "issue_id,name\na,A\n"}, r"issues: expected a column 'patterns'; got issue_id, name"),
        ({"actors": "actor_id,name,kind\na,A,man\n"}, r"actors\.kind: expected one of person, .*; got 'man'"),
        ({"date": "4 March"}, r"date: expected a date or YYYY-MM-DD; got '4 March'"),
    ],
)
def test_a_wrong_file_is_named(tmp_path, files, message):
    with pytest.raises((ValueError, FileNotFoundError), match=message):
        load_dictionaries(write(tmp_path, **files))


def test_a_folder_that_is_none_is_named(tmp_path):
    with pytest.raises(
        FileNotFoundError, match=r"expected a folder with your own tables; got .*nowhere', which is none"
    ):
        load_dictionaries(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (pd.DataFrame({"actor_id": ["a"]}), r"dictionaries: expected Dictionaries, .*; got DataFrame; put your own"),
        ("data", "dictionaries: expected Dictionaries, as load_dictionaries returns them; got str"),
        (Dictionaries(actors="actors.csv"), "actors: expected a DataFrame with the columns actor_id, name; got str"),
        (Dictionaries(date="soon"), "date: expected a date or YYYY-MM-DD; got 'soon'"),
    ],
)
def test_what_is_no_dictionaries_is_refused(two_articles, two_statements, given, message):
    with pytest.raises(schema.SchemaError, match=message):
        resolve_speakers(two_statements[0], two_articles, dictionaries=given)


def test_every_name_that_needs_them_takes_dictionaries_and_the_rest_is_by_keyword():
    for name in ("resolve_speakers", "score_stances", "trace_quotes", "analyze", "analyze_articles"):
        assert inspect.signature(getattr(diplotext, name)).parameters["dictionaries"].kind.name == "KEYWORD_ONLY", name
    for name in ("resolve_speakers", "score_stances", "extract_conditions"):
        assert list(inspect.signature(getattr(diplotext, name)).parameters)[:3] == ["quotes", "articles", "spans"]
    for name in ("explain_speaker", "explain_stance", "show_quotes", "show_trace"):
        assert list(inspect.signature(getattr(diplotext, name)).parameters)[1:] == ["analysis"], name


def test_all_stages_at_once(two_articles):
    own = Dictionaries(actors=pd.DataFrame({"actor_id": ["toran"], "name": ["Ilse Toran"], "kind": ["person"]}))
    analysis = analyze_articles(two_articles, dictionaries=own)
    for name in ("articles", "edits", "sentences", "quotes", "spans", "stances", "conditions", "utterances"):
        pd.testing.assert_frame_equal(schema.check_table(getattr(analysis, name), name), getattr(analysis, name))
    assert analysis.dictionaries.actors["name"].tolist() == ["Ilse Toran"]
    assert (analysis.traces, analysis.transcripts, analysis.annotations) == (None, None, None)
    assert analysis.quotes["actor_id"].iloc[0] == "toran"
    quote_id = analysis.quotes["quote_id"].iloc[0]
    assert diplotext.explain_speaker(quote_id, analysis)["printed"].iloc[0] == "Marvanian Foreign Minister Ilse Toran"
    assert diplotext.explain_stance(quote_id, analysis)["evidence"].iloc[0] == "posture"
    assert "Ilse Toran" in diplotext.show_quotes("a1", analysis).data


@pytest.mark.parametrize(
    ("analysis", "message"),
    [
        (Analysis(), "analysis: expected the tables articles, quotes, spans; got none of articles; add it with"),
        (
            {"articles": 1},
            r"analysis: expected an Analysis, .*; got dict; put your tables into Analysis\(articles=\.\.\.",
        ),
    ],
)
def test_an_analysis_without_a_table_is_refused(analysis, message):
    with pytest.raises(schema.SchemaError, match=message):
        diplotext.show_quotes("a1", analysis)


def test_a_single_file_beats_the_folders(tmp_path, capsys):
    (tmp_path / "news.txt").write_text("“The gates stay shut,” Anna Holm said.\n\nNobody replied to her.\n", "utf-8")
    (tmp_path / "own").mkdir()
    own = write(tmp_path / "own", actors="actor_id,name,country\nholm,Anna Holm,XMV\n")
    other = tmp_path / "other.csv"
    other.write_text("actor_id,name,country\nholm,Anna Holm,XTO\n", "utf-8")
    arguments = ["analyze", str(tmp_path / "news.txt"), "--out", str(tmp_path / "out"), "--dictionaries", str(own)]
    assert main(arguments) == 0
    assert schema.read_table(tmp_path / "out" / "quotes.parquet", "quotes")["country"].tolist() == ["XMV"]
    assert main([*arguments, "--actors", str(other)]) == 0
    assert schema.read_table(tmp_path / "out" / "quotes.parquet", "quotes")["country"].tolist() == ["XTO"]
    assert main([*arguments[:-1], str(tmp_path / "none")]) == 2
    assert "--dictionaries: folder: expected a folder with your own tables" in capsys.readouterr().err
