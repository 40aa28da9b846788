"""What a person chooses, in px and in µm."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from inference.objects.choice import MIN_OBJECT_PX, NoPixelSize, Senseless, Separation
from inference.objects.regions import BandedMask
from inference.objects.seeds import METHODS, Method
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
    with pytest.raises(NoPixelSize, match="Choose px"):
        Separation("none", unit="um", smallest=6).smallest_px(None)


def test_the_pixel_size_is_needed_where_a_number_is_in_um() -> None:
    for needing in (Separation("distance", 6, "um"), Separation(unit="um", smallest=6)):
        needing.check((0.5, 0.5))
        with pytest.raises(NoPixelSize, match="Choose px"):
            needing.check(None)
    for other in (Separation(unit="um"), Separation("distance", 6, "px", 40)):
        other.check(None)


@pytest.mark.parametrize(
    ("smallest", "unit", "pixel_size_um", "px"),
    [
        (None, "um", None, MIN_OBJECT_PX),
        (400, "px", (0.5, 0.5), 400),
        (400.2, "px", None, 401),
        (0.3, "px", None, 1),
        (100, "um", (0.5, 0.5), 400),
        # Pixels of 0.25 µm x 1 µm.
        (100.1, "um", (0.25, 1), 401),
        # 400 px of 22 nm, which are 400.00000000000006 in floats.
        (0.1936, "um", (0.022, 0.022), 400),
        (1e308, "um", (0.01, 0.01), 2**62),
        (1e-308, "um", (1e9, 1e9), 1),
    ],
)
def test_the_smallest_object_is_a_number_of_pixels(
    smallest: float | None, unit: Any, pixel_size_um: tuple[float, float] | None, px: int
) -> None:
    assert Separation("none", None, unit, smallest).smallest_px(pixel_size_um) == px


def _squares(*sides: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """A map with squares that lie apart, side by side."""
    map_ = np.zeros((max(sides) + 2, sum(sides) + len(sides)), np.uint8)
    left = 0
    for side in sides:
        map_[1 : 1 + side, left : left + side] = 255
        left += side + 1
    return map_


@pytest.mark.parametrize("method", METHODS)
def test_objects_below_the_smallest_are_left_out_with_every_method(method: Method) -> None:
    map_ = _squares(3, 4, 10, 20, 21)
    counts = [
        np.bincount(objects_of(map_, 0.5, chosen, pixel_size_um=(0.5, 0.5)).ravel())[1:].tolist()
        for chosen in (
            Separation(method),
            Separation(method, smallest=400),
            Separation(method, unit="um", smallest=100.25),
            Separation(method, smallest=5),
        )
    ]
    assert counts == [[16, 100, 400, 441], [400, 441], [441], [9, 16, 100, 400, 441]]


@given(
    arrays(np.bool_, st.tuples(st.integers(1, 24), st.integers(1, 24))),
    st.sampled_from(METHODS),
    st.integers(1, 25),
    st.floats(0.1, 60),
)
@settings(max_examples=150, deadline=None)
def test_no_object_is_below_the_smallest_and_no_larger_region_is_lost(
    mask: np.ndarray[tuple[int, int], np.dtype[np.bool_]],
    method: Method,
    rows: int,
    smallest: float,
) -> None:
    """Regions and their areas are those of scipy."""
    banded = BandedMask(lambda y0, y1: mask[y0:y1], *mask.shape, rows)
    bands = Separation(method, smallest=smallest).bands(banded, pixel_size_um=None)
    found = np.concatenate([labels for _, labels in bands])
    assert (np.bincount(found.ravel())[1:] >= smallest).all()
    regions, count = ndimage.label(mask)
    areas = ndimage.sum_labels(mask, regions, range(1, count + 1))
    large = 1 + np.flatnonzero(areas >= smallest)
    np.testing.assert_array_equal(found > 0, np.isin(regions, large))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"method": "magic"}, "method"),
        ({"method": "distance", "size": 4, "unit": "mm"}, "unit"),
        ({"method": "distance", "size": 0}, "size"),
        ({"method": "h-maxima", "size": float("nan")}, "size"),
        ({"method": "h-maxima", "size": float("inf")}, "size"),
        ({"method": "automatic", "size": 3}, "size"),
        ({"method": "none", "size": 3}, "size"),
        ({"method": "none", "smallest": 0}, "smallest"),
        ({"smallest": -1}, "smallest"),
        ({"smallest": float("nan")}, "smallest"),
        ({"smallest": float("inf")}, "smallest"),
    ],
)
def test_what_makes_no_sense_is_refused(given: dict[str, Any], field: str) -> None:
    with pytest.raises(Senseless) as refused:
        Separation(**given)
    assert refused.value.field == field
