"""Traces against hand-made ones."""

from __future__ import annotations

import bisect
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from diplotext import schema, spans
from diplotext.corpora import load_gold
from diplotext.evaluate.scores import score_calibration, score_labels, share_by_article

#: how much a found passage must share with the gold one (Dice of characters), and the classes of length in words.
OVERLAP = 0.5
LENGTHS = ((1, 4), (5, 9), (10, 19), (20, None))
_GOLD = ("quote_id", "part", "article_id", "kind", "words", "transcript_id", "raw_start", "raw_end", "fidelity")


def evaluate_trace(traces: pd.DataFrame, gold: pd.DataFrame) -> dict[str, Any]:
    """Score traces piece by piece against gold ones.

    A passage is found if it is in the right record and shares at least half with the gold one (Dice of their
    characters). What is traced although the gold says unmatched is a false trace, whatever the passage.

    Parameters
    ----------
    traces
        What `trace_quotes` returned.
    gold
        One row a piece: ``quote_id, part, article_id, kind, words`` (how many are printed), ``transcript_id, raw_start,
        raw_end`` (missing where unmatched), ``fidelity``.

    Returns
    -------
    dict of scores: ``passage`` (share of traceable pieces whose passage is found), ``record`` (whose record is right),
    ``false_traces`` (share of unmatched pieces that were traced), ``macro_f1``, ``accuracy`` and ``per_label`` f1 of
    fidelity over all pieces, ``fidelity_of_found`` (accuracy where the passage is found), ``calibration_error`` of
    confidence against the piece being right, and the main ones ``by_length`` (words) and ``by_kind``. Intervals are
    over articles.

    Raises
    ------
    ValueError
        If there is no gold, or a gold piece has no row in `traces`.

    Examples
    --------
    >>> said = analysis.quotes[["quote_id", "article_id", "kind"]]
    >>> gold = analysis.traces.merge(said, on="quote_id").assign(words=9)
    >>> evaluate_trace(analysis.traces, gold)["passage"]["estimate"]
    1.0
    """
    if gold.empty:
        raise ValueError("gold: expected traces made by hand; got none")
    both = gold[list(_GOLD)].merge(traces, on=["quote_id", "part"], suffixes=("_gold", ""), how="left")
    if both["fidelity"].isna().any():
        lost = both.loc[both["fidelity"].isna(), ["quote_id", "part"]].iloc[0].to_dict()
        raise ValueError(f"traces: expected a row for every piece of the gold; got none for {lost}")
    exists = both["transcript_id_gold"].notna()
    same = exists & (both["transcript_id"] == both["transcript_id_gold"]).fillna(False).astype(bool)
    shares = [
        spans.dice([(int(a), int(b))], [(int(c), int(d))]) if there else 0.0
        for a, b, c, d, there in zip(
            *(both[c].fillna(-1) for c in ("raw_start", "raw_end", "raw_start_gold", "raw_end_gold")), same, strict=True
        )
    ]
    both = both.assign(
        exists=exists, record=same, passage=np.array(shares) >= OVERLAP, traced=both["transcript_id"].notna()
    )
    both["right"] = np.where(both["exists"], both["passage"], ~both["traced"])
    result = _score(both)
    labels = score_labels(both["fidelity_gold"], both["fidelity"], both["article_id"])
    found = both[both["passage"]]
    return (
        result | labels
        | {"fidelity_of_found": share_by_article(found["fidelity"] == found["fidelity_gold"], found["article_id"])}
        | {"calibration_error": score_calibration(both["confidence"], both["right"], both["article_id"])}
        | {"by_length": {
            f"{low}–{high}" if high else f"{low}+": _score(part) for low, high in LENGTHS
            if len(part := both[(both["words"] >= low) & (both["words"] <= (high or np.inf))])
        }}
        | {"by_kind": {str(kind): _score(part) for kind, part in both.groupby("kind")}}
    )  # fmt: skip


