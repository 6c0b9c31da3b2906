"""From the sources of one article's statements to whom they mean, in the order of the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from diplotext.actors.labels import Labels
from diplotext.cast import Cast, Heard, Referent, Source
from diplotext.language import reporting_verbs

#: how many sentences after the last statement a quotation of its own may begin
_GAP = 2
_PRONOUN = re.compile(r"(?:He|She|They|It)\b")


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
    """Give a statement without a source the speaker of the quotation before it, or the subject of its sentence."""
    lead = _introduction().search(cast.people.folded, max(0, source.start - 160), source.start)
    if lead:
        found = cast.resolve(cast.text[lead.start(1) : lead.end(1)], lead.start(1), heard)
        return replace(found, weak=True)
    quoted = source.kind in ("direct", "mixed") and not _subject_first(cast, source)
    if quoted and heard.history:
        before, found = heard.history[-1]
        step = cast.people.paragraph(source.start) - cast.people.paragraph(max(before.end - 1, before.start))
        gap = heard.sentence(source.start) - heard.sentence(max(before.end - 1, before.start))
        if 0 <= step <= 1 and (before.kind in ("direct", "mixed") or gap <= _GAP) and found.name:
            return replace(found, resolution="pronoun", rule="goes on from the statement before", weak=True)
    return Referent() if quoted else _subject(cast, source, heard)


@cache
def _introduction() -> re.Pattern[str]:
    """Match the source before a colon that the attribution passed over: "Marvania's envoy said : «"."""
    verbs = "|".join(sorted(reporting_verbs()))
    return re.compile(rf"(?:^|[.!?\n»”\"] ?)([^.!?\n,:]{{2,80}}?) (?:{verbs})(?: [^.!?\n:]{{0,40}})? ?:\s*$")


def _subject_first(cast: Cast, source: Source) -> bool:
    """Tell whether a quotation stands inside a sentence of the article's own words."""
    before = cast.people.folded[max(0, source.start - 3) : source.start].rstrip()
    return bool(before) and before[-1] not in ".!?:\"'”’"


def _subject(cast: Cast, source: Source, heard: Heard) -> Referent:
    """Return who acts in the sentence that a statement without a source stands in: "Toran flew home, hoping to"."""
    here = heard.sentence(source.start)
    begin = heard.sentences[here] if here >= 0 else 0
    opening = _PRONOUN.match(cast.people.folded, begin)
    if opening and opening.end() < source.start:
        found = cast.resolve(opening.group(), begin, heard)
        return replace(found, resolution="pronoun", rule="subject of the sentence", weak=True)
    named = [(at, person) for at, person in cast.people.events if begin <= at < source.start and person.sure]
    groups = [g for g in cast.groups if begin <= g.start < source.start and g.acting]
    if named and (not groups or named[0][0] <= groups[0].end):
        found = cast.person(named[0][1], "pronoun")
    elif groups:
        found = cast.resolve(groups[0].printed, groups[0].start, heard)
    else:
        return Referent()
    return replace(found, resolution="pronoun", rule="subject of the sentence", weak=True)
