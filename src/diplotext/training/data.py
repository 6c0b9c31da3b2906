"""Attribution corpora as word pieces, tags and links, and the windows that a training step sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from tokenizers import Tokenizer

from diplotext import schema, spans
from diplotext.corpora import Roles, iterate_polnear
from diplotext.encoder.pieces import Pieces, cut_pieces
from diplotext.language import find_quotations
from diplotext.training.model import TAGS

_STRAIGHT = str.maketrans("“”‘’", "\"\"''")


class Chunk(NamedTuple):
    """A contiguous piece of one role: numbers of its word pieces, the end exclusive, and its statement's number."""

    role: str
    first: int
    last: int
    statement: int


class Document(NamedTuple):
    """One annotator's version of an article."""

    name: str
    pieces: Pieces
    lines: np.ndarray
    tags: np.ndarray
    chunks: list[Chunk]


class Batch(NamedTuple):
    """Windows padded to one length; `chunks` number their pieces from the window's first."""

    inputs: dict[str, torch.Tensor]
    tags: torch.Tensor
    lengths: torch.Tensor
    lines: list[np.ndarray]
    chunks: list[list[Chunk]]


def read_documents(folder: Path, tokenizer: Tokenizer) -> list[list[Document]]:
    """Return every annotated article of a folder in PolNeAR's form: for each annotator the versions of its text.

    The first version is the text as it is; then the same without line breaks, as many pages give it, and with straight
    quote marks. Offsets are the same in all, so are the annotations.
    """
    documents = []
    for name, text, annotators in iterate_polnear(folder):
        texts = [text, text.replace("\n", " "), text.translate(_STRAIGHT)]
        cut = [(t, cut_pieces(t, [q[:2] for q in find_quotations(t)], tokenizer)) for t in texts]
        documents += [[_label(name, t, p, statements) for t, p in cut] for statements in annotators]
    return documents


def _label(name: str, text: str, pieces: Pieces, statements: Sequence[Roles]) -> Document:
    tags = np.zeros(len(pieces), np.int64)
    chunks = []
    for role in schema.ROLES:
        for number, roles in enumerate(statements):
            for span in roles[role]:
                for start, end in spans.cut_at_breaks(text, *span):
                    first = int(np.searchsorted(pieces.end, start, side="right"))
                    last = int(np.searchsorted(pieces.start, end, side="left"))
                    if first < last:
                        tags[first] = TAGS.index(f"B-{role}")
                        tags[first + 1 : last] = TAGS.index(f"I-{role}")
                        chunks.append(Chunk(role, first, last, number))
    breaks = np.array([text.count("\n", s, e) > 0 for s, e in zip(pieces.end[:-1], pieces.start[1:], strict=True)])
    lines = np.concatenate([[0], np.cumsum(breaks)]) if len(pieces) else np.zeros(0, np.int64)
    return Document(name, pieces, lines, tags, sorted(chunks, key=lambda c: c.first))


def iterate_batches(
    documents: Sequence[Document], tokenizer: Tokenizer, *, window: int, size: int, rng: np.random.Generator
) -> Iterator[Batch]:
    """Cut documents into windows at random places and yield them in batches of about `window` · `size` pieces.

    Windows of like length stand together, batches in random order.
    """
    windows = []
    for number, document in enumerate(documents):
        bounds = [0, *range(int(rng.integers(1, window + 1)), len(document.pieces), window), len(document.pieces)]
        windows += [(number, low, high) for low, high in pairwise(bounds) if high - low >= 8]
    order = rng.permutation(len(windows))
    by_length = sorted(order, key=lambda i: windows[i][2] - windows[i][1])
    batches: list[list[tuple[int, int, int]]] = []
    batch: list[tuple[int, int, int]] = []
    longest = 0
    for i in by_length:
        longest = max(longest, windows[i][2] - windows[i][1])
        if longest * (len(batch) + 1) > window * size:
            batches.append(batch)
            batch, longest = [], windows[i][2] - windows[i][1]
        batch.append(windows[i])
    batches.append(batch)
    for i in rng.permutation(len(batches)):
        yield stack([(documents[n], low, high) for n, low, high in batches[i]], tokenizer)


def stack(windows: Sequence[tuple[Document, int, int]], tokenizer: Tokenizer) -> Batch:
    """Pad windows to one length, each between the marks that the base model knows for beginning and end."""
    length = max(high - low for _, low, high in windows)
    first, last = (tokenizer.token_to_id(t) for t in ("[CLS]", "[SEP]"))
    cut = [document.pieces.cut(low, high) for document, low, high in windows]
    inputs = {
        name: torch.from_numpy(_pad([np.concatenate([[a], getattr(p, name), [b]]) for p in cut], length + 2))
        for name, a, b in (("ids", first, last), ("shape", 0, 0), ("mark", 0, 0), ("place", 0, 0))
    }
    lengths = torch.tensor([high - low for _, low, high in windows])
    inputs["mask"] = (torch.arange(length + 2) < lengths[:, None] + 2).long()
    return Batch(
        inputs,
        torch.from_numpy(_pad([document.tags[low:high] for document, low, high in windows], length)),
        lengths,
        [document.lines[low:high] for document, low, high in windows],
        [
            [Chunk(c.role, max(c.first, low) - low, min(c.last, high) - low, c.statement)
             for c in document.chunks if c.first < high and low < c.last]
            for document, low, high in windows
        ],
    )  # fmt: skip


def _pad(arrays: Sequence[np.ndarray], length: int) -> np.ndarray:
    """Stack arrays of different lengths, filled with 0 at their ends; shape (len(arrays), length)."""
    stacked = np.zeros((len(arrays), length), np.int64)
    for row, array in zip(stacked, arrays, strict=True):
        row[: len(array)] = array
    return stacked
