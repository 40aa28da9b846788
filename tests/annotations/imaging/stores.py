"""Small stores for tests."""

from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from annotations.imaging.header import ImageHeader, default_colours, default_names
from annotations.imaging.store.read import Store, open_store
from annotations.imaging.store.write import write_store


def header_for(
    planes: NDArray[Any],
    *,
    pixel_size_um: tuple[float, float] | None = (0.1, 0.2),
    is_rgb: bool = False,
) -> ImageHeader:
    channels, height, width = planes.shape
    return ImageHeader(
        width=width,
        height=height,
        channels=channels,
        dtype=planes.dtype.name,
        channel_names=default_names(channels),
        channel_colours=default_colours(channels),
        pixel_size_um=pixel_size_um,
        is_rgb=is_rgb,
        format="TIFF",
    )


def stored(planes: NDArray[Any], folder: Path, *, is_rgb: bool = False) -> Store:
    write_store(planes, folder, header=header_for(planes, is_rgb=is_rgb))
    return open_store(folder)
