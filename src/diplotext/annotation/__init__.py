"""People's labels: a sample drawn, labelled, exchanged, compared and settled.

``sample_annotations`` draws statements with known probabilities; people label them, in the notebook or elsewhere, by
a codebook that is a table; ``join_labels`` brings the labels to a later run; ``score_agreement`` and ``adjudicate``
compare coders and make one gold of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from diplotext import schema
from diplotext.annotation.agreement import Adjudication, Agreement, adjudicate, score_agreement, settle_labels
from diplotext.annotation.codebook import load_codebook
from diplotext.annotation.exchange import ImportedLabels, export_samples, import_labels
from diplotext.annotation.folder import read_labels
from diplotext.annotation.items import list_items
from diplotext.annotation.joining import JoinedLabels, join_labels
from diplotext.annotation.sampling import sample_annotations
from diplotext.annotation.session import LabelSession

if TYPE_CHECKING:
    from diplotext.annotation.widget import Annotator

__all__ = [
    "Adjudication", "Agreement", "ImportedLabels", "JoinedLabels", "LabelSession", "adjudicate", "annotate",
    "export_samples", "import_labels", "join_labels", "list_items", "load_codebook", "read_labels",
    "sample_annotations", "score_agreement", "settle_labels",
]  # fmt: skip


def annotate(
    samples: pd.DataFrame,
    analysis: schema.Analysis,
    annotator: str,
    path: str | Path,
    codebook: pd.DataFrame | None = None,
) -> Annotator:
    """Label a sample in JupyterLab: show this last in a cell.

    It does not show what the machine found, but for the marked statement and its targets: who sees a label agrees
    with it. Each label is on the disk when it is shown; the same call goes on where the work stood.

    Parameters
    ----------
    samples, analysis, annotator, path, codebook
        As `LabelSession` takes them.

    Returns
    -------
    A widget; its ``session.to_annotations()`` gives the annotations table at any time.

    Examples
    --------
    >>> samples = dt.annotation.sample_annotations(analysis, 3)
    >>> type(annotate(samples, analysis, "kim", folder / "kim.jsonl")).__name__
    'Annotator'
    """
    from diplotext.annotation.widget import Annotator  # loads ipywidgets, which takes a while

    return Annotator(LabelSession(samples, analysis, annotator, path, codebook))
