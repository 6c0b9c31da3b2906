"""Traces: from the printed quotation back to the words as spoken, and from one utterance to all its printings."""

from diplotext.trace.compare import compare_words
from diplotext.trace.quotations import trace_quotes
from diplotext.trace.utterances import group_utterances

__all__ = ["compare_words", "group_utterances", "trace_quotes"]
