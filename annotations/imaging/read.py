"""Read a small 2-D image at once."""

from pathlib import Path

from annotations.imaging.convert import Planes
from annotations.imaging.errors import ImageRefused
from annotations.imaging.opening import open_image

# `read_planes` gives one array; what is larger is read by `open_image`.
_MAX_BYTES = 4 * 1024**3


def read_planes(path: Path, *, name: str) -> Planes:
    """Read all channels of a 2-D image that fits into memory.

    Values keep their meaning: `convert.to_stored` says which types become which. Transparency is
    dropped, palette pictures become RGB, NaN and infinities are replaced.

    Args:
        path: the file; the content decides on the format.
        name: the name it was uploaded with.

    Returns:
        (C, H, W), uint8, uint16 or float32, as the header of `inspect_file` says.

    Raises:
        ImageRefused: whatever `open_image` refuses, stacks, and images above 4 GiB.
    """
    with open_image(path, name=name) as source:
        header = source.header
        if header.depth * header.frames > 1:
            raise ImageRefused("The image is a stack; only one plane can be read at once here.")
        if header.width * header.height * header.channels > _MAX_BYTES:
            raise ImageRefused("The image takes more than 4 GiB; it can only be read in parts.")
        return source.read(t=0, z=0, y0=0, y1=header.height, x0=0, x1=header.width)
