"""Samples with known probabilities, the codebook as data, and labels brought to another run."""

import numpy as np
import pandas as pd
import pytest

from diplotext import Analysis, schema
from diplotext.annotation import join_labels, list_items, load_codebook, sample_annotations
from diplotext.annotation.codebook import check_codebook, read_fields
from diplotext.annotation.items import find_words
from diplotext.annotation.sampling import draw_units, share_out

KINDS = ["direct", "indirect", "mixed"]


def make_run(n=400, per_article=5, shift=0):
    """Return a run of n statements in n / per_article articles of invented states; `shift` moves their raw offsets."""
    rng = np.random.default_rng(5)
    articles = [
        {"article_id": f"a{a:03}", "source": f"{a}.txt", "raw_text": "x" * 2000, "text": "x" * 2000}
        for a in range(n // per_article)
    ]
    quotes, stances = [], []
    for number in range(n):
        start = number % per_article * 200 + shift
        quote_id = f"q{number:03}" if not shift else f"r{number:03}"
        place = {"start": start, "end": start + 90, "raw_start": start, "raw_end": start + 90}
        quotes.append(
            {"quote_id": quote_id, "article_id": f"a{number // per_article:03}", "kind": KINDS[number % 3],
             "text": f"statement {number}", "country": ["XMV", "XOS", None][number * 7 % 3], "speaker": "Ilse Toran",
             "resolution": "exact", "confidence": round(float(rng.uniform(0.3, 1)), 3), "closed": True, **place}
        )  # fmt: skip
        mention = {"start": start + 10, "end": start + 16, "raw_start": start + 10, "raw_end": start + 16}
        stances.append(
            {"quote_id": quote_id, "target_id": "XOS", "target": "Ostrel", "target_kind": "actor", "mention": "Ostrel",
             "stance": "oppose", "posture": ["warn", "appeal"][number % 2], **mention}
        )  # fmt: skip
    return Analysis(
        schema.build_table("articles", articles),
        quotes=schema.build_table("quotes", quotes),
        stances=schema.build_table("stances", stances),
    )


@pytest.fixture(scope="module")
def run():
    return make_run()


# --- samples -----------------------------------------------------------------------------------------------------


def test_a_sample_has_the_size_asked_for_and_the_probabilities_sum_to_it(run):
    samples = sample_annotations(run, 60, seed=1)
    assert len(samples) == 60
    assert samples["item_id"].is_unique
    assert samples["p_inclusion"].between(0, 1, inclusive="right").all()
    # Horvitz–Thompson: the weights estimate how many there are.
    assert (1 / samples["p_inclusion"]).sum() == pytest.approx(400, rel=0.25)


@pytest.mark.parametrize("uncertain", [0, 0.3, 0.9])
def test_probabilities_are_how_often_units_are_drawn(uncertain):
    ids, doubt, tries = [f"q{n}" for n in range(40)], np.linspace(0.02, 0.9, 40) ** 3 + 0.02, 400
    base, chance = share_out(doubt, 12, uncertain)
    draws = [draw_units(ids, base, chance, seed) for seed in range(tries)]
    assert {int(drawn.sum()) for drawn, _ in draws} == {12}
    assert chance.sum() == pytest.approx(12)
    for promised, hits in (
        (chance, [drawn for drawn, _ in draws]),
        (np.full(40, (1 - uncertain) * 12 / 40), [drawn & random for drawn, random in draws]),
    ):
        spread = np.sqrt(promised * (1 - promised) / tries)
        assert (np.abs(np.mean(hits, axis=0) - promised) <= 4.5 * spread + 1e-9).all()


def test_the_uncertain_part_is_of_what_is_unsure(run):
    samples = sample_annotations(run, 80, seed=2).merge(run.quotes, left_on="item_id", right_on="quote_id")
    means = samples.groupby("part")["confidence"].mean()
    assert means["uncertain"] < means["random"] - 0.05
    assert (sample_annotations(run, 80, uncertain=0)["part"] == "random").all()


def test_strata_get_their_expected_number_to_within_one(run):
    samples = sample_annotations(run, 80, uncertain=0, seed=3)
    quotes = run.quotes.merge(run.stances[["quote_id", "posture"]], on="quote_id")
    every = quotes["country"].fillna("none") + " · " + quotes["posture"]
    got = samples["stratum"].str.extract(r"^([^·]+ · [^·]+) · ")[0].value_counts()
    for stratum, size in every.value_counts().items():
        assert abs(got.get(stratum, 0) - size / 5) <= 1, stratum


def test_a_sample_depends_on_the_seed_and_not_on_the_order_of_rows(run):
    shuffled = run._replace(
        quotes=run.quotes.sample(frac=1, random_state=1), stances=run.stances.sample(frac=1, random_state=2)
    )
    pd.testing.assert_frame_equal(sample_annotations(run, 30, seed=9), sample_annotations(shuffled, 30, seed=9))
    assert set(sample_annotations(run, 30, seed=9)["item_id"]) != set(sample_annotations(run, 30, seed=10)["item_id"])


def test_more_than_there_are_is_all_of_them_for_certain(run):
    samples = sample_annotations(run, 1000)
    assert len(samples) == 400
    assert (samples["p_inclusion"] == 1).all()


def test_no_statement_is_drawn_twice_through_its_copies():
    run = make_run(20)
    copies = run.articles["article_id"].isin(["a001", "a003"])
    articles = run.articles.assign(duplicate_of=run.articles["article_id"].map({"a001": "a000", "a003": "a002"}))
    quotes = run.quotes.copy()
    shared = quotes["article_id"].eq("a001")  # a copy; a003 is an update that says something new in each statement
    quotes.loc[shared, "text"] = quotes.loc[quotes["article_id"] == "a000", "text"].str.upper().to_numpy()
    utterances = schema.build_table(
        "utterances",
        {
            "quote_id": quotes["quote_id"],
            "utterance_id": [*quotes["quote_id"][:-1], "q000"],
            "printing": [1] * 19 + [2],
        },
    )
    told = run._replace(articles=articles, quotes=quotes, utterances=utterances)
    drawn = set(sample_annotations(told, 20)["item_id"])
    assert drawn == set(quotes["quote_id"]) - set(quotes.loc[shared, "quote_id"]) - {"q019"}
    without = sample_annotations(told._replace(utterances=None), 20)
    assert not set(without["article_id"]) & set(run.articles.loc[copies, "article_id"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n": 0}, "n: expected a whole number of statements from 1; got 0"),
        ({"n": 2.5}, "n: expected a whole number"),
        ({"n": 5, "uncertain": 1}, r"uncertain: expected a share in \[0, 1\)"),
    ],
)
def test_wrong_wishes_are_refused(run, options, message):
    with pytest.raises(ValueError, match=message):
        sample_annotations(run, **options)


def test_nothing_to_draw_from_is_said(run):
    with pytest.raises(ValueError, match="analysis: expected statements to draw from"):
        sample_annotations(run._replace(quotes=schema.build_table("quotes")), 5)


# --- the codebook ------------------------------------------------------------------------------------------------


def test_the_codebook_has_the_schemas_labels():
    fields = read_fields(load_codebook())
    assert set(fields["posture"].labels) == set(schema.POSTURES)
    assert fields["mode"].labels == schema.MODES
    assert fields["stance"].labels == schema.STANCES
    assert {name for name, field in fields.items() if field.open} == {"speaker", "country", "target"}
    precedence = [
        row["posture"] for row in sorted(schema.read_rows("postures.csv"), key=lambda r: int(r["precedence"]))
    ]
    assert list(fields["posture"].labels) == precedence


def test_every_label_has_a_key_a_definition_and_an_example_or_near_miss():
    book = load_codebook()
    assert (book[["key", "definition"]] != "").all(axis=None)
    assert ((book["example"] != "") | (book["near_miss"] != "")).all()


def test_an_own_codebook_needs_three_columns_and_gets_keys(tmp_path):
    (tmp_path / "own.csv").write_text(
        "field,label,definition\ntone,warm,kind\ntone,wary,careful\ntone,cold,unkind\nnote,,anything\n", "utf-8"
    )
    book = load_codebook(tmp_path / "own.csv")
    assert book["key"].tolist() == ["w", "1", "c", ""]
    assert book["unit"].eq("statement").all()
    assert read_fields(book)["note"].open


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"field": "tone", "labels": "warm", "definition": ""}], "a column 'label' .did you mean to rename 'labels'"),
        ([{"field": "tone", "label": "warm", "definition": "", "unit": "word"}], "codebook.unit: expected one of"),
        ([{"field": "", "label": "warm", "definition": ""}], "codebook.field: expected a name"),
        ([{"field": "tone", "label": "warm", "definition": ""}] * 2, "each label once in the field 'tone'; got 'warm'"),
        (
            [{"field": "t", "label": x, "definition": "", "key": k} for x, k in (("warm", "w"), ("wary", "wa"))],
            "no key begins another in 't'; got 'w' and 'wa'",
        ),
    ],
)
def test_a_wrong_codebook_is_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        check_codebook(pd.DataFrame(rows))


