"""A data set and a model of it that was never trained."""

from pathlib import Path

import pytest

from annotations.models import Dataset
from inference.models import ModelVersion
from tests.factories import make_dataset, make_image, make_model, make_structure
from tests.inference.jobs.untrained import write_untrained


@pytest.fixture
def dataset(data_root: Path) -> Dataset:
    """Two images of 50 x 75 px, which no number of patches fills."""
    dataset = make_dataset(patch_size=32)
    for name in "ab":
        make_image(dataset=dataset, name=f"{name}.tif", height=50, width=75, store=True)
    return dataset


@pytest.fixture
def model(dataset: Dataset) -> ModelVersion:
    structures = [make_structure(project=dataset.project, name=name) for name in ("One", "Two")]
    model = make_model(dataset=dataset, structures=structures)
    write_untrained(model)
    return model
