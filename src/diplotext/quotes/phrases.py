"""Verb groups and noun phrases around a cue, found without a parser."""

from __future__ import annotations

from typing import NamedTuple

from diplotext.quotes.tokens import Token, is_nominal, words

# Verbs that join a cue by "to" and belong to its verb group: "went on to say".


class Group(NamedTuple):
    """A verb group: its first token, its last auxiliary's kind, and what opens it."""

    start: int
    passive: bool
    modal: bool
    infinitive: bool
    auxiliary: bool


class Source(NamedTuple):
    """A source: token span of what is printed, and the span that names it where that is a relative pronoun."""

    start: int
    end: int
    named: tuple[int, int] | None = None
    how: str = "phrase"


def find_group(tokens: list[Token], head: int, low: int) -> Group:
    """Return the verb group whose main verb stands at `head`, looking left no farther than `low`."""
    at, be, modal, infinitive, auxiliary = head, None, False, False, False
    start = head
    while at > low:
        token = tokens[at - 1]
        if token.tag == "aux":
            if be is None:
                be = token.lower in words("be")
            modal = modal or token.lower in words("modal")
            auxiliary = True
            at -= 1
            start = at
        elif token.tag == "adv" or (token.lower == "so" and auxiliary):
            at -= 1
            if token.lower not in ("here", "there", "instead", "however", "meanwhile", "moreover", "still", "indeed"):
                start = at
        elif token.tag == "to" and not auxiliary:
            verb = at - 2
            on = verb >= low and tokens[verb].lower == "on"
            if verb - on >= low and (
                tokens[verb].lower in words("catenative")
                or (on and tokens[verb - 1].lower in ("go", "goes", "going", "went", "gone"))
            ):
                inner = find_group(tokens, verb - on, low)
                return inner._replace(passive=False, auxiliary=True)
            infinitive = True
            start = at - 1
            break
        else:
            break
    # an adverb that opens the clause is no part of the group
    while start < head and tokens[start].tag == "adv" and (start == low or tokens[start - 1].tag in ",;:.-"):
        if not auxiliary and start + 1 == head and start != low:
            break
        start += 1
    return Group(start, bool(be), modal, infinitive, auxiliary)


def at_boundary(tokens: list[Token], at: int, low: int) -> bool:
    """Tell whether a clause can begin at token `at`."""
    if at <= low:
        return True
    token = tokens[at - 1]
    return (
        token.tag in {",", ";", ":", ".", "-", "(", ")", "sub", "cc", "Q", "?", "adv", "time", "]"}
        or token.lower == "that"
    )


def scan_left(tokens: list[Token], end: int, low: int) -> int:
    """Return where the noun phrase begins that ends before token `end` (``end`` itself when there is none)."""
    at = end
    conjunct: int | None = None  # where the right conjunct begins
    while at > low:
        token = tokens[at - 1]
        tag = token.tag
        before = tokens[at - 2] if at - 2 >= low else None
        if at < end and tokens[at].tag == "det" and tag in ("name", "word", "num"):
            break  # the determiner opened the phrase
        if tag in ("name", "word", "num", "poss", "det", "obj") or token.lower == "&":
            if tag == "obj" and token.lower not in ("her",):
                break
            if (
                tag == "det"
                and at == end
                and token.lower in ("no", "the", "a", "an", "every", "my", "our", "your", "its", "their")
            ):
                break
            at -= 1
        elif tag == "pron" and at < end and conjunct is None:
            break
        elif tag == "pron" and (at == end or conjunct == at + 1):
            at -= 1
        elif tag == "Q":
            if at == end or (before is not None and before.tag in ("det", "name", "word", "poss", "prep")):
                if token.end - token.start > 45:
                    break
                at -= 1
            else:
                break
        elif (
            tag in ("ed", "ing", "adv", "verb")
            and at < end
            and before is not None
            and (
                before.tag in ("det", "poss")
                or (tag == "ing" and before.tag in ("prep", "name", "word") and at - 1 > low)
            )
        ):
            if tag == "ing" and before.tag in ("name", "word") and tokens[at].tag not in ("name", "word"):
                break
            at -= 1
        elif (
            at < end
            and before is not None
            and _is_preposition(tokens, at - 1, end)
            and (is_nominal(before) or before.tag in ("det", "pron"))
        ):
            if token.lower in ("since", "during", "despite", "amid", "without"):
                break
            if before.tag == "num" and token.lower != "of" and (at - 3 < low or tokens[at - 3].tag == "prep"):
                break
            at -= 1
        elif (
            token.lower in ("and", "or")
            and at < end
            and before is not None
            and (is_nominal(before) or before.tag in ("pron", ","))
        ):
            if conjunct is None:
                conjunct = at
            at -= 1
            if before.tag == ",":
                at -= 1
        elif tag == "," and conjunct is not None and before is not None and before.tag in ("name", "word"):
            at -= 1
        elif tag == ")" and at >= low + 3:
            opening = at - 2
            while opening > max(low, at - 12) and tokens[opening].tag != "(":
                opening -= 1
            if tokens[opening].tag != "(" or opening == low:
                break
            at = opening
        else:
            break
    while at < end and (tokens[at].tag in ("prep", "cc", ",", "adv") or tokens[at].tag == ")"):
        if tokens[at].tag == "prep":  # an adverbial opens the clause: keep the last plain phrase
            return _plain(tokens, at, end)
        at += 1
    if conjunct is not None and not at_boundary(tokens, at, low):
        return conjunct
    while low < at < end and tokens[at - 1].lower in words("quantifier"):  # "about four in ten voters", "neither side"
        at -= 1
    return at


