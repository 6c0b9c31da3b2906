"""The stages composed: from files to every table, on one process, several, or Dask; resumable."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from importlib.metadata import version
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd

from diplotext import schema, spans
from diplotext.pipeline.traced import ADDED, read_records, trace_folder, write_record

__all__ = ["OUTPUTS", "analyze", "analyze_articles", "read_records", "trace_folder"]

#: the tables that a run writes, in order.
OUTPUTS = ("articles", "edits", "sentences", "quotes", "spans", "stances", "conditions", "findings")
ENGINES = ("local", "dask")
TABLE_FORMATS = ("parquet", "csv", "xlsx")

_PER_ARTICLE = OUTPUTS[:-1]
_CHUNK = 16  # articles at a time: what is lost, at the most, when a run is interrupted
_PARTS = ".parts"
_BY = ["country", "target_country"]

Tables = dict[str, pd.DataFrame]


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

    Examples
    --------
    >>> analysis = analyze_articles(load_articles("data/articles"))  # doctest: +SKIP
    >>> analysis.stances[["quote_id", "target", "stance", "posture"]]  # doctest: +SKIP
    """
    own = schema.check_dictionaries(dictionaries)
    return join_articles(run_stages(articles, own), own)


def run_stages(articles: pd.DataFrame, own: schema.Dictionaries) -> Tables:
    """Run the stages that work on each article for itself, and return their tables."""
    from diplotext.actors import resolve_speakers
    from diplotext.clean import clean_articles
    from diplotext.quotes import attribute_quotes
    from diplotext.stance import extract_conditions, score_stances
    from diplotext.structure import split_sentences

    articles, edits = clean_articles(articles)
    sentences = split_sentences(articles, edits)
    quotes, found = attribute_quotes(articles, edits)
    if own.corrections is not None:  # those of other articles are other chunks'
        own = own._replace(corrections=own.corrections[own.corrections["quote_id"].isin(quotes["quote_id"])])
    quotes = resolve_speakers(quotes, articles, found, dictionaries=own)
    stances = score_stances(quotes, articles, found, dictionaries=own)
    conditions = extract_conditions(quotes, articles, found, edits=edits)
    return dict(zip(_PER_ARTICLE, (articles, edits, sentences, quotes, found, stances, conditions), strict=True))


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
    engine: str = "local",
    scheduler: str | None = None,
    workers: int = 1,
    resume: bool = False,
    progress: bool = True,
) -> schema.Analysis:
    """Analyse files and folders, and write every table, a report and a record of the run.

    It does not stop at a bad input: that is listed in ``run.json`` with its reason.

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
        ``parquet``, or ``csv`` or ``xlsx`` to write those beside it.
    engine
        ``local``, or ``dask`` for a cluster at `scheduler` (one of this machine when that is None).
    workers
        Processes of the local engine, or of the Dask cluster made here.
    resume
        Take up an interrupted run with the same inputs and settings where it stopped.
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
    """
    from diplotext.findings import tabulate_findings
    from diplotext.io import read_inputs
    from diplotext.report import write_report
    from diplotext.stance.issues import load_issues

    for name, value, allowed in (("engine", engine, ENGINES), ("tables", tables, TABLE_FORMATS)):
        if value not in allowed:
            raise ValueError(f"{name}: expected one of {', '.join(allowed)}; got {value!r}")
    if workers < 1:
        raise ValueError(f"workers: expected 1 or more; got {workers!r}")
    own = schema.check_dictionaries(dictionaries)
    load_issues(own.issues)  # refuses a wrong table before anything is read
    began = time.time()
    articles, rejected = read_inputs(paths, format=format, text_column=text_column, metadata=metadata)
    for row in rejected.itertuples():
        print(f"{row.source}: {row.reason}. {row.advice}", file=sys.stderr)  # noqa: T201 (the run's own channel)
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    record: dict[str, Any] = {
        "diplotext": version("diplotext"),
        "started": pd.Timestamp(began, unit="s", tz="UTC").isoformat(timespec="seconds"),
        "arguments": {
            "paths": [str(p) for p in ([paths] if isinstance(paths, str | Path) else paths)],
            "format": format, "text_column": text_column, "metadata": metadata and str(metadata),
            "engine": engine, "workers": workers, "resume": resume,
            "date": own.date and str(own.date),
            **{f"own_{name}": 0 if table is None else len(table) for name, table in own._asdict().items()
               if name != "date"},
        },
        "rejected": rejected.to_dict("records"),
    }  # fmt: skip
    if articles.empty:
        write_record(out, record)
        raise FileNotFoundError(f"paths: expected at least one readable article; got {len(rejected)} rejected inputs")

    parts = _analyze_chunks(articles, own, out / _PARTS, engine, scheduler, workers, resume, progress)
    results = {name: _concat([part.pop(name) for part in parts], name) for name in _PER_ARTICLE}
    if own.corrections is not None:
        unused = sorted(set(own.corrections["quote_id"]) - set(results["quotes"]["quote_id"]))
        record["unused_corrections"] = unused
        if unused:
            print(f"corrections: {len(unused)} of no statement found, such as {unused[0]!r}", file=sys.stderr)  # noqa: T201
    del articles, parts  # what follows works on the whole tables, which are large enough
    analysis = join_articles(results, own)
    results["articles"] = analysis.articles
    results["findings"] = tabulate_findings(results["quotes"], results["stances"], by=_BY, articles=analysis.articles)
    for name in OUTPUTS:
        for ending in dict.fromkeys(("parquet", tables)):
            schema.write_table(results[name], out / f"{name}.{ending}")
    for name, ending in product(ADDED, TABLE_FORMATS):  # traces of an earlier run speak of other statements
        (out / f"{name}.{ending}").unlink(missing_ok=True)
    record["rows"] = {name: len(results[name]) for name in OUTPUTS}
    record["seconds"] = round(time.time() - began, 2)
    write_report(analysis, out / "report.html", rejected=rejected)
    write_record(out, record)
    shutil.rmtree(out / _PARTS, ignore_errors=True)
    return analysis


