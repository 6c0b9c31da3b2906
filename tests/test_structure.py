"""Sections, genres, sentences, turns and the sentences table; the texts are our own, about invented people."""

import itertools

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplotext import structure
from diplotext.schema import TABLES, build_table, check_table
from diplotext.structure import match_byline, match_dateline, match_notes, outline_text, read_title


def rows(text: str, headline: str | None = None) -> list[tuple[str, str | None, str]]:
    return [(s.section, s.turn_speaker, text[s.start : s.end]) for s in outline_text(text, headline).sentences]


def body(text: str, headline: str | None = None) -> list[tuple[str | None, str]]:
    return [(who, words) for section, who, words in rows(text, headline) if section == "body"]


PIECES = st.lists(
    st.sampled_from(["Toran", "U.S.", "Mr.", "said", ".", "?", "!", "...", ". . .", "“", "”", '"', "’", "(", ")", " ",
                     "  ", "\n", "\n\n", "Q", "MS. MOE:", "1.", "A.", "he", "The", "3.5", "—", "\u00a0", "By", "###"]),
    max_size=60,
).map("".join)  # fmt: skip


@given(st.one_of(PIECES, st.text(max_size=200)))
def test_outlines_are_ordered_trimmed_and_within_the_text(text):
    sentences = outline_text(text).sentences
    assert all(0 <= s.start < s.end <= len(text) for s in sentences)
    assert all(text[s.start : s.end].strip() == text[s.start : s.end] for s in sentences)
    pairs = list(itertools.pairwise(sentences))
    assert all(a.end <= b.start and a.paragraph <= b.paragraph for a, b in pairs)
    assert {s.section for s in sentences} <= set(TABLES["sentences"].columns["section"].allowed)


def test_no_turns_no_gaps():
    text = "Talks fail\n\nVELOGRAD (MNS) — They failed. Nobody knows why.\n\nBy Jane Doe"
    kept = "".join(w for _, _, w in rows(text))
    assert "".join(kept.split()) == "".join(text.split())


# --- sections --------------------------------------------------------------------------------------------------------

DATELINES = [
    ("WILMINGTON, Delaware (AP) – After talks", "WILMINGTON, Delaware", "AP", None),
    ("GENEVA, Jan 9 (Reuters) - Envoys met", "GENEVA", "Reuters", "Jan 9"),
    ("KYIV, Ukraine — Envoys met", "KYIV, Ukraine", None, None),
    ("Kyiv, Ukraine – Envoys met", "Kyiv, Ukraine", None, None),
    ("Moscow: The envoy left", "Moscow", None, None),
    ("NEW DELHI: “We left,” he said", "NEW DELHI", None, None),
    ("New Delhi, Jan 9 (ANI): The envoy left", "New Delhi", "ANI", "Jan 9"),
    ("BRUSSELS (Agency) -- The envoy left", "BRUSSELS", "Agency", None),
    ("Philadelphia (AFP) – The envoy left", "Philadelphia", "AFP", None),
    ("Washington (CNN)The envoy left", "Washington", "CNN", None),
    ("MOSCOW, January 9. /TASS/. The envoy left", "MOSCOW", "TASS", "January 9"),
    ("TOKYO, Jan. 9, Kyodo – The envoy left", "TOKYO", "Kyodo", "Jan. 9"),
    ("(Reuters) - The envoy left", "", "Reuters", None),
    ("Jan 9 (Reuters) - The envoy left", "", "Reuters", "Jan 9"),
    ("WASHINGTON/MOSCOW (Reuters) - The envoy left", "WASHINGTON/MOSCOW", "Reuters", None),
    ("ST. PETERSBURG, Russia (AP) — The envoy left", "ST. PETERSBURG, Russia", "AP", None),
    ("CASPER, Wyo. - The envoy left", "CASPER, Wyo.", None, None),
    ("GENEVA (9 January 2022) – The envoy left", "GENEVA", None, "9 January 2022"),
    ("ABOARD AIR FORCE ONE (AP) — The envoy left", "ABOARD AIR FORCE ONE", "AP", None),
    ("WASHINGTON—The envoy left", "WASHINGTON", None, None),
    ("VELOGRAD, Marvania (MNS) — The envoy left", "VELOGRAD, Marvania", "MNS", None),
    ("Velograd (Marvanian Press Agency) – The envoy left", "Velograd", "Marvanian Press Agency", None),
    ("VELOGRAD — “We left,” he said", "VELOGRAD", None, None),
]


