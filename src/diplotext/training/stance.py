"""Training of the network that turns a statement into a vector for stance and posture."""

from __future__ import annotations

import hashlib
import json
import shutil
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn
from tqdm import tqdm

from diplotext.corpora import load_coded, load_newsmtsc, load_plover, load_statements, load_unscon
from diplotext.encoder import Statement
from diplotext.encoder.pieces import load_tokenizer
from diplotext.encoder.statements import cut_statement
from diplotext.evaluate.scores import score_calibration, score_labels
from diplotext.stance.estimators import PostureClassifier, fit_temperature, log_softmax
from diplotext.training.export import export_vectors
from diplotext.training.model import StanceModel
from diplotext.training.package import write_record
from diplotext.training.steps import Steps, still_attention

#: what is trained with; every key can be changed for a trial, and the card tells what was.
SETTINGS: dict[str, Any] = {
    "seed": 7, "epochs": 4, "batch": 32, "rate": 1.2e-4, "head_rate": 8e-4, "layer_decay": 0.9, "warmup": 0.06,
    "weight_decay": 0.01, "dropout": 0.15, "smoothing": 0.1, "average": 0.997, "masked": 0.1,
    "repeat": {"newsmtsc": 1, "plover": 4, "unscon": 1, "statements": 2, "coded": 4},
}  # fmt: skip
#: columns that are learned, by corpus.
TASKS = {
    "newsmtsc": ("sentiment",), "plover": ("root",), "unscon": ("conflict",),
    "statements": ("posture", "stance", "conditional", "mode"), "coded": ("posture", "stance", "conditional", "mode"),
}  # fmt: skip
#: one part in so many is kept aside.
_PARTS = 4


class Case(NamedTuple):
    """One statement as word pieces, with the numbers of its labels by task (-1 for none)."""

    ids: np.ndarray
    spots: np.ndarray
    labels: dict[str, int]


def read_corpora(data: Sequence[Path]) -> dict[str, pd.DataFrame]:
    """Return the corpora found among folders and files, by name; see `TASKS`.

    Raises
    ------
    FileNotFoundError
        If none of them is there.
    """
    places = {
        "newsmtsc": ("newsmtsc/train.jsonl", load_newsmtsc), "plover": ("plover/PLV_train.tsv", load_plover),
        "unscon": ("unscon/sentences.csv", load_unscon), "statements": ("statements.csv", load_statements),
    }  # fmt: skip
    found = {}
    for name, (place, load) in places.items():
        for path in data:
            if (path / place).is_file():
                found[name] = load(path / place)
    labels = next((path / "coded.csv" for path in data if (path / "coded.csv").is_file()), None)
    texts = next((path for path in data if (path / "whitehouse").is_dir()), None)
    if labels and texts:
        found["coded"] = load_coded(labels, texts)
    if not found:
        expected = ", ".join(place for place, _ in places.values())
        raise FileNotFoundError(f"data: expected one of {expected} in the folders; got {[str(p) for p in data]}")
    return found


def keep_aside(frame: pd.DataFrame) -> np.ndarray:
    """Tell which rows are kept aside for scores: whole groups, about a quarter; one debate, and two worlds of six."""
    groups = frame["group"].to_numpy()
    few = sorted({g for g in groups if str(g).startswith("UNSC_") or len(str(g)) == 1})
    number = {group: n for n, group in enumerate(few)}
    return np.array([number.get(group, zlib.crc32(str(group).encode())) % _PARTS == 0 for group in groups])


