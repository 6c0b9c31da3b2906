"""The report: one self-contained page of findings, each number linked to its statements in their articles."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from diplotext import schema
from diplotext.findings import UNDATED, tabulate_findings
from diplotext.plots import plot_stances, plot_timeline
from diplotext.report.browse import ROW, STATEMENT, describe_articles, list_rows, plain_rows
from diplotext.report.highlight import STYLES, say_date
from diplotext.report.traces import summarise_traces

#: how many rows (a statement toward a target) one page holds; further articles go on further pages.
PAGE_ROWS = 50_000
#: how many groups a figure shows, and how many traces are printed.
GROUPS, TRACES = 12, 60
_SHOWN = ("articles", "sentences", "quotes", "spans", "stances")


def write_report(analysis: schema.Analysis, path: str | Path, *, rejected: pd.DataFrame | None = None) -> Path:
    """Write the report of a run as one HTML file that loads nothing from anywhere.

    It holds every statement with its article, up to 50,000 rows of statement and target; the articles beyond that go to
    further pages beside it, ``report-2.html`` and so on, and each page says so.

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
    originals = tables["articles"].loc[tables["articles"]["duplicate_of"].isna(), "article_id"]
    quotes = tables["quotes"][tables["quotes"]["article_id"].isin(originals)]
    rows, articles = list_rows(tables), describe_articles(tables)
    starts = _split(rows, len(articles))
    names = [path.name, *(f"{path.stem}-{n}{path.suffix}" for n in range(2, len(starts) + 1))]
    findings = {
        "summary": _summary(tables, rejected),
        "rejected": [] if rejected is None else rejected.to_dict("records"),
        "figures": [*_stance_figure(tables, quotes), *_timeline_figure(tables)],
        "postures": _posture_table(rows),
        "traces": summarise_traces(analysis, {a["id"]: f"{a['outlet']} · {a['day']}" for a in articles}, TRACES),
    }
    for name, low, high in zip(names, starts, [*starts[1:], len(articles)], strict=True):
        own = rows[rows["article"].between(low, high - 1)]
        data = {
            "fields": ROW, "of_statement": STATEMENT, "articles": articles[low:high],
            "rows": plain_rows(own.assign(article=own["article"] - low)[list(ROW)]),
        }  # fmt: skip
        html = _template().render(
            **findings,
            **_parts(),
            first=low == 0,
            data=data,
            name=name,
            names=names,
            n_rows=len(own),
            n_all=len(rows),
            n_statements=own["quote_id"].nunique(),
        )
        path.with_name(name).write_text(html, "utf-8", errors="backslashreplace")
    return path


def _split(rows: pd.DataFrame, n_articles: int) -> list[int]:
    """Return the number of the first article on each page."""
    sizes = rows["article"].value_counts().reindex(range(n_articles), fill_value=0)
    starts, held = [0], 0
    for article, size in sizes.items():
        if held and held + size > PAGE_ROWS:
            starts.append(int(article))
            held = 0
        held += size
    return starts


@cache
def _parts() -> dict[str, str]:
    """Return scripts and styles that stand in the page: the table library's, and our own."""
    library, own = files("itables") / "html", files("diplotext") / "resources"
    return {
        "library": base64.b64encode((library / "dt_bundle.js").read_bytes()).decode("ascii"),
        "library_css": (library / "dt_bundle.css").read_text("utf-8"),
        "css": (own / "report.css").read_text("utf-8")
        + "\n".join(f".dt-{role}{{{STYLES[role]}}}" for role in ("content", "source", "cue", "number")),
        "script": (own / "report.js").read_text("utf-8"),
    }


@cache
def _template() -> Any:
    import jinja2

    source = (files("diplotext") / "resources" / "report.html.j2").read_text("utf-8")
    return jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True).from_string(source)


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
    figure.savefig(stream, format="png", dpi=130, bbox_inches="tight", metadata={"Software": None})
    return base64.b64encode(stream.getvalue()).decode("ascii")


def _stance_figure(tables: Mapping[str, pd.DataFrame], quotes: pd.DataFrame) -> list[dict[str, Any]]:
    stances = tables["stances"]
    named = stances[stances["target_id"].fillna("") != ""]
    findings = tabulate_findings(quotes, named, by=["country", "target"], articles=tables["articles"])
    targeted = findings[findings["measure"] == "stance_balance"].head(GROUPS)
    if targeted.empty:
        return []
    groups = [
        {
            "title": f"{row.country} → {row.target}: balance {_with_interval(row)}, {row.n_quotes} statements",
            "link": _link(country=row.country, target=row.target),
        }
        for row in targeted.itertuples()
    ]
    return [
        {
            "title": "Stance of speakers' countries toward their targets",
            "image": _draw(lambda ax: plot_stances(findings, ax, top=GROUPS), 1.8 + 0.42 * len(targeted)),
            "alt": "; ".join(group["title"] for group in groups),
            "groups": groups,
        }
    ]


def _timeline_figure(tables: Mapping[str, pd.DataFrame]) -> list[dict[str, Any]]:
    findings = tabulate_findings(tables["quotes"], tables["stances"], by=["week"], articles=tables["articles"])
    rows = findings[(findings["measure"] == "quad_balance") & (findings["week"] != UNDATED)].sort_values("week")
    if rows.empty:
        return []
    groups = [
        {
            "title": f"week of {row.week}: balance {_with_interval(row)}, {row.n_quotes} statements in either class",
            "link": _link(week=row.week),
        }
        for row in rows.itertuples()
    ]
    return [
        {
            "title": "Cooperation and conflict in words, by week of publication",
            "image": _draw(lambda ax: plot_timeline(findings, ax=ax), 4.2),
            "alt": "; ".join(group["title"] for group in groups),
            "groups": groups,
        }
    ]


def _with_interval(row: Any) -> str:
    if pd.isna(row.ci_low):
        return f"{row.estimate:+.2f} (one article, no interval)"
    return f"{row.estimate:+.2f} [{row.ci_low:+.2f}, {row.ci_high:+.2f}]"


def _posture_table(rows: pd.DataFrame) -> dict[str, Any]:
    """Return counts of postures by speaker's country; copies of an article counted once, each count with its link."""
    once = rows[rows["counted"] == "yes"].drop_duplicates("quote_id")
    counts = pd.crosstab(once["country"], once["posture"])
    counts = counts[[p for p in schema.POSTURES if p in counts.columns]]
    counts = counts.assign(all=counts.sum(axis=1)).sort_values("all", ascending=False, kind="stable").head(2 * GROUPS)
    lines = [
        (country, [(int(n), _link(country=country, **({} if p == "all" else {"posture": p}))) for p, n in line.items()])
        for country, line in counts.iterrows()
    ]
    return {"head": list(counts.columns), "lines": lines}


def _link(**wanted: str) -> str:
    """Return the fragment that shows the counted statements of a group."""
    return f"#{urlencode(wanted | {'counted': 'yes'})}"
