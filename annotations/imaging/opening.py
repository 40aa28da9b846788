"""Open any image file for reading block by block."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from annotations.imaging.errors import ImageRefused
from annotations.imaging.files import open_file
from annotations.imaging.inspect import pick
from annotations.imaging.source import ImageSource, KeptSource


@contextmanager
def open_image(
    path: Path, *, name: str, series: int = 0, axes: str | None = None
) -> Iterator[ImageSource]:
    """Open one image of a file.

    Args:
        path: the file, or a folder: an OME-Zarr image, or the files of one OME-TIFF.
        name: the name it was uploaded with.
        series: which image of the file, counted as by `list_images`.
        axes: what an unknown axis means: 'Z', 'T' or 'C'; see `inspect_file`.

    Raises:
        ImageRefused: no readable image, pages that nobody has said the meaning of, or, while it
            is read, damaged pixels.
    """
    with open_file(path, name=name) as file:
        image = pick(file, series, axes)
        if image.header.ambiguous:
            raise ImageRefused(
                f"The file holds {image.header.depth * image.header.frames} pages and does not "
                "say what they are. Say whether they are z planes, time points or channels."
            )
        yield KeptSource(image, file.form)
