"""Public corpora and the sample's gold, brought to the package's own tables.

Nothing here downloads: every function takes the folder where the corpus lies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from diplotext import schema, spans

#: the spans of one attribution by role, sorted.
Roles = dict[str, list[spans.Span]]

_LINE = re.compile(r"^([TE]\d+)\t(.+)$")
_DOUBLE_MARKS = '“”„«»"″'


class Gold(NamedTuple):
    """Articles with what people found in them; each a table of the schema (empty where a corpus lacks the layer)."""

    articles: pd.DataFrame
    quotes: pd.DataFrame
    spans: pd.DataFrame
    stances: pd.DataFrame
    conditions: pd.DataFrame


def load_polnear(folder: str | Path) -> Gold:
    """Read articles and attributions in PolNeAR's form; where several people annotated, the first in file order.

    It does not clean the text (`text` is `raw_text`, so that the corpus' offsets hold). The date is that of the id;
    the corpus has no canonical speakers, stances or conditions. Attributions typed Discuss or Discard are left out.

    Parameters
    ----------
    folder
        Holds ``text/<id>.txt`` and ``attributions/<id>_<annotator>.ann`` (brat standoff).

    Returns
    -------
    Gold, with `article_id` the corpus' own id, and `kind` told from the quote marks around the content.

    Raises
    ------
    FileNotFoundError
        If the folder lacks ``text`` or ``attributions``.
    ValueError
        Naming file and line where an annotation cannot be read or reaches beyond the text.

    References
    ----------
    Newell, Margolin & Ruths (2018), An Attribution Relations Corpus for Political News, LREC.
    """
    articles, quotes, pieces = [], [], []
    for name, text, annotators in iterate_polnear(folder):
        articles.append(
            {"article_id": name, "source": f"{name}.txt", "text": text, "raw_text": text, **_read_date(name)}
        )
        for number, roles in enumerate(annotators[0] if annotators else []):
            quote, rows = _statement(f"{name}#{number}", name, text, roles)
            quotes.append(quote)
            pieces += rows
    return Gold(
        schema.build_table("articles", articles),
        schema.build_table("quotes", quotes),
        schema.build_table("spans", pieces),
        schema.build_table("stances"),
        schema.build_table("conditions"),
    )


def _read_date(name: str) -> dict[str, object]:
    """Return the date that PolNeAR's ids hold: ``outlet_YYYY-MM-DD_title``."""
    day = re.search(r"_(\d{4}-\d\d-\d\d)_", name)
    if not day:
        return {"published_precision": "none"}
    return {
        "published": pd.Timestamp(day.group(1), tz="UTC"),
        "published_precision": "day",
        "published_basis": "metadata",
    }


def iterate_polnear(folder: str | Path) -> Iterator[tuple[str, str, list[list[Roles]]]]:
    """Yield id, text and every annotator's attributions (in file order) of each article; see `load_polnear`."""
    folder = Path(folder)
    for part in ("text", "attributions"):
        if not (folder / part).is_dir():
            raise FileNotFoundError(f"folder: expected {part}/ inside it; got {str(folder)!r}")
    for path in sorted((folder / "text").glob("*.txt")):
        text = path.read_bytes().decode("utf-8")
        files = sorted((folder / "attributions").glob(f"{path.stem}_*.ann"))
        yield path.stem, text, [_read_brat(file, len(text)) for file in files]


def _read_brat(path: Path, length: int) -> list[Roles]:
    marks: dict[str, list[spans.Span]] = {}
    events: list[str] = []
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        found = _LINE.match(line)
        if not found:
            continue  # notes, and the tails of surfaces that hold a line break
        key, body = found.groups()
        if key[0] == "E":
            events.append(body)
            continue
        offsets = re.findall(r"(\d+) (\d+)", body.split("\t")[0])
        marks[key] = sorted((int(s), int(e)) for s, e in offsets)
        if not marks[key] or any(not 0 <= s < e <= length for s, e in marks[key]):
            raise ValueError(
                f"{path.name}, line {number}: expected spans within {length} characters; got {line[:60]!r}"
            )
    statements = []
    for body in events:
        fields = [field.split(":") for field in body.split()]
        if fields[0][0] != "Attribution":
            continue
        roles: Roles = {"content": [], "cue": [], "source": []}
        for role, key in fields[1:]:
            roles[re.sub(r"\d+$", "", role).lower()] += marks.get(key, [])
        if roles["content"]:
            statements.append({role: sorted(set(found)) for role, found in roles.items()})
    return statements


def _statement(
    quote_id: str, article_id: str, text: str, roles: Roles
) -> tuple[dict[str, object], list[dict[str, object]]]:
    """Build one quotes row and its spans rows from offsets into an uncleaned text."""
    surface = {role: " ".join(text[s:e] for s, e in found) or None for role, found in roles.items()}
    rows: list[dict[str, object]] = []
    for role, found in roles.items():
        chunks = [chunk for s, e in found for chunk in spans.cut_at_breaks(text, s, e)]
        rows += [
            {"quote_id": quote_id, "role": role, "part": part, "start": s, "end": e, "raw_start": s, "raw_end": e}
            for part, (s, e) in enumerate(chunks)
        ]
    start, end = roles["content"][0][0], max(e for _, e in roles["content"])
    quote: dict[str, object] = {
        "quote_id": quote_id, "article_id": article_id, "kind": tell_kind(text, roles["content"]),
        "text": surface["content"], "cue": surface["cue"], "speaker_mention": surface["source"],
        "start": start, "end": end, "raw_start": start, "raw_end": end,
    }  # fmt: skip
    return quote, rows


def tell_kind(text: str, content: list[spans.Span]) -> str:
    """Tell direct, mixed or indirect from the double quote marks in the content: all, some or none of its words."""
    inside = outside = 0
    for start, end in content:
        marked = False
        if text[start:end].count('"') == 1 or not any(c in _DOUBLE_MARKS for c in text[start:end]):
            marked = text[max(0, start - 1) : start] in set(_DOUBLE_MARKS) or text[start] in _DOUBLE_MARKS
        for character in text[start:end]:
            if character in "“„«":
                marked = True
            elif character in "”»":
                marked = False
            elif character == '"':
                marked = not marked
            elif character.isalnum():
                inside, outside = inside + marked, outside + (not marked)
    if not inside:
        return "indirect"
    return "mixed" if outside > inside * 0.05 else "direct"


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


def load_newsmtsc(path: str | Path) -> pd.DataFrame:
    """Read NewsMTSC: the sentiment of an author's sentence toward a person mentioned in it.

    Parameters
    ----------
    path
        ``.jsonl`` with ``sentence, mention, from, to, polarity, id``.

    Returns
    -------
    DataFrame ``text, target, target_at, group, sentiment``: `group` is the document, `sentiment` oppose, neutral or
    support for a polarity of -1, 0 or 1.

    References
    ----------
    Hamborg & Donnay (2021), NewsMTSC: A Dataset for (Multi-)Target-dependent Sentiment Classification in Political
    News Articles, EACL.
    """
    rows = pd.read_json(path, lines=True, dtype={"id": "str"})
    _need(rows, ("sentence", "mention", "from", "polarity", "id"), path)
    return pd.DataFrame(
        {
            "text": rows["sentence"].astype("str"),
            "target": rows["mention"].astype("str"),
            "target_at": rows["from"].astype("int64"),
            "group": rows["id"].str.extract(r"^([^_]+_\d+_\d+)", expand=False).fillna(rows["id"]),
            "sentiment": rows["polarity"].map({-1: "oppose", 0: "neutral", 1: "support"}),
        }
    )


def load_plover(path: str | Path) -> pd.DataFrame:
    """Read sentences with source and target marked and their PLOVER root, in the form of Zero-Shot-PLOVER.

    Parameters
    ----------
    path
        ``.tsv`` with ``sentence, marked_sentence, source, target, gold_root, gold_penta``; nothing else is read.

    Returns
    -------
    DataFrame ``text, target, target_at, speaker, speaker_at, group, root, quad``: `group` is the sentence, `quad` 1
    verbal and 2 material cooperation, 3 verbal and 4 material conflict.

    References
    ----------
    Hu et al. (2024), Leveraging Codebook Knowledge with NLI and ChatGPT for Zero-Shot Political Relation
    Classification, ACL.
    """
    rows = pd.read_csv(path, sep="\t", dtype="str", keep_default_na=False)
    _need(rows, ("sentence", "marked_sentence", "source", "target", "gold_root", "gold_penta"), path)
    found = []
    for row in rows.to_dict("records"):
        text, at = _take_marks(row["marked_sentence"] or row["sentence"])
        found.append(
            {"text": text, "target": row["target"], "target_at": at.get("t", -1), "speaker": row["source"],
             "speaker_at": at.get("s", -1), "group": row["sentence"], "root": row["gold_root"],
             "quad": row["gold_penta"]}
        )  # fmt: skip
    return pd.DataFrame(found)


def _take_marks(marked: str) -> tuple[str, dict[str, int]]:
    """Return a sentence without its ``<s>`` and ``<t>``, and where they opened."""
    at: dict[str, int] = {}
    text, last = "", 0
    for mark in re.finditer(r"<(/?)([st])>", marked):
        text += marked[last : mark.start()]
        last = mark.end()
        if not mark.group(1):
            at.setdefault(mark.group(2), len(text))
    return text + marked[last:], at


def load_unscon(path: str | Path) -> pd.DataFrame:
    """Read sentences of UN Security Council debates and whether they express conflict, in UNSCon's form.

    Parameters
    ----------
    path
        ``.csv`` with ``file_id, sentence_text, A0, B1``; the other columns are not read, since they tell the answer or
        name the wrong country.

    Returns
    -------
    DataFrame ``text, speaker, group, conflict``: `speaker` from `file_id`, `group` the debate, `conflict` yes or no.

    References
    ----------
    Zaczynska, Bourgonje & Stede (2024), How Diplomats Dispute: The UN Security Council Conflict Corpus, LREC-COLING.
    """
    rows = pd.read_csv(path, dtype="str", keep_default_na=False)
    _need(rows, ("file_id", "sentence_text", "A0", "B1"), path)
    parts = rows["file_id"].str.extract(r"^(.+?)_spch\d+_(.+?)(?:_\d+)?(?:\.txt)?$")
    text = rows["sentence_text"].str.replace(r"\s+", " ", regex=True)
    return pd.DataFrame(
        {
            "text": text.str.replace(r" ([,.;:?!’'])", r"\1", regex=True).str.strip(),
            "speaker": parts[1].fillna("").str.replace("_", " "),
            "group": parts[0].fillna(rows["file_id"]),
            "conflict": np.where((rows["A0"] != "_") | (rows["B1"] != "_"), "yes", "no"),
        }
    )


def load_statements(path: str | Path) -> pd.DataFrame:
    """Read statements in the form of ``data/statements.csv``, written and labelled for training.

    Parameters
    ----------
    path
        ``.csv`` with the columns that ``data/README.md`` describes.

    Returns
    -------
    DataFrame ``text, target, speaker, context, group, posture, stance, conditional, mode`` and the file's other
    columns: `context` is the cue, `group` the writer's world; `stance` is missing where there is no target.
    """
    rows = pd.read_csv(path, dtype="str", keep_default_na=False)
    _need(rows, ("speaker", "cue", "text", "target", "stance", "posture", "conditional", "mode", "world"), path)
    rows["stance"] = rows["stance"].where(rows["stance"] != "", None)
    return rows.rename(columns={"cue": "context", "world": "group"})


def _need(rows: pd.DataFrame, columns: tuple[str, ...], path: str | Path) -> None:
    missing = [name for name in columns if name not in rows]
    if missing:
        raise ValueError(f"{Path(path).name}: expected the columns {', '.join(columns)}; got none named {missing[0]!r}")
