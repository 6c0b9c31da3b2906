"""Articles in memory: a DataFrame, and texts."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from diplotext import clean_articles, load_articles, schema
from diplotext.io import InputWarning

ONE = "Envoy Ilse Toran said on Monday that the pass was closed."
TWO = "“We have asked three times,” Corinne Adaly said in Halsund."


def test_texts_are_articles():
    articles = load_articles(texts=[ONE, TWO])
    assert articles["source"].tolist() == ["memory#1", "memory#2"]
    assert articles["raw_text"].tolist() == articles["text"].tolist() == [ONE, TWO]
    assert articles["published_precision"].tolist() == ["none", "none"]
    schema.check_table(articles, "articles")
    assert clean_articles(articles)[0]["text"].tolist() == [ONE, TWO]


def test_ids_come_from_the_number_and_the_text():
    first = load_articles(texts=[ONE, TWO])["article_id"].tolist()
    assert load_articles(texts=[ONE, TWO, ONE])["article_id"].tolist()[:2] == first
    frame = pd.DataFrame({"body": [ONE, TWO]}, index=[7, 7])
    assert load_articles(frame, text_column="body")["article_id"].tolist() == first
    assert load_articles(texts=[TWO, ONE])["article_id"].tolist() != first[::-1]


def test_the_columns_of_a_table_are_named_as_those_of_files():
    frame = pd.DataFrame(
        {
            "Body": [ONE, TWO],
            "paper": ["The Selm Wire", "The Post"],
            "story_title": ["Pass closed", "Adaly asks"],
            "date": [pd.Timestamp("2031-03-04"), pd.NaT],
            "leaning": [0.5, np.nan],
            "section": pd.Categorical(["World", "World"]),
            "tags": [np.array(["a", "b"]), None],
            "n": pd.array([1, None], dtype="Int64"),
            "source": ["agency", "own"],
            7: [dt.date(2031, 3, 4), "soon"],
        }
    )
    before = frame.copy(deep=True)
    articles = load_articles(frame, text_column="Body")
    pd.testing.assert_frame_equal(frame, before)
    assert articles["outlet"].tolist() == ["The Selm Wire", "The Post"]
    assert articles["headline"].tolist() == ["Pass closed", "Adaly asks"]
    assert articles["published"][0] == pd.Timestamp("2031-03-04", tz="UTC")
    assert articles["published_precision"].tolist() == ["day", "none"]
    assert articles["leaning"].dtype == "float64"
    assert articles["section"].tolist() == ["World", "World"]
    assert articles["tags"].tolist()[0] == "a; b"
    assert articles["source_given"].tolist() == ["agency", "own"]
    assert articles["7"].tolist() == ["2031-03-04", "soon"]


def test_own_columns_survive_cleaning_and_files(tmp_path):
    articles = load_articles(pd.DataFrame({"text": [ONE, TWO], "leaning": [1, 2], "section": ["a", None]}))
    cleaned, _ = clean_articles(articles)
    assert cleaned[["leaning", "section"]].equals(articles[["leaning", "section"]])
    path = schema.write_table(cleaned, tmp_path / "articles.parquet")
    pd.testing.assert_frame_equal(schema.read_table(path, "articles"), cleaned)


def test_an_articles_table_comes_back_as_it_is():
    articles, _ = clean_articles(load_articles(texts=[ONE, TWO]))
    pd.testing.assert_frame_equal(load_articles(articles), articles)


def test_a_row_without_text_is_told_and_costs_itself():
    frame = pd.DataFrame({"text": [None, ONE, 3.5, ""], "date": ["soon", "2031-03-04", "", ""]})
    with pytest.warns(InputWarning) as told:
        articles = load_articles(frame)
    assert articles["source"].tolist() == ["memory#2"]
    assert [str(w.message).split(":")[0] for w in told] == ["memory#1", "memory#3", "memory#4"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"paths": pd.DataFrame({"Text": [ONE]})}, r"expected a column 'text'; got Text \(did you mean 'Text'\?\)"),
        ({"paths": pd.DataFrame({"text": []})}, "paths: expected at least one article; got 0 rows: it is empty"),
        ({"paths": pd.DataFrame({"text": [None]})}, "got 1 rows: memory#1: it is empty"),
        ({"texts": []}, "texts: expected at least one article; got 0 rows"),
        ({"texts": ["", " "]}, "texts: expected at least one article; got 2 rows"),
    ],
)
def test_nothing_to_read_is_said(given, said):
    with pytest.raises(ValueError, match=said):
        load_articles(**given)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, r"paths: expected paths, a DataFrame, or texts=\[...\]; got none of them"),
        ({"paths": "a.txt", "texts": [ONE]}, "got paths and texts"),
        ({"texts": ONE}, "texts: expected a list of texts; got 'Envoy"),
        ({"texts": 3}, "texts: expected a list of texts; got '3'"),
    ],
)
def test_calls_that_cannot_be_meant(given, said):
    with pytest.raises(TypeError, match=said):
        load_articles(**given)