class StanceTrainer:
    """One trial: its model, optimiser and random numbers."""

    def __init__(self, base: Path, corpora: dict[str, pd.DataFrame], settings: dict[str, Any]) -> None:
        self.settings = settings
        torch.manual_seed(settings["seed"])
        self.rng = np.random.default_rng(settings["seed"])
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.tokenizer = load_tokenizer(base)
        self.mask = self.tokenizer.token_to_id("[MASK]")
        labels: dict[str, set[str]] = {}
        for name, frame in corpora.items():
            for task in TASKS[name]:
                labels.setdefault(task, set()).update(frame[task].dropna())
        self.classes = {task: sorted(names) for task, names in labels.items()}
        self.model = StanceModel(base, self.classes, settings["dropout"]).to(self.device)
        still_attention(self.model.bert)
        self.steps = Steps(self.model, settings)

    def cut(self, name: str, frame: pd.DataFrame) -> list[Case]:
        """Return a corpus' rows as cases."""
        numbers = {task: {label: i for i, label in enumerate(self.classes[task])} for task in TASKS[name]}
        cases = []
        for row in frame.to_dict("records"):
            ids, spots = cut_statement(as_statement(row), self.tokenizer)
            cases.append(Case(ids, spots, {t: numbers[t].get(row[t], -1) for t in TASKS[name]}))
        return cases

    def batches(self, corpora: dict[str, list[Case]]) -> list[list[Case]]:
        """Return one epoch's batches, each of one corpus and of like length, in random order."""
        found = []
        size = self.settings["batch"]
        for name, cases in corpora.items():
            for _ in range(self.settings["repeat"][name]):
                order = self.rng.permutation(len(cases))
                for start in range(0, len(order), size * 16):  # of like length within a stretch
                    stretch = sorted(order[start : start + size * 16], key=lambda i: len(cases[i].ids))
                    found += [[cases[i] for i in stretch[at : at + size]] for at in range(0, len(stretch), size)]
        return [found[i] for i in self.rng.permutation(len(found))]

    def update(self, batch: list[Case], share: float) -> float:
        """Take one step; `share` of the whole way is done."""
        ids, mask, spots = (x.to(self.device) for x in stack_cases(batch))
        if self.settings["masked"]:
            chosen = torch.rand(ids.shape, device=self.device) < self.settings["masked"]
            ids = torch.where(chosen & (ids > 999), self.mask, ids)  # marks and ends stay
        with torch.autocast(self.device, dtype=torch.bfloat16):
            vectors = self.model.vectors(ids, mask, spots)
        vectors = self.model.dropout(vectors.float())
        losses = []
        for task in batch[0].labels:
            labels = torch.tensor([case.labels[task] for case in batch], device=self.device)
            if (labels >= 0).any():
                losses.append(
                    nn.functional.cross_entropy(
                        self.model.heads[task](vectors), labels, ignore_index=-1,
                        label_smoothing=self.settings["smoothing"],
                    )
                )  # fmt: skip
        loss = torch.stack(losses).sum()
        self.steps.take(loss, share)
        return float(loss.detach())

    def fit(self, corpora: dict[str, list[Case]]) -> None:
        """Train for all epochs, and take the averaged weights."""
        epochs = self.settings["epochs"]
        self.model.train()
        for epoch in range(epochs):
            batches = self.batches(corpora)
            bar = tqdm(batches, desc=f"epoch {epoch + 1}", unit="batch", mininterval=20)
            losses = [self.update(b, (epoch + n / len(batches)) / epochs) for n, b in enumerate(bar)]
            tqdm.write(f"epoch {epoch + 1}: loss {np.mean(losses):.3f}")
        self.take(self.steps.average)

    def take(self, weights: dict[str, Tensor]) -> None:
        """Take weights, to read and not to train any more."""
        self.model.load_state_dict(weights)
        self.model.eval()

    @torch.no_grad()
    def read(self, cases: Sequence[Case]) -> np.ndarray:
        """Return vectors (n, 3 · width)."""
        order = sorted(range(len(cases)), key=lambda i: len(cases[i].ids))
        vectors = np.zeros((len(cases), 3 * self.model.bert.config.hidden_size), np.float32)
        for start in range(0, len(order), 64):
            part = order[start : start + 64]
            with torch.autocast(self.device, dtype=torch.bfloat16):
                found = self.model.vectors(*(x.to(self.device) for x in stack_cases([cases[i] for i in part])))
            vectors[part] = found.float().cpu().numpy()
        return vectors

    def head(self, task: str) -> PostureClassifier:
        """Return a trained head as a classifier, not tempered."""
        layer = self.model.heads[task]
        weight, bias = (p.detach().float().cpu().numpy() for p in (layer.weight, layer.bias))
        width = weight.shape[1]
        return PostureClassifier.from_arrays(
            {"classes_": np.array(self.classes[task]), "coef_": weight, "intercept_": bias,
             "temperature_": np.array(1.0), "mean_": np.zeros(width, np.float32), "scale_": np.ones(width, np.float32)}
        )  # fmt: skip


class _Held(NamedTuple):
    """What a network said of the statements of a fold that it was not trained on: logits, true labels, groups."""

    logits: np.ndarray
    labels: np.ndarray
    groups: list[Any]


def as_statement(row: dict[str, Any]) -> Statement:
    """Return a row of a corpus frame as a statement."""
    return Statement(
        row["text"], row.get("target") or "", row.get("speaker") or "", row.get("context") or "",
        int(row.get("target_at", -1)), int(row.get("speaker_at", -1)),
    )  # fmt: skip


