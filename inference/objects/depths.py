"""How deep the pixels of a region lie: their distance to its border."""

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from inference.objects.components import Mask

# Of a box, whether its first row, last row, first column and last column are the image's own.
Sides = tuple[bool, bool, bool, bool]
CLOSED: Sides = (False, False, False, False)


def to_border(inside: Mask) -> npt.NDArray[np.float64]:
    """(H, W) float64, px: of each pixel, the largest distance to the border that its quarters have.

    The middle of a strip of even width lies between two pixels. Measured at their middles it is
    1 px less deep than that of a strip 1 px wider; measured in quarters half a pixel, as it should.

    Args:
        inside: (H, W) bool, not all true; beyond the array nothing is known.
    """
    height, width = inside.shape
    quarters = inside.repeat(2, axis=0).repeat(2, axis=1)
    distances = np.asarray(ndimage.distance_transform_edt(quarters), dtype=np.float64)
    deepest = distances.reshape(height, 2, width, 2).max(axis=(1, 3))
    return np.asarray(deepest / 2, dtype=np.float64)


def padded(region: Mask, open_sides: Sides) -> tuple[Mask, tuple[slice, slice]]:
    """The region (H, W) with background around it but on open sides, and where it lies in that.

    What the image cuts off goes on beyond: no distance is measured to the image's border.
    """
    top, bottom, left, right = (0 if side else 1 for side in open_sides)
    height, width = region.shape
    own = slice(top, top + height), slice(left, left + width)
    return np.pad(region, ((top, bottom), (left, right))), own
