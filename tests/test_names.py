"""Names in text: invented states and people, so that no bundled row decides a case; a few bundled states by name."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplotext.names import NameIndex, fold, load_index, office_of, romanise, surname

DATE = dt.date(2021, 5, 1)
ACTORS = pd.DataFrame(
    [
        ("XMV", "Marvania", "state", "government", "XMV", None, None, None),
        ("XTK", "Tarsk", "state", "government", "XTK", None, None, None),
        ("ilse-toran", "Ilse Toran", "person", "government", "XMV", "Foreign Minister", "2020-01-01", "2022-06-30"),
        ("oskar-venn", "Oskar Venn", "person", "government", "XMV", "President", "2015-01-01", "2020-12-31"),
        ("mila-brandt", "Mila Brandt", "person", "government", "XMV", "President", "2021-01-01", None),
        ("pavel-lodrensky", "Pavel Lodrensky", "person", "government", "XTK", "Prime Minister", "2020-01-01", None),
        ("anna-brandt", "Anna Brandt", "person", "opposition", "XTK", "Opposition Leader", "2012-01-01", "2014-01-01"),
        ("theo-young", "Theo Young", "person", "government", "XTK", "Envoy", "2020-01-01", None),
        ("river-league", "River League", "organisation", "body", None, None, None, None),
    ],
    columns=["actor_id", "name", "kind", "sector", "country", "role", "valid_from", "valid_to"],
)
ALIASES = pd.DataFrame(
    [
        ("Marvanian", "XMV", "adjective"), ("Marvanians", "XMV", "demonym"), ("Marvagrad", "XMV", "capital"),
        ("Old Palace", "XMV", "seat"), ("Tarskan", "XTK", "adjective"), ("the League", "river-league", "alias"),
    ],
    columns=["alias", "actor_id", "how"],
)  # fmt: skip
MEMBERS = pd.DataFrame({"country": ["XMV", "XTK"], "body": "river-league", "valid_from": ["2010-01-01", "2021-01-01"],
                        "valid_to": [None, "2021-12-31"]})  # fmt: skip


@pytest.fixture(scope="module")
def index() -> NameIndex:
    return NameIndex(ACTORS, ALIASES, MEMBERS)


def found(index: NameIndex, text: str, date: dt.date | None = DATE) -> list[tuple[str, str, str]]:
    return [(text[m.start : m.end], m.actor_id, m.how) for m in index.find(text, date=date)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ilse Toran flew home.", [("Ilse Toran", "ilse-toran", "name")]),
        ("Yesterday Toran flew home.", [("Toran", "ilse-toran", "surname")]),
        ("But Toran's answer was short.", [("Toran", "ilse-toran", "surname")]),
        ("Foreign Minister Toran spoke.", [("Toran", "ilse-toran", "surname")]),
        ("The Marvanian fleet left Tarsk.", [("Marvanian", "XMV", "adjective"), ("Tarsk", "XTK", "name")]),
        ("Talks between Marvania-Tarsk envoys", [("Marvania", "XMV", "name"), ("Tarsk", "XTK", "name")]),
        ("Marvagrad refused.", [("Marvagrad", "XMV", "capital")]),
        ("The Old Palace refused.", [("Old Palace", "XMV", "seat")]),
        ("He wrote to the League.", [("League", "river-league", "alias")]),
        ("Pavel Lodrenskyy and Pável Lodrenskiy", [("Pavel Lodrenskyy", "pavel-lodrensky", "name"),
                                                    ("Pável Lodrenskiy", "pavel-lodrensky", "name")]),
        ("The Marvanian president left.", [("Marvanian president", "mila-brandt", "office")]),
        ("the president of Marvania", [("Marvania", "mila-brandt", "office")]),
        ("Toran's government fell.", [("Toran's government", "XMV", "seat")]),
        ("Theo Young left. Young was tired.", [("Theo Young", "theo-young", "name"),
                                               ("Young", "theo-young", "surname")]),
        # near misses
        ("Otto Toran flew home.", []),
        ("The Toran Foundation paid.", []),
        ("Torany and Marvaniana are no names.", []),
        ("The two met in Marvagrad.", []),
        ("She arrived in Marvagrad and visited Marvagrad.", []),
        ("Marvagrad University closed.", []),
        ("a Marvanian-led force", []),
        ("an anti-Marvanian march", []),
        ("Young people marched.", []),
        ("marvania and toran", []),
        ("mail @Toran or Toran_1", []),
        ("", []),
    ],
)  # fmt: skip
def test_find(index: NameIndex, text: str, expected: list[tuple[str, str, str]]) -> None:
    assert found(index, text) == expected


def test_namesakes_are_told_apart_by_full_name_then_by_office(index: NameIndex) -> None:
    assert found(index, "Brandt agreed.")[0][1] == "mila-brandt"
    assert found(index, "Brandt agreed.", dt.date(2013, 1, 1))[0][1] == "anna-brandt"
    assert found(index, "Brandt agreed.", None) == []
    assert {m[1] for m in found(index, "Anna Brandt spoke. Brandt agreed.", None)} == {"anna-brandt"}


def test_find_stays_between_its_bounds(index: NameIndex) -> None:
    text = "Toran met Marvania and Tarsk."
    assert [m.actor_id for m in index.find(text, 6, 20, DATE)] == ["XMV"]
    assert all(text[m.start : m.end] for m in index.find(text))


@pytest.mark.parametrize(
    ("actor", "date", "role", "sector", "country"),
    [
        ("ilse-toran", dt.date(2021, 1, 1), "Foreign Minister", "government", "XMV"),
        ("ilse-toran", dt.date(2023, 1, 1), "former Foreign Minister", "other", "XMV"),
        ("ilse-toran", dt.date(2019, 1, 1), None, None, "XMV"),
        ("ilse-toran", None, None, "government", "XMV"),
        ("XMV", None, None, "government", "XMV"),
        ("river-league", DATE, None, "body", None),
    ],
)
def test_look_up_is_dated(
    index: NameIndex, actor: str, date: dt.date | None, role: str | None, sector: str | None, country: str | None
) -> None:
    known = index.look_up(actor, date)
    assert (known.role, known.sector, known.country) == (role, sector, country)


def test_look_up_names_what_it_got(index: NameIndex) -> None:
    with pytest.raises(KeyError, match="actor_id: expected an actor of the tables; got 'nobody'"):
        index.look_up("nobody")


def test_holders_and_members_are_dated(index: NameIndex) -> None:
    assert index.holder("XMV", "head_of_state", dt.date(2018, 1, 1)) == "oskar-venn"
    assert index.holder("XMV", "head_of_state", DATE) == "mila-brandt"
    assert index.holder("XMV", "head_of_state", None) is None
    assert set(index.holders("XMV", "head_of_state")) == {"oskar-venn", "mila-brandt"}
    assert index.members("river-league", DATE) == {"XMV", "XTK"}
    assert index.members("river-league", dt.date(2020, 1, 1)) == {"XMV"}
    assert index.members("river-league") == {"XMV"}


def test_own_tables_take_precedence_over_bundled_ones() -> None:
    own = pd.DataFrame(
        {
            "actor_id": ["our-moscow"],
            "name": ["Moscow"],
            "kind": ["organisation"],
            "sector": ["civil"],
            "role": ["Club"],
        }
    )
    assert load_index().name("Moscow").actor_id == "RUS"
    index = load_index(own, pd.DataFrame({"alias": ["Ankara"], "actor_id": ["our-moscow"]}))
    assert index.name("Moscow").actor_id == index.name("Ankara").actor_id == "our-moscow"
    assert index.name("Paris").actor_id == "FRA"
    assert load_index().name("Ankara").actor_id == "TUR"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("US ships left; the U.S. denied it.", ["USA", "USA"]),
        ("Tell us more, and pay in US$.", []),
        ("The South China Sea is no state.", []),
        ("He read The Washington Post in New Mexico.", []),
        ("North Korea and South Korea talked.", ["PRK", "KOR"]),
        ("Washington and Beijing talked in Geneva.", ["USA", "CHN"]),
        ("NATO and the European Union agreed.", ["NATO", "EU"]),
    ],
)
def test_find_with_bundled_tables(text: str, expected: list[str]) -> None:
    assert [m.actor_id for m in load_index().find(text)] == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ilse Toran", "Toran"), ("Ilse von der Aren", "von der Aren"), ("Omar al-Dar", "al-Dar"),
        ("Tariq bin Sahd", "bin Sahd"), ("Otto Venn Jr.", "Venn"), ("Kim Dae-sun", "Kim"), ("Toran", "Toran"),
        ("", ""), ("Le Roc", "Roc"),
    ],
)  # fmt: skip
def test_surname(name: str, expected: str) -> None:
    assert surname(name) == expected


@pytest.mark.parametrize(
    ("role", "office"),
    [
        ("Foreign Minister", "foreign_minister"), ("Deputy Foreign Minister", "deputy_foreign_minister"),
        ("Minister of Foreign Affairs", "foreign_minister"), ("President", "head_of_state"),
        ("Vice President", "vice_president"), ("Gardener", None),
    ],
)  # fmt: skip
def test_office_of(role: str, office: str | None) -> None:
    assert office_of(role) == office


def test_romanise_meets() -> None:
    assert romanise("Sergei Lodrenskyy") == romanise("Sergey Lodrensky") != romanise("Sergey Lodren")


@given(st.text(max_size=200))
def test_fold_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(
    st.lists(st.sampled_from(["Toran", "Marvania", " ", "-", "'s", ". ", "the ", "Tarskan", "x", "Otto "]), max_size=30)
)
def test_mentions_are_sorted_apart_and_inside(pieces: list[str]) -> None:
    text = "".join(pieces)
    mentions = NameIndex(ACTORS, ALIASES).find(text)
    bounds = [b for m in mentions for b in (m.start, m.end)]
    assert bounds == sorted(bounds)
    assert all(0 <= m.start < m.end <= len(text) for m in mentions)


def test_a_long_line_is_no_trap(index: NameIndex) -> None:
    assert len(index.find("Toran of Marvania, " * 5000, date=DATE)) == 10000
