"""From a stored map to a mask and its objects."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.masks import level_of, mask_of
from inference.objects.choice import AUTOMATIC, MIN_OBJECT_PX, Separation
from tests.inference.objects.shapes import discs
from tests.inference.objects.whole import objects_of


@pytest.mark.parametrize(
    ("threshold", "level"),
    # By hand: threshold x 255, rounded half up, never 0.
    [(0.0, 1), (0.001, 1), (0.5, 128), (0.25, 64), (0.1, 26), (0.9, 230), (0.999, 255), (1.0, 255)],
)
def test_the_border_lies_at_the_nearest_level(threshold: float, level: int) -> None:
    assert level_of(threshold) == level


@given(st.integers(1, 255))
def test_a_level_is_its_own_threshold(level: int) -> None:
    assert level_of(level / 255) == level


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_threshold_never_gives_a_larger_mask(first: float, second: float) -> None:
    levels = np.arange(256, dtype=np.uint8).reshape(16, 16)
    low, high = sorted((first, second))
    assert not (mask_of(levels, high) & ~mask_of(levels, low)).any()


def test_nothing_is_nothing_at_any_threshold() -> None:
    assert not mask_of(np.zeros((3, 4), np.uint8), 0.0).any()


def test_a_mask_holds_the_pixels_that_reach_the_level() -> None:
    map_ = np.array([[127, 128], [129, 0]], np.uint8)
    np.testing.assert_array_equal(mask_of(map_, 0.5), [[False, True], [True, False]])


def test_specks_are_no_objects_and_corners_join_nothing() -> None:
    map_ = np.zeros((20, 20), np.uint8)
    map_[0:4, 0:4] = 255
    map_[4:8, 4:8] = 255
    map_[15, 0 : MIN_OBJECT_PX - 1] = 255
    labels = objects_of(map_, 0.5, AUTOMATIC, pixel_size_um=None)
    assert labels.dtype == np.int32
    assert np.bincount(labels.ravel()).tolist() == [400 - 32, 16, 16]


def test_touching_objects_are_told_apart_as_asked() -> None:
    map_ = np.where(discs((60, 100), (30, 30, 20), (30, 66, 20)), 200, 3).astype(np.uint8)
    counts = [
        objects_of(map_, 0.5, separation, pixel_size_um=(0.5, 0.5)).max()
        for separation in (AUTOMATIC, Separation("none"), Separation("distance", 30, "um"))
    ]
    assert counts == [2, 1, 1]
