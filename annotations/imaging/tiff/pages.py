"""Read boxes out of TIFF pages, a strip or tile at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tifffile import FileHandle, TiffFrame, TiffPage, TiffPageSeries

from annotations.imaging.cache import BlockCache
from annotations.imaging.errors import ImageRefused, damaged
from annotations.imaging.raw import Box
from annotations.imaging.tiff.codecs import check_packed

Page = TiffPage | TiffFrame
Segment = NDArray[Any]


class PageReader:
    """The pages of one series, read box by box.

    Uncompressed pages that lie in one piece are read row by row from the file. Others are
    decoded a strip or tile at a time; the last ones are kept, because neighbouring boxes share
    them.

    Args:
        series: of an open file.
    """

    def __init__(self, series: TiffPageSeries) -> None:
        page = series.keyframe
        self._series = series
        self._keyframe = page
        self._dtype = np.dtype(series.dtype)
        self._shape = page.shaped
        self._grid, self._tile = _grid(page)
        self._flat = series.dataoffset
        self._cache = BlockCache()

    @property
    def block(self) -> tuple[int, int]:
        """(rows, columns) of a strip or tile; of an uncompressed page, some of its full rows."""
        _, _, height, width, samples = self._shape
        if self._flat is not None or self._keyframe.is_final:
            row_bytes = max(1, width * samples * self._dtype.itemsize)
            return max(1, min(height, 32 * 1024**2 // row_bytes)), width
        return min(self._tile[0], height), min(self._tile[1], width)

    def read(self, number: int, box: Box, samples: tuple[int, ...]) -> Segment:
        """(C, h, w) of a page, as in the file; `samples` are channels within it."""
        offset = self._offset(number)
        if offset is not None:
            return self._read_flat(number, offset, box, samples)
        return self._read_segments(number, box, samples)

    def is_empty(self, number: int, box: Box, sample: int) -> bool:
        """Whether all strips or tiles of a box were left out of the file."""
        if self._offset(number) is not None:
            return False
        counts = self._page(number).databytecounts
        part = sample if self._shape[0] > 1 else 0
        indices = [self._index(part, row, column) for row, column in self._cells(box)]
        return all(counts[index] == 0 for index in indices)

    def _page(self, number: int) -> Page:
        page = self._series[number]
        if page is None:
            raise ImageRefused(damaged("TIFF"))
        return page

    def _offset(self, number: int) -> int | None:
        """Where the pixels of a page begin, if they lie in one piece as they are."""
        if self._flat is not None:
            return self._flat + number * self._keyframe.nbytes
        page = self._page(number)
        if not page.is_final or not page.dataoffsets:
            return None
        return int(page.dataoffsets[0])

    def _handle(self, number: int) -> FileHandle:
        if self._flat is not None:
            return self._keyframe.parent.filehandle
        return self._page(number).parent.filehandle

    def _read_flat(self, number: int, offset: int, box: Box, samples: tuple[int, ...]) -> Segment:
        separate, _, height, width, contiguous = self._shape
        dtype = self._dtype.newbyteorder(self._keyframe.parent.byteorder)
        pixel = contiguous * dtype.itemsize
        planes = []
        with _opened(self._handle(number)) as handle:
            for sample in samples if separate > 1 else (0,):
                start = offset + sample * height * width * dtype.itemsize
                rows = _read_rows(handle, start, box, width * pixel, pixel)
                planes.append(rows.view(dtype).reshape(*rows.shape[:1], -1, contiguous))
        if separate > 1:
            return np.stack([plane[..., 0] for plane in planes])
        if contiguous == 1:
            return planes[0][np.newaxis, ..., 0]
        # One strided copy per channel: picking all by an index array takes several times as long.
        return np.stack([planes[0][..., sample] for sample in samples])

    def _read_segments(self, number: int, box: Box, samples: tuple[int, ...]) -> Segment:
        y0, y1, x0, x1 = box
        separate = self._shape[0] > 1
        out = np.zeros((len(samples), y1 - y0, x1 - x0), self._dtype)
        for target, sample in enumerate(samples):
            for row, column in self._cells(box):
                part = self._segment(number, self._index(sample if separate else 0, row, column))
                if part is None:
                    continue
                top, left = row * self._tile[0], column * self._tile[1]
                bottom, right = top + part.shape[0], left + part.shape[1]
                ya, yb, xa, xb = max(y0, top), min(y1, bottom), max(x0, left), min(x1, right)
                if ya < yb and xa < xb:
                    plane = part[..., 0 if separate else sample]
                    values = plane[ya - top : yb - top, xa - left : xb - left]
                    out[target, ya - y0 : yb - y0, xa - x0 : xb - x0] = values
        return out

    def _cells(self, box: Box) -> Iterator[tuple[int, int]]:
        y0, y1, x0, x1 = box
        rows = range(y0 // self._tile[0], -(-y1 // self._tile[0]))
        columns = range(x0 // self._tile[1], -(-x1 // self._tile[1]))
        return product(rows, columns)

    def _index(self, part: int, row: int, column: int) -> int:
        return (part * self._grid[0] + row) * self._grid[1] + column

    def _segment(self, number: int, index: int) -> Segment | None:
        """A decoded strip or tile (h, w, samples), or None where the file leaves it out."""
        return self._cache.get((number, index), lambda: self._decode(self._page(number), index))

    def _decode(self, page: Page, index: int) -> Segment | None:
        count = page.databytecounts[index]
        if count == 0:
            return None
        with _opened(page.parent.filehandle) as handle:
            handle.seek(page.dataoffsets[index])
            packed = handle.read(count)
        if len(packed) < count:
            raise ImageRefused(damaged("TIFF"))
        keyframe = self._keyframe
        check_packed(packed, int(keyframe.compression), self._tile)
        options: dict[str, Any] = {"_fullsize": False}
        if int(keyframe.compression) in {6, 7, 34892, 33007}:
            options |= {"jpegtables": page.jpegtables, "jpegheader": keyframe.jpegheader}
        segment: Segment | None = keyframe.decode(packed, index, **options)[0]
        return None if segment is None else segment[0]


def _grid(page: TiffPage) -> tuple[tuple[int, int], tuple[int, int]]:
    """Rows and columns of strips or tiles, and the size of one in px."""
    _, _, height, width, _ = page.shaped
    tile = (page.tilelength, page.tilewidth) if page.is_tiled else (page.rowsperstrip, width)
    rows, columns = max(1, min(tile[0], height if not page.is_tiled else tile[0])), max(1, tile[1])
    return (-(-height // rows), -(-width // columns)), (rows, columns)


@contextmanager
def _opened(handle: FileHandle) -> Iterator[FileHandle]:
    """A companion file is only open while it is read: an image may have thousands."""
    closed = handle.closed
    if closed:
        handle.open()
    try:
        yield handle
    finally:
        if closed:
            handle.close()


def _read_rows(
    handle: FileHandle, start: int, box: Box, row_bytes: int, pixel: int
) -> NDArray[np.uint8]:
    """Bytes (h, w * pixel) of a box of an uncompressed plane."""
    y0, y1, x0, x1 = box
    if 4 * (x1 - x0) * pixel >= row_bytes:
        whole = _read_exactly(handle, start + y0 * row_bytes, (y1 - y0) * row_bytes)
        rows = whole.reshape(y1 - y0, row_bytes)[:, x0 * pixel : x1 * pixel]
        return np.ascontiguousarray(rows)
    # Of a wide image only the few bytes of each row that are wanted.
    out = np.empty((y1 - y0, (x1 - x0) * pixel), np.uint8)
    for row in range(y0, y1):
        at = start + row * row_bytes + x0 * pixel
        out[row - y0] = _read_exactly(handle, at, out.shape[1])
    return out


def _read_exactly(handle: FileHandle, start: int, count: int) -> NDArray[np.uint8]:
    handle.seek(start)
    data = handle.read(count)
    if len(data) < count:
        raise ImageRefused(damaged("TIFF"))
    return np.frombuffer(data, np.uint8)
