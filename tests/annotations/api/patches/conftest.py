"""An image whose patches are asked for."""

from pathlib import Path

import pytest

from annotations.models import Dataset, Image, Role, Structure, User
from tests.factories import make_dataset, make_image, make_member, make_structure


@pytest.fixture
def image(data_root: Path) -> Image:
    """2 rows and 3 columns of patches."""
    return make_image(dataset=make_dataset(patch_size=32), height=64, width=96, store=True)


@pytest.fixture
def dataset(image: Image) -> Dataset:
    return image.dataset


@pytest.fixture
def rings(dataset: Dataset) -> Structure:
    return make_structure(project=dataset.project)


@pytest.fixture
def bob(dataset: Dataset) -> User:
    return make_member(project=dataset.project, role=Role.ANNOTATOR).user
