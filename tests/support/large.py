"""A very large image that costs no disk and no time: most of its chunks are one file."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray

from annotations.imaging.store.levels import Levels, Sizes
from annotations.imaging.store.multiscales import channel_metadata, image_metadata
from annotations.imaging.tiling import CHUNK
from annotations.models import Dataset, Image
from tests.factories import make_image

UM_PER_PX = 0.25
# Where the image is not like everywhere: the chunk of this row and column, at full resolution.
MARK = (20, 31)
MARKED = 4000


def make_large(dataset: Dataset, *, side: int = 20_000, name: str = "slide.tif") -> Image:
    """A ready square image of one 16-bit channel, noise about 1000 with one chunk of 4000."""
    image = make_image(
        dataset=dataset,
        name=name,
        height=side,
        width=side,
        pixel_size_y_um=UM_PER_PX,
        pixel_size_x_um=UM_PER_PX,
        channels=[{"name": "DAPI", "colour": "ffffff", "low": 0.0, "high": 4000.0}],
    )
    image.store.parent.mkdir(parents=True)
    group = zarr.create_group(image.store, zarr_format=3)
    levels = Levels(group, Sizes(t=1, c=1, z=1, y=side, x=side), "uint16")
    for level, (height, width) in enumerate(levels.shapes):
        _fill(group[str(level)], image.store / str(level), -(-height // CHUNK), -(-width // CHUNK))
    row, column = (place * CHUNK for place in MARK)
    group["0"][0, row : row + CHUNK, column : column + CHUNK] = MARKED  # type: ignore[index]
    group.attrs["ome"] = _metadata(name, len(levels))
    return image


def noise() -> NDArray[np.uint16]:
    """(CHUNK, CHUNK) uint16, the same for every call."""
    return np.random.default_rng(3).normal(1000, 60, (CHUNK, CHUNK)).astype(np.uint16)


def _fill(array: Any, folder: Path, rows: int, columns: int) -> None:
    """Write the first chunk and link all others of the level to it, but for the mark."""
    height, width = array.shape[1:]
    array[0, : min(CHUNK, height), : min(CHUNK, width)] = noise()[:height, :width]
    first = folder / "c" / "0" / "0" / "0"
    for row in range(rows):
        (folder / "c" / "0" / str(row)).mkdir(exist_ok=True)
        for column in range(columns):
            place = folder / "c" / "0" / str(row) / str(column)
            if place != first and (row, column) != MARK:
                os.link(first, place)


def _metadata(name: str, level_count: int) -> dict[str, Any]:
    channel = channel_metadata(
        name="DAPI", colour="FFFFFF", limits=(0.0, 4000.0), extent=(0.0, 65535.0)
    )
    return image_metadata(
        name=name,
        level_count=level_count,
        pixel_size_um=(UM_PER_PX, UM_PER_PX),
        channels=[channel],
    )
