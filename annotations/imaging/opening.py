"""Open any image file for reading block by block."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from annotations.imaging.inspect import inspect_file
from annotations.imaging.read import read_planes
from annotations.imaging.source import ArraySource, ImageSource


@contextmanager
def open_image(
    path: Path, *, name: str, series: int = 0, axes: str | None = None
) -> Iterator[ImageSource]:
    """Open one image of a file.

    Args:
        path: the file, or a folder: an OME-Zarr image, or the files of one OME-TIFF.
        name: the name it was uploaded with.
        series: which image of the file, counted as by `list_images`.
        axes: what an unknown axis means: 'Z', 'T' or 'C'.

    Raises:
        ImageRefused: no readable image, or, while it is read, damaged pixels.
    """
    header = inspect_file(path, name=name, series=series, axes=axes)
    planes = read_planes(path, name=name)
    yield ArraySource(planes[None, :, None], header)