@pytest.mark.parametrize(("paragraph", "place", "agency", "date"), DATELINES)
def test_datelines(paragraph, place, agency, date):
    found = match_dateline(paragraph)
    assert found is not None
    assert (found.place, found.agency, found.date) == (place, agency, date)
    assert paragraph[found.end :].startswith(("After", "Envoys", "The envoy", "“We left"))


@pytest.mark.parametrize(
    "paragraph",
    [
        "The Latest — The envoy left", "NATO — the alliance — said so", "NATO — The alliance said so",
        "Toran — who left — was tired", "Ilse Toran — The minister left", "Russia — The state is large",
        "ANALYSIS — The war is long", "OPINION: The war is long", "Ukraine: What we know", "MS. MOE: Hi, everyone",
        "THE PRESIDENT: No.", "Sen. Toran (R-Tex.) - He said no", "May 5 was a day", "May — The month of rain",
        "WASHINGTON The envoy left", "Toran (D) - The envoy", "", "—", "In Velograd, the envoy left",
    ],
)  # fmt: skip
def test_no_dateline(paragraph):
    assert match_dateline(paragraph) is None


@pytest.mark.parametrize(
    ("paragraph", "authors"),
    [
        ("By Jane Doe", "Jane Doe"),
        ("by Jane Doe", "Jane Doe"),
        ("By JANE DOE and JOHN ROE", "JANE DOE and JOHN ROE"),
        ("By Jane Doe, Associated Press", "Jane Doe"),
        ("By Jane Doe, John Roe and Max Moe", "Jane Doe, John Roe and Max Moe"),
        ("By Jane Doe in Velograd and Max Moe in Geneva", "Jane Doe and Max Moe"),
        ("By Jane Doe and John Roe | Marvania Courier", "Jane Doe and John Roe"),
        ("By Ilse van der Toran, Diplomatic Correspondent", "Ilse van der Toran"),
        ("By John Doe Jr.", "John Doe Jr."),
        ("By Friday, the talks had failed", None),
        ("By contrast, Marvania", None),
        ("By Toran’s account, nothing happened.", None),
        ("Jane Doe", None),
        ("", None),
    ],
)
def test_bylines(paragraph, authors):
    assert match_byline(paragraph) == authors


@pytest.mark.parametrize(
    "paragraph",
    [
        "Roe reported from Velograd. MNS writers Jane Doe and Max Moe contributed to this report.",
        "(Reporting by Jane Doe; Editing by John Roe)", "Additional reporting by Jane Doe",
        "— With assistance from Jane Doe",
        "Jane Doe and John Roe contributed to this report.", "MNS writer Jane Doe in Velograd contributed.",
        "Correction: An earlier version named the wrong minister.", "CORRECTION (Jan. 9): The name was wrong.",
        "This story has been corrected to show that the talks were on Friday.",
        "Editor’s note: The author is an envoy.",
        "Jane Doe reported from Velograd.", "Jane Doe contributed reporting from Geneva.",
    ],
)  # fmt: skip
def test_notes(paragraph):
    assert match_notes(paragraph)


@pytest.mark.parametrize(
    "paragraph",
    [
        "Marvania contributed to this crisis.", "The minister contributed to this report of the committee on Friday.",
        "This story was told by his mother.", "Reporting by the ministry shows that little has changed.",
        "Editing the text took all night.", "The correction came late, the minister said.", "",
    ],
)  # fmt: skip
def test_no_notes(paragraph):
    assert not match_notes(paragraph)


# --- genres ----------------------------------------------------------------------------------------------------------

