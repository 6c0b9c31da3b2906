"""How English is written, each thing once: sentence ends, quote marks, words and their forms, dates and moments."""

from diplotext.language.dates import DateMention, find_dates
from diplotext.language.moments import MONTH, Moment, month_number, read_moment
from diplotext.language.quotations import Quotation, find_quotations, within
from diplotext.language.sentences import find_sentences, find_sentences_by_line
from diplotext.language.verbs import inflect, reporting_verbs

__all__ = [
    "MONTH", "DateMention", "Moment", "Quotation", "find_dates", "find_quotations", "find_sentences",
    "find_sentences_by_line", "inflect", "month_number", "read_moment", "reporting_verbs", "within",
]  # fmt: skip
