"""The stages composed: from files to every table, on one process, several, or Dask; resumable."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from diplotext import schema
from diplotext.pipeline.parts import Parts
from diplotext.pipeline.results import (
    OUTPUTS,
    REPORT,
    TABLE_FORMATS,
    list_refused,
    list_results,
    read_record,
    write_record,
    write_tables,
)
from diplotext.pipeline.stages import (
    SECONDS,
    Failure,
    Outcome,
    Tables,
    describe_failure,
    join_tables,
    make_tables,
    name_failures,
    run_stages,
)
from diplotext.pipeline.traced import read_records, trace_folder

__all__ = [
    "OUTPUTS", "analyze", "analyze_articles", "make_tables", "read_record", "read_records", "trace_folder",
]  # fmt: skip

#: the longest article that is read; longer ones are refused with the rest of the inputs.
CHARACTERS = 2_000_000
ENGINES = ("local", "dask")

_CHUNK = 16  # articles at a time: what is lost, at the most, when a run is interrupted
_PARTS = ".parts"
_BY = ["country", "target_country"]


def analyze_articles(articles: pd.DataFrame, *, dictionaries: schema.Dictionaries | None = None) -> schema.Analysis:
    """Run every stage on a frame of loaded articles: the whole way from text to all tables.

    It does not tabulate findings or write anything.

    Parameters
    ----------
    articles
        From `load_articles`.
    dictionaries
        Your own actors, aliases and issues, the date for undated articles, and speakers corrected by hand; a
        correction of a statement that is not found is left out.

    Returns
    -------
    `Analysis`, without traces, transcripts and annotations.

    Warns
    -----
    UserWarning
        Once for each article that a stage fails on; it is left out of that stage's tables and the later ones.

    Examples
    --------
    >>> articles = dt.load_articles(texts=["The envoy of Kenya said on Monday that her government rejects the plan."])
    >>> analyze_articles(articles).quotes["country"].tolist()
    ['KEN']
    """
    own = schema.check_dictionaries(dictionaries)
    tables, failures = run_stages(articles, own)
    for failure in failures:
        warnings.warn(describe_failure(failure), UserWarning, stacklevel=2)
    return join_articles(tables, own)


def join_articles(tables: Tables, own: schema.Dictionaries) -> schema.Analysis:
    """Run the stages that look at all articles at once: copies are marked, printings of one utterance grouped."""
    from diplotext.clean import mark_duplicates
    from diplotext.trace import group_utterances

    articles = mark_duplicates(tables["articles"])
    utterances = group_utterances(tables["quotes"], articles)
    return schema.Analysis(**{**tables, "articles": articles}, utterances=utterances, dictionaries=own)


def analyze(
    paths: str | Path | Sequence[str | Path],
    out: str | Path,
    *,
    format: str | None = None,
    text_column: str = "text",
    metadata: str | Path | None = None,
    dictionaries: schema.Dictionaries | None = None,
    tables: str = "parquet",
    guard_formulas: bool = False,
    max_characters: int = CHARACTERS,
    seconds_per_article: float = SECONDS,
    engine: str = "local",
    scheduler: str | None = None,
    workers: int = 1,
    resume: bool = False,
    progress: bool = True,
) -> schema.Analysis:
    """Analyse files and folders, and write every table, a report and a record of the run.

    It does not stop at a bad input, or at an article that a stage fails on: that is left out of the stage's tables and
    the later ones. Both are named on stderr and listed in ``run.json`` with the reason. The folder's older results stay
    until the new ones are whole.

    Parameters
    ----------
    paths, format, text_column, metadata
        As `load_articles` takes them.
    out
        Folder for the results, made if absent: the tables in `OUTPUTS`, ``report.html``, ``run.json``.
    dictionaries
        Your own tables, which take precedence over the bundled ones; corrections of statements that are not found any
        more are named on stderr and listed in ``run.json``.
    tables
        ``parquet``, or ``csv`` or ``xlsx`` (all tables in one workbook, ``tables.xlsx``) to write those beside it.
    guard_formulas
        See `write_table`'s `guard`; of CSV.
    max_characters
        Longer articles are left out and reported, up to 2,000,000.
    seconds_per_article
        What takes longer is left out and reported. An article is ended between two steps of Python, in the main thread
        of systems that have signals in regular expressions too; one that never returns to Python only with several
        local `workers`, where its process is ended.
    engine
        ``local``, or ``dask`` for a cluster at `scheduler` (one of this machine when that is None).
    workers
        Processes of the local engine, or of the Dask cluster made here. One that dies is replaced; an article that
        it dies of again is reported.
    resume
        Take up an interrupted run where it stopped, as far as inputs and settings are the same.
    progress
        Show a bar on stderr.

    Returns
    -------
    `Analysis` of the tables written; results do not depend on engine, workers or resume.

    Raises
    ------
    ValueError
        For an argument outside its values.
    FileNotFoundError
        If a path matches nothing, or nothing in it could be read.
    BlockingIOError
        If another run writes into the folder.

    Examples
    --------
    >>> text = "The envoy of Kenya said on Monday that her government rejects the plan."
    >>> written = (folder / "a.txt").write_text(text)
    >>> analysis = analyze(folder / "a.txt", folder / "out", progress=False)
    >>> sorted(path.name for path in (folder / "out").iterdir())[:4]
    ['articles.parquet', 'conditions.parquet', 'edits.parquet', 'findings.parquet']
    """
    from diplotext.io import read_inputs
    from diplotext.stance.issues import load_issues

    for name, value, allowed in (("engine", engine, ENGINES), ("tables", tables, TABLE_FORMATS)):
        if value not in allowed:
            raise ValueError(f"{name}: expected one of {', '.join(allowed)}; got {value!r}")
    if workers < 1:
        raise ValueError(f"workers: expected 1 or more; got {workers!r}")
    if not 1 <= max_characters <= CHARACTERS:
        raise ValueError(f"max_characters: expected 1 to {CHARACTERS:,}; got {max_characters!r}")
    if not 0 < seconds_per_article < float("inf"):
        raise ValueError(f"seconds_per_article: expected a number above 0; got {seconds_per_article!r}")
    own = schema.check_dictionaries(dictionaries)
    load_issues(own.issues)  # refuses a wrong table before anything is read
    began, out = time.time(), Path(out)
    with schema.hold_folder(out):
        articles, rejected = read_inputs(paths, format=format, text_column=text_column, metadata=metadata)
        for row in rejected.itertuples():
            print(f"{row.source}: {row.reason}. {row.advice}", file=sys.stderr)  # noqa: T201 (the run's own channel)
        record: dict[str, Any] = {
            "diplotext": version("diplotext"),
            "started": pd.Timestamp(began, unit="s", tz="UTC").isoformat(timespec="seconds"),
            "arguments": {
                "paths": [str(p) for p in ([paths] if isinstance(paths, str | Path) else paths)],
                "format": format, "text_column": text_column, "metadata": metadata and str(metadata), "tables": tables,
                "guard_formulas": guard_formulas, "max_characters": max_characters,
                "seconds_per_article": seconds_per_article, "engine": engine, "workers": workers, "resume": resume,
                "date": own.date and str(own.date),
                **{f"own_{name}": 0 if table is None else len(table) for name, table in own._asdict().items()
                   if name != "date"},
            },
            "rejected": rejected.to_dict("records"),
        }  # fmt: skip
        if articles.empty:
            if not (out / "articles.parquet").exists():  # older results keep their record
                write_record(out, record)
            raise FileNotFoundError(
                f"paths: expected at least one readable article; got {len(rejected)} rejected inputs"
            )
        articles, failures = _refuse_long(articles, max_characters)
        parts = Parts(out / _PARTS, own, seconds_per_article, keep=resume)
        outcomes = _analyze_chunks(articles, own, parts, engine, scheduler, workers, seconds_per_article, progress)
        failures += [failure for outcome in outcomes for failure in outcome.failures]
        name_failures(failures)
        record["failed"] = [failure._asdict() for failure in failures]
        results = join_tables([outcome.tables for outcome in outcomes])
        del articles, outcomes  # what follows works on the whole tables, which are large enough
        if own.corrections is not None:
            unused = sorted(set(own.corrections["quote_id"]) - set(results["quotes"]["quote_id"]))
            record["unused_corrections"] = unused
            if unused:
                print(f"corrections: {len(unused)} of no statement found, such as {unused[0]!r}", file=sys.stderr)  # noqa: T201
        analysis = _write_results(out, join_articles(results, own), record, tables, guard_formulas, began)
        parts.remove()
    return analysis


def _refuse_long(articles: pd.DataFrame, most: int) -> tuple[pd.DataFrame, list[Failure]]:
    """Return the articles that are not too long, and the others as failures."""
    lengths = articles["raw_text"].str.len()
    failures = [
        Failure(key, source, "load_articles", f"it has {length:,} characters, of at most {most:,} (--max-characters)")
        for key, source, length in zip(articles["article_id"], articles["source"], lengths, strict=True)
        if length > most
    ]
    return articles[lengths <= most].reset_index(drop=True), failures


def _write_results(
    out: Path, analysis: schema.Analysis, record: dict[str, Any], form: str, guard: bool, began: float
) -> schema.Analysis:
    """Write tables, report and record in the place of the folder's older ones."""
    from diplotext.findings import tabulate_findings
    from diplotext.report import write_report

    quotes, stances, articles = schema.take_tables(analysis, "quotes", "stances", "articles")
    made = {name: table for name, table in analysis._asdict().items() if name in OUTPUTS}
    made["findings"] = tabulate_findings(quotes, stances, by=_BY, articles=articles, utterances=analysis.utterances)
    with schema.replace_files(out, list_results()) as new:
        write_tables(made, new, form, guard, {})
        write_report(analysis, new / REPORT, rejected=list_refused(record))
        record["rows"] = {name: len(table) for name, table in made.items()}
        record["seconds"] = round(time.time() - began, 2)
        write_record(new, record)
    return analysis


