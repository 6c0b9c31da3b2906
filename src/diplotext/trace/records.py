"""The words of the records: sentence by sentence, turn by turn, as arrays that a search can run over."""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from diplotext import schema
from diplotext.names import NameIndex, fold, load_index, offices, surname
from diplotext.spans import OffsetMap, offset_maps
from diplotext.structure import outline_text
from diplotext.trace.words import Word, is_content, split_words, stem

#: how far two people of one side are apart: the same person, the same side, not known, others.
SAME, SIDE, UNKNOWN, OTHER = 3, 2, 1, 0
#: last day that an inexact date can mean.
_PERIODS = {"year": "Y", "month": "M"}
_NAMED = ("person", "organisation", "state")


class Speaker(NamedTuple):
    """Who speaks, as far as known: the name folded, the country, the sector, whether it is a person."""

    name: str = ""
    country: str = ""
    sector: str = ""
    person: bool = False


class Records:
    """Every sentence of the records that may be quoted, with its words as numbers.

    Journalists' questions, headlines, notes and stage directions are not among them.

    Parameters
    ----------
    transcripts
        An articles table.
    spoken
        Their statements after `resolve_speakers`, or None: then names are looked up in `index`.
    edits
        Their edits table, or None.
    index
        Who exists; the bundled actors where it is None.
    """

    def __init__(
        self,
        transcripts: pd.DataFrame,
        spoken: pd.DataFrame | None = None,
        edits: pd.DataFrame | None = None,
        index: NameIndex | None = None,
    ) -> None:
        transcripts = schema.build_table("articles", transcripts)
        order = transcripts["published"].sort_values(kind="stable", na_position="first").index
        self.transcripts = transcripts.loc[order].reset_index(drop=True)
        self._edits = edits
        self._maps: dict[int, OffsetMap] = {}
        self.numbers: dict[str, int] = {}  # form → number
        self.stems: dict[str, int] = {}
        self.words: list[Word] = []
        rows: list[tuple[int, int, int, int]] = []  # transcript, turn, first word, one past the last
        self.speakers: list[Speaker] = []  # of each sentence
        known, index = _read_spoken(spoken), index or load_index()
        turn = -1
        for number, record in enumerate(self.transcripts.to_dict("records")):
            last: object = None
            for start, end, speaker, asks in _read_record(record, known, index):
                if asks:
                    last = None
                    continue
                if last != speaker:
                    turn += 1
                    last = speaker
                words = split_words(record["text"], start, end)
                if words:
                    rows.append((number, turn, len(self.words), len(self.words) + len(words)))
                    self.words += words
                    self.speakers.append(speaker)
        table = np.array(rows, dtype=np.int64).reshape(-1, 4)
        self.transcript, self.turn, self.first, self.stop = table.T
        self._bounds: dict[int, tuple[int, int]] = {}
        for turn, first, stop in table[:, 1:].tolist():
            self._bounds[turn] = (self._bounds.get(turn, (first, stop))[0], stop)
        self.ids = self._number(self.words)
        roots = (self.stems.setdefault(stem(w.form), len(self.stems)) for w in self.words)
        self.roots = np.fromiter(roots, dtype=np.int32, count=len(self.words))
        self.content = np.array([is_content(w.form) for w in self.words], dtype=bool)
        self.repaired = np.array([w.repaired for w in self.words], dtype=bool)
        self.counts = np.bincount(self.ids, minlength=len(self.numbers)) if len(self.words) else np.zeros(0, int)
        self.days = first_days(self.transcripts)
        self.texts = self.transcripts["text"].to_list()

    def _number(self, words: Iterable[Word]) -> np.ndarray:
        return np.array([self.numbers.setdefault(w.form, len(self.numbers)) for w in words], dtype=np.int32)

    def look_up(self, words: Iterable[Word]) -> tuple[np.ndarray, np.ndarray]:
        """Return the numbers of other texts' words and stems; −1 and −2 where the records do not have them."""
        forms = [w.form for w in words]
        ids = np.array([self.numbers.get(f, -1) for f in forms], dtype=np.int32)
        return ids, np.array([self.stems.get(stem(f), -2) for f in forms], dtype=np.int32)

    def to_raw(self, transcript: int, start: int, end: int) -> tuple[int, int]:
        """Return a clean span's raw offsets in a record; the map is made when it is first needed."""
        if transcript not in self._maps:
            row = self.transcripts.iloc[[transcript]]
            own = None if self._edits is None else self._edits[self._edits["article_id"].isin(row["article_id"])]
            self._maps[transcript] = next(iter(offset_maps(row, own).values()))
        return self._maps[transcript].to_raw(start, end)

    def text(self, sentence: int) -> str:
        """Return a sentence's words in their common form."""
        return " ".join(w.form for w in self.words[self.first[sentence] : self.stop[sentence]] if not w.repaired)

    def turn_bounds(self, sentence: int) -> tuple[int, int]:
        """Return the first word of a sentence's turn, and one past the last."""
        return self._bounds[int(self.turn[sentence])]

    def words_before(self, transcript: int, offset: int) -> int:
        """Return the number of a record's first word that ends after an offset of its text, in all words."""
        low, high = np.searchsorted(self.transcript, [transcript, transcript + 1])
        if low == high:
            return 0
        start, stop = int(self.first[low]), int(self.stop[high - 1])
        return start + bisect.bisect_right([w.end for w in self.words[start:stop]], offset)

    def sentence_of(self, word: int) -> int:
        """Return the sentence that a word stands in."""
        return int(np.searchsorted(self.first, word, side="right")) - 1

    def printed(self, sentence: int) -> str:
        """Return a sentence as it stands in its record."""
        first, last = self.words[self.first[sentence]], self.words[self.stop[sentence] - 1]
        return str(self.texts[self.transcript[sentence]][first.start : last.end])

    def __len__(self) -> int:
        return len(self.first)


