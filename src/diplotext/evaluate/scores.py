"""Scores with their interval and n, and how they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from diplotext.findings.intervals import bootstrap_clusters, estimate_ratios, f1, ratio

Score = dict[str, float | int | None]

#: steps in which coverage is measured.
_STEPS = 40


def make_score(sums: np.ndarray, statistic: Callable[[np.ndarray], np.ndarray], n: int) -> Score:
    """Score with its interval from sums by article, shape (articles, k).

    A share (`ratio`) has the interval of `estimate_ratios`, anything else that of `bootstrap_clusters`.

    Returns
    -------
    dict with estimate, ci_low, ci_high (in [0, 1]; None where undefined, such as with a single article) and n.
    """
    if statistic is ratio:
        values, cases = sums[:, [0]], sums[:, [1]]
        found = [float(part[0]) for part in estimate_ratios(values, cases, values)[:3]]
    else:
        found = [float(np.clip(part, 0, 1)) for part in bootstrap_clusters(sums, statistic)]
    estimate, low, high = (round(v, 4) if np.isfinite(v) else None for v in found)
    return {"estimate": estimate, "ci_low": low, "ci_high": high, "n": n}


def share_by_article(hits: Iterable[bool], articles: Iterable[str]) -> Score:
    """Score the share of hits, articles being clusters."""
    frame = pd.DataFrame({"hit": np.array(list(hits), dtype=float), "article": list(articles)})
    counts = frame.groupby("article")["hit"].agg(["sum", "size"]).to_numpy(dtype=float)
    return make_score(counts, ratio, len(frame))


def score_labels(truth: Iterable[str], found: Iterable[str], groups: Iterable[str]) -> dict[str, Any]:
    """Score one label per case.

    Parameters
    ----------
    truth, found
        Labels, in the same order.
    groups
        The article (or speaker, debate) of each case: what the bootstrap resamples.

    Returns
    -------
    dict with ``accuracy``, ``macro_f1`` (mean over the labels that stand in `truth`) and ``per_label`` f1.

    Examples
    --------
    >>> score_labels(["warn", "warn", "deny"], ["warn", "deny", "deny"], ["a", "b", "c"])["accuracy"]["estimate"]
    0.67
    """
    frame = pd.DataFrame({"truth": list(truth), "found": list(found), "group": list(groups)})
    names = sorted(set(frame["truth"]))
    columns = {}
    for name in names:
        is_truth, is_found = frame["truth"] == name, frame["found"] == name
        columns[f"{name}\thit"] = is_truth & is_found
        columns[f"{name}\tfound"] = is_found
        columns[f"{name}\tgold"] = is_truth
    counts = pd.DataFrame(columns).groupby(frame["group"].to_numpy()).sum().to_numpy(dtype=float)

    def macro(sums: np.ndarray) -> np.ndarray:
        return np.nanmean(f1(sums.reshape(*sums.shape[:-1], len(names), 3)), axis=-1)

    return {
        "macro_f1": make_score(counts, macro, len(frame)),
        "accuracy": share_by_article(frame["truth"] == frame["found"], frame["group"]),
        "per_label": {
            name: make_score(counts[:, 3 * i : 3 * i + 3], f1, int(counts[:, 3 * i + 2].sum()))
            for i, name in enumerate(names)
        },
    }


def score_calibration(confidence: pd.Series, right: pd.Series, articles: pd.Series, bins: int = 10) -> Score:
    """Score how far confidences are from what they promise: the expected calibration error, 0 when they are true.

    Cases are sorted by confidence into bins of equal size; each bin's share of right cases is held against its mean
    confidence (Naeini, Cooper & Hauskrecht 2015, with bins of equal size).

    Parameters
    ----------
    confidence
        In [0, 1].
    right
        Whether each case was right.
    articles
        The article of each case: what the bootstrap resamples.
    bins
        Number of bins.
    """
    sums = _sum_bins(confidence, right, articles, bins)

    def error(totals: np.ndarray) -> np.ndarray:
        gaps = np.abs(totals[..., 0] - totals[..., 1]).sum(-1)
        return gaps / totals[..., 2].sum(-1)

    return make_score(sums, error, len(confidence))


def score_coverage(confidence: pd.Series, right: pd.Series, articles: pd.Series, wanted: float = 0.95) -> Score:
    """Score the largest share of cases, by falling confidence in steps of 1/40, of which `wanted` are right."""
    sums = _sum_bins(confidence, right, articles, _STEPS)[:, ::-1]

    def cover(totals: np.ndarray) -> np.ndarray:
        running = totals.cumsum(-2)
        enough = running[..., 1] >= wanted * np.maximum(running[..., 2], 1)
        return np.asarray((enough * running[..., 2]).max(-1) / running[..., -1, 2])

    return make_score(sums, cover, len(confidence))


def _sum_bins(confidence: pd.Series, right: pd.Series, articles: pd.Series, bins: int) -> np.ndarray:
    """Return confidence, right cases and cases by article and bin of rising confidence, (articles, bins, 3)."""
    number = (confidence.rank(method="first", pct=True).to_numpy() * bins - 1e-9).astype(int)
    sums = np.zeros((articles.nunique(), bins, 3))
    cells = (pd.factorize(articles)[0], number)
    for column, values in enumerate((confidence.to_numpy(float), right.to_numpy(float), np.ones(len(number)))):
        np.add.at(sums[..., column], cells, values)
    return sums


def tabulate_scores(scores: Mapping[str, Any]) -> pd.DataFrame:
    """Return nested scores as a table: score (its path, joined by " · "), estimate, ci_low, ci_high, n; in order.

    Examples
    --------
    >>> scores = {"posture": {"accuracy": {"estimate": 0.5, "ci_low": 0.2, "ci_high": 0.8, "n": 4}}}
    >>> tabulate_scores(scores).to_numpy().tolist()
    [['posture · accuracy', 0.5, 0.2, 0.8, 4]]
    """
    rows = []
    for name, value in scores.items():
        if "estimate" in value:
            rows.append(pd.DataFrame([{"score": name, **value}]))
        else:
            inner = tabulate_scores(value)
            rows.append(inner.assign(score=name + " · " + inner["score"]))
    columns = {"score": "str", "estimate": "float64", "ci_low": "float64", "ci_high": "float64", "n": "Int64"}
    return pd.concat([row.astype(columns) for row in rows], ignore_index=True)[list(columns)]
