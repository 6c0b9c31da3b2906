"""The folder of weights that a finished training leaves: graph, heads with calibrated confidences, tokenizer."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from diplotext import spans
from diplotext.corpora import Roles, iterate_polnear
from diplotext.encoder import write_sums
from diplotext.language import find_quotations
from diplotext.quotes.join import build_statement
from diplotext.quotes.linking import TRAITS
from diplotext.quotes.network import FEATURES, HEAD_OF, Network
from diplotext.structure import outline_text
from diplotext.training.export import export_graph, export_heads
from diplotext.training.model import AttributionModel


def package_weights(model: AttributionModel, base: Path, data: Path, held: set[str], out: Path) -> None:
    """Write ``model.onnx``, ``heads.npz`` and ``tokenizer.json``, with confidences fitted on the held articles.

    And ``SHA256SUMS``, by which they are known when they are used.

    Parameters
    ----------
    model
        Trained.
    base
        Folder that the training began from.
    data
        Folder in PolNeAR's form.
    held
        Ids of its articles that were not trained on.
    out
        Folder to write into.
    """
    export_graph(model, out / "model.onnx")
    shutil.copy(base / "tokenizer.json", out / "tokenizer.json")
    heads = export_heads(model) | {"calibration": np.zeros(len(FEATURES) + 1)}
    heads |= {f"{head}/ranking": np.zeros(TRAITS) for head in HEAD_OF.values()}
    write_sums(out, ("model.onnx", "tokenizer.json"))  # to be run for what is fitted next
    for head, weights in fit_rankings(Network(out, heads), data, held).items():
        heads[f"{head}/ranking"] = weights
    heads["calibration"] = _fit_confidence(list_cases(Network(out, heads), data, held))
    np.savez_compressed(out / "heads.npz", **heads)
    write_sums(out, ("model.onnx", "tokenizer.json", "heads.npz"))


def _fit_confidence(table: pd.DataFrame) -> np.ndarray:
    """Fit intercept and weights of `FEATURES`; of a network that is always right or always wrong, the intercept."""
    if table["right"].nunique() < 2:
        share = (table["right"].sum() + 0.5) / (len(table) + 1)
        return np.concatenate([[np.log(share / (1 - share))], np.zeros(len(FEATURES))])
    fit = LogisticRegression(max_iter=1000).fit(table[list(FEATURES)], table["right"])
    return np.concatenate([fit.intercept_, fit.coef_[0]])


def fit_rankings(network: Network, data: Path, names: set[str]) -> dict[str, np.ndarray]:
    """Return the weights of `Linker`'s conditional logit for each kind of head, fitted on the named articles.

    Fitted on chunks as the network finds them: right is a head that overlaps the gold head of a statement whose child
    overlaps this one, and no head where none of those was found.
    """
    cases: dict[str, list[tuple[np.ndarray, list[int]]]] = {head: [] for head in HEAD_OF.values()}
    for _, text, gold in _read_prose(data, names):
        tagged = network.tag(text, find_quotations(text))
        for role, head in HEAD_OF.items():
            places = [tagged.place(c) for c in tagged.chunks[head]]
            for child, numbers, row in zip(tagged.chunks[role], *network.describe_links(role, tagged), strict=True):
                own = [r for r in gold if spans.overlap([tagged.place(child)], r[role])]
                near = [places[n] for n in numbers[numbers >= 0]]
                right = [1 + j for j, p in enumerate(near) if any(spans.overlap([p], r[head]) for r in own)]
                if own:
                    cases[head].append((row[[True, *(numbers >= 0)]], right or [0]))
    return {head: _fit_logit(found) for head, found in cases.items()}


def _fit_logit(cases: list[tuple[np.ndarray, list[int]]]) -> np.ndarray:
    """Fit a conditional logit with several right answers, with a ridge of 1 on all but the pointer's weight."""
    ridge = np.ones(TRAITS)
    ridge[0] = 0.0

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = float(ridge @ weights**2), 2 * ridge * weights
        for traits, right in cases:
            scores = traits @ weights
            shares = np.exp(scores - scores.max())
            hit = shares[right] / shares[right].sum()
            total += float(np.log(shares.sum()) - np.log(shares[right].sum()))
            slope = slope + traits.T @ (shares / shares.sum()) - traits[right].T @ hit
        return total, slope

    start = np.zeros(TRAITS)
    start[0] = 1.0
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 100}).x)


def list_cases(network: Network, data: Path, names: set[str]) -> pd.DataFrame:
    """Return one row per statement found in the named articles: article, `FEATURES`, and whether it is right.

    Right means linked with a gold statement (content Dice ≥ 0.5) and, where that has a source, overlapping it.
    """
    rows = []
    for name, text, gold in _read_prose(data, names):
        quotations = find_quotations(text)
        for linked in filter(lambda found: found.content, network.read(text, quotations)):
            content = build_statement(text, linked, quotations).content
            rows.append(
                {"article": name, **dict(zip(FEATURES, linked.certainties, strict=True)),
                 "right": any(_agrees(content, linked.source, roles) for roles in gold)}
            )  # fmt: skip
    return pd.DataFrame(rows, columns=["article", *FEATURES, "right"])


def _read_prose(data: Path, names: set[str]) -> Iterator[tuple[str, str, list[Roles]]]:
    """Yield id, text and the first annotator's attributions of the named articles that hold no turns.

    Transcripts and turns are speech themselves: the network does not read them at run time.
    """
    for name, text, annotators in iterate_polnear(data):
        if name in names:
            outline = outline_text(text, None)
            if outline.genre == "article" and all(s.turn_speaker is None for s in outline.sentences):
                yield name, text, annotators[0]


def _agrees(content: list[spans.Span], source: spans.Span | None, roles: Roles) -> bool:
    if spans.dice(content, roles["content"]) < 0.5:
        return False
    return not roles["source"] or (source is not None and spans.overlap([source], roles["source"]) > 0)


def describe_data(data: Path) -> dict[str, Any]:
    """Return the number of files of a corpus folder and one SHA-256 over their names and bytes."""
    digest, count = hashlib.sha256(), 0
    for path in sorted(p for p in data.rglob("*") if p.is_file()):
        digest.update(path.relative_to(data).as_posix().encode())
        digest.update(path.read_bytes())
        count += 1
    return {"files": count, "sha256": digest.hexdigest()}


def write_record(out: Path, record: dict[str, Any]) -> None:
    """Write what was trained, on what and how into ``training.json``."""
    (out / "training.json").write_text(json.dumps(record, indent=2) + "\n", "utf-8")
