"""The command line: every command of ``diplotext``, its options and its summary."""

from __future__ import annotations

import argparse
import errno
import io
import json
import os
import sys
from collections.abc import Sequence
from typing import Any

from diplotext.cli.annotate import add_annotate

# Nothing else of the package or of pandas is imported up here: --help must answer at once.

EVALUATIONS = (
    "attribution", "speakers", "cast", "targets", "sentiment", "posture", "stance", "trace", "annotations",
)  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    It is 0, or 1 when nothing could be read, 2 for wrong arguments (a folder that cannot be written among them), 130
    when the user interrupts.
    """
    arguments = _parser().parse_args(argv)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal that knows ASCII only still shows the summary
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status = int(arguments.run(arguments))
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        go_on = "; the same command with --resume goes on from here" if "resume" in arguments else ""
        return _fail(f"interrupted{go_on}", 130)
    except BrokenPipeError:  # the reader of stdout, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (BlockingIOError, ChildProcessError) as error:
        return _fail(str(error), 2)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            go_on = "; the same command with --resume goes on from here" if "resume" in arguments else ""
            return _fail(f"{error.filename or 'the results'}: {os.strerror(error.errno)}. Make room{go_on}", 2)
        if error.errno is None:  # ours: no input could be read
            return _fail(str(error), 1)
        return _fail(f"{error.filename or 'a file'}: {error.strerror}. Check the path and its permissions", 2)
    except (ValueError, ImportError) as error:
        return _fail(str(error), 2)


def _fail(message: str, status: int) -> int:
    print(f"diplotext: {message}", file=sys.stderr)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="diplotext",
        description="Who said what, toward whom, in what posture: from a folder of articles to tables and a report.",
    )
    parser.add_argument("--version", action="store_true", help="print the version and stop")
    parser.set_defaults(run=_version_or_help, parser=parser)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    analyze = commands.add_parser(
        "analyze",
        help="analyse articles and write tables, report.html and run.json",
        description="Read files or folders of articles, find who said what toward whom, and write the tables "
        "(Parquet), report.html and run.json. Bad inputs are listed with their reason; the rest is analysed.",
    )
    add = analyze.add_argument
    add("paths", nargs="+", metavar="PATH", help="file, folder (searched through) or glob")
    add("--out", required=True, type=_folder, metavar="DIR", help="folder for the results")
    formats = "text, html, markdown, jsonl, csv, parquet, warc, docx, rtf, pdf"
    add("--format", metavar="F", help=f"read every file as this format: {formats}")
    add("--text-column", default="text", metavar="C", help="column that holds the text in tables (default: text)")
    add("--metadata", metavar="CSV", help="table with file, title, outlet, published, url")
    add("--dictionaries", metavar="DIR", help="folder with your own actors, aliases, issues, corrections, date.txt")
    add("--actors", metavar="CSV", help="your own actors, which take precedence")
    add("--aliases", metavar="CSV", help="further names of your own actors")
    add("--issues", metavar="CSV", help="your own issues beside the bundled ones: issue_id, name, patterns")
    add("--corrections", metavar="CSV", help="speakers corrected by hand: quote_id, speaker, country")
    add("--date", metavar="YYYY-MM-DD", help="date whose office holders undated articles mean")
    add(
        "--tables",
        default="parquet",
        choices=("parquet", "csv", "xlsx"),
        help="write the tables in this form too; xlsx: all in one workbook",
    )
    add(
        "--guard-formulas",
        action="store_true",
        help="in CSV, put an apostrophe before texts that a spreadsheet would "
        "take for formulas (=, +, -, @); in XLSX they are texts anyway, Parquet is exact",
    )
    add(
        "--max-characters",
        type=int,
        default=2_000_000,
        metavar="N",
        help="leave out and report longer articles (default, and at most: 2000000)",
    )
    add(
        "--seconds-per-article",
        type=float,
        default=120,
        metavar="S",
        help="leave out and report an article that takes longer (default: 120)",
    )
    add("--engine", default="local", choices=("local", "dask"), help="where to run (default: local)")
    add("--scheduler", metavar="ADDRESS", help="of a running Dask cluster")
    add("--workers", type=int, default=1, metavar="N", help="processes to use (default: 1)")
    add("--resume", action="store_true", help="go on where an interrupted run with the same settings stopped")
    analyze.set_defaults(run=_analyze)

    quick = commands.add_parser(
        "quick",
        help="read one text: who, toward whom, posture, how sure",
        description="Read one text and print it marked, with a line a statement: who, toward whom, posture, how sure.",
    )
    quick.add_argument("text", metavar="TEXT", help="the text itself, within quotes")
    quick.add_argument("--dictionaries", metavar="DIR", help="folder with your own actors, aliases, issues, date.txt")
    quick.add_argument("--date", metavar="YYYY-MM-DD", help="date of the text, whose office holders it means")
    quick.set_defaults(run=_quick)

    trace = commands.add_parser(
        "trace",
        help="trace an analysed folder's statements to official records",
        description="Find in official records (transcripts, statements, readouts) the words that the articles of an "
        "analysed folder print, and what was changed. Adds traces, utterances and transcripts to the folder and "
        "rewrites its report.",
    )
    add = trace.add_argument
    add("out", type=_folder, metavar="OUT", help="folder that diplotext analyze wrote")
    add("--transcripts", nargs="+", required=True, metavar="PATH", help="file, folder (searched through) or glob")
    add("--format", metavar="F", help="read every record as this format, as analyze does")
    add("--text-column", default="text", metavar="C", help="column that holds the text in tables (default: text)")
    add("--metadata", metavar="CSV", help="table with file, title, outlet, published, url of the records")
    add("--dictionaries", metavar="DIR", help="folder with your own actors, aliases, issues, corrections, date.txt")
    add("--actors", metavar="CSV", help="your own actors, which take precedence")
    add("--aliases", metavar="CSV", help="further names of your own actors")
    trace.set_defaults(run=_trace)

    add_annotate(commands)
    report = commands.add_parser(
        "report",
        help="write an analysed folder's report anew",
        description="Write the report of an analysed folder anew from its tables, which stay as they are. Where people "
        "labelled a sample of it (diplotext annotate), corrected estimates stand beside the counted ones.",
    )
    report.add_argument("out", type=_folder, metavar="OUT", help="folder that diplotext analyze wrote")
    report.add_argument(
        "--format",
        default="html",
        choices=("html", "markdown", "docx"),
        help="html (default); markdown or docx: tables, figures and methods alone, for a results section",
    )
    report.set_defaults(run=_report)

    evaluate = commands.add_parser(
        "evaluate",
        help="score the stages on labelled articles; prints one JSON object",
        description="Score a stage on a folder in PolNeAR's form (text/, attributions/; attribution only) or that of "
        "the sample corpus (articles/, gold/), or on a file of sentences: NewsMTSC (.jsonl, sentiment), "
        "PLV (.tsv, posture), UNSCon (.csv, stance), or on an analysed folder with its annotations.csv. Prints one "
        "JSON object; each score has estimate, ci_low, ci_high and n.",
    )
    evaluate.add_argument("task", choices=EVALUATIONS, metavar="TASK", help=", ".join(EVALUATIONS))
    evaluate.add_argument(
        "--data", required=True, metavar="PATH", help="folder with texts and gold, or a file of sentences"
    )
    evaluate.add_argument("--cv", action="store_true", help="of a file: refit heads in folds, with baselines beside")
    evaluate.add_argument("--labels", metavar="CSV", help="gold apart from the texts: speakers, postures, traces")
    evaluate.add_argument("--split", metavar="S", help="score only this part of the labels")
    evaluate.add_argument(
        "--dictionaries", metavar="DIR", help="folder with your own actors, aliases, issues, corrections, date.txt"
    )
    evaluate.add_argument("--actors", metavar="CSV", help="your own actors, which take precedence")
    evaluate.add_argument("--aliases", metavar="CSV", help="further names of your own actors")
    evaluate.add_argument("--issues", metavar="CSV", help="your own issues beside the bundled ones")
    evaluate.set_defaults(run=_evaluate)

    fetch = commands.add_parser(
        "fetch",
        help="get a public corpus, its terms shown before",
        description="Get a public corpus, or take a copy that you have, into the folder that DIPLOTEXT_DATA names "
        "(else the user's cache). Its terms are shown before; they bind you.",
    )
    fetch.add_argument("corpus", nargs="?", metavar="NAME", help="without it, the corpora are listed")
    fetch.add_argument("--copy", metavar="PATH", help="a file or folder of yours in the place of a download")
    fetch.set_defaults(run=_fetch)

    train = commands.add_parser(
        "train",
        help="make the weights that ship; needs diplotext[training]",
        description="Train an engine and write its weights, log and checkpoint; the same command goes on where an "
        "interrupted training stopped. Uses a GPU where torch finds one; on two CPU cores it takes about an hour.",
    )
    train.add_argument("task", choices=("attribution", "stance"), metavar="TASK", help="attribution or stance")
    train.add_argument(
        "--data",
        required=True,
        nargs="+",
        metavar="DIR",
        help="attribution: a folder in PolNeAR's form (text/, attributions/); stance: folders with "
        "newsmtsc/train.jsonl, plover/PLV_train.tsv, unscon/sentences.csv, statements.csv, coded.csv and split.csv "
        "(with the corpora that these label), as far as there",
    )
    train.add_argument(
        "--base",
        required=True,
        metavar="FOLDER",
        help="model to begin from: config.json, model.safetensors, tokenizer.json",
    )
    train.add_argument("--start", metavar="FILE", help="stance: checkpoint of an earlier run to begin from")
    train.add_argument("--teacher", metavar="FOLDER", help="stance: larger model to train first and to learn from")
    train.add_argument("--out", required=True, type=_folder, metavar="FOLDER", help="folder for the weights")
    train.set_defaults(run=_train)
    return parser


def _folder(name: str) -> str:
    if not name.strip():
        raise argparse.ArgumentTypeError("expected a folder, got an empty name")
    if os.path.exists(name) and not os.path.isdir(name):  # noqa: PTH110, PTH112 (pathlib is not needed for --help)
        raise argparse.ArgumentTypeError(f"expected a folder, got the file {name!r}")
    return name


def _version_or_help(arguments: argparse.Namespace) -> int:
    if arguments.version:
        from importlib.metadata import version

        print(f"diplotext {version('diplotext')}")
        return 0
    arguments.parser.print_help(sys.stderr)
    return 2


def _cannot_read(option: str, path: str, error: OSError) -> ValueError:
    return ValueError(f"--{option}: {path}: it cannot be read ({error.strerror or error}). Check the path")


def _own_tables(arguments: argparse.Namespace) -> Any:
    """Return the user's own tables: those of the folder, and over them the single files and the date."""
    from diplotext import schema

    own = schema.Dictionaries() if arguments.dictionaries is None else _read_folder(arguments.dictionaries)
    for name in ("actors", "aliases", "issues", "corrections"):
        path = getattr(arguments, name, None)
        if path is None:
            continue
        try:
            own = own._replace(**{name: schema.read_own(path, name)})
        except OSError as error:
            raise _cannot_read(name, path, error) from error
        except ValueError as error:
            columns = ", ".join(schema.TABLES[name].columns)
            raise ValueError(f"--{name}: {error}. Its columns are {columns}") from error
    return own if getattr(arguments, "date", None) is None else own._replace(date=arguments.date)


