"""All answers about a structure at once, as arrays over the patches of a data set.

A million patches and two million answers are read in about a second, without a row per patch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np
from django.db.models import BigIntegerField, F, QuerySet, Value
from django.db.models.functions import Cast
from numpy.typing import NDArray

from annotations.imaging.grid import Grid
from annotations.models import Dataset, Image, Label, Structure
from annotations.models.label import Answer
from annotations.services.joined import Joined, numbers
from annotations.services.patch_orders import Keys, scattered

Positions = NDArray[np.int64]
Codes = NDArray[np.int8]

# What a patch's answer is in an array; 0 is none.
CODES = {Answer.YES.value: 1, Answer.NO.value: 2, Answer.UNSURE.value: 3}
NAMES = {code: name for name, code in CODES.items()}

# Image, row and column in one number.
SIDE_BITS = 18
_SIDE = (1 << SIDE_BITS) - 1


class Place(NamedTuple):
    image: int
    row: int
    column: int


@dataclass(frozen=True, eq=False)
class Layout:
    """Where the patches of images lie in one long array: image after image, row after row.

    Attributes:
        images: (n,) keys of the images, in the order in which people see them.
        rows, columns: (n,) of each image's grid.
        starts: (n + 1,) position of each image's first patch, and the number of all.
    """

    images: Positions
    rows: Positions
    columns: Positions
    starts: Positions
    # Of the seed asked for last.
    _lots: dict[int, Keys] = field(default_factory=dict, repr=False)

    @property
    def size(self) -> int:
        """How many patches there are."""
        return int(self.starts[-1])

    def has_patches_of(self, other: Layout) -> bool:
        """Whether both have the same images in the same order, with as many patches."""
        alike = np.array_equal(self.images, other.images)
        return alike and np.array_equal(self.starts, other.starts)

    def extends(self, other: Layout) -> bool:
        """Whether all patches of the other one are here, wherever they are."""
        own, its = (pack(one.images, one.rows, one.columns) for one in (self, other))
        return bool(np.isin(its, own).all())

    def moved(self, positions: Positions, to: Layout) -> Positions:
        """Where these patches are in a layout that extends this one."""
        starts = np.array([to.starts[to._order[image]] for image in self.images.tolist()])
        index = self.index(positions)
        found: Positions = starts[index] + positions - self.starts[index]
        return found

    def positions(self, keys: Positions) -> Positions:
        """Positions of packed patches, -1 for those that the data set does not have."""
        images, rows, columns = unpack(keys)
        if not len(self.images):
            return np.full(len(keys), -1, dtype=np.int64)
        order = np.argsort(self.images)
        place = np.minimum(np.searchsorted(self.images[order], images), len(order) - 1)
        index = order[place]
        known = self.images[index] == images
        inside = known & (rows < self.rows[index]) & (columns < self.columns[index])
        found = self.starts[index] + rows * self.columns[index] + columns
        return np.where(inside, found, -1)

    def position(self, place: Place) -> int | None:
        """Of a patch, or None where there is none."""
        index = self._order.get(place.image)
        if index is None:
            return None
        rows, columns = int(self.rows[index]), int(self.columns[index])
        if not (0 <= place.row < rows and 0 <= place.column < columns):
            return None
        return int(self.starts[index]) + place.row * columns + place.column

    def span(self, image: int, columns: int | None = None) -> slice | None:
        """Where an image's patches are, or None for one that is not here, or has other columns."""
        index = self._order.get(image)
        if index is None or columns not in (None, self.columns[index]):
            return None
        return slice(int(self.starts[index]), int(self.starts[index + 1]))

    def patches(self, positions: Positions) -> list[Place]:
        """Image, row and column of each position."""
        index = self.index(positions)
        rows, columns = np.divmod(positions - self.starts[index], self.columns[index])
        found = zip(self.images[index].tolist(), rows.tolist(), columns.tolist(), strict=True)
        return [Place(*place) for place in found]

    def index(self, positions: Positions) -> Positions:
        """Which image each position is in, counted from 0."""
        found: Positions = np.searchsorted(self.starts, positions, side="right") - 1
        return found

    def per_image(self, where: NDArray[np.bool_]) -> Positions:
        """(images,) at how many of each image's patches it is true."""
        counted = np.concatenate([np.zeros(1, np.int64), np.cumsum(where)])
        return np.diff(counted[self.starts])

    def keys(self) -> Positions:
        """(size,) packed image, row and column of every patch."""
        index = np.repeat(np.arange(len(self.images)), self.rows * self.columns)
        rows, columns = np.divmod(np.arange(self.size) - self.starts[index], self.columns[index])
        return pack(self.images[index], rows, columns)

    def lots(self, seed: int) -> Keys:
        """(size,) a number for each patch as if drawn by lot: see `scattered`."""
        lots = self._lots.get(seed)
        if lots is None:
            lots = scattered(self.keys().astype(np.uint64), seed)
            lots.setflags(write=False)
            self._lots.clear()
            self._lots[seed] = lots
        return lots

    @cached_property
    def _order(self) -> dict[int, int]:
        return {image: index for index, image in enumerate(self.images.tolist())}


