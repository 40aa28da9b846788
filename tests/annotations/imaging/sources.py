"""Images that are made while they are read, and that know how they were read."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotations.imaging.header import ImageHeader, default_colours, default_names
from annotations.imaging.source import ArraySource

Box = tuple[int, int, int, int]


def stack_header(pixels: NDArray[Any], **fields: Any) -> ImageHeader:
    """Of (T, C, Z, H, W)."""
    frames, channels, depth, height, width = pixels.shape
    known: dict[str, Any] = {
        "width": width,
        "height": height,
        "channels": channels,
        "dtype": pixels.dtype.name,
        "channel_names": default_names(channels),
        "channel_colours": default_colours(channels),
        "pixel_size_um": (0.1, 0.2),
        "is_rgb": False,
        "format": "TIFF",
        "depth": depth,
        "frames": frames,
    }
    return ImageHeader(**known | fields)


class Recorded(ArraySource):
    """Remembers every box that was read; knows that boxes without a pixel above 0 are empty."""

    def __init__(
        self, pixels: NDArray[Any], *, block: tuple[int, int] = (512, 512), **fields: Any
    ) -> None:
        super().__init__(pixels, stack_header(pixels, **fields))
        self.pixels, self.block = pixels, block
        self.boxes: list[tuple[int, int, Box]] = []

    def read(self, **where: Any) -> NDArray[Any]:
        box = where["y0"], where["y1"], where["x0"], where["x1"]
        self.boxes.append((where["t"], where["z"], box))
        return super().read(**where)

    def is_empty(self, *, t: int, z: int, channel: int, y0: int, y1: int, x0: int, x1: int) -> bool:
        return not self.pixels[t, channel, z, y0:y1, x0:x1].any()


class Endless:
    """A 16-bit image of any size that no memory holds: every pixel is made when it is read."""

    def __init__(self, height: int, width: int, *, filled: Box | None = None) -> None:
        self.header = stack_header(np.empty((1, 1, 1, 0, 0), np.uint16), height=height, width=width)
        self.block = (512, 512)
        self._filled = filled or (0, height, 0, width)
        self._tile = np.random.default_rng(0).integers(100, 400, (512, 512)).astype(np.uint16)

    def read(self, *, y0: int, y1: int, x0: int, x1: int, **which: Any) -> NDArray[Any]:
        planes = np.zeros((1, y1 - y0, x1 - x0), np.uint16)
        top, bottom, left, right = self._filled
        y = slice(max(0, top - y0), max(0, bottom - y0))
        x = slice(max(0, left - x0), max(0, right - x0))
        rows, columns = planes[0, y, x].shape
        repeats = -(-rows // 512), -(-columns // 512)
        planes[0, y, x] = np.tile(self._tile, repeats)[:rows, :columns]
        return planes

    def is_empty(self, *, y0: int, y1: int, x0: int, x1: int, **which: Any) -> bool:
        top, bottom, left, right = self._filled
        return y1 <= top or y0 >= bottom or x1 <= left or x0 >= right
