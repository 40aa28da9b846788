"""A stack of which each pixel is known."""

import pytest

from annotations.models import Dataset, Image, User
from tests import factories
from tests.support.stacks import known_stack, make_stack


@pytest.fixture
def dataset(alice: User) -> Dataset:
    project = factories.make_project(manager=alice, name="Stacks")
    factories.make_structure(project=project, name="Disc")
    return factories.make_dataset(project=project, name="Slide 1")


@pytest.fixture
def stack(dataset: Dataset) -> Image:
    return make_stack(known_stack(frames=3, channels=2, depth=5), dataset=dataset, name="a.tif")
