"""Whom and what a statement is aimed at: spans that the network tags, named by the cast and the table of issues."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from diplotext.cast import Cast
from diplotext.encoder import StatementReading, pool_statement
from diplotext.language import inflect, split_words
from diplotext.schema import read_rows, read_words
from diplotext.stance.choice import Candidate
from diplotext.stance.classifiers import Head
from diplotext.stance.issues import IssueTable
from diplotext.stance.reading import list_spans

_LEAD = re.compile(r"^(?:(?:the|a|an|this|that|these|those|any|all) )+(?=\w)|^[\"“”‘'«»(\[]+", re.IGNORECASE)
_JOINED = re.compile(r"\w\w|\w-|-\w")
_WORD = re.compile(r"\S+")
_OPENED = re.compile(r"[(\[][^)\]]*$")
_ARTICLE = re.compile(r"\b[Tt]he $")
_TAIL = re.compile(r"(?:[’']s|[’'])?[\s\"“”‘’'«»–—,.;:)\]]*$")
#: what stands after a name and is no part of it.
_REST = re.compile(r" (?:over|for|about|on|in|from|after|against|with|by|to|who|that|as)\b")
_OPEN = "open:"
#: how likely an actor must be one: of those that a table knows, and of others.
_ACTOR = (0.15, 0.5)
#: characters before and after a mention that a phrase of the table of issues may take in.
_REACH = 60
_DETERMINERS = frozenset(("its", "the", "a", "an", "this", "that", "these", "those", "any", "all", "of", "to", "and"))
_PRONOUNS = frozenset(("it", "its", "this", "that", "they", "them", "these", "those", "such", "which", "who", "one"))


def find_candidates(
    reading: StatementReading,
    base: int,
    cast: Cast,
    issues: IssueTable,
    kind: Head,
    taken_up: Sequence[dict[str, Any]] = (),
) -> list[Candidate]:
    """Return all that might be a statement's target, in the order of the text, each once, where it is likeliest.

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
    found: dict[str, Candidate] = {}
    for span in list_spans(reading.tags, reading.cut.start >= 0):
        first, last = reading.cut.start[span.first], reading.cut.end[span.last - 1]
        start, end = _trim(cast.text, base + int(first), base + int(last))
        if start >= end or cast.text[start:end].lower() in _DETERMINERS:
            continue
        vector = pool_statement(reading.states, reading.cut.part, (span.first, span.last))
        actor = kind.share(vector)["actor"]
        short = _cut_clause(cast.text, start, end)
        named = _name_actors(cast, start, short)
        if actor < _ACTOR[named[0]["target_id"].startswith(_OPEN)]:
            named = [_name_issue(cast, start, end, issues, taken_up)]
        else:
            end = short
        place = {"start": start, "end": end, "mention": cast.text[start:end]}
        parts = reading.cut.part[span.first : span.last]
        for columns in named:
            known = found.get(columns["target_id"])
            if known is None or span.tagged > known.tagged:
                found[columns["target_id"]] = Candidate(columns | place, vector, span.tagged, span.main, actor, parts)
    return list(found.values())


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span of whole words without article and marks at its ends, nor words that only join it to others."""
    while start and _inside_word(text, start):
        start -= 1
    while end < len(text) and _inside_word(text, end):
        end += 1
    before = 0, 0
    while before != (start, end):
        before = start, end
        if lead := _LEAD.match(text[start:end]):
            start += lead.end()
        end = _strip_marks(text, start, end)
        words = list(_WORD.finditer(text, start, end))
        if len(words) > 1 and words[-1].group() in _joining():
            end = words[-2].end()
        elif len(words) > 1 and words[0].group() in _joining():
            start = words[1].start()
    return start, end


def _strip_marks(text: str, start: int, end: int) -> int:
    """Return where a span ends without marks, and without a bracket that is opened and not closed."""
    if opened := _OPENED.search(text, start + 1, end):
        end = opened.start()
    tail = _TAIL.search(text[start:end])
    return end - (len(tail.group()) if tail else 0)


def _cut_clause(text: str, start: int, end: int) -> int:
    """Return where the name of an actor ends: before what it does or is ("the navy, which", "Tolvia should")."""
    words = list(_WORD.finditer(text, start, end))
    verb = next((n for n, word in enumerate(words) if n and word.group() in _clausal()), len(words))
    return _strip_marks(text, start, words[verb - 1].end()) if verb < len(words) else end


@cache
def _joining() -> frozenset[str]:
    """Return words that join what stands before and after; in lower case, so that no name is one of them."""
    groups = read_words("function_words")
    return frozenset().union(*(groups[name] for name in ("prep", "cc", "aux", "to", "sub", "rel")), ("a", "an", "the"))


@cache
def _clausal() -> frozenset[str]:
    """Return words that go on after a name: auxiliaries, relative pronouns, and acts in the present ("invades")."""
    groups = read_words("function_words")
    first = (row["phrase"].split()[0] for row in read_rows("posture_cues.csv"))
    acts = {verb for word in first if word.endswith("~") for verb in word[:-1].split("/")}
    present = {spelling for verb in acts for spelling, form in inflect(verb).items() if form == "s"}
    return groups["aux"] | groups["rel"] | present


def _inside_word(text: str, at: int) -> bool:
    return bool(_JOINED.fullmatch(text, at - 1, at + 1))


def _name_actors(cast: Cast, start: int, end: int) -> list[dict[str, Any]]:
    """Return whom a mention means: one, or each of "both sides"."""
    lead = _ARTICLE.search(cast.text, max(0, start - 4), start)  # "the government" means one, "government" none
    at = lead.start() if lead else start
    mention = cast.text[at:end]
    found = cast.resolve(mention, at)
    short = _REST.split(mention, maxsplit=1)[0]
    if not found.actor_id and short != mention and (whole := cast.resolve(short, at)).actor_id:
        found = whole  # "Norway over the flights"
    parties = [code for code in (found.parties or "").split(";") if code in cast.index]
    if parties:
        actors = [cast.index.look_up(code, cast.date) for code in parties]
        return [_columns(actor.actor_id, actor.name, "actor", actor.country) for actor in actors]
    name = found.name or cast.text[start:end]
    return [_columns(found.actor_id or f"{_OPEN}{normalise_name(name)}", name, "actor", found.country)]


def _columns(
    target_id: str, name: str, kind: str, country: str | None = None, issue: str | None = None
) -> dict[str, Any]:
    return {"target_id": target_id, "target": name, "target_kind": kind, "target_country": country, "issue": issue}


def _name_issue(
    cast: Cast, start: int, end: int, issues: IssueTable, taken_up: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    mention = cast.text[start:end]
    low = max(cast.text.rfind("\n", 0, start) + 1, start - _REACH)  # phrases of the table may begin before the mention
    words = split_words(cast.text[low : end + _REACH])
    found = [
        issue
        for issue in issues.find([word.word for word in words])
        if words[issue.first].start < end - low and words[issue.last - 1].end > start - low
    ]
    if not found and mention.lower() in _PRONOUNS:
        before = next((aim for aim in taken_up if aim["target_kind"] == "issue"), None)
        if before is not None:
            return {key: before[key] for key in ("target_id", "target", "target_kind", "target_country", "issue")}
    if found:
        return _columns(found[0].issue_id, found[0].name, "issue", None, found[0].issue_id)
    return _columns(f"{_OPEN}{normalise_name(mention)}", " ".join(mention.split()), "issue")


def normalise_name(name: str) -> str:
    """Return a name in lower case, without article and with single spaces."""
    return _LEAD.sub("", " ".join(name.split())).lower()
