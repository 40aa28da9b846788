"""Look at an image file without reading its pixels."""

from pathlib import Path

from annotations.imaging import picture, tiff
from annotations.imaging.errors import ImageRefused
from annotations.imaging.header import ImageHeader
from annotations.imaging.sniff import sniff


def list_images(path: Path, *, name: str) -> list[ImageHeader]:
    """The headers of all images (scenes, series, positions) that a file holds, at least one.

    Args:
        path: the file, or a folder: an OME-Zarr image, or the files of one OME-TIFF.
        name: the name it was uploaded with.

    Raises:
        ImageRefused: no readable image, or one that is too large.
    """
    return [inspect_file(path, name=name)]


def inspect_file(path: Path, *, name: str, series: int = 0, axes: str | None = None) -> ImageHeader:
    """Read an image's size, type and calibration from its headers.

    Cheap: no pixel is decoded and no memory of the claimed size is asked for, so a file that
    claims 100,000 x 100,000 px is refused at once. Pixels that turn out to be damaged are only
    found by `read_planes`.

    Args:
        path: the file; its own name does not matter, the content decides.
        name: the name it was uploaded with.
        series: which image of the file, counted as by `list_images`.
        axes: what an unknown axis means: 'Z', 'T' or 'C'.

    Raises:
        ImageRefused: no readable image, too large, or a stack of several planes.
    """
    if series != 0:
        raise ImageRefused("The file does not hold that many images.")
    kind = sniff(path, name=name)
    return tiff.inspect_tiff(path) if kind == "tiff" else picture.inspect_picture(path, kind)
