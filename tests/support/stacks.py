"""Images of several planes, time points and channels whose every pixel is known."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotations.imaging.header import ImageHeader
from annotations.imaging.source import ArraySource
from annotations.imaging.store.read import open_store
from annotations.imaging.store.write import write_image, write_projection
from annotations.imaging.thumbnail import write_thumbnail
from annotations.models import Dataset, Image
from tests.factories import make_image

COLOURS = ("0000FF", "00FF00", "FF0000", "FFFFFF", "FFFF00", "00FFFF", "FF00FF", "FF8800")


def known_stack(
    *, frames: int = 1, channels: int = 1, depth: int = 1, height: int = 64, width: int = 96
) -> NDArray[np.uint16]:
    """(T, C, Z, H, W) uint16: 2000 t + 400 c + 100 z, and y + x on top of it."""
    t, c, z, y, x = np.ogrid[:frames, :channels, :depth, :height, :width]
    return np.asarray(2000 * t + 400 * c + 100 * z + y + x, dtype=np.uint16)


def make_stack(
    pixels: NDArray[Any],
    *,
    dataset: Dataset | None = None,
    name: str = "",
    is_rgb: bool = False,
    **fields: Any,
) -> Image:
    """A ready image with its store, its maximum over z and its thumbnail."""
    header = _header(pixels, is_rgb=is_rgb)
    image = make_image(
        dataset=dataset,
        name=name,
        height=header.height,
        width=header.width,
        size_z=header.depth,
        size_t=header.frames,
        is_rgb=is_rgb,
        pixel_size_y_um=0.5,
        pixel_size_x_um=0.5,
        **fields,
    )
    image.folder.mkdir(parents=True)
    write_image(ArraySource(pixels, header), image.store, name=image.name)
    if header.depth > 1:
        write_projection(image.store, image.projection)
    _describe(image, header)
    return image


def _header(pixels: NDArray[Any], *, is_rgb: bool) -> ImageHeader:
    frames, channels, depth, height, width = pixels.shape
    names = ("Red", "Green", "Blue") if is_rgb else ("DAPI", "GFP", "Cy5", "BF", *"EFGHIJKLMN")
    return ImageHeader(
        width=width,
        height=height,
        channels=channels,
        dtype=str(pixels.dtype),
        channel_names=names[:channels],
        channel_colours=tuple(COLOURS[index % len(COLOURS)] for index in range(channels)),
        pixel_size_um=(0.5, 0.5),
        is_rgb=is_rgb,
        format="tiff",
        depth=depth,
        frames=frames,
    )


def _describe(image: Image, header: ImageHeader) -> None:
    """The row says what an import would have read off the store."""
    store = open_store(image.store)
    image.dtype = header.dtype
    described = zip(header.channel_names, header.channel_colours, store.limits, strict=True)
    image.channels = [
        {"name": name, "colour": colour, "low": low, "high": high}
        for name, colour, (low, high) in described
    ]
    image.save()
    write_thumbnail(
        store,
        image.thumbnail,
        limits=image.limits,
        colours=header.channel_colours,
        is_rgb=header.is_rgb,
    )
