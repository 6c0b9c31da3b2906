"""The figure of scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from diplotext.plots.drawing import make_axes, mark

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_scores(scores: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw scores with their 95 % intervals and n, one row each, in the table's order.

    Parameters
    ----------
    scores
        From `evaluate.tabulate_scores`: score, estimate, ci_low, ci_high, n.
    ax
        Where to draw; a new figure otherwise.

    Returns
    -------
    Axes: x from 0 to 1.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> scores = dt.evaluate.tabulate_scores(dt.evaluate.score_labels("aab", "abb", "xyz"))
    >>> plot_scores(scores).get_xlabel()
    'score, 95 %...'
    """
    absent = [c for c in ("score", "estimate", "ci_low", "ci_high", "n") if c not in scores]
    if absent:
        raise ValueError(f"scores: expected a table from tabulate_scores; got one without {absent[0]!r}")
    ax = make_axes(ax, len(scores))
    for at, (_, row) in enumerate(scores.iterrows()):
        mark(ax, row, at, bool(pd.isna(row["ci_low"])))
    ax.set_yticks(range(len(scores)), [f"{s}  (n={n})" for s, n in zip(scores["score"], scores["n"], strict=True)])
    ax.set(xlim=(-0.02, 1.02), ylim=(len(scores) - 0.4, -0.6), xlabel="score, 95 %")
    ax.grid(axis="x", color="#dddddd")
    ax.set_axisbelow(True)
    return ax
