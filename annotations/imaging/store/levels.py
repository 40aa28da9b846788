"""The levels of an image pyramid while they are written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray
from zarr.codecs import ZstdCodec

from annotations.imaging.store.pyramid import halve, level_sizes
from annotations.imaging.tiling import CHUNK
from annotations.imaging.view import AXES

# On noisy 16-bit pixels eight times as fast as level 3, for files 7 % larger.
_ZSTD_LEVEL = 1


@dataclass(frozen=True)
class Sizes:
    """Lengths of the axes; t and z are left out of the store where they are 1."""

    t: int
    c: int
    z: int
    y: int
    x: int

    @property
    def axes(self) -> str:
        """Those that the store has, slowest first."""
        return "".join(axis for axis in AXES if axis in "cyx" or getattr(self, axis) > 1)


@dataclass(frozen=True)
class Plane:
    """Which planes are meant: a time point, a z plane and some channels that lie together."""

    t: int
    z: int
    channels: slice


class Levels:
    """Zarr arrays '0' (full resolution), '1' (half) …, to be filled tile by tile."""

    def __init__(self, group: zarr.Group, sizes: Sizes, dtype: str) -> None:
        self.sizes, self.dtype = sizes, np.dtype(dtype)
        self.shapes = level_sizes(sizes.y, sizes.x, smallest=CHUNK)
        self._arrays = [self._array(group, level, shape) for level, shape in enumerate(self.shapes)]

    def __len__(self) -> int:
        return len(self.shapes)

    def _array(self, group: zarr.Group, level: int, shape: tuple[int, int]) -> zarr.Array[Any]:
        sides = {"y": shape[0], "x": shape[1]}
        axes = self.sizes.axes
        return group.create_array(
            str(level),
            shape=tuple(sides.get(axis, getattr(self.sizes, axis)) for axis in axes),
            dtype=self.dtype,
            chunks=tuple(CHUNK if axis in sides else 1 for axis in axes),
            compressors=ZstdCodec(level=_ZSTD_LEVEL),
            dimension_names=tuple(axes),
            fill_value=0,
            # Asked here, which is cheaper than zarr's comparison with every fill value there is.
            config={"write_empty_chunks": True},
        )

    def write(self, level: int, plane: Plane, y0: int, x0: int, planes: NDArray[Any]) -> None:
        """Write (C, h, w) at a place of a level; chunks of zeros are not made.

        y0 and x0 are multiples of CHUNK, so that no chunk is written twice.
        """
        planes = np.ascontiguousarray(planes, dtype=self.dtype)
        filled = _filled(planes)
        if filled.all():
            self._put(level, plane, y0, x0, planes)
            return
        for channel, row, column in np.argwhere(filled).tolist():
            y, x = row * CHUNK, column * CHUNK
            chunk = planes[channel : channel + 1, y : y + CHUNK, x : x + CHUNK]
            start = plane.channels.start + channel
            own = replace(plane, channels=slice(start, start + 1))
            self._put(level, own, y0 + y, x0 + x, chunk)

    def _put(self, level: int, plane: Plane, y0: int, x0: int, planes: NDArray[Any]) -> None:
        box = (slice(y0, y0 + planes.shape[1]), slice(x0, x0 + planes.shape[2]))
        self._arrays[level][self._where(plane, box)] = planes

    def write_halves(
        self, level: int, plane: Plane, y0: int, x0: int, planes: NDArray[Any], *, depth: int
    ) -> None:
        """Write what becomes of (C, h, w) of `level` on the `depth` coarser levels."""
        for further in range(1, depth + 1):
            planes = halve(planes)
            factor: int = 2**further
            self.write(level + further, plane, y0 // factor, x0 // factor, planes)

    def read(self, level: int, plane: Plane, box: Sequence[int]) -> NDArray[Any]:
        """(C, h, w) of a level, in which what was not written is 0."""
        y0, y1, x0, x1 = box
        part = self._arrays[level][self._where(plane, (slice(y0, y1), slice(x0, x1)))]
        return np.asarray(part).reshape(-1, y1 - y0, x1 - x0)

    def _where(self, plane: Plane, box: tuple[slice, slice]) -> tuple[Any, ...]:
        place = {"t": plane.t, "c": plane.channels, "z": plane.z, "y": box[0], "x": box[1]}
        return tuple(place[axis] for axis in self.sizes.axes)


def _filled(planes: NDArray[Any]) -> NDArray[np.bool_]:
    """bool (C, rows, columns): which chunks hold anything but zeros."""
    channels, height, width = planes.shape
    filled = np.empty((channels, -(-height // CHUNK), -(-width // CHUNK)), dtype=np.bool_)
    for channel, row, column in np.ndindex(filled.shape):
        y, x = row * CHUNK, column * CHUNK
        filled[channel, row, column] = planes[channel, y : y + CHUNK, x : x + CHUNK].any()
    return filled
