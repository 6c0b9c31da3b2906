"""Near-duplicates in both tiers, their originals, and the reasons for suspecting paraphrase."""

import random
import re
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diplotext import schema
from diplotext.clean import mark_duplicates
from diplotext.clean.counterparts import covered, read_sentences
from diplotext.clean.signatures import GRAMS
from diplotext.clean.signs import find_signs

TALKS = (
    "Foreign Minister Ilse Toran of Marvania left the old town hall of Velograd on Tuesday night without an agreement, "
    "and said that the passage through the Strait of Orm would stay closed to the freighters of Sorland. “We gave them "
    "eleven weeks and three drafts,” she told reporters on the steps. The envoy of Sorland, Bram Kessel, answered from "
    "the airport that his government had asked for nothing but the treaty of 1987, signed by both parliaments. Around "
    "40 ships wait off the port of Halsund, according to its harbour master, Lena Vick, and insurers have doubled the "
    "premium since March. Neighbouring Talmere offered to send pilots; neither side replied. A further round may be "
    "held in Ostrel before the winter, a diplomat close to the mediators said, if the two capitals can settle who pays "
    "for the buoys, the radar on Cape Dunn and the salaries of the lock keepers."
)
# The same, with plain words swapped as paraphrasing tools do it, our own substitutions.
SPUN = (
    "Foreign Minister Ilse Toran of Marvania departed the ancient city corridor of Velograd on Tuesday evening with no "
    "accord, and declared that the route through the Strait of Orm could remain shut to the vessels of Sorland. “We "
    "handed them eleven weeks and three drafts, “ she informed journalists at the stairs. . The emissary of Sorland, "
    "Bram Kessel, replied from the airport that his administration had requested nothing except the treaty of 1987, "
    "inked by each parliaments. Approximately 40 boats linger off the port of Halsund, in keeping with its harbour "
    "grasp, Lena Vick, and insurers have multiplied the top class since March. Neighbouring Talmere presented to "
    "dispatch pilots; neither aspect answered. A similar round can be hosted in Ostrel earlier than the winter, a "
    "diplomat near the mediators stated, if the two capitals can determine who will pay for the buoys, the radar on "
    "Cape Dunn and the wages of the lock keepers. ."
)
HARVEST = (
    "Growers in the south of Talmere expect the poorest apple harvest in twenty years after frost in April and a dry "
    "July. The cooperative of Lindow lowered its forecast by a third on Monday and asked the agriculture ministry for "
    "loans. Prices at the wholesale market in Carrow rose to their highest since the drought. “Some orchards will not "
    "be picked at all,” said Oskar Brandt, who chairs the cooperative and farms sixty hectares near the river. The "
    "ministry promised an answer within two weeks. Exporters, who ship most of the fruit to Sorland, fear that buyers "
    "turn to cheaper pears, and a cider maker in Upper Tarn has already cut shifts. Meteorologists see no rain before "
    "September."
)
SECOND_ROUND = (
    "Envoys of Marvania and Sorland agreed in Ostrel on Friday to open the Strait of Orm to fishing boats, the first "
    "step since the talks in Velograd failed. Bram Kessel called it a small door in a high wall; Foreign Minister Ilse "
    "Toran did not attend. Freighters stay barred until an inspection regime exists, mediators said, and nobody knows "
    "who would run it. The exchange in Halsund rose two per cent on the news. Trade unions at the docks want back pay "
    "for the idle months, which the port authority calls impossible. Parliament in Marvania votes on the matter next "
    "Thursday, with the opposition split between its coastal and its inland wing."
)


def table(*rows: dict[str, object]) -> pd.DataFrame:
    filled = [{"source": f"{row['article_id']}.txt", "raw_text": row["text"], **row} for row in rows]
    return schema.build_table("articles", filled)


def day(date: str) -> dict[str, object]:
    return {"published": f"{date}T00:00:00Z", "published_precision": "day", "published_basis": "metadata"}


def originals(frame: pd.DataFrame) -> dict[str, str | None]:
    marked = mark_duplicates(frame)
    return {a: None if pd.isna(d) else d for a, d in zip(marked["article_id"], marked["duplicate_of"], strict=True)}


