"""The bundled tables about states, bodies, memberships, actors and their names: forms, references, dates, overlaps."""

import csv
import datetime as dt
import itertools
import re
from importlib import resources

import pandas as pd
import pytest

from diplotext import schema

FOLDER = resources.files("diplotext.resources")

#: Offices that several people hold at one time: a deputy among others, or one spokesperson among several.
SHARED = {
    ("RUS", "Deputy Foreign Minister"),
    ("CHN", "Foreign Ministry Spokesperson"),
}

#: Actors of the news who speak for what no schema column names otherwise: no state, so no country.
STATELESS_SECTORS = {"body", "military"}

#: Stands for the end of what has not ended.
NEVER = pd.Timestamp("2200-01-01").as_unit("us")


def read(name):
    with resources.as_file(FOLDER / f"{name}.csv") as path:
        if name in schema.TABLES:
            return schema.read_table(path, name)
        return pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8")


def cells(column):
    """All values of a column whose cells hold several, separated by ;."""
    return [part for cell in column for part in cell.split(";") if part]


@pytest.fixture(scope="module")
def states():
    return read("states")


@pytest.fixture(scope="module")
def bodies():
    return read("bodies")


@pytest.fixture(scope="module")
def memberships():
    return read("memberships")


@pytest.fixture(scope="module")
def actors():
    return read("actors")


@pytest.fixture(scope="module")
def people(actors):
    return actors[actors["kind"] == "person"]


@pytest.fixture(scope="module")
def aliases():
    return read("aliases")


def holders(people, country, role, day):
    """Names of the people who hold an office on a day; an empty country is a body or an armed group."""
    when = pd.Timestamp(day)
    of = people["country"].isna() if country is None else people["country"] == country
    in_office = (people["valid_from"] <= when) & ~(people["valid_to"] < when)
    return sorted(people.loc[of & (people["role"] == role) & in_office, "name"])


# --- the files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["states", "bodies", "memberships", "actors", "aliases"])
def test_file_is_clean_utf8_text(name):
    text = (FOLDER / f"{name}.csv").read_bytes().decode("utf-8")
    assert not text.startswith("\ufeff")
    assert "\r" not in text
    assert text.endswith("\n")
    for row in csv.DictReader(text.splitlines()):
        for part in (part for column, cell in row.items() if column != "source" for part in cell.split(";")):
            assert part == part.strip(), row


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("states", "code name official_name adjective demonym capital seats other_names"),
        ("bodies", "actor_id name aliases sector source"),
        ("memberships", "country body valid_from valid_to"),
        ("actors", "actor_id role valid_from name kind sector country valid_to source"),
        ("aliases", "alias actor_id"),
    ],
)
def test_columns_are_the_contract(name, columns):
    assert (FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0] == columns.replace(" ", ",")


# --- states ------------------------------------------------------------------------------------------------------


def test_states_are_the_un_members_and_four_more(states, memberships):
    members = set(memberships.loc[memberships["body"] == "UN", "country"])
    assert len(members) == 193
    assert set(states["code"]) == members | {"XKX", "TWN", "PSE", "VAT"}
    assert states["code"].str.fullmatch("[A-Z]{3}").all()
    assert states["code"].is_unique
    assert states["name"].is_unique
    assert states["official_name"].is_unique


def test_every_state_has_what_the_resolver_needs(states):
    for column in ("name", "official_name", "adjective", "capital"):
        assert (states[column] != "").all(), column
    assert list(states.loc[states["demonym"] == "", "code"]) == ["VAT"]


@pytest.mark.parametrize("column", ["name", "official_name", "capital", "seats", "other_names"])
def test_a_name_stands_for_one_state(states, column):
    named = cells(states[column])
    twice = {n for n in named if named.count(n) > 1}
    assert not twice


