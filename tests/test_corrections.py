import numpy as np
import pandas as pd
import pytest

from diplotext import compare_findings, schema, tabulate_findings

AT = {"start": 0, "end": 1, "raw_start": 0, "raw_end": 1, "text": "x", "kind": "indirect", "resolution": "title"}


@pytest.fixture
def coded():
    """Statements that a machine sees too little opposition in, and what people say of each."""
    rng = np.random.default_rng(3)
    n = 600
    truth = rng.choice(["oppose", "neutral", "support"], size=n, p=[0.5, 0.3, 0.2])
    found = np.where((truth == "oppose") & (rng.random(n) < 0.4), "neutral", truth)
    posture = np.where(truth == "oppose", "accuse", "state")
    quotes = schema.build_table("quotes", [
        {"quote_id": f"q{i:03d}", "article_id": f"a{i // 6:03d}", "speaker": f"s{i % 5}",
         "country": "XOS" if i % 3 else "XMV", "sector": "government", **AT} for i in range(n)])  # fmt: skip
    stances = schema.build_table("stances", [
        {"quote_id": f"q{i:03d}", "target_id": "XLT", "target": "Letvia", "target_country": "XLT",
         "target_kind": "actor", "stance": found[i], "raw_start": 5, "raw_end": 9, "posture": "state",
         "quad": "none", "conditional": False} for i in range(n)])  # fmt: skip
    return quotes, stances, truth, posture


def sample(quotes, n, seed=0):
    drawn = quotes.sample(n, random_state=seed)
    return schema.build_table("samples", [
        {"sample_id": f"s{k}", "item_id": q, "part": "random", "p_inclusion": n / len(quotes)}
        for k, q in enumerate(drawn["quote_id"])])  # fmt: skip


def label(samples, field, labels, suffix="", annotator="A"):
    return schema.build_table("annotations", [
        {"item_id": item + suffix, "field": field, "annotator": annotator, "label": str(labels[int(item[1:])])}
        for item in samples["item_id"]])  # fmt: skip


def value(findings, measure, method):
    rows = findings[(findings["measure"] == measure) & (findings["method"] == method)]
    assert len(rows) == 1, (measure, method)
    return rows.iloc[0]


def test_labels_of_all_statements_give_what_people_say(coded):
    quotes, stances, truth, posture = coded
    everything = sample(quotes, 600)
    labels = pd.concat([label(everything, "stance", truth, "#5-9"), label(everything, "posture", posture)])
    findings = tabulate_findings(quotes, stances, by=[], annotations=labels, samples=everything)
    for name in ("oppose", "neutral", "support"):
        assert value(findings, f"share_{name}", "corrected")["estimate"] == pytest.approx(np.mean(truth == name))
        assert value(findings, f"count_{name}", "corrected")["estimate"] == pytest.approx((truth == name).sum())
    assert value(findings, "posture_accuse", "corrected")["estimate"] == pytest.approx(np.mean(truth == "oppose"))
    assert "posture_accuse" not in set(findings.query("method == 'counted'")["measure"])
    assert value(findings, "quad_balance", "corrected")["estimate"] == pytest.approx(-1)
    assert value(findings, "share_oppose", "corrected")["n_annotated"] == 600
    assert value(findings, "share_oppose", "counted")["n_annotated"] == 0


def test_a_sample_corrects_where_counting_misleads(coded):
    quotes, stances, truth, _ = coded
    covered, counted = [], []
    for seed in range(20):
        drawn = sample(quotes, 120, seed)
        findings = tabulate_findings(
            quotes, stances, by=[], annotations=label(drawn, "stance", truth, "#5-9"), samples=drawn
        )
        for rows, method in ((covered, "corrected"), (counted, "counted")):
            row = value(findings, "share_oppose", method)
            rows.append(row["ci_low"] <= 0.5 <= row["ci_high"])
        total = value(findings, "count_oppose", "corrected")
        assert total["ci_low"] < total["estimate"] < total["ci_high"]
    assert sum(covered) >= 18
    assert sum(counted) == 0


