"""Statements and their spans against gold ones."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from diplotext import schema, spans
from diplotext.corpora import Gold
from diplotext.evaluate.scores import Score, make_score, score_calibration, share_by_article
from diplotext.findings.intervals import f1, ratio

#: how much content (Dice) a found statement must share with a gold one to match it.
MATCH = 0.5
SOURCE_KINDS = ("name", "pronoun", "organisation or place", "common noun", "none")

_Chunks = dict[str, set[spans.Span]]
_TOKEN = re.compile(r"\w+|[^\w\s]")


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

    Examples
    --------
    >>> gold = dt.corpora.load_gold(sample.folder)
    >>> pairs = match_statements(analysis.quotes, analysis.spans, gold.quotes, gold.spans)
    >>> pairs.columns.tolist(), bool(pairs["dice"].min() >= 0.5)
    (['gold_id', 'quote_id', 'dice'], True)
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
    dict of scores: by role ``exact_f1`` (a chunk is one contiguous piece, cut at line breaks; equal in both ends),
    ``begin_f1`` (equal in their first character) and ``token_f1`` (words and marks covered, one by one);
    ``linked`` precision, recall and f1 (one-to-one, content Dice ≥ 0.5), ``recall_by_kind`` and
    ``recall_by_source`` of linked statements, ``content_recall_by_kind`` (at least half of the content's characters
    found by anything), ``source_overlap`` and ``source_overlap_by_source`` (share of linked gold statements with a
    source whose found source overlaps it) and ``calibration_error`` of `confidence` against being linked with the
    right source (expected calibration error over ten bins of equal size; Naeini et al. 2015). By kind means all,
    direct, mixed, indirect, speech; by source: name, pronoun, organisation or place, common noun, none.

    Examples
    --------
    >>> gold = dt.corpora.load_gold(sample.folder)
    >>> sorted(evaluate_attribution(analysis.quotes, analysis.spans, gold))[:2]
    ['begin_f1', 'calibration_error']
    """
    order = list(gold.articles["article_id"])
    raw = dict(zip(order, gold.articles["raw_text"], strict=True))
    owner = dict(zip(quotes["quote_id"], quotes["article_id"], strict=True))
    gold_owner = dict(zip(gold.quotes["quote_id"], gold.quotes["article_id"], strict=True))
    result: dict[str, Any] = {name: {} for name in ("exact_f1", "begin_f1", "token_f1")}
    for role in reversed(schema.ROLES):
        ours, theirs = _chunks(found, role, owner, raw), _chunks(gold.spans, role, gold_owner, raw)
        for name, score in _score_chunks(ours, theirs, raw).items():
            result[name][role] = score

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
    owners = gold.quotes["article_id"]
    sort_of = gold.quotes["speaker_mention"].map(tell_source)
    result["recall_by_kind"] = _break_down(matched, owners, kinds, schema.KINDS)
    result["recall_by_source"] = _break_down(matched, owners, sort_of, SOURCE_KINDS)
    result["content_recall_by_kind"] = _break_down(pd.Series(covered), owners, kinds, schema.KINDS)

    sources, gold_sources = pieces_of(found, "source"), pieces_of(gold.spans, "source")
    right = {
        (gold_id, quote_id): bool(spans.overlap(sources.get(quote_id, []), gold_sources[gold_id]))
        for gold_id, quote_id in zip(pairs["gold_id"], pairs["quote_id"], strict=True)
        if gold_id in gold_sources
    }
    linked = gold.quotes.set_index("quote_id").loc[[gold_id for gold_id, _ in right]]
    hits, linked_owner = pd.Series(list(right.values()), dtype=bool), linked["article_id"]
    result["source_overlap"] = _break_down(hits, linked_owner, linked["kind"], schema.KINDS)
    sorts = linked["speaker_mention"].map(tell_source)
    result["source_overlap_by_source"] = _break_down(hits, linked_owner, sorts, SOURCE_KINDS)
    wrong = {quote_id for (_, quote_id), hit in right.items() if not hit}
    good = quotes["quote_id"].isin(pairs["quote_id"]) & ~quotes["quote_id"].isin(wrong)
    if quotes["confidence"].notna().any():
        result["calibration_error"] = score_calibration(quotes["confidence"], good, quotes["article_id"])
    return result


def tell_source(mention: object) -> str:
    """Tell what kind of source is printed: one of `SOURCE_KINDS`, read alone and by its first name if it has several.

    Parameters
    ----------
    mention
        As printed; None or missing gives ``none``.
    """
    from diplotext.names import load_index
    from diplotext.names.mentions import parse_mention
    from diplotext.names.titles import is_organisation, is_thing

    index = load_index()
    parsed = parse_mention(mention, index) if isinstance(mention, str) else None
    while parsed is not None and parsed.parts:
        parsed = parsed.parts[0]
    if parsed is None or parsed.kind == "empty":
        return "none"
    if parsed.kind == "name":
        thing = is_thing(parsed.name, index) or is_organisation(parsed.name)
        return "organisation or place" if thing else "name"
    return "pronoun" if parsed.kind == "pronoun" else "common noun"


def _score_chunks(ours: _Chunks, theirs: _Chunks, raw: Mapping[str, str]) -> dict[str, Score]:
    """Return exact, begin and token F1 of one role's chunks; articles without any count for nothing."""
    counts: dict[str, list[list[int]]] = {"exact_f1": [], "begin_f1": [], "token_f1": []}
    for article, text in raw.items():
        a, b = ours.get(article, set()), theirs.get(article, set())
        begins = {s for s, _ in a}, {s for s, _ in b}
        tokens = [m.span() for m in _TOKEN.finditer(text)]
        covered = _covered(tokens, a), _covered(tokens, b)
        sides: list[tuple[set[Any], set[Any]]] = [(a, b), begins, covered]
        for name, (mine, wanted) in zip(counts, sides, strict=True):
            counts[name].append([len(mine & wanted), len(mine), len(wanted)])
    return {name: make_score(np.array(rows, float), f1, sum(r[2] for r in rows)) for name, rows in counts.items()}


def _covered(tokens: list[spans.Span], chunks: set[spans.Span]) -> set[int]:
    """Return the numbers of the tokens that share a character with a chunk."""
    starts, ends = [s for s, _ in tokens], [e for _, e in tokens]
    return {n for s, e in chunks for n in range(bisect_right(ends, s), bisect_left(starts, e))}


def _chunks(found: pd.DataFrame, role: str, owner: Mapping[str, str], raw: Mapping[str, str]) -> _Chunks:
    chunks: _Chunks = {}
    for quote_id, pieces in pieces_of(found, role).items():
        article = owner[quote_id]
        for start, end in pieces:
            chunks.setdefault(article, set()).update(spans.cut_at_breaks(raw[article], start, end))
    return chunks


def _merge(pieces: list[spans.Span]) -> list[spans.Span]:
    merged: list[spans.Span] = []
    for start, end in sorted(pieces):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _break_down(hits: pd.Series, articles: pd.Series, labels: pd.Series, names: Iterable[str]) -> dict[str, Score]:
    """Return the share of hits over all, and over each label that occurs."""
    frame = pd.DataFrame({"hit": hits.to_numpy(), "article": articles.to_numpy(), "label": labels.to_numpy()})
    result = {"all": share_by_article(frame["hit"], frame["article"])}
    for name in names:
        rows = frame[frame["label"] == name]
        if len(rows):
            result[name] = share_by_article(rows["hit"], rows["article"])
    return result
