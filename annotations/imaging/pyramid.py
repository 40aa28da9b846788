"""Halve images, again and again."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Planes = NDArray[Any]

# Rows halved at a time, so that the wide sums never take the memory of a whole plane.
_ROWS = 1024


def pyramid(planes: Planes, *, smallest: int) -> list[Planes]:
    """The image and its halves, until the longer side is at most `smallest` px.

    Args:
        planes: (C, H, W).
        smallest: in px.

    Returns:
        [(C, H, W), (C, ceil(H/2), ceil(W/2)), …], all of the same dtype.
    """
    levels = [planes]
    while max(levels[-1].shape[1:]) > smallest:
        levels.append(halve(levels[-1]))
    return levels


def halve(planes: Planes) -> Planes:
    """Mean of every 2 x 2 px; at an odd end, of the pixels that exist.

    Args:
        planes: (C, H, W) unsigned integers of at most 16 bits, or float32.

    Returns:
        (C, ceil(H/2), ceil(W/2)), same dtype; integers are rounded, halves up.
    """
    channels, height, width = planes.shape
    half = np.empty((channels, -(-height // 2), -(-width // 2)), dtype=planes.dtype)
    for channel in range(channels):
        for start in range(0, half.shape[1], _ROWS):
            rows = planes[channel, 2 * start : 2 * (start + _ROWS)]
            half[channel, start : start + _ROWS] = _halve_rows(rows)
    return half


def _halve_rows(rows: Planes) -> Planes:
    # Doubling the last row or column makes the mean that of the existing pixels.
    odd = tuple((0, side % 2) for side in rows.shape)
    wide = np.pad(rows, odd, mode="edge").astype(np.uint32 if rows.dtype.kind == "u" else None)
    total = wide[::2, ::2] + wide[1::2, ::2] + wide[::2, 1::2] + wide[1::2, 1::2]
    mean: Planes = (total + 2) // 4 if rows.dtype.kind == "u" else total / 4
    return mean
