"""The subblocks of a CZI file: which tile lies where, and its pixels."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
from czifile.czifile import (
    DirectoryEntryDV,
    MetadataSegment,
    Segment,
    SubBlockDirectorySegment,
    SubBlockSegment,
)
from numpy.typing import NDArray
from tifffile import FileHandle

from annotations.imaging.errors import ImageRefused, damaged
from annotations.imaging.header import MAX_BLOCK_BYTES
from annotations.imaging.ome import refuse_long
from annotations.imaging.tiff.codecs import jpeg_size, jpeg_xr_size

_RAW, _JPEG, _LZW, _JPEG_XR, _ZSTD, _ZSTD_WITH_HEADER = 0, 1, 2, 4, 5, 6


@dataclass(frozen=True)
class Tile:
    """One subblock of full resolution.

    Attributes:
        scene, t, z, c, m: indices as in the file, 0 where it has no such axis; tiles of a
            higher m lie on top.
        y, x, height, width: in px, in the coordinates of the whole slide.
        entry: of the directory.
    """

    scene: int
    t: int
    z: int
    c: int
    m: int
    y: int
    x: int
    height: int
    width: int
    entry: DirectoryEntryDV

    @property
    def dtype(self) -> np.dtype[Any]:
        found: np.dtype[Any] = np.dtype(self.entry.dtype).base
        return found

    @property
    def samples(self) -> int:
        return math.prod(np.dtype(self.entry.dtype).shape)


class CziSegments:
    """The parts of a CZI file that images are made of.

    czifile finds a lost directory by walking through all segments; here such a file is refused,
    because a damaged one can make that walk endless.
    """

    def __init__(self, path: Path) -> None:
        self._file = FileHandle(path)
        self.size = self._file.size

    def close(self) -> None:
        self._file.close()

    def read_directory(self) -> list[Tile]:
        """All subblocks of full resolution.

        Raises:
            ImageRefused: the directory is missing, or lies in another file.
        """
        header = Segment(self._file, 0).data()
        if header.file_part:
            raise ImageRefused("This is one part of a CZI of several files. Save it as one file.")
        segment = self._segment(header.directory_position, SubBlockDirectorySegment.SID)
        entries = segment.data().entries
        if any(entry.file_part for entry in entries):
            raise ImageRefused("Part of the CZI's pixels is in other files. Save it as one file.")
        return [tile for tile in map(_tile, entries) if tile is not None]

    def read_metadata(self) -> str:
        header = Segment(self._file, 0).data()
        if not header.metadata_position:
            return ""
        data = self._segment(header.metadata_position, MetadataSegment.SID).data()
        refuse_long(data.xml_size)
        return str(data.data())

    def read_tile(self, tile: Tile) -> NDArray[Any]:
        """(h, w, samples) of a tile, colours as red, green, blue."""
        segment = tile.entry.data_segment()
        if not isinstance(segment, SubBlockSegment) or not 0 <= segment.data_size <= self.size:
            raise ImageRefused(damaged("CZI"))
        if tile.height * tile.width * tile.samples * tile.dtype.itemsize > MAX_BLOCK_BYTES:
            raise ImageRefused("A tile of the CZI is larger than 1 GiB. Save it in smaller tiles.")
        self._file.seek(segment.data_offset)
        pixels = _decode(self._file.read(segment.data_size), tile)
        # JPEG XR gives red first, all others blue first.
        turned = tile.samples >= 3 and tile.entry.compression != _JPEG_XR
        return pixels[..., [2, 1, 0, *range(3, tile.samples)]] if turned else pixels

    def _segment(self, position: int, kind: str) -> Segment:
        if not 0 < position < self.size:
            raise ImageRefused(
                "The CZI was never finished or is cut short: the list of its tiles is missing. "
                "Copy it again, or export it again from ZEN."
            )
        segment = Segment(self._file, position)
        if segment.sid != kind:
            raise ImageRefused(damaged("CZI"))
        return segment


def _tile(entry: DirectoryEntryDV) -> Tile | None:
    """Where a subblock lies, or None for one of a coarser level of the pyramid.

    Raises:
        ImageRefused: an axis that is neither z, time, channel nor place.
    """
    axes = {axis.dimension: axis for axis in entry.dimension_entries}
    y, x = axes["Y"], axes["X"]
    if entry.pyramid_type or y.stored_size != y.size or x.stored_size != x.size:
        return None
    if any(axis.size > 1 for name, axis in axes.items() if name not in "YX"):
        raise ImageRefused("A tile of the CZI holds several planes. Save the image as OME-TIFF.")
    # Views, phases, illuminations and rotations are images of a kind that no axis here is for.
    if any(axes[name].start > 0 for name in "HIRVB" if name in axes):
        raise ImageRefused(
            "The CZI holds several phases, views or rotations of each plane, which cannot be "
            "told apart. Process the image in ZEN and save the result."
        )
    if y.size < 1 or x.size < 1:
        raise ImageRefused(damaged("CZI"))
    start = {name: axes[name].start if name in axes else 0 for name in "STZCM"}
    return Tile(
        scene=start["S"],
        t=start["T"],
        z=start["Z"],
        c=start["C"],
        m=start["M"],
        y=y.start,
        x=x.start,
        height=y.size,
        width=x.size,
        entry=entry,
    )


def _decode(packed: bytes, tile: Tile) -> NDArray[Any]:
    shape = (tile.height, tile.width, tile.samples)
    needed = math.prod(shape) * tile.dtype.itemsize
    compression = tile.entry.compression
    if compression in {_JPEG, _JPEG_XR}:
        return _decode_picture(packed, tile).reshape(shape)
    if compression == _RAW:
        unpacked = packed[:needed]
    elif compression == _LZW:
        unpacked = bytes(imagecodecs.lzw_decode(packed, out=needed))
    elif compression == _ZSTD:
        unpacked = bytes(imagecodecs.zstd_decode(packed, out=needed))
    elif compression == _ZSTD_WITH_HEADER:
        unpacked = _decode_zstd_with_header(packed, needed)
    else:
        raise ImageRefused(
            f"The CZI is packed in a way that cannot be read (compression {compression}). "
            "Save it again from ZEN without compression."
        )
    if len(unpacked) < needed:
        raise ImageRefused(damaged("CZI"))
    return np.frombuffer(unpacked[:needed], tile.dtype).reshape(shape)


def _decode_picture(packed: bytes, tile: Tile) -> NDArray[Any]:
    is_jpeg = tile.entry.compression == _JPEG
    size = jpeg_size(packed) if is_jpeg else jpeg_xr_size(packed)
    if size != (tile.height, tile.width):
        raise ImageRefused(damaged("CZI"))
    if not is_jpeg:
        return imagecodecs.jpegxr_decode(packed)
    pixels = imagecodecs.jpeg_decode(packed)
    return pixels[..., ::-1] if pixels.ndim == 3 else pixels


def _decode_zstd_with_header(packed: bytes, needed: int) -> bytes:
    """A header of 1 byte, or of 3 whose last says that low and high bytes lie apart."""
    if not packed or packed[0] not in {1, 3}:
        raise ImageRefused(damaged("CZI"))
    apart = packed[0] == 3 and packed[1] == 1 and bool(packed[2] & 1)
    unpacked = bytes(imagecodecs.zstd_decode(packed[packed[0] :], out=needed))
    if not apart or len(unpacked) < needed:
        return unpacked
    low, high = np.frombuffer(unpacked, np.uint8).reshape(2, -1)
    return np.stack([low, high], axis=1).tobytes()
