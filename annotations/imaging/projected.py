"""A stack as the image of its brightest pixels."""

from typing import Any

from numpy.typing import NDArray

from annotations.imaging.header import RGB_NAMES, ImageHeader
from annotations.imaging.store.read import Store
from annotations.imaging.tiling import CHUNK
from annotations.imaging.view import View


class Projected:
    """The maximum over z of a store, to be read box by box (an ImageSource)."""

    def __init__(self, store: Store) -> None:
        self.header = _header(store)
        self.block = (CHUNK, CHUNK)
        self._store = store

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
        """(C, y1 - y0, x1 - x0): the highest value of all planes; `z` can only be 0."""
        return self._store.viewed(View(t=t, channels=channels or ())).maximum(y0, y1, x0, x1)

    def is_empty(self, *, t: int, z: int, channel: int, y0: int, y1: int, x0: int, x1: int) -> bool:
        """Never known before it is read."""
        return False


def _header(store: Store) -> ImageHeader:
    whole = store.viewed(View())
    channels, height, width = whole.shape
    return ImageHeader(
        width=width,
        height=height,
        channels=channels,
        dtype=store.dtype.name,
        channel_names=whole.channel_names,
        channel_colours=whole.channel_colours,
        pixel_size_um=store.pixel_size_um,
        is_rgb=whole.channel_names == RGB_NAMES and whole.limits == [(0.0, 255.0)] * 3,
        format="OME-Zarr",
        frames=store.sizes["t"],
        interval_s=store.interval_s,
    )