def test_a_copy_points_to_the_earliest() -> None:
    late = {"article_id": "a", "text": "UPDATE " + TALKS, **day("2031-03-09")}
    early = {"article_id": "b", "text": TALKS, **day("2031-03-04")}
    other = {"article_id": "c", "text": HARVEST, **day("2031-03-04")}
    assert originals(table(late, early, other)) == {"a": "b", "b": None, "c": None}


def test_undated_copies_go_by_source() -> None:
    last, first = {"article_id": "a", "source": "z.txt"}, {"article_id": "b", "source": "y.txt"}
    frame = table({**last, "text": TALKS}, {**first, "text": TALKS})
    assert originals(frame) == {"a": "b", "b": None}


def test_a_year_is_no_date_to_be_first_by() -> None:
    year = {"published": "2031-01-01T00:00:00Z", "published_precision": "year", "published_basis": "copyright"}
    frame = table({"article_id": "a", "text": TALKS, **year}, {"article_id": "b", "text": TALKS, **day("2031-03-04")})
    assert originals(frame) == {"a": "b", "b": None}


def test_machine_paraphrase_is_found_and_explained() -> None:
    frame = table({"article_id": "a", "text": SPUN}, {"article_id": "b", "text": TALKS, **day("2031-03-04")},
                  {"article_id": "c", "text": HARVEST}, {"article_id": "d", "text": SECOND_ROUND})  # fmt: skip
    marked = mark_duplicates(frame).set_index("article_id")
    assert marked.loc["a", "duplicate_of"] == "b"
    assert "looser copy of b: character cosine 0." in marked.loc["a", "suspect_paraphrase"]
    assert "stray full stops: 2" in marked.loc["a", "suspect_paraphrase"]
    assert marked.loc[["b", "c", "d"], "suspect_paraphrase"].isna().all()
    assert marked.loc[["b", "c", "d"], "duplicate_of"].isna().all()


def test_the_cleaner_copy_is_not_suspected_even_if_it_is_later() -> None:
    early, late = day("2031-03-03"), day("2031-03-04")
    frame = table({"article_id": "a", "text": SPUN, **early}, {"article_id": "b", "text": TALKS, **late})
    marked = mark_duplicates(frame).set_index("article_id")
    assert marked["suspect_paraphrase"].notna().to_dict() == {"a": True, "b": False}


def test_likeness_counts_within_the_window_only() -> None:
    spun = {"article_id": "a", "text": SPUN, **day("2031-03-20")}
    story = {"article_id": "b", "text": TALKS, **day("2031-03-04")}
    assert originals(table(spun, story)) == {"a": None, "b": None}
    assert originals(table({**spun, **day("2031-03-06")}, story)) == {"a": "b", "b": None}


def test_a_cut_copy_is_no_paraphrase() -> None:
    half = TALKS[: TALKS.index("Around")] + TALKS[TALKS.index("Neighbouring") :]
    marked = mark_duplicates(table({"article_id": "a", "text": half}, {"article_id": "b", "text": TALKS}))
    assert marked["duplicate_of"].notna().sum() == 1
    assert marked["suspect_paraphrase"].isna().all()


def test_copies_of_copies_share_one_original() -> None:
    rows = [{"article_id": f"a{i}", "text": f"{TALKS} Issue {i}.", **day(f"2031-03-0{i}")} for i in (3, 1, 2)]
    assert originals(table(*rows)) == {"a3": "a1", "a1": None, "a2": "a1"}


def test_empty_and_short_texts_match_nothing_by_chance() -> None:
    texts = {"a": "", "b": "", "c": "Talks on.", "d": "Talks off."}
    frame = table(*({"article_id": key, "text": text} for key, text in texts.items()))
    assert set(originals(frame).values()) == {None}
    assert list(mark_duplicates(schema.build_table("articles"))) == list(schema.TABLES["articles"].columns)


def test_all_articles_and_other_columns_stay() -> None:
    frame = table({"article_id": "a", "text": TALKS, "headline": "x"}, {"article_id": "b", "text": TALKS})
    copy = frame.copy(deep=True)
    marked = mark_duplicates(frame)
    pd.testing.assert_frame_equal(frame, copy)
    rest = [c for c in frame if c not in ("duplicate_of", "suspect_paraphrase")]
    pd.testing.assert_frame_equal(marked[rest], frame[rest])
    schema.check_table(marked, "articles")


