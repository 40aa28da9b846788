"""Thresholds, against scikit-image and by hand."""

import numpy as np
import pytest
from skimage.filters import threshold_otsu, threshold_triangle

from inference.micranet.errors import DataRefused
from inference.micranet.thresholds import (
    otsu,
    otsu_each,
    percentile,
    triangle,
)


@pytest.mark.parametrize("seed", range(5))
def test_otsu_parts_the_same_pixels_as_scikit_image(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = np.concatenate([rng.normal(0, 1, 4000), rng.normal(6, 1.5, 1000)])
    width = np.ptp(values) / 256
    expected = float(threshold_otsu(values))
    assert otsu(values) == pytest.approx(expected, abs=1.01 * width)


def test_otsu_of_two_values_lies_between_them() -> None:
    values = np.array([0.0, 0.0, 0.0, 1.0])
    assert 0 < otsu(values) < 1


def test_otsu_leaves_out_what_is_not_finite_and_refuses_nothing_but_that() -> None:
    assert otsu(np.array([0.0, 1.0, np.nan, np.inf])) == otsu(np.array([0.0, 1.0]))
    with pytest.raises(DataRefused, match="finite"):
        otsu(np.array([np.nan]))


def test_a_constant_map_has_nothing_in_it() -> None:
    maps = np.zeros((2, 4, 4), dtype=np.float32)
    maps[1, 0, 0] = 1
    masks = otsu_each(maps)
    assert not masks[0].any()
    assert masks[1].sum() == 1


def test_a_percentile_leaves_its_share_below() -> None:
    assert percentile(np.arange(101.0), 80) == 80
    with pytest.raises(DataRefused, match="between 0 and 100"):
        percentile(np.arange(3.0), 101)


@pytest.mark.parametrize("seed", range(3))
def test_the_triangle_parts_the_same_pixels_as_scikit_image(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = np.concatenate([rng.normal(0.1, 0.02, 9000), rng.exponential(0.2, 1500)])
    expected = values > threshold_triangle(values, nbins=256)
    # Both cut at the same bin; scikit-image within it, at its centre, ours at its end.
    assert ((values >= triangle(values)) != expected).mean() < 0.002
    assert triangle(np.full(5, 0.3)) == 0.3
    with pytest.raises(DataRefused, match="finite"):
        triangle(np.array([np.nan]))
