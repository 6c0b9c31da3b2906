"""Classifiers of statements: a light head, fitted in seconds, over the network's vectors."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold
from sklearn.utils.validation import check_is_fitted

from diplotext.encoder import Statement, find_weights, load_vectors

#: columns of X: the first is needed, the others may be missing.
COLUMNS = ("text", "target", "speaker", "context", "target_at", "speaker_at")
#: folds in which `fit` measures how sure the head may be.
_FOLDS = 5


class StatementEncoder(TransformerMixin, BaseEstimator):
    """Turns statements into vectors of a network tuned on stance, posture and events; it learns nothing itself.

    A vector holds the network's states of the whole statement, of its target and of its content side by side. It does
    not depend on the other rows.

    Parameters
    ----------
    weights
        Name of weights that ship with the package, or a folder of your own.

    Examples
    --------
    >>> import pandas as pd
    >>> X = pd.DataFrame({"text": ["We will not sign."], "target": [""]})
    >>> StatementEncoder().fit_transform(X).shape
    (1, 1152)
    """

    def __init__(self, weights: str | Path = "stance") -> None:
        self.weights = weights

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Check the columns; there is nothing to learn."""
        read_statements(X)
        return self

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        """Return the vectors, float32 (n, 1152).

        Parameters
        ----------
        X
            DataFrame with ``text`` and, as far as known, ``target``, ``speaker``, ``context`` (such as the cue) and
            ``target_at``, ``speaker_at`` (where they stand in the text; -1 or missing for the first place).

        Raises
        ------
        ValueError
            If X is no DataFrame with a column ``text``.
        """
        return load_vectors(self.weights).read(read_statements(X))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array, tags.input_tags.string, tags.requires_fit = False, True, False
        return tags


def read_statements(X: pd.DataFrame) -> list[Statement]:
    """Return the rows of X as statements; see `StatementEncoder.transform`."""
    if not isinstance(X, pd.DataFrame) or "text" not in X:
        got = f"columns {list(X.columns)}" if isinstance(X, pd.DataFrame) else type(X).__name__
        raise ValueError(
            f"X: expected a DataFrame with a column 'text' (and 'target', 'speaker', 'context'); got {got}"
        )
    columns: list[list[Any]] = []
    for name in COLUMNS:
        values = X[name] if name in X else pd.Series([None] * len(X), dtype="object")
        if name.endswith("_at"):
            columns.append([-1 if pd.isna(v) else int(v) for v in values])
        else:
            columns.append(["" if pd.isna(v) else str(v) for v in values])
    return [Statement(*row) for row in zip(*columns, strict=True)]


