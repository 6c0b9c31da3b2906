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

from diplotext.cli.parser import build_parser

# Nothing else of the package or of pandas is imported up here: --help must answer at once.

#: columns of quotes that the summary of a run counts.
_SUMMED = ("kind", "resolution", "speaker_kind", "country", "parties", "actor_id")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    It is 0, or 1 when nothing could be read, 2 for wrong arguments (a folder that cannot be written among them), 130
    when the user interrupts.
    """
    runs = {
        "": _version_or_help, "analyze": _analyze, "quick": _quick, "trace": _trace, "report": _report,
        "evaluate": _evaluate, "fetch": _fetch, "train": _train,
    }  # fmt: skip
    arguments = build_parser(runs).parse_args(argv)
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

    analyze(
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
        load=False,
    )
    out = Path(arguments.out)
    articles = schema.read_table(out / "articles.parquet", "articles", ["article_id", "duplicate_of"])
    quotes = schema.read_table(out / "quotes.parquet", "quotes", _SUMMED)
    resolved = int((quotes["resolution"] != "unresolved").sum())
    print(f"{len(articles)} articles ({int(articles['duplicate_of'].notna().sum())} duplicates)")
    print(f"{len(quotes)} statements: " + ", ".join(f"{n} {kind}" for kind, n in quotes["kind"].value_counts().items()))
    if failed := Counter(failure["stage"] for failure in read_record(out)["failed"]):
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