def _analyze_chunks(
    articles: pd.DataFrame, own: schema.Dictionaries, parts: Parts, engine: str, scheduler: str | None, workers: int,
    seconds: float, progress: bool,
) -> list[Outcome]:  # fmt: skip
    """Analyse all articles by chunks, each kept on disk when it is done, and return the outcomes in order."""
    from tqdm import tqdm

    chunks = {}
    for start in range(0, len(articles), _CHUNK):
        chunk = articles.iloc[start : start + _CHUNK].reset_index(drop=True)
        chunks[parts.key(chunk)] = chunk
    done = {key: outcome for key in chunks if (outcome := parts.read(key)) is not None}
    todo = {key: chunk for key, chunk in chunks.items() if key not in done}
    with tqdm(
        total=len(articles), initial=sum(len(chunks[key]) for key in done), unit="article",
        desc="Analysing", disable=not progress, file=sys.stderr,
    ) as bar:  # fmt: skip
        for key, outcome in _run(todo, own, engine, scheduler, workers, seconds):
            parts.write(key, outcome)
            done[key] = outcome
            bar.update(len(chunks[key]))
    return [done[key] for key in chunks]


def _run(
    chunks: dict[str, pd.DataFrame], own: schema.Dictionaries, engine: str, scheduler: str | None, workers: int,
    seconds: float,
) -> Iterator[tuple[str, Outcome]]:  # fmt: skip
    from diplotext.pipeline.workers import run_on_dask, run_on_processes

    if engine == "dask":
        yield from run_on_dask(chunks, own, scheduler, workers, seconds)
    elif workers == 1 or not chunks:
        for key, chunk in chunks.items():
            yield key, run_stages(chunk, own, seconds)
    else:
        yield from run_on_processes(chunks, own, workers, seconds)
