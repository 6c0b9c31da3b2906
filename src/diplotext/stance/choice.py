"""Which of the words that might be a statement's target are one: what speaks for each, weighed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from diplotext.encoder.statements import PARTS
from diplotext.schema import read_rows
from diplotext.stance.ruled import Row

#: how likely a target must be to count, how likely the likeliest must be to count alone, and how many count.
_LEAST, _ALONE, _MOST = 0.45, 0.25, 3
_PRONOUNS = {
    "he": {"he", "she", "him", "her", "his", "hers"},
    "they": {"they", "them", "their", "theirs", "those", "these"},
    "it": {"it", "its", "this", "that", "which", "who", "whom", "what"},
    "we": {"we", "us", "our", "ours", "i", "me", "my", "mine", "ourselves"},
    "you": {"you", "your", "yours"},
}


class Candidate(NamedTuple):
    """Words that might be a target, and whom or what they mean.

    `columns` are those of the stances table; `vector` is for the heads; `tagged` and `main` are what the network says
    of its being a target and the main one; `actor` how likely it is an actor; `parts` what its pieces are part of.
    """

    columns: dict[str, Any]
    vector: np.ndarray
    tagged: float
    main: float
    actor: float
    parts: np.ndarray


#: what speaks for and against a candidate, by the names of `target_choice.csv`.
Facts = Mapping[str, float]


def choose_targets(candidates: Sequence[Candidate], facts: Sequence[Facts]) -> list[Candidate]:
    """Return the candidates that are targets, the main one first, with how likely each is one in ``target_p``."""
    rated = [(candidate, rate_candidate(own)) for candidate, own in zip(candidates, facts, strict=True)]
    rated.sort(key=lambda pair: -pair[1])  # stable: of equals the first in the text
    chosen = [pair for pair in rated if pair[1] >= _LEAST][:_MOST]
    chosen = chosen or [pair for pair in rated[:1] if pair[1] >= _ALONE]
    main = max(chosen, key=lambda pair: pair[1] * pair[0].main / pair[0].tagged, default=None)
    ordered = sorted(chosen, key=lambda pair: pair is not main)
    return [candidate._replace(columns=candidate.columns | {"target_p": share}) for candidate, share in ordered]


def rate_candidate(facts: Facts) -> float:
    """Return how likely a candidate is a target: a logistic regression on what speaks for it."""
    weights = _weights()
    return float(1 / (1 + np.exp(-weights["constant"] - sum(weights[name] * value for name, value in facts.items()))))


def describe_candidates(
    candidates: Sequence[Candidate], row: Row, plain: float, before: frozenset[str]
) -> list[dict[str, float]]:
    """Return what speaks for and against each candidate of a statement.

    Parameters
    ----------
    candidates
        All that might be a target, each once.
    row
        The statement.
    plain
        How likely the statement is a mere report.
    before
        Ids of the targets of the statement before.
    """
    tops = sorted((c.tagged for c in candidates), reverse=True)
    return [_describe(c, tops, row, plain, before) for c in candidates]


@cache
def _weights() -> Mapping[str, float]:
    """Return the weights of `target_choice.csv`, which `diplotext.training.choice` fits."""
    return {row["fact"]: float(row["weight"]) for row in read_rows("target_choice.csv")}


def _describe(
    candidate: Candidate, tops: Sequence[float], row: Row, plain: float, before: frozenset[str]
) -> dict[str, float]:
    columns, mention = candidate.columns, candidate.columns["mention"]
    words = mention.lower()
    actor = columns["target_kind"] == "actor"
    speaker = actor and (columns["target_id"] == row.actor_id or (bool(row.name) and columns["target"] == row.name))
    parts = Counter(PARTS[part] for part in candidate.parts.tolist())
    facts = {
        "tagged": _odds(candidate.tagged),
        "behind": _odds(candidate.tagged) - _odds(tops[0]),
        "first": candidate.tagged == tops[0],
        "others": len(tops) - 1,
        "main": candidate.main / candidate.tagged,
        "plain": plain,
        "actor": _odds(candidate.actor),
        "open": columns["target_id"].startswith("open:"),
        "listed": actor and not columns["target_id"].startswith("open:"),
        "speaker": speaker,
        "again": columns["target_id"] in before,
        "words": min(len(mention.split()), 8),
        "indirect": row.kind == "indirect",
        "content": parts["content"] > 0,
        "source": parts["source"] > 0,
        "earlier": parts["before"] > 0,
        **{name: words in group for name, group in _PRONOUNS.items()},
    }
    facts["plain content"] = plain * facts["content"]
    return {name: float(value) for name, value in facts.items()}


def _odds(share: float) -> float:
    """Return the logarithm of odds, of shares not too near to 0 or 1."""
    share = min(max(share, 1e-4), 1 - 1e-4)
    return float(np.log(share / (1 - share)))
