"""Outlines that somebody drew, as pixels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from skimage.draw import polygon

from annotations.imaging.errors import ImageRefused

Ring = NDArray[np.float64]
Labels = NDArray[np.uint32]
MAX_SHAPES = 200_000
MAX_POINTS = 10_000_000
# How often all shapes together may cover the image: drawing takes time in proportion.
MAX_COVER = 100


@dataclass(frozen=True)
class Shape:
    """One object: the pixels that an odd number of its rings encloses, so that holes are holes.

    rings: each (N, 2) float64 of x and y in px; (0, 0) is the upper left corner of the first pixel.
    """

    rings: tuple[Ring, ...]


@dataclass(frozen=True)
class Drawn:
    """What a file of outlines holds. passed_over: a sentence for each thing that is no area."""

    shapes: list[Shape]
    passed_over: list[str]


def rasterise(shapes: Sequence[Shape], height: int, width: int) -> Labels:
    """Number the pixels of each shape.

    Args:
        shapes: in any order; where they overlap, the later one has the pixel.
        height, width: of the image in px.

    Returns:
        uint32 (H, W): 0 is background, k the k-th shape that has pixels, counted from 1. A pixel
        belongs to a shape that its centre lies in.

    Raises:
        ImageRefused: more shapes, points or pixels to draw than any picture needs.
    """
    _check_amount(shapes)
    labels = np.zeros((height, width), np.uint32)
    budget = max(MAX_COVER * height * width, 100_000_000)
    for number, shape in enumerate(shapes, start=1):
        top, bottom, left, right = _box(shape, height, width)
        if top >= bottom or left >= right:
            continue
        budget -= (bottom - top) * (right - left)
        if budget < 0:
            raise ImageRefused("The outlines lie over each other a hundred times. Export fewer.")
        inside = _inside(shape, (top, left), (bottom - top, right - left))
        labels[top:bottom, left:right][inside] = number
    return consecutive(labels)


def consecutive(labels: Labels) -> Labels:
    """The same objects, numbered from 1 without gaps; 0 stays background."""
    numbers, places = np.unique(labels, return_inverse=True)
    start = 0 if numbers[0] == 0 else 1
    return (places.reshape(labels.shape) + start).astype(np.uint32)


def _check_amount(shapes: Sequence[Shape]) -> None:
    points = sum(len(ring) for shape in shapes for ring in shape.rings)
    if len(shapes) > MAX_SHAPES or points > MAX_POINTS:
        raise ImageRefused(
            f"The file holds {len(shapes):,} outlines of {points:,} points; at most "
            f"{MAX_SHAPES:,} of {MAX_POINTS:,} can be read. Export them in parts."
        )


def _box(shape: Shape, height: int, width: int) -> tuple[int, int, int, int]:
    points = np.concatenate(shape.rings)
    low = np.clip(np.floor(points.min(axis=0)), 0, (width, height)).astype(int)
    high = np.clip(np.ceil(points.max(axis=0)), 0, (width, height)).astype(int)
    return int(low[1]), int(high[1]), int(low[0]), int(high[0])


def _inside(shape: Shape, corner: tuple[int, int], size: tuple[int, int]) -> NDArray[np.bool_]:
    inside = np.zeros(size, bool)
    for ring in shape.rings:
        # Here a pixel's centre has whole numbers, in the file its corner.
        x, y = ring[:, 0] - 0.5 - corner[1], ring[:, 1] - 0.5 - corner[0]
        rows, columns = polygon(y, x, size)
        inside[rows, columns] ^= True
    return inside
