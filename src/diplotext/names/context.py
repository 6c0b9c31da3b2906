"""What stands around a name, and whether it lets the name stand for its actor. All texts are folded."""

from __future__ import annotations

import re
from functools import cache

from diplotext.names.forms import name_parts, offices
from diplotext.schema import read_rows

#: how far before a name these rules look.
REACH = 28
# After these a capital is a place: nobody negotiates with a city that they are in.
_PLACE = re.compile(
    r"\b(?:[Ii]n|[Nn]ear|[Oo]utside|[Ii]nside|[Aa]round|[Aa]cross|[Aa]t|downtown|central|visit(?:s|ed|ing)?|left|"
    r"leav(?:es|ing)|(?:trip|visit|flight|travel(?:l?ed|l?ing|s)?|flew|fly(?:ing)?|flies|went|came|go(?:es|ing)?|"
    r"return(?:s|ed|ing)?|drove|moved) (?:to|from)|embass(?:y|ies) in|capital,?(?: of)?) $"
)
# A state's name or adjective with an office, "the Marvanian president". Plurals name several and are left alone.
_OFFICE = (
    r"(?:vice |deputy )?(?:president|prime minister|premier|chancellor|foreign minister|foreign secretary|"
    r"secretary of state|defen[cs]e (?:minister|secretary)|supreme leader|king|emir)"
)
_OFFICE_AFTER = re.compile(rf"(?:'s?)? ((?i:{_OFFICE}))\b(?! [A-Z])")
_OFFICE_BEFORE = re.compile(rf"\b({_OFFICE}) of (?:the )?$", re.I)
_GOVERNMENT_AFTER = re.compile(r"(?:'s?)? (?:administration|government|regime|cabinet)\b")
_WORD_BEFORE = re.compile(r"(?:^|[\s(\"“'])([^\W\d_][\w.'-]*) $")
_WORD_AFTER = re.compile(r" ([A-Z]\w*\.?)")
_HYPHEN_PREFIXES = frozenset({"Anti", "Pro", "Non", "Ex", "Mid", "Post"})
_HYPHENED = re.compile(r"([^\W_]\w*)-$")


def stands_alone(text: str, start: int, stop: int) -> bool:
    """Tell whether no letter, address sign or "anti-" stands before a match, and no letter or "-led" after it."""
    if start:
        before = text[start - 1]
        if before.isalnum() or before in "@#_/":
            return False
        if before == "-":
            other = _HYPHENED.search(text[max(0, start - REACH) : start])
            if not other or other.group(1)[0].islower() or other.group(1) in _HYPHEN_PREFIXES:
                return False  # "Marvania-Tarsk" names two, "anti-Marvanian" none
    after = text[stop : stop + 2]
    if not after:
        return True
    if text[stop - 1] == ".":
        return not after[0].isalpha()
    return not (after[0].isalnum() or after[0] in "_$" or (after[0] == "-" and after[1:].islower()))


def is_place(text: str, start: int) -> bool:
    """Tell whether a city that begins here is named as a place."""
    return bool(_PLACE.search(text, max(0, start - REACH), start))


def name_precedes(text: str, start: int, *, beside_titles: bool = False) -> bool:
    """Tell whether a capitalised word that opens no sentence stands right before: another first name.

    With `beside_titles`, titles and names of states may stand there too.
    """
    word = _WORD_BEFORE.search(text, max(0, start - REACH), start)
    if not word or not word.group(1)[0].isupper():
        return False
    last = word.group(1)
    if last in name_parts("opener") or last.endswith("'s"):
        return False
    return not (beside_titles and (last.lower() in _title_words() or last in _state_words()))


def name_follows(text: str, stop: int) -> bool:
    """Tell whether a further capitalised word makes a city part of a longer name: "Marvagrad University"."""
    word = _WORD_AFTER.match(text, stop)
    return word is not None and word.group(1) not in name_parts("opener")


def thing_follows(text: str, stop: int) -> bool:
    """Tell whether the next word makes a thing of a person's name: "Toran Foundation"."""
    word = _WORD_AFTER.match(text, stop)
    return word is not None and word.group(1) in name_parts("follower")


def government_end(text: str, stop: int) -> int | None:
    """Return where "Toran's government" ends, or None."""
    found = _GOVERNMENT_AFTER.match(text, stop)
    return found.end() if found else None


def office_beside(text: str, start: int, stop: int) -> tuple[str, int] | None:
    """Return the office printed after or before a state, and where the mention ends, or None."""
    after = _OFFICE_AFTER.match(text, stop)
    if after:
        return offices().get(after.group(1).lower(), ""), after.end()
    before = _OFFICE_BEFORE.search(text, max(0, start - REACH), start)
    return (offices().get(before.group(1).lower(), ""), stop) if before else None


@cache
def _state_words() -> frozenset[str]:
    """Return the words under which states go, which may stand before a surname."""
    columns = ("name", "adjective", "seats", "other_names", "capital")
    return frozenset(w for row in read_rows("states.csv") for k in columns for w in row[k].replace(";", " ").split())


@cache
def _title_words() -> frozenset[str]:
    words = {word for title in offices() for word in title.split()}
    return frozenset(words | {f"{w}s" for w in words})
