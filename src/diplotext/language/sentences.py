"""Sentences: where they end in real news text, without a model.

The decision is local and looks at the token before a terminal mark and the word after it, so the cost grows linearly
with the text, however long its lines.
"""

from __future__ import annotations

import re
from functools import cache

from diplotext.language.verbs import reporting_verbs
from diplotext.schema import read_words
from diplotext.spans import Span, trim

_CLOSERS = r"[\"'”’»)\]]"
# terminal marks (also ". . ." and a stray ". ."), with the closing marks that belong to the sentence
_END = re.compile(
    rf"(?P<mark>\.(?:[ \u00a0]\.)+|[.!?…]+)(?P<close>(?:{_CLOSERS}|[“„](?=\s|$)|[\u2009\u202f\u00a0 ][”’»](?![\w]))*)"
)
# the bounds keep the work per mark constant
_NEXT = re.compile(r"(?P<gap>\s*)(?P<open>(?:[\"'“”„‘’«(\[*•·]|[—–―-]{1,3}\s?){0,8})(?P<word>[\w’'.-]{0,40})")
_LINE = re.compile(r"[^\n]+")
_DASHES = frozenset("—–―-")
_MARKS = frozenset("\"'“”„‘’«»([*")
_ONE_LETTER = frozenset({"A ", "I ", "I’", "I'"})
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]$")
_DOMAIN = re.compile(r"(?i)(?:com?|org|net|gov|edu|mil|int|info|io|ai|tv|uk|eu|ru|ua|us|fr|de|cn|html?|php|pdf|js)\b")
# a verb that is no passive: "the plan was announced" reports no words
_VERB = r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )(?<!\bbeen )(?<!\bbe )(?P<verb>[a-z]+)\b"
_ATTRIBUTION = re.compile(rf"\s*(?:[\w’'.-]+\s+){{1,6}}?{_VERB}")
_FURTHER = re.compile(rf"\s*(?:(?:[A-Z][\w’'.-]*|of|the|for|and)\s+){{0,4}}{_VERB}")


@cache
def _kinds() -> dict[str, str]:
    kinds = ("number", "any", "clock", "month", "before", "title")  # the later wins where a text has two
    found = {text: kind for kind in kinds for text in read_words("abbreviations")[kind]}
    shouted = {t.upper(): k for t, k in found.items() if k in {"title", "month"} and len(t) > 1}  # MS. MOE, DEC. 11
    return shouted | found


@cache
def _words(kind: str) -> frozenset[str]:
    return read_words("abbreviations")[kind]


