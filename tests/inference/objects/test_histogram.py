"""Where a histogram of map levels is cut."""

import numpy as np
import numpy.typing as npt
import pytest
from skimage.filters import threshold_otsu, threshold_triangle

from inference.objects.histogram import cut_of, percentile_split


def _levels(seed: int, *, bright: bool = False) -> npt.NDArray[np.uint8]:
    """A large peak and a long tail; with ``bright``, the peak is the upper one."""
    rng = np.random.default_rng(seed)
    tail = np.clip(rng.exponential(40, 4000) + rng.normal(12, 3, 4000), 0, 255)
    levels = np.concatenate([np.clip(rng.normal(12, 3, 20_000), 0, 255), tail]).astype(np.uint8)
    return 255 - levels if bright else levels


@pytest.mark.parametrize("bright", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_the_triangle_parts_the_same_pixels_as_scikit_image(seed: int, bright: bool) -> None:
    levels = _levels(seed, bright=bright)
    cut = cut_of(np.bincount(levels, minlength=256), "triangle")
    np.testing.assert_array_equal(levels >= round(cut * 255), levels > threshold_triangle(levels))


@pytest.mark.parametrize("seed", range(4))
def test_otsu_parts_the_same_pixels_as_scikit_image(seed: int) -> None:
    levels = _levels(seed)
    cut = cut_of(np.bincount(levels, minlength=256), "otsu")
    np.testing.assert_array_equal(levels >= round(cut * 255), levels > threshold_otsu(levels))


def test_a_percentile_leaves_its_share_below() -> None:
    # By hand: ten pixels each on levels 0 to 9; 90 % are those below level 9.
    counts = np.zeros(256)
    counts[:10] = 10
    assert percentile_split(counts, 90) == 8
    assert cut_of(counts, "percentile", share=90) == 9 / 255
    with pytest.raises(ValueError, match="between 0 and 100"):
        percentile_split(counts, 101)


def test_the_triangle_of_a_drawn_histogram() -> None:
    """By hand: a peak of 100 at 0, 10 at 1, and 1 up to 10. The line falls by 10 per bin; at 2 the
    histogram lies 80 - 1 below it, at 1 it is 90 - 10."""
    counts = np.zeros(256)
    counts[:11] = [100, 10, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    assert cut_of(counts, "triangle") == 2 / 255


@pytest.mark.parametrize("method", ["otsu", "triangle", "percentile"])
@pytest.mark.parametrize("level", [0, 7, 255])
def test_a_constant_map_has_a_threshold_within_its_levels(method: str, level: int) -> None:
    counts = np.zeros(256)
    counts[level] = 5
    assert 1 / 255 <= cut_of(counts, method) <= 1  # type: ignore[arg-type]


def test_a_histogram_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="256 levels"):
        cut_of(np.zeros(256), "otsu")
    with pytest.raises(ValueError, match="256 levels"):
        cut_of(np.ones(10), "otsu")
