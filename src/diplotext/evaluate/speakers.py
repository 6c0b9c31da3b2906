"""Resolved speakers against gold ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from diplotext.corpora import Gold
from diplotext.evaluate.attribution import match_statements, pieces_of
from diplotext.evaluate.naming import is_same
from diplotext.evaluate.scores import make_score, score_calibration, score_coverage, share_by_article
from diplotext.findings.intervals import ratio

#: what a printed source can be; see ``tests/gold/README.md``.
MENTIONS = ("name", "surname", "description", "pronoun", "organisation", "nameless", "document", "none", "turn")


def evaluate_speakers(
    quotes: pd.DataFrame, found: pd.DataFrame, gold: Gold, labels: pd.DataFrame | None = None
) -> dict[str, Any]:
    """Score resolved speakers over the found statements that match a gold one.

    Whether two names are the same tells `diplotext.evaluate.naming.is_same`.

    Parameters
    ----------
    quotes, found
        Quotes after `resolve_speakers`, and their spans.
    gold
        With `speaker` and `country` in its quotes, as `load_gold` gives them; or from `load_polnear`, with `labels`.
    labels
        From `read_labels`, where the corpus itself has no speakers; only the statements in it are scored.

    Returns
    -------
    dict of scores: ``found`` (share of gold statements matched), ``speaker``, ``speaker_kind``, ``sector`` and
    ``country`` (share equal to gold; a missing value equals a missing one; left out where the gold has none of them),
    ``speaker_by_kind`` (the gold's) and ``organisations_and_collectives``, ``speaker_by_resolution``,
    ``precision_at_90`` (of what has a `speaker_confidence` of at least 0.9), ``coverage_at_95``
    (largest share, taken by falling confidence, whose precision is at least 0.95) and ``calibration_error`` of that
    confidence against the speaker being right; where `labels` tell the sort of mention also ``speaker_by_mention``,
    ``country_by_mention`` and ``pronouns_and_descriptions``.

    Raises
    ------
    ValueError
        If there are no speakers in the gold.

    Examples
    --------
    >>> gold = dt.corpora.load_gold(sample.folder)
    >>> sorted(evaluate_speakers(analysis.quotes, analysis.spans, gold))[:2]
    ['calibration_error', 'country']
    """
    if labels is None:
        if not gold.quotes["speaker"].notna().any():
            raise ValueError("gold: expected canonical speakers; got none (this corpus has no speaker identities)")
        labels = gold.quotes[["quote_id", "speaker", "speaker_kind", "sector", "country"]]
    owner = gold.quotes.set_index("quote_id")["article_id"]
    pairs = match_statements(quotes, found, gold.quotes, gold.spans)
    both = pairs.merge(labels.rename(columns={"quote_id": "gold_id"}), on="gold_id")
    both["article_id"] = both["gold_id"].map(owner)
    counts = labels["quote_id"].map(owner).value_counts().to_frame("gold")
    counts["hit"] = both["article_id"].value_counts().reindex(counts.index).fillna(0)
    share = make_score(counts[["hit", "gold"]].to_numpy(dtype=float), ratio, len(labels))
    return {"found": share} | score_speakers(quotes, both)


def score_speakers(quotes: pd.DataFrame, labels: pd.DataFrame) -> dict[str, Any]:
    """Score resolved speakers, each beside the gold one of its statement.

    Parameters
    ----------
    quotes
        After `resolve_speakers`.
    labels
        One row a statement: ``quote_id, article_id, speaker, speaker_kind, sector, country``, and where known
        ``also`` (a second right answer) and ``mention`` (one of `MENTIONS`).

    Returns
    -------
    dict as `evaluate_speakers` returns it, without ``found``.
    """
    both = labels.merge(quotes, on=["quote_id", "article_id"], suffixes=("_gold", ""))
    articles = both["article_id"]
    right = pd.Series(
        [
            is_same(ours, (theirs, also), kind)
            for ours, theirs, also, kind in zip(
                both["speaker"], both["speaker_gold"], both.get("also", both["speaker_gold"]),
                both["speaker_kind_gold"], strict=True,
            )
        ],
        index=both.index, dtype=bool,
    )  # fmt: skip
    result: dict[str, Any] = {"speaker": share_by_article(right, articles)}
    equal = {
        c: both[c].fillna("") == both[f"{c}_gold"].astype("str").fillna("")
        for c in ("speaker_kind", "sector", "country")
        if both[f"{c}_gold"].notna().any()
    }
    result |= {column: share_by_article(hits, articles) for column, hits in equal.items()}
    result["speaker_by_kind"] = {
        str(kind): share_by_article(right[rows.index], rows["article_id"])
        for kind, rows in both.groupby("speaker_kind_gold")
    }
    bodies = both["speaker_kind_gold"].isin(["organisation", "collective"])
    result["organisations_and_collectives"] = share_by_article(right[bodies], articles[bodies])
    if "mention" in both:
        hard = both["mention"].isin(["pronoun", "description"])
        result["pronouns_and_descriptions"] = share_by_article(right[hard], articles[hard])
        told = {"speaker": right} | ({"country": equal["country"]} if "country" in equal else {})
        for name, hits in told.items():
            result[f"{name}_by_mention"] = {
                mention: share_by_article(hits[rows.index], rows["article_id"])
                for mention in MENTIONS
                if len(rows := both[both["mention"] == mention])
            }
    result["speaker_by_resolution"] = {
        str(how): share_by_article(right[rows.index], rows["article_id"])
        for how, rows in both.groupby(both["resolution"].fillna("unresolved"))
    }
    confidence = both["speaker_confidence"]
    sure = confidence >= 0.9
    if sure.any():
        result["precision_at_90"] = share_by_article(right[sure], articles[sure])
    result["coverage_at_95"] = score_coverage(confidence, right, articles)
    result["calibration_error"] = score_calibration(confidence, right, articles)
    return result


def read_labels(path: str | Path, gold: Gold, split: str | None = None) -> pd.DataFrame:
    """Read speakers that are given by offsets into PolNeAR's texts, in the form of ``tests/gold/speakers.csv``.

    Parameters
    ----------
    path
        CSV with ``article_id, start, end, part, mention, speaker, speaker_start, speaker_end, also_start, also_end,
        speaker_kind, sector, country``.
    gold
        The articles and statements that the offsets mean.
    split
        Take only rows of this `part`.

    Returns
    -------
    DataFrame ``quote_id, mention, speaker, also, speaker_kind, sector, country``; a missing value is None.

    Raises
    ------
    ValueError
        If a row fits no statement of `gold`, or no row has this `part`.
    """
    rows = pd.read_csv(path, dtype="str", keep_default_na=False)
    if split is not None:
        rows = rows[rows["part"] == split]
    if rows.empty:
        raise ValueError(f"split: expected a part of {Path(path).name}; got {split!r}, which no row has")
    texts = dict(zip(gold.articles["article_id"], gold.articles["raw_text"], strict=True))
    ids = {
        (a, str(s), str(e)): q
        for a, s, e, q in zip(*(gold.quotes[c] for c in ("article_id", "start", "end", "quote_id")), strict=True)
    }
    labels = []
    for row in rows.to_dict("records"):
        key = (row["article_id"], row["start"], row["end"])
        if key not in ids:
            raise ValueError(f"{Path(path).name}: expected offsets of a statement of the corpus; got {key}")
        text = texts[row["article_id"]]
        printed, also = (
            text[int(row[f"{name}_start"]) : int(row[f"{name}_end"])] if row[f"{name}_start"] else None
            for name in ("speaker", "also")
        )
        labels.append(
            {"quote_id": ids[key], "mention": row["mention"], "speaker": printed or row["speaker"] or None,
             "also": also, **{c: row[c] or None for c in ("speaker_kind", "sector", "country")}}
        )  # fmt: skip
    return pd.DataFrame(labels)


def match_turns(quotes: pd.DataFrame, found: pd.DataFrame, articles: pd.DataFrame, turns: pd.DataFrame) -> pd.DataFrame:
    """Return the gold speaker of every found statement that begins within a gold turn.

    Parameters
    ----------
    quotes, found
        What the stages found.
    articles
        The documents, with their file in `source`.
    turns
        In the form of ``tests/gold/turns.csv``: ``document, start, end, speaker, speaker_kind, sector, country``,
        offsets into the file's text.
    """
    files = {Path(s).name: a for s, a in zip(articles["source"], articles["article_id"], strict=True)}
    first = {quote_id: pieces[0][0] for quote_id, pieces in pieces_of(found, "content").items()}
    rows = []
    for document, inner in turns.groupby("document"):
        own = quotes.loc[quotes["article_id"] == files[str(document)], "quote_id"]
        starts = np.array([first[q] for q in own])
        for turn in inner.to_dict("records"):
            fields = {"article_id": files[str(document)], "mention": "turn", **turn}
            rows += [{"quote_id": q, **fields} for q in own[(starts >= turn["start"]) & (starts < turn["end"])]]
    return pd.DataFrame(rows).drop(columns=["document", "start", "end"])
