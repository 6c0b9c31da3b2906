"""Documents that tables of labels name, loaded from the folder of their corpus."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from diplotext import schema
from diplotext.io import load_articles


def load_documents(folder: str | Path, names: Iterable[str]) -> pd.DataFrame:
    """Load the documents of these names, as far as they are there.

    Parameters
    ----------
    folder
        Holds a file a document (its name, or the name without ``.txt``), or ``articles.jsonl``, where a document's
        name is the number of its line, from 0.
    names
        Names of documents.

    Returns
    -------
    The articles table with the column ``document``: the name.

    Examples
    --------
    >>> load_documents(sample.folder / "articles", ["01-dam-gates"])["document"].tolist()
    ['01-dam-gates']
    """
    folder, wanted = Path(folder), list(dict.fromkeys(names))
    lines = folder / "articles.jsonl"
    if lines.is_file():
        numbers = {json.loads(line)["url"]: str(n) for n, line in enumerate(lines.read_text("utf-8").splitlines())}
        articles = load_articles(lines)
        articles = articles.assign(document=articles["url"].map(numbers))
        return articles[articles["document"].isin(wanted)].reset_index(drop=True)
    paths = {path: name for name in wanted for path in (folder / name, folder / f"{name}.txt") if path.is_file()}
    if not paths:
        return schema.build_table("articles").assign(document=pd.Series(dtype="str"))
    dates = folder / "metadata.csv"
    articles = load_articles(list(paths), metadata=dates if dates.is_file() else None)
    by_name = {path.name: name for path, name in paths.items()}
    return articles.assign(document=[by_name[Path(source).name] for source in articles["source"]])
