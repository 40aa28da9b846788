"""An image, a structure and somebody who answers; tests of other images have their own."""

import pytest

from annotations.models import Image, Role, Structure, User
from tests.factories import make_dataset, make_image, make_member, make_structure


@pytest.fixture
def image() -> Image:
    """64 x 96 px on patches of 32 px: 2 rows and 3 columns."""
    return make_image(dataset=make_dataset(patch_size=32), height=64, width=96)


@pytest.fixture
def structure(image: Image) -> Structure:
    return make_structure(project=image.dataset.project, name="Rings")


@pytest.fixture
def rings(structure: Structure) -> Structure:
    """The structure, by its name."""
    return structure


@pytest.fixture
def alice(image: Image) -> User:
    return make_member(project=image.dataset.project, role=Role.ANNOTATOR).user
