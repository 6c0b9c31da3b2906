"""What a statement expresses: toward whom, with what act, under what condition.

A trained network tells targets, the stance toward each, posture, mode and condition; the article's cast names the
targets; rules find the halves of conditionals and the finer codes.
"""

from diplotext.stance.classifiers import PostureClassifier, StanceClassifier, StatementEncoder
from diplotext.stance.conditional.finding import Conditional, find_conditionals
from diplotext.stance.conditional.table import extract_conditions
from diplotext.stance.explain import explain_stance
from diplotext.stance.posture.judging import Posture, judge_posture
from diplotext.stance.table import MODEL, score_stances

__all__ = [
    "MODEL", "Conditional", "Posture", "PostureClassifier", "StanceClassifier", "StatementEncoder", "explain_stance",
    "extract_conditions", "find_conditionals", "judge_posture", "score_stances",
]  # fmt: skip
