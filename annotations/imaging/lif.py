"""Leica LIF, by liffile: every image of the file, frame by frame."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from math import prod
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
from liffile import LifFile
from liffile.liffile import LifFileType, LifImage
from numpy.typing import NDArray

from annotations.imaging.axes import Axes, arrange
from annotations.imaging.cache import BlockCache
from annotations.imaging.errors import ImageRefused, damaged, refusing
from annotations.imaging.header import (
    MAX_BLOCK_BYTES,
    RGB_COLOURS,
    RGB_NAMES,
    ImageHeader,
    check_size,
    default_colours,
    default_names,
    stored_dtype,
)
from annotations.imaging.raw import Box
from annotations.imaging.tiff.pixel_size import length_um, seconds

_COLOURS = {
    "red": "FF0000",
    "green": "00FF00",
    "blue": "0000FF",
    "cyan": "00FFFF",
    "magenta": "FF00FF",
    "yellow": "FFFF00",
    "gray": "FFFFFF",
    "grey": "FFFFFF",
}


class LifImages:
    """The images of an opened LIF file; the tiles of an unmerged mosaic are images too."""

    form = "LIF"

    def __init__(self, file: LifFile) -> None:
        if file.type not in {LifFileType.LIF, LifFileType.LIFEXT, LifFileType.LOF}:
            raise ImageRefused(damaged("LIF"))
        self._images: list[tuple[Any, int | None]] = []
        for image in file.images:
            tiles = 1 if image.is_flim else image.sizes.get("M", 1)
            self._images += [(image, m if tiles > 1 else None) for m in range(min(tiles, 100_000))]

    def __len__(self) -> int:
        return len(self._images)

    def image(self, series: int, axes: str | None) -> "LifRaw":
        image, tile = self._images[series]
        if not isinstance(image, LifImage):
            raise ImageRefused(
                "This image of the LIF holds lifetimes (FLIM), not intensities. "
                "Export the intensity image from LAS X."
            )
        return LifRaw(image, tile, series, axes)


class LifRaw:
    """One image, or one tile of it.

    A plane is what the microscope scanned line by line: of an xz scan its rows are z, and what
    the scan was repeated over (y) counts as z planes, so that nothing has to be resampled.
    """

    def __init__(self, image: LifImage, tile: int | None, series: int, axes: str | None) -> None:
        self._image = image
        self._cache = BlockCache()
        self._tile = {} if tile is None else {"M": tile}
        frame = image.frames.frame_sizes
        places = [label for label in frame if label != "S"]
        if len(places) != 2 or places[1] != "X":
            raise ImageRefused("This image of the LIF is no plane, but a line or a point scan.")
        self._rows = places[0]
        self._samples = frame.get("S", 1)
        self._labels = [a for a in image.sizes if a not in frame and a not in self._tile]
        self._lengths = [image.sizes[label] for label in self._labels]
        self._axes = self._arranged(axes)
        self.dtype: np.dtype[Any] = np.dtype(image.dtype).newbyteorder("=")
        self._shape = (frame[places[0]], frame["X"])
        self._check()
        self.header = self._header(series, tile)
        self.block = self._shape

    def read(self, t: int, z: int, box: Box, channels: tuple[int, ...]) -> NDArray[Any]:
        y0, y1, x0, x1 = box
        planes = []
        for channel in channels:
            c, sample = (0, channel) if self._samples > 1 else (channel, 0)
            number = self._axes.plane(t=t, z=z, c=c)
            frame = self._cache.get(number, partial(self._frame, number))
            assert frame is not None
            planes.append(frame[y0:y1, x0:x1, sample])
        return np.stack(planes)

    def is_empty(self, t: int, z: int, channel: int, box: Box) -> bool:
        return False

    def _arranged(self, answer: str | None) -> Axes:
        # What an xz scan was repeated over is a stack, whatever it is called.
        letters = "".join(
            "Z" if label == "Y" and self._rows == "Z" else label[0] for label in self._labels
        )
        lengths = tuple(self._lengths)
        return arrange(letters, lengths, answer=answer, samples=self._samples > 1)

    def _frame(self, number: int) -> NDArray[Any]:
        indices = np.unravel_index(number, self._lengths) if self._lengths else ()
        chosen: dict[str, Any] = {a: int(i) for a, i in zip(self._labels, indices, strict=True)}
        frame = self._image.frame(**(chosen | self._tile))
        return np.asarray(frame).reshape(*self._shape, self._samples)

    def _check(self) -> None:
        lengths = self._axes.lengths
        check_size(
            width=self._shape[1],
            height=self._shape[0],
            channels=self._samples * lengths["C"],
            planes=lengths["T"] * lengths["Z"],
            dtype=self.dtype,
        )
        frame = prod(self._shape) * self._samples * self.dtype.itemsize
        if frame > MAX_BLOCK_BYTES:
            raise ImageRefused("A plane of the LIF is larger than 1 GiB. Export it as TIFF.")
        # LIF packs nothing.
        if self._image.nbytes > self._image.memory_block.size:
            raise ImageRefused(damaged("LIF"))

    def _header(self, series: int, tile: int | None) -> ImageHeader:
        lengths = self._axes.lengths
        colour = self._samples == 3 and lengths["C"] == 1
        channels = self._samples * lengths["C"]
        names, colours = _channels(self._image, channels, colour=colour)
        steps = _steps(self._image)
        y, x = length_um(*steps.get(self._rows, _UNKNOWN)), length_um(*steps.get("X", _UNKNOWN))
        stacked = steps.get("Y" if self._rows == "Z" else "Z", _UNKNOWN)
        name = str(self._image.name)
        return ImageHeader(
            width=self._shape[1],
            height=self._shape[0],
            channels=channels,
            dtype=stored_dtype(self.dtype).name,
            channel_names=names,
            channel_colours=colours,
            pixel_size_um=None if x is None or y is None else (y, x),
            is_rgb=colour and self.dtype == np.uint8,
            format="Leica LIF",
            depth=lengths["Z"],
            frames=lengths["T"],
            axes=self._axes.names + ("YXC" if self._samples > 1 else "YX"),
            ambiguous=self._axes.ambiguous,
            pixel_size_z_um=length_um(*stacked),
            interval_s=seconds(*steps.get("T", _UNKNOWN)),
            acquired_at=_acquired_at(self._image),
            series=series,
            series_name=name if tile is None else f"{name} tile {tile + 1}",
        )


_UNKNOWN = (None, "")


@contextmanager
def open_lif(path: Path) -> Iterator[LifImages]:
    """Open a LIF file."""
    with refusing("LIF"):
        file = LifFile(path)
    with file:
        with refusing("LIF"):
            images = LifImages(file)
        if not len(images):
            raise ImageRefused("The LIF file holds no image. Export it again from LAS X.")
        yield images


def _steps(image: LifImage) -> dict[str, tuple[float | None, str]]:
    """Per axis the distance from one element to the next, and its unit."""
    return {
        axis.label: (axis.length / (axis.number_elements - 1), axis.unit)
        for axis in image._dimensions
        if axis.number_elements > 1
    }


def _channels(
    image: LifImage, count: int, *, colour: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the dyes, where they are told, and colours of the lookup tables."""
    if colour:
        return RGB_NAMES, RGB_COLOURS
    names, colours = default_names(count), default_colours(count)
    found = image.xml_element.findall("./Data/Image/ImageDescription/Channels/ChannelDescription")
    if len(found) != count:
        return names, colours
    dyes = tuple(_dye(channel) or spare for channel, spare in zip(found, names, strict=True))
    shown = tuple(_COLOURS.get(one.get("LUTName", "").lower(), "") for one in found)
    return dyes, shown if all(shown) and len(set(shown)) == count else colours


def _dye(channel: ElementTree.Element) -> str:
    for entry in channel.iterfind("ChannelProperty"):
        if entry.findtext("Key") == "DyeName":
            return (entry.findtext("Value") or "").strip()
    return ""


def _acquired_at(image: LifImage) -> datetime | None:
    stamps = image.timestamps
    if stamps is None or not len(stamps):
        return None
    found = stamps[0].astype("datetime64[us]").item()
    known = isinstance(found, datetime) and 1980 <= found.year < 9999
    return found.replace(tzinfo=UTC) if known else None