TITLES = [
    ("Statement by Foreign Minister Ilse Toran on the Border", "statement", "Foreign Minister Ilse Toran"),
    ("Statement of the Ministry of Foreign Affairs of Marvania on the incident", "statement",
     "Ministry of Foreign Affairs of Marvania"),
    ("Statement by Ilse Toran, Foreign Minister of Marvania, on the border", "statement",
     "Ilse Toran, Foreign Minister of Marvania"),
    ("Joint Statement by President Max R. Brandt Jr. and Prime Minister Ana Moe on Trade", "statement",
     "President Max R. Brandt Jr. and Prime Minister Ana Moe"),
    ("Statement attributable to the Spokesperson for the Secretary-General on Marvania", "statement",
     "Spokesperson for the Secretary-General"),
    ("Security Council Press Statement on Attack in Velograd", "statement", "Security Council"),
    ("Marvania: Statement by the High Representative on behalf of the Union", "statement", "High Representative"),
    ("Joint Statement on Further Measures", "statement", None),
    ("Press release on the visit to Velograd", "statement", None),
    ("Readout of President Brandt’s Call with President Toran of Marvania", "readout", None),
    ("White House readout of the call", "readout", "White House"),
    ("Marvanian Foreign Ministry: Readout of the meeting", "readout", "Marvanian Foreign Ministry"),
    ("Readout from NSC Spokesperson on the Advisor’s Meeting", "readout", "NSC Spokesperson"),
    ("Remarks by President Brandt Before Departure", "remarks", "President Brandt"),
    ("Remarks by President Brandt and Chancellor Moe of the Republic of Sora at Press Conference", "remarks",
     "President Brandt and Chancellor Moe of the Republic of Sora"),
    ("Secretary-General’s remarks to the Security Council", "remarks", "Secretary-General"),
    ("Foreign Minister Ilse Toran’s remarks and answers to media questions following talks", "remarks",
     "Foreign Minister Ilse Toran"),
    ("Press Briefing by Press Secretary Ana Moe, January 3, 2022", "briefing", "Press Secretary Ana Moe"),
    ("Department Press Briefing – January 9, 2022", "briefing", None),
    ("FACT SHEET: New Help for Marvania", "document", None),
]  # fmt: skip


@pytest.mark.parametrize(("title", "genre", "speaker"), TITLES)
def test_titles_of_official_texts(title, genre, speaker):
    assert read_title(title) == (genre, speaker)


@pytest.mark.parametrize(
    "title",
    [
        "Toran issues statement on border", "Toran’s statement on border draws fire", "Remarks by Toran draw fire",
        "Statement by Toran stuns region", "Statement from Toran campaign", "Marvania condemns statement by Brandt",
        "Talks end without statement", "Press briefing turns ugly as Toran says no", "In speech, Toran attacks Brandt",
        "What Toran’s speech means for Marvania", "Toran speech to parliament", "",
    ],
)  # fmt: skip
def test_headlines_of_newspapers(title):
    assert read_title(title) is None


def test_a_story_about_a_statement_is_an_article():
    text = "“We go,” Toran said in Velograd. “They stay.”\n\n“It is over,” the minister said. The talks failed."
    assert outline_text(text, "Joint Statement by Toran and Brandt").genre == "article"
    dated = "VELOGRAD (AP) — President Toran published a text.\n\nIt was short."
    assert outline_text(dated, "Statement by President Toran").genre == "article"


def test_a_briefing_without_turns_is_an_article():
    text = "The president met the press in Velograd.\n\nHe spoke of the border for an hour."
    assert outline_text(text, "Brandt at news conference").genre == "article"


# --- turns -----------------------------------------------------------------------------------------------------------


def test_a_briefing():
    text = (
        "James Hall Briefing Room\n\n2:14 P.M. EST\n\nMS. MOE:  Hi, everyone.  Good to see you.\n\nWe have news.\n\n"
        "Q    Thank you.  Will she go?\n\nMS. MOE:  She will.  (Laughter.)  Next.\n\nQ    (Inaudible.)\n\n"
        "SENIOR OFFICIAL (via phone):  I agree.\n\nEND     3:00 P.M. EST"
    )
    assert outline_text(text, "Press Briefing by Press Secretary Ana Moe").genre == "briefing"
    assert body(text, "Press Briefing by Press Secretary Ana Moe") == [
        ("MS. MOE", "Hi, everyone."), ("MS. MOE", "Good to see you."), ("MS. MOE", "We have news."),
        ("Q", "Thank you."), ("Q", "Will she go?"), ("MS. MOE", "She will."), ("MS. MOE", "Next."),
        ("SENIOR OFFICIAL", "I agree."),
    ]  # fmt: skip
    notes = [w for section, _, w in rows(text, "Press Briefing by Press Secretary Ana Moe") if section == "notes"]
    assert notes[:4] == ["James Hall Briefing Room", "2:14 P.M. EST", "(Laughter.)", "(Inaudible.)"]
    assert notes[4:] == ["END     3:00 P.M. EST"]


