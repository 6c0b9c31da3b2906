"""Printed words and the record: alignment, fidelity, what must never be traced, and utterances of many articles."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplotext import Analysis, evaluate, schema, show_trace
from diplotext.cli import main
from diplotext.report.highlight import mark
from diplotext.trace import compare_words, group_utterances, trace_quotes
from diplotext.trace.records import first_days, last_days
from diplotext.trace.words import split_words, stem

RECORD = """Remarks by Prime Minister Ilse Toran on the pass

PRIME MINISTER TORAN:  Thank you all for coming. I told the envoy that if he — he sends one more convoy over the pass, we will close the northern gate. We won't pay 25,000 crowns for our own road. There will have to be a steep toll to settle for it.

Q    Will you shell the customs house, Prime Minister?

PRIME MINISTER TORAN:  No. Nobody in Marvania wants a quarrel with the shepherds of the valley, and nobody will get one.
"""  # noqa: E501


def make_articles(*texts, published="2031-03-05", **fields):
    rows = [
        {"article_id": f"a{n}", "source": f"a{n}.txt", "raw_text": text, "text": text, "outlet": f"Outlet {n}",
         "published": published and f"{published}T12:00:00Z", "published_precision": "day" if published else "none",
         **fields}
        for n, text in enumerate(texts)
    ]  # fmt: skip
    return schema.build_table("articles", rows)


@pytest.fixture
def record():
    return make_record()


def make_record():
    row = {
        "article_id": "r", "source": "r.txt", "raw_text": RECORD, "text": RECORD, "url": "https://toran.example/r",
        "headline": RECORD.split("\n")[0], "published": "2031-03-04T15:00:00Z", "published_precision": "day",
    }  # fmt: skip
    return schema.build_table("articles", [row])


@pytest.fixture
def spoken(record):
    from diplotext import attribute_quotes, resolve_speakers

    found, spans = attribute_quotes(record)
    return resolve_speakers(found, record, spans)


def make_quotes(*contents, kind="direct", speaker="Ilse Toran", articles=None):
    rows = []
    for n, text in enumerate(contents):
        rows.append(
            {"quote_id": f"q{n}", "article_id": f"a{n}" if articles is None else articles[n], "kind": kind,
             "text": text, "speaker": speaker, "speaker_kind": "person", "resolution": "exact", "country": "XMV",
             "start": 0, "end": len(text), "raw_start": 0, "raw_end": len(text)}
        )  # fmt: skip
    return schema.build_table("quotes", rows)


def trace(record, spoken, *contents, kind="direct", published="2031-03-05", **fields):
    quotes = make_quotes(*contents, kind=kind, **fields)
    return trace_quotes(quotes, make_articles(*contents, published=published), record, spoken=spoken)


def passage(row):
    return RECORD[row["start"] : row["end"]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("We won't go", "we will not go"),
        ("25,000 men", "twenty-five thousand men"),
        ("the U.S. and the U.K.", "the United States and the United Kingdom"),
        ("$5 billion", "five billion dollars"),
        ("20 per cent", "twenty percent"),
        ("[W]e go, they've gone", "We go; they have gone"),
        ("our neighbours’ labour", "our neighbors' labor"),
    ],
)
def test_forms_of_one_word_are_the_same(one, other):
    assert [w.form for w in split_words(one)] == [w.form for w in split_words(other)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("we will go", "we would go"),
        ("25,000 men", "2,500 men"),
        ("before it", "after it"),
        ("in 2030 1 man", "2031 man"),
    ],
)
def test_other_words_stay_others(one, other):
    assert [w.form for w in split_words(one)] != [w.form for w in split_words(other)]


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("if he — he sends", ["he"]),
        ("our -- our presence", ["our"]),
        ("some have hint- — some have said so", ["some", "have", "hint"]),
        ("it is, you know, late", ["you", "know"]),
        ("we — they — left", []),
        ("he said that that was so", ["that"]),
    ],
)
def test_what_a_speaker_takes_back_is_marked(text, repaired):
    assert [w.form for w in split_words(text) if w.repaired] == repaired


@given(st.text(max_size=200))
def test_words_have_offsets_in_order_within_the_text(text):
    words = split_words(text)
    assert all(0 <= w.start < w.end <= len(text) for w in words)
    assert [w.start for w in words] == sorted(w.start for w in words)


@given(st.from_regex(r"[a-z]{1,12}", fullmatch=True))
def test_a_stem_is_its_own_stem_or_shorter(word):
    assert word.startswith(stem(word)[:2])
    assert len(stem(word)) <= len(word)


@pytest.mark.parametrize(
    ("printed", "fidelity", "counts"),
    [
        ("“I told the envoy that if he sends one more convoy over the pass, we'll close the northern gate.”",
         "verbatim",
         (20, 0, 0, 0)),
        ("“We will not pay twenty-five thousand crowns for our own road,”", "verbatim", (10, 0, 0, 0)),
        ("“close the northern gate”", "trimmed", (4, 0, 0, 0)),
        ("“I told the envoy that ... we will close the northern gate.”", "trimmed", (11, 0, 9, 0)),
        ("“[Marvania] will close the northern gate,”", "trimmed", (5, 0, 0, 0)),
        ("“If he sends one more convoy over the pass, we will shut the southern gate.”", "altered", (13, 2, 0, 0)),
        ("“There will be a toll to settle for it.”", "altered", (9, 0, 3, 0)),
        ("“We will never leave the League, whoever asks us to.”", "unmatched", None),
    ],
)  # fmt: skip
def test_fidelity_of_a_direct_quotation(record, spoken, printed, fidelity, counts):
    row = trace(record, spoken, printed).iloc[0]
    assert row["fidelity"] == fidelity
    if counts is None:
        assert row[["transcript_id", "start", "kept", "speaker_agrees"]].isna().all()
        return
    assert row["transcript_id"] == "r"
    assert row["speaker_agrees"]
    assert tuple(row[["kept", "changed", "dropped", "added"]]) == counts
    assert RECORD[row["raw_start"] : row["raw_end"]] == passage(row)
    printed_words = [w for w in split_words(printed) if not w.inserted]
    assert counts[0] + counts[1] + counts[3] == len(printed_words)
    if "[" not in printed:
        assert counts[0] + counts[1] + counts[2] == sum(not w.repaired for w in split_words(passage(row)))


def test_the_marks_of_a_mixed_quotation_are_judged_and_its_clause_is_shown(record, spoken):
    said = "that there would have to be “a steep toll” for it"
    row = trace(record, spoken, said, kind="mixed").iloc[0]
    assert row["fidelity"] == "trimmed"
    assert row["kept"] == 3
    assert "a steep toll" in passage(row)


def test_reported_speech_is_paraphrased(record, spoken):
    said = "that no one in Marvania was looking for a quarrel with the valley's shepherds"
    row = trace(record, spoken, said, kind="indirect").iloc[0]
    assert row["fidelity"] == "paraphrased"
    assert passage(row).startswith("Nobody in Marvania wants a quarrel")


def test_nothing_is_traced_to_a_later_day(record, spoken):
    printed = "“I told the envoy that if he sends one more convoy over the pass, we will close the northern gate.”"
    assert trace(record, spoken, printed, published="2031-03-03").iloc[0]["fidelity"] == "unmatched"
    assert trace(record, spoken, printed, published="2031-03-04").iloc[0]["fidelity"] == "verbatim"


def test_old_dates_are_dates(record, spoken):
    printed = "“I told the envoy that if he sends one more convoy over the pass, we will close the northern gate.”"
    old = record.assign(published=pd.Timestamp("1650-02-28", tz="UTC"), published_precision="month")
    quotes = make_quotes(printed).assign(spoken_on=pd.Timestamp("1650-02-27"))
    for day, fidelity in (("1650-03-01", "verbatim"), ("1649-12-31", "unmatched")):
        found = trace_quotes(quotes, make_articles(printed, published=day), old, spoken=spoken)
        assert found["fidelity"].tolist() == [fidelity]
    dates = make_articles("a", "b", published="1650-02-03").assign(published_precision=["month", "year"])
    days = [np.datetime64("1970-01-01") + np.timedelta64(int(n), "D") for n in (*first_days(dates), *last_days(dates))]
    assert list(map(str, days)) == ["1650-02-01", "1650-01-01", "1650-02-28", "1650-12-31"]


def test_an_undated_article_is_traced_with_less_confidence(record, spoken):
    printed = "“There will have to be a steep toll to settle for it,”"
    dated, undated = (trace(record, spoken, printed, published=day).iloc[0] for day in ("2031-03-04", None))
    assert undated["fidelity"] == dated["fidelity"] == "verbatim"
    assert undated["confidence"] < dated["confidence"]


def test_a_journalists_question_is_nobodys_words(record, spoken):
    printed = "“Will you shell the customs house, Prime Minister?”"
    for known in (spoken, None):
        assert trace(record, known, printed).iloc[0]["fidelity"] == "unmatched"


def test_another_speaker_is_less_sure(record, spoken):
    printed = "“we will close the northern gate”"
    same = trace(record, spoken, printed).iloc[0]
    other = trace(record, spoken, printed, speaker="Daro Venn").iloc[0]
    assert same["speaker_agrees"]
    assert other["fidelity"] == "unmatched" or (
        not other["speaker_agrees"] and other["confidence"] < same["confidence"]
    )


def test_speakers_can_be_read_from_the_labels_alone(record):
    row = trace(record, None, "“we will close the northern gate if one more convoy comes over the pass,”").iloc[0]
    assert row["transcript_id"] == "r" or row["fidelity"] == "unmatched"
    whole = trace(record, None, "“There will have to be a steep toll to settle for it,”").iloc[0]
    assert whole["fidelity"] == "verbatim"


def test_a_record_is_not_traced_to_itself(record, spoken):
    quote = "There will have to be a steep toll to settle for it."
    at = RECORD.index(quote)
    quotes = make_quotes(quote, articles=["r"]).assign(start=at, end=at + len(quote))
    assert trace_quotes(quotes, record, record, spoken=spoken)["fidelity"].tolist() == ["unmatched"]
    longer = record.assign(text=f"{RECORD}\n{quote}", raw_text=f"{RECORD}\n{quote}")
    later = quotes.assign(start=len(RECORD) + 1, end=len(RECORD) + 1 + len(quote))
    assert trace_quotes(later, longer, longer, spoken=spoken)["fidelity"].tolist() == ["verbatim"]


BRIEFING = """Press Briefing by Prime Minister Ilse Toran

