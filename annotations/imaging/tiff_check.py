"""Does a TIFF file hold the pixels that its tags promise? Asked before any is decoded."""

import math

from tifffile import TiffFrame, TiffPage, TiffPageSeries

from annotations.imaging.errors import ImageRefused
from annotations.imaging.header import MAX_BYTES

_CUT = (
    "The TIFF file is cut short: its tags point to pixels that are not in the file. "
    "Copy it again from where it came from, or export it again."
)


def check_segments(series: TiffPageSeries, *, file_size: int) -> None:
    """Refuse a series with strips or tiles missing, beyond the end of the file, or enormous.

    tifffile fills what is missing with zeros; here it must not pass for dark pixels.

    Args:
        series: the one image of the file.
        file_size: in bytes.
    """
    # Hyperstacks of ImageJ above 4 GiB have one page and all planes behind it.
    if series.dataoffset is not None:
        if series.dataoffset + series.nbytes > file_size:
            raise ImageRefused(_CUT)
        return
    for page in series.pages:
        if page is None:
            raise ImageRefused(_CUT)
        _check_page(page, series.dtype.itemsize, file_size)


def _check_page(page: TiffPage | TiffFrame, itemsize: int, file_size: int) -> None:
    offsets, counts = page.dataoffsets, page.databytecounts
    if len(offsets) < math.prod(page.chunked) or len(counts) < len(offsets) or not any(counts):
        raise ImageRefused(_CUT)
    if any(offset + count > file_size for offset, count in zip(offsets, counts, strict=False)):
        raise ImageRefused(_CUT)
    if math.prod(page.chunks) * itemsize > MAX_BYTES:
        raise ImageRefused("The TIFF's tiles are larger than can be read. Save it without tiles.")
