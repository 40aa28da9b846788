"""The numbers of patches that the application keeps beside each image."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from annotations.imaging.descriptors import Limits, describe_patches
from annotations.imaging.grid import Grid
from tests.annotations.imaging.stores import stored


def features_of(
    planes: npt.NDArray[np.generic], limits: list[Limits], side: int
) -> npt.NDArray[np.float32]:
    """(rows * columns, F) of an image (C, H, W) cut into patches of `side` px, row by row."""
    height, width = planes.shape[1:]
    grid = Grid(height, width, side)
    with TemporaryDirectory() as folder:
        store = stored(np.ascontiguousarray(planes), Path(folder) / "image.zarr")
        return describe_patches(store, grid, limits).astype(np.float32)
