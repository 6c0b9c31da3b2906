from __future__ import annotations

import datetime
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diplotext import schema, spans
from diplotext.quotes import attribute_quotes
from diplotext.quotes.cues import load_cues


def make_articles(*texts: str, **columns: object) -> pd.DataFrame:
    rows = [
        {"article_id": f"a{i}", "source": f"{i}.txt", "raw_text": text, "text": text, **columns}
        for i, text in enumerate(texts)
    ]
    return schema.build_table("articles", rows)


def find(text: str, **columns: object) -> list[dict]:
    quotes, _ = attribute_quotes(make_articles(text, **columns))
    frame = quotes.astype(object)
    return frame.where(frame.notna(), None).to_dict("records")


# -- statements -------------------------------------------------------------------------------------------------

STATEMENTS = [
    # direct
    ("“We will not yield,” Foreign Minister Ilse Toran said.",
     "direct", "“We will not yield,”", "said", "Foreign Minister Ilse Toran"),
    ("“We will not yield,” said Ilse Toran, the foreign minister of Marvania.",
     "direct", "“We will not yield,”", "said", "Ilse Toran, the foreign minister of Marvania"),
    ("“We will not yield,” Toran told reporters in Tarsk on Monday.",
     "direct", "“We will not yield,”", "told", "Toran"),
    ("“Will they come?” the minister asked.", "direct", "“Will they come?”", "asked", "the minister"),
    ("Toran said: “We will not yield.”", "direct", "“We will not yield.”", "said:", "Toran"),
    ("Toran said on Twitter, “We will not yield to them.”",
     "direct", "“We will not yield to them.”", "said", "Toran"),
    ("“We will not yield,” she said. “The border is ours.”",
     "direct", "“We will not yield,” “The border is ours.”", "said", "she"),
    ("“We will,” Toran said, “never yield to them.”",
     "direct", "“We will,” “never yield to them.”", "said", "Toran"),
    ("“The talks are dead,” Oren Vask, a retired general who led the mission, said.",
     "direct", "“The talks are dead,”", "said", "Oren Vask, a retired general who led the mission"),
    # mixed
    ("Toran said the raid was “an act of war” that Marvania would answer.",
     "mixed", "the raid was “an act of war” that Marvania would answer", "said", "Toran"),
    ("The raid was “an act of war,” Toran said.", "mixed", "The raid was “an act of war,”", "said", "Toran"),
    # indirect
    ("The minister has repeatedly said that the border is closed.",
     "indirect", "that the border is closed", "has repeatedly said", "The minister"),
    ("Toran said the border would stay closed.", "indirect", "the border would stay closed", "said", "Toran"),
    ("The border will stay closed, the ministry said.",
     "indirect", "The border will stay closed", "said", "the ministry"),
    ("The two leaders will meet in May, according to the presidency.",
     "indirect", "The two leaders will meet in May", "according to", "the presidency"),
    ("According to two diplomats, the talks will resume in Tarsk.",
     "indirect", "the talks will resume in Tarsk", "According to", "two diplomats"),
    ("Toran told the state news agency MARTA that the border was closed.",
     "indirect", "that the border was closed", "told", "Toran"),
    ("Tessania called on its neighbour to open the border.",
     "indirect", "its neighbour to open the border", "called on", "Tessania"),
    ("Toran accused Tessania of closing the border.",
     "indirect", "Tessania of closing the border", "accused", "Toran"),
    ("The talks, Toran said on Friday, will resume in May.",
     "indirect", "The talks will resume in May", "said", "Toran"),
    ("A group of 24 former envoys and scholars wrote that the sanctions had failed.",
     "indirect", "that the sanctions had failed", "wrote", "A group of 24 former envoys and scholars"),
    ("In Tarsk, Toran said the border was closed.", "indirect", "the border was closed", "said", "Toran"),
    ("Both sides insist they hope the talks succeed.",
     "indirect", "they hope the talks succeed", "insist", "Both sides"),
    ("The embassy's claim that the border is open was met with silence.",
     "indirect", "that the border is open was met with silence", "claim", "The embassy's"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "content", "cue", "source"), STATEMENTS)