@pytest.mark.parametrize(("given", "read"), [("THREATEN", "threaten"), (" warn ", "warn")])
def test_labels_are_read_as_meant(given, read):
    assert read_fields(load_codebook())["posture"].read(given) == read


def test_a_label_that_is_none_is_refused_with_the_nearest():
    with pytest.raises(ValueError, match="got 'treaten'; did you mean 'threaten'"):
        read_fields(load_codebook())["posture"].read("treaten")


# --- items and joining -------------------------------------------------------------------------------------------


def test_items_are_statements_each_with_its_targets(run):
    samples = sample_annotations(run, 3)
    items = list_items(samples, run)
    assert items["unit"].tolist() == ["statement", "target"] * 3
    first = samples.iloc[0]
    assert items["item_id"].tolist()[:2] == [
        first["item_id"],
        f"{first['item_id']}#{first['raw_start'] + 10}-{first['raw_start'] + 16}",
    ]


def test_a_target_without_words_is_an_item_by_its_name(run):
    bare = run._replace(stances=run.stances.assign(raw_start=None, raw_end=None, mention=None))
    items = list_items(sample_annotations(run, 1), bare)
    assert items["item_id"].str.endswith("#~ostrel").tolist() == [False, True]


@pytest.mark.parametrize(
    ("words", "found"),
    [("Ostrel", "Ostrel"), ("OSTREL", "Ostrel"), ("the  pass", "the pass"), ("Korrin", "Korrin"), ("Ostr", None)],
)
def test_words_are_found_inside_the_statement_first(words, found):
    text = "Korrin’s Ostrel desk: “Ostrel must open the pass,” he said."
    place = find_words(text, words, text.index("“"), len(text))
    assert (place and text[slice(*place)]) == found
    if found == "Ostrel":
        assert place[0] > text.index("“")


