"""What the network of statements learns from: labelled corpora, cut into word pieces."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from tokenizers import Tokenizer

from diplotext.corpora import load_coded, load_newsmtsc, load_plover, load_statements, load_unscon
from diplotext.encoder import Statement
from diplotext.encoder.statements import cut_statement
from diplotext.language import split_words
from diplotext.names import load_index
from diplotext.stance.issues import load_issues

#: columns that are learned, by corpus.
TASKS = {
    "newsmtsc": ("sentiment",), "plover": ("root",), "unscon": ("conflict",),
    "statements": ("posture", "stance", "conditional", "mode", "imposes"),
    "coded": ("posture", "stance", "conditional", "mode", "imposes"),
}  # fmt: skip
#: parts that whole groups are dealt to; each is scored by a network that was trained on the others.
FOLDS = 4
#: ways in which a labelled statement is shown: as it is, without the one or the other, with somebody else marked.
SHOWN = ("whole", "no target", "no speaker", "bare", "other target")
#: corpora whose statements are also shown in the other ways; in the others source and target are always told.
_VARIED = ("statements", "coded")


@dataclass(frozen=True)
class Cases:
    """n statements as word pieces, with labels.

    `pieces` holds all their word pieces end to end, those of statement i from ``ends[i]`` to ``ends[i + 1]``; `spots`
    (n, 3) are numbers of pieces (see `cut_statement`); `labels` (n, tasks) numbers of labels, -1 for none; `corpus`,
    `shown`, `fold` numbers of its corpus in `TASKS`, of the way in which it is shown, and of its part; `row` is the
    same for statements that are one row of a corpus.
    """

    pieces: np.ndarray
    ends: np.ndarray
    spots: np.ndarray
    labels: np.ndarray
    corpus: np.ndarray
    shown: np.ndarray
    fold: np.ndarray
    row: np.ndarray

    def __len__(self) -> int:
        """Return how many statements there are."""
        return len(self.spots)

    def ids(self, number: int) -> np.ndarray:
        """Return the word pieces of one statement."""
        return self.pieces[self.ends[number] : self.ends[number + 1]]


class Corpora(NamedTuple):
    """Labelled corpora by name, and labels by task."""

    frames: dict[str, pd.DataFrame]
    classes: dict[str, list[str]]


def read_corpora(data: Sequence[Path]) -> Corpora:
    """Return the corpora found among folders; see `train_stance`.

    Raises
    ------
    FileNotFoundError
        If none of them is there.
    """
    places = {
        "newsmtsc": ("newsmtsc/train.jsonl", load_newsmtsc), "plover": ("plover/PLV_train.tsv", load_plover),
        "unscon": ("unscon/sentences.csv", load_unscon), "statements": ("statements.csv", load_statements),
    }  # fmt: skip
    frames = {}
    for name, (place, load) in places.items():
        for path in data:
            if (path / place).is_file():
                frames[name] = load(path / place)
    labels = next((path / "coded.csv" for path in data if (path / "coded.csv").is_file()), None)
    texts = next((path for path in data if (path / "whitehouse").is_dir()), None)
    if labels and texts:
        frames["coded"] = load_coded(labels, texts)
    if not frames:
        expected = ", ".join(place for place, _ in places.values())
        raise FileNotFoundError(f"data: expected one of {expected} in the folders; got {[str(p) for p in data]}")
    found: dict[str, set[str]] = {}
    for name, frame in frames.items():
        for task in TASKS[name]:
            if task in frame:
                found.setdefault(task, set()).update(frame[task].dropna())
    classes = {task: sorted(labels) for task, labels in found.items() if labels}
    return Corpora(frames, classes)


def deal_folds(groups: Sequence[Any]) -> np.ndarray:
    """Return the part of each row: whole groups together; debates and worlds, which are few, in turn."""
    few = sorted({g for g in groups if str(g).startswith("UNSC_") or len(str(g)) == 1})
    number = {group: n for n, group in enumerate(few)}
    return np.array([number.get(group, zlib.crc32(str(group).encode())) % FOLDS for group in groups], np.int8)


def as_statement(row: dict[str, Any]) -> Statement:
    """Return a row of a corpus frame as a statement."""
    return Statement(
        row["text"], row.get("target") or "", row.get("speaker") or "", row.get("context") or "",
        int(row.get("target_at", -1)), int(row.get("speaker_at", -1)),
    )  # fmt: skip


def cut_corpora(corpora: Corpora, tokenizer: Tokenizer) -> Cases:
    """Cut every statement in every way in which it is shown."""
    tasks = list(corpora.classes)
    numbers = {task: {label: i for i, label in enumerate(names)} for task, names in corpora.classes.items()}
    found: list[tuple[np.ndarray, np.ndarray]] = []
    labels: list[list[int]] = []
    marks: list[tuple[int, int, int, int]] = []
    row = 0
    for name, frame in corpora.frames.items():
        corpus = list(TASKS).index(name)
        others = _find_others(name, frame) if name in _VARIED else [[]] * len(frame)
        folds = deal_folds(frame["group"].tolist())
        for fields, fold, names in zip(frame.to_dict("records"), folds, others, strict=True):
            known = {task: numbers[task].get(fields.get(task), -1) for task in TASKS[name] if task in numbers}
            for shown, statement in _show(as_statement(fields), names, varied=name in _VARIED):
                own = dict(known)
                if statement.target != (fields.get("target") or ""):
                    own["stance"] = -1
                found.append(cut_statement(statement, tokenizer))
                labels.append([own.get(task, -1) for task in tasks])
                marks.append((corpus, SHOWN.index(shown), int(fold), row))
            row += 1
    corpus_of, shown_of, fold_of, row_of = np.array(marks, np.int64).T
    return Cases(
        np.concatenate([ids for ids, _ in found]), np.cumsum([0, *(len(ids) for ids, _ in found)]),
        np.stack([spots for _, spots in found]), np.array(labels, np.int64), corpus_of, shown_of, fold_of, row_of,
    )  # fmt: skip


def _show(statement: Statement, others: Sequence[str], *, varied: bool) -> Iterator[tuple[str, Statement]]:
    """Yield the ways in which a statement is shown."""
    yield "whole", statement
    if not varied:
        return
    if statement.target:
        yield "no target", statement._replace(target="", target_at=-1)
    if statement.speaker:
        yield "no speaker", statement._replace(speaker="", speaker_at=-1)
    if statement.target and statement.speaker:
        yield "bare", Statement(statement.text, "", "", statement.context)
    for name in others[:2]:
        yield "other target", statement._replace(target=name, target_at=-1)


def _find_others(name: str, frame: pd.DataFrame) -> list[list[str]]:
    """Return, by row, names in the words that the act is not aimed at, as printed."""
    key = ["corpus", "document", "start", "end"] if name == "coded" else ["text"]
    aimed = frame.groupby(key)["target"].transform(lambda names: "\n".join(names))
    if name == "coded":
        index, issues = load_index(), load_issues()

        def find(text: str) -> list[str]:
            tokens = split_words(text)
            hits = issues.find([token.word for token in tokens])
            return [text[m.start : m.end] for m in index.find(text)] + [
                text[tokens[h.first].start : tokens[h.last - 1].end] for h in hits
            ]

        return [_without(find(t), a.split("\n")) for t, a in zip(frame["text"], aimed, strict=True)]
    by_world = {}
    for world, rows in frame.groupby("group"):
        actors = set(rows.loc[rows["target_kind"] == "actor", "target"]) | set(rows["speaker"])
        names = sorted((re.escape(n) for n in actors if n[:1].isupper()), key=len, reverse=True)
        by_world[world] = re.compile(rf"\b(?:{'|'.join(names)})\b" if names else r"(?!)")
    rows_ = zip(frame["text"], aimed, frame["group"], strict=True)
    return [_without(by_world[world].findall(text), a.split("\n")) for text, a, world in rows_]


def _without(names: Sequence[str], aimed: Sequence[str]) -> list[str]:
    """Return names that share no word with the ones aimed at, each once."""
    taken = {word.lower().removesuffix("’s").removesuffix("'s")[:5] for name in aimed for word in name.split()}
    return [n for n in dict.fromkeys(names) if not any(word.lower()[:5] in taken for word in n.split())]


def describe_frame(frame: pd.DataFrame) -> str:
    """Return a SHA-256 over a corpus frame's rows, so that a card can tell what was trained on."""
    return hashlib.sha256(frame.to_csv(index=False).encode()).hexdigest()