def _is_preposition(tokens: list[Token], at: int, stop: int) -> bool:
    """Tell whether the token joins a noun phrase to what follows; "to" does before a noun, not before a verb."""
    if tokens[at].tag != "to":
        return tokens[at].tag == "prep"
    return at + 1 < stop and tokens[at + 1].tag in ("name", "det", "num", "poss", "obj")


def _plain(tokens: list[Token], start: int, end: int) -> int:
    """Return where the last noun phrase begins within an adverbial and what follows it."""
    at = end
    while at > start and tokens[at - 1].tag in ("name", "word", "poss", "num", "det", "Q"):
        at -= 1
        if tokens[at].tag == "det":
            break
        if at > start and tokens[at - 1].tag == "time":
            break
    if at - 1 >= start and tokens[at - 1].tag == "prep":
        return end  # the whole is the adverbial
    return at


def find_subject(tokens: list[Token], group: int, low: int) -> Source | None:
    """Return the subject of the verb group that begins at token `group`, or None."""
    if group <= low:
        return None
    last = tokens[group - 1]
    if last.tag == "rel" or (last.lower == "that" and group - 1 > low and is_nominal(tokens[group - 2])):
        head = group - 1
        comma = head > low and tokens[head - 1].tag == ","
        start = scan_left(tokens, head - comma, low)
        named = (start, head - comma) if start < head - comma else None
        return Source(head, group, named, "relative")
    if last.tag == "pron":
        start = group - 1
        if start > low + 1 and tokens[start - 1].lower == "and" and is_nominal(tokens[start - 2]):
            start = scan_left(tokens, group, low)
        return Source(start, group, None, "pronoun")
    if last.tag in (",", "-"):
        return _apposition(tokens, group, low)
    if (
        last.tag == "ed"
        and group - 2 >= low
        and (is_nominal(tokens[group - 2]) or tokens[group - 2].lower in ("those", "voters"))
    ):  # "the ad released ... says"
        start = scan_left(tokens, group - 1, low)
        return Source(start, group) if start < group - 1 and at_boundary(tokens, start, low) else None
    if last.tag == "obj" and last.lower.endswith(("self", "selves")) and group - 2 >= low:
        inner = find_subject(tokens, group - 1, low)
        return inner._replace(end=group) if inner else None
    if last.tag == "time":
        back = group - 1
        while (back > low and tokens[back - 1].tag in ("time", "prep", "num")) or (
            back > low and tokens[back - 1].lower in ("last", "this", "earlier", "later", "late", "early")
        ):
            back -= 1
        return find_subject(tokens, back, low) if back > low else None
    start = scan_left(tokens, group, low)
    if start >= group or not any(is_nominal(t) or t.tag in ("det", "pron") for t in tokens[start:group]):
        return None
    if not at_boundary(tokens, start, low):
        stop = tokens[start - 1]
        back = start - 1
        floor = max(low, start - 15)
        while back > floor and tokens[back].tag not in {",", ";", ":", "-", "Q", "sub", "cc"}:
            if tokens[back].tag == "rel" or tokens[back].lower == "that":
                break
            back -= 1
        if back > low and (tokens[back].tag == "rel" or tokens[back].lower == "that") and is_nominal(tokens[back - 1]):
            wide = scan_left(tokens, back, low)
            if wide < back and at_boundary(tokens, wide, low):
                return Source(wide, group)
        if stop.tag in ("ed", "ing") and start - 2 >= low and is_nominal(tokens[start - 2]):
            wide = scan_left(tokens, start - 1, low)
            if wide < start - 1 and at_boundary(tokens, wide, low):
                return Source(wide, group)
    return Source(start, group)


