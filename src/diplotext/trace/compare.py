"""One printed piece beside one stretch of a record: where they meet, what was changed, and what speaks for the pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from diplotext.trace.align import Side, align
from diplotext.trace.printed import Piece, mark_quoted
from diplotext.trace.records import OTHER, SAME, SIDE, Records, agreement, background
from diplotext.trace.words import Word, is_content, is_modal, is_negation, split_words, stem

#: how many words beyond a found sentence may belong to the passage, besides as many as the quotation has.
_MARGIN = 12
#: how much a word outside the quotation marks counts, and within how many words its like is looked for.
_CONTEXT, _NEAR = 0.4, 30
#: fewer sentences of a speaker than these make a passage no likelier.
_RIVALS = 500
#: how many stretches a quoted and a reported piece are aligned with; what the speaker and a late day are worth then.
_ALIGNED, _REPORTED, _OWN, _LATE = 5, 16, 0.15, 0.02


class Pair(NamedTuple):
    """A piece aligned with a passage: the words' places in the records, −1 where a word was not spoken."""

    piece: int
    turn: int
    transcript: int
    sentence: int
    places: np.ndarray
    features: dict[str, float]


class Difference(NamedTuple):
    """Words of one side against the other's: one of `SORTS`; for "same" both are the same words."""

    sort: str
    printed: tuple[Word, ...]
    spoken: tuple[Word, ...]
    marked: bool


#: kept words; words in place of others; spoken words left out; words put in; what the speaker repaired.
SORTS = ("kept", "changed", "dropped", "added", "repaired", "inserted")


def cut_windows(
    records: Records, sentences: Sequence[int], size: int, before: Mapping[int, int], *, quoted: bool
) -> list[tuple[int, int]]:
    """Return stretches of words around sentences, each within a turn, that may hold a quotation of so many words.

    What is not quoted is compared with single sentences, as reported words are not the spoken ones in their order.
    `before` is, of the records that are the quoting document itself, the word up to which they count.
    """
    found: list[tuple[int, int]] = []
    reach = size + _MARGIN if quoted else 0
    for sentence in sorted(set(sentences)):
        low, high = records.turn_bounds(sentence)
        high = min(high, before.get(int(records.transcript[sentence]), high))
        start, stop = max(low, int(records.first[sentence]) - reach), min(high, int(records.stop[sentence]) + reach)
        if stop <= start:
            continue
        if quoted and found and start < found[-1][1] <= high and stop - found[-1][0] <= 4 * reach:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        else:
            found.append((start, stop))
    return found


def compare(
    records: Records,
    pieces: Sequence[Piece],
    windows: Sequence[Sequence[tuple[int, int]]],
    rivals: Sequence[int],
    before: Sequence[Mapping[int, int]],
) -> list[Pair]:
    """Align every piece with each of its windows.

    `rivals` is in how many sentences it may have been said; `before` as in `cut_windows`, of each piece.
    """
    printed, spoken, owners = [], [], []
    bits = {}
    mark = np.zeros(len(records.stems) + 3, dtype=bool)
    for number, (piece, stretches) in enumerate(zip(pieces, windows, strict=True)):
        if not piece.words:
            continue
        ids, roots = records.look_up(piece.words)
        content = np.array([is_content(w.form) for w in piece.words])
        weight = np.where(piece.judged, 1.0, _CONTEXT)
        side = Side(ids, roots, content, mark_free(piece.words), weight)
        bits[number] = background(records, ids, content)
        for start, stop in _likeliest(records, piece, side, bits[number], stretches, mark):
            cut = slice(start, stop)
            printed.append(side)
            spoken.append(Side(records.ids[cut], records.roots[cut], records.content[cut], records.repaired[cut]))
            owners.append((number, start))
    pairs = []
    for (number, start), side, (_, places) in zip(owners, printed, align(printed, spoken), strict=True):
        at = np.where(places >= 0, places + start, -1)
        judged = np.array(pieces[number].judged)
        if not (at[judged] >= 0).any():
            continue
        sentence = records.sentence_of(int(at[judged & (at >= 0)][0]))
        features = _features(records, pieces[number], side, bits[number], at, sentence)
        features["rivals"] = float(np.log1p(max(_RIVALS, rivals[number])))
        here = before[number].get(int(records.transcript[sentence]))
        features["here"] = float(here is not None)
        features["since"] = 0.0 if here is None else float(np.log1p(max(0, here - int(at[at >= 0][-1]))))
        pairs.append(
            Pair(number, int(records.turn[sentence]), int(records.transcript[sentence]), sentence, at, features)
        )  # fmt: skip
    return pairs


