"""Lowest and highest values of an image that is read piece by piece."""

from typing import Any

from numpy.typing import NDArray

from annotations.imaging.source import ImageSource

Extent = tuple[float, float]


class Watched:
    """A source that remembers the lowest and highest value of each channel that was read."""

    def __init__(self, source: ImageSource) -> None:
        self.header, self.block = source.header, source.block
        self.is_empty = source.is_empty
        self._source = source
        self._seen: dict[int, Extent] = {}

    @property
    def extents(self) -> list[Extent]:
        """(lowest, highest) per channel, lowest < highest."""
        return [self._apart(index) for index in range(self.header.channels)]

    def read(self, *, channels: tuple[int, ...] | None = None, **where: Any) -> NDArray[Any]:
        """As the source does."""
        planes = self._source.read(channels=channels, **where)
        for index, plane in zip(channels or range(len(planes)), planes, strict=True):
            low, high = float(plane.min()), float(plane.max())
            seen = self._seen.get(index, (low, high))
            self._seen[index] = min(low, seen[0]), max(high, seen[1])
        return planes

    def _apart(self, index: int) -> Extent:
        low, high = self._seen.get(index, (0.0, 0.0))
        return low, high if high > low else low + 1.0
