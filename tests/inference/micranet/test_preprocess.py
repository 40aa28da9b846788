"""Raw pixels become what the network sees."""

import numpy as np
import pytest

from inference.micranet.errors import DataRefused
from inference.micranet.preprocess import downscale, normalise, pad_to, prepare


def test_contrast_limits_become_zero_and_one_per_channel() -> None:
    planes = np.array([[[100, 200]], [[0, 50]]], dtype=np.uint16)
    scaled = normalise(planes, [(100, 200), (0, 100)])
    assert scaled.dtype == np.float32
    assert scaled.tolist() == [[[0, 1]], [[0, 0.5]]]


def test_values_that_are_no_numbers_and_hot_pixels_stay_within_bounds() -> None:
    planes = np.array([[[np.nan, np.inf, -np.inf, 1e30]]], dtype=np.float32)
    assert normalise(planes, [(0, 1)]).tolist() == [[[0, 3, -1, 3]]]


@pytest.mark.parametrize("limits", [[(1, 1)], [(2, 1)], [(0, 1), (0, 1)], [(0, float("nan"))]])
def test_limits_that_cannot_scale_are_refused(limits: list[tuple[float, float]]) -> None:
    with pytest.raises(DataRefused, match="limit"):
        normalise(np.zeros((1, 2, 2)), limits)


def test_shrinking_takes_block_means_and_repeats_the_edge() -> None:
    planes = np.array([[[1, 3, 5], [1, 3, 5], [7, 9, 11]]], dtype=np.float32)
    assert downscale(planes, 2).tolist() == [[[2, 5], [8, 11]]]
    assert downscale(planes, 1) is planes
    with pytest.raises(DataRefused, match="not by 3"):
        downscale(planes, 3)


def test_preparing_is_normalising_then_shrinking() -> None:
    planes = np.arange(16, dtype=np.uint8).reshape(1, 4, 4)
    expected = planes.reshape(1, 2, 2, 2, 2).mean(axis=(2, 4)) / 15
    np.testing.assert_allclose(prepare(planes, [(0, 15)], 2), expected, rtol=1e-6)


def test_padding_reflects_or_repeats_where_too_thin() -> None:
    planes = np.array([[[1, 2, 3]]], dtype=np.float32)
    assert pad_to(planes, 2, 5).tolist() == [[[1, 2, 3, 2, 1]] * 2]
    assert pad_to(planes[..., :1], 1, 3).tolist() == [[[1, 1, 1]]]
