"""The story's home: the country of an official whose office no words tell."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from diplotext.cast.referent import Referent
from diplotext.names import name_parts, office_group, office_of
from diplotext.names.places import find_places, place_country
from diplotext.names.titles import institutions
from diplotext.schema import read_rows

if TYPE_CHECKING:
    from diplotext.cast.reading import Cast

#: share of the names with a country, cities among them, that an article's home country has.
_AT_HOME = 0.65
#: words that nobody explains where they are at home, how many of them tell it, and the share of mentions needed then.
_POLITICS = re.compile(
    r"\b(?:Republicans?|Democrats?|Democratic|GOP|Congress|congressional|Senate|Senators?|Capitol Hill|Supreme Court)\b"
    r"|\b(?:Sens?|Reps?|Gov)\. [A-Z]"
)
_MUCH, _SHARE = 4, 0.3
#: how often a country must be named for people without one to belong to it, the share of the names that the outlet's
#: must have then, the share that any other's must, and the share with which officials are the outlet's country's too
_OWN, _READERS, _MOST, _OFFICIAL = 2, 0.12, 0.5, 0.3
_NAMED = re.compile(r"\b[A-Z][a-z]")
#: what tells the country that acts in the lead
_LEADS = "whose act the lead reports"
#: how much of an article's beginning is its lead
_LEAD = 600
#: what may stand between the beginning of a clause and the state that acts in it
_OPENS = re.compile(
    r"(?:^|[.!?\n:;] ?|[-–—] |[\"“”] |, |\b(?:that|and|but|while|as|because|after|before) )(?:[Tt]he )?$"
)
#: after these the state owns, adjoins or lists something else: it does not act
_NO_ACT = re.compile(r"'s?\b|-|,? and\b|,? or\b|,? (?:[a-z]+ )?(?:said|told|says)\b")


class Home(NamedTuple):
    """Where a story is at home.

    `domestic`: the country that nearly everything in it belongs to, or None; `people`: that of people whom nobody
    places, and what shows it; `acts`: places where a state acts, and which; `told`: country of dateline, outlet and
    lead, the surest first, each with what tells it.
    """

    domestic: str | None
    people: tuple[str | None, str]
    acts: tuple[tuple[int, str], ...]
    told: tuple[tuple[str, str], ...]
    sentences: tuple[int, ...]

    def of(self, found: Referent, at: int) -> tuple[str | None, str]:
        """Return the country of somebody whose words tell none, and what shows it; (None, "") where nothing does."""
        words = (found.name or "").split()
        if found.kind != "person" and any(
            w in name_parts("nation") or w.lower() in name_parts("foreign") for w in words
        ):
            return None, ""  # "Kurdish officials" and "western diplomats" are no state's
        if self.domestic:
            return self.domestic, "home: nearly all of the article"
        named = found.kind != "person" and _NAMED.search(found.name or "")
        official = (
            not named
            and found.sector in ("government", "military")
            and found.kind in ("person", "anonymous", "organisation")
        )
        if not official or office_of(found.role or found.noun) in office_group("sent"):
            return self.people if found.kind == "person" and not official else (None, "")
        here = bisect.bisect_right(self.sentences, at)
        for place, country in self.acts if office_of(found.role or found.noun) in office_group("reporting") else ():
            if bisect.bisect_right(self.sentences, place) == here and self._may_hold(country, found):
                return country, "home: whose act is reported"
        for country, why in self.told:
            reports = office_of(found.role or found.noun) in office_group("reporting")
            if self._may_hold(country, found) and (why != _LEADS or reports):
                return country, f"home: {why}"
        return self.people if found.kind == "person" else (None, "")

    @staticmethod
    def _may_hold(country: str, found: Referent) -> bool:
        """Tell whether a state may have such an office: the United States have secretaries."""
        return country != "USA" or "inister" not in (found.role or found.noun)


def find_home(cast: Cast) -> Home:
    """Find where a story is at home."""
    index, date, text = cast.index, cast.date, cast.people.folded
    counts: Counter[str] = Counter()
    acts: list[tuple[int, str]] = []
    for mention in index.find(cast.text, date=date):
        actor = index.look_up(mention.actor_id, date)
        if not actor.country:
            continue
        counts[actor.country] += 1
        acting = actor.kind == "state" and mention.how in ("name", "alias", "capital", "seat")
        opens = acting and _OPENS.search(text, max(0, mention.start - 24), mention.start)
        if opens and not _NO_ACT.match(text, mention.end):
            acts.append((mention.start, actor.country))
    counts.update(find_places(cast.text, located=True))
    domestic, whole = _domestic(counts, cast), max(counts.total(), 1)
    outlet = institutions().get(cast.outlet) or institutions().get(cast.outlet.removeprefix("The "))
    people: tuple[str | None, str] = (None, "")
    if outlet and counts[outlet.country] >= max(_OWN, _READERS * whole):
        people = (outlet.country, "home: outlet, and named")
    elif counts and max(counts.values()) >= max(_OWN, _MOST * whole):
        people = (counts.most_common(1)[0][0], "home: named most")
    told: list[tuple[str, str]] = []
    place, seat = _place_country(cast)
    if place:  # what a paper abroad writes most about is not where the story is at home
        domestic = domestic if domestic == place else None
        people = people if people[0] == place else (None, "")
    if place and not seat:
        told.append((place, "dateline"))
    if outlet and counts[outlet.country] >= max(_OWN, _OFFICIAL * whole):
        told.append((outlet.country, "outlet"))
    lead = next((c for at, c in acts if at < _LEAD), None)
    if lead:
        told.append((lead, _LEADS))
    return Home(domestic, people, tuple(acts), tuple(dict.fromkeys(told)), tuple(cast.people.sentences))


def _domestic(counts: Counter[str], cast: Cast) -> str | None:
    """Return the country that an article is all about: at least `_AT_HOME` of the mentions that have one, and two.

    Or the United States, where the article is full of their party politics, as `_POLITICS` words tell.
    """
    states = sum(1 for _ in _us_states().finditer(cast.text))
    counts = counts + Counter({"USA": states})
    if not counts:
        return None
    country, count = counts.most_common(1)[0]
    if count >= max(2, _AT_HOME * counts.total()):
        return country
    inside = sum(1 for _ in _POLITICS.finditer(cast.text)) >= _MUCH
    return "USA" if inside and counts["USA"] >= _SHARE * counts.total() else None


def _place_country(cast: Cast) -> tuple[str | None, bool]:
    """Return the country of the dateline's city, or None, and whether it is a seat of bodies of many states."""
    place = re.split(r"[,(\d–—-]", cast.dateline)[0].strip().title() if cast.dateline else ""
    return _capitals().get(place) or place_country(place) or None, place in name_parts("seat")


@cache
def _capitals() -> dict[str, str]:
    return {c: row["code"] for row in read_rows("states.csv") for c in row["capital"].split(";") if c}


@cache
def _us_states() -> re.Pattern[str]:
    names = sorted(name_parts("us_state"), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")
