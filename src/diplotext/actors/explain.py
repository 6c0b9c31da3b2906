"""Why a statement has its speaker: the chain of mentions that leads from the printed source to the name."""

from __future__ import annotations

import pandas as pd

from diplotext.cast import Cast, Referent, Source
from diplotext.names import fold

_NAMES = {
    "exact": "named as printed", "title": "named with a title", "surname": "a surname of somebody named in full",
    "description": "a description of somebody named", "pronoun": "a pronoun",
    "metonym": "stands for a state or institution",
    "unresolved": "no rule decides whom it means",
}  # fmt: skip


def trace_mentions(cast: Cast, source: Source, found: Referent) -> pd.DataFrame:
    """Return the chain as `diplotext.explain_speaker` does."""
    steps: list[tuple[str, str, int | None, str]] = []

    def add(why: str, printed: str, at: int | None = None, rule: str = "") -> None:
        if printed and (why, printed, at, rule) not in steps:
            steps.append((why, printed, at, rule))

    doubt = ", by a weak rule" if found.weak else ""
    at = source.at if source.at >= 0 else None
    add(f"source: {_NAMES[found.resolution]}{doubt}", source.mention or "(none printed)", at, found.rule)
    person, place = found.person, source.at if source.at >= 0 else source.start
    if person is not None:
        inside = range(place, place + len(source.mention or ""))
        before = [p for p in person.places if p < place and p not in inside]
        if before and found.resolution in ("pronoun", "description", "surname"):
            add("last named before", cast.people.name_from(max(before), person), max(before))
        if person.fulls:
            add("fullest name in the article", person.name, _find(cast, person.name, person.fulls))
        if person.title.text:
            add("title in the article", person.title.text)
    elif found.name and found.name != source.mention:
        first = fold(cast.text).find(fold(found.name))
        add("as first printed" if first >= 0 else "canonical name", found.name, first if first >= 0 else None)
    if found.actor_id and found.actor_id in cast.index:
        actor = cast.index.look_up(found.actor_id, cast.date)
        day = f"on {cast.date:%d %B %Y}" if cast.date else "without a date"
        add(f"actor table {day}", ", ".join(filter(None, (actor.name, actor.role, actor.country))))
    if found.country:
        add("country", found.country, None, found.basis or "label")
    rows = [
        {
            "step": n,
            "why": why,
            "printed": printed,
            "start": at,
            "end": None if at is None else at + len(printed),
            "rule": rule,
        }
        for n, (why, printed, at, rule) in enumerate(steps, 1)
    ]
    return pd.DataFrame(rows, columns=["step", "why", "printed", "start", "end", "rule"]).astype(
        {"start": "Int64", "end": "Int64"}
    )


def _find(cast: Cast, name: str, places: list[int]) -> int | None:
    """Return where a name stands in full."""
    return next((p for p in places if cast.text.startswith(name, p)), None)
