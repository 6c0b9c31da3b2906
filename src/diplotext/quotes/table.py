"""The quotes and spans tables of a set of articles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from diplotext import schema, spans
from diplotext.language import Quotation, find_quotations
from diplotext.quotes.join import read_article, tell_kind
from diplotext.quotes.statement import Statement

_MARKS = re.compile(r"[“”„«»\"]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LOWER = re.compile(r"\b[a-z]")
_ENDED = re.compile(r"[.!?…][\"”’'»)]*$")
_STAGE = re.compile(r"^[\[(][^\])]*[\])]\W*$")
_ARTICLE = re.compile(r"^(?:the|an?)\s+", re.I)
_TIME = re.compile(
    r"\b(?=[mtwfsyeljand\d])(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|yesterday|today|tonight|last|earlier|later|ago|"
    r"jan|feb|march|apr|may|june|july|aug|sept?|oct|nov|dec|\d{4})",
    re.I,
)
_MEDIA = re.compile(
    r"\b(?:agency|newspaper|news|tv|television|radio|times|post|journal|network|magazine|broadcaster|channel|daily|"
    r"gazette|herald|tribune|cnn|cnbc|bbc|reuters|ap|afp|fox|abc|nbc|cbs|msnbc|npr|interfax|tass|ria|ria-novosti|xinhua|"
    r"anadolu|tasnim|yonhap|kyodo|al jazeera|associated press|wire service|website|podcast)\b",
    re.I,
)
_SPAN = ["quote_id", "role", "part", "start", "end", "raw_start", "raw_end"]


class Attributed(NamedTuple):
    """A statement with what its document tells about it."""

    statement: Statement
    kind: str
    turn_speaker: str | None = None


def attribute_quotes(articles: pd.DataFrame, edits: pd.DataFrame | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Find every statement of every article, with its cue, its source and their places.

    It does not say who the source is (see `resolve_speakers`), does not judge what is said, and reports only the
    outermost of nested reports. A source that is not printed beside the statement stays missing.

    Parameters
    ----------
    articles
        The articles table, cleaned or not.
    edits
        The edits table that `clean_articles` returned. Without it the edits are recovered by comparing `text` with
        `raw_text`.

    Returns
    -------
    quotes
        One row per statement, by article in the order given and then by place; key ``quote_id``. Filled are kind,
        text (the content's pieces joined by a space), cue, cue_kind, speaker_mention (the source as printed; of a
        relative pronoun, what it stands for), reported_speaker, relay, addressee, spoken_on, confidence in [0, 1] (the
        calibrated probability that this is a statement and its source the right one), closed (False where a mark is
        missing or reversed, in the text or before cleaning repaired it), and start, end, raw_start, raw_end,
        the hull of the content. The other columns are missing.
    spans
        One row per contiguous piece: key ``quote_id, role, part``; role is content, cue or source. Documents that are
        speech themselves have content only.

    Raises
    ------
    ValueError
        If the edits are not those of these articles, or none are given and an article's two texts do not align.

    References
    ----------
    The conventions (marks belong to the content, the cue is the whole verb group, titles belong to the source, only the
    outermost report) are those of Newell, Margolin & Ruths (2018), An Attribution Relations Corpus for Political News.

    Examples
    --------
    >>> articles = dt.load_articles(texts=["Envoy Toran said on Monday that the pass was closed."])
    >>> articles, edits = dt.clean_articles(articles)
    >>> quotes, spans = attribute_quotes(articles, edits)
    >>> quotes[["speaker_mention", "cue", "text", "kind"]].to_numpy().tolist()
    [['Envoy Toran', 'said', 'that the pass was closed', 'indirect']]
    """
    articles = schema.check_input(articles, "articles")
    maps = spans.offset_maps(articles, None if edits is None else schema.check_input(edits, "edits"))
    quotes: list[dict[str, Any]] = []
    pieces: list[tuple[Any, ...]] = []
    columns = (articles[c] for c in ("article_id", "raw_text", "text", "headline", "published", "published_precision"))
    for article_id, raw, text, headline, published, precision in zip(*columns, strict=True):
        headline = None if pd.isna(headline) else headline
        # only a known day makes "Friday" a date
        day = (None if pd.isna(published) else published.date(), "day" if pd.isna(precision) else precision)
        quotations = find_quotations(text)
        seen: set[str] = set()
        for item in attribute_text(text, headline, quotations):
            quote, rows = _rows(article_id, text, item, maps[article_id], day)
            quote["closed"] &= not _repaired(raw, maps[article_id], quote["raw_start"], quote["raw_end"])
            if quote["quote_id"] not in seen:
                seen.add(quote["quote_id"])
                quotes.append(quote)
                pieces += rows
    return schema.build_table("quotes", quotes), schema.build_table("spans", pd.DataFrame(pieces, columns=_SPAN))


