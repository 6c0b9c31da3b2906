"""Files of labelled sentences, scored with the weights that ship, or with heads refitted in folds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from sklearn.base import ClassifierMixin, clone
from sklearn.model_selection import GroupKFold, LeaveOneGroupOut

from diplotext.corpora import load_newsmtsc, load_plover, load_unscon
from diplotext.evaluate.scores import score_calibration, score_labels
from diplotext.stance.baselines import CueTableClassifier, MajorityClassifier, TfidfClassifier, VaderClassifier
from diplotext.stance.classifiers import PostureClassifier, load_head

#: PLOVER roots by quad class, as `gold_penta` numbers them; YIELD counts as material cooperation.
QUADS = {
    "1": ("AGREE", "CONSULT", "SUPPORT"), "2": ("AID", "COOPERATE", "YIELD"),
    "3": ("ACCUSE", "REJECT", "REQUEST", "THREATEN"),
    "4": ("ASSAULT", "COERCE", "MOBILIZE", "PROTEST", "SANCTION"),
}  # fmt: skip
_FOLDS = 5


class _Task(NamedTuple):
    """How one form of file is read, and the label that is scored."""

    ending: str
    load: Callable[[str | Path], pd.DataFrame]
    label: str
    baselines: Mapping[str, ClassifierMixin]


_TASKS = {
    "sentiment": _Task(".jsonl", load_newsmtsc, "sentiment", {"VADER": VaderClassifier()}),
    "posture": _Task(".tsv", load_plover, "root", {"cue table": CueTableClassifier(codes=True)}),
    "stance": _Task(".csv", load_unscon, "conflict", {}),
}


def evaluate_file(task: str, path: str | Path, *, refit: bool = False) -> dict[str, Any]:
    r"""Score a file of labelled sentences.

    Parameters
    ----------
    task
        sentiment (a ``.jsonl`` in NewsMTSC's form), posture (a ``.tsv`` in PLV's: 15 PLOVER roots) or stance (a
        ``.csv`` in UNSCon's: conflict or none).
    path
        The file.
    refit
        In place of the shipped heads, refit heads in folds of whole articles, sentences or debates, with baselines in
        the same folds. The network under the heads stays as it ships: where it was tuned on this very file, only the
        model card's scores, with a network a fold, are honest.

    Returns
    -------
    dict as `score_labels` gives it, for PLV with ``quad_macro_f1`` and ``quad``, with ``calibration_error``; with
    `refit` one such dict a classifier.

    Raises
    ------
    ValueError
        For another task, or a file that is not of its form.

    Examples
    --------
    >>> (folder / "three.jsonl").write_text("\n".join(
    ...     f'{{"sentence": "Toran {said}.", "mention": "Toran", "from": 0, "polarity": {n}, "id": "p_1_{n}_x"}}'
    ...     for n, said in enumerate(["left", "was praised by all"])))
    195
    >>> evaluate_file("sentiment", folder / "three.jsonl")["accuracy"]["n"]
    2
    """
    if task not in _TASKS:
        raise ValueError(f"task: expected one of {', '.join(_TASKS)}; got {task!r}")
    reader = _TASKS[task]
    if Path(path).suffix != reader.ending:
        raise ValueError(f"data: expected a {reader.ending} file for {task}; got {Path(path).name!r}")
    frame = reader.load(path)
    if refit:
        return _refit(reader, frame)
    head = load_head(reader.label)
    return _score(frame, reader.label, head.classes_, head.predict_proba(frame))


def _refit(reader: _Task, frame: pd.DataFrame) -> dict[str, Any]:
    groups, labels = frame["group"].to_numpy(), frame[reader.label].to_numpy()
    splitter = LeaveOneGroupOut() if len(set(groups)) <= _FOLDS else GroupKFold(_FOLDS)
    folds = list(splitter.split(frame, labels, groups))
    result = {}
    models = {"majority": MajorityClassifier(), "TF-IDF + logistic regression": TfidfClassifier(), **reader.baselines}
    for name, model in models.items():
        found = np.empty(len(frame), dtype=object)
        for train, test in folds:
            found[test] = clone(model).fit(frame.iloc[train], labels[train]).predict(frame.iloc[test])
        result[name] = _score_found(frame, reader.label, found)
    head = PostureClassifier()
    classes = np.unique(labels)
    shares = np.zeros((len(frame), len(classes)))
    for train, test in folds:
        fitted = clone(head).fit(frame.iloc[train], labels[train], groups[train])
        shares[np.ix_(test, np.searchsorted(classes, fitted.classes_))] = fitted.predict_proba(frame.iloc[test])
    result["shipped network, head refitted"] = _score(frame, reader.label, classes, shares)
    return result


def _score(frame: pd.DataFrame, label: str, classes: np.ndarray, shares: np.ndarray) -> dict[str, Any]:
    found = classes[shares.argmax(1)]
    quads = None
    if label == "root":
        names = list(QUADS)
        sums = np.stack([shares[:, np.isin(classes, QUADS[name])].sum(1) for name in names], 1)
        quads = np.array(names)[sums.argmax(1)]
    result = _score_found(frame, label, found, quads)
    right = pd.Series(found == frame[label].to_numpy())
    return result | {"calibration_error": score_calibration(pd.Series(shares.max(1)), right, frame["group"])}


def _score_found(frame: pd.DataFrame, label: str, found: np.ndarray, quads: np.ndarray | None = None) -> dict[str, Any]:
    result = score_labels(frame[label], found, frame["group"])
    if label == "root":
        of_root = {root: quad for quad, roots in QUADS.items() for root in roots}
        quads = np.array([of_root.get(root, "") for root in found]) if quads is None else quads
        quad = score_labels(frame["quad"], quads, frame["group"])
        result |= {"quad_macro_f1": quad["macro_f1"], "quad": quad["per_label"]}
    return result
