"""Pixels without a value, in images that are read piece by piece."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotations.imaging.errors import ImageRefused
from annotations.imaging.source import ImageSource

Extent = tuple[float, float]
NOTHING: Extent = (np.inf, -np.inf)


class NotFinite(Exception):
    """A box holds NaN or infinity, and what to put there is not known yet."""


class Finite:
    """A source of floats whose NaN and -inf are read as the channel's lowest value, +inf as its
    highest: such pixels are masked out or saturated, and must not blank the display or reach a
    mean.

    Lowest and highest of a whole channel are known only at its end, so without `extents` the first
    such pixel raises NotFinite: then `extents_of` goes over the image, and it is read anew. Images
    without such pixels, which are nearly all, are read once.

    Args:
        source: of float32.
        extents: lowest and highest finite value per channel, or None.
    """

    def __init__(self, source: ImageSource, extents: list[Extent] | None = None) -> None:
        self.header, self.block = source.header, source.block
        self.is_empty = source.is_empty
        self.seen: list[Extent] = [NOTHING] * source.header.channels
        self._source, self._extents = source, extents

    def read(self, *, channels: tuple[int, ...] | None = None, **where: Any) -> NDArray[Any]:
        """As the source, with every value finite."""
        planes = self._source.read(channels=channels, **where)
        indices = range(len(self.seen)) if channels is None else channels
        for index, plane in zip(indices, planes, strict=True):
            extent = float(plane.min()), float(plane.max())
            if not np.isfinite(extent).all():
                return self._filled(planes, indices)
            self.seen[index] = wider(self.seen[index], extent)
        return planes

    def _filled(self, planes: NDArray[Any], indices: Sequence[int]) -> NDArray[Any]:
        if self._extents is None:
            raise NotFinite
        filled = np.empty_like(planes)
        for index, plane, into in zip(indices, planes, filled, strict=True):
            low, high = self.seen[index] = self._extents[index]
            into[...] = np.nan_to_num(plane, nan=low, neginf=low, posinf=high)
        return filled


def extents_of(parts: Iterable[tuple[slice, NDArray[Any] | None]], channels: int) -> list[Extent]:
    """Lowest and highest finite value of every channel.

    Args:
        parts: of the whole image: which channels, and their (C, h, w), or None for zeros.
        channels: number of channels of the image.

    Raises:
        ImageRefused: a channel has no finite value.
    """
    extents = [NOTHING] * channels
    for which, planes in parts:
        for place, index in enumerate(range(which.start, which.stop)):
            extent = (0.0, 0.0) if planes is None else _finite_extent(planes[place])
            extents[index] = wider(extents[index], extent)
    if NOTHING in extents:
        raise ImageRefused(
            "A channel holds only NaN or infinite values, so there is nothing to show. "
            "Save it again with real intensities."
        )
    return extents


def wider(one: Extent, other: Extent) -> Extent:
    """From the lower to the higher end of both."""
    return min(one[0], other[0]), max(one[1], other[1])


def _finite_extent(plane: NDArray[Any]) -> Extent:
    values = plane[np.isfinite(plane)]
    return (float(values.min()), float(values.max())) if values.size else NOTHING
