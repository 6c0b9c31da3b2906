"""What a classifier of statements has to beat: simple ones with the same interface."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from diplotext.language import split_words
from diplotext.stance.classifiers import read_statements
from diplotext.stance.posture.judging import judge_posture

#: VADER's own bounds of a neutral compound score (Hutto & Gilbert 2014, VADER, ICWSM).
_NEUTRAL = 0.05


class MajorityClassifier(DummyClassifier):
    """Gives every statement the most frequent label."""

    def __init__(self) -> None:
        super().__init__(strategy="most_frequent")


class TfidfClassifier(ClassifierMixin, BaseEstimator):
    """Logistic regression on TF-IDF of words and pairs of words; sees speaker and cue as words, the target not at all.

    Parameters
    ----------
    C
        Inverse strength of the ridge.
    """

    def __init__(self, C: float = 10.0) -> None:
        self.C = C

    def fit(self, X: pd.DataFrame, y: Any) -> Self:
        """Fit to texts and labels; see `StanceClassifier.fit`."""
        model: Pipeline = make_pipeline(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
            LogisticRegression(C=self.C, max_iter=1000, class_weight="balanced"),
        )
        self.model_ = model.fit(_texts(X), np.asarray(y))
        self.classes_ = self.model_.classes_
        return self

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        """Return the probability of each of `classes_`, (n, labels)."""
        return np.asarray(self.model_.predict_proba(_texts(X)))

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """Return the likeliest label of each row."""
        return np.asarray(self.model_.predict(_texts(X)))


class CueTableClassifier(ClassifierMixin, BaseEstimator):
    """Postures by the package's rules (`posture_cues.csv`); learns nothing.

    Parameters
    ----------
    codes
        Give PLOVER roots in place of postures; YIELD stands for CONCEDE and RETREAT.
    """

    def __init__(self, *, codes: bool = False) -> None:
        self.codes = codes

    def fit(self, X: pd.DataFrame, y: Any) -> Self:
        """Take the labels that there are; the most frequent one is given where the rules find nothing."""
        self.classes_, counts = np.unique(np.asarray(y), return_counts=True)
        self.common_ = self.classes_[np.argmax(counts)]
        return self

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """Return the label that the rules give each row."""
        known = set(self.classes_)
        return np.array([label if (label := self._judge(s)) in known else self.common_ for s in read_statements(X)])

    def _judge(self, statement: Any) -> str:
        tokens = split_words(statement.text)
        found = judge_posture(tokens, {}, cue=statement.context or None, indirect=bool(statement.context))
        if not self.codes:
            return found.name
        return "YIELD" if found.plover in ("CONCEDE", "RETREAT") else found.plover or ""


class VaderClassifier(ClassifierMixin, BaseEstimator):
    """Oppose, neutral or support by VADER's compound score of the whole text; learns nothing.

    Needs the package vaderSentiment (extra ``diplotext[baselines]``).
    """

    def fit(self, X: pd.DataFrame, y: Any) -> Self:
        """Take the labels; there is nothing to learn."""
        self.classes_ = np.array(["oppose", "neutral", "support"])
        return self

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """Return the stance of each row."""
        try:
            from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
        except ImportError as error:
            raise ImportError("VaderClassifier needs vaderSentiment; install diplotext[baselines]") from error
        score = SentimentIntensityAnalyzer().polarity_scores
        found = np.array([score(s.text)["compound"] for s in read_statements(X)])
        return np.where(found >= _NEUTRAL, "support", np.where(found <= -_NEUTRAL, "oppose", "neutral"))


def _texts(X: pd.DataFrame) -> list[str]:
    return [" ".join(filter(None, (s.speaker, s.context, s.text))) for s in read_statements(X)]
