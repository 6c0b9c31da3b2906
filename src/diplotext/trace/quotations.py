"""The traces table: every quotation's passage in the records."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pandas as pd

from diplotext import schema
from diplotext.names import load_index
from diplotext.spans import offset_maps
from diplotext.trace.compare import Pair, compare, cut_windows
from diplotext.trace.decide import (
    bounds,
    carried_share,
    compare_meaning,
    count,
    decide,
    differences_of,
    is_accepted,
    is_whole,
    judge,
    neighbours,
    passage_of,
)
from diplotext.trace.meaning import Meaning
from diplotext.trace.printed import Piece, read_pieces
from diplotext.trace.records import SAME, Records, agreement
from diplotext.trace.search import Index

#: how many sentences of anybody, and of the speaker, are compared with quoted and with reported words.
QUOTED_HITS, REPORTED_HITS = 12, 30
#: how many of the speaker's last sentences before the quotation are compared too, where both stand in one document.
JUST_SAID = 12
_CHUNK = 4096  # pieces at a time


def trace_quotes(
    quotes: pd.DataFrame,
    articles: pd.DataFrame,
    transcripts: pd.DataFrame,
    spans: pd.DataFrame | None = None,
    *,
    spoken: pd.DataFrame | None = None,
    edits: pd.DataFrame | None = None,
    dictionaries: schema.Dictionaries | None = None,
    progress: bool = False,
) -> pd.DataFrame:
    """Find the passage of the records that each quotation prints, and how true the print is to it.

    It does not say what was meant, and does not look for words in records that are not given. It never traces to text
    dated after the article or to a journalist's question; where the article is itself among the records, only to what
    stands in it before the quotation.

    Parameters
    ----------
    quotes
        The quotes table, after `resolve_speakers`. Statements of kind speech are records themselves and get no row.
    articles
        The articles of the quotes.
    transcripts
        An articles table of records (speeches, briefings, readouts, statements).
    spans
        The spans table of the quotes: then each content piece is traced for itself. Else each statement is one piece.
    spoken
        The records' own statements after `resolve_speakers`. Without it their speakers are the labels of their turns
        and titles, looked up among the actors.
    edits
        The records' edits table, where they were cleaned; recovered from their two texts where it is None.
    dictionaries
        Your own actors and aliases, for the records' speakers where `spoken` is not given.
    progress
        Show a bar on stderr.

    Returns
    -------
    The traces table, one row a content piece (key quote_id, part), in the order of `quotes`:

    transcript_id, start, end, raw_start, raw_end
        The passage: what answers to the piece, also to its words outside the marks, from the first word to the last;
        missing where unmatched.
    speaker_agrees
        The record has the same speaker. A trace to another of the speaker's side (one government, one body) or to
        speech whose speaker is not known is weaker, and False here.
    similarity
        Twice the words kept over all words of print and passage (Dice), in [0, 1].
    fidelity
        Of a direct or mixed piece, its words inside quotation marks are judged; of an indirect one, which is the
        weaker evidence, all of them.

        - *verbatim*: whole sentences in the same words, but for case, punctuation, the form of numbers, contractions
          and usual abbreviations, what the speaker repaired ("if he — he makes"), fillers ("you know") and an opening
          connective. A function word or an ending that leaves the content alone is no change; negations and modal
          verbs are content. Halves that only the attribution parts are judged as one.
        - *trimmed*: the same words, but part of a sentence, or parts with an honest ellipsis, bracket or closed marks
          between them.
        - *altered*: content words changed, put in or silently left out inside the marks.
        - *paraphrased*: the same proposition in other words: not half of the content words inside the marks were
          spoken; or they all were, but fewer than half of those beside the marks, names aside; or an indirect statement
          with content words of its own. (Without such, but for person, tense and mood, it is verbatim or trimmed.)
        - *unmatched*: no passage is likely enough. It does not say that the words were never spoken.
    kept, changed, dropped, added
        Words of those judged, a contraction as two; what stands in brackets, and what that replaces, is not counted.
        kept + changed + added = printed words; kept + changed + dropped = spoken words from the first to the last that
        answers to a stretch between marks, without what the speaker repaired. What an honest ellipsis leaves out counts
        as dropped.
    confidence
        Probability in [0, 1] that the row is right: that the passage is the one printed or, where unmatched, that the
        records do not have it. Lower where article or record is undated, as neither can then rule the other out.

    Raises
    ------
    ValueError
        If tables do not belong together, `edits` are not those of the transcripts, or speakers are not resolved.

    References
    ----------
    Word pairs that are usual for printed and spoken forms: ``resources/spoken_forms.csv``; weights of the decision:
    ``resources/trace_decision.csv``.

    Examples
    --------
    >>> traces = trace_quotes(analysis.quotes, analysis.articles, sample.transcripts, analysis.spans)
    >>> sorted(set(traces["fidelity"]) - {"unmatched"})[:2]
    ['altered', 'paraphrased']
    """
    quotes, articles, spans = schema.check_statements(quotes, articles, spans, resolved=True)
    transcripts = schema.check_input(transcripts, "articles", "transcripts")
    spoken = None if spoken is None else _check_spoken(spoken, transcripts)
    if edits is not None:  # before anything is traced, not at the first passage
        edits = schema.check_input(edits, "edits")
        offset_maps(transcripts, edits, "transcripts")
    quotes = quotes[quotes["kind"] != "speech"]
    if quotes.empty:
        return schema.build_table("traces")
    own = schema.check_dictionaries(dictionaries)
    records = Records(transcripts, spoken, edits, load_index(own.actors, own.aliases))
    pieces = read_pieces(quotes, articles, spans)
    index, meaning = Index(records), Meaning(records)
    same_text = _same_documents(articles, records)
    rows: list[dict[str, Any]] = []
    from tqdm import tqdm

    with tqdm(total=len(pieces), unit="piece", desc="Tracing", disable=not progress, file=sys.stderr) as bar:
        for chunk in _cut_by_statement(pieces):
            rows += _trace_chunk(records, index, meaning, chunk, same_text)
            bar.update(len(chunk))
    return schema.build_table("traces", rows)


def _same_documents(articles: pd.DataFrame, records: Records) -> dict[str, frozenset[int]]:
    """Return article → the records that are that very document."""
    by_key: dict[tuple[str, str], list[int]] = {}
    for name in ("article_id", "raw_text"):
        for number, value in enumerate(records.transcripts[name]):
            by_key.setdefault((name, value), []).append(number)
    return {
        article: frozenset([*by_key.get(("article_id", article), []), *by_key.get(("raw_text", text), [])])
        for article, text in zip(articles["article_id"], articles["raw_text"], strict=True)
    }


def _cut_by_statement(pieces: list[Piece]) -> list[list[Piece]]:
    chunks: list[list[Piece]] = [[]]
    for piece in pieces:
        if len(chunks[-1]) >= _CHUNK and piece.quote_id != chunks[-1][-1].quote_id:
            chunks.append([])
        chunks[-1].append(piece)
    return chunks


def _check_spoken(spoken: object, transcripts: pd.DataFrame) -> pd.DataFrame:
    table = schema.check_input(spoken, "quotes", "spoken")
    schema.check_resolved(table, "spoken")
    other = table.loc[~table["article_id"].isin(transcripts["article_id"]), "article_id"]
    if len(other):
        raise schema.SchemaError(
            f"spoken: expected the statements of the transcripts; got one of article_id {other.iloc[0]!r}; pass what "
            "resolve_speakers returned for the transcripts"
        )
    return table


def find_pairs(records: Records, index: Index, pieces: list[Piece], same: dict[str, frozenset[int]]) -> list[Pair]:
    """Return every piece's candidate passages, aligned; a statement's pieces share their candidates."""
    hits = index.find(
        [" ".join(w.form for w in piece.words) for piece in pieces],
        [piece.speaker for piece in pieces],
        np.array([piece.until for piece in pieces]),
        [QUOTED_HITS if any(piece.quoted) else REPORTED_HITS for piece in pieces],
    )
    said = {speaker: index.said_by(speaker) for speaker in {piece.speaker for piece in pieces}}
    before = [
        {n: records.words_before(n, piece.start) for n in same.get(piece.article_id, ())} for piece in pieces
    ]  # fmt: skip
    together: dict[str, list[int]] = {}
    for piece, found, until in zip(pieces, hits, before, strict=True):
        last = (n for record, word in until.items() for n in _said_last(records, said[piece.speaker], record, word))
        together.setdefault(piece.quote_id, []).extend([*found, *last])
    windows = [
        cut_windows(records, together[piece.quote_id], len(piece.words), until, quoted=any(piece.quoted))
        for piece, until in zip(pieces, before, strict=True)
    ]
    return compare(records, pieces, windows, [len(said[piece.speaker]) or len(records) for piece in pieces], before)


def _said_last(records: Records, said: np.ndarray, record: int, word: int) -> list[int]:
    """Return the last sentences, of those `said`, that stand in a record before a word."""
    here = (records.transcript[said] == record) & (records.first[said] < word)
    return [int(n) for n in said[here][-JUST_SAID:]]


def _trace_chunk(
    records: Records, index: Index, meaning: Meaning, pieces: list[Piece], same: dict[str, frozenset[int]]
) -> list[dict[str, Any]]:
    pairs = compare_meaning(meaning, pieces, find_pairs(records, index, pieces, same))
    decisions = decide(pieces, pairs)
    accepted = {n: d for n, d in decisions.items() if is_accepted(pieces[n], d)}
    beside = neighbours(pieces, accepted)
    rows = []
    for number, piece in enumerate(pieces):
        row: dict[str, Any] = {"quote_id": piece.quote_id, "part": piece.part}
        if number not in decisions:
            rows.append(row | {"fidelity": "unmatched", "similarity": 0.0, "confidence": 1.0})
            continue
        pair, probability = decisions[number]
        differences = differences_of(records, piece, pair)
        counts = count(differences)
        printed = counts.kept + counts.changed + counts.added
        spoken = counts.kept + counts.changed + counts.dropped
        row["similarity"] = round(2 * counts.kept / max(1, printed + spoken), 4)
        if number not in accepted:
            rows.append(row | {"fidelity": "unmatched", "confidence": round(1 - probability, 4)})
            continue
        whole = is_whole(records, *bounds(piece, pair), *beside[number])
        fidelity = judge(differences, kind=piece.kind, whole=whole, carried=carried_share(records, piece, pair))
        first, last = passage_of(records, piece, pair)
        start, end = records.words[first].start, records.words[last - 1].end
        raw_start, raw_end = records.to_raw(pair.transcript, start, end)
        speaker = records.speakers[records.sentence_of(first)]
        place = {"start": start, "end": end, "raw_start": raw_start, "raw_end": raw_end}
        rows.append(
            row | place | counts._asdict() | {
                "transcript_id": records.transcripts["article_id"].iloc[pair.transcript],
                "speaker_agrees": agreement(piece.speaker, speaker) == SAME,
                "fidelity": fidelity, "confidence": round(probability, 4),
            }
        )  # fmt: skip
    return rows
