"""What all figures share: names of groups, marks with intervals, scales and colours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from diplotext import schema
from diplotext.findings import name_countries
from diplotext.findings.measures import name_measures

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: fewer articles or statements than these look like few, and make no cell of a matrix and no edge.
FEW_ARTICLES, FEW_QUOTES = 3, 5
FEW = f"fewer than {FEW_ARTICLES} articles or {FEW_QUOTES} statements"
MARKERS = "osD^vP*X"
# Okabe & Ito's palette, told apart by marker as well.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000", "#F0E442"]


def mark(ax: Axes, row: pd.Series, at: float, few: bool, style: int = 0) -> None:
    """Draw an estimate with its interval in a row; hollow where it rests on few."""
    colour = COLOURS[style]
    if pd.notna(row["ci_low"]):
        ax.hlines(at, row["ci_low"], row["ci_high"], color=colour, linewidth=1.2, linestyle=":" if few else "-")
    ax.plot(row["estimate"], at, MARKERS[style], color=colour, markersize=4, markerfacecolor="white" if few else colour)


def is_few(row: Mapping[Any, Any] | pd.Series) -> bool:
    """Tell whether a row of findings rests on few articles or statements."""
    return bool(row["n_articles"] < FEW_ARTICLES or row["n_quotes"] < FEW_QUOTES)


def take_counted(findings: pd.DataFrame) -> pd.DataFrame:
    """Return the counted rows of findings."""
    return findings[findings["method"] == "counted"]


def select_measure(findings: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return the counted rows of one measure, none where nothing counts for it."""
    if measure not in name_measures():
        known = ", ".join(name_measures())
        raise ValueError(f"measure: expected one of {known}; got {measure!r}")
    rows = take_counted(findings)
    return rows[rows["measure"] == measure]


def read_pair(findings: pd.DataFrame) -> tuple[str, str]:
    """Return the two `by` columns of findings."""
    by = read_grouping(findings)
    if len(by) != 2:
        raise ValueError(f"findings: expected two by columns, who and toward whom; got {', '.join(by) or 'none'}")
    return by[0], by[1]


def limit_scale(measure: str) -> tuple[float, float]:
    """Return the ends of a measure's scale."""
    signed = measure.endswith("balance") or "balance_" in measure or measure == "sentiment"
    return (-1.0, 1.0) if signed else (0.0, 1.0)


def name_group(key: object, names: Mapping[str, str] | None) -> str:
    """Return what a group is called, countries by these names or, without any, by ISO's."""
    parts = key if isinstance(key, tuple) else (key,)
    names = name_countries(schema.Analysis()) if names is None else names
    return " → ".join(names.get(str(part), str(part)) for part in parts)


def say_columns(by: list[str]) -> str:
    """Return the `by` columns in words."""
    return " and ".join(by).replace("_", " ")


def read_grouping(findings: pd.DataFrame) -> list[str]:
    """Return the `by` columns of findings."""
    absent = [c for c in schema.FINDINGS if c not in findings]
    if absent:
        raise ValueError(f"findings: expected a table from tabulate_findings; got one without {absent[0]!r}")
    return [str(c) for c in findings.columns if c not in schema.FINDINGS]


def make_axes(ax: Axes | None, rows: float) -> Axes:
    """Return the given axes, or new ones for so many rows."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(8, 1.6 + 0.42 * rows), layout="constrained")[1]
