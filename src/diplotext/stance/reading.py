"""Targets as the network tags them: spans of word pieces."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

#: how likely a piece must be part of a target to be taken into a span; which share of its span's likeliest piece it
#: must reach at the ends; and which share of a piece's likelihood that it begins a target parts it from those before.
_EDGE, _ENDS, _BEGINS = 0.03, 0.1, 0.5


class TargetSpan(NamedTuple):
    """Words that might be a target: pieces ``[first, last)``, how likely they are one, and the main one."""

    first: int
    last: int
    tagged: float
    main: float


def list_spans(tags: np.ndarray, printed: np.ndarray) -> list[TargetSpan]:
    """Return every span that might be a target, in the order of the text.

    Parameters
    ----------
    tags
        The tags' probabilities (n, 5), in the order of `encoder.statements.TARGET_TAGS`.
    printed
        Which pieces are of the statement's text (n,); nothing else can be a target.
    """
    likely = np.where(printed, 1 - tags[:, 0], 0.0)
    begins, main = tags[:, 1] + tags[:, 3], tags[:, 1] + tags[:, 2]
    spans, first = [], -1
    for i in range(len(tags) + 1):
        inside = i < len(tags) and likely[i] >= _EDGE
        if first >= 0 and (not inside or begins[i] > likely[i] * _BEGINS):
            most = likely[first:i].max()
            kept = first + np.flatnonzero(likely[first:i] >= _ENDS * most)
            low, high = int(kept[0]), int(kept[-1]) + 1
            spans.append(TargetSpan(low, high, float(most), float(main[low:high].max())))
            first = -1
        if inside and first < 0:
            first = i
    return spans