PRIME MINISTER TORAN:  We will mend the two bridges before the snow comes. The mules are fed.

Q    And the ferry?

PRIME MINISTER TORAN:  The ferry rests until the ice breaks, and no captain will be fined for that.

Q    So the ferry would rest until the ice broke, you said. Who pays the captains?

PRIME MINISTER TORAN:  The harbour does.
"""


def test_what_is_taken_up_at_once_is_traced_to_the_answer_just_given(record):
    older = RECORD.replace("Thank you all for coming.", "The ferry rests until the ice breaks, and we know it.")
    records = schema.build_table(
        "articles",
        [{"article_id": name, "source": f"{name}.txt", "raw_text": text, "text": text, "headline": text.split("\n")[0],
          "published": f"2031-03-0{day}T15:00:00Z", "published_precision": "day"}
         for name, text, day in (("old", older, 1), ("now", BRIEFING, 5))],
    )  # fmt: skip
    said = "the ferry would rest until the ice broke"
    at = BRIEFING.index(said)
    quotes = make_quotes(said, kind="indirect", articles=["now"]).assign(start=at, end=at + len(said))
    row = trace_quotes(quotes, records, records).iloc[0]
    assert row["transcript_id"] == "now"
    assert BRIEFING[row["start"] : row["end"]].startswith("The ferry rests until the ice breaks")


def test_a_reported_clause_of_one_content_word_is_traced_only_where_its_words_are_telling(record):
    text = RECORD.replace("Thank you all for coming.", "By then we were in the doldrums.")
    record = record.assign(text=text, raw_text=text)
    found = trace(record, None, "we were in the doldrums", "they were doldrums", kind="indirect")
    assert (found["fidelity"] == "unmatched").tolist() == [False, True]


def test_a_reported_clause_is_not_traced_for_its_not_alone(record, spoken):
    assert trace(record, spoken, "he has not slept since Friday", kind="indirect")["fidelity"].tolist() == ["unmatched"]


def test_pieces_of_one_statement_are_traced_each_and_judged_together(record, spoken):
    text = "“We won't pay 25,000 crowns,” she said, “for our own road.”"
    cut = [text.index(" she said"), text.index("“for")]
    quotes = make_quotes(text)
    spans = schema.build_table(
        "spans",
        [{"quote_id": "q0", "role": "content", "part": n, "start": s, "end": e, "raw_start": s, "raw_end": e}
         for n, (s, e) in enumerate([(0, cut[0]), (cut[1], len(text))])],
    )  # fmt: skip
    found = trace_quotes(quotes, make_articles(text), record, spans, spoken=spoken)
    assert found["part"].tolist() == [0, 1]
    assert found["fidelity"].tolist() == ["verbatim", "verbatim"]


PRINTED = [
    "“we will close the northern gate”", "“There will have to be a steep toll to settle for it,”", "“a toll to settle”",
    "“Nobody in Marvania wants a quarrel with the herders,”", "“We shall never sign this treaty in Ostrel,”",
]  # fmt: skip


@given(order=st.permutations(range(len(PRINTED))), cut=st.integers(0, len(PRINTED)))
def test_a_trace_does_not_depend_on_other_quotes_or_their_order(order, cut):
    record = make_record()
    quotes, articles = make_quotes(*PRINTED), make_articles(*PRINTED)
    whole = trace_quotes(quotes, articles, record)
    parts = [trace_quotes(quotes.iloc[list(p)], articles, record) for p in (order[:cut], order[cut:])]
    together = pd.concat(parts).sort_values("quote_id").reset_index(drop=True)
    pd.testing.assert_frame_equal(together, whole)


def test_inputs_are_not_changed(record, spoken):
    quotes, articles = make_quotes(*PRINTED), make_articles(*PRINTED)
    before = [frame.copy() for frame in (quotes, articles, record, spoken)]
    group_utterances(quotes, articles, traces=trace_quotes(quotes, articles, record, spoken=spoken))
    for old, new in zip(before, (quotes, articles, record, spoken), strict=True):
        pd.testing.assert_frame_equal(old, new)


def test_empty_frames_give_the_full_schema(record):
    empty = schema.build_table("quotes")
    traces = trace_quotes(empty, make_articles("x"), record)
    assert list(traces.columns) == list(schema.TABLES["traces"].columns)
    assert list(group_utterances(empty, make_articles("x")).columns) == list(schema.TABLES["utterances"].columns)
    nowhere = trace_quotes(make_quotes("“So be it.”"), make_articles("“So be it.”"), schema.build_table("articles"))
    assert nowhere["fidelity"].tolist() == ["unmatched"]
    assert schema.check_table(nowhere, "traces").equals(nowhere)


@pytest.mark.parametrize("text", ["", "“”", "…", "[…]", "— — —", "“'s”", "“1,000,000,000,000 %”", "\x00“a”"])
def test_odd_quotations_do_not_fail(record, spoken, text):
    found = trace(record, spoken, text)
    assert len(found) == 1
    assert schema.check_table(found, "traces") is not None


def test_statements_of_unknown_articles_are_refused(record):
    with pytest.raises(ValueError, match=r"articles: expected the article of every statement; got none .*'a0'"):
        trace_quotes(make_quotes("x"), make_articles("x").assign(article_id="b"), record)
    with pytest.raises(ValueError, match=r"articles: expected the article of every statement; got none .*'a0'"):
        group_utterances(make_quotes("x"), make_articles("x").assign(article_id="b"))


def test_sides_are_compared_word_by_word():
    found = compare_words("“a [small] toll to be settling”", "a — a steep toll to settle for it")
    assert [(d.sort, [w.form for w in d.printed], [w.form for w in d.spoken]) for d in found] == [
        ("kept", ["a"], ["a"]),
        ("inserted", ["small"], ["steep"]),
        ("kept", ["toll", "to"], ["toll", "to"]),
        ("added", ["be"], []),
        ("changed", ["settling"], ["settle"]),
    ]


# Utterances


def test_one_utterance_in_three_articles_is_grouped_and_its_drift_told():
    said = [
        "“We will close the northern gate before the snow comes,”",
        "“We'll close the northern gate before snow comes,”",
        "“close the northern gate before the snow comes”",
        "“We will open the southern gate after the harvest,”",
    ]
    articles = make_articles(*said).assign(
        published=pd.to_datetime(["2031-03-06", "2031-03-05", None, "2031-03-05"], utc=True)
    )
    found = group_utterances(make_quotes(*said), articles)
    assert found["utterance_id"].tolist() == ["q1", "q1", "q1", "q3"]
    assert found["printing"].tolist() == [2, 1, 3, 1]
    assert found["n_articles"].tolist() == [3, 3, 3, 1]
    assert found["n_outlets"].tolist() == [3, 3, 3, 1]
    assert found["drift"].tolist()[1] == 0
    assert 0 < found["drift"].tolist()[0] < 0.15 < found["drift"].tolist()[2] < 0.5


@pytest.mark.parametrize(
    "changes",
    [
        {"speaker": ["Ilse Toran", "Daro Venn"]},
        {"resolution": ["unresolved", "unresolved"]},
        {"article_id": ["a0", "a0"]},
        {"text": ["“We will act,”", "“We will act,”"]},
        {"text": ["Tarsk expelled the envoy of Sorland today", "Tarsk expelled the envoy of Lethia today"],
         "kind": "indirect"},
        {"text": ["about 400 lorries were waiting at the gate", "about 600 lorries were waiting at the gate"],
         "kind": "indirect"},
    ],
)  # fmt: skip
def test_what_is_not_one_utterance(changes):
    said = ["“We will close the northern gate before the snow comes,”"] * 2
    quotes = make_quotes(*said).assign(**changes)
    quotes["end"] = quotes["text"].str.len()
    assert group_utterances(quotes, make_articles(*quotes["text"]))["n_printings"].tolist() == [1, 1]


def test_in_an_update_what_was_printed_before_is_one_utterance_and_what_is_new_another():
    said = [
        "the lock had been shut behind their backs", "“No.”", "about 400 lorries were waiting at the gate",
        "the lock had been shut behind their backs", "“No.”", "about 600 lorries were waiting at the gate",
        "“We want to talk tonight,”",
    ]  # fmt: skip
    texts = "\n".join(said[:3]), "\n".join(said[3:])
    starts = [texts[n > 2].index(text) for n, text in enumerate(said)]
    quotes = make_quotes(*said, articles=["a0"] * 3 + ["a1"] * 4).assign(resolution="unresolved", start=starts)
    quotes["end"] = quotes["start"] + quotes["text"].str.len()
    articles = make_articles(*texts).assign(duplicate_of=[None, "a0"])
    found = group_utterances(quotes, articles)
    assert found["utterance_id"].tolist() == ["q0", "q1", "q2", "q0", "q1", "q5", "q6"]
    other = quotes.assign(resolution="exact", speaker=["Ilse Toran"] * 3 + ["Daro Venn"] * 4)
    assert group_utterances(other, articles)["n_printings"].tolist() == [1] * 7


def test_the_same_words_on_two_days_are_two_utterances_where_the_traces_tell():
    said = ["“We will close the northern gate before the snow comes,”"] * 2
    quotes, articles = make_quotes(*said), make_articles(*said)
    places = [{"quote_id": f"q{n}", "part": 0, "transcript_id": f"r{n}", "start": 0, "end": 50} for n in range(2)]
    apart = schema.build_table("traces", places)
    together = apart.assign(transcript_id="r0", start=[0, 20])
    assert group_utterances(quotes, articles)["n_articles"].tolist() == [2, 2]
    assert group_utterances(quotes, articles, traces=apart)["n_articles"].tolist() == [1, 1]
    other = quotes.assign(text=["“A steep toll”", "“It will cost them dearly,”"])
    assert group_utterances(other, articles, traces=together)["n_articles"].tolist() == [2, 2]


# What people see


def plain(html):
    return re.sub(r"<[^>]+>", "", html)


def test_show_trace_marks_changes_by_sign_word_and_colour(record, spoken):
    text = "“If he sends one more <convoy> over the pass, we will shut the northern gate.”"
    quotes, articles = make_quotes(text), make_articles(text)
    traces = trace_quotes(quotes, articles, record, spoken=spoken)
    html = show_trace("q0", Analysis(articles, quotes=quotes, traces=traces, transcripts=record)).data
    assert mark(mark("≠", "sign") + "shut", "changed") in html
    assert mark(mark("≠", "sign") + "close", "changed") in html
    assert "Changed: close → shut" in plain(html)
    assert "&lt;convoy&gt;" in html
    assert '<a href="https://toran.example/r" rel="noreferrer">' in html
    assert "Outlet 0" in html


def test_show_trace_shows_an_unmatched_statement_without_a_record(record, spoken):
    text = "“We will never leave the League, whoever asks us to.”"
    quotes, articles = make_quotes(text), make_articles(text)
    traces = trace_quotes(quotes, articles, record, spoken=spoken)
    html = show_trace("q0", Analysis(articles, quotes=quotes, traces=traces, transcripts=record)).data
    assert "no passage found in the records given" in html
    assert "<a " not in html


def test_show_trace_says_what_is_missing(record, spoken):
    text = "“we will close the northern gate”"
    quotes, articles = make_quotes(text), make_articles(text)
    traces = trace_quotes(quotes, articles, record, spoken=spoken)
    analysis = Analysis(articles, quotes=quotes, traces=traces, transcripts=record)
    with pytest.raises(
        ValueError, match=r"quote_id: expected a statement of these traces; got 'q00'; did you mean 'q0'"
    ):
        show_trace("q00", analysis)
    with pytest.raises(ValueError, match=r"transcripts: expected the record 'r'"):
        show_trace("q0", analysis._replace(transcripts=record.iloc[:0]))


# The command line


@pytest.fixture
def folders(tmp_path):
    articles, records = tmp_path / "articles", tmp_path / "records"
    articles.mkdir()
    records.mkdir()
    (records / "toran.txt").write_text(RECORD, "utf-8")
    (records / "metadata.csv").write_text("file,title,published,url\ntoran.txt,,2031-03-04,https://toran.example/r\n")
    story = (
        "Pass may close\n\n"
        "OSTREL, March 5 — “There will be a toll to settle for it,” Prime Minister Ilse Toran said.\n\n"
        "“Nobody in Marvania wants a quarrel with the shepherds of the valley,” Toran added.\n"
    )
    (articles / "story.txt").write_text(story, "utf-8")
    (articles / "metadata.csv").write_text("file,outlet,published\nstory.txt,Pass Courier,2031-03-05\n")
    return articles, records, tmp_path / "out"


def test_trace_command_adds_tables_and_rewrites_the_report(folders, capsys):
    articles, records, out = folders
    assert main(["analyze", str(articles), "--out", str(out), "--tables", "csv"]) == 0
    capsys.readouterr()
    assert main(["trace", str(out), "--transcripts", str(records)]) == 0
    shown = capsys.readouterr()
    assert "Records: 1" in shown.out
    assert "2 of 2 pieces traced" in shown.out
    assert "Tracing" in shown.err
    traces = schema.read_table(out / "traces.parquet", "traces")
    assert sorted(traces["fidelity"]) == ["altered", "trimmed"]
    assert schema.read_table(out / "traces.csv", "traces").equals(traces)
    assert len(schema.read_table(out / "utterances.parquet", "utterances")) == 2
    report = (out / "report.html").read_text("utf-8")
    assert 'id="traces"' in report
    assert 'href="https://toran.example/r"' in report
    assert not re.search(r"<(?:link|img src=\"http)", report)
    assert main(["analyze", str(articles), "--out", str(out)]) == 0  # the statements are others now
    assert not [*out.glob("traces.*"), *out.glob("transcripts.*")]
    assert 'id="traces"' not in (out / "report.html").read_text("utf-8")


def test_trace_command_refuses_what_is_no_analysed_folder(folders, capsys):
    articles, records, out = folders
    assert main(["trace", str(articles), "--transcripts", str(records)]) == 2
    assert "expected a folder that `diplotext analyze` wrote" in capsys.readouterr().err
    assert main(["trace", str(out / "none"), "--transcripts", str(records)]) == 2
    assert "which is no folder" in capsys.readouterr().err


def test_trace_command_fails_where_no_record_can_be_read(folders, capsys):
    articles, records, out = folders
    assert main(["analyze", str(articles), "--out", str(out)]) == 0
    assert main(["trace", str(out), "--transcripts", str(records / "none")]) == 1
    empty = records / "empty"
    empty.mkdir()
    (empty / "x.zip").write_bytes(b"PK\x03\x04")
    assert main(["trace", str(out), "--transcripts", str(empty)]) == 1
    assert "transcripts: expected at least one readable record" in capsys.readouterr().err
    assert not (out / "traces.parquet").exists()


def test_pairs_of_a_folder_named_in_short_are_looked_for_beside_it(folders, monkeypatch):
    _, records, _ = folders
    labels = records.parent / "pairs.csv"
    labels.write_text(
        "source_document,source_start,source_end,kind,published,speaker,transcript,start,end,fidelity,split\n"
        "lost.txt,0,9,direct,2031-03-05,Ilse Toran,,,,unmatched,develop\n"
    )
    monkeypatch.chdir(records.parent)
    with pytest.raises(ValueError, match=r"data: expected the documents that pairs\.csv names; got none called 'lost"):
        evaluate.evaluate_folder("trace", records.name, labels=labels)


def test_days_before_nanoseconds_reach():
    published = ["1648-10-24T10:00Z", "1648-02-10T00:00Z", "2031-02-10T00:00Z", None, "2031-02-10T00:00Z"]
    dated = pd.DataFrame(
        {
            "published": pd.Series(published).astype("datetime64[us, UTC]"),
            "published_precision": ["time", "month", "year", "none", "none"],
        }
    )
    days = [pd.Series(f(dated)[:3]).astype("int64").to_numpy().astype("datetime64[D]").astype(str).tolist()
            for f in (first_days, last_days)]  # fmt: skip
    assert days == [["1648-10-24", "1648-02-01", "2031-01-01"], ["1648-10-24", "1648-02-29", "2031-12-31"]]
    assert pd.isna(first_days(dated)[3:]).all()
