"""The empty patches of an image, found once."""

import numpy as np
import pytest

from annotations.errors import Rejected
from annotations.models import Image
from annotations.services.empty import find_empty
from tests.factories import make_dataset, make_image

pytestmark = pytest.mark.django_db


@pytest.fixture
def image() -> Image:
    """A disc of radius 64 px in the middle of 256 x 256 px, on patches of 32 px."""
    return make_image(dataset=make_dataset(patch_size=32), height=256, width=256, store=True)


def test_the_patches_around_the_disc_are_empty(image: Image) -> None:
    found = find_empty(image=image)
    assert found.shape == (8, 8)
    inside = np.zeros((8, 8), bool)
    inside[2:6, 2:6] = True
    assert not found[inside].any()
    assert found[~inside].mean() > 0.9


def test_they_are_found_once_and_anew_on_another_grid(image: Image) -> None:
    first = find_empty(image=image)
    (kept,) = (image.folder / "empty").iterdir()
    np.save(kept, ~first)
    assert np.array_equal(find_empty(image=image), ~first)
    image.dataset.overlap = 16
    assert find_empty(image=image).shape == (15, 15)
    assert len(list((image.folder / "empty").iterdir())) == 2


def test_a_large_image_is_looked_at_on_a_coarser_level(
    image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    fine = find_empty(image=image)
    (image.folder / "empty").rename(image.folder / "before")
    large = make_image(dataset=image.dataset, height=1030, width=1100, store=True)
    monkeypatch.setattr("annotations.services.empty.MAX_PIXELS", 600 * 600)
    found = find_empty(image=large)
    assert found.shape == (33, 35)
    y, x = np.mgrid[:33, :35] * 32 + 16
    middle = np.hypot(y - 515, x - 550)
    assert not found[middle < 1030 / 4].any()
    assert found[middle > 1030 / 4 + 64].mean() > 0.9
    assert fine.any()


def test_an_image_that_is_not_ready_has_none(image: Image) -> None:
    image.state = Image.State.IMPORTING
    with pytest.raises(Rejected, match="not ready"):
        find_empty(image=image)
