"""What counts as an object of a structure: what a person chooses."""

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
# Smaller than anything that a 3 x 3 convolution can tell from noise.
MIN_OBJECT_PX = 16
# More than any image has.
_ALL_PX = 2**62


class NoPixelSize(ValueError):
    """A length in µm or an area in µm² for an image of which nobody knows how large its pixels
    are."""


class Senseless(ValueError):
    """What no separation can be; `field` names the part at fault."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Separation:
    """A way to tell touching objects apart, and how small an object may be.

    Attributes:
        method: see `object_bands`.
        size: least distance between two middles ("distance") or least depth of a neck ("h-maxima"),
            in px or µm; None takes it from the mask.
        unit: of size and smallest: "px" for px (length) and px (area), "um" for µm and µm².
        smallest: area of the smallest object, in px or µm², whatever the method; None is
            MIN_OBJECT_PX. Smaller regions are left out, smaller parts join what they were cut from.
    """

    method: Method = "automatic"
    size: float | None = None
    unit: Unit = "px"
    smallest: float | None = None

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise Senseless(f"There is no separation {self.method!r}.", "method")
        if self.unit not in UNITS:
            raise Senseless(f"A separation is in px or um, not in {self.unit!r}.", "unit")
        if self.size is not None and not (self.method in SIZED and 0 < self.size < math.inf):
            message = f"A size above zero belongs to {' and '.join(SIZED)}, and to nothing else."
            raise Senseless(message, "size")
        if self.smallest is not None and not 0 < self.smallest < math.inf:
            raise Senseless("The smallest object has an area above zero.", "smallest")

    @property
    def needs_pixel_size(self) -> bool:
        return self.unit == "um" and not (self.size is None and self.smallest is None)

    def check(self, pixel_size_um: tuple[float, float] | None) -> None:
        """Refuse an image of which it cannot be said how many px a µm is.

        Raises:
            NoPixelSize: a size or an area is in µm, and that of a pixel is not known.
        """
        if self.needs_pixel_size and pixel_size_um is None:
            raise NoPixelSize(
                "Its pixel size is not known, so objects can be neither told apart by µm "
                "nor left out by µm². Choose px."
            )

    def bands(
        self, mask: BandedMask, *, pixel_size_um: tuple[float, float] | None
    ) -> Iterator[tuple[int, Labels]]:
        """The numbered objects of a mask: (y0, int32 (h, W)) from top to bottom.

        `pixel_size_um` is (y, x).

        Raises:
            NoPixelSize: a size or an area is in µm, and that of a pixel is not known.
        """
        size = self.size_px(pixel_size_um)
        return object_bands(
            mask,
            method=self.method,
            h_px=size,
            min_distance_px=size,
            min_area_px=self.smallest_px(pixel_size_um),
        )

    def size_px(self, pixel_size_um: tuple[float, float] | None) -> float | None:
        """The size in px; in µm, a pixel counts with the geometric mean of its sides."""
        if self.size is None:
            return None
        return self.size / math.sqrt(self._pixel_um2(pixel_size_um))

    def smallest_px(self, pixel_size_um: tuple[float, float] | None) -> int:
        """How many px an object has at least."""
        if self.smallest is None:
            return MIN_OBJECT_PX
        area = min(self.smallest / self._pixel_um2(pixel_size_um), _ALL_PX)
        # Rounded first: 0.1936 µm² of pixels of 22 nm are 400 px, not the 400.00000000000006 of
        # floats.
        return max(1, math.ceil(round(area, 6)))

    def _pixel_um2(self, pixel_size_um: tuple[float, float] | None) -> float:
        """Area of a pixel in the unit's square."""
        if self.unit == "px":
            return 1.0
        self.check(pixel_size_um)
        assert pixel_size_um is not None
        return pixel_size_um[0] * pixel_size_um[1]


AUTOMATIC = Separation()
