"""What a report says in numbers: tables of counted and corrected estimates, figures, and how both were made."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any, NamedTuple

import pandas as pd

from diplotext import schema
from diplotext.findings import NO_TARGET, UNDATED, name_countries, tabulate_findings
from diplotext.findings.tables import FEW_LABELS
from diplotext.plots import plot_postures, plot_stances, plot_timeline
from diplotext.plots.drawing import limit_scale, name_group
from diplotext.report.highlight import say_date

#: how many groups a figure and its table show.
GROUPS = 12
_OVERALL = ("share_oppose", "share_neutral", "share_support", "stance_balance", "share_conditional", "quad_balance")
_NAMES = {"share_conditional": "conditional", "quad_balance": "balance of cooperation and conflict",
          "stance_balance": "balance of stances"}  # fmt: skip


class Line(NamedTuple):
    """One group or measure: what it is called, what the statements behind it have, its estimates in words, and n."""

    title: str
    wanted: dict[str, str]
    counted: str
    corrected: str
    n_quotes: int
    n_articles: int
    n_annotated: int


class Section(NamedTuple):
    """One table of results with its figure: what its rows are, what is estimated, lines, the figure as PNG."""

    title: str
    rows: str
    estimate: str
    lines: list[Line]
    figure: bytes

    def describe(self) -> str:
        """Return what the figure shows, in words."""
        return "; ".join(f"{line.title}: {line.counted}, {line.n_quotes} statements" for line in self.lines)


class Results(NamedTuple):
    """The results of a run: facts about it, sections, whether people's labels corrected them, and the methods."""

    facts: list[tuple[str, str]]
    sections: list[Section]
    corrected: bool
    methods: list[str]


def collect_results(
    analysis: schema.Analysis, samples: pd.DataFrame | None, rejected: pd.DataFrame | None = None
) -> Results:
    """Return the results of an analysis; with annotations and their sample, corrected ones beside the counted."""
    articles, quotes, stances = schema.take_tables(analysis, "articles", "quotes", "stances")
    if analysis.annotations is not None and samples is None:
        raise ValueError("samples: expected the sample that was labelled beside annotations; got None")
    names, tables = name_countries(analysis), {}
    with warnings.catch_warnings():  # the lines themselves say where there are too few labels
        warnings.filterwarnings("ignore", "annotations: ", UserWarning)
        for by in ((), ("country",), ("country", "target"), ("week",)):
            tables[by] = tabulate_findings(
                quotes, stances, by=by, articles=articles, utterances=analysis.utterances,
                annotations=analysis.annotations, samples=samples,
            )  # fmt: skip
    overall, by_country, pairs, weekly = tables.values()
    pairs = pairs[pairs["target"] != NO_TARGET]
    dated = weekly[weekly["week"] != UNDATED].sort_values("week", kind="stable")
    drafts: list[tuple[str, str, str, list[Line], Callable[[Any], Any], float]] = [
        ("All statements", "measure", "share or balance", _list_measures(overall),
         lambda ax: plot_postures(by_country, ax, names=names), 7),
        ("Stance of speakers' countries toward their targets", "who toward whom", "balance of stances",
         _list_groups(pairs, "stance_balance", names, GROUPS),
         lambda ax: plot_stances(pairs, ax, top=GROUPS, names=names), 6),
        ("Cooperation and conflict in words, by week of publication", "week", "balance",
         _list_groups(dated, "quad_balance", names), lambda ax: plot_timeline(weekly, ax=ax), 4.2),
    ]  # fmt: skip
    # What has no lines has no figure: there may be no measure to draw.
    shown = [Section(title, rows, estimate, lines, _draw(plot, height))
             for title, rows, estimate, lines, plot, height in drafts if lines]  # fmt: skip
    return Results(_list_facts(analysis, rejected), shown, samples is not None, _say_methods(analysis, samples))


def _list_measures(findings: pd.DataFrame) -> list[Line]:
    """Return the overall measures: stances, then postures by how frequent they are."""
    counted = findings[findings["method"] == "counted"]
    postures = counted[counted["measure"].str.startswith("posture_")]
    order = [*_OVERALL, *postures.sort_values("estimate", ascending=False, kind="stable")["measure"]]
    lines = []
    for measure in order:
        field, _, label = measure.partition("_")
        field = "stance" if measure in _OVERALL[:3] else field
        wanted = {field: label} if field in ("stance", "posture") and measure not in _NAMES else {}
        title = _NAMES.get(measure, f"{field}: {label.replace('_', ' ')}")
        lines += _make_lines(findings[findings["measure"] == measure], lambda _: (title, wanted), 1)  # noqa: B023
    return lines


