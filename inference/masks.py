"""From a stored map to a mask. Pure, and the one place that says where the border lies."""

import math

import numpy as np
import numpy.typing as npt

from inference.objects.choice import Separation
from inference.objects.components import Labels

Map = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Size = tuple[float, float]
# Smaller than anything that a 3 x 3 convolution can tell from noise.
MIN_OBJECT_PX = 16


def level_of(threshold: float) -> int:
    """The lowest map level (1 to 255) that belongs to the mask, for a threshold from 0 to 1.

    The page draws with the same rule, so that what is seen is what is measured. Level 0 never
    belongs: it stands for "nothing here".
    """
    return max(1, math.floor(threshold * 255 + 0.5))


def mask_of(map_: Map, threshold: float) -> Mask:
    """bool (H, W): where the uint8 (H, W) map reaches the threshold."""
    return map_ >= level_of(threshold)


def objects_of(
    map_: Map, threshold: float, separation: Separation, *, pixel_size_um: Size | None
) -> Labels:
    """int32 (H, W): the numbered objects of a thresholded map, 0 where there is none.

    Specks of fewer than MIN_OBJECT_PX px are left out. Object table, counts, detections and the
    exported label image all come from here, so their numbers agree.

    Args:
        map_: uint8 (H, W), 0 to 255 for 0 to 1.
        separation: how touching objects are told apart.
        pixel_size_um: (y, x) in µm, or None where it is not known.

    Raises:
        NoPixelSize: a separation in µm, and the pixel size is not known.
    """
    mask = mask_of(map_, threshold)
    return separation.objects(mask, pixel_size_um=pixel_size_um, min_area_px=MIN_OBJECT_PX)
