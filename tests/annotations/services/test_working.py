"""What of an image is labelled, trained on and segmented."""

from pathlib import Path

import numpy as np
import pytest

from annotations.imaging.store.write import write_image, write_projection
from annotations.models import Image
from annotations.services.working import (
    WorkingViewRefused,
    open_working,
    working_channels,
    working_limits,
)
from tests.annotations.imaging.files import pixels
from tests.annotations.imaging.sources import Recorded
from tests.factories import make_dataset, make_image

pytestmark = pytest.mark.django_db
STACK = pixels((2, 3, 5, 30, 40), "uint16")


@pytest.fixture
def image(data_root: Path) -> Image:
    """A stack of three channels, five planes and two time points."""
    image = make_image(dataset=make_dataset(), height=30, width=40, size_z=5, size_t=2)
    image.channels = [
        {"name": name, "colour": "ffffff", "low": float(low), "high": low + 100.0}
        for low, name in enumerate(("DNA", "Actin", "Tubulin"))
    ]
    image.save()
    write_image(Recorded(STACK), image.store, name="a")
    return image


def test_the_middle_plane_of_all_channels_is_worked_on_at_first(image: Image) -> None:
    store = open_working(image)
    assert np.array_equal(store.read(0, 30, 0, 40), STACK[0, :, 2])
    assert [channel["name"] for channel in working_channels(image)] == ["DNA", "Actin", "Tubulin"]
    assert working_limits(image) == [(0, 100), (1, 101), (2, 102)]


def test_plane_time_point_and_channels_are_those_of_the_data_set(image: Image) -> None:
    dataset = image.dataset
    dataset.plane_z, dataset.plane_t, dataset.used_channels = 1, 1, [2, 0]
    store = open_working(image)
    assert np.array_equal(store.read(3, 9, 5, 8), STACK[1, [2, 0], 1, 3:9, 5:8])
    assert [channel["name"] for channel in working_channels(image)] == ["Tubulin", "DNA"]
    assert working_limits(image) == [(2, 102), (0, 100)]


def test_a_maximum_has_the_limits_of_the_projection(image: Image) -> None:
    image.dataset.projection, image.dataset.used_channels = "max", [1]
    write_projection(image.store, image.projection)
    store = open_working(image)
    assert np.array_equal(store.read(0, 30, 0, 40), STACK[0, [1]].max(axis=1))
    (limits,) = working_limits(image)
    assert limits == store.limits[0]
    # The highest of five even numbers up to 65,535 is seldom low.
    assert limits[0] > 10_000


def test_a_channel_that_an_image_lacks_is_refused_with_its_name(image: Image) -> None:
    image.dataset.used_channels = [0, 3]
    for ask in (open_working, working_channels, working_limits):
        with pytest.raises(WorkingViewRefused, match=rf"{image.name}: Channel 4 .* 3 channels"):
            ask(image)