def test_adjectives_and_demonyms_are_shared_only_where_they_really_are(states):
    for column in ("adjective", "demonym"):
        named = cells(states[column])
        assert {n for n in named if named.count(n) > 1} <= {"Congolese"}


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("name", "Russia", "RUS"),
        ("name", "Turkey", "TUR"),
        ("name", "Czechia", "CZE"),
        ("other_names", "Czech Republic", None),  # the official name already
        ("official_name", "Czech Republic", "CZE"),
        ("other_names", "U.S.", "USA"),
        ("other_names", "Ivory Coast", "CIV"),
        ("other_names", "Burma", "MMR"),
        ("capital", "Kiev", "UKR"),
        ("capital", "Kyiv", "UKR"),
        ("capital", "Washington", "USA"),
        ("seats", "Kremlin", "RUS"),
        ("seats", "Downing Street", "GBR"),
        ("seats", "Quai d'Orsay", "FRA"),
        ("adjective", "Nigerien", "NER"),
        ("adjective", "Nigerian", "NGA"),
        ("adjective", "Dominican", "DOM"),
        ("demonym", "Russians", "RUS"),
        ("demonym", "Dutchmen", "NLD"),
    ],
)
def test_state_names(states, column, value, code):
    found = [c for c, cell in zip(states["code"], states[column], strict=True) if value in cell.split(";")]
    assert found == ([code] if code else [])


# --- bodies and memberships --------------------------------------------------------------------------------------


def test_bodies_have_one_id_and_one_name_each(bodies, states):
    assert bodies["actor_id"].is_unique
    assert not set(bodies["actor_id"]) & set(states["code"])
    named = [*bodies["name"], *cells(bodies["aliases"])]
    assert not {n for n in named if named.count(n) > 1}
    assert set(bodies["sector"]) <= {"body", "military", "opposition", "other"}
    assert (bodies["source"] != "").all()


@pytest.mark.parametrize("group", ["TALIBAN", "HEZBOLLAH", "HAMAS", "HOUTHIS", "ISIS", "PKK"])
def test_armed_groups_are_kept_apart_from_international_bodies(bodies, group):
    assert list(bodies.loc[bodies["actor_id"] == group, "sector"]) == ["military"]


def test_memberships_name_known_states_and_bodies(memberships, states, bodies):
    assert set(memberships["country"]) <= set(states["code"])
    assert set(memberships["body"]) <= set(bodies["actor_id"])


def test_memberships_of_a_state_in_a_body_do_not_overlap(memberships):
    ordered = memberships.sort_values("valid_from", na_position="first")
    for key, rows in ordered.groupby(["country", "body"]):
        ends = rows["valid_to"].fillna(NEVER)[:-1]
        starts = rows["valid_from"][1:]
        assert (starts.to_numpy() > ends.to_numpy()).all(), key
        assert not (rows["valid_to"] < rows["valid_from"]).any(), key


@pytest.mark.parametrize(
    ("body", "day", "count"),
    [
        ("UN", "2024-01-01", 193),
        ("UN", "2010-01-01", 192),  # before South Sudan
        ("NATO", "2016-01-01", 28),
        ("NATO", "2023-04-05", 31),
        ("NATO", "2024-03-07", 32),
        ("EU", "2020-01-31", 28),
        ("EU", "2020-02-01", 27),
        ("EU", "2013-06-30", 27),
        ("OSCE", "2020-01-01", 57),
        ("COE", "2022-03-16", 47),
        ("COE", "2022-03-17", 46),
        ("ASEAN", "2020-01-01", 10),
        ("AU", "2020-01-01", 54),  # all but the Sahrawi Republic, which is not in states.csv
        ("G7", "2020-01-01", 7),
        ("G8", "2014-01-01", 8),
        ("G8", "2014-04-01", 0),
        ("G20", "2020-01-01", 19),
        ("CSTO", "2020-01-01", 6),
        ("LAS", "2020-01-01", 21),  # Syria suspended
        ("LAS", "2024-01-01", 22),
        ("BRICS", "2023-12-31", 5),
        ("BRICS", "2024-01-01", 9),
        ("SCO", "2024-12-31", 10),
        ("OECD", "2024-01-01", 38),
        ("OPEC", "2024-01-01", 12),
        ("COMMONWEALTH", "2024-01-01", 56),
        *(("UNSC", f"{year}-07-01", 15) for year in range(2014, 2026)),
    ],
)
def test_number_of_members(memberships, body, day, count):
    when = pd.Timestamp(day)
    rows = memberships[memberships["body"] == body]
    inside = ~(rows["valid_from"] > when) & ~(rows["valid_to"] < when)
    assert inside.sum() == count


