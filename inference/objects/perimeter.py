"""Perimeters of all objects of a label image at once, counted as scikit-image counts them.

A border pixel has a 4-neighbour outside of its object. With a border pixels of the same object
among its 4 neighbours at the sides and d among those at the corners, it adds to the perimeter by
the table of Benkrid and Crookes (Design and FPGA implementation of a perimeter estimator, 2000).
"""

import math

import numpy as np
import numpy.typing as npt

from inference.objects.runs import Floats, Integers, grouped

_AT_SIDES = ((-1, 0), (1, 0), (0, -1), (0, 1))
_AT_CORNERS = ((-1, -1), (-1, 1), (1, -1), (1, 1))
# By 10 d + 2 a.
_STEPS = np.zeros(49)
_STEPS[[4, 6, 14, 16, 24, 26]] = 1
_STEPS[[20, 32]] = math.sqrt(2)
_STEPS[[12, 22]] = (1 + math.sqrt(2)) / 2


class Perimeters:
    """Takes a label image in bands of rows, from top to bottom."""

    def __init__(self, width: int) -> None:
        # A pixel's share depends on two rows to each side, so the last two rows wait.
        self._rows: npt.NDArray[np.integer] = np.zeros((2, width), dtype=np.int32)
        self._parts: list[tuple[Integers, Floats]] = []

    def add(self, labels: npt.NDArray[np.integer]) -> None:
        """The next rows (h, W)."""
        self._rows = np.concatenate([self._rows, labels])
        if len(self._rows) > 4:
            self._parts.append(_shares(self._rows))
            self._rows = self._rows[-4:]

    def by_label(self, numbers: Integers) -> Floats:
        """px, (N,), of these labels, which are sorted; call it when all rows have been given."""
        self.add(np.zeros((2, self._rows.shape[1]), dtype=np.int32))
        totals = np.zeros(len(numbers))
        for labels, lengths in self._parts:
            totals[np.searchsorted(numbers, labels)] += lengths
        return totals


def _shares(rows: npt.NDArray[np.integer]) -> tuple[Integers, Floats]:
    """Labels of the rows but for two at the top and the bottom, and what each has of perimeter
    there."""
    padded = np.pad(rows, ((0, 0), (2, 2)))
    width = padded.shape[1]
    inner = padded[1:-1, 1:-1]
    at_border = inner != padded[:-2, 1:-1]
    for dy, dx in _AT_SIDES[1:]:
        at_border |= inner != padded[1 + dy : len(rows) - 1 + dy, 1 + dx : width - 1 + dx]
    border = np.zeros_like(padded)
    np.copyto(border[1:-1, 1:-1], inner, where=at_border)
    flat, places = border.ravel(), np.flatnonzero(border[2:-2]) + 2 * width
    own = flat[places]
    code = np.zeros(len(places), dtype=np.intp)
    for weight, steps in ((2, _AT_SIDES), (10, _AT_CORNERS)):
        for dy, dx in steps:
            code += weight * (flat[places + (dy * width + dx)] == own)
    order, begins = grouped(own.astype(np.int64))
    if not len(order):
        return np.empty(0, dtype=np.int64), np.empty(0)
    return own[order][begins].astype(np.int64), np.add.reduceat(_STEPS[code][order], begins)