def attribute_text(text: str, headline: str | None, quotations: list[Quotation] | None = None) -> list[Attributed]:
    """Return one text's statements in order; see `attribute_quotes`."""
    from diplotext.structure import outline_text

    quotations = find_quotations(text) if quotations is None else quotations
    outline = outline_text(text, headline)
    if outline.genre != "article":
        return list(_read_speech(text, outline.genre, outline.sentences))
    turns = [s for s in outline.sentences if s.turn_speaker is not None]
    told = read_article(text, outline.sentences, quotations)
    found = [Attributed(s, tell_kind(text, s.content, quotations)) for s in told]
    found += _read_speech(text, "remarks", turns)
    return sorted(found, key=lambda item: item.statement.content[0])


def _read_speech(text: str, genre: str, sentences: list[Any]) -> Iterator[Attributed]:
    """Yield the sentences of a document that is itself speech; stage directions, times and places are not spoken."""
    for sentence in sentences:
        if sentence.section != "body" or (genre == "briefing" and sentence.turn_speaker is None):
            continue
        start, end = sentence.start, sentence.end
        if _is_spoken(text[start:end], turn=sentence.turn_speaker is not None):
            statement = Statement([(start, end)], paragraph=sentence.paragraph)
            yield Attributed(statement, "speech", sentence.turn_speaker)


def _is_spoken(words: str, *, turn: bool) -> bool:
    """Tell speech from headings, signatures and stage directions; in somebody's turn one word may be all of it."""
    if _STAGE.match(words):
        return False
    if _LOWER.search(words) and len(_WORD.findall(words)) > 1:
        return True
    return turn and _ENDED.search(words) is not None and not words.isupper() and any(map(str.isalpha, words))


def _rows(
    article_id: str, text: str, item: Attributed, offsets: spans.OffsetMap, day: tuple[date | None, str]
) -> tuple[dict[str, Any], list[tuple[Any, ...]]]:
    """Return a statement's row of quotes and its rows of spans, in the order of `_SPAN`."""
    statement = item.statement
    content = statement.content
    by_role = {
        "content": content,
        "cue": [statement.cue] if statement.cue else [],
        "source": [statement.source] if statement.source else [],
    }
    pieces = [(role, part, span) for role, found in by_role.items() for part, span in enumerate(found)]
    places = [(role, part, *span, *offsets.to_raw(*span)) for role, part, span in pieces]
    start, end = content[0][0], max(e for _, e in content)
    raw_start, raw_end = offsets.to_raw(start, end) if len(content) > 1 else places[0][4:]

    def printed(span: spans.Span | None) -> str | None:
        return text[span[0] : span[1]].strip(" ,") if span else None

    cue_raw = places[len(content)][4] if statement.cue else ""
    quote_id = spans.short_hash(article_id, raw_start, raw_end, cue_raw)
    addressee = printed(statement.addressee)
    relay = printed(statement.relay) or (addressee if addressee and _MEDIA.search(addressee) else None)
    quote = {
        "quote_id": quote_id, "article_id": article_id, "kind": item.kind,
        "text": " ".join(text[s:e] for s, e in content),
        "cue": printed(statement.cue), "cue_kind": statement.cue_kind,
        "speaker_mention": item.turn_speaker if item.kind == "speech" else printed(statement.named or statement.source),
        "reported_speaker": printed(statement.reported),
        "relay": _ARTICLE.sub("", relay) if relay else None,
        "addressee": None if relay == addressee else addressee,
        "spoken_on": _find_day(text, statement, *day),
        "confidence": round(statement.confidence, 3), "closed": statement.closed,
        "start": start, "end": end, "raw_start": raw_start, "raw_end": raw_end,
    }  # fmt: skip
    return quote, [(quote_id, *place) for place in places]


def _repaired(raw: str, offsets: spans.OffsetMap, start: int, end: int) -> bool:
    """Tell whether cleaning had to turn, add or remove a quote mark of the raw span."""
    for edit in offsets.edits_within(start, end):
        removed = raw[edit.raw_start : edit.raw_end]
        before, after = _MARKS.findall(removed), _MARKS.findall(edit.replacement)
        # What held no mark and became one was only encoded wrongly; what was empty was missing.
        if before != after and (before or not removed):
            return True
    return False


def _find_day(text: str, statement: Statement, day: date | None, precision: str) -> date | None:
    """Return the day that the reporting clause names: "said on Friday", "told reporters Monday that"."""
    if statement.cue is None or statement.clause is None or statement.cue_kind != "speech":
        return None
    low, high = statement.clause
    at, stop = statement.cue
    # the reporting clause: from the last content, or the clause's beginning, to the next content
    low = max([low, *(e for _, e in statement.content if e <= at)])
    high = min([high, *(s for s, _ in statement.content if s >= stop)])
    if statement.source and statement.source[0] >= stop:
        stop = statement.source[1]
    window = text[low:high]
    if len(window) > 300 or not _TIME.search(window):
        return None
    from diplotext.language import find_dates

    source = statement.source or (at, at)
    for mention in find_dates(window, day, precision):
        place = low + mention.start
        if not source[0] <= place < source[1] and mention.first == mention.last:
            return mention.first
    return None
