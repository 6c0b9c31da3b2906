"""Scores: what the stages find against what people found, each with its n and a bootstrap interval.

Every score is a dict ``{"estimate", "ci_low", "ci_high", "n"}`` in [0, 1]. Intervals are 95 % percentile intervals
from 1,000 resamples of whole articles (Efron & Tibshirani 1993, ch. 13): statements of one article are not independent.
"""

from diplotext.evaluate.annotations import evaluate_annotations
from diplotext.evaluate.attribution import evaluate_attribution, match_statements
from diplotext.evaluate.entities import evaluate_cast
from diplotext.evaluate.files import evaluate_file
from diplotext.evaluate.folder import evaluate_folder
from diplotext.evaluate.labels import evaluate_posture
from diplotext.evaluate.scores import score_labels, tabulate_scores
from diplotext.evaluate.speakers import evaluate_speakers
from diplotext.evaluate.targets import evaluate_attitudes, evaluate_targets
from diplotext.evaluate.trace import evaluate_trace

__all__ = [
    "evaluate_annotations", "evaluate_attitudes", "evaluate_attribution", "evaluate_cast", "evaluate_file",
    "evaluate_folder", "evaluate_posture", "evaluate_speakers", "evaluate_targets", "evaluate_trace",
    "match_statements", "score_labels",
    "tabulate_scores",
]  # fmt: skip
