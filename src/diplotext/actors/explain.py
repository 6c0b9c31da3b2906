"""Why a statement has its speaker: the chain of mentions that leads from the printed source to the name."""

from __future__ import annotations

import pandas as pd

from diplotext.actors.article import Article, Resolved, Source
from diplotext.names import fold

_NAMES = {
    "exact": "named as printed", "title": "named with a title", "surname": "a surname of somebody named in full",
    "description": "a description of somebody named", "pronoun": "a pronoun",
    "metonym": "stands for a state or institution",
    "unresolved": "no rule decides whom it means",
}  # fmt: skip


def trace_mentions(article: Article, source: Source, found: Resolved) -> pd.DataFrame:
    """Return the chain as `diplotext.explain_speaker` does."""
    steps: list[tuple[str, str, int | None]] = []

    def add(why: str, printed: str, at: int | None = None) -> None:
        if printed and (why, printed, at) not in steps:
            steps.append((why, printed, at))

    doubt = ", by a weak rule" if found.weak else ""
    at = source.at if source.at >= 0 else None
    add(f"source: {_NAMES[found.resolution]}{doubt}", source.mention or "(none printed)", at)
    person, place = found.person, source.at if source.at >= 0 else source.start
    if person is not None:
        inside = range(place, place + len(source.mention or ""))
        before = [p for p in person.places if p < place and p not in inside]
        if before and found.resolution in ("pronoun", "description", "surname"):
            add("last named before", article.cast.name_from(max(before), person), max(before))
        if person.fulls:
            add("fullest name in the article", person.name, _find(article, person.name, person.fulls))
        if person.title.text:
            add("title in the article", person.title.text)
    elif found.speaker and found.speaker != source.mention:
        first = fold(article.text).find(fold(found.speaker))
        add("as first printed" if first >= 0 else "canonical name", found.speaker, first if first >= 0 else None)
    if found.actor_id and found.actor_id in article.index:
        actor = article.index.look_up(found.actor_id, article.date)
        day = f"on {article.date:%d %B %Y}" if article.date else "without a date"
        add(f"actor table {day}", ", ".join(filter(None, (actor.name, actor.role, actor.country))))
    rows = [
        {"step": n, "why": why, "printed": printed, "start": at, "end": None if at is None else at + len(printed)}
        for n, (why, printed, at) in enumerate(steps, 1)
    ]
    return pd.DataFrame(rows, columns=["step", "why", "printed", "start", "end"]).astype(
        {"start": "Int64", "end": "Int64"}
    )


def _find(article: Article, name: str, places: list[int]) -> int | None:
    """Return where a name stands in full."""
    return next((p for p in places if article.text.startswith(name, p)), None)
