"""Cleaning: named rules take out what is not the story; the edits table keeps what they took.

The edits are the only map between raw and clean text (see `diplotext.spans`). Rules are rows of
``resources/rules.csv``; leaving some out is a list of names. Near-duplicates are marked, never dropped.
"""

from diplotext.clean.articles import clean_articles, clean_text
from diplotext.clean.duplicates import mark_duplicates
from diplotext.clean.rules import list_rules

__all__ = ["clean_articles", "clean_text", "list_rules", "mark_duplicates"]
