"""The figure of a measure over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from diplotext.findings import UNDATED
from diplotext.plots.drawing import (
    COLOURS,
    FEW_ARTICLES,
    MARKERS,
    limit_scale,
    make_axes,
    name_group,
    read_grouping,
    select_measure,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_timeline(
    findings: pd.DataFrame,
    measure: str = "quad_balance",
    ax: Axes | None = None,
    *,
    names: Mapping[str, str] | None = None,
) -> Axes:
    """Draw one measure over time, a line for each further group, with 95 % intervals and n.

    It does not draw undated statements; their number stands in the title. Periods of fewer than three articles are
    hollow.

    Parameters
    ----------
    findings
        From `tabulate_findings` with ``day``, ``week``, ``month`` or ``year`` among its `by` columns.
    measure
        One of the table's measures.
    ax
        Where to draw; a new figure otherwise.
    names
        code → name of countries, from `findings.name_countries`; without it only ISO's have names.

    Returns
    -------
    Axes: x the start of the period, y the measure.

    Raises
    ------
    ValueError
        If the table has no period or not this measure.

    Examples
    --------
    >>> daily = dt.tabulate_findings(analysis.quotes, analysis.stances, by=["day"], articles=analysis.articles)
    >>> plot_timeline(daily).get_ylabel()
    'quad balance'
    """
    by = read_grouping(findings)
    period = next((c for c in ("day", "week", "month", "year") if c in by), None)
    if period is None:
        raise ValueError(f"findings: expected day, week, month or year among the groups; got {', '.join(by) or 'none'}")
    rows = select_measure(findings, measure)
    dated = rows[rows[period] != UNDATED]
    undated = int(rows.loc[rows[period] == UNDATED, "n_quotes"].sum())
    ax = make_axes(ax, 6)
    others = [c for c in by if c != period]
    groups = list(dated.groupby(others, sort=False)) if others else [(("all",), dated)] * bool(len(dated))
    for i, (key, group) in enumerate(groups[: len(MARKERS)]):
        line = group.sort_values(period)
        x = pd.to_datetime(line[period])
        few = (line["n_articles"] < FEW_ARTICLES).to_numpy(dtype=bool)
        ax.plot(x, line["estimate"], color=COLOURS[i], linewidth=1)
        ax.plot(x[~few], line["estimate"][~few], MARKERS[i], color=COLOURS[i], label=name_group(key, names))
        ax.plot(x[few], line["estimate"][few], MARKERS[i], color=COLOURS[i], markerfacecolor="white")
        ax.vlines(x, line["ci_low"].astype(float), line["ci_high"].astype(float), color=COLOURS[i], alpha=0.5)
        for at, y, n in zip(x, line["estimate"], line["n_quotes"], strict=True):
            ax.annotate(f"n={n}", (at, y), textcoords="offset points", xytext=(4, 5), fontsize="x-small")
    if limit_scale(measure)[0] < 0:
        ax.axhline(0, color="black", linewidth=0.6)
        ax.set_ylim(-1.1, 1.1)
    ax.set(
        xlabel=f"{period} of publication (hollow: fewer than {FEW_ARTICLES} articles)", ylabel=measure.replace("_", " ")
    )
    note = f" ({undated} undated statements not drawn)" if undated else ""
    ax.set_title(f"{measure.replace('_', ' ')} by {period}{note}", loc="left")
    shown = sorted(dated[period].unique())
    shown = shown[:: max(1, -(-len(shown) // 12))]
    ax.set_xticks(pd.to_datetime(shown), shown, rotation=30, ha="right")
    if len(groups) > 1:
        ax.legend(frameon=False, fontsize="small")
    return ax
