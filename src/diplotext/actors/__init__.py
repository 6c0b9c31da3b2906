"""Speakers: from a statement's printed source to a person, an institution or a state, as of the article's date."""

from __future__ import annotations

import bisect
import datetime as dt
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pandas as pd

from diplotext import schema
from diplotext.actors.corrections import correct_speaker, read_corrections
from diplotext.actors.explain import trace_mentions
from diplotext.actors.resolve import resolve_sources
from diplotext.cast import Cast, Referent, Source, read_cast
from diplotext.names import NameIndex, load_index
from diplotext.schema import read_rows
from diplotext.spans import Span
from diplotext.structure import outline_text

__all__ = ["explain_speaker", "resolve_speakers"]

#: the columns read.
_OF_ARTICLES = (
    "article_id",
    "text",
    "headline",
    "byline",
    "dateline",
    "outlet",
    "url",
    "published",
    "published_precision",
)
_OF_QUOTES = ("quote_id", "article_id", "speaker_mention", "kind", "start", "end")
#: columns filled, and the fields of a Referent that fill them
_FILLED = {
    "speaker": "name", "speaker_kind": "kind", "resolution": "resolution", "actor_id": "actor_id", "role": "role",
    "sector": "sector", "country": "country", "parties": "parties",
}  # fmt: skip


def resolve_speakers(
    quotes: pd.DataFrame,
    articles: pd.DataFrame,
    spans: pd.DataFrame | None = None,
    *,
    dictionaries: schema.Dictionaries | None = None,
) -> pd.DataFrame:
    """Fill in who speaks: name, kind, role, sector and country at the article's date, and how sure that is.

    It does not look beyond one article, does not find statements, and leaves a source that no rule decides unresolved.

    Parameters
    ----------
    quotes
        The quotes table that `attribute_quotes` returned.
    articles
        The articles table that the statements come from.
    spans
        The spans table of the same statements; without it a source is looked for near its statement.
    dictionaries
        Your own tables. Where your actors and the bundled ones know the same name, yours decide. The date is taken for
        articles without one of their own. Corrections overrule every rule, with ``resolution`` user: a person's or
        state's other columns follow from the actor tables where the name stands there; else they are left empty.

    Returns
    -------
    quotes with ``speaker, speaker_kind, resolution, actor_id, role, sector, country, parties`` filled, in the same
    order, and ``speaker_confidence`` in [0, 1], that of the rule which decided (``speaker_confidence.csv``).
    ``speaker`` is missing where ``resolution`` is unresolved.

    Raises
    ------
    ValueError
        If the tables do not belong together, an own table lacks a column or a value, or a correction names a statement
        that is not among `quotes`, or one twice.

    Examples
    --------
    >>> text = "The envoy of Kenya, Amina Otu, left on Monday. She said that the pass was closed."
    >>> articles = dt.load_articles(texts=[text])
    >>> quotes, spans = dt.attribute_quotes(articles)
    >>> resolve_speakers(quotes, articles, spans)[["speaker_mention", "speaker", "country"]].to_numpy().tolist()
    [['She', 'Amina Otu', 'KEN']]
    """
    quotes, articles, spans = schema.check_statements(quotes, articles, spans)
    own = schema.check_dictionaries(dictionaries)
    if quotes.empty:
        return quotes
    index = load_index(own.actors, own.aliases)
    given = read_corrections(own.corrections, quotes)
    result: dict[str, list[Any]] = {column: [None] * len(quotes) for column in _FILLED}
    shares = [0.0] * len(quotes)
    ids = quotes["quote_id"].tolist()
    for numbers, cast, found in read_articles(quotes, articles, spans, index, own.date):
        for number, (_, resolved) in zip(numbers, found, strict=True):
            by_hand = given.get(ids[number])
            if by_hand is not None:
                resolved = correct_speaker(*by_hand, index, cast.date)
            for column, name in _FILLED.items():
                result[column][number] = getattr(resolved, name)
            shares[number] = speaker_confidence(resolved)
    return schema.build_table("quotes", quotes.assign(**result, speaker_confidence=shares))


