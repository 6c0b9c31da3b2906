"""The report: one self-contained page in which every figure lists the statements behind it."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from diplotext import schema
from diplotext.findings import UNDATED, UNRESOLVED, label_groups, tabulate_findings
from diplotext.plots import plot_stances, plot_timeline
from diplotext.report.highlight import CSS, pieces_by_quote, render_table, render_text, say_date
from diplotext.report.notebook import describe_stances, stances_by_quote
from diplotext.report.traces import summarise_traces

#: how many statements one group lists; the rest is counted and stays in the tables.
LISTED = 60
#: how many groups a figure shows, and how many articles are printed whole.
GROUPS, ARTICLES = 12, 40
_SHOWN = ("articles", "sentences", "quotes", "spans", "stances")


def write_report(analysis: schema.Analysis, path: str | Path, *, rejected: pd.DataFrame | None = None) -> Path:
    """Write the report of a run as one HTML file that loads nothing from anywhere.

    It does not list every statement of a large corpus: a group lists its first 60, and the page says how many more
    there are; the tables hold all.

    Parameters
    ----------
    analysis
        With articles, sentences, quotes, spans and stances, as `analyze` returns them; with traces, transcripts
        and utterances the report shows printed and spoken words side by side.
    path
        The file to write.
    rejected
        Inputs that could not be read: source, reason, advice.

    Returns
    -------
    Path of the file.

    Raises
    ------
    SchemaError
        If one of these tables was not made.
    """
    path = Path(path)
    tables = dict(zip(_SHOWN, schema.take_tables(analysis, *_SHOWN), strict=True))
    listing = _Listing(tables)
    originals = tables["articles"].loc[tables["articles"]["duplicate_of"].isna(), "article_id"]
    quotes = tables["quotes"][tables["quotes"]["article_id"].isin(originals)]
    html = _template().render(
        css=CSS,
        summary=_summary(tables, rejected),
        rejected=[] if rejected is None else rejected.to_dict("records"),
        figures=[*_stance_figure(tables, listing, quotes), *_timeline_figure(tables, listing, quotes)],
        postures=_posture_table(tables, quotes),
        articles=_articles(tables, listing),
        traces=summarise_traces(analysis, listing.places, LISTED),
        n_articles=len(tables["articles"]),
        listed=LISTED,
    )
    path.write_text(html, "utf-8")
    return path


@cache
def _template() -> Any:
    import jinja2

    source = (files("diplotext") / "resources" / "report.html.j2").read_text("utf-8")
    return jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True).from_string(source)


class _Listing:
    """Finds the sentence behind a statement and renders it; the tables are grouped once."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self._articles = {row["article_id"]: row for row in tables["articles"].to_dict("records")}
        self.places = {article_id: _place(row) for article_id, row in self._articles.items()}
        self._sentences = {
            article: (rows["start"].to_numpy(dtype=int), rows["end"].to_numpy(dtype=int))
            for article, rows in tables["sentences"].groupby("article_id", sort=False)
        }
        self.pieces = pieces_by_quote(tables["spans"], dict.fromkeys(tables["quotes"]["quote_id"], 1))
        self._stances = stances_by_quote(tables["stances"])

    def render(self, rows: pd.DataFrame) -> dict[str, Any]:
        """Return the shown statements and how many more there are."""
        return {
            "items": [self._item(row) for row in rows.head(LISTED).itertuples()],
            "more": max(0, len(rows) - LISTED),
        }

    def _item(self, row: Any) -> dict[str, Any]:
        article = self._articles[row.article_id]
        pieces = self.pieces[row.quote_id]
        low = min([row.start, *(p.start for p in pieces)])
        high = max([row.end, *(p.end for p in pieces)])
        starts, ends = self._sentences.get(row.article_id, (np.array([low]), np.array([high])))
        touched = (starts < high) & (ends > low)
        if touched.any():
            low, high = min(low, int(starts[touched].min())), max(high, int(ends[touched].max()))
        posture, targets = describe_stances(self._stances.get(row.quote_id, []))
        return {
            "sentence": render_text(article["text"], pieces, int(low), int(high)).replace("[1]", ""),
            "speaker": _or_dash(row.speaker),
            "about": ", ".join(str(v) for v in (row.role, row.country) if isinstance(v, str) and v),
            "mention": row.speaker_mention if isinstance(row.speaker_mention, str) else "",
            "posture": posture,
            "targets": targets,
            "confidence": _sure(row),
            "where": " · ".join(str(v) for v in (article["headline"], article["outlet"], _day(article)) if _given(v)),
            "url": article["url"] if _is_web(article["url"]) else "",
            "source": article["source"],
            "raw": f"{row.raw_start}–{row.raw_end}",
        }


