"""Training of the network that turns a statement into a vector for stance and posture."""

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
from diplotext.evaluate.scores import score_calibration, score_labels
from diplotext.stance.estimators import PostureClassifier, fit_temperature, log_softmax
from diplotext.stance.explain import normalise
from diplotext.training.cases import SHOWN, TASKS, Cases, Corpora, cut_corpora, describe_frame, read_corpora
from diplotext.training.export import export_vectors
from diplotext.training.model import StanceModel
from diplotext.training.package import write_record
from diplotext.training.steps import Steps, halve_precision

#: what is trained with; every key can be changed for a trial, and the card tells what was. `varied` is the share of
#: statements that are shown otherwise than whole, `folds` how many parts are kept aside in turn, a training each;
#: `finish` the share of the rate at which the last of these networks then learns its own part and a third of the rest.
SETTINGS: dict[str, Any] = {
    "seed": 7, "epochs": 2, "batch": 32, "rate": 1.4e-4, "head_rate": 8e-4, "layer_decay": 0.9, "warmup": 0.06,
    "weight_decay": 0.01, "dropout": 0.15, "smoothing": 0.1, "average": 0.997, "masked": 0.1, "varied": 0.5,
    "folds": 1, "finish": 0.5,
    "repeat": {"newsmtsc": 1, "plover": 3, "unscon": 1, "statements": 1, "coded": 1.5},
}  # fmt: skip


#: how many axes the examples' vectors are kept along.
_AXES = 64


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
    weights
        Files of stored weights to begin from in place of the base's; several are averaged (Wortsman et al. 2022, Model
        Soups, ICML).
    """

    def __init__(
        self, base: Path, classes: dict[str, list[str]], settings: dict[str, Any], weights: Sequence[Path] = ()
    ) -> None:
        self.settings, self.classes = settings, classes
        torch.manual_seed(settings["seed"])
        self.rng = np.random.default_rng(settings["seed"])
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.mask = load_tokenizer(base).token_to_id("[MASK]")
        self.model = StanceModel(base, classes, settings["dropout"]).to(self.device)
        if weights:
            stored = [np.load(path) for path in weights]
            means = {name: sum(file[name].astype(np.float32) for file in stored) / len(stored) for name in stored[0]}
            self.model.load_state_dict({name: torch.from_numpy(value) for name, value in means.items()})
        self.model.eval()
        self.steps = Steps(self.model, settings)

    def vectors(self, ids: Tensor, lengths: Tensor, spots: Tensor) -> Tensor:
        """Return the vectors (n, width) of padded statements (n, length)."""
        mask = (torch.arange(ids.shape[1], device=self.device) < lengths[:, None]).long()
        with halve_precision(self.device):
            return self.model.vectors(ids, mask, spots).float()

    def batches(self, cases: Cases, chosen: np.ndarray) -> list[np.ndarray]:
        """Return one epoch's batches, of like length, in random order; of each row one way of showing it."""
        repeat = np.array([self.settings["repeat"][name] for name in TASKS])
        varied = self.settings["varied"]
        weight = np.where(cases.shown[chosen] == 0, 1 - varied, varied / (len(SHOWN) - 1))
        key = np.log(self.rng.random(len(chosen))) / weight  # the largest of these picks by weight (Efraimidis 2006)
        order = chosen[np.lexsort((-key, cases.row[chosen]))]
        one = order[np.unique(cases.row[order], return_index=True)[1]]
        times = repeat[cases.corpus[one]]
        times = np.floor(times).astype(int) + (self.rng.random(len(one)) < times % 1)
        picked = self.rng.permutation(np.repeat(one, times))
        size = self.settings["batch"]
        lengths = np.diff(cases.ends)
        found = []
        for start in range(0, len(picked), size * 16):  # of like length within a stretch
            stretch = picked[start : start + size * 16]
            stretch = stretch[np.argsort(lengths[stretch], kind="stable")]
            found += [stretch[at : at + size] for at in range(0, len(stretch), size)]
        return [found[i] for i in self.rng.permutation(len(found))]

    def fit(self, cases: Cases, chosen: np.ndarray, name: str = "") -> None:
        """Train on the chosen cases, and take the averaged weights; `name` is shown beside the bar."""
        epochs = self.settings["epochs"]
        labels = torch.from_numpy(cases.labels)
        self.model.train()
        for epoch in range(epochs):
            batches = self.batches(cases, chosen)
            bar = tqdm(batches, desc=f"{name} epoch {epoch + 1}", unit="batch", mininterval=20)
            total = 0.0
            for n, batch in enumerate(bar):
                loss = self._loss(cases, batch, labels)
                self.steps.take(loss, (epoch + n / len(batches)) / epochs)
                total += float(loss.detach()) if n % 20 == 0 else 0.0
            tqdm.write(f"{name} epoch {epoch + 1}: loss {20 * total / len(batches):.3f}")
        self.model.load_state_dict(self.steps.average)
        self.model.eval()

    def _loss(self, cases: Cases, batch: np.ndarray, labels: Tensor) -> Tensor:
        ids, lengths, spots = (x.to(self.device) for x in stack_cases(cases, batch))
        if self.settings["masked"]:
            hidden = torch.rand(ids.shape, device=self.device) < self.settings["masked"]
            ids = torch.where(hidden & (ids > 999), self.mask, ids)  # marks and ends stay
        vectors = self.model.dropout(self.vectors(ids, lengths, spots))
        wanted = labels[batch].to(self.device)
        loss = torch.zeros((), device=self.device)
        for column, head in enumerate(self.model.heads.values()):
            loss = loss + nn.functional.cross_entropy(
                head(vectors), wanted[:, column], ignore_index=-1, reduction="sum",
                label_smoothing=self.settings["smoothing"],
            ) / len(batch)  # fmt: skip
        return loss

    @torch.no_grad()
    def read(self, cases: Cases, chosen: np.ndarray) -> np.ndarray:
        """Return the vectors of the chosen cases, float32 (n, 3 · width)."""
        order = np.argsort(np.diff(cases.ends)[chosen], kind="stable")
        found = np.zeros((len(chosen), 3 * self.model.bert.config.hidden_size), np.float32)
        for start in range(0, len(order), 128):
            part = order[start : start + 128]
            found[part] = self.vectors(*(x.to(self.device) for x in stack_cases(cases, chosen[part]))).cpu().numpy()
        return found

    def rate(self, vectors: np.ndarray) -> np.ndarray:
        """Return the logits of all tasks side by side, float32 (n, labels)."""
        heads = [self.head(task) for task in self.classes]
        return np.concatenate([head.logits(vectors) for head in heads], 1).astype(np.float32)

    def head(self, task: str) -> PostureClassifier:
        """Return a trained head as a classifier, not tempered."""
        layer = self.model.heads[task]
        weight, bias = (p.detach().float().cpu().numpy() for p in (layer.weight, layer.bias))
        width = weight.shape[1]
        return PostureClassifier.from_arrays(
            {"classes_": np.array(self.classes[task]), "coef_": weight, "intercept_": bias,
             "temperature_": np.array(1.0), "mean_": np.zeros(width, np.float32), "scale_": np.ones(width, np.float32)}
        )  # fmt: skip


