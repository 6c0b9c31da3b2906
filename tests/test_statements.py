"""Statements as the network reads them, and the corpora that it learns from; all texts are our own."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from diplotext import corpora
from diplotext.encoder import Statement, load_encoder
from diplotext.encoder.statements import LONGEST, cut_statement


@pytest.fixture(scope="module")
def tokenizer():
    return load_encoder().tokenizer


def spell(statement: Statement, tokenizer) -> tuple[str, list[str]]:
    """Return the pieces as text, marks as letters, and the pieces at the spots."""
    ids, spots = cut_statement(statement, tokenizer)
    shown = {"[unused1]": "<t>", "[unused2]": "</t>", "[unused3]": "<s>", "[unused4]": "</s>"}
    pieces = [shown.get(p := tokenizer.id_to_token(int(i)), p) for i in ids]
    return " ".join(pieces), [pieces[k] for k in spots]


@pytest.mark.parametrize(
    ("statement", "pieces", "spots"),
    [
        (Statement("We agree."), "[CLS] we agree . [SEP]", ["[CLS]", "[CLS]", "[CLS]"]),
        (Statement("He met Toran.", "Toran"), "[CLS] he met <t> tor ##an </t> . [SEP]", ["[CLS]", "<t>", "[CLS]"]),
        (Statement("We agree.", "Toran"), "[CLS] we agree . [SEP] <t> tor ##an </t> [SEP]", ["[CLS]", "<t>", "[CLS]"]),
        (Statement("We agree.", "", "Toran", "said"), "[CLS] <s> tor ##an </s> said we agree . [SEP]",
         ["[CLS]", "[CLS]", "<s>"]),
        (Statement("Toran blames Toran.", "Toran", "Toran", "", 13, 0),
         "[CLS] <s> tor ##an </s> blame ##s <t> tor ##an </t> . [SEP]", ["[CLS]", "<t>", "<s>"]),
        (Statement("TORAN left.", "toran"), "[CLS] <t> tor ##an </t> left . [SEP]", ["[CLS]", "<t>", "[CLS]"]),
    ],
)  # fmt: skip
def test_statements_are_cut_with_marks(tokenizer, statement, pieces, spots):
    assert spell(statement, tokenizer) == (pieces, spots)


def test_of_a_long_statement_the_part_around_the_target_is_read(tokenizer):
    words = ["river"] * 400 + ["Toran"] + ["bank"] * 400
    text, spots = spell(Statement(" ".join(words), "Toran", "Ilse Venn", "said"), tokenizer)
    assert len(text.split()) <= LONGEST
    assert "<t> tor ##an </t>" in text
    assert spots[1] == "<t>"
    assert len(spell(Statement(" ".join(words)), tokenizer)[0].split()) <= LONGEST


def test_empty_text_is_no_trap(tokenizer):
    ids, spots = cut_statement(Statement(""), tokenizer)
    assert len(ids) == 2
    assert spots.tolist() == [0, 0, 0]


def test_newsmtsc_is_read(tmp_path):
    row = {
        "mention": "Toran",
        "polarity": -1,
        "from": 4,
        "to": 9,
        "sentence": "Did Toran lie?",
        "id": "x_10_4_7_Toran_4_9",
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    found = corpora.load_newsmtsc(tmp_path / "a.jsonl").iloc[0]
    assert found.to_dict() == {
        "text": "Did Toran lie?", "target": "Toran", "target_at": 4, "group": "x_10_4", "sentiment": "oppose"
    }  # fmt: skip


def test_plover_sentences_lose_their_marks_and_keep_their_places(tmp_path):
    rows = pd.DataFrame(
        [
            {"sentence": "Marvania blamed Lethia.", "marked_sentence": "<s>Marvania</s> blamed <t>Lethia</t>.",
             "source": "Marvania", "target": "Lethia", "gold_root": "ACCUSE", "gold_penta": "3"},
            {"sentence": "It rained.", "marked_sentence": "It rained.", "source": "X", "target": "Y",
             "gold_root": "AID", "gold_penta": "2"},
        ]
    )  # fmt: skip
    rows.to_csv(tmp_path / "p.tsv", sep="\t")
    found = corpora.load_plover(tmp_path / "p.tsv")
    assert found["text"].tolist() == rows["sentence"].tolist()
    assert found["target_at"].tolist() == [16, -1]
    assert found["speaker_at"].tolist() == [0, -1]
    assert found["quad"].tolist() == ["3", "2"]


def test_unscon_takes_the_speaker_from_the_file(tmp_path):
    pd.DataFrame(
        [
            {"file_id": "UNSC_2014_SPV.1_spch004_New_Lethia_02.txt", "sentence_text": "We  object , Sir .",
             "A0": "Challenge", "B1": "_", "country": "Marvania"},
            {"file_id": "UNSC_2014_SPV.1_spch005_Marvania_01.txt", "sentence_text": "Thanks .", "A0": "_", "B1": "_",
             "country": "Lethia"},
        ]
    ).to_csv(tmp_path / "u.csv", index=False)  # fmt: skip
    found = corpora.load_unscon(tmp_path / "u.csv")
    assert found["text"].tolist() == ["We object, Sir.", "Thanks."]
    assert found["speaker"].tolist() == ["New Lethia", "Marvania"]
    assert found["group"].tolist() == ["UNSC_2014_SPV.1"] * 2
    assert found["conflict"].tolist() == ["yes", "no"]


@pytest.mark.parametrize("load", [corpora.load_plover, corpora.load_unscon, corpora.load_statements])
def test_a_file_of_another_form_is_refused(tmp_path, load):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(ValueError, match=r"x\.csv: expected the columns .*; got none named"):
        load(tmp_path / "x.csv")


def test_our_own_statements_are_read(request):
    found = corpora.load_statements(request.config.rootpath / "data" / "statements.csv")
    assert {"text", "target", "speaker", "context", "group", "posture", "stance", "conditional", "mode"} <= set(found)
    assert found["stance"].isna().equals(found["target"] == "")
    assert np.unique(found["group"]).tolist() == list("ABCDEFGH")
