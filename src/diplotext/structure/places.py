"""Places as datelines and labels name them."""

from __future__ import annotations

from functools import cache

from diplotext.schema import read_rows, read_words


@cache
def known_places() -> tuple[frozenset[str], frozenset[str]]:
    """Return the cities that stand alone in datelines (capitals and others) and the names of states, case-folded."""
    cities = {place.casefold() for place in read_words("datelines")["place"]}
    states = {region.casefold() for region in read_words("datelines")["region"]}
    for row in read_rows("states.csv"):
        cities.update(c.casefold() for c in row["capital"].split(";") if c)
        states.update(s.casefold() for s in (row["name"], *row["other_names"].split(";")) if s)
    return frozenset(cities), frozenset(states)
