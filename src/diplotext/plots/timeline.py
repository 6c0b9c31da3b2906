"""The figure of a measure over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from diplotext.findings import UNDATED
from diplotext.findings.rows import PERIODS
from diplotext.plots.drawing import (
    COLOURS,
    FEW,
    MARKERS,
    is_few,
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
    events: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
) -> Axes:
    """Draw one measure over time, a line for each further group, with 95 % intervals and n.

    It does not draw undated statements; their number stands in the title. It does not look for points of change.
    Periods of fewer than three articles or five statements are hollow, and what leads to them is dotted.

    Parameters
    ----------
    findings
        From `tabulate_findings` with ``day``, ``week``, ``month`` or ``year`` among its `by` columns.
    measure
        One of the table's measures.
    ax
        Where to draw; a new figure otherwise.
    events
        Day (``YYYY-MM-DD``) → what happened: drawn as a line with its name.
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
    'quad balance...'
    """
    by = read_grouping(findings)
    period = next((c for c in PERIODS if c in by), None)
    if period is None:
        raise ValueError(f"findings: expected day, week, month or year among the groups; got {', '.join(by) or 'none'}")
    rows = select_measure(findings, measure)
    dated = rows[rows[period] != UNDATED]
    undated = int(rows.loc[rows[period] == UNDATED, "n_quotes"].sum())
    ax = make_axes(ax, 6)
    others = [c for c in by if c != period]
    groups = list(dated.groupby(others, sort=False)) if others else [(("all",), dated)] * bool(len(dated))
    for i, (key, group) in enumerate(groups[: len(MARKERS)]):
        _draw_line(ax, group.sort_values(period), period, i, name_group(key, names))
    if limit_scale(measure)[0] < 0:
        ax.axhline(0, color="black", linewidth=0.6)
        ax.set_ylim(-1.1, 1.1)
    for day, event in (events or {}).items():
        ax.axvline(pd.Timestamp(day), color="black", linewidth=0.8, linestyle="-.")
        ax.annotate(event, (pd.Timestamp(day), 0.99), xycoords=("data", "axes fraction"), xytext=(3, 0), rotation=90,
                    textcoords="offset points", fontsize="x-small", ha="left", va="top")  # fmt: skip
    ax.set(xlabel=f"{period} of publication (hollow: {FEW})", ylabel=f"{measure.replace('_', ' ')}, 95 %")
    note = f" ({undated} undated statements not drawn)" if undated else ""
    ax.set_title(f"{measure.replace('_', ' ')} by {period}{note}", loc="left")
    shown = sorted(dated[period].unique())
    shown = shown[:: max(1, -(-len(shown) // 12))]
    ax.set_xticks(pd.to_datetime(shown), shown, rotation=30, ha="right")
    if len(groups) > 1:
        ax.legend(frameon=False, fontsize="small")
    return ax


def _draw_line(ax: Axes, line: pd.DataFrame, period: str, style: int, name: str) -> None:
    """Draw one group's estimates in order of time."""
    at, y = pd.to_datetime(line[period]).tolist(), line["estimate"].tolist()
    few = [is_few(row) for row in line.to_dict("records")]
    colour, marker = COLOURS[style], MARKERS[style]
    for k in range(1, len(at)):
        ax.plot(at[k - 1 : k + 1], y[k - 1 : k + 1], ":" if few[k - 1] or few[k] else "-", color=colour, linewidth=1)
    for x, estimate, rough, row in zip(at, y, few, line.to_dict("records"), strict=True):
        ax.plot(x, estimate, marker, color=colour, markerfacecolor="white" if rough else colour)
        if pd.notna(row["ci_low"]):
            ax.vlines(x, row["ci_low"], row["ci_high"], color=colour, alpha=0.6, linestyle=":" if rough else "-")
        ax.annotate(f"n={row['n_quotes']}", (x, estimate), textcoords="offset points", xytext=(4, 5),
                    fontsize="x-small")  # fmt: skip
    ax.plot([], [], marker, color=colour, label=name)
