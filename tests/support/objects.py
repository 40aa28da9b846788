"""Objects of masks that are small enough to be held as a whole."""

from typing import Any

import numpy as np

from inference.objects.banded import object_bands
from inference.objects.components import Labels, Mask
from inference.objects.regions import BandedMask


def separate(mask: Mask, **how: Any) -> Labels:
    """(H, W) int32: `object_bands` of a mask (H, W), read as one band."""
    height, width = mask.shape
    band = BandedMask(lambda y0, y1: mask[y0:y1], height, width, height)
    return np.concatenate([labels for _, labels in object_bands(band, **how)])