def find_sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Split one paragraph into sentences.

    It does not look for paragraphs, turns or datelines (see `outline_text`), nor resolve nested structure: a sentence
    inside a quotation is a sentence, and the clause that reports it stays with the last one (``"A. B," he said.``
    gives two).

    Parameters
    ----------
    text
        The text.
    start, end
        The paragraph in it; the whole text by default. A line break inside counts as white space.

    Returns
    -------
    Half-open spans in `text`, in order, without overlap, each without white space at its ends; closing quote marks and
    brackets belong to the sentence that they close. Every character that is no white space lies in one span.
    """
    end = len(text) if end is None else end
    spans: list[Span] = []
    begin, end = trim(text, start, end)
    straight = begin  # up to where straight double quotes are counted
    inside = False  # whether that count is odd
    for match in _END.finditer(text, begin, end):
        at = match.start()
        if at < begin:
            continue
        inside ^= text.count('"', straight, at) % 2 == 1
        straight = at
        stop = match.end() if match["close"] == "" else _trim_closers(text, match, inside)
        if stop < end and not _is_plain(text, at, stop):
            following = _NEXT.match(text, stop, end)
            if following is None or not _is_boundary(text, begin, match, stop, following):
                continue
        spans.append((begin, stop))
        begin = trim(text, stop, end)[0]
    if begin < end:
        spans.append((begin, end))
    return spans


def find_sentences_by_line(text: str) -> list[Span]:
    """Split a text whose lines are paragraphs into sentences: as `find_sentences`, and none goes over a line break."""
    return [sentence for line in _LINE.finditer(text) for sentence in find_sentences(text, *line.span())]


def _is_plain(text: str, at: int, stop: int) -> bool:
    """Tell the commonest case at once: a full stop between a long word in small letters and a capital."""
    return (
        stop == at + 1
        and text[at] == "."
        and text[stop] == " "
        and text[stop + 1 : stop + 2].isupper()
        and at > 5
        and text[at - 6 : at].isalpha()
        and text[at - 6 : at].islower()
    )


def _trim_closers(text: str, match: re.Match[str], inside: bool) -> int:
    """Return where the sentence stops: a straight mark that opens the next quotation is not its closing mark."""
    close = match.end("mark")
    for at in range(match.start("close"), match.end("close")):
        mark = text[at]
        if mark == '"':
            glued = at + 1 < len(text) and text[at + 1].isalnum()  # end."Next
            if glued and not inside:
                return close
            inside = not inside
        elif mark == "'" and at + 1 < len(text) and text[at + 1].isalnum():
            return close
        if not mark.isspace():
            close = at + 1
    return close


def _is_boundary(text: str, begin: int, match: re.Match[str], stop: int, following: re.Match[str]) -> bool:
    mark = match["mark"]
    word = following["word"]
    first = word[:1]
    opened = following["open"].strip()
    if not following["gap"]:
        return _is_glued(text, begin, match, stop, first)
    if not word:  # nothing, or punctuation: `"Stop!", he`
        return text[following.end() : following.end() + 1] not in set(",;:)]/&%")
    if first.islower():
        return _begins_lower(word, opened, mark, text, begin, match.start())
    closed = stop > match.end("mark")
    if mark[0] in "?!" and (closed or opened[:1] in _DASHES):
        return opened[:1] not in _DASHES and not _is_attribution(text, following, opened)
    if mark[0] in "?!":
        return True
    if len(mark.replace(" ", "")) >= 3 or mark[0] == "…":  # an ellipsis: only a word that opens sentences ends one
        plain = word.rstrip(".’'")
        return (
            bool(opened)
            or closed
            or len(mark.replace(" ", "").replace("\u00a0", "")) > 3
            or (plain in _words("opener") and plain != "I")
        )
    return len(mark) > 1 or _ends_after(text, begin, match.start(), word, opened, closed)


def _is_glued(text: str, begin: int, match: re.Match[str], stop: int, first: str) -> bool:
    """Decide on a terminal mark with no white space after it: `talks.The`, but not `3.5`, `U.S.`, `www.x.org`."""
    nxt = text[stop : stop + 2]
    if match["mark"][0] == "…" or len(match["mark"]) > 2:
        return False
    if nxt[:1] in _MARKS:  # end.“Next
        return nxt[:1] in set('“„«(["') and len(nxt) > 1 and nxt[1].isupper() and text[match.start() - 1].islower()
    if not first.isupper():
        return False
    token = _token_before(text, begin, match.start())
    if stop > match.end("mark"):  # end.”Next
        return token[-1:].isalnum() and len(token) > 1
    if match["mark"] in "?!":
        return token[-2:].islower() and (nxt[1:2].islower() or nxt in _ONE_LETTER)
    tail = re.compile(r"\S{0,40}").match(text, stop)
    glued = tail.group() if tail else ""
    if "@" in glued or "/" in glued or "@" in token or "//" in token or token.startswith("www") or _DOMAIN.match(glued):
        return False
    if "." in token or token in _kinds():
        return False
    return len(token) > 2 and token[-2:].islower() and (nxt[1:2].islower() or nxt in _ONE_LETTER)


def _begins_lower(word: str, opened: str, mark: str, text: str, begin: int, at: int) -> bool:
    """Decide before a small letter: only a new quotation, a bracket after a full stop or `al-` can open a sentence."""
    if opened[:1] in set("“„«"):
        return mark == "." and not _is_abbreviation(_token_before(text, begin, at))
    return mark == "." and word.startswith(("al-", "el-", "iPhone", "eBay"))


def _token_before(text: str, begin: int, at: int) -> str:
    """Return the run of word characters, dots and apostrophes right before the mark, at most 24 characters."""
    low = max(begin, at - 24)
    i = at
    while i > low and (text[i - 1].isalnum() or text[i - 1] in ".’'-@/"):
        i -= 1
    return text[i:at]


def _is_abbreviation(token: str) -> bool:
    token = token.lstrip("’'-")
    return token in _kinds() or token.rpartition("-")[2] in _words("title") or _DOTTED.match(token) is not None


def _ends_after(text: str, begin: int, at: int, word: str, opened: str, closed: bool) -> bool:
    """Decide on a single full stop followed by white space and a capital or a digit."""
    token = _token_before(text, begin, at).lstrip("’'-")
    if not token:
        return True
    plain = word.rstrip(".’'")
    opener = plain in _words("opener") or bool(opened)
    kind = _kinds().get(token) or ("title" if token.rpartition("-")[2] in _words("title") else None)
    if closed and kind not in {"title", "before"}:  # (D-Va.) Toran
        return opener or not (kind or _DOTTED.match(token))
    if at - len(token) == begin and len(token) <= 2 and (token.isdigit() or (token.isalpha() and token.isupper())):
        return False  # a list's number, or the initial that opens a name
    if kind == "title":
        return False
    if kind == "before":
        return False
    if kind == "number":
        return not (word[0].isdigit() or _is_roman(plain)) and not (token in {"Art", "Sec"} and not opener)
    if kind == "month":
        return not word[0].isdigit() and opener
    if kind == "clock":
        return plain not in _words("zone")
    if kind == "any" or _DOTTED.match(token):
        return opener
    if len(token) == 1 and token.isalpha():
        return _ends_after_letter(text, begin, at, token, opener)
    return True


def _ends_after_letter(text: str, begin: int, at: int, token: str, opener: bool) -> bool:
    """Decide after one letter: an initial goes on (`Joseph R. Toran`), `Plan B.` and `so did I.` may end."""
    if opener or token.islower():
        return opener or token != "c"
    before = text[max(begin, at - 30) : at - 1].split()
    previous = before[-1] if before else ""
    return token == "I" and bool(previous) and previous[0].islower()


def _is_roman(word: str) -> bool:
    return bool(word) and set(word) <= set("IVXLC")


def _is_attribution(text: str, following: re.Match[str], opened: str) -> bool:
    """Tell whether a reporting clause with a name goes on after a closed quotation (``"Why?" Toran asked``)."""
    word = following["word"]
    if opened or word.rstrip(".’'") in _words("opener") - {"The"}:
        return False
    clause = _ATTRIBUTION.match(text, following.start("word"), following.start("word") + 80)
    while clause:
        if clause["verb"] in reporting_verbs():
            return True
        clause = _FURTHER.match(text, clause.end(), following.start("word") + 80)
    return False
