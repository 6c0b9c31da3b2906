import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from diplotext import corpora, evaluate, schema

TEXT = "“We agree,” Toran said.\nVenn believes that the pass\nstays open, “for now”.\n"


@pytest.fixture
def polnear(tmp_path):
    """One article of two attributions in brat's form, with a second annotator and lines to be ignored."""
    (tmp_path / "text").mkdir()
    (tmp_path / "attributions").mkdir()
    (tmp_path / "text" / "d1.txt").write_text(TEXT, "utf-8")

    def line(number, role, *surfaces):
        spans = [(TEXT.index(s), TEXT.index(s) + len(s)) for s in surfaces]
        return f"T{number}\t{role} " + ";".join(f"{s} {e}" for s, e in spans) + "\t" + " ".join(surfaces)

    brat = [
        line(1, "Content", "“We agree,”"), line(2, "Source", "Toran"), line(3, "Cue", "said"),
        "E1\tAttribution:T3 Content:T1 Source:T2 Cue:T3",
        line(4, "Content", "that the pass\nstays open", "“for now”"), line(5, "Source", "Venn"),
        line(6, "Cue", "believes"),
        "E2\tAttribution:T6 Content:T4 Source:T5 Cue:T6", "#1\tAnnotatorNotes T1\tsure", "E3\tDiscard:T6 Content:T4",
    ]  # fmt: skip
    (tmp_path / "attributions" / "d1_anna.ann").write_text("\n".join(brat), "utf-8")
    (tmp_path / "attributions" / "d1_bert.ann").write_text(brat[0] + "\nE1\tAttribution:T1 Content:T1\n", "utf-8")
    return tmp_path


def test_polnear_becomes_tables(polnear):
    gold = corpora.load_polnear(polnear)
    assert gold.quotes["speaker_mention"].tolist() == ["Toran", "Venn"]
    assert gold.quotes["kind"].tolist() == ["direct", "mixed"]
    content = gold.spans[(gold.spans["quote_id"] == "d1#1") & (gold.spans["role"] == "content")]
    assert [TEXT[s:e] for s, e in zip(content["start"], content["end"], strict=True)] == [
        "that the pass", "stays open", "“for now”",
    ]  # fmt: skip
    for name in ("articles", "quotes", "spans"):
        schema.check_table(getattr(gold, name), name)


def test_polnear_errors_name_the_place(polnear):
    with pytest.raises(FileNotFoundError, match="expected text/ inside it"):
        corpora.load_polnear(polnear / "text")
    path = polnear / "attributions" / "d1_anna.ann"
    path.write_text("T1\tContent 5 9999\tx\n", "utf-8")
    with pytest.raises(ValueError, match=rf"d1_anna.ann, line 1: expected spans within {len(TEXT)} characters"):
        corpora.load_polnear(polnear)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("“We agree,”", "direct"),
        ("that “we agree” on it", "mixed"),
        ("that they agree", "indirect"),
        ('"We agree"', "direct"),
        ('that "we" agree', "mixed"),
    ],
)
def test_kind_follows_the_marks(text, kind):
    assert corpora.tell_kind(text, [(0, len(text))]) == kind


def test_gold_against_itself_is_perfect(polnear):
    gold = corpora.load_polnear(polnear)
    scores = evaluate.evaluate_attribution(gold.quotes, gold.spans, gold)
    assert scores["linked"]["f1"] == {"estimate": 1.0, "ci_low": None, "ci_high": None, "n": 2}
    assert scores["source_overlap"]["all"]["estimate"] == 1.0
    json.dumps(scores)


def test_attribution_scores_count_what_is_wrong(polnear):
    gold = corpora.load_polnear(polnear)
    # Lose the mixed statement's source, shift the direct one's cue, and invent a statement.
    found = gold.spans[~((gold.spans["quote_id"] == "d1#1") & (gold.spans["role"] == "source"))].copy()
    found.loc[(found["quote_id"] == "d1#0") & (found["role"] == "cue"), ["raw_end", "end"]] += 1
    extra = found.head(1).assign(quote_id="d1#9", raw_start=0, raw_end=3, start=0, end=3)
    quotes = pd.concat([gold.quotes, gold.quotes.head(1).assign(quote_id="d1#9")], ignore_index=True)
    scores = evaluate.evaluate_attribution(quotes, pd.concat([found, extra], ignore_index=True), gold)
    assert scores["exact_f1"]["source"]["estimate"] == pytest.approx(2 / 3, abs=1e-4)
    assert scores["exact_f1"]["cue"]["estimate"] == pytest.approx(0.5)
    assert scores["linked"]["precision"]["estimate"] == pytest.approx(2 / 3, abs=1e-4)
    assert scores["linked"]["recall"]["estimate"] == 1.0
    assert scores["source_overlap"]["all"]["estimate"] == 0.5


