"""The cases of ../shared about what comes in: read as their README says."""

import re
from pathlib import Path

import pytest

from diplotext.io import read_inputs

CASES = Path(__file__).parents[2].parent / "shared" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="../shared/cases is not there")


def read(name):
    articles, rejected = read_inputs(CASES / name)
    for table in (articles, rejected):
        table["source"] = table["source"].map(lambda source: Path(source).name)
    return articles, rejected


def test_rows_of_tables():
    articles, rejected = read("csv-fields")
    assert [source.partition("-")[0] + source[-1] for source in articles["source"]] == ["a2", "a3", "b1", "b2", "c1"]
    assert articles["published"].dt.day.tolist() == [2, 3, 2, 3, 2]
    assert rejected["source"].tolist() == ["a-first-row.csv#1", "c-second-row.csv#2"]


def test_times():
    articles, rejected = read("time-zones")
    articles.index = articles["headline"].str[-1]
    expected = dict.fromkeys("abcmo", "2019-07-10T04:18") | dict.fromkeys("ef", "2019-07-11T04:30")
    expected |= {"g": "2019-07-11T03:30", "h": "2019-07-09T23:10", "j": "2019-07-10T13:30", "k": "2019-07-10T10:15"}
    assert articles["published"][list(expected)].dt.strftime("%Y-%m-%dT%H:%M").to_dict() == expected
    assert set(articles["published_precision"][list(expected)]) == {"time"}
    days = articles.loc[list("ilnpq")]
    assert set(days["published_precision"]) == {"day"}
    assert set(days["published"].dt.strftime("%Y-%m-%d")) == {"2019-07-10"}
    assert articles.loc["d", ["published_precision"]].tolist() == ["year"]
    assert len(rejected) == 1


def test_web_archives():
    articles, rejected = read("warc")
    assert articles["source"].str[0].value_counts().to_dict() == {"b": 5, "a": 3, "c": 3}
    assert rejected["source"].str[0].tolist() == ["a", "c"]


def test_exports_of_databases():
    articles, rejected = read("database-exports")
    assert rejected.empty
    assert articles["source"].tolist() == ["factiva.txt", "many.txt#1", "many.txt#2", "one.txt"]
    assert articles["published"].dt.strftime("%Y-%m-%d").tolist() == [
        "2018-06-14", "2016-03-02", "2016-03-05", "2015-11-09"
    ]  # fmt: skip
    assert articles["headline"].notna().all()
    assert articles["byline"].notna().tolist() == [True, False, False, True]
    assert not articles["text"].str.contains(r"LENGTH|LOAD-DATE|Copyright|dtchgv|^(?:HD|LP|TD)\b", flags=re.M).any()
