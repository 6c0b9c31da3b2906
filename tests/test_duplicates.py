"""Near-duplicates in both tiers, their originals, and the reasons for suspecting paraphrase."""

import itertools
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diplotext import schema
from diplotext.clean import mark_duplicates
from diplotext.clean.signs import find_signs

SHARED = Path(__file__).parents[1].parent / "shared"

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


@pytest.mark.skipif(not (SHARED / "articles").exists(), reason="../shared is absent")
def test_the_shared_article_is_suspected() -> None:
    raw = next((SHARED / "articles").glob("*.txt")).read_bytes().decode("utf-8")
    reason = find_signs(raw).reason()
    assert reason is not None
    assert "misplaced quote marks: 4" in reason


@pytest.mark.skipif(not (SHARED / "corpora" / "polnear").exists(), reason="../shared is absent")
def test_different_stories_of_one_election_do_not_match() -> None:
    paths = sorted((SHARED / "corpora" / "polnear" / "train" / "text").glob("*.txt"))[::6]
    texts = [path.read_bytes().decode("utf-8") for path in paths]
    marked = mark_duplicates(table(*({"article_id": f"{i:04}", "text": t} for i, t in enumerate(texts))))
    pairs = len(list(itertools.combinations(texts, 2)))
    assert pairs > 5000
    assert marked["suspect_paraphrase"].isna().all()