def stack_cases(cases: Sequence[Case]) -> tuple[Tensor, Tensor, Tensor]:
    """Pad statements to one length; returns ids, mask (n, length) and spots (n, 3)."""
    length = max(len(case.ids) for case in cases)
    ids = np.zeros((len(cases), length), np.int64)
    for row, case in zip(ids, cases, strict=True):
        row[: len(case.ids)] = case.ids
    lengths = torch.tensor([len(case.ids) for case in cases])
    mask = (torch.arange(length) < lengths[:, None]).long()
    return torch.from_numpy(ids), mask, torch.from_numpy(np.stack([case.spots for case in cases]))


def train_stance(data: Sequence[Path], base: Path, out: Path, *, settings: dict[str, Any] | None = None) -> None:
    """Train the network of statements, and score and temper its heads on the quarter that it was not trained on.

    Needs the extra ``diplotext[training]``; uses a GPU where torch finds one. A second run takes up the network that
    an earlier one has finished.

    Parameters
    ----------
    data
        Folders with ``newsmtsc/train.jsonl``, ``plover/PLV_train.tsv``, ``unscon/sentences.csv``, ``statements.csv``,
        ``coded.csv`` (with ``whitehouse/`` and ``polnear/train``, which it labels), as far as they are there.
    base
        Folder of the model to begin from: ``config.json``, ``model.safetensors``, ``tokenizer.json``.
    out
        Gets ``model.onnx``, ``heads.npz``, ``tokenizer.json``, ``training.json``, ``scores.json`` and ``network.pt``.
    settings
        What to change of `SETTINGS`.
    """
    chosen = SETTINGS | (settings or {})
    out.mkdir(parents=True, exist_ok=True)
    corpora = read_corpora(data)
    aside = {name: keep_aside(frame) for name, frame in corpora.items()}
    trainer = StanceTrainer(base, corpora, chosen)
    checkpoint = out / "network.pt"
    if checkpoint.exists():
        trainer.take(torch.load(checkpoint, map_location=trainer.device, weights_only=True))
    else:
        trainer.fit({name: trainer.cut(name, frame[~aside[name]]) for name, frame in corpora.items()})
        torch.save(trainer.model.state_dict(), checkpoint.with_suffix(".part"))
        checkpoint.with_suffix(".part").replace(checkpoint)
    held: dict[str, list[_Held]] = {}  # by task, and by task and corpus
    for name, frame in corpora.items():
        rows = frame[aside[name]]
        vectors = trainer.read(trainer.cut(name, rows))
        for task in TASKS[name]:
            known = rows[task].notna().to_numpy()
            logits = trainer.head(task).logits(vectors[known])
            part = _Held(logits, rows[task][known].to_numpy(), rows["group"][known].tolist())
            for key in (task, f"{task}, {name}"):
                held.setdefault(key, []).append(part)
    arrays: dict[str, Any] = {}
    scores: dict[str, Any] = {}
    for key, parts in held.items():
        task = key.split(", ")[0]
        head = trainer.head(task)
        scores[key] = _score(parts, head)
        if key == task:
            arrays |= {f"{task}/{name}": value for name, value in head.to_arrays().items()}
    export_vectors(trainer.model, out / "model.onnx")
    shutil.copy(base / "tokenizer.json", out / "tokenizer.json")
    np.savez_compressed(out / "heads.npz", **arrays)
    (out / "scores.json").write_text(json.dumps(scores, indent=2) + "\n", "utf-8")
    rows_of = {name: {"trained": int((~aside[name]).sum()), "aside": int(aside[name].sum())} for name in corpora}
    checksums = {name: describe_frame(frame) for name, frame in corpora.items()}
    write_record(out, {"settings": chosen, "rows": rows_of, "data": checksums})


def _score(parts: list[_Held], head: PostureClassifier) -> dict[str, Any]:
    """Fit the head's temperature on the held folds; return scores, with the calibration error that is left."""
    logits = np.concatenate([part.logits for part in parts])
    numbers = np.searchsorted(head.classes_, np.concatenate([part.labels for part in parts]))
    groups = [group for part in parts for group in part.groups]
    head.temperature_ = fit_temperature(logits, numbers)
    shares = np.exp(log_softmax(logits / head.temperature_))
    found = shares.argmax(1)
    result = score_labels(head.classes_[numbers], head.classes_[found], groups)
    right = pd.Series(found == numbers)
    result["calibration_error"] = score_calibration(pd.Series(shares.max(1)), right, pd.Series(groups))
    return result | {"temperature": round(head.temperature_, 3)}


def describe_frame(frame: pd.DataFrame) -> str:
    """Return a SHA-256 over a corpus frame's rows, so that a card can tell what was trained on."""
    return hashlib.sha256(frame.to_csv(index=False).encode()).hexdigest()
