"""Dates named in a text; all sentences are our own."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplotext.language import find_dates

FRIDAY = dt.date(2021, 12, 31)


def days(text: str, published: dt.date | None = FRIDAY, precision: str = "day") -> list[tuple[str, str, str]]:
    return [(text[m.start : m.end], str(m.first), str(m.last)) for m in find_dates(text, published, precision)]


ONE_DAY = [
    ("Toran spoke on Friday.", "Friday", "2021-12-31"),
    ("The envoys met Monday.", "Monday", "2021-12-27"),
    ("On Monday, Toran said he would resign.", "Monday", "2021-12-27"),
    ("Toran, who arrived on Thursday, is tired.", "Thursday", "2021-12-30"),
    ("A Tuesday night call failed.", "Tuesday", "2021-12-28"),
    ("The talks will begin on Sunday.", "Sunday", "2022-01-02"),
    ("The envoys are due to meet on Sunday.", "Sunday", "2022-01-02"),
    ("The round is scheduled for Wednesday.", "Wednesday", "2022-01-05"),
    ("The round is to be held on Wednesday.", "Wednesday", "2022-01-05"),
    ("The round will be held in Velograd on Wednesday.", "Wednesday", "2022-01-05"),
    ("The talks will be held in St. Petrograd on Wednesday.", "Wednesday", "2022-01-05"),
    ("The bill was passed by parliament on Wednesday.", "Wednesday", "2021-12-29"),
    ("An answer must come by Wednesday.", "Wednesday", "2022-01-05"),
    ("The flight was late due to rain on Wednesday.", "Wednesday", "2021-12-29"),
    ("The round begins Wednesday in Velograd.", "Wednesday", "2022-01-05"),
    ("On Sunday, the leaders will meet.", "Sunday", "2022-01-02"),
    ("Envoys gather ahead of Tuesday’s vote.", "Tuesday", "2022-01-04"),
    ("He left last Friday.", "last Friday", "2021-12-24"),
    ("He leaves next Friday.", "next Friday", "2022-01-07"),
    ("He left yesterday.", "yesterday", "2021-12-30"),
    ("He leaves tomorrow.", "tomorrow", "2022-01-01"),
    ("He left the day before yesterday.", "the day before yesterday", "2021-12-29"),
    ("He left two days ago.", "two days ago", "2021-12-29"),
    ("He left a week ago.", "a week ago", "2021-12-24"),
    ("He left on Dec. 30.", "Dec. 30", "2021-12-30"),
    ("He said on Jan. 9 that it was over.", "Jan. 9", "2021-01-09"),
    ("He will leave on Jan. 9.", "Jan. 9", "2022-01-09"),
    ("The letter of 10 January 2022 is short.", "10 January 2022", "2022-01-10"),
    ("It fell on Nov. 9, 1989, at night.", "Nov. 9, 1989", "1989-11-09"),
    ("It was 2021-12-30.", "2021-12-30", "2021-12-30"),
    ("He will speak on Thursday, Jan. 6, at noon.", "Thursday, Jan. 6", "2022-01-06"),
    ("The peace of 24 October 1648 held.", "24 October 1648", "1648-10-24"),
]


@pytest.mark.parametrize(("text", "words", "day"), ONE_DAY)
def test_one_day(text, words, day):
    assert days(text) == [(words, day, day)]


SPANS = [
    ("Talks are scheduled for January 9 and 10.", "January 9 and 10", "2022-01-09", "2022-01-10"),
    ("Talks on Jan. 9–10 are planned.", "Jan. 9–10", "2022-01-09", "2022-01-10"),
    ("From 9 to 12 January 2022 they met.", "9 to 12 January 2022", "2022-01-09", "2022-01-12"),
    ("From Dec. 30 to Jan. 2 they rest.", "Dec. 30 to Jan. 2", "2021-12-30", "2022-01-02"),
    ("Last week it was calm.", "Last week", "2021-12-20", "2021-12-26"),
    ("This week it was calm.", "This week", "2021-12-27", "2022-01-02"),
    ("They meet next month.", "next month", "2022-01-01", "2022-01-31"),
    ("They met last month.", "last month", "2021-11-01", "2021-11-30"),
    ("In May they met.", "May", "2021-05-01", "2021-05-31"),
    ("They are due to meet in January.", "January", "2022-01-01", "2022-01-31"),
    ("They met in May 2014.", "May 2014", "2014-05-01", "2014-05-31"),
    ("In 2014 Marvania left.", "2014", "2014-01-01", "2014-12-31"),
    ("Two years ago they met.", "Two years ago", "2019-01-01", "2019-12-31"),
    ("It rained over the weekend.", "the weekend", "2021-12-25", "2021-12-26"),
]


@pytest.mark.parametrize(("text", "words", "first", "last"), SPANS)
def test_spans_of_days(text, words, first, last):
    assert days(text) == [(words, first, last)]


@pytest.mark.parametrize(
    "text",
    [
        "Black Friday sales rose.", "The Sunday Times wrote so.",
        "It may happen in spring.", "The March on Velograd went on.",
        "He left the day before the summit.", "Some 2014 people came.", "He is 31.", "It may 5 times fail.",
        "On Feb. 30.", "Every Friday they meet.", "A USA Today poll was out.", "Marchers sat on the square.", "",
    ],
)  # fmt: skip
def test_no_date(text):
    assert days(text) == []


def test_a_day_earlier_follows_the_mention_before():
    text = "Toran told reporters on Tuesday that he had called Brandt a day earlier. The following week it rained."
    assert days(text) == [
        ("Tuesday", "2021-12-28", "2021-12-28"),
        ("a day earlier", "2021-12-27", "2021-12-27"),
        ("The following week", "2022-01-03", "2022-01-03"),
    ]


def test_each_clause_has_its_tense():
    text = "He said Thursday that talks will start Sunday."
    assert [d[1] for d in days(text)] == ["2021-12-30", "2022-01-02"]


@pytest.mark.parametrize(
    ("precision", "expected"),
    [
        ("day", ["Friday", "Jan. 9", "2014", "last year", "9 May 2020"]),
        ("time", ["Friday", "Jan. 9", "2014", "last year", "9 May 2020"]),
        ("month", ["Jan. 9", "2014", "last year", "9 May 2020"]),
        ("year", ["2014", "last year", "9 May 2020"]),
        ("none", ["2014", "9 May 2020"]),
    ],
)
def test_what_cannot_be_known_is_left_out(precision, expected):
    text = "On Friday, on Jan. 9, in 2014, last year and on 9 May 2020."
    assert [d[0] for d in days(text, dt.date(2021, 12, 1), precision)] == expected


def test_without_publication_only_full_dates_remain():
    assert days("On Friday and on 9 May 2020.", None) == [("9 May 2020", "2020-05-09", "2020-05-09")]


def test_a_wrong_precision_is_named():
    with pytest.raises(ValueError, match="precision: expected one of time, day, month, year, none; got 'hour'"):
        find_dates("Friday", FRIDAY, "hour")


@given(
    st.text(max_size=80), st.dates(dt.date(1950, 1, 1), dt.date(2050, 1, 1)), st.sampled_from(["day", "month", "none"])
)
def test_mentions_are_ordered_and_last_is_never_before_first(text, published, precision):
    text += " on Friday a day earlier, Jan. 9 and 10, last month"
    found = find_dates(text, published, precision)
    assert all(m.first <= m.last and 0 <= m.start < m.end <= len(text) for m in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