def first_days(articles: pd.DataFrame) -> np.ndarray:
    """Return the first day that each article's date can mean, as days since 1970; NaN where there is none."""
    return _days(articles, last=False)


def last_days(articles: pd.DataFrame) -> np.ndarray:
    """Return the last day that each article's date can mean, as days since 1970; NaN where there is none."""
    return _days(articles, last=True)


def _days(articles: pd.DataFrame, *, last: bool) -> np.ndarray:
    published = articles["published"].dt.tz_convert("UTC").dt.tz_localize(None).to_numpy("datetime64[us]")
    precision = articles["published_precision"].fillna("day").to_numpy()
    days = published.astype("datetime64[D]")
    for exact, unit in _PERIODS.items():
        of = precision == exact
        period = published[of].astype(f"datetime64[{unit}]")
        days[of] = (period + last).astype("datetime64[D]") - last
    known = ~np.isnat(days) & (precision != "none")
    return np.where(known, days.astype("int64"), np.nan)


def _read_record(
    record: dict[str, Any], known: dict[str, list[tuple[int, int, Speaker, bool]]], index: NameIndex
) -> Iterable[tuple[int, int, Speaker, bool]]:
    """Yield start, end and speaker of each body sentence, and whether a journalist asks it."""
    headline = record["headline"] if isinstance(record["headline"], str) else None
    outline = outline_text(record["text"], headline)
    statements = known.get(record["article_id"], [])
    date = None if pd.isna(record["published"]) else record["published"].date()
    at = 0
    for sentence in outline.sentences:
        if sentence.section != "body":
            continue
        if outline.genre == "briefing" and sentence.turn_speaker is None:
            continue
        while at < len(statements) and statements[at][1] <= sentence.start:
            at += 1
        if at < len(statements) and statements[at][0] < sentence.end:
            speaker, asks = statements[at][2:]
        else:
            speaker, asks = _read_label(sentence.turn_speaker, date, index)
        yield sentence.start, sentence.end, speaker, asks or is_question(sentence.turn_speaker)


