"""What countries are called: their codes are what tables hold, their names what people read."""

from __future__ import annotations

from diplotext import schema


def name_countries(analysis: schema.Analysis) -> dict[str, str]:
    """Return code → name of every country that the tables of an analysis may have.

    It does not name what nothing names: such a code stays as it is.

    Parameters
    ----------
    analysis
        Names are ISO's; over them those that its quotes and stances give a state that speaks or is spoken of; over
        these those of your own actors, its dictionaries.

    Examples
    --------
    >>> own = schema.build_table("actors", [{"actor_id": "XOS", "kind": "state", "name": "Ostrel", "country": "XOS"}])
    >>> names = name_countries(schema.Analysis(dictionaries=schema.Dictionaries(actors=own)))
    >>> names["XOS"], names["NOR"]
    ('Ostrel', 'Norway')
    """
    names = {row["code"]: row["name"] for row in schema.read_rows("states.csv")}
    told = []
    if analysis.quotes is not None:
        own = analysis.quotes[analysis.quotes["speaker_kind"] == "state"]
        told.append(own[own["actor_id"] == own["country"]][["country", "speaker"]])
    if analysis.stances is not None:
        own = analysis.stances[analysis.stances["target_id"] == analysis.stances["target_country"]]
        told.append(own[["target_country", "target"]])
    for table in told:
        table = table.dropna().drop_duplicates(table.columns[0])
        names |= {code: name for code, name in zip(*(table[c] for c in table), strict=True) if code not in names}
    if analysis.dictionaries.actors is not None:
        actors = schema.build_table("actors", analysis.dictionaries.actors)
        own = actors[(actors["kind"] == "state") & actors["country"].notna() & actors["name"].notna()]
        names |= dict(zip(own["country"], own["name"], strict=True))
    return names