class Head(ClassifierMixin, BaseEstimator):
    """A multinomial logistic regression over `StatementEncoder`'s vectors, its probabilities tempered.

    Parameters
    ----------
    weights
        As for `StatementEncoder`.
    C
        Inverse strength of the ridge; smaller is smoother. The default suits some hundred labels.
    balanced
        Give rare labels the weight of frequent ones.

    Attributes
    ----------
    classes_, coef_, intercept_, mean_, scale_
        Labels; and the head as plain arrays, over standardised vectors.
    temperature_
        What the logits are divided by, fitted on rows that the head had not seen (Guo et al. 2017, On Calibration of
        Modern Neural Networks, ICML).
    """

    def __init__(self, weights: str | Path = "stance", C: float = 0.01, *, balanced: bool = True) -> None:
        self.weights = weights
        self.C = C
        self.balanced = balanced

    def fit(self, X: pd.DataFrame, y: Any, groups: Any = None) -> Self:
        """Fit the head and its temperature.

        Parameters
        ----------
        X
            As `StatementEncoder.transform` takes it.
        y
            Labels, one a row.
        groups
            Article, speaker or debate of each row, so that none is on both sides when the temperature is fitted.

        Raises
        ------
        ValueError
            If there are fewer than two labels, one is missing, or X and y differ in length.
        """
        read_statements(X)
        y = _check_labels(y, len(X))
        if len(np.unique(y)) < 2:
            raise ValueError(f"y: expected two labels or more; got {sorted(set(y.tolist()))}")
        vectors = StatementEncoder(self.weights).transform(X)
        self.classes_, numbers = np.unique(y, return_inverse=True)
        logits = self._hold_out(vectors, numbers, groups)
        self.fit_vectors(vectors, y)
        self.temperature_ = 1.0 if logits is None else fit_temperature(logits, numbers)
        return self

    def fit_vectors(self, vectors: np.ndarray, y: Any) -> Self:
        """Fit the head alone, untempered, to vectors of `StatementEncoder`."""
        self.classes_, numbers = np.unique(np.asarray(y), return_inverse=True)
        self.temperature_ = 1.0
        self._fit_head(vectors, numbers)
        return self

    def _fit_head(self, vectors: np.ndarray, numbers: np.ndarray) -> None:
        self.mean_, self.scale_ = vectors.mean(0), vectors.std(0) + 1e-6
        weight = "balanced" if self.balanced else None
        model = LogisticRegression(C=self.C, max_iter=1000, class_weight=weight)
        model.fit((vectors - self.mean_) / self.scale_, numbers)
        self.coef_, self.intercept_ = model.coef_, model.intercept_
        if len(model.coef_) == 1:  # of two labels scikit-learn keeps one row
            self.coef_ = np.concatenate([-model.coef_ / 2, model.coef_ / 2])
            self.intercept_ = np.concatenate([-model.intercept_ / 2, model.intercept_ / 2])

    def _hold_out(self, vectors: np.ndarray, numbers: np.ndarray, groups: Any) -> np.ndarray | None:
        """Return logits (n, labels) of each row by a head that has not seen it; None where folds cannot be made."""
        folds = min(_FOLDS, int(np.min(np.bincount(numbers))), len(numbers) if groups is None else len(set(groups)))
        if folds < 2:
            return None
        splitter = StratifiedKFold(folds) if groups is None else StratifiedGroupKFold(folds)
        logits = np.zeros((len(numbers), len(self.classes_)))
        for train, test in splitter.split(vectors, numbers, groups):
            if len(np.unique(numbers[train])) < len(self.classes_):
                return None  # one group holds all of a label
            self._fit_head(vectors[train], numbers[train])
            logits[test] = self.logits(vectors[test])
        return logits

    def logits(self, vectors: np.ndarray) -> np.ndarray:
        """Return the untempered scores of `classes_` for vectors of `StatementEncoder`, (n, labels)."""
        # Not `@`: what a matrix product makes of a row depends, in its last digits, on how many there are.
        products = np.einsum("ij,kj->ik", (vectors - self.mean_) / self.scale_, self.coef_)
        return np.asarray(products + self.intercept_)

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        """Return the probability of each of `classes_`, (n, labels)."""
        check_is_fitted(self, "coef_")
        return self.rate(StatementEncoder(self.weights).transform(X))

    def rate(self, vectors: np.ndarray) -> np.ndarray:
        """Return the probabilities of `classes_` for vectors of `StatementEncoder`."""
        return np.exp(log_softmax(self.logits(vectors) / self.temperature_))

    def share(self, vector: np.ndarray) -> dict[str, float]:
        """Return label -> probability for one vector of `StatementEncoder`."""
        return {str(name): float(p) for name, p in zip(self.classes_, self.rate(vector[None])[0], strict=True)}

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """Return the likeliest label of each row."""
        likeliest = self.predict_proba(X).argmax(1)
        return np.asarray(self.classes_[likeliest])

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return the fitted head as plain arrays, for ``np.savez``."""
        check_is_fitted(self, "coef_")
        return {name: np.asarray(getattr(self, name)) for name in (*_ARRAYS, "temperature_")}

    @classmethod
    def from_arrays(cls, arrays: dict[str, np.ndarray], weights: str | Path = "stance") -> Self:
        """Return a classifier whose head `to_arrays` gave."""
        head = cls(weights)
        for name in _ARRAYS:
            setattr(head, name, arrays[name])
        head.temperature_ = float(arrays["temperature_"])
        return head

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array, tags.input_tags.string = False, True
        return tags


_ARRAYS = ("classes_", "coef_", "intercept_", "mean_", "scale_")


class StanceClassifier(Head):
    """Tells what a statement expresses toward its target: by default oppose, neutral or support; or your own labels.

    X has ``text`` and ``target``; see `StatementEncoder.transform`.

    Examples
    --------
    >>> X = pd.DataFrame({"text": ["Lethia has our thanks.", "Lethia has lied.", "We met Lethia."], "target": "Lethia"})
    >>> model = StanceClassifier().fit(X, ["support", "oppose", "neutral"])
    >>> model.predict_proba(X).shape
    (3, 3)

    """

    __doc__ = (__doc__ or "") + (Head.__doc__ or "")


class PostureClassifier(Head):
    """Tells which act a statement performs: by default one of the 17 postures; or a codebook of your own.

    X has ``text`` and, as far as known, ``target``, ``speaker`` and ``context``; see `StatementEncoder.transform`.

    Examples
    --------
    >>> X = pd.DataFrame({"text": ["We close the pass.", "We shut the gates.", "Let us talk.", "Come to the table."]})
    >>> model = PostureClassifier().fit(X, ["deed", "deed", "call", "call"])
    >>> model.predict(pd.DataFrame({"text": ["We shut the pass."]})).tolist()
    ['deed']

    """

    __doc__ = (__doc__ or "") + (Head.__doc__ or "")


def _check_labels(y: Any, rows: int) -> np.ndarray:
    labels = np.asarray(y)
    if labels.ndim != 1 or len(labels) != rows:
        got = y if labels.ndim == 0 else len(labels) if labels.ndim == 1 else f"a table of shape {labels.shape}"
        raise ValueError(f"y: expected one label a row of X, {rows}; got {got}")
    missing = np.flatnonzero(pd.isna(labels))
    if len(missing):
        raise ValueError(
            f"y: expected a label in every row of X; got none in row {missing[0] + 1}; leave such rows out of X and y"
        )
    return labels


def fit_temperature(logits: np.ndarray, numbers: np.ndarray) -> float:
    """Return what to divide logits (n, labels) by so that the true labels' likelihood is highest (Guo et al. 2017)."""
    grid = np.exp(np.linspace(np.log(0.3), np.log(10), 80))
    losses = [-log_softmax(logits / t)[np.arange(len(numbers)), numbers].mean() for t in grid]
    return float(grid[int(np.argmin(losses))])


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Return the log probabilities of logits (n, labels)."""
    logits = logits - logits.max(1, keepdims=True)
    return np.asarray(logits - np.log(np.exp(logits).sum(1, keepdims=True)))


@cache
def load_head(task: str, weights: str | Path = "stance") -> Head:
    """Return a head that ships with the package.

    Parameters
    ----------
    task
        posture, stance, kind (of a target), conditional, mode, imposes (the cost), root (PLOVER), sentiment (of an
        author toward a person) or conflict (in a debate).
    weights
        Name of weights that ship with the package, or a folder.
    """
    kind = StanceClassifier if task in ("stance", "sentiment") else PostureClassifier
    with np.load(find_weights(weights) / "heads.npz") as stored:
        arrays = {key.split("/")[1]: stored[key] for key in stored.files if key.startswith(f"{task}/")}
    if not arrays:
        raise ValueError(f"task: expected one of the heads of the weights {weights!r}; got {task!r}")
    return kind.from_arrays(arrays, weights)
