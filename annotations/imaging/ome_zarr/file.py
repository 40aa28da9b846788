"""OME-Zarr 0.1 to 0.5, a folder or a zip: every image of it, its full resolution only."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotations.imaging.axes import arrange
from annotations.imaging.cache import BlockCache
from annotations.imaging.errors import ImageRefused, refusing
from annotations.imaging.header import (
    check_size,
)
from annotations.imaging.ome_zarr.array import ZarrArray, chunk_indices
from annotations.imaging.ome_zarr.files import ZarrFiles, clean_key, open_files, read_json
from annotations.imaging.ome_zarr.header import axis_names, header_of
from annotations.imaging.raw import Box

_MAX_IMAGES = 10_000
_NO_IMAGE = "The zarr holds no OME-Zarr image (no multiscales). Export it as OME-Zarr."


class OmeZarrImages:
    """The images of an opened OME-Zarr: one, several of bioformats2raw, or those of a plate."""

    form = "OME-Zarr"

    def __init__(self, files: ZarrFiles) -> None:
        self._files = files
        self._paths = list(_image_paths(files))
        if not self._paths:
            raise ImageRefused(_NO_IMAGE)

    def __len__(self) -> int:
        return len(self._paths)

    def image(self, series: int, axes: str | None) -> "OmeZarrImage":
        return OmeZarrImage(self._files, self._paths[series], series, axes)


class OmeZarrImage:
    """One multiscale image."""

    def __init__(self, files: ZarrFiles, path: str, series: int, answer: str | None) -> None:
        attributes = _attributes(files, path)
        described = attributes["multiscales"][0]
        level = described["datasets"][0]
        self._array = ZarrArray(files, _joined(path, str(level["path"])))
        self.dtype: np.dtype[Any] = self._array.dtype
        self._cache = BlockCache()
        names = axis_names(described, len(self._array.shape))
        if names[-2:] != ["y", "x"] or len(set(names)) < len(names):
            raise ImageRefused("The OME-Zarr's last two axes are not y and x. Export it again.")
        letters = "".join(name.upper() if name in "tzc" else "Q" for name in names[:-2])
        self._axes = arrange(letters, self._array.shape[:-2], answer=answer)
        self._check()
        self.header = header_of(attributes, level, names, self._axes, self._array, series)
        self.block = (
            min(self._array.chunks[-2], self.header.height),
            min(self._array.chunks[-1], self.header.width),
        )

    def read(self, t: int, z: int, box: Box, channels: tuple[int, ...]) -> NDArray[Any]:
        y0, y1, x0, x1 = box
        out = np.empty((len(channels), y1 - y0, x1 - x0), self.dtype)
        for target, channel in zip(out, channels, strict=True):
            place = self._place(t, z, channel)
            for index in self._indices(place, box):
                self._paste(target, index, place, box)
        return out

    def is_empty(self, t: int, z: int, channel: int, box: Box) -> bool:
        indices = self._indices(self._place(t, z, channel), box)
        return all(self._array.is_missing(index) for index in indices)

    def _place(self, t: int, z: int, c: int) -> tuple[int, ...]:
        """Indices along all axes but y and x."""
        lengths = self._array.shape[:-2]
        if not lengths:
            return ()
        number = self._axes.plane(t=t, z=z, c=c)
        return tuple(int(i) for i in np.unravel_index(number, lengths))

    def _indices(self, place: tuple[int, ...], box: Box) -> Iterator[tuple[int, ...]]:
        y0, y1, x0, x1 = box
        spans = (*((i, i + 1) for i in place), (y0, y1), (x0, x1))
        return chunk_indices(spans, self._array.chunks)

    def _paste(
        self, target: NDArray[Any], index: tuple[int, ...], place: tuple[int, ...], box: Box
    ) -> None:
        chunk = self._cache.get(index, lambda: self._array.read_chunk(index))
        assert chunk is not None
        sizes = self._array.chunks
        plane = chunk[tuple(i % n for i, n in zip(place, sizes, strict=False))]
        top, left = index[-2] * sizes[-2], index[-1] * sizes[-1]
        y0, y1, x0, x1 = box
        ya, yb = max(y0, top), min(y1, top + plane.shape[0])
        xa, xb = max(x0, left), min(x1, left + plane.shape[1])
        values = plane[ya - top : yb - top, xa - left : xb - left]
        target[ya - y0 : yb - y0, xa - x0 : xb - x0] = values

    def _check(self) -> None:
        lengths = self._axes.lengths
        check_size(
            width=self._array.shape[-1],
            height=self._array.shape[-2],
            channels=lengths["C"],
            planes=lengths["T"] * lengths["Z"],
            dtype=self.dtype,
        )


@contextmanager
def open_ome_zarr(path: Path) -> Iterator[OmeZarrImages]:
    """Open an OME-Zarr folder, or a zip of one, without unpacking it."""
    with refusing("OME-Zarr"):
        files = open_files(path)
    with closing(files):
        with refusing("OME-Zarr"):
            images = OmeZarrImages(files)
        yield images


def _attributes(files: ZarrFiles, path: str) -> dict[str, Any]:
    """OME attributes of a group, of either version; empty where it has none."""
    start = f"{path}/" if path else ""
    new = read_json(files, f"{start}zarr.json")
    if new is not None:
        attributes = new.get("attributes") or {}
        return dict(attributes.get("ome") or attributes)
    return read_json(files, f"{start}.zattrs") or {}


def _image_paths(files: ZarrFiles) -> Iterator[str]:
    root = _attributes(files, "")
    if root.get("multiscales"):
        yield ""
    elif root.get("plate"):
        yield from _plate_paths(files, root["plate"])
    else:
        for number in range(_MAX_IMAGES):
            if not _attributes(files, str(number)).get("multiscales"):
                return
            yield str(number)


def _plate_paths(files: ZarrFiles, plate: dict[str, Any]) -> Iterator[str]:
    count = 0
    for well in plate["wells"]:
        path = clean_key(str(well["path"]))
        for image in _attributes(files, path).get("well", {}).get("images", []):
            count += 1
            if count > _MAX_IMAGES:
                raise ImageRefused(f"The plate holds more than {_MAX_IMAGES:,} images.")
            yield _joined(path, str(image["path"]))


def _joined(path: str, inner: str) -> str:
    return clean_key(f"{path}/{inner}" if path else inner)
