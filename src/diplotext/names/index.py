"""The index: from names in text to actors, and from actors to their offices at a date."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd

from diplotext import schema
from diplotext.names import context
from diplotext.names.forms import fold, name_parts, office_of, spell, surname
from diplotext.schema import read_rows


class Mention(NamedTuple):
    """A name in a text: half-open offsets, the actor, and how it is named.

    `how` is one of name, alias, surname, demonym, adjective, capital, seat, office.
    """

    start: int
    end: int
    actor_id: str
    how: str


class Actor(NamedTuple):
    """An actor at a date; fields that are not known are None."""

    actor_id: str
    name: str
    kind: str
    sector: str | None
    country: str | None
    role: str | None


class _Term(NamedTuple):
    """One term for one or more namesakes: the folded phrase, how it names, and whom."""

    phrase: str
    how: str
    ids: tuple[str, ...]


_FIRST = re.compile(r"[^\W_]\w*")
#: of two ways in which a phrase names, the first decides.
_RANK = ("decoy", "name", "alias", "adjective", "demonym", "capital", "seat", "surname")


class NameIndex:
    """Names, aliases and surnames of actors, found in text; and their offices, looked up by date.

    It never changes the frames and holds no state between calls.

    Parameters
    ----------
    actors
        The actors table: one row per actor and office.
    aliases
        The aliases table; a further column ``how`` (default alias) tells demonyms, adjectives, capitals and seats.
    memberships
        The memberships table, or None.
    base
        An index that this one extends; where both know a name or an actor, this one's tables decide.
    """

    def __init__(
        self,
        actors: pd.DataFrame,
        aliases: pd.DataFrame | None = None,
        memberships: pd.DataFrame | None = None,
        base: NameIndex | None = None,
    ) -> None:
        actors = schema.build_table("actors", actors)
        aliases = schema.build_table("aliases", aliases)
        self._rows: dict[str, list[dict[str, Any]]] = dict(base._rows) if base else {}
        self._terms: dict[str, tuple[_Term, ...]] = dict(base._terms) if base else {}
        self._exact: dict[str, _Term] = dict(base._exact) if base else {}
        self._holders: dict[tuple[str, str], list[str]] = {k: list(v) for k, v in base._holders.items()} if base else {}
        self._members: list[dict[str, Any]] = list(base._members) if base else []
        #: actors of these tables rather than of `base`
        self.own = frozenset(actors["actor_id"]) if base else frozenset()
        terms: dict[tuple[str, str], list[str]] = {}
        fresh: set[str] = set()
        for row in _plain(actors):
            actor = row["actor_id"]
            if actor not in fresh:
                fresh.add(actor)
                self._rows[actor] = []
            self._rows[actor].append(row)
            _add(terms, row["name"], "name", actor)
            if row["kind"] == "person":
                _add(terms, surname(row["name"]), "surname", actor)
            office = office_of(row["role"]) if row["role"] and row["country"] else None
            if office:
                held = self._holders.setdefault((row["country"], office), [])
                if actor not in held:
                    held.append(actor)
        how = aliases["how"] if "how" in aliases else ["alias"] * len(aliases)
        for alias, actor, kind in zip(aliases["alias"], aliases["actor_id"], how, strict=True):
            if isinstance(alias, str) and alias.strip() and actor in self._rows:
                _add(terms, alias, kind, actor)
        if memberships is not None:
            self._members += _plain(schema.build_table("memberships", memberships))
        if base is None:
            for decoy in read_rows("decoys.csv"):
                _add(terms, decoy["phrase"], "decoy", "")
        self._extend(terms)

    def _extend(self, terms: dict[tuple[str, str], list[str]]) -> None:
        best: dict[str, _Term] = {}
        for (phrase, how), ids in terms.items():
            for spelling in spell(phrase):
                known = best.get(spelling)
                if known is None or _RANK.index(how) < _RANK.index(known.how):
                    best[spelling] = _Term(spelling, how, tuple(ids))
        by_word: dict[str, list[_Term]] = {}
        for term in best.values():
            first = _FIRST.match(term.phrase)
            if first:
                by_word.setdefault(first.group(), []).append(term)
                self._exact[term.phrase] = term
        for word, fresh in by_word.items():
            kept = [t for t in self._terms.get(word, ()) if t.phrase not in best]
            self._terms[word] = tuple(sorted([*kept, *fresh], key=lambda t: -len(t.phrase)))
        # Only these words can begin a name: those without a small first letter, and the few small ones that do.
        small = sorted(re.escape(word) for word in self._terms if "a" <= word[0] <= "z")
        self._starts = re.compile(rf"\b(?:[^\W_a-z]\w*{''.join(f'|{w}' for w in small)})\b")

    def find(self, text: str, start: int = 0, end: int | None = None, date: dt.date | None = None) -> list[Mention]:
        """Find the actors named between two offsets: the longest name at each place, on word bounds, no overlaps.

        A surname counts where one actor bears it: the one whose full name stands anywhere in the text, else the one in
        office at the date, else the only one. A first name before it ("Other Toran") or a word after it that makes it a
        thing ("Toran Foundation") rules it out. A capital counts as its state, save where it is a place ("in
        Marvagrad"). "The Marvanian president" is the holder at the date where the table knows one.

        Parameters
        ----------
        text
            Any text; offsets are into it.
        start, end
            Where to look.
        date
            The article's date, or None.

        Returns
        -------
        list of Mention, in the order of the text.
        """
        end = len(text) if end is None else end
        folded = fold(text)
        found: list[Mention] = []
        at = start
        terms_of = self._terms
        for word in self._starts.finditer(folded, start, end):
            terms = terms_of.get(word.group())
            begin = word.start()
            if terms is None or begin < at:
                continue
            for term in terms:
                stop = begin + len(term.phrase)
                if stop <= end and folded.startswith(term.phrase, begin) and context.stands_alone(folded, begin, stop):
                    at = stop
                    mention = self._judge(folded, term, begin, stop, date)
                    if mention is not None:
                        found.append(mention)
                        at = mention.end
                    break
        return found

    def _judge(self, folded: str, term: _Term, start: int, stop: int, date: dt.date | None) -> Mention | None:
        how = term.how
        if how == "decoy":
            return None
        if how == "surname":
            return self._judge_surname(folded, term, start, stop, date)
        actor = self._choose(term.ids, folded, date)
        if actor is None:
            return None
        first = self._rows[actor][0]
        if first["kind"] != "state":
            return Mention(start, stop, actor, how)
        if how in ("capital", "alias") and context.is_place(folded, start):
            return None
        if how == "capital":
            if context.name_follows(folded, stop) or context.name_precedes(folded, start):
                return None
            return Mention(start, stop, actor, how)
        office = context.office_beside(folded, start, stop)
        holder = self.holder(first["country"] or actor, office[0], date) if office else None
        return Mention(start, office[1], holder, "office") if office and holder else Mention(start, stop, actor, how)

    def _judge_surname(self, folded: str, term: _Term, start: int, stop: int, date: dt.date | None) -> Mention | None:
        if context.thing_follows(folded, stop) or context.name_precedes(folded, start, beside_titles=True):
            return None
        if term.phrase in name_parts("word"):  # "Young" and "May" need the full name
            named = [i for i in term.ids if fold(self._rows[i][0]["name"]) in folded]
            actor = named[0] if len(named) == 1 else None
        else:
            actor = self._choose(term.ids, folded, date)
        if actor is None:
            return None
        government, country = context.government_end(folded, stop), self._rows[actor][-1]["country"]
        if government and country in self._rows:
            return Mention(start, government, country, "seat")
        return Mention(start, stop, actor, "surname")

    def _choose(self, ids: tuple[str, ...], folded: str, date: dt.date | None) -> str | None:
        """Return whom of several namesakes a text means: the one it names in full, else the one in office."""
        if len(ids) > 1:
            ids = tuple(i for i in ids if fold(self._rows[i][0]["name"]) in folded) or ids
        if len(ids) > 1:
            ids = tuple(i for i in ids if self._in_office(i, date))
        return ids[0] if len(ids) == 1 else None

    def name(self, phrase: str, date: dt.date | None = None) -> Mention | None:
        """Return whom a whole phrase names ("the" before it is skipped), or None; offsets are into the phrase."""
        folded = phrase if phrase.isascii() else fold(phrase)
        skip = 4 if folded[:4].lower() == "the " else 0
        term = self._exact.get(folded[skip:])
        if term is None or term.how == "decoy":
            return None
        actor = self._choose(term.ids, "", date)
        return Mention(skip, len(phrase), actor, term.how) if actor else None

    def namesakes(self, phrase: str) -> tuple[str, ...]:
        """Return every actor that a whole phrase may name."""
        term = self._exact.get(fold(phrase))
        return term.ids if term and term.how != "decoy" else ()

    def look_up(self, actor_id: str, date: dt.date | None = None) -> Actor:
        """Return an actor with the office held at the date.

        Where two offices overlap, the one taken up last counts. Where the last one has ended, the role is "former …"
        and the sector other. Without a date the role is given only where the table knows a single one without end.

        Raises
        ------
        KeyError
            If the actor is in no table.
        """
        if actor_id not in self._rows:
            raise KeyError(f"actor_id: expected an actor of the tables; got {actor_id!r}")
        rows = self._rows[actor_id]
        first = rows[0]
        held = _held(rows, date)
        if held is not None:
            return Actor(actor_id, first["name"], first["kind"], held["sector"], held["country"], held["role"])
        country = first["country"] if len({r["country"] for r in rows}) == 1 else None
        ended = [r for r in rows if date and r["role"] and r["valid_to"] and r["valid_to"] < date]
        if ended:
            last = max(ended, key=lambda r: r["valid_to"])
            return Actor(actor_id, first["name"], first["kind"], "other", last["country"], f"former {last['role']}")
        sectors = {r["sector"] for r in rows}
        sector = sectors.pop() if date is None and len(sectors) == 1 else None
        return Actor(actor_id, first["name"], first["kind"], sector, country, None)

    def holder(self, country: str, office: str, date: dt.date | None) -> str | None:
        """Return the one person who held an office of a state at the date; None without a date or where two did."""
        held = self.holders(country, office, date)
        return held[0] if len(held) == 1 else None

    def holders(self, country: str, office: str, date: dt.date | None = None) -> list[str]:
        """Return who held an office (``titles.csv``: office) of a state at the date; without one, whoever ever did."""
        everyone = self._holders.get((country, office), [])
        if date is None:
            return list(everyone)
        return [
            a for a in everyone
            if any(r["country"] == country and r["role"] and office_of(r["role"]) == office and _covers(r, date)
                   for r in self._rows[a])
        ]  # fmt: skip

    def members(self, body: str, date: dt.date | None = None) -> frozenset[str]:
        """Return the states that belonged to a body at the date; without a date, those that belong to it still."""
        return frozenset(
            m["country"] for m in self._members
            if m["body"] == body and (not m["valid_to"] if date is None else _covers(m, date))
        )  # fmt: skip

    def _in_office(self, actor_id: str, date: dt.date | None) -> bool:
        return date is not None and any(r["role"] and _covers(r, date) for r in self._rows[actor_id])

    def __contains__(self, actor_id: object) -> bool:
        return actor_id in self._rows


def _add(terms: dict[tuple[str, str], list[str]], phrase: str, how: str, actor: str) -> None:
    phrase = " ".join(fold(phrase).split())
    if phrase[:4].lower() == "the ":
        phrase = phrase[4:]
    if len(phrase) > 1:
        ids = terms.setdefault((phrase, how), [])
        if actor not in ids:
            ids.append(actor)


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows with None for what is missing and dates as dates."""
    columns: dict[str, Iterable[Any]] = {}
    for column in frame:
        values = frame[column]
        if values.dtype.kind == "M":
            columns[column] = [None if pd.isna(v) else v.date() for v in values]
        else:
            columns[column] = [v if isinstance(v, str) and v else None for v in values]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _covers(row: dict[str, Any], date: dt.date) -> bool:
    return (not row["valid_from"] or row["valid_from"] <= date) and (not row["valid_to"] or date <= row["valid_to"])


def _held(rows: list[dict[str, Any]], date: dt.date | None) -> dict[str, Any] | None:
    if date is None:
        return rows[0] if len(rows) == 1 and not rows[0]["valid_to"] and not rows[0]["valid_from"] else None
    held = [r for r in rows if _covers(r, date)]
    return max(held, key=lambda r: r["valid_from"] or dt.date.min) if held else None
