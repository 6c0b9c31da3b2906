import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from diplotext import plot_stances, plot_timeline, schema, tabulate_findings

mpl.use("agg")


@pytest.fixture
def many_statements():
    """Ninety statements in thirty articles: XMV opposes XOS in two of three, one country in ten missing."""
    rng = np.random.default_rng(0)
    quotes, stances, articles = [], [], []
    for i in range(90):
        article = f"a{i % 30:02d}"
        stance = "oppose" if i % 3 else "support"
        at = {"start": i, "end": i + 1, "raw_start": i, "raw_end": i + 1}
        quotes.append(
            {"quote_id": f"q{i}", "article_id": article, "kind": "indirect", "text": "x", "speaker": f"s{i % 4}",
             "country": None if i % 10 == 0 else "XMV", "resolution": "unresolved" if i % 10 == 0 else "title", **at}
        )  # fmt: skip
        stances.append(
            {"quote_id": f"q{i}", "target_id": "XOS", "target": "Ostrel", "target_kind": "actor",
             "target_country": "XOS", "stance": stance, "sentiment": rng.uniform(-1, 1), "posture": "criticise",
             "conditional": i % 5 == 0, "quad": "verbal conflict" if stance == "oppose" else "verbal cooperation"}
        )  # fmt: skip
    for i in range(30):
        published, precision = (f"2031-03-{1 + i % 14:02d}", "day") if i < 28 else (None, "none")
        articles.append(
            {"article_id": f"a{i:02d}", "raw_text": "", "text": "", "published": published,
             "published_precision": precision, "duplicate_of": "a00" if i == 29 else None}
        )  # fmt: skip
    return (
        schema.build_table("quotes", quotes), schema.build_table("stances", stances),
        schema.build_table("articles", articles),
    )  # fmt: skip


def value(findings, measure, **key):
    rows = findings[findings["measure"] == measure]
    for column, wanted in key.items():
        rows = rows[rows[column] == wanted]
    assert len(rows) == 1
    return rows.iloc[0]


def test_shares_are_those_of_the_data_and_intervals_hold_them(many_statements):
    quotes, stances, _ = many_statements
    findings = tabulate_findings(quotes, stances, by=[])
    oppose = value(findings, "share_oppose")
    assert oppose["estimate"] == pytest.approx(60 / 90)
    assert oppose["ci_low"] <= oppose["estimate"] <= oppose["ci_high"]
    assert (oppose["n_quotes"], oppose["n_articles"], oppose["n_speakers"]) == (90, 30, 4)
    assert value(findings, "quad_balance")["estimate"] == pytest.approx((30 - 60) / 90)
    assert value(findings, "share_conditional")["estimate"] == pytest.approx(18 / 90)


def test_the_unresolved_are_shown_and_nothing_is_lost(many_statements):
    quotes, stances, _ = many_statements
    findings = tabulate_findings(quotes, stances, by=["country"])
    n = findings.drop_duplicates("country").set_index("country")["n_quotes"]
    assert n.to_dict() == {"XMV": 81, "(unresolved)": 9}


def test_copies_count_once_only_when_articles_are_given(many_statements):
    quotes, stances, articles = many_statements
    assert value(tabulate_findings(quotes, stances, by=[], articles=articles), "share_oppose")["n_quotes"] == 87
    assert value(tabulate_findings(quotes, stances, by=[]), "share_oppose")["n_quotes"] == 90


def test_further_targets_do_not_count_a_posture_twice(many_statements):
    quotes, stances, _ = many_statements
    some = stances.assign(quad=["none"] * 30 + ["verbal conflict"] * 60, target_id=["", "XOS"] * 45)
    findings = tabulate_findings(quotes, some, by=[])
    assert value(findings, "quad_balance")["n_quotes"] == 60
    assert value(findings, "share_oppose")["n_quotes"] == 45
    assert value(findings, "share_conditional")["n_quotes"] == 90
    second = stances.assign(target_id="talks", target="talks", target_kind="issue", stance="neutral")
    both = pd.concat([stances, second], ignore_index=True)
    assert value(tabulate_findings(quotes, both, by=[]), "quad_balance")["estimate"] == pytest.approx(-30 / 90)
    assert value(tabulate_findings(quotes, both, by=[]), "share_neutral")["estimate"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("posture", "conditional", "plain", "unconditional", "appeals"),
    [
        (["appeal", "criticise"], [False, False], -1.0, -1.0, 0.0),
        (["promise", "threaten"], [False, True], 0.0, 1.0, 0.0),
        (["state", "promise"], [False, False], 1.0, 1.0, 1.0),
    ],
)
def test_balances_with_and_without_conditionals_and_appeals(
    many_statements, posture, conditional, plain, unconditional, appeals
):
    quad = {"appeal": "verbal conflict", "criticise": "verbal conflict", "threaten": "verbal conflict",
            "promise": "verbal cooperation", "state": "none"}  # fmt: skip
    quotes, stances, _ = many_statements
    two = stances.head(2).assign(posture=posture, conditional=conditional, quad=[quad[p] for p in posture])
    findings = tabulate_findings(quotes.head(2), two, by=[])
    assert value(findings, "quad_balance")["estimate"] == pytest.approx(plain)
    assert value(findings, "quad_balance_unconditional")["estimate"] == pytest.approx(unconditional)
    assert value(findings, "quad_balance_appeals_cooperative")["estimate"] == pytest.approx(appeals)


