"""Nikon ND2, by nd2: each stage position is an image, read one frame at a time."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from pathlib import Path
from typing import Any

import nd2
import numpy as np
from numpy.typing import NDArray

from annotations.imaging.axes import Axes
from annotations.imaging.cache import BlockCache
from annotations.imaging.errors import ImageRefused, damaged, refusing
from annotations.imaging.header import (
    MAX_BLOCK_BYTES,
    ImageHeader,
    check_size,
    stored_dtype,
)
from annotations.imaging.nd2.metadata import (
    acquired_at,
    channels_of,
    interval_of,
    position_name,
    z_step,
)
from annotations.imaging.raw import Box
from annotations.imaging.tiff.pixel_size import length_um

_LETTERS = {"TimeLoop": "T", "NETimeLoop": "T", "ZStackLoop": "Z", "XYPosLoop": "P"}


class Nd2Positions:
    """The stage positions of an opened ND2 file."""

    form = "ND2"

    def __init__(self, file: nd2.ND2File, size: int) -> None:
        self._file = file
        self._size = size
        self._loops = [(_LETTERS.get(loop.type, "Q"), int(loop.count)) for loop in file.experiment]
        if any(count < 1 for _, count in self._loops):
            raise ImageRefused(damaged("ND2"))
        self._frames = int(file.attributes.sequenceCount)
        self._shorten()

    def __len__(self) -> int:
        return prod(count for letter, count in self._loops if letter == "P")

    def image(self, series: int, axes: str | None) -> "Nd2Image":
        steps = self._steps()
        if axes is not None or "Q" in steps:
            raise ImageRefused(
                "The ND2 has loops that are neither z, time nor stage positions. "
                "Save the part you need as OME-TIFF from NIS-Elements."
            )
        positions = steps.pop("P", ())
        start = Axes("", {}, (), {"T": positions}).plane(t=series, z=0, c=0)
        lengths = {letter: prod(n for n, _ in steps.get(letter, ())) for letter in "TZ"} | {"C": 1}
        names = "".join(dict.fromkeys(a for a, n in self._loops if a in "TZ" and n > 1))
        return Nd2Image(self._file, self._size, Axes(names, lengths, (), steps), start, series)

    def _shorten(self) -> None:
        """A stopped acquisition has fewer rounds of its outermost loop than were planned."""
        planned = prod(count for _, count in self._loops)
        if planned <= self._frames or not self._loops:
            return
        letter, count = self._loops[0]
        rounds = self._frames // (planned // count)
        if letter == "P" or rounds < 1:
            raise ImageRefused(
                "The ND2 lacks frames of its positions: the acquisition was stopped, or the file "
                "is cut short. Save it again from NIS-Elements."
            )
        self._loops[0] = (letter, rounds)

    def _steps(self) -> dict[str, tuple[tuple[int, int], ...]]:
        steps: dict[str, tuple[tuple[int, int], ...]] = {}
        for index, (letter, count) in enumerate(self._loops):
            step = prod(n for _, n in self._loops[index + 1 :])
            steps[letter] = (*steps.get(letter, ()), (count, step))
        return steps


class Nd2Image:
    """One stage position."""

    def __init__(self, file: nd2.ND2File, size: int, axes: Axes, start: int, series: int) -> None:
        self._file = file
        # nd2 has no public way to tell a missing frame from a dark one.
        self._reader: Any = file._rdr
        self._size = size
        self._axes = axes
        self._start = start
        self._cache = BlockCache()
        self.dtype: np.dtype[Any] = file.dtype
        attributes = file.attributes
        self._components = int(attributes.componentCount)
        self._shape = (int(attributes.heightPx), int(attributes.widthPx or 0))
        self._packed = attributes.compressionType == "lossless"
        colour = file.components_per_channel
        self._colour = colour == 3 and self._components == 3
        if attributes.compressionType not in {None, "lossless"}:
            raise ImageRefused(
                "The ND2 was packed with loss, which cannot be read. Save it as TIFF."
            )
        self._check()
        self.header = self._header(series)
        # A packed frame is unpacked whole; of others only the rows that are asked for are read.
        height, width = self._shape
        rows = 32 * 1024**2 // max(1, width * self._components * self.dtype.itemsize)
        self.block = (height if self._packed else max(1, min(height, rows)), width)

    def read(self, t: int, z: int, box: Box, channels: tuple[int, ...]) -> NDArray[Any]:
        y0, y1, x0, x1 = box
        frame = self._frame(self._start + self._axes.plane(t=t, z=z, c=0))
        # Colours are kept blue first.
        chosen = [2 - channel for channel in channels] if self._colour else list(channels)
        return np.stack([frame[y0:y1, x0:x1, component] for component in chosen])

    def is_empty(self, t: int, z: int, channel: int, box: Box) -> bool:
        return False

    def _check(self) -> None:
        height, width = self._shape
        lengths = self._axes.lengths
        check_size(
            width=width,
            height=height,
            channels=self._components,
            planes=lengths["T"] * lengths["Z"],
            dtype=self.dtype,
        )
        if self._packed and self._frame_bytes() > MAX_BLOCK_BYTES:
            raise ImageRefused("A frame of the ND2 is larger than 1 GiB. Save it without packing.")

    def _frame_bytes(self) -> int:
        row = self._file.attributes.widthBytes or 0
        needed = self._shape[1] * self._components * self.dtype.itemsize
        return self._shape[0] * max(row, needed)

    def _frame(self, number: int) -> NDArray[Any]:
        """(H, W, components) of a frame: a view of the file, or unpacked."""
        offset = self._reader._frame_offsets.get(number)
        # nd2 gives zeros for what is missing; here it must not pass for dark pixels.
        if offset is None or not 0 <= offset < self._size:
            raise ImageRefused(damaged("ND2"))
        if self._packed:
            frame = self._cache.get(number, lambda: self._unpacked(number))
            assert frame is not None
            return frame
        if offset + self._frame_bytes() > self._size + self._padding():
            raise ImageRefused(damaged("ND2"))
        return self._laid_out(self._reader.read_frame(number))

    def _padding(self) -> int:
        """Of the last row, which the file may leave out."""
        row = self._file.attributes.widthBytes or 0
        return max(0, row - self._shape[1] * self._components * self.dtype.itemsize)

    def _unpacked(self, number: int) -> NDArray[Any]:
        chunk = self._reader._load_chunk(f"ImageDataSeq|{number}!".encode())
        needed = self._frame_bytes()
        unpacked = zlib.decompressobj().decompress(chunk[8:], needed)
        if len(unpacked) < needed - self._padding():
            raise ImageRefused(damaged("ND2"))
        rows = np.frombuffer(unpacked.ljust(needed, b"\0"), np.uint8).reshape(self._shape[0], -1)
        row = self._shape[1] * self._components * self.dtype.itemsize
        return self._laid_out(np.ascontiguousarray(rows[:, :row]).view(self.dtype))

    def _laid_out(self, frame: NDArray[Any]) -> NDArray[Any]:
        return frame.reshape(*self._shape, self._components)

    def _header(self, series: int) -> ImageHeader:
        file, lengths = self._file, self._axes.lengths
        names, colours = channels_of(file, self._components, colour=self._colour)
        x, y, z = (length_um(size, "µm") for size in file.voxel_size())
        return ImageHeader(
            width=self._shape[1],
            height=self._shape[0],
            channels=self._components,
            dtype=stored_dtype(self.dtype).name,
            channel_names=names,
            channel_colours=colours,
            pixel_size_um=None if x is None or y is None else (y, x),
            is_rgb=self._colour and self.dtype == np.uint8,
            format="Nikon ND2",
            depth=lengths["Z"],
            frames=lengths["T"],
            axes=self._axes.names
            + ("YXC" if self._colour else "CYX" if self._components > 1 else "YX"),
            pixel_size_z_um=z_step(file) or (z if lengths["Z"] > 1 else None),
            interval_s=interval_of(file),
            acquired_at=acquired_at(file),
            series=series,
            series_name=position_name(file, series),
        )


@contextmanager
def open_nd2(path: Path) -> Iterator[Nd2Positions]:
    """Open an ND2 file."""
    with refusing("ND2"):
        file = nd2.ND2File(path)
    try:
        with refusing("ND2"):
            positions = Nd2Positions(file, path.stat().st_size)
        yield positions
    finally:
        file.close()
