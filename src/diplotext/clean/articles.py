"""One article cleaned: its text, its edits, and what the removed lines said about it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pandas as pd

from diplotext.clean.draft import Draft
from diplotext.clean.lines import iter_lines
from diplotext.clean.rules import Rule, clean_draft, cut_suffix, select_rules
from diplotext.schema import SchemaError, build_table, check_input
from diplotext.spans import Edit
from diplotext.structure.sections import match_byline, match_dateline, match_notes

_TITLE_RULES = ("title_section", "title_outlet")
# What a headline does not end with; a stop is allowed after an abbreviation.
_NOT_A_TITLE = re.compile(r"(?:[,;:]|[^.]\.|[.!?]?[”\"’]\.)$")
_ABBREVIATED = re.compile(r"\b(?:[A-Z]\.){1,4}$|\b(?:Jr|Sr|Inc|Co|Corp|Ltd)\.$|(?:\.\.\.|…)$")
_NOT_BEFORE = re.compile(r"\d\d?:\d\d|[A-Z][A-Z .’'-]{1,40}:\s|Q[:.]?\s|[-*•]\s|https?:")


class Cleaned(NamedTuple):
    """One article after cleaning; what the source did not hold is None."""

    text: str
    edits: list[Edit]
    headline: str | None
    dateline: str | None
    byline: str | None
    notes: str | None
    date: str | None
    year: int | None


def clean_text(
    raw: str, *, headline: str | None = None, outlet: str | None = None, rules: tuple[Rule, ...] | None = None
) -> Cleaned:
    """Clean one text.

    It does not date the article (see `clean_articles`) and looks at nothing but its arguments.

    Parameters
    ----------
    raw
        The decoded source.
    headline
        The title where it is known from metadata; else the first line is taken where it looks like one.
    outlet
        Who published it, where known; its name is taken off the end of the headline.
    rules
        As `select_rules` returns them; None for all.
    """
    rules = select_rules() if rules is None else rules
    draft = Draft(raw, outlet)
    clean_draft(draft, rules)
    title = clean_title(headline, outlet, rules) if headline and headline.strip() else find_title(draft.text)
    return Cleaned(
        draft.text,
        draft.finish(),
        title,
        draft.dateline,
        draft.byline,
        "\n".join(draft.notes) or None,
        draft.date,
        draft.year,
    )


def clean_title(title: str, outlet: str | None, rules: Iterable[Rule]) -> str:
    """Return a headline from metadata without the section or outlet behind it."""
    title = " ".join(title.replace("\u00ad", "").split())
    for rule in rules:
        if rule.name in _TITLE_RULES:
            while (shorter := cut_suffix(title, rule.pattern, outlet)) != title:
                title = shorter
    return title


def find_title(text: str) -> str | None:
    """Return the first line where it looks like a headline: short, without a full stop, and followed by more."""
    span = next(iter_lines(text), None)
    if span is None:
        return None
    line = text[span[0] : span[1]].strip()
    words = line.split()
    if not 3 <= len(words) <= 30 or len(line) > 200 or not text[span[1] :].strip():
        return None
    if _NOT_BEFORE.match(line) or (_NOT_A_TITLE.search(line) and not _ABBREVIATED.search(line)):
        return None
    if match_dateline(line) or match_byline(line) or match_notes(line):
        return None
    return line


def clean_articles(articles: pd.DataFrame, rules: Iterable[str] | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    r"""Clean the raw text of articles by named rules; returns the articles and what was removed.

    It never changes a word, joins nothing but hard-wrapped lines, reorders nothing, and looks for no duplicates (see
    `mark_duplicates`). An article depends on its own row alone.

    Parameters
    ----------
    articles
        The articles table; `raw_text` is read, whatever `text` holds.
    rules
        Names of the rules to apply, as `list_rules` shows them; None for all. They are applied in the table's order,
        again and again until none finds anything.

    Returns
    -------
    articles
        The same rows in the same order, with `text`, and where the source shows them `headline` (of metadata, else the
        first line where it looks like one), `dateline`, `byline` (metadata's is kept), `notes` (one a line) and for
        an article without a date `published` with `published_precision` and `published_basis`: the dateline's date or
        the one printed above the story (basis ``dateline``), else the year of the copyright line (``copyright``).
    edits
        A row for each edit, by article and `raw_start`: `article_id`, `raw_start`, `raw_end` (offsets in `raw_text`),
        `start`, `end` (in `text`), `rule` (several joined by ``+`` where they worked on the same place), `removed` and
        `replacement`. Applied to the raw text they give the text.

    Raises
    ------
    SchemaError
        If a column that is needed is absent.
    ValueError
        For a name that is not a rule's.

    Examples
    --------
    >>> articles = dt.load_articles(texts=["The pass was closed on Monday, envoy Toran said.\n\nRead more: the gates"])
    >>> cleaned, edits = clean_articles(articles)
    >>> cleaned["text"].iloc[0]
    'The pass was closed on Monday, envoy Toran said.'
    >>> sorted(edits["rule"])
    ['outer_space', 'read_more']
    """
    chosen = select_rules(rules)
    result = check_input(articles, "articles")
    unread = result["raw_text"].isna() & result["text"].notna()
    if unread.any():
        raise SchemaError(
            f"articles.raw_text: expected the source of every text; got none of article_id "
            f"{result.loc[unread, 'article_id'].iloc[0]!r}; load_articles(frame) makes the articles table of texts"
        )
    rows: list[tuple[Any, ...]] = []
    records: list[dict[str, Any]] = []
    columns = (_plain(result[c]) for c in ("article_id", "raw_text", "headline", "outlet"))
    for article, raw, headline, outlet in zip(*columns, strict=True):
        cleaned = clean_text(raw or "", headline=headline, outlet=outlet, rules=chosen)
        records.append(cleaned._asdict())
        shift = 0
        for edit in cleaned.edits:
            start = edit.raw_start + shift
            removed = raw[edit.raw_start : edit.raw_end]
            end = start + len(edit.replacement)
            rows.append((article, edit.raw_start, edit.raw_end, start, end, edit.rule, removed, edit.replacement))
            shift += len(edit.replacement) - len(removed)
    found = pd.DataFrame(records, columns=list(Cleaned._fields), index=result.index)
    result["text"] = found["text"].astype("str")
    for column in ("headline", "dateline", "notes"):
        result[column] = found[column].astype("str")
    result["byline"] = result["byline"].fillna(found["byline"].astype("str"))
    names = ("article_id", "raw_start", "raw_end", "start", "end", "rule", "removed", "replacement")
    edits = build_table("edits", pd.DataFrame(rows, columns=list(names)))
    return _date(result, found), edits


def _date(articles: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Date the undated by what cleaning took out."""
    from diplotext.language import read_moment

    dates, precisions, bases = ([*_plain(articles[c])] for c in ("published", "published_precision", "published_basis"))
    for i, (printed, year) in enumerate(zip(_plain(found["date"]), _plain(found["year"]), strict=True)):
        if dates[i] is not None:
            continue
        parsed = read_moment(printed)
        if parsed is not None:
            dates[i], precisions[i], bases[i] = pd.Timestamp(parsed.at), parsed.precision, "dateline"
        elif year is not None:
            dates[i], precisions[i], bases[i] = pd.Timestamp(datetime(int(year), 1, 1, tzinfo=UTC)), "year", "copyright"
        else:
            precisions[i], bases[i] = "none", "none"
    dates = [d if d is None or d.tzinfo else d.tz_localize("UTC") for d in dates]
    articles["published"] = pd.Series(dates, index=articles.index, dtype="object").astype("datetime64[us, UTC]")
    articles["published_precision"] = pd.Series(precisions, index=articles.index, dtype="str")
    articles["published_basis"] = pd.Series(bases, index=articles.index, dtype="str")
    return articles


def _plain(column: pd.Series) -> list[Any]:
    """Return a column's values with None for what is missing."""
    return [None if missing else value for value, missing in zip(column, column.isna(), strict=True)]