def _apposition(tokens: list[Token], group: int, low: int) -> Source | None:
    """Return head and apposition of "X, a Y, said" or "X — a Y — said"."""
    tag = tokens[group - 1].tag
    best: Source | None = None
    right = group - 1
    for at in range(group - 2, max(low, group - 60), -1):
        if tokens[at].tag in {";", ":", "."} or (tokens[at].tag == "Q" and tokens[at].end - tokens[at].start > 80):
            break
        if tokens[at].tag != tag:
            continue
        start = scan_left(tokens, at, low)
        opener = tokens[at + 1] if at + 1 < right else tokens[at]
        if start >= at or not at_boundary(tokens, start, low) or tokens[start].tag in ("prep", "ing"):
            if best is not None:
                break
            continue
        if start > low and tokens[start - 1].lower in ("that",):
            pass
        if not any(t.tag in ("name", "word", "pron", "det", "poss") for t in tokens[start:at]):
            continue  # an age
        if best is None:
            adverbial = opener.tag in ("prep", "ing", "adv", "sub", "time", "cc", "ed")
            best = Source(start, at) if adverbial else Source(start, group)
        else:
            best = Source(start, best.end)
        if start == low or tokens[start - 1].tag != tag:
            break
    if best is None and tag == ",":  # "who said, ..." has its comma after; here an adverb stands between commas
        return None
    return best


def scan_right(tokens: list[Token], start: int, stop: int, *, long: bool) -> int:
    """Return where the noun phrase ends that begins at token `start`; `long` takes appositions along."""
    at, nominal = start, False
    while at < stop:
        token = tokens[at]
        tag = token.tag
        after = tokens[at + 1] if at + 1 < stop else None
        if tag == "det" and nominal and tokens[at - 1].tag in ("name", "word", "num"):
            break  # a new phrase
        if tag in ("name", "word", "num", "poss", "det"):
            if (
                tag == "word"
                and token.lower in ("last", "late")
                and after is not None
                and after.tag in ("time", "word")
            ):
                break
            nominal = True
        elif (tag == "obj" and token.lower == "her") or (tag == "pron" and at == start):
            nominal = True
            if tag == "pron":
                return at + 1
        elif _is_preposition(tokens, at, stop):
            if not nominal or after is None or after.tag in ("time", "ing"):
                break
            window = tokens[at + 1 : at + 5]
            if token.lower in ("in", "on", "at", "during", "by") and any(t.lower in words("occasion") for t in window):
                break
            if token.lower in ("during", "after", "before", "amid", "about", "without", "since", "despite"):
                break
        elif tag == "cc" and token.lower == "and":
            if after is None or after.tag not in ("name", "word", "det", "num", "poss"):
                break
        elif tag in ("ed", "ing", "adv") and (not nominal or long):
            if tag == "adv" and nominal and after is not None and after.tag in (",", "."):
                break
        elif tag == "Q" and token.end - token.start < 45 and nominal and tokens[at - 1].tag not in (",",):
            pass
        elif tag == "(" and nominal:
            closing = at
            while closing < min(stop, at + 12) and tokens[closing].tag != ")":
                closing += 1
            if closing >= stop or tokens[closing].tag != ")":
                break
            at = closing
        elif tag == "," and long and nominal and after is not None:
            if after.tag not in ("name", "word", "num", "det", "rel", "ed", "poss"):
                break
        elif long and nominal and tag in ("rel", "aux", "verb", "to", "pron", "obj"):
            # inside a relative clause that opened after a comma or noun
            if not any(t.tag == "rel" or t.lower == "that" for t in tokens[start : at + 1]):
                break
        else:
            break
        at += 1
    while at > start and tokens[at - 1].tag in (",", "prep", "cc", "det"):
        if tokens[at - 1].lower in words("determiner alone"):
            break
        at -= 1
    return at
