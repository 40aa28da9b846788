"""Patches of an image as a network sees them."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from annotations.imaging.grid import read_patch
from annotations.models import Image
from annotations.services.working import open_working, working_limits
from inference.micranet.preprocess import prepare

Cell = tuple[int, int]
Patches = npt.NDArray[np.float16]


def read_patches(image: Image, cells: Iterable[Cell], downscale: int) -> Patches:
    """(N, C, P, P) at the working resolution, in half precision: 5,000 patches of 3 x 64 x 64 take
    120 MB."""
    store, limits = open_working(image), working_limits(image)
    patches = (read_patch(store, image.grid, *cell) for cell in cells)
    return np.stack([prepare(patch, limits, downscale).astype(np.float16) for patch in patches])