def test_nothing_found_scores_zero_not_an_error(polnear):
    gold = corpora.load_polnear(polnear)
    scores = evaluate.evaluate_attribution(schema.build_table("quotes"), schema.build_table("spans"), gold)
    assert scores["linked"]["f1"]["estimate"] == 0.0
    assert scores["linked"]["precision"]["estimate"] is None
    assert scores["source_overlap"]["all"]["n"] == 0


def test_each_statement_matches_once():
    def frames(contents):
        quotes = [{"quote_id": q, "article_id": "a", "text": "", "start": s, "end": e, "raw_start": s, "raw_end": e}
                  for q, (s, e) in contents.items()]  # fmt: skip
        pieces = [{**q, "role": "content", "part": 0} for q in quotes]
        return schema.build_table("quotes", quotes), schema.build_table("spans", pieces)

    pairs = evaluate.match_statements(
        *frames({"x": (0, 10), "y": (0, 9), "z": (40, 50)}), *frames({"g": (0, 10), "h": (30, 42)})
    )
    assert pairs.to_dict("records") == [{"gold_id": "g", "quote_id": "x", "dice": 1.0}]


def test_labels_are_scored_by_macro_f1():
    scores = evaluate.score_labels(["a", "a", "b", "b"], ["a", "b", "b", "b"], ["x", "x", "y", "z"])
    assert scores["macro_f1"]["estimate"] == pytest.approx((2 / 3 + 4 / 5) / 2, abs=1e-4)
    assert scores["accuracy"]["estimate"] == 0.75
    assert scores["per_label"]["b"]["n"] == 2


def test_speaker_and_posture_scores(two_articles, two_statements):
    quotes, spans, stances = two_statements
    gold = corpora.Gold(two_articles, quotes, spans, stances, schema.build_table("conditions"))
    wrong = quotes.assign(speaker=["Ilse Toran", "Ostrel"])
    scores = evaluate.evaluate_speakers(wrong, spans, gold)
    assert scores["speaker"]["estimate"] == 0.5
    assert scores["country"]["estimate"] == 1.0
    assert scores["speaker_by_resolution"]["title"]["n"] == 2
    posture = evaluate.evaluate_posture(quotes, spans, stances.assign(posture="threaten"), gold)
    assert posture["accuracy"]["estimate"] == 0.5
    assert posture["conditional"]["estimate"] == 1.0
    targets = evaluate.evaluate_targets(quotes, spans, stances, gold)
    assert targets["target"]["f1"]["estimate"] == 1.0
    assert targets["stance"]["macro_f1"]["estimate"] == 1.0
    assert targets["main_target_right"]["estimate"] == 1.0
    turned = stances.assign(stance=stances["stance"].map({"oppose": "support"}).fillna("oppose"))
    targets = evaluate.evaluate_targets(quotes, spans, turned, gold)
    assert (targets["main_target"]["estimate"], targets["main_target_right"]["estimate"]) == (1.0, 0.0)


def test_attitudes_are_scored_step_by_step(tmp_path):
    text = "Ilse Toran hates the canal toll. Oren Falk loves it."
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "d.txt").write_text(text, "utf-8")
    toll = {"inferred": False, "targets": [[[21, 31]]]}
    kinds = {"sentiment-neg": "oppose", "arguing-pos": "support"}
    attitudes = [{"type": kind, "stance": stance, **toll} for kind, stance in kinds.items()]
    state = {"doc": "d", "sentence": 0, "id": "s", "expression": [[11, 16]], "implicit": False, "holders": [[[0, 10]]],
             "attitudes": attitudes}  # fmt: skip
    lost = state | {"id": "t", "expression": [[43, 48]], "holders": [[[33, 42]]]}
    (tmp_path / "attitudes.jsonl").write_text(json.dumps(state) + "\n" + json.dumps(lost) + "\n", "utf-8")
    gold = corpora.load_mpqa(tmp_path)
    assert gold.stances["mention"].tolist() == ["canal toll", "canal toll"]
    quotes = schema.build_table("quotes", [{"quote_id": "q", "article_id": "d", "text": "the canal toll", "start": 17,
                                            "end": 31, "raw_start": 17, "raw_end": 31}])  # fmt: skip
    spans = schema.build_table("spans", [
        {"quote_id": "q", "role": role, "part": 0, "start": s, "end": e, "raw_start": s, "raw_end": e}
        for role, s, e in (("source", 0, 10), ("cue", 11, 16), ("content", 17, 31))])  # fmt: skip
    stances = schema.build_table("stances", [{"quote_id": "q", "target_id": "open:toll", "target": "toll",
                                              "stance": "oppose", "raw_start": 27, "raw_end": 31}])  # fmt: skip
    scores = evaluate.evaluate_attitudes(quotes, spans, stances, gold)
    assert {name: score["estimate"] for name, score in scores.items()} == {
        "found": 0.5, "target": 1.0, "stance": 1.0, "all_right": 0.5}  # fmt: skip


