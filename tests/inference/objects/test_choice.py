"""What a person chooses, in px and in µm."""

from typing import Any

import numpy as np
import pytest

from inference.objects.choice import NoPixelSize, Separation
from tests.inference.objects.shapes import discs
from tests.inference.objects.whole import objects_of


def test_a_size_in_um_counts_in_pixels_of_the_image() -> None:
    assert Separation("distance", 6, "um").size_px((0.5, 0.5)) == pytest.approx(12)
    # 0.25 µm x 1 µm: a square pixel of the same area has 0.5 µm.
    assert Separation("h-maxima", 6, "um").size_px((0.25, 1)) == pytest.approx(12)
    assert Separation("distance", 6, "px").size_px(None) == 6
    assert Separation().size_px(None) is None


@pytest.mark.parametrize(("size", "count"), [(15.0, 2), (30.0, 1)])
def test_touching_discs_are_told_apart_by_their_distance_in_um(size: float, count: int) -> None:
    """Discs of radius 20 px, 36 px apart, which are 18 µm."""
    map_ = np.where(discs((60, 100), (30, 30, 20), (30, 66, 20)), 255, 0).astype(np.uint8)
    chosen = Separation("distance", size, "um")
    assert objects_of(map_, 0.5, chosen, pixel_size_um=(0.5, 0.5)).max() == count


def test_um_of_an_image_without_a_pixel_size_are_refused() -> None:
    with pytest.raises(NoPixelSize, match="Choose px"):
        Separation("distance", 6, "um").size_px(None)


@pytest.mark.parametrize(
    "given",
    [
        {"method": "magic"},
        {"method": "distance", "size": 4, "unit": "mm"},
        {"method": "distance", "size": 0},
        {"method": "h-maxima", "size": float("nan")},
        {"method": "h-maxima", "size": float("inf")},
        {"method": "automatic", "size": 3},
        {"method": "none", "size": 3},
    ],
)
def test_what_makes_no_sense_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"separation|size"):
        Separation(**given)
