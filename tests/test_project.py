"""The promises of the repository itself: its files agree, its rooms do not import in circles, its notebooks are run."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from types import FunctionType, ModuleType

import pytest
import yaml

import diplotext

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "diplotext"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

#: conda's name of a package where it differs from pip's.
CONDA_NAMES = {
    "lxml-html-clean": ["lxml_html_clean"],
    "matplotlib": ["matplotlib-base"],
    "dask": ["dask", "distributed"],
    "torch": ["pytorch"],
    "tzdata": ["python-tzdata"],
}

#: what each room under the stages may import from the package; a stage may import all of these, and no other room.
FOUNDATIONS = {
    "schema": set(),
    "spans": set(),
    "language": {"schema", "spans"},
    "names": {"schema", "spans", "language"},
    "cast": {"schema", "spans", "language", "names"},
    "structure": {"schema", "spans", "language", "names"},
    "encoder": {"schema", "spans", "language"},
}
STAGES = ("io", "clean", "quotes", "actors", "stance", "trace")


def requirement(line):
    name, bound = re.fullmatch(r"([\w-]+)(?:\[[\w,]+\])?\s*(.*)", line).groups()
    return name.lower(), bound.replace(" ", "")


def test_environment_and_pyproject_name_the_same_packages():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *(r for extra in extras.values() for r in extra)]
    wanted = {"python": project["requires-python"], "pip": ""}
    for name, bound in map(requirement, lines):
        if name != "diplotext":
            wanted |= dict.fromkeys(CONDA_NAMES.get(name, [name]), bound)
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    assert environment["channels"] == ["conda-forge", "nodefaults"]
    named = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    assert dict(map(requirement, named)) == wanted
    assert environment["dependencies"][-1] == {"pip": ["-e ."]}


installed = cache(packages_distributions)  # import name → packages; slow to gather


def others(nodes):
    """Return what is imported from outside the package and the standard library by these nodes."""
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"diplotext"}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_what_a_module_imports_is_declared(path):
    """At the top of a module stands what is always installed; inside a function an extra may be asked for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    always = {requirement(line)[0] for line in project["dependencies"]}
    if path.relative_to(PACKAGE).parts[0] == "training":
        always |= {requirement(line)[0] for line in extras["training"]}
    ever = always | {requirement(line)[0] for name, lines in extras.items() if name != "dev" for line in lines}
    owners = installed()
    tree = ast.parse(path.read_text("utf-8"))
    for nodes, declared in ((tree.body, always), (ast.walk(tree), ever)):
        for name in others(nodes):
            packages = {owner.lower().replace("_", "-") for owner in owners.get(name, [name])}
            packages |= {{"distributed": "dask"}.get(package, package) for package in packages}
            assert packages & declared, name


def imports_of(path):
    """Return the rooms of the package that one file imports, at its top or anywhere in it."""
    tree = ast.parse(path.read_text("utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "diplotext":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("diplotext."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("diplotext.")}
    return found


def rooms():
    graph = {}
    for path in PACKAGE.rglob("*.py"):
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if room != "__init__":
            graph.setdefault(room, set()).update(imports_of(path) - {room})
    return graph


@pytest.mark.parametrize("room", [*FOUNDATIONS, *STAGES])
def test_a_room_imports_only_what_stands_under_it(room):
    assert rooms().get(room, set()) <= FOUNDATIONS.get(room, set(FOUNDATIONS))


def test_every_stage_is_a_room():
    assert set(STAGES) <= set(rooms())


def test_rooms_do_not_import_in_a_circle():
    graph, path = rooms(), []

    def visit(room):
        assert room not in path, " → ".join([*path, room])
        path.append(room)
        for other in sorted(graph.get(room, ())):
            visit(other)
        path.pop()

    for room in graph:
        visit(room)


def test_public_face_is_small_complete_and_documented():
    assert len(diplotext.__all__) <= 34
    submodules = set(dir(diplotext)) - set(diplotext.__all__)
    assert submodules <= {"annotation", "corpora", "evaluate", "plots", "schema"}
    assert all(isinstance(getattr(diplotext, name), ModuleType) for name in submodules)
    for home in (diplotext, *(getattr(diplotext, name) for name in submodules)):
        for name in home.__all__:
            if isinstance(thing := getattr(home, name), type | FunctionType):
                assert ">>> " in (thing.__doc__ or ""), f"{home.__name__}.{name} has no example"
    with pytest.raises(AttributeError, match="no attribute 'load_article'"):
        _ = diplotext.load_article


def test_the_command_line_answers_without_importing_anything_heavy():
    command = [
        sys.executable,
        "-c",
        "import sys; from diplotext.cli import main; main(['--version']); print(*sys.modules)",
    ]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert shown.startswith("diplotext 0.")
    assert not {"pandas", "numpy", "sklearn", "matplotlib", "trafilatura"} & set(shown.split())


def test_top_level_holds_what_it_should():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    top = {name.split("/")[0] for name in listed if name}
    assert top <= {
        ".ci", ".gitignore", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md",
        "SECURITY.md", "data", "docs", "environment.yml", "mkdocs.yml", "notebooks", "pyproject.toml", "src", "tests",
    }  # fmt: skip


def test_the_notebooks_are_there():
    assert [path.name for path in NOTEBOOKS] == [
        "00_quickstart.ipynb",
        "01_cleaning.ipynb",
        "02_quotes.ipynb",
        "03_stance.ipynb",
        "04_findings.ipynb",
        "05_validation.ipynb",
        "06_trace.ipynb",
        "08_geneva.ipynb",
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_was_run_from_top_to_bottom(path):
    notebook = json.loads(path.read_text("utf-8"))
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert outputs
    assert not [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"]
    assert not re.search(r"/(?:home|root|work|tmp|Users)/", json.dumps(outputs))
    for cell in cells:
        source = "".join(cell["source"])
        assert len(source.splitlines()) <= 12, source
        assert not re.search(r"^\s*(?:def|class) ", source, re.MULTILINE), source
    prose = "".join(line for cell in notebook["cells"] if cell["cell_type"] == "markdown" for line in cell["source"])
    for part in ("**Question", "**Data", "**Answer", "What this does not show"):
        assert part in prose
