"""A data set of two images, whose patches are listed."""

import pytest

from annotations.models import Dataset, Role, Structure, User
from tests.factories import (
    make_dataset,
    make_image,
    make_member,
    make_structure,
)


@pytest.fixture
def dataset() -> Dataset:
    """Two images of 2 rows and 3 columns of patches; the second in name comes first in age."""
    dataset = make_dataset(patch_size=32)
    make_image(dataset=dataset, name="b.tif", height=64, width=96, condition="drug")
    make_image(dataset=dataset, name="a.tif", height=64, width=96)
    return dataset


@pytest.fixture
def rings(dataset: Dataset) -> Structure:
    return make_structure(project=dataset.project)


@pytest.fixture
def bob(dataset: Dataset) -> User:
    return make_member(project=dataset.project, role=Role.ANNOTATOR).user