def test_a_statement_has_its_content_cue_and_source(text, kind, content, cue, source):
    found = find(text)
    assert [(q["kind"], q["text"], q["cue"], q["speaker_mention"]) for q in found] == [(kind, content, cue, source)]
    assert found[0]["closed"] is True


# -- each row: text, then (cue, source, content) of every statement

FOUND = [
    # a capitalised word within a name is no cue, beside a near miss
    ("Velik Sund, the head of the League of Selm River States, said on Wednesday that talks will go on.",
     [("said", "Velik Sund, the head of the League of Selm River States", "that talks will go on")]),
    ("Velik Sund, the head of the League of Selm River States, warned on Wednesday.", []),
    ("“We will wait,” said Velik Sund of the Council of Claims and Demands.",
     [("said", "Velik Sund of the Council of Claims and Demands", "“We will wait,”")]),
    pytest.param("Sund States That the Talks Will Go On", [("States", "Sund", "That the Talks Will Go On")],
                  marks=pytest.mark.xfail(strict=True, reason="a headline's verb in capitals is read as a name")),
    # a colon before an utterance, whatever the verb
    ("Toran was clear: “The border is closed for good.”",
     [("was clear:", "Toran", "“The border is closed for good.”")]),
    ("Toran put it this way: “The border is closed.”", [("put it this way:", "Toran", "“The border is closed.”")]),
    ("Toran issued the following statement: “We mourn. It cannot go on.” The talks end in May.",
     [("issued the following statement:", "Toran", "“We mourn. It cannot go on.”")]),
    pytest.param("Toran said the deal was dead: “We will never sign it at all.”",
     [("said", "Toran", "the deal was dead"), (":", "Toran", "“We will never sign it at all.”")],
                  marks=pytest.mark.xfail(strict=True, reason="a colon without a cue of its own goes on the content")),
    pytest.param("Noting that nobody had come, Toran added: “The border is closed.”",
     [("Noting", "Toran", "that nobody had come"), ("added:", "Toran", "“The border is closed.”")],
                  marks=pytest.mark.xfail(strict=True, reason="the subject of a participle before it is not found")),
    ("Mara Denk (Tarsk): “Who told you that the border was closed?”",
     [(":", "Mara Denk (Tarsk)", "“Who told you that the border was closed?”")]),
    ("The house had a name over its door: “winter palace”.", []),
    # documents that read, and verbs whose past is spelled like their base
    ("“The border is closed,” a statement from the ministry read.",
     [("read", "a statement from the ministry", "“The border is closed,”")]),
    ("“The border is closed,” read a statement from the ministry.",
     [("read", "a statement from the ministry", "“The border is closed,”")]),
    # handed on
    ("Toran was quoted as saying that the border was closed.",
     [("was quoted as saying", "Toran", "that the border was closed")]),
    ("“The border is closed,” Toran was quoted as saying on Friday.",
     [("was quoted as saying", "Toran", "“The border is closed,”")]),
    ("“The border is closed,” the agency MARTA quoted Toran as saying.",
     [("quoted", "the agency MARTA", "“The border is closed,”")]),
    # when and where it was said is no content
    ("Toran said late on Friday the border was closed.", [("said", "Toran", "the border was closed")]),
    ("Toran later Thursday told reporters: “The border is closed.”",
     [("told", "Toran", "“The border is closed.”")]),
    ("“We will not leave the hall,” Toran quipped in reference to the raid.",
     [("quipped", "Toran", "“We will not leave the hall,”")]),
    # several sentences, posts, documents
    ("Toran said the border was closed. She added that talks would go on. She also said the army was ready.",
     [("said", "Toran", "the border was closed"), ("added", "She", "that talks would go on"),
      ("also said", "She", "the army was ready")]),
    pytest.param("According to two people briefed on the talks, who asked for no names, the border will stay closed.",
     [("According to", "two people briefed on the talks, who asked for no names", "the border will stay closed")],
                  marks=pytest.mark.xfail(strict=True, reason="a cue inside a source is taken for one")),
    ("“The border is closed,” Toran posted on Telegram.", [("posted", "Toran", "“The border is closed,”")]),
    ("In a tweet, Toran said the border was closed.", [("said", "Toran", "the border was closed")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_forms_of_reports(text, expected):
    assert [(q["cue"], q["speaker_mention"], q["text"]) for q in find(text)] == expected


def test_who_handed_a_quotation_on_is_the_relay():
    (quote,) = find("Toran was quoted by MARTA as saying that the border was closed.")
    assert (quote["speaker_mention"], quote["relay"], quote["addressee"]) == ("Toran", "MARTA", None)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Toran said that the border is closed.", "speech"),
        ("Toran believes that the border is closed.", "belief"),
        ("Tessania fears the border will be closed.", "belief"),
        ("Tessania supports the embargo.", "attitude"),
        ("Tessania wants to close the border.", "intention"),
        ("Tessania plans to close the border.", "intention"),
    ],
)
def test_beliefs_attitudes_and_intentions_are_told_apart(text, kind):
    assert [q["cue_kind"] for q in find(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "The novel “A Winter in Tarsk” sold well in Marvania.",
        "The so-called “corridor” runs along the river.",
        "The general report was on the table of the council.",
        "Three plans lay on the table in the claims office.",
        "It rained in Tarsk all Sunday, and the streets stood under water.",
    ],
)
def test_titles_scare_quotes_and_nouns_are_no_statements(text):
    assert find(text) == []


def test_only_the_outermost_report_counts():
    (quote,) = find("Toran said that the general believes that his troops will leave.")
    assert quote["cue"] == "said"


def test_who_is_quoted_inside_a_report_is_the_reported_speaker():
    (quote,) = find("The agency quoted General Oren Vask as saying that the troops would leave.")
    assert (quote["speaker_mention"], quote["reported_speaker"]) == ("The agency", "General Oren Vask")


def test_a_relative_pronoun_is_named_by_what_it_stands_for():
    text = "The envoys met General Oren Vask, who said the troops would leave."
    quotes, found = attribute_quotes(make_articles(text))
    source = found[found["role"] == "source"].iloc[0]
    assert text[source["start"] : source["end"]] == "who"
    assert quotes.loc[0, "speaker_mention"] == "General Oren Vask"


def test_a_participle_takes_the_subject_of_its_sentence():
    found = find(
        "Toran noted a rise in arms deliveries, saying “the fault is theirs.” He added that talks would go on."
    )
    assert [(q["cue"], q["speaker_mention"]) for q in found] == [
        ("noted", "Toran"),
        ("saying", "Toran"),
        ("added", "He"),
    ]


def test_a_second_verb_takes_the_first_ones_subject():
    found = find("Toran said that the border was closed and said that it would stay so.")
    assert [(q["cue"], q["speaker_mention"], q["text"]) for q in found] == [
        ("said", "Toran", "that the border was closed"),
        ("said", "Toran", "that it would stay so"),
    ]


@pytest.mark.xfail(strict=True, reason="impersonal passives are all but absent from the training corpus")
def test_a_missing_source_stays_missing():
    (quote,) = find("The talks are expected to resume in May.")
    assert quote["speaker_mention"] is None
    assert quote["text"] == "The talks to resume in May"


def test_quotation_goes_on_in_the_next_paragraph():
    text = "“We will not yield,” Toran said. “The border is ours.\n\n“It will stay closed.”\n\nThe talks end in May."
    (quote,) = find(text)
    assert quote["text"] == "“We will not yield,” “The border is ours. “It will stay closed.”"


def test_a_paragraph_of_quoted_words_alone_goes_on_the_one_before():
    text = "“We will not yield,” Toran said. “It is ours.”\n\n“It will stay closed for a long time.”"
    assert len(find(text)) == 1


def test_a_colon_at_the_end_of_a_paragraph_governs_the_next():
    (quote,) = find("The ministry released the following statement:\n\n“The border will stay closed for good.”")[-1:]
    assert quote["text"].startswith("“The border")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Pass closed\n\nThe pass will stay closed, the Marvanian transport minister said.",
            [("The pass will stay closed", "the Marvanian transport minister")],
        ),
        (
            "Pass may open, says Tessanian envoy\n\nTessania's envoy, Oda Lind, said the pass would open.",
            [("Pass may open", "Tessanian envoy"), ("the pass would open", "Tessania's envoy, Oda Lind")],
        ),
        (
            "Envoys met in Tarsk.\n\nThe talks went on\n\nNobody would yield, the ministry said.",
            [("Nobody would yield", "the ministry")],
        ),
    ],
)
def test_a_headline_and_a_paragraph_end_what_stands_in_them(text, expected):
    quotes, found = attribute_quotes(make_articles(text))
    assert not any("\n" in text[s:e] for s, e in zip(found["start"], found["end"], strict=True))
    said = [(q.text, q.speaker_mention) for q in quotes.itertuples()]
    assert [pair for pair in expected if pair not in said] == []


