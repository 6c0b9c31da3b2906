"""How a name is introduced: the title, office or nation that stands right before or after it. All texts are folded."""

from __future__ import annotations

import re
from functools import cache

from diplotext.names import NameIndex, name_parts, office_group, source_nouns
from diplotext.names.titles import Title, any_country, country_of, singular, split_title, title_in, titles

NO_TITLE = Title()

_SMALL = re.compile(r"(?<![\w'-])(?:[\w'-]+ ){1,14}$")
_LEADS = re.compile(
    r", who (?:leads|led|heads|headed|runs|ran|commands|commanded|represents|serves|served) ([^,.;:\n]{4,80})"
)
_OWNER = re.compile(r"[A-Z][\w-]+'s")
#: what a comma or "who is" adds to a name, up to the next mark
_APPOSITION = re.compile(
    r"(?:, (?:who (?:is|was) )?|, (?:aged )?\d\d?, |,? \(\d\d?\),? |,? - )"
    r"((?:(?:an?|the|his|her|its|one of) )?[^,.;:\n]{4,110})"
)
_OF_STATE = re.compile(r" of (?:the )?([A-Z]\w+(?: [A-Z]\w+){0,2})")
#: "from Marvagrad", "who fled Marvagrad"
_ORIGIN = re.compile(
    r"(?:, (?:aged )?\d\d?,?| \(\d\d?\))?,? (?:(?:originally|who comes|who is|who was born|born) )?from "
    r"((?:(?:the|a|an|near|of|in|[a-z]+ern|central|city|town|village|province|district|region) )*"
    r"[A-Z][\w'-]*(?:,? (?:in |of )?(?:the )?(?:[a-z]+(?:ern|-east|-west) )?[A-Z][\w'-]*){0,4})"
)
_RELATIVE = re.compile(r" (?:who|whom|whose|that|which|and|but|as|when|while) ")
_DETERMINED = re.compile(r"(?:an?|the|one of) ")
_HUMAN = re.compile(r"(?:er|or|ist|man|woman|ian|ee|ant|national|native|citizen|exile)$")


def title_before(folded: str, start: int, index: NameIndex) -> Title:
    """Return a title in small letters right before a name: "Kremlin spokesman", "the Marvanian envoy, "."""
    window = folded[max(0, start - 140) : start]
    comma = window.endswith(", ")
    window = window[:-2] + " " if comma else window
    found = _SMALL.search(window)
    if not found:
        return NO_TITLE
    words = found.group().split()
    last = words[-1].lower()
    if comma:
        begin = next((i for i in range(len(words) - 1, -1, -1) if words[i].lower() in ("the", "a", "an")), None)
        owner = next((i for i in range(len(words) - 1, -1, -1) if _OWNER.fullmatch(words[i])), None)
        begin = owner - 1 if begin is None and owner is not None else begin  # "Marvania's finance minister, "
        if begin is None:
            return NO_TITLE
        if any(w.lower() in titles() for w in words[begin + 1 :]):
            return title_in(" ".join(words[begin + 1 :]), index)
        return _national(words[begin + 1 :], index)
    begin = next((i + 1 for i in range(len(words) - 1, -1, -1) if words[i].lower() in name_parts("stop")), 0)
    if last not in titles() and singular(last) not in titles():
        return _national(words[begin:], index) if words[-1].islower() else NO_TITLE
    return split_title(words[begin:], index)[0]


def _national(words: list[str], index: NameIndex) -> Title:
    """Return the nation of "the Marvanian photojournalist", where no title is known."""
    last = words[-1].lower() if words else ""
    human = source_nouns().get(last, ("", ""))[0] == "anonymous" or _HUMAN.search(last)
    return Title(country=any_country(" ".join(words[-4:]), index)) if human else NO_TITLE


def title_after(folded: str, end: int, index: NameIndex) -> Title:
    """Return a title in the apposition right after a name: ", the Marvanian finance minister,"."""
    of_state = _OF_STATE.match(folded, end)
    land = country_of(of_state.group(1), index) if of_state else ""
    if land:
        return Title(country=land)
    origin = _ORIGIN.match(folded, end)
    if origin:
        return Title(country=any_country(origin.group(1), index))
    told = _APPOSITION.match(folded, end)
    title = title_in(told.group(1), index) if told else NO_TITLE
    leads = _LEADS.match(folded, end)
    if leads and not title.text:
        return Title(country=any_country(leads.group(1).replace("'s", ""), index))
    if told and not title.country and not title.stateless and title.office not in office_group("sent"):
        phrase = _RELATIVE.split(told.group(1))[0].replace("'s", "")
        if title.text or _DETERMINED.match(phrase):
            title = title._replace(country=any_country(phrase, index))
    return title


def complete(title: Title, other: Title) -> Title:
    """Return a title, or where there is none another; with the other's country if it lacks one."""
    kept = title if title.text else other
    country = title.country or other.country
    return kept._replace(country=country, stateless=not country and (title.stateless or other.stateless))


@cache
def things() -> frozenset[str]:
    """Return the words that make a thing of a capitalised name, wherever they stand in it."""
    return name_parts("follower") | name_parts("organisation") | name_parts("thing")
