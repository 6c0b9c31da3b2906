"""The word lists of this room: small tables in ``resources/``, read once and only when needed."""

from __future__ import annotations

from functools import cache

from diplotext.schema import read_rows


@cache
def read_words(name: str) -> dict[str, frozenset[str]]:
    """Return a list of ``resources/{name}.csv`` (columns `text`, `kind`) as its texts by kind."""
    words: dict[str, set[str]] = {}
    for row in read_rows(f"{name}.csv"):
        words.setdefault(row["kind"], set()).add(row["text"])
    return {kind: frozenset(texts) for kind, texts in words.items()}


@cache
def known_places() -> tuple[frozenset[str], frozenset[str]]:
    """Return the cities that stand alone in datelines (capitals and others) and the names of states, case-folded."""
    cities = {place.casefold() for place in read_words("datelines")["place"]}
    states = {region.casefold() for region in read_words("datelines")["region"]}
    for row in read_rows("states.csv"):
        cities.update(c.casefold() for c in row["capital"].split(";") if c)
        states.update(s.casefold() for s in (row["name"], *row["other_names"].split(";")) if s)
    return frozenset(cities), frozenset(states)
