"""Whom a mention means."""

from __future__ import annotations

from dataclasses import dataclass

from diplotext.cast.people import Person

#: the `basis` of those who belong to no state
STATELESS = "none: no state's"


@dataclass(frozen=True)
class Referent:
    """Whom a mention means; what is not known is None.

    Parameters
    ----------
    actor_id
        In the actor tables, or None.
    name
        The fullest name in the article, a state's or body's English name, or the words printed without article; None
        where no rule decides.
    kind
        person, organisation, state, anonymous, collective or unknown.
    role, sector, country
        Office, sector and ISO code at the article's date.
    parties
        ISO codes (names, where a party has none) of joint speakers, joined by ``;``.
    resolution
        By which kind of rule: exact, title, surname, description, pronoun, metonym or unresolved.
    rule
        The name of the rule that decided.
    basis
        What tells the country: table, title, name, owner, or home and what shows it (``home: dateline``); `STATELESS`
        of those who belong to none.
    person
        The article's person, if it is one.
    plural, noun, weak
        Whether several are meant, the noun of a description, whether the rule is a weak one.
    """

    actor_id: str | None = None
    name: str | None = None
    kind: str = "unknown"
    role: str | None = None
    sector: str | None = None
    country: str | None = None
    parties: str | None = None
    resolution: str = "unresolved"
    rule: str = ""
    basis: str = ""
    person: Person | None = None
    plural: bool = False
    noun: str = ""
    weak: bool = False

    @property
    def how(self) -> str:
        """How it was found: `resolution`, or home where the country is that of the story alone."""
        return "home" if self.basis.startswith("home") else self.resolution
