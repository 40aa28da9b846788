"""Areas of the convex hulls of all objects of a label image at once, as scikit-image counts them.

The hull of an object holds the middles of its pixels' four sides; its area is the number of pixels
whose centre lies within or on it. On a grid of half pixels all of this is exact in integers.
"""

import numpy as np

from inference.objects.runs import Integers, Runs, grouped


class Extents:
    """First and last column of every object in every row that it has; bands come from the top."""

    def __init__(self) -> None:
        self._parts: list[Integers] = []

    def add(self, runs: Runs) -> None:
        """A band of whole rows."""
        if not len(runs.label):
            return
        order, begins = grouped(runs.label)
        new_row = np.diff(runs.row[order], prepend=-1) != 0
        new_row[begins] = True
        first = np.flatnonzero(new_row)
        last = np.append(first[1:], len(order)) - 1
        columns = runs.label[order][first], runs.row[order][first]
        self._parts.append(
            np.stack([*columns, runs.first[order][first], runs.last[order][last]]).astype(np.int32)
        )

    def hull_areas(self) -> Integers:
        """Pixels of the convex hull of each object, sorted by label: (N,)."""
        if not self._parts:
            return np.empty(0, dtype=np.int64)
        label, row, first, last = np.concatenate(self._parts, axis=1).astype(np.int64)
        order, begins = grouped(label)
        number = np.zeros(len(order), dtype=np.int64)
        number[begins[1:]] = 1
        number = np.cumsum(number)
        row, first, last = row[order], first[order], last[order]
        return _areas(number, row, first, last, begins)


def _areas(
    number: Integers, row: Integers, first: Integers, last: Integers, begins: Integers
) -> Integers:
    ends = np.append(begins[1:], len(row)) - 1
    top, height = row[begins], row[ends] - row[begins] + 1
    # Every row of every hull, also where the object itself has a gap.
    inner = np.repeat(np.arange(len(begins)), height)
    offsets = np.concatenate([[0], np.cumsum(height)[:-1]])
    y = np.arange(len(inner)) - offsets[inner] + top[inner]
    span = 2 * int(row.max(initial=0)) + 4
    left = _edge(number, row, first, span, inner, y)
    right = -_edge(number, row, -last, span, inner, y)
    return np.add.reduceat(right - left + 1, offsets)


def _edge(
    number: Integers, row: Integers, column: Integers, span: int, inner: Integers, y: Integers
) -> Integers:
    """The smallest column of the hull at row ``y`` of each object ``inner``; mirrored, the largest.

    Coordinates are doubled: a pixel is 2 wide, its side's middle lies at an odd place. Places of
    all objects lie along one line, ``span`` for each.
    """
    at = number * span + 2 * row + 1
    places = np.concatenate([at, at - 1, at + 1])
    columns = np.concatenate([2 * column - 1, 2 * column, 2 * column])
    order = np.lexsort((columns, places))
    places, columns = places[order], columns[order]
    foremost = np.diff(places, prepend=-1) != 0
    places, columns = _hull(places[foremost], columns[foremost], span)
    wanted = inner * span + 2 * y + 1
    below = np.searchsorted(places, wanted, side="right") - 1
    above = np.minimum(below + 1, len(places) - 1)
    run = np.where(places[below] == wanted, 1, places[above] - places[below])
    rise = (columns[above] - columns[below]) * (wanted - places[below])
    # rounded up to a whole pixel
    return np.asarray(-((-columns[below] * run - rise) // (2 * run)))


def _hull(places: Integers, columns: Integers, span: int) -> tuple[Integers, Integers]:
    """The corners of the lower hull of each object's points, which are sorted by place.

    A point on or above the line between two others is no corner, so all those that lie so between
    their neighbours go at once, until none is left.
    """
    while True:
        owner = places // span
        between = np.zeros(len(places), dtype=bool)
        between[1:-1] = (owner[1:-1] == owner[:-2]) & (owner[1:-1] == owner[2:])
        k = np.flatnonzero(between)
        before, after = places[k] - places[k - 1], places[k + 1] - places[k]
        rise, next_rise = columns[k] - columns[k - 1], columns[k + 1] - columns[k]
        gone = k[rise * after >= next_rise * before]
        if not len(gone):
            return places, columns
        kept = np.ones(len(places), dtype=bool)
        kept[gone] = False
        places, columns = places[kept], columns[kept]