def test_labels_that_agree_change_no_estimate(coded):
    quotes, stances, _, _ = coded
    drawn = sample(quotes, 60)
    same = label(drawn, "stance", stances["stance"].to_numpy(), "#5-9")
    findings = tabulate_findings(quotes, stances, by=[], annotations=same, samples=drawn)
    counted, corrected = (value(findings, "share_oppose", m) for m in ("counted", "corrected"))
    assert corrected["estimate"] == pytest.approx(counted["estimate"])
    assert corrected["ci_high"] - corrected["ci_low"] > counted["ci_high"] - counted["ci_low"]


def test_a_part_of_the_sample_counts_as_a_sample_of_it(coded):
    quotes, stances, truth, _ = coded
    drawn = sample(quotes, 600)
    half = drawn.sample(300, random_state=1)
    findings = tabulate_findings(
        quotes, stances, by=[], annotations=label(half, "stance", truth, "#5-9"), samples=drawn
    )
    assert value(findings, "share_oppose", "corrected")["estimate"] == pytest.approx(0.5, abs=0.06)


def test_what_is_no_statement_and_whose_it_is_are_corrected_too(coded):
    quotes, stances, _, posture = coded
    everything = sample(quotes, 600)
    country = np.where(np.arange(600) % 3 == 1, "XMV", quotes["country"])
    none = np.where(np.arange(600) < 60, "no", "yes")
    labels = pd.concat([
        label(everything, "country", country), label(everything, "statement", none),
        label(everything, "posture", posture),
    ])  # fmt: skip
    findings = tabulate_findings(quotes, stances, by=["country"], annotations=labels, samples=everything)
    kept = pd.Series(posture)[60:]
    for code in ("XMV", "XOS"):
        row = findings.query("country == @code and measure == 'count_posture_accuse' and method == 'corrected'")
        assert row["estimate"].tolist() == pytest.approx([(kept[country[60:] == code] == "accuse").sum()])


def test_targets_are_taken_away_added_and_renamed(coded):
    quotes, stances, *_ = coded
    first, second = quotes.head(4), stances.head(4).assign(stance="oppose")
    drawn = schema.build_table("samples", [
        {"sample_id": f"s{i}", "item_id": q, "p_inclusion": 1.0} for i, q in enumerate(first["quote_id"])])  # fmt: skip
    labels = schema.build_table("annotations", [
        {"item_id": item, "field": field, "annotator": "A", "label": text} for item, field, text in (
            ("q000#5-9", "target", "none"), ("q001#20-30", "target", "Ostrel"), ("q001#20-30", "stance", "support"),
            ("q002#5-9", "target", "The dam"), ("q002#5-9", "stance", "neutral"), ("q003#5-9", "stance", "oppose"),
        )])  # fmt: skip
    with pytest.warns(UserWarning, match="fewer than 30 labels"):
        findings = tabulate_findings(first, second, by=["target"], annotations=labels, samples=drawn)
    corrected = findings.query("method == 'corrected' and measure.str.startswith('count_') and estimate > 0")
    counts = {(t, m): e for t, m, e in corrected[["target", "measure", "estimate"]].to_numpy()}
    assert counts[("Letvia", "count_oppose")] == 2
    assert counts[("Ostrel", "count_support")] == 1
    assert counts[("The dam", "count_neutral")] == 1


def test_labels_need_their_sample_and_one_coder(coded):
    quotes, stances, truth, _ = coded
    drawn = sample(quotes, 40)
    labels = label(drawn, "stance", truth, "#5-9")
    with pytest.raises(ValueError, match="samples: expected the sample that was labelled"):
        tabulate_findings(quotes, stances, by=[], annotations=labels)
    two = pd.concat([labels, label(drawn, "stance", truth, "#5-9", "B")])
    with pytest.raises(ValueError, match="annotations: expected one label of an item and field; got two"):
        tabulate_findings(quotes, stances, by=[], annotations=two, samples=drawn)
    gold = pd.concat([two, label(drawn, "stance", truth, "#5-9", "gold")])
    findings = tabulate_findings(quotes, stances, by=[], annotations=gold, samples=drawn)
    assert value(findings, "share_oppose", "corrected")["n_annotated"] == 40
    with pytest.raises(ValueError, match=r"posture expected one of .*; got 'accused'"):
        tabulate_findings(quotes, stances, by=[], annotations=label(drawn, "posture", ["accused"] * 600), samples=drawn)
    with pytest.raises(ValueError, match="expected labels of the statements in samples; got none"):
        tabulate_findings(quotes, stances, by=[], annotations=labels, samples=drawn.assign(item_id="other"))


