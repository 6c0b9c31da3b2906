"""The report: one self-contained page of findings, each number linked to its statements in their articles."""

from __future__ import annotations

import base64
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from diplotext import schema
from diplotext.report.browse import ROW, STATEMENT, describe_articles, list_rows, plain_rows
from diplotext.report.documents import write_docx, write_markdown
from diplotext.report.highlight import STYLES
from diplotext.report.results import GROUPS, Results, collect_results
from diplotext.report.traces import summarise_traces

#: how many rows (a statement toward a target) one page holds; further articles go on further pages.
PAGE_ROWS = 50_000
#: how many traces are printed.
TRACES = 60
_SHOWN = ("articles", "sentences", "quotes", "spans", "stances")


def write_report(
    analysis: schema.Analysis,
    path: str | Path,
    *,
    rejected: pd.DataFrame | None = None,
    samples: pd.DataFrame | None = None,
    shown: schema.Analysis | None = None,
) -> Path:
    """Write the report of a run, by the path's ending: as HTML, or its results for a paper as Markdown or DOCX.

    The page of HTML loads nothing from anywhere. It holds every statement with its article, up to 50,000 rows of
    statement and target; the articles beyond that go to further pages beside it, ``report-2.html`` and so on, and each
    page says so. Markdown and DOCX hold tables, figures and methods, no statements.

    Parameters
    ----------
    analysis
        With articles, sentences, quotes, spans and stances, as `analyze` returns them; with traces, transcripts
        and utterances the page shows printed and spoken words side by side; with annotations (of one coder, or settled)
        corrected estimates stand beside the counted ones, as far as 30 labels or more are behind them.
    path
        The file to write: ``.html``, ``.md`` (figures go beside it, as PNG) or ``.docx``.
    rejected
        Inputs that could not be read: source, reason, advice.
    samples
        The sample that was labelled; needed with annotations.

    Returns
    -------
    Path of the file.

    Raises
    ------
    SchemaError
        If one of these tables was not made.
    ValueError
        For another ending, or annotations without their sample.
    ModuleNotFoundError
        For DOCX, if python-docx is not installed.

    Examples
    --------
    >>> write_report(analysis, folder / "report.html").name
    'report.html'
    """
    path = Path(path)
    writers = {".html": None, ".md": write_markdown, ".docx": write_docx}
    if path.suffix not in writers:
        raise ValueError(f"path: expected an ending of {', '.join(writers)}; got {path.name!r}")
    results = collect_results(analysis, samples, rejected)
    write = writers[path.suffix]
    if write is None:
        _write_pages(analysis, shown or analysis, path, results, rejected)
    else:
        write(results, path)
    return path


def _write_pages(
    analysis: schema.Analysis, shown: schema.Analysis, path: Path, results: Results, rejected: pd.DataFrame | None
) -> None:
    tables = dict(zip(_SHOWN, schema.take_tables(shown, *_SHOWN), strict=True))
    (every,) = schema.take_tables(analysis, "articles")
    rows, articles = list_rows(shown), describe_articles(tables)
    starts = _split(rows, len(articles))
    names = [path.name, *(f"{path.stem}-{n}{path.suffix}" for n in range(2, len(starts) + 1))]
    findings = {
        "results": results,
        "sections": [
            {"image": base64.b64encode(section.figure).decode("ascii"), "section": section,
             "lines": [(line, _link(**line.wanted)) for line in section.lines]}
            for section in results.sections
        ],
        "rejected": [] if rejected is None else rejected.to_dict("records"),
        "postures": _posture_table(rows if shown is analysis else list_rows(analysis)),
        "n_articles": len(every), "n_shown": len(articles),
        "traces": summarise_traces(shown, {a["id"]: f"{a['outlet']} · {a['day']}" for a in articles}, TRACES),
    }  # fmt: skip
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
