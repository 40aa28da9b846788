"""Which 2-D picture of a stack is meant: a plane or the maximum, a time point, some channels."""

from dataclasses import dataclass
from typing import Literal

AXES = ("t", "c", "z", "y", "x")


class NoSuchChannel(ValueError):
    """A view names a channel that the image does not have."""


@dataclass(frozen=True)
class View:
    """What of an image with the axes t, c, z, y, x is looked at.

    Attributes:
        projection: one z plane, or the maximum over all of them.
        z: the plane, counted from 0; None is the middle one. Beyond the last plane, the last.
        t: the time point, counted from 0. Beyond the last one, the last.
        channels: indices in the order wanted; empty means all.
    """

    projection: Literal["plane", "max"] = "plane"
    z: int | None = None
    t: int = 0
    channels: tuple[int, ...] = ()

    def plane_of(self, depth: int) -> int:
        """The plane's index in a stack of `depth` planes."""
        return depth // 2 if self.z is None else max(0, min(self.z, depth - 1))

    def frame_of(self, frames: int) -> int:
        """The time point's index in a series of `frames`."""
        return max(0, min(self.t, frames - 1))

    def channels_of(self, count: int) -> tuple[int, ...]:
        """The indices of the channels in an image of `count` channels.

        Raises:
            NoSuchChannel: the image has fewer channels than the view names.
        """
        if not self.channels:
            return tuple(range(count))
        for index in self.channels:
            if not 0 <= index < count:
                raise NoSuchChannel(
                    f"Channel {index + 1} is asked for, and the image has {count} channels."
                )
        return self.channels