def layout_of(dataset: Dataset, *, image: int | None = None, condition: str = "") -> Layout:
    """The patches of the images that are ready, in the order in which people see them."""
    images: Any = dataset.images.ready().order_by("name", "pk")
    if image is not None:
        images = images.filter(pk=image)
    if condition:
        images = images.filter(condition=condition)
    sizes = tuple(images.values_list("pk", "height", "width"))
    return _layout(sizes, dataset.patch_size, dataset.overlap)


# What is kept is known by all that it is made of, so it is never out of date.
@lru_cache(maxsize=8)
def _layout(sizes: tuple[tuple[int, int, int], ...], patch_size: int, overlap: int) -> Layout:
    grids = [Grid(height, width, patch_size, overlap) for _, height, width in sizes]
    images = np.array([image for image, _, _ in sizes], dtype=np.int64)
    rows = np.array([grid.rows for grid in grids], dtype=np.int64)
    columns = np.array([grid.columns for grid in grids], dtype=np.int64)
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(rows * columns)])
    return Layout(images, rows, columns, starts)


@dataclass
class Sheet:
    """Everybody's answers about one structure: for each person an array of codes by position."""

    layout: Layout
    codes: dict[int, Codes] = field(default_factory=dict)

    def of(self, person: int) -> Codes:
        """(size,) that person's codes; made when they have none yet."""
        if person not in self.codes:
            self.codes[person] = np.zeros(self.layout.size, dtype=np.int8)
        return self.codes[person]

    def count(self, code: int) -> int:
        """How many answers are this one."""
        return sum(int(np.count_nonzero(codes == code)) for codes in self.codes.values())

    def counts(self) -> NDArray[np.uint8]:
        """(size,) how many people answered each patch, unsure included."""
        total = np.zeros(self.layout.size, dtype=np.uint8)
        for codes in self.codes.values():
            total += codes != 0
        return total


def read_sheet(*, dataset: Dataset, structure: Structure, layout: Layout | None = None) -> Sheet:
    """Read the answers as they are now; those about patches that are no more are left out."""
    return read_sheets(dataset=dataset, structures=[structure.pk], layout=layout)[structure.pk]


def read_sheets(
    *,
    dataset: Dataset,
    structures: Sequence[int],
    layout: Layout | None = None,
    images: Sequence[int] | None = None,
) -> dict[int, Sheet]:
    """The sheet of each structure, as by `read_sheet`. One query for the answers.

    `images`: answers about others are left out.
    """
    layout = layout or layout_of(dataset)
    sheets = {structure: Sheet(layout) for structure in structures}
    labels = Label.objects.filter(structure__in=structures, image__dataset=dataset)
    labels = labels.filter(image__state=Image.State.READY)
    if images is not None:
        labels = labels.filter(image__in=images)
    for (structure, person, value), keys in packed(labels, "structure_id", "annotator_id", "value"):
        positions = layout.positions(keys)
        sheets[structure].of(person)[positions[positions >= 0]] = CODES[value]
    return sheets


def packed(rows: QuerySet[Any], *groups: str) -> Iterator[tuple[tuple[Any, ...], Positions]]:
    """The patches of rows in groups: the group's values, and (n,) packed patches of it."""
    key = F("image_id") * Value(1 << (2 * SIDE_BITS), output_field=BigIntegerField())
    key = key + F("row") * Value(1 << SIDE_BITS, output_field=BigIntegerField()) + F("column")
    keys = Joined(Cast(key, BigIntegerField()))
    for *group, joined in rows.order_by().values_list(*groups).annotate(joined=keys):
        yield tuple(group), numbers(joined)


def positions_of(rows: QuerySet[Any], layout: Layout) -> Positions:
    """Where rows of one data set lie, without those about patches that are no more. One query."""
    found = [layout.positions(keys) for _, keys in packed(rows, "image__dataset_id")]
    positions = np.concatenate([np.zeros(0, dtype=np.int64), *found])
    return positions[positions >= 0]


# A patch of the row `p` in one number, for statements by hand.
PACKED = (
    f"(p.image_id * CAST({1 << (2 * SIDE_BITS)} AS bigint) "
    f'+ p."row" * CAST({1 << SIDE_BITS} AS bigint) + p."column")'
)


def pack(images: Positions, rows: Positions, columns: Positions) -> Positions:
    """Image, row and column of patches in one number each."""
    return (images << (2 * SIDE_BITS)) | (rows << SIDE_BITS) | columns


def unpack(keys: Positions) -> tuple[Positions, Positions, Positions]:
    """Image, row and column of packed patches."""
    return keys >> (2 * SIDE_BITS), (keys >> SIDE_BITS) & _SIDE, keys & _SIDE


def fractions(keys: Positions, salt: int) -> NDArray[np.float64]:
    """A number from 0 to 1 for each packed patch, the same every time: see `scattered`."""
    return scattered(keys.astype(np.uint64), salt) / 2.0**64