def _likeliest(
    records: Records,
    piece: Piece,
    side: Side,
    bits: np.ndarray,
    stretches: Sequence[tuple[int, int]],
    mark: np.ndarray,
) -> list[tuple[int, int]]:
    """Return the few stretches that hold most of a piece's information, the speaker's and late ones preferred."""
    most = _ALIGNED if any(piece.quoted) else _REPORTED
    if len(stretches) <= most:
        return list(stretches)
    own = bits * np.array(piece.judged)
    total = float(own.sum()) or 1.0
    ranks = []
    for start, stop in stretches:
        roots = records.roots[start:stop]
        mark[roots] = True
        share = float(own[mark[side.roots]].sum()) / total
        mark[roots] = False
        sentence = records.sentence_of(start)
        age = piece.until - records.days[records.transcript[sentence]]
        late = 0.0 if np.isnan(age) else float(np.log1p(max(age, 0.0)))
        near = agreement(piece.speaker, records.speakers[sentence]) == SAME
        ranks.append(share + _OWN * near - _LATE * late)
    best = np.argsort(-np.array(ranks), kind="stable")[:most]
    return [stretches[n] for n in sorted(best)]


def _features(
    records: Records, piece: Piece, side: Side, bits: np.ndarray, at: np.ndarray, sentence: int
) -> dict[str, float]:
    """Return what speaks for and against a pair; see ``trace_decision.csv``."""
    taken = at >= 0
    same = taken & (records.ids[at] == side.ids)
    akin = taken & ~same & (records.roots[at] == side.roots)
    judged = np.array(piece.judged)
    own = judged & np.array([not w.inserted for w in piece.words])
    total = float(bits[own].sum()) or 1.0
    kept = float((bits * (same + 0.6 * akin))[own].sum())
    run = best = 0.0
    previous = -2
    for n in np.flatnonzero(judged):
        run = (run if at[n] == previous + 1 else 0.0) + bits[n] if same[n] else 0.0
        previous = int(at[n]) if same[n] else -2
        best = max(best, run)
    inner = at[judged & taken]
    first, last = int(inner[0]), int(inner[-1])
    within = np.zeros(last + 1 - first, dtype=bool)
    within[inner - first] = True
    dropped = int((~within & ~records.repaired[first : last + 1]).sum())
    agrees = agreement(piece.speaker, records.speakers[sentence])
    age = piece.until - records.days[records.transcript[sentence]]
    spoken = abs(piece.spoken_on - records.days[records.transcript[sentence]])
    support = around = 0
    if not all(piece.judged):
        outside = {
            stem(w.form) for w, inside in zip(piece.words, judged, strict=True) if not inside and is_content(w.form)
        }
        low, high = records.turn_bounds(sentence)
        near = set(records.roots[max(low, first - _NEAR) : min(high, last + _NEAR)].tolist())
        support, around = sum(records.stems.get(s, -2) in near for s in outside), len(outside)
    bag = 0.0
    if not any(piece.quoted):
        whole = records.roots[records.first[sentence] : records.stop[sentence]]
        solid = np.array([not (is_modal(w.form) or is_negation(w.form)) for w in piece.words])
        weights = bits * (own & side.content & solid)
        bag = float(weights[np.isin(side.roots, whole)].sum() / (weights.sum() or 1.0))
    return {
        "share": kept / total,
        "bag": bag,
        "length": float(np.log1p(int((own & side.content).sum()))),
        "kept_bits": float(np.log1p(kept)),
        "run_bits": float(np.log1p(best)),
        "surplus": float(np.clip(best - np.log2(len(records.words)), -10, 20)) / 10,
        "dropped": float(np.log1p(dropped / max(1, int(judged.sum())))),
        "same_speaker": float(agrees == SAME),
        "same_side": float(agrees == SIDE),
        "other_speaker": float(agrees == OTHER),
        "undated": float(np.isnan(age)),
        "age": 0.0 if np.isnan(age) else float(np.log1p(age)),
        "spoken_that_day": float(spoken <= 1),
        "other_day": float(spoken > 2),
        "context": float(np.log1p(support)),
        "context_share": support / around if around else 0.0,
        "meaning": 0.0,
    }


