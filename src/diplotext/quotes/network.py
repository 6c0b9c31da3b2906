"""The learned engine: a text's chunks, and which belongs to which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from diplotext.encoder import Reading, find_weights, load_encoder
from diplotext.language import Quotation
from diplotext.quotes.decoding import Chunk, decode
from diplotext.quotes.linking import Linker, measure, pool
from diplotext.schema import ROLES

#: the role that a chunk of this role points to.
HEAD_OF = {"content": "cue", "cue": "source"}


@dataclass
class Linked:
    """A cue with what points to it and what it points to; offsets are numbers of characters.

    `cue` is None for content that points to no cue; `confidence` is the calibrated probability in [0, 1] that the
    statement is one and its source the right one, `certainties` what that is told from, in the order of `FEATURES`.
    """

    cue: tuple[int, int] | None
    source: tuple[int, int] | None
    content: list[tuple[int, int]] = field(default_factory=list)
    certainties: tuple[float, ...] = ()
    confidence: float = 0.0


class Tagged(NamedTuple):
    """A text's chunks by role, and what links them: the network's reading, line breaks and sentence ends so far."""

    chunks: dict[str, list[Chunk]]
    reading: Reading
    lines: np.ndarray
    stops: np.ndarray

    def place(self, chunk: Chunk) -> tuple[int, int]:
        """Return a chunk's span in the text."""
        return int(self.reading.pieces.start[chunk.first]), int(self.reading.pieces.end[chunk.last - 1])


#: what a statement's confidence is told from: log probabilities, and the share of its content that stands in marks.
FEATURES = ("cue", "content", "content_link", "source", "source_link", "quoted")


class Network:
    """The weights of one folder's tagger and linkers.

    Parameters
    ----------
    name
        See `encoder.load_encoder`.
    heads
        Arrays in place of those in the folder's ``heads.npz``.
    """

    def __init__(self, name: str | Path = "attribution", heads: Mapping[str, np.ndarray] | None = None) -> None:
        self._name = name
        weights = _load_heads(name) if heads is None else heads
        self.moves = weights["moves"].astype(np.float64)
        self._calibration = weights["calibration"].astype(np.float64)
        self._linkers = {
            head: Linker({k.split("/")[1]: v for k, v in weights.items() if k.startswith(f"{head}/")})
            for head in HEAD_OF.values()
        }

    def read(self, text: str, quotations: list[Quotation]) -> list[Linked]:
        """Return every cue that governs something, and content without a cue, in order of the content."""
        tagged = self.tag(text, quotations)
        by_role = tagged.chunks
        to_cue = self._point("content", tagged)
        to_source = self._point("cue", tagged)
        governed: dict[int, list[tuple[Chunk, float]]] = {}
        for chunk, (to, certainty) in zip(by_role["content"], to_cue, strict=True):
            governed.setdefault(to, []).append((chunk, certainty))
        place = tagged.place
        marked = tagged.reading.pieces.mark > 1
        found = [
            Linked(None, None, [place(c)], _describe(None, [(c, p)], None, 1.0, marked))
            for c, p in governed.pop(-1, [])
        ]
        for number, contents in governed.items():
            cue = by_role["cue"][number]
            which, certainty = to_source[number]
            source = by_role["source"][which] if which >= 0 else None
            found.append(
                Linked(
                    place(cue), place(source) if source else None, [place(c) for c, _ in contents],
                    _describe(cue, contents, source, certainty, marked),
                )
            )  # fmt: skip
        for item in found:
            item.confidence = self._rate(item.certainties)
        return sorted(found, key=lambda item: min(item.content))

    def tag(self, text: str, quotations: list[Quotation]) -> Tagged:
        """Return a text's chunks, not yet linked."""
        reading = load_encoder(self._name).read(text, [q[:2] for q in quotations])
        chunks = decode(reading.emissions, self.moves)
        start, end = reading.pieces.start, reading.pieces.end
        breaks = [s > e and "\n" in text[e:s] for s, e in zip(start[1:].tolist(), end[:-1].tolist(), strict=True)]
        stops = [text[s] in ".!?" for s in start[:-1].tolist()]
        lines, ends = (np.concatenate([[0], np.cumsum(marks)]).astype(np.int64) for marks in (breaks, stops))
        return Tagged({role: [c for c in chunks if c.role == role] for role in ROLES}, reading, lines, ends)

    def describe_links(self, role: str, tagged: Tagged) -> np.ndarray:
        """Return what decides on the heads of a role's chunks; see `Linker.describe`."""
        return self._linkers[HEAD_OF[role]].describe(*self._pair(role, tagged))

    def _point(self, role: str, tagged: Tagged) -> list[tuple[int, float]]:
        """Return, for each chunk of a role, the number of its head (-1 for none) and the probability of that."""
        scores = self._linkers[HEAD_OF[role]].score(*self._pair(role, tagged))
        return [(int(b) - 1, float(row[b])) for b, row in zip(scores.argmax(1), scores, strict=True)]

    def _pair(self, role: str, tagged: Tagged) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        children, heads = ([c[1:3] for c in tagged.chunks[name]] for name in (role, HEAD_OF[role]))
        near = measure(children, heads, tagged.lines, tagged.stops)
        return pool(tagged.reading.states, children), pool(tagged.reading.states, heads), near

    def _rate(self, certainties: tuple[float, ...]) -> float:
        score = self._calibration[0] + float(self._calibration[1:] @ np.array(certainties))
        return float(1 / (1 + np.exp(-score)))


def _describe(
    cue: Chunk | None, contents: list[tuple[Chunk, float]], source: Chunk | None, source_link: float, marked: np.ndarray
) -> tuple[float, ...]:
    quoted = np.concatenate([marked[c.first : c.last] for c, _ in contents])
    return (
        float(np.log(cue.certainty)) if cue else -3.0,
        float(np.mean([np.log(c.certainty) for c, _ in contents])),
        float(np.mean([np.log(max(p, 1e-6)) for _, p in contents])),
        float(np.log(source.certainty)) if source else -3.0,
        float(np.log(max(source_link, 1e-6))),
        float(quoted.mean()),
    )


def _load_heads(name: str | Path) -> dict[str, np.ndarray]:
    with np.load(find_weights(name) / "heads.npz") as stored:
        return dict(stored)


@cache
def load_network() -> Network:
    """Return the network that ships with the package, made on first use."""
    return Network()
