"""Overlapping windows over an image of any size, blended in bands of rows with bounded memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
HandOn = Callable[[int, int, Floats], None]
_PIXELS_AT_ONCE = 2**16  # handed on together: enlarged and as floats, they are many more bytes
_BARELY = 1e-4  # of a margin's weight: lost beside a neighbour's 1, enough at the image's own rim


@dataclass(frozen=True, slots=True)
class Tiling:
    """Square windows on a regular raster; sizes in pixels as the model sees them.

    The raster starts at the image's corner and does not depend on the image's size: what lies
    beyond the last row and column is padding. ``size`` and ``overlap`` are multiples of the
    network's stride, so that pooling grids of neighbours coincide. The outer
    ``margin`` of a window sees the window's end instead of the image and only counts where no
    other window reaches.
    """

    height: int
    width: int
    size: int
    overlap: int
    margin: int = 0

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


def fit_tiling(
    height: int, width: int, *, size: int, overlap: int, multiple: int, margin: int = 0
) -> Tiling:
    """A tiling whose windows are no larger than a small image needs; sizes rounded up to
    ``multiple``."""
    largest = -(-max(height, width) // multiple) * multiple
    size = max(multiple, min(-(-size // multiple) * multiple, largest))
    overlap = min(-(-overlap // multiple) * multiple, size - multiple)
    return Tiling(height, width, size, overlap, min(margin, overlap // 2))


def ramp(size: int, overlap: int, margin: int = 0) -> Floats:
    """Weights of a window along an axis: next to nothing in the margin, then linear up over the
    rest of the overlap, so that neighbours sum to 1.

    Returns float32 (size,), above 0 everywhere.
    """
    weights = np.ones(size, dtype=np.float32)
    if overlap:
        length = overlap - 2 * margin
        rise = (np.arange(overlap, dtype=np.float32) + 0.5 - margin) / max(length, 1)
        rise = rise.clip(_BARELY, 1)
        weights[:overlap] *= rise
        weights[size - overlap :] *= rise[::-1]
    return weights


class Blender:
    """Sums weighted windows band by band and hands rows on as soon as nothing more can change
    them."""

    def __init__(self, tiling: Tiling, structures: int, hand_on: HandOn) -> None:
        """``hand_on(structure, y0, rows)`` takes float32 (h, W), in 0..1 where the maps are."""
        self.tiling = tiling
        self._hand_on = hand_on
        self._profile = ramp(tiling.size, tiling.overlap, tiling.margin)
        self._total = np.zeros((structures, tiling.size, tiling.width), dtype=np.float32)
        # windows weigh (row) x (column), and so do their sums: no weight per pixel is kept
        self._rows = np.zeros(tiling.size, dtype=np.float32)
        self._columns = self._weights_of_columns()
        self._top, self._band = 0, -1

    def add(self, y0: int, x0: int, maps: Floats) -> None:
        """Add a window's maps (S, size, size) at its first pixel; windows come in raster order."""
        if y0 > self._top:
            self._flush(y0)
        if y0 != self._band:
            self._rows += self._profile
            self._band = y0
        width = min(self.tiling.size, self.tiling.width - x0)
        weight = np.outer(self._profile, self._profile[:width])
        for total, window in zip(self._total, maps, strict=True):
            total[:, x0 : x0 + width] += window[:, :width] * weight

    def finish(self) -> None:
        """Write what is left."""
        self._flush(self.tiling.height)

    def _weights_of_columns(self) -> Floats:
        weights = np.zeros(self.tiling.width, dtype=np.float32)
        for x0 in self.tiling.columns:
            part = weights[x0 : x0 + self.tiling.size]
            part += self._profile[: len(part)]
        return weights

    def _flush(self, until: int) -> None:
        """Write the rows above ``until`` and move the band there."""
        count = min(until - self._top, self.tiling.size)
        height = min(count, self.tiling.height - self._top)
        step = max(1, _PIXELS_AT_ONCE // self.tiling.width)
        for structure, total in enumerate(self._total):
            for start in range(0, height, step):
                rows = slice(start, min(start + step, height))
                self._hand_on(structure, self._top + start, self._mean(total, rows))
        for band in (self._total, self._rows[None, :, None]):
            kept = band[:, count:].copy()
            band[:, : kept.shape[1]] = kept
            band[:, kept.shape[1] :] = 0
        self._top = until

    def _mean(self, total: Floats, rows: slice) -> Floats:
        weight = np.outer(self._rows[rows], self._columns)
        return np.asarray(total[rows] / np.maximum(weight, 1e-12, out=weight))


def batches(tiling: Tiling, size: int) -> Iterator[list[tuple[int, int]]]:
    """First pixels of windows in raster order, at most ``size`` at a time, never across bands."""
    for y0 in tiling.rows:
        row = [(y0, x0) for x0 in tiling.columns]
        yield from (row[k : k + size] for k in range(0, len(row), size))
