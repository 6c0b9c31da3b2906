import matplotlib as mpl
import networkx as nx
import numpy as np
import pandas as pd
import pytest

from diplotext import plots, schema, tabulate_findings

mpl.use("agg")


@pytest.fixture
def findings():
    """Twenty statements of Germany toward France in ten articles, three of France toward issues in one."""
    at = {"start": 0, "end": 1, "raw_start": 0, "raw_end": 1, "text": "x", "resolution": "title"}
    quotes = schema.build_table("quotes", [
        {"quote_id": f"q{i}", "article_id": f"a{min(i, 20) // 2}", "country": "DEU" if i < 20 else "FRA", **at}
        for i in range(23)])  # fmt: skip
    stances = schema.build_table("stances", [
        {"quote_id": f"q{i}", "target_id": "t", "target_kind": "actor" if i < 20 else "issue",
         "target_country": "FRA" if i < 20 else None, "stance": "oppose" if i % 4 else "support",
         "posture": "warn" if i % 2 else "appeal", "quad": "none", "conditional": False}
        for i in range(23)])  # fmt: skip
    return tabulate_findings(quotes, stances)


def test_balances_have_axes_of_their_own_and_small_groups_look_small(findings):
    ax = plots.plot_stances(findings)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Germany → France  (n=20)", "France → (issue)  (n=3)"]
    (balances,) = ax.child_axes
    assert [line.get_xdata()[0] for line in balances.lines[:2]] == pytest.approx([-0.5, -1 / 3])
    assert [line.get_markerfacecolor() for line in balances.lines[:2]] == ["#0072B2", "white"]
    assert [bar.get_alpha() for bar in ax.patches] == [1, 1, 1, 0.4, 0.4, 0.4]
    assert not ax.lines[1:]  # no dot lies over the shares


def test_a_matrix_shows_interval_and_n_and_leaves_small_cells_empty(findings):
    ax = plots.plot_matrix(findings)
    shown = ax.images[0].get_array()
    assert np.ma.filled(shown, np.nan)[0].tolist() == pytest.approx([-0.5, np.nan], nan_ok=True)
    assert np.isnan(np.ma.filled(shown, np.nan)[1]).all()
    texts = [t.get_text() for t in ax.texts]
    assert texts[0].startswith("-0.50\n[")
    assert texts[0].endswith("n=20")
    assert texts[1] == "n=3"
    with pytest.raises(ValueError, match="findings: expected two by columns, who and toward whom; got country"):
        plots.plot_matrix(findings.drop(columns="target_country"))


@pytest.mark.parametrize(("share", "ink"), [(0.05, "black"), (0.95, "white")])
def test_words_of_a_cell_are_told_from_its_colour(findings, share, ink):
    findings.loc[findings["measure"] == "share_oppose", ["estimate", "ci_low", "ci_high"]] = share
    assert plots.plot_matrix(findings, "share_oppose").texts[0].get_color() == ink


def test_a_network_has_an_edge_where_there_is_enough_and_goes_to_graphml(findings, tmp_path):
    graph = plots.build_network(findings)
    assert list(graph.edges) == [("Germany", "France")]
    assert graph.edges["Germany", "France"]["n_quotes"] == 20
    nx.write_graphml(graph, tmp_path / "who.graphml")
    back = nx.read_graphml(tmp_path / "who.graphml")
    assert back.edges["Germany", "France"]["estimate"] == pytest.approx(-0.5)
    ax = plots.plot_network(findings)
    assert {"Germany", "France", "-0.50 (n=20)"} <= {t.get_text() for t in ax.texts}


def test_postures_stand_with_their_intervals(findings):
    ax = plots.plot_postures(findings, top=1)
    assert sorted(t.get_text() for t in ax.get_yticklabels()) == ["appeal", "warn"]
    assert [line.get_xdata()[0] for line in ax.lines[:2]] == pytest.approx([0.5, 0.5])


def test_scores_are_drawn_with_n_and_refuse_other_tables():
    scores = pd.DataFrame({"score": ["speaker", "posture"], "estimate": [0.9, 0.7], "ci_low": [0.8, np.nan],
                           "ci_high": [0.95, np.nan], "n": [100, 8]})  # fmt: skip
    ax = plots.plot_scores(scores)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["speaker  (n=100)", "posture  (n=8)"]
    assert [line.get_xdata()[0] for line in ax.lines] == [0.9, 0.7]
    assert [line.get_markerfacecolor() for line in ax.lines] == ["#0072B2", "white"]
    with pytest.raises(ValueError, match="scores: expected a table from tabulate_scores; got one without 'n'"):
        plots.plot_scores(scores.drop(columns="n"))


def test_figures_of_nothing_are_empty(findings):
    for plot in (plots.plot_stances, plots.plot_matrix, plots.plot_network, plots.plot_postures):
        assert plot(findings.head(0)).get_figure() is not None


@pytest.mark.parametrize("draw", [plots.plot_matrix, plots.plot_network, plots.plot_timeline])
def test_a_measure_that_no_statement_counts_for_is_drawn_empty(draw, findings):
    findings = findings[findings["measure"] != "quad_balance"]
    if draw is plots.plot_timeline:
        findings = findings.assign(country="2031-W10").rename(columns={"country": "week"})
    assert not draw(findings, "quad_balance").patches