# --- actors ------------------------------------------------------------------------------------------------------


def test_ids_stand_for_one_name_and_names_for_one_id(actors):
    pairs = actors[["actor_id", "name"]].drop_duplicates()
    assert pairs["actor_id"].is_unique
    assert pairs["name"].is_unique
    assert actors["actor_id"].str.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*").all()


def test_ids_are_not_those_of_states_and_bodies(actors, states, bodies):
    assert not set(actors["actor_id"]) & (set(states["code"]) | set(bodies["actor_id"]))


def test_countries_are_known(actors, states):
    assert set(actors["country"].dropna()) <= set(states["code"])


def test_only_bodies_and_armed_groups_are_without_a_country(actors):
    assert set(actors.loc[actors["country"].isna(), "sector"]) <= STATELESS_SECTORS


def test_people_have_office_start_and_source(people):
    assert (people["role"] != "").all()
    assert people["valid_from"].notna().all()
    assert (people["source"].fillna("") != "").all()
    assert not people["source"].str.contains("http|www").any()


def test_institutions_are_undated(actors):
    institutions = actors[actors["kind"] == "organisation"]
    assert len(institutions) >= 100
    assert institutions["valid_from"].isna().all()
    assert institutions["actor_id"].is_unique
    assert set(actors["kind"]) == {"person", "organisation"}


def test_terms_do_not_end_before_they_begin(people):
    backwards = people[people["valid_to"] < people["valid_from"]]
    assert list(backwards["name"]) == []


def test_terms_lie_in_or_touch_2014_to_2024(people):
    assert not (people["valid_to"] < pd.Timestamp(2014, 1, 1)).any()
    assert not (people["valid_from"] > pd.Timestamp(2025, 12, 31)).any()


def test_rough_dates_are_said_to_be_rough(people):
    rough = people["source"].str.contains("start known to the month only|start known to the year only")
    assert (people.loc[rough, "valid_from"].dt.day == 1).all()
    rough_end = people["source"].str.contains("end known to the month only")
    assert people.loc[rough_end, "valid_to"].dt.is_month_end.all()


def test_an_office_has_one_holder_at_a_time(people):
    """The day of handing over may belong to both; two dates known to the month only may share that month."""
    ordered = people.assign(country=people["country"].fillna("")).sort_values("valid_from")
    clashes = []
    for office, rows in ordered.groupby(["country", "role"]):
        if office in SHARED:
            continue
        terms = list(zip(rows["name"], rows["valid_from"], rows["valid_to"], rows["source"], strict=True))
        for (name, _, end, source), (heir, start, _, basis) in itertools.pairwise(terms):
            rough = "end known to the month" in source or "start known to the month" in basis
            same_month = not pd.isna(end) and (end.year, end.month) == (start.year, start.month)
            if pd.isna(end) or (end > start and not (rough and same_month)):
                clashes.append((office, name, heir))
    assert clashes == []


def test_no_row_covers_another_of_the_same_person_and_office(people):
    ordered = people.assign(country=people["country"].fillna("")).sort_values("valid_from")
    for key, rows in ordered.groupby(["actor_id", "country", "role"]):
        ends = rows["valid_to"].fillna(NEVER).to_numpy()[:-1]
        assert (rows["valid_from"].to_numpy()[1:] > ends).all(), key


