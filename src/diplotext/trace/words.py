"""Words as they are compared: without case and punctuation, numbers and contractions in one form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from diplotext.language import undo_contraction
from diplotext.schema import read_rows, read_words

_TOKEN = re.compile(
    r"(?P<gap>\[\s*(?:\.\s*){2,}\]|\[\s*…\s*\]|\(\s*(?:\.\s*){2,}\)|\(\s*…\s*\)|(?:\.\s?){3,}|…)"
    r"|(?P<number>\$?\d[\d,]*(?:\.\d+)?(?:st|nd|rd|th)?(?![^\W\d_]))"
    r"|(?P<initials>(?:[^\W\d_]\.){2,}(?![^\W\d_]))"
    r"|(?P<word>['’]?(?:\[[^\W\d_]+\])?[^\W\d_]+(?:\[[^\W\d_]+\])?(?:['’][^\W\d_]+)*|\d+\w+)"
    r"|(?P<sign>%)|(?P<open>[\[(])|(?P<shut>[\])])|(?P<dash>[—–]|\s-{1,3}\s|--+)"
)
_BROKEN = re.compile(r"-(?!\w)")
_RESTART = 6  # how many words before a dash may be said anew after it
#: sorts of function words whose change leaves the content alone, but for the few that `spoken_forms.csv` names.
_FUNCTION = ("det", "pron", "obj", "rel", "prep", "sub", "cc", "aux", "to")
#: endings below which another may stand: "absolutely", "absolute".
_FURTHER = ("ly", "s")
_SUFFIXES = ("s", "ly", "ing", "ed", "e", "y")


class Word(NamedTuple):
    """One compared word: its common form, where it stands, and what is special about it.

    `repaired` marks what the speaker took back ("if he — he makes") and fillers; `inserted` what the printer put in
    brackets; `after_gap` a word before which the printer marked an omission.
    """

    form: str
    start: int
    end: int
    repaired: bool = False
    inserted: bool = False
    after_gap: bool = False


def split_words(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """Return the words of ``text[start:end]`` in their common form, with their offsets in `text`.

    Case and punctuation go; "we'll" is two words, "will not" and "won't" the same ones, "twenty-five thousand",
    "25 thousand" and "25,000" one number, "U.S." and "United States" one name. A contracted word and its ending share
    their offsets.
    """
    end = len(text) if end is None else end
    words: list[Word] = []
    dashes: list[int] = []  # how many words stood before each dash
    depth = 0
    gap = False
    for match in _TOKEN.finditer(text, start, end):
        kind = match.lastgroup
        if kind == "gap":
            gap = True
        elif kind == "open":
            depth += 1
        elif kind == "shut":
            depth = max(0, depth - 1)
        elif kind == "dash":
            dashes.append(len(words))
        else:
            broken = _BROKEN.match(text, match.end()) is not None
            for form in _forms(match.group(), kind or ""):
                words.append(Word(form, match.start(), match.end(), broken, depth > 0, gap))
                gap = False
            if broken and len(words) and match.end() + 1 not in dashes:
                dashes.append(len(words))
    return _mark_repairs(_join_numbers(words, text, dashes), dashes)


@lru_cache(maxsize=1 << 16)
def _forms(token: str, kind: str) -> tuple[str, ...]:
    if kind == "sign":
        return ("percent",)
    if kind == "initials" or token == "US":
        letters = token.replace(".", "").lower()
        return ("usa",) if letters == "us" else (letters,)
    if kind == "number":
        digits = token.strip("$").replace(",", "")
        return (digits, "dollars") if token[0] == "$" else (digits,)
    forms: list[str] = []
    for word in undo_contraction(token.translate(_PLAIN)) or undo_contraction(token.lstrip("'’")):
        word = word.replace("'", "")
        forms += next((forms_of(k)[word] for k in ("spelling", "number", "ordinal") if word in forms_of(k)), (word,))
    return tuple(forms)


_PLAIN = str.maketrans("", "", "[]")


@cache
def forms_of(kind: str) -> Mapping[str, tuple[str, ...]]:
    """Return one kind of ``spoken_forms.csv``: form → the words that it stands for."""
    return {r["form"]: tuple(r["words"].split()) for r in read_rows("spoken_forms.csv") if r["kind"] == kind}


def _join_numbers(words: list[Word], text: str, dashes: list[int]) -> list[Word]:
    """Join numbers of several words, and names that are known by initials, into one word each."""
    scales, pairs = forms_of("scale"), {tuple(f.split()): w for f, w in forms_of("spelling").items() if " " in f}
    joined: list[Word] = []
    moved: dict[int, int] = {}
    at = 0
    while at < len(words):
        moved[at] = len(joined)
        word = words[at]
        both = pairs.get(tuple(w.form for w in words[at : at + 2]))
        if both:
            joined.append(word._replace(form=both[0], end=words[at + 1].end))
            at += 2
            continue
        value, last, stop = _read_number(words, at, text, scales)
        if value is None:
            joined.append(word)
            at += 1
            continue
        joined.append(word._replace(form=value, end=words[last].end))
        if any(w.form == "dollars" and w.start == v.start for v, w in pairwise(words[at:stop])):
            joined.append(word._replace(form="dollars", end=words[last].end, after_gap=False))
        at = stop
    moved[len(words)] = len(joined)
    dashes[:] = [next(moved[k] for k in range(d, -1, -1) if k in moved) for d in dashes]
    return joined


def _read_number(
    words: list[Word], at: int, text: str, scales: Mapping[str, tuple[str, ...]]
) -> tuple[str | None, int, int]:
    """Return the number that begins here, its last word, and where what follows begins; None if there is none."""
    total = current = 0.0
    stop = last = at
    while stop < len(words):
        form = words[stop].form
        spelled = text[words[stop].start].isalpha()
        if stop > at and form == "dollars" and words[stop].start == words[stop - 1].start:
            stop += 1
            continue
        if stop > at and form in scales:
            size = float(scales[form][0])
            if size == 100:
                current *= size
            else:
                total, current = total + current * size, 0.0
        elif not form.replace(".", "", 1).isdecimal() or (stop > at and not spelled):
            break
        else:
            value = float(form)
            tens = value < 10 <= current % 100 and current % 10 == 0
            hundreds = value < 100 <= current and current % 100 == 0
            if stop > at and not (tens or hundreds or (total and not current)):
                break
            current += value
        last, stop = stop, stop + 1
    if stop == at:
        return None, at, at
    value = total + current
    return (str(int(value)) if value == int(value) else str(value)), last, stop


def _mark_repairs(words: list[Word], dashes: list[int]) -> list[Word]:
    """Mark what was said again after a dash, or at once, and fillers."""
    repaired = {n for n, word in enumerate(words) if word.repaired}
    forms = [word.form for word in words]
    for dash in dashes:
        after = forms[dash : dash + 2]
        for size in range(1, min(_RESTART, dash) + 1):
            before = forms[dash - size : dash]
            broken = words[dash - 1].repaired
            same = bool(after) and before[0] == after[0]
            if same and (
                size == 1
                or before[: size - broken] == forms[dash : dash + size - broken]
                or (size > 2 and before[:2] == after)
            ):
                repaired.update(range(dash - size, dash))
                break
    for size in (1, 2, 3):  # "we we will", "in the in the north"
        for at in range(len(forms) - 2 * size + 1):
            if forms[at : at + size] == forms[at + size : at + 2 * size] and not forms[at].isdecimal():
                repaired.update(range(at, at + size))
    fillers = {tuple(form.split()) for form in forms_of("filler")}
    for at in range(len(forms)):
        for size in (1, 2):
            if tuple(forms[at : at + size]) in fillers and at + size <= len(forms):
                repaired.update(range(at, at + size))
    return [word._replace(repaired=n in repaired) for n, word in enumerate(words)]


@lru_cache(maxsize=1 << 16)
def stem(form: str) -> str:
    """Return a word's form without its commonest endings, so that "moves" is near "move"."""
    if form.endswith(("ies", "ied")) and len(form) > 4:
        form = f"{form[:-3]}y"
    for suffix in _SUFFIXES:
        if form.endswith(suffix) and len(form) - len(suffix) >= (4 if suffix == "y" else 3):
            form = form[: -len(suffix)]
            if suffix not in _FURTHER:
                break
    return form[:-1] if len(form) > 3 and form[-1] == form[-2] else form


@lru_cache(maxsize=1 << 16)
def is_content(form: str) -> bool:
    """Tell whether a word carries content; negations, modal verbs and quantities do."""
    return form not in _function_words()


def is_modal(form: str) -> bool:
    """Tell whether a word is a modal verb, which reported speech shifts: "will" becomes "would"."""
    return form in forms_of("modal")


def is_function(form: str) -> bool:
    """Tell whether a word is a function word by its sort, whatever `is_content` makes of it."""
    return form in _all_function_words()


def is_negation(form: str) -> bool:
    """Tell whether a word denies."""
    return form in forms_of("negation")


@cache
def _told_content() -> frozenset[str]:
    return frozenset((*forms_of("content"), *forms_of("modal"), *forms_of("negation")))


@cache
def _function_words() -> frozenset[str]:
    return _all_function_words() - _told_content()


@cache
def _all_function_words() -> frozenset[str]:
    groups = read_words("function_words")
    return frozenset(word for tag in _FUNCTION for word in groups[tag])
