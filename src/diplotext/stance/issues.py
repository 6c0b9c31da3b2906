"""Issues: what a statement may be about besides actors, by the phrases of `issues.csv` and of the user's own table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import pandas as pd

from diplotext.schema import read_rows
from diplotext.stance.phrases import Hit, PhraseTable


class Issue(NamedTuple):
    """An issue named: its tokens ``[first, last)``."""

    first: int
    last: int
    issue_id: str
    name: str


class IssueTable:
    """Issues compiled for search.

    Parameters
    ----------
    rows
        Mappings with issue_id, name and patterns (phrases joined by ``;``), all of them texts.
    first
        How many of the rows, from the first, take precedence: where their phrases stand no other issue is found.
    """

    def __init__(self, rows: Iterable[Mapping[str, str]], first: int = 0) -> None:
        self.rows = list(rows)
        self._first = first
        pairs = [(p.strip(), n) for n, row in enumerate(self.rows) for p in row["patterns"].split(";") if p.strip()]
        self._owner = [n for _, n in pairs]
        self._table = PhraseTable([p.lower() for p, _ in pairs])

    def find(self, words: Sequence[str]) -> list[Issue]:
        """Return each issue once, at its first (and there longest) phrase, in the order of the words."""
        best: dict[int, Hit] = {}
        taken: dict[int, int] = {}
        owner_of = self._owner
        hits = sorted(self._table.find(words), key=lambda h: (owner_of[h.row] >= self._first, h.first, -h.last))
        for hit in hits:
            owner = owner_of[hit.row]
            if owner not in best and all(taken.get(i, owner) == owner for i in range(hit.first, hit.last)):
                best[owner] = hit
                taken |= dict.fromkeys(range(hit.first, hit.last), owner)
        found = [Issue(hit.first, hit.last, self.rows[n]["issue_id"], self.rows[n]["name"]) for n, hit in best.items()]
        return sorted(found, key=lambda issue: issue.first)


@cache
def bundled_issues() -> IssueTable:
    """Return the issues of `issues.csv`, compiled once."""
    return IssueTable(read_rows("issues.csv"))


def load_issues(own: pd.DataFrame | None = None) -> IssueTable:
    """Return the bundled issues, extended by the user's own, which take precedence.

    Parameters
    ----------
    own
        The issues of `Dictionaries`. A row with the id of a bundled issue replaces it, and removes it where it has no
        patterns.

    Raises
    ------
    ValueError
        If a pattern is no phrase.
    """
    if own is None:
        return bundled_issues()
    rows = [
        {name: value.strip() for name, value in row.items()}
        for row in own[["issue_id", "name", "patterns"]].fillna("").to_dict("records")
    ]
    ids = {row["issue_id"] for row in rows}
    try:
        return IssueTable([*rows, *(row for row in bundled_issues().rows if row["issue_id"] not in ids)], len(rows))
    except ValueError as error:
        raise ValueError(f"issues.patterns: {error}") from error