def test_a_corpus_without_the_labels_is_refused(polnear):
    gold = corpora.load_polnear(polnear)
    with pytest.raises(ValueError, match="expected canonical speakers; got none"):
        evaluate.evaluate_speakers(gold.quotes, gold.spans, gold)
    with pytest.raises(ValueError, match="expected postures and stances; got none"):
        evaluate.evaluate_posture(gold.quotes, gold.spans, gold.stances, gold)
    with pytest.raises(ValueError, match="labelled for attribution only; got 'speakers'"):
        evaluate.evaluate_folder("speakers", polnear)


@pytest.mark.parametrize(
    ("mention", "kind"),
    [
        (None, "none"), ("he", "pronoun"), ("Foreign Minister Ilse Toran", "name"), ("two officials", "common noun"),
        ("NATO", "organisation or place"), ("the State Department", "organisation or place"),
    ],
)  # fmt: skip
def test_sources_are_told_apart(mention, kind):
    from diplotext.evaluate.attribution import tell_source

    assert tell_source(mention) == kind


def test_begin_and_token_scores_forgive_a_wrong_end(polnear):
    gold = corpora.load_polnear(polnear)
    found = gold.spans.copy()
    content = found.index[found["role"] == "content"][0]
    found.loc[content, ["end", "raw_end"]] -= 3
    scores = evaluate.evaluate_attribution(gold.quotes, found, gold)
    assert scores["exact_f1"]["content"]["estimate"] < 1
    assert scores["begin_f1"]["content"]["estimate"] == 1
    assert scores["exact_f1"]["content"]["estimate"] < scores["token_f1"]["content"]["estimate"] <= 1


def test_calibration_is_the_gap_between_promise_and_truth():
    from diplotext.evaluate.scores import score_calibration

    articles = pd.Series([f"a{n % 10}" for n in range(100)])
    right = pd.Series([n % 10 < 8 for n in range(100)])
    true = score_calibration(pd.Series([0.8] * 100), right, articles)
    vain = score_calibration(pd.Series([1.0] * 100), right, articles)
    assert vain["estimate"] == pytest.approx(0.2)
    assert true["estimate"] < vain["estimate"]
    assert true["n"] == 100


def test_what_others_reached_stands_beside():
    from diplotext.evaluate.folder import read_references

    beside = read_references()
    assert beside["CofeNet with BERT (PolNeAR test)"]["exact_f1"]["source"]["estimate"] == 0.832
    assert "rules (PolNeAR dev)" in beside


@pytest.mark.parametrize(
    ("found", "gold", "kind", "same"),
    [
        ("Ilse Toran", "Ilse M. Toran", "person", True), ("Toran", "Ilse Toran", "person", False),
        ("Jonas Toran", "Ilse Toran", "person", False), ("ILSE TORAN", "Ilse Torán", "person", True),
        ("Ilse Maria Toran", "Ilse Toran", "person", True),
        ("Marvania", "Lethia", "state", False), ("South Marvania", "Marvania", "state", False),
        ("Toran campaign", "Ilse Toran’s presidential campaign", "organisation", True),
        ("Toran campaign", "Bredt campaign", "organisation", False),
        ("official", "three senior officials", "anonymous", False),
        ("United Kingdom", "UK government", "state", True),
        ("Turkey", "the Turkish authorities", "organisation", True),
        ("Turkey", "Turkish army", "organisation", False),
        ("Norway’s farmers", "Norwegian farmers", "collective", True),
        ("LWA", "Lake Water Authority", "organisation", True),
        ("LWB", "Lake Water Authority", "organisation", False),
        ("Mohammad Torani", "Mohammed Torani", "person", True), ("NATO", "Nato", "organisation", True),
        ("Norway and the United States", "US & Norway", "state", True), ("Norway", "US & Norway", "state", False),
        ("Norway, United States and Peru", "US & Norway", "state", False),
        ("Ilse Toran and Jonas Bredt", "Jonas Bredt & Ilse Toran", "person", True),
        ("United Kingdom, Norway, Peru and Chile", "United Kingdom & Peru & United", "state", True),
        (None, None, "unknown", True), ("Marvania", None, "unknown", False), (None, "Marvania", "state", False),
    ],
)  # fmt: skip
def test_speakers_are_the_same_by_the_rule_for_their_kind(found, gold, kind, same):
    from diplotext.evaluate.naming import is_same

    assert is_same(found, (gold, None), kind) is same


