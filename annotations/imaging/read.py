"""Read an image file into planes."""

from pathlib import Path

from annotations.imaging import picture, tiff
from annotations.imaging.convert import Planes
from annotations.imaging.sniff import sniff


def read_planes(path: Path, *, name: str) -> Planes:
    """Read all channels of a 2-D image.

    Values keep their meaning: `convert.to_stored` says which types become which. Transparency is
    dropped, palette pictures become RGB, NaN and infinities are replaced.

    Args:
        path: the file; the content decides on the format.
        name: the name it was uploaded with.

    Returns:
        (C, H, W), uint8, uint16 or float32, as the header of `inspect_file` says.

    Raises:
        ImageRefused: whatever `inspect_file` refuses, and truncated or undecodable pixels.
    """
    kind = sniff(path, name=name)
    return tiff.read_tiff(path) if kind == "tiff" else picture.read_picture(path, kind)
