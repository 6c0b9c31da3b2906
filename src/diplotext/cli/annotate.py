"""``diplotext annotate sample|export|import|agree``: people's labels of an analysed folder."""

from __future__ import annotations

import argparse
import json
from typing import Any

from diplotext.cli.examples import show_examples

# Nothing of the package or of pandas is imported up here: --help must answer at once.


def add_annotate(commands: Any) -> None:
    """Add the command and what it does to the parser's commands."""
    annotate = commands.add_parser(
        "annotate",
        **show_examples("annotate"),
        help="draw a sample for people to label, exchange it, score how far they agree",
        description="People's labels of an analysed folder: draw a sample into it, write it for coders, bring their "
        "files back, score their agreement. Then `diplotext evaluate annotations` scores the folder against them.",
    )
    annotate.set_defaults(run=lambda arguments: annotate.print_help() or 2)
    steps = annotate.add_subparsers(title="steps", metavar="STEP")

    sample = _add_step(steps, "sample", _sample, "draw statements into OUT/samples.csv")
    sample.add_argument("--n", type=int, default=200, metavar="N", help="how many statements (default: 200)")
    sample.add_argument(
        "--uncertain", type=float, default=0.5, metavar="SHARE", help="share drawn by uncertainty (default: 0.5)"
    )
    sample.add_argument("--seed", type=int, default=0, metavar="N", help="the same seed draws the same sample")

    export = _add_step(steps, "export", _export, "write the sample for coders: .csv, .xlsx or .json (Label Studio)")
    export.add_argument("--to", required=True, metavar="FILE", help="the file to write")

    bring = _add_step(steps, "import", _import, "bring coders' files into OUT/annotations.csv")
    bring.add_argument("files", nargs="+", metavar="FILE", help=".csv, .xlsx, .json (Label Studio) or .jsonl (ours)")
    bring.add_argument("--annotator", metavar="NAME", help="who labelled (default: the file's name, or Label Studio's)")
    for step in (export, bring):
        step.add_argument("--codebook", metavar="CSV", help="your own: field, label, definition, and more as wanted")

    agree = _add_step(
        steps, "agree", _agree, "score agreement; prints one JSON object, writes disagreements.csv, gold.csv"
    )
    agree.add_argument("--decisions", metavar="CSV", help="disagreements.csv with its column label filled in")


def _add_step(steps: Any, name: str, run: Any, told: str) -> Any:
    described = told[0].upper() + told[1:] + "."
    step = steps.add_parser(name, **show_examples(f"annotate {name}"), help=told, description=described)
    step.add_argument("out", metavar="OUT", help="folder that diplotext analyze wrote")
    step.set_defaults(run=run)
    return step


def _sample(arguments: argparse.Namespace) -> int:
    from diplotext.annotation.folder import sample_folder

    samples = sample_folder(arguments.out, arguments.n, arguments.uncertain, arguments.seed)
    counts = samples["part"].value_counts()
    print(f"{len(samples)} statements drawn: {counts.get('random', 0)} random, {counts.get('uncertain', 0)} uncertain")
    return 0


def _export(arguments: argparse.Namespace) -> int:
    from diplotext.annotation.folder import export_folder

    print(f"Written: {export_folder(arguments.out, arguments.to, arguments.codebook)}")
    return 0


def _import(arguments: argparse.Namespace) -> int:
    from diplotext.annotation.folder import PROBLEMS, import_folder

    found = import_folder(arguments.out, arguments.files, arguments.annotator, arguments.codebook)
    for annotator, rows in found.annotations.groupby("annotator"):
        print(f"{annotator}: {rows['label'].notna().sum()} labels of {rows['item_id'].nunique()} items")
    if len(found.problems):
        print(f"{len(found.problems)} could not be read or joined: see {PROBLEMS}")
    return 0


def _agree(arguments: argparse.Namespace) -> int:
    from diplotext.annotation.folder import agree_folder, describe_agreement

    print(
        json.dumps(describe_agreement(*agree_folder(arguments.out, arguments.decisions)), indent=2, ensure_ascii=False)
    )
    return 0
