"""An image, a structure and somebody who answers."""

from collections.abc import Callable
from typing import Any

import pytest

from annotations.models import Image, Structure
from annotations.services.answers.given import Given


@pytest.fixture
def given(image: Image, structure: Structure) -> Callable[..., Given]:
    """An answer about the first patch, or what differs from that."""

    def make(value: str = "yes", **fields: Any) -> Given:
        where: dict[str, Any] = {"image": image.pk, "structure": structure.pk}
        return Given(**(where | {"row": 0, "column": 0, "value": value} | fields))

    return make