@pytest.mark.parametrize(
    ("text", "content", "source"),
    [
        (
            "Marvania closed its pass to Tessania on Monday, Transport Minister Piet Arrud of Marvania said.",
            "Marvania closed its pass to Tessania on Monday", "Transport Minister Piet Arrud of Marvania",
        ),
        (
            "Tessania recalled its envoy on Friday after the vote, the foreign ministry announced.",
            "Tessania recalled its envoy on Friday after the vote", "the foreign ministry",
        ),
    ],
)  # fmt: skip
def test_a_clause_that_ends_its_sentence_reports_all_of_it(text, content, source):
    (quote,) = find(text)
    assert (quote["text"], quote["speaker_mention"]) == (content, source)


SIGNED = [
    ("“She is the best choice for the talks.” - Minister Ilse Toran", "Minister Ilse Toran", "-"),
    ("“She is the best choice for the talks,” – Dr. Karla Voss, head of the Ostrel Institute",
     "Dr. Karla Voss, head of the Ostrel Institute", "–"),
    ("\"She is the best choice for the talks.\"\n— the White Palace", "the White Palace", "—"),
    ("“She is the best choice for the talks.”\n\n– a senior official in Tarsk", "a senior official in Tarsk", "–"),
    ("“She is the best choice for the talks.” (Jon Bergen, opposition leader)", "Jon Bergen, opposition leader", None),
    ("> « She is the best choice for the talks. »\n> -- *Anna Roos*", "Anna Roos", "--"),
    ("And from Speaker Piet Arrud:\n\n“She is the best choice for the talks.”", "Speaker Piet Arrud", ":"),
    ("Statement by Premier Anna Roos:\n“She is the best choice for the talks.”", "Premier Anna Roos", ":"),
    ("From the office of Ansgar Voll, chief economist of the Tarsk Bank:\n\n'She is the best choice for the talks.'",
     "Ansgar Voll, chief economist of the Tarsk Bank", ":"),
    ("Attributable to spokesperson Lena Holt:\n\n“She is the best choice for the talks.”",
     "spokesperson Lena Holt", ":"),
    ("**Jane Orr**, *director of the Peace Fund*: “She is the best choice for the talks.”",
     "Jane Orr**, *director of the Peace Fund", ":"),
]  # fmt: skip


