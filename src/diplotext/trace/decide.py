"""The decision: which passage, or none, how sure, and how true the print is to the speech."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from diplotext.schema import read_rows
from diplotext.trace.compare import Difference, Pair, list_differences
from diplotext.trace.meaning import Meaning
from diplotext.trace.printed import Piece
from diplotext.trace.records import Records
from diplotext.trace.words import forms_of, is_content, is_function, is_modal, is_negation, stem

#: a pair is a trace from this probability on, by model: so that of 2,065 quotations of other years (PolNeAR dev), put
#: into the mouths of the records' speakers, fewer than one in fifty is traced.
ACCEPTED = {"quoted": 0.25, "reported": 0.3}
#: content words without which a reported piece says nothing that could be found again, unless a run of its words is
#: the spoken ones and holds so many bits more than a run found by chance.
FEWEST, TELLING = 2, 10.0
#: from which likeness of meaning a reported piece may do without a spoken content word (but modal verbs and negations).
ALIKE = 2.5
#: how many pairs of a reported piece are compared by meaning.
LIKELIEST = 12
#: below this share of printed content words kept, quoted words are another wording, not an altered one.
OTHER_WORDS = 0.5
#: below this share of content words carried over outside the marks, a mixed quotation is another wording.
CARRIED = 0.5


class Decision(NamedTuple):
    """The best pair of a piece, and the probability that it is right."""

    pair: Pair
    probability: float


class Counts(NamedTuple):
    """How many words were kept, changed, dropped and added."""

    kept: int
    changed: int
    dropped: int
    added: int


def weigh(features: Mapping[str, float], model: str) -> float:
    """Return a pair's log-odds by a model of ``trace_decision.csv``: quoted or reported."""
    weights = read_weights(model)
    return weights["bias"] + sum(weights[name] * value for name, value in features.items())


@cache
def read_weights(model: str) -> Mapping[str, float]:
    """Return the fitted weight of each feature for quoted or for reported words."""
    return {row["feature"]: float(row[model]) for row in read_rows("trace_decision.csv")}


def model_of(piece: Piece) -> str:
    """Return which model a piece is decided by."""
    return "quoted" if any(piece.quoted) else "reported"


def is_accepted(piece: Piece, decision: Decision) -> bool:
    """Tell whether a piece's best pair is a trace; a reported one shares content, or much of its meaning, with it."""
    model, features = model_of(piece), decision.pair.features
    if model == "reported":
        few = sum(is_content(w.form) for w in piece.words) < FEWEST
        telling = features["same_speaker"] and 10 * features["surplus"] >= TELLING
        if not (features["bag"] or features["meaning"] >= ALIKE) or (few and not telling):
            return False
    return decision.probability >= ACCEPTED[model]


def compare_meaning(meaning: Meaning, pieces: Sequence[Piece], pairs: Sequence[Pair]) -> list[Pair]:
    """Add the likeness of meaning to the likeliest pairs of reported pieces; the others are left out."""
    kept: list[Pair] = []
    by_piece: dict[int, list[Pair]] = {}
    for pair in pairs:
        if any(pieces[pair.piece].quoted):
            kept.append(pair)
        else:
            by_piece.setdefault(pair.piece, []).append(pair)
    for number, own in by_piece.items():
        best = sorted(own, key=lambda p: -weigh(p.features, "reported"))[:LIKELIEST]
        shares = meaning.likeness(pieces[number].text, [p.sentence for p in best])
        kept += [p._replace(features={**p.features, "meaning": m}) for p, m in zip(best, shares, strict=True)]
    return kept


