"""Look at an image file without reading its pixels."""

from pathlib import Path

from annotations.imaging import picture, tiff
from annotations.imaging.header import ImageHeader
from annotations.imaging.sniff import sniff


def inspect_file(path: Path, *, name: str) -> ImageHeader:
    """Read an image's size, type and calibration from its headers.

    Cheap: no pixel is decoded and no memory of the claimed size is asked for, so a file that
    claims 100,000 x 100,000 px is refused at once. Pixels that turn out to be damaged are only
    found by `read_planes`.

    Args:
        path: the file; its own name does not matter, the content decides.
        name: the name it was uploaded with.

    Raises:
        ImageRefused: no readable image, too large, or a stack of several planes.
    """
    kind = sniff(path, name=name)
    return tiff.inspect_tiff(path) if kind == "tiff" else picture.inspect_picture(path, kind)
