"""What the examples in docstrings have at hand: the package, the sample corpus, two articles analysed, a folder."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import diplotext as dt

collect_ignore = ["diplotext/training"]  # needs an extra


@pytest.fixture(scope="session")
def analysed() -> tuple[Any, dt.Analysis]:
    """Return the sample corpus, and two of its articles analysed and traced to its records."""
    sample = dt.load_sample()
    some = sample.articles[sample.articles["source"].str.contains("/01-|/13-")].reset_index(drop=True)
    analysis = dt.analyze_articles(some, dictionaries=sample.dictionaries)
    tables = analysis.quotes, analysis.articles, sample.transcripts, analysis.spans
    traces = dt.trace_quotes(*tables, dictionaries=sample.dictionaries)
    return sample, analysis._replace(traces=traces, transcripts=sample.transcripts)


@pytest.fixture(autouse=True)
def names(doctest_namespace: dict[str, Any], analysed: tuple[Any, dt.Analysis], tmp_path: Any) -> None:
    """Give every example its names."""
    sample, analysis = analysed
    doctest_namespace.update(dt=dt, pd=pd, sample=sample, analysis=analysis, folder=tmp_path)