def _score(both: pd.DataFrame) -> dict[str, Any]:
    there, absent = both[both["exists"]], both[~both["exists"]]
    scores = {}
    if len(there):
        scores["passage"] = share_by_article(there["passage"], there["article_id"])
        scores["record"] = share_by_article(there["record"], there["article_id"])
    if len(absent):
        scores["false_traces"] = share_by_article(absent["traced"], absent["article_id"])
    return scores | {"accuracy": share_by_article(both["fidelity"] == both["fidelity_gold"], both["article_id"])}


def evaluate_sample(folder: str | Path, *, dictionaries: schema.Dictionaries | None = None) -> dict[str, Any]:
    """Trace the gold statements of the sample corpus, or a folder in its form, and score that.

    The statements, their pieces and speakers are the gold ones, so that no other stage's errors are counted.

    Parameters
    ----------
    folder
        With ``articles``, ``transcripts``, ``gold/statements.csv``, ``gold/spans.csv`` and ``gold/traces.csv``.
    dictionaries
        Your own tables.

    Raises
    ------
    FileNotFoundError
        If one of them is missing.
    """
    from diplotext.io import load_articles
    from diplotext.pipeline import read_records
    from diplotext.trace import trace_quotes

    folder = Path(folder)
    for part in ("transcripts", "gold/traces.csv"):
        if not (folder / part).exists():
            raise FileNotFoundError(f"folder: expected {part} inside it; got {str(folder)!r}")
    gold = load_gold(folder)
    records, edits, spoken = read_records(load_articles(folder / "transcripts"), dictionaries=dictionaries)
    wanted = read_sample_traces(folder, gold.articles, gold.spans, records)
    quotes = gold.quotes[gold.quotes["quote_id"].isin(wanted["quote_id"])]
    traces = trace_quotes(quotes, gold.articles, records, gold.spans, spoken=spoken, edits=edits)
    kinds = quotes.set_index("quote_id")["kind"]
    return evaluate_trace(traces, wanted.assign(kind=wanted["quote_id"].map(kinds)))


def read_sample_traces(
    folder: str | Path, articles: pd.DataFrame, pieces: pd.DataFrame, records: pd.DataFrame
) -> pd.DataFrame:
    """Read ``gold/traces.csv`` of a folder in the sample's form; columns as `evaluate_trace` takes them."""
    rows = pd.read_csv(Path(folder) / "gold" / "traces.csv", dtype="str", keep_default_na=False)
    ids, documents = _by_file(articles), _by_file(records)
    texts = dict(zip(articles["article_id"], articles["raw_text"], strict=True))
    article = rows["file"].map(ids)
    gold = pd.DataFrame(
        {
            "quote_id": article + "#" + rows["statement"], "part": rows["part"].astype("Int64"), "article_id": article,
            "transcript_id": rows["transcript"].map(documents), "fidelity": rows["fidelity"],
            "raw_start": pd.to_numeric(rows["raw_start"]).astype("Int64"),
            "raw_end": pd.to_numeric(rows["raw_end"]).astype("Int64"),
        }
    )  # fmt: skip
    content = pieces[pieces["role"] == "content"]
    printed = {
        (q, int(p)): (int(s), int(e))
        for q, p, s, e in zip(*(content[c] for c in ("quote_id", "part", "raw_start", "raw_end")), strict=True)
    }
    counts = [
        len(texts[a][slice(*printed[q, int(p)])].split())
        for a, q, p in zip(gold["article_id"], gold["quote_id"], gold["part"], strict=True)
    ]
    return gold.assign(words=counts)


def _by_file(articles: pd.DataFrame) -> dict[str, str]:
    return {Path(source).name: a for source, a in zip(articles["source"], articles["article_id"], strict=True)}


def evaluate_pairs(
    folder: str | Path,
    labels: str | Path,
    split: str | None,
    *,
    dictionaries: schema.Dictionaries | None = None,
) -> dict[str, Any]:
    """Trace quotations of real documents, given by offsets, to the other documents of a folder, and score that.

    Quoted words, kind, speaker and date are those of the table; the records' speakers are found by the stages.

    Parameters
    ----------
    folder
        The documents; a document that the table names and the folder lacks is looked for in ``articles`` two folders
        up, beside the folder that holds the corpora.
    labels
        CSV in the form of ``tests/gold/traces.csv``.
    split
        Score only rows of this `split`.
    dictionaries
        Your own tables.

    Raises
    ------
    ValueError
        If no row has this `split`, or a document is missing.
    """
    from diplotext.io import load_articles
    from diplotext.pipeline import read_records
    from diplotext.trace import trace_quotes

    records, edits, spoken = read_records(load_articles(folder), dictionaries=dictionaries)
    quotes, articles, gold = read_pairs(folder, labels, split, records, edits)
    return evaluate_trace(trace_quotes(quotes, articles, records, spoken=spoken, edits=edits), gold)


