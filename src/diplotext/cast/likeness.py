"""Whether two names, titles or genders may be one person's."""

from __future__ import annotations

from functools import lru_cache

from diplotext.names import family_first, given_names, name_parts, romanise, surname
from diplotext.names.titles import Title, singular, titles


@lru_cache(maxsize=65536)
def file_under(name: str) -> tuple[str, bool]:
    """Return the word under which a name is kept, the last of its surname, and whether it is a surname alone."""
    family = surname(name)
    return romanise(family).split(" ")[-1].lower(), family == name


def may_hold_title(words: list[str]) -> bool:
    """Tell whether there can be a title at the head, so that plain names cost nothing."""
    return words[0] not in given_names() or any(singular(w) in titles() or w in name_parts("honour") for w in words[1:])


def is_spouse(a: Title, b: Title) -> bool:
    """Tell whether one title is a spouse's and the other an office: President Toran is not First Lady Ilse Toran."""
    return "spouse" in (a.office, b.office) and bool(a.office and b.office) and a.office != b.office


def gender_fits(a: str, b: str) -> bool:
    """Tell whether two genders agree, as far as they are known."""
    return not a or not b or a == b


def same_given(a: list[str], b: list[str]) -> bool:
    """Tell whether two full names of one surname may be one person's: by the first of the given names."""
    if family_first(a) or family_first(b):
        return [romanise(w).lower() for w in a] == [romanise(w).lower() for w in b]
    return _same_first(romanise(a[0]).lower(), romanise(b[0]).lower())


def _same_first(a: str, b: str) -> bool:
    """Tell whether two first names may be one person's."""
    a, b = a.rstrip("."), b.rstrip(".")
    return (
        a == b
        or (1 in (len(a), len(b)) and a[:1] == b[:1])
        or f"{a}/{b}" in name_parts("nickname")
        or f"{b}/{a}" in name_parts("nickname")
    )
