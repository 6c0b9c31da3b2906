"""The heads' opinions of a statement and its targets, joined with that of the rules."""

from __future__ import annotations

from typing import Any

import numpy as np

from diplotext.schema import STANCES
from diplotext.stance.classifiers import StanceClassifier, load_head
from diplotext.stance.posture.judging import posture_rows, root_rows
from diplotext.stance.ruled import Ruled

#: roots of material acts, by the name that the network knows them under.
_MATERIAL = {"AID": "AID", "COOPERATE": "COOPERATE", "YIELD": "RETREAT", "PROTEST": "PROTEST", "SANCTION": "SANCTION",
             "MOBILIZE": "MOBILIZE", "COERCE": "COERCE", "ASSAULT": "ASSAULT"}  # fmt: skip
#: weight of the rules' opinion, how much likelier `state` is than the network says, and what the joint scores are
#: divided by, since the two opinions are not independent; chosen on the articles set aside (see the model card).
_RULES, _PLAIN, _HEAT = 0.3, -0.3, 1.25


def describe_posture(vector: np.ndarray, ruled: Ruled) -> dict[str, Any]:
    """Return the columns that belong to the statement as a whole.

    Parameters
    ----------
    vector
        The statement's.
    ruled
        The rules' opinion: where its posture is the network's, its codes are the finer ones.
    """
    name, probability = _decide(vector, ruled)
    codes = posture_codes(name)
    if ruled.posture.name == name:
        codes = {key: getattr(ruled.posture, key) or codes[key] for key in codes}
    if name == "announce_act" and not codes["plover"]:
        roots = load_head("root").share(vector)
        plover = _MATERIAL[max(_MATERIAL, key=lambda root: roots[root])]
        codes = {"plover": plover, "cameo": None, "quad": root_rows()[plover]["quad"]}
    modes = load_head("mode").share(vector)
    return {
        "posture": name, "posture_p": probability, "mode": max(modes, key=lambda mode: modes[mode]),
        "conditional": load_head("conditional").share(vector)["true"] >= 0.5, **codes,
    }  # fmt: skip


def posture_codes(name: str) -> dict[str, str | None]:
    """Return the codes of a posture; none for a label of the user's own."""
    row = posture_rows().get(name)
    return {key: (row[key] or None) if row else None for key in ("plover", "cameo", "quad")}


def _decide(vector: np.ndarray, ruled: Ruled) -> tuple[str, float]:
    """Return the likeliest posture and its probability, by the network, the rules and how common postures are.

    A product of experts: the rules' opinion, spread over the other postures as far as it is unsure, counts `_RULES`
    times as much as the network's (Hinton 2002, Training Products of Experts by Minimizing Contrastive Divergence).
    Nobody threatens in another's name: that is a warning.
    """
    head = load_head("posture")
    names = [str(name) for name in head.classes_]
    scores = np.log(np.maximum(head.rate(vector[None])[0], 1e-9))
    if ruled.posture.name != "state":
        opinion = np.full(len(names), (1 - ruled.posture.probability) / (len(names) - 1))
        opinion[names.index(ruled.posture.name)] = ruled.posture.probability
        scores = scores + _RULES * np.log(np.maximum(opinion, 1e-9))
    scores[names.index("state")] += _PLAIN
    if not ruled.official:
        threat, warning = names.index("threaten"), names.index("warn")
        scores[warning] = np.logaddexp(scores[warning], scores[threat])
        scores[threat] = -np.inf
    shares = np.exp((scores - scores.max()) / _HEAT)
    best = int(shares.argmax())
    return names[best], float(shares[best] / shares.sum())


def describe_stance(vector: np.ndarray, own: StanceClassifier | None = None) -> dict[str, Any]:
    """Return the columns that belong to one target: stance and its probabilities; by the user's own classifier, if any.

    Probabilities of labels other than the three have no column.
    """
    shares = (own or load_head("stance")).share(vector)
    known = {f"p_{name}": shares[name] for name in STANCES if name in shares}
    return {"stance": max(shares, key=lambda name: shares[name]), **known}


def describe_tone(vector: np.ndarray) -> float:
    """Return the tone toward the target, in [-1, 1]."""
    shares = load_head("sentiment").share(vector)
    return shares["support"] - shares["oppose"]
