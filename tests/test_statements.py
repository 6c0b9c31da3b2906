"""Statements as the network reads them, and the corpora that it learns from; all texts are our own."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from diplotext import corpora
from diplotext.encoder import Statement, load_encoder
from diplotext.encoder.statements import LONGEST, PARTS, cut_statement


@pytest.fixture(scope="module")
def tokenizer():
    return load_encoder().tokenizer


def spell(statement: Statement, tokenizer) -> tuple[str, list[str]]:
    """Return the pieces as text, and what each is part of."""
    cut = cut_statement(statement, tokenizer)
    return " ".join(tokenizer.id_to_token(int(i)) for i in cut.ids), [PARTS[n] for n in cut.part]


@pytest.mark.parametrize(
    ("statement", "pieces", "parts"),
    [
        (Statement("We agree."), "[CLS] we agree . [SEP]", ["", *["content"] * 3, ""]),
        (Statement("He met Toran.", "Toran"), "[CLS] he met tor ##an . [SEP]",
         ["", "content", "content", "target", "target", "content", ""]),
        (Statement("We agree.", "Toran"), "[CLS] we agree . [SEP] tor ##an [SEP]",
         ["", *["content"] * 3, "", "target", "target", ""]),
        (Statement("We agree.", "", "Toran", "said"), "[CLS] tor ##an said [SEP] we agree . [SEP]",
         ["", "speaker", "speaker", "before", "", *["content"] * 3, ""]),
        (Statement("Toran blames Toran.", "Toran", "Toran", "", 13, 0), "[CLS] tor ##an blame ##s tor ##an . [SEP]",
         ["", "source", "source", "content", "content", "target", "target", "content", ""]),
        (Statement("TORAN left.", "toran"), "[CLS] tor ##an left . [SEP]",
         ["", "target", "target", "content", "content", ""]),
        (Statement("It rained. She said: go.", begins=11,
                   spans=(("source", 11, 14), ("cue", 15, 19), ("content", 21, 23))),
         "[CLS] it rained . she said : go . [SEP]",
         ["", "before", "before", "before", "source", "cue", "around", "content", "around", ""]),
    ],
)  # fmt: skip
def test_statements_are_cut_with_what_each_piece_is_part_of(tokenizer, statement, pieces, parts):
    assert spell(statement, tokenizer) == (pieces, parts)


def test_pieces_know_where_they_stand(tokenizer):
    statement = Statement("We thank Toran.", "", "Ilse Venn")
    cut = cut_statement(statement, tokenizer)
    printed = [statement.text[s:e] for s, e in zip(cut.start, cut.end, strict=True) if s >= 0]
    assert printed == ["We", "thank", "Tor", "an", "."]
    assert len({len(field) for field in cut}) == 1


def test_of_a_long_statement_the_part_around_the_target_is_read(tokenizer):
    words = ["river"] * 400 + ["Toran"] + ["bank"] * 400
    text, parts = spell(Statement(" ".join(words), "Toran", "Ilse Venn", "said"), tokenizer)
    assert len(text.split()) <= LONGEST
    assert "tor ##an" in text
    assert parts.count("target") == 2
    assert len(spell(Statement(" ".join(words)), tokenizer)[0].split()) <= LONGEST


def test_what_stands_before_gives_way_to_the_statement(tokenizer):
    before, words = "wind " * 300, "river " * 100
    _, parts = spell(Statement(before + words, spans=(("content", 1500, 2100),), begins=1500), tokenizer)
    assert parts.count("content") == 100
    assert 0 < parts.count("before") <= 56
    assert len(parts) <= LONGEST


def test_empty_text_is_no_trap(tokenizer):
    assert [len(field) for field in cut_statement(Statement(""), tokenizer)] == [2] * 5


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
    assert np.unique(found["group"]).tolist() == list("ABCDEFGHIJKLM")
