"""An image, a structure and somebody who answers."""

import pytest

from annotations.models import Image, Structure, User
from tests.factories import make_dataset, make_image, make_structure


@pytest.fixture
def image() -> Image:
    """64 x 96 px on patches of 32 px: 2 rows, 3 columns."""
    return make_image(dataset=make_dataset(patch_size=32), name="slide 1.tif", height=64, width=96)


@pytest.fixture
def structure(image: Image) -> Structure:
    return make_structure(project=image.dataset.project, name="Disc")


@pytest.fixture
def alice(image: Image) -> User:
    return image.dataset.created_by
