"""Noun phrases beside a cue, found without a parser."""

from __future__ import annotations

from diplotext.quotes.tokens import Tagged, is_nominal, words


def _at_boundary(tokens: list[Tagged], at: int, low: int) -> bool:
    """Tell whether a clause can begin at token `at`."""
    if at <= low:
        return True
    token = tokens[at - 1]
    return (
        token.tag in {",", ";", ":", ".", "-", "(", ")", "sub", "cc", "Q", "?", "adv", "time", "]"}
        or token.lower == "that"
    )


def scan_left(tokens: list[Tagged], end: int, low: int) -> int:
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
    if conjunct is not None and not _at_boundary(tokens, at, low):
        return conjunct
    while low < at < end and tokens[at - 1].lower in words("quantifier"):  # "about four in ten voters", "neither side"
        at -= 1
    return at


def _is_preposition(tokens: list[Tagged], at: int, stop: int) -> bool:
    """Tell whether the token joins a noun phrase to what follows; "to" does before a noun, not before a verb."""
    if tokens[at].tag != "to":
        return tokens[at].tag == "prep"
    return at + 1 < stop and tokens[at + 1].tag in ("name", "det", "num", "poss", "obj")


def _plain(tokens: list[Tagged], start: int, end: int) -> int:
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


def scan_right(tokens: list[Tagged], start: int, stop: int, *, long: bool) -> int:
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