TRANSCRIPTS = {
    "one long line": (
        "MS. MOE: Hi, everyone. Good. Q Thank you. Will he go? MS. MOE: No. Q Is that final? MR. BRANDT: It is.",
        "Press Briefing", "briefing",
        [("MS. MOE", 2), ("Q", 2), ("MS. MOE", 1), ("Q", 1), ("MR. BRANDT", 1)],
    ),
    "department, no full stops, QUESTION": (
        "MR ROHN: Good afternoon.\n\nQUESTION: Any word?\n\nMR ROHN: No.\n\nWe wait.",
        "Department Press Briefing – January 9, 2022", "briefing",
        [("MR ROHN", 1), ("QUESTION", 1), ("MR ROHN", 2)],
    ),
    "noon briefing of a body": (
        "Spokesman: Good afternoon.\n\nQuestion: Does he go?\n\nSpokesman: He does.\n\nCorrespondent: And she?",
        "Daily Press Briefing by the Office of the Spokesperson", "briefing",
        [("Spokesman", 1), ("Question", 1), ("Spokesman", 1), ("Correspondent", 1)],
    ),
    "foreign ministry, names in mixed case": (
        "Dear colleagues,\n\nWe had talks.\n\nQuestion: When?\n\nIlse Toran: Soon.\n\nThe date is open.",
        "Foreign Minister Ilse Toran’s remarks and answers to media questions, Velograd", "remarks",
        [("Foreign Minister Ilse Toran", 2), ("Question", 1), ("Ilse Toran", 2)],
    ),
    "joint conference, interpreted": (
        "PRIME MINISTER OKADA:  (As interpreted.)  Thank you.\n\nPRESIDENT TORAN:  Thank you.\n\nQ    Sir?\n\n"
        "PRESIDENT TORAN:  Yes.",
        "Remarks by President Toran and Prime Minister Okada", "remarks",
        [("PRIME MINISTER OKADA", 1), ("PRESIDENT TORAN", 1), ("Q", 1), ("PRESIDENT TORAN", 1)],
    ),
    "honorifics in mixed case": (
        "Ms. Moe: Welcome.\n\nReporter: What of the talks?\n\nMs. Moe: They go on.\n\nMr. Brandt: Indeed.",
        "Press briefing by the ministry", "briefing",
        [("Ms. Moe", 1), ("Reporter", 1), ("Ms. Moe", 1), ("Mr. Brandt", 1)],
    ),
    "interview in a newspaper": (
        "A talk with Toran\n\nShe has been minister since May.\n\nQuestion: Are you afraid?\n\nAnswer: No.\n\nNever.",
        None, "article",
        [(None, 1), ("Question", 1), ("Toran", 2)],
    ),
    "an interview in dashes": (
        "Toran spoke to the Courier.\n\n— Will you go?\n\n— No. We stay.\n\n— And the ports?\n\n— Why open them?\n\n"
        "She leaves on Monday.",
        "Interview with Foreign Minister Ilse Toran on the ports", "article",
        [(None, 1), ("Q", 1), ("Foreign Minister Ilse Toran", 2), ("Q", 1), ("Foreign Minister Ilse Toran", 1),
         (None, 1)],
    ),
    "dashes that are no interview": (
        "- The ports reopen.\n\n- Will the ferries run?\n\n- The trains stop.\n\n- The mail waits.",
        "Toran and the week", "article", [(None, 4)],
    ),
    "a broadcast": (
        "KULL, ANCHOR: Good evening.\n>> REP. ADA LIND (R-OH), CHAIRWOMAN, PORTS COMMITTEE: Thanks.\n"
        "[00:12:13] KULL (voice-over): That is the sea.\n(BEGIN VIDEO CLIP)\nJAN ROE, \"DAYBREAK\" CO-HOST: Look.\n"
        "UNIDENTIFIED FEMALE (through translator): They came.\nSEN. DANA WYNN (D), OSTREL: No. We go.",
        "EVENING TALK", "article",
        [("KULL, ANCHOR", 1), ("REP. ADA LIND, CHAIRWOMAN, PORTS COMMITTEE", 1), ("KULL", 1),
         ('JAN ROE, "DAYBREAK" CO-HOST', 1), ("UNIDENTIFIED FEMALE", 1), ("SEN. DANA WYNN, OSTREL", 2)],
    ),
    "a record of an assembly": (
        "The ACTING PRESIDENT pro tempore (Ms. O'DELL). Who rises?\n\nMr. McKULL of New Ostrel. Madam Speaker, I do."
        "\n\nWe all do.\n\nMrs. LIND-ARO (during the reading). Order.\n\nMr. McKULL of New Ostrel. I yield.",
        "Debate on the ports", "article",
        [("The ACTING PRESIDENT pro tempore (Ms. O'DELL)", 1), ("Mr. McKULL of New Ostrel", 2), ("Mrs. LIND-ARO", 1),
         ("Mr. McKULL of New Ostrel", 1)],
    ),
    "a parliament": (
        "The Minister of Ports (Dame Ilva Renn): I beg to move.\n\nMr Odo Krall (Northport) (Con): Why?\n\n"
        "Dame Ilva Renn: They came.\n\nMs Tal (South Ostrel) (Lab): Shame!\n\nThe Speaker: Order.",
        "Ports Bill", "article",
        [("The Minister of Ports (Dame Ilva Renn)", 1), ("Mr Odo Krall", 1), ("Dame Ilva Renn", 1), ("Ms Tal", 1),
         ("The Speaker", 1)],
    ),
    "interview with names": (
        "The Courier met the minister.\n\nCourier: Afraid?\n\nToran: No.\n\nCourier: Why?\n\nToran: We are many.",
        "A talk with Toran", "article",
        [(None, 1), ("Courier", 1), ("Toran", 1), ("Courier", 1), ("Toran", 1)],
    ),
    "questions alone are labelled": (
        "Q. Will you go?\n\nYes. It is time.\n\nQ. When?\n\nSoon.",
        "Press remarks by High Representative Ilse Toran upon arrival", "remarks",
        [("Q", 1), ("High Representative Ilse Toran", 2), ("Q", 1), ("High Representative Ilse Toran", 1)],
    ),
    "marked in bold": (
        "**MS. MOE:** Hi.\n\n**Q** Will you?\n\n**MS. MOE:** Yes.", "Press Briefing", "briefing",
        [("MS. MOE", 1), ("Q", 1), ("MS. MOE", 1)],
    ),
    "a label on its own line": (
        "QUESTION:\n\nWill you go?\n\nMINISTER TORAN:\n\nI will.", "Press conference in Velograd", "briefing",
        [("QUESTION", 1), ("MINISTER TORAN", 1)],
    ),
    "a speech without labels": (
        "Velograd, Marvania\n\n11:05 A.M. CET\n\nThank you, Mr. President. (Applause.) We are here.\n\nWe stay.",
        "Remarks by President Toran at the Velograd Forum", "remarks",
        [("President Toran", 3)],
    ),
    "a statement": (
        "We condemn the attack. It must stop.\n\n###", "Statement by Foreign Minister Ilse Toran", "statement",
        [("Foreign Minister Ilse Toran", 2)],
    ),
    "a text attributable to a spokesperson": (
        "The following is attributable to Spokesperson Max Rohn:\n\nSecretary Toran met the envoy.",
        "Secretary Toran’s Meeting with the Envoy", "statement",
        [("Spokesperson Max Rohn", 2)],
    ),
    "a letterhead above the title": (
        "OFFICE OF THE PRIME MINISTER\nRepublic of Sora\n\nReadout of the Prime Minister’s Call with President Toran\n"
        "Sora City, May 5, 2023\n\nThe Prime Minister spoke with President Toran today. They agreed.",
        None, "readout", [("OFFICE OF THE PRIME MINISTER", 2)],
    ),
    "a briefing with a letterhead": (
        "RIVER LEAGUE\nOffice of the Spokesperson\n\nPress Briefing by Spokesperson Ana Moe, May 5, 2023\n\n"
        "Press Room\n\nMS. MOE:  Good afternoon.\n\nQ    Will she go?\n\nMS. MOE:  Yes.",
        None, "briefing", [("MS. MOE", 1), ("Q", 1), ("MS. MOE", 1)],
    ),
    "an unsigned readout": (
        "President Brandt spoke with President Toran. They agreed.", "Readout of President Brandt’s Call", "readout",
        [(None, 2)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_turns(name):
    text, headline, genre, expected = TRANSCRIPTS[name]
    grouped: list[tuple[str | None, int]] = []
    for who, _ in body(text, headline):
        if grouped and grouped[-1][0] == who:
            grouped[-1] = (who, grouped[-1][1] + 1)
        else:
            grouped.append((who, 1))
    assert grouped == expected
    assert outline_text(text, headline).genre == genre


@pytest.mark.parametrize(
    "text",
    [
        "WHAT: A meeting\n\nWHO: Toran\n\nWHEN: Friday\n\nThe minister will meet the press.",
        "UPDATE: He left.\n\nUPDATE: He came back.\n\nThe day ended.",
        "Sanctions: They hurt.\n\nMarvania: It is big.\n\nSanctions: They end.",
        "BRUSSELS: The council met.\n\nMOSCOW: The envoy left.\n\nBRUSSELS: The council parted.",
        "He said so: We go.\n\nToran was clear: No talks.\n\nThe day ended.",
        "Q magazine wrote of it. Nobody read it.\n\nThe day ended.",
    ],
)
def test_headings_are_no_turns(text):
    assert {who for who, _ in body(text)} == {None}
    assert outline_text(text).genre == "article"


# --- paragraphs, headline, table -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "headline", "section"),
    [
        ("Talks fail in Velograd\n\nThe envoys left on Friday.", None, "headline"),
        ("Talks fail in Velograd.\n\nVELOGRAD (MNS) — The envoys left on Friday.", None, "headline"),
        ("Toran: Talks Will Fail Before Friday.\n\nThe envoys left on Friday.", None, "headline"),
        ("Talks fail in Velograd\n\nThe envoys left.", "Talks Fail in Velograd", "headline"),
        ("The envoys left on Friday after long talks.\n\nNobody knows why.", None, "body"),
        ("The envoys left.\n\nNobody knows why.", "Talks Fail in Velograd", "body"),
        ("The envoys left", None, "body"),
        ("POLITICS\n\nTalks fail in Velograd\n\nThe envoys left.", "Talks Fail in Velograd", "notes"),
    ],
)
def test_the_headline_is_the_first_paragraph_that_looks_like_one(text, headline, section):
    assert rows(text, headline)[0][0] == section


def test_wrapped_lines_are_no_paragraphs():
    line = "the border of the country stays closed for as long as the forces stand\n"
    text = "A notice\n\n" + line * 6 + "and no longer.\n\nThat is all."
    assert [s.paragraph for s in outline_text(text).sentences] == [0, 1, 2]


def test_dateline_byline_and_notes_have_their_sections():
    text = "Talks fail\n\nBy Jane Doe\n\nVELOGRAD (MNS) — They failed. He left.\n\nMax Moe contributed to this report."
    assert [section for section, _, _ in rows(text)] == ["headline", "byline", "dateline", "body", "body", "notes"]


def make_articles(*texts: str) -> pd.DataFrame:
    records = [{"article_id": str(i), "raw_text": t, "text": t, "headline": None} for i, t in enumerate(texts)]
    return build_table("articles", records)


def test_split_sentences_fills_the_table():
    articles = make_articles("He left. She stayed.", "", "One line")
    before = articles.copy()
    table = check_table(structure.split_sentences(articles), "sentences")
    assert list(table["sentence"]) == [0, 1, 0]
    assert list(table["raw_start"]) == list(table["start"])
    pd.testing.assert_frame_equal(articles, before)


def test_split_sentences_maps_to_the_raw_text():
    article = {"article_id": "a", "raw_text": "He left. . She stayed.", "text": "He left. She stayed."}
    articles = build_table("articles", [article])
    record = {"article_id": "a", "raw_start": 8, "raw_end": 10, "start": 8, "end": 8, "rule": "stray", "removed": " .",
              "replacement": ""}  # fmt: skip
    table = structure.split_sentences(articles, build_table("edits", [record]))
    raw = [articles["raw_text"][0][a:b] for a, b in zip(table["raw_start"], table["raw_end"], strict=True)]
    assert raw == ["He left.", "She stayed."]


def test_split_sentences_accepts_no_articles():
    table = structure.split_sentences(build_table("articles"))
    assert list(table.columns) == list(TABLES["sentences"].columns)
    assert len(table) == 0


def test_an_article_does_not_depend_on_its_neighbours():
    first, second = "Q: Why?\n\nA: Because.", "He left. She stayed."
    together = structure.split_sentences(make_articles(first, second)).query("article_id == '1'")
    alone = structure.split_sentences(make_articles(second, first)).query("article_id == '0'")
    columns = ["sentence", "section", "turn_speaker", "start", "end"]
    pd.testing.assert_frame_equal(together[columns].reset_index(drop=True), alone[columns].reset_index(drop=True))
