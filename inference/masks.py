"""From a stored map to a mask. Pure, and the one place that says where the border lies."""

import math
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from inference.objects.choice import Separation
from inference.objects.components import Labels
from inference.objects.regions import BandedMask

Map = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Size = tuple[float, float]
# Rows of a map that are looked at together: as many as a chunk of its store has.
BAND_PX = 512
# First row and one past the last, to uint8 (h, W).
ReadMap = Callable[[int, int], Map]


def level_of(threshold: float) -> int:
    """The lowest map level (1 to 255) that belongs to the mask, for a threshold from 0 to 1.

    The page draws with the same rule, so that what is seen is what is measured. Level 0 never
    belongs: it stands for "nothing here".
    """
    return max(1, math.floor(threshold * 255 + 0.5))


def mask_of(map_: Map, threshold: float) -> Mask:
    """bool (H, W): where the uint8 (H, W) map reaches the threshold."""
    return map_ >= level_of(threshold)


def object_bands_of(
    read: ReadMap,
    threshold: float,
    separation: Separation,
    *,
    height: int,
    width: int,
    pixel_size_um: Size | None,
    rows: int = BAND_PX,
) -> Iterator[tuple[int, Labels]]:
    """The numbered objects of a thresholded map, 0 where there is none; memory for a few bands.

    Regions below the smallest object of the separation are left out. Object table, counts,
    detections and the exported label image all come from here, so their numbers agree.

    Args:
        read: gives the rows y0 to y1 of the map, uint8 (h, W), 0 to 255 for 0 to 1; each is read
            several times.
        separation: how touching objects are told apart, and how small one may be.
        height, width: of the map in px.
        pixel_size_um: (y, x) in µm, or None where it is not known.
        rows: in a band.

    Yields:
        (y0, int32 (h, W)) from top to bottom.

    Raises:
        NoPixelSize: a separation in µm, and the pixel size is not known.
    """
    mask = BandedMask(lambda y0, y1: mask_of(read(y0, y1), threshold), height, width, rows)
    return separation.bands(mask, pixel_size_um=pixel_size_um)
