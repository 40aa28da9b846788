"""An image of up to five dimensions that is read block by block, in bounded memory."""

from collections.abc import Iterator
from itertools import product
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from annotations.imaging.convert import NOTHING_FINITE, as_kept
from annotations.imaging.errors import ImageRefused, damaged, refusing
from annotations.imaging.header import ImageHeader
from annotations.imaging.raw import Box, RawImage


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


class KeptSource:
    """An image of a file in the three types that are kept, without NaN.

    NaN and minus infinity become the lowest finite value of their channel, plus infinity the
    highest. Nearly no file has any, so a channel is only read through for its extremes when the
    first such value turns up.

    Args:
        image: of an opened file, which must outlive this.
        form: the file's format, for refusals.
    """

    def __init__(self, image: RawImage, form: str) -> None:
        self.header = image.header
        self.block = image.block
        self._image = image
        self._form = form
        self._extremes: dict[int, tuple[float, float]] = {}

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
        chosen = tuple(range(self.header.channels)) if channels is None else channels
        self._check_box(t, z, (y0, y1, x0, x1), chosen)
        planes = self._read(t, z, (y0, y1, x0, x1), chosen)
        if planes.dtype.kind == "f":
            self._make_finite(planes, chosen)
        return planes

    def is_empty(self, *, t: int, z: int, channel: int, y0: int, y1: int, x0: int, x1: int) -> bool:
        self._check_box(t, z, (y0, y1, x0, x1), (channel,))
        with refusing(self._form):
            return self._image.is_empty(t, z, channel, (y0, y1, x0, x1))

    def _check_box(self, t: int, z: int, box: Box, channels: tuple[int, ...]) -> None:
        y0, y1, x0, x1 = box
        header = self.header
        if not (0 <= y0 < y1 <= header.height and 0 <= x0 < x1 <= header.width):
            raise IndexError(f"Box {box} outside {header.height} x {header.width}")
        if not (0 <= t < header.frames and 0 <= z < header.depth):
            raise IndexError(f"Plane t={t} z={z} outside {header.frames} x {header.depth}")
        if not channels or min(channels) < 0 or max(channels) >= header.channels:
            raise IndexError(f"Channels {channels} of {header.channels}")

    def _read(self, t: int, z: int, box: Box, channels: tuple[int, ...]) -> NDArray[Any]:
        with refusing(self._form):
            planes = as_kept(self._image.read(t, z, box, channels))
        shape = (len(channels), box[1] - box[0], box[3] - box[2])
        if planes.shape != shape or planes.dtype != self.header.dtype:
            raise ImageRefused(damaged(self._form))
        return planes

    def _make_finite(self, planes: NDArray[Any], channels: tuple[int, ...]) -> None:
        for plane, channel in zip(planes, channels, strict=True):
            if not np.isfinite(plane).all():
                low, high = self._channel_extremes(channel)
                np.nan_to_num(plane, copy=False, nan=low, neginf=low, posinf=high)

    def _channel_extremes(self, channel: int) -> tuple[float, float]:
        if channel not in self._extremes:
            self._extremes[channel] = self._find_extremes(channel)
        return self._extremes[channel]

    def _find_extremes(self, channel: int) -> tuple[float, float]:
        low, high = np.inf, -np.inf
        for t, z, box in self._boxes():
            plane = self._read(t, z, box, (channel,))[0]
            finite = plane[np.isfinite(plane)]
            if finite.size:
                low, high = min(low, float(finite.min())), max(high, float(finite.max()))
        if low > high:
            raise ImageRefused(NOTHING_FINITE)
        return low, high

    def _boxes(self) -> Iterator[tuple[int, int, Box]]:
        """All planes in boxes of a few hundred megabytes at most."""
        header = self.header
        rows, columns = max(self.block[0], 512), max(self.block[1], 4096)
        for t, z in product(range(header.frames), range(header.depth)):
            for y in range(0, header.height, rows):
                for x in range(0, header.width, columns):
                    y1, x1 = min(y + rows, header.height), min(x + columns, header.width)
                    yield t, z, (y, y1, x, x1)
