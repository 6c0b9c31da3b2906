"""Tokens with coarse tags: enough grammar to find verb groups and noun phrases, from word lists and shape."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from diplotext.language import QUOTE_MARKS, Quotation, split_tokens, undo_contraction
from diplotext.schema import read_words


class Tagged(NamedTuple):
    """A word, a punctuation mark, or a whole quotation (tag ``Q``).

    Of a quotation, `lower` is "S" where it begins like a sentence, else "s", and then its last character.
    """

    start: int
    end: int
    lower: str
    tag: str


_PUNCTUATION = {"stop": ".", "dash": "-", "mark": ""}
_AFTER_PARTICIPLE = frozenset({"prep", "det", "sub", "to", "pron", "obj", "time"})
_NOMINAL = frozenset({"name", "word", "num", "Q", "poss"})


def words(name: str) -> frozenset[str]:
    """Return the words of one named set, from resources/word_sets.csv."""
    return read_words("word_sets")[name]


@cache
def _function_words() -> dict[str, str]:
    """Return word → tag; the earlier tag of the table wins."""
    groups = read_words("function_words")
    return {word: tag for tag in reversed(groups) for word in groups[tag]}


@lru_cache(maxsize=1 << 16)
def tag_word(word: str) -> tuple[str, str]:
    """Return a word in lower case, and its coarse tag: a closed class, or one told from its shape."""
    lower = word.lower()
    return lower, _tag(word, lower, _function_words())


def _tag(word: str, lower: str, known: dict[str, str]) -> str:
    tag = known.get(lower) if lower not in ("us", "it") or not word.isupper() else "name"
    if tag is not None and not (tag == "verb" and word[0].isupper()):
        return tag
    first, *verb = undo_contraction(word) or ("",)
    if verb:  # "isn't"; "he'd", a subject and its verb in one word
        return "aux" if known.get(first) == "aux" else "pa"
    if lower.endswith(("'s", "’s", "s'", "s’")):
        return "poss"
    if word[0].isupper():
        return "name"
    if word[0].isdigit() or word[0] == "$":
        return "num"
    if lower.endswith("ly") and len(lower) > 4:
        return "adv"
    if lower.endswith("ing") and len(lower) > 5:
        return "ing"
    if lower.endswith("ed") and len(lower) > 4:
        return "ed"
    return "word"


def tokenize(text: str, start: int, end: int, quotations: list[Quotation]) -> list[Tagged]:
    """Cut ``text[start:end]`` into tokens; each quotation that lies in it is one token.

    Parameters
    ----------
    text
        The cleaned text.
    start, end
        The unit.
    quotations
        Those within the unit, sorted.
    """
    tokens: list[Tagged] = []
    at = start
    for quotation in quotations:
        tokens += _read_words(text, at, quotation.start)
        low, high = max(start, quotation.start), min(end, quotation.end)
        inner = text[low:high].strip(QUOTE_MARKS + " ")
        tokens.append(Tagged(low, high, ("S" if inner[:1].isupper() else "s") + inner[-1:], "Q"))
        if inner.endswith(","):  # the comma inside the marks parts clauses outside them
            tokens.append(Tagged(high, high, ",", ","))
        at = quotation.end
    tokens += _read_words(text, at, end)
    first = tokens[0] if len(tokens) > 1 else None
    if first and first.tag == "name" and len(first.lower) > 4 and tokens[1].tag in _AFTER_PARTICIPLE:
        if first.lower.endswith("ing"):  # "Speaking in", "Asked whether"
            tokens[0] = first._replace(tag="ing")
        elif first.lower.endswith("ed"):
            tokens[0] = first._replace(tag="ed")
    return tokens


def _read_words(text: str, start: int, end: int) -> Iterator[Tagged]:
    for token in split_tokens(text, start, end):
        lower, tag = token.text, _PUNCTUATION.get(token.kind, "?") or token.text
        if token.kind in ("word", "number"):
            lower, tag = tag_word(token.text)
        yield Tagged(token.start, token.end, lower, tag)


def is_nominal(token: Tagged) -> bool:
    """Tell whether the token can be the head of a noun phrase."""
    return token.tag in _NOMINAL
