"""Objects of masks that are small enough to be held as a whole."""

from typing import Any

import numpy as np

from inference.objects.banded import object_bands
from inference.objects.choice import Separation
from inference.objects.components import Labels, Mask
from inference.objects.regions import BandedMask


def separate(mask: Mask, **how: Any) -> Labels:
    """(H, W) int32: `object_bands` of a mask (H, W), read as one band."""
    return np.concatenate([labels for _, labels in object_bands(_band(mask), **how)])


def separate_as(mask: Mask, separation: Separation) -> Labels:
    """(H, W) int32: the objects of a mask (H, W) by what somebody chose, in px."""
    bands = separation.bands(_band(mask), pixel_size_um=None)
    return np.concatenate([labels for _, labels in bands])


def _band(mask: Mask) -> BandedMask:
    height, width = mask.shape
    return BandedMask(lambda y0, y1: mask[y0:y1], height, width, height)