@pytest.mark.parametrize(("block", "source", "cue"), SIGNED)
def test_a_quotation_set_apart_is_said_by_who_is_printed_beside_it(block, source, cue):
    text = f"Envoy named\n\nMarvania named an envoy on Monday.\n\n{block}\n\nThe talks begin in May."
    (quote,) = [q for q in find(text) if "best choice" in q["text"]]
    assert (quote["kind"], quote["speaker_mention"], quote["cue"]) == ("direct", source, cue)
    assert quote["text"].strip("“”\"'« ,.»") == "She is the best choice for the talks"


def test_what_signs_and_introduces_nothing():
    text = (
        "Key quotes:\n\n“We were never asked about it.”\n\n“We go now” – that was the message of the day.\n\n"
        "“They left us alone” - Tarsk was empty by then."
    )
    assert not any(q["speaker_mention"] for q in find(text))


def test_an_introduction_holds_until_another_and_a_signature_for_the_whole_quotation():
    text = (
        "From Speaker Arrud:\n\n“I know her as a patient negotiator.\n\n“She will bring both sides back.”\n\n"
        "“Her time has come at last.”\n\nFrom Minister Lind:\n\n“The ports will open on Monday.”\n\n"
        "Nobody else spoke.\n\n“The trains will run again.\n\n“The pass will open.” - Mayor Kull"
    )
    said = {q["speaker_mention"]: q["text"] for q in find(text)}
    assert said["Speaker Arrud"].startswith("“I know")
    assert said["Speaker Arrud"].endswith("at last.”")
    assert said["Minister Lind"] == "“The ports will open on Monday.”"
    assert said["Mayor Kull"] == "“The trains will run again. “The pass will open.”"


