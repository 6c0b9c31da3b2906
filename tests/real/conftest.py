"""Real texts, which lie beside the checkout of those who develop the package, and nowhere else."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared"


@pytest.fixture(scope="session")
def shared():
    """Return the folder of real texts; a test that asks for it is skipped where there is none."""
    if not SHARED.is_dir():
        pytest.skip("the real texts (../shared) are not beside this checkout")
    return SHARED
