"""The learned engine: a text's chunks, and which belongs to which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from diplotext.encoder import Reading, find_weights, load_encoder
from diplotext.language import Quotation
from diplotext.quotes.decoding import Chunk, decode
from diplotext.quotes.linking import Linker, find_nearest, measure, pool
from diplotext.schema import ROLES

#: quote marks that the corpus does not have
_FOREIGN = "«»‹›„‚"
#: log probability of what was not seen to govern or be governed
_UNSEEN = float(np.log(0.5))
#: a line that holds more than white space
_LINE = re.compile(r"\S[^\n]*")
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
    """A text's chunks by role, and what links them: the network's reading, and what stands before each word piece.

    `lines` and `stops` count paragraphs begun and sentences ended so far; `colons` are the paragraphs that end in one.
    """

    chunks: dict[str, list[Chunk]]
    reading: Reading
    lines: np.ndarray
    stops: np.ndarray
    colons: np.ndarray

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

    def read(self, text: str, quotations: list[Quotation], paragraphs: Sequence[int] | None = None) -> list[Linked]:
        """Return every cue with what it governs, if anything, and content without a cue, in order of the content.

        Parameters
        ----------
        text
            The cleaned text.
        quotations
            From `find_quotations`.
        paragraphs
            Where each paragraph begins, in order; for None each line is one.
        """
        tagged = self.tag(text, quotations, paragraphs)
        by_role = tagged.chunks
        to_cue = self._point("content", tagged)
        to_source = self._point("cue", tagged)
        governed: dict[int, list[tuple[Chunk, float]]] = {number: [] for number in range(len(by_role["cue"]))}
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
        return sorted(found, key=lambda item: min(item.content or [item.cue or (0, 0)]))

    def tag(self, text: str, quotations: list[Quotation], paragraphs: Sequence[int] | None = None) -> Tagged:
        """Return a text's chunks, not yet linked; none reaches beyond its paragraph."""
        reading = load_encoder(self._name).read(_curl(text, quotations), [q[:2] for q in quotations])
        begins = [m.start() for m in _LINE.finditer(text)] if paragraphs is None else paragraphs
        lines = np.searchsorted(np.array(begins, np.int64), reading.pieces.start, side="right").astype(np.int64)
        first = np.array([text[s] for s in reading.pieces.start.tolist()], "U1")
        stops = np.concatenate([[0], np.cumsum(np.isin(first[:-1], list(".!?")))]).astype(np.int64)
        colons = lines[:-1][(first[:-1] == ":") & (lines[1:] > lines[:-1])]
        chunks = [part for chunk in decode(reading.emissions, self.moves) for part in _cut(chunk, lines, colons)]
        return Tagged({role: [c for c in chunks if c.role == role] for role in ROLES}, reading, lines, stops, colons)

    def describe_links(self, role: str, tagged: Tagged) -> tuple[np.ndarray, np.ndarray]:
        """Return which heads the chunks of a role may point to, and what decides; see `Linker.describe`."""
        pair = self._pair(role, tagged)
        return pair[2], self._linkers[HEAD_OF[role]].describe(*pair)

    def _point(self, role: str, tagged: Tagged) -> list[tuple[int, float]]:
        """Return, for each chunk of a role, the number of its head (-1 for none) and the probability of that."""
        pair = self._pair(role, tagged)
        scores = self._linkers[HEAD_OF[role]].score(*pair)
        numbers = np.pad(pair[2], ((0, 0), (1, 0)), constant_values=-1)
        best = scores.argmax(1)
        return [(int(n[b]), float(row[b])) for n, row, b in zip(numbers, scores, best, strict=True)]

    def _pair(self, role: str, tagged: Tagged) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        children, heads = ([c[1:3] for c in tagged.chunks[name]] for name in (role, HEAD_OF[role]))
        which = find_nearest(children, heads)
        if len(children) and len(heads):
            line, other = (tagged.lines[[first for first, _ in c]] for c in (children, heads))
            which[(other[which] != line[:, None]) & ~self._may_cross(role, tagged, line, other[which])] = -1
        near = measure(children, heads, tagged.lines, tagged.stops, which)
        return pool(tagged.reading.states, children), pool(tagged.reading.states, heads), which, near

    @staticmethod
    def _may_cross(role: str, tagged: Tagged, line: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Tell whether chunks in some paragraphs may point to heads in others.

        A paragraph's end ends what stands in it, but a colon introduces the next, and quoted words may stand apart
        from their cue.
        """
        if role != "content":
            return np.zeros(other.shape, bool)
        quoted = tagged.reading.pieces.mark[[c.first for c in tagged.chunks[role]]] > 1
        return quoted[:, None] | (np.isin(other, tagged.colons) & (other + 1 == line[:, None]))

    def _rate(self, certainties: tuple[float, ...]) -> float:
        score = self._calibration[0] + float(self._calibration[1:] @ np.array(certainties))
        return float(1 / (1 + np.exp(-score)))


def _curl(text: str, quotations: list[Quotation]) -> str:
    """Return a text of the same length in which foreign quote marks are English ones."""
    pieces, at = [], 0
    for quotation in quotations:
        for place, mark in ((quotation.start, "“"), (quotation.end - 1, "”")):
            if text[place] in _FOREIGN and place >= at:
                pieces += [text[at:place], mark]
                at = place + 1
    return "".join([*pieces, text[at:]])


def _cut(chunk: Chunk, lines: np.ndarray, colons: np.ndarray) -> Iterator[Chunk]:
    """Yield the pieces of a chunk that lie in one paragraph each; content that a colon introduces goes on."""
    own = lines[chunk.first : chunk.last]
    ended = np.diff(own) > 0
    if chunk.role == "content":
        ended &= ~np.isin(own[:-1], colons)
    for first, last in pairwise([chunk.first, *(chunk.first + 1 + np.flatnonzero(ended)).tolist(), chunk.last]):
        yield chunk._replace(first=first, last=last)


def _describe(
    cue: Chunk | None, contents: list[tuple[Chunk, float]], source: Chunk | None, source_link: float, marked: np.ndarray
) -> tuple[float, ...]:
    quoted = np.concatenate([marked[c.first : c.last] for c, _ in contents] or [np.zeros(1)])
    return (
        float(np.log(cue.certainty)) if cue else -3.0,
        float(np.mean([np.log(c.certainty) for c, _ in contents] or [_UNSEEN])),
        float(np.mean([np.log(max(p, 1e-6)) for _, p in contents] or [_UNSEEN])),
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