def _read_folder(folder: str) -> Any:
    from diplotext import schema

    try:
        return schema.load_dictionaries(folder)
    except (OSError, ValueError) as error:
        raise ValueError(f"--dictionaries: {error}") from error


def _analyze(arguments: argparse.Namespace) -> int:
    from collections import Counter
    from pathlib import Path

    from diplotext import schema
    from diplotext.pipeline import analyze, read_record
    from diplotext.pipeline.glance import advise_on_actors

    results = analyze(
        arguments.paths,
        arguments.out,
        format=arguments.format,
        text_column=arguments.text_column,
        metadata=arguments.metadata,
        dictionaries=_own_tables(arguments),
        tables=arguments.tables,
        guard_formulas=arguments.guard_formulas,
        max_characters=arguments.max_characters,
        seconds_per_article=arguments.seconds_per_article,
        engine=arguments.engine,
        scheduler=arguments.scheduler,
        workers=arguments.workers,
        resume=arguments.resume,
    )
    articles, quotes = schema.take_tables(results, "articles", "quotes")
    resolved = int((quotes["resolution"] != "unresolved").sum())
    print(f"{len(articles)} articles ({int(articles['duplicate_of'].notna().sum())} duplicates)")
    print(f"{len(quotes)} statements: " + ", ".join(f"{n} {kind}" for kind, n in quotes["kind"].value_counts().items()))
    if failed := Counter(failure["stage"] for failure in read_record(Path(arguments.out))["failed"]):
        stages = ", ".join(f"{n} in {stage}" for stage, n in failed.items())
        print(f"{failed.total()} failed: {stages} (see run.json)")
    print(f"{resolved} with a resolved speaker, {len(quotes) - resolved} unresolved")
    print(f"Report: {arguments.out.rstrip('/')}/report.html")
    if advice := advise_on_actors(quotes):
        print(advice, file=sys.stderr)
    return 0


