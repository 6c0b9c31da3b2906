"""Training of the network that reads a statement's targets, stances and posture."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn
from tqdm import tqdm

from diplotext.encoder import write_sums
from diplotext.encoder.pieces import load_tokenizer
from diplotext.encoder.statements import PARTS, pool_statement
from diplotext.evaluate.scores import score_calibration, score_labels
from diplotext.stance.classifiers import PostureClassifier, fit_temperature, log_softmax
from diplotext.stance.explain import normalise
from diplotext.training.cases import (
    SHOWN,
    TASKS,
    UNKNOWN,
    Case,
    Corpora,
    cut_corpora,
    describe_statements,
    read_corpora,
)
from diplotext.training.coded import read_aside
from diplotext.training.distil import imitate, teach_cases
from diplotext.training.export import export_statements
from diplotext.training.model import StanceModel, TeacherModel
from diplotext.training.package import write_record
from diplotext.training.steps import Steps, halve_precision

#: what is trained with; every key can be changed for a trial, and the card tells what was. `shown` is how often a
#: statement is shown in each of the ways of `SHOWN`; `tags` the weight of the tagger's loss.
SETTINGS: dict[str, Any] = {
    "seed": 7, "epochs": 4, "batch": 24, "rate": 1.5e-4, "head_rate": 1e-3, "layer_decay": 0.9, "warmup": 0.06,
    "weight_decay": 0.01, "dropout": 0.15, "smoothing": 0.1, "average": 0.997, "masked": 0.1, "tags": 6.0,
    "shown": [0.6, 0.15, 0.15, 0.1],
    "repeat": {"newsmtsc": 0.6, "plover": 2, "unscon": 0.7, "statements": 1, "coded": 1, "unlabelled": 0.7},
}  # fmt: skip
#: what a teacher is trained with, where that differs: it learns from our own labels alone.
TEACHER: dict[str, Any] = {
    "seed": 11, "epochs": 3, "rate": 6e-5, "layer_decay": 0.92, "average": 0.995,
    "repeat": {"newsmtsc": 0, "plover": 0, "unscon": 0, "statements": 1, "coded": 1, "unlabelled": 0},
}  # fmt: skip
#: how many axes the examples' vectors are kept along.
_AXES = 64
_CONTENT, _TARGET = PARTS.index("content"), PARTS.index("target")


class Learner:
    """A network, its optimiser and random numbers.

    Parameters
    ----------
    base
        Folder of the model to begin from.
    classes
        Labels by task.
    settings
        As `SETTINGS`.
    start
        Checkpoint of an earlier run on the same labels, whose averaged weights to begin from in place of the base's.
    pupil
        For a teacher, folder of the base that it teaches.
    """

    def __init__(
        self,
        base: Path,
        classes: dict[str, list[str]],
        settings: dict[str, Any],
        start: Path | None = None,
        pupil: Path | None = None,
    ) -> None:
        self.settings, self.classes = settings, classes
        torch.manual_seed(settings["seed"])
        self.rng = np.random.default_rng(settings["seed"])
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.mask = load_tokenizer(pupil or base).token_to_id("[MASK]")
        whole = (base, classes, settings["dropout"])
        self.model = (TeacherModel(*whole, pupil) if pupil else StanceModel(*whole)).to(self.device)
        if start is not None:
            self.model.load_state_dict(torch.load(start, map_location=self.device, weights_only=True)["average"])
        self.steps = Steps(self.model, settings)

    def states(self, ids: Tensor, part: Tensor, shape: Tensor, lengths: Tensor) -> Tensor:
        """Return states (batch, length, width) of padded statements."""
        mask = (torch.arange(ids.shape[1], device=self.device) < lengths[:, None]).long()
        with halve_precision(self.device):
            return self.model(ids, part, shape, mask).float()

    def batches(self, cases: Sequence[Case], chosen: np.ndarray) -> list[np.ndarray]:
        """Return one epoch's batches, of like length, in random order; of each row one way of showing it."""
        repeat = np.array([self.settings["repeat"][name] for name in TASKS])
        rows, shown, corpus = (np.array([getattr(cases[i], n) for i in chosen]) for n in ("row", "shown", "corpus"))
        weight = np.array(self.settings["shown"])[shown]
        key = np.log(self.rng.random(len(chosen))) / weight  # the largest of these picks by weight (Efraimidis 2006)
        order = np.lexsort((-key, rows))
        one = order[np.unique(rows[order], return_index=True)[1]]
        times = repeat[corpus[one]]
        times = np.floor(times).astype(int) + (self.rng.random(len(one)) < times % 1)
        picked = self.rng.permutation(np.repeat(chosen[one], times))
        size = self.settings["batch"]
        lengths = np.array([len(case.cut.ids) for case in cases])
        found = []
        for start in range(0, len(picked), size * 16):  # of like length within a stretch
            stretch = picked[start : start + size * 16]
            stretch = stretch[np.argsort(lengths[stretch], kind="stable")]
            found += [stretch[at : at + size] for at in range(0, len(stretch), size)]
        return [found[i] for i in self.rng.permutation(len(found))]

    def fit(self, cases: Sequence[Case], chosen: np.ndarray, checkpoint: Path) -> Iterator[int]:
        """Train on the chosen cases, and yield each epoch that is done; goes on where `checkpoint` stopped."""
        epochs, done = self.settings["epochs"], 0
        if checkpoint.exists():
            done = self.load(checkpoint)
        for epoch in range(done, epochs):
            self.model.train()
            batches = self.batches(cases, chosen)
            bar = tqdm(batches, desc=f"epoch {epoch + 1}", unit="batch", mininterval=20)
            total = 0.0
            for n, batch in enumerate(bar):
                loss = self._loss([cases[i] for i in batch])
                self.steps.take(loss, (epoch + n / len(batches)) / epochs)
                total += float(loss.detach()) if n % 20 == 0 else 0.0
            tqdm.write(f"epoch {epoch + 1}: loss {20 * total / len(batches):.3f}")
            self.store(checkpoint, epoch + 1)
            yield epoch + 1

    def store(self, path: Path, epoch: int) -> None:
        """Write all that training needs to go on."""
        state = {
            "epoch": epoch, "model": self.model.state_dict(), "average": self.steps.average, "count": self.steps.count,
            "optimizer": self.steps.optimizer.state_dict(), "rng": self.rng.bit_generator.state,
        }  # fmt: skip
        torch.save(state, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)

    def load(self, path: Path) -> int:
        """Take up what `store` wrote; returns the epochs done."""
        state = torch.load(path, map_location=self.device, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.steps.average, self.steps.count = state["average"], state["count"]
        self.steps.optimizer.load_state_dict(state["optimizer"])
        self.rng.bit_generator.state = state["rng"]
        return int(state["epoch"])

    def _loss(self, batch: Sequence[Case]) -> Tensor:
        ids, part, shape, tags, lengths = (x.to(self.device) for x in stack_cases(batch))
        if self.settings["masked"]:
            hidden = torch.rand(ids.shape, device=self.device) < self.settings["masked"]
            ids = torch.where(hidden & (part > 0), self.mask, ids)  # marks and ends stay
        states = self.states(ids, part, shape, lengths)
        smoothing = self.settings["smoothing"]
        loss = torch.zeros((), device=self.device)
        scores = self.model.tagger(self.model.dropout(states))
        if (tags != UNKNOWN).any():
            loss = self.settings["tags"] * nn.functional.cross_entropy(
                scores.flatten(0, 1), tags.flatten(), ignore_index=UNKNOWN
            )
        whole = self.model.dropout(pool(states, part, [None] * len(batch)))
        wanted = torch.tensor([case.labels for case in batch], device=self.device)
        for column, head in enumerate(self.model.heads.values()):
            loss = loss + nn.functional.cross_entropy(
                head(whole), wanted[:, column], ignore_index=-1, reduction="sum", label_smoothing=smoothing
            ) / len(batch)  # fmt: skip

        def cut_places(owners: Sequence[tuple[int, tuple[int, ...]]]) -> Tensor:
            rows = torch.tensor([n for n, _ in owners], device=self.device, dtype=torch.long)
            return self.model.dropout(pool(states[rows], part[rows], [(p[0], p[1]) for _, p in owners]))

        owners = [(n, place) for n, case in enumerate(batch) for place in case.places]
        if owners:
            vectors = cut_places(owners)
            for task, column in (("stance", 2), ("kind", 3)):
                labels = torch.tensor([place[column] for _, place in owners], device=self.device)
                loss = loss + nn.functional.cross_entropy(
                    self.model.heads[task](vectors), labels, ignore_index=-1, reduction="sum", label_smoothing=smoothing
                ) / len(batch)  # fmt: skip
        if any(case.taught for case in batch):
            places = [(n, tuple(p)) for n, case in enumerate(batch) if case.taught for p in case.taught.places]
            vectors = cut_places(places) if places else whole[:0]
            loss = loss + imitate(scores, self.model.heads, whole, vectors, batch, self.settings["tags"])
        return loss

    def head(self, task: str) -> PostureClassifier:
        """Return a trained head as a classifier, not tempered."""
        layer = self.model.heads[task]
        weight, bias = (p.detach().float().cpu().numpy() for p in (layer.weight, layer.bias))
        width = weight.shape[1]
        return PostureClassifier.from_arrays(
            {"classes_": np.array(self.classes[task]), "coef_": weight, "intercept_": bias,
             "temperature_": np.array(1.0), "mean_": np.zeros(width, np.float32), "scale_": np.ones(width, np.float32)}
        )  # fmt: skip

    @torch.no_grad()
    def read(self, cases: Sequence[Case]) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
        """Return the logits of all tasks side by side (n, labels), and each case's probabilities of tags and states."""
        self.model.eval()
        order = np.argsort([len(case.cut.ids) for case in cases], kind="stable")
        logits = np.zeros((len(cases), sum(map(len, self.classes.values()))), np.float32)
        tags: list[np.ndarray] = [np.zeros(0)] * len(cases)
        places: list[np.ndarray] = [np.zeros(0)] * len(cases)
        for start in range(0, len(order), 64):
            part_of = order[start : start + 64]
            ids, part, shape, _, lengths = (x.to(self.device) for x in stack_cases([cases[i] for i in part_of]))
            states = self.states(ids, part, shape, lengths)
            vectors = pool(states, part, [None] * len(part_of))
            logits[part_of] = torch.cat([head(vectors) for head in self.model.heads.values()], 1).cpu().numpy()
            shares = self.model.tagger(states).softmax(-1).cpu().numpy()
            for row, i in enumerate(part_of):
                size = int(lengths[row])
                tags[i], places[i] = shares[row, :size], states[row, :size].cpu().numpy().astype(np.float16)
        return logits, tags, places


def stack_cases(batch: Sequence[Case]) -> tuple[Tensor, ...]:
    """Pad statements to one length; returns ids, part, shape, tags (n, length) and lengths (n,)."""
    lengths = [len(case.cut.ids) for case in batch]
    arrays = [np.full((len(batch), max(lengths)), fill, np.int64) for fill in (0, 0, 0, UNKNOWN)]
    for row, (case, size) in enumerate(zip(batch, lengths, strict=True)):
        for array, own in zip(arrays, (case.cut.ids, case.cut.part, case.cut.shape, case.tags), strict=True):
            array[row, :size] = own
    return *(torch.from_numpy(array) for array in arrays), torch.tensor(lengths)


def pool(states: Tensor, part: Tensor, places: Sequence[tuple[int, int] | None]) -> Tensor:
    """Return the vectors (n, 3 · width) of statements, as `stance.reading.pool_statement` does of one."""
    number = torch.arange(part.shape[1], device=part.device)
    target = torch.stack([
        part[n] == _TARGET if place is None else (number >= place[0]) & (number < place[1])
        for n, place in enumerate(places)
    ])  # fmt: skip
    content = (part == _CONTENT) | (part == _TARGET)

    def mean(chosen: Tensor) -> Tensor:
        weight = chosen.float()
        return (states * weight[..., None]).sum(1) / weight.sum(1, keepdim=True).clamp(min=1)

    return torch.cat([states[:, 0], mean(target), mean(content)], 1)


def train_stance(
    data: Sequence[Path],
    base: Path,
    out: Path,
    *,
    start: Path | None = None,
    teacher: Path | None = None,
    settings: dict[str, Any] | None = None,
) -> None:
    """Train the network of statements, and score it on what was kept aside.

    Needs the extra ``diplotext[training]``; uses a GPU where torch finds one. An interrupted training goes on from its
    last epoch.

    Parameters
    ----------
    data
        Folders with ``newsmtsc/train.jsonl``, ``plover/PLV_train.tsv``, ``unscon/sentences.csv``, ``statements.csv``,
        ``coded.csv`` and ``split.csv`` (with the corpora that they label), as far as they are there.
    base
        Folder of the model to begin from: ``config.json``, ``model.safetensors``, ``tokenizer.json``.
    out
        Gets ``model.onnx``, ``heads.npz``, ``tokenizer.json``, ``training.json``, ``scores.json`` and the checkpoint.
    start
        Checkpoint of an earlier run on the same labels to begin from.
    teacher
        Folder of a larger model with the same word pieces, which is trained first, in ``out/teacher``, and imitated on
        our labelled and on unlabelled statements.
    settings
        What to change of `SETTINGS`.
    """
    chosen = SETTINGS | (settings or {})
    out.mkdir(parents=True, exist_ok=True)
    aside = read_aside(data)
    corpora = read_corpora(data, aside if teacher else None)
    cases = cut_corpora(corpora, load_tokenizer(base), aside)
    if teacher:
        large = Learner(teacher, corpora.classes, chosen | TEACHER, pupil=base)
        labelled = [list(TASKS)[case.corpus] in ("statements", "coded") and not case.aside for case in cases]
        (out / "teacher").mkdir(exist_ok=True)
        for _ in large.fit(cases, np.flatnonzero(labelled), out / "teacher" / "checkpoint.pt"):
            pass
        large.model.load_state_dict(large.steps.average)
        cases = teach_cases(cases, dict(large.model.heads.items()), large.read, out / "teacher" / "readings.pt")
    learner = Learner(base, corpora.classes, chosen, start)
    for _ in learner.fit(cases, np.flatnonzero([not case.aside for case in cases]), out / "checkpoint.pt"):
        pass
    package_stance(learner, corpora, cases, base, out, TEACHER if teacher else None)


def package_stance(
    learner: Learner,
    corpora: Corpora,
    cases: Sequence[Case],
    base: Path,
    out: Path,
    teacher: dict[str, Any] | None = None,
) -> None:
    """Write graph, heads with temperatures, examples, scores and record: the averaged weights are what ships."""
    learner.model.load_state_dict(learner.steps.average)
    held = [case for case in cases if case.aside]
    logits, _, _ = learner.read(held)
    arrays: dict[str, Any] = {}
    scores: dict[str, Any] = {}
    groups = np.array([item.group for statements in corpora.statements.values() for item in statements])
    ends = np.cumsum([0, *map(len, corpora.classes.values())])
    for column, task in enumerate(corpora.classes):
        head = learner.head(task)
        rows = np.array([case.labels[column] >= 0 for case in held])
        own, numbers = logits[rows, ends[column] : ends[column + 1]], np.array([c.labels[column] for c in held])[rows]
        head.temperature_ = fit_temperature(own, numbers)
        arrays |= {f"{task}/{name}": value for name, value in head.to_arrays().items()}
        for name in TASKS:
            for shown in SHOWN:
                here = [c.corpus == list(TASKS).index(name) and c.shown == SHOWN.index(shown) for c in held]
                part = np.array(here)[rows]
                if part.sum() > 1:
                    group = groups[[c.row for c, h in zip(held, here, strict=True) if h and c.labels[column] >= 0]]
                    scores[f"{task}, {name}, {shown}"] = _score(own[part], numbers[part], group, head)
    export_statements(learner.model, out / "model.onnx")
    shutil.copy(base / "tokenizer.json", out / "tokenizer.json")
    np.savez_compressed(out / "heads.npz", **arrays)
    if "statements" in corpora.statements:
        examples: dict[str, Any] = _choose_examples(learner, cases, corpora)
        np.savez_compressed(out / "examples.npz", **examples)
    (out / "scores.json").write_text(json.dumps(scores, indent=2) + "\n", "utf-8")
    counts = {name: len(statements) for name, statements in corpora.statements.items()}
    checksums = {name: describe_statements(statements) for name, statements in corpora.statements.items()}
    write_record(out, {"settings": learner.settings, "teacher": teacher, "rows": counts, "data": checksums})
    names = ("model.onnx", "heads.npz", "examples.npz", "tokenizer.json")
    write_sums(out, [name for name in names if (out / name).is_file()])


def _score(logits: np.ndarray, numbers: np.ndarray, groups: np.ndarray, head: PostureClassifier) -> dict[str, Any]:
    """Return scores of a head's labels, and the calibration error that its temperature leaves."""
    shares = np.exp(log_softmax(logits / head.temperature_))
    found = shares.argmax(1)
    right = pd.Series(found == numbers)
    result = score_labels(pd.Series(head.classes_[numbers]), head.classes_[found], pd.Series(groups))
    error = score_calibration(pd.Series(shares.max(1)), right, pd.Series(groups))
    return {key: result[key] for key in ("macro_f1", "accuracy")} | {"calibration_error": error}


def _choose_examples(learner: Learner, cases: Sequence[Case], corpora: Corpora) -> dict[str, np.ndarray]:
    """Return our own statements, each text once, and their places along the main axes of all their vectors."""
    number = list(TASKS).index("statements")
    own = [case for case in cases if case.corpus == number and SHOWN[case.shown] == "bare"]
    states = learner.read(own)[2]
    vectors = np.stack([pool_statement(s.astype(np.float32), c.cut.part) for c, s in zip(own, states, strict=True)])
    mean = vectors.mean(0)
    axes = np.linalg.svd(vectors - mean, full_matrices=False)[2][:_AXES].T
    places = normalise((vectors - mean) @ axes)
    items = corpora.statements["statements"]
    content = [[i.statement.text[s:e] for role, s, e in i.statement.spans if role == "content"] for i in items]
    words = {
        "text": np.array([" ".join(pieces) for pieces in content]),
        "posture": np.array([item.labels["posture"] for item in items]),
    }  # fmt: skip
    return words | {name: a.astype(np.float16) for name, a in (("vectors", places), ("mean", mean), ("axes", axes))}
