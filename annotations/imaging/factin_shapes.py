"""Neurites as smooth curves, and every pixel's place along and across them. Lengths in px."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, gaussian_filter1d
from scipy.spatial import cKDTree

Array = NDArray[np.float64]
Rng = np.random.Generator

STEP = 0.5


@dataclass(frozen=True)
class Tube:
    """The pixels of a neurite, in its own coordinates; all arrays are (N,).

    Attributes:
        rows, columns: of the pixels within the neurite.
        along: distance from its start.
        across: signed distance from its middle line.
        radius: half its width there.
        length: of the middle line.
    """

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    along: Array
    across: Array
    radius: Array
    length: float


def neurite(rng: Rng, *, size: int, radius: float, stiffness: float) -> Tube:
    """Draw a neurite that crosses the image.

    Args:
        size: side of the image.
        radius: mean half width; it varies by about 12 % along the way.
        stiffness: distance over which the direction changes visibly.
    """
    line = _middle_line(rng, size=size, stiffness=stiffness)
    broad = smooth_noise(rng, len(line), 4 * radius / STEP)
    narrow = smooth_noise(rng, len(line), 0.8 * radius / STEP)
    widths = radius * (1 + 0.12 * broad + 0.05 * narrow).clip(0.6, 1.5)
    return _tube(line, widths, size)


def smooth_noise(rng: Rng, count: int, correlation: float) -> Array:
    """(count,) noise of mean 0 and variance 1 that changes over about `correlation` samples."""
    margin = int(4 * correlation) + 1
    noise = gaussian_filter1d(rng.normal(size=count + 2 * margin), correlation)
    # The standard deviation of white noise after a gaussian filter of this width.
    deviation = (2 * np.sqrt(np.pi) * correlation) ** -0.5
    result: Array = noise[margin : margin + count] / deviation
    return result


def stretches(
    rng: Rng, length: float, *, present: float, absent: float
) -> list[tuple[float, float]]:
    """Cut a length into alternating parts; give (start, end) of those that carry the structure.

    Args:
        present, absent: mean lengths of both kinds; each part has 0.5 to 1.5 times its mean.
    """
    parts, position = [], -rng.uniform(0, present)
    while position < length:
        end = position + present * rng.uniform(0.5, 1.5)
        if end > 0:
            parts.append((max(0.0, position), min(length, end)))
        position = end + absent * rng.uniform(0.5, 1.5)
    return parts


def _middle_line(rng: Rng, *, size: int, stiffness: float) -> Array:
    """(N, 2) points (y, x), STEP apart, from beyond one side of the image to beyond another."""
    heading = rng.uniform(0, 2 * np.pi)
    through = rng.uniform(0.2, 0.8, size=2) * size
    count = int(2.6 * size / STEP)
    turns = 0.45 * smooth_noise(rng, count, stiffness / STEP)
    angles = heading + turns - turns[count // 2]
    points = np.cumsum(np.stack([np.sin(angles), np.cos(angles)], axis=1) * STEP, axis=0)
    line: Array = points - points[count // 2] + through
    return line


def _tube(line: Array, widths: Array, size: int) -> Tube:
    rows, columns = _near(line, float(widths.max()), size)
    pixels = np.stack([rows, columns], axis=1).astype(float)
    found = cKDTree(line).query(pixels, distance_upper_bound=float(widths.max()))
    distances, nearest = np.asarray(found[0]), np.asarray(found[1])
    inside = np.isfinite(distances)
    inside[inside] = distances[inside] <= widths[nearest[inside]]
    nearest, pixels = nearest[inside], pixels[inside]
    tangents = np.gradient(line, STEP, axis=0)[nearest]
    offsets = pixels - line[nearest]
    across = tangents[:, 1] * offsets[:, 0] - tangents[:, 0] * offsets[:, 1]
    return Tube(
        rows=rows[inside],
        columns=columns[inside],
        along=nearest.astype(np.float64) * STEP,
        across=across,
        radius=widths[nearest],
        length=len(line) * STEP,
    )


def _near(line: Array, distance: float, size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pixels of the image that may lie within a distance of a line, quickly: a few too many."""
    margin = int(distance) + 2
    marked = np.ones((size + 2 * margin, size + 2 * margin), bool)
    places = line.round().astype(int) + margin
    places = places[((places >= 0) & (places < len(marked))).all(axis=1)]
    marked[places[:, 0], places[:, 1]] = False
    if marked.all():
        return np.empty(0, np.intp), np.empty(0, np.intp)
    near = np.asarray(distance_transform_edt(marked)) <= distance + 1
    rows, columns = np.nonzero(near[margin : margin + size, margin : margin + size])
    return rows, columns