def _quick(arguments: argparse.Namespace) -> int:
    if os.path.exists(arguments.text):  # noqa: PTH110 (pathlib is not needed for --help)
        raise ValueError(f"TEXT: expected a text; got the path {arguments.text!r}. Use diplotext analyze for files")
    from diplotext.pipeline.glance import quick

    print(quick(arguments.text, dictionaries=_own_tables(arguments)))
    return 0


def _trace(arguments: argparse.Namespace) -> int:
    from diplotext import schema
    from diplotext.pipeline import trace_folder

    found = trace_folder(
        arguments.out,
        arguments.transcripts,
        format=arguments.format,
        text_column=arguments.text_column,
        metadata=arguments.metadata,
        dictionaries=_own_tables(arguments),
    )
    traces, utterances, transcripts = schema.take_tables(found, "traces", "utterances", "transcripts")
    traced = traces["transcript_id"].notna()
    print(f"Records: {len(transcripts)}")
    print(
        f"{int(traced.sum())} of {len(traces)} pieces traced: "
        + (", ".join(f"{n} {name}" for name, n in traces["fidelity"].value_counts().items()) or "no statement to trace")
    )
    several = utterances[utterances["n_articles"] > 1]
    print(f"Utterances that stand in several articles: {several['utterance_id'].nunique()}")
    print(f"Report: {arguments.out.rstrip('/')}/report.html")
    return 0


