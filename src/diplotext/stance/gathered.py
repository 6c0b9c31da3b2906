"""Candidates as they are gathered: one an actor, whatever the number of its mentions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Candidate(NamedTuple):
    """One who may be a target: tokens ``[first, last)`` of the statement's words, -1 where not printed there."""

    target_id: str
    name: str
    kind: str
    country: str | None
    first: int
    last: int
    features: frozenset[str]


class Gathered:
    """Candidates as they are gathered: one an actor, the features of all its mentions together."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[str, str | None, int, int]] = {}
        self.features: dict[str, set[str]] = {}

    def add(
        self, target_id: str, name: str, country: str | None, first: int, last: int, features: Iterable[str]
    ) -> None:
        """Add a mention, or what speaks for an actor without one."""
        known = self.rows.get(target_id)
        if known is None or known[2] < 0 <= first:
            self.rows[target_id] = (name, country, first, last)
        elif first >= 0:
            self.features[target_id].add("repeated")
        self.features.setdefault(target_id, set()).update(features)

    def stands_inside(self, target_id: str) -> bool:
        """Tell whether a candidate is printed in the statement."""
        return target_id in self.rows and self.rows[target_id][2] >= 0

    def list(self, kind: str) -> list[Candidate]:
        """Return the candidates, all of one kind, in the order in which they were added."""
        return [
            Candidate(i, name, kind, country, first, last, frozenset(self.features[i]))
            for i, (name, country, first, last) in self.rows.items()
        ]