def _sure(row: Any) -> str:
    shares = [share for share in (row.confidence, row.speaker_confidence) if not pd.isna(share)]
    return f"{math.prod(shares):.2f}" if shares else ""


def _place(article: Any) -> str:
    shown = [str(v) for v in (article["outlet"], _day(article)) if _given(v)]
    return " · ".join(shown if _given(article["outlet"]) else [article["source"], *shown])


def _given(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _or_dash(value: object) -> str:
    return value if isinstance(value, str) and value else UNRESOLVED


def _is_web(url: object) -> bool:
    return isinstance(url, str) and url.startswith(("http://", "https://"))


def _day(article: Any) -> str:
    if pd.isna(article["published"]):
        return "undated"
    return say_date(article["published"], article["published_precision"])


def _summary(tables: Mapping[str, pd.DataFrame], rejected: pd.DataFrame | None) -> list[tuple[str, str]]:
    articles, quotes = tables["articles"], tables["quotes"]
    dated = articles.loc[articles["published_precision"].isin(["time", "day"]), "published"]
    kinds = quotes["kind"].value_counts()
    unresolved = int((quotes["resolution"].fillna("unresolved") == "unresolved").sum())
    period = f"{say_date(dated.min())} – {say_date(dated.max())}" if len(dated) else "no article is dated to the day"
    return [
        ("Articles", f"{len(articles)}, of them {int(articles['duplicate_of'].notna().sum())} copies of another"),
        ("Looks machine-paraphrased", str(int(articles["suspect_paraphrase"].notna().sum()))),
        ("Inputs not read", str(0 if rejected is None else len(rejected))),
        ("Published", f"{period}; {len(articles) - len(dated)} without a day"),
        ("Statements", f"{len(quotes)}: " + (", ".join(f"{n} {k}" for k, n in kinds.items()) or "none found")),
        ("Speakers", f"{quotes['speaker'].nunique()} distinct; {unresolved} statements unresolved"),
        ("With a missing or reversed quote mark", str(int((~quotes["closed"].astype("boolean").fillna(True)).sum()))),
    ]


def _draw(plot: Callable[[Any], Any], height: float) -> str:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, height), layout="constrained")
    FigureCanvasAgg(figure)
    plot(figure.subplots())
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=130, metadata={"Software": None})
    return base64.b64encode(stream.getvalue()).decode("ascii")


def _stance_figure(tables: Mapping[str, pd.DataFrame], listing: _Listing, quotes: pd.DataFrame) -> list[dict[str, Any]]:
    stances = tables["stances"]
    named = stances[stances["target_id"].fillna("") != ""]
    findings = tabulate_findings(quotes, named, by=["country", "target"], articles=tables["articles"])
    targeted = findings[findings["measure"] == "stance_balance"].head(GROUPS)
    if targeted.empty:
        return []
    groups = []
    for row in targeted.itertuples():
        toward = named.loc[label_groups(named, "target") == row.target, "quote_id"]
        rows = quotes[(label_groups(quotes, "country") == row.country) & quotes["quote_id"].isin(toward)]
        title = f"{row.country} → {row.target}: balance {_with_interval(row)}, {len(rows)} statements"
        groups.append({"title": title, **listing.render(rows)})
    return [
        {
            "title": "Stance of speakers' countries toward their targets",
            "image": _draw(lambda ax: plot_stances(findings, ax, top=GROUPS), 1.8 + 0.42 * len(targeted)),
            "alt": "; ".join(group["title"] for group in groups),
            "groups": groups,
        }
    ]


