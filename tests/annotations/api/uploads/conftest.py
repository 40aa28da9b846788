"""A data set to send files to."""

from pathlib import Path

import pytest

from annotations.models import Dataset
from tests.factories import make_dataset


@pytest.fixture(autouse=True)
def files(data_root: Path) -> Path:
    """The folder of all files."""
    return data_root / "files"


@pytest.fixture
def dataset() -> Dataset:
    return make_dataset(patch_size=32)
