"""The heads' opinions of a statement and its targets, joined with that of the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from diplotext.schema import STANCES, read_rows
from diplotext.stance.choice import Candidate
from diplotext.stance.classifiers import StanceClassifier, load_head
from diplotext.stance.posture.judging import posture_rows, root_rows
from diplotext.stance.ruled import Ruled

#: roots of material acts, by the name that the network knows them under.
_MATERIAL = {"AID": "AID", "COOPERATE": "COOPERATE", "YIELD": "RETREAT", "PROTEST": "PROTEST", "SANCTION": "SANCTION",
             "MOBILIZE": "MOBILIZE", "COERCE": "COERCE", "ASSAULT": "ASSAULT"}  # fmt: skip
#: weights of the rules' and of the targets' opinion of the posture and of the posture's of a stance, how much likelier
#: `state` is than the network says, and what the joint scores of postures are divided by, since the opinions are not
#: independent; chosen on the articles set aside (see the model card).
_RULES, _TARGETS, _POSTURES, _PLAIN, _HEAT = 0.3, 0.7, 0.4, -0.3, 1.25


def weigh_postures(vector: np.ndarray, ruled: Ruled, aims: Sequence[Candidate]) -> dict[str, float]:
    """Return how likely each posture is, by the network, the rules, how common it is, and the stances toward targets.

    A product of experts: the rules' opinion, spread over the other postures as far as it is unsure, counts `_RULES`
    times as much as the network's, that of the stances `_TARGETS` times (Hinton 2002, Training Products of Experts by
    Minimizing Contrastive Divergence). Nobody threatens in another's name: that is a warning.

    Parameters
    ----------
    vector
        The statement's.
    ruled
        The rules' opinion.
    aims
        The statement's targets, the main one first.
    """
    head = load_head("posture")
    names = [str(name) for name in head.classes_]
    scores = np.log(np.maximum(head.rate(vector[None])[0], 1e-9))
    if ruled.posture.name != "state":
        opinion = np.full(len(names), (1 - ruled.posture.probability) / (len(names) - 1))
        opinion[names.index(ruled.posture.name)] = ruled.posture.probability
        scores = scores + _RULES * np.log(np.maximum(opinion, 1e-9))
    for rank, aim in enumerate(aims):
        stances = load_head("stance").share(aim.vector)
        usual = _usual(aim.columns["target_kind"], main=rank == 0)
        fit = [sum(usual[name][stance] * stances[stance] for stance in STANCES) for name in names]
        scores = scores + _TARGETS * aim.columns["target_p"] * np.log(fit)
    scores[names.index("state")] += _PLAIN
    if not ruled.official:
        threat, warning = names.index("threaten"), names.index("warn")
        scores[warning] = np.logaddexp(scores[warning], scores[threat])
        scores[threat] = -np.inf
    shares = np.exp((scores - scores.max()) / _HEAT)
    return dict(zip(names, (shares / shares.sum()).tolist(), strict=True))


@cache
def _usual(kind: str, *, main: bool) -> Mapping[str, Mapping[str, float]]:
    """Return posture -> stance -> how often it is taken toward a target of this kind."""
    wanted = {"target_kind": kind, "main": str(main).lower()}
    rows = [row for row in read_rows("posture_stances.csv") if wanted.items() <= row.items()]
    return {row["posture"]: {stance: float(row[stance]) for stance in STANCES} for row in rows}


def describe_posture(vector: np.ndarray, ruled: Ruled, postures: Mapping[str, float]) -> dict[str, Any]:
    """Return the columns that belong to the statement as a whole.

    Parameters
    ----------
    vector
        The statement's.
    ruled
        The rules' opinion: where its posture is the likeliest, its codes are the finer ones.
    postures
        From `weigh_postures`.
    """
    name = max(postures, key=lambda posture: postures[posture])
    codes = posture_codes(name)
    if ruled.posture.name == name:
        codes = {key: getattr(ruled.posture, key) or codes[key] for key in codes}
    if name == "announce_act" and not codes["plover"]:
        roots = load_head("root").share(vector)
        plover = _MATERIAL[max(_MATERIAL, key=lambda root: roots[root])]
        codes = {"plover": plover, "cameo": None, "quad": root_rows()[plover]["quad"]}
    modes = load_head("mode").share(vector)
    return {
        "posture": name, "posture_p": postures[name], "mode": max(modes, key=lambda mode: modes[mode]),
        "conditional": load_head("conditional").share(vector)["true"] >= 0.5, **codes,
    }  # fmt: skip


def posture_codes(name: str) -> dict[str, str | None]:
    """Return the codes of a posture; none for a label of the user's own."""
    row = posture_rows().get(name)
    return {key: (row[key] or None) if row else None for key in ("plover", "cameo", "quad")}


def describe_stance(
    aim: Candidate, postures: Mapping[str, float], *, main: bool, own: StanceClassifier | None = None
) -> dict[str, Any]:
    """Return the columns stance and its probabilities of one target.

    Parameters
    ----------
    aim
        The target.
    postures
        From `weigh_postures`: what stances go with them counts `_POSTURES` times as much as the network.
    main
        Whether it is the main one.
    own
        The user's own classifier, which then decides alone. Probabilities of labels other than the three have no
        column.
    """
    if own is not None:
        shares = own.share(aim.vector)
    else:
        usual, shares = _usual(aim.columns["target_kind"], main=main), load_head("stance").share(aim.vector)
        for stance in STANCES:
            shares[stance] *= sum(usual[name][stance] * share for name, share in postures.items()) ** _POSTURES
        shares = {stance: share / sum(shares.values()) for stance, share in shares.items()}
    known = {f"p_{name}": shares[name] for name in STANCES if name in shares}
    return {"stance": max(shares, key=lambda name: shares[name]), **known}


def describe_tone(vector: np.ndarray) -> float:
    """Return the tone toward the target, in [-1, 1]."""
    shares = load_head("sentiment").share(vector)
    return shares["support"] - shares["oppose"]