def explain_speaker(quote_id: str, analysis: schema.Analysis) -> pd.DataFrame:
    """Show why a statement has its speaker: the mentions that lead from its source to the name, in the text.

    It decides anew, by the same rules, and does not know corrections made by hand.

    Parameters
    ----------
    quote_id
        The statement.
    analysis
        With articles, quotes and spans, and the dictionaries that `resolve_speakers` was given.

    Returns
    -------
    DataFrame ``step, why, printed, start, end, rule``, one row a link of the chain: the source as printed; the last
    mention before it; the fullest name, or the first printing of a nameless source; the title that stands with it; the
    actor table's row at the article's date; the country. ``start`` and ``end`` index the cleaned text, and are missing
    where a link is not in the text. ``rule`` names the rule that decided (first row) and what told the country (table,
    title, name, owner, label, or the story's home); else it is empty.

    Raises
    ------
    ValueError
        If there is no such statement, or the tables do not belong together.

    Examples
    --------
    >>> by_pronoun = analysis.quotes.query("resolution == 'pronoun'")["quote_id"].iloc[0]
    >>> explain_speaker(by_pronoun, analysis).columns.tolist()
    ['step', 'why', 'printed', 'start', 'end', 'rule']
    """
    articles, quotes, spans = schema.take_tables(analysis, "articles", "quotes", "spans")
    own = schema.check_dictionaries(analysis.dictionaries)
    quotes, articles, spans = schema.check_statements(quotes, articles, spans)
    owner = quotes.loc[quotes["quote_id"] == quote_id, "article_id"]
    if owner.empty:
        raise ValueError(f"quote_id: expected a statement of these quotes; got {quote_id!r}")
    rows = _records(quotes[quotes["article_id"] == owner.iloc[0]], _OF_QUOTES)
    article = _records(articles[articles["article_id"] == owner.iloc[0]], _OF_ARTICLES)[0]
    day = _article_date(article, own.date)
    told, found = read_article(
        article, rows, _source_places(spans), _content_pieces(spans), load_index(own.actors, own.aliases), day
    )
    return trace_mentions(told, *found[[row["quote_id"] for row in rows].index(quote_id)])


def read_articles(
    quotes: pd.DataFrame, articles: pd.DataFrame, spans: pd.DataFrame | None, index: NameIndex, date: Any
) -> Iterator[tuple[list[int], Cast, list[tuple[Source, Referent]]]]:
    """Yield what each article told: the numbers of its rows of `quotes`, its cast, and source and speaker of each."""
    known = {row["article_id"]: row for row in _records(articles, _OF_ARTICLES)}
    rows = _records(quotes, _OF_QUOTES)
    places, pieces = _source_places(spans), _content_pieces(spans)
    by_article: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        by_article.setdefault(row["article_id"], []).append(number)
    for article_id, numbers in by_article.items():
        article = known[article_id]
        day = _article_date(article, date)
        yield numbers, *read_article(article, [rows[n] for n in numbers], places, pieces, index, day)


def read_article(
    article: dict[str, Any],
    rows: list[dict[str, Any]],
    places: dict[str, int],
    pieces: dict[str, list[Span]],
    index: NameIndex,
    date: dt.date | None,
) -> tuple[Cast, list[tuple[Source, Referent]]]:
    """Return what one article told about its speakers, and source and speaker of each row, in the order given."""
    text = article["text"]
    sources = []
    for row in rows:
        mention = row["speaker_mention"] if isinstance(row["speaker_mention"], str) else None
        start, end = int(row["start"]), int(row["end"])
        at = places.get(row["quote_id"], -1)
        if at < 0 and mention:
            at = _find_mention(text, mention, start, end)
        content = pieces.get(row["quote_id"])
        if content is None:  # the statement's hull without the source in its middle
            cut = (at, at + len(mention)) if mention and start < at < end else (end, end)
            content = [piece for piece in ((start, cut[0]), (cut[1], end)) if piece[1] > piece[0]]
        sources.append(Source(mention, at, start, end, row["kind"] or "", tuple(content)))
    if any(s.kind == "speech" and not s.mention for s in sources):
        sources = _fill_labels(sources, text, article.get("headline"))
    order = sorted(range(len(rows)), key=lambda n: (sources[n].at if sources[n].at >= 0 else sources[n].start, n))
    cast = read_cast(
        text, names=index, date=date, headline=article.get("headline"), byline=article.get("byline"),
        dateline=article.get("dateline"), outlet=article.get("outlet"),
    )  # fmt: skip
    back = dict(zip(order, resolve_sources(cast, [sources[n] for n in order], article.get("url") or ""), strict=True))
    return cast, [(sources[n], back[n]) for n in range(len(rows))]


