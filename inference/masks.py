"""From a stored map to a mask. Pure, and the one place that says where the border lies."""

import math

import numpy as np
import numpy.typing as npt

from inference.objects.components import Labels, label_objects

Map = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
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


def objects_of(map_: Map, threshold: float) -> Labels:
    """int32 (H, W): the numbered objects of a thresholded map, 0 where there is none.

    The 4-connected components of the mask, without specks of fewer than MIN_OBJECT_PX px. The
    object table and the exported label image both come from here, so their numbers agree.
    """
    return label_objects(mask_of(map_, threshold), min_area_px=MIN_OBJECT_PX)