def by(outlet: str | None, date: str, url: str | None = None) -> dict[str, object]:
    return {**day(date), "outlet": outlet, "url": url}


@pytest.mark.parametrize(
    ("first", "second", "copy"),
    [
        (by("Orm Wire", "2031-03-04"), by("World Digest", "2031-03-05"), True),
        (by("Orm Wire", "2031-03-04"), by("Orm Wire", "2031-03-04"), True),  # the same day: an evening version
        (by("Orm Wire", "2031-03-04"), by("orm wire", "2031-03-05"), False),  # nobody paraphrases himself
        (by(None, "2031-03-04", "https://www.orm.example/1"), by(None, "2031-03-05", "https://orm.example/2"), False),
        (by(None, "2031-03-04", "https://orm.example/1"), by(None, "2031-03-05", "https://digest.example/2"), True),
        # two outlets on one host
        (by("Orm Wire", "2031-03-04", "https://hub.example/1"), by("Digest", "2031-03-05", "https://hub.example/2"),
         True),
    ],
)  # fmt: skip
def test_an_outlet_does_not_paraphrase_itself(first, second, copy) -> None:
    frame = table({"article_id": "a", "text": TALKS, **first}, {"article_id": "b", "text": SPUN, **second})
    assert originals(frame) == {"a": None, "b": "a" if copy else None}


NEW_PARAGRAPHS = (
    "Police closed the quay to traffic after a crane toppled in the gale, and a clerk at the customs house was treated "
    "for a broken wrist. Two tugs kept a drifting lighter off the mole until dawn."
    "\n\n"
    "The central bank in Carrow said it saw no reason to change rates. A spokeswoman for the chamber of trade put the "
    "cost of each idle day at three million crowns."
)


@pytest.mark.parametrize("date", ["2031-03-04", "2031-03-05"])
def test_a_write_through_is_a_copy_and_no_paraphrase(date: str) -> None:
    lead = "Ilse Toran said on Wednesday that the Strait of Orm stays shut. "
    update = lead + TALKS.replace("Around 40 ships", "About 45 ships") + "\n\n" + NEW_PARAGRAPHS
    frame = table({"article_id": "a", "text": TALKS, **by("Orm Wire", "2031-03-04")},
                  {"article_id": "b", "text": update, **by("Orm Wire", date)})  # fmt: skip
    marked = mark_duplicates(frame)
    assert marked["duplicate_of"].fillna("").tolist() == ["", "a"]
    assert marked["suspect_paraphrase"].isna().all()


def test_the_next_days_story_with_the_old_background_is_none() -> None:
    background = TALKS[TALKS.index("Around 40 ships") :]
    story = SECOND_ROUND + "\n\n" + background
    frame = table({"article_id": "a", "text": TALKS, **day("2031-03-04")},
                  {"article_id": "b", "text": story, **day("2031-03-05")})  # fmt: skip
    assert originals(frame) == {"a": None, "b": None}


def readout(name: str, state: str, topic: str, dates: str) -> str:
    return (
        f"Prime Minister Corin Adaly of Lethia spoke today by telephone with {name} of {state}. The two leaders "
        f"reviewed the work of their governments on {topic}, and the Prime Minister underscored the commitment of "
        f"Lethia to the sovereignty of {state}. They discussed preparations for the meeting of the League in {dates}. "
        f"The Prime Minister thanked {name} for the hospitality extended to Lethian engineers. They agreed to remain "
        "in close contact, and to instruct their foreign ministers to continue consultations with allies and partners."
    )


