"""Every patch of some images in one row of numbers, so that a million of them are arrays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotations.models import Dataset, Image


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
    return _places(
        Image(pk=pk, name=name, height=height, width=width, dataset=dataset)
        for pk, name, height, width in images.values_list("pk", "name", "height", "width")
    )


def _places(images: Iterable[Image]) -> Places:
    kept = [(image.pk, image.name, image.grid.rows, image.grid.columns) for image in images]
    rows = np.array([entry[2] for entry in kept], dtype=np.int64)
    columns = np.array([entry[3] for entry in kept], dtype=np.int64)
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(rows * columns)])
    return Places([entry[0] for entry in kept], [entry[1] for entry in kept], rows, columns, starts)
