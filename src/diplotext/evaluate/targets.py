"""Targets of statements, and the stance toward them, against what people or coders found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from diplotext import spans
from diplotext.corpora import Gold
from diplotext.evaluate.attribution import match_statements
from diplotext.evaluate.scores import make_score, score_calibration, score_labels, share_by_article
from diplotext.findings.intervals import ratio


def evaluate_targets(quotes: pd.DataFrame, found: pd.DataFrame, stances: pd.DataFrame, gold: Gold) -> dict[str, Any]:
    """Score targets and stances over the found statements that match a gold one.

    A target given is the gold one's where they have the same id or name, or where their printed words overlap.

    Parameters
    ----------
    quotes, found, stances
        What the stages found.
    gold
        With stances, the main target first; their ``raw_start, raw_end`` where the targets' printed words are known.

    Returns
    -------
    dict of ``target`` precision, recall and f1; ``main_target``, how often the main one is among those given, of
    statements that have one, and ``main_target_right``, how often with the right stance too; ``stance``, as
    `score_labels` gives it, toward targets that are right; ``calibration_error`` of ``target_p``.

    Raises
    ------
    ValueError
        If the gold has no stances.

    Examples
    --------
    >>> gold = dt.corpora.load_gold(sample.folder)
    >>> sorted(evaluate_targets(analysis.quotes, analysis.spans, analysis.stances, gold))[:2]
    ['calibration_error', 'main_target']
    """
    if not gold.stances["stance"].notna().any():
        raise ValueError("gold: expected targets with stances; got none (this corpus has no such labels)")
    pairs = match_statements(quotes, found, gold.quotes, gold.spans)
    articles = dict(zip(quotes["quote_id"], quotes["article_id"], strict=True))
    ours, theirs = (_by_statement(table) for table in (stances, gold.stances))
    main, given, wanted, both = [], [], [], []
    for quote_id, gold_id in pairs[["quote_id", "gold_id"]].itertuples(index=False):
        own, right, article = ours.get(quote_id, []), theirs.get(gold_id, []), articles[quote_id]
        for row in own:
            same = next((r for r in right if is_same(row, r)), None)
            given.append((article, same is not None, row["target_p"]))
            if same is not None:
                both.append((article, same["stance"], row["stance"]))
        wanted += [(article, any(is_same(row, r) for row in own)) for r in right]
        if right:
            same = next((row for row in own if is_same(row, right[0])), None)
            main.append((article, same is not None, same is not None and same["stance"] == right[0]["stance"]))
    counts = pd.DataFrame(
        {"article": [a for a, *_ in given] + [a for a, *_ in wanted], "found": [1.0] * len(given) + [0.0] * len(wanted),
         "hit": [float(h) for _, h, _ in given] + [0.0] * len(wanted), "gold": [0.0] * len(given) + [1.0] * len(wanted),
         "met": [0.0] * len(given) + [float(h) for _, h in wanted]}
    ).groupby("article").sum()  # fmt: skip
    sums = counts[["hit", "found", "met", "gold"]].to_numpy(float)
    certain = pd.DataFrame(given, columns=["article", "right", "p"]).dropna()
    return {
        "target": {
            "precision": make_score(sums[:, :2], ratio, len(given)),
            "recall": make_score(sums[:, 2:], ratio, len(wanted)),
            "f1": make_score(sums, _balance, len(wanted)),
        },
        "main_target": share_by_article([hit for _, hit, _ in main], [a for a, *_ in main]),
        "main_target_right": share_by_article([hit for *_, hit in main], [a for a, *_ in main]),
        "stance": score_labels(*_columns(both)),
        "calibration_error": score_calibration(certain["p"], certain["right"], certain["article"]),
    }


def evaluate_attitudes(quotes: pd.DataFrame, found: pd.DataFrame, stances: pd.DataFrame, gold: Gold) -> dict[str, Any]:
    """Score expressed attitudes that people found: statement, target and stance.

    Parameters
    ----------
    quotes, found, stances
        What the stages found.
    gold
        From `load_mpqa`.

    Returns
    -------
    dict of shares: ``found``, of all attitudes, a statement holds the expression and has the holder as its source;
    ``target``, of these, one of its targets overlaps the gold one; ``stance``, of these, it has the right stance;
    ``all_right``, of all attitudes, all three.

    Examples
    --------
    >>> whole = analysis.spans.groupby("quote_id")["role"].nunique() == 3
    >>> aimed = analysis.stances[analysis.stances["quote_id"].map(whole) & analysis.stances["start"].notna()]
    >>> gold = dt.corpora.Gold(*analysis[:1], analysis.quotes, analysis.spans, aimed, analysis.conditions)
    >>> evaluate_attitudes(analysis.quotes, analysis.spans, analysis.stances, gold)["all_right"]["estimate"]
    1.0
    """
    pieces = {key: _spans(rows) for key, rows in found.groupby(["quote_id", "role"], sort=False)}
    own = {article: rows["quote_id"].tolist() for article, rows in quotes.groupby("article_id")}
    states = {key: _spans(rows) for key, rows in gold.spans.groupby(["quote_id", "role"], sort=False)}
    articles = dict(zip(gold.quotes["quote_id"], gold.quotes["article_id"], strict=True))
    ours, rows = _by_statement(stances), []
    for state, wanted in gold.stances.groupby("quote_id", sort=False):
        article = articles[state]
        holder, expression = states[state, "source"], states[state, "cue"]
        statements = [
            q for q in own.get(article, [])
            if spans.overlap(expression, pieces.get((q, "cue"), []) + pieces.get((q, "content"), []))
            and spans.overlap(_union(holder), pieces.get((q, "source"), []))
        ]  # fmt: skip
        given = [row for q in statements for row in ours.get(q, [])]
        for right in wanted.to_dict("records"):
            same = [row for row in given if is_same(row, right)]
            agreed = any(row["stance"] == right["stance"] for row in same)
            rows.append((article, bool(statements), bool(same), agreed))
    table = pd.DataFrame(rows, columns=["article", "found", "target", "stance"])
    met, aimed = table[table["found"]], table[table["target"]]
    return {
        "found": share_by_article(table["found"], table["article"]),
        "target": share_by_article(met["target"], met["article"]),
        "stance": share_by_article(aimed["stance"], aimed["article"]),
        "all_right": share_by_article(table["stance"], table["article"]),
    }


def is_same(given: dict[str, Any], gold: dict[str, Any]) -> bool:
    """Tell whether two rows of stances have one target: by id, by name, or by printed words that overlap."""
    if given["target_id"] == gold["target_id"] or _normalise(given["target"]) == _normalise(gold["target"]):
        return True
    places = [given["raw_start"], given["raw_end"], gold["raw_start"], gold["raw_end"]]
    return not any(map(pd.isna, places)) and places[0] < places[3] and places[2] < places[1]


def _normalise(name: object) -> str:
    return " ".join(str(name).lower().replace("’", "'").split()).removeprefix("the ")


def _by_statement(stances: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in stances[stances["target_id"] != ""].to_dict("records"):
        rows.setdefault(row["quote_id"], []).append(row)
    return rows


def _spans(rows: pd.DataFrame) -> list[spans.Span]:
    return list(zip(rows["raw_start"].astype(int), rows["raw_end"].astype(int), strict=True))


def _union(pieces: Iterable[spans.Span]) -> list[spans.Span]:
    """Return spans that do not overlap and cover the same characters."""
    joined: list[spans.Span] = []
    for start, end in sorted(pieces):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _columns(rows: list[tuple[str, str, str]]) -> tuple[list[str], list[str], list[str]]:
    return [truth for _, truth, _ in rows], [found for *_, found in rows], [article for article, *_ in rows]


def _balance(sums: np.ndarray) -> np.ndarray:
    """Return the harmonic mean of hits over found and met over gold."""
    with np.errstate(invalid="ignore", divide="ignore"):
        precision, recall = sums[..., 0] / sums[..., 1], sums[..., 2] / sums[..., 3]
        return np.asarray(2 * precision * recall / (precision + recall))
