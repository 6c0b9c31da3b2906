"""What looks like a report and is none: a refusal to speak, what somebody did not say, and things that show."""

from __future__ import annotations

import re

from diplotext.language import split_words
from diplotext.quotes.statement import Statement
from diplotext.quotes.tokens import words

_WHAT = re.compile(r"(?i)\b(?:what|all)\s+$")


def is_statement(text: str, statement: Statement) -> bool:
    """Tell whether a cue with its source and content is a statement.

    A refusal to speak is none ("declined to comment", "did not respond to a request"), nor is what is said to be
    unsaid ("What he did not say is that"); experience and figures show things and say nothing. A denial, or words
    that somebody is reported not to have said, is one.

    Parameters
    ----------
    text
        The cleaned text.
    statement
        With cue and content.
    """
    cue, source = (_split(text, span) for span in (statement.cue, statement.source))
    content = _split(text, statement.content[0])
    acts = [word for word in (*cue, *content) if word not in words("filler")]
    for place, word in enumerate(acts[: len(cue)]):
        if word in words("refusal") and acts[place + 1 : place + 2] and acts[place + 1] in words("speaking"):
            return False
    negated = not words("negation").isdisjoint(cue)
    if negated and words("answering").intersection(cue) and words("request").intersection(content):
        return False
    if (
        statement.cue
        and statement.source
        and negated
        and _WHAT.search(text[: min(statement.cue[0], statement.source[0])][-8:])
    ):
        return False
    return not (words("showing").intersection(cue[-1:]) and words("showing thing").intersection(source[-1:]))


def _split(text: str, span: tuple[int, int] | None) -> list[str]:
    return [] if span is None else [w.word for w in split_words(text[slice(*span)]) if w.word[0].isalpha()]
