"""What the network of statements learns from: labelled corpora, cut into word pieces."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from tokenizers import Tokenizer

from diplotext.corpora import load_newsmtsc, load_plover, load_statements, load_unscon
from diplotext.encoder import Statement
from diplotext.encoder.statements import TARGET_TAGS, Cut, cut_statement
from diplotext.training.coded import WHOLE, Labelled, Target, read_coded, read_unlabelled

#: columns that are learned, by corpus.
TASKS = {
    "newsmtsc": ("sentiment",), "plover": ("root",), "unscon": ("conflict",),
    "statements": (*WHOLE, "stance", "kind"), "coded": (*WHOLE, "stance", "kind"), "unlabelled": (),
}  # fmt: skip
#: parts that whole groups are dealt to; of public corpora and written statements the first is kept aside.
FOLDS = 4
#: ways in which a labelled statement is shown: in its sentence with no target marked, with one of them marked, as
#: its bare words with and without a target.
SHOWN = ("open", "marked", "bare", "bare marked")
#: the value of a tag that is not learned.
UNKNOWN = -100


class Taught(NamedTuple):
    """What a larger network makes of an open statement: probabilities, each (n, labels) float16.

    `tags` has a row a word piece; `whole` one row of the labels of `WHOLE` side by side; `stance` and `kind` a row for
    each of `places`, the pieces (first, last) that may print a target.
    """

    tags: np.ndarray
    whole: np.ndarray
    places: np.ndarray
    stance: np.ndarray
    kind: np.ndarray


class Case(NamedTuple):
    """A statement as word pieces, shown in one way, with its labels.

    `tags` (n,) are numbers of `TARGET_TAGS`, `UNKNOWN` where nothing is learned; `labels` numbers of labels by task, -1
    for none, of the statement and of a marked target; `places` (first, last, stance, kind) of printed targets, those
    of an open statement; `row` numbers the labelled statement, the same in all the ways in which it is shown.
    """

    cut: Cut
    tags: np.ndarray
    labels: tuple[int, ...]
    places: tuple[tuple[int, int, int, int], ...]
    corpus: int
    shown: int
    row: int
    aside: bool
    taught: Taught | None = None


class Corpora(NamedTuple):
    """Labelled statements by corpus, and labels by task."""

    statements: dict[str, list[Labelled]]
    classes: dict[str, list[str]]


def read_corpora(data: Sequence[Path], aside: frozenset[str] | None = None) -> Corpora:
    """Return the corpora found among folders; see `train_stance`.

    With `aside`, the documents that are kept aside, also statements of the others that nobody has labelled.

    Raises
    ------
    FileNotFoundError
        If none of them is there.
    """
    places = {
        "newsmtsc": ("newsmtsc/train.jsonl", load_newsmtsc), "plover": ("plover/PLV_train.tsv", load_plover),
        "unscon": ("unscon/sentences.csv", load_unscon),
    }  # fmt: skip
    found: dict[str, list[Labelled]] = {}
    for name, (place, load) in places.items():
        for path in data:
            if (path / place).is_file():
                found[name] = [_as_labelled(row, TASKS[name][0]) for row in load(path / place).to_dict("records")]
    for path in data:
        if (path / "statements.csv").is_file():
            found["statements"] = list(read_written(load_statements(path / "statements.csv")))
    labels = next((path / "coded.csv" for path in data if (path / "coded.csv").is_file()), None)
    texts = next((path for path in data if (path / "whitehouse").is_dir()), None)
    if labels and texts:
        found["coded"] = read_coded(labels, texts)
        if aside is not None:
            found["unlabelled"] = list(read_unlabelled(labels, texts, aside))
    if not found:
        expected = ", ".join([place for place, _ in places.values()] + ["statements.csv", "coded.csv"])
        raise FileNotFoundError(f"data: expected one of {expected} in the folders; got {[str(p) for p in data]}")
    classes: dict[str, set[str]] = {}
    for statements in found.values():
        for item in statements:
            for task, label in item.labels.items():
                classes.setdefault(task, set()).add(label)
            for target in item.targets:
                for task, label in (("stance", target.stance), ("kind", target.kind)):
                    if label:
                        classes.setdefault(task, set()).add(label)
    return Corpora(found, {task: sorted(labels) for task, labels in sorted(classes.items())})


def _as_labelled(row: dict[str, Any], task: str) -> Labelled:
    """Return a sentence whose one label is of its marked target, or of the whole."""
    statement = Statement(
        row["text"], row.get("target") or "", row.get("speaker") or "", "", int(row.get("target_at", -1)),
        int(row.get("speaker_at", -1)),
    )  # fmt: skip
    return Labelled(row["group"], statement, (), {task: row[task]})


def read_written(frame: pd.DataFrame) -> Iterator[Labelled]:
    """Yield the statements that we wrote, each once with all its targets, in a sentence of speaker, cue and text."""
    for (text, speaker, cue), rows in frame.groupby(["text", "speaker", "context"], sort=False):
        lead = f"{speaker} {cue} " if cue else ""
        spans = [("content", len(lead), len(lead) + len(text))]
        if cue:
            spans += [("cue", len(speaker) + 1, len(lead) - 1), ("source", 0, len(speaker))]
        whole = lead + text
        targets = []
        for number, row in enumerate(rows.to_dict("records")):
            if row["target"]:
                start, end = _find_printed(whole, row["target"], len(lead))
                targets.append(Target(row["target"], start, end, row["target_kind"], row["stance"], number == 0))
        first = rows.iloc[0]
        yield Labelled(
            first["group"], Statement(whole, "", speaker, spans=tuple(spans)), tuple(targets),
            {task: first[task] for task in WHOLE if first[task]},
        )  # fmt: skip


def _find_printed(text: str, name: str, begin: int) -> tuple[int, int]:
    """Return where the words print a target, in full or by its first word ("Marvanian" of Marvania); -1 if nowhere."""
    stem = re.escape(re.sub(r"^(?:the|a|an) ", "", name, flags=re.IGNORECASE))
    short = re.escape(name.split()[-1][:5])
    for pattern in (rf"\b{stem}\b", rf"\b{stem[:7]}\w*", rf"\b{short}\w*"):
        found = re.compile(pattern, re.IGNORECASE).search(text, begin)
        if found:
            return found.span()
    return -1, -1


def deal_folds(groups: Sequence[str]) -> np.ndarray:
    """Return the part of each row: whole groups together; debates and worlds, which are few, in turn."""
    few = sorted({g for g in groups if str(g).startswith("UNSC_") or len(str(g)) == 1})
    number = {group: n for n, group in enumerate(few)}
    return np.array([number.get(group, zlib.crc32(str(group).encode())) % FOLDS for group in groups], np.int8)


def cut_corpora(corpora: Corpora, tokenizer: Tokenizer, aside: frozenset[str]) -> list[Case]:
    """Cut every statement in every way in which it is shown.

    Parameters
    ----------
    corpora, tokenizer
        What to cut, and with what.
    aside
        Groups of `coded` that are kept aside; of the other corpora the first of the folds is.
    """
    numbers = {task: {label: i for i, label in enumerate(names)} for task, names in corpora.classes.items()}
    cases: list[Case] = []
    row = 0
    for name, statements in corpora.statements.items():
        folds = deal_folds([item.group for item in statements])
        for item, fold in zip(statements, folds, strict=True):
            kept = item.group in aside if name == "coded" else fold == 0
            for shown, statement, marked in _show(item):
                labels = dict(item.labels)
                if marked is not None:
                    labels |= {"stance": marked.stance, "kind": marked.kind}
                cut = cut_statement(statement, tokenizer)
                places = tuple(_find_places(cut, item.targets, numbers)) if shown == "open" else ()
                cases.append(
                    Case(
                        cut, _tag(cut, item.targets, learned=shown == "open" and name in ("statements", "coded")),
                        tuple(known.get(labels.get(task, ""), -1) for task, known in numbers.items()),
                        places, list(TASKS).index(name), SHOWN.index(shown), row, kept,
                    )
                )  # fmt: skip
            row += 1
    return cases


def _show(item: Labelled) -> Iterator[tuple[str, Statement, Target | None]]:
    """Yield the ways in which a statement is shown, with the target that is marked."""
    whole = item.statement
    if not whole.spans:
        yield "bare", whole, None
        return
    yield "open", whole, None
    if not item.labels:
        return
    content = " ".join(whole.text[s:e] for role, s, e in whole.spans if role == "content")
    cue = " ".join(whole.text[s:e] for role, s, e in whole.spans if role == "cue")
    bare = Statement(content, "", whole.speaker, cue)
    yield "bare", bare, None
    for target in item.targets:
        printed = whole.text[target.start : target.end] if target.start >= 0 else target.name
        yield "marked", whole._replace(target=printed, target_at=target.start), target
        yield "bare marked", bare._replace(target=printed), target


def _cover(cut: Cut, target: Target) -> np.ndarray:
    """Return the numbers of the pieces that print a target."""
    return np.flatnonzero((cut.start < target.end) & (cut.end > max(target.start, 0)))


def _find_places(
    cut: Cut, targets: Sequence[Target], numbers: dict[str, dict[str, int]]
) -> Iterator[tuple[int, int, int, int]]:
    for target in targets:
        pieces = _cover(cut, target)
        if len(pieces):
            labels = numbers["stance"].get(target.stance, -1), numbers["kind"].get(target.kind, -1)
            yield int(pieces[0]), int(pieces[-1]) + 1, *labels


def _tag(cut: Cut, targets: Sequence[Target], *, learned: bool) -> np.ndarray:
    tags = np.where((cut.start >= 0) & learned, 0, UNKNOWN)
    if learned:
        for target in reversed(targets):  # where two overlap, the main one, which comes first, is kept
            pieces = _cover(cut, target)
            if len(pieces):
                role = "main" if target.main else "further"
                tags[pieces] = TARGET_TAGS.index(f"I-{role}")
                tags[pieces[0]] = TARGET_TAGS.index(f"B-{role}")
    return tags


def describe_statements(statements: Sequence[Labelled]) -> str:
    """Return a SHA-256 over labelled statements, so that a card can tell what was trained on."""
    return hashlib.sha256(repr(statements).encode()).hexdigest()
