"""Limits of display."""

from pathlib import Path

import numpy as np
import pytest

from annotations.imaging.contrast import contrast_limits
from tests.annotations.imaging.stores import stored


def test_a_few_hot_pixels_do_not_darken_the_image() -> None:
    plane = np.random.default_rng(0).integers(100, 200, (500, 500)).astype(np.uint16)
    plane[::100, ::100] = 65_535  # 25 of 250,000 px
    plane[5, 5] = 0
    assert contrast_limits(plane[np.newaxis]) == [(100.0, 199.0)]


def test_each_channel_has_its_own_limits() -> None:
    ramp = np.linspace(0, 1000, 100 * 100).reshape(100, 100)
    limits = contrast_limits(np.stack([ramp, ramp * 5]).astype(np.float32))
    # The 0.1st and 99.9th percentile of an even ramp from 0 to 1000.
    assert limits[0] == pytest.approx((1.0, 999.0), rel=1e-4)
    assert limits[1] == pytest.approx((5.0, 4995.0), rel=1e-4)


def test_a_colour_picture_is_shown_as_it_is() -> None:
    picture = np.full((3, 4, 4), 100, np.uint8)
    assert contrast_limits(picture, is_rgb=True) == [(0.0, 255.0)] * 3


def test_a_nearly_empty_image_is_shown_up_to_its_brightest_pixel() -> None:
    plane = np.zeros((1, 200, 200), np.uint16)
    plane[0, 3, 4] = 900
    assert contrast_limits(plane) == [(0.0, 900.0)]


@pytest.mark.parametrize("value", [0, 7, 65_535])
def test_a_constant_image_has_limits_apart(value: int) -> None:
    assert contrast_limits(np.full((1, 9, 9), value, np.uint16)) == [(value, value + 1.0)]


def test_a_constant_float_image_has_limits_apart_in_float32_too() -> None:
    ((low, high),) = contrast_limits(np.full((1, 9, 9), 1e10, np.float32))
    assert np.float32(low) < np.float32(high)


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 1, 5000), (1, 5000, 1)])
def test_single_pixels_and_strips_have_limits(shape: tuple[int, int, int]) -> None:
    plane = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    ((low, high),) = contrast_limits(plane)
    assert 0 <= low < high <= max(plane.max(), 1)


def test_a_large_image_is_judged_by_a_sample_close_to_the_whole() -> None:
    plane = np.random.default_rng(0).normal(1000, 100, (1, 2500, 2500)).astype(np.float32)
    exact = np.percentile(plane, (0.1, 99.9))
    # A million values place these percentiles of a normal distribution within about 1 % of it.
    assert contrast_limits(plane)[0] == pytest.approx(tuple(exact), abs=5)


def test_a_store_is_judged_by_a_coarse_level(tmp_path: Path) -> None:
    rows = np.linspace(0, 1000, 2100)
    plane = np.repeat(rows[:, np.newaxis], 600, axis=1).astype(np.float32)[np.newaxis]
    store = stored(plane, tmp_path / "a.zarr")
    assert store.level_for(1024) == 1
    assert contrast_limits(store)[0] == pytest.approx((1.0, 999.0), abs=1.0)
