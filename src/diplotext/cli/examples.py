"""What ``--help`` ends with: command lines that one would really type."""

from __future__ import annotations

import argparse
from typing import Any

EXAMPLES = {
    "analyze": (
        "diplotext analyze articles/ --out out",
        "diplotext analyze articles/ --out out --dictionaries my-tables/ --tables xlsx",
        "diplotext analyze export.csv --text-column body --out out --date 2021-05-01",
        "diplotext analyze articles/ --out out --workers 8 --resume",
    ),
    "quick": (
        'diplotext quick "The envoy of Kenya said that her government rejects the plan."',
        'diplotext quick "$(cat article.txt)" --dictionaries my-tables/',
    ),
    "trace": (
        "diplotext trace out --transcripts records/",
        "diplotext trace out --transcripts briefings.csv --text-column body --dictionaries my-tables/",
    ),
    "report": ("diplotext report out",),
    "annotate": (
        "diplotext annotate sample out --n 200",
        "diplotext annotate export out --to kim.xlsx",
        "diplotext annotate import out kim.xlsx ana.xlsx",
        "diplotext annotate agree out",
    ),
    "annotate sample": ("diplotext annotate sample out --n 200 --uncertain 0.5 --seed 7",),
    "annotate export": (
        "diplotext annotate export out --to kim.xlsx",
        "diplotext annotate export out --to tasks.json --codebook mine.csv",
    ),
    "annotate import": (
        "diplotext annotate import out kim.xlsx ana.csv",
        "diplotext annotate import out project.json --annotator kim",
    ),
    "annotate agree": (
        "diplotext annotate agree out",
        "diplotext annotate agree out --decisions out/disagreements.csv",
    ),
    "evaluate": (
        "diplotext evaluate attribution --data polnear/dev",
        "diplotext evaluate posture --data PLV_train.tsv --cv",
        "diplotext evaluate speakers --data polnear/dev --labels tests/gold/speakers.csv --split report",
        "diplotext evaluate annotations --data out",
    ),
    "fetch": (
        "diplotext fetch",
        "diplotext fetch newsmtsc",
        "diplotext fetch mpqa --copy ~/Downloads/mpqa",
    ),
    "train": (
        "diplotext train attribution --data polnear/train --base all-MiniLM-L6-v2 --out weights",
        "diplotext train stance --data corpora data --base all-MiniLM-L6-v2 --out weights",
    ),
}


class Help(argparse.HelpFormatter):
    """Wraps what it says, but leaves examples as they stand."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text if text.startswith("examples:") else super()._fill_text(text, width, indent)


def show_examples(command: str) -> dict[str, Any]:
    """Return what a command's parser needs to show its examples."""
    epilog = "\n".join(["examples:", *(f"  {line}" for line in EXAMPLES[command])])
    return {"epilog": epilog, "formatter_class": Help}