def test_a_quotation_in_single_marks_goes_on_over_paragraphs():
    text = (
        "'We have kept every letter of the treaty,' Toran said. 'We have no quarrel with the fishermen's union.\n\n"
        "'But if the boats' owners come again, we'll close our ports.\n\n'It is no threat. It's arithmetic.'\n\n"
        "The ministers' 'patience' was ending, Lind said."
    )
    first, *_ = find(text)
    assert (first["kind"], first["speaker_mention"], first["closed"]) == ("direct", "Toran", True)
    assert first["text"].endswith("It's arithmetic.'")


@pytest.mark.parametrize(
    "text",
    [
        "The foreign ministry declined to comment.",
        "Toran refused to comment on Monday.",
        "The presidency declined to say when talks would resume.",
        "The embassy did not respond to a request for comment.",
        "But experience shows that deadlines help.",
        "The figures show that trade fell by a third.",
        "History teaches that walls fall.",
        "What the envoy did not say is that the bridge would open by spring.",
        "What Toran never said was that the pass would reopen.",
    ],
)
def test_refusals_what_is_unsaid_and_things_that_show_are_no_statements(text):
    assert find(f"Envoys met in Tarsk on Monday. {text} It rained.") == []


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Toran refused to recognise the border.", "Toran"),
        ("The minister did not say when the talks would end.", "The minister"),
        ("A report by the bank shows that trade grew.", "A report by the bank"),
        ("What Toran said was that the pass would reopen.", "Toran"),
    ],
)
def test_refused_acts_negated_reports_and_documents_are_statements(text, source):
    assert [q["speaker_mention"] for q in find(f"Envoys met in Tarsk on Monday. {text} It rained.")] == [source]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("Five years ago, Toran said, the sanctions offered a lever.", "Five years ago the sanctions offered a lever"),
        ("Nobody came; the ports, the group claims, were empty.", "the ports were empty"),
        ("The envoys (Toran said nobody had asked them) went home.", "nobody had asked them"),
    ],
)
def test_a_parenthetical_report_takes_the_whole_clause_and_no_more(text, content):
    assert content in [q["text"] for q in find(f"Envoys met in Tarsk on Monday. {text} It rained.")]


def test_a_statement_has_a_cue_or_marks():
    quotes, _ = attribute_quotes(make_articles("Talks wanted\n\nThe pass is closed, the envoy said. “We wait.”"))
    assert all(isinstance(q["cue"], str) or q["kind"] == "direct" for q in quotes.to_dict("records"))


def test_addressee_relay_and_day():
    (first,) = find("“We go,” Toran told lawmakers on Friday.", published="2021-12-31")
    (second,) = find("“We go,” Toran told the news agency MARTA.")
    assert (first["addressee"], first["relay"]) == ("lawmakers", None)
    assert first["spoken_on"] == datetime.datetime(2021, 12, 31)
    assert (second["addressee"], second["relay"], second["spoken_on"]) == (None, "news agency MARTA", None)


def test_a_publication_year_dates_no_weekday():
    (quote,) = find("“We go,” Toran said on Friday.", published="2021-01-01", published_precision="year")
    assert quote["spoken_on"] is None


@pytest.mark.parametrize(
    "text",
    [
        "TARSK ON EDGE\n\n“We go,” Toran said. “We stay.” The ministry said the border was closed.",
        "“We go,” Toran said. “We stay.” The ministry said the border was closed. It rained in Tarsk all day.",
        "''We go,'' Toran said. ''We stay.'' The ministry said the border was closed.",
    ],
)
def test_form_of_page_and_marks_do_not_matter(text):
    assert [(q["kind"], q["speaker_mention"]) for q in find(text)] == [
        ("direct", "Toran"),
        ("indirect", "The ministry"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "“We will not yield, Toran said. The border is closed.",
        "We will not yield,” Toran said. The border is closed.",
        "“We will not yield, ”Toran said. The border is closed.",
        "“We will not yield,“ Toran said. The border is closed.",
    ],
)
def test_a_broken_mark_is_reported_and_never_an_exception(text):
    quote = find(text)[0]
    assert (quote["closed"], quote["speaker_mention"]) == (False, "Toran")
    assert "We will not yield" in quote["text"]


