"""One inference session a process, made when it is first used."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock
from typing import NamedTuple, TypeVar

import numpy as np

from diplotext.encoder.pieces import Pieces, cut_pieces, cut_windows, load_tokenizer
from diplotext.encoder.statements import Cut, Statement, cut_statement, pool_statement
from diplotext.encoder.weights import find_weights
from diplotext.spans import Span

# The engine looks up its maker's host and leaves a device's number in the user's folder unless it is told not to,
# before it is imported; and again where somebody else has imported it already.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime

onnxruntime.disable_telemetry_events()

#: word pieces that one window answers for, and how many it only looks at: before and after, and after a line's end.
WINDOW, CONTEXT, MARGIN = 320, 32, 8

_lock = Lock()
_loaded: dict[Path, Encoder | VectorEncoder] = {}
_threads = 0


_Kind = TypeVar("_Kind", "Encoder", "VectorEncoder")


class Reading(NamedTuple):
    """What the network makes of a text of n word pieces.

    `emissions` (n, 7) are unnormalised log scores of the tags, `states` (n, 384) the last layer.
    """

    pieces: Pieces
    emissions: np.ndarray
    states: np.ndarray


class Encoder:
    """Tokenizer and network of one folder of weights; use `load_encoder`, which keeps what it loads.

    Parameters
    ----------
    folder
        Holds ``model.onnx`` and ``tokenizer.json``.
    threads
        Threads of one call; 0 lets the engine decide (one per core).
    """

    def __init__(self, folder: Path, threads: int = 0) -> None:
        self._session = _open_session(folder, threads)
        self.tokenizer = load_tokenizer(folder)
        self._ends = tuple(self.tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]"))

    def read(self, text: str, quotations: Iterable[Span] = ()) -> Reading:
        """Run the network over a text of any length; what it answers depends on this text alone.

        Parameters
        ----------
        text
            The cleaned text.
        quotations
            Sorted, disjoint spans between quote marks, marks included.
        """
        pieces = cut_pieces(text, quotations, self.tokenizer)
        emissions, states = [], []
        for low, high, first, last in cut_windows(pieces.place, WINDOW, CONTEXT, MARGIN):
            tags, vectors = self._run(pieces.cut(low, high))
            emissions.append(tags[1 + first - low : 1 + last - low])
            states.append(vectors[1 + first - low : 1 + last - low])
        return Reading(pieces, np.concatenate(emissions), np.concatenate(states))

    def _run(self, window: Pieces) -> tuple[np.ndarray, np.ndarray]:
        """Return emissions and states of one window, between the marks that the network knows for both ends.

        One window at a time: int8 activations take their scale from all that runs together.
        """
        first, last = self._ends
        inputs = {
            name: np.concatenate([[a], getattr(window, name), [b]])[None]
            for name, a, b in (("ids", first, last), ("shape", 0, 0), ("mark", 0, 0), ("place", 0, 0))
        }
        inputs["mask"] = np.ones_like(inputs["ids"])
        emissions, states = self._session.run(["emissions", "states"], inputs)
        return emissions[0], states[0]


class StatementReading(NamedTuple):
    """What the network makes of a statement of n word pieces.

    `states` (n, 384) are the last layer, `tags` (n, 5) the probabilities of `TARGET_TAGS`.
    """

    cut: Cut
    states: np.ndarray
    tags: np.ndarray


class VectorEncoder:
    """Tokenizer and network of weights that read statements; use `load_vectors`.

    Parameters
    ----------
    folder, threads
        As for `Encoder`.
    """

    def __init__(self, folder: Path, threads: int = 0) -> None:
        self._session = _open_session(folder, threads)
        self.width = 3 * int(self._session.get_outputs()[0].shape[2])
        self.tokenizer = load_tokenizer(folder)

    def run(self, statement: Statement) -> StatementReading:
        """Read one statement by itself: int8 activations take their scale from all that runs together."""
        cut = cut_statement(statement, self.tokenizer)
        states, scores = self._session.run(
            ["states", "tags"], {"ids": cut.ids[None], "part": cut.part[None], "shape": cut.shape[None]}
        )
        shares = np.exp(scores[0] - scores[0].max(1, keepdims=True))
        return StatementReading(cut, states[0], shares / shares.sum(1, keepdims=True))

    def read(self, statements: Sequence[Statement]) -> np.ndarray:
        """Return the vectors of statements, float32 (n, width); see `pool_statement`."""
        vectors = np.zeros((len(statements), self.width), np.float32)
        known: dict[Statement, int] = {}
        for number, statement in enumerate(statements):
            if statement in known:
                vectors[number] = vectors[known[statement]]
                continue
            known[statement] = number
            cut, states, _ = self.run(statement)
            vectors[number] = pool_statement(states, cut.part)
        return vectors


def _open_session(folder: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle threads are others' cores
    return onnxruntime.InferenceSession(folder / "model.onnx", options, ["CPUExecutionProvider"])


def load_encoder(name: str | Path = "attribution") -> Encoder:
    """Return the encoder of a folder of weights, made on first use and then shared.

    Parameters
    ----------
    name
        Name of weights that ship with the package, or a folder.
    """
    return _load(Encoder, name)


def load_vectors(name: str | Path = "stance") -> VectorEncoder:
    """Return the encoder of statements of a folder of weights; see `load_encoder`."""
    return _load(VectorEncoder, name)


def _load(kind: type[_Kind], name: str | Path) -> _Kind:
    folder = find_weights(name)
    with _lock:
        known = _loaded.get(folder)
        if not isinstance(known, kind):
            known = _loaded[folder] = kind(folder, _threads)
        return known


def set_threads(count: int) -> None:
    """Set how many threads each inference call uses; 0 (the default) takes every core.

    Raises
    ------
    ValueError
        If `count` is negative.
    """
    global _threads
    if count < 0:
        raise ValueError(f"count: expected 0 or more threads; got {count!r}")
    with _lock:
        if count != _threads:  # what is loaded stays, where it has them already
            _threads = count
            _loaded.clear()
