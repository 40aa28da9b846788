"""Connected regions of a mask."""

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int32]


def label_objects(mask: Mask, *, min_area_px: int = 1) -> Labels:
    """Number the connected regions of a mask.

    They are 4-connected: pixels that touch at a corner only belong to two.

    Args:
        mask: (H, W) bool.
        min_area_px: smaller regions are left out.

    Returns:
        (H, W) int32; 0 is background, regions are 1, 2, 3 … from the top down.
    """
    labels = np.zeros(mask.shape, dtype=np.int32)
    ndimage.label(mask, output=labels)
    if min_area_px <= 1:
        return labels
    kept = np.bincount(labels.ravel()) >= min_area_px
    kept[0] = False
    numbers = np.where(kept, np.cumsum(kept), 0).astype(np.int32)
    renumbered: Labels = numbers[labels]
    return renumbered


def without_small_holes(mask: Mask, largest_px: float) -> Mask:
    """The mask (H, W) with its holes of up to so many px filled."""
    holes = ndimage.binary_fill_holes(mask) & ~mask
    if not holes.any():
        return mask
    numbers, _ = ndimage.label(holes)
    small = np.bincount(numbers.ravel()) <= largest_px
    small[0] = False
    filled: Mask = mask | small[numbers]
    return filled


def shrunk(mask: Mask, factor: int) -> Mask:
    """A mask ``factor`` times smaller: a pixel belongs where any of those that it stands for do."""
    if factor == 1:
        return mask
    height, width = mask.shape
    padded = np.pad(mask, ((0, -height % factor), (0, -width % factor)))
    blocks = padded.reshape(padded.shape[0] // factor, factor, -1, factor)
    return np.asarray(blocks.any(axis=(1, 3)), dtype=bool)