def _timeline_figure(
    tables: Mapping[str, pd.DataFrame], listing: _Listing, quotes: pd.DataFrame
) -> list[dict[str, Any]]:
    articles = tables["articles"]
    findings = tabulate_findings(tables["quotes"], tables["stances"], by=["day"], articles=articles)
    rows = findings[(findings["measure"] == "quad_balance") & (findings["day"] != UNDATED)].sort_values("day")
    if rows.empty:
        return []
    days = dict(zip(articles["article_id"], articles["published"].dt.strftime("%Y-%m-%d"), strict=True))
    published = quotes["article_id"].map(days)
    with_quad = tables["stances"].loc[tables["stances"]["quad"].fillna("none") != "none", "quote_id"]
    spoken = quotes["quote_id"].isin(with_quad)
    groups = []
    for row in rows.itertuples():
        said = quotes[spoken & (published == row.day)]
        title = f"{row.day}: balance {_with_interval(row)}, {len(said)} statements"
        groups.append({"title": title, **listing.render(said)})
    return [
        {
            "title": "Cooperation and conflict in words, by day of publication",
            "image": _draw(lambda ax: plot_timeline(findings, ax=ax), 4.2),
            "alt": "; ".join(group["title"] for group in groups),
            "groups": groups,
        }
    ]


def _with_interval(row: Any) -> str:
    if pd.isna(row.ci_low):
        return f"{row.estimate:+.2f} (one article, no interval)"
    return f"{row.estimate:+.2f} [{row.ci_low:+.2f}, {row.ci_high:+.2f}]"


def _posture_table(tables: Mapping[str, pd.DataFrame], quotes: pd.DataFrame) -> str:
    """Return counts of postures by speaker's country; duplicates counted once, the unresolved in a row of their own."""
    stances = tables["stances"].drop_duplicates("quote_id")[["quote_id", "posture"]]
    rows = quotes[["quote_id", "country", "resolution"]].merge(stances, on="quote_id")
    if rows.empty:
        return ""
    counts = pd.crosstab(label_groups(rows, "country"), rows["posture"])
    counts = counts[[p for p in schema.POSTURES if p in counts.columns]]
    counts = counts.assign(all=counts.sum(axis=1)).sort_values("all", ascending=False, kind="stable").head(2 * GROUPS)
    body = [[name, *(int(n) or None for n in row)] for name, row in zip(counts.index, counts.to_numpy(), strict=True)]
    return render_table(body, ["speaker's country", *counts.columns])


def _articles(tables: Mapping[str, pd.DataFrame], listing: _Listing) -> list[dict[str, Any]]:
    quotes = dict(list(tables["quotes"].groupby("article_id", sort=False)))
    shown = []
    for article in tables["articles"].head(ARTICLES).to_dict("records"):
        rows = quotes.get(article["article_id"], tables["quotes"].iloc[:0]).sort_values(["start", "end"])
        numbers = {q: n for n, q in enumerate(rows["quote_id"], 1)}
        pieces = [piece._replace(number=n) for q, n in numbers.items() for piece in listing.pieces[q]]
        lines = [
            [numbers[r.quote_id], r.kind, r.speaker_mention, r.speaker, r.country, r.resolution]
            for r in rows.itertuples()
        ]
        shown.append(
            {
                "title": article["headline"] if _given(article["headline"]) else article["source"],
                "meta": " · ".join(str(v) for v in (article["outlet"], _day(article), article["source"]) if _given(v)),
                "url": article["url"] if _is_web(article["url"]) else "",
                "remarks": [
                    text
                    for name, text in (
                        ("duplicate_of", f"copy of {article['duplicate_of']}"),
                        ("suspect_paraphrase", f"looks machine-paraphrased: {article['suspect_paraphrase']}"),
                    )
                    if _given(article[name])
                ],
                "n": len(rows),
                "text": render_text(article["text"], pieces),
                "table": render_table(lines, ["", "kind", "source as printed", "speaker", "country", "decided by"]),
            }
        )
    return shown
