"""Figures of who speaks toward whom: a matrix and a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from diplotext.plots.drawing import (
    FEW,
    is_few,
    limit_scale,
    make_axes,
    name_group,
    read_pair,
    say_columns,
    select_measure,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from networkx import DiGraph


def plot_matrix(
    findings: pd.DataFrame,
    measure: str = "stance_balance",
    ax: Axes | None = None,
    *,
    top: int = 8,
    names: Mapping[str, str] | None = None,
) -> Axes:
    """Draw a measure between two sides, who in the rows and toward whom in the columns, each cell with interval and n.

    It does not colour what rests on fewer than three articles or five statements: such a cell holds its n alone.

    Parameters
    ----------
    findings
        From `tabulate_findings` by two columns, such as ``country`` and ``target_country``.
    measure
        One of the table's measures.
    ax
        Where to draw; a new figure otherwise.
    top
        How many of the largest rows and columns.
    names
        code → name of countries, from `findings.name_countries`; without it only ISO's have names.

    Returns
    -------
    Axes with one image.

    Raises
    ------
    ValueError
        If the table has not two `by` columns or not this measure.

    Examples
    --------
    >>> by = ["country", "target_country"]
    >>> between = dt.tabulate_findings(analysis.quotes, analysis.stances, by=by, articles=analysis.articles)
    >>> plot_matrix(between).get_xlabel()
    'toward target country'
    """
    by = list(read_pair(findings))
    rows = select_measure(findings, measure)
    size = [rows.groupby(column)["n_quotes"].sum().sort_values(ascending=False, kind="stable") for column in by]
    who, whom = (list(s.index[:top]) for s in size)
    ax = make_axes(ax, 1.3 * max(3, len(who)))
    cells = {(a, b): row for a, b, row in zip(rows[by[0]], rows[by[1]], rows.to_dict("records"), strict=True)}
    shown = np.full((max(1, len(who)), max(1, len(whom))), np.nan)
    for i, j in np.ndindex(len(who), len(whom)):
        row = cells.get((who[i], whom[j]))
        if row is None:
            continue
        text = f"n={row['n_quotes']}"
        if not is_few(row):
            shown[i, j] = row["estimate"]
            text = f"{row['estimate']:+.2f}\n[{row['ci_low']:+.2f}, {row['ci_high']:+.2f}]\n{text}"
        shade = (shown[i, j] - limit_scale(measure)[0]) / np.ptp(limit_scale(measure))
        dark = shade > 0.7 or (limit_scale(measure)[0] < 0 and shade < 0.3)
        ax.text(j, i, text, ha="center", va="center", fontsize="x-small", color="white" if dark else "black")
    ax.imshow(shown, cmap="PuOr" if limit_scale(measure)[0] < 0 else "Purples", vmin=limit_scale(measure)[0],
              vmax=limit_scale(measure)[1], aspect="auto")  # fmt: skip
    ax.set_xticks(range(len(whom)), [name_group(w, names) for w in whom], rotation=30, ha="right")
    ax.set_yticks(range(len(who)), [name_group(w, names) for w in who])
    ax.set(ylabel=say_columns(by[:1]), xlabel=f"toward {say_columns(by[1:])}")
    ax.set_title(f"{measure.replace('_', ' ')} [95 %]; {FEW}: n alone", loc="left")
    return ax


def build_network(
    findings: pd.DataFrame, measure: str = "stance_balance", *, names: Mapping[str, str] | None = None
) -> DiGraph:
    """Make a directed graph of who speaks toward whom from findings by two columns.

    It has no edge that rests on fewer than three articles or five statements, and none to what is missing (``(none)``,
    ``(no target)``).

    Returns
    -------
    networkx.DiGraph: nodes are names, edges have estimate, ci_low, ci_high, n_quotes and n_articles.

    Raises
    ------
    ValueError
        If the table has not two `by` columns or not this measure.

    Examples
    --------
    >>> by = ["country", "target_country"]
    >>> between = dt.tabulate_findings(analysis.quotes, analysis.stances, by=by, articles=analysis.articles)
    >>> sorted(build_network(between))[:2]
    []
    """
    from networkx import DiGraph

    who, whom = read_pair(findings)
    graph = DiGraph(measure=measure)
    for row in select_measure(findings, measure).to_dict("records"):
        ends = (row[who], row[whom])
        if is_few(row) or any(str(end).startswith("(") for end in ends):
            continue
        numbers = {name: float(row[name]) for name in ("estimate", "ci_low", "ci_high")}
        counts = {name: int(row[name]) for name in ("n_quotes", "n_articles")}
        graph.add_edge(*(name_group(end, names) for end in ends), **numbers, **counts)
    return graph


def plot_network(
    findings: pd.DataFrame,
    measure: str = "stance_balance",
    ax: Axes | None = None,
    *,
    names: Mapping[str, str] | None = None,
) -> Axes:
    """Draw who speaks toward whom: the wider an arrow the more statements, dashed where the interval holds zero.

    It does not draw what rests on fewer than three articles or five statements, or speech of a side toward itself.
    Nodes stand on a circle in order of name.

    Parameters
    ----------
    findings
        From `tabulate_findings` by two columns, such as ``country`` and ``target_country``.
    measure
        One of the table's measures, in the colour of the arrows and beside them.
    ax
        Where to draw; a new figure otherwise.
    names
        code → name of countries, from `findings.name_countries`; without it only ISO's have names.

    Returns
    -------
    Axes, without ticks.

    Examples
    --------
    >>> by = ["country", "target_country"]
    >>> between = dt.tabulate_findings(analysis.quotes, analysis.stances, by=by, articles=analysis.articles)
    >>> plot_network(between).get_title()
    ''
    """
    import networkx as nx
    from matplotlib import colormaps
    from matplotlib.colors import Normalize

    graph = build_network(findings, measure, names=names)
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    order = nx.DiGraph()
    order.add_nodes_from(sorted(graph))
    places = nx.circular_layout(order)
    ax = make_axes(ax, 11)
    edges = sorted(graph.edges(data=True), key=lambda edge: edge[:2])
    colours = colormaps["PuOr" if limit_scale(measure)[0] < 0 else "Purples"]
    most = max((edge["n_quotes"] for *_, edge in edges), default=1)
    for one, other, edge in edges:
        shade = Normalize(*limit_scale(measure))(edge["estimate"])
        nx.draw_networkx_edges(
            graph, places, [(one, other)], ax=ax, width=1 + 4 * edge["n_quotes"] / most, arrowsize=18, node_size=2600,
            edge_color=[colours(0.15 + 0.1 * shade if shade < 0.5 else 0.75 + 0.15 * shade)],
            style="dashed" if edge["ci_low"] <= 0 <= edge["ci_high"] else "solid", connectionstyle="arc3,rad=0.15",
        )  # fmt: skip
    told = {(a, b): f"{e['estimate']:+.2f} (n={e['n_quotes']})" for a, b, e in edges}
    nx.draw_networkx_edge_labels(
        graph, places, told, ax=ax, font_size=7, label_pos=0.35, connectionstyle="arc3,rad=0.15", rotate=False
    )
    nx.draw_networkx_nodes(order, places, ax=ax, node_size=2600, node_color="white", edgecolors="black")
    nx.draw_networkx_labels(order, places, ax=ax, font_size=8)
    ax.margins(0.2)
    ax.set_axis_off()
    ax.set_title(f"{measure.replace('_', ' ')} (dashed: the 95 % interval holds zero)", loc="left")
    return ax
