"""A case that was published as labels and offsets, without its texts."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from diplotext import schema


def load_case(folder: str | Path) -> schema.Analysis:
    """Read a published case, such as ``data/geneva2021``, for findings and figures.

    There are no texts in it, so nothing can be shown in its place, and nothing traced.

    Parameters
    ----------
    folder
        Holds ``documents.csv`` (article_id, published as a day, and any of file, url, raw_sha256) and
        ``statements.csv``: a row a statement, with columns of quotes and of its main target's stances.

    Returns
    -------
    Analysis of articles, quotes and stances. A speaker ``journalist`` is of the media, as in a run.

    Raises
    ------
    FileNotFoundError
        If a file is missing.
    ValueError
        If a statement is of no document.

    Examples
    --------
    >>> row = {"quote_id": "q", "article_id": "a", "raw_start": 0, "raw_end": 4, "speaker": "Toran", "country": "XMV",
    ...     "target": "Lethia", "target_kind": "actor", "target_country": "XLT", "stance": "oppose", "posture": "warn"}
    >>> pd.DataFrame([row]).to_csv(folder / "statements.csv", index=False)
    >>> pd.DataFrame({"article_id": ["a"], "published": ["2023-09-04"]}).to_csv(folder / "documents.csv", index=False)
    >>> case = load_case(folder)
    >>> dt.tabulate_findings(case.quotes, case.stances, by=["country"], articles=case.articles)["measure"].iloc[0]
    'share_oppose'
    """
    folder = Path(folder)
    for name in ("documents.csv", "statements.csv"):
        if not (folder / name).is_file():
            raise FileNotFoundError(f"folder: expected {name} inside it; got {str(folder)!r}")
    documents = pd.read_csv(folder / "documents.csv", dtype="str").rename(columns={"file": "source"})
    coded = pd.read_csv(folder / "statements.csv", dtype={"country": "str", "target_country": "str"})
    strange = sorted(set(coded["article_id"]) - set(documents["article_id"]))
    if strange:
        raise ValueError(f"statements.csv: expected article_ids of documents.csv; got {strange[0]!r}")
    dated = documents["published"].notna().map({True: "day", False: "none"})
    articles = documents.assign(published_precision=dated, text="", raw_text="")
    known = coded["speaker"].notna().map({True: "user", False: "unresolved"})
    sector = (coded["speaker"] == "journalist").map({True: "media", False: None})
    state = coded["target_country"].where(coded["target_kind"] == "actor")
    stances = coded.assign(target_id=state.fillna("open:" + coded["target"].str.casefold()).fillna(""))
    return schema.Analysis(
        schema.build_table("articles", articles),
        quotes=schema.build_table("quotes", coded.assign(resolution=known, sector=sector)),
        stances=schema.build_table("stances", stances),
    )
