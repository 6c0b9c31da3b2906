"""Tone: how the words around a name sound, and the stance that follows from posture and tone.

The lexicon (`tone.csv`) is our own short list of evaluative words of English political prose, graded by hand in steps
from −1 to 1; it is not derived from any published lexicon. Sarcasm and idiom escape it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache

from diplotext.schema import read_rows
from diplotext.stance.groups import word_group
from diplotext.stance.posture import posture_rows, root_rows

#: words at which the influence of a word on a name has fallen to one half.
REACH = 6
#: stance toward the one an announced act is done to, by quad class: p_oppose, p_neutral, p_support, tone.
_DONE = {
    "material conflict": (0.60, 0.37, 0.03, -0.45),
    "material cooperation": (0.04, 0.36, 0.60, 0.40),
    "verbal cooperation": (0.05, 0.65, 0.30, 0.15),
}


@cache
def _lexicon() -> dict[str, float]:
    return {word: float(row["tone"]) for row in read_rows("tone.csv") for word in row["words"].split()}


def weigh_words(words: Sequence[str]) -> list[tuple[int, float]]:
    """Return (word number, tone in [-1, 1]) of each evaluative word, turned round after a negation."""
    lexicon, negations = _lexicon(), word_group("negation")
    found = []
    for i, word in enumerate(words):
        tone = lexicon.get(word)
        if tone is not None:
            if not negations.isdisjoint(words[max(0, i - 3) : i]):
                tone = -0.6 * tone
            found.append((i, tone))
    return found


def measure_tone(weights: Sequence[tuple[int, float]], at: int | None = None) -> float:
    """Return the tone toward the name at word `at` (or of the whole), in [-1, 1]; nearer words weigh more."""
    if at is None:
        total = sum(tone for _, tone in weights)
    else:
        total = sum(tone / (1 + abs(i - at) / REACH) for i, tone in weights)
    return math.tanh(0.8 * total)


@cache
def _base(posture: str, plover: str | None) -> tuple[float, float, float, float]:
    if posture == "announce_act" and plover:
        return _DONE.get(root_rows()[plover]["quad"], (0.2, 0.6, 0.2, 0.0))
    row: Mapping[str, str] = posture_rows()[posture]
    return float(row["p_oppose"]), float(row["p_neutral"]), float(row["p_support"]), float(row["tone"])


def judge_stance(posture: str, plover: str | None, aimed: bool, tone: float) -> tuple[float, float, float, float]:
    """Return p_oppose, p_neutral, p_support (summing to 1) and the sentiment toward one target.

    Parameters
    ----------
    posture, plover
        The statement's posture and PLOVER root.
    aimed
        True where the act is aimed at this target; others are only spoken of.
    tone
        The tone of the words toward it (`measure_tone`).
    """
    oppose, neutral, support, lean = _base(posture, plover) if aimed else (0.15, 0.72, 0.13, 0.0)
    pull = math.exp(0.9 * tone)
    oppose, support = oppose / pull, support * pull
    total = oppose + neutral + support
    sentiment = max(-1.0, min(1.0, 0.7 * lean + 0.5 * tone if aimed else 0.6 * tone))
    return oppose / total, neutral / total, support / total, sentiment


def judge_issue(posture: str, nature: str, polarity: float, tone: float) -> tuple[float, float, float, float]:
    """Return the same toward an issue, by its nature (good, bad, contested) and the words that govern it.

    A demand or an appeal opposes the conduct that is to stop and supports the remedy asked for; `polarity` is −1 after
    "stop" or "against", 1 after "for" or "ready for", else 0.
    """
    lean = polarity
    if not lean:
        if nature == "bad" and posture not in ("state", "consult", "deny", "announce_act", "agree"):
            lean = -1.0
        elif nature == "good" and posture not in ("state", "reject", "deny", "criticise", "accuse", "threaten", "warn"):
            lean = 0.8
        elif posture in ("reject", "criticise", "accuse"):
            lean = -0.8 if nature == "contested" or posture == "reject" else 0.0
        elif posture == "support":
            lean = 0.8
    pull = math.exp(2.2 * lean + 0.5 * tone)
    oppose, neutral, support = 0.2 / pull, 0.45, 0.2 * pull
    total = oppose + neutral + support
    return oppose / total, neutral / total, support / total, max(-1.0, min(1.0, 0.5 * lean + 0.3 * tone))
