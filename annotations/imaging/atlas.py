"""Patches of images as one picture, side by side: a screen of them is a handful of requests."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from annotations.imaging.descriptors import level_for_patches
from annotations.imaging.grid import Grid
from annotations.imaging.store.read import Store

Picture = NDArray[np.uint8]
Cell = tuple[int, int]


@dataclass(frozen=True)
class Look:
    """How one channel is drawn: values at or below `low` black, from `high` on in full colour."""

    colour: str
    low: float
    high: float
    gamma: float = 1.0


def draw_patches(
    store: Store, grid: Grid, cells: Sequence[Cell], *, size: int, looks: Sequence[Look] | None
) -> dict[Cell, Picture]:
    """Draw patches of one image.

    Neighbours of a row are read together, and the coarsest level is read at which a patch is still
    as large as it is drawn.

    Args:
        store: the image, of as many channels as there are looks.
        grid: of the same height and width.
        cells: (row, column) of patches of the grid.
        size: side of a drawn patch in px; one cut off by the image's end is smaller.
        looks: None draws the first three channels as red, green and blue.

    Returns:
        (h, w, 3) uint8 by cell, both sides at most `size`.
    """
    level = level_for_patches(store, grid.patch_size, size)
    drawn: dict[Cell, Picture] = {}
    for row, first, last in _runs(cells):
        boxes = [grid.box(row, column) for column in range(first, last + 1)]
        y0, y1, left, right = boxes[0][0], boxes[0][1], boxes[0][2], boxes[-1][3]
        scaled = _on_level(store, grid, level, (y0, y1, left, right))
        picture = shade(store.read(*scaled, level=level), looks)
        across = picture.shape[1] / (right - left)
        for column, (_, _, x0, x1) in zip(range(first, last + 1), boxes, strict=True):
            start, end = round((x0 - left) * across), round((x1 - left) * across)
            part = picture[:, min(start, picture.shape[1] - 1) : max(end, start + 1)]
            drawn[row, column] = _fitted(part, size, (y1 - y0, x1 - x0), grid.patch_size)
    return drawn


def shade(planes: NDArray[Any], looks: Sequence[Look] | None) -> Picture:
    """Add up channels, each in its colour, as the viewer does.

    Args:
        planes: (C, H, W).
        looks: one per channel; None: the first three are red, green and blue already.

    Returns:
        (H, W, 3) uint8.
    """
    if looks is None:
        three = planes[[0, 1, 2]] if len(planes) >= 3 else np.repeat(planes[:1], 3, axis=0)
        return np.ascontiguousarray(np.moveaxis(three, 0, -1), dtype=np.uint8)
    total = np.zeros((*planes.shape[1:], 3), dtype=np.float32)
    for plane, look in zip(planes, looks, strict=True):
        bright = np.clip((plane.astype(np.float32) - look.low) / (look.high - look.low), 0, 1)
        if look.gamma != 1:
            bright **= look.gamma
        total += bright[..., np.newaxis] * np.frombuffer(bytes.fromhex(look.colour), np.uint8)
    picture: Picture = np.minimum(total, 255).round().astype(np.uint8)
    return picture


def join(patches: Sequence[Picture | None], *, size: int, columns: int) -> bytes:
    """Patches side by side, `columns` in a row, as a WebP; where there is none it stays black."""
    rows = -(-len(patches) // columns)
    sheet = np.zeros((rows * size, columns * size, 3), dtype=np.uint8)
    for number, patch in enumerate(patches):
        if patch is not None:
            y, x = number // columns * size, number % columns * size
            sheet[y : y + patch.shape[0], x : x + patch.shape[1]] = patch
    file = io.BytesIO()
    Image.fromarray(sheet).save(file, format="WEBP", quality=92, method=0)
    return file.getvalue()


def _runs(cells: Iterable[Cell]) -> list[tuple[int, int, int]]:
    """(row, first column, last column) of neighbours in a row, at most 16 at once."""
    runs: list[tuple[int, int, int]] = []
    for row, column in sorted(set(cells)):
        if runs and runs[-1][0] == row and runs[-1][2] == column - 1 and column - runs[-1][1] < 16:
            runs[-1] = (row, runs[-1][1], column)
        else:
            runs.append((row, column, column))
    return runs


def _on_level(
    store: Store, grid: Grid, level: int, box: tuple[int, int, int, int]
) -> tuple[int, int, int, int]:
    height, width = store.level_shape(level)[1:]
    down, across = height / grid.height, width / grid.width
    y0, x0 = min(int(box[0] * down), height - 1), min(int(box[2] * across), width - 1)
    y1, x1 = max(y0 + 1, round(box[1] * down)), max(x0 + 1, round(box[3] * across))
    return y0, min(y1, height), x0, min(x1, width)


def _fitted(part: Picture, size: int, pixels: tuple[int, int], patch_size: int) -> Picture:
    """A patch at `size`; one that the image cuts off keeps the scale of the others."""
    height, width = (max(1, round(length * size / patch_size)) for length in pixels)
    if part.shape[:2] == (height, width):
        return part
    larger = height > part.shape[0]
    how = Image.Resampling.NEAREST if larger else Image.Resampling.BOX
    return np.asarray(Image.fromarray(np.ascontiguousarray(part)).resize((width, height), how))
