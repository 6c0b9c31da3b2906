"""The parts of an article: headline, dateline, byline, notes, paragraphs, sentences and speaker turns."""

from diplotext.structure.genres import Heading, read_title
from diplotext.structure.outline import Outline, Sentence, outline_text, split_sentences
from diplotext.structure.sections import Dateline, match_byline, match_dateline, match_notes

__all__ = [
    "Dateline", "Heading", "Outline", "Sentence", "match_byline", "match_dateline", "match_notes", "outline_text",
    "read_title", "split_sentences",
]  # fmt: skip
