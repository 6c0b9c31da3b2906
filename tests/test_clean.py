"""Cleaning: each rule on what it is for and on near misses, and the laws that the edits table obeys."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diplotext import schema
from diplotext.clean import clean_articles, clean_text, list_rules
from diplotext.clean.draft import Change, Draft, canonical
from diplotext.io import load_articles
from diplotext.quotes import attribute_quotes
from diplotext.spans import Edit, apply_edits, offset_maps

ROOT = Path(__file__).parents[1]


def table(*texts: str, **columns: object) -> pd.DataFrame:
    rows = [
        {"article_id": f"a{i}", "source": f"{i}.txt", "raw_text": t, "text": t, **columns} for i, t in enumerate(texts)
    ]
    return schema.build_table("articles", rows)


def cleaned(text: str) -> str:
    result = clean_text(text)
    assert apply_edits(text, result.edits) == result.text
    return result.text


STORY = "Envoys met in Velograd on Monday.\n\nThey agreed on nothing, officials said."


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("“We have not decided how far we go. “", "“We have not decided how far we go.”"),
        ("It was “a pretext for force “. He left.", "It was “a pretext for force”. He left."),
        ("“We fear it, ”the envoys wrote. “It is near. “", "“We fear it,” the envoys wrote. “It is near.”"),
        ("It was “a word ” too far, Toran said.", "It was “a word” too far, Toran said."),
        ("““We go,”” Toran said.", "“We go,” Toran said."),
        ("“We go,“ Toran said.", "“We go,” Toran said."),
        ("”We go,” Toran said.", "“We go,” Toran said."),
        ("“ We go, ” Toran said.", "“We go,” Toran said."),
        ("“We go,”Toran said.", "“We go,” Toran said."),
        ("Toran said“ we go” today.", "Toran said “we go” today."),
        ("the so-called“Group of Six” met", "the so-called “Group of Six” met"),
        ("“We go,\" Toran said.", "“We go,” Toran said."),
        ("\" We go, \" Toran said.", "\"We go,\" Toran said."),
        ("with a “question’’ that grew", "with a “question” that grew"),
        ("“Is it so? “she asked.", "“Is it so?” she asked."),
        ("He called it “brave” and “bold“.", "He called it “brave” and “bold”."),
        ("“We go. “ She paused. “They stay.”", "“We go.” She paused. “They stay.”"),
    ],
)  # fmt: skip
def test_marks_are_put_right(raw: str, expected: str) -> None:
    assert cleaned(raw) == expected


@pytest.mark.parametrize(
    "text",
    [
        "“The first paragraph opens.\n\n“So does the second, and closes.”",
        "“One.\n“Two.\n“Three,” Toran said. “Four.”",
        "“...and so on,” Toran said.",
        "“. . . and so on,” Toran said.",
        "“… and so on,” Toran said.",
        "The door is 6’4” high.",
        "The door is 6’4” high and “too big,” Toran said.",
        "“This was never closed, Toran said.",
        "“This was never closed, Toran said. “But this was,” he added.",
        "the “Group of Six”s plan",
        '"We go," Toran said, "and soon."',
        "''We go,'' Toran said of “it”.",
        "„We go“, Toran said.",
        "“‘We go,’” she said",
        "“He said ‘we go’” today",
        "the plan—“a bad one”—failed",
        "“We “really” go”",
        "(“We go”) and [“stay”]",
        "Toran said: “",
        "O“Brien said",
        "“We waited . . . and left,” Toran said. . . . Then rain.",
    ],
)
def test_legal_marks_stay(text: str) -> None:
    assert cleaned(text) == text


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("They left. . The rest stayed.", "They left. The rest stayed."),
        ("They left Sorland. .\n\nThe rest stayed.", "They left Sorland.\n\nThe rest stayed."),
        ("They left.. The rest stayed.", "They left. The rest stayed."),
        ("Really? . They left.", "Really? They left."),
        ("“They left.” . The rest stayed.", "“They left.” The rest stayed."),
        ("They left ... and returned.", None),
        ("They left. . . . The rest stayed.", None),
        ("They left . . . the rest stayed.", None),
        ("They left…. The rest stayed.", None),
        ("Visit site.. example for more", None),
        ("A .5 share of the U.S. .NET market", None),
    ],
)
def test_stray_stops(raw: str, expected: str | None) -> None:
    assert cleaned(raw) == (raw if expected is None else expected)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("canâ€™t", "can’t"),
        ("â€œWe go,â€\x9d Toran said", "“We go,” Toran said"),
        ("â€œWe go,â€ Toran said â€” now", "“We go,” Toran said — now"),
        ("Ã¢â‚¬Å“We goÃ¢â‚¬\x9d", "“We go”"),
        ("JuliÃ¡n in a cafÃ©, Â£5", "Julián in a café, £5"),
        ("It\x92s \x93so\x94", "It’s “so”"),
        ("Â\xa0So", "So"),
        ("São Tomé, Zürich and Åse’s “É” stay", "São Tomé, Zürich and Åse’s “É” stay"),
        ("&amp;quot;We go,&amp;quot; AT&amp;T", '"We go," AT&T'),
        ("&ldquo;We&rdquo; &#8217;tis &amp;amp; R&D; x", "“We” ’tis & R&D; x"),
        ('\\"We go,\\" Toran said.', '"We go," Toran said.'),
        ("\\u201cWe go\\u201d", "“We go”"),
        ("One.\\n\\nTwo in C:\\new", "One.\n\nTwo in C:\\new"),
        ("a\xa0b\u2009c  d\te", "a b c d e"),
        ("soft\xadly\u200b go\ufeff", "softly go"),
        ("the 21<sup>st</sup> century, 1 < 2 > 0", "the 21st century, 1 < 2 > 0"),
        ("See [the full\nreport](https://example.org/a_(b)) now", "See the full\nreport now"),
        ("This is **very** *much* _so_, f*** and snake_case_name", "This is very much so, f*** and snake_case_name"),
        ("\\[sic\\] and 2 \\* 3", "[sic] and 2 * 3"),
        ("# Heading\n\n#hashtag here", "Heading\n\n#hashtag here"),
    ],
)
def test_characters(raw: str, expected: str) -> None:
    assert cleaned(raw) == expected


FURNITURE = [
    "Comments are closed.", "12 Comments", "Share on Facebook", "Share this article", "Facebook Twitter WhatsApp Email",
    "Subscribe to our newsletter", "Sign up for our daily newsletter", "Follow us on Twitter", "Follow @marvpost",
    "Follow Jane Roe on Twitter @janeroe", "Read more: Toran's long road to Velograd", "READ MORE",
    "Also read | The bridge",
    "Related: A year of talks", "You may also like", "Click here to read the full story", "Advertisement",
    "- Advertisement -", "Story continues below advertisement", "Sign in", "Privacy Policy | Terms of Use",
    "Home > World > Europe", "3 min read", "Tags: Marvania, Sorland, peace talks", "Filed under: World",
    "Photo: Jane Roe/Reuters", "FILE - In this Jan. 3, 2019, file photo, Ilse Toran speaks. (MNA Photo/Jon Roe, File)",
    "Ilse Toran leaves the hall in Velograd on Monday. (Jane Roe/AFP)", "Getty Images", "Image source, Reuters",
    "This material may not be reprinted or broadcast.", "All rights reserved.",
    "This article was originally published by The Sorland Star.", "___", "* * *", "###", "(END)", "https://example.org/x",
]  # fmt: skip


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_goes_as_whole_lines(line: str) -> None:
    raw = STORY.replace("\n\n", f"\n\n{line}\n\n")
    assert cleaned(raw) == STORY
    assert cleaned(f"{STORY}\n{line}\n") == STORY


@pytest.mark.parametrize(
    "line",
    [
        "Share prices fell on Friday after the talks.",
        "Comments are closed to the public by the new law, Toran said.",
        "Photo opportunities were scarce at the summit.",
        "Video showed troops at the border.",
        "The advertisement was withdrawn on Monday.",
        "Advertisements for the army ran all week.",
        "Subscribers to the Post were told on Monday.",
        "Sign language is spoken by six envoys.",
        "Read more than once, the letter seems milder.",
        "Related charges were dropped in Sorland.",
        "Home is where the envoys went.",
        "Follow the money, Toran said on Monday.",
        "Copyright law divides the two states.",
        "The file was closed (see the report of 2019).",
        "Officials left the hall early (Toran did not).",
        "Click is the name of the new party.",
        "Print media were not admitted.",
        "The tags: none were found.",
        "“Subscribe to our newsletter,” the letter said.",
        "“Read more books,” Toran said.",
        "By Friday, the talks had failed.",
        "Contact between the two sides has ceased.",
        "Watch the border, Toran told her generals, and wait.",
        "10",
    ],
)
def test_near_misses_stay(line: str) -> None:
    raw = STORY.replace("\n\n", f"\n\n{line}\n\n")
    assert cleaned(raw) == raw


@pytest.mark.parametrize(
    ("first", "headline"),
    [
        ("Envoys meet in Velograd | Politics", "Envoys meet in Velograd"),
        ("Envoys meet in Velograd | World News | The Marvanian Post", "Envoys meet in Velograd"),
        ("Envoys meet in Velograd - The Marvanian Post", "Envoys meet in Velograd"),
        ("Envoys meet in Velograd – Toran stays away", "Envoys meet in Velograd – Toran stays away"),
        ("Analysis | Why the envoys will not meet in Velograd", "Analysis | Why the envoys will not meet in Velograd"),
        ("Will envoys meet in the U.S.?", "Will envoys meet in the U.S.?"),
        ("Exclusive: Envoys meet in Velograd", "Exclusive: Envoys meet in Velograd"),
        ("Envoys met in Velograd, officials said on Monday.", None),
    ],
)
def test_headline_is_the_first_line_without_its_suffix(first: str, headline: str | None) -> None:
    result = clean_text(f"{first}\n\n{STORY}")
    assert result.headline == headline
    assert result.text.startswith(headline or first)


def test_a_suffix_is_cut_from_the_headline_only() -> None:
    raw = "Envoys met in Velograd | Politics"
    assert cleaned(raw) == raw
    assert cleaned(f"{STORY}\n\nEnvoys meet | Politics") == f"{STORY}\n\nEnvoys meet | Politics"


def test_headline_of_metadata_is_kept_and_cleaned() -> None:
    articles, _ = clean_articles(table(STORY, headline="Envoys meet - Sorland Star", outlet="Sorland Star"))
    assert articles["headline"].tolist() == ["Envoys meet"]
    assert articles["text"].tolist() == [STORY]


def test_an_article_with_all_its_parts() -> None:
    raw = (
        "\ufeffEnvoys meet in Velograd | Politics\r\n\r\nBy Jane Roe\r\n\r\n"
        "VELOGRAD, Marvania (MNA) – Talks began.\r\n\r\n"
        "MNA writer Jon Roe in Ostrel contributed to this report.\r\n\r\n"
        "Copyright 2021 Marvania News Agency. All rights reserved.\r\n\r\nComments are closed.\r\n"
    )
    articles, edits = clean_articles(table(raw))
    row = articles.iloc[0]
    assert row["text"] == "Envoys meet in Velograd\n\nTalks began."
    assert row["headline"] == "Envoys meet in Velograd"
    assert row["dateline"] == "VELOGRAD, Marvania (MNA)"
    assert row["byline"] == "Jane Roe"
    assert row["notes"] == "MNA writer Jon Roe in Ostrel contributed to this report."
    assert (row["published"].year, row["published_precision"], row["published_basis"]) == (2021, "year", "copyright")
    rules = {r for rule in edits["rule"] for r in rule.split("+")}
    assert {"title_section", "byline", "dateline", "notes", "copyright", "comments_line", "line_breaks"} <= rules
    assert "".join(edits["removed"].str.len().astype(str)) != ""
    schema.check_table(articles, "articles")
    schema.check_table(edits, "edits")


def test_dates_that_are_printed_date_the_undated_only() -> None:
    raw = "Envoys meet in Velograd\n\nVELOGRAD, Jan. 3, 2022 (MNA) - Talks began.\n\n© 2023 The Marvanian Post"
    undated, _ = clean_articles(table(raw))
    assert undated["published_basis"].tolist() == ["dateline"]
    assert undated["published"].dt.strftime("%Y-%m-%d").tolist() == ["2022-01-03"]
    known = {"published": "2022-01-05T10:00:00Z", "published_precision": "time", "published_basis": "metadata"}
    dated, _ = clean_articles(table(raw, **known))
    assert dated["published_basis"].tolist() == ["metadata"]
    nothing, _ = clean_articles(table(STORY))
    assert nothing["published"].isna().all()
    assert nothing["published_basis"].tolist() == ["none"]


def test_one_long_line_loses_its_ends_only() -> None:
    raw = (
        "VELOGRAD (MNA) — Talks began on Monday. “We are ready,” Toran said. They ended early. "
        "Jane Roe contributed to this report. Copyright 2021 Marvania News Agency. All rights reserved. "
        "Comments are closed."
    )
    result = clean_text(raw)
    assert result.text == "Talks began on Monday. “We are ready,” Toran said. They ended early."
    assert result.notes == "Jane Roe contributed to this report."
    assert result.year == 2021


WRAPPED = """---
title: "A statement"
date: '2031-03-04'
---

