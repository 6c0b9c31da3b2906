"""Intervals for statements that come in articles: the cluster bootstrap."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

_BLOCK = 5_000_000  # cells of resampling weights held at once


def bootstrap_clusters(
    sums: np.ndarray, statistic: Callable[[np.ndarray], np.ndarray], *, resamples: int = 1000, seed: int = 0
) -> tuple[float, float, float]:
    """Return estimate and 95 % percentile interval by resampling whole clusters (Efron & Tibshirani 1993, ch. 13).

    It does not resample within clusters, and with fewer than two of them there is no interval.

    Parameters
    ----------
    sums
        Shape (clusters, k): what `statistic` needs of each cluster, as sums that add up over clusters.
    statistic
        Takes sums of shape (..., k), returns the score of shape (...); NaN where it is undefined.
    resamples
        Number of bootstrap samples.
    seed
        Of the random generator; the same seed gives the same interval.

    Returns
    -------
    (estimate, ci_low, ci_high); NaN where undefined.
    """
    clusters = len(sums)
    if not clusters:
        return np.nan, np.nan, np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = float(statistic(sums.sum(axis=0)))
        if clusters < 2:
            return estimate, np.nan, np.nan
        rng = np.random.default_rng(seed)
        block = max(1, _BLOCK // clusters)
        draws = []
        for start in range(0, resamples, block):
            size = min(block, resamples - start)
            weights = rng.multinomial(clusters, np.full(clusters, 1 / clusters), size=size)
            draws.append(statistic(weights @ sums))
    values = np.concatenate(draws)
    values = values[np.isfinite(values)]
    if not len(values):
        return estimate, np.nan, np.nan
    low, high = np.percentile(values, [2.5, 97.5])
    return estimate, float(low), float(high)


def ratio(sums: np.ndarray) -> np.ndarray:
    """Return the first column over the second: a share or a mean."""
    return sums[..., 0] / sums[..., 1]


def f1(sums: np.ndarray) -> np.ndarray:
    """Return F1 from columns hits, found, wanted (van Rijsbergen 1979)."""
    return 2 * sums[..., 0] / (sums[..., 1] + sums[..., 2])
