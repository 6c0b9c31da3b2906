"""The bundled tables as one index, and the user's own over it."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from diplotext import schema
from diplotext.names.index import NameIndex
from diplotext.schema import read_rows


def load_index(actors: pd.DataFrame | None = None, aliases: pd.DataFrame | None = None) -> NameIndex:
    """Return the index over the bundled tables, extended by the user's own, which take precedence.

    Parameters
    ----------
    actors, aliases
        Tables in the schema's form, or None. Without either, the result is made once and shared.
    """
    if actors is None and aliases is None:
        return _bundled()
    return NameIndex(
        schema.build_table("actors") if actors is None else actors,
        schema.build_table("aliases") if aliases is None else aliases,
        base=_bundled(),
    )


@cache
def _bundled() -> NameIndex:
    actors: list[dict[str, Any]] = []
    aliases: list[dict[str, Any]] = []
    for row in read_rows("states.csv"):
        code = row["code"]
        actors.append({"actor_id": code, "name": row["name"], "kind": "state", "sector": "government", "country": code})
        columns = {"official_name": "name", "other_names": "name", "adjective": "adjective", "demonym": "demonym",
                   "capital": "capital", "seats": "seat"}  # fmt: skip
        aliases += [
            {"alias": alias.strip(), "actor_id": code, "how": how}
            for column, how in columns.items()
            for alias in row[column].split(";")
            if alias.strip()
        ]
    for row in read_rows("bodies.csv"):
        actors.append(
            {"actor_id": row["actor_id"], "name": row["name"], "kind": "organisation", "sector": row["sector"] or None}
        )
        # "the bloc" is a description, of whichever body was named before
        names = [a.strip() for a in row["aliases"].split(";") if not a.startswith("the ")]
        aliases += [{"alias": name, "actor_id": row["actor_id"], "how": "alias"} for name in names]
    aliases += [{"how": "alias", **row} for row in read_rows("aliases.csv")]
    return NameIndex(
        schema.build_table("actors", [*actors, *_read("actors.csv")]),
        pd.DataFrame(aliases, columns=["alias", "actor_id", "how"]),
        schema.build_table("memberships", _read("memberships.csv")),
    )


def _read(name: str) -> list[dict[str, str | None]]:
    """Return the rows of a bundled table whose empty cells are missing values."""
    return [{column: cell or None for column, cell in row.items()} for row in read_rows(name)]
