"""Two images, a structure and two people for all tests of handing out."""

import pytest

from annotations.models import Dataset, Structure, User
from tests.annotations.services.handing_out.asking import FRESH_FOR
from tests.factories import make_dataset, make_image, make_member, make_structure


@pytest.fixture(autouse=True)
def up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is answered is known at once, not half a second later, so that tests need not wait."""
    monkeypatch.setattr(FRESH_FOR, 0.0)


@pytest.fixture
def dataset() -> Dataset:
    """Two images of 4 rows and 5 columns: 40 patches."""
    dataset = make_dataset(patch_size=32)
    for name in ("a.tif", "b.tif"):
        make_image(dataset=dataset, name=name, height=4 * 32, width=5 * 32)
    return dataset


@pytest.fixture
def structure(dataset: Dataset) -> Structure:
    return make_structure(project=dataset.project)


@pytest.fixture
def alice(dataset: Dataset) -> User:
    return make_member(project=dataset.project).user


@pytest.fixture
def bob(dataset: Dataset) -> User:
    return make_member(project=dataset.project).user
