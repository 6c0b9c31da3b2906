"""Reading one mention: what kind of source a printed phrase names, with its title, country and name.

It looks at the phrase alone, not at the article: whom "the minister" means is decided in `resolve`.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from diplotext.names.forms import fold, given_names, name_parts, source_nouns
from diplotext.names.index import NameIndex
from diplotext.names.titles import (
    Title,
    any_country,
    country_near,
    country_of,
    is_organisation,
    is_stateless,
    is_thing,
    singular,
    split_title,
    title_in,
    titles,
)

#: a word of a name in folded text: initials and abbreviated titles keep their full stop, a possessive ends it.
_ABBREVIATIONS = (
    "Mr|Mrs|Ms|Dr|Sens?|Reps?|Govs?|Lt|Gen|Col|Maj|Adm|Capt|Sgt|Cpl|Prof|Rev|St|Jr|Sr|Brig|Cmdr|Del|Rear|Amb|Hon"
)
_NAME_WORD = (
    rf"(?:[A-Z]\.(?:[A-Z]\.)*|(?:{_ABBREVIATIONS})\.|"
    r"(?:al-|el-|as-|ash-|d'|O')?[A-Z](?:[\w-]|'(?!s\b|S\b)(?=\w))*)"
)
_PARTICLE = r"(?:von|van|der|den|de|del|della|di|da|dos|du|la|le|el|al|bin|ben|ibn|abu|ter|ten|zu)"
#: "Secretary of State" and its like hold small words inside a title.
_LONG_TITLE = (
    r"(?:(?:Deputy |Assistant |Under ?)?Secretary of (?:State|Defen[cs]e|the Treasury|Energy|Commerce|Labor|Education|"
    r"Homeland Security)|(?:Deputy )?Minister (?:of|for) (?:External |Foreign )?[A-Z]\w+|Speaker of the House|"
    r"Chief of Staff|Chancellor of the Exchequer|Secretary-General of the [A-Z]\w+)"
)
#: a run of capitalised words: a name with whatever titles stand before it ("al-", "el-" and "d'" begin names too)
RUN = re.compile(
    rf"\b(?=[A-Zade])(?:{_LONG_TITLE}|{_NAME_WORD})(?: (?:{_PARTICLE} ){{0,2}}(?:{_LONG_TITLE}|{_NAME_WORD}))*"
)
_DETERMINER = re.compile(
    r"^(?:the|a|an|this|that|these|those|one|another|some|several|many|most|other|both|all|two|three|four|few|any|no|"
    r"each|every|certain|various|numerous)\b ?", re.I
)  # fmt: skip
_LINK = re.compile(r".* (to|for|by|with|from|near|against|about|under|of) (?:the )?(.*)$")
_DEFINITE = frozenset({"the", "this", "that", "these", "those", "both"})
_TAIL = re.compile(
    r",| who\b| whom\b| whose\b| which\b| that\b| - | -- |--|—| – |\(|;|:| speaking\b| quoted\b| cited\b"
)
#: an apposition whose comma is missing: "Ilse Toran a former envoy"
_UNMARKED = re.compile(r"^([A-Z][\w'’-]+ [A-Z][\w'’-]+) ((?:an?|the) [a-z])")
#: a quantity that opens a sentence: "One of the users", "Just over half"
_OPENING = re.compile(r"(?:One|Some|Most|Many|Part|Two|Three|Four|Five|Several|Few|None|All|Just|About|Around|Nearly|"
                      r"More|Others?|Half|Both|Interviews?|Locals?) (?=[a-z])")  # fmt: skip
_PREPOSITION = re.compile(
    r" (?:of|for|at|in|to|from|with|on|dated|familiar|close|near|by|behind|inside|within|among|against|involved|"
    r"briefed|working|traveling|travelling|based|across|around|over|under|about|including|aligned|opposed|loyal|representing|"
    r"\w+ed (?:by|in|on|to|for|with|at|as|from|last)|\w+ing (?:in|for|on|to|with|the|at))\b"
)
_LAST_NAME = re.compile(rf"{_NAME_WORD}(?: {_NAME_WORD}){{1,2}}$")
_PLAIN_NAME = r"[A-Z][\w'-]+(?: [A-Z][\w'-]+)?"
#: a list of names goes on after the comma
_LIST = re.compile(rf", (?:{_PLAIN_NAME}, ){{0,6}}{_PLAIN_NAME},? and {_PLAIN_NAME}$")
_SCHOLAR = re.compile(
    r" (?:at|of|from|with) (?:the )?(?:(?:[A-Z][\w'-]*|of|for) ){0,5}(?:University|Institute|College|Academy)\b"
    r"(?: (?:of|for|in)(?: [A-Z][\w'-]+){1,3})?"
)
#: "the family, protesters and civic leaders"
_GROUP = r"[a-z][\w'-]*(?: [\w'-]+){0,3}"
_GROUPS = re.compile(rf"{_GROUP}(?:, {_GROUP})+,? and {_GROUP}")
#: "(D-Ohio)"
_PARTY = re.compile(r" \([A-Z][\w.-]{0,12}\)")
_HYPHENED = re.compile(r"(?:anti|pro|non)-", re.I)
_POSSESSIVE = re.compile(r"^(.*?\w)(?:'s|(?<=s)') (?=\w)")

PRONOUNS = {
    "he": "male", "him": "male", "his": "male", "himself": "male", "she": "female", "her": "female", "hers": "female",
    "herself": "female", "they": "plural", "them": "plural", "their": "plural", "themselves": "plural", "it": "thing",
    "its": "thing", "itself": "thing", "i": "self", "me": "self", "my": "self", "we": "self", "us": "self",
    "our": "self",
    "who": "relative", "which": "relative", "that": "relative", "whose": "relative", "whom": "relative", "you": "you",
    "your": "you",
}  # fmt: skip


class Parsed(NamedTuple):
    """A printed source, read alone.

    `kind` is one of pronoun, name (capitalised, whose it is being open), noun (a description), joint, empty.
    """

    kind: str
    text: str
    name: str = ""
    title: Title = Title()
    noun: str = ""
    definite: bool = False
    plural: bool = False
    owner: str = ""
    parts: tuple[Parsed, ...] = ()


@lru_cache(maxsize=4096)
def _head(folded: str) -> tuple[str, str]:
    """Split a mention into its head noun phrase and the rest."""
    cut = _TAIL.search(folded, 1)
    return (folded[: cut.start()], folded[cut.start() :]) if cut else (folded, "")


@lru_cache(maxsize=8192)
def parse_mention(mention: str, index: NameIndex) -> Parsed:
    """Read a printed source.

    Parameters
    ----------
    mention
        The source as printed, "Marvanian Foreign Minister Ilse Toran" or "a senior official who asked not to be named".
    index
        Knows states, bodies and institutions.

    Returns
    -------
    Parsed; for ``"X, the Marvanian envoy"`` and ``"the Marvanian envoy, X"`` the name and the title both.
    """
    text = " ".join(mention.split()).strip(" ,.;:'\"“”‘’«»\u200b").removesuffix("'s").removesuffix("’s")
    text = _UNMARKED.sub(r"\1, \2", text)
    if _OPENING.match(text):
        text = text[0].lower() + text[1:]
    if not text:
        return Parsed("empty", "")
    folded = fold(text)
    low = folded.lower()
    if low in PRONOUNS and folded not in ("US", "IT"):
        return Parsed("pronoun", text, noun=PRONOUNS[low])
    head, tail = _head(folded)
    if _LIST.match(tail):
        head, tail = folded, ""  # "envoys of A, B and C"
    head = head.strip()
    joint = _split_joint(_PARTY.sub("", folded), index) or _split_joint(head, index)
    if joint:
        return Parsed("joint", text, parts=joint)
    if _GROUPS.fullmatch(folded[0].lower() + folded[1:]) and _small_head(folded):
        return Parsed("noun", text[len(_determined(folded)) :], plural=True)
    parsed = _parse_head(text[: len(head)] if folded.startswith(head) else head, head, index)
    if is_stateless(head[: len(head) - len(parsed.name)] if parsed.kind == "name" else head, index):
        parsed = parsed._replace(title=parsed.title._replace(stateless=True, country=""))
    if parsed.kind == "noun" and tail.startswith(","):
        other = RUN.match(re.sub(r"^, ?(?:the )?", "", tail)) or _last_named(tail)
        if other and (" " in other.group() or parsed.definite or parsed.owner):  # "the envoy, Ilse Toran"
            words = other.group().split(" ")
            title, name = split_title(words, index)
            if is_thing(other.group(), index):
                return Parsed("name", other.group(), other.group(), parsed.title, definite=True, noun=parsed.noun)
            group = source_nouns().get(parsed.noun, ("", ""))[0] in ("organisation", "collective")
            if name and not title.text and group:
                return Parsed("name", other.group(), other.group(), parsed.title, definite=True, noun=parsed.noun)
            if name and not is_thing(" ".join(name), index):
                given = parsed.title if parsed.title.office else title
                return Parsed("name", text, " ".join(name), given, definite=False)
    if parsed.kind == "name" and not parsed.title.text and tail:
        title = title_in(tail.lstrip(" ,(-—–"), index)
        if title.text:
            return parsed._replace(title=title._replace(gender=title.gender or parsed.title.gender))
    if parsed.kind == "name" and not parsed.title.text:
        scholar = _SCHOLAR.search(folded)
        if scholar:
            near = parsed.title.country or country_near(scholar.group().split(), index)
            return parsed._replace(title=parsed.title._replace(office="expert", sector="expert", country=near))
    return parsed


def _last_named(tail: str) -> re.Match[str] | None:
    """Return the name that ends "his daughter, and member of the party, Ilse Toran"."""
    last = re.search(r"(?<=, )[A-Z][^,]*$", tail)
    found = RUN.fullmatch(last.group()) if last else None
    return found if found and found.group().split()[0] in given_names() else None


def _small_head(folded: str) -> bool:
    """Tell "Doctors, nurses and drivers" from "Toran, now aged and ill"."""
    first = folded.split()[0]
    return first.islower() or first.lower() in source_nouns() or first.lower() in _DEFINITE


def _determined(folded: str) -> str:
    article = re.match(r"(?:the|an?) ", folded, re.I)
    return article.group() if article else ""


def _parse_head(text: str, folded: str, index: NameIndex) -> Parsed:
    determiner = _DETERMINER.match(folded)
    definite = bool(determiner and determiner.group().strip().lower() in _DEFINITE)
    skip = len(_determined(folded))
    bare, plain = text[skip:], folded[skip:]
    whole = index.name(plain)
    if whole and whole.how != "surname":
        return Parsed("name", bare, plain, definite=definite)
    possessive = _POSSESSIVE.match(plain)
    if possessive and _PREPOSITION.search(plain[: possessive.end()]):
        possessive = None  # "an official in Marvania's ministry"
    owner, core = ("", plain)
    while possessive:
        owner = f"{owner} {possessive.group(1)}".strip()
        core = core[possessive.end() :]
        possessive = _POSSESSIVE.match(core)
    own = re.match(r"(his|her|their|its|my|our|your) ", core, re.I)
    if own and not owner:
        owner, core = own.group(1).lower(), core[own.end() :]
    long = None if RUN.fullmatch(core) else _long_title().search(core.lower())
    cut = None if RUN.fullmatch(core) else _PREPOSITION.search(core, long.end() if long else 0)
    front = core[: cut.start()] if cut else core
    joined = re.sub(r" (?:of the|of|for|and) ", " ", core)
    office = singular(front.split()[-1]) in titles() if front.split() else False  # "Chief of Staff Ilse Toran"
    whole_name = bool(cut) and front[:1].isupper() and not office and bool(RUN.fullmatch(joined))
    if cut and whole_name and not (_first_is_given(front, index) or _person_of(front, cut.group(), index)):
        return Parsed("name", bare, plain, Title(country=any_country(core, index)), definite=definite, owner=owner)
    words = front.split()
    title, name = split_title(words, index)
    last = _LAST_NAME.search(core)
    if last and last.group().split()[0] not in given_names():  # the shorter one, where a first name begins it
        shorter = _LAST_NAME.search(core, last.start() + last.group().index(" ") + 1)
        last = shorter if shorter and shorter.group().split()[0] in given_names() else last
    named = bool(name) and bool(RUN.fullmatch(" ".join(name)))
    inside = (bool(cut) and not named) or bool(last and cut and last.start() > cut.start())
    if last and last.start() and (inside or not named) and _names_person(last.group(), core, index):
        name = last.group().split()
        title = title_in(core[: last.start()], index)  # "rally director Ilse Toran"
    if owner and not title.country:
        title = title._replace(country=country_of(owner, index))
    if _is_name(name, title) and not _capital_group(name) and not _HYPHENED.match(front):
        return Parsed("name", bare, " ".join(name), title, definite=definite and not title.text, owner=owner)
    noun = words[-1].lower() if words else ""
    if long and front.lower().endswith(long.group()):
        noun = long.group()
    if cut and not title.country and cut.group().strip() in ("of", "for", "in", "at", "to", "from"):
        where = re.sub(r"^ \w+ (?:the )?", "", core[cut.start() :])
        link = cut.group().strip()
        if link != "to" and not (link == "in" and noun in name_parts("abroad")):
            land = country_of(where.strip(), index) or (any_country(where, index) if link in ("of", "for") else "")
            title = title._replace(country=land or title.country)
    if not title.country:
        title = title._replace(country=any_country(front, index))
    plural = (noun in source_nouns() and noun.endswith(("s", "people"))) or singular(noun) != noun
    return Parsed("noun", bare, "", title, noun, definite, plural, owner)


@cache
def _long_title() -> re.Pattern[str]:
    """Match a title that holds a preposition: "secretary of state"."""
    known = sorted((t for t in titles() if " of " in t or " for " in t), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)")


def _is_name(words: list[str], title: Title) -> bool:
    """Tell whether words are capitalised as a name is; after a title one may begin small: "President von Toran"."""
    at = 0
    while title.text and at < len(words) - 1 and words[at] in name_parts("particle"):
        at += 1
    return bool(words) and RUN.fullmatch(" ".join(words[at:])) is not None


def _names_person(name: str, core: str, index: NameIndex) -> bool:
    """Tell whether the capitalised words that end a phrase in small letters are a person: "host Ilse Toran"."""
    lead = core[: -len(name)]
    link = _LINK.search(lead)
    before = lead.split()
    small = before[-1].islower()
    known = name.split()[0] in given_names()
    if link:
        head, inner = lead[: link.start(1)].split()[-1:], link.group(2).strip()
        proper = bool(head) and head[0][:1].isupper() and link.group(1) != "to" and bool(inner)
        if proper and (known or (small and _is_human(before[-1]))):
            return not (inner[:1].isupper() and singular(inner) in titles())  # "Lake Department of Water official X"
        if link.group(1) != "of" or singular(inner) in titles():
            return False  # "an aide to President Ilse Toran"; but "Chief of the General Staff Ilse Toran"
    other = is_organisation(name) or is_thing(name, index) or _capital_group(name.split())
    if not known and (not small or other):
        return False
    return not _PREPOSITION.search(f" {before[-1]}")


def _is_human(noun: str) -> bool:
    return singular(noun) in titles() or source_nouns().get(noun, ("", ""))[0] == "anonymous"


def _person_of(front: str, preposition: str, index: NameIndex) -> bool:
    """Tell "Ilse Toran of the Iverra Institute" from "Department of Water"."""
    words = front.split()
    return (
        preposition.strip() in ("of", "from", "with", "at")
        and 2 <= len(words) <= 3
        and not is_organisation(front)
        and not is_thing(front, index)
        and not any(w in name_parts("organisation") or w.lower() in source_nouns() for w in words)
    )


def _first_is_given(front: str, index: NameIndex) -> bool:
    words = front.split()
    title, name = split_title(words, index)
    return bool(name) and (name[0] in given_names() or bool(title.text))


def _capital_group(name: list[str]) -> bool:
    """Tell "Republicans" and "Clinton Supporters" from names."""
    last = name[-1].lower()
    kind = source_nouns().get(last, ("", ""))[0]
    return kind in ("collective", "anonymous", "document") and (len(name) == 1 or last.endswith("s"))


def _whose(piece: str, index: NameIndex) -> tuple[str, str]:
    """Take "of Kenya" or "Kenya's" off a name, and return it with the country."""
    for pattern in (r"(?P<name>[A-Z].*) of (?:the )?(?P<land>[A-Z].*)", r"(?P<land>[A-Z].*)'s (?P<name>.*[A-Z].*)"):
        found = re.fullmatch(pattern, piece)
        land = country_of(found["land"], index) if found else ""
        if found and land and not is_thing(piece, index):
            return found["name"], land
    return piece, ""


def _split_joint(folded: str, index: NameIndex) -> tuple[Parsed, ...]:
    """Return the parts of "X and Y" where each is a name; empty otherwise."""
    if " and " not in folded and " & " not in folded:
        return ()
    pieces = re.split(r",? (?:and|&) (?:the )?|, ", folded)
    if not 2 <= len(pieces) <= 5:
        return ()
    parts = []
    shared = Title()
    for number, piece in enumerate(pieces):
        piece = re.sub(r"^(?:both |the )", "", piece.strip(), flags=re.I)
        piece, land = _whose(piece, index)
        words = piece.split()
        if not words or not RUN.search(piece):
            return ()
        title, name = split_title(words, index)
        whole = index.name(piece)
        thing = bool(whole and whole.how != "surname")
        plural = bool(title.text) and singular(title.text.split()[-1].lower()) != title.text.split()[-1].lower()
        if number == 0 and plural:  # "Presidents X and Y"
            single = " ".join([*title.text.split()[:-1], singular(title.text.split()[-1]).capitalize()])
            shared = title._replace(text=single)
        if shared.text and (plural or not title.text):
            title = shared._replace(country=title.country or shared.country)
        title = title._replace(country=land or title.country)
        if not thing and not _is_name(name, title):
            return ()
        if not thing and not (title.office or name[0] in given_names() or len(name) <= 2):
            return ()
        parts.append(Parsed("name", piece, piece if thing else " ".join(name), title))
    unknown = [p for p in parts if not is_thing(p.name, index)]
    if any(p.name.split()[-1].lower() in source_nouns() or p.name in name_parts("follower") for p in unknown):
        return ()
    return tuple(parts)