def stack_cases(cases: Cases, batch: np.ndarray) -> tuple[Tensor, Tensor, Tensor]:
    """Pad statements to one length; returns ids (n, length), lengths (n,) and spots (n, 3)."""
    lengths = np.diff(cases.ends)[batch]
    ids = np.zeros((len(batch), lengths.max()), np.int64)
    for row, number in zip(ids, batch, strict=True):
        own = cases.ids(number)
        row[: len(own)] = own
    return torch.from_numpy(ids), torch.from_numpy(lengths), torch.from_numpy(cases.spots[batch])


def train_stance(
    data: Sequence[Path], base: Path, out: Path, *, start: Sequence[Path] = (), settings: dict[str, Any] | None = None
) -> None:
    """Train the network of statements on all that is labelled, and score it by networks that each left a part out.

    Needs the extra ``diplotext[training]``; uses a GPU where torch finds one. Networks that an earlier run finished
    are taken up.

    Parameters
    ----------
    data
        Folders with ``newsmtsc/train.jsonl``, ``plover/PLV_train.tsv``, ``unscon/sentences.csv``, ``statements.csv``,
        ``coded.csv`` (with ``whitehouse/`` and ``polnear/train``, which it labels), as far as they are there.
    base
        Folder of the model to begin from: ``config.json``, ``model.safetensors``, ``tokenizer.json``.
    out
        Gets ``model.onnx``, ``heads.npz``, ``tokenizer.json``, their ``SHA256SUMS``, ``training.json``, ``scores.json``
        and what each part leaves.
    start
        Weights of earlier runs (``weights 0.npz``) to begin from in place of the base's; several are averaged.
    settings
        What to change of `SETTINGS`.
    """
    chosen = SETTINGS | (settings or {})
    out.mkdir(parents=True, exist_ok=True)
    corpora = read_corpora(data)
    cases = cut_corpora(corpora, load_tokenizer(base))
    for fold in range(chosen["folds"]):
        train_fold(fold, cases, corpora.classes, base, out, chosen, start)
    finish_stance(cases, corpora.classes, base, out, chosen)
    package_stance(corpora, cases, base, out, chosen)


def train_fold(
    fold: int, cases: Cases, classes: dict[str, list[str]], base: Path, out: Path, settings: dict[str, Any],
    start: Sequence[Path] = (),
) -> None:  # fmt: skip
    """Train without one part; store the weights and what the network says of that part."""
    if (out / f"fold {fold}.npz").exists():
        return
    learner = Learner(base, classes, settings, start)
    learner.fit(cases, np.flatnonzero(cases.fold != fold), name=f"without part {fold},")
    _store_weights(out / f"weights {fold}.npz", learner)
    _store(out / f"fold {fold}.npz", logits=learner.rate(learner.read(cases, np.flatnonzero(cases.fold == fold))))


