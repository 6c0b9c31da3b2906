"""The trained network's reading of a statement and its targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from diplotext.encoder import Statement, load_vectors
from diplotext.stance.estimators import load_head
from diplotext.stance.posture import Posture, posture_rows, root_rows

#: roots of material acts, by the name that the network knows them under.
_MATERIAL = {"AID": "AID", "COOPERATE": "COOPERATE", "YIELD": "RETREAT", "PROTEST": "PROTEST", "SANCTION": "SANCTION",
             "MOBILIZE": "MOBILIZE", "COERCE": "COERCE", "ASSAULT": "ASSAULT"}  # fmt: skip
#: weight of the rules' opinion, how much likelier `state` is in real documents than among written statements, and what
#: the joint scores are divided by, since the two opinions are not independent; fitted as the model card tells.
_RULES, _PLAIN, _HEAT = 0.3, 0.5, 1.4
#: how likely a statement must be conditional where the rules see a conditional, and where they see none.
_SEEN, _UNSEEN = 0.05, 0.5
_HEADS = ("posture", "stance", "conditional", "mode", "root", "sentiment")


class Ruled(NamedTuple):
    """What the rules say of a statement: its posture, whether it is conditional, and whether its speaker has power."""

    posture: Posture
    conditional: bool
    official: bool


class Readings(NamedTuple):
    """What the heads say of n statements: probabilities (n, labels) by head, and the labels by head."""

    shares: dict[str, np.ndarray]
    labels: dict[str, list[str]]

    def likeliest(self, head: str, number: int) -> tuple[str, float]:
        """Return the likeliest label of a statement and its probability."""
        row = self.shares[head][number]
        best = int(row.argmax())
        return self.labels[head][best], float(row[best])

    def share(self, head: str, label: str, number: int) -> float:
        """Return the probability of one label."""
        return float(self.shares[head][number][self.labels[head].index(label)])


def rate_statements(statements: Sequence[Statement]) -> Readings:
    """Run the network and its heads over statements; what it says of one does not depend on the others."""
    heads = {name: load_head(name) for name in _HEADS}
    vectors = load_vectors().read(statements)
    return Readings(
        {name: head.rate(vectors) for name, head in heads.items()},
        {name: [str(label) for label in head.classes_] for name, head in heads.items()},
    )


def describe_posture(readings: Readings, number: int, ruled: Ruled) -> dict[str, Any]:
    """Return the columns that belong to the statement as a whole.

    Parameters
    ----------
    readings, number
        The network's reading, and which statement.
    ruled
        The rules' opinion: where its posture is the same, its codes are the finer ones.
    """
    name, probability = _fuse(readings, number, ruled)
    row = posture_rows()[name]
    plover, cameo, quad = row["plover"] or None, row["cameo"] or None, row["quad"]
    if ruled.posture.name == name:
        plover, cameo, quad = ruled.posture.plover or plover, ruled.posture.cameo or cameo, ruled.posture.quad
    if name == "announce_act" and not plover:
        root = max(_MATERIAL, key=lambda r: readings.share("root", r, number))
        plover, cameo = _MATERIAL[root], None
        quad = root_rows()[plover]["quad"]
    return {
        "posture": name, "posture_p": probability,
        "conditional": readings.share("conditional", "true", number) >= (_SEEN if ruled.conditional else _UNSEEN),
        "mode": readings.likeliest("mode", number)[0], "plover": plover, "cameo": cameo, "quad": quad,
    }  # fmt: skip


def _fuse(readings: Readings, number: int, ruled: Ruled) -> tuple[str, float]:
    """Return the likeliest posture and its probability, by the network, the rules and how common postures are.

    A product of experts: the rules' opinion, spread over the other postures as far as it is unsure, counts `_RULES`
    times as much as the network's (Hinton 2002, Training Products of Experts by Minimizing Contrastive Divergence).
    """
    names = readings.labels["posture"]
    scores = np.log(np.maximum(readings.shares["posture"][number], 1e-9))
    if ruled.posture.name != "state":
        opinion = np.full(len(names), (1 - ruled.posture.probability) / (len(names) - 1))
        opinion[names.index(ruled.posture.name)] = ruled.posture.probability
        scores = scores + _RULES * np.log(np.maximum(opinion, 1e-9))
    scores[names.index("state")] += _PLAIN
    if not ruled.official:  # nobody threatens in another's name
        threat, warning = names.index("threaten"), names.index("warn")
        scores[warning] = np.logaddexp(scores[warning], scores[threat])
        scores[threat] = -np.inf
    shares = np.exp((scores - scores.max()) / _HEAT)
    best = int(shares.argmax())
    return names[best], float(shares[best] / shares.sum())


def describe_stance(readings: Readings, number: int) -> dict[str, Any]:
    """Return the columns that belong to one target: stance and its probabilities."""
    shares = {name: readings.share("stance", name, number) for name in ("oppose", "neutral", "support")}
    return {"stance": max(shares, key=lambda name: shares[name]), **{f"p_{name}": s for name, s in shares.items()}}


def describe_tone(readings: Readings, number: int) -> float:
    """Return the tone toward the target, in [-1, 1]."""
    return readings.share("sentiment", "support", number) - readings.share("sentiment", "oppose", number)
