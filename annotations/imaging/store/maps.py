"""Write maps, such as a structure's probability over an image, as stores of one channel."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import zarr
from numpy.typing import NDArray

from annotations.imaging.store.levels import Levels, Plane, Sizes
from annotations.imaging.store.multiscales import channel_metadata, image_metadata
from annotations.imaging.store.passes import finish_levels
from annotations.imaging.tiling import CHUNK
from annotations.imaging.whole import whole_folder

Rows = NDArray[np.uint8]
Put = Callable[[int, Rows], None]
_PLANE = Plane(t=0, z=0, channels=slice(0, 1))


@contextmanager
def map_writer(
    folder: Path,
    *,
    height: int,
    width: int,
    pixel_size_um: tuple[float, float] | None,
    name: str,
) -> Iterator[Put]:
    """Write a map band by band, from top to bottom; memory holds 512 rows of it.

    Gives `put(y0, rows)`, which takes uint8 (h, width), 0..255 for 0..1, as many rows at a time as
    the caller likes. The store is there when the context ends with every row put, and not at all
    otherwise.

    Args:
        folder: to be made.
        height, width: of the map in px.
        pixel_size_um: (y, x) of the image it lies over.
        name: of the channel.

    Raises:
        ValueError: rows that are not (h, width) uint8, do not follow the last ones, or are missing
            at the end.
    """
    with whole_folder(folder) as temporary:
        group = zarr.create_group(temporary, zarr_format=3)
        levels = Levels(group, Sizes(1, 1, 1, height, width), "uint8")
        bands = _Bands(levels)
        yield bands.put
        bands.close()
        finish_levels(levels)
        extent = (0.0, 255.0)
        channel = channel_metadata(name=name, colour="FFFFFF", limits=extent, extent=extent)
        metadata = image_metadata(
            name=name, level_count=len(levels), pixel_size_um=pixel_size_um, channels=[channel]
        )
        group.update_attributes({"ome": metadata})


def write_map(
    map_: Rows, folder: Path, *, pixel_size_um: tuple[float, float] | None, name: str
) -> None:
    """Write a map that is in memory as `map_writer` does.

    Args:
        map_: (H, W) uint8, 0..255 = 0..1.

    Raises:
        ValueError: not (H, W) uint8.
    """
    if map_.ndim != 2 or map_.dtype != np.uint8:
        raise ValueError(f"A map is (H, W) uint8, not {map_.shape} {map_.dtype}.")
    height, width = map_.shape
    how = {"height": height, "width": width}
    with map_writer(folder, **how, pixel_size_um=pixel_size_um, name=name) as put:
        put(0, map_)


class _Bands:
    """Collects rows until they fill a row of chunks."""

    def __init__(self, levels: Levels) -> None:
        self._levels = levels
        self._height, self._width = levels.shapes[0]
        self._waiting = np.empty((CHUNK, self._width), np.uint8)
        self._next = 0

    def put(self, y0: int, rows: Rows) -> None:
        """Take the rows from y0 on."""
        self._check(y0, rows)
        while len(rows):
            filled = self._next % CHUNK
            part = rows[: CHUNK - filled]
            self._waiting[filled : filled + len(part)] = part
            rows = rows[len(part) :]
            self._next += len(part)
            if self._next % CHUNK == 0:
                self._write(CHUNK)

    def close(self) -> None:
        """Write what is left."""
        if self._next != self._height:
            raise ValueError(f"Only {self._next} of the map's {self._height} rows were put.")
        if self._next % CHUNK:
            self._write(self._next % CHUNK)

    def _write(self, count: int) -> None:
        self._levels.write(0, _PLANE, self._next - count, 0, self._waiting[np.newaxis, :count])

    def _check(self, y0: int, rows: Rows) -> None:
        if rows.ndim != 2 or rows.shape[1] != self._width or rows.dtype != np.uint8:
            raise ValueError(
                f"Rows of this map are (h, {self._width}) uint8, not {rows.shape} {rows.dtype}."
            )
        if y0 != self._next or y0 + len(rows) > self._height:
            raise ValueError(
                f"Rows {y0} to {y0 + len(rows)} do not follow row {self._next} of {self._height}."
            )
