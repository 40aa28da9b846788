"""From a stored map to a mask. Pure, and the one place that says where the border lies."""

import math

import numpy as np
import numpy.typing as npt

Map = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


def level_of(threshold: float) -> int:
    """The lowest map level (1 to 255) that belongs to the mask, for a threshold from 0 to 1.

    The page draws with the same rule, so that what is seen is what is measured. Level 0 never
    belongs: it stands for "nothing here".
    """
    return max(1, math.floor(threshold * 255 + 0.5))


def mask_of(map_: Map, threshold: float) -> Mask:
    """bool (H, W): where the uint8 (H, W) map reaches the threshold."""
    return map_ >= level_of(threshold)
