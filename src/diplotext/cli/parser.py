"""The commands and their options; ``--help`` ends with examples."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping

from diplotext.cli.annotate import add_annotate
from diplotext.cli.examples import show_examples

# Nothing else of the package or of pandas is imported here: --help must answer at once.

Run = Callable[[argparse.Namespace], int]

EVALUATIONS = (
    "attribution", "speakers", "cast", "targets", "sentiment", "posture", "stance", "trace", "annotations",
)  # fmt: skip


def build_parser(runs: Mapping[str, Run]) -> argparse.ArgumentParser:
    """Return the parser; `runs` holds what each command, and none of them (the empty name), does."""
    parser = argparse.ArgumentParser(
        prog="diplotext",
        description="Who said what, toward whom, in what posture: from a folder of articles to tables and a report.",
    )
    parser.add_argument("--version", action="store_true", help="print the version and stop")
    parser.set_defaults(run=runs[""], parser=parser)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    analyze = commands.add_parser(
        "analyze",
        **show_examples("analyze"),
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
    _add_own_tables(analyze, issues=True)
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
    analyze.set_defaults(run=runs["analyze"])

    quick = commands.add_parser(
        "quick",
        **show_examples("quick"),
        help="read one text: who, toward whom, posture, how sure",
        description="Read one text and print it marked, with a line a statement: who, toward whom, posture, how sure.",
    )
    quick.add_argument("text", metavar="TEXT", help="the text itself, within quotes")
    quick.add_argument("--dictionaries", metavar="DIR", help="folder with your own actors, aliases, issues, date.txt")
    quick.add_argument("--date", metavar="YYYY-MM-DD", help="date of the text, whose office holders it means")
    quick.set_defaults(run=runs["quick"])

    trace = commands.add_parser(
        "trace",
        **show_examples("trace"),
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
    _add_own_tables(trace, issues=False)
    trace.set_defaults(run=runs["trace"])

    add_annotate(commands)
    report = commands.add_parser(
        "report",
        **show_examples("report"),
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
    report.set_defaults(run=runs["report"])

    evaluate = commands.add_parser(
        "evaluate",
        **show_examples("evaluate"),
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
    _add_own_tables(evaluate, issues=True)
    evaluate.set_defaults(run=runs["evaluate"])

    fetch = commands.add_parser(
        "fetch",
        **show_examples("fetch"),
        help="get a public corpus, its terms shown before",
        description="Get a public corpus, or take a copy that you have, into the folder that DIPLOTEXT_DATA names "
        "(else the user's cache). Its terms are shown before; they bind you.",
    )
    fetch.add_argument("corpus", nargs="?", metavar="NAME", help="without it, the corpora are listed")
    fetch.add_argument("--copy", metavar="PATH", help="a file or folder of yours in the place of a download")
    fetch.set_defaults(run=runs["fetch"])

    train = commands.add_parser(
        "train",
        **show_examples("train"),
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
    train.set_defaults(run=runs["train"])
    return parser


def _add_own_tables(command: argparse.ArgumentParser, *, issues: bool) -> None:
    add = command.add_argument
    add("--dictionaries", metavar="DIR", help="folder with your own actors, aliases, issues, corrections, date.txt")
    add("--actors", metavar="CSV", help="your own actors, which take precedence")
    add("--aliases", metavar="CSV", help="further names of your own actors")
    if issues:
        add("--issues", metavar="CSV", help="your own issues beside the bundled ones: issue_id, name, patterns")


def _folder(name: str) -> str:
    if not name.strip():
        raise argparse.ArgumentTypeError("expected a folder, got an empty name")
    if os.path.exists(name) and not os.path.isdir(name):  # noqa: PTH110, PTH112 (pathlib is not needed for --help)
        raise argparse.ArgumentTypeError(f"expected a folder, got the file {name!r}")
    return name
