"""A few numbers that say what a patch looks like, to find patches that look alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from annotations.imaging.grid import Grid

if TYPE_CHECKING:
    # zarr is heavy, and the web process needs none of it.
    from annotations.imaging.store.read import Store

Limits = tuple[float, float]
Floats = NDArray[np.float32]

# Of a patch, in px of the level that is read: enough for a texture, and 64 times less than 64 px.
SIDE = 8
# Numbers of another kind get another one: kept ones are then made anew.
VERSION = 2
# Pixels of a channel in memory at once.
_BAND = 4_000_000


def describe_patches(store: Store, grid: Grid, limits: Sequence[Limits]) -> NDArray[np.float16]:
    """Mean, spread, steepness, fine detail and extremes of every channel of every patch.

    The extremes are what small, rare things are found by, and so is the colour: what a channel has
    more than the mean of all channels.

    Read at the coarsest level at which a patch still has 8 px a side, on values scaled to 0..1 by
    the limits, in bands of bounded memory.

    Args:
        store: of the same height and width as the grid.
        grid: the patches.
        limits: (low, high) per channel.

    Returns:
        (rows * columns, F) float16, row by row. Channel after channel: mean, standard deviation,
        mean gradient magnitude, mean absolute difference from the mean of the four neighbours (per
        px of the level), least and largest value of the plane smoothed with these neighbours.
        Where there are several channels, for each besides standard deviation, least and largest
        value of its smoothed difference from the mean of the channels: F is 6 for one channel, 9
        times the channels for more.
    """
    level = level_for_patches(store, grid.patch_size, SIDE)
    height, width = store.level_shape(level)[1:]
    rows, columns = grid.spans
    tops = np.clip(_scaled(rows, height / grid.height), 0, height)
    sides = np.clip(_scaled(columns, width / grid.width), 0, width)
    step = max(1, _BAND // max(1, width * SIDE))
    bands = [
        _band(store, level, tops[first : first + step], sides, limits)
        for first in range(0, grid.rows, step)
    ]
    return np.concatenate(bands).reshape(grid.rows * grid.columns, -1).astype(np.float16)


def level_for_patches(store: Store, patch_size: int, side: int) -> int:
    """The coarsest level at which a patch has at least `side` px a side; 0 if none has."""
    full = store.level_shape(0)[1]
    sizes = [patch_size * store.level_shape(k)[1] / full for k in range(store.level_count)]
    return max((k for k, size in enumerate(sizes) if size >= side), default=0)


def _scaled(spans: NDArray[np.int64], factor: float) -> NDArray[np.int64]:
    """Starts and ends in px of a coarser level, each span at least one px long."""
    scaled: NDArray[np.int64] = np.rint(spans * factor).astype(np.int64)
    scaled[:, 0] = np.minimum(scaled[:, 0], np.rint(spans.max() * factor).astype(np.int64) - 1)
    scaled[:, 1] = np.maximum(scaled[:, 1], scaled[:, 0] + 1)
    return scaled


def _band(
    store: Store,
    level: int,
    tops: NDArray[np.int64],
    sides: NDArray[np.int64],
    limits: Sequence[Limits],
) -> Floats:
    """(rows, columns, F) of some rows of patches."""
    y0, y1 = int(tops.min()), int(tops.max())
    planes = store.read(y0, y1, 0, store.level_shape(level)[2], level=level)
    scaled = [
        np.clip((plane.astype(np.float32) - low) / (high - low), 0, 1)
        for plane, (low, high) in zip(planes, limits, strict=True)
    ]
    parts = [part for plane in scaled for part in _features(plane, tops - y0, sides)]
    if len(scaled) > 1:
        parts += _colours(scaled, tops - y0, sides)
    return np.stack(parts, axis=-1)


def _colours(planes: list[Floats], tops: NDArray[Any], sides: NDArray[Any]) -> list[Floats]:
    smooth = [(plane + _around(plane)) / 2 for plane in planes]
    grey = np.mean(smooth, axis=0)
    parts = []
    for plane in smooth:
        colour: Floats = np.asarray(plane - grey, dtype=np.float32)
        spread = _spread(colour, _means(colour, tops, sides), tops, sides)
        parts += [spread, *_extremes(colour, tops, sides)]
    return parts


def _features(plane: Floats, tops: NDArray[Any], sides: NDArray[Any]) -> list[Floats]:
    padded = np.pad(plane, 1, mode="edge")
    down = (padded[2:, 1:-1] - padded[:-2, 1:-1]) / 2
    right = (padded[1:-1, 2:] - padded[1:-1, :-2]) / 2
    around = _around(plane)
    mean = _means(plane, tops, sides)
    spread = _spread(plane, mean, tops, sides)
    steep = _means(np.hypot(down, right), tops, sides)
    fine = _means(np.abs(plane - around), tops, sides)
    smooth: Floats = np.asarray((plane + around) / 2, dtype=np.float32)
    return [mean, spread, steep, fine, *_extremes(smooth, tops, sides)]


def _around(plane: Floats) -> Floats:
    """(h, w): the mean of each pixel's four neighbours."""
    padded = np.pad(plane, 1, mode="edge")
    total = padded[2:, 1:-1] + padded[:-2, 1:-1] + padded[1:-1, 2:] + padded[1:-1, :-2]
    mean: Floats = np.asarray(total / 4, dtype=np.float32)
    return mean


def _spread(plane: Floats, mean: Floats, tops: NDArray[Any], sides: NDArray[Any]) -> Floats:
    variance = np.maximum(_means(np.square(plane), tops, sides) - np.square(mean), 0)
    return np.asarray(np.sqrt(variance), dtype=np.float32)


def _extremes(plane: Floats, tops: NDArray[Any], sides: NDArray[Any]) -> list[Floats]:
    """(rows, columns) each: the least and the largest value in each box."""
    return [-_largest(-plane, tops, sides), _largest(plane, tops, sides)]


def _largest(plane: Floats, tops: NDArray[Any], sides: NDArray[Any]) -> Floats:
    # reduceat takes starts and ends in turn, and no end beyond the array.
    padded = np.pad(plane, ((0, 1), (0, 1)), constant_values=-np.inf)
    rows = np.maximum.reduceat(padded, tops.ravel(), axis=0)[::2]
    largest: Floats = np.maximum.reduceat(rows, sides.ravel(), axis=1)[:, ::2]
    return largest


def _means(values: Floats, tops: NDArray[Any], sides: NDArray[Any]) -> Floats:
    """(rows, columns): the mean over each box, from sums over everything above and left of it."""
    sums = np.zeros((values.shape[0] + 1, values.shape[1] + 1), dtype=np.float64)
    sums[1:, 1:] = values.cumsum(axis=0, dtype=np.float64).cumsum(axis=1)
    (y0, y1), (x0, x1) = tops.T[:, :, None], sides.T[:, None, :]
    totals = sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0]
    means: Floats = (totals / ((y1 - y0) * (x1 - x0))).astype(np.float32)
    return means
