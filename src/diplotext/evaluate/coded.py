"""Our own labels of real statements, given by offsets, as gold for the stages."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from diplotext import schema
from diplotext.corpora import Gold


def read_rows_of(path: str | Path, corpus: str, split: str | None = None) -> pd.DataFrame:
    """Return the labels of one corpus and part, in the form of ``tests/gold/postures.csv`` or ``data/coded.csv``.

    Parameters
    ----------
    path
        CSV with ``corpus, document, start, end, posture, conditional, mode, target, target_start, target_end,
        target_kind, stance``, one row a target; the part is its column ``part``, or that of ``split.csv`` beside it.
    corpus
        Name of the corpus, or of a folder whose labels have none.
    split
        Take only rows of this part.

    Raises
    ------
    ValueError
        If there are no such rows.
    """
    rows = pd.read_csv(path, dtype="str", keep_default_na=False)
    beside = Path(path).with_name("split.csv")
    if "part" not in rows and beside.is_file():
        rows = rows.merge(pd.read_csv(beside, dtype="str"), on=["corpus", "document"], how="left")
    if corpus in set(rows["corpus"]):
        rows = rows[rows["corpus"] == corpus]
    rows = rows if split is None else rows[rows["part"] == split]
    if rows.empty:
        raise ValueError(f"labels: expected rows of {corpus!r} with the part {split!r}; got none")
    return rows


def read_speakers(rows: pd.DataFrame, articles: pd.DataFrame) -> Gold:
    """Return speakers as gold.

    Parameters
    ----------
    rows
        From `read_rows_of`, in the form of ``tests/gold/news_speakers.csv``: ``document, start, end, speaker,
        speaker_kind, country``; ``start`` and ``end`` are the hull of what is said.
    articles
        The documents, with their names in ``document``; rows of others are left out.

    Returns
    -------
    Gold without stances; of two rows at one place the first counts.
    """
    ids = dict(zip(articles["document"], articles["article_id"], strict=True))
    rows = rows[rows["document"].isin(ids)].drop_duplicates(["document", "start", "end"])
    start, end = rows["start"].astype("int64"), rows["end"].astype("int64")
    keys = rows["document"].map(ids)
    quotes = pd.DataFrame(
        {"quote_id": keys + "#" + rows["start"] + "-" + rows["end"], "article_id": keys, "text": "",
         "start": start, "end": end, "raw_start": start, "raw_end": end}
    )  # fmt: skip
    said = rows[["speaker", "speaker_kind", "country"]].mask(rows == "", None)
    return Gold(
        articles.drop(columns="document"),
        schema.build_table("quotes", quotes.assign(**said)),
        schema.build_table("spans", quotes.drop(columns=["article_id", "text"]).assign(role="content", part=0)),
        schema.build_table("stances"),
        schema.build_table("conditions"),
    )


def read_coded(rows: pd.DataFrame, articles: pd.DataFrame, own: schema.Dictionaries | None = None) -> Gold:
    """Return labels as gold.

    Parameters
    ----------
    rows
        From `read_rows_of`.
    articles
        The documents, with their names in ``document``; rows of others are left out.
    own
        The user's own tables, for their issues beside the bundled ones.

    Returns
    -------
    Gold, whose targets are the tables' actors and issues where their names are known there, else the name itself; a
    statement's main target comes first.
    """
    from diplotext.language import split_words
    from diplotext.names import load_index
    from diplotext.stance.issues import load_issues

    ids = dict(zip(articles["document"], articles["article_id"], strict=True))
    rows = rows[rows["document"].isin(ids)]
    index, table = load_index(), load_issues(own.issues if own else None)
    quotes: dict[str, dict[str, object]] = {}
    stances = []
    for row in rows.to_dict("records"):
        start, end = int(row["start"]), int(row["end"])
        quote_id = f"{ids[row['document']]}#{start}"
        place = {"start": start, "end": end, "raw_start": start, "raw_end": end}
        quotes[quote_id] = {"quote_id": quote_id, "article_id": ids[row["document"]], "text": "", **place}
        named = index.name(row["target"]) if row["target"] else None
        issue = table.find([token.word for token in split_words(row["target"])]) if named is None else []
        target = named.actor_id if named else issue[0].issue_id if issue else row["target"]
        printed = (int(row[k]) if row[k] else None for k in ("target_start", "target_end"))
        stances.append(
            {"quote_id": quote_id, "target_id": target or (row["target_start"] and f"@{row['target_start']}"),
             "target": row["target"] or None, "target_kind": row["target_kind"] or None,
             "stance": row["stance"] or None, "posture": row["posture"], "conditional": row["conditional"] == "true",
             "mode": row["mode"], **dict(zip(("raw_start", "raw_end"), printed, strict=True))}
        )  # fmt: skip
    spans = [{**q, "role": "content", "part": 0} for q in quotes.values()]
    return Gold(
        articles.drop(columns="document"),
        schema.build_table("quotes", list(quotes.values())),
        schema.build_table("spans", [{k: v for k, v in s.items() if k not in ("article_id", "text")} for s in spans]),
        schema.build_table("stances", pd.DataFrame(stances).drop_duplicates(["quote_id", "target_id"])),
        schema.build_table("conditions"),
    )
