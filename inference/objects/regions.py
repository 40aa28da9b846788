"""The connected regions of a mask that is read band by band, so that memory need not hold it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage, sparse

from inference.objects.components import Labels, Mask
from inference.objects.depths import Sides
from inference.objects.runs import Integers, runs_of, sums_of

# First row and one past the last, to bool (h, W).
ReadMask = Callable[[int, int], Mask]
# A region is thick where a square of so many px fits in.
_CORE = 5


@dataclass(frozen=True)
class BandedMask:
    """A mask of so many rows and columns, and how many rows of it are read at once."""

    read: ReadMask
    height: int
    width: int
    rows: int

    def bands(self) -> Iterator[tuple[int, int]]:
        """First row and one past the last of each band."""
        for y0 in range(0, self.height, self.rows):
            yield y0, min(y0 + self.rows, self.height)


@dataclass(frozen=True)
class Regions:
    """Regions as `label_objects` numbers them, from 1; index 0 is background.

    numbers: for each band, the region's number by the number that it has within the band.
    top, bottom, left, right: (N + 1,) boxes, ends excluded; in the order of numbers, tops only
    rise. thick: bool (N + 1,), whether a square of 5 px fits in somewhere.
    """

    mask: BandedMask
    numbers: list[Labels]
    top: Integers
    bottom: Integers
    left: Integers
    right: Integers
    thick: Mask

    def bands(self) -> Iterator[tuple[int, Labels]]:
        """(y0, int32 (h, W)): the regions' numbers, band by band."""
        for (y0, y1), numbers in zip(self.mask.bands(), self.numbers, strict=True):
            labels, _ = _labelled(self.mask.read(y0, y1))
            yield y0, numbers[labels]

    def open_sides(self, number: int) -> Sides:
        """Where the region reaches the image's border."""
        bottom, right = self.bottom[number], self.right[number]
        return (
            bool(self.top[number] == 0),
            bool(bottom == self.mask.height),
            bool(self.left[number] == 0),
            bool(right == self.mask.width),
        )


def find_regions(mask: BandedMask, *, min_area_px: int) -> Regions:
    """All 4-connected regions of at least so many px."""
    pieces = _Pieces()
    for y0, y1 in mask.bands():
        pieces.add(y0, y1, mask)
    return pieces.joined(mask, min_area_px)


class _Pieces:
    """What bands hold of regions, and which pieces are one region."""

    def __init__(self) -> None:
        self._count = 0
        self._starts: list[int] = [1]
        self._boxes: list[Integers] = [np.array([[0], [0], [0], [0], [0]])]
        self._thick: list[Mask] = [np.zeros(1, dtype=bool)]
        self._pairs: list[npt.NDArray[np.int64]] = [np.empty((2, 0), dtype=np.int64)]
        self._last: Integers | None = None

    def add(self, y0: int, y1: int, mask: BandedMask) -> None:
        """The next band; what is thick shows with the rows around it."""
        above, below = max(0, y0 - _CORE // 2), min(mask.height, y1 + _CORE // 2)
        rows = mask.read(above, below)
        labels, count = _labelled(rows[y0 - above : y1 - above])
        cores = ndimage.minimum_filter(rows, size=_CORE, mode="constant", cval=False)
        thick = np.zeros(count + 1, dtype=bool)
        thick[labels[cores[y0 - above : y1 - above]]] = True
        sums = sums_of(runs_of(labels, y0), [])
        box = [sums.y_low, sums.y_high + 1, sums.x_low, sums.x_high + 1]
        self._boxes.append(np.stack([sums.area, *box]))
        self._thick.append(thick[1:])
        self._join(labels)
        self._count += count
        self._starts.append(self._count + 1)

    def _join(self, labels: Labels) -> None:
        first, last = (np.where(row > 0, row + self._count, 0) for row in labels[[0, -1]])
        if self._last is not None:
            touching = (first > 0) & (self._last > 0)
            pairs = np.stack([self._last[touching], first[touching]])
            self._pairs.append(np.unique(pairs, axis=1))
        self._last = last.astype(np.int64)

    def joined(self, mask: BandedMask, min_area_px: int) -> Regions:
        owner = _components(np.concatenate(self._pairs, axis=1), self._count + 1)
        order = np.argsort(owner, kind="stable")
        begins = np.flatnonzero(np.diff(owner[order], prepend=-1))
        boxes = np.concatenate(self._boxes, axis=1)[:, order]
        area = np.add.reduceat(boxes[0], begins)
        top, left = (np.minimum.reduceat(boxes[k], begins) for k in (1, 3))
        bottom, right = (np.maximum.reduceat(boxes[k], begins) for k in (2, 4))
        thick = np.logical_or.reduceat(np.concatenate(self._thick)[order], begins)
        kept = area >= min_area_px
        kept[0] = True
        number = np.where(kept, np.cumsum(kept) - 1, 0)[owner].astype(np.int32)
        numbers = [
            np.concatenate([number[:1], number[start:end]])
            for start, end in zip(self._starts[:-1], self._starts[1:], strict=True)
        ]
        top, bottom, left, right = (edge[kept] for edge in (top, bottom, left, right))
        return Regions(mask, numbers, top, bottom, left, right, thick[kept])


def _labelled(mask: Mask) -> tuple[Labels, int]:
    labels = np.zeros(mask.shape, dtype=np.int32)
    return labels, int(ndimage.label(mask, output=labels))


def _components(pairs: npt.NDArray[np.int64], count: int) -> Integers:
    """Which group each of ``count`` pieces belongs to; groups are numbered by their first piece."""
    links = sparse.coo_array((np.ones(pairs.shape[1], dtype=np.int8), tuple(pairs)), (count, count))
    _, groups = sparse.csgraph.connected_components(links, directed=False)
    _, first = np.unique(groups, return_index=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    owner: Integers = rank[groups]
    return owner
