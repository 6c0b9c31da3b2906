"""Intervals for statements that come in articles: the cluster bootstrap."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

_BLOCK = 5_000_000  # cells of resampling weights held at once


def bootstrap_clusters(
    sums: np.ndarray, statistic: Callable[[np.ndarray], np.ndarray], *, resamples: int = 1000, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return estimates and 95 % percentile intervals by resampling whole clusters (Efron & Tibshirani 1993, ch. 13).

    It does not resample within clusters, and with fewer than two of them there is no interval.

    Parameters
    ----------
    sums
        Shape (clusters, ...): what `statistic` needs of each cluster, as sums that add up over clusters.
    statistic
        Takes sums of shape (n, ...), returns n scores or n rows of scores; NaN where undefined.
    resamples
        Number of bootstrap samples.
    seed
        Of the random generator; the same seed gives the same interval.

    Returns
    -------
    (estimate, ci_low, ci_high), each a score or a row of scores; NaN where undefined.
    """
    clusters = len(sums)
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = statistic(sums.sum(axis=0, keepdims=True))[0]
        if clusters < 2:
            return estimate, np.full_like(estimate, np.nan), np.full_like(estimate, np.nan)
        rng = np.random.default_rng(seed)
        block = max(1, _BLOCK // clusters)
        draws = []
        for start in range(0, resamples, block):
            size = min(block, resamples - start)
            weights = rng.multinomial(clusters, np.full(clusters, 1 / clusters), size=size)
            draws.append(statistic(np.tensordot(weights, sums, axes=1)))
    values = np.sort(np.concatenate(draws), axis=0)  # NaN, from samples in which the score is undefined, sorts last
    defined = np.isfinite(values).sum(axis=0)
    bounds = []
    for share in (0.025, 0.975):
        place = np.clip(share * (defined - 1), 0, None)
        low, high = np.floor(place).astype(int), np.ceil(place).astype(int)
        at_low, at_high = (np.take_along_axis(values, k[None], axis=0)[0] for k in (low, high))
        bounds.append(at_low + (at_high - at_low) * (place - low))
    return estimate, bounds[0], bounds[1]


def ratio(sums: np.ndarray) -> np.ndarray:
    """Return the first column over the second: a share or a mean."""
    return sums[..., 0] / sums[..., 1]


def f1(sums: np.ndarray) -> np.ndarray:
    """Return F1 from columns hits, found, wanted (van Rijsbergen 1979)."""
    return 2 * sums[..., 0] / (sums[..., 1] + sums[..., 2])
