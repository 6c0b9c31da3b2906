"""From the sources of one article's statements to whom they mean, in the order of the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from diplotext.actors.labels import Labels
from diplotext.cast import Cast, Heard, Referent, Source


def resolve_sources(cast: Cast, sources: Sequence[Source], url: str = "") -> list[Referent]:
    """Return one Referent for each of the article's sources, in their order.

    Each may lean on what was resolved before: what is heard grows with every source.
    """
    heard = Heard(cast.people, sources)
    for source in sources:
        if source.mention and source.kind != "speech":
            cast.introduce(source.mention, source.at)
    labels = Labels(cast, url) if any(s.kind == "speech" for s in sources) else None
    results = []
    for source in sources:
        if labels is not None and source.kind == "speech":
            found = labels.resolve(source.mention) if source.mention else labels.issuing()
        elif source.mention:
            found = cast.resolve(source.mention, source.at if source.at >= 0 else source.end, heard)
        else:
            found = _continue(cast, source, heard)
        heard.remember(source, found)
        results.append(found)
    return results


def _continue(cast: Cast, source: Source, heard: Heard) -> Referent:
    """Give a direct quote without a source the speaker of the one before it, in the same paragraph or the next."""
    if source.kind in ("direct", "mixed") and heard.history:
        before, found = heard.history[-1]
        step = cast.people.paragraph(source.start) - cast.people.paragraph(max(before.end - 1, before.start))
        if before.kind in ("direct", "mixed") and 0 <= step <= 1 and found.name:
            return replace(found, resolution="pronoun", rule="goes on from the quotation before", weak=True)
    return Referent()
