"""Findings: tables with intervals, and their figures."""

from diplotext.findings.plots import plot_stances, plot_timeline
from diplotext.findings.tables import UNRESOLVED, tabulate_findings

__all__ = ["UNRESOLVED", "plot_stances", "plot_timeline", "tabulate_findings"]
