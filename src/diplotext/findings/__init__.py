"""Findings: tables with intervals, and their figures."""

from diplotext.findings.plots import plot_stances, plot_timeline
from diplotext.findings.tables import UNDATED, UNRESOLVED, label_groups, tabulate_findings

__all__ = ["UNDATED", "UNRESOLVED", "label_groups", "plot_stances", "plot_timeline", "tabulate_findings"]
