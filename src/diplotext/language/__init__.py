"""How English is written, each thing once: where sentences end, what quote marks enclose, words and their forms."""

from diplotext.language.quotations import Quotation, find_quotations
from diplotext.language.sentences import find_sentences

__all__ = ["Quotation", "find_quotations", "find_sentences"]
