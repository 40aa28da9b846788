"""Read boxes of pixels out of an image store."""

from pathlib import Path
from typing import Any, cast

import numpy as np
import zarr
from numpy.typing import NDArray


class Store:
    """An OME-Zarr 0.5 image of the axes c, y, x, opened for reading.

    Only the chunks that a box touches are read, so any image size costs what the box costs.
    Safe to use from several threads.
    """

    def __init__(self, group: zarr.Group) -> None:
        self._metadata = cast(dict[str, Any], group.attrs["ome"])
        multiscale = self._metadata["multiscales"][0]
        self._datasets: list[dict[str, Any]] = multiscale["datasets"]
        self._axes: list[dict[str, Any]] = multiscale["axes"]
        self._levels = [cast(zarr.Array[Any], group[level["path"]]) for level in self._datasets]

    @property
    def shape(self) -> tuple[int, int, int]:
        """(C, H, W) at full resolution."""
        return self.level_shape(0)

    @property
    def dtype(self) -> np.dtype[Any]:
        return np.dtype(self._levels[0].dtype)

    @property
    def level_count(self) -> int:
        """Level 0 is full resolution; each further one is half of the one before."""
        return len(self._levels)

    @property
    def pixel_size_um(self) -> tuple[float, float] | None:
        """(y, x) in µm at full resolution, or None where it is not known."""
        if self._axes[-1].get("unit") != "micrometer":
            return None
        scale = self._datasets[0]["coordinateTransformations"][0]["scale"]
        return float(scale[-2]), float(scale[-1])

    @property
    def channel_names(self) -> tuple[str, ...]:
        return tuple(channel["label"] for channel in self._channels)

    @property
    def channel_colours(self) -> tuple[str, ...]:
        """'RRGGBB' per channel."""
        return tuple(channel["color"] for channel in self._channels)

    @property
    def limits(self) -> list[tuple[float, float]]:
        """Darkest and brightest value to show at first, per channel."""
        windows = [channel["window"] for channel in self._channels]
        return [(float(window["start"]), float(window["end"])) for window in windows]

    def level_shape(self, level: int) -> tuple[int, int, int]:
        """(C, H, W) of a level."""
        return cast(tuple[int, int, int], tuple(self._levels[level].shape))

    def level_for(self, size: int) -> int:
        """The coarsest level whose longer side is still at least `size` px; 0 if none is."""
        fitting = [k for k in range(self.level_count) if max(self.level_shape(k)[1:]) >= size]
        return max(fitting, default=0)

    def read(self, y0: int, y1: int, x0: int, x1: int, level: int = 0) -> NDArray[Any]:
        """Read a box, ends excluded, of all channels.

        Args:
            y0, y1, x0, x1: in px of `level`.
            level: of the pyramid.

        Returns:
            (C, y1 - y0, x1 - x0) in the image's dtype.

        Raises:
            ValueError: the box is empty or reaches outside the image.
            IndexError: no such level.
        """
        if not 0 <= level < self.level_count:
            raise IndexError(f"There is no level {level}: the image has {self.level_count}.")
        _, height, width = self.level_shape(level)
        if not (0 <= y0 < y1 <= height and 0 <= x0 < x1 <= width):
            raise ValueError(
                f"The box y {y0}..{y1}, x {x0}..{x1} is not within {height} x {width} px."
            )
        return np.asarray(self._levels[level][:, y0:y1, x0:x1])

    @property
    def _channels(self) -> list[dict[str, Any]]:
        return cast(list[dict[str, Any]], self._metadata["omero"]["channels"])


def open_store(folder: Path) -> Store:
    """Open an image store for reading.

    Args:
        folder: as given to `write_store` or `write_map`.

    Raises:
        FileNotFoundError: no store there.
    """
    return Store(zarr.open_group(folder, mode="r", zarr_format=3))