def test_one_article_has_no_interval(two_statements):
    quotes, _, stances = two_statements
    findings = tabulate_findings(quotes.head(1), stances, by=["country"])
    assert findings["ci_low"].isna().all()
    assert findings["estimate"].notna().all()


def test_periods_need_articles_and_exact_enough_dates(many_statements):
    quotes, stances, articles = many_statements
    with pytest.raises(ValueError, match="by: 'week' needs the articles table"):
        tabulate_findings(quotes, stances, by=["week"])
    weeks = tabulate_findings(quotes, stances, by=["week"], articles=articles)["week"].unique()
    assert set(weeks) == {"2031-02-24", "2031-03-03", "2031-03-10", "(undated)"}
    vague = articles.assign(published_precision="month")
    assert set(tabulate_findings(quotes, stances, by=["week"], articles=vague)["week"]) == {"(undated)"}
    assert "2031-03-01" in set(tabulate_findings(quotes, stances, by=["month"], articles=vague)["month"])


def test_an_unknown_column_has_a_near_miss(many_statements):
    quotes, stances, _ = many_statements
    with pytest.raises(ValueError, match=r"got 'target_contry'; did you mean 'target_country'\?"):
        tabulate_findings(quotes, stances, by=["target_contry"])


def test_empty_tables_give_the_full_schema(many_statements):
    findings = tabulate_findings(schema.build_table("quotes"), schema.build_table("stances"), by=["country"])
    assert list(findings.columns) == ["country", *schema.FINDINGS]
    assert len(findings) == 0
    assert findings.dtypes.to_dict() == tabulate_findings(*many_statements[:2], by=["country"]).dtypes.to_dict()


def test_inputs_stay_and_order_does_not_matter(many_statements):
    quotes, stances, articles = many_statements
    before = quotes.copy(), stances.copy()
    first = tabulate_findings(quotes, stances, by=["country"], articles=articles)
    pd.testing.assert_frame_equal(quotes, before[0])
    pd.testing.assert_frame_equal(stances, before[1])
    shuffled = tabulate_findings(
        quotes.sample(frac=1, random_state=1), stances.iloc[::-1], by=["country"], articles=articles
    )
    pd.testing.assert_frame_equal(first, shuffled)


def test_plot_stances_draws_what_the_table_holds(many_statements):
    quotes, stances, _ = many_statements
    findings = tabulate_findings(quotes, stances, by=["country", "target_country"])
    ax = plot_stances(findings)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["XMV → XOS  (n=81)", "(unresolved) → XOS  (n=9)"]
    widths = [bar.get_width() for bar in ax.patches[:3]]
    shares = [value(findings, f"share_{s}", country="XMV")["estimate"] for s in schema.STANCES]
    assert widths == pytest.approx(shares)
    neutral = ax.patches[1]
    assert neutral.get_x() + neutral.get_width() / 2 == pytest.approx(0)


def test_plot_timeline_draws_dated_groups_and_counts_the_rest(many_statements):
    quotes, stances, articles = many_statements
    ax = plot_timeline(tabulate_findings(quotes, stances, by=["day"], articles=articles))
    points = [line for line in ax.lines if line.get_marker() == "o" and len(line.get_xdata()) == 1]
    assert len(points) == 14
    assert {line.get_markerfacecolor() for line in points} == {"white"}  # two articles a day are few
    assert "(3 undated statements not drawn)" in ax.get_title(loc="left")


def test_a_period_without_a_posture_is_a_zero_and_not_a_gap(many_statements):
    quotes, stances, articles = many_statements
    stances = stances.assign(posture=["threaten" if i == 5 else "state" for i in range(len(stances))])
    daily = tabulate_findings(quotes, stances, by=["day"], articles=articles)
    assert len(daily[daily["measure"] == "posture_threaten"]) == daily["day"].nunique()
    assert daily.loc[daily["measure"] == "count_posture_threaten", "estimate"].sum() == 1
    assert "posture_warn" not in set(daily["measure"])
    assert len(tabulate_findings(quotes, stances, by=["country"]).query("measure == 'posture_threaten'")) == 1


def test_an_event_stands_in_the_timeline(many_statements):
    quotes, stances, articles = many_statements
    findings = tabulate_findings(quotes, stances, by=["day"], articles=articles)
    ax = plot_timeline(findings, events={"2031-03-09": "the pass is closed"})
    assert "the pass is closed" in [text.get_text() for text in ax.texts]


