"""Forms of names: folding, spellings, surnames, and the kinds of office that titles name."""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import cache, lru_cache

from diplotext.schema import read_rows

_FOLDS = dict(zip("’‘ʼʻ`´‑–ıøØłŁđĐħŧæ\u00a0\u202f", "''''''--ioOlLdDhta  ", strict=True))
#: endings under which one Slavic name is romanised; the first is the one that `romanise` keeps.
_ENDINGS = (("sky", "skyy", "skiy", "skii", "skyi", "skij"), ("ey", "ei"))


@lru_cache(maxsize=64)
def fold(text: str) -> str:
    """Return the text of equal length without diacritics, with straight apostrophes and plain hyphens and spaces."""
    if text.isascii():
        return text
    for character in set(text):
        if not character.isascii():  # a few replacements are faster than one translation
            plain = _FOLDS.get(character) or unicodedata.normalize("NFD", character)[0]
            if plain != character and plain.isascii():
                text = text.replace(character, plain)
    return text


@cache
def name_parts(kind: str) -> frozenset[str]:
    """Return the words of one kind in ``name_parts.csv``.

    particle
        "von", "bin": belongs to the surname after it.
    suffix
        "Jr.": belongs to no surname.
    family
        A family name that, standing first, is the family name.
    word
        A surname that is also an ordinary word or place.
    follower
        A word that makes a thing of the name before it: "Foundation".
    opener
        A capitalised word that is no part of the name after it: "But".
    honour
        "QC": follows a name without belonging to it.
    thing
        A word that ends the name of a place or thing: "Region".
    company
        "Corp.": ends a company's name, and is left out of its acronym.
    kin
        A relative.
    seat
        A city in which bodies of many states meet.
    stateless
        A word for those who belong to no state: "rebel".
    foreign
        A word for people whose state is not told: "western".
    abroad
        A noun for people who are in a place without being of it: "refugee".
    spelling
        Spellings of one name, joined by ``;``.
    """
    return frozenset(row["part"] for row in read_rows("name_parts.csv") if row["kind"] == kind)


#: a given name of two syllables, "Wen-ling", that follows its family name
_TWO_SYLLABLES = re.compile(r"[A-Z][a-z]{1,5}-[a-z]{1,6}")


def family_first(words: list[str]) -> bool:
    """Tell whether the family name stands first: it is one (``name_parts.csv``), or the given name is "Wen-ling"."""
    family = name_parts("family")
    listed = words[0] in family and len(words) <= 3 and (words[-1] not in family or len(words) == 3)
    return listed or (len(words) == 2 and bool(_TWO_SYLLABLES.fullmatch(words[1])) and words[0] not in given_names())


@lru_cache(maxsize=65536)
def surname(name: str) -> str:
    """Return the part of a full name that stands for it alone, with its particles: ``"von Aren"``, ``"al-Dar"``.

    Where the family name comes first (``name_parts.csv``: family) it is that; a suffix such as "Jr." is left out.
    """
    words = name.replace(",", " ").split()
    while len(words) > 1 and words[-1] in name_parts("suffix"):
        words.pop()
    if len(words) < 2:
        return " ".join(words)
    if family_first(words):
        return words[0]
    at = len(words) - 1
    while at > 1 and words[at - 1].lower() in name_parts("particle"):
        at -= 1
    return " ".join(words[at:])


@cache
def _spellings() -> dict[str, tuple[str, ...]]:
    groups = [tuple(group.split(";")) for group in name_parts("spelling")]
    return {word: group for group in groups for word in group}


def spell(name: str) -> list[str]:
    """Return every spelling under which a folded name is romanised, itself first; at most 24."""
    choices = []
    for word in name.split(" "):
        group: tuple[str, ...] = _spellings().get(word, (word,))
        for endings in _ENDINGS:
            ending = next((e for e in endings if word.endswith(e) and len(word) > len(e) + 1), None)
            if ending:
                group = tuple(word[: -len(ending)] + e for e in endings)
        choices.append((word, *(w for w in group if w != word)))
    return [" ".join(words) for words in itertools.islice(itertools.product(*choices), 24)]


@lru_cache(maxsize=65536)
def romanise(name: str) -> str:
    """Return a name under one spelling, so that "Sergei Torenskyy" and "Sergey Torensky" meet."""
    words = []
    for word in fold(name).split():
        word = _spellings().get(word, (word,))[0]
        for kept, *others in _ENDINGS:
            ending = next((e for e in others if word.endswith(e) and len(word) > len(e) + 1), None)
            if ending:
                word = word[: -len(ending)] + kept
        words.append(word)
    return " ".join(words)


def office_of(role: str) -> str | None:
    """Return the kind of office that a role names, as in ``titles.csv``: of its first longest title, or None."""
    found = _title_pattern().search(role)
    return offices()[found.group().lower()] if found else None


@cache
def offices() -> dict[str, str]:
    """Return title in lower case → kind of office."""
    return {row["title"].lower(): row["office"] for row in read_rows("titles.csv")}


@cache
def office_group(group: str) -> frozenset[str]:
    """Return the kinds of office in one group of ``office_groups.csv``.

    leader, minister
        What "the leader" and "the minister" may mean.
    unnamed
        Holders are often not named.
    many
        A state has many at a time.
    sent
        Holders are sent to the story's home rather than of it.
    reporting
        Holders report the acts of their own state.
    famous
        Holders need no introduction.
    """
    return frozenset(row["office"] for row in read_rows("office_groups.csv") if row["group"] == group)


@cache
def _title_pattern() -> re.Pattern[str]:
    titles = sorted(offices(), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, titles))})(?!\w)", re.I)


@cache
def source_nouns() -> dict[str, tuple[str, str]]:
    """Return noun → (anonymous, collective, organisation or document; sector), from ``source_nouns.csv``."""
    return {row["noun"]: (row["kind"], row["sector"]) for row in read_rows("source_nouns.csv")}


@cache
def given_names() -> dict[str, str]:
    """Return first name → male, female or empty, from ``given_names.csv``."""
    return {row["name"]: row["gender"] for row in read_rows("given_names.csv")}