def list_differences(printed: Sequence[Word], spoken: Sequence[Word], places: Sequence[int]) -> list[Difference]:
    """Return printed and spoken words in order, told apart: what was kept, changed, left out, put in.

    Parameters
    ----------
    printed
        The printed words.
    spoken
        The record's words from the passage's first to its last.
    places
        Of each printed word, the number of its spoken word in `spoken`, or −1.
    """
    found: list[Difference] = []
    at = 0
    for number, (word, place) in enumerate(zip(printed, places, strict=True)):
        marked = word.after_gap or word.inserted or (number > 0 and printed[number - 1].inserted)
        if place >= 0:
            found += [_left_out(left, marked=marked) for left in spoken[at:place]]
            at = place + 1
        said = (spoken[place],) if place >= 0 else ()
        if place >= 0 and spoken[place].form == word.form:
            sort = "kept"
        elif word.inserted:
            sort = "inserted"
        elif word.repaired and not said:
            sort = "repaired"
        else:
            sort = "changed" if said else "added"
        found.append(Difference(sort, (word,), said, word.inserted))
    return found


def _left_out(word: Word, *, marked: bool) -> Difference:
    return Difference("repaired" if word.repaired else "dropped", (), (word,), marked)


def merge_runs(differences: Sequence[Difference]) -> list[Difference]:
    """Join neighbours of one sort."""
    merged: list[Difference] = []
    for difference in differences:
        if merged and merged[-1].sort == difference.sort and merged[-1].marked == difference.marked:
            last = merged[-1]
            both = (last.printed + difference.printed, last.spoken + difference.spoken)
            merged[-1] = Difference(last.sort, *both, last.marked)
        else:
            merged.append(difference)
    return merged


def compare_words(printed: str, spoken: str, kind: str = "direct") -> list[Difference]:
    """Return printed and spoken words side by side: what was kept, changed, dropped, added; runs of one sort joined.

    Parameters
    ----------
    printed
        The printed piece.
    spoken
        The passage of the record.
    kind
        Of the statement; of a mixed one only the quoted words are compared.

    Returns
    -------
    `Difference` in order; the words' offsets are those in the two texts.
    """
    words = split_words(printed)
    judged = mark_quoted(printed, words, kind)
    judged = judged if any(judged) else [True] * len(words)
    said = split_words(spoken)
    if not words or not said:
        return []
    numbers: dict[str, int] = {}
    roots: dict[str, int] = {}
    sides = []
    for side, free in ((words, mark_free(words)), (said, np.array([w.repaired for w in said]))):
        ids = np.array([numbers.setdefault(w.form, len(numbers)) for w in side], dtype=np.int32)
        stems = np.array([roots.setdefault(stem(w.form), len(roots)) for w in side], dtype=np.int32)
        sides.append(Side(ids, stems, np.array([is_content(w.form) for w in side]), free))
    weighed = sides[0]._replace(weight=np.where(judged, 1.0, _CONTEXT))
    ((_, places),) = align([weighed], [sides[1]])
    found: list[Difference] = []
    at = 0
    for number, inside in enumerate(judged):
        if inside and not (number and judged[number - 1]):
            at = number
        if inside and not (number + 1 < len(judged) and judged[number + 1]):
            own = [int(p) for p in places[at : number + 1]]
            low = min((p for p in own if p >= 0), default=0)
            high = max((p for p in own if p >= 0), default=-1) + 1
            local = [p - low if p >= 0 else -1 for p in own]
            found += list_differences(words[at : number + 1], said[low:high], local)
    return merge_runs(found)


def mark_free(words: Sequence[Word]) -> np.ndarray:
    """Tell before which printed words spoken ones may be missing: at an ellipsis, beside what stands in brackets."""
    return np.array([w.after_gap or w.inserted or (n > 0 and words[n - 1].inserted) for n, w in enumerate(words)])
