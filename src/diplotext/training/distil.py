"""A larger network that teaches the one that ships: what it makes of statements, labelled or not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from diplotext.encoder.statements import pool_statement
from diplotext.stance.reading import list_spans
from diplotext.training.cases import SHOWN, Case, Taught
from diplotext.training.coded import WHOLE

#: how likely a span must be a target, to its teacher, for its stance and kind to be learned.
_LIKELY = 0.1


def teach_cases(cases: Sequence[Case], heads: dict[str, nn.Linear], read: Any, path: Path) -> list[Case]:
    """Return the cases, the open ones that are not kept aside with what a teacher makes of them.

    Parameters
    ----------
    cases
        Statements, some shown open.
    heads
        The teacher's, by task.
    read
        Returns the teacher's logits, probabilities of tags and states of cases, as `Learner.read`.
    path
        Where the readings are kept; read from there if they are.
    """
    chosen = [n for n, case in enumerate(cases) if SHOWN[case.shown] == "open" and not case.aside]
    if path.exists():
        kept = torch.load(path, weights_only=True)
    else:
        kept = []
        for start in tqdm(range(0, len(chosen), 960), desc="teacher reads", unit="part"):
            part = [cases[n] for n in chosen[start : start + 960]]
            _, tags, states = read(part)
            for case, own, vectors in zip(part, tags, states, strict=True):
                kept.append([torch.from_numpy(a) for a in _take(case, own, vectors.astype(np.float32), heads)])
        torch.save(kept, path)
    taught = dict(zip(chosen, kept, strict=True))
    return [
        case._replace(taught=Taught(*(a.numpy() for a in taught[n]))) if n in taught else case
        for n, case in enumerate(cases)
    ]


def _take(case: Case, tags: np.ndarray, states: np.ndarray, heads: dict[str, nn.Linear]) -> Taught:
    printed = case.cut.start >= 0
    places = [(s.first, s.last) for s in list_spans(tags, printed) if s.tagged >= _LIKELY]
    places = list({*places, *(place[:2] for place in case.places)})
    places.sort()
    vectors = np.stack([pool_statement(states, case.cut.part, place) for place in places]) if places else None
    whole = pool_statement(states, case.cut.part)[None]

    def shares(task: str, rows: np.ndarray | None) -> np.ndarray:
        if rows is None:
            return np.zeros((0, heads[task].out_features), np.float16)
        with torch.no_grad():
            return heads[task](torch.from_numpy(rows)).softmax(-1).numpy().astype(np.float16)

    return Taught(
        tags.astype(np.float16), np.concatenate([shares(task, whole) for task in WHOLE], 1),
        np.array(places, np.int64).reshape(-1, 2), shares("stance", vectors), shares("kind", vectors),
    )  # fmt: skip


def imitate(scores: Tensor, heads: nn.ModuleDict, whole: Tensor, places: Tensor, batch: Sequence[Case],
            weight: float) -> Tensor:  # fmt: skip
    """Return the cross-entropy of a batch to what its teacher made of it, summed over tasks, mean over statements.

    Parameters
    ----------
    scores
        Of tags (n, length, 5).
    heads
        By task.
    whole, places
        Vectors of the statements (n, 3 · width), and of the places of those that are taught, in their order.
    batch, weight
        The statements, and the weight of the tags' share.
    """
    rows, taught = zip(*((n, case.taught) for n, case in enumerate(batch) if case.taught is not None), strict=True)
    device = scores.device

    def entropy(found: Tensor, wanted: np.ndarray) -> Tensor:
        shares = torch.from_numpy(wanted.astype(np.float32)).to(device)
        return nn.functional.cross_entropy(found, shares, reduction="sum")

    printed = [np.flatnonzero(batch[n].cut.start >= 0) for n in rows]
    mine = torch.cat([scores[n, torch.from_numpy(p).to(device)] for n, p in zip(rows, printed, strict=True)])
    theirs = np.concatenate([t.tags[p] for t, p in zip(taught, printed, strict=True)])
    loss = weight * entropy(mine, theirs) / len(theirs) * len(rows) / len(batch)
    at = 0
    shares = np.concatenate([t.whole for t in taught])
    for task in WHOLE:
        size = heads[task].out_features
        loss = loss + entropy(heads[task](whole[list(rows)]), shares[:, at : at + size]) / len(batch)
        at += size
    if len(places):
        for task in ("stance", "kind"):
            wanted = np.concatenate([getattr(t, task) for t in taught])
            loss = loss + entropy(heads[task](places), wanted) / len(batch)
    return loss
