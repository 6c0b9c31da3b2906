"""Figures from a findings table; each returns its Axes, shows intervals and n, and reads in grey."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from diplotext import schema
from diplotext.findings import UNDATED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: colour-blind-safe and diverging (after ColorBrewer's PuOr), light in the middle, so that it also reads in grey.
STANCE_COLOURS = {"oppose": "#b35806", "neutral": "#e0e0e0", "support": "#542788"}
_STANCE_HATCHES = {"oppose": "//", "neutral": "", "support": ".."}


def plot_stances(findings: pd.DataFrame, ax: Axes | None = None, *, top: int = 12) -> Axes:
    """Draw, for each group, the shares of opposing, neutral and supporting statements, centred on neutral.

    It does not draw groups without a target. The dot is the balance (support − oppose) with its 95 % interval.

    Parameters
    ----------
    findings
        From `tabulate_findings`, with any `by` columns.
    ax
        Where to draw; a new figure otherwise.
    top
        How many of the largest groups to draw.

    Returns
    -------
    Axes: x from −1 (all oppose) to 1 (all support), one row a group with its number of statements.

    Raises
    ------
    ValueError
        If the table is not one of findings.
    """
    by = _grouping(findings)
    shares = [f"share_{name}" for name in schema.STANCES]
    wide = findings[findings["measure"].isin([*shares, "stance_balance"])]
    ax = _axes(ax, min(top, max(1, len(wide) // 4)))
    labels = []
    groups = list(wide.groupby(by, sort=False))[:top] if by else [(("all statements",), wide)] * bool(len(wide))
    for row, (key, group) in enumerate(groups):
        value = group.set_index("measure")
        left = -value.loc["share_oppose", "estimate"] - value.loc["share_neutral", "estimate"] / 2
        for name, share in zip(schema.STANCES, shares, strict=True):
            width = value.loc[share, "estimate"]
            ax.barh(
                row, width, left=left, height=0.7, color=STANCE_COLOURS[name], hatch=_STANCE_HATCHES[name],
                edgecolor="white", linewidth=0.5, label=name if row == 0 else None,
            )  # fmt: skip
            left += width
        balance = value.loc["stance_balance"]
        if np.isfinite(balance["ci_low"]):
            ax.hlines(row, balance["ci_low"], balance["ci_high"], color="black", linewidth=1.2)
        ax.plot(balance["estimate"], row, "o", color="black", markersize=4, label="balance, 95 %" if row == 0 else None)
        labels.append(f"{' → '.join(map(str, key))}  (n={int(balance['n_quotes'])})")
    ax.axvline(0, color="black", linewidth=0.6)
    ax.set(xlim=(-1.02, 1.02), xlabel="share of statements: oppose ← neutral → support")
    ax.set_yticks(range(len(labels)), labels)
    ax.invert_yaxis()
    ax.set_title(f"Stance by {' and '.join(by) or 'statement'}", loc="left", pad=22)
    if labels:
        ax.legend(loc="lower left", bbox_to_anchor=(-0.01, 0.995), ncols=4, frameon=False, fontsize="small")
    else:
        ax.text(0, 0, "no statement with a target", ha="center", va="center")
    return ax


def plot_timeline(findings: pd.DataFrame, measure: str = "quad_balance", ax: Axes | None = None) -> Axes:
    """Draw one measure over time, a line for each further group, with 95 % intervals and n.

    It does not draw undated statements; their number stands in the title.

    Parameters
    ----------
    findings
        From `tabulate_findings` with ``day``, ``week``, ``month`` or ``year`` among its `by` columns.
    measure
        One of the table's measures.
    ax
        Where to draw; a new figure otherwise.

    Returns
    -------
    Axes: x the start of the period, y the measure.

    Raises
    ------
    ValueError
        If the table has no period or not this measure.
    """
    by = _grouping(findings)
    period = next((c for c in ("day", "week", "month", "year") if c in by), None)
    if period is None:
        raise ValueError(f"findings: expected day, week, month or year among the groups; got {', '.join(by) or 'none'}")
    if len(findings) and measure not in set(findings["measure"]):
        known = ", ".join(findings["measure"].unique())
        raise ValueError(f"measure: expected one of {known}; got {measure!r}")
    rows = findings[findings["measure"] == measure]
    dated = rows[rows[period] != UNDATED]
    undated = int(rows.loc[rows[period] == UNDATED, "n_quotes"].sum())
    ax = _axes(ax, 6)
    others = [c for c in by if c != period]
    markers = "osD^vP*X"
    # Okabe & Ito's palette, told apart by marker as well.
    colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000", "#F0E442"]
    groups = list(dated.groupby(others, sort=False)) if others else [(("all",), dated)] * bool(len(dated))
    for i, (key, group) in enumerate(groups[: len(markers)]):
        line = group.sort_values(period)
        x = pd.to_datetime(line[period])
        ax.plot(x, line["estimate"], marker=markers[i], color=colours[i], label=" → ".join(map(str, key)))
        ax.vlines(x, line["ci_low"].astype(float), line["ci_high"].astype(float), color=colours[i], alpha=0.5)
        for at, y, n in zip(x, line["estimate"], line["n_quotes"], strict=True):
            ax.annotate(f"n={n}", (at, y), textcoords="offset points", xytext=(4, 5), fontsize="x-small")
    bounded = measure.endswith("balance") or "balance_" in measure or measure == "sentiment"
    if bounded:
        ax.axhline(0, color="black", linewidth=0.6)
        ax.set_ylim(-1.1, 1.1)
    ax.set(xlabel=f"{period} of publication", ylabel=measure.replace("_", " "))
    note = f" ({undated} undated statements not drawn)" if undated else ""
    ax.set_title(f"{measure.replace('_', ' ')} by {period}{note}", loc="left")
    shown = sorted(dated[period].unique())
    shown = shown[:: max(1, -(-len(shown) // 12))]
    ax.set_xticks(pd.to_datetime(shown), shown, rotation=30, ha="right")
    if len(groups) > 1:
        ax.legend(frameon=False, fontsize="small")
    return ax


def _grouping(findings: pd.DataFrame) -> list[str]:
    absent = [c for c in schema.FINDINGS if c not in findings]
    if absent:
        raise ValueError(f"findings: expected a table from tabulate_findings; got one without {absent[0]!r}")
    return [str(c) for c in findings.columns if c not in schema.FINDINGS]


def _axes(ax: Axes | None, rows: int) -> Axes:
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(8, 1.6 + 0.42 * rows), layout="constrained")[1]
