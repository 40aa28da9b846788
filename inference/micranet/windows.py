"""Overlapping windows over an image of any size, blended in bands of rows with bounded memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Write = Callable[[int, int, int, npt.NDArray[np.uint8]], None]


@dataclass(frozen=True, slots=True)
class Tiling:
    """Square windows on a regular raster; sizes in pixels of the full-resolution image.

    The raster starts at the image's corner and does not depend on the image's size: what lies
    beyond the last row and column is padding. ``size`` and ``overlap`` are multiples of the
    network's stride times the downscale, so that pooling grids of neighbours coincide.
    """

    height: int
    width: int
    size: int
    overlap: int

    @property
    def step(self) -> int:
        """Distance between neighbouring windows."""
        return self.size - self.overlap

    def starts(self, length: int) -> list[int]:
        """First pixels of the windows along an axis; together they cover it."""
        count = max(1, -(-(length - self.overlap) // self.step))
        return [k * self.step for k in range(count)]

    @property
    def rows(self) -> list[int]:
        """First image row of every band."""
        return self.starts(self.height)

    @property
    def columns(self) -> list[int]:
        """First image column of the windows of every band."""
        return self.starts(self.width)


def fit_tiling(height: int, width: int, *, size: int, overlap: int, multiple: int) -> Tiling:
    """A tiling whose windows are no larger than a small image needs; sizes rounded up to
    ``multiple``."""
    largest = -(-max(height, width) // multiple) * multiple
    size = max(multiple, min(-(-size // multiple) * multiple, largest))
    overlap = min(-(-overlap // multiple) * multiple, size - multiple)
    return Tiling(height, width, size, overlap)


def ramp(size: int, overlap: int) -> Floats:
    """Weights of a window along an axis: linear up and down over the overlap, so that neighbours
    sum to 1.

    Returns float32 (size,), above 0 everywhere.
    """
    weights = np.ones(size, dtype=np.float32)
    if overlap:
        rise = (np.arange(overlap, dtype=np.float32) + 0.5) / overlap
        weights[:overlap] *= rise
        weights[size - overlap :] *= rise[::-1]
    return weights


class Blender:
    """Sums weighted windows band by band and hands rows on as soon as nothing more can change
    them."""

    def __init__(self, tiling: Tiling, structures: int, write: Write) -> None:
        self.tiling = tiling
        self._write = write
        self._profile = ramp(tiling.size, tiling.overlap)
        self._total = np.zeros((structures, tiling.size, tiling.width), dtype=np.float32)
        self._weight = np.zeros((tiling.size, tiling.width), dtype=np.float32)
        self._top = 0

    def add(self, y0: int, x0: int, maps: Floats) -> None:
        """Add a window's maps (S, size, size) at its first pixel; windows come in raster order."""
        if y0 > self._top:
            self._flush(y0)
        width = min(self.tiling.size, self.tiling.width - x0)
        weight = np.outer(self._profile, self._profile[:width])
        span = slice(x0, x0 + width)
        self._total[:, :, span] += maps[:, :, :width] * weight
        self._weight[:, span] += weight

    def finish(self) -> None:
        """Write what is left."""
        self._flush(self.tiling.height)

    def _flush(self, until: int) -> None:
        """Write the rows above ``until`` and move the band there."""
        count = min(until - self._top, self.tiling.size)
        height = min(count, self.tiling.height - self._top)
        mean = self._total[:, :height] / np.maximum(self._weight[:height], 1e-12)
        for structure, rows in enumerate(np.rint(mean * 255).clip(0, 255).astype(np.uint8)):
            self._write(structure, self._top, 0, rows)
        for band in (self._total, self._weight):
            kept = band[..., count:, :].copy()
            band[..., : kept.shape[-2], :] = kept
            band[..., kept.shape[-2] :, :] = 0
        self._top = until


def batches(tiling: Tiling, size: int) -> Iterator[list[tuple[int, int]]]:
    """First pixels of windows in raster order, at most ``size`` at a time, never across bands."""
    for y0 in tiling.rows:
        row = [(y0, x0) for x0 in tiling.columns]
        yield from (row[k : k + size] for k in range(0, len(row), size))
