"""Statements as rows of the quotes table, and whom and what each of them may be aimed at."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import pandas as pd

from diplotext.language import Word, split_words
from diplotext.stance.candidates import find_actors, find_issues
from diplotext.stance.conditions import find_conditionals, tell_imposer
from diplotext.stance.gathered import Candidate
from diplotext.stance.issues import IssueTable
from diplotext.stance.posture import Posture, judge_posture
from diplotext.stance.surroundings import Surroundings
from diplotext.stance.targets import Named, Speaker, find_named, mark_sides
from diplotext.stance.words import Words, find_phrases

#: how far around the content its cue and the one addressed are looked for, in characters.
_AROUND = 160
_DELEGATE = re.compile(r"spokes|press secretary|adviser|advisor", re.IGNORECASE)


class Row(NamedTuple):
    """One statement, as far as its columns are there."""

    quote_id: str
    article_id: str
    kind: str | None
    text: str
    cue: str | None
    addressee: str | None
    start: int
    end: int
    speaker: Speaker
    delegate: bool
    name: str


class Found(NamedTuple):
    """What the rules find in a statement: its tokens, posture, condition, whether its speaker has power, candidates."""

    tokens: list[Word]
    posture: Posture
    conditional: bool
    official: bool
    candidates: list[Candidate]


def iterate_rows(quotes: pd.DataFrame) -> Iterator[Row]:
    """Yield the statements of a quotes table; columns that are not there read as missing."""
    n = len(quotes)

    def column(name: str) -> list[Any]:
        if name not in quotes:
            return [None] * n
        values: list[Any] = quotes[name].to_numpy(dtype=object, na_value=None).tolist()
        return values

    names = ("quote_id", "article_id", "kind", "text", "cue", "addressee", "start", "end")
    sources = ("actor_id", "country", "parties", "sector", "role", "speaker_kind", "speaker", "speaker_mention")
    rows = (zip(*(column(c) for c in group), strict=True) for group in (names, sources))
    for values, (actor, country, parties, sector, role, speaker_kind, name, mention) in zip(*rows, strict=True):
        speaker = Speaker(actor or None, country or None, frozenset(filter(None, (parties or "").split(";"))), sector)
        quote_id, article_id, kind, text, cue, addressee, start, end = values
        # who speaks for another says "she thanked": in a readout the one spoken of is the speaker's own side
        delegate = kind == "speech" and (speaker_kind == "organisation" or bool(_DELEGATE.search(role or "")))
        place = int(start or 0), int(end or 0)
        yield Row(
            quote_id, article_id, kind, text or "", cue, addressee, *place, speaker, delegate, name or mention or ""
        )


def _dates(articles: pd.DataFrame) -> dict[str, dt.date | None]:
    if "published" not in articles:
        return {}
    return {
        a: None if pd.isna(t) else t.date() for a, t in zip(articles["article_id"], articles["published"], strict=True)
    }


def read_surroundings(quotes: pd.DataFrame, articles: pd.DataFrame, index: Any) -> dict[str, Surroundings]:
    """Return article_id -> what the article names, of the articles that have statements."""
    speakers: dict[str, list[str]] = {}
    if "speaker" in quotes and "speaker_kind" in quotes:
        people = quotes[(quotes["speaker_kind"] == "person") & quotes["speaker"].notna()]
        for article_id, name in zip(people["article_id"], people["speaker"], strict=True):
            speakers.setdefault(article_id, []).append(name)
    wanted = articles[articles["article_id"].isin(quotes["article_id"])]
    dates = _dates(wanted)
    headlines = wanted["headline"].fillna("") if "headline" in wanted else [""] * len(wanted)
    return {
        article_id: Surroundings(text, headline, index, dates.get(article_id), speakers.get(article_id, ()))
        for article_id, text, headline in zip(wanted["article_id"], wanted["text"], headlines, strict=True)
    }


def find_candidates(row: Row, around: Surroundings, issues: IssueTable) -> Found:
    """Judge a statement by rules, and return every actor and issue that it may be aimed at."""
    index = around.index
    tokens = split_words(row.text)
    words = [token.word for token in tokens]
    found = issues.find(words)
    named = find_named(row.text, tokens, index, row.speaker, around.date)
    sides = mark_sides(named)
    conditionals = find_conditionals(row.text)
    official = row.speaker.sector not in ("expert", "media", "civil")
    reported = row.kind in ("indirect", "mixed") or row.delegate
    own = [(tokens[n.first].start, tokens[n.last - 1].end) for n in named if n.side == "own"]
    posture = judge_posture(
        tokens,
        sides,
        cue=row.cue,
        indirect=reported,
        home=reported,
        conditional=bool(conditionals),
        imposes=tell_imposer(row.text, conditionals[0], own, reported=reported) if conditionals else "",
        official=official,
        question=row.text.rstrip(" ”\"'’").endswith("?"),
        text=row.text,
    )
    whole = {i for issue in found if issue.last - issue.first > 1 for i in range(issue.first, issue.last)}
    actors = [n for n in named if not (n.first in whole and n.last - 1 in whole)]  # "NATO expansion" is no actor
    seen = Words(
        row.text, tokens, words, row.start, row.kind, row.speaker, row.name, row.delegate, find_phrases(tokens, found)
    )
    addressed = _addressees(row, around.text, around.date, index)
    candidates = [
        *find_actors(seen, actors, addressed, around, posture, bool(conditionals)),
        *find_issues(seen, found, posture, bool(conditionals)),
    ]
    return Found(tokens, posture, bool(conditionals), official, candidates)


def _addressees(row: Row, article: str, date: dt.date | None, index: Any) -> list[Named]:
    """Return the actors addressed: the addressee printed, or one that stands between the cue and the content."""
    window = row.addressee or ""
    if not window and row.cue and article:
        before = article[max(0, row.start - _AROUND) : row.start]
        at = before.rfind(row.cue)
        if at >= 0 and "\n" not in before[at:]:
            window = before[at + len(row.cue) :]
        else:
            after = article[row.end : row.end + _AROUND].split("\n", 1)[0]
            at = after.find(row.cue)
            if at >= 0:
                window = re.split(r"[,.;:“\"]", after[at + len(row.cue) :], maxsplit=1)[0]
    if not window.strip(' ,:“"”'):
        return []
    return [
        n._replace(first=-1, last=-1)
        for n in find_named(window, _tokens(window), index, row.speaker, date)
        if n.side == "other" and n.actor_id != row.speaker.actor_id
    ]


@lru_cache(maxsize=4096)
def _tokens(window: str) -> list[Any]:
    return split_words(window)
