"""What each format gives: opened files of one or more images, read in the file's own numbers."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from annotations.imaging.header import ImageHeader


class RawImage(Protocol):
    """One image of an opened file.

    Attributes:
        header: of the image; its dtype is the one that is kept, not the file's.
        block: (rows, columns) that are cheap to read at once.
        dtype: of a value as `read` gives it.
    """

    @property
    def header(self) -> ImageHeader: ...

    @property
    def block(self) -> tuple[int, int]: ...

    @property
    def dtype(self) -> np.dtype[Any]: ...

    def read(
        self, t: int, z: int, box: tuple[int, int, int, int], channels: tuple[int, ...]
    ) -> NDArray[Any]:
        """(C, h, w) of `dtype`, of the box (y0, y1, x0, x1), the channels in the order asked."""
        ...

    def is_empty(self, t: int, z: int, channel: int, box: tuple[int, int, int, int]) -> bool:
        """Whether the box is known, without reading it, to hold no pixel that was taken."""
        ...


class ImageFile(Protocol):
    """An opened file."""

    form: str

    def __len__(self) -> int:
        """How many images it holds."""
        ...

    def image(self, series: int, axes: str | None) -> RawImage:
        """One of them, from its headers alone. ImageRefused where it cannot be read."""
        ...


Box = tuple[int, int, int, int]
