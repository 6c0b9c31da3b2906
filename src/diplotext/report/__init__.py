"""What people look at: an article with its statements marked, and the report of a run."""

from diplotext.report.notebook import show_quotes
from diplotext.report.page import write_report

__all__ = ["show_quotes", "write_report"]