Foreign Minister Ilse Toran spoke today with the prime minister of the
republic of Sorland.  They agreed that the strait must remain open, that
talks should go on, and that a well-
known dispute was closed.

-   The first item goes on for more than one line, as items of lists
    often do in such files.
-   The second does not.

Velograd  
March 4

\\###
"""


def test_markdown_lines_are_joined_by_edits() -> None:
    assert cleaned(WRAPPED) == (
        "Foreign Minister Ilse Toran spoke today with the prime minister of the republic of Sorland. They agreed that "
        "the strait must remain open, that talks should go on, and that a well-known dispute was closed.\n\n"
        "- The first item goes on for more than one line, as items of lists often do in such files.\n"
        "- The second does not.\n\nVelograd\nMarch 4"
    )


def test_lines_that_were_not_wrapped_stay() -> None:
    poem = "Short lines\nthat were never\nwrapped at all\nbut meant so.\n\nThe end of it\nis here."
    assert cleaned(poem) == poem
    paragraphs = "\n".join(["Talks began on Monday in the old town hall of Velograd. " * 4] * 6).replace(" \n", "\n")
    assert cleaned(paragraphs) == paragraphs.strip()


def test_rules_can_be_left_out() -> None:
    raw = "VELOGRAD (MNA) — Talks began. . They ended.\n\nAdvertisement"
    only, edits = clean_articles(table(raw), rules=["stray_stops"])
    assert only["text"].tolist() == ["VELOGRAD (MNA) — Talks began. They ended.\n\nAdvertisement"]
    assert edits["rule"].tolist() == ["stray_stops"]
    none, edits = clean_articles(table(raw), rules=[])
    assert none["text"].tolist() == [raw]
    assert len(edits) == 0


def test_order_of_rules_is_the_tables() -> None:
    names = list_rules()["rule"].tolist()
    raw = "VELOGRAD (MNA) — Talks began. . They ended.\n\nAdvertisement"
    pd.testing.assert_frame_equal(
        clean_articles(table(raw))[1], clean_articles(table(raw), rules=list(reversed(names)))[1]
    )


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (["datelin"], r"rules: expected names that list_rules\(\) shows; got 'datelin'; did you mean 'dateline'\?"),
        ("dateline", r"rules: expected a list of rule names; got 'dateline'; pass \['dateline'\]"),
    ],
)
def test_unknown_rules_are_refused(rules: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        clean_articles(table(STORY), rules=rules)


def test_rules_are_named_once_and_explained() -> None:
    rules = list_rules()
    assert rules["rule"].is_unique
    assert (rules["purpose"].str.len() > 10).all()
    assert ((rules["pattern"] != "") | (rules["function"] != "")).all()


def test_an_empty_frame_gives_the_full_schema() -> None:
    articles, edits = clean_articles(schema.build_table("articles"))
    assert list(articles) == list(schema.TABLES["articles"].columns)
    assert list(edits) == list(schema.TABLES["edits"].columns)
    filled = clean_articles(table("A. . B", ""))
    assert articles.dtypes.equals(filled[0].dtypes)
    assert edits.dtypes.equals(filled[1].dtypes)


def test_input_is_not_changed() -> None:
    before = table("VELOGRAD (MNA) — Talks began. . They ended.")
    copy = before.copy(deep=True)
    clean_articles(before)
    pd.testing.assert_frame_equal(before, copy)


# ---- laws

NASTY = st.sampled_from(
    [
        *FURNITURE, STORY, "Envoys meet in Velograd | Politics", "VELOGRAD, Jan. 3 (MNA) – Talks began.", "By Jane Roe",
        "“We go. “", "force “.", ", ”the group", "““We go,”” she said.", "“ We go ”", "“Unclosed", "unopened”", '"',
        "''",
        "come. . The", "Europe. .", ". . .", "...", "..", "â€œWeâ€ goâ€™", "Ã©", "Â ", "\xa0", "\u200b", "\xad", "  ",
        "&amp;quot;", "&nbsp;", "\\\"", "\\", "\\n", "*", "**bold**", "_under_", "[a](http://b.c)", "# ", "<b>", "<br>",
        "\r\n", "\r", "\n", "\n\n", " ", ".", ",", "a", "Toran said",
        "© 2021 Marvania News Agency. All rights reserved.",
        "Jane Roe contributed to this report.", "Correction: It was 2016.", "May 3, 2031", "---\ntitle: x\n---\n",
        "-", "—",
    ]
)  # fmt: skip
DOCUMENT = st.lists(NASTY, max_size=14).map("".join) | st.lists(NASTY, max_size=10).map("\n".join)


@settings(max_examples=400, deadline=None)
@given(DOCUMENT)
def test_edits_give_the_clean_text_and_never_overlap(raw: str) -> None:
    result = clean_text(raw)
    assert apply_edits(raw, result.edits) == result.text  # raises on overlap
    starts = [e.raw_start for e in result.edits]
    assert len(set(starts)) == len(starts)
    assert all(raw[e.raw_start : e.raw_end] != e.replacement for e in result.edits)


@settings(max_examples=400, deadline=None)
@given(DOCUMENT)
def test_cleaning_is_idempotent(raw: str) -> None:
    once = clean_text(raw).text
    assert clean_text(once).text == once


@settings(max_examples=150, deadline=None)
@given(st.lists(DOCUMENT, min_size=1, max_size=3), st.randoms())
def test_tables_conserve_and_map_back(texts: list[str], random: object) -> None:
    articles, edits = clean_articles(table(*texts))
    for row in articles.itertuples():
        own = edits[edits["article_id"] == row.article_id]
        kept, at = [], 0
        for edit in own.itertuples():
            assert row.raw_text[edit.raw_start : edit.raw_end] == edit.removed
            assert row.text[edit.start : edit.end] == edit.replacement
            kept.append(row.raw_text[at : edit.raw_start])
            at = edit.raw_end
        kept.append(row.raw_text[at:])
        assert sum(map(len, kept)) + int(own["removed"].str.len().sum()) == len(row.raw_text)
        offsets = offset_maps(articles, edits)[row.article_id]
        for word in row.text.split():
            start = row.text.find(word)
            low, high = offsets.to_raw(start, start + len(word))
            inside = [Edit(e.raw_start - low, e.raw_end - low, e.rule, e.replacement) for e in own.itertuples()
                      if low <= e.raw_start and e.raw_end <= high]  # fmt: skip
            assert word in apply_edits(row.raw_text[low:high], inside)


@settings(max_examples=60, deadline=None)
@given(st.lists(DOCUMENT, min_size=2, max_size=4))
def test_an_article_depends_on_itself_alone(texts: list[str]) -> None:
    together, edits = clean_articles(table(*texts))
    for i in range(len(texts)):
        alone, own = clean_articles(table(*texts).iloc[[i]])
        pd.testing.assert_frame_equal(together.iloc[[i]].reset_index(drop=True), alone)
        pd.testing.assert_frame_equal(edits[edits["article_id"] == f"a{i}"].reset_index(drop=True), own)


@settings(max_examples=300, deadline=None)
@given(st.text("ab ", max_size=15), st.data())
def test_changes_compose(raw: str, data: st.DataObject) -> None:
    draft = Draft(raw)
    for turn in range(data.draw(st.integers(1, 4))):
        cuts = sorted(data.draw(st.lists(st.integers(0, len(draft.text)), max_size=6, unique=True)))
        put = st.text("ab ", max_size=2)
        draft.change([Change(s, e, data.draw(put)) for s, e in zip(cuts[::2], cuts[1::2], strict=False)], f"r{turn}")
        assert apply_edits(raw, draft.edits) == draft.text
    assert apply_edits(raw, draft.finish()) == draft.text


def test_changes_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match=r"changes: expected sorted spans without overlap; got 1 after 4 \(x\)"):
        Draft("abcdef").change([Change(2, 4), Change(1, 3)], "x")


@pytest.mark.parametrize(
    ("raw", "edit", "expected"),
    [
        ("left. . The", Edit(5, 7, "x"), Edit(6, 8, "x")),  # as far right as equal characters allow
        ("OSTREL – Ostrel", Edit(0, 9, "x"), Edit(0, 9, "x")),  # but the next word keeps its first letter
        ("go. “", Edit(2, 5, "x", ".”"), Edit(3, 5, "x", "”")),  # no larger than it need be
    ],
)
def test_edits_have_one_form(raw: str, edit: Edit, expected: Edit) -> None:
    assert canonical(raw, [edit]) == [expected]


def test_a_hostile_line_takes_no_long() -> None:
    for piece in ("“a ", "a ", "*", "_a", "&amp;", ". ", "<", "[a](", "â", " ", "\\", "\n", '"'):
        assert isinstance(clean_text(piece * 20_000).text, str)


def test_statements_stand_alike_by_recorded_and_by_recovered_edits() -> None:
    articles, edits = clean_articles(load_articles(ROOT / "data" / "articles"))
    by_table, by_hand = (attribute_quotes(articles, given)[0] for given in (edits, None))
    assert len(by_table) >= 20
    offsets = ["quote_id", "article_id", "start", "end", "raw_start", "raw_end"]
    pd.testing.assert_frame_equal(by_table[offsets], by_hand[offsets])


@pytest.mark.parametrize(
    "line",
    [
        "PIET KULL, SENIOR CORRESPONDENT (voice-over): The pass is closed.",
        "KULL (on camera): The pass is closed.",
        "SANTIAGO: The pass is closed.",
    ],
)
def test_no_label_of_a_turn_is_taken_for_a_dateline(line):
    raw = f"EVENING TALK\nAired May 12, 2021 - 06:00 ET\n{line}\nORR: Why?\n{line}"
    cleaned = clean_text(raw)
    assert cleaned.dateline is None
    assert cleaned.text.count(line) == 2
    assert cleaned.date == "May 12, 2021"