def label(samples, coder="A", field="posture", value="warn", offset=None):
    rows = samples.assign(field=field, annotator=coder, label=value)
    if offset is not None:
        start, end = rows["raw_start"] + offset[0], rows["raw_start"] + offset[1]
        rows["item_id"] = rows["item_id"] + "#" + start.astype("str") + "-" + end.astype("str")
        rows = rows.assign(raw_start=start, raw_end=end)
    return schema.build_table("annotations", rows)[list(schema.TABLES["annotations"].columns)]


def test_labels_come_to_another_run_by_raw_offsets(run):
    samples = sample_annotations(run, 20)
    labels = pd.concat([label(samples), label(samples, field="stance", value="oppose", offset=(10, 17))])
    later = make_run(shift=20)  # 70 of 90 characters in common; targets no more
    joined = join_labels(labels, samples, later)
    assert len(joined.annotations) == 40
    assert joined.unjoined.empty
    assert set(joined.samples["item_id"]) <= set(later.quotes["quote_id"])
    assert joined.samples["p_inclusion"].tolist() == samples["p_inclusion"].tolist()
    assert joined.annotations["item_id"].str.startswith("r").all()
    again = join_labels(joined.annotations, joined.samples, later)
    pd.testing.assert_frame_equal(again.annotations, joined.annotations)


def test_what_cannot_be_joined_is_listed_with_its_reason(run):
    samples = sample_annotations(run, 10)
    joined = join_labels(label(samples), samples, make_run(shift=60))
    assert joined.annotations.empty
    assert joined.samples.empty
    assert joined.unjoined["reason"].unique().tolist() == ["the run has no statement there"]
    strange = label(samples).assign(item_id=lambda rows: "z" + rows["item_id"])
    reasons = join_labels(strange, samples, run).unjoined["reason"]
    assert reasons.unique().tolist() == ["its statement is neither in the sample nor in the run"]


def test_targets_join_the_runs_and_each_other_where_they_overlap(run):
    samples = sample_annotations(run, 1)
    labels = pd.concat(
        [
            label(samples, "A", "target", "Ostrel", (10, 17)),  # nearly the machine's words
            label(samples, "A", "target", "the ban", (40, 47)), label(samples, "B", "target", "the ban", (36, 47)),
            label(samples, "B", "target", "the pass", (60, 68)),
        ]
    )  # fmt: skip
    joined = join_labels(labels, samples, run).annotations
    own = [item.partition("#")[2] for item in joined["item_id"]]
    base = int(samples["raw_start"].iloc[0])
    assert own[0] == f"{base + 10}-{base + 16}"
    assert own[1] == own[2]
    assert len(set(own)) == 3


def test_a_target_that_the_machine_did_not_print_is_joined_by_name(run):
    samples = sample_annotations(run, 1)
    bare = run._replace(stances=run.stances.assign(raw_start=None, raw_end=None, mention=None))
    joined = join_labels(label(samples, "A", "target", "ostrel", (10, 16)), samples, bare)
    assert joined.annotations["item_id"].tolist() == [samples["item_id"].iloc[0] + "#~ostrel"]


def test_the_later_of_two_labels_of_a_coder_stays(run):
    samples = sample_annotations(run, 1)
    labels = pd.concat(
        [label(samples, value=v).assign(at=f"2031-03-0{d}T00:00:00Z") for v, d in (("warn", 5), ("deny", 4))]
    )
    joined = join_labels(labels, samples, run)
    assert joined.annotations["label"].tolist() == ["warn"]
    assert joined.unjoined["reason"].tolist() == ["the same coder labelled it again later"]
