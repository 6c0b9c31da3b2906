"""The bundled tables as one index, and the user's own over it."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from diplotext import schema
from diplotext.names.forms import read_resource
from diplotext.names.index import NameIndex


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
    people = read_resource("actors.csv").replace("", None)
    states, bodies = read_resource("states.csv"), read_resource("bodies.csv")
    actors: list[dict[str, Any]] = []
    aliases: list[dict[str, Any]] = []
    for row in states.to_dict("records"):
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
    for row in bodies.to_dict("records"):
        actors.append(
            {"actor_id": row["actor_id"], "name": row["name"], "kind": "organisation", "sector": row["sector"] or None}
        )
        # "the bloc" is a description, of whichever body was named before
        names = [a.strip() for a in row["aliases"].split(";") if not a.startswith("the ")]
        aliases += [{"alias": name, "actor_id": row["actor_id"], "how": "alias"} for name in names]
    extra = read_resource("aliases.csv").to_dict("records")
    aliases += [{"how": "alias", **row} for row in extra]
    memberships = read_resource("memberships.csv").replace("", None)
    return NameIndex(
        pd.concat([schema.build_table("actors", actors), schema.build_table("actors", people)], ignore_index=True),
        pd.DataFrame(aliases, columns=["alias", "actor_id", "how"]),
        memberships,
    )
