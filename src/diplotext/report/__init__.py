"""What people look at: an article with its statements marked, and the report of a run."""

from diplotext.report.notebook import show_quotes
from diplotext.report.page import write_report
from diplotext.report.traces import show_trace

__all__ = ["show_quotes", "show_trace", "write_report"]
