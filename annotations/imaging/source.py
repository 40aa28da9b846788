"""An image of up to five dimensions that is read block by block, in bounded memory."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from annotations.imaging.header import ImageHeader


class ImageSource(Protocol):
    """What `open_image` gives, whatever the format.

    Attributes:
        header: sizes: t = frames, c = channels, z = depth, y = height, x = width.
        block: (rows, columns) that are cheap to read at once: a strip, tile or chunk.
    """

    @property
    def header(self) -> ImageHeader: ...

    @property
    def block(self) -> tuple[int, int]: ...

    def read(
        self,
        *,
        t: int,
        z: int,
        y0: int,
        y1: int,
        x0: int,
        x1: int,
        channels: tuple[int, ...] | None = None,
    ) -> NDArray[Any]:
        """Values of a box of one plane.

        Args:
            t, z: time point and z plane, from 0.
            y0, y1, x0, x1: in px, ends excluded, within the image.
            channels: indices; all when None.

        Returns:
            (C, y1 - y0, x1 - x0) of the header's dtype, finite.

        Raises:
            ImageRefused: the pixels are damaged, cut short or packed in an unknown way.
        """
        ...

    def is_empty(self, *, t: int, z: int, channel: int, y0: int, y1: int, x0: int, x1: int) -> bool:
        """Whether the box is known, without reading it, to hold no pixel that was taken."""
        ...


class ArraySource:
    """An image that is in memory already.

    Args:
        pixels: (T, C, Z, H, W) of the header's sizes and dtype.
        header: of the image.
    """

    def __init__(self, pixels: NDArray[Any], header: ImageHeader) -> None:
        sizes = (header.frames, header.channels, header.depth, header.height, header.width)
        if pixels.shape != sizes or pixels.dtype != header.dtype:
            raise ValueError(f"Pixels {pixels.shape} {pixels.dtype} are not {sizes} {header.dtype}")
        self.header = header
        self.block = (header.height, header.width)
        self._pixels = pixels

    def read(
        self,
        *,
        t: int,
        z: int,
        y0: int,
        y1: int,
        x0: int,
        x1: int,
        channels: tuple[int, ...] | None = None,
    ) -> NDArray[Any]:
        planes = self._pixels[t, :, z, y0:y1, x0:x1]
        return np.ascontiguousarray(planes if channels is None else planes[list(channels)])

    def is_empty(self, *, t: int, z: int, channel: int, y0: int, y1: int, x0: int, x1: int) -> bool:
        return False
