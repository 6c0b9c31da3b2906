"""The parts of an article: headline, dateline, byline, notes, paragraphs, sentences, speaker turns, dates and names."""

from diplotext.structure.dates import DateMention, find_dates, parse_date
from diplotext.structure.genres import Heading, read_title
from diplotext.structure.names import Actor, Mention, NameIndex, load_index
from diplotext.structure.outline import Outline, Sentence, outline_text, split_sentences
from diplotext.structure.sections import Dateline, match_byline, match_dateline, match_notes
from diplotext.structure.sentences import find_sentences

__all__ = [
    "Actor", "DateMention", "Dateline", "Heading", "Mention", "NameIndex", "Outline", "Sentence", "find_dates",
    "find_sentences", "load_index", "match_byline", "match_dateline", "match_notes", "outline_text", "parse_date",
    "read_title", "split_sentences",
]  # fmt: skip