def _concat(frames: list[pd.DataFrame], name: str) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else schema.build_table(name)


def _analyze_chunks(
    articles: pd.DataFrame,
    own: schema.Dictionaries,
    folder: Path,
    engine: str,
    scheduler: str | None,
    workers: int,
    resume: bool,
    progress: bool,
) -> list[Tables]:
    """Analyse all articles by chunks, each kept on disk when it is done, and return them in order."""
    from tqdm import tqdm

    if not resume:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    given = [f"{name}\n{frame.to_csv(index=False)}" for name, frame in own._asdict().items()
             if isinstance(frame, pd.DataFrame)]  # fmt: skip
    chunks = {}
    for start in range(0, len(articles), _CHUNK):
        chunk = articles.iloc[start : start + _CHUNK].reset_index(drop=True)
        chunks[spans.short_hash(version("diplotext"), own.date, *given, *chunk["article_id"])] = chunk
    done = {key: _read_part(folder / key) for key in chunks if (folder / key / "done").exists()}
    todo = {key: chunk for key, chunk in chunks.items() if key not in done}
    with tqdm(
        total=len(articles), initial=sum(len(part["articles"]) for part in done.values()), unit="article",
        desc="Analysing", disable=not progress, file=sys.stderr,
    ) as bar:  # fmt: skip
        for key, tables in _run(todo, own, engine, scheduler, workers):
            _write_part(tables, folder / key)
            done[key] = tables
            bar.update(len(tables["articles"]))
    return [done[key] for key in chunks]


def _write_part(tables: Tables, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name, table in tables.items():
        schema.write_table(table, folder / f"{name}.parquet")
    (folder / "done").touch()


def _read_part(folder: Path) -> Tables:
    return {name: schema.read_table(folder / f"{name}.parquet", name) for name in _PER_ARTICLE}


def _run(
    chunks: dict[str, pd.DataFrame], own: schema.Dictionaries, engine: str, scheduler: str | None, workers: int
) -> Iterator[tuple[str, Tables]]:
    if engine == "dask":
        yield from _run_on_dask(chunks, own, scheduler, workers)
    elif workers == 1 or len(chunks) < 2:
        for key, chunk in chunks.items():
            yield key, run_stages(chunk, own)
    else:
        # Spawned, not forked: a fork copies locks of threads that libraries may have started.
        with ProcessPoolExecutor(min(workers, len(chunks)), mp_context=get_context("spawn")) as pool:
            tasks = {pool.submit(run_stages, chunk, own): key for key, chunk in chunks.items()}
            try:
                for task in as_completed(tasks):
                    yield tasks[task], task.result()
            except BaseException:  # an interrupted run must not wait for what has not begun
                pool.shutdown(wait=False, cancel_futures=True)
                raise


def _run_on_dask(
    chunks: dict[str, pd.DataFrame], own: schema.Dictionaries, scheduler: str | None, workers: int
) -> Iterator[tuple[str, Tables]]:
    try:
        from distributed import Client, LocalCluster
        from distributed import as_completed as as_completed_on_dask
    except ImportError as error:
        raise ImportError("engine: 'dask' needs the dask extra; install diplotext[dask]") from error
    cluster = None if scheduler else LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
    try:
        with Client(scheduler or cluster) as client:
            tasks = {
                client.submit(run_stages, chunk, own, key=f"diplotext-{key}"): key for key, chunk in chunks.items()
            }
            for task in as_completed_on_dask(tasks):
                yield tasks[task], task.result()
                task.release()
    finally:
        if cluster is not None:
            cluster.close()
