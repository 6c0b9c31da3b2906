"""Labelled sentences and statements as frames: X for the classifiers, and their labels beside."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd


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

    Examples
    --------
    >>> (folder / "train.jsonl").write_text(
    ...     '{"sentence": "Toran was late.", "mention": "Toran", "from": 0, "polarity": -1, "id": "p_1_2_x"}')
    95
    >>> load_newsmtsc(folder / "train.jsonl")[["target", "group", "sentiment"]].to_numpy().tolist()
    [['Toran', 'p_1_2', 'oppose']]
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
    r"""Read sentences with source and target marked and their PLOVER root, in the form of Zero-Shot-PLOVER.

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

    Examples
    --------
    >>> rows = {"sentence": ["A warned B."], "marked_sentence": ["<s>A</s> warned <t>B</t>."], "source": ["A"],
    ...     "target": ["B"], "gold_root": ["THREATEN"], "gold_penta": ["3"]}
    >>> pd.DataFrame(rows).to_csv(folder / "plv.tsv", sep="\t", index=False)
    >>> load_plover(folder / "plv.tsv")[["text", "target_at", "root"]].to_numpy().tolist()
    [['A warned B.', 9, 'THREATEN']]
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

    Examples
    --------
    >>> rows = {"file_id": ["D1_spch001_Lethia_01.txt"], "sentence_text": ["Open them ."], "A0": ["_"], "B1": ["_"]}
    >>> pd.DataFrame(rows).to_csv(folder / "units.csv", index=False)
    >>> load_unscon(folder / "units.csv").to_numpy().tolist()
    [['Open them.', 'Lethia', 'D1', 'no']]
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

    Examples
    --------
    >>> columns = ["speaker", "cue", "text", "target", "stance", "posture", "conditional", "mode", "world"]
    >>> row = ["Toran", "said", "We met.", "", "", "consult", "false", "actual", "A"]
    >>> pd.DataFrame([row], columns=columns).to_csv(folder / "statements.csv", index=False)
    >>> load_statements(folder / "statements.csv")[["context", "posture", "group"]].to_numpy().tolist()
    [['said', 'consult', 'A']]
    """
    rows = pd.read_csv(path, dtype="str", keep_default_na=False)
    _need(rows, ("speaker", "cue", "text", "target", "stance", "posture", "conditional", "mode", "world"), path)
    rows["stance"] = rows["stance"].where(rows["stance"] != "", None)
    return rows.rename(columns={"cue": "context", "world": "group"})


def _need(rows: pd.DataFrame, columns: tuple[str, ...], path: str | Path) -> None:
    missing = [name for name in columns if name not in rows]
    if missing:
        raise ValueError(f"{Path(path).name}: expected the columns {', '.join(columns)}; got none named {missing[0]!r}")
