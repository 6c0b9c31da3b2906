"""Why a statement was read as it was: the words that decided, and the nearest of our own labelled statements."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from diplotext import schema
from diplotext.encoder import Statement, find_weights, load_vectors
from diplotext.language import split_words
from diplotext.stance.classifiers import load_head
from diplotext.stance.fusion import describe_posture, describe_stance, weigh_postures
from diplotext.stance.posture.judging import Posture
from diplotext.stance.table import Aimed, read_aimed

#: how many words and how many neighbours are shown.
WORDS, NEIGHBOURS = 5, 3


class Examples(NamedTuple):
    """Our own labelled statements, and where they lie in the plane that holds most of their spread.

    `vectors` (n, k) have length 1; `mean` (width,) and `axes` (width, k) take a vector of the network there.
    """

    text: np.ndarray
    posture: np.ndarray
    vectors: np.ndarray
    mean: np.ndarray
    axes: np.ndarray

    def project(self, vectors: np.ndarray) -> np.ndarray:
        """Return vectors of the network in the plane, of length 1."""
        return normalise((vectors - self.mean) @ self.axes)


def normalise(vectors: np.ndarray) -> np.ndarray:
    """Return vectors (n, k) with length 1."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9))


@cache
def load_examples() -> Examples:
    """Return the labelled statements that ship with the weights (`data/statements.csv`)."""
    with np.load(find_weights("stance") / "examples.npz") as stored:
        return Examples(*(stored[name].astype(np.float32 if name in _NUMBERS else str) for name in Examples._fields))


_NUMBERS = ("vectors", "mean", "axes")


def explain_stance(quote_id: str, analysis: schema.Analysis) -> pd.DataFrame:
    """Show why a statement has its targets and its posture: the words that decided, and labelled statements like it.

    It tells what moved the program, not whether it is right.

    Parameters
    ----------
    quote_id
        Which statement.
    analysis
        With articles, quotes and spans, and the dictionaries that `score_stances` was given.

    Returns
    -------
    DataFrame evidence, text, label, weight, start, end, in this order of evidence:

    - ``posture``: the statement, the posture given, and its probability
    - ``target``: the printed words of each target, whom they mean with the stance toward it, and how sure it is that
      they are a target
    - ``rule``: the words that the table of cues decided by, the posture that it names, and how sure it is
    - ``word``: up to five words of the content without which the network is less sure of the posture, and by how much,
      in (0, 1]
    - ``neighbour``: the three nearest of the statements in ``data/statements.csv``, which we wrote, their posture, and
      the cosine of the angle between them, in [-1, 1]

    start and end are characters of the article's text; missing where the words are not of it.

    Raises
    ------
    ValueError
        If there is no such statement.

    Examples
    --------
    >>> explain_stance(analysis.quotes["quote_id"].iloc[0], analysis).columns.tolist()
    ['evidence', 'text', 'label', 'weight', 'start', 'end']
    """
    articles, quotes = schema.take_tables(analysis, "articles", "quotes")
    quotes, articles, spans = schema.check_statements(quotes, articles, analysis.spans, resolved=True)
    chosen = quotes[quotes["quote_id"] == quote_id]
    if chosen.empty:
        raise ValueError(f"quote_id: expected one of the quotes table; got {quote_id!r}")
    own = schema.check_dictionaries(analysis.dictionaries)
    told = quotes[(quotes["article_id"] == chosen["article_id"].iloc[0]) & (quotes.index <= chosen.index[0])]
    *_, aimed = read_aimed(told, articles, spans, analysis.edits, own)  # what was spoken of before counts
    postures = weigh_postures(aimed.vector, aimed.ruled, aimed.aims)
    whole = describe_posture(aimed.vector, aimed.ruled, postures)
    text, posture = aimed.row.text, whole["posture"]
    rows: list[dict[str, Any]] = [
        {"evidence": "posture", "text": text, "label": posture, "weight": whole["posture_p"], "start": aimed.row.start,
         "end": aimed.row.end}
    ]  # fmt: skip
    for rank, aim in enumerate(aimed.aims):
        stance = describe_stance(aim, postures, main=rank == 0)["stance"]
        place = {key: aim.columns[key] for key in ("start", "end")}
        label = f"{stance} {aim.columns['target']}"
        rows.append({"evidence": "target", "text": aim.columns["mention"], "label": label,
                     "weight": aim.columns["target_p"], **place})  # fmt: skip
    rows.append(_explain_rule(text, aimed.ruled.posture))
    rows += _weigh_words(aimed, posture)
    rows += _find_neighbours(aimed)
    frame = pd.DataFrame(rows, columns=["evidence", "text", "label", "weight", "start", "end"])
    return frame.astype({"text": "str", "label": "str", "start": "Int64", "end": "Int64"})


def _explain_rule(text: str, ruled: Posture) -> dict[str, Any]:
    decided = ruled.decided_by
    words = "" if ruled.name == "state" else "(the cue)"
    if decided is not None and 0 <= decided.first < decided.last:
        tokens = split_words(text)
        words = text[tokens[decided.first].start : tokens[decided.last - 1].end]
    return {"evidence": "rule", "text": words or "(no rule applies)", "label": ruled.name, "weight": ruled.probability}


def _weigh_words(aimed: Aimed, posture: str) -> list[dict[str, Any]]:
    """Return the words without which the network would be least sure of the posture."""
    statement, base = aimed.statement, aimed.base
    content = [(s, e) for role, s, e in statement.spans if role == "content"]
    words = [(s + t.start, s + t.end) for s, e in content for t in split_words(statement.text[s:e])]
    places = sorted({(s, e) for s, e in words if statement.text[s].isalnum()})
    head = load_head("posture")
    shares = [head.share(vector)[posture] for vector in load_vectors().read(
        [statement, *(_blank(statement, s, e) for s, e in places)])]  # fmt: skip
    drops = shares[0] - np.array(shares[1:])
    best = [i for i in np.argsort(-drops, kind="stable")[:WORDS] if drops[i] > 0]
    return [
        {"evidence": "word", "text": statement.text[slice(*places[i])], "label": posture, "weight": float(drops[i]),
         "start": base + places[i][0], "end": base + places[i][1]}
        for i in best
    ]  # fmt: skip


def _blank(statement: Statement, start: int, end: int) -> Statement:
    """Return a statement with some of its characters blank, so that all others stay where they are."""
    return statement._replace(text=statement.text[:start] + " " * (end - start) + statement.text[end:])


def _find_neighbours(aimed: Aimed) -> list[dict[str, Any]]:
    examples = load_examples()
    close = (examples.project(aimed.vector[None]) @ examples.vectors.T)[0]
    return [
        {"evidence": "neighbour", "text": str(examples.text[i]), "label": str(examples.posture[i]),
         "weight": float(close[i])}
        for i in np.argsort(-close, kind="stable")[:NEIGHBOURS]
    ]  # fmt: skip
