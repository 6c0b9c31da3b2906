"""Statements as word pieces for the network that reads stance: with marks around the target and the speaker."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from tokenizers import Tokenizer

#: word pieces of one statement that are read, marks and all; of longer ones those around the target.
LONGEST = 192
#: pieces of a name or cue that is set beside the words, at most.
_NAME = 16
#: pieces that the base model has never seen stand for the marks: target and speaker, opening and closing.
_MARKS = {"target": ("[unused1]", "[unused2]"), "speaker": ("[unused3]", "[unused4]")}


class Statement(NamedTuple):
    """One statement with whom it is about and who says it.

    `target` and `speaker` may be empty; they are looked for in the text, from `target_at` and `speaker_at` on (its
    first place if those are negative), and set beside it where they are not in it. `context` is what introduces the
    words, such as the cue.
    """

    text: str
    target: str = ""
    speaker: str = ""
    context: str = ""
    target_at: int = -1
    speaker_at: int = -1


def cut_statement(statement: Statement, tokenizer: Tokenizer) -> tuple[np.ndarray, np.ndarray]:
    """Cut a statement into word pieces.

    Returns
    -------
    ids (n,) int64, and spots (3,) int64: the numbers of the pieces whose states tell about the statement as a whole,
    its target and its speaker; 0, the first piece, where there is no target or speaker.
    """
    encode = tokenizer.encode

    def piece(name: str) -> int:
        return tokenizer.token_to_id(name) or 0

    found = encode(statement.text, add_special_tokens=False)
    body, offsets = list(found.ids), found.offsets
    places: dict[str, tuple[int, int]] = {}
    for role, name, at in (
        ("target", statement.target, statement.target_at), ("speaker", statement.speaker, statement.speaker_at)
    ):  # fmt: skip
        span = _find(statement.text, name, at)
        if span is not None:
            inside = [i for i, (s, e) in enumerate(offsets) if s < span[1] and span[0] < e]
            if inside:
                places[role] = (inside[0], inside[-1] + 1)
    low, high = _window(len(body), places.get("target", (0, 0)), LONGEST - 48)
    opened = {start: role for role, (start, _) in reversed(places.items())}
    closed = {end: role for role, (_, end) in places.items()}
    marked: list[int] = []
    for i in range(low, high + 1):
        if i in closed and marked:
            marked.append(piece(_MARKS[closed[i]][1]))
        if i in opened and i < high:
            marked.append(piece(_MARKS[opened[i]][0]))
        if i < high:
            marked.append(body[i])

    def beside(role: str, name: str) -> list[int]:
        """Return a name that is not in the words, between its marks."""
        if not name or role in places:
            return []
        begin, end = map(piece, _MARKS[role])
        return [begin, *encode(name, add_special_tokens=False).ids[:_NAME], end]

    context = encode(statement.context, add_special_tokens=False).ids[:_NAME]
    ids = [piece("[CLS]"), *beside("speaker", statement.speaker), *context, *marked, piece("[SEP]")]
    target = beside("target", statement.target)
    ids += [*target, piece("[SEP]")] if target else []
    spots = [ids.index(mark) if (mark := piece(_MARKS[role][0])) in ids else 0 for role in ("target", "speaker")]
    return np.array(ids, np.int64), np.array([0, *spots], np.int64)


def _find(text: str, name: str, at: int) -> tuple[int, int] | None:
    """Return where a name stands in a text: from a place on, or first, whatever its case."""
    if not name.strip():
        return None
    start = at if at >= 0 and text.startswith(name, at) else text.lower().find(name.lower())
    return (start, start + len(name)) if start >= 0 else None


def _window(length: int, span: tuple[int, int], most: int) -> tuple[int, int]:
    """Return the pieces to read of a statement that is too long: those around a span."""
    if length <= most:
        return 0, length
    low = min(max(0, (span[0] + span[1]) // 2 - most // 2), length - most)
    return low, low + most