def test_too_few_labels_are_said_and_give_no_interval_of_one_article(coded):
    quotes, stances, truth, _ = coded
    drawn = sample(quotes, 40).head(1)
    with pytest.warns(UserWarning, match=r"1 of 1 groups have fewer than 30 labels, such as all \(1\)"):
        findings = tabulate_findings(
            quotes, stances, by=[], annotations=label(drawn, "stance", truth, "#5-9"), samples=drawn
        )
    assert np.isnan(value(findings, "share_oppose", "corrected")["ci_low"])


def test_two_groups_are_compared_with_an_interval_of_their_difference(coded):
    quotes, stances, *_ = coded
    stances = stances.assign(stance=np.where(quotes["country"] == "XMV", "oppose", stances["stance"]))
    table = compare_findings(quotes, stances, by="country", groups=("XMV", "XOS"))
    row = table.set_index("measure").loc["share_oppose"]
    assert row["first"] == 1
    assert row["difference"] == pytest.approx(row["first"] - row["second"])
    assert row["ci_low"] < row["difference"] < row["ci_high"]
    assert row["ci_low"] > 0.5
    assert (row["n_quotes_first"], row["n_quotes_second"]) == (200, 400)
    assert not table["measure"].str.startswith("count_").any()
    with pytest.raises(ValueError, match=r"groups: expected two of XOS, XMV; got \('XMV', 'XLT'\)"):
        compare_findings(quotes, stances, by="country", groups=("XMV", "XLT"))


def test_windows_of_time_and_journalists(coded):
    quotes, stances, *_ = coded
    articles = schema.build_table("articles", [
        {"article_id": f"a{i:03d}", "raw_text": "", "text": "x", "published": f"2031-03-{1 + i % 20:02d}T13:00",
         "published_precision": "month" if i == 0 else "time"} for i in range(100)])  # fmt: skip
    window = tabulate_findings(quotes, stances, by=[], articles=articles, since="2031-03-05", until="2031-03-06")
    assert value(window, "share_oppose", "counted")["n_articles"] == 10
    early = tabulate_findings(quotes, stances, by=[], articles=articles, until="2031-03-01")
    assert value(early, "share_oppose", "counted")["n_articles"] == 4  # a000 is not dated to the day
    with pytest.raises(ValueError, match=r"since, until: expected the articles table.*pass articles="):
        tabulate_findings(quotes, stances, by=[], since="2031-03-05")
    with pytest.raises(ValueError, match=r"until: expected a day from since \(2031-03-05\) on; got '2031-03-01'"):
        tabulate_findings(quotes, stances, by=[], articles=articles, since="2031-03-05", until="2031-03-01")
    with pytest.raises(ValueError, match="since: expected a day as YYYY-MM-DD; got 'spring'"):
        tabulate_findings(quotes, stances, by=[], articles=articles, since="spring")
    asked = quotes.assign(sector=["media", *["government"] * 5] * 100)
    assert value(tabulate_findings(asked, stances, by=[]), "share_oppose", "counted")["n_quotes"] == 500
    assert value(tabulate_findings(asked, stances, by=[], media=True), "share_oppose", "counted")["n_quotes"] == 600


def test_an_issue_is_told_from_an_actor_without_country(coded):
    quotes, stances, *_ = coded
    three = stances.head(3).assign(
        target_country=None, target_kind=["issue", "actor", "actor"], target_id=["dam", "UN", ""]
    )
    found = tabulate_findings(quotes.head(3), three, by=["target_country"])
    assert set(found["target_country"]) == {"(issue)", "(none)", "(no target)"}
