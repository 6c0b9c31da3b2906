"""Our own labels of real statements, given by offsets, as gold for the stages."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from diplotext import schema
from diplotext.corpora import Gold


def read_coded(
    path: str | Path, articles: pd.DataFrame, split: str | None = None, own: schema.Dictionaries | None = None
) -> Gold:
    """Read labelled statements of documents, in the form of ``tests/gold/postures.csv``.

    Parameters
    ----------
    path
        CSV with ``corpus, document, start, end, part, posture, conditional, mode, target, target_kind, stance``, one
        row a target; offsets index the document's text.
    articles
        The documents, loaded; rows of others are left out.
    split
        Take only rows of this `part`.
    own
        The user's own tables, for their issues beside the bundled ones.

    Returns
    -------
    Gold, whose targets are the tables' actors and issues where their names are known there, else the name itself.

    Raises
    ------
    ValueError
        If no row is of these documents and this part.
    """
    from diplotext.language import split_words
    from diplotext.names import load_index
    from diplotext.stance.issues import load_issues

    rows = pd.read_csv(path, dtype="str", keep_default_na=False)
    ids = {Path(s).name: a for s, a in zip(articles["source"], articles["article_id"], strict=True)}
    ids |= {Path(name).stem: article_id for name, article_id in ids.items()}
    rows = rows[rows["document"].isin(ids) & ((rows["part"] == split) | (split is None))]
    if rows.empty:
        raise ValueError(f"labels: expected rows of these documents with the part {split!r}; got none")
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
        stances.append(
            {"quote_id": quote_id, "target_id": target, "target": row["target"] or None,
             "target_kind": row["target_kind"] or None, "stance": row["stance"] or None, "posture": row["posture"],
             "conditional": row["conditional"] == "true", "mode": row["mode"]}
        )  # fmt: skip
    spans = [{**q, "role": "content", "part": 0} for q in quotes.values()]
    return Gold(
        articles,
        schema.build_table("quotes", list(quotes.values())),
        schema.build_table("spans", [{k: v for k, v in s.items() if k not in ("article_id", "text")} for s in spans]),
        schema.build_table("stances", pd.DataFrame(stances).drop_duplicates(["quote_id", "target_id"])),
        schema.build_table("conditions"),
    )
