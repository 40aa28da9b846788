"""How the objects of a structure are to be told apart: what a person chooses."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from inference.objects.banded import object_bands
from inference.objects.components import Labels
from inference.objects.regions import BandedMask
from inference.objects.seeds import METHODS, Method

Unit = Literal["px", "um"]
UNITS: tuple[Unit, ...] = ("px", "um")
# Those that a length belongs to; without one they take theirs from the mask.
SIZED: tuple[Method, ...] = ("distance", "h-maxima")


class NoPixelSize(ValueError):
    """A length in µm for an image of which nobody knows how large its pixels are."""


@dataclass(frozen=True, slots=True)
class Separation:
    """A way to tell touching objects apart.

    Attributes:
        method: see `object_bands`.
        size: least distance between two middles ("distance") or least depth of a neck ("h-maxima");
            None takes it from the mask.
        unit: of the size.
    """

    method: Method = "automatic"
    size: float | None = None
    unit: Unit = "px"

    def __post_init__(self) -> None:
        if self.method not in METHODS or self.unit not in UNITS:
            raise ValueError(f"There is no separation {self.method!r} in {self.unit!r}.")
        if self.size is not None and not (self.method in SIZED and 0 < self.size < math.inf):
            raise ValueError(
                f"A size above zero belongs to {' and '.join(SIZED)}, and to nothing else."
            )

    def bands(
        self, mask: BandedMask, *, pixel_size_um: tuple[float, float] | None, min_area_px: int
    ) -> Iterator[tuple[int, Labels]]:
        """The numbered objects of a mask: (y0, int32 (h, W)) from top to bottom.

        `pixel_size_um` is (y, x).

        Raises:
            NoPixelSize: the size is in µm, and that of a pixel is not known.
        """
        size = self.size_px(pixel_size_um)
        return object_bands(
            mask, method=self.method, h_px=size, min_distance_px=size, min_area_px=min_area_px
        )

    def size_px(self, pixel_size_um: tuple[float, float] | None) -> float | None:
        """The size in px; in µm, a pixel counts with the geometric mean of its sides."""
        if self.size is None or self.unit == "px":
            return self.size
        if pixel_size_um is None:
            raise NoPixelSize(
                "Its pixel size is not known, so objects cannot be told apart by µm. Choose px."
            )
        return self.size / math.sqrt(pixel_size_um[0] * pixel_size_um[1])


AUTOMATIC = Separation()
