"""The one reader of dates: a table of what is printed and what it means, in UTC."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplotext.language import read_moment

DAYS = [
    "2031-03-04", "2031-3-4", "2031/3/4", "2031.03.04", "20310304", 20310304, 20310304.0, "'2031-03-04'",
    "4 March 2031", "4th of March, 2031", "04-Mar-2031", "4-Mar-31", "04MAR2031", "4. March 2031", "4/Mar/2031",
    "March 4, 2031", "March 4th 2031", "Mar. 4, 2031", "MARCH 4, 2031 TUESDAY", "Tuesday, Mar 04, 2031", "Mar-04-2031",
    "Tuesday 4 March 2031", "2031 March 4", "2031-Mar-04", "04.03.2031", "04.03.31", "Published on 4 March 2031 by us",
    "https://w.example/2031/03/04/pass", "4 March 2031, updated 6 March 2031", dt.date(2031, 3, 4),
    # midnight in UTC is how tables and services write a day
    "2031-03-04T00:00:00Z", "2031-03-04 00:00:00", pd.Timestamp("2031-03-04"), pd.Timestamp("2031-03-04", tz="UTC"),
    # a clock without a zone, or in one that may be several, leaves the day
    "2031-03-04 23:30", "2031-03-04T23:30:00", "20310304233000", "203103042330", "4 March 2031 11:30 PM",
    "March 4, 2031, 10:05 a.m. IST", "4 March 2031 23.30", "4 March 2031 23:30 local time", "2031-03-04 23:30 XYZ",
    "Tue Mar  4 23:30:00 2031", dt.datetime(2031, 3, 4, 23, 30), "2031-03-04T25:61:00Z", "2031-03-04 23:30 Mars/Base",
]  # fmt: skip


@pytest.mark.parametrize("value", DAYS, ids=str)
def test_days(value):
    assert read_moment(value) == (dt.datetime(2031, 3, 4, tzinfo=dt.UTC), "day")


TIMES = [  # all are 4 March 2031, 09:30 UTC
    "2031-03-04T09:30:00Z", "2031-03-04T09:30Z", "2031-03-04T09:30:00.000Z", "20310304T093000Z", "20310304093000Z",
    "2031-03-04T18:30:00+09:00", "2031-03-04 18:30:00+0900", "2031-03-04 18:30:00 +0900", "2031-03-04T18:30+09",
    "2031-03-04 18:30 Asia/Seoul", "2031-03-04T10:30:00+01:00[Europe/Paris]", "2031-03-04T15:15:00.123456+05:45",
    "Tue, 04 Mar 2031 04:30:00 -0500", "Tue, 04 Mar 2031 09:30:00 GMT", "Tue Mar  4 09:30:00 +0000 2031",
    "Tue Mar  4 18:30:00 KST 2031", "Tue Mar 04 2031 18:30:00 GMT+0900 (Korean Standard Time)",
    "4 March 2031, 6:30 p.m. KST", "March 4, 2031 6:30 PM JST", "4 March 2031 • 6:30pm (JST)",
    "18:30 JST, 4 March 2031", "Tuesday 4 March 2031 04.30 EST", "Mar 4, 2031 / 04:30 AM ET",
    "4 March 2031 at 9.30am GMT", "4 March 2031 0930 GMT", "4/Mar/2031:18:30:00 +0900",
    "March 4, 2031 12:30 Moscow time", "4 March 2031 11:30 (Kyiv time)",
    "4 March 2031 11:30 EET", "4 March 2031 12:30 MSK", "04.03.2031 12:30 MSK", "4 March 2031 15:00 UTC+5:30",
    "4 March 2031 15:15 NPT", "Published: March 4, 2031 4:30 a.m. EST. Updated: March 5, 2031 7 p.m. EST",
    "1930383000", 1930383000, 1930383000.0, 1930383000000,
    1930383000000000, 1930383000000000000, pd.Timestamp("2031-03-04T10:30", tz="Europe/Paris"),
    pd.Timestamp("2031-03-04T09:30", tz="UTC"), dt.datetime(2031, 3, 4, 9, 30, tzinfo=dt.UTC),
]  # fmt: skip


@pytest.mark.parametrize("value", TIMES, ids=str)
def test_times(value):
    assert read_moment(value) == (dt.datetime(2031, 3, 4, 9, 30, tzinfo=dt.UTC), "time")


@pytest.mark.parametrize(
    ("value", "at", "precision"),
    [
        # clocks go forward in summer, and a zone may move the day
        ("10 July 2031 at 00:10 BST", "2031-07-09T23:10", "time"),
        ("Jul 10, 2031 11:30 PM ET", "2031-07-11T03:30", "time"),
        ("Jul 10, 2031 11:30 PM Eastern", "2031-07-11T03:30", "time"),
        ("10 July 2031 12:30 Kyiv time", "2031-07-10T09:30", "time"),
        ("10 July 2031 12:30 EEST", "2031-07-10T09:30", "time"),
        ("2031-07-10 01:00 Europe/Kyiv", "2031-07-09T22:00", "time"),
        ("2031-07-10T00:00:00+09:00", "2031-07-09T15:00", "time"),
        ("July 10, 2031 12 PM EDT", "2031-07-10T16:00", "time"),
        ("July 10, 2031 12:05 a.m. EDT", "2031-07-10T04:05", "time"),
        # what day or month it was is not said, or cannot be told
        ("03/04/2031", "2031-01-01", "year"),
        ("03-04-2031 23:30", "2031-01-01", "year"),
        ("25/12/2031", "2031-12-25", "day"),
        ("12/25/2031", "2031-12-25", "day"),
        ("12/25/31 4:30 PM", "2031-12-25", "day"),
        ("04/04/2031", "2031-04-04", "day"),
        ("March 2031", "2031-03-01", "month"),
        ("Mar-2031", "2031-03-01", "month"),
        ("March of 2031", "2031-03-01", "month"),
        ("2031-03", "2031-03-01", "month"),
        ("03/2031", "2031-03-01", "month"),
        ("2031", "2031-01-01", "year"),
        (2031, "2031-01-01", "year"),
        (2031.0, "2031-01-01", "year"),
        ("Summer 2031", "2031-01-01", "year"),
        ("© 2019-2022 Marvania Press", "2022-01-01", "year"),
        ("Copyright 2021 Marvania Press. All rights reserved.", "2021-01-01", "year"),
        # before 1677, where nanoseconds since 1970 do not reach
        ("24 October 1648", "1648-10-24", "day"),
        (dt.date(1648, 10, 24), "1648-10-24", "day"),
        ("1648", "1648-01-01", "year"),
    ],
)
def test_moments(value, at, precision):
    assert read_moment(value) == (dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC), precision)


@pytest.mark.parametrize(
    "value",
    [
        None, "", float("nan"), pd.NaT, "soon", "yesterday", "3 hours ago", "31/31/2031", "2031-02-30", "2031-03-44",
        "9999-99-99", "12", 12, True, "Jan 9", "Friday", "no date", "12345678901", "1.2022.3", "25/07/31", "0000-00-00",
        99999999999999999, "4 March 2031" + " and so on" * 60,
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_nothing_rather_than_a_guess(value):
    assert read_moment(value) is None


@given(st.text(max_size=60) | st.from_regex(r"[0-3]\d[-/. ](\d\d|Mar|July)[-/. ]\d{2,4} \d\d:\d\d [A-Z/+0-9]{1,6}"))
def test_no_text_makes_it_fail(text):
    found = read_moment(text)
    assert found is None or (found.at.tzinfo is dt.UTC and found.precision in {"time", "day", "month", "year"})
