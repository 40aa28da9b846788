"""Objects of a mask that comes in bands are those of the whole mask, number by number."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from inference.objects import parts
from inference.objects.banded import object_bands
from inference.objects.components import label_objects
from inference.objects.regions import BandedMask, find_regions
from inference.objects.seeds import METHODS, Method
from tests.inference.objects.at_once import separate
from tests.inference.objects.shapes import Mask, discs


def _banded(mask: Mask, rows: int) -> BandedMask:
    height, width = mask.shape
    return BandedMask(lambda y0, y1: mask[y0:y1], height, width, rows)


def _together(mask: Mask, rows: int, **how: object) -> npt.NDArray[np.int32]:
    bands = list(object_bands(_banded(mask, rows), **how))  # type: ignore[arg-type]
    assert [y0 for y0, _ in bands] == list(range(0, len(mask), rows))
    return np.concatenate([labels for _, labels in bands])


def _cells(seed: int) -> Mask:
    """(150, 190): touching discs and ragged, branching regions across many bands."""
    random = np.random.default_rng(seed)
    places = random.uniform((0, 0, 4), (150, 190, 17), (24, 3))
    clouds = ndimage.gaussian_filter(random.normal(size=(150, 190)), 3) > 0.09
    return np.asarray(discs((150, 190), *map(tuple, places)) | clouds)


@given(
    arrays(np.bool_, st.tuples(st.integers(1, 25), st.integers(1, 20))),
    st.integers(1, 26),
    st.integers(1, 9),
)
@settings(max_examples=150, deadline=None)
def test_regions_have_the_numbers_of_the_whole_mask(mask: Mask, rows: int, least: int) -> None:
    expected = label_objects(mask, min_area_px=least)
    regions = find_regions(_banded(mask, rows), min_area_px=least)
    found = np.concatenate([labels for _, labels in regions.bands()])
    np.testing.assert_array_equal(found, expected)
    boxes = ndimage.find_objects(expected)
    assert len(regions.top) == len(boxes) + 1
    for number, (y, x) in enumerate(boxes, start=1):
        edges = regions.top, regions.bottom, regions.left, regions.right
        assert [int(e[number]) for e in edges] == [y.start, y.stop, x.start, x.stop]
        core = ndimage.binary_erosion(expected == number, np.ones((5, 5), bool)).any()
        assert regions.thick[number] == core


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("rows", [7, 31, 64, 150, 999])
def test_bands_of_any_height_give_the_same_objects(method: Method, rows: int) -> None:
    for seed in range(3):
        mask = _cells(seed)
        expected = separate(mask, method=method, min_area_px=16)
        assert expected.max() > 5
        found = _together(mask, rows, method=method, min_area_px=16)
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(("method", "length"), [("h-maxima", 1.5), ("distance", 12.0)])
def test_lengths_that_are_asked_for_count_in_bands_too(method: Method, length: float) -> None:
    mask = _cells(5)
    how = {"method": method, "h_px": length, "min_distance_px": length, "smoothing_px": 1.0}
    expected = separate(mask, **how)  # type: ignore[arg-type]
    np.testing.assert_array_equal(_together(mask, 20, **how), expected)


@pytest.mark.parametrize("rows", [16, 50, 240])
@pytest.mark.parametrize("method", METHODS)
def test_a_very_large_region_is_cut_at_the_same_lower_resolution(
    method: Method, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "LARGEST_BOX_PX", 9_000)
    mask = discs((243, 401), (120, 120, 80), (121, 264, 80), (20, 380, 11), (38, 380, 11))
    expected = separate(mask, method=method)
    np.testing.assert_array_equal(_together(mask, rows, method=method), expected)
    assert expected.max() >= (2 if method == "none" else 3)


def test_no_row_is_held_longer_than_its_objects_need() -> None:
    """Rows are read near the band that is at work, several times, and never all of them."""
    mask = np.tile(discs((20, 20), (9, 9, 7)), (50, 2))
    asked: list[int] = []

    def read(y0: int, y1: int) -> Mask:
        asked.append(y1 - y0)
        return mask[y0:y1]

    labels = np.concatenate([part for _, part in object_bands(BandedMask(read, 1000, 40, 25))])
    assert labels.max() == 100
    assert max(asked) <= 25 + 4


@pytest.mark.parametrize("method", METHODS)
def test_empty_and_full_masks_have_none_and_one(method: Method) -> None:
    assert _together(np.zeros((20, 30), bool), 7, method=method).max() == 0
    assert (_together(np.ones((20, 30), bool), 7, method=method) == 1).all()
