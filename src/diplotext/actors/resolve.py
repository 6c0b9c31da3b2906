"""From the sources of one article's statements to whom they mean, in the order of the text."""

from __future__ import annotations

from dataclasses import replace

from diplotext.actors.article import Article, Resolved, Source
from diplotext.actors.descriptions import resolve_description
from diplotext.actors.labels import Labels
from diplotext.actors.pronouns import resolve_pronoun
from diplotext.names.mentions import Parsed, parse_mention


def resolve_sources(article: Article, headline: str = "", url: str = "") -> list[Resolved]:
    """Return one Resolved for each of the article's sources, in their order.

    Each rule may lean on what was resolved before: `article.history` grows by one with every source.
    """
    labels = Labels(article, headline, url) if any(s.kind == "speech" for s in article.sources) else None
    parsed = [
        parse_mention(s.mention, article.index) if s.mention and s.kind != "speech" else Parsed("empty", "")
        for s in article.sources
    ]
    for source, read in zip(article.sources, parsed, strict=True):
        # Whoever speaks by name is a person that pronouns may mean, and its title holds for earlier mentions too.
        if read.kind == "name" and not article.thing(read):
            person = article.person(read, source.at, create=len(read.name.split()) > 1)
            if person is not None:
                article.cast.trust(person)
    results = []
    for source, read in zip(article.sources, parsed, strict=True):
        if labels is not None and source.kind == "speech":
            found = labels.resolve(source.mention) if source.mention else labels.issuing()
        else:
            found = resolve_mention(article, source, read)
            if found.speaker and not found.country and not found.parties and found.sector != "body":
                found = replace(found, country=article.home)
        article.remember(source, found)
        results.append(found)
    return results


def resolve_mention(article: Article, source: Source, read: Parsed) -> Resolved:
    """Return whom one mention means, by the rule for its kind."""
    if read.kind == "empty":
        return _continue(article, source)
    if read.kind == "pronoun":
        return resolve_pronoun(article, source, read, resolve_mention)
    if read.kind == "joint":
        return article.joint([article.name(source, part) for part in read.parts])
    if read.kind == "name":
        return article.name(source, read)
    return resolve_description(article, source, read)


def _continue(article: Article, source: Source) -> Resolved:
    """Give a direct quote without a source the speaker of the one before it, in the same paragraph or the next."""
    if source.kind in ("direct", "mixed") and article.history:
        before, found = article.history[-1]
        step = article.cast.paragraph(source.start) - article.cast.paragraph(max(before.end - 1, before.start))
        if before.kind in ("direct", "mixed") and 0 <= step <= 1 and found.speaker:
            return replace(found, resolution="pronoun", weak=True)
    return Resolved()
