"""The patch grid of an image: patches are positions, nothing is cut out in advance."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    # zarr is heavy, and the web process needs the grid alone.
    from annotations.imaging.store.read import Store

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Grid:
    """Patches of `patch_size` px over an image; those of the last row and column may be cut off.

    Attributes:
        height, width: of the image in px.
        patch_size: side of a patch in px.
        overlap: what a patch shares with the next one of its row or column, in px.

    Raises:
        ValueError: a side or the patch size is not positive, or the overlap not below it.
    """

    height: int
    width: int
    patch_size: int
    overlap: int = 0

    def __post_init__(self) -> None:
        if min(self.height, self.width, self.patch_size) < 1:
            raise ValueError("Height, width and patch size must be at least 1 px.")
        if not 0 <= self.overlap < self.patch_size:
            raise ValueError("The overlap must be at least 0 px and less than the patch size.")

    @property
    def step(self) -> int:
        """From the start of one patch to the start of the next, in px."""
        return self.patch_size - self.overlap

    @cached_property
    def rows(self) -> int:
        return self._count(self.height)

    @cached_property
    def columns(self) -> int:
        return self._count(self.width)

    def _count(self, length: int) -> int:
        """Patches along a side: no patch of which the one before holds every pixel."""
        return max(1, -(-(length - self.overlap) // self.step))

    @property
    def spans(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Start and end in px of every row (rows, 2) and of every column (columns, 2)."""
        return self._spans(self.rows, self.height), self._spans(self.columns, self.width)

    def _spans(self, count: int, length: int) -> NDArray[np.int64]:
        starts = np.arange(count, dtype=np.int64) * self.step
        return np.stack([starts, np.minimum(length, starts + self.patch_size)], axis=1)

    def contains(self, row: int, column: int) -> bool:
        """Whether the grid has a patch at this position, counted from 0."""
        return 0 <= row < self.rows and 0 <= column < self.columns

    def box(self, row: int, column: int) -> Box:
        """Pixels of a patch as (y0, y1, x0, x1), ends excluded.

        Raises:
            IndexError: no such patch.
        """
        if not self.contains(row, column):
            raise IndexError(
                f"There is no patch at row {row}, column {column}: "
                f"the grid has {self.rows} rows and {self.columns} columns."
            )
        y0, x0 = row * self.step, column * self.step
        y1, x1 = min(self.height, y0 + self.patch_size), min(self.width, x0 + self.patch_size)
        return y0, y1, x0, x1


def patch_labels(
    mask: NDArray[np.bool_], patch_size: int, rule: float = 0.02, overlap: int = 0
) -> NDArray[np.bool_]:
    """Answer the question of every patch from a mask that is known.

    Args:
        mask: (H, W) bool, True where the structure is.
        patch_size: in px.
        rule: a patch is "yes" when more than this share of its existing pixels is covered.
        overlap: of neighbouring patches, in px.

    Returns:
        (rows, columns) bool.
    """
    grid = Grid(mask.shape[0], mask.shape[1], patch_size, overlap)
    rows, columns = grid.spans
    covered = _sums(_sums(mask, rows, 0), columns, 1)
    existing = np.outer(rows[:, 1] - rows[:, 0], columns[:, 1] - columns[:, 0])
    labels: NDArray[np.bool_] = covered > rule * existing
    return labels


def _sums(values: NDArray[Any], spans: NDArray[np.int64], axis: int) -> NDArray[np.int64]:
    """Sum `values` along an axis over each (start, end); spans may overlap."""
    edges = np.unique(spans)
    # reduceat adds up in int64 without a copy of the mask in it, which would be 8 times as large.
    parts = np.add.reduceat(values, edges[:-1], axis=axis, dtype=np.int64)
    before = np.concatenate([np.zeros_like(parts.take([0], axis)), parts.cumsum(axis)], axis)
    start, end = np.searchsorted(edges, spans).T
    sums: NDArray[np.int64] = before.take(end, axis) - before.take(start, axis)
    return sums


def read_patch(store: Store, grid: Grid, row: int, column: int) -> NDArray[Any]:
    """Read one patch at full resolution, filled up to a square where the image ends.

    Args:
        store: the image.
        grid: of the same height and width.
        row, column: of the patch.

    Returns:
        (C, P, P) in the store's dtype. Missing pixels are the reflection of those that exist,
        or the repeated last one where too few exist to reflect.

    Raises:
        IndexError: no such patch.
    """
    return pad_to_square(store.read(*grid.box(row, column)), grid.patch_size)


def pad_to_square(patch: NDArray[Any], side: int) -> NDArray[Any]:
    """Fill (C, h, w) up to (C, side, side) at the bottom and right, by reflection or edge."""
    for axis in (1, 2):
        missing = side - patch.shape[axis]
        if missing > 0:
            widths = [(0, missing if other == axis else 0) for other in range(3)]
            thin = missing > patch.shape[axis] - 1
            patch = np.pad(patch, widths, mode="edge" if thin else "reflect")
    return patch
