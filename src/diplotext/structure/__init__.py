"""The parts of an article: headline, dateline, byline, notes, paragraphs, sentences, speaker turns and dates."""

from diplotext.structure.dates import DateMention, find_dates, parse_date
from diplotext.structure.genres import Heading, read_title
from diplotext.structure.outline import Outline, Sentence, outline_text, split_sentences
from diplotext.structure.sections import Dateline, match_byline, match_dateline, match_notes

__all__ = [
    "DateMention", "Dateline", "Heading", "Outline", "Sentence", "find_dates", "match_byline", "match_dateline",
    "match_notes", "outline_text", "parse_date", "read_title", "split_sentences",
]  # fmt: skip