def _report(arguments: argparse.Namespace) -> int:
    from diplotext.pipeline.reported import report_folder

    print(f"Report: {report_folder(arguments.out, arguments.format)}")
    return 0


def _evaluate(arguments: argparse.Namespace) -> int:
    from diplotext import evaluate

    own = _own_tables(arguments)
    if os.path.isfile(arguments.data):  # noqa: PTH113 (pathlib is not needed for --help)
        scores = evaluate.evaluate_file(arguments.task, arguments.data, refit=arguments.cv)
    elif arguments.cv or arguments.task == "sentiment":
        raise ValueError("--data: expected a file of sentences for sentiment and for --cv; got a folder")
    else:
        scores = evaluate.evaluate_folder(
            arguments.task,
            arguments.data,
            labels=arguments.labels,
            split=arguments.split,
            dictionaries=own,
        )
    print(json.dumps(scores, indent=2, ensure_ascii=False))
    return 0


def _fetch(arguments: argparse.Namespace) -> int:
    from diplotext.corpora import fetch_corpus, list_corpora

    recipes = list_corpora()
    if arguments.corpus is None:
        for recipe in recipes.values():
            print(f"{recipe.name:<11}{recipe.title}{'' if recipe.address else ' (to be asked for)'}")
        return 0
    folder = fetch_corpus(arguments.corpus, arguments.copy)
    load, _, part = recipes[arguments.corpus].load.partition(":")
    print(f"Folder: {folder}")
    print(f"Read it with {load}({str(folder / part)!r})")
    return 0


def _train(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    data = [Path(name) for name in arguments.data]
    try:
        from diplotext.training.attribution import train_attribution
        from diplotext.training.stance import train_stance
    except ModuleNotFoundError as error:
        raise ValueError(
            f"train: expected the packages of the training extra; {error.name} is missing. "
            "Install them with `pip install 'diplotext[training]'`"
        ) from error
    base = Path(arguments.base)
    missing = [n for n in ("config.json", "model.safetensors", "tokenizer.json") if not (base / n).is_file()]
    if missing:
        raise ValueError(f"--base: expected {missing[0]} in the folder; got {arguments.base!r} without it")
    if arguments.task == "stance":
        start, teacher = (Path(name) if name else None for name in (arguments.start, arguments.teacher))
        train_stance(data, base, Path(arguments.out), start=start, teacher=teacher)
    elif len(data) == 1:
        train_attribution(data[0], base, Path(arguments.out))
    else:
        raise ValueError(f"--data: expected one folder for attribution; got {len(data)}")
    print(f"Weights: {arguments.out.rstrip('/')}")
    return 0