def _list_groups(findings: pd.DataFrame, measure: str, names: Mapping[str, str], most: int | None = None) -> list[Line]:
    by = [str(c) for c in findings.columns if c not in schema.FINDINGS]
    rows = findings[findings["measure"] == measure]
    return _make_lines(rows, lambda row: (name_group(tuple(row[c] for c in by), names), _want(row, by, names)), most)


def _want(row: Any, by: list[str], names: Mapping[str, str]) -> dict[str, str]:
    """Return what the statements of a group have, as the page shows it."""
    return {c: name_group(row[c], names) if c == "country" else str(row[c]) for c in by}


def _make_lines(
    rows: pd.DataFrame, describe: Callable[[Any], tuple[str, dict[str, str]]], most: int | None
) -> list[Line]:
    """Return a line for each counted row, with the corrected row that follows it, if one does."""
    lines: list[Line] = []
    for row in rows.to_dict("records"):
        title, wanted = describe(row)
        if row["method"] == "counted":
            counts = (int(row["n_quotes"]), int(row["n_articles"]), 0)
            lines.append(Line(title, wanted, say_estimate(row), "–", *counts))
        elif lines and lines[-1].title == title:
            n = int(row["n_annotated"])
            told = say_estimate(row) if n >= FEW_LABELS else "too few labels"
            lines[-1] = lines[-1]._replace(corrected=told, n_annotated=n)
    return lines[:most]


def say_estimate(row: Mapping[str, Any]) -> str:
    """Return an estimate with its interval; a balance with its sign."""
    form = "+.2f" if limit_scale(row["measure"])[0] < 0 else ".2f"
    estimate, low, high = (format(row[c], form) for c in ("estimate", "ci_low", "ci_high"))
    if pd.isna(row["ci_low"]):
        return f"{estimate} (one article, no interval)" if row["method"] == "counted" else f"{estimate} (no interval)"
    return f"{estimate} [{low}, {high}]"


def _draw(plot: Callable[[Any], Any], height: float) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.5, height), layout="constrained")
    FigureCanvasAgg(figure)
    plot(figure.subplots())
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=130, bbox_inches="tight", metadata={"Software": None})
    return stream.getvalue()


def _list_facts(analysis: schema.Analysis, rejected: pd.DataFrame | None) -> list[tuple[str, str]]:
    articles, quotes = schema.take_tables(analysis, "articles", "quotes")
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


def _say_methods(analysis: schema.Analysis, samples: pd.DataFrame | None) -> list[str]:
    """Return how the numbers were made, in sentences that can stand in a paper."""
    once = "each utterance once, by its earliest printing" if analysis.utterances is not None else "copies once"
    said = [
        f"Statements, their speakers, targets, stances and postures were found by program (diplotext "
        f"{version('diplotext')}). Counted are {once}; what journalists and outlets say themselves is left out.",
        "Shares, means and balances are ratios whose 95 % intervals take articles for clusters (linearised variance, "
        "Woodruff 1971, with a t quantile); a group of one article has none. The intervals of counted estimates do not "
        "cover errors of the program.",
    ]
    if samples is not None and analysis.annotations is not None:
        labelled = analysis.annotations["item_id"].str.partition("#")[0].isin(samples["item_id"])
        n = analysis.annotations.loc[labelled, "item_id"].str.partition("#")[0].nunique()
        said.append(
            f"Of these statements, {len(samples)} were drawn with known probabilities, and people labelled {n}. "
            "Corrected estimates add to the program's the differences of people's labels from it, weighted by the "
            "inverse probability (the difference estimator, Särndal, Swensson and Wretman 1992, ch. 6; "
            "prediction-powered inference, Angelopoulos et al. 2023). They are valid however often the program errs, "
            f"but not for statements that it did not find; they are not shown where fewer than {FEW_LABELS} labels "
            "stand behind them."
        )
    return said
