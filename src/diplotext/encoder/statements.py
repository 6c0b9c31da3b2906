"""Statements as word pieces for the network that reads targets, stance and posture, with what each piece is part of."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from tokenizers import Tokenizer

from diplotext.encoder.pieces import tell_shape
from diplotext.spans import Span

#: word pieces of one statement that are read, marks and all.
LONGEST = 192
#: what a word piece is part of: nothing, the words before, the words around, content, cue, source, the speaker's name
#: beside the words, and the target in question.
PARTS = ("", "before", "around", "content", "cue", "source", "speaker", "target")
#: tags of word pieces: no target; the beginning and the rest of the main target; the same of a further one.
TARGET_TAGS = ("O", "B-main", "I-main", "B-further", "I-further")
#: pieces at most: of a name or of what introduces the words; of the text before; kept before a long content.
_NAME, _BEFORE, _LEAD = 16, 56, 24


class Statement(NamedTuple):
    """One statement with whom it is about and who says it.

    `target` and `speaker` may be empty; the target is looked for in the text, from `target_at` on (its first place if
    that is negative), and set beside it where it is not there; the speaker likewise. `context` is what introduces the
    words, such as the cue or a headline. Of a statement in its article, `spans` tell (part, start, end) which
    characters of the text are content, cue and source, and `begins` where the statement's own sentences begin: what
    stands before is read, but is not the statement. Without `spans` the whole text is content.
    """

    text: str
    target: str = ""
    speaker: str = ""
    context: str = ""
    target_at: int = -1
    speaker_at: int = -1
    spans: tuple[tuple[str, int, int], ...] = ()
    begins: int = 0


class Cut(NamedTuple):
    """A statement's n word pieces, each field (n,) int64.

    `part` numbers `PARTS`, `shape` is case and script (see `pieces.Pieces`), `start` and `end` are characters of the
    statement's text, -1 for pieces that are not of it.
    """

    ids: np.ndarray
    part: np.ndarray
    shape: np.ndarray
    start: np.ndarray
    end: np.ndarray


def cut_statement(statement: Statement, tokenizer: Tokenizer) -> Cut:
    """Cut a statement into word pieces: the speaker and the introduction, the text, and a target that is not in it."""
    text = statement.text
    found = tokenizer.encode(text, add_special_tokens=False)
    start, end = (np.fromiter((o[k] for o in found.offsets), np.int64, len(found.ids)) for k in (0, 1))
    part = np.where(start < statement.begins, 1, 2 if statement.spans else 3)
    for name, low, high in statement.spans:
        part[(start < high) & (end > low)] = PARTS.index(name)
    speaker = find_name(text, statement.speaker, statement.speaker_at)
    if speaker is not None and not statement.spans:
        part[(start < speaker[1]) & (end > speaker[0])] = PARTS.index("source")
    target = find_name(text, statement.target, statement.target_at)
    if target is not None:
        part[(start < target[1]) & (end > target[0])] = PARTS.index("target")
    beside = [
        _encode(tokenizer, "" if speaker else statement.speaker, "speaker"),
        _encode(tokenizer, statement.context, "before"),
    ]
    after = _encode(tokenizer, "" if target else statement.target, "target")
    room = LONGEST - 4 - sum(len(cut.ids) for cut in (*beside, after))
    low, high = _window(part, room)
    shape = np.fromiter((tell_shape(text[s:e]) for s, e in found.offsets[low:high]), np.int64, high - low)
    body = Cut(np.array(found.ids[low:high], np.int64), part[low:high], shape, start[low:high], end[low:high])
    first, last = (_mark(tokenizer, name) for name in ("[CLS]", "[SEP]"))
    row = [first, *beside, *([last] if any(len(cut.ids) for cut in beside) else []), body, last]
    row += [after, last] if len(after.ids) else []
    return Cut(*(np.concatenate(fields) for fields in zip(*row, strict=True)))


def pool_statement(states: np.ndarray, part: np.ndarray, target: tuple[int, int] | None = None) -> np.ndarray:
    """Return a statement's vector (3 · width,): its first state, the mean of its target's, the mean of its content's.

    Without `target`, pieces ``[first, last)``, it is the one marked in `part`, if any; what is missing is 0.
    """
    chosen = np.flatnonzero(part == PARTS.index("target")) if target is None else np.arange(*target)
    rows = (chosen, np.flatnonzero((part == PARTS.index("content")) | (part == PARTS.index("target"))))
    means = [states[r].mean(0) if len(r) else np.zeros(states.shape[1], states.dtype) for r in rows]
    return np.concatenate([states[0], *means])


def find_name(text: str, name: str, at: int = -1) -> Span | None:
    """Return where a name stands in a text: from a place on, or first, whatever its case; None if nowhere."""
    if not name.strip():
        return None
    start = at if at >= 0 and text.startswith(name, at) else text.lower().find(name.lower())
    return (start, start + len(name)) if start >= 0 else None


def _window(part: np.ndarray, room: int) -> Span:
    """Return the pieces to read: the statement's own, as much as there is room for, and what stands right before."""
    own = np.flatnonzero(part >= 2)
    first = int(own[0]) if len(own) else 0
    if len(part) - first > room:  # a long one: from a little before what counts, the target in any case
        said = np.flatnonzero(part >= 3)
        first = max(first, int(said[0]) - _LEAD) if len(said) else first
        target = np.flatnonzero(part == len(PARTS) - 1)
        if len(target) and not first <= target[0] < first + room:
            first = max(0, int(target[0]) - room // 2)
    last = min(len(part), first + room)
    return max(0, first - min(_BEFORE, room - (last - first))), last


def _encode(tokenizer: Tokenizer, words: str, part: str) -> Cut:
    found = tokenizer.encode(words, add_special_tokens=False)
    ids = np.array(found.ids[:_NAME], np.int64)
    shape = np.array([tell_shape(words[s:e]) for s, e in found.offsets[:_NAME]], np.int64)
    nowhere = np.full(len(ids), -1)
    return Cut(ids, np.full(len(ids), PARTS.index(part)), shape, nowhere, nowhere)


def _mark(tokenizer: Tokenizer, name: str) -> Cut:
    return Cut(*(np.array([value]) for value in (tokenizer.token_to_id(name), 0, 0, -1, -1)))
