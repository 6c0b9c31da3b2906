"""Titles: what stands before or after a name and tells office, sector, country and gender."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from diplotext.names.forms import given_names, name_parts, source_nouns
from diplotext.names.index import NameIndex
from diplotext.names.places import place_country
from diplotext.schema import read_rows

_WORD = re.compile(r"[A-Z]\.(?:[A-Z]\.)*|[^\W_](?:[\w.-]*\w)?\.?(?:'s|')?|[,();:]|--|—|–")
#: "hydrologist"
_SCIENCE = re.compile(r"^[a-z]+(?:ologist|ographer|omist|icist)$")
_AGENT = re.compile(r"^\w{3,}(?:ator|ector|ister|icer|ander|ologist|oner|eller|etary)$")
_FORMER = frozenset({"former", "ex", "onetime", "one-time", "erstwhile", "then", "retired", "ousted", "previous"})


class Title(NamedTuple):
    """A title before or after a name."""

    text: str = ""
    office: str = ""
    sector: str = ""
    gender: str = ""
    country: str = ""
    former: bool = False
    affiliation: str = ""
    stateless: bool = False


@cache
def titles() -> dict[str, Title]:
    """Return title in lower case → Title, from ``titles.csv``."""
    found: dict[str, Title] = {}
    for row in read_rows("titles.csv"):
        title = Title(row["title"], row["office"], row["sector"], row["gender"], row["country"])
        found.setdefault(title.text.lower(), title)
    return found


@cache
def hints() -> dict[str, str]:
    """Return word → the country that it tells without naming it, or an empty text: no name follows (``hints.csv``)."""
    return {row["word"]: row["country"] for row in read_rows("hints.csv")}


@cache
def _title_heads() -> frozenset[str]:
    """Return the words that titles of several words begin with."""
    return frozenset(title.split(" ")[0] for title in titles() if " " in title)


class Institution(NamedTuple):
    """A house of scholars, paper, broadcaster or company that speaks in diplomatic news."""

    sector: str
    country: str


@cache
def institutions() -> dict[str, Institution]:
    """Return name → sector and country, from ``institutions.csv``."""
    return {row["name"]: Institution(row["sector"], row["country"]) for row in read_rows("institutions.csv")}


def institution_in(phrase: str) -> Institution | None:
    """Return the first institution that a folded phrase names by more than one plain word, or None."""
    found = _institution_pattern().search(phrase)
    return institutions()[found.group()] if found else None


@cache
def _institution_pattern() -> re.Pattern[str]:
    names = sorted((n for n in institutions() if " " in n or n.isupper()), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])")


@lru_cache(maxsize=65536)
def singular(word: str) -> str:
    """Return a plural title's singular where ``titles.csv`` knows it ("presidents"), else the word."""
    word = word.lower()
    for ending, instead in (("men", "man"), ("women", "woman"), ("ies", "y"), ("es", "e"), ("s", "")):
        if word.endswith(ending) and word not in titles():
            candidate = word[: -len(ending)] + instead
            if candidate in titles():
                return candidate
    return word


def split_title(words: list[str], index: NameIndex) -> tuple[Title, list[str]]:
    """Split words into the title at their head, with its country, and the name that follows.

    Parameters
    ----------
    words
        The words of one noun phrase, without article.
    index
        Knows states, bodies and institutions.

    Returns
    -------
    The title (empty where there is none) and the words of the name (empty where the phrase is a mere title).
    """
    title, name = _split_title(tuple(words), index)
    end = len(name)
    while end > 2 and name[end - 1] in name_parts("honour"):  # "Ilse Toran QC"
        end -= 1
    return title, name[:end]


