"""Objects of a mask that some other program or person made."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from skimage.measure import label

from annotations.imaging.errors import ImageRefused
from annotations.imaging.opening import open_image
from annotations.imaging.outlines.shapes import Labels, consecutive

# A mask is read whole; larger ones are for the command line of a machine with the memory.
MAX_PIXELS = 100_000_000


def read_mask(path: Path, *, name: str, height: int, width: int) -> Labels:
    """Read a mask of an image: any value but 0 is the structure.

    Args:
        path: of any format that images may have; one channel, or one colour picture.
        name: of the file as it was sent.
        height, width: that it must have, in px.

    Returns:
        uint32 (H, W): 0 is background, objects are numbered from 1. A mask of several values has
        a number for each object already; of one value, connected regions (8 neighbours) become
        objects.

    Raises:
        ImageRefused: no image, another size, a stack, several channels.
    """
    with open_image(path, name=name) as source:
        header = source.header
        if (header.height, header.width) != (height, width):
            raise ImageRefused(
                f"The mask is {header.width} x {header.height} px and the image "
                f"{width} x {height}. They must be of one size."
            )
        if height * width > MAX_PIXELS:
            raise ImageRefused(f"Masks of more than {MAX_PIXELS:,} px cannot be read.")
        if header.depth * header.frames > 1 or (header.channels > 1 and not header.is_rgb):
            raise ImageRefused("A mask has one plane and one channel. Save them one by one.")
        planes = source.read(t=0, z=0, y0=0, y1=height, x0=0, x1=width)
    return objects(planes.max(axis=0) if header.is_rgb else planes[0], colours=header.is_rgb)


def objects(mask: NDArray[Any], *, colours: bool = False) -> Labels:
    """Number the objects of a (H, W) mask as `read_mask` does.

    Args:
        mask: of any type; NaN counts as background.
        colours: values are brightness and not numbers of objects.
    """
    present = np.nan_to_num(mask, nan=0.0) != 0
    values = np.unique(mask[present])
    if len(values) > 1 and not colours and (values == np.round(values)).all() and values[0] > 0:
        numbered = np.where(present, mask, 0).astype(np.int64)
        return consecutive(numbered.astype(np.uint32))
    return label(present, connectivity=2).astype(np.uint32)  # type: ignore[no-any-return]
