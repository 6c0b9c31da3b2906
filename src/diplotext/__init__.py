"""diplotext: who said what, toward whom, in what posture, and how sure one can be.

Each name below lives in the module of its stage and is imported when it is first used, so that ``import diplotext``
and the command line start at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "io": ("load_articles",),
    "clean": ("clean_articles", "list_rules", "mark_duplicates"),
    "structure": ("split_sentences",),
    "quotes": ("attribute_quotes",),
    "actors": ("explain_speaker", "resolve_speakers"),
    "stance": (
        "PostureClassifier",
        "StanceClassifier",
        "StatementEncoder",
        "explain_stance",
        "extract_conditions",
        "score_stances",
    ),
    "findings": ("compare_findings", "tabulate_findings"),
    "plots": ("plot_stances", "plot_timeline"),
    "trace": ("group_utterances", "trace_quotes"),
    "report": ("show_quotes", "show_trace", "write_report"),
    "pipeline": ("analyze", "analyze_articles"),
    "pipeline.glance": ("quick",),
    "corpora": ("load_sample",),
    "schema": ("Analysis", "Dictionaries", "load_dictionaries", "read_table", "write_table"),
}
_SUBMODULES = ("annotation", "corpora", "evaluate", "plots", "schema")
_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_MODULE_OF)


def __getattr__(name: str) -> Any:
    if name in _SUBMODULES:
        return import_module(f"{__name__}.{name}")
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*_MODULE_OF, *_SUBMODULES])
