"""Classifiers of statements: scikit-learn's habits, the shipped heads, the baselines; all texts are our own."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_predict
from sklearn.pipeline import make_pipeline

from diplotext import evaluate
from diplotext.stance import PostureClassifier, StanceClassifier, StatementEncoder
from diplotext.stance.baselines import CueTableClassifier, MajorityClassifier, TfidfClassifier, VaderClassifier
from diplotext.stance.classifiers import fit_temperature, load_head

KIND = [
    "We thank {}.",
    "We stand with {}.",
    "We praise the courage of {}.",
    "We welcome what {} has done.",
    "{} is a friend.",
]
HARSH = [
    "We condemn {}.",
    "{} has lied again.",
    "We reject the threats of {}.",
    "{} must be ashamed.",
    "{} broke the treaty.",
]
NAMES = ["Tolvia", "Brennia", "Ilse Toran", "the League"]


@pytest.fixture(scope="module")
def data():
    rows = [
        (text.format(n), n, label)
        for label, texts in (("kind", KIND), ("harsh", HARSH))
        for text in texts
        for n in NAMES
    ]
    frame = pd.DataFrame(rows, columns=["text", "target", "label"])
    return frame[["text", "target"]], frame["label"].to_numpy()


def test_a_vector_does_not_depend_on_the_other_rows(data):
    X, _ = data
    whole = StatementEncoder().fit_transform(X)
    assert whole.shape == (len(X), 1152)
    assert whole.dtype == np.float32
    np.testing.assert_array_equal(whole[7:9], StatementEncoder().transform(X.iloc[7:9]))
    np.testing.assert_array_equal(whole[::-1], StatementEncoder().transform(X.iloc[::-1]))
    assert StatementEncoder().transform(X.iloc[:0]).shape == (0, 1152)


def test_the_target_matters():
    X = pd.DataFrame({"text": ["Tolvia attacked Brennia."] * 2, "target": ["Tolvia", "Brennia"]})
    one, other = StatementEncoder().transform(X)
    assert not np.allclose(one, other)


@pytest.mark.parametrize("kind", [StanceClassifier, PostureClassifier])
def test_a_head_learns_a_codebook_of_ones_own(data, kind):
    X, y = data
    found = cross_val_predict(kind(), X, y, cv=4)
    assert (found == y).mean() > 0.9
    model = kind().fit(X, y)
    assert model.classes_.tolist() == ["harsh", "kind"]
    shares = model.predict_proba(X)
    assert shares.sum(1) == pytest.approx(1)
    assert (model.classes_[shares.argmax(1)] == model.predict(X)).all()


def test_scikit_learns_habits(data):
    X, y = data
    model = StanceClassifier(C=0.1)
    assert clone(model).get_params() == model.get_params() == {"C": 0.1, "balanced": True, "weights": "stance"}
    search = GridSearchCV(StanceClassifier(), {"C": [0.01, 1.0]}, cv=2).fit(X, y)
    assert search.best_score_ > 0.8
    piped = make_pipeline(StatementEncoder(), LogisticRegression(max_iter=2000)).fit(X, y)
    assert (piped.predict(X) == y).all()
    copied = pickle.loads(pickle.dumps(model.fit(X, y)))  # as between workers
    assert (copied.predict(X) == model.predict(X)).all()


def test_a_head_is_stored_as_plain_arrays(data):
    X, y = data
    model = StanceClassifier().fit(X, y, groups=X["target"])
    arrays = model.to_arrays()
    assert all(a.dtype.kind in "fUO" for a in arrays.values())
    again = StanceClassifier.from_arrays(arrays)
    np.testing.assert_allclose(again.predict_proba(X), model.predict_proba(X))


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (["We agree."], ["a"], "X: expected a DataFrame with a column 'text'"),
        (pd.DataFrame({"words": ["We agree."]}), ["a"], "got columns \\['words'\\]"),
        (pd.DataFrame({"text": ["We agree.", "No."]}), ["a"], "y: expected one label a row of X, 2; got 1"),
        (pd.DataFrame({"text": ["We agree.", "No."]}), ["a", "a"], "y: expected two labels or more; got \\['a'\\]"),
    ],
)
def test_wrong_input_is_named(X, y, message):
    with pytest.raises(ValueError, match=message):
        StanceClassifier().fit(X, y)


def test_temperature_makes_the_sure_modest():
    rng = np.random.default_rng(3)
    numbers = rng.integers(0, 2, 4000)
    right = rng.random(4000) < 0.7
    sure = np.where(right, numbers, 1 - numbers)
    logits = np.eye(2)[sure] * 8
    temperature = fit_temperature(logits, numbers)
    assert 1 / (1 + np.exp(-8 / temperature)) == pytest.approx(0.7, abs=0.03)


@pytest.mark.parametrize(
    ("task", "labels"),
    [("posture", 17), ("stance", 3), ("conditional", 2), ("mode", 5), ("root", 15), ("sentiment", 3), ("conflict", 2)],
)
def test_shipped_heads(task, labels):
    head = load_head(task)
    assert len(head.classes_) == labels
    assert 0.2 < head.temperature_ < 10


def test_an_unknown_head_is_refused():
    with pytest.raises(ValueError, match=r"task: expected one of the heads .*; got 'mood'"):
        load_head("mood")


@pytest.mark.parametrize("model", [MajorityClassifier(), TfidfClassifier(), CueTableClassifier(), VaderClassifier()])
def test_baselines_have_the_same_interface(data, model):
    X, y = data
    found = clone(model).fit(X, y).predict(X)
    assert len(found) == len(X)


def test_what_baselines_say():
    X = pd.DataFrame({"text": ["We demand the return of the boats.", "Nothing."], "context": ["said", ""]})
    assert CueTableClassifier().fit(X, ["demand", "state"]).predict(X).tolist() == ["demand", "state"]
    assert CueTableClassifier(codes=True).fit(X, ["REQUEST", "AID"]).predict(X)[0] == "REQUEST"
    feelings = pd.DataFrame({"text": ["A great joy!", "Awful."]})
    assert VaderClassifier().fit(X, ["a", "b"]).predict(feelings).tolist() == ["support", "oppose"]


@pytest.fixture
def sentences(tmp_path):
    """A file of each form, twelve rows of our own."""
    rows = [
        {
            "mention": "Toran",
            "polarity": p,
            "from": 0,
            "to": 5,
            "sentence": f"Toran is {word}.",
            "id": f"x_{n}_{n}_{n}_T_0_5",
        }
        for n, (p, word) in enumerate([(1, "brave"), (-1, "corrupt"), (0, "here")] * 4)
    ]
    (tmp_path / "s.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    acts = [("accused", "ACCUSE", "3"), ("met", "CONSULT", "1"), ("bombed", "ASSAULT", "4"), ("fed", "AID", "2")] * 3
    pd.DataFrame(
        [{"sentence": f"Marvania {verb} Lethia on day {n}.", "source": "Marvania", "target": "Lethia",
          "gold_root": root, "marked_sentence": f"<s>Marvania</s> {verb} <t>Lethia</t> on day {n}.", "gold_penta": quad}
         for n, (verb, root, quad) in enumerate(acts)]
    ).to_csv(tmp_path / "p.tsv", sep="\t")  # fmt: skip
    said = [("The aggressor has lied to this Council again.", "Direct_NegEval"), ("We thank the Secretary.", "_")] * 6
    pd.DataFrame(
        [{"file_id": f"UNSC_201{n % 3}_SPV.1_spch00{n}_Lethia_01.txt", "sentence_text": text, "A0": a0, "B1": "_"}
         for n, (text, a0) in enumerate(said)]
    ).to_csv(tmp_path / "u.csv", index=False)  # fmt: skip
    return tmp_path


@pytest.mark.parametrize(("task", "name"), [("sentiment", "s.jsonl"), ("posture", "p.tsv"), ("stance", "u.csv")])
def test_files_of_sentences_are_scored(sentences, task, name):
    scores = evaluate.evaluate_file(task, sentences / name)
    assert scores["macro_f1"]["n"] == 12
    assert scores["macro_f1"]["estimate"] > 0.6
    assert ("quad_macro_f1" in scores) is (task == "posture")


def test_refitted_heads_stand_beside_baselines(sentences):
    scores = evaluate.evaluate_file("stance", sentences / "u.csv", refit=True)
    assert list(scores) == ["majority", "TF-IDF + logistic regression", "shipped network, head refitted"]
    assert scores["majority"]["macro_f1"]["estimate"] < scores["shipped network, head refitted"]["macro_f1"]["estimate"]


@pytest.mark.parametrize(
    ("task", "name", "message"),
    [
        ("posture", "u.csv", "data: expected a .tsv file for posture; got 'u.csv'"),
        ("mood", "u.csv", "task: expected one of"),
    ],
)
def test_files_of_another_form_are_refused(sentences, task, name, message):
    with pytest.raises(ValueError, match=message):
        evaluate.evaluate_file(task, sentences / name)


def test_the_command_line_scores_files(sentences, capsys):
    from diplotext.cli import main

    assert main(["evaluate", "posture", "--data", str(sentences / "p.tsv")]) == 0
    assert json.loads(capsys.readouterr().out)["macro_f1"]["n"] == 12
    assert main(["evaluate", "sentiment", "--data", str(sentences)]) == 2
    assert "expected a file of sentences for sentiment and for --cv; got a folder" in capsys.readouterr().err
