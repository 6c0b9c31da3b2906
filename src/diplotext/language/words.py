"""Words: a text cut into words and marks as printed, and the same words in one spelling, contractions undone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from diplotext.language.quotations import QUOTE_MARKS
from diplotext.language.sentences import find_sentences
from diplotext.schema import read_rows

_TOKEN = re.compile(
    rf"""(?P<word>
        [^\W\d_]+(?=[\ ,;])                                   # most words: nothing else to try
      | n['’]t\b | (?<!\w)['’](?:s|ll|re|ve|d|m|em)\b         # "do n't", "it 's": contractions that corpora print apart
      | (?:[^\W\d_]\.){{2,}}(?:[^\W\d_](?!\w))?               # U.S.
      | [@\#]?[^\W\d_][^\W_]*(?:(?:['’&@-]|\.(?=[a-z]))[^\W_]+)*(?:(?<=s)['’](?=\s))?
    )
    | (?P<number>[$£€]?\d+(?:[.,:]\d+)*[^\W_]*%?(?:[-–][^\W_]+)*)
    | -(?:L[RCS]B|R[RCS]B)-                                   # brackets, as treebanks print them
    | (?P<dash>--+|[—–]|(?<=\s)-(?=\s))
    | (?P<stop>[.!?…]+)
    | (?P<mark>[,;:()\[\]])
    | (?P<quote>``|''|[{QUOTE_MARKS}])
    | \S""",
    re.X,
)
_BRACKETS = {"-LRB-": "(", "-LCB-": "(", "-LSB-": "(", "-RRB-": ")", "-RCB-": ")", "-RSB-": ")"}
_CLOSERS = QUOTE_MARKS + ")]"
_AFTER_WORD = re.compile(r"[\s,;:]")
#: second halves of contractions that are printed apart.
_HALVES = frozenset(("n't", "'s", "'ll", "'re", "'ve", "'d", "'m"))


class Token(NamedTuple):
    """A word or mark as printed; `kind` is word, number, stop, dash, mark, quote or other."""

    start: int
    end: int
    text: str
    kind: str


class Word(NamedTuple):
    """A word in its plain form, or a mark, and where it stands; a contraction gives two words of one span."""

    word: str
    start: int
    end: int


def split_tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Cut ``text[start:end]`` into words and marks, as printed.

    The full stop of an abbreviation or initial belongs to its word; one that ends a sentence (`find_sentences`) is a
    stop. Hyphens and apostrophes inside a word stay in it; words joined by a slash are several.
    """
    end = len(text) if end is None else end
    ends = {start + len(text[start:stop].rstrip(_CLOSERS)) for _, stop in find_sentences(text, start, end)}
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text, start, end):
        at, stop = match.span()
        kind, printed = match.lastgroup or "other", match.group()
        if printed == "." and stop not in ends and _AFTER_WORD.match(text, stop) and tokens:
            last = tokens[-1]
            if last.kind == "word" and last.end == at:
                tokens[-1] = Token(last.start, stop, last.text + ".", "word")
                continue
        if printed in _BRACKETS:
            printed, kind = _BRACKETS[printed], "mark"
        tokens.append(Token(at, stop, printed, kind))
        if kind == "word" and printed[-1] == "." and stop in ends:  # "in the U.S. Then": one full stop for both
            tokens.append(Token(stop - 1, stop, ".", "stop"))
    return tokens


def split_words(text: str) -> list[Word]:
    """Return the words of a text in small letters, contractions undone, and its stops, dashes, commas and brackets.

    "won't" is will + not, "Tolvia's" is tolvia, "Mr." is mr, "U.S." is u.s., "$5" is 5; quote marks and other signs
    are left out. Contractions whose halves are printed apart ("do n't", "it 's") are read as one.
    """
    words: list[Word] = []
    previous = ""  # a word that the next token may end: "do" before "n't"
    for start, end, printed, kind in split_tokens(text):
        if kind == "word":
            plain = printed.lower().replace("’", "'")
            joined = plain in _HALVES or (len(plain) < 4 and previous + plain in contractions())  # "gon na"
            if joined and previous and text[start - 1] == " " and words[-1].end == start - 1:
                first, *rest = undo_contraction(previous + plain)
                words[-1] = words[-1]._replace(word=first)
                words += [Word(word, start, end) for word in rest]
                previous = ""
            else:
                words += [Word(word, start, end) for word in undo_contraction(printed)]
                previous = "" if joined else plain
        elif kind == "number":
            words.append(Word(printed.strip("$£€%").lower(), start, end))
        elif kind == "dash":
            words.append(Word("—", start, end))
        elif kind in ("stop", "mark") and printed not in "[]":
            words.append(Word(printed, start, end))
    return words


@lru_cache(maxsize=1 << 16)
def undo_contraction(word: str) -> tuple[str, ...]:
    """Return a printed word in small letters with straight apostrophes: two words for a contraction.

    A possessive ending goes (alone it is no word), and the full stop of an abbreviation; "U.S." keeps its own.
    """
    word = word.lower().replace("’", "'")
    if word.count(".") == 1:
        word = word.removesuffix(".")
    table = contractions()
    if word in table:
        return table[word]
    for at in range(1, len(word)):  # "n't", "'ll"
        if word[at] in "n'" and word[at:] in table:
            return (*undo_contraction(word[:at]), *table[word[at:]])
    word = word.removesuffix("'s").removesuffix("'")
    return (word,) if word else ()


@cache
def contractions() -> Mapping[str, tuple[str, ...]]:
    """Return contracted words, and endings that begin with an apostrophe or n't, with the words that they stand for."""
    return {row["form"]: tuple(row["words"].split()) for row in read_rows("contractions.csv")}
