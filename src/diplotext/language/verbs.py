"""Verb forms: every spelling of an English verb, by rule and from a table of those that follow none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from diplotext.schema import read_rows, read_words

_VOWELS = re.compile(r"[aeiouy]+")
#: a last consonant that may be doubled, after a single vowel: "ban", "quit"; w, x, y and h never are.
_CLOSED = re.compile(r"(?:^|[^aeiouy]|qu)[aeiouy][^aeiouwxyh]$")


@cache
def _irregular() -> dict[str, tuple[list[str], list[str], list[str]]]:
    """Return verb → past tenses, past participles and third persons, these empty where they follow the rule."""
    return {
        row["base"]: (
            row["past"].split("/"), (row["participle"] or row["past"]).split("/"),
            [third for third in row["third"].split("/") if third],
        )
        for row in read_rows("irregular_verbs.csv")
    }  # fmt: skip


@cache
def inflect(verb: str) -> Mapping[str, str]:
    """Return the spellings of a verb, British and American ones alike, each with its form.

    It knows no meanings: "lie" has the forms of both verbs. Of a compound ("re-arm") the last part is inflected.

    Parameters
    ----------
    verb
        The base form, in small letters.

    Returns
    -------
    Spelling → base, s (third person), past, part (a past participle that is no past tense too) or ing.

    Examples
    --------
    >>> dict(inflect("take"))
    {'taken': 'part', 'took': 'past', 'takes': 's', 'taking': 'ing', 'take': 'base'}
    """
    head, dash, last = verb.rpartition("-")
    if dash:
        return {f"{head}-{spelling}": form for spelling, form in inflect(last).items()}
    changing = verb.endswith("y") and not _VOWELS.search(verb[-2:-1])  # "deny": "denies", "denied"
    stems = _stems(verb)
    regular = [verb[:-1] + "ied"] if changing else [f"{verb}d"] if verb.endswith("e") else [s + "ed" for s in stems]
    past, participle, third = _irregular().get(verb, (regular, regular, []))
    if verb.endswith("ie"):
        stems = [verb[:-2] + "y"]
    elif verb.endswith("e") and verb[-2:-1] not in "eoy" and len(verb) > 2:
        stems = [verb[:-1]]
    forms = dict.fromkeys(participle, "part") | dict.fromkeys(past, "past")
    forms |= dict.fromkeys(third or [_third(verb, stems, changing)], "s")
    return {**forms, **{stem + "ing": "ing" for stem in stems}, verb: "base"}


def _third(verb: str, stems: list[str], changing: bool) -> str:
    if changing:
        return verb[:-1] + "ies"
    if verb.endswith("z"):
        return stems[0] + "es"  # "quizzes"
    sibilant = verb.endswith(("s", "x", "ch", "sh")) or (verb.endswith("o") and not _VOWELS.search(verb[-2:-1]))
    return verb + ("es" if sibilant else "s")


def _stems(verb: str) -> list[str]:
    """Return what -ed and -ing are put to, in each spelling: "plann", "travell" and "travel"."""
    irregular = _irregular().get(verb)
    if irregular and (stems := [p[:-2] for p in irregular[0] if p.endswith("ed") and p[:-2].startswith(verb)]):
        return stems
    if verb.endswith("ic"):
        return [verb + "k"]  # "panicked"
    short = irregular or len(_VOWELS.findall(verb)) == 1  # where the stress is on the last syllable
    if not _CLOSED.search(verb) or not (short or verb.endswith("l")):
        return [verb]
    return [verb + verb[-1]] if short else [verb + "l", verb]


def reporting_verbs() -> frozenset[str]:
    """Return the verb forms that surely report when they stand beside quoted words: "said", "insists".

    They are few, so that a clause is known by them; what else can govern content is in ``cues.csv``.
    """
    return read_words("word_sets")["reporting"]