@pytest.mark.parametrize(("stance", "balance"), [("oppose", -1), ("support", 1)])
def test_an_act_that_people_label_has_the_class_of_its_stance(many_statements, stance, balance):
    quotes, stances, _ = many_statements
    stances = stances.assign(posture="state", quad="none", stance=stance)
    places = quotes[["quote_id", "article_id", "raw_start", "raw_end"]].rename(columns={"quote_id": "item_id"})
    samples = places.assign(sample_id=places["item_id"], stratum="all", part="random", p_inclusion=1.0)
    labels = places.drop(columns="article_id").assign(field="posture", annotator="gold", label="announce_act")
    findings = tabulate_findings(
        quotes, stances, by=[], samples=schema.build_table("samples", samples),
        annotations=schema.build_table("annotations", labels),
    )  # fmt: skip
    assert value(findings, "quad_balance", method="corrected")["estimate"] == balance


def test_plots_refuse_other_tables(many_statements):
    quotes, stances, _ = many_statements
    with pytest.raises(ValueError, match="expected a table from tabulate_findings; got one without 'measure'"):
        plot_stances(quotes)
    findings = tabulate_findings(quotes, stances, by=["country"])
    with pytest.raises(ValueError, match="expected day, week, month or year among the groups; got country"):
        plot_timeline(findings)
    with pytest.raises(ValueError, match=r"measure: expected one of share_oppose, .*; got 'anger'"):
        plot_timeline(findings.rename(columns={"country": "day"}), "anger")


def test_plots_accept_empty_findings_and_a_given_axes():
    import matplotlib.pyplot as plt

    empty = tabulate_findings(schema.build_table("quotes"), schema.build_table("stances"), by=["country"])
    ax = plt.figure().subplots()
    assert plot_stances(empty, ax=ax) is ax
    assert ax.texts[0].get_text() == "no statement with a target"


def test_what_is_missing_is_said_in_words(two_statements):
    quotes, _, stances = two_statements
    quotes = quotes.assign(country=None, resolution=["unresolved", "exact"])
    stances = stances.assign(target_id=["XOS", ""], target_country=None)
    groups = tabulate_findings(quotes, stances, by=["country", "target_country"])[["country", "target_country"]]
    assert sorted(map(tuple, groups.drop_duplicates().to_numpy())) == [
        ("(none)", "(no target)"),
        ("(unresolved)", "(none)"),
    ]


def test_an_utterance_of_several_articles_counts_once_and_by_its_earliest_printing(many_statements):
    quotes, stances, articles = many_statements
    utterances = schema.build_table(
        "utterances",
        [{"quote_id": q, "utterance_id": "q0" if n < 30 else q, "printing": n + 1 if n < 30 else 1}
         for n, q in enumerate(quotes["quote_id"])],
    )  # fmt: skip
    findings = tabulate_findings(quotes, stances, by=[], utterances=utterances)
    oppose = value(findings, "share_oppose")
    assert oppose["n_quotes"] == 61  # q0, and the sixty that stand alone
    assert oppose["estimate"] == pytest.approx(40 / 61)
    copies = articles.assign(duplicate_of=["a01", *[None] * 29])
    copy = tabulate_findings(quotes, stances, by=[], articles=copies, utterances=utterances)
    assert value(copy, "share_oppose")["n_quotes"] == 61  # what only the copy prints is new


def test_utterances_of_other_quotes_are_refused(many_statements):
    quotes, stances, _ = many_statements
    with pytest.raises(
        ValueError, match=r"utterances: expected every statement of quotes; got none with quote_id 'q0'"
    ):
        tabulate_findings(quotes, stances, by=[], utterances=schema.build_table("utterances"))


def test_findings_are_grouped_by_any_column_of_articles(many_statements):
    quotes, stances, articles = many_statements
    leaning = ["left"] * 10 + ["right"] * 15 + [None] * 5
    told = articles.assign(leaning=leaning, outlet=["Courier", "Herald"] * 15)
    findings = tabulate_findings(quotes, stances, by=["outlet", "leaning"], articles=told)
    assert list(findings.columns)[:3] == ["outlet", "leaning", "measure"]
    rows = findings[findings["measure"] == "share_oppose"].set_index(["outlet", "leaning"])["n_articles"]
    assert rows.to_dict() == {
        ("Courier", "left"): 5, ("Herald", "left"): 5, ("Courier", "right"): 8, ("Herald", "right"): 7,
        ("Courier", "(none)"): 2, ("Herald", "(none)"): 2,
    }  # fmt: skip
    with pytest.raises(ValueError, match=r"got 'outlet'; pass articles=\.\.\. for columns of articles"):
        tabulate_findings(quotes, stances, by=["outlet"])
    with pytest.raises(
        ValueError, match=r"columns of quotes, stances or articles, .*; got 'leanin'; did you mean 'leaning'"
    ):
        tabulate_findings(quotes, stances, by=["leanin"], articles=told)


def test_findings_say_how_they_were_reached(many_statements):
    findings = tabulate_findings(*many_statements[:2], by=[])
    assert set(findings["method"]) == {"counted"}
    assert set(findings["n_annotated"]) == {0}
    assert list(findings.columns) == list(schema.FINDINGS)
