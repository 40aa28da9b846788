"""Images whose answers are known: a bright disc in the middle of some patches, noise elsewhere."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import tifffile
from numpy.typing import NDArray

Cell = tuple[int, int]
PATCH = 32
SIDE = 4
RADIUS = 9
UM_PER_PX = 0.5
ALL_CELLS = [(row, column) for row in range(SIDE) for column in range(SIDE)]


def centre(cell: Cell) -> tuple[int, int]:
    """(x, y) of the middle of a patch in px."""
    return cell[1] * PATCH + PATCH // 2, cell[0] * PATCH + PATCH // 2


def blob_mask(cells: Iterable[Cell]) -> NDArray[np.bool_]:
    """bool (H, W): the discs."""
    y, x = np.mgrid[: SIDE * PATCH, : SIDE * PATCH]
    mask = np.zeros(y.shape, bool)
    for cell in cells:
        cx, cy = centre(cell)
        mask |= np.hypot(x - cx, y - cy) <= RADIUS
    return mask


def write_blobs(path: Path, cells: Iterable[Cell], *, seed: int) -> Path:
    """A 16-bit TIFF with its pixel size, as Fiji writes it."""
    noise = np.random.default_rng(seed).normal(300, 40, (SIDE * PATCH, SIDE * PATCH))
    pixels = np.where(blob_mask(cells), noise + 1500, noise).clip(0).astype(np.uint16)
    resolution = (1 / UM_PER_PX, 1 / UM_PER_PX)
    tifffile.imwrite(path, pixels, imagej=True, resolution=resolution, metadata={"unit": "um"})
    return path
