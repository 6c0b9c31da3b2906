"""Selection: which candidates a statement is aimed at, by a logistic regression over features that can be read.

The weights stand in `target_weights.csv`, one row a feature, and are fitted by ``diplotext train targets``. What one
says is read off its sign: "named right after act" speaks for a target, "belongs" (a state that only tells whose
president is meant) against it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache

from diplotext.schema import read_rows
from diplotext.stance.gathered import Candidate

#: rows that are no features: the intercept, how likely the likeliest of a kind must be to count, and the others.
BIAS, FIRST, FURTHER = "(bias)", "(first)", "(further)"


@cache
def target_weights(kind: str) -> dict[str, float]:
    """Return feature -> weight for candidates of one kind (actor, issue), with `BIAS`, `FIRST` and `FURTHER`."""
    return {row["feature"]: float(row["weight"]) for row in read_rows("target_weights.csv") if row["kind"] == kind}


def rate_candidate(candidate: Candidate) -> float:
    """Return the probability that a statement is aimed at a candidate."""
    return weigh_features(candidate.features, target_weights(candidate.kind))


def weigh_features(features: Iterable[str], weights: Mapping[str, float]) -> float:
    """Return the probability that features with these weights, and a `BIAS`, speak of a target."""
    # Features come as a set: a sum in its order would differ from run to run, by as much as decides a near tie.
    return 1 / (1 + math.exp(-weights[BIAS] - math.fsum(weights.get(feature, 0.0) for feature in features)))


def choose_targets(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates that are targets, actors before issues, the likeliest first."""
    rated = sorted(
        ((c.kind != "actor", -rate_candidate(c), number, c) for number, c in enumerate(candidates)), key=lambda r: r[:3]
    )
    chosen: list[Candidate] = []
    for _, negative, _, candidate in rated:
        weights = target_weights(candidate.kind)
        further = any(other.kind == candidate.kind for other in chosen)
        if -negative >= weights[FURTHER if further else FIRST]:
            chosen.append(candidate)
    return chosen