@pytest.mark.parametrize("outlet", ["Office of the Prime Minister", None])
def test_readouts_of_one_form_are_no_copies(outlet: str | None) -> None:
    calls = [
        ("President Daro Venn", "Ostrel", "river pilots, buoys and the salaries of lock keepers", "Carrow on 9 May"),
        ("Chancellor Mira Holt", "Talmere", "apple exports, frost insurance and seasonal labour", "Lindow on 3 June"),
    ]
    rows = [
        {"article_id": f"a{i}", "text": readout(*call), **by(outlet, f"2031-03-0{4 + i}")}
        for i, call in enumerate(calls)
    ]
    assert set(originals(table(*rows)).values()) == {None}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda s: s, 1.0),
        (lambda s: [w for x in s for w in (x, "An idle sentence about weather and cheese stands between them.")], 1.0),
        (lambda s: [*s[4:], *s[:4]], 0.6),  # another order
        (lambda s: [x.replace("Toran", "Kessel").replace("Ilse", "Bram") for x in s], 0.9),  # other persons
        (lambda s: s[:4], 0.0),  # too few to tell
    ],
)  # fmt: skip
def test_counterparts_keep_order_and_names(change, expected: float) -> None:
    names = ["Toran", "Vick", "Brandt", "Kessel", "Venn", "Holt", "Okrey", "Dray"]
    plots = ["closed the harbour gate", "counted forty barges", "sold her orchard", "flew to the capital",
             "signed a paper on tolls", "lost an election", "visited lock keepers", "painted a lighthouse"]  # fmt: skip
    sentences = [
        f"Yesterday {name} {plot} before any neighbour noticed." for name, plot in zip(names, plots, strict=True)
    ]
    idf = np.ones(GRAMS, dtype=np.float32)
    share = covered(*(read_sentences(" ".join(s), idf) for s in (sentences, change(sentences))))
    assert share == pytest.approx(expected, abs=0.12)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.6])
def test_texts_with_words_replaced_are_found(share: float) -> None:
    rng = random.Random(7)
    others = re.findall(r"[a-z]{4,}", HARVEST + SECOND_ROUND + NEW_PARAGRAPHS)
    spun = re.sub(r"(?<![\w])[a-z]{4,}", lambda m: rng.choice(others) if rng.random() < share else m.group(), TALKS)
    assert originals(table({"article_id": "a", "text": TALKS}, {"article_id": "b", "text": spun})) == {
        "a": None,
        "b": "a",
    }


def test_many_mutual_copies_take_no_long() -> None:
    rows = [{"article_id": f"a{i:04}", "text": f"{TALKS} Issue {i}."} for i in range(1500)]
    started = time.process_time()
    found = originals(table(*rows))
    assert set(list(found.values())[1:]) == {"a0000"}
    assert time.process_time() - started < 20


FIVE = [
    {"article_id": "a", "text": TALKS, **day("2031-03-04")},
    {"article_id": "b", "text": SPUN},
    {"article_id": "c", "text": HARVEST, **day("2031-03-04")},
    {"article_id": "d", "text": "LATE " + HARVEST, **day("2031-04-04")},
    {"article_id": "e", "text": SECOND_ROUND, **day("2031-03-07")},
]


@settings(max_examples=20, deadline=None)
@given(st.permutations(FIVE))
def test_order_of_rows_does_not_matter(rows: list[dict[str, object]]) -> None:
    marked = mark_duplicates(table(*rows)).sort_values("article_id", ignore_index=True)
    pd.testing.assert_frame_equal(marked, mark_duplicates(table(*FIVE)))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"jaccard": 0}, r"jaccard: expected a number above 0 and up to 1; got 0"),
        ({"cosine": 1.5}, r"cosine: expected a number above 0 and up to 1; got 1\.5"),
        ({"days": -1}, r"days: expected a number of days of 0 or more; got -1"),
    ],
)
def test_impossible_thresholds_are_refused(arguments: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        mark_duplicates(table({"article_id": "a", "text": TALKS}), **arguments)


@pytest.mark.parametrize(
    ("raw", "suspect"),
    [
        ("“We go. “ They left. . The rest stayed.", True),  # broken marks and stray stops together
        ("The prime clergyman spoke of the peace chats in Ostrel.", True),  # two impossible phrases
        ("The prime clergyman spoke. “We go. “ They left the “room “.", True),
        ("“We go. “ They left the “room “ and the “house “.", False),  # bad typesetting
        ("They left. . The rest stayed. . Nobody came.", False),  # bad conversion
        ("The prime clergyman of the chapter spoke.", False),  # one odd phrase
        ("The prime minister spoke of a colossal mistake in a telephone interview.", False),
        (TALKS, False),
    ],
)
def test_surface_signs(raw: str, suspect: bool) -> None:
    assert (find_signs(raw).reason() is not None) == suspect


def test_signs_are_named() -> None:
    reason = find_signs("The prime clergyman said: “We go. “ They left. . The rest stayed.").reason()
    assert reason == 'impossible phrases: "prime clergyman"; misplaced quote marks: 1; stray full stops: 1'
