"""Attribution: who said, thought, felt or meant what, in direct, mixed and indirect speech, by rules.

Four steps: `marks` pairs quote marks; `rules` finds cue, source and content within a sentence, with the cues of
``resources/cues.csv``; `join` puts together what one quotation holds; `table` writes the rows. Below `rules` lie
`tokens` (words and coarse tags), `cues`, `phrases` (verb groups and noun phrases), `clause`, `tagged` (content first)
and `governed` (source first).
"""

from diplotext.quotes.table import attribute_quotes

__all__ = ["attribute_quotes"]
