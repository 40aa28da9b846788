"""An image, three people and what they say."""

import pytest

from annotations.models import Image, Structure, User
from annotations.models.label import Answer
from tests.annotations.services.team.people import Say
from tests.factories import make_dataset, make_image, make_label, make_member


@pytest.fixture
def image() -> Image:
    """10 rows and 10 columns."""
    return make_image(dataset=make_dataset(patch_size=32), height=320, width=320)


@pytest.fixture
def manager(image: Image) -> User:
    return image.dataset.created_by


@pytest.fixture
def people(image: Image) -> list[User]:
    return [make_member(project=image.dataset.project).user for _ in range(3)]


@pytest.fixture
def say(image: Image, structure: Structure, people: list[User]) -> Say:
    """The answers of the three to the n-th patch of the first row; None: no answer."""

    def said(column: int, *values: Answer | None, row: int = 0) -> None:
        for person, value in zip(people, values, strict=False):
            if value is not None:
                make_label(
                    image=image,
                    structure=structure,
                    annotator=person,
                    row=row,
                    column=column,
                    value=value,
                )

    return said
