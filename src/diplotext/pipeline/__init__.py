"""The stages composed: from files to every table, on one process, several, or Dask; resumable."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from diplotext import schema
from diplotext.pipeline.parts import Parts
from diplotext.pipeline.results import OUTPUTS, TABLE_FORMATS, list_results, read_record, read_results, write_record
from diplotext.pipeline.stages import (
    SECONDS,
    Failure,
    Outcome,
    Tables,
    describe_failure,
    make_tables,
    name_failures,
    run_stages,
)
from diplotext.pipeline.traced import read_records, trace_folder
from diplotext.pipeline.workers import Chunks
from diplotext.pipeline.written import Joined

__all__ = [
    "OUTPUTS", "analyze", "analyze_articles", "make_tables", "read_record", "read_records", "trace_folder",
]  # fmt: skip

#: the longest article that is read; longer ones are refused with the rest of the inputs.
CHARACTERS = 2_000_000
ENGINES = ("local", "dask")

_CHUNK = 16  # articles at a time: what is lost, at the most, when a run is interrupted
_PARTS = ".parts"


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
    load: bool = True,
) -> schema.Analysis:
    """Analyse files and folders, and write every table, a report and a record of the run.

    It does not stop at a bad input, or at an article that a stage fails on: that is left out of the stage's tables and
    the later ones. Both are named on stderr and listed in ``run.json`` with the reason. The folder's older results stay
    until the new ones are whole. Inputs are read and results written some at a time: of more than 2,000 articles each
    table but the findings is a folder of parts, which `read_table` reads, and the report holds the statements of the
    first thousand.

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
    load
        Return the tables; False leaves them on the disk, where there are more than the memory holds.

    Returns
    -------
    `Analysis` of the tables written, or without any; results do not depend on engine, workers or resume.

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
    from diplotext.io import read_batches
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
        }  # fmt: skip
        inputs = _Inputs(read_batches(paths, format, text_column, metadata), max_characters)
        parts = Parts(out / _PARTS, own, seconds_per_article, keep=resume)
        sizes, failures = _analyze_chunks(
            inputs, parts, progress, lambda todo: _run(todo, own, engine, scheduler, workers, seconds_per_article)
        )
        record["rejected"] = inputs.rejected
        if not inputs.number:
            parts.remove()
            if not (out / "articles.parquet").exists():  # older results keep their record
                write_record(out, record)
            raise FileNotFoundError(
                f"paths: expected at least one readable article; got {len(inputs.rejected)} rejected inputs"
            )
        failures = [*inputs.failures, *failures]
        name_failures(failures)
        record["failed"] = [failure._asdict() for failure in failures]
        joined = Joined(parts, sizes, own)
        if own.corrections is not None:
            unused = sorted(set(own.corrections["quote_id"]) - set(joined.quotes["quote_id"]))
            record["unused_corrections"] = unused
            if unused:
                print(f"corrections: {len(unused)} of no statement found, such as {unused[0]!r}", file=sys.stderr)  # noqa: T201
        with schema.replace_files(out, list_results()) as new:
            joined.write(new, tables, guard_formulas, record)
            record["seconds"] = round(time.time() - began, 2)
            write_record(new, record)
        parts.remove()
    if not load:
        return schema.Analysis(dictionaries=own)
    found = read_results(out)
    del found["findings"]
    utterances = schema.read_table(out / "utterances.parquet", "utterances")
    return schema.Analysis(**found, utterances=utterances, dictionaries=own)


class _Inputs:
    """The articles of a run in chunks, as they are read; what is rejected, or too long, comes to be known meanwhile."""

    def __init__(self, batches: Iterator[tuple[pd.DataFrame, pd.DataFrame]], most: int) -> None:
        self._batches, self._most = batches, most
        self.number = 0
        self.rejected: list[dict[str, str]] = []
        self.failures: list[Failure] = []

    def __iter__(self) -> Iterator[pd.DataFrame]:
        """Yield chunks of articles."""
        for articles, rejected in self._batches:
            for row in rejected.itertuples():
                print(f"{row.source}: {row.reason}. {row.advice}", file=sys.stderr)  # noqa: T201 (the run's own channel)
            self.rejected += rejected.to_dict("records")
            self.number += len(articles)
            kept, failures = _refuse_long(articles, self._most)
            self.failures += failures
            for start in range(0, len(kept), _CHUNK):
                yield kept.iloc[start : start + _CHUNK].reset_index(drop=True)


def _refuse_long(articles: pd.DataFrame, most: int) -> tuple[pd.DataFrame, list[Failure]]:
    """Return the articles that are not too long, and the others as failures."""
    lengths = articles["raw_text"].str.len()
    failures = [
        Failure(key, source, "load_articles", f"it has {length:,} characters, of at most {most:,} (--max-characters)")
        for key, source, length in zip(articles["article_id"], articles["source"], lengths, strict=True)
        if length > most
    ]
    return articles[lengths <= most].reset_index(drop=True), failures


def _analyze_chunks(
    inputs: Iterable[pd.DataFrame], parts: Parts, progress: bool, run: Callable[[Chunks], Iterator[tuple[str, Outcome]]]
) -> tuple[dict[str, int], list[Failure]]:
    """Analyse all articles by chunks, each kept on disk when it is done.

    Returns
    -------
    The articles in each part by its key, and those that failed, both in order.
    """
    from tqdm import tqdm

    sizes: dict[str, int] = {}
    failed: dict[str, list[Failure]] = {}
    with tqdm(total=0, unit="article", desc="Analysing", disable=not progress, file=sys.stderr) as bar:

        def iterate_open() -> Iterator[tuple[str, pd.DataFrame]]:
            for chunk in inputs:
                key = parts.key(chunk)
                sizes[key] = len(chunk)
                bar.total = sum(sizes.values())  # as far as inputs are read
                known = parts.check(key)
                if known is None:
                    yield key, chunk
                else:
                    failed[key] = known
                    bar.update(len(chunk))

        for key, outcome in run(iterate_open()):
            parts.write(key, outcome)
            failed[key] = outcome.failures
            bar.update(sizes[key])
    return sizes, [failure for key in sizes for failure in failed[key]]


def _run(
    chunks: Chunks, own: schema.Dictionaries, engine: str, scheduler: str | None, workers: int, seconds: float
) -> Iterator[tuple[str, Outcome]]:
    from diplotext.pipeline.workers import run_on_dask, run_on_processes

    if engine == "dask":
        yield from run_on_dask(chunks, own, scheduler, workers, seconds)
    elif workers == 1:
        for key, chunk in chunks:
            yield key, run_stages(chunk, own, seconds)
    else:
        yield from run_on_processes(chunks, own, workers, seconds)