def test_upper_case_and_title_case_headlines():
    assert [q["speaker_mention"] for q in find("MARVANIA SAYS TALKS WILL GO ON")] == ["MARVANIA"]
    assert [q["text"] for q in find("Toran: We Will Not Yield to Tessania")] == ["We Will Not Yield to Tessania"]


def test_confidence_is_a_share():
    (plain,) = find("“We will not yield,” Foreign Minister Ilse Toran said on Monday.")
    assert 0.7 < plain["confidence"] < 1


# -- documents that are speech ----------------------------------------------------------------------------------

BRIEFING = (
    "Press Briefing by Press Secretary Mara Denk\n\nJames Hall Briefing Room\n\n12:05 P.M. EST\n\n"
    "MS. DENK: Good afternoon. The talks went well today.\n\nQ Did the president call his counterpart?\n\n"
    "MS. DENK: He did. (Laughter.) They spoke for an hour.\n\nQ What did they say about the border?\n\n"
    "MS. DENK: That it will stay open.\n\nEND 12:30 P.M. EST"
)


def test_a_briefing_gives_one_statement_a_sentence():
    quotes, found = attribute_quotes(make_articles(BRIEFING, headline="Press Briefing by Press Secretary Mara Denk"))
    assert set(quotes["kind"]) == {"speech"}
    assert set(found["role"]) == {"content"}
    assert quotes["cue"].isna().all()
    spoken = dict(zip(quotes["text"], quotes["speaker_mention"], strict=True))
    assert spoken["The talks went well today."] == "MS. DENK"
    assert spoken["Did the president call his counterpart?"] == "Q"
    assert not any("12:05" in text or text == "Laughter.)" for text in spoken)


def test_in_a_turn_one_word_may_be_all_that_is_said():
    text = "ORR: Will you go?\n\nKULL: No.\n\nORR: And then?\n\nA MAN: Shame!\n\n(CROSSTALK)\n\nKULL: Argue on."
    said = [(q["text"], q["speaker_mention"]) for q in find(text)]
    assert said == [
        ("Will you go?", "ORR"), ("No.", "KULL"), ("And then?", "ORR"), ("Shame!", "A MAN"), ("Argue on.", "KULL"),
    ]  # fmt: skip


# -- tables -----------------------------------------------------------------------------------------------------

STORY = (
    "Marvania shuts the border\n\nTARSK (MARTA) – “We will not yield,” Foreign Minister Ilse Toran said on Friday. "
    "“The border is ours.”\n\nTessania called on its neighbour to open the border, and a spokesman said talks were "
    "“still possible” if the raids end.\n\nThe two leaders will meet in May, according to the presidency."
)


@pytest.mark.parametrize(
    "reform",
    [
        lambda text: text.replace("\n", " "),
        lambda text: text.replace("“", '"').replace("”", '"'),
        lambda text: text.replace("“", "‘").replace("”", "’"),
        lambda text: text.replace("“", "'").replace("”", "'"),
        lambda text: text.replace("\n", " ").replace("“", '"').replace("”", '"'),
    ],
)
def test_breaks_and_marks_change_no_statement(reform):
    def read(text: str) -> list[tuple]:
        return [(q["start"], q["end"], q["kind"], q["cue"], q["speaker_mention"]) for q in find(text)]

    body = STORY.partition("\n\n")[2]
    assert len(read(body)) == 4
    assert read(reform(body)) == read(body)


def test_empty_input_gives_the_full_schema():
    quotes, found = attribute_quotes(schema.build_table("articles"))
    assert (len(quotes), len(found)) == (0, 0)
    assert list(quotes) == list(schema.TABLES["quotes"].columns)
    schema.check_table(quotes, "quotes")
    schema.check_table(found, "spans")


