"""Which patches of an image hold nothing but background.

A patch is called empty when no part of it differs from the background of its image: neither in
brightness nor in texture, in any channel. It works on a dark background (fluorescence) and on a
white one (bright field), because it looks for what is most common and most even, not for dark.

1. Each channel is reduced to blocks whose means m and spreads s (standard deviation) are taken.
2. Background blocks are those of little spread: with sensor noise alone, s is about the same in
   all of them, while edges and structures raise it. The level of s is the mode of its lower half,
   found as the shortest interval that holds half of the spreads below the median (the half-sample
   mode of Robertson and Cryer, J. Am. Stat. Assoc. 69, 1012-1016, 1974; Bickel and Fruehwirth,
   Comput. Stat. Data Anal. 50, 3500-3530, 2006).
3. Their brightness b is the half-sample mode of the means of the even blocks, its width w the
   median absolute deviation around b, times 1.4826. Slow shading is divided out first by a plane
   fitted to the even blocks (least squares).
4. A block is background when |m - b| <= K max(w, floor) and s <= K_S times the even blocks'
   level. A patch is empty when every block that it touches is background in every channel.

What is not found to be empty is not therefore full: the test is meant to be wrong rarely about
"empty", and may leave many empty patches to people. An image that is full from edge to edge has no
background; then the most even parts of it would be called so, which is why the caller shows them
before anything is answered.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotations.imaging.grid import Grid

Values = NDArray[np.float64]
# Standard deviations of the background's means and of its level of spread.
BRIGHTNESS_LIMIT = 5.0
SPREAD_LIMIT = 1.6
# The spread of the means of pure noise of spread s over n pixels is s / sqrt(n); this allows for
# what neighbouring pixels have in common.
CORRELATION = 3.0


@dataclass(frozen=True)
class Blocks:
    """Statistics of squares of `side` px: means and spreads are (C, rows, columns) float64."""

    side: int
    means: Values
    spreads: Values


def block_side(grid: Grid) -> int:
    """How fine a patch is looked at: a quarter of its side, 4 to 32 px."""
    return max(4, min(32, grid.patch_size // 4))


def measure_blocks(planes: NDArray[np.generic], side: int) -> tuple[Values, Values]:
    """Mean and standard deviation of every square of a (C, H, W) part of an image.

    Returns:
        Two (C, ceil(H / side), ceil(W / side)) float64 in the image's own units; squares at the
        end hold fewer pixels.
    """
    values = planes.astype(np.float64)
    rows, columns = (np.arange(0, size, side) for size in values.shape[1:])

    def sums(array: Values) -> Values:
        down: Values = np.add.reduceat(array, rows, axis=1)
        return np.add.reduceat(down, columns, axis=2)

    count = sums(np.ones((1, *values.shape[1:])))
    # Around the mean, so that a small spread on a large value does not drown in rounding.
    shift = values.mean(axis=(1, 2), keepdims=True)
    mean = sums(values - shift) / count
    square = sums((values - shift) ** 2) / count
    return mean + shift, np.sqrt(np.maximum(square - mean**2, 0))


def empty_patches(blocks: Blocks, grid: Grid) -> NDArray[np.bool_]:
    """Which patches hold nothing but background.

    Args:
        blocks: of the whole image, from its upper left corner on.
        grid: the patches of the same image.

    Returns:
        (rows, columns) bool.
    """
    background = np.ones(blocks.means.shape[1:], bool)
    for mean, spread in zip(blocks.means, blocks.spreads, strict=True):
        background &= _background(mean, spread, blocks.side)
    return _all_within(background, blocks.side, grid)


def _background(mean: Values, spread: Values, side: int) -> NDArray[np.bool_]:
    level = half_sample_mode(spread[spread <= np.median(spread)])
    even = spread <= SPREAD_LIMIT * level
    if not even.any():
        return even
    flat = mean - _plane(mean, even)
    brightness = half_sample_mode(flat[even])
    width = 1.4826 * float(np.median(np.abs(flat[even] - brightness)))
    floor = CORRELATION * level / side
    # The darker and the lighter even blocks may be two populations: only the common one counts.
    narrow = min(width, 3 * floor) if floor > 0 else width
    return even & (np.abs(flat - brightness) <= BRIGHTNESS_LIMIT * max(narrow, floor))


def _plane(mean: Values, even: NDArray[np.bool_]) -> Values:
    """Slow shading: the plane through the even half of the blocks, 0 at their middle."""
    places: Values = np.indices(mean.shape).astype(np.float64)
    y, x = places[0], places[1]
    brightness = half_sample_mode(mean[even])
    near = even & (np.abs(mean - brightness) <= 3 * np.median(np.abs(mean[even] - brightness)))
    if near.sum() < 16:
        return np.zeros_like(mean)
    terms = np.stack([np.ones(near.sum()), y[near], x[near]], axis=1)
    fitted: Values = np.linalg.lstsq(terms, mean[near], rcond=None)[0]
    offset, down, right = fitted.tolist()
    plane = offset + down * y + right * x
    return np.asarray(plane - plane[near].mean())


def half_sample_mode(values: Values) -> float:
    """The most common value of a sample: again and again the shorter half, until two are left.

    Args:
        values: any shape, at least one value, all finite.
    """
    ordered = np.sort(values, axis=None)
    while len(ordered) > 3:
        half = (len(ordered) + 1) // 2
        start = int(np.argmin(ordered[half - 1 :] - ordered[: len(ordered) - half + 1]))
        ordered = ordered[start : start + half]
    if len(ordered) == 3:
        low, high = ordered[1] - ordered[0], ordered[2] - ordered[1]
        ordered = ordered[:2] if low < high else ordered[1:] if high < low else ordered[1:2]
    return float(ordered.mean())


def _all_within(background: NDArray[np.bool_], side: int, grid: Grid) -> NDArray[np.bool_]:
    """Whether every block that a patch touches is background."""
    sums = np.zeros(np.add(background.shape, 1), np.int64)
    sums[1:, 1:] = (~background).cumsum(0, dtype=np.int64).cumsum(1)
    rows, columns = grid.spans
    top, left = rows[:, 0] // side, columns[:, 0] // side
    bottom, right = -(-rows[:, 1] // side), -(-columns[:, 1] // side)
    foreign = (
        sums[np.ix_(bottom, right)]
        - sums[np.ix_(top, right)]
        - sums[np.ix_(bottom, left)]
        + sums[np.ix_(top, left)]
    )
    return np.asarray(foreign == 0)