def test_speakers_of_any_documents_are_scored_by_offsets(tmp_path):
    text = "Norway’s trade minister, Ilse Toran, said the talks had failed. The union said they had not."
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "1.txt").write_text(text)
    at = text.index("the talks")
    rows = ["corpus,document,start,end,part,speaker,speaker_kind,country,coder"]
    rows += [
        f"news,1.txt,{at},{at + 20},develop,Ilse Toran,person,NOR,a",
        f"news,1.txt,{at},{at + 3},report,x,person,,a",
    ]
    labels = tmp_path / "labels.csv"
    labels.write_text("\n".join(rows))
    scores = evaluate.evaluate_folder("speakers", tmp_path / "news", labels=labels, split="develop")
    assert [scores[name]["estimate"] for name in ("found", "speaker", "country")] == [1.0, 1.0, 1.0]
    assert scores["speaker_by_kind"]["person"]["n"] == 1
    assert "sector" not in scores


def test_a_second_reading_of_the_gold_is_right_too():
    from diplotext.evaluate.naming import is_same

    assert is_same("Halsund Courier", ("poll", "Halsund Courier"), "organisation")


def test_speakers_may_be_given_by_offsets(polnear, tmp_path):
    from diplotext.evaluate.speakers import read_labels

    gold = corpora.load_polnear(polnear)
    first = gold.quotes.iloc[0]
    row = {"article_id": first["article_id"], "start": first["start"], "end": first["end"], "part": "report",
           "mention": "surname", "speaker": "", "speaker_start": 0, "speaker_end": 5, "also_start": "", "also_end": "",
           "speaker_kind": "person", "sector": "government", "country": "XMV"}  # fmt: skip
    path = tmp_path / "speakers.csv"
    pd.DataFrame([row]).to_csv(path, index=False)
    labels = read_labels(path, gold)
    name = gold.articles.set_index("article_id")["raw_text"][first["article_id"]][:5]
    assert labels.to_dict("records") == [
        {"quote_id": first["quote_id"], "mention": "surname", "speaker": name, "also": None, "speaker_kind": "person",
         "sector": "government", "country": "XMV"}
    ]  # fmt: skip
    quotes = gold.quotes.assign(
        speaker=name, country="XMV", resolution="surname", confidence=0.95, speaker_confidence=1.0
    )
    scores = evaluate.evaluate_speakers(quotes, gold.spans, gold, labels)
    assert scores["speaker"] == {"estimate": 1.0, "ci_low": None, "ci_high": None, "n": 1}
    assert scores["precision_at_90"]["n"] == 1
    assert scores["coverage_at_95"]["estimate"] == 1.0
    assert scores["speaker_by_mention"]["surname"]["estimate"] == 1.0
    with pytest.raises(ValueError, match=r"expected a part of speakers\.csv; got 'develop'"):
        read_labels(path, gold, "develop")
    pd.DataFrame([row | {"end": 99_999}]).to_csv(path, index=False)
    with pytest.raises(ValueError, match="expected offsets of a statement of the corpus"):
        read_labels(path, gold)


def test_coverage_falls_with_errors_at_the_top():
    from diplotext.evaluate.scores import score_coverage

    confidence, articles = pd.Series(np.linspace(1, 0, 200)), pd.Series([f"a{n % 10}" for n in range(200)])
    good = score_coverage(confidence, pd.Series([n < 100 for n in range(200)]), articles)
    bad = score_coverage(confidence, pd.Series([n >= 100 for n in range(200)]), articles)
    assert good["estimate"] == pytest.approx(0.525, abs=0.03)
    assert bad["estimate"] == 0.0


