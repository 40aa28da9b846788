"""Every patch of some images in one row of numbers, so that a million of them are arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotations.imaging.grid import Grid
from annotations.models import Dataset
from annotations.services.patch_orders import Keys, scattered


class Place(NamedTuple):
    image: int
    row: int
    column: int


@dataclass(frozen=True)
class Places:
    """The patches of images in their order, row by row.

    Attributes:
        images: keys of the images.
        names: of the images.
        rows, columns: (images,) of each grid.
        starts: (images + 1,) the number of each image's first patch; the last is the count of all.
    """

    images: list[int]
    names: list[str]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    starts: NDArray[np.int64]
    # Of the seed asked for last.
    _lots: dict[int, Keys] = field(default_factory=dict, repr=False, compare=False)

    @property
    def count(self) -> int:
        return int(self.starts[-1])

    def span(self, image: int) -> slice | None:
        """Where an image's patches are, or None for an image that is not among these."""
        number = self._numbers.get(image)
        if number is None:
            return None
        return slice(int(self.starts[number]), int(self.starts[number + 1]))

    def columns_of(self, image: int) -> int:
        return int(self.columns[self._numbers[image]])

    def number(self, place: Place) -> int | None:
        """The number of a patch, or None where there is none."""
        index = self._numbers.get(place.image)
        if index is None:
            return None
        rows, columns = int(self.rows[index]), int(self.columns[index])
        if not (0 <= place.row < rows and 0 <= place.column < columns):
            return None
        return int(self.starts[index]) + place.row * columns + place.column

    def numbers(
        self, images: NDArray[np.int64], rows: NDArray[np.int64], columns: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """(n,) the numbers of patches, -1 where there is none."""
        if not self.images:
            return np.full(len(images), -1, dtype=np.int64)
        keys = np.asarray(self.images, dtype=np.int64)
        order = np.argsort(keys)
        index = order[np.minimum(np.searchsorted(keys[order], images), len(order) - 1)]
        inside = (keys[index] == images) & (rows < self.rows[index])
        inside &= columns < self.columns[index]
        return np.where(inside, self.starts[index] + rows * self.columns[index] + columns, -1)

    def places(self, numbers: NDArray[np.int64]) -> list[Place]:
        """Image, row and column of patches."""
        index = np.searchsorted(self.starts, numbers, side="right") - 1
        within = numbers - self.starts[index]
        row, column = np.divmod(within, self.columns[index])
        images = np.asarray(self.images, dtype=np.int64)[index]
        return [
            Place(*found)
            for found in zip(images.tolist(), row.tolist(), column.tolist(), strict=True)
        ]

    def identities(self) -> NDArray[np.uint64]:
        """(patches,) a number of each patch that no other image's coming or going changes."""
        image = np.repeat(np.asarray(self.images, dtype=np.uint64), np.diff(self.starts))
        within = np.arange(self.count, dtype=np.int64) - np.repeat(
            self.starts[:-1], np.diff(self.starts)
        )
        return (image << np.uint64(32)) | within.astype(np.uint64)

    def lots(self, seed: int) -> Keys:
        """(patches,) a number for each as if drawn by lot: see `scattered`."""
        lots = self._lots.get(seed)
        if lots is None:
            lots = scattered(self.identities(), seed)
            lots.setflags(write=False)
            self._lots.clear()
            self._lots[seed] = lots
        return lots

    @cached_property
    def _numbers(self) -> dict[int, int]:
        return {image: number for number, image in enumerate(self.images)}


def places_of(dataset: Dataset, *, image: int | None = None, condition: str = "") -> Places:
    """The patches of the images that are ready, in the order in which lists show images."""
    images: Any = dataset.images.ready().order_by("name", "pk")
    if image is not None:
        images = images.filter(pk=image)
    if condition:
        images = images.filter(condition=condition)
    rows = tuple(images.values_list("pk", "name", "height", "width"))
    return _places(rows, dataset.patch_size, dataset.overlap)


# What is kept is known by all that it is made of, so it is never out of date.
@lru_cache(maxsize=4)
def _places(images: tuple[tuple[int, str, int, int], ...], patch_size: int, overlap: int) -> Places:
    grids = [
        Grid(height=height, width=width, patch_size=patch_size, overlap=overlap)
        for _, _, height, width in images
    ]
    rows = np.array([grid.rows for grid in grids], dtype=np.int64)
    columns = np.array([grid.columns for grid in grids], dtype=np.int64)
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(rows * columns)])
    keys, names = [image[0] for image in images], [image[1] for image in images]
    return Places(keys, names, rows, columns, starts)
