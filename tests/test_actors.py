"""Speakers: invented people and states, with our own actor tables."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pandas as pd
import pytest

from diplotext import Analysis, Dictionaries, schema
from diplotext.actors import explain_speaker, resolve_speakers
from diplotext.names import load_index
from diplotext.names.mentions import parse_mention

ACTORS = schema.build_table(
    "actors",
    [
        {"actor_id": "XMV", "name": "Marvania", "kind": "state", "sector": "government", "country": "XMV"},
        {"actor_id": "XTK", "name": "Tarsk", "kind": "state", "sector": "government", "country": "XTK"},
        {"actor_id": "old-palace", "name": "Old Palace", "kind": "organisation", "sector": "government",
         "country": "XMV"},
        {"actor_id": "river-league", "name": "River League", "kind": "organisation", "sector": "body"},
        {"actor_id": "ilse-toran", "name": "Ilse Toran", "kind": "person", "sector": "government", "country": "XMV",
         "role": "Foreign Minister", "valid_from": "2020-01-01", "valid_to": "2022-06-30"},
        {"actor_id": "mila-brandt", "name": "Mila Brandt", "kind": "person", "sector": "government", "country": "XMV",
         "role": "President", "valid_from": "2021-01-01"},
        {"actor_id": "oskar-venn", "name": "Oskar Venn", "kind": "person", "sector": "government", "country": "XMV",
         "role": "President", "valid_from": "2015-01-01", "valid_to": "2020-12-31"},
        {"actor_id": "pavel-lodrensky", "name": "Pavel Lodrensky", "kind": "person", "sector": "government",
         "country": "XTK", "role": "Prime Minister", "valid_from": "2020-01-01"},
    ],
)  # fmt: skip
ALIASES = pd.DataFrame(
    [("Marvanian", "XMV"), ("Marvanians", "XMV"), ("Marvagrad", "XMV"), ("Tarskan", "XTK"), ("Tarskans", "XTK")],
    columns=["alias", "actor_id"],
)
OWN = Dictionaries(ACTORS, ALIASES)
PUBLISHED = "2021-05-01T08:00:00Z"


def table(text: str, **columns: Any) -> pd.DataFrame:
    row = {"article_id": "a", "source": "a.txt", "raw_text": text, "text": text, "published": PUBLISHED,
           "published_precision": "day", "published_basis": "metadata", **columns}  # fmt: skip
    return schema.build_table("articles", [row])


def statements(marked: str) -> tuple[str, pd.DataFrame, pd.DataFrame]:
    """Read a text whose sources stand in [square brackets]; quoted words around one are its statement."""
    text, quotes, spans = "", [], []
    at = 0
    for number, found in enumerate(re.finditer(r"\[([^\]]+)\]", marked)):
        text += marked[at : found.start()]
        start = len(text)
        text += found.group(1)
        at = found.end()
        spans.append({"quote_id": f"q{number}", "role": "source", "part": 0, "start": start, "end": len(text)})
        quotes.append({"quote_id": f"q{number}", "speaker_mention": found.group(1), "at": start})
    text += marked[at:]
    for quote in quotes:
        begin, close = text.rfind("\n", 0, quote["at"]) + 1, text.find("\n", quote["at"])
        close = len(text) if close < 0 else close
        content = re.search(r"“[^”]*”", text[begin:close])
        start, end = (begin + content.start(), begin + content.end()) if content else (close - 1, close)
        quote |= {"article_id": "a", "kind": "direct" if content else "indirect", "text": text[start:end],
                  "start": start, "end": end, "raw_start": start, "raw_end": end, "confidence": 0.9}  # fmt: skip
        spans.append({"quote_id": quote["quote_id"], "role": "content", "part": 0, "start": start, "end": end})
    for span in spans:
        span |= {"raw_start": span["start"], "raw_end": span["end"]}
    return text, schema.build_table("quotes", quotes).drop(columns="at"), schema.build_table("spans", spans)


def resolve(marked: str, date: str | None = None, **columns: Any) -> pd.DataFrame:
    text, quotes, spans = statements(marked)
    return resolve_speakers(quotes, table(text, **columns), spans, dictionaries=OWN._replace(date=date))


INTRODUCED = "Marvanian Foreign Minister Ilse Toran met Tarskan Prime Minister Pavel Lodrensky on Monday.\n\n"


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        # names and titles
        ("[Foreign Minister Ilse Toran] agreed.", ("Ilse Toran", "person", "title", "XMV")),
        (INTRODUCED + "[Toran] agreed.", ("Ilse Toran", "person", "surname", "XMV")),
        (INTRODUCED + "[Ms. Toran] agreed.", ("Ilse Toran", "person", "surname", "XMV")),
        ("[Toran] agreed.", ("Ilse Toran", "person", "surname", "XMV")),
        ("[Pavel Lodrenskyy] agreed.", ("Pavel Lodrenskyy", "person", "exact", "XTK")),
        ("[Secretary of State Dorrit Hale] agreed.", ("Dorrit Hale", "person", "title", "USA")),
        ("[Chief of the General Staff Otto Grau] agreed.", ("Otto Grau", "person", "title", None)),
        ("[Tarskan Trade Minister Dorrit Hale] agreed.", ("Dorrit Hale", "person", "title", "XTK")),
        ("[Dorrit Hale, the Tarskan envoy to the talks,] agreed.", ("Dorrit Hale", "person", "exact", "XTK")),
        ("[the Tarskan envoy to the talks, Dorrit Hale,] agreed.", ("Dorrit Hale", "person", "exact", "XTK")),
        ("Old Palace spokesman Denis Orlo came.\n[Orlo] agreed.", ("Denis Orlo", "person", "surname", "XMV")),
        # metonyms
        ("[Marvagrad] agreed.", ("Marvania", "state", "metonym", "XMV")),
        ("[The Tarskans] agreed.", ("Tarsk", "state", "metonym", "XTK")),
        ("[The Marvanian government] agreed.", ("Marvania", "state", "metonym", "XMV")),
        ("[the government in Marvagrad] agreed.", ("Marvania", "state", "metonym", "XMV")),
        ("[the Old Palace] agreed.", ("Old Palace", "organisation", "metonym", "XMV")),
        ("[The River League] agreed.", ("River League", "organisation", "exact", None)),
        ("[the Marvanian Water Ministry] agreed.", ("Marvanian Water Ministry", "organisation", "exact", "XMV")),
        # descriptions
        ("[The Marvanian president] agreed.", ("Mila Brandt", "person", "description", "XMV")),
        (INTRODUCED + "[The foreign minister] agreed.", ("Ilse Toran", "person", "description", "XMV")),
        (INTRODUCED + "[The Tarskan leader] agreed.", ("Pavel Lodrensky", "person", "description", "XTK")),
        # nobody by name
        ("[A senior Marvanian official] agreed.", ("senior Marvanian official", "anonymous", "exact", "XMV")),
        ("[a person familiar with the talks] agreed.", ("person familiar with the talks", "anonymous", "exact", None)),
        ("[An aide to President Mila Brandt] agreed.", ("aide to President Mila Brandt", "anonymous", "exact", "XMV")),
        ("[officials] agreed.", ("officials", "anonymous", "exact", None)),
        ("[A group of 12 retired Tarskan judges] agreed.", ("group of 12 retired Tarskan judges", "collective", "exact",
                                                            "XTK")),
        ("[some in Marvagrad] agreed.", ("some in Marvagrad", "collective", "exact", "XMV")),
        ("[She] agreed.", (None, "unknown", "unresolved", None)),
        ("They met in Marvagrad.\n[He] agreed.", (None, "unknown", "unresolved", None)),
    ],
)  # fmt: skip
def test_one_source(marked: str, expected: tuple[str | None, ...]) -> None:
    last = resolve(marked).iloc[-1][["speaker", "speaker_kind", "resolution", "country"]]
    assert tuple(None if pd.isna(v) else v for v in last) == expected


@pytest.mark.parametrize(
    ("marked", "speakers"),
    [
        # the speaker before, not the one spoken to
        ("“We are ready,” [Foreign Minister Ilse Toran] told Pavel Lodrensky.\n“We are late,” [she] added.",
         ["Ilse Toran", "Ilse Toran"]),
        # gender tells
        ("“No,” [Toran] told Pavel Lodrensky.\n“Yes,” [he] answered.", ["Ilse Toran", "Pavel Lodrensky"]),
        # names in quote marks are not antecedents
        ("“No,” [Pavel Lodrensky] said.\n“Otto Grau knows it,” [he] added.", ["Pavel Lodrensky", "Pavel Lodrensky"]),
        # a new subject takes over
        ("“No,” [Otto Grau] said.\nPavel Lodrensky, who had listened, said that [he] would go.",
         ["Otto Grau", "Pavel Lodrensky"]),
        # a group and its later mention
        ("“It is late,” [a group of 12 judges] wrote.\n“It is over,” [the group] wrote.",
         ["group of 12 judges", "group of 12 judges"]),
        ("[An official in the ministry] warned of delays.\n[The official] spoke on Monday.",
         ["official in the ministry", "official in the ministry"]),
        ("[Voters] were angry.\nOn Monday [they] marched.", ["Voters", "Voters"]),
        ("[The River League] met.\n[It] will meet again.", ["River League", "River League"]),
    ],
)  # fmt: skip
def test_later_mentions(marked: str, speakers: list[str]) -> None:
    assert list(resolve(marked)["speaker"]) == speakers


def test_fullest_name_of_the_article_wins() -> None:
    marked = "[Toran] agreed.\nIlse Marie Toran is Marvania’s foreign minister.\n[Ilse Toran] left."
    result = resolve(marked)
    assert list(result["speaker"]) == ["Ilse Marie Toran"] * 2
    assert list(result["actor_id"]) == ["ilse-toran"] * 2


def test_joint_speakers_fill_parties() -> None:
    result = resolve("[Ilse Toran and Pavel Lodrensky] agreed.\n[The two leaders] met.\n[Both sides] smiled.")
    assert list(result["parties"]) == ["XMV;XTK"] * 3
    assert result["country"].isna().all()
    assert result["speaker"][0] == "Ilse Toran and Pavel Lodrensky"
    assert set(result["speaker_kind"]) == {"collective"}


@pytest.mark.parametrize(
    ("columns", "date", "role"),
    [
        ({}, None, "Foreign Minister"),
        ({"published": "2023-05-01T08:00:00Z"}, None, "former Foreign Minister"),
        ({"published": "2021-01-01T00:00:00Z", "published_precision": "year", "published_basis": "copyright"}, None,
         "Foreign Minister"),
        ({"published": None, "published_precision": "none"}, "2021-05-01", "Foreign Minister"),
        ({"published": None, "published_precision": "none"}, None, None),
        ({"published": None, "published_precision": "none"}, "2019-05-01", None),
    ],
)  # fmt: skip
def test_offices_are_dated(columns: dict[str, Any], date: str | None, role: str | None) -> None:
    got = resolve("[Ilse Toran] agreed.", date, **columns)["role"][0]
    assert (None if pd.isna(got) else got) == role


def test_former_is_a_role_and_no_power() -> None:
    row = resolve("[Dorrit Hale, a former Tarskan ambassador to Marvania,] agreed.").iloc[0]
    assert (row["role"], row["sector"], row["country"]) == ("former ambassador to Marvania", "other", "XTK")


@pytest.mark.parametrize(
    ("mention", "sector"),
    [
        ("Otto Grau, a historian at the University of Marvagrad", "expert"),
        ("Lt. Gen. Otto Grau", "military"),
        ("opposition leader Otto Grau", "opposition"),
        ("columnist Otto Grau", "media"),
        ("Otto Grau, a farmer", "civil"),
        ("Marvanian Gov. Otto Grau", "government"),
    ],
)
def test_sector_is_told_by_the_title(mention: str, sector: str) -> None:
    assert resolve(f"[{mention}] agreed.")["sector"][0] == sector


def speech(labels: list[str | None], headline: str, **columns: Any) -> pd.DataFrame:
    rows = [
        {"quote_id": f"q{n}", "article_id": "a", "kind": "speech", "text": "Yes.", "speaker_mention": label,
         "start": n * 5, "end": n * 5 + 4, "raw_start": n * 5, "raw_end": n * 5 + 4}
        for n, label in enumerate(labels)
    ]  # fmt: skip
    articles = table("Yes. " * len(labels), headline=headline, **columns)
    return resolve_speakers(schema.build_table("quotes", rows), articles, dictionaries=OWN)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("MS. TORAN", ("Ilse Toran", "person", "XMV", "government")),
        ("Q", ("journalist", "anonymous", None, "media")),
        ("QUESTION", ("journalist", "anonymous", None, "media")),
        ("THE PRESIDENT", ("Mila Brandt", "person", "XMV", "government")),
        ("PRIME MINISTER LODRENSKY", ("Pavel Lodrensky", "person", "XTK", "government")),
        ("SENIOR MINISTRY OFFICIAL", ("senior ministry official", "anonymous", "XMV", "government")),
        ("MR. ORLO (as interpreted)", ("Orlo", "person", "XMV", "government")),
        ("AUDIENCE", ("audience", "collective", None, "civil")),
    ],
)
def test_labels_of_a_briefing(label: str, expected: tuple[str | None, ...]) -> None:
    row = speech([label], "Press Briefing by Foreign Minister Ilse Toran").iloc[0]
    got = row[["speaker", "speaker_kind", "country", "sector"]]
    assert tuple(None if pd.isna(v) else v for v in got) == expected


def test_joint_statement_has_both_parties() -> None:
    title = "Joint Statement by President Brandt and Prime Minister Lodrensky"
    row = speech(["President Brandt and Prime Minister Lodrensky"], title).iloc[0]
    assert (row["speaker"], row["parties"]) == ("Mila Brandt and Pavel Lodrensky", "XMV;XTK")


@pytest.mark.parametrize(
    ("label", "title", "expected"),
    [
        # the title's other words are no part of a name
        ("THE PRESIDENT", "Remarks by President Mila Brandt Providing an Update on the River", ("Mila Brandt", "XMV")),
        # a spouse of the same name holds no office
        ("THE PRESIDENT", "Remarks by President Brandt and First Lady Lena Brandt at the Fair", ("Mila Brandt", "XMV")),
        ("MS. GRAU", "Press Briefing by Spokesman Otto Orlo, Deputy Adviser for Cyber and Emerging Technology Anna "
         "Grau, and Adviser for International Economics and Deputy Council Director Karl Veit, March 2, 2021",
         ("Anna Grau", None)),
        # a colleague at a briefing speaks for the state; a guest at a conference need not
        ("MR. ORLO", "Press Briefing by Foreign Minister Ilse Toran", ("Orlo", "XMV")),
        ("MR. ORLO", "Remarks by Foreign Minister Ilse Toran at the River Conference", ("Orlo", None)),
        ("President von Orlo and Prime Minister Lodrensky",
         "Joint Statement by President von Orlo and Prime Minister Lodrensky", ("von Orlo and Pavel Lodrensky", None)),
    ],
)  # fmt: skip
def test_labels_and_titles(label: str, title: str, expected: tuple[str | None, ...]) -> None:
    got = speech([label], title).iloc[0][["speaker", "country"]]
    assert tuple(None if pd.isna(v) else v for v in got) == expected


def test_without_spans_the_mention_is_looked_for() -> None:
    text, quotes, spans = statements("“No,” [Otto Grau] said.\n“Yes,” [he] added.")
    with_spans = resolve_speakers(quotes, table(text), spans, dictionaries=OWN)
    pd.testing.assert_frame_equal(resolve_speakers(quotes, table(text), dictionaries=OWN), with_spans)


def test_contract() -> None:
    text, quotes, spans = statements(INTRODUCED + "“No,” [Toran] said.\n“Yes,” [the minister] added.\n[It] rained.")
    before, articles = quotes.copy(), table(text)
    result = resolve_speakers(quotes, articles, spans, dictionaries=OWN)
    pd.testing.assert_frame_equal(quotes, before)
    assert list(result.columns) == list(schema.TABLES["quotes"].columns)
    assert list(result["quote_id"]) == list(quotes["quote_id"])
    schema.check_table(result, "quotes")
    assert (result["confidence"] == 0.9).all()
    assert result["speaker_confidence"].between(0, 1, inclusive="right").all()
    assert result.loc[result["resolution"] == "unresolved", "speaker"].isna().all()
    shuffled = resolve_speakers(quotes.iloc[::-1], articles, spans, dictionaries=OWN).iloc[::-1].reset_index(drop=True)
    pd.testing.assert_frame_equal(shuffled, result)


def test_articles_do_not_lean_on_their_neighbours() -> None:
    text, quotes, spans = statements("“No,” [Otto Grau] said.\n“Yes,” [he] added.")
    other, more, pieces = statements("“Maybe,” [she] said.")
    more, pieces = more.assign(quote_id="p0", article_id="b"), pieces.assign(quote_id="p0")
    spans = pd.concat([spans, pieces], ignore_index=True)
    articles = pd.concat([table(text), table(other).assign(article_id="b")], ignore_index=True)
    both = resolve_speakers(pd.concat([more, quotes], ignore_index=True), articles, spans, dictionaries=OWN)
    assert pd.isna(both["speaker"][0])
    assert list(both["speaker"][1:]) == ["Otto Grau"] * 2


def test_empty_frames_give_the_full_schema() -> None:
    result = resolve_speakers(schema.build_table("quotes"), schema.build_table("articles"))
    assert list(result.columns) == list(schema.TABLES["quotes"].columns)
    assert result.empty


def test_errors_say_what_to_do() -> None:
    text, quotes, _ = statements("[Toran] agreed.")
    with pytest.raises(ValueError, match="date: expected a date or YYYY-MM-DD; got '1 May'"):
        resolve_speakers(quotes, table(text), dictionaries=Dictionaries(date="1 May"))
    with pytest.raises(ValueError, match=r"articles: expected the article of every statement; got none with .*'a'"):
        resolve_speakers(quotes, schema.build_table("articles"))


def test_date_may_be_a_date() -> None:
    text, quotes, spans = statements("[Ilse Toran] agreed.")
    undated = table(text, published=None, published_precision="none")
    result = resolve_speakers(quotes, undated, spans, dictionaries=OWN._replace(date=dt.date(2021, 5, 1)))
    assert result["role"][0] == "Foreign Minister"


@pytest.mark.parametrize(
    ("mention", "kind", "name"),
    [
        ("he", "pronoun", ""),
        ("Otto Grau", "name", "Otto Grau"),
        ("the rally's director, Otto Grau,", "name", "Otto Grau"),
        ("Otto Grau of the Iverra Institute", "name", "Otto Grau"),
        ("Department of Rivers and Roads", "name", "Department of Rivers and Roads"),
        ("a senior official", "noun", ""),
        ("Presidents Mila Brandt and Otto Grau", "joint", ""),
        ("  ", "empty", ""),
    ],
)
def test_parse_mention(mention: str, kind: str, name: str) -> None:
    parsed = parse_mention(mention, load_index())
    assert (parsed.kind, parsed.name) == (kind, name)


@pytest.mark.parametrize(
    "text", ["Toran said " * 8000, "A" * 90000, "the " * 25000, "X. " * 30000, "“Yes,” he said. " * 5000]
)
def test_one_long_line_is_no_trap(text: str) -> None:
    rows = [{"quote_id": f"q{n}", "article_id": "a", "kind": "direct", "text": text[60000 + n],
             "speaker_mention": mention, "start": 60000 + n, "end": 60001 + n, "raw_start": 0, "raw_end": 1}
            for n, mention in enumerate(["he", "they", "it", "who", "the group", "the minister", "both sides"])
            ]  # fmt: skip
    result = resolve_speakers(schema.build_table("quotes", rows), table(text), dictionaries=OWN)
    assert len(result) == 7


HOME = "Marvania is at peace. Marvanians vote on Monday, and Marvagrad waits.\n"


@pytest.mark.parametrize(
    ("marked", "speakers"),
    [
        # of two people of one surname, the one named in full nearby
        ("Governor Otto Hale and Mayor Ilse Hale quarrelled.\n" + "The water rose. " * 90
         + "\nGovernor Otto Hale came.\n[Hale] agreed.", ["Otto Hale"]),
        # particles, misspelt surnames, the surname that is a state's name
        ("Dorrit van Aren came.\n[Mr. Van Aren] agreed.", ["Dorrit van Aren"]),
        ("The banker Dorrit Wimesk came.\nMs. Wimesk sat.\n[Winesk] agreed.", ["Dorrit Wimesk"]),
        ("Governor Otto Tarsk came.\n[Tarsk] agreed.", ["Otto Tarsk"]),
        ("Governor Otto Tarsk came.\n[the Tarsk] agreed.", ["Tarsk"]),
        # what a name introduces, and what takes it up
        ("Here was Anna Hale, a former clerk, who came late.\nAnna Hale, [a former clerk,] agreed.", ["Anna Hale"]),
        ("[A spokeswoman for the Old Palace] agreed.\nThe gates are old, Dorrit Hale said.", ["Dorrit Hale"]),
        ("Otto Grau came.\n[A spokeswoman for the Old Palace] agreed.\nOtto Grau left.",
         ["spokeswoman for the Old Palace"]),
        # documents
        ("[an analysis by Anna Hale, a former clerk,] showed it.", ["Anna Hale"]),
        ("[A new report by the River League] showed it.", ["River League"]),
        ("[A study] showed it.", ["study"]),
        ("[A new Halsund Times poll] showed it.", ["Halsund Times"]),
        ("[Anna Hale's letter] showed it.", ["Anna Hale"]),
        ("Readers saw a Halsund Times poll.\nIt rained.\n[The poll] showed it.", ["Halsund Times"]),
        ("[The Marvanian study] showed it.", ["Marvanian study"]),
        # several groups, several persons with their parties
        ("[The family, protesters and civic leaders] agreed.", ["family, protesters and civic leaders"]),
        ("[Sens. Anna Hale (D-Ohio) and Otto Grau (R-Iowa)] agreed.", ["Anna Hale and Otto Grau"]),
        # a company that is called the company
        ("Delna Wool closed. Delna Wool was old. Delna Wool was poor.\n[The company] agreed.", ["Delna Wool"]),
        ("The mill closed.\n[The company] agreed.", ["company"]),
    ],
)  # fmt: skip
def test_harder_sources(marked: str, speakers: list[str]) -> None:
    assert resolve(marked)["speaker"].tolist() == speakers


@pytest.mark.parametrize(
    ("marked", "country"),
    [
        (HOME + "[Anna Hale, a nurse,] agreed.", "XMV"),
        (HOME + "[voters] agreed.", "XMV"),
        (HOME + "[A Tarskan envoy] agreed.", "XTK"),
        (HOME + "[The River League] agreed.", None),
        (HOME + "Tarsk and the Tarskans wait too, and so does Tarsk's army.\n[voters] agreed.", None),
        ("It rained.\n[voters] agreed.", None),
    ],
)
def test_home_country_needs_no_telling(marked: str, country: str | None) -> None:
    found = resolve(marked)["country"].iloc[-1]
    assert (None if pd.isna(found) else found) == country


def test_a_speaker_is_explained_by_the_chain_of_mentions() -> None:
    marked = INTRODUCED + "“We agree,” [Toran] said.\n\n“We wait,” [she] said."
    text, quotes, spans = statements(marked)
    steps = explain_speaker("q1", Analysis(table(text), quotes=quotes, spans=spans, dictionaries=OWN))
    assert steps["step"].tolist() == list(range(1, len(steps) + 1))
    assert steps["why"].tolist() == [
        "source: a pronoun", "last named before", "fullest name in the article", "title in the article",
        "actor table on 01 May 2021", "country",
    ]  # fmt: skip
    assert steps["printed"].tolist()[:3] == ["she", "Toran", "Ilse Toran"]
    for step in steps.dropna().itertuples():
        assert text[step.start : step.end] == step.printed
    with pytest.raises(ValueError, match="quote_id: expected a statement of these quotes; got 'q9'"):
        explain_speaker("q9", Analysis(table(text), quotes=quotes, spans=spans))
    with pytest.raises(ValueError, match="articles: expected the article of every statement; got none"):
        explain_speaker("q1", Analysis(table(text, article_id="b"), quotes=quotes, spans=spans))


def test_what_is_not_decided_is_explained_too() -> None:
    text, quotes, spans = statements("[She] agreed.")
    steps = explain_speaker("q0", Analysis(table(text), quotes=quotes, spans=spans, dictionaries=OWN))
    assert steps["why"].tolist() == ["source: no rule decides whom it means"]


def test_corrections_by_hand_overrule() -> None:
    text, quotes, spans = statements("“A,” [Toran] said.\n“B,” [she] said.\n“C,” [a stranger] said.")
    by_hand = pd.DataFrame(
        [("q1", "Mila Brandt", None), ("q2", "Anna Hale", "XTK")], columns=["quote_id", "speaker", "country"]
    )
    found = resolve_speakers(quotes, table(text), spans, dictionaries=OWN._replace(corrections=by_hand))
    assert found["speaker"].tolist() == ["Ilse Toran", "Mila Brandt", "Anna Hale"]
    assert found["resolution"].tolist() == ["surname", "user", "user"]
    assert found["country"].tolist() == ["XMV", "XMV", "XTK"]
    assert found["role"].iloc[1] == "President"
    assert found["speaker_confidence"].iloc[1] > found["speaker_confidence"].iloc[0]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"quote_id": ["q0"], "speaker": ["X"]}, "expected a column 'country'; got quote_id, spe"),
        ({"quote_id": ["q7"], "speaker": ["X"], "country": [""]}, "expected a statement of these quotes; got quote_id"),
        (
            {"quote_id": ["q0"] * 2, "speaker": ["X"] * 2, "country": [""] * 2},
            "corrections: expected each quote_id once; got",
        ),
    ],
)
def test_wrong_corrections_are_refused(rows: dict[str, list[str]], message: str) -> None:
    text, quotes, spans = statements("“A,” [Toran] said.")
    with pytest.raises(ValueError, match=message):
        resolve_speakers(quotes, table(text), spans, dictionaries=OWN._replace(corrections=pd.DataFrame(rows)))


@pytest.mark.parametrize("noun", ["poll", "company (c++", "report*", "bank"])
def test_capitals_and_odd_nouns_are_no_trap(noun: str) -> None:
    resolve("A" * 4000 + " " + "Ab" * 2000 + " " + "A A " * 1500 + f"\n[the {noun}] agreed.")
    resolve(f"[{'a' * 5000} agreed] so.")


def test_a_plain_word_in_a_longer_name_is_no_institution() -> None:
    assert parse_mention("Guardian Council", load_index()).title.country != "GBR"
    assert resolve("[Anna Hale, a scholar at the University of Oslo,] agreed.")["country"].tolist() == ["NOR"]


def test_a_government_that_nobody_named_is_no_trap() -> None:
    """ "The government" after "The government" takes up nothing, and does not look for itself for ever."""
    found = resolve("The government is slow. So [the government] agreed.")
    assert found["speaker"].tolist() == ["government"]


@pytest.mark.parametrize(
    ("marked", "speaker"),
    [
        ("[Ilse Toran] said the lake was dry.\n“Nobody came to help us then.”", "Ilse Toran"),
        # somebody who speaks by a single name
        ("[Dalmir] agreed. Later Dalmir left. [He] said no.", "Dalmir"),
    ],
)
def test_people_of_one_name(marked, speaker):
    assert resolve(marked)["speaker"].iloc[-1] == speaker


def test_statements_without_a_source_go_on_from_the_last_or_are_their_sentences_subjects():
    text = "Ilse Toran said the lake was dry. “Nobody came to help us then.” Otto Grau flew home, hoping to find help."
    said = [("the lake was dry", "indirect", "Ilse Toran"), ("“Nobody came to help us then.”", "direct", None),
            ("to find help", "indirect", None)]  # fmt: skip
    quotes, spans = [], []
    for number, (content, kind, source) in enumerate(said):
        start = text.index(content)
        place = {"start": start, "end": start + len(content), "raw_start": start, "raw_end": start + len(content)}
        quotes.append({"quote_id": f"a{number}", "article_id": "a", "kind": kind, "text": content,
                       "speaker_mention": source, "confidence": 0.9, **place})  # fmt: skip
        spans.append({"quote_id": f"a{number}", "role": "content", "part": 0, **place})
    found = resolve_speakers(schema.build_table("quotes", quotes), table(text), schema.build_table("spans", spans))
    assert found["speaker"].tolist() == ["Ilse Toran", "Ilse Toran", "Otto Grau"]


def test_words_before_a_colon_tell_who_speaks():
    text = "« We are ready, » Ilse Toran said.\n\nThe envoy of Tarsk said : « No. »"
    quotes = [{"quote_id": f"a{n}", "article_id": "a", "kind": "direct", "text": content, "speaker_mention": source,
               "confidence": 0.9, "start": text.index(content), "end": text.index(content) + len(content),
               "raw_start": 0, "raw_end": 1} for n, (content, source) in
              enumerate([("« We are ready, »", "Ilse Toran"), ("« No. »", None)])]  # fmt: skip
    found = resolve_speakers(schema.build_table("quotes", quotes), table(text), dictionaries=OWN)
    assert found[["speaker", "country"]].fillna("").to_numpy().tolist()[1] == ["envoy of Tarsk", "XTK"]


def test_confidences_are_shares_drawn_towards_broader_rules():
    from diplotext.training.confidence import fit_confidences

    cases = pd.DataFrame({"broad": ["exact"] * 20 + ["pronoun"] * 4, "fine": ["exact: name"] * 20 + ["pronoun: he"] * 4,
                          "kind": "person", "right": [True] * 20 + [True, False] * 2})  # fmt: skip
    rows = {(rule, kind): (share, n) for rule, kind, share, n in fit_confidences(cases)}
    assert set(rows) == {
        ("exact", ""),
        ("exact", "person"),
        ("exact: name", ""),
        ("exact: name", "person"),
        ("pronoun", ""),
    }
    assert 0.95 < rows["exact", ""][0] < rows["exact", "person"][0] < 1
    assert rows["pronoun", ""] == (pytest.approx((2 + 4 * 22 / 24) / 8), 4)


@pytest.mark.parametrize(
    ("label", "speaker", "kind"),
    [("IT", "Ilse Toran", "person"), ("I.T.", "Ilse Toran", "person"), ("OG", "Otto Grau", "person"),
     ("LN", "LN", "organisation"), ("Wikinews", "Wikinews", "organisation"), ("TORAN", "Ilse Toran", "person")],
)  # fmt: skip
def test_labels_of_interviews_are_initials_and_houses(label, speaker, kind):
    from diplotext.actors.labels import Labels
    from diplotext.cast import read_cast
    from diplotext.names import load_index

    text = "Otto Grau spoke with Ilse Toran about the lake."
    found = Labels(read_cast(text, names=load_index(), headline="Interview with Ilse Toran"), "").resolve(label)
    assert (found.name, found.kind) == (speaker, kind)
