"""Tokens with coarse tags: enough grammar to find verb groups and noun phrases, from word lists and shape."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from diplotext.language import Quotation
from diplotext.schema import read_rows


class Token(NamedTuple):
    """A word, a punctuation mark, or a whole quotation (tag ``Q``).

    Of a quotation, `lower` is "S" where it begins like a sentence, else "s", and then its last character.
    """

    start: int
    end: int
    lower: str
    tag: str


_TOKEN = re.compile(
    r"""(?P<word>
        [^\W\d_]+(?=[\ ,;])                                # most words: nothing else to try
      | (?:[^\W\d_]\.){2,}[^\W\d_]?                        # U.S.
      | (?:Mr|Mrs|Ms|Dr|Sen|Sens|Rep|Reps|Gov|Govs|Gen|Lt|Col|Sgt|Capt|Maj|Adm|Rev|Prof|St|Jr|Sr|Inc|Corp|Co|Ltd|vs|
          Jan|Feb|Mar|Apr|Aug|Sept|Sep|Oct|Nov|Dec|Calif|Fla|Mass|Conn|Pa|Va|Ga|Ariz|Colo|Ill|Ind|Kan|La|Md|Mich|Minn|
          Miss|Mo|Mont|Neb|Nev|Okla|Ore|Tenn|Tex|Vt|Wash|Wis|Wyo|Ala|Ark|Del|Ky|No|D|R|I)\.(?=[\s,)’'-])
      | [A-Z]\.(?=\s+[A-Z])                                # initials
      | \$?\d+(?:[.,:]\d+)*%?(?:[-–][^\W_]+)*(?:st|nd|rd|th)?
      | [@\#]?[^\W_]+(?:['’&./@-][^\W_]+)*(?:(?<=s)['’](?=\s))?
    )
    | (?P<dash>--+|[—–]|(?<=\s)-(?=\s))
    | (?P<stop>[.!?…]+)
    | (?P<mark>[,;:()\[\]])
    | \S""",
    re.X,
)
#: what comes after tells whether these end an abbreviation, a possessive or a sentence, or are a dash
_OPEN_ENDED = frozenset(".'’-")
#: longer runs without white space are not worth remembering
_LONGEST = 40
# "he'd", "they’re": a subject and its verb in one word
_CONTRACTION = re.compile(r"(?:i|he|she|it|we|you|they|that|there|who|what)['’](?:s|d|m|re|ve|ll)$")
_PUNCTUATION = {"stop": ".", "dash": "-", "mark": ""}
_AFTER_PARTICIPLE = frozenset({"prep", "det", "sub", "to", "pron", "obj", "time"})
_NOMINAL = frozenset({"name", "word", "num", "Q", "poss"})


@cache
def _sets() -> dict[str, frozenset[str]]:
    return {row["name"]: frozenset(row["words"].split()) for row in read_rows("word_sets.csv")}


@cache
def words(name: str) -> frozenset[str]:
    """Return the words of one named set, from resources/word_sets.csv."""
    return _sets()[name]


@cache
def load_function_words() -> dict[str, str]:
    """Return lower-case word → tag, from resources/function_words.csv."""
    rows = [(row["tag"], row["words"].split()) for row in read_rows("function_words.csv")]
    found: dict[str, str] = {}
    for tag, words in rows:
        for word in words:
            found.setdefault(word, tag)
    return found


@lru_cache(maxsize=1 << 16)
def tag_word(word: str) -> tuple[str, str]:
    """Return a word in lower case, and its coarse tag: a closed class, or one told from its shape."""
    lower = word.lower()
    return lower, _tag(word, lower, load_function_words())


def _tag(word: str, lower: str, known: dict[str, str]) -> str:
    tag = known.get(lower) if lower not in ("us", "it") or not word.isupper() else "name"
    if tag is not None and not (tag == "verb" and word[0].isupper()):
        return tag
    if _CONTRACTION.match(lower):
        return "pa"
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


def tokenize(text: str, start: int, end: int, quotations: list[Quotation]) -> list[Token]:
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
    tokens: list[Token] = []
    at = start
    for quotation in quotations:
        _append_words(text, at, quotation.start, tokens)
        low, high = max(start, quotation.start), min(end, quotation.end)
        inner = text[low:high].strip("“”„«»‘’\"'`‟″‹› ")
        tokens.append(Token(low, high, ("S" if inner[:1].isupper() else "s") + inner[-1:], "Q"))
        if inner.endswith(","):  # the comma inside the marks parts clauses outside them
            tokens.append(Token(high, high, ",", ","))
        at = quotation.end
    _append_words(text, at, end, tokens)
    first = tokens[0] if len(tokens) > 1 else None
    if first and first.tag == "name" and len(first.lower) > 4 and tokens[1].tag in _AFTER_PARTICIPLE:
        if first.lower.endswith("ing"):  # "Speaking in", "Asked whether"
            tokens[0] = first._replace(tag="ing")
        elif first.lower.endswith("ed"):
            tokens[0] = first._replace(tag="ed")
    return tokens


def _append_words(text: str, start: int, end: int, tokens: list[Token]) -> None:
    at = start
    for chunk in text[start:end].split():
        at = text.index(chunk, at)
        stop = at + len(chunk)
        if chunk[-1] in _OPEN_ENDED or len(chunk) > _LONGEST:
            found = _cut(text, at, stop, end)
        else:
            found = _cut_chunk(chunk)
        for low, high, lower, tag in found:
            tokens.append(Token(at + low, at + high, lower, tag))
        at = stop


@lru_cache(maxsize=1 << 15)
def _cut_chunk(chunk: str) -> list[tuple[int, int, str, str]]:
    """Cut a run of characters without white space whose tokens do not depend on its surroundings."""
    return _cut(chunk + " ", 0, len(chunk), len(chunk) + 1)


def _cut(text: str, start: int, stop: int, end: int) -> list[tuple[int, int, str, str]]:
    """Return the tokens of ``text[start:stop]``, places counted from `start`, with a view as far as `end`."""
    found = []
    for match in _TOKEN.finditer(text, start, end):
        if match.start() >= stop:
            break
        group, word = match.lastgroup, match.group()
        if group == "word":
            lower, tag = tag_word(word)
        else:
            lower, tag = word, _PUNCTUATION.get(group or "", "?") or word
        found.append((match.start() - start, match.end() - start, lower, tag))
    return found


def is_nominal(token: Token) -> bool:
    """Tell whether the token can be the head of a noun phrase."""
    return token.tag in _NOMINAL
