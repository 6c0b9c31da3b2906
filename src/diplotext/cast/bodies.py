"""Bodies of an article: states, organisations, houses and papers, under full names, short ones and acronyms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from diplotext.cast.referent import STATELESS, Referent
from diplotext.names import Actor, fold, given_names, name_parts, source_nouns
from diplotext.names.mentions import Parsed
from diplotext.names.titles import institutions, is_organisation

if TYPE_CHECKING:
    from diplotext.cast.reading import Cast

#: "the Lake Water Authority (LWA)", "the Lake Water Authority, or LWA,", "the Free Lake Movement, known as the FLM,"
_EXPLAINED = re.compile(
    r"(?: \(|, )(?:(?:or|also known as|known as|called|abbreviated as) )?(?:the )?"
    r"[\"“]?([A-Z][A-Za-z&.-]{1,9})[\"”]?(?=[),])"
)
#: "the LWA (Lake Water Authority)"
_SPELT_OUT = re.compile(r"\b([A-Z][A-Z&.-]{1,9}) \(([A-Z][^()\n]{5,90})\)")
_SMALL = frozenset(["of", "for", "and", "the", "on", "to", "in", "de", "des", "du", "la", "der"])
#: how far before its acronym a name may begin
_NAME_REACH = 110


def find_acronyms(cast: Cast) -> dict[str, str]:
    """Return acronym -> full name, of bodies that the article names with it."""
    found: dict[str, str] = {}
    text = cast.people.folded
    pairs = [(text[max(0, m.start() - _NAME_REACH) : m.start()], m.group(1)) for m in _EXPLAINED.finditer(text)]
    for phrase, acronym in pairs + [m.group(2, 1) for m in _SPELT_OUT.finditer(text)]:
        name = _behind(phrase, acronym)
        if name:
            found.setdefault(acronym.replace(".", ""), name)
    return found


def _behind(phrase: str, acronym: str) -> str:
    """Return the words at the end of a phrase whose first letters are an acronym's, or an empty text.

    An acronym of another language stands for the whole name before it, if that is an organisation's.
    """
    letters = re.sub(r"[^A-Z]", "", acronym)
    words: list[str] = []
    for word in reversed(phrase.split()):
        if not word[0].isupper() and word not in _SMALL:
            break
        words.insert(0, word)
    while words and words[0] in _SMALL:
        words.pop(0)
    if len(letters) < 2 or not words or words[-1][-1] in ".,;:":
        return ""
    for first, word in enumerate(words):
        initials = [part[0] for w in words[first:] if w not in _SMALL for part in w.split("-") if part]
        if words[-1] in name_parts("company") and len(initials) > len(letters):
            initials.pop()  # "(LG&W)" after "Lake Gas and Water Company"
        if word not in _SMALL and "".join(initials).upper() in (
            letters,
            letters[:-1] if acronym[-1] == "s" else letters,
        ):
            return " ".join(words[first:])
    return " ".join(words) if len(words) > 1 and is_organisation(" ".join(words)) else ""


def is_body(cast: Cast, read: Parsed) -> bool:
    """Tell whether a name that no actor table knows is an organisation's."""
    name = fold(read.name)
    if name in institutions() or name in cast.acronyms:
        return True
    if read.title.office or name.split()[0] in given_names():
        return False
    return is_organisation(read.name) or (read.definite and len(read.name.split()) > 1)


def resolve_known(cast: Cast, read: Parsed, actor: Actor) -> Referent:
    """Resolve a name or metonym that the tables know; a seat of government keeps its own name."""
    found = cast.index.name(read.name, cast.date)
    how = found.how if found else "name"
    own = actor.actor_id in cast.index.own
    name, kind = actor.name, actor.kind
    metonym = how in ("capital", "seat", "demonym", "adjective") or (how == "alias" and own and kind == "state")
    if how == "seat" and kind == "state":
        name, kind = read.text, "organisation"
    if actor.kind == "organisation" and actor.country and actor.sector == "government":
        metonym = True
    return Referent(actor.actor_id, name, kind, None, actor.sector, actor.country,
                    resolution="metonym" if metonym else "exact", rule=f"{how} in the tables",
                    basis="table" if actor.country else "", plural=True)  # fmt: skip


def resolve_named(cast: Cast, read: Parsed) -> Referent:
    """Resolve another organisation's name to its fullest form in the article."""
    spelt = cast.acronyms.get(fold(read.name).replace(".", ""))
    name = spelt or cast.people.longest_run(read.name)
    actor = cast.thing(read._replace(name=name))
    if actor is not None:
        return cast.actor(actor.actor_id, "exact", "acronym explained" if spelt else "short name")
    words = name.split()
    noun = words[-1].lower()
    ends = next(
        (m for m in cast.index.find(name, date=cast.date) if m.end == len(name) and " " in name[m.start :]), None
    )
    if ends is not None and ends.start and cast.index.look_up(ends.actor_id).kind == "organisation":
        return cast.actor(ends.actor_id, "exact", "name at the end")  # "the Tarsk-backed Free Lake Army"
    house = institutions().get(fold(name)) or institutions().get(fold(read.name))
    if house is not None:
        return Referent(None, name, "organisation", None, house.sector, house.country or None, resolution="exact",
                        rule="institution", basis="table" if house.country else STATELESS, noun=noun)  # fmt: skip
    sector = next((s for w in reversed(words) if (s := source_nouns().get(w.lower(), ("", ""))[1])), "other")
    if name_parts("medium") & set(words):
        sector = "media"
    country, basis = (read.title.country, "title") if read.title.country else (cast.country_in(name), "name")
    return Referent(None, read.text if name == read.name else name, "organisation", None, sector, country or None,
                    resolution="exact", rule="acronym explained" if spelt else "organisation's name",
                    basis=basis if country else "", noun=noun)  # fmt: skip