def _fill_labels(sources: list[Source], text: str, headline: object) -> list[Source]:
    """Give speech without a printed source the label of the turn or title that it stands under."""
    outline = outline_text(text, headline if isinstance(headline, str) else None)
    turns = [(s.start, s.turn_speaker) for s in outline.sentences]
    filled = []
    for source in sources:
        at = bisect.bisect_right(turns, source.start, key=lambda t: t[0]) - 1
        label = turns[at][1] if at >= 0 else None
        filled.append(source._replace(mention=label) if source.kind == "speech" and not source.mention else source)
    return filled


def rules_of(resolved: Referent) -> tuple[str, str, str]:
    """Return the rule that decided, from the finest to the broadest: with its name, its kind, and weak or not."""
    broad = f"{resolved.resolution}-weak" if resolved.weak else resolved.resolution
    return f"{broad}: {resolved.rule}", broad, resolved.resolution


def speaker_confidence(resolved: Referent) -> float:
    """Return how often the rule that decided is right for this kind of speaker, from ``speaker_confidence.csv``."""
    table = _confidences()
    keys = ((rule, kind) for rule in rules_of(resolved) for kind in (resolved.kind, ""))
    return next(table[key] for key in keys if key in table)


@cache
def _confidences() -> dict[tuple[str, str], float]:
    return {(row["rule"], row["kind"]): float(row["confidence"]) for row in read_rows("speaker_confidence.csv")}


def _source_places(spans: pd.DataFrame | None) -> dict[str, int]:
    if spans is None or spans.empty:
        return {}
    places: dict[str, int] = {}
    for row in _records(spans[spans["role"] == "source"], ("quote_id", "start")):
        places[row["quote_id"]] = min(places.get(row["quote_id"], row["start"]), row["start"])
    return places


def _content_pieces(spans: pd.DataFrame | None) -> dict[str, list[Span]]:
    pieces: dict[str, list[Span]] = {}
    if spans is not None and not spans.empty:
        for row in _records(spans[spans["role"] == "content"], ("quote_id", "start", "end")):
            pieces.setdefault(row["quote_id"], []).append((row["start"], row["end"]))
    return pieces


def _records(frame: pd.DataFrame, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return rows with the given columns, by plain values; missing texts are None."""
    values = (frame[c].to_numpy(dtype=object, na_value=None).tolist() for c in columns)
    return [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]


def _find_mention(text: str, mention: str, start: int, end: int, reach: int = 500) -> int:
    """Return where a mention stands nearest to its statement, or -1."""
    low, high = max(0, start - reach), min(len(text), end + reach)
    hits = [m.start() + low for m in re.finditer(rf"(?<!\w){re.escape(mention)}(?!\w)", text[low:high])]
    outside = [h for h in hits if not start <= h < end] or hits
    return min(outside, key=lambda h: min(abs(h - end), abs(start - h - len(mention))), default=-1)


def _article_date(article: dict[str, Any], fallback: Any) -> dt.date | None:
    """Return the date that offices are looked up at; of a bare year or month, its middle."""
    published, precision = article.get("published"), article.get("published_precision")
    if published is None or pd.isna(published) or precision == "none":
        return fallback
    day: dt.date = published.date()
    if precision == "year":
        return day.replace(month=7, day=1)
    return day.replace(day=15) if precision == "month" else day
