"""The package as a user installs it: without extras, and without what only its developers have."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

EVERY_MODULE = """
import importlib, pkgutil, diplotext
names = [m.name for m in pkgutil.walk_packages(diplotext.__path__, "diplotext.", onerror=lambda name: None)
         if not m.name.startswith("diplotext.training")]
for name in names:
    importlib.import_module(name)
assert len(diplotext.load_sample().articles) >= 16
print(len(names))
"""


@pytest.mark.long
def test_every_module_but_training_is_imported_without_extras(tmp_path):
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = next(path for path in (tmp_path / "venv").glob("*/python*") if path.name in ("python", "python.exe"))
    subprocess.run([python, "-m", "pip", "install", "--quiet", str(ROOT)], check=True, cwd=tmp_path)
    told = subprocess.run([python, "-c", EVERY_MODULE], capture_output=True, text=True, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert int(told.stdout) > 100
    shown = subprocess.run([python, "-m", "diplotext.cli", "--help"], capture_output=True, text=True, cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr
