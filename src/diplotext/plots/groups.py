"""Figures of groups side by side: stances and postures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from diplotext import schema
from diplotext.plots.drawing import (
    COLOURS,
    MARKERS,
    is_few,
    make_axes,
    mark,
    name_group,
    read_grouping,
    say_columns,
    take_counted,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: colour-blind-safe and diverging (after ColorBrewer's PuOr), light in the middle, so that it also reads in grey.
STANCE_COLOURS = {"oppose": "#b35806", "neutral": "#e0e0e0", "support": "#542788"}
_STANCE_HATCHES = {"oppose": "//", "neutral": "", "support": ".."}


def plot_stances(
    findings: pd.DataFrame, ax: Axes | None = None, *, top: int = 12, names: Mapping[str, str] | None = None
) -> Axes:
    """Draw, for each group, the shares of opposing, neutral and supporting statements, centred on neutral.

    It does not draw groups without a target. The balance (support − oppose) stands in a panel of its own at the right,
    with its 95 % interval; groups of fewer than three articles or five statements are pale,
    their balance hollow.

    Parameters
    ----------
    findings
        From `tabulate_findings`, with any `by` columns; its counted rows are drawn.
    ax
        Where to draw; a new figure otherwise.
    top
        How many of the largest groups to draw.
    names
        code → name of countries, from `findings.name_countries`; without it only ISO's have names.

    Returns
    -------
    Axes: x from −1 (all oppose) to 1 (all support), one row a group with its number of statements; the balances' Axes
    is its one child.

    Raises
    ------
    ValueError
        If the table is not one of findings.

    Examples
    --------
    >>> findings = dt.tabulate_findings(analysis.quotes, analysis.stances, by=["country"])
    >>> plot_stances(findings, top=2).get_xlabel()
    'share: oppose ← neutral → support'
    """
    by = read_grouping(findings)
    shares = [f"share_{name}" for name in schema.STANCES]
    wide = take_counted(findings)
    wide = wide[wide["measure"].isin([*shares, "stance_balance"])]
    ax = make_axes(ax, min(top, max(1, len(wide) // 4)))
    groups = list(wide.groupby(by, sort=False))[:top] if by else [(("all statements",), wide)] * bool(len(wide))
    own = ax.inset_axes((1.07, 0, 0.34, 1)) if groups else ax
    labels = []
    for row, (key, group) in enumerate(groups):
        value = group.set_index("measure")
        balance = value.loc["stance_balance"]
        few = is_few(balance)
        left = -value.loc["share_oppose", "estimate"] - value.loc["share_neutral", "estimate"] / 2
        for name, share in zip(schema.STANCES, shares, strict=True):
            width = value.loc[share, "estimate"]
            ax.barh(
                row, width, left=left, height=0.7, color=STANCE_COLOURS[name], hatch=_STANCE_HATCHES[name],
                edgecolor="white", linewidth=0.5, alpha=0.4 if few else 1, label=name if row == 0 else None,
            )  # fmt: skip
            left += width
        mark(own, balance, row, few)
        labels.append(f"{name_group(key, names)}  (n={int(balance['n_quotes'])})")
    ax.axvline(0, color="black", linewidth=0.6)
    ax.set(xlim=(-1.02, 1.02), xticks=[-1, -0.5, 0, 0.5, 1], xlabel="share: oppose ← neutral → support")
    ax.set_yticks(range(len(labels)), labels)
    ax.invert_yaxis()
    ax.set_title(f"Stance by {say_columns(by) or 'statement'}", loc="left", pad=22)
    if not labels:
        ax.text(0, 0, "no statement with a target", ha="center", va="center")
        return ax
    own.axvline(0, color="black", linewidth=0.6)
    own.set(xlim=(-1.08, 1.08), ylim=ax.get_ylim(), yticks=[], xlabel="balance, 95 %")
    ax.legend(loc="lower left", bbox_to_anchor=(-0.01, 0.995), ncols=3, frameon=False, fontsize="small")
    return ax


def plot_postures(
    findings: pd.DataFrame, ax: Axes | None = None, *, top: int = 3, names: Mapping[str, str] | None = None
) -> Axes:
    """Draw the share of each posture with its 95 % interval, a marker for each of the largest groups.

    It does not draw postures that none of them takes; groups of fewer than three articles or five statements are
    hollow.

    Parameters
    ----------
    findings
        From `tabulate_findings`, with any `by` columns.
    ax
        Where to draw; a new figure otherwise.
    top
        How many of the largest groups to draw.
    names
        code → name of countries, from `findings.name_countries`; without it only ISO's have names.

    Returns
    -------
    Axes: x the share, one row a posture, the most frequent first.

    Examples
    --------
    >>> plot_postures(dt.tabulate_findings(analysis.quotes, analysis.stances, by=["country"]), top=2).get_xlabel()
    'share of statements, 95 %...'
    """
    by = read_grouping(findings)
    rows = take_counted(findings)
    rows = rows[rows["measure"].str.startswith("posture_")]
    groups = list(rows.groupby(by, sort=False))[:top] if by else [(("all statements",), rows)] * bool(len(rows))
    shown = pd.concat([g for _, g in groups]) if groups else rows
    order = list(shown.groupby("measure")["estimate"].mean().sort_values(ascending=False, kind="stable").index)
    ax = make_axes(ax, max(3, len(order) * 0.9))
    for i, (key, group) in enumerate(groups):
        for _, row in group.iterrows():
            at = order.index(row["measure"]) + 0.22 * (i - (len(groups) - 1) / 2)
            mark(ax, row, at, is_few(row), i)
        ax.plot(
            [], [], MARKERS[i], color=COLOURS[i], label=f"{name_group(key, names)}  (n={int(group['n_quotes'].max())})"
        )
    ax.set_yticks(range(len(order)), [m.removeprefix("posture_").replace("_", " ") for m in order])
    most = max(0.1, 1.04 * float(np.nan_to_num(shown[["estimate", "ci_high"]].to_numpy(dtype=float)).max(initial=0)))
    ax.set(xlim=(-0.02 * most, most), ylim=(len(order) - 0.4, -0.6), xlabel="share of statements, 95 %")
    ax.set_title(f"Postures by {say_columns(by) or 'statement'}", loc="left", pad=22 if groups else None)
    if groups:
        ax.legend(loc="lower left", bbox_to_anchor=(-0.01, 0.995), ncols=3, frameon=False, fontsize="small")
    return ax
