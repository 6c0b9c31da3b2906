"""The sample corpus, and folders in its form."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from diplotext import schema
from diplotext.corpora.attributions import Gold

#: the sample corpus of an installed package; a checkout has it in ``data/`` (pyproject.toml says what is packed).
_INSTALLED = Path(str(files("diplotext"))) / "sample"
_CHECKOUT = Path(__file__).parents[3] / "data"


class Sample(NamedTuple):
    """The sample corpus: news of a quarrel between invented states, with the tables that name its people.

    Parameters
    ----------
    articles
        The articles table, uncleaned, as `load_articles` reads it.
    dictionaries
        The invented states, people, bodies and issues, for ``dictionaries=``.
    transcripts
        Official records, for `trace_quotes`.
    folder
        Where all this lies, for `load_gold` and for ``diplotext analyze``.

    Examples
    --------
    >>> sample._fields
    ('articles', 'dictionaries', 'transcripts', 'folder')
    """

    articles: pd.DataFrame
    dictionaries: schema.Dictionaries
    transcripts: pd.DataFrame
    folder: Path


def load_sample() -> Sample:
    """Load the sample corpus, of an installed package as of a checkout: nothing is fetched.

    It does not load the hand-made gold: ``corpora.load_gold(load_sample().folder)`` does.

    Returns
    -------
    Sample
        A named tuple: articles, dictionaries, transcripts, folder.

    Raises
    ------
    FileNotFoundError
        If the package came without it.

    Examples
    --------
    >>> sample = load_sample()
    >>> sample.articles["outlet"].iloc[0]
    'Meridian Press Agency'
    """
    from diplotext.io import load_articles

    folder = next((place for place in (_INSTALLED, _CHECKOUT) if (place / "articles").is_dir()), None)
    if folder is None:
        raise FileNotFoundError(
            f"load_sample: expected the sample corpus in {_INSTALLED.name}/ of the package; got none: reinstall it"
        )
    articles, transcripts = (load_articles(folder / name) for name in ("articles", "transcripts"))
    return Sample(articles, schema.load_dictionaries(folder), transcripts, folder)


def load_gold(folder: str | Path) -> Gold:
    """Read the sample corpus, or any folder in its form, with its hand-made gold.

    It does not clean the articles: gold offsets are raw ones, and `start` and `end` repeat them.

    Parameters
    ----------
    folder
        Holds ``articles/`` (anything that `load_articles` reads) and ``gold/`` with ``statements.csv``, ``spans.csv``,
        and, where there are such labels, ``stances.csv`` and ``conditions.csv``; columns in ``data/README.md``.

    Returns
    -------
    Gold, with `quote_id` made of article_id and statement number.

    Raises
    ------
    FileNotFoundError
        If a file is missing.
    ValueError
        If a gold row names a file that is not among the articles.

    Examples
    --------
    >>> gold = load_gold(sample.folder)
    >>> gold.quotes["speaker"].iloc[0]
    'Marvania'
    """
    from diplotext.io import load_articles

    folder = Path(folder)
    for part in ("articles", "gold/statements.csv", "gold/spans.csv"):
        if not (folder / part).exists():
            raise FileNotFoundError(f"folder: expected {part} inside it; got {str(folder)!r}")
    articles = load_articles(folder / "articles")
    ids = {Path(source).name: a for source, a in zip(articles["source"], articles["article_id"], strict=True)}
    tables = {}
    for name in ("statements", "spans", "stances", "conditions"):
        path = folder / "gold" / f"{name}.csv"
        frame = pd.read_csv(path, dtype="str", keep_default_na=False) if path.exists() else pd.DataFrame()
        if len(frame):
            unknown = sorted(set(frame["file"]) - set(ids))
            if unknown:
                raise ValueError(f"{path.name}: expected files among the articles; got {unknown[0]!r}")
            frame["article_id"] = frame["file"].map(ids)
            frame["quote_id"] = frame["article_id"] + "#" + frame["statement"]
            frame = frame.replace("", None).drop(columns=["file", "statement"])
        tables[name] = frame
    for name in ("spans", "conditions"):
        frame = tables[name]
        if len(frame):
            frame[["raw_start", "raw_end"]] = frame[["raw_start", "raw_end"]].astype("int64")
            frame["start"], frame["end"] = frame["raw_start"], frame["raw_end"]
    if len(tables["stances"]):
        tables["stances"] = tables["stances"].fillna({"target_id": ""})
        tables["stances"] = tables["stances"].merge(
            tables["statements"][["quote_id", "posture", "conditional", "mode"]], on="quote_id", how="left"
        )
    quotes = tables["statements"].drop(columns=["posture", "conditional", "mode"])
    quotes["resolution"] = quotes["speaker"].notna().map({True: "user", False: "unresolved"})
    texts = tables["spans"].pivot_table(index="quote_id", columns="role", values="text", aggfunc=" ".join)
    content = tables["spans"][tables["spans"]["role"] == "content"].groupby("quote_id")
    hull = pd.DataFrame({"raw_start": content["raw_start"].min(), "raw_end": content["raw_end"].max()})
    hull["start"], hull["end"] = hull["raw_start"], hull["raw_end"]
    quotes = quotes.merge(hull, left_on="quote_id", right_index=True)
    for column, role in (("text", "content"), ("cue", "cue"), ("speaker_mention", "source")):
        quotes[column] = quotes["quote_id"].map(texts[role]) if role in texts else None
    return Gold(
        articles,
        schema.build_table("quotes", quotes),
        schema.build_table("spans", tables["spans"].drop(columns=["text", "article_id"])),
        schema.build_table("stances", tables["stances"].drop(columns="article_id", errors="ignore")),
        schema.build_table("conditions", tables["conditions"].drop(columns=["text", "article_id"], errors="ignore")),
    )