def decide(pieces: Sequence[Piece], pairs: Sequence[Pair]) -> dict[int, Decision]:
    """Return piece → its best pair; the pieces of one statement prefer one turn.

    Between passages that are as likely, the later one is taken: what is quoted was mostly said last.
    """
    by_piece: dict[int, list[tuple[float, Pair]]] = {}
    for pair in pairs:
        by_piece.setdefault(pair.piece, []).append((weigh(pair.features, model_of(pieces[pair.piece])), pair))
    by_quote: dict[str, list[int]] = {}
    for number in by_piece:
        by_quote.setdefault(pieces[number].quote_id, []).append(number)
    found: dict[int, Decision] = {}
    for numbers in by_quote.values():
        turn = _common_turn([by_piece[n] for n in numbers]) if len(numbers) > 1 else None
        for number in numbers:
            bonus = read_weights(model_of(pieces[number]))["sibling"]
            ranked = [(odds + bonus * (pair.turn == turn), pair) for odds, pair in by_piece[number]]
            odds, pair = max(ranked, key=lambda r: (round(r[0], 6), r[1].places[r[1].places >= 0][0]))
            found[number] = Decision(pair, float(1 / (1 + np.exp(-odds))))
    return found


def _common_turn(pieces: Sequence[Sequence[tuple[float, Pair]]]) -> int | None:
    """Return the turn in which at least two pieces are at home, one of them surely."""
    best: dict[int, list[float]] = {}
    for pairs in pieces:
        own: dict[int, float] = {}
        for odds, pair in pairs:
            own[pair.turn] = max(own.get(pair.turn, odds), odds)
        for turn, odds in own.items():
            best.setdefault(turn, []).append(odds)
    sure = {turn: sum(odds) for turn, odds in best.items() if len(odds) > 1 and max(odds) > 0}
    return max(sure, key=lambda t: (sure[t], t)) if sure else None


def differences_of(records: Records, piece: Piece, pair: Pair) -> list[Difference]:
    """Return how the piece's judged words differ from the spoken ones, each stretch between marks for itself."""
    found: list[Difference] = []
    for fragment in piece.fragments:
        places = pair.places[fragment.start : fragment.stop]
        taken = places[places >= 0]
        first, last = (int(taken[0]), int(taken[-1]) + 1) if len(taken) else (0, 0)
        local = [int(p) - first if p >= 0 else -1 for p in places]
        found += list_differences(piece.words[fragment.start : fragment.stop], records.words[first:last], local)
    return found


def bounds(piece: Piece, pair: Pair) -> tuple[int, int]:
    """Return the first spoken word that answers to a judged one, and one past the last."""
    taken = pair.places[np.array(piece.judged) & (pair.places >= 0)]
    return int(taken[0]), int(taken[-1]) + 1


def passage_of(records: Records, piece: Piece, pair: Pair) -> tuple[int, int]:
    """Return a passage's first word, and one past its last.

    It is what answers to the quoted or reported words, taken further within its sentence to the words that the print
    carries over in another order or outside the marks.
    """
    first, last = bounds(piece, pair)
    held = [n for n, _ in carried_words(records, piece, pair)]
    return min([first, *held]), max([last, *(n + 1 for n in held)])


def carried_words(records: Records, piece: Piece, pair: Pair) -> list[tuple[int, int]]:
    """Return where the passage's sentence has the content words that the print does not quote, in any order."""
    wanted: dict[int, int] = {}
    _, roots = records.look_up(piece.words)
    for n, (word, inside) in enumerate(zip(piece.words, piece.quoted, strict=True)):
        if not inside and is_content(word.form) and not is_modal(word.form):
            wanted.setdefault(int(roots[n]), n)
    first, last = bounds(piece, pair)
    start = int(records.first[records.sentence_of(first)])
    stop = int(records.stop[records.sentence_of(last - 1)])
    return [(n, wanted[int(records.roots[n])]) for n in range(start, stop) if int(records.roots[n]) in wanted]


def count(differences: Sequence[Difference]) -> Counts:
    """Count words by what became of them; see `trace_quotes`."""
    numbers = dict.fromkeys(("kept", "changed", "dropped", "added"), 0)
    for difference in differences:
        if difference.sort in numbers:
            numbers[difference.sort] += 1
    return Counts(**numbers)


