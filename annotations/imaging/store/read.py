"""Read boxes of pixels out of an image store."""

from __future__ import annotations

from copy import copy
from functools import cached_property
from typing import Any, cast

import numpy as np
import zarr
from numpy.typing import NDArray

from annotations.imaging.place import Place, Remote
from annotations.imaging.view import AXES, View

PROJECTION = "projection.zarr"


class Store:
    """An OME-Zarr 0.5 image, opened for reading as one 2-D picture of its channels.

    Which picture that is, the view says: a plane or the maximum over z, a time point, channels.
    Only the chunks that a box touches are read, so any image size costs what the box costs.
    Safe to use from several threads.
    """

    def __init__(self, place: Place, view: View = View()) -> None:  # noqa: B008 (it is frozen)
        self._place, self.view = place, view
        group = _group(place)
        self._metadata = cast(dict[str, Any], group.attrs["ome"])
        multiscale = self._metadata["multiscales"][0]
        self._datasets: list[dict[str, Any]] = multiscale["datasets"]
        self._axes: list[dict[str, Any]] = multiscale["axes"]
        self._levels = [cast(zarr.Array[Any], group[level["path"]]) for level in self._datasets]
        self._channels = view.channels_of(self.sizes["c"])

    @property
    def sizes(self) -> dict[str, int]:
        """Length of all of t, c, z, y, x at full resolution, whatever the view; 1 if absent."""
        return self._sizes(0)

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
    def interval_s(self) -> float | None:
        """Time from one time point to the next in s, or None where it is not known."""
        if self._axes[0].get("unit") != "second":
            return None
        return float(self._datasets[0]["coordinateTransformations"][0]["scale"][0])

    @property
    def channel_names(self) -> tuple[str, ...]:
        return tuple(channel["label"] for channel in self._described)

    @property
    def channel_colours(self) -> tuple[str, ...]:
        """'RRGGBB' per channel."""
        return tuple(channel["color"] for channel in self._described)

    @property
    def limits(self) -> list[tuple[float, float]]:
        """Darkest and brightest value to show at first, per channel; of a maximum, its own."""
        if self.view.projection == "max" and self._projected is not None:
            return self._projected.limits
        windows = [channel["window"] for channel in self._described]
        return [(float(window["start"]), float(window["end"])) for window in windows]

    def viewed(self, view: View) -> Store:
        """The same image as another view of it.

        Raises:
            NoSuchChannel: the image has fewer channels than the view names.
        """
        other = copy(self)
        other.__dict__.pop("_projected", None)
        other.view, other._channels = view, view.channels_of(self.sizes["c"])
        return other

    def level_shape(self, level: int) -> tuple[int, int, int]:
        """(C, H, W) of a level."""
        sizes = self._sizes(level)
        return len(self._channels), sizes["y"], sizes["x"]

    def level_for(self, size: int) -> int:
        """The coarsest level whose longer side is still at least `size` px; 0 if none is."""
        fitting = [k for k in range(self.level_count) if max(self.level_shape(k)[1:]) >= size]
        return max(fitting, default=0)

    def read(self, y0: int, y1: int, x0: int, x1: int, level: int = 0) -> NDArray[Any]:
        """Read a box, ends excluded, of the view's channels.

        A maximum over z is read from the projection beside the image, or, where there is none,
        taken over the planes of this level.

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
        depth = self.sizes["z"]
        if self.view.projection == "plane" or depth == 1:
            box = (slice(y0, y1), slice(x0, x1))
            return self._plane(level, self.view.plane_of(depth), box)
        if self._projected is not None:
            return self._projected.read(y0, y1, x0, x1, level)
        return self.maximum(y0, y1, x0, x1, level)

    def maximum(self, y0: int, y1: int, x0: int, x1: int, level: int = 0) -> NDArray[Any]:
        """As `read`: the highest value of all z planes, whatever plane the view shows."""
        box = (slice(y0, y1), slice(x0, x1))
        highest = self._plane(level, 0, box)
        for z in range(1, self.sizes["z"]):
            np.maximum(highest, self._plane(level, z, box), out=highest)
        return highest

    @cached_property
    def _projected(self) -> Store | None:
        try:
            return Store(
                self._place.with_name(PROJECTION), View(t=self.view.t, channels=self.view.channels)
            )
        except FileNotFoundError:
            return None

    def _plane(self, level: int, z: int, box: tuple[slice, slice]) -> NDArray[Any]:
        if self._channels == tuple(range(self.sizes["c"])):
            return self._part(level, slice(None), z, box)  # all in one call, side by side
        return np.stack([self._part(level, channel, z, box) for channel in self._channels])

    def _part(
        self, level: int, channels: int | slice, z: int, box: tuple[slice, slice]
    ) -> NDArray[Any]:
        frame = self.view.frame_of(self.sizes["t"])
        place = {"t": frame, "c": channels, "z": z, "y": box[0], "x": box[1]}
        where = tuple(place[axis["name"]] for axis in self._axes)
        return np.asarray(self._levels[level][where])

    def _sizes(self, level: int) -> dict[str, int]:
        names = [axis["name"] for axis in self._axes]
        there = dict(zip(names, self._levels[level].shape, strict=True))
        return {axis: there.get(axis, 1) for axis in AXES}

    @property
    def _described(self) -> list[dict[str, Any]]:
        channels = self._metadata["omero"]["channels"]
        return [channels[index] for index in self._channels]


def open_store(place: Place) -> Store:
    """Open an image store for reading, as the middle plane of its first time point.

    Args:
        place: a folder as given to `write_image`, `write_store` or `map_writer`, or where its
            files are kept instead.

    Raises:
        FileNotFoundError: no store there.
    """
    return Store(place)


def _group(place: Place) -> zarr.Group:
    if isinstance(place, Remote):
        return zarr.open_group(place.root, path=place.path, mode="r", zarr_format=3)
    return zarr.open_group(place, mode="r", zarr_format=3)
