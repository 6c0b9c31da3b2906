"""Attribution: who said, thought, felt or meant what, in direct, mixed and indirect speech.

Five steps: `marks` pairs quote marks; `network` tags sources, cues and contents (`decoding`) and links them
(`linking`); `join` puts together what one quotation holds; `details` reads what stands around a cue, with `cues`,
`tokens` and `phrases`; `table` writes the rows.
"""

from diplotext.quotes.table import attribute_quotes

__all__ = ["attribute_quotes"]