def is_question(label: str | None) -> bool:
    """Tell whether a turn's label is that of a journalist: "Q", "REPORTER"."""
    return label is not None and label.casefold().replace(".", "") in schema.read_words("labels")["question"]


def _read_label(label: str | None, date: Any, index: NameIndex) -> tuple[Speaker, bool]:
    if not label:
        return Speaker(), False
    found = index.name(label, date)
    if found is not None:
        actor = index.look_up(found.actor_id, date)
        return Speaker(fold(actor.name).lower(), actor.country or "", actor.sector or "", actor.kind == "person"), False
    return Speaker(_without_title(fold(label).lower()), "", "", True), False


def _without_title(label: str) -> str:
    """Return a label without its office or "Ms."; an office alone stays."""
    words = label.replace(".", "").split()
    known = schema.read_words("labels")["honorific"]
    for size in range(len(words) - 1, 0, -1):
        if " ".join(words[:size]) in offices() or " ".join(words[:size]) in known:
            return " ".join(words[size:])
    return " ".join(words)


def read_speakers(quotes: pd.DataFrame) -> list[Speaker]:
    """Return who speaks in each row of a quotes table; the printed source where nobody was resolved."""
    columns = (quotes[c].to_numpy(dtype=object, na_value=None) for c in _OF_QUOTES)
    return [
        Speaker(fold(name or mention or "").lower(), country or "", sector or "", kind in ("person", None))
        for name, mention, country, sector, kind in zip(*columns, strict=True)
    ]


_OF_QUOTES = ("speaker", "speaker_mention", "country", "sector", "speaker_kind")


def _read_spoken(spoken: pd.DataFrame | None) -> dict[str, list[tuple[int, int, Speaker, bool]]]:
    """Return transcript → its statements by place: start, end, speaker, whether a journalist speaks."""
    if spoken is None or spoken.empty:
        return {}
    spoken = schema.build_table("quotes", spoken).sort_values(["article_id", "start"])
    found: dict[str, list[tuple[int, int, Speaker, bool]]] = {}
    columns = (spoken[c] for c in ("article_id", "start", "end", "kind", "sector"))
    for speaker, (article, start, end, kind, sector) in zip(
        read_speakers(spoken), zip(*columns, strict=True), strict=True
    ):
        if kind == "speech":
            found.setdefault(article, []).append((int(start), int(end), speaker, sector == "media"))
    return found


def agreement(quoted: Speaker, spoke: Speaker) -> int:
    """Return how far two speakers agree: `SAME`, `SIDE` (one government or body), `UNKNOWN` or `OTHER`."""
    if not quoted.name or not spoke.name:
        return UNKNOWN
    if quoted.name == spoke.name:
        return SAME
    if quoted.person and spoke.person and surname(quoted.name) == surname(spoke.name):
        return (
            SAME
            if quoted.name.split()[0] == spoke.name.split()[0]
            or 1 in (len(quoted.name.split()), len(spoke.name.split()))
            else OTHER
        )
    if quoted.country and quoted.country == spoke.country:
        return SIDE if not quoted.sector or not spoke.sector or quoted.sector == spoke.sector else OTHER
    if not quoted.country or not spoke.country:
        return UNKNOWN
    return OTHER


def background(records: Records, words: np.ndarray, content: np.ndarray) -> np.ndarray:
    """Return each word's information in bits: how rare it is, by the records and by what is usual.

    A word's share in the records is mixed with that of an average word of its sort (one in 200 for function words, one
    in 10,000 for others), as strongly as 5,000 words would, so that three short records tell as much as a thousand.
    """
    usual = np.where(content, 1e-4, 5e-3)
    seen = np.where(words >= 0, records.counts[np.clip(words, 0, None)] if len(records.counts) else 0, 0)
    return -np.log2((seen + 5000 * usual) / (len(records.words) + 5000))
