"""Cities and regions, and the states that they are in."""

from __future__ import annotations

import re
from functools import cache

from diplotext.names.forms import fold
from diplotext.schema import read_rows

#: how many words the longest name has
_LONGEST = 4


@cache
def places() -> dict[str, str]:
    """Return city or region → country, from ``places.csv`` and ``regions.csv``, whose rows count first."""
    return {row["place"]: row["country"] for name in ("places.csv", "regions.csv") for row in read_rows(name)}


def place_country(phrase: str) -> str:
    """Return the one country in which the cities and regions are that a phrase names, or an empty text.

    Capitals are names of states and are not among them.
    """
    found = set(find_places(phrase))
    return found.pop() if len(found) == 1 else ""


def find_places(text: str, *, located: bool = False) -> list[str]:
    """Return the countries of the cities and regions that a text names, one a mention, in order.

    With `located`, only of those that something is told to be in, so that no surname counts.
    """
    found: list[str] = []
    known = places()
    folded = fold(text)
    for run in _RUN.finditer(folded):
        if located and not _IN.search(folded, max(0, run.start() - 24), run.start()):
            continue
        words, at = run.group().split(), 0
        while at < len(words):
            step = 1
            for length in range(min(_LONGEST, len(words) - at), 0, -1):
                country = known.get(" ".join(words[at : at + length]))
                if country:
                    found.append(country)
                    step = length
                    break
            at += step
    return found


_RUN = re.compile(r"\b[A-Z][\w-]*(?: [A-Z][\w-]*| (?:upon|de|del|la|las|los|al|el|ez|es|of|do|di) [A-Z][\w-]*)*")
#: what stands before a place where something is
_IN = re.compile(r"\b(?:[Ii]n|[Ff]rom|[Nn]ear|[Oo]utside|[Aa]round|into|across|city of|town of|village of)(?: the)?"
                 r"(?: (?:nearby|[a-z]+ern|central|city of|town of|village of|city|town))* $")  # fmt: skip
