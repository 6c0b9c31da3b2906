"""Agreement of coders against published worked examples, and one gold of several."""

import numpy as np
import pandas as pd
import pytest

from diplotext.annotation import adjudicate, score_agreement

#: Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability": the reliability data matrices of its sections.
BINARY = {"Meg": "0100000010", "Owen": "1110010000"}
NOMINAL = {"Ben": "aabbdcccedda", "Gerry": "babbbccceddd"}
MISSING = {"A": "123321412...", "B": "1233224125.3", "C": ".3332342251.", "D": "12332441251."}

#: Cohen 1960, table 2: two judges, three categories, 200 cases.
COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]


def matrix(coders, field="posture"):
    return pd.DataFrame(
        [
            {"item_id": f"q{n:02}", "field": field, "annotator": coder, "label": label}
            for coder, labels in coders.items()
            for n, label in enumerate(labels)
            if label != "."
        ]
    )


def crossed(table):
    pairs = [(str(i), str(j)) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]
    return matrix({"A": [a for a, _ in pairs], "B": [b for _, b in pairs]})


def score(labels, measure, label=None, samples=None, resamples=20):
    scores = score_agreement(labels, samples, resamples=resamples).scores
    chosen = scores[
        (scores["measure"] == measure) & (scores["label"].isna() if label is None else scores["label"] == label)
    ]
    return chosen.iloc[0]


@pytest.mark.parametrize(("coders", "alpha"), [(BINARY, 0.095), (NOMINAL, 0.692), (MISSING, 0.743)])
def test_alpha_is_that_of_the_worked_examples(coders, alpha):
    assert score(matrix(coders), "alpha")["estimate"] == pytest.approx(alpha, abs=5e-4)


def test_kappa_and_percent_are_those_of_cohens_table():
    labels = crossed(COHEN)
    assert score(labels, "percent")["estimate"] == pytest.approx(0.70)
    assert score(labels, "kappa")["estimate"] == pytest.approx(0.492, abs=5e-4)


def test_measures_of_one_label_are_those_of_that_label_against_the_rest():
    labels = crossed(COHEN)
    for name in "02":
        apart = labels.assign(label=np.where(labels["label"] == name, name, "rest"))
        for measure in ("kappa", "alpha"):
            assert score(labels, measure, name)["estimate"] == pytest.approx(score(apart, measure)["estimate"])
    assert score(labels, "percent", "0")["estimate"] == pytest.approx(2 * 88 / (120 + 100))


def test_missing_labels_count_for_nothing_and_single_ones_leave_the_items():
    row = score(matrix(MISSING), "alpha")
    assert (row["n_items"], row["n_annotators"]) == (11, 4)


def test_what_is_always_the_same_has_no_kappa_and_no_alpha():
    labels = matrix({"A": "xxxx", "B": "xxxx"})
    assert score(labels, "percent")["estimate"] == 1
    assert np.isnan(score(labels, "alpha")["estimate"])
    assert np.isnan(score(labels, "kappa")["estimate"])


def test_intervals_resample_articles_and_hold_the_estimate():
    labels = crossed(COHEN)
    items = labels["item_id"].unique()
    one = pd.DataFrame({"item_id": items, "article_id": "a"})
    assert np.isnan(score(labels, "alpha", samples=one)["ci_low"])
    few = one.assign(article_id=[f"a{n % 8}" for n in range(len(items))])
    row = score(labels, "alpha", samples=few, resamples=500)
    assert row["ci_low"] < row["estimate"] < row["ci_high"]


def test_intervals_do_not_leave_the_scale():
    one = ["oppose", "support", "neutral", "oppose", "support", "oppose"]
    two = ["neutral", *one[1:]]  # without the clip, kappa's interval ends at 1.04
    rows = [{"item_id": f"q{i}", "field": "stance", "annotator": coder, "label": labels[i]}
            for coder, labels in (("A", one), ("B", two)) for i in range(6)]  # fmt: skip
    scores = score_agreement(pd.DataFrame(rows)).scores
    assert scores["ci_high"].max() == 1
    assert scores.loc[scores["measure"] == "percent", "ci_low"].min() >= 0


def test_scores_do_not_depend_on_the_order_of_rows():
    labels = crossed(COHEN)
    a, b = (score_agreement(rows, resamples=50) for rows in (labels, labels.sample(frac=1, random_state=3)))
    columns = ["field", "label", "measure"]
    pd.testing.assert_frame_equal(a.scores.sort_values(columns), b.scores.sort_values(columns))


def test_open_fields_are_scored_as_a_whole_only():
    scores = score_agreement(matrix({"A": ["Ilse Toran", "Ostrel"], "B": ["Ilse Toran", "Marvania"]}, "speaker")).scores
    assert scores["label"].isna().all()
    assert scores.set_index("measure").loc["percent", "estimate"] == 0.5


def test_a_target_that_one_coder_did_not_mark_is_none_to_that_coder():
    labels = pd.DataFrame(
        [
            ("q1", "posture", "A", "warn"), ("q1", "posture", "B", "warn"), ("q1#5-9", "target", "A", "Ostrel"),
            ("q2", "posture", "A", "warn"), ("q2#1-4", "target", "A", "the ban"),
        ],
        columns=["item_id", "field", "annotator", "label"],
    )  # fmt: skip
    listed = score_agreement(labels).disagreements
    assert listed.to_dict("records") == [
        {"item_id": "q1#5-9", "field": "target", "n_annotators": 2, "labels": "A: Ostrel; B: none"}
    ]


def test_agreement_needs_two_coders_and_does_not_count_gold():
    labels = matrix({"A": "xy", "gold": "xy"})
    with pytest.raises(ValueError, match="annotations: expected the labels of two coders at least; got A"):
        score_agreement(labels)


def test_gold_is_the_label_of_most_and_ties_stay_open_until_decided():
    labels = matrix({"A": "xyxx", "B": "xyyy", "C": "xz.z"}).assign(raw_start=4, raw_end=9)
    gold, undecided = adjudicate(labels)
    assert dict(zip(gold["item_id"], gold["label"], strict=True)) == {"q00": "x", "q01": "y"}
    assert gold["annotator"].unique().tolist() == ["gold"]
    assert gold["raw_end"].tolist() == [9, 9]
    assert undecided["item_id"].tolist() == ["q02", "q03"]
    decided = pd.DataFrame({"item_id": ["q02", "q01"], "field": "posture", "label": ["y", "z"]})
    gold, undecided = adjudicate(pd.concat([labels, gold]), decided)
    assert gold["label"].tolist() == ["x", "z", "y"]
    assert undecided["item_id"].tolist() == ["q03"]


def test_a_decision_of_what_nobody_labelled_is_refused():
    with pytest.raises(
        ValueError, match=r"decisions: expected items and fields that were labelled; got \('q9', 'mode'\)"
    ):
        adjudicate(matrix({"A": "x"}), pd.DataFrame({"item_id": ["q9"], "field": ["mode"], "label": ["x"]}))
