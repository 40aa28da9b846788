"""Look at an image file without reading its pixels."""

from dataclasses import replace
from pathlib import Path

from annotations.imaging.errors import ImageRefused, refusing
from annotations.imaging.files import open_file
from annotations.imaging.header import ImageHeader
from annotations.imaging.raw import ImageFile, RawImage

# A file of more images is a plate or a slide scanner's archive gone wrong.
MAX_IMAGES = 10_000


def list_images(path: Path, *, name: str) -> list[ImageHeader]:
    """The headers of all images (scenes, series, positions) that a file holds, at least one.

    One that cannot be read while others can is in the list too, with `refusal` set, so that its
    number stands for it and nothing vanishes.

    Args:
        path: the file, or a folder: an OME-Zarr image, or the files of one OME-TIFF.
        name: the name it was uploaded with.

    Raises:
        ImageRefused: no readable image.
    """
    with open_file(path, name=name) as file:
        if len(file) > MAX_IMAGES:
            raise ImageRefused(
                f"The file holds {len(file):,} images, and at most {MAX_IMAGES:,} can be read. "
                "Save it in parts."
            )
        headers = [_header_or_refusal(file, series) for series in range(len(file))]
    if all(header.refusal for header in headers):
        raise ImageRefused(headers[0].refusal if headers else _NO_IMAGE)
    return headers


def inspect_file(path: Path, *, name: str, series: int = 0, axes: str | None = None) -> ImageHeader:
    """Read an image's size, type and calibration from its headers.

    Cheap: no pixel is decoded and no memory of the claimed size is asked for, so a file that
    claims more than it can hold is refused at once. Pixels that turn out to be damaged are only
    found when they are read.

    Args:
        path: the file; its own name does not matter, the content decides.
        name: the name it was uploaded with.
        series: which image of the file, counted as by `list_images`.
        axes: what an unknown axis means: 'Z', 'T' or 'C'. Of a file whose pages are one known
            axis, what they really are.

    Raises:
        ImageRefused: no readable image, or one that is too large.
    """
    with open_file(path, name=name) as file:
        return pick(file, series, axes).header


def pick(file: ImageFile, series: int, axes: str | None) -> RawImage:
    """One image of an opened file."""
    if not 0 <= series < len(file):
        raise ImageRefused(f"The file does not hold an image number {series + 1}.")
    with refusing(file.form):
        return file.image(series, axes)


def _header_or_refusal(file: ImageFile, series: int) -> ImageHeader:
    try:
        return pick(file, series, None).header
    except ImageRefused as refusal:
        return replace(_NOTHING, series=series, refusal=str(refusal), format=file.form)


_NO_IMAGE = "The file holds no image. Export it again from the program that made it."
_NOTHING = ImageHeader(
    width=1,
    height=1,
    channels=1,
    dtype="uint8",
    channel_names=("Channel 1",),
    channel_colours=("FFFFFF",),
    pixel_size_um=None,
    is_rgb=False,
    format="",
)