MAIN = re.findall(
    "[A-Z]{3}",
    "USA RUS UKR GBR FRA DEU ITA ESP POL NLD BEL SWE NOR DNK FIN EST LVA LTU HUN CZE ROU GRC TUR ISR PSE IRN IRQ SYR "
    "SAU ARE QAT EGY JOR IND PAK AFG CHN TWN JPN KOR PRK AUS CAN NZL MEX BRA ARG VEN CUB ZAF NGA ETH BLR GEO ARM AZE "
    "KAZ SRB VNM PHL IDN THA MMR",
)
HEADS = {
    "President", "Prime Minister", "Monarch", "Supreme Leader", "Emperor", "Emir", "Chancellor", "Premier",
    "Interim President", "Acting Prime Minister", "Chairman of the State Administration Council",
}  # fmt: skip
MINISTERS = {
    "Foreign Minister", "Secretary of State", "Foreign Secretary", "External Affairs Minister",
    "Acting Foreign Minister", "Acting Foreign Secretary", "Foreign Affairs Adviser",
}  # fmt: skip
#: Where an office stood empty, was run by an acting holder, or its holder is not in the table for so many months.
GAPS = {"AFG": 30, "NGA": 12, "PSE": 9, "PAK": 6}


def test_at_least_forty_five_states_have_head_and_foreign_minister(people):
    complete = [
        c
        for c, rows in people.groupby("country")
        if HEADS & set(rows["role"]) and MINISTERS & set(rows["role"]) and len(rows) >= 4
    ]
    assert len(complete) >= 60
    assert set(MAIN) <= set(complete)


@pytest.mark.parametrize("country", MAIN)
@pytest.mark.parametrize("roles", [HEADS, MINISTERS], ids=["heads", "ministers"])
def test_every_month_of_2014_to_2024_has_a_holder(people, country, roles):
    rows = people[(people["country"] == country) & people["role"].isin(roles)]
    days = pd.date_range("2014-01-15", "2024-12-15", freq="MS") + dt.timedelta(days=14)
    empty = [d for d in days if not ((rows["valid_from"] <= d) & ~(rows["valid_to"] < d)).any()]
    assert len(empty) <= (GAPS.get(country, 3) if roles is MINISTERS else 3), [f"{d:%Y-%m}" for d in empty]


@pytest.mark.parametrize(
    ("country", "role", "day", "name"),
    [
        ("USA", "President", "2016-06-01", "Barack Obama"),
        ("USA", "President", "2022-02-24", "Joe Biden"),
        ("USA", "Secretary of State", "2018-04-10", None),
        ("USA", "Secretary of State", "2022-01-21", "Antony Blinken"),
        ("USA", "White House Press Secretary", "2022-01-21", "Jen Psaki"),
        ("USA", "State Department Spokesperson", "2014-07-01", "Jen Psaki"),
        ("RUS", "Foreign Minister", "2014-03-01", "Sergei Lavrov"),
        ("RUS", "Defence Minister", "2024-05-15", "Andrei Belousov"),
        ("UKR", "President", "2014-04-01", None),
        ("UKR", "Acting President", "2014-04-01", "Oleksandr Turchynov"),
        ("GBR", "Prime Minister", "2022-09-20", "Liz Truss"),
        ("GBR", "Foreign Secretary", "2024-01-01", "David Cameron"),
        ("DEU", "Foreign Minister", "2016-01-01", "Frank-Walter Steinmeier"),
        ("DEU", "President", "2018-01-01", "Frank-Walter Steinmeier"),
        ("TUR", "Foreign Minister", "2015-10-01", "Feridun Sinirlioğlu"),
        ("IND", "External Affairs Minister", "2022-02-24", "Subrahmanyam Jaishankar"),
        ("CHN", "Foreign Minister", "2023-03-01", "Qin Gang"),
        (None, "NATO Secretary General", "2014-09-01", "Anders Fogh Rasmussen"),
        (None, "NATO Secretary General", "2022-02-24", "Jens Stoltenberg"),
        (None, "UN Secretary-General", "2016-12-31", "Ban Ki-moon"),
        (None, "IAEA Director General", "2019-08-01", None),
    ],
)
def test_who_held_an_office(people, country, role, day, name):
    assert holders(people, country, role, day) == ([name] if name else [])


