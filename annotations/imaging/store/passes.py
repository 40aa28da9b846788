"""Fill all levels of a pyramid in as few passes over the pixels as memory allows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from annotations.imaging.errors import ImportStopped
from annotations.imaging.source import ImageSource
from annotations.imaging.store.levels import Levels, Plane
from annotations.imaging.tiling import CHUNK, Box, Tiling, plan_tiles

OnProgress = Callable[[float], None]
ShouldStop = Callable[[], bool]
# Read together, as colour pictures hold them interleaved; more would leave only small tiles.
_TOGETHER = 4


@dataclass(frozen=True)
class _Pass:
    """One way over the pixels: level `base` is read, the `tiling.depth` coarser ones written."""

    base: int
    tiling: Tiling


class Reporting:
    """Counts pixels towards a total; asks whether to go on."""

    def __init__(
        self, total: int, on_progress: OnProgress | None, should_stop: ShouldStop | None
    ) -> None:
        self._done, self._total = 0, max(1, total)
        self._on_progress, self._should_stop = on_progress, should_stop

    def count(self, pixels: int) -> None:
        """Say how far it is; raise ImportStopped when somebody wants an end."""
        if self._should_stop is not None and self._should_stop():
            raise ImportStopped("The import was stopped.")
        self._done += pixels
        if self._on_progress is not None:
            self._on_progress(self._done / self._total)


def write_levels(
    source: ImageSource,
    levels: Levels,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> None:
    """Read a source once, tile by tile, and write every level.

    What a tile becomes on the coarser levels is written with it, as far as it still fills whole
    chunks there. The rest is made of the coarsest level so written, which is 4 to 64 times smaller.

    Raises:
        ImportStopped: `should_stop` said so.
    """
    passes = _plan(levels, source.block)
    reporting = _reporting(levels, passes, on_progress, should_stop)
    for plane in _planes(levels):
        _from_source(source, levels, passes[0], plane, reporting)
        for later in passes[1:]:
            _from_level(levels, later, plane, reporting)


def finish_levels(levels: Levels) -> None:
    """Make every coarser level of level 0, which is there."""
    for plane in _planes(levels):
        for each in _plan(levels, (CHUNK, CHUNK)):
            _from_level(levels, each, plane, None)


def _plan(levels: Levels, block: tuple[int, int]) -> list[_Pass]:
    pixel_bytes = min(levels.sizes.c, _TOGETHER) * levels.dtype.itemsize
    passes: list[_Pass] = []
    base = 0
    while not passes or base < len(levels) - 1:
        tiling = plan_tiles(
            *levels.shapes[base],
            block=(CHUNK, CHUNK) if passes else block,
            pixel_bytes=pixel_bytes,
            most_levels=len(levels) - 1 - base,
        )
        passes.append(_Pass(base, tiling))
        base += tiling.depth
    return passes


def _reporting(
    levels: Levels,
    passes: list[_Pass],
    on_progress: OnProgress | None,
    should_stop: ShouldStop | None,
) -> Reporting:
    pixels = sum(each.tiling.height * each.tiling.width for each in passes)
    planes = sum(1 for _ in _planes(levels))
    return Reporting(pixels * planes, on_progress, should_stop)


def _planes(levels: Levels) -> Iterator[Plane]:
    sizes = levels.sizes
    for t in range(sizes.t):
        for start in range(0, sizes.c, _TOGETHER):
            channels = slice(start, min(sizes.c, start + _TOGETHER))
            for z in range(sizes.z):
                yield Plane(t, z, channels)


def _from_source(
    source: ImageSource, levels: Levels, own: _Pass, plane: Plane, reporting: Reporting
) -> None:
    for box in own.tiling:
        planes = _read(source, plane, box)
        if planes is not None:
            levels.write(0, plane, box[0], box[2], planes)
            levels.write_halves(0, plane, box[0], box[2], planes, depth=own.tiling.depth)
        reporting.count(_area(box))


def _read(source: ImageSource, plane: Plane, box: Box) -> NDArray[Any] | None:
    """The planes of a box; None where a source knows that there is nothing, or nothing is."""
    y0, y1, x0, x1 = box
    where = {"t": plane.t, "z": plane.z, "y0": y0, "y1": y1, "x0": x0, "x1": x1}
    channels = tuple(range(plane.channels.start, plane.channels.stop))
    if all(source.is_empty(channel=channel, **where) for channel in channels):
        return None
    every = len(channels) == source.header.channels
    planes = source.read(channels=None if every else channels, **where)
    return planes if planes.any() else None


def _from_level(levels: Levels, own: _Pass, plane: Plane, reporting: Reporting | None) -> None:
    for box in own.tiling:
        planes = levels.read(own.base, plane, box)
        if planes.any():
            levels.write_halves(own.base, plane, box[0], box[2], planes, depth=own.tiling.depth)
        if reporting is not None:
            reporting.count(_area(box))


def _area(box: Box) -> int:
    return (box[1] - box[0]) * (box[3] - box[2])