@lru_cache(maxsize=8192)  # the same names come again and again, in one article and the next
def _split_title(run: tuple[str, ...], index: NameIndex) -> tuple[Title, list[str]]:
    words = list(run)
    best: tuple[int, int, str] | None = None
    honorific = Title()
    at = 0
    known, heads = titles(), _title_heads()
    small = [word.lower() for word in words]
    while at < len(words):
        longest = min(5, len(words) - at) if small[at] in heads else 1
        for length in range(longest, 0, -1):
            phrase = " ".join(small[at : at + length])
            if phrase not in known and length == 1:
                phrase = singular(phrase)
            if phrase in known:
                if known[phrase].office == "honorific":
                    honorific = known[phrase]
                    if best is None:
                        best = (at, at + length, "")
                    else:
                        best = (best[0], at + length, best[2])
                elif best is None or not best[2] or at == best[1]:
                    best = (best[0] if best else at, at + length, phrase)
                else:
                    best = (best[0], at + length, phrase)
                at += length
                break
        else:
            if best is not None and words[at][:1].isupper():
                break  # a name has begun
            at += 1
    if best is None and words[:1] and words[0] in given_names():  # "Mark Cuban" is no Cuban
        return Title(), words
    if best is None:
        country, affiliation, former, skip = _modifiers(words, index)
        return Title(country=country, former=former, affiliation=affiliation), _drop_lead(words[skip:])
    country, affiliation, former, _ = _modifiers(words[: best[0]], index)
    title = known.get(best[2], honorific)
    rest = _drop_lead(words[best[1] :])
    text = "" if not best[2] else " ".join(words[best[0] : best[1]])
    if rest[:1] in (["of"], ["for"]) and len(rest) > 3 and all(w[:1].isupper() or w == "al" for w in rest[1:]):
        text, rest = f"{text} {' '.join(rest[:2])}", rest[2:]  # "Minister of Water Ilse Toran"
    if not country and rest[:1] in (["of"], ["for"]):
        country = country_of(" ".join(w for w in rest[1:] if w != "the"), index)
    return (
        Title(text, title.office, title.sector, title.gender or honorific.gender, country or title.country, former,
              affiliation),
        rest,
    )  # fmt: skip


def _drop_lead(words: list[str]) -> list[str]:
    """Drop common nouns before a first name: "Rival Ilse Toran"."""
    for at in range(1, min(4, len(words) - 1)):
        if words[at] in given_names() and words[0] not in given_names():
            lead = [w.lower() for w in words[:at]]
            known = all(
                w in source_nouns() or w in hints() or w in name_parts("lead") or _SCIENCE.search(w) for w in lead
            )
            outlet = words[at - 1] in name_parts("organisation") | name_parts("medium")  # "River News Ilse Toran"
            return words[at:] if known or outlet or _AGENT.search(lead[-1]) else words
    return words


def _modifiers(words: list[str], index: NameIndex) -> tuple[str, str, bool, int]:
    """Return country, affiliation, former, and how many words at the head are modifiers and no name."""
    country = affiliation = ""
    former = False
    skip = at = 0
    plain = [word.removesuffix("'s") for word in words]
    while at < len(words):
        word = plain[at]
        low = word.lower().removesuffix(".")
        step = 0
        for length in range(min(4, len(words) - at) if word[:1].isupper() else 0, 0, -1):
            found = index.name(" ".join(plain[at : at + length]))
            if found and found.how != "surname":
                actor = index.look_up(found.actor_id)
                if actor.kind == "person":
                    break
                country = country or actor.country or ""
                if found.how not in ("adjective", "demonym"):
                    affiliation = affiliation or actor.actor_id
                step = length
                break
        if not step and low.partition("-")[0] in _FORMER:
            former, step = True, 1
        for length in (2, 1):
            if not step and " ".join(words[at : at + length]) in name_parts("us_state"):
                country, step = country or "USA", length
        if not step and low in hints():
            country, step = country or hints()[low], 1
        if not step and word[:1].islower():
            step = 1
        if step and skip == at:
            skip = at + step
        at += step or 1
    return country, affiliation, former, skip


def country_of(phrase: str, index: NameIndex) -> str:
    """Return the country of what a whole phrase names, or an empty text."""
    found = index.name(phrase)
    return (index.look_up(found.actor_id).country or "") if found else ""


def title_in(phrase: str, index: NameIndex) -> Title:
    """Return the first title in a description such as "a former Marvanian envoy to the talks", or an empty one."""
    title = _title_in(phrase, index)
    plain = _RELATIVE.split(re.sub(r"^(?:who )?(?:is|was) ", "", phrase[:120]))[0]
    stateless = is_stateless(plain, index) and not _is_national(plain, index)
    return title._replace(stateless=True, country="") if stateless else title


def _is_national(phrase: str, index: NameIndex) -> bool:
    """Tell whether somebody is told to be a state's citizen: "a Marvanian woman fighting with the rebels"."""
    return any(
        m.how in ("adjective", "demonym") and _CITIZEN.match(phrase, m.end) and not is_organisation(phrase[m.start :])
        for m in index.find(phrase)
    )


_CITIZEN = re.compile(r" (?:[a-z-]+ )?(?:man|woman|women|men|citizen|national|teenager|girl|boy|student|volunteer|"
                      r"lawyer|doctor|journalist|photographer|photojournalist|aid worker|lawmaker|politician|people|"
                      r"mother|father)s?\b|$")  # fmt: skip
