"""How English is written, each thing once: sentence ends, quote marks, words and their forms, dates and moments."""

from diplotext.language.dates import DateMention, find_dates
from diplotext.language.moments import MONTH, Moment, month_number, read_moment
from diplotext.language.quotations import QUOTE_MARKS, Quotation, find_quotations, within
from diplotext.language.sentences import find_sentences, find_sentences_by_line
from diplotext.language.verbs import inflect, reporting_verbs
from diplotext.language.words import Token, Word, split_tokens, split_words, undo_contraction

__all__ = [
    "MONTH", "QUOTE_MARKS", "DateMention", "Moment", "Quotation", "Token", "Word", "find_dates", "find_quotations",
    "find_sentences", "find_sentences_by_line", "inflect", "month_number", "read_moment", "reporting_verbs",
    "split_tokens", "split_words", "undo_contraction", "within",
]  # fmt: skip