def finish_stance(cases: Cases, classes: dict[str, list[str]], base: Path, out: Path, settings: dict[str, Any]) -> None:
    """Let the last network learn the part that was kept from it, with some of the rest; store the weights that ship."""
    if (out / "weights.npz").exists():
        return
    last = settings["folds"] - 1
    slower = settings | {"epochs": 1, "rate": settings["rate"] * settings["finish"]}
    learner = Learner(base, classes, slower, [out / f"weights {last}.npz"])
    chosen = (cases.fold == last) | (cases.row % 3 == 0)
    learner.fit(cases, np.flatnonzero(chosen), name="last")
    _store_weights(out / "weights.npz", learner)


def _store_weights(path: Path, learner: Learner) -> None:
    _store(path, **{name: value.half().cpu().numpy() for name, value in learner.model.state_dict().items()})


def _store(path: Path, **arrays: Any) -> None:
    with path.with_suffix(".part").open("wb") as file:
        np.savez_compressed(file, **arrays)
    path.with_suffix(".part").replace(path)


def package_stance(corpora: Corpora, cases: Cases, base: Path, out: Path, settings: dict[str, Any]) -> None:
    """Write graph, heads, scores and record from what the parts left."""
    logits = np.zeros((len(cases), sum(map(len, corpora.classes.values()))), np.float32)
    for fold in range(settings["folds"]):
        with np.load(out / f"fold {fold}.npz") as stored:
            logits[cases.fold == fold] = stored["logits"]
    learner = Learner(base, corpora.classes, settings, [out / "weights.npz"])
    arrays: dict[str, Any] = {}
    scores: dict[str, Any] = {}
    seen = cases.fold < settings["folds"]
    for task, held in iterate_held(corpora, cases, logits, seen):
        head = learner.head(task)
        head.temperature_ = fit_temperature(held["logits"], held["numbers"])
        arrays |= {f"{task}/{name}": value for name, value in head.to_arrays().items()}
        for name, rows in [(task, np.ones(len(held["corpus"]), bool))] + [
            (f"{task}, {name}", held["corpus"] == n) for n, name in enumerate(TASKS) if np.any(held["corpus"] == n)
        ]:
            scores[name] = _score(held["logits"][rows], held["numbers"][rows], held["groups"][rows], head)
    written = ["model.onnx", "tokenizer.json", "heads.npz"]
    if "statements" in corpora.frames:
        _store(out / "examples.npz", **_choose_examples(learner, cases, corpora.frames["statements"]))
        written.append("examples.npz")
    export_vectors(learner.model, out / "model.onnx")
    shutil.copy(base / "tokenizer.json", out / "tokenizer.json")
    np.savez_compressed(out / "heads.npz", **arrays)
    write_sums(out, written)
    (out / "scores.json").write_text(json.dumps(scores, indent=2) + "\n", "utf-8")
    rows_of = {name: len(frame) for name, frame in corpora.frames.items()}
    checksums = {name: describe_frame(frame) for name, frame in corpora.frames.items()}
    write_record(out, {"settings": settings, "rows": rows_of, "data": checksums})


def _choose_examples(learner: Learner, cases: Cases, frame: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return our own statements, each text once, and their places along the main axes of all their vectors."""
    own = np.flatnonzero((cases.corpus == list(TASKS).index("statements")) & (cases.shown == 0))
    once = ~frame["text"].duplicated().to_numpy()
    vectors = learner.read(cases, own)[once]
    mean = vectors.mean(0)
    axes = np.linalg.svd(vectors - mean, full_matrices=False)[2][:_AXES].T
    places = normalise((vectors - mean) @ axes)
    words = {name: frame.loc[once, name].to_numpy(dtype=str) for name in ("text", "posture")}
    return words | {name: a.astype(np.float16) for name, a in (("vectors", places), ("mean", mean), ("axes", axes))}


def iterate_held(
    corpora: Corpora, cases: Cases, logits: np.ndarray, aside: np.ndarray
) -> Iterator[tuple[str, dict[str, np.ndarray]]]:
    """Yield each task with what networks said of the cases kept from them, shown as a user shows them."""
    groups = np.concatenate([f["group"].astype("str") for f in corpora.frames.values()])
    ends = np.cumsum([0, *(len(names) for names in corpora.classes.values())])
    for column, task in enumerate(corpora.classes):
        rows = aside & (cases.shown == 0) & (cases.labels[:, column] >= 0)
        yield task, {
            "logits": logits[rows, ends[column] : ends[column + 1]], "numbers": cases.labels[rows, column],
            "groups": groups[cases.row[rows]], "corpus": cases.corpus[rows],
        }  # fmt: skip


def _score(logits: np.ndarray, numbers: np.ndarray, groups: np.ndarray, head: PostureClassifier) -> dict[str, Any]:
    """Return scores of a head's labels, and the calibration error that its temperature leaves."""
    shares = np.exp(log_softmax(logits / head.temperature_))
    found = shares.argmax(1)
    result = score_labels(head.classes_[numbers], head.classes_[found], groups)
    right = pd.Series(found == numbers)
    result["calibration_error"] = score_calibration(pd.Series(shares.max(1)), right, pd.Series(groups))
    return result | {"temperature": round(head.temperature_, 3)}
