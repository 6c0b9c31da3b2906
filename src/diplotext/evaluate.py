"""Scores: what the stages find against what people found, each with its n and a bootstrap interval.

Every score is a dict ``{"estimate", "ci_low", "ci_high", "n"}`` in [0, 1]. Intervals are 95 % percentile intervals
from 1,000 resamples of whole articles (Efron & Tibshirani 1993, ch. 13), since statements of one article are not independent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from diplotext import schema, spans
from diplotext.corpora import Gold, cut_at_breaks

Score = dict[str, float | int | None]

#: how much content (Dice) a found statement must share with a gold one to match it.
MATCH = 0.5


def bootstrap_score(
    counts: np.ndarray, statistic: Callable[[np.ndarray], np.ndarray], n: int, *, resamples: int = 1000, seed: int = 0
) -> Score:
    """Score with a percentile interval from resampling the rows of `counts`.

    Parameters
    ----------
    counts
        Shape (clusters, k): sums of one cluster, such as an article, in each row.
    statistic
        Takes sums over clusters, shape (..., k), and returns the score, shape (...); NaN where undefined.
    n
        The number of cases behind the score, reported as it is.
    resamples, seed
        Of the bootstrap.

    Returns
    -------
    dict with estimate, ci_low, ci_high (None where undefined) and n.
    """
    if not len(counts) or n == 0:
        return {"estimate": None, "ci_low": None, "ci_high": None, "n": n}
    rng = np.random.default_rng(seed)
    weights = rng.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), size=resamples)
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = float(statistic(counts.sum(axis=0)))
        draws = statistic(weights @ counts)
    draws = draws[np.isfinite(draws)]
    low, high = np.percentile(draws, [2.5, 97.5]) if len(draws) else (np.nan, np.nan)
    numbers = (estimate, float(low), float(high))
    low_high = [round(v, 4) if np.isfinite(v) else None for v in numbers]
    return {"estimate": low_high[0], "ci_low": low_high[1], "ci_high": low_high[2], "n": n}


def _f1(sums: np.ndarray) -> np.ndarray:  # columns: true positives, found, gold
    return 2 * sums[..., 0] / (sums[..., 1] + sums[..., 2])


def _share(sums: np.ndarray) -> np.ndarray:  # columns: hits, cases
    return sums[..., 0] / sums[..., 1]


def _share_by_article(hits: Sequence[bool] | pd.Series, articles: Sequence[str] | pd.Series) -> Score:
    frame = pd.DataFrame({"hit": np.asarray(hits, dtype=float), "article": np.asarray(articles, dtype=object)})
    counts = frame.groupby("article")["hit"].agg(["sum", "size"]).to_numpy(dtype=float)
    return bootstrap_score(counts, _share, len(frame))


def match_statements(
    quotes: pd.DataFrame, found: pd.DataFrame, gold_quotes: pd.DataFrame, gold: pd.DataFrame
) -> pd.DataFrame:
    """Pair found statements with gold ones, one to one, by the Dice overlap of their content in raw offsets.

    Parameters
    ----------
    quotes, found
        The quotes and spans tables that a stage returned.
    gold_quotes, gold
        The same two tables made by people.

    Returns
    -------
    DataFrame gold_id, quote_id, dice (≥ 0.5); the largest overlaps are paired first.
    """
    ours, theirs = _content(quotes, found), _content(gold_quotes, gold)
    candidates = []
    for article, statements in theirs.items():
        for gold_id, gold_content in statements.items():
            for quote_id, content in ours.get(article, {}).items():
                if content[0][0] < gold_content[-1][1] and gold_content[0][0] < content[-1][1]:
                    score = spans.dice(content, gold_content)
                    if score >= MATCH:
                        candidates.append((-score, gold_id, quote_id))
    pairs, used_gold, used = [], set(), set()
    for score, gold_id, quote_id in sorted(candidates):
        if gold_id not in used_gold and quote_id not in used:
            used_gold.add(gold_id)
            used.add(quote_id)
            pairs.append({"gold_id": gold_id, "quote_id": quote_id, "dice": -score})
    return pd.DataFrame(pairs, columns=["gold_id", "quote_id", "dice"])


def _content(quotes: pd.DataFrame, found: pd.DataFrame) -> dict[str, dict[str, list[spans.Span]]]:
    """Return article_id → quote_id → content spans in raw offsets, sorted."""
    pieces = pieces_of(found, "content")
    tables: dict[str, dict[str, list[spans.Span]]] = {}
    for article, quote_id in zip(quotes["article_id"], quotes["quote_id"], strict=True):
        if quote_id in pieces:
            tables.setdefault(article, {})[quote_id] = pieces[quote_id]
    return tables


def pieces_of(found: pd.DataFrame, role: str) -> dict[str, list[spans.Span]]:
    """Return quote_id → sorted raw spans of one role."""
    rows = found[found["role"] == role]
    pieces: dict[str, list[spans.Span]] = {}
    for quote_id, start, end in zip(rows["quote_id"], rows["raw_start"], rows["raw_end"], strict=True):
        pieces.setdefault(quote_id, []).append((int(start), int(end)))
    return {quote_id: sorted(spans_) for quote_id, spans_ in pieces.items()}


def evaluate_attribution(quotes: pd.DataFrame, found: pd.DataFrame, gold: Gold) -> dict[str, Any]:
    """Score found statements and their spans against gold ones.

    Parameters
    ----------
    quotes, found
        Quotes and spans of `gold.articles` as a stage found them.
    gold
        From `load_polnear` or `load_gold`.

    Returns
    -------
    dict of scores: ``exact_f1`` by role (a chunk is one contiguous piece, cut at line breaks; equal in both ends),
    ``linked`` precision, recall and f1 (one-to-one, content Dice ≥ 0.5), ``recall_by_kind`` of linked statements,
    ``content_recall_by_kind`` (at least half of the content's characters found by anything), and ``source_overlap``
    (share of linked gold statements with a source whose found source overlaps it), overall and by kind.
    """
    order = list(gold.articles["article_id"])
    raw = dict(zip(order, gold.articles["raw_text"], strict=True))
    result: dict[str, Any] = {"exact_f1": {}}
    owner = dict(zip(quotes["quote_id"], quotes["article_id"], strict=True))
    gold_owner = dict(zip(gold.quotes["quote_id"], gold.quotes["article_id"], strict=True))
    for role in reversed(schema.ROLES):
        ours, theirs = _chunks(found, role, owner, raw), _chunks(gold.spans, role, gold_owner, raw)
        pairs_of = [(ours.get(a, set()), theirs.get(a, set())) for a in order]
        counts = [[len(a & b), len(a), len(b)] for a, b in pairs_of]
        result["exact_f1"][role] = bootstrap_score(np.array(counts, float), _f1, sum(c[2] for c in counts))

    pairs = match_statements(quotes, found, gold.quotes, gold.spans)
    matched = gold.quotes["quote_id"].isin(pairs["gold_id"])
    per_article = pd.DataFrame(
        {
            "hits": gold.quotes[matched].groupby("article_id").size(),
            "found": quotes.groupby("article_id").size(),
            "gold": gold.quotes.groupby("article_id").size(),
        }
    ).reindex(order)
    counts_linked = per_article.fillna(0).to_numpy(dtype=float)
    n = len(gold.quotes)
    result["linked"] = {
        "precision": bootstrap_score(counts_linked[:, [0, 1]], _share, len(quotes)),
        "recall": bootstrap_score(counts_linked[:, [0, 2]], _share, n),
        "f1": bootstrap_score(counts_linked, _f1, n),
    }
    kinds = gold.quotes["kind"]
    everything = {a: _merge([s for q in found_ for s in found_[q]]) for a, found_ in _content(quotes, found).items()}
    wanted = pieces_of(gold.spans, "content")
    covered = [
        spans.overlap(wanted[q], everything.get(a, [])) >= sum(e - s for s, e in wanted[q]) / 2
        for q, a in zip(gold.quotes["quote_id"], gold.quotes["article_id"], strict=True)
    ]
    result["recall_by_kind"] = _by_kind(matched, gold.quotes["article_id"], kinds)
    result["content_recall_by_kind"] = _by_kind(pd.Series(covered), gold.quotes["article_id"], kinds)

    sources, gold_sources = pieces_of(found, "source"), pieces_of(gold.spans, "source")
    kind_of = dict(zip(gold.quotes["quote_id"], kinds, strict=True))
    rows = [
        (bool(spans.overlap(sources.get(quote_id, []), gold_sources[gold_id])), gold_owner[gold_id], kind_of[gold_id])
        for gold_id, quote_id in zip(pairs["gold_id"], pairs["quote_id"], strict=True)
        if gold_id in gold_sources
    ]
    frame = pd.DataFrame(rows, columns=["hit", "article", "kind"])
    result["source_overlap"] = _by_kind(frame["hit"], frame["article"], frame["kind"])
    return result


def _chunks(
    found: pd.DataFrame, role: str, owner: Mapping[str, str], raw: Mapping[str, str]
) -> dict[str, set[tuple[int, int]]]:
    chunks: dict[str, set[tuple[int, int]]] = {}
    for quote_id, pieces in pieces_of(found, role).items():
        article = owner[quote_id]
        for start, end in pieces:
            chunks.setdefault(article, set()).update(cut_at_breaks(raw[article], start, end))
    return chunks


def _merge(pieces: list[spans.Span]) -> list[spans.Span]:
    merged: list[spans.Span] = []
    for start, end in sorted(pieces):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _by_kind(hits: pd.Series, articles: pd.Series, kinds: pd.Series) -> dict[str, Score]:
    frame = pd.DataFrame({"hit": hits.to_numpy(), "article": articles.to_numpy(), "kind": kinds.to_numpy()})
    result = {"all": _share_by_article(frame["hit"], frame["article"])}
    for kind in schema.KINDS:
        rows = frame[frame["kind"] == kind]
        if len(rows):
            result[kind] = _share_by_article(rows["hit"], rows["article"])
    return result


def evaluate_speakers(quotes: pd.DataFrame, found: pd.DataFrame, gold: Gold) -> dict[str, Any]:
    """Score resolved speakers over the found statements that match a gold one.

    Parameters
    ----------
    quotes, found
        Quotes after `resolve_speakers`, and their spans.
    gold
        With `speaker` and `country` in its quotes, as `load_gold` gives them.

    Returns
    -------
    dict of scores: ``speaker``, ``speaker_kind``, ``sector`` and ``country`` (share equal to gold; a missing value
    equals a missing one), ``speaker_by_resolution``, and ``found`` (share of gold statements matched at all).

    Raises
    ------
    ValueError
        If the gold has no speakers.
    """
    if not gold.quotes["speaker"].notna().any():
        raise ValueError("gold: expected canonical speakers; got none (this corpus has no speaker identities)")
    both = _joined(quotes, found, gold)
    result: dict[str, Any] = {
        "found": _share_by_article(gold.quotes["quote_id"].isin(both["gold_id"]), gold.quotes["article_id"])
    }
    for column in ("speaker", "speaker_kind", "sector", "country"):
        hits = both[column].fillna("") == both[f"{column}_gold"].fillna("")
        result[column] = _share_by_article(hits, both["article_id"])
    right = both["speaker"].fillna("") == both["speaker_gold"].fillna("")
    result["speaker_by_resolution"] = {
        str(how): _share_by_article(right[rows.index], rows["article_id"])
        for how, rows in both.groupby(both["resolution"].fillna("unresolved"))
    }
    return result


def _joined(quotes: pd.DataFrame, found: pd.DataFrame, gold: Gold) -> pd.DataFrame:
    pairs = match_statements(quotes, found, gold.quotes, gold.spans)
    gold_quotes = gold.quotes.add_suffix("_gold").rename(columns={"quote_id_gold": "gold_id"})
    return pairs.merge(quotes, on="quote_id").merge(gold_quotes, on="gold_id")


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
        return np.nanmean(_f1(sums.reshape(*sums.shape[:-1], len(names), 3)), axis=-1)

    return {
        "macro_f1": bootstrap_score(counts, macro, len(frame)),
        "accuracy": _share_by_article(frame["truth"] == frame["found"], frame["group"]),
        "per_label": {
            name: bootstrap_score(counts[:, 3 * i : 3 * i + 3], _f1, int(counts[:, 3 * i + 2].sum()))
            for i, name in enumerate(names)
        },
    }


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
    dict as `score_labels` gives it for posture, and ``conditional`` f1.

    Raises
    ------
    ValueError
        If the gold has no postures.
    """
    both = _labelled(quotes, found, stances, gold).drop_duplicates("gold_id")
    result = score_labels(both["posture_gold"], both["posture"], both["article_id"])
    flags = [
        both[c].astype("boolean").fillna(False).to_numpy(dtype=bool) 
        for c in ("conditional", "conditional_gold")
    ]
    counts = (
        pd.DataFrame({"hit": flags[0] & flags[1], "found": flags[0], "gold": flags[1]})
        .groupby(both["article_id"].to_numpy())
        .sum()
    )
    result["conditional"] = bootstrap_score(counts.to_numpy(dtype=float), _f1, int(flags[1].sum()))
    return result


def evaluate_stance(quotes: pd.DataFrame, found: pd.DataFrame, stances: pd.DataFrame, gold: Gold) -> dict[str, Any]:
    """Score targets, and the stance toward targets that are right, over found statements that match a gold one.

    Parameters
    ----------
    quotes, found, stances
        What the stages found.
    gold
        With stances, as `load_gold` gives them.

    Returns
    -------
    dict as `score_labels` gives it for the stance toward shared targets, and ``target`` precision, recall, f1.

    Raises
    ------
    ValueError
        If the gold has no stances.
    """
    both = _labelled(quotes, found, stances, gold)
    rows = stances.merge(both[["quote_id", "gold_id", "article_id"]].drop_duplicates(), on="quote_id")
    wanted = gold.stances.rename(columns={"quote_id": "gold_id"}).merge(
        both[["gold_id", "article_id"]].drop_duplicates(), on="gold_id"
    )
    ours, theirs = rows[rows["target_id"] != ""], wanted[wanted["target_id"] != ""]
    shared = ours.merge(theirs, on=["gold_id", "target_id"], suffixes=("", "_gold"))
    counts = pd.DataFrame(
        {
            "hit": shared.groupby("article_id").size(),
            "found": ours.groupby("article_id").size(),
            "gold": theirs.groupby("article_id").size(),
        }
    )
    sums = counts.fillna(0).to_numpy(dtype=float)
    result = score_labels(shared["stance_gold"], shared["stance"], shared["article_id"])
    result["target"] = {
        "precision": bootstrap_score(sums[:, [0, 1]], _share, len(ours)),
        "recall": bootstrap_score(sums[:, [0, 2]], _share, len(theirs)),
        "f1": bootstrap_score(sums, _f1, len(theirs)),
    }
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
