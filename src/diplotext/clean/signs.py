"""Surface signs that a text was paraphrased by a machine."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from diplotext.clean.draft import Draft
from diplotext.clean.rules import Rule, clean_draft, load_rules
from diplotext.schema import read_rows

_MARKS = ("doubled_marks", "misplaced_marks")
# What paraphrasing tools leave behind: a stop before a word that cannot begin a sentence.
_BROKEN_OFF = re.compile(
    r"(?<=[a-z]{3})\. (?:and|or|but|of|in|to|for|with|the|a|an|by|on|at|as|from|already|which|who)\b"
)


class Signs(NamedTuple):
    """How many signs of each kind a text shows, with the idioms as printed."""

    marks: int
    stops: int
    idioms: tuple[str, ...]

    @property
    def weight(self) -> int:
        """All signs together: what makes one copy dirtier than another."""
        return self.marks + self.stops + 2 * len(self.idioms)

    def reason(self) -> str | None:
        """Return why the text is suspect, readable; None where it is not.

        Broken marks alone come from bad typesetting and stray stops alone from bad conversion; one odd phrase may be a
        translator's. Only together, or two different phrases, do they tell.
        """
        broken = self.marks > 0 and self.stops > 0
        if not (broken or len(self.idioms) > 1 or (self.idioms and self.marks + self.stops > 1)):
            return None
        parts = []
        if self.idioms:
            parts.append("impossible phrases: " + ", ".join(f'"{idiom}"' for idiom in self.idioms))
        if self.marks:
            parts.append(f"misplaced quote marks: {self.marks}")
        if self.stops:
            parts.append(f"stray full stops: {self.stops}")
        return "; ".join(parts)


def find_signs(raw: str) -> Signs:
    """Look for signs of machine paraphrase in a raw text.

    It compares with no other article, and knows only phrases of ``resources/paraphrase_signs.csv``.

    Parameters
    ----------
    raw
        The text before cleaning; cleaning takes most signs away.
    """
    idioms = dict.fromkeys(" ".join(m.group().split()) for m in _idioms().finditer(raw.lower().replace("’", "'")))
    draft = Draft(raw)
    marks = stops = 0
    if any(sign in raw for sign in ("“", "”", " .", "..")):
        clean_draft(draft, _reading_rules())
        # A straight mark made curly was careless typing, not paraphrase.
        moved = (raw[e.raw_start : e.raw_end] for e in draft.edits if any(m in e.rule for m in _MARKS))
        marks = sum("“" in removed or "”" in removed for removed in moved)
        stops = sum("stray_stops" in e.rule for e in draft.edits)
    return Signs(marks, stops + len(_BROKEN_OFF.findall(raw)), tuple(idioms))


#: What must be right before marks and stops can be judged.
_READ = frozenset(["line_breaks", "mojibake", "escapes", "hard_wraps", "invisible", "spaces", "stray_stops", *_MARKS])


@cache
def _reading_rules() -> tuple[Rule, ...]:
    return tuple(r for r in load_rules() if r.name in _READ)


@cache
def _idioms() -> re.Pattern[str]:
    patterns = [row["pattern"].replace(" ", r"\s+") for row in read_rows("paraphrase_signs.csv")]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(patterns)})\b")
