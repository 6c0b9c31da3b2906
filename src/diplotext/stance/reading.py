"""Targets as the network tags them: spans of word pieces."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from diplotext.encoder import StatementReading

#: how likely a piece must be part of a target to be taken into its span; how likely a span must be a target to count,
#: and how likely the likeliest must be to count alone; how many count. Chosen on the articles set aside (model card).
_EDGE, _LEAST, _ALONE, _MOST = 0.1, 0.45, 0.15, 3


class TargetSpan(NamedTuple):
    """A target as the tagger found it: pieces ``[first, last)``, how likely it is one, and the main one."""

    first: int
    last: int
    target_p: float
    main_p: float


def find_targets(reading: StatementReading) -> list[TargetSpan]:
    """Return the spans that are targets, the likeliest main one first, the others by how likely they are."""
    spans = list_spans(reading.tags, reading.cut.start >= 0)
    chosen = [span for span in spans if span.target_p >= _LEAST]
    if not chosen:
        likeliest = max(spans, key=lambda s: (s.target_p, -s.first), default=None)
        chosen = [likeliest] if likeliest is not None and likeliest.target_p >= _ALONE else []
    chosen = sorted(chosen, key=lambda s: (-s.target_p, s.first))[:_MOST]
    main = max(chosen, key=lambda s: (s.main_p, -s.first), default=None)
    return sorted(chosen, key=lambda s: s is not main)


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
        if first >= 0 and (not inside or begins[i] > likely[i] / 2):
            spans.append(TargetSpan(first, i, float(likely[first:i].max()), float(main[first:i].max())))
            first = -1
        if inside and first < 0:
            first = i
    return spans
