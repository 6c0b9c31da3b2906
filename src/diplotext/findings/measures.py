"""The measures of findings: the value of each row, and whether it counts."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from diplotext import schema

#: ends of Goldstein's scale.
_INTENSITY = (-10.0, 10.0)


class Measure(NamedTuple):
    """One measure: the value of each row, 1 where it counts, the ends of the scale, the labels that can correct it.

    A `total` adds up its values; any other divides them by the rows that count.
    """

    name: str
    value: np.ndarray
    cases: np.ndarray
    low: float
    high: float
    field: str
    total: bool = False


def list_measures(rows: pd.DataFrame, first: np.ndarray) -> list[Measure]:
    """Return the measures of joined rows, `first` being 1 where a statement stands first in its group."""
    stance = {name: (rows["stance"] == name).to_numpy(dtype=float) for name in schema.STANCES}
    has_target = ((rows["target_id"].fillna("") != "") & rows["stance"].notna()).to_numpy(dtype=float)
    decided = first * rows["posture"].notna().to_numpy(dtype=float)  # what was abstained from counts for nothing
    conditional = rows["conditional"].astype("boolean").fillna(False).to_numpy(dtype=float)
    posture = {name: (rows["posture"] == name).to_numpy(dtype=float) for name in schema.POSTURES}
    shares = [Measure(f"share_{name}", values, has_target, 0, 1, "stance") for name, values in stance.items()]
    balance = Measure("stance_balance", stance["support"] - stance["oppose"], has_target, -1, 1, "stance")
    means = []
    for name, applies, (low, high) in (("sentiment", has_target, (-1.0, 1.0)), ("intensity", decided, _INTENSITY)):
        numbers = rows[name].to_numpy(dtype=float)
        means.append(Measure(name, np.nan_to_num(numbers), applies * np.isfinite(numbers), low, high, name))
    tied = Measure("share_conditional", conditional, first, 0, 1, "conditional")
    postures = [Measure(f"posture_{name}", values, decided, 0, 1, "posture") for name, values in posture.items()]
    cooperation, conflict = (
        rows["quad"].fillna("").str.endswith(side).to_numpy(dtype=float) for side in ("cooperation", "conflict")
    )
    sign, either, appeal = cooperation - conflict, (cooperation + conflict) * decided, posture["appeal"]
    quads = [
        ("quad_balance", sign, either),
        ("quad_balance_unconditional", sign, either * (1 - conditional)),
        ("quad_balance_appeals_cooperative", np.where(appeal > 0, 1.0, sign), np.maximum(either, appeal * first)),
    ]
    balances = [Measure(name, values, cases, -1, 1, "posture") for name, values, cases in quads]
    counted = [(f"count_{m.name.removeprefix('share_')}", m) for m in (*shares, tied, *postures)]
    totals = [m._replace(name=name, total=True) for name, m in counted]
    return [*shares, balance, *means, tied, *postures, *balances, *totals]


@cache
def name_measures() -> tuple[str, ...]:
    """Return the names of all measures: findings lack those for which no row counts."""
    columns = ("stance", "target_id", "posture", "conditional", "sentiment", "intensity", "quad")
    return tuple(measure.name for measure in list_measures(pd.DataFrame(columns=columns, dtype=object), np.zeros(0)))
