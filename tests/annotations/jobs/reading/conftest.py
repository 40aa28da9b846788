"""Where files are kept."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def files(data_root: Path) -> Path:
    """The folder of all files."""
    return data_root / "files"
