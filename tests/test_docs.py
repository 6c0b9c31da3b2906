"""The documentation: it builds, its tables are the package's, and what it quotes is what the package says."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import diplotext as dt
from diplotext import schema
from diplotext.cli import main
from diplotext.cli.examples import EXAMPLES

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def build():
    spec = importlib.util.spec_from_file_location("build", DOCS / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_site_builds_and_loads_nothing_from_elsewhere(tmp_path):
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    tables = (tmp_path / "tables" / "index.html").read_text("utf-8")
    assert all(f'id="{name}"' in tables for name in schema.TABLES)
    assert not re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="(?:https?:)?//', tables)


def test_the_readme_has_the_scores_of_the_one_table(build):
    readme = (ROOT / "README.md").read_text("utf-8")
    assert build.fill_readme(readme) == readme, "run `make docs`"
    assert "| statements found, F1 |" in readme


def test_links_of_the_top_level_pages_lead_somewhere():
    for page in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"):
        for link in re.findall(r"\]\(([^)#]+)", (ROOT / page).read_text("utf-8")):
            assert link.startswith("https://") or (ROOT / link).exists(), f"{page}: {link}"


def test_the_glossary_has_every_measure():
    row = {"start": 0, "end": 1, "raw_start": 0, "raw_end": 1, "resolution": "title", "text": "a"}
    quotes = schema.build_table("quotes", [{"quote_id": "q", "article_id": "a", **row}])
    stances = schema.build_table(
        "stances", [{"quote_id": "q", "target_id": "t", "stance": "oppose", "posture": "deny"}]
    )
    glossary = (DOCS / "glossary.md").read_text("utf-8")
    for measure in dt.tabulate_findings(quotes, stances, by=[])["measure"]:
        known = re.sub(r"^(posture|count)_.*", r"\1_…", measure)
        assert f"`{known}`" in glossary, measure


def test_what_troubleshooting_quotes_is_said_somewhere():
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "src" / "diplotext").rglob("*.py"))
    said = re.sub(r'"\s*(?:\n\s*)?f?"', "", code)  # texts over several lines
    page = (DOCS / "troubleshooting.md").read_text("utf-8")
    for row in re.findall(r"^\| (.*?) \|", page, re.MULTILINE)[2:]:
        for quoted in re.findall(r"`([^`]+)`", row):
            for part in re.split(r"…|\bdocx\b", quoted):
                assert part.strip(" :()") in said, quoted


COMMANDS = [command.split() for command in EXAMPLES]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_ends_with_examples_that_the_parser_takes(command, capsys, monkeypatch):
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert shown.rstrip().endswith(f"  {EXAMPLES[' '.join(command)][-1]}")
    assert all(f"\n  {line}\n" in shown for line in EXAMPLES[" ".join(command)])


@pytest.mark.parametrize("line", sorted({line for lines in EXAMPLES.values() for line in lines}))
def test_examples_are_commands(line):
    import shlex

    from diplotext.cli.parser import build_parser

    runs = dict.fromkeys(["", "analyze", "quick", "trace", "report", "evaluate", "fetch", "train"], lambda _: 0)
    program, *arguments = shlex.split(line)
    assert program == "diplotext"
    assert build_parser(runs).parse_args(arguments).run


def test_changelog_names_the_version():
    version = pd.Series(re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE))
    assert version.tolist()[0] == "Unreleased"
    assert "0.1.0" in set(version)
