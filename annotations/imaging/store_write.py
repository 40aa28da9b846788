"""Write an image store: an OME-Zarr 0.5 pyramid that is there whole or not at all."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray
from zarr.codecs import ZstdCodec

from annotations.imaging.contrast import contrast_limits
from annotations.imaging.header import ImageHeader
from annotations.imaging.multiscales import Metadata, channel_metadata, image_metadata
from annotations.imaging.pyramid import pyramid
from annotations.imaging.whole import whole_folder

# A power of two, which deck.gl needs of a tile; small images keep it, zstd packs the empty rest.
CHUNK = 512
_ZSTD_LEVEL = 3

OnLevel = Callable[[int, int], None]


def write_store(
    planes: NDArray[Any],
    folder: Path,
    *,
    header: ImageHeader,
    name: str = "",
    on_level: OnLevel | None = None,
) -> None:
    """Write an image as OME-Zarr 0.5: zarr 3, zstd, chunks of 1 x 512 x 512, axes c, y, x.

    Levels are means of 2 x 2 px until the longer side is at most 512 px. Written to a temporary
    folder beside `folder` and renamed at the end; a store that was there is replaced.

    Args:
        planes: (C, H, W) uint8, uint16 or float32.
        folder: to be made.
        header: of the same image: channel names and colours, pixel size.
        name: of the image in the metadata.
        on_level: called with (levels written, levels in all).

    Raises:
        ValueError: header and planes do not belong together.
    """
    if planes.shape != (header.channels, header.height, header.width):
        raise ValueError(f"The header does not describe planes of the shape {planes.shape}.")
    limits = contrast_limits(planes, is_rgb=header.is_rgb)
    channels = [
        channel_metadata(name=label, colour=colour, limits=limit, extent=_extent(plane))
        for label, colour, limit, plane in zip(
            header.channel_names, header.channel_colours, limits, planes, strict=True
        )
    ]
    _write(planes, folder, name or folder.name, header.pixel_size_um, channels, on_level)


def write_map(
    map_: NDArray[np.uint8],
    folder: Path,
    *,
    pixel_size_um: tuple[float, float] | None,
    name: str,
) -> None:
    """Write a map, such as a structure's probability, as a store of one channel.

    Args:
        map_: (H, W) uint8, 0..255 = 0..1.
        folder: to be made, whole or not at all.
        pixel_size_um: (y, x) of the image it lies over.
        name: of the channel.

    Raises:
        ValueError: not (H, W) uint8.
    """
    if map_.ndim != 2 or map_.dtype != np.uint8:
        raise ValueError(f"A map is (H, W) uint8, not {map_.shape} {map_.dtype}.")
    whole = (0.0, 255.0)
    channel = channel_metadata(name=name, colour="FFFFFF", limits=whole, extent=whole)
    _write(map_[np.newaxis], folder, name, pixel_size_um, [channel], None)


def _write(
    planes: NDArray[Any],
    folder: Path,
    name: str,
    pixel_size_um: tuple[float, float] | None,
    channels: Sequence[Metadata],
    on_level: OnLevel | None,
) -> None:
    levels = pyramid(planes, smallest=CHUNK)
    metadata = image_metadata(
        name=name, level_count=len(levels), pixel_size_um=pixel_size_um, channels=channels
    )
    with whole_folder(folder) as temporary:
        group = zarr.create_group(temporary, zarr_format=3, attributes={"ome": metadata})
        for index, level in enumerate(levels):
            _write_level(group, index, level)
            if on_level is not None:
                on_level(index + 1, len(levels))


def _write_level(group: zarr.Group, index: int, level: NDArray[Any]) -> None:
    array = group.create_array(
        str(index),
        shape=level.shape,
        dtype=level.dtype,
        chunks=(1, CHUNK, CHUNK),
        compressors=ZstdCodec(level=_ZSTD_LEVEL),
        dimension_names=("c", "y", "x"),
        fill_value=0,
    )
    array[...] = level


def _extent(plane: NDArray[Any]) -> tuple[float, float]:
    """Values there can be: the type's for integers, the image's for floats."""
    if plane.dtype.kind == "u":
        return 0.0, float(np.iinfo(plane.dtype).max)
    low, high = float(plane.min()), float(plane.max())
    return low, high if high > low else low + 1.0