_RELATIVE = re.compile(r"[,;:()] | (?:who|whom|whose|that|which|and|but|said|says|told|as|when|while) ")


def _title_in(phrase: str, index: NameIndex) -> Title:
    words = _WORD.findall(phrase[:120])
    if words and words[0].lower() in ("a", "an", "the", "who", "is", "was", "now"):
        words = words[1:]
    limit = next((i for i, w in enumerate(words) if w in {",", ";", ":", "(", ")"} or w.lower() in
                  {"said", "says", "told", "who", "which", "has", "had", "will", "would"}), len(words))  # fmt: skip
    words = words[:limit]
    known, heads = titles(), _title_heads()
    small = [word.lower() for word in words]
    for at in range(len(words)):
        if _SCIENCE.search(words[at]) and small[at] not in known:
            return Title(words[at], "expert", "expert", "", country_near(words[at:], index))
        for length in range(min(5, len(words) - at) if small[at] in heads else 1, 0, -1):
            key = " ".join(small[at : at + length])
            if key in known and known[key].office != "honorific":
                country, affiliation, former, _ = _modifiers(words[:at], index)
                title = known[key]
                end = at + length
                if words[end : end + 1] == ["to"] and title.office in ("ambassador", "envoy"):
                    end = len(words)
                if not country and words[end : end + 1] in (["of"], ["for"]):
                    country = country_of(" ".join(w for w in words[end + 1 : end + 4] if w != "the"), index)
                if title.office in ("head_of_state", "head_of_government") and not country:
                    title = title._replace(office="chair", sector="civil")  # of a company, a university
                if title.sector == "expert" and not country:
                    country = country_near(words[end:], index)
                text = " ".join(words[at:end])
                return title._replace(
                    text=text, country=country or title.country, former=former, affiliation=affiliation
                )
    return Title()


def country_near(words: list[str], index: NameIndex) -> str:
    """Return the one country in whose name or city's a scholar's house is: "at the University of Marvagrad"."""
    return any_country(" ".join(words).replace(" in ", " of ").replace(" at ", " of "), index)


def any_country(phrase: str, index: NameIndex) -> str:
    """Return the one country that a phrase names, or that its cities are in, or an empty text."""
    house = institution_in(phrase)
    if house is not None:
        return house.country
    named = {index.look_up(m.actor_id).country for m in index.find(phrase) if m.how != "surname"}
    found = {country for country in named if country}
    if not found:
        found = {hints().get(word.lower().strip(".,'s"), "") for word in phrase.split()} - {""}
    return found.pop() if len(found) == 1 else "" if found else place_country(phrase)


def is_stateless(phrase: str, index: NameIndex) -> bool:
    """Tell whether whom a phrase describes belongs to no state: to an armed group, an opposition, a body.

    "The rebels' commander", "the Marvanian opposition's spokesman", "a doctor of the Lake Relief Union"; an envoy *to*
    a body is his state's, and so is a state's own office in one.
    """
    phrase = _TO.split(phrase)[0]
    words = re.findall(r"\w+", phrase)
    house = institution_in(phrase)
    named = [index.look_up(m.actor_id) for m in index.find(phrase) if m.how not in ("surname", "adjective", "demonym")]
    if any(a.kind == "organisation" and a.sector in ("military", "opposition") and not a.country for a in named):
        return True
    if any(w in name_parts("stateless") for w in words) or (house is not None and not house.country):
        return not any(a.kind == "state" for a in named)
    bodies = any(a.kind == "organisation" and not a.country for a in named)
    if not bodies or any(a.country for a in named):
        return False
    return not any_country(phrase, index)


_TO = re.compile(r" (?:to|against|on|over|about|fighting|monitoring) ")


def is_thing(phrase: str, index: NameIndex) -> bool:
    """Tell whether a phrase names a state or body rather than a person."""
    found = index.name(phrase)
    return bool(found) and found is not None and index.look_up(found.actor_id).kind != "person"


def is_organisation(name: str) -> bool:
    """Tell by its words or letters whether an unknown capitalised name is an organisation's."""
    words = name.split()
    if any(source_nouns().get(w.lower(), ("", ""))[0] in ("organisation", "document") for w in words[-1:]):
        return True
    if any(w in name_parts("organisation") for w in words):
        return True
    return len(words) == 1 and (
        (name.isupper() and len(name) > 1 and "." not in name) or bool(re.search(r"[a-z][A-Z]", name.replace("Mc", "")))
    ) and name[:2] not in ("De", "Di", "La", "Le", "Mac", "Du")  # fmt: skip