def test_tables_hold_the_schema_and_input_is_untouched():
    articles = make_articles(STORY, BRIEFING, "")
    before = articles.copy(deep=True)
    quotes, found = attribute_quotes(articles)
    schema.check_table(quotes, "quotes")
    schema.check_table(found, "spans")
    pd.testing.assert_frame_equal(articles, before)
    assert set(found["quote_id"]) == set(quotes["quote_id"])


def test_raw_offsets_follow_the_edits():
    raw = "By A Reporter\n\n" + STORY
    articles = make_articles(STORY)
    articles.loc[0, "raw_text"] = raw
    edits = schema.build_table(
        "edits",
        [{"article_id": "a0", "raw_start": 0, "raw_end": 15, "start": 0, "end": 0, "rule": "byline",
          "removed": "By A Reporter\n\n", "replacement": ""}],
    )  # fmt: skip
    given_edits, _ = attribute_quotes(articles, edits)
    recovered, found = attribute_quotes(articles)
    pd.testing.assert_frame_equal(given_edits, recovered)
    for row in found.itertuples():
        assert raw[row.raw_start : row.raw_end] == STORY[row.start : row.end]


def test_texts_that_do_not_align_are_refused():
    articles = make_articles(STORY)
    articles.loc[0, "raw_text"] = "Something else altogether, said nobody."
    with pytest.raises(ValueError, match="that clean_articles returned"):
        attribute_quotes(articles)


def test_results_do_not_depend_on_neighbours():
    together, _ = attribute_quotes(make_articles(STORY, BRIEFING))
    alone, _ = attribute_quotes(make_articles(STORY))
    mine = together[together["article_id"] == "a0"].reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, alone)


PIECES = st.lists(
    st.sampled_from(
        ["“", "”", '"', "'", "‘", "’", "''", "«", "»", "„", " ", ". ", ", ", "\n", "\n\n", "said ", "Toran ", "that ",
         "the border ", "is closed", "told ", "reporters ", "according to ", ": ", "– ", "(", ")", "and ", "who "]
    ),
    max_size=60,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(PIECES.map("".join))
def test_any_text_gives_valid_tables(text):
    quotes, found = attribute_quotes(make_articles(text))
    schema.check_table(quotes, "quotes")
    schema.check_table(found, "spans")
    contents = found[found["role"] == "content"]
    assert (found["end"] > found["start"]).all()
    assert quotes["confidence"].between(0, 1).all()
    for quote in quotes.itertuples():
        pieces = [(r.start, r.end) for r in contents[contents["quote_id"] == quote.quote_id].itertuples()]
        assert quote.text == " ".join(text[s:e] for s, e in pieces)
        assert (quote.start, quote.end) == (pieces[0][0], pieces[-1][1])
        assert all(a[1] <= b[0] for a, b in pairwise(pieces))


# -- cues -------------------------------------------------------------------------------------------------------


def test_the_cue_table_holds_only_known_kinds_and_frames():
    entries = [entry for found in load_cues().values() for entry in found]
    frames = {"that", "clause", "quote", "after", "person", "wh", "to", "object", "as"}
    assert len(entries) > 1000
    assert {frame for entry in entries for frame in entry.frames} <= frames
    assert {kind for entry in entries for kind in entry.frames.values()} <= set(schema.CUE_KINDS)


def test_offsets_are_code_points():
    text = "𝐌arvania 🕊: “We will not yield 🕊,” Toran said."
    (quote,) = find(text)
    assert spans.trim(text, quote["start"], quote["end"]) == (quote["start"], quote["end"])
    assert text[quote["start"] : quote["end"]] == quote["text"]


@pytest.mark.parametrize(
    ("raw", "clean", "closed"),
    [
        ("“The pass stays shut, “ Ilse Toran said.", "“The pass stays shut,” Ilse Toran said.", False),
        ("“The pass  stays shut,” Ilse Toran said.", "“The pass stays shut,” Ilse Toran said.", True),
        ("â€œThe pass stays shut,â€\x9d Ilse Toran said.", "“The pass stays shut,” Ilse Toran said.", True),
    ],
)
def test_a_mark_that_cleaning_had_to_turn_is_told(raw, clean, closed):
    articles = schema.build_table("articles", [{"article_id": "a", "raw_text": raw, "text": clean}])
    assert attribute_quotes(articles)[0]["closed"].tolist() == [closed]
