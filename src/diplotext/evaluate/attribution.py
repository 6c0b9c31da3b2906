"""Statements and their spans against gold ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from diplotext import schema, spans
from diplotext.corpora import Gold, cut_at_breaks
from diplotext.evaluate.scores import Score, make_score, share_by_article
from diplotext.findings.intervals import f1, ratio

#: how much content (Dice) a found statement must share with a gold one to match it.
MATCH = 0.5


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
        result["exact_f1"][role] = make_score(np.array(counts, float), f1, sum(c[2] for c in counts))

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
        "precision": make_score(counts_linked[:, [0, 1]], ratio, len(quotes)),
        "recall": make_score(counts_linked[:, [0, 2]], ratio, n),
        "f1": make_score(counts_linked, f1, n),
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
    result = {"all": share_by_article(frame["hit"], frame["article"])}
    for kind in schema.KINDS:
        rows = frame[frame["kind"] == kind]
        if len(rows):
            result[kind] = share_by_article(rows["hit"], rows["article"])
    return result
