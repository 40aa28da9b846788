"""Sums over objects, taken from the runs of equal labels along the rows of a label image."""

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs in the order of rows, background left out: each of one label, in one row.

    first, last: columns, both within; start, end: places in the flattened band, end excluded.
    """

    label: Integers
    row: Integers
    first: Integers
    last: Integers
    start: Integers
    end: Integers


def runs_of(labels: npt.NDArray[np.integer], y0: int) -> Runs:
    """The runs of a band (h, W) of a label image whose first row is row ``y0`` of the image."""
    flat, width = labels.ravel(), labels.shape[1]
    begins = np.empty(flat.size, dtype=bool)
    np.not_equal(flat[1:], flat[:-1], out=begins[1:])
    begins[::width] = True
    start = np.flatnonzero(begins)
    end = np.append(start[1:], flat.size)
    inside = flat[start] > 0
    start, end = start[inside], end[inside]
    row, first = np.divmod(start, width)
    return Runs(flat[start].astype(np.int64), row + y0, first, first + end - start - 1, start, end)


@dataclass(frozen=True, slots=True)
class Sums:
    """Of each label, sums over its pixels (y, x): exact, and of parts of an image they add up.

    y_low to x_high: its box, ends within. values: (N, V) sums of V images. All else (N,).
    """

    label: Integers
    area: Integers
    y: Integers
    x: Integers
    yy: Integers
    xx: Integers
    xy: Integers
    y_low: Integers
    y_high: Integers
    x_low: Integers
    x_high: Integers
    values: Floats

    @classmethod
    def together(cls, parts: list[Self]) -> Self:
        """The sums of several bands, sorted by label."""
        columns = [np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(cls)]
        return cls(*_by_label(columns))


def sums_of(runs: Runs, images: list[npt.NDArray[Any]]) -> Sums:
    """Sums of a band's runs, and over as many images (h, W) of the same band, sorted by label."""
    row, area = runs.row, runs.last - runs.first + 1
    x = (runs.first + runs.last) * area // 2
    xx = _squares_below(runs.last + 1) - _squares_below(runs.first)
    values = [_run_sums(image, runs) for image in images]
    stacked = np.stack(values, axis=1) if values else np.empty((len(row), 0))
    columns = [runs.label, area, row * area, x, row * row * area, xx, row * x]
    columns += [row, row, runs.first, runs.last, stacked]
    return Sums(*_by_label(columns))


_REDUCTIONS = (np.add,) * 6 + (np.minimum, np.maximum, np.minimum, np.maximum, np.add)


def _by_label(columns: list[npt.NDArray[Any]]) -> list[npt.NDArray[Any]]:
    order, begins = grouped(columns[0])
    if not len(order):
        return columns
    reduced = [
        reduce.reduceat(column[order], begins, axis=0)
        for column, reduce in zip(columns[1:], _REDUCTIONS, strict=True)
    ]
    return [columns[0][order][begins], *reduced]


def grouped(keys: Integers) -> tuple[Integers, Integers]:
    """The order that sorts the keys, equal ones as they came, and where each key begins in it."""
    order = np.argsort(keys, kind="stable")
    in_order = keys[order]
    begins = np.flatnonzero(np.diff(in_order, prepend=in_order[:1] - 1))
    return order, begins


def _squares_below(n: Integers) -> Integers:
    """0² + 1² + … + (n - 1)²."""
    return (n - 1) * n * (2 * n - 1) // 6


def _run_sums(image: npt.NDArray[Any], runs: Runs) -> Floats:
    if not len(runs.start):
        return np.empty(0)
    # Sums go from one place to the next: those between two runs are left out again.
    places = np.stack([runs.start, runs.end], axis=1).ravel()
    last = places[-1] == image.size
    sums = np.add.reduceat(image.ravel(), places[:-1] if last else places, dtype=np.float64)
    return np.asarray(sums[::2])
