"""Findings: tables with intervals."""

from diplotext.findings.countries import name_countries
from diplotext.findings.rows import ISSUE, NO_TARGET, NONE, UNDATED, UNRESOLVED, label_groups
from diplotext.findings.tables import compare_findings, tabulate_findings

__all__ = [
    "ISSUE", "NONE", "NO_TARGET", "UNDATED", "UNRESOLVED", "compare_findings", "label_groups", "name_countries",
    "tabulate_findings",
]  # fmt: skip
