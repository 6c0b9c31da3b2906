"""Printed and spoken words side by side, with every change marked by a sign, in words and by colour."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from diplotext import schema
from diplotext.report.highlight import mark, render_table, say_date
from diplotext.trace import compare_words

if TYPE_CHECKING:
    from IPython.display import HTML

#: what stands before a marked word, and what it means.
SIGNS = {"changed": "≠", "dropped": "−", "added": "+", "inserted": "[ ]", "repaired": "~", "shared": "="}
LEGEND = (
    ("changed", "in another's place"), ("dropped", "said, not printed"), ("added", "printed, not said"),
    ("repaired", "taken back by the speaker, or a filler"), ("shared", "in both, where the rest is reworded"),
)  # fmt: skip
#: how the list of changes calls each sort.
_NAMES = {"changed": "Changed", "dropped": "Left out", "added": "Put in", "inserted": "In brackets"}
_FIDELITY = {
    "verbatim": "the same words", "trimmed": "a part, in the same words", "altered": "words changed inside the marks",
    "paraphrased": "other words", "unmatched": "no passage found in the records given",
}  # fmt: skip
_CONTEXT = 120  # characters of the record shown on each side
_SIDE = 'style="width:50%;padding:0.2em 1em 0.2em 0;text-align:left;vertical-align:top;line-height:1.6"'


def show_trace(quote_id: str, analysis: schema.Analysis) -> HTML:
    """Show one statement beside the words as spoken, every change marked, with a link to the record.

    It does not search; it shows what `trace_quotes` found. Changes carry a sign (≠ changed, − left out, + put in) and
    a colour, and are listed in words underneath.

    Parameters
    ----------
    quote_id
        The statement.
    analysis
        With articles, quotes, traces and transcripts, the records as given to `trace_quotes`; with spans each content
        piece stands beside its own passage.

    Returns
    -------
    IPython.display.HTML

    Raises
    ------
    ValueError
        If the statement has no trace, or a record is not among the transcripts.

    Examples
    --------
    >>> traced = analysis.traces.dropna(subset="transcript_id")["quote_id"].iloc[0]
    >>> show_trace(traced, analysis).data[:3]
    '<p>'
    """
    from IPython.display import HTML

    articles, quotes, traces, transcripts = schema.take_tables(analysis, "articles", "quotes", "traces", "transcripts")
    if quote_id not in set(traces["quote_id"]):
        near = difflib.get_close_matches(str(quote_id), traces["quote_id"].unique(), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"quote_id: expected a statement of these traces; got {quote_id!r}{hint}")
    owner = quotes[quotes["quote_id"] == quote_id]
    if owner.empty:
        raise ValueError(f"quotes: expected the traced statement {quote_id!r}; pass the quotes that were traced")
    rows = traces[traces["quote_id"] == quote_id].sort_values("part")
    records = {row["article_id"]: row for row in transcripts.to_dict("records")}
    lost = [t for t in rows["transcript_id"].dropna() if t not in records]
    if lost:
        raise ValueError(f"transcripts: expected the record {lost[0]!r}; pass the records that were traced to")
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    item = describe_trace(
        next(owner.itertuples()), list(rows.itertuples()), texts, records, _pieces(analysis.spans, quote_id)
    )
    outlet = dict(zip(articles["article_id"], articles["outlet"], strict=True)).get(owner["article_id"].iloc[0])
    where = escape(outlet) if isinstance(outlet, str) else "the article"
    return HTML(f"{legend()}{render_trace(item, where)}")


def _pieces(spans: pd.DataFrame | None, quote_id: str) -> dict[int, tuple[int, int]]:
    if spans is None:
        return {}
    own = spans[(spans["quote_id"] == quote_id) & (spans["role"] == "content")]
    return {int(r.part): (int(r.start), int(r.end)) for r in own.itertuples()}


def describe_trace(
    quote: Any,
    rows: list[Any],
    texts: Mapping[str, str],
    records: Mapping[str, Mapping[str, Any]],
    pieces: Mapping[int, tuple[int, int]],
) -> dict[str, Any]:
    """Return what a trace's rows show: pairs of printed and spoken HTML, the changes in words, and the facts.

    Parameters
    ----------
    quote, rows
        The statement's row of quotes, and its rows of traces, as named tuples.
    texts, records
        article_id → text of the articles; article_id → row of the records.
    pieces
        part → offsets in the article; without them the whole statement stands beside all its passages.
    """
    text = texts[quote.article_id]
    known = all(int(row.part) in pieces for row in rows)
    parts = [
        (text[slice(*pieces[int(row.part)])], [row]) for row in rows
    ] if known else [(quote.text, rows)]  # fmt: skip
    sides, changes = [], []
    for printed, own in parts:
        found = [row for row in own if isinstance(row.transcript_id, str)]
        passages = [records[row.transcript_id]["text"][row.start : row.end] for row in found]
        spoken = " … ".join(passages)
        differences = compare_words(printed, spoken, quote.kind) if found else []
        if any(row.fidelity == "paraphrased" for row in own):  # no word stands for another one
            differences = [d._replace(sort="shared") for d in differences if d.sort == "kept"]
        changes += [d for d in differences if d.sort in _NAMES]
        left = mark_words(printed, [(d.sort, d.printed) for d in differences])
        right = mark_words(spoken, [(d.sort, d.spoken) for d in differences])
        if len(found) == 1:
            before, after = _around(records[found[0].transcript_id]["text"], int(found[0].start), int(found[0].end))
            right = f"{before}{right}{after}"
        sides.append((left, right))
    first = next((row for row in rows if isinstance(row.transcript_id, str)), None)
    record = records[first.transcript_id] if first is not None else {}
    return {
        "sides": sides,
        "changes": [f"{_NAMES[d.sort]}: {_say(d)}" for d in changes],
        "fidelity": "; ".join(dict.fromkeys(f"{row.fidelity} ({_FIDELITY[row.fidelity]})" for row in rows)),
        "counts": "; ".join(_counts(row) for row in rows if row is not None and isinstance(row.transcript_id, str)),
        "speaker": quote.speaker if isinstance(quote.speaker, str) else "(unresolved)",
        "agrees": first is None or bool(first.speaker_agrees),
        "confidence": min((float(row.confidence) for row in rows), default=float("nan")),
        "record": " · ".join(
            str(v) for v in (record.get("headline"), record.get("source"), _day(record)) if isinstance(v, str) and v
        ),
        "raw": "; ".join(f"{row.raw_start}–{row.raw_end}" for row in rows if isinstance(row.transcript_id, str)),
        "url": record.get("url") if str(record.get("url")).startswith(("http://", "https://")) else "",
    }


def _day(record: Mapping[str, Any]) -> str:
    published = record.get("published")
    return "" if published is None or pd.isna(published) else say_date(published)


def _counts(row: Any) -> str:
    return f"{row.kept} words kept, {row.changed} changed, {row.dropped} left out, {row.added} put in"


def _say(difference: Any) -> str:
    printed, spoken = (" ".join(w.form for w in words) for words in (difference.printed, difference.spoken))
    if difference.sort == "changed":
        return f"{spoken} → {printed}"
    return (printed or spoken) + (" (marked)" if difference.sort == "dropped" and difference.marked else "")


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    low, high = max(0, start - _CONTEXT), min(len(text), end + _CONTEXT)
    before, after = text[low:start], text[end:high]
    before = "… " + before.split(" ", 1)[-1] if low else before
    after = after.rsplit(" ", 1)[0] + " …" if high < len(text) else after
    return mark(escape(before), "around"), mark(escape(after), "around")


def mark_words(text: str, runs: Iterable[tuple[str, tuple[Any, ...]]]) -> str:
    """Return a text as HTML in which runs of words carry the sign and the colour of their sort."""
    html, at = [], 0
    for sort, words in runs:
        if not words or sort not in SIGNS:
            continue
        start, end = max(at, words[0].start), words[-1].end
        if start >= end:
            continue
        html.append(escape(text[at:start]))
        sign = mark(SIGNS[sort], "sign") if sort != "inserted" else ""
        html.append(mark(sign + escape(text[start:end]), sort))
        at = end
    return "".join(html) + escape(text[at:])


def legend() -> str:
    """Return what signs and colours mean, as HTML."""
    items = [mark(mark(SIGNS[sort], "sign") + meaning, sort) for sort, meaning in LEGEND]
    return f"<p>{' · '.join(items)}</p>"


def render_trace(item: Mapping[str, Any], where: str) -> str:
    """Return a described trace as HTML; `where` is HTML that names the article."""
    record = escape(item["record"])
    if item["url"]:
        record = f'<a href="{escape(item["url"])}" rel="noreferrer">{record or "the record"}</a>'
    head = f"<th {_SIDE}>Printed in {where}</th><th {_SIDE}>Spoken: {record or 'no record'}</th>"
    rows = "".join(f"<tr><td {_SIDE}>{left}</td><td {_SIDE}>{right or '–'}</td></tr>" for left, right in item["sides"])
    same = "reworded" if "paraphrased" in item["fidelity"] else "no change of words"
    changes = escape("; ".join(item["changes"])) or same
    facts = [f"<strong>{escape(item['speaker'])}</strong>", escape(item["fidelity"])]
    if item["raw"]:
        facts += [changes, item["counts"], f"raw characters {item['raw']} of the record"]
        facts += [] if item["agrees"] else ["the record has another speaker"]
    facts.append(f"confidence {item['confidence']:.2f}")
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f"{table}<p>{' · '.join(facts)}</p>"


def summarise_traces(analysis: schema.Analysis, places: Mapping[str, str], listed: int) -> dict[str, Any] | None:
    """Return the report's section on traces, or None where a run has none.

    Parameters
    ----------
    analysis
        With traces and transcripts and, if at hand, utterances.
    places
        article_id → how the report calls the article.
    listed
        How many traces are shown.
    """
    if analysis.traces is None or analysis.traces.empty:
        return None
    articles, quotes, spans, traces, transcripts = schema.take_tables(
        analysis, "articles", "quotes", "spans", "traces", "transcripts"
    )
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    records = {row["article_id"]: row for row in transcripts.to_dict("records")}
    content = spans[spans["role"] == "content"]
    pieces: dict[str, dict[int, tuple[int, int]]] = {}
    for row in content.itertuples():
        pieces.setdefault(row.quote_id, {})[int(row.part)] = (int(row.start), int(row.end))
    found = traces[traces["transcript_id"].isin(list(records))]
    by_quote = {quote_id: list(own.itertuples()) for quote_id, own in found.groupby("quote_id", sort=False)}
    items = []
    traced = quotes[quotes["quote_id"].isin(list(by_quote))]
    for quote in traced.head(listed).itertuples():
        item = describe_trace(quote, by_quote[quote.quote_id], texts, records, pieces.get(quote.quote_id, {}))
        title = f"{item['speaker']}: {item['fidelity']}"
        items.append({"title": title, "html": render_trace(item, escape(places[quote.article_id]))})
    counts = traces["fidelity"].value_counts()
    order = [name for name in _FIDELITY if name in counts.index]
    return {
        "legend": legend(),
        "counts": render_table([[name, _FIDELITY[name], int(counts[name])] for name in order],
                               ["fidelity", "meaning", "pieces of statements"]),
        "items": items,
        "more": max(0, len(traced) - listed),
        "utterances": "" if analysis.utterances is None else _list_utterances(analysis.utterances, quotes, places),
    }  # fmt: skip


def _list_utterances(utterances: pd.DataFrame, quotes: pd.DataFrame, places: Mapping[str, str], most: int = 24) -> str:
    rows = utterances[utterances["n_articles"] > 1].merge(quotes, on="quote_id")
    if rows.empty:
        return ""
    rows = rows.sort_values(["n_articles", "utterance_id", "printing"], ascending=[False, True, True], kind="stable")
    chosen = rows[rows["utterance_id"].isin(rows["utterance_id"].drop_duplicates().head(most))]
    lines = [
        [row.speaker if row.printing == 1 else "", row.text, places[row.article_id], f"{row.drift:.2f}"]
        for row in chosen.itertuples()
    ]
    return render_table(lines, ["speaker", "as printed", "where", "drift from the earliest"])
