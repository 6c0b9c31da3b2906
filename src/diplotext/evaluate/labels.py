"""Postures of matched statements against gold ones."""

from __future__ import annotations

from typing import Any

import pandas as pd

from diplotext.corpora import Gold
from diplotext.evaluate.attribution import match_statements
from diplotext.evaluate.scores import make_score, score_labels, share_by_article
from diplotext.findings.intervals import f1


def evaluate_posture(quotes: pd.DataFrame, found: pd.DataFrame, stances: pd.DataFrame, gold: Gold) -> dict[str, Any]:
    """Score posture and conditionality over the found statements that match a gold one.

    Parameters
    ----------
    quotes, found, stances
        What the stages found.
    gold
        With `posture` and `conditional` in its stances, as `load_gold` gives them.

    Returns
    -------
    dict as `score_labels` gives it for posture, ``conditional`` f1, and ``mode``, the share that is right.

    Raises
    ------
    ValueError
        If the gold has no postures.

    Examples
    --------
    >>> gold = dt.corpora.load_gold(sample.folder)
    >>> sorted(evaluate_posture(analysis.quotes, analysis.spans, analysis.stances, gold))[:2]
    ['accuracy', 'conditional']
    """
    both = _labelled(quotes, found, stances, gold).drop_duplicates("gold_id")
    result = score_labels(both["posture_gold"], both["posture"], both["article_id"])
    flags = [both[c].astype("boolean").fillna(False).to_numpy(dtype=bool) for c in ("conditional", "conditional_gold")]
    counts = (
        pd.DataFrame({"hit": flags[0] & flags[1], "found": flags[0], "gold": flags[1]})
        .groupby(both["article_id"].to_numpy())
        .sum()
    )
    result["conditional"] = make_score(counts.to_numpy(dtype=float), f1, int(flags[1].sum()))
    result["mode"] = share_by_article(both["mode"] == both["mode_gold"], both["article_id"])
    return result


def _labelled(quotes: pd.DataFrame, found: pd.DataFrame, stances: pd.DataFrame, gold: Gold) -> pd.DataFrame:
    if not gold.stances["posture"].notna().any():
        raise ValueError("gold: expected postures and stances; got none (this corpus has no such labels)")
    pairs = match_statements(quotes, found, gold.quotes, gold.spans).merge(
        quotes[["quote_id", "article_id"]], on="quote_id"
    )
    columns = ["quote_id", "posture", "conditional", "mode"]
    first = gold.stances[columns].drop_duplicates("quote_id").add_suffix("_gold")
    return pairs.merge(stances[columns].drop_duplicates("quote_id"), on="quote_id").merge(
        first.rename(columns={"quote_id_gold": "gold_id"}), on="gold_id"
    )
