"""Findings: tables with intervals."""

from diplotext.findings.tables import UNDATED, UNRESOLVED, label_groups, tabulate_findings

__all__ = ["UNDATED", "UNRESOLVED", "label_groups", "tabulate_findings"]
