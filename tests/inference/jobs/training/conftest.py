"""A data set that can be trained on."""

from pathlib import Path

import pytest

from annotations.models import Dataset
from tests.inference.jobs.labelled import make_labelled


@pytest.fixture
def dataset(data_root: Path) -> Dataset:
    return make_labelled()[0]
