"""Zeiss CZI: each scene is an image, put together from its tiles box by box."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial, reduce
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotations.imaging.cache import BlockCache
from annotations.imaging.czi.metadata import CziMetadata, parse_metadata
from annotations.imaging.czi.tiles import CziSegments, Tile
from annotations.imaging.errors import ImageRefused, damaged, refusing
from annotations.imaging.header import (
    RGB_COLOURS,
    RGB_NAMES,
    ImageHeader,
    check_packing,
    check_size,
    default_colours,
    default_names,
    stored_dtype,
)
from annotations.imaging.raw import Box

_Plane = tuple[int, int, int]


class CziScenes:
    """The scenes of an opened CZI file."""

    form = "CZI"

    def __init__(self, segments: CziSegments) -> None:
        self._segments = segments
        self._metadata = parse_metadata(segments.read_metadata())
        self._scenes: defaultdict[int, list[Tile]] = defaultdict(list)
        for tile in segments.read_directory():
            self._scenes[tile.scene].append(tile)
        self._order = sorted(self._scenes)

    def __len__(self) -> int:
        return len(self._order)

    def image(self, series: int, axes: str | None) -> "CziImage":
        scene = self._order[series]
        name = self._metadata.scenes.get(scene, "")
        if axes is not None:
            raise ImageRefused("The CZI says itself what its planes are; this cannot be changed.")
        return CziImage(self._segments, self._scenes[scene], self._metadata, series, name)


class CziImage:
    """One scene, its upper left corner at 0, 0."""

    def __init__(
        self,
        segments: CziSegments,
        tiles: list[Tile],
        metadata: CziMetadata,
        series: int,
        name: str,
    ) -> None:
        self._segments = segments
        self._cache = BlockCache()
        self._samples = _only({tile.samples for tile in tiles})
        self.dtype: np.dtype[Any] = reduce(np.promote_types, {tile.dtype for tile in tiles})
        self._origin = (min(tile.y for tile in tiles), min(tile.x for tile in tiles))
        planes, sizes = _planes(tiles)
        # Before names are made up for a million channels.
        stacked = sizes[2] * min(self._samples, 3)
        check_size(
            width=1, height=1, channels=stacked, planes=sizes[0] * sizes[1], dtype=self.dtype
        )
        self._planes = {plane: _Mosaic(found, self._origin) for plane, found in planes.items()}
        self.header = _header(self, tiles, sizes, metadata, series, name, self._samples)
        _check(self.header, self.dtype, tiles, segments.size)
        self.block = _block(tiles, self.header)

    def read(self, t: int, z: int, box: Box, channels: tuple[int, ...]) -> NDArray[Any]:
        y0, y1, x0, x1 = box
        out = np.zeros((len(channels), y1 - y0, x1 - x0), self.dtype)
        for target, channel in zip(out, channels, strict=True):
            c, sample = divmod(channel, min(self._samples, 3))
            for number, tile in self._found(t, z, c).within(box):
                pixels = self._cache.get((t, z, c, number), partial(self._segments.read_tile, tile))
                assert pixels is not None
                _paste(target, pixels[..., sample], box, tile, self._origin)
        return out

    def is_empty(self, t: int, z: int, channel: int, box: Box) -> bool:
        found = self._found(t, z, channel // min(self._samples, 3))
        return next(found.within(box), None) is None

    def _found(self, t: int, z: int, c: int) -> "_Mosaic":
        # A plane that a stopped acquisition never took has no tile at all.
        return self._planes.get((t, z, c), _NOTHING)


class _Mosaic:
    """The tiles of one plane."""

    def __init__(self, tiles: list[Tile], origin: tuple[int, int]) -> None:
        # Drawn in this order, as ZEN does: the last lies on top.
        self._tiles = sorted(tiles, key=lambda tile: tile.m)
        corners = [
            (tile.y - origin[0], tile.x - origin[1], tile.height, tile.width)
            for tile in self._tiles
        ]
        self._corners = np.array(corners, np.int64).reshape(-1, 4)

    def within(self, box: Box) -> Iterator[tuple[int, Tile]]:
        """The tiles that share a pixel with a box, with their numbers."""
        y0, y1, x0, x1 = box
        y, x, height, width = self._corners.T
        hit = (y < y1) & (y + height > y0) & (x < x1) & (x + width > x0)
        for number in np.flatnonzero(hit):
            yield int(number), self._tiles[number]


_NOTHING = _Mosaic([], (0, 0))


@contextmanager
def open_czi(path: Path) -> Iterator[CziScenes]:
    """Open a CZI file."""
    with refusing("CZI"):
        segments = CziSegments(path)
    with closing(segments):
        with refusing("CZI"):
            scenes = CziScenes(segments)
        if not len(scenes):
            raise ImageRefused("The CZI file holds no image. Export it again from ZEN.")
        yield scenes


def _planes(tiles: list[Tile]) -> tuple[dict[_Plane, list[Tile]], tuple[int, int, int]]:
    """Tiles by (t, z, c) from 0, and how many there are of each."""
    low = [min(getattr(tile, axis) for tile in tiles) for axis in "tzc"]
    planes: defaultdict[_Plane, list[Tile]] = defaultdict(list)
    for tile in tiles:
        planes[tile.t - low[0], tile.z - low[1], tile.c - low[2]].append(tile)
    t, z, c = (max(plane[axis] for plane in planes) + 1 for axis in range(3))
    return dict(planes), (t, z, c)


def _only(found: set[int]) -> int:
    if len(found) != 1:
        raise ImageRefused("The CZI mixes colour and grey planes. Save each as its own image.")
    return found.pop()


def _check(header: ImageHeader, dtype: np.dtype[Any], tiles: list[Tile], file_size: int) -> None:
    check_size(
        width=header.width,
        height=header.height,
        channels=header.channels,
        planes=header.depth * header.frames,
        dtype=dtype,
    )
    # Of an image that claims a million planes the most are missing; a real one has most of them.
    planes = {(tile.t, tile.z, tile.c) for tile in tiles}
    if header.depth * header.frames > 1000 + 100 * len(planes):
        raise ImageRefused(damaged("CZI"))
    if any(tile.entry.file_position <= 0 for tile in tiles):
        raise ImageRefused(damaged("CZI"))
    claimed = sum(tile.height * tile.width for tile in tiles) * dtype.itemsize
    check_packing(packed=file_size, claimed=claimed)


def _header(
    image: CziImage,
    tiles: list[Tile],
    sizes: tuple[int, int, int],
    metadata: CziMetadata,
    series: int,
    name: str,
    samples: int,
) -> ImageHeader:
    frames, depth, stacked = sizes
    colour = samples >= 3
    channels = stacked * min(samples, 3)
    names, colours = _channel_names(metadata, channels, colour=colour and stacked == 1)
    letters = "".join(a for a, n in zip("TZC", (frames, depth, stacked), strict=True) if n > 1)
    top, left = min(tile.y for tile in tiles), min(tile.x for tile in tiles)
    return ImageHeader(
        width=max(tile.x + tile.width for tile in tiles) - left,
        height=max(tile.y + tile.height for tile in tiles) - top,
        channels=channels,
        dtype=stored_dtype(image.dtype).name,
        channel_names=names,
        channel_colours=colours,
        pixel_size_um=metadata.pixel_size_um,
        is_rgb=colour and stacked == 1 and image.dtype == np.uint8,
        format="Zeiss CZI",
        depth=depth,
        frames=frames,
        axes=letters + ("YXC" if colour else "YX"),
        pixel_size_z_um=metadata.pixel_size_z_um,
        interval_s=metadata.interval_s,
        acquired_at=metadata.acquired_at,
        series=series,
        series_name=name,
    )


def _channel_names(
    metadata: CziMetadata, channels: int, *, colour: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if colour:
        return RGB_NAMES, RGB_COLOURS
    names, colours = default_names(channels), default_colours(channels)
    if len(metadata.channels) != channels:
        return names, colours
    found = tuple(name or spare for (name, _), spare in zip(metadata.channels, names, strict=True))
    shown = tuple(colour for _, colour in metadata.channels)
    return found, shown if all(shown) and len(set(shown)) == channels else colours


def _block(tiles: list[Tile], header: ImageHeader) -> tuple[int, int]:
    height, width = max(tile.height for tile in tiles), max(tile.width for tile in tiles)
    return min(height, header.height), min(width, header.width)


def _paste(
    target: NDArray[Any], pixels: NDArray[Any], box: Box, tile: Tile, origin: tuple[int, int]
) -> None:
    """Copy what a tile and a box share."""
    y0, y1, x0, x1 = box
    top, left = tile.y - origin[0], tile.x - origin[1]
    ya, yb = max(y0, top), min(y1, top + tile.height)
    xa, xb = max(x0, left), min(x1, left + tile.width)
    target[ya - y0 : yb - y0, xa - x0 : xb - x0] = pixels[
        ya - top : yb - top, xa - left : xb - left
    ]
