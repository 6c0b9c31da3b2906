"""What makes a notebook fail: a changed result, and nothing that a processor does not fix."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

#: what a cell prints (one that begins with # counts what networks decide), what stands in the notebook, and whether
#: that is the same result.
CELLS = [
    ("share right  0.35", "share right 0.36", True),
    ("share right 1.00, n 12", "share right  0.99, n 12", True),
    ("balance -0.01", "balance 0.00", True),
    ("share right 0.35", "share right 0.38", False),
    ("share right 0.35, n 12", "share right 0.35, n 13", False),
    ("balance -0.40", "balance 0.40", False),
    ("posture threaten", "posture warn", False),
    ("version 1.2.3", "version 1.2.4", False),
    ("threaten\nwarn", "warn\nthreaten", False),
    ("#235 statements, 0.35", "#233 statements, 0.36", True),
    ("#235 statements", "#229 statements", False),
    ("#9 threats", "#9 offers", False),
]


def test_a_changed_result_fails_and_a_digit_of_the_processor_does_not(tmp_path):
    cells = [
        {"cell_type": "code", "id": f"c{n}", "execution_count": n,
         "metadata": {"tags": ["counts"] if printed[0] == "#" else []}, "source": f"print({printed!r})",
         "outputs": [{"output_type": "stream", "name": "stdout", "text": f"{stored}\n"}]}
        for n, (printed, stored, _) in enumerate(CELLS, 1)
    ]  # fmt: skip
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "made.ipynb").write_text(json.dumps(notebook), "utf-8")
    shutil.copy(ROOT / "notebooks" / "conftest.py", tmp_path)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-v", "--nbval", "--nbval-current-env", "."]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True).stdout
    lines = [line for line in told.splitlines() if "::Cell" in line and ("PASSED" in line or "FAILED" in line)]
    assert ["PASSED" in line for line in lines[: len(CELLS)]] == [same for *_, same in CELLS], told