def read_pairs(
    folder: str | Path, labels: str | Path, split: str | None, records: pd.DataFrame, edits: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the quotes, articles and gold of a table in the form of ``tests/gold/traces.csv``."""
    from diplotext.clean import clean_articles
    from diplotext.io import load_articles

    rows = pd.read_csv(labels, dtype="str", keep_default_na=False).reset_index(names="number")
    if split is not None:
        rows = rows[rows["split"] == split]
    if rows.empty:
        raise ValueError(f"split: expected a split of {Path(labels).name}; got {split!r}, which no row has")
    documents = _by_file(records)
    others = [name for name in rows["source_document"].unique() if name not in documents]
    paths = [Path(folder).resolve().parents[1] / "articles" / name for name in others]
    lost = [path.name for path in paths if not path.is_file()]
    if lost:
        raise ValueError(f"data: expected the documents that {Path(labels).name} names; got none called {lost[0]!r}")
    articles = records[records["source"].map(lambda s: Path(s).name).isin(rows["source_document"])]
    if paths:
        more, more_edits = clean_articles(load_articles(paths))
        articles = pd.concat([articles, more], ignore_index=True)
        edits = pd.concat([edits, more_edits], ignore_index=True)
    dates = dict(zip(rows["source_document"], rows["published"], strict=True))
    files = [Path(s).name for s in articles["source"]]
    undated = articles["published_precision"].isin(["none", "year", "month"]).to_numpy()
    told = pd.to_datetime([dates[name] for name in files], utc=True)
    articles = articles.assign(
        published=articles["published"].where(~undated, told),
        published_precision=articles["published_precision"].where(~undated, "day"),
    )
    ids = _by_file(articles)
    maps = spans.offset_maps(articles, edits)
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    people = _speakers(rows["speaker"].unique())
    quotes, gold = [], []
    for row in rows.to_dict("records"):
        article = ids[row["source_document"]]
        text, offsets = texts[article], maps[article]
        places = range(len(text))
        start, end = (
            bisect.bisect_left(places, int(row[name]), key=lambda n: offsets.to_raw(n, n + 1)[0])
            for name in ("source_start", "source_end")
        )
        key = f"{row['source_document']}#{row['number']}"
        quotes.append(
            {
                "quote_id": key, "article_id": article, "kind": row["kind"], "text": text[start:end],
                **people[row["speaker"]], "start": start, "end": end, "raw_start": int(row["source_start"]),
                "raw_end": int(row["source_end"]), "resolution": "user",
            }
        )  # fmt: skip
        gold.append(
            {
                "quote_id": key, "part": 0, "article_id": article, "kind": row["kind"],
                "words": len(text[start:end].split()), "fidelity": row["fidelity"],
                "transcript_id": documents.get(row["transcript"]),
                "raw_start": int(row["start"]) if row["start"] else None,
                "raw_end": int(row["end"]) if row["end"] else None,
            }
        )  # fmt: skip
    found = pd.DataFrame(gold).astype({"part": "Int64", "raw_start": "Int64", "raw_end": "Int64"})
    return schema.build_table("quotes", quotes), articles, found


def _speakers(names: Any) -> dict[str, dict[str, Any]]:
    """Return what the actor table knows of each speaker, as columns of quotes."""
    from diplotext.names import load_index

    index = load_index()
    known = {}
    for name in names:
        fields: dict[str, Any] = {"speaker": name, "resolution": "exact"}
        mention = index.name(name)
        if mention is not None:
            actor = index.look_up(mention.actor_id)
            fields |= {"speaker_kind": actor.kind, "country": actor.country, "sector": actor.sector}
        known[name] = fields
    return known