def test_turns_are_scored_in_transcripts(tmp_path):
    text = (
        "Press Briefing by Press Secretary Ilse Toran\n\nMS. TORAN:  The gates are shut.\n\nQ    Why are they shut?\n\n"
        "MS. TORAN:  The river is low.\n\nQ    Still?\n"
    )
    (tmp_path / "briefing.md").write_text(text, "utf-8")
    said = (("The gates are shut.", "Ilse Toran", "person"), ("Why are they shut?", "journalist", "anonymous"))
    turns = [(words, words, speaker, kind, "other") for words, speaker, kind in said]
    table = pd.DataFrame(
        [["briefing.md", text.index(a), text.index(b) + len(b), *rest, ""] for a, b, *rest in turns],
        columns=["document", "start", "end", "speaker", "speaker_kind", "sector", "country"],
    )
    table.to_csv(tmp_path / "turns.csv", index=False)
    scores = evaluate.evaluate_folder("speakers", tmp_path, labels=tmp_path / "turns.csv")
    assert scores["speaker"]["n"] == 2
    assert scores["speaker"]["estimate"] == 1.0


GOLD = Path(__file__).parent / "gold"


def test_gold_speakers_are_whole():
    rows = pd.read_csv(GOLD / "speakers.csv", dtype="str", keep_default_na=False)
    assert len(rows) == 850
    assert rows.groupby("part")["article_id"].nunique().to_dict() == {"develop": 15, "report": 15}
    assert not rows.duplicated(["article_id", "start", "end"]).any()
    from diplotext.evaluate.speakers import MENTIONS

    assert set(rows["mention"]) <= set(MENTIONS)
    assert set(rows["speaker_kind"]) <= set(schema.TABLES["quotes"].columns["speaker_kind"].allowed)
    named = (rows["speaker"] != "") | (rows["speaker_start"] != "")
    assert (named | (rows["speaker_kind"].isin(["unknown", "person"]))).all()


def test_postures_may_be_given_by_offsets(tmp_path):
    text = "We condemn the attack by Iran.\n\nWe met the French minister.\n"
    (tmp_path / "a.txt").write_text("Statement by the Spokesperson\n\n" + text, "utf-8")
    whole = (tmp_path / "a.txt").read_text("utf-8")
    rows = []
    for said, posture, target, stance in (
        ("We condemn the attack by Iran.", "criticise", "Iran", "oppose"),
        ("We met the French minister.", "consult", "France", "neutral"),
    ):
        start = whole.index(said)
        rows.append({"corpus": "x", "document": "a.txt", "start": start, "end": start + len(said), "part": "report",
                     "target_start": "", "target_end": "", "posture": posture, "conditional": "false",
                     "mode": "actual", "target": target,
                     "target_kind": "actor", "stance": stance})  # fmt: skip
    pd.DataFrame(rows).to_csv(tmp_path / "labels.csv", index=False)
    posture = evaluate.evaluate_folder("posture", tmp_path, labels=tmp_path / "labels.csv", split="report")
    assert posture["accuracy"]["n"] == 2
    assert {"conditional", "mode"} <= set(posture)
    stance = evaluate.evaluate_folder("stance", tmp_path, labels=tmp_path / "labels.csv")
    assert stance["target"]["recall"]["n"] == 2
    with pytest.raises(ValueError, match=r"labels: expected rows of .* with the part 'develop'"):
        evaluate.evaluate_folder("posture", tmp_path, labels=tmp_path / "labels.csv", split="develop")
    with pytest.raises(ValueError, match=r"data: expected documents that labels\.csv names"):
        evaluate.evaluate_folder("posture", tmp_path / "none", labels=tmp_path / "labels.csv")
    with pytest.raises(ValueError, match="labels: expected with the tasks speakers, posture, stance and trace"):
        evaluate.evaluate_folder("attribution", tmp_path, labels=tmp_path / "labels.csv")


def test_coded_statements_are_offsets_and_labels_alone():
    rows = pd.read_csv(GOLD.parents[1] / "data" / "coded.csv", dtype="str", keep_default_na=False)
    assert set(rows["corpus"]) == {"guardian", "polnear", "unscon", "whitehouse", "wikinews"}
    assert set(rows["posture"]) <= set(schema.POSTURES)
    assert rows[["target", "speaker"]].apply(lambda names: names.str.split().str.len().max()).max() <= 6
    gold = pd.read_csv(GOLD / "postures.csv", dtype="str", keep_default_na=False)
    key = ["document", "start"]
    assert rows.merge(gold, on=key).empty
    assert not set(gold.loc[gold["part"] == "report", "document"]) & set(rows["document"])
