"""The weights of ``trace_decision.csv``: fitted on distorted sentences of records and on pairs read for development.

Run by ``python -m diplotext.training.trace RECORDS LABELS POLNEAR DATA``: a folder of dated records; a table in the
form of ``tests/gold/traces.csv``, of which only the split develop is read; a folder in PolNeAR's form, whose quotations
the records cannot have; and the folder with ``statements.csv`` and ``reworded.csv``, statements of invented people and
how a paper might report them. Needs no torch.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from diplotext import schema
from diplotext.corpora import load_polnear
from diplotext.evaluate.trace import OVERLAP, read_pairs
from diplotext.io import load_articles
from diplotext.pipeline import read_records
from diplotext.spans import dice
from diplotext.trace.compare import Pair
from diplotext.trace.decide import compare_meaning, model_of, passage_of
from diplotext.trace.meaning import Meaning
from diplotext.trace.printed import Piece, mark_quoted, read_pieces
from diplotext.trace.quotations import find_pairs
from diplotext.trace.records import SAME, Records, Speaker, agreement
from diplotext.trace.search import Index
from diplotext.trace.words import is_content, is_modal, split_words

MODELS = ("quoted", "reported")
#: features that only the other model knows; they stay 0.
_UNUSED = {
    "quoted": ("meaning", "bag"),
    "reported": ("context", "context_share", "run_bits", "surplus", "dropped"),
}
#: weights that are set and not fitted, as the examples do not vary in them: what the day of speaking told by the
#: article says, undated articles, and a second piece of the statement in the same turn.
_SET = {"undated": -0.5, "spoken_that_day": 1.0, "other_day": -1.0, "sibling": 2.0}
#: the examples hold no wrongly resolved speaker, so another one would rule a passage out for good.
_LEAST = -4.0
#: how often each sort of example is made, how much a developed pair counts beside a made one, and the ridge.
_MADE, _ABSENT, _FOREIGN, _SWAPPED, _RIDGE = 2500, 2000, 1500, 800, 0.3
#: how much a pair read for development and a reworded statement count beside a made one.
_READ, _REWORDED, _SHUFFLED, _OTHERS = 6.0, 4.0, 0.15, 0.5


#: words of a quotation.
_SIZES = ((1, 5), (5, 10), (10, 40))
#: days between speech and print, and how often.
_LAGS, _LAG_SHARES = ((0, 1), (1, 2), (2, 6), (6, 40)), (0.45, 0.3, 0.15, 0.1)
#: how often words are quoted in the very document, and how many words later.
_HERE, _LATER = 0.35, (15, 3000)
#: how many days apart the documents of an invented speaker are.
_APART = (0, 7, 40)


class Example(NamedTuple):
    """A piece with the first and one past the last word of its passage, −1 where the records do not have it.

    `may_repeat` says that its speaker may have used the same words on another day.
    """

    piece: Piece
    first: int
    last: int
    weight: float
    may_repeat: bool = False


def main(argv: Sequence[str] | None = None) -> int:
    """Fit the weights and print the table."""
    parser = argparse.ArgumentParser(description="Fit the decision of trace_quotes; prints the table of weights.")
    for name in ("records", "labels", "polnear", "data"):
        parser.add_argument(name, type=Path)
    arguments = parser.parse_args(argv)
    transcripts, edits, spoken = read_records(load_articles(arguments.records))
    records = Records(transcripts, spoken, edits)
    rng = np.random.default_rng(0)
    examples = [*_distort(records, rng), *_foreign(records, arguments.polnear, rng), *_swap(records, rng)]
    examples += _developed(records, arguments.records, arguments.labels, transcripts, edits)
    names, rows = _tabulate(records, examples, "made")
    invented, reworded = _read_reworded(arguments.data, np.random.default_rng(1))
    for model, more in _tabulate(invented, reworded, "reworded")[1].items():
        for column, values in zip(rows[model], more, strict=True):
            cast("list[object]", column).extend(cast("list[object]", values))
    weights = {model: _fit(rows[model], names, model) for model in MODELS}
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["feature", *MODELS])
    for name in ["bias", *names, "sibling"]:
        table.writerow([name, *(round(weights[model][name], 4) for model in MODELS)])
    return 0


def _distort(records: Records, rng: np.random.Generator) -> Iterator[Example]:
    """Yield quotations made of the records' sentences, and such whose sentence is of a later day."""
    lengths = records.stop - records.first
    days = records.days[records.transcript]
    able = np.flatnonzero((lengths >= 3) & np.isfinite(days) & np.array([bool(s.name) for s in records.speakers]))
    for number, sentence in enumerate(rng.choice(able, _MADE + _ABSENT)):
        first, last = int(records.first[sentence]), int(records.stop[sentence])
        low, high = records.turn_bounds(int(sentence))
        if rng.random() < 0.2:
            last = min(high, last + int(rng.integers(1, 30)))
        reported = rng.random() < 0.35
        if reported:
            cut = int(rng.integers(0, max(1, (last - first) // 3)))
            start, stop = first + cut, last
        else:
            size = min(last - first, int(rng.integers(*_SIZES[int(rng.integers(len(_SIZES)))])))
            start = first + int(rng.integers(0, last - first - size + 1))
            stop = start + size
        forms = _reword(records, start, stop, rng) if reported else _misquote(records, start, stop, rng)
        if not forms:
            continue
        text = " ".join(forms)
        kind = "indirect" if reported else "direct"
        if not reported and rng.random() < 0.4 and stop - start < 12:
            around = [
                " ".join(_reword(records, max(low, start - 7), start, rng)),
                " ".join(_reword(records, stop, min(high, stop + 5), rng)),
            ]
            text, kind = f"{around[0]} “{text}” {around[1]}", "mixed"
        there = number < _MADE
        piece = _make(text, kind, _disguise(records.speakers[sentence], rng), days[sentence] - 1)
        if rng.random() < _HERE:
            piece = _put(records, piece, stop + _draw_later(rng) if there else start)
        elif there:
            piece = piece._replace(until=days[sentence] + _draw_lag(rng))
        place = (start, stop) if there else (-1, -1)
        yield Example(piece, *place, _SHUFFLED if reported else 1.0, not there)


def _make(text: str, kind: str, speaker: Speaker, until: float) -> Piece:
    words = split_words(text)
    return Piece("", 0, "", kind, speaker, until, float("nan"), text, words, mark_quoted(text, words, kind), -1)


def _draw_lag(rng: np.random.Generator) -> int:
    return int(rng.integers(*_LAGS[int(rng.choice(len(_LAGS), p=_LAG_SHARES))]))


def _draw_later(rng: np.random.Generator) -> int:
    return int(np.exp(rng.uniform(*np.log(_LATER))))


def _put(records: Records, piece: Piece, word: int) -> Piece:
    """Return a piece as quoted in the record that has a word, before that word, or at the record's end."""
    word = min(word, len(records.words) - 1)
    number = int(records.transcript[records.sentence_of(word)])
    article, day = records.transcripts["article_id"].iloc[number], float(records.days[number])
    return piece._replace(article_id=article, start=records.words[word].start, until=day)


def _disguise(speaker: Speaker, rng: np.random.Generator) -> Speaker:
    """Return the speaker, now and then as one of the same side, or unknown."""
    fate = rng.random()
    if fate < 0.06:
        return Speaker()
    return Speaker("an official", speaker.country, speaker.sector) if fate < 0.14 else speaker


def _misquote(records: Records, start: int, stop: int, rng: np.random.Generator) -> list[str]:
    """Return the words as print gives them: mostly as they are, now and then some changed, put in or left out."""
    forms = [w.form for w in records.words[start:stop] if not w.repaired]
    fate = rng.random()
    if fate < 0.35:
        share = rng.uniform(0.08, 0.4)
        changed = []
        for form in forms:
            luck = rng.random()
            if luck < share / 2:
                changed.append(_other(records, form, rng))
            elif luck >= 0.75 * share:
                changed.append(form)
            if luck > 1 - share / 4:
                changed.append(_other(records, form, rng))
        return changed
    if fate < 0.45 and len(forms) > 8:
        cut = int(rng.integers(3, len(forms) - 4))
        return [*forms[:cut], "…", *forms[cut + int(rng.integers(1, len(forms) - cut - 2)) :]]
    return forms


def _reword(records: Records, start: int, stop: int, rng: np.random.Generator) -> list[str]:
    """Return the words as reported speech gives them: persons and tenses shifted, some other words."""
    shifts = {"i": "he", "we": "they", "our": "their", "my": "his", "us": "them", "will": "would", "is": "was",
              "are": "were", "can": "could", "have": "had", "you": "they", "am": "was"}  # fmt: skip
    share = rng.uniform(0.1, 0.7)
    forms = []
    for word in records.words[start:stop]:
        if word.repaired or rng.random() < share * 0.4:
            continue
        form = shifts.get(word.form, word.form)
        forms.append(_other(records, form, rng) if is_content(form) and rng.random() < share else form)
    return forms


def _other(records: Records, form: str, rng: np.random.Generator) -> str:
    """Return another word of the same sort from the records."""
    for _ in range(20):
        other = records.words[int(rng.integers(len(records.words)))].form
        if is_content(other) == is_content(form) and not is_modal(other) and other != form:
            return other
    return form


def _foreign(records: Records, folder: Path, rng: np.random.Generator) -> Iterator[Example]:
    """Yield quotations of other years, said to be by the records' speakers."""
    gold = load_polnear(folder)
    chosen = rng.choice(len(gold.quotes), _FOREIGN, replace=False)
    days = records.days[np.isfinite(records.days)]
    speakers = [records.speakers[int(n)] for n in rng.integers(0, len(records), _FOREIGN)]
    for number, speaker in zip(chosen, speakers, strict=True):
        quote = gold.quotes.iloc[number]
        piece = _make(quote["text"], quote["kind"], _disguise(speaker, rng), float(rng.choice(days)))
        if rng.random() < _HERE:
            piece = _put(records, piece, int(rng.integers(len(records.words))))
        if piece.words:
            yield Example(piece, -1, -1, 1.0)


def _swap(records: Records, rng: np.random.Generator) -> Iterator[Example]:
    """Yield reported sentences said to be another speaker's: of the same matters, but not that speaker's words."""
    able = np.flatnonzero((records.stop - records.first >= 6) & np.isfinite(records.days[records.transcript]))
    for sentence, other in rng.choice(able, (_SWAPPED, 2)):
        speaker = records.speakers[other]
        if speaker.name and agreement(records.speakers[sentence], speaker) != SAME:
            text = " ".join(_reword(records, int(records.first[sentence]), int(records.stop[sentence]), rng))
            until = float(records.days[records.transcript[sentence]] + rng.integers(0, 3))
            piece = _make(text, "indirect", speaker, until)
            if rng.random() < _HERE:
                piece = _put(records, piece, int(records.stop[sentence]) + _draw_later(rng))
            yield Example(piece, -1, -1, _OTHERS)


def _developed(
    records: Records, folder: Path, labels: Path, transcripts: pd.DataFrame, edits: pd.DataFrame
) -> Iterator[Example]:
    """Yield the pairs that were read for development."""
    quotes, articles, gold = read_pairs(folder, labels, "develop", transcripts, edits)
    numbers = {a: n for n, a in enumerate(records.transcripts["article_id"])}
    wanted = gold.set_index("quote_id")
    for piece in read_pieces(quotes, articles, None):
        row = wanted.loc[piece.quote_id]
        if pd.isna(row["transcript_id"]):
            yield Example(piece, -1, -1, _READ)
            continue
        number = numbers[row["transcript_id"]]
        sentences = np.flatnonzero(records.transcript == number)
        words = range(int(records.first[sentences[0]]), int(records.stop[sentences[-1]]))
        places = [records.to_raw(number, records.words[n].start, records.words[n].end) for n in words]
        inside = [n for n, (s, e) in zip(words, places, strict=True) if s < row["raw_end"] and row["raw_start"] < e]
        if inside:
            yield Example(piece, inside[0], inside[-1] + 1, _READ)


def _read_reworded(folder: Path, rng: np.random.Generator) -> tuple[Records, list[Example]]:
    """Return the invented statements as records, a few documents a speaker, and how they were reported.

    Each is reported once where the records have it, and once before it was said or as another speaker's.
    """
    statements = pd.read_csv(folder / "statements.csv", dtype="str")
    reworded = pd.read_csv(folder / "reworded.csv", dtype="str").set_index("statement_id")["reworded"]
    articles, quotes = [], []
    places: dict[str, tuple[str, int, int]] = {}
    parts = statements.groupby("speaker").cumcount() % len(_APART)
    for number, ((speaker, part), own) in enumerate(statements.groupby(["speaker", parts], sort=True)):
        published = (pd.Timestamp("2031-03-04", tz="UTC") - pd.Timedelta(days=_APART[int(part)])).isoformat()
        lines, at = [], 0
        for row in own.itertuples():
            places[row.statement_id] = (str(number), at, at + len(row.text))
            quotes.append(
                {"quote_id": row.statement_id, "article_id": str(number), "kind": "speech", "speaker": speaker,
                 "speaker_kind": "person", "start": at, "end": at + len(row.text)}
            )  # fmt: skip
            lines.append(row.text)
            at += len(row.text) + 1
        text = "\n".join(lines)
        articles.append({"article_id": str(number), "source": f"{number}.txt", "raw_text": text, "text": text,
                         "headline": f"Remarks by {speaker}", "published": published,
                         "published_precision": "day"})  # fmt: skip
    records = Records(schema.build_table("articles", articles), schema.build_table("quotes", quotes))
    ids = {a: n for n, a in enumerate(records.transcripts["article_id"])}
    people = sorted(set(records.speakers))
    others = {a: [b for b in people if b.name and agreement(a, b) != SAME] for a in people}
    examples = []
    for statement, text in reworded.items():
        article, start, end = places[str(statement)]
        inside = [
            n for s in np.flatnonzero(records.transcript == ids[article])
            for n in range(int(records.first[s]), int(records.stop[s]))
            if start <= records.words[n].start < end
        ]  # fmt: skip
        if inside:
            speaker = records.speakers[records.sentence_of(inside[0])]
            piece = _make(text, "indirect", speaker, float(records.days[ids[article]]) + _draw_lag(rng))
            absent = piece._replace(speaker=others[speaker][int(rng.integers(len(others[speaker])))])
            if rng.random() < _HERE:
                piece = _put(records, piece, inside[-1] + 1 + _draw_later(rng))
                absent = _put(records, piece, inside[0])
            examples.append(Example(piece, inside[0], inside[-1] + 1, _REWORDED))
            examples.append(Example(absent, -1, -1, _REWORDED, may_repeat=True))
    return records, examples


class Rows(NamedTuple):
    """Pairs of one model: features, whether the passage is right, how much it counts, and whose piece it is."""

    features: list[np.ndarray]
    right: list[bool]
    weight: list[float]
    piece: list[str]


def _tabulate(records: Records, examples: list[Example], sort: str) -> tuple[list[str], dict[str, Rows]]:
    """Return the features' names and, for each model, its pairs; `sort` tells pieces of two calls apart."""
    index, meaning = Index(records), Meaning(records)
    pieces = [e.piece._replace(quote_id=str(n)) for n, e in enumerate(examples)]
    ids = {a: n for n, a in enumerate(records.transcripts["article_id"])}
    own = {p.article_id: frozenset([ids[p.article_id]]) for p in pieces if p.article_id in ids}
    pairs = compare_meaning(meaning, pieces, find_pairs(records, index, pieces, own))
    ambiguous = {
        pair.piece for pair in pairs if examples[pair.piece].may_repeat and _is_same_words(records, pieces, pair)
    }  # fmt: skip
    names: list[str] = []
    rows = {model: Rows([], [], [], []) for model in MODELS}
    for pair in pairs:
        example = examples[pair.piece]
        if pair.piece in ambiguous:
            continue
        names = names or list(pair.features)
        passage = passage_of(records, pieces[pair.piece], pair)
        own_rows = rows[model_of(pieces[pair.piece])]
        own_rows.features.append(np.array(list(pair.features.values())))
        own_rows.right.append(example.first >= 0 and dice([passage], [(example.first, example.last)]) >= OVERLAP)
        own_rows.weight.append(example.weight)
        own_rows.piece.append(f"{sort}{pair.piece}")
    return names, rows


def _is_same_words(records: Records, pieces: list[Piece], pair: Pair) -> bool:
    """Tell whether a passage of the same speaker has nearly all the words, so that nobody could call it wrong."""
    same = agreement(pieces[pair.piece].speaker, records.speakers[pair.sentence]) == SAME
    return same and pair.features["share"] > 0.85


def _fit(rows: Rows, names: list[str], model: str) -> dict[str, float]:
    """Fit the weights over pairs, then scale the log-odds so that those of each piece's best pair are calibrated."""
    features, right, weight = np.array(rows.features), np.array(rows.right), np.array(rows.weight)
    used = [n for n, name in enumerate(names) if name not in (*_UNUSED[model], *_SET) and features[:, n].std() > 0]
    scale = features[:, used].std(axis=0)
    fitted = LogisticRegression(C=_RIDGE, max_iter=2000).fit(features[:, used] / scale, right, sample_weight=weight)
    odds = fitted.decision_function(features[:, used] / scale)
    best = pd.Series(odds).groupby(np.array(rows.piece)).idxmax().to_numpy()
    platt = LogisticRegression(C=100.0).fit(odds[best, None], right[best], sample_weight=weight[best])
    slope, shift = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    weights = dict.fromkeys(names, 0.0) | {"bias": slope * float(fitted.intercept_[0]) + shift}
    weights |= {names[n]: slope * float(w) for n, w in zip(used, fitted.coef_[0] / scale, strict=True)}
    return weights | _SET | {"other_speaker": max(weights["other_speaker"], _LEAST)}


if __name__ == "__main__":
    sys.exit(main())
