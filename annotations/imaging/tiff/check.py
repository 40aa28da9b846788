"""Does a TIFF file hold the pixels that its tags promise? Asked before any is decoded."""

import math

from tifffile import TiffFrame, TiffPage, TiffPageSeries

from annotations.imaging.errors import ImageRefused
from annotations.imaging.header import MAX_BLOCK_BYTES, check_packing
from annotations.imaging.tiff.codecs import check_compression

_CUT = (
    "The TIFF file is cut short: its tags point to pixels that are not in the file. "
    "Copy it again from where it came from, or export it again."
)


def check_segments(series: TiffPageSeries, *, file_size: int) -> None:
    """Refuse a series with strips or tiles missing, beyond the end of the file, or enormous.

    tifffile fills what is missing with zeros; here it must not pass for dark pixels.

    Args:
        series: one image of the file.
        file_size: in bytes.
    """
    # Hyperstacks of ImageJ above 4 GiB have one page and all planes behind it.
    if series.dataoffset is not None:
        if series.dataoffset + series.nbytes > file_size:
            raise ImageRefused(_CUT)
        return
    keyframe = series.keyframe
    check_compression(int(keyframe.compression))
    packed = 0
    for page in _pages(series):
        packed += _check_page(page, series.dtype.itemsize, file_size, is_final=keyframe.is_final)
    if int(keyframe.compression) != 1:
        check_packing(packed=packed, claimed=series.nbytes)


def _pages(series: TiffPageSeries) -> list[TiffPage | TiffFrame]:
    pages: list[TiffPage | TiffFrame] = []
    for page in series:
        if page is None:
            raise ImageRefused(_CUT)
        pages.append(page)
    planes = math.prod(series.get_shape(False)) // max(1, math.prod(series.keyframe.shape))
    if len(pages) < planes:
        raise ImageRefused(_CUT)
    return pages


def _check_page(
    page: TiffPage | TiffFrame, itemsize: int, file_size: int, *, is_final: bool
) -> int:
    """The bytes of a page's pixels in the file."""
    offsets, counts = page.dataoffsets, page.databytecounts
    if len(offsets) < math.prod(page.chunked) or len(counts) < len(offsets) or not any(counts):
        raise ImageRefused(_CUT)
    # Files of several parts keep offsets into their own part.
    size = page.parent.filehandle.size if page.parent is not page.parent.root else file_size
    if any(
        offset < 0 or count < 0 or offset + count > size
        for offset, count in zip(offsets, counts, strict=False)
    ):
        raise ImageRefused(_CUT)
    if is_final and offsets[0] + page.nbytes > size:
        raise ImageRefused(_CUT)
    if not is_final and math.prod(page.chunks) * itemsize > MAX_BLOCK_BYTES:
        raise ImageRefused(
            "The TIFF's strips or tiles are larger than the "
            f"{MAX_BLOCK_BYTES // 1024**3} GiB that can be unpacked at once. "
            "Save it again without compression, or in smaller tiles."
        )
    return int(sum(counts))