# --- aliases -----------------------------------------------------------------------------------------------------


def test_aliases_lead_to_known_actors(aliases, actors, states, bodies):
    assert set(aliases["actor_id"]) <= set(actors["actor_id"]) | set(states["code"]) | set(bodies["actor_id"])


def test_an_alias_stands_for_one_actor_and_is_nobody_elses_name(aliases, actors, states, bodies):
    owner = dict(zip(actors["name"], actors["actor_id"], strict=True))
    assert aliases["alias"].is_unique
    wrong = [(a, i) for a, i in zip(aliases["alias"], aliases["actor_id"], strict=True) if owner.get(a, i) != i]
    assert wrong == []
    others = {*states["name"], *states["official_name"], *cells(states["other_names"]), *cells(states["capital"])}
    others |= {*bodies["name"], *cells(bodies["aliases"])}
    assert not others & set(aliases["alias"])


def test_aliases_are_neither_empty_nor_common_words(aliases):
    assert (aliases["alias"].str.len() >= 2).all()
    assert not aliases["alias"].str.startswith("the ").any()
    lower = aliases.loc[aliases["alias"].str.match(r"[a-z]+$"), "alias"]
    assert list(lower) == []


def test_every_name_with_diacritics_has_a_plain_alias(people, aliases):
    plain = set(aliases.loc[aliases["alias"].str.isascii(), "actor_id"])
    marked = set(people.loc[~people["name"].str.isascii(), "actor_id"])
    assert marked - plain == set()


@pytest.mark.parametrize(
    ("alias", "actor_id"),
    [
        ("Volodymyr Zelenskyy", "volodymyr-zelensky"),
        ("Volodymyr Zelenskiy", "volodymyr-zelensky"),
        ("Зеленський", "volodymyr-zelensky"),
        ("Sergey Lavrov", "sergei-lavrov"),
        ("Recep Tayyip Erdogan", "recep-tayyip-erdogan"),
        ("Bibi", "benjamin-netanyahu"),
        ("MBS", "mohammed-bin-salman"),
        ("Joseph R. Biden Jr.", "joe-biden"),
        ("Foggy Bottom", "state-department"),
        ("Number 10", "downing-street"),
        ("Elysee", "elysee"),
        ("IRGC", "irgc"),
    ],
)
def test_alias(aliases, alias, actor_id):
    assert list(aliases.loc[aliases["alias"] == alias, "actor_id"]) == [actor_id]


def test_institutions_have_a_sector_and_a_known_country(states):
    rows = pd.read_csv(FOLDER / "institutions.csv", dtype="str", keep_default_na=False)
    assert not rows["name"].duplicated().any()
    assert set(rows["sector"]) == {"civil", "expert", "media", "government", "military", "other"}
    assert set(rows["country"]) <= set(states["code"]) | {"HKG", ""}
    assert set(rows.loc[rows["country"] == "", "sector"]) == {"civil", "media"}  # of the whole world


def test_places_are_in_known_states_and_no_place_is_a_state(states):
    rows = pd.concat([pd.read_csv(FOLDER / f"{name}.csv", dtype="str") for name in ("places", "regions")])
    assert set(rows["country"]) <= set(states["code"])
    assert not set(rows["place"]) & set(states["name"])
    known = dict(zip(rows["place"], rows["country"], strict=True))
    assert [known.get(n) for n in ("Aleppo", "Toronto", "Bavaria", "Cambridge")] == ["SYR", "CAN", "DEU", None]
