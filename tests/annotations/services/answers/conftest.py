"""An image, a structure and somebody who answers."""

from collections.abc import Callable
from typing import Any

import pytest

from annotations.models import Image, Role, Structure, User
from annotations.services.given import Given
from tests.factories import make_dataset, make_image, make_member, make_structure


@pytest.fixture
def image() -> Image:
    """2 rows and 3 columns of patches."""
    return make_image(dataset=make_dataset(patch_size=32), height=64, width=96)


@pytest.fixture
def structure(image: Image) -> Structure:
    return make_structure(project=image.dataset.project)


@pytest.fixture
def alice(image: Image) -> User:
    return make_member(project=image.dataset.project, role=Role.ANNOTATOR).user


@pytest.fixture
def given(image: Image, structure: Structure) -> Callable[..., Given]:
    """An answer about the first patch, or what differs from that."""

    def make(value: str = "yes", **fields: Any) -> Given:
        where: dict[str, Any] = {"image": image.pk, "structure": structure.pk}
        return Given(**(where | {"row": 0, "column": 0, "value": value} | fields))

    return make
