"""Selection: which candidates a statement is aimed at, by a logistic regression over features that can be read.

The weights stand in `target_weights.csv`, one row a feature, and are fitted by ``diplotext train targets``. What one
says is read off its sign: "named right after act" speaks for a target, "belongs" (a state that only tells whose
president is meant) against it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

from diplotext.schema import read_rows
from diplotext.stance.gathered import Candidate

#: rows that are no features: the intercept, how likely the likeliest of a kind must be to count, and the others.
BIAS, FIRST, FURTHER = "(bias)", "(first)", "(further)"
#: weight of the rules' opinion beside the network's; and how likely, by rules, a candidate must be to be looked at.
RULES, WORTH = 0.5, 0.05


@cache
def target_weights(kind: str) -> dict[str, float]:
    """Return feature -> weight for candidates of one kind (actor, issue), with `BIAS`, `FIRST` and `FURTHER`."""
    return {row["feature"]: float(row["weight"]) for row in read_rows("target_weights.csv") if row["kind"] == kind}


def rate_candidate(candidate: Candidate) -> float:
    """Return the probability that a statement is aimed at a candidate."""
    weights = target_weights(candidate.kind)
    score = weights[BIAS] + sum(weights.get(feature, 0.0) for feature in candidate.features)
    return 1 / (1 + math.exp(-score))


def choose_targets(candidates: Sequence[Candidate], shares: Sequence[float]) -> list[int]:
    """Return the numbers of the candidates that are targets, actors before issues, the likeliest first.

    Parameters
    ----------
    candidates, shares
        Candidates, and how likely a statement is aimed at each.
    """
    rated = sorted(range(len(candidates)), key=lambda i: (candidates[i].kind != "actor", -shares[i], i))
    chosen: list[int] = []
    for i in rated:
        weights = target_weights(candidates[i].kind)
        further = any(candidates[j].kind == candidates[i].kind for j in chosen)
        if shares[i] >= weights[FURTHER if further else FIRST]:
            chosen.append(i)
    return chosen


def join_opinions(rule: float, network: float) -> float:
    """Return how likely a statement is aimed at a candidate, from the rules' probability and the network's.

    The log odds are averaged (a logarithmic opinion pool; Genest & Zidek 1986, Combining Probability Distributions).
    """
    odds = [math.log(max(p, 1e-6) / max(1 - p, 1e-6)) for p in (rule, network)]
    return 1 / (1 + math.exp(-(RULES * odds[0] + (1 - RULES) * odds[1])))
