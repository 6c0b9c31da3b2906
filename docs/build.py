"""What the documentation takes from the package: read when the site is built, or written into the README.

``mkdocs build`` calls `on_page_markdown`, which puts tables in the place of ``<!-- name -->``. Run as a program, this
draws the README's figure from the sample corpus, and writes its table of scores and what its examples print anew.
"""

from __future__ import annotations

import contextlib
import csv
import doctest
import io
import re
from pathlib import Path
from typing import Any

from diplotext import schema

DOCS = Path(__file__).parent
README = DOCS.parent / "README.md"


def tabulate(rows: list[list[str]], header: list[str]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def show_tables() -> str:
    """Return the data dictionary: a section a table, a row a column."""
    parts = []
    for table in schema.TABLES.values():
        rows = [
            [f"`{name}`", column.kind + (", required" if column.required else ""), column.meaning,
             ", ".join(f"`{value}`" for value in column.allowed)]
            for name, column in table.columns.items()
        ]  # fmt: skip
        key = ", ".join(f"`{name}`" for name in table.key)
        parts.append(f"## {table.name}\n\nKey: {key}\n\n{tabulate(rows, ['column', 'kind', 'meaning', 'values'])}")
    return "\n\n".join(parts)


def show_postures() -> str:
    """Return the postures in order of precedence."""
    rows = sorted(schema.read_rows("postures.csv"), key=lambda row: int(row["precedence"]))
    columns = ["posture", "definition", "plover", "cameo_range", "quad"]
    header = ["posture", "the speaker …", "PLOVER", "CAMEO", "quad class"]
    return tabulate([[row[c] or "–" for c in columns] for row in rows], header)


def show_corpora() -> str:
    """Return the public corpora that can be fetched."""
    rows = [[f"`{row['name']}`", row["title"], row["terms"], row["ask"]] for row in schema.read_rows("corpora.csv")]
    return tabulate(rows, ["name", "corpus", "terms", "where it is from"])


def show_commands() -> str:
    """Return the help of every command, as it is printed."""
    from diplotext.cli import main

    parts = []
    for command in ("quick", "analyze", "trace", "report", "annotate", "evaluate", "fetch", "train"):
        shown = io.StringIO()
        with contextlib.redirect_stdout(shown), contextlib.suppress(SystemExit):
            main([command, "--help"])
        parts.append(f"## {command}\n\n```text\n{shown.getvalue().rstrip()}\n```")
    return "\n\n".join(parts)


def show_scores(*, short: bool = False) -> str:
    """Return the table of scores, all of it or the rows that the README has."""
    rows = [row for row in csv.DictReader((DOCS / "scores.csv").open(encoding="utf-8")) if row["readme"] or not short]
    columns = ["what", "data", "score", "beside"]
    return tabulate([[row[c] for c in columns] for row in rows], ["what", "on", "score (95 % interval)", "beside it"])


SHOWN = {
    "tables": show_tables, "postures": show_postures, "corpora": show_corpora, "commands": show_commands,
    "scores": show_scores,
}  # fmt: skip


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put what is generated in its place; mkdocs calls this for each page."""
    return re.sub(r"<!-- (\w+) -->", lambda mark: SHOWN[mark[1]](), markdown)


def fill_readme(text: str) -> str:
    """Return the README with its table of scores as `scores.csv` has it."""
    return re.sub(r"(?s)(<!-- scores -->\n).*?(\n<!-- end -->)", lambda m: m[1] + show_scores(short=True) + m[2], text)


def run_examples(text: str) -> str:
    """Return the text with what its examples print now."""
    lines, scope = text.splitlines(keepends=True), {"__name__": "__main__"}
    replaced = []
    for example in doctest.DocTestParser().get_examples(text):
        shown = io.StringIO()
        with contextlib.redirect_stdout(shown):
            exec(compile(example.source, "README.md", "single"), scope)
        first = example.lineno + example.source.count("\n")
        replaced.append((first, first + example.want.count("\n"), shown.getvalue()))
    for first, last, printed in reversed(replaced):
        lines[first:last] = [line.rstrip() + "\n" if line.strip() else "<BLANKLINE>\n" for line in printed.splitlines()]
    return "".join(lines)


def draw() -> None:
    """Draw the README's figure: who opposes and supports whom in the sample corpus."""
    import matplotlib as mpl
    from matplotlib import pyplot as plt

    import diplotext as dt

    mpl.use("Agg")
    sample = dt.load_sample()
    analysis = dt.analyze_articles(sample.articles, dictionaries=sample.dictionaries)
    quotes = analysis.quotes[analysis.quotes["country"].notna()]
    stances = analysis.stances[analysis.stances["target_country"].notna()]
    by = ["country", "target_country"]
    findings = dt.tabulate_findings(quotes, stances, by=by, articles=analysis.articles)
    names = sample.dictionaries.actors.set_index("actor_id")["name"].to_dict()
    dt.plot_stances(findings, top=6, names=names)
    plt.savefig(DOCS / "images" / "stances.png", dpi=110, bbox_inches="tight")


if __name__ == "__main__":
    README.write_text(run_examples(fill_readme(README.read_text("utf-8"))), "utf-8")
    draw()
