"""Whom and what a statement is aimed at: spans that the network tags, named by the cast and the table of issues."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from diplotext.cast import Cast
from diplotext.encoder import StatementReading, pool_statement
from diplotext.language import split_words
from diplotext.stance.classifiers import Head
from diplotext.stance.issues import IssueTable
from diplotext.stance.reading import find_targets

_LEAD = re.compile(r"^(?:(?:the|a|an|this|that|these|those|any|all) )+(?=\w)|^[\"“”‘'«»(\[]+", re.IGNORECASE)
_JOINED = re.compile(r"\w\w|\w-|-\w")
_ARTICLE = re.compile(r"\b[Tt]he $")
_TAIL = re.compile(r"(?:[’']s|[’'])?[\s\"“”‘’'«»–—,.;:)\]]*$")
#: what stands after a name and is no part of it.
_REST = re.compile(r" (?:over|for|about|on|in|from|after|against|with|by|to|who|that|as)\b")
_OPEN = "open:"
#: how likely an actor must be one: of those that a table knows, and of others.
_ACTOR = (0.15, 0.5)
_DETERMINERS = frozenset(("the", "a", "an", "this", "that", "these", "those", "any", "all", "of", "to", "and"))
_PRONOUNS = frozenset(("it", "its", "this", "that", "they", "them", "these", "those", "such", "which", "who", "one"))


class Aim(NamedTuple):
    """One target of a statement: columns of the stances table, and its vector for the heads."""

    columns: dict[str, Any]
    vector: np.ndarray


def find_aims(
    reading: StatementReading,
    base: int,
    cast: Cast,
    issues: IssueTable,
    kind: Head,
    taken_up: Sequence[dict[str, Any]] = (),
) -> list[Aim]:
    """Return a statement's targets, the main one first, each once.

    Parameters
    ----------
    reading, base
        What the network makes of the statement, and where its text begins in the article.
    cast, issues
        Who is in the article, and the issues that have a name of their own.
    kind
        Tells actors from issues.
    taken_up
        The targets of the statement before, which "it" and "this" take up where they mean an issue.
    """
    aims: dict[str, Aim] = {}
    for span in find_targets(reading):
        first, last = reading.cut.start[span.first], reading.cut.end[span.last - 1]
        start, end = _trim(cast.text, base + int(first), base + int(last))
        if start >= end or cast.text[start:end].lower() in _DETERMINERS:
            continue
        vector = pool_statement(reading.states, reading.cut.part, (span.first, span.last))
        named = _name_actor(cast, start, end)
        if kind.share(vector)["actor"] < _ACTOR[named["target_id"].startswith(_OPEN)]:
            named = _name_issue(cast, start, end, issues, taken_up)
        columns = named | {"start": start, "end": end, "mention": cast.text[start:end], "target_p": span.target_p}
        aims.setdefault(columns["target_id"], Aim(columns, vector))
    return list(aims.values())


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span of whole words without article and marks at its ends."""
    while start and _inside_word(text, start):
        start -= 1
    while end < len(text) and _inside_word(text, end):
        end += 1
    start += sum(len(m.group()) for m in _iterate_leads(text[start:end]))
    tail = _TAIL.search(text[start:end])
    return start, end - (len(tail.group()) if tail else 0)


def _inside_word(text: str, at: int) -> bool:
    return bool(_JOINED.fullmatch(text, at - 1, at + 1))


def _iterate_leads(words: str) -> Iterator[re.Match[str]]:
    while match := _LEAD.match(words):
        yield match
        words = words[match.end() :]


def _name_actor(cast: Cast, start: int, end: int) -> dict[str, Any]:
    lead = _ARTICLE.search(cast.text, max(0, start - 4), start)  # "the government" means one, "government" none
    at = lead.start() if lead else start
    mention = cast.text[at:end]
    found = cast.resolve(mention, at)
    short = _REST.split(mention, maxsplit=1)[0]
    if not found.actor_id and short != mention and (whole := cast.resolve(short, at)).actor_id:
        found = whole  # "Norway over the flights"
    name = found.name or cast.text[start:end]
    return {
        "target_id": found.actor_id or f"{_OPEN}{normalise_name(name)}", "target": name, "target_kind": "actor",
        "target_country": found.country, "issue": None,
    }  # fmt: skip


def _name_issue(
    cast: Cast, start: int, end: int, issues: IssueTable, taken_up: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    mention = cast.text[start:end]
    found = issues.find([token.word for token in split_words(mention)])
    if not found and mention.lower() in _PRONOUNS:
        before = next((aim for aim in taken_up if aim["target_kind"] == "issue"), None)
        if before is not None:
            return {key: before[key] for key in ("target_id", "target", "target_kind", "target_country", "issue")}
    known = found[0] if found else None
    return {
        "target_id": known.issue_id if known else f"{_OPEN}{normalise_name(mention)}",
        "target": known.name if known else " ".join(mention.split()), "target_kind": "issue", "target_country": None,
        "issue": known.issue_id if known else None,
    }  # fmt: skip


def normalise_name(name: str) -> str:
    """Return a name in lower case, without article and with single spaces."""
    return _LEAD.sub("", " ".join(name.split())).lower()