def judge(differences: Sequence[Difference], *, kind: str, whole: bool, carried: float) -> str:
    """Return the fidelity of a traced piece; see `trace_quotes` for the definitions.

    Parameters
    ----------
    differences
        From `differences_of`.
    kind
        Of the statement.
    whole
        Whether the passage is whole sentences.
    carried
        Share of the content words outside the marks that the record has there.
    """
    indirect = kind not in ("direct", "mixed", "speech")
    sorts = ("changed", "added") if indirect else ("changed", "added", "dropped")  # who reports may leave words out
    wrong = [d for d in differences if d.sort in sorts and not (d.sort == "dropped" and d.marked)]
    heavy = [d for d in wrong if not _is_light(d, indirect=indirect)]
    content = [d for d in differences if d.printed and d.sort != "inserted" and is_content(d.printed[0].form)]
    kept = sum(d.sort == "kept" or _is_light(d, indirect=indirect) for d in content) / len(content) if content else 1.0
    if indirect and heavy:
        return "paraphrased"
    if heavy:
        return "altered" if kept >= OTHER_WORDS else "paraphrased"
    if carried < CARRIED:
        return "paraphrased"
    left_out = any(d.sort == "dropped" and (d.marked or (indirect and not _is_light(d, indirect=True)))
                   for d in differences)  # fmt: skip
    return "verbatim" if whole and not left_out else "trimmed"


def _is_light(difference: Difference, *, indirect: bool) -> bool:
    """Tell whether a difference leaves the content alone: function words, endings; of reported speech more of them."""
    if difference.printed and difference.spoken:
        printed, spoken = (stem(side[0].form) for side in (difference.printed, difference.spoken))
        if printed == spoken:
            return True
    words = (*difference.printed, *difference.spoken)
    if indirect:
        return not any(is_negation(w.form) or not (is_modal(w.form) or is_function(w.form)) for w in words)
    return not any(is_content(w.form) for w in words)


def carried_share(records: Records, piece: Piece, pair: Pair) -> float:
    """Return the share of content words outside the marks that the passage's sentence has too; 1 where there are none.

    Names are left out: print puts them where the speaker says "he" or "our".
    """
    outside = {
        stem(w.form)
        for w, inside in zip(piece.words, piece.judged, strict=True)
        if not inside
        and is_content(w.form)
        and not is_modal(w.form)
        and not piece.text[w.start : w.start + 1].isupper()
    }
    if not outside:
        return 1.0
    found = {stem(piece.words[n].form) for _, n in carried_words(records, piece, pair)}
    return len(outside & found) / len(outside)


def is_whole(records: Records, first: int, last: int, before: int | None, after: int | None) -> bool:
    """Tell whether the words from `first` up to `last` are whole sentences, or go on where a sibling ends or begins."""
    start = records.first[records.sentence_of(first)]
    stop = records.stop[records.sentence_of(last - 1)]
    begins = _is_opening(records, int(start), first) or (before is not None and _joins(records, before, first))
    ends = bool(records.repaired[last:stop].all()) or (after is not None and _joins(records, last, after))
    return begins and ends


def _is_opening(records: Records, start: int, first: int) -> bool:
    """Tell whether only connectives, and what was repaired, stand before a passage in its sentence."""
    return all(
        records.repaired[n] or records.words[n].form in forms_of("opening") for n in range(start, first)
    )  # fmt: skip


def _joins(records: Records, low: int, high: int) -> bool:
    return low <= high and bool(records.repaired[low:high].all())


def neighbours(pieces: Sequence[Piece], found: Mapping[int, Decision]) -> dict[int, tuple[int | None, int | None]]:
    """Return piece → where its statement's piece before ends, and where the one after begins, if in the same turn."""
    result: dict[int, list[int | None]] = {n: [None, None] for n in found}
    for a, b in pairwise(sorted(found)):
        same = pieces[a].quote_id == pieces[b].quote_id and found[a].pair.turn == found[b].pair.turn
        if same and b == a + 1:
            result[a][1] = bounds(pieces[b], found[b].pair)[0]
            result[b][0] = bounds(pieces[a], found[a].pair)[1]
    return {n: (before, after) for n, (before, after) in result.items()}
