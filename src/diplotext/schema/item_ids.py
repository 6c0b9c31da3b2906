"""Ids of what people label: a statement's quote_id, and of each of its targets one that raw offsets make."""

from __future__ import annotations


def make_target_id(quote_id: str, name: str | None, raw_start: int | None = None, raw_end: int | None = None) -> str:
    """Return the item_id of a target: ``quote_id#start-end`` in raw offsets, or ``quote_id#~name`` if it has no words.

    Examples
    --------
    >>> make_target_id("q1", "Ostrel", 10, 16), make_target_id("q1", "The Dam ")
    ('q1#10-16', 'q1#~the dam')
    """
    if raw_start is None or raw_end is None:
        return f"{quote_id}#~{' '.join(str(name or '').split()).casefold()}"
    return f"{quote_id}#{raw_start}-{raw_end}"


def read_quote_id(item_id: str) -> str:
    """Return the quote_id of a statement's or a target's item_id."""
    return item_id.partition("#")[0]
