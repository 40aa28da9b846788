"""Write an image store: an OME-Zarr 0.5 pyramid that is there whole or not at all."""

from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray

from annotations.imaging.contrast import Limits, contrast_limits
from annotations.imaging.extent import Extent, Watched
from annotations.imaging.header import ImageHeader
from annotations.imaging.place import Place
from annotations.imaging.projected import Projected
from annotations.imaging.source import ArraySource, ImageSource
from annotations.imaging.store.levels import Levels, Sizes
from annotations.imaging.store.multiscales import Metadata, channel_metadata, image_metadata
from annotations.imaging.store.passes import OnProgress, ShouldStop, write_levels
from annotations.imaging.store.read import open_store
from annotations.imaging.whole import whole_folder


def write_image(
    source: ImageSource,
    folder: Path,
    *,
    name: str,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> None:
    """Write an image as OME-Zarr 0.5: zarr 3, zstd, chunks of 512 x 512 px of one plane.

    Axes are c, y, x, and t and z where they are longer than 1. Levels are means of 2 x 2 px until
    the longer side is at most 512 px. The image is read once and tile by tile, so memory does not
    grow with it; boxes that `source.is_empty` names are not read, and chunks of zeros not written.
    Written to a temporary folder beside `folder` and renamed at the end; a store that was there is
    replaced.

    Args:
        source: as `open_image` gives it.
        folder: to be made.
        name: of the image in the metadata.
        on_progress: called with the share that is done, from 0 to 1.
        should_stop: asked after every tile.

    Raises:
        ImageRefused: the pixels cannot be read.
        ImportStopped: `should_stop` said so. Nothing is left of it then.
    """
    header = source.header
    with whole_folder(folder) as temporary:
        group = zarr.create_group(temporary, zarr_format=3)
        sizes = Sizes(header.frames, header.channels, header.depth, header.height, header.width)
        levels = Levels(group, sizes, header.dtype)
        extents = _write_pixels(source, levels, on_progress, should_stop)
        _describe(group, header, name, levels, extents, limits=extents)
        limits = contrast_limits(open_store(temporary), is_rgb=header.is_rgb)
        _describe(group, header, name, levels, extents, limits=limits)


def write_projection(
    store: Place,
    folder: Path,
    *,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> None:
    """Write the maximum over z of a store as a store of its own, with the axes (t), c, y, x.

    Args:
        store: of an image of more than one z plane, as written by `write_image`.
        folder: to be made, whole or not at all; `projection.zarr` beside the store is where views
            of the maximum look for it.
        on_progress, should_stop: as for `write_image`.

    Raises:
        FileNotFoundError: no store there.
        ImportStopped: `should_stop` said so. Nothing is left of it then.
    """
    source = Projected(open_store(store))
    write_image(source, folder, name=folder.name, on_progress=on_progress, should_stop=should_stop)


def write_store(planes: NDArray[Any], folder: Path, *, header: ImageHeader, name: str = "") -> None:
    """Write planes that are in memory as `write_image` does.

    Args:
        planes: (C, H, W) uint8, uint16 or float32, finite.
        folder: to be made.
        header: of the same image: channel names and colours, pixel size.
        name: of the image in the metadata.

    Raises:
        ValueError: header and planes do not belong together.
    """
    if planes.shape != (header.channels, header.height, header.width):
        raise ValueError(f"The header does not describe planes of the shape {planes.shape}.")
    source = ArraySource(planes[np.newaxis, :, np.newaxis], header)
    write_image(source, folder, name=name or folder.name)


def _write_pixels(
    source: ImageSource,
    levels: Levels,
    on_progress: OnProgress | None,
    should_stop: ShouldStop | None,
) -> list[Extent]:
    """Write all levels; lowest and highest value there can be, per channel.

    That is the type's range for integers, and for floats the image's own.
    """
    if levels.dtype.kind == "u":
        write_levels(source, levels, on_progress, should_stop)
        return [(0.0, float(np.iinfo(levels.dtype).max))] * source.header.channels
    watched = Watched(source)
    write_levels(watched, levels, on_progress, should_stop)
    return watched.extents


def _describe(
    group: zarr.Group,
    header: ImageHeader,
    name: str,
    levels: Levels,
    extents: list[Extent],
    limits: list[Limits],
) -> None:
    channels: list[Metadata] = [
        channel_metadata(name=label, colour=colour, limits=limit, extent=extent)
        for label, colour, limit, extent in zip(
            header.channel_names, header.channel_colours, limits, extents, strict=True
        )
    ]
    group.update_attributes({"ome": _metadata(header, name, levels, channels)})


def _metadata(header: ImageHeader, name: str, levels: Levels, channels: list[Metadata]) -> Metadata:
    return image_metadata(
        name=name,
        level_count=len(levels),
        axes=levels.sizes.axes,
        pixel_size_um=header.pixel_size_um,
        pixel_size_z_um=header.pixel_size_z_um,
        interval_s=header.interval_s,
        depth=header.depth,
        channels=channels,
    )
