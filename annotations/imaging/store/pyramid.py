"""Halve images, again and again."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Planes = NDArray[Any]

# Pixels halved at a time: the wide sums stay in the processor's cache.
_PIXELS = 2**18


def level_sizes(height: int, width: int, *, smallest: int) -> list[tuple[int, int]]:
    """(height, width) of an image and of its halves, until the longer side is at most `smallest`.

    An odd side is rounded up when it is halved.
    """
    sizes = [(height, width)]
    while max(sizes[-1]) > smallest:
        height, width = sizes[-1]
        sizes.append((-(-height // 2), -(-width // 2)))
    return sizes


def halve(planes: Planes) -> Planes:
    """Mean of every 2 x 2 px; at an odd end, of the pixels that exist.

    Args:
        planes: (C, H, W) unsigned integers of at most 16 bits, or float32.

    Returns:
        (C, ceil(H/2), ceil(W/2)), same dtype; integers are rounded, halves up.
    """
    channels, height, width = planes.shape
    half = np.empty((channels, -(-height // 2), -(-width // 2)), dtype=planes.dtype)
    rows = max(1, _PIXELS // (2 * width))
    for channel in range(channels):
        for start in range(0, half.shape[1], rows):
            part = planes[channel, 2 * start : 2 * (start + rows)]
            half[channel, start : start + rows] = _halve_rows(part)
    return half


def _halve_rows(rows: Planes) -> Planes:
    # Doubling the last row or column makes the mean that of the existing pixels.
    odd = tuple((0, side % 2) for side in rows.shape)
    if any(missing for _, missing in odd):
        rows = np.pad(rows, odd, mode="edge")
    if rows.dtype.kind != "u":
        return _sums(rows, rows.dtype.type) / 4
    # Four values of 8 bits fit 16 bits, four of 16 bits fit 32.
    total = _sums(rows, np.uint16 if rows.dtype.itemsize == 1 else np.uint32)
    total += 2
    total >>= 2
    return total


def _sums(rows: Planes, wide: type) -> Planes:
    tall = np.add(rows[::2], rows[1::2], dtype=wide)
    total: Planes = tall[:, ::2] + tall[:, 1::2]
    return total
