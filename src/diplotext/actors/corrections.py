"""Speakers corrected by hand."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from diplotext.cast import Referent
from diplotext.names import NameIndex

_COLUMNS = ["quote_id", "speaker", "country"]


def read_corrections(table: pd.DataFrame | None, quotes: pd.DataFrame) -> dict[str, tuple[str | None, str | None]]:
    """Return quote_id → (speaker, country), each None where the table has it empty.

    Raises
    ------
    ValueError
        If a row names no statement of `quotes`.
    """
    if table is None:
        return {}
    unknown = table.loc[~table["quote_id"].isin(quotes["quote_id"]), "quote_id"]
    if len(unknown):
        raise ValueError(f"corrections: expected a statement of these quotes; got quote_id {unknown.iloc[0]!r}")
    values = table[_COLUMNS].astype("object").where(table[_COLUMNS].notna(), None)
    return {q: (speaker or None, country or None) for q, speaker, country in values.itertuples(index=False)}


def correct_speaker(speaker: str | None, country: str | None, index: NameIndex, date: dt.date | None) -> Referent:
    """Return whom a correction means: of the actor tables where they know the name, else the name alone."""
    if speaker is None:
        return Referent(resolution="user", country=country)
    mention = index.name(speaker, date)
    if mention is None or mention.how == "surname":
        return Referent(None, speaker, country=country, resolution="user")
    actor = index.look_up(mention.actor_id, date)
    return Referent(actor.actor_id, speaker, actor.kind, actor.role, actor.sector, country or actor.country,
                    resolution="user")  # fmt: skip
