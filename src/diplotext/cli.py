"""The command line: ``diplotext analyze`` and ``diplotext evaluate``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

# Nothing of the package or of pandas is imported up here: --help must answer at once.

EVALUATIONS = ("attribution", "speakers", "posture", "stance")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status: 0, 1 when nothing could be read, 2 for wrong arguments."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except FileNotFoundError as error:
        print(f"diplotext: {error}", file=sys.stderr)
        return 1
    except (ValueError, ImportError) as error:
        print(f"diplotext: {error}", file=sys.stderr)
        return 2


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
    add("--out", required=True, metavar="DIR", help="folder for the results")
    add("--format", metavar="F", help="read every file as this format: text, html, markdown, jsonl, csv, parquet, warc")
    add("--text-column", default="text", metavar="C", help="column that holds the text in tables (default: text)")
    add("--metadata", metavar="CSV", help="table with file, title, outlet, published, url")
    add("--actors", metavar="CSV", help="your own actors, which take precedence")
    add("--aliases", metavar="CSV", help="further names of your own actors")
    add("--date", metavar="YYYY-MM-DD", help="date whose office holders undated articles mean")
    add("--tables", default="parquet", choices=("parquet", "csv", "xlsx"), help="write the tables in this form too")
    add("--engine", default="local", choices=("local", "dask"), help="where to run (default: local)")
    add("--scheduler", metavar="ADDRESS", help="of a running Dask cluster")
    add("--workers", type=int, default=1, metavar="N", help="processes to use (default: 1)")
    add("--resume", action="store_true", help="go on where an interrupted run with the same settings stopped")
    analyze.set_defaults(run=_analyze)

    evaluate = commands.add_parser(
        "evaluate",
        help="score the stages on labelled articles; prints one JSON object",
        description="Score a stage on a folder in PolNeAR's form (text/, attributions/; attribution only) or that of "
        "the sample corpus (articles/, gold/). Prints one JSON object; each score has estimate, ci_low, ci_high and n.",
    )
    evaluate.add_argument("task", choices=EVALUATIONS, metavar="TASK", help=", ".join(EVALUATIONS))
    evaluate.add_argument("--data", required=True, metavar="PATH", help="folder with texts and gold")
    evaluate.add_argument("--actors", metavar="CSV", help="your own actors, which take precedence")
    evaluate.add_argument("--aliases", metavar="CSV", help="further names of your own actors")
    evaluate.set_defaults(run=_evaluate)
    return parser


def _version_or_help(arguments: argparse.Namespace) -> int:
    if arguments.version:
        from importlib.metadata import version

        print(f"diplotext {version('diplotext')}")
        return 0
    arguments.parser.print_help(sys.stderr)
    return 2


def _own_tables(arguments: argparse.Namespace) -> dict[str, Any]:
    from diplotext import schema

    return {
        name: schema.read_table(path, name)
        for name in ("actors", "aliases")
        if (path := getattr(arguments, name)) is not None
    }


def _analyze(arguments: argparse.Namespace) -> int:
    from diplotext.pipeline import analyze

    results = analyze(
        arguments.paths,
        arguments.out,
        format=arguments.format,
        text_column=arguments.text_column,
        metadata=arguments.metadata,
        date=arguments.date,
        tables=arguments.tables,
        engine=arguments.engine,
        scheduler=arguments.scheduler,
        workers=arguments.workers,
        resume=arguments.resume,
        **_own_tables(arguments),
    )
    quotes, articles = results["quotes"], results["articles"]
    resolved = int((quotes["resolution"] != "unresolved").sum())
    print(f"{len(articles)} articles ({int(articles['duplicate_of'].notna().sum())} duplicates)")
    print(f"{len(quotes)} statements: " + ", ".join(f"{n} {kind}" for kind, n in quotes["kind"].value_counts().items()))
    print(f"{resolved} with a resolved speaker, {len(quotes) - resolved} unresolved")
    print(f"Report: {arguments.out.rstrip('/')}/report.html")
    return 0


def _evaluate(arguments: argparse.Namespace) -> int:
    from diplotext import evaluate

    scores = evaluate.evaluate_folder(arguments.task, arguments.data, **_own_tables(arguments))
    print(json.dumps(scores, indent=2, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
