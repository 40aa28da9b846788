"""Limits of display that show an image well at first sight."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotations.imaging.store.read import Store
from annotations.imaging.view import View

Limits = tuple[float, float]

_PERCENTILES = (0.1, 99.9)
# About what a 1,000 x 1,000 image has: percentiles beyond that no longer move visibly.
_SAMPLE = 1_000_000
_PLANES = 32


def contrast_limits(source: NDArray[Any] | Store, *, is_rgb: bool = False) -> list[Limits]:
    """Robust darkest and brightest value to show, per channel.

    The 0.1st and 99.9th percentile of a regular sample of at most about a million pixels, so a
    few hot pixels do not darken the rest. Where both are equal (an image that is nearly all
    background) the extremes of the sample are taken, and for a constant image v and v + 1.

    Args:
        source: (C, H, W) array, or a store, of which the coarsest level of at least 1,024 px
            is read (means of 2 x 2 px, so noise counts less), of a stack at most 32 of its planes,
            evenly spread over z and t.
        is_rgb: an 8-bit colour picture: always (0, 255), which shows it as it is.

    Returns:
        (low, high) per channel, low < high, in the image's own values.
    """
    if is_rgb:
        return [(0.0, 255.0)] * source.shape[0]
    if isinstance(source, Store):
        return [_limits(values) for values in _of_store(source)]
    return [_limits(_sample(plane, _SAMPLE)) for plane in source]


def _of_store(store: Store) -> list[NDArray[Any]]:
    """A sample of every channel."""
    level = store.level_for(1024)
    views = _views(store)
    parts = []
    for view in views:
        height, width = store.level_shape(level)[1:]
        planes = store.viewed(view).read(0, height, 0, width, level=level)
        parts.append([_sample(plane, _SAMPLE // len(views)).ravel() for plane in planes])
    return [np.concatenate(values) for values in zip(*parts, strict=True)]


def _views(store: Store) -> list[View]:
    depth, frames = store.sizes["z"], store.sizes["t"]
    number = min(_PLANES, depth * frames)
    # The middles of equal parts: of two planes both, of many never only the outermost.
    chosen = [(2 * part + 1) * depth * frames // (2 * number) for part in range(number)]
    channels = store.view.channels
    return [View(z=index % depth, t=index // depth, channels=channels) for index in chosen]


def _sample(plane: NDArray[Any], size: int) -> NDArray[Any]:
    step = max(1, int(np.ceil(np.sqrt(plane.size / size))))
    if min(plane.shape) < step:  # strips: every step-th pixel along the strip
        return plane.ravel()[:: step * step]
    return plane[::step, ::step]


def _limits(values: NDArray[Any]) -> Limits:
    low, high = (float(value) for value in np.percentile(values, _PERCENTILES))
    if low >= high:
        low, high = float(values.min()), float(values.max())
    if low >= high:
        high = max(low + 1.0, float(np.nextafter(np.float32(low), np.float32(np.inf))))
    return low, high
