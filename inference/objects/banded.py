"""Touching objects of a mask, told apart band by band: memory for a few bands, whatever its height.

A region that is no taller than a band is told apart while all of its rows are held. Those that are
taller, or whose box is very large, are gathered on their own, shrunk where they are very large.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference.objects.components import Labels, Mask, shrunk
from inference.objects.parts import coarse_parts, radius_of, reduction, sized
from inference.objects.regions import BandedMask, Regions, find_regions
from inference.objects.runs import Integers
from inference.objects.seeds import METHODS, Method, Rule


def object_bands(
    mask: BandedMask,
    *,
    method: Method = "automatic",
    smoothing_px: float | None = None,
    h_px: float | None = None,
    min_distance_px: float | None = None,
    min_area_px: int = 1,
) -> Iterator[tuple[int, Labels]]:
    """Number the objects of a mask, touching ones apart.

    Each 4-connected region is looked at alone. A watershed of the distance to its border (Soille,
    Morphological Image Analysis, chapter 9) grows one part from each seed:

    - "automatic": from maxima of the distance that rise by more than 6 % and more than 0.5 px, so
      that a neck counts in proportion to the width of its sides and no size needs to be known, and
      steps of a leaning border are no necks. Where the discs inscribed in the parts fill a share f
      of the region below 0.6, a neck must be (0.6 / f)² times deeper: fibres stay whole. Regions
      thinner than 6 px do, too.
    - "h-maxima": from maxima of the distance that rise by more than ``h_px``.
    - "distance": from maxima of the distance that are ``min_distance_px`` apart.
    - "none": regions are objects.

    Args:
        mask: (H, W); it is read three to five times.
        smoothing_px: standard deviation of the Gaussian over the distances; by default 5 % of the
            region's largest distance, at least 1 px.
        h_px: by default a tenth of the typical radius (the median over the regions of their largest
            distance to the border).
        min_distance_px: by default the typical radius.
        min_area_px: smaller regions are left out; smaller parts join what they were cut from, as
            large as they are where a very large region is looked at shrunk.

    Yields:
        (y0, int32 (h, W)) from top to bottom; 0 is background, objects are 1, 2, 3 … from the top
        down, parts of a region one after the other.

    Raises:
        ValueError: an unknown method or a negative length.
    """
    _check(method, (smoothing_px, h_px, min_distance_px))
    regions = find_regions(mask, min_area_px=min_area_px)
    if method == "none":
        yield from regions.bands()
        return
    rule, cut = Rule(method, smoothing_px), regions.thick
    if method != "automatic":
        cut = np.ones_like(cut)
        rule = sized(rule, _typical_radius(regions), h_px, min_distance_px)
    yield from _Bands(regions, rule, cut, min_area_px).labels()


def _check(method: str, lengths: tuple[float | None, ...]) -> None:
    if method not in METHODS:
        raise ValueError(f"Unknown separation {method!r}: choose one of {', '.join(METHODS)}.")
    if any(length is not None and not 0 <= length < math.inf for length in lengths):
        raise ValueError("Lengths of a separation are numbers of px that are not negative.")


@dataclass(frozen=True)
class _Window:
    """Rows from ``y0`` on with the numbers of regions: a band of ``height`` rows, and below it what
    the regions ``first`` to ``last`` (excluded) need that begin there and are not large."""

    y0: int
    height: int
    rows: Labels
    first: int
    last: int

    def region(self, regions: Regions, number: int) -> tuple[tuple[slice, slice], Mask]:
        """The box of a region within the window, and bool (h, w) of it there."""
        top, bottom = regions.top[number] - self.y0, regions.bottom[number] - self.y0
        box = slice(top, bottom), slice(regions.left[number], regions.right[number])
        return box, self.rows[box] == number


def _windows(regions: Regions, large: Mask) -> Iterator[_Window]:
    waiting = np.zeros((0, regions.mask.width), dtype=np.int32)
    source = regions.bands()
    for y0, y1 in regions.mask.bands():
        first, last = np.searchsorted(regions.top[1:], (y0, y1)) + 1
        own = regions.bottom[first:last][~large[first:last]]
        needed = int(own.max(initial=y1)) - y0
        while len(waiting) < needed:
            waiting = np.concatenate([waiting, next(source)[1]])
        yield _Window(y0, y1 - y0, waiting, int(first), int(last))
        waiting = waiting[y1 - y0 :].copy()


def _large(regions: Regions) -> tuple[Mask, Integers]:
    """Regions to be gathered on their own, and how many times smaller each region is looked at."""
    height, width = regions.bottom - regions.top, regions.right - regions.left
    factors = np.array([reduction(int(px)) for px in height * width], dtype=np.int64)
    return (height > regions.mask.rows) | (factors > 1), factors


def _gathered(regions: Regions, chosen: Integers, factors: Integers) -> dict[int, Mask]:
    """The chosen regions, each in its box and shrunk."""
    shapes = {
        int(n): (
            -(-int(regions.bottom[n] - regions.top[n]) // int(factors[n])),
            -(-int(regions.right[n] - regions.left[n]) // int(factors[n])),
        )
        for n in chosen
    }
    found = {n: np.zeros(shape, dtype=bool) for n, shape in shapes.items()}
    if not found:
        return found
    for y0, rows in regions.bands():
        for n, whole in found.items():
            top, bottom = max(y0, int(regions.top[n])), min(y0 + len(rows), int(regions.bottom[n]))
            if top < bottom:
                here = rows[top - y0 : bottom - y0, regions.left[n] : regions.right[n]] == n
                _add_rows(whole, here, top - int(regions.top[n]), int(factors[n]))
    return found


def _add_rows(whole: Mask, rows: Mask, start: int, factor: int) -> None:
    """Rows of a region from its row ``start`` on, into the shrunk region."""
    lead = start % factor
    smaller = shrunk(np.pad(rows, ((lead, 0), (0, 0))), factor)
    whole[start // factor : start // factor + len(smaller)] |= smaller


def _typical_radius(regions: Regions) -> float:
    """The median over the regions of their largest distance to the border."""
    large, factors = _large(regions)
    radii = [
        radius_of(window.region(regions, n)[1], 1)
        for window in _windows(regions, large)
        for n in range(window.first, window.last)
        if not large[n]
    ]
    gathered = _gathered(regions, np.flatnonzero(large), factors)
    radii += [radius_of(region, int(factors[n])) for n, region in gathered.items()]
    return float(np.median(radii)) if radii else 0.0


class _Bands:
    """Tells the regions apart and numbers the objects, band after band."""

    def __init__(self, regions: Regions, rule: Rule, cut: Mask, min_area_px: int) -> None:
        """``cut``: bool (N + 1,), regions that may be more than one object."""
        self._regions, self._rule, self._cut, self._min_area = regions, rule, cut, min_area_px
        self._large, self._factors = _large(regions)
        chosen = np.flatnonzero(self._large & cut)
        gathered = _gathered(regions, chosen[chosen > 0], self._factors)
        self._parts = {n: self._split(region, n) for n, region in gathered.items()}
        # A region's first object, and how many there are up to here.
        self._objects = np.zeros(len(cut), dtype=np.int32)
        self._count = 0

    def _split(self, region: Mask, number: int) -> Labels | None:
        factor, sides = int(self._factors[number]), self._regions.open_sides(number)
        return coarse_parts(region, factor, self._rule, self._min_area, sides)

    def labels(self) -> Iterator[tuple[int, Labels]]:
        """(y0, int32 (h, W)) for every band."""
        # How far an object's number lies above that of its region's first one.
        above = np.zeros((0, self._regions.mask.width), dtype=np.int32)
        for window in _windows(self._regions, self._large):
            new = len(window.rows) - len(above)
            above = np.concatenate([above, np.zeros((new, above.shape[1]), dtype=np.int32)])
            for number in range(window.first, window.last):
                self._number(window, number, above)
            yield window.y0, self._band(window, above[: window.height])
            above = above[window.height :]

    def _number(self, window: _Window, number: int, above: Labels) -> None:
        parts = self._parts.get(number)
        if self._cut[number] and not self._large[number]:
            box, region = window.region(self._regions, number)
            parts = self._split(region, number)
            if parts is not None:
                above[box][region] = parts[region] - 1
        self._objects[number] = self._count + 1
        self._count += 1 if parts is None else int(parts.max())

    def _band(self, window: _Window, above: Labels) -> Labels:
        rows = window.rows[: window.height]
        found: Labels = self._objects[rows] + above
        for number, parts in self._parts.items():
            if parts is not None:
                self._add_large(found, rows, window.y0, number, parts)
        return found

    def _add_large(
        self, found: Labels, rows: Labels, y0: int, number: int, parts: npt.NDArray[np.int32]
    ) -> None:
        edges, factor = self._regions, int(self._factors[number])
        top, bottom = int(edges.top[number]), int(edges.bottom[number])
        left, right = int(edges.left[number]), int(edges.right[number])
        start, end = max(top, y0), min(bottom, y0 + len(rows))
        if start >= end:
            return
        own = slice(start - y0, end - y0), slice(left, right)
        y, x = (np.arange(start, end) - top) // factor, np.arange(right - left) // factor
        found[own] += np.where(rows[own] == number, parts[np.ix_(y, x)] - 1, 0)
