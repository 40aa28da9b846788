"""TIFF in the forms that microscopes and Fiji write, by tifffile."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tifffile import TiffFile, TiffPageSeries

from annotations.imaging.convert import Planes, to_stored
from annotations.imaging.errors import ImageRefused
from annotations.imaging.header import ImageHeader, check_size
from annotations.imaging.pixel_size import pixel_size_um
from annotations.imaging.tiff_check import check_segments
from annotations.imaging.tiff_layout import Layout, describe, to_planes
from annotations.imaging.tiff_names import channel_colours, channel_names

_DAMAGED = (
    "The TIFF file is damaged or cut short, so its pixels cannot be read. "
    "Copy it again from where it came from, or export it again."
)
_ASIDE = {"thumbnail", "label", "macro", "preview"}


def inspect_tiff(path: Path) -> ImageHeader:
    """Header of a TIFF file, from its tags and descriptions alone."""
    with _opened(path) as tiff:
        series, layout = _checked(tiff)
        return ImageHeader(
            width=layout.width,
            height=layout.height,
            channels=layout.channels,
            dtype=layout.stored.name,
            channel_names=channel_names(tiff, layout),
            channel_colours=channel_colours(tiff, series, layout),
            pixel_size_um=pixel_size_um(tiff, series),
            is_rgb=layout.is_rgb,
            format=_format(tiff),
        )


def read_tiff(path: Path) -> Planes:
    """Pixels of a TIFF file as (C, H, W), uint8, uint16 or float32."""
    with _opened(path) as tiff:
        series, layout = _checked(tiff)
        # One thread: import jobs run beside others, and speed here is not what people wait for.
        pixels = series.asarray(maxworkers=1)
        return to_stored(to_planes(pixels, layout))


@contextmanager
def _opened(path: Path) -> Iterator[TiffFile]:
    """Open with tifffile; whatever a damaged file makes it raise becomes a refusal.

    `_multifile=False` because an OME description may name other files, which tifffile would
    otherwise open beside this one: an upload must never read somebody else's file.
    """
    try:
        with TiffFile(path, _multifile=False) as tiff:
            yield tiff
    except ImageRefused:
        raise
    except Exception as error:  # decoders raise anything from KeyError to struct.error
        raise ImageRefused(_reason(error)) from error


def _reason(error: Exception) -> str:
    """Tell a compression that cannot be decoded from damage."""
    text = str(error)
    if "compression" in text.lower() or "codec" in text.lower():
        return (
            f"The TIFF is packed in a way that cannot be read ({text[:80]}). "
            "Open it in Fiji and save it again without compression."
        )
    return _DAMAGED


def _checked(tiff: TiffFile) -> tuple[TiffPageSeries, Layout]:
    series = _only_series(tiff)
    layout = describe(series, is_imagej=bool(tiff.is_imagej))
    check_size(
        width=layout.width,
        height=layout.height,
        channels=layout.channels,
        dtype=layout.dtype,
    )
    check_segments(series, file_size=tiff.filehandle.size)
    return series, layout


def _only_series(tiff: TiffFile) -> TiffPageSeries:
    """The one image of the file; thumbnails and smaller levels beside it do not count."""
    if tiff.is_ome and all(series.kind != "ome" for series in tiff.series):
        raise ImageRefused(
            "The OME-TIFF says that part of its pixels is in other files, or its description is "
            "damaged. Open it in Fiji and save it as one single file."
        )
    images = [series for series in tiff.series if not _is_aside(series)]
    if not images:
        raise ImageRefused("The TIFF file holds no image. Export it again.")
    if len(images) > 1:
        sizes = ", ".join(_size(series) for series in images[:4])
        raise ImageRefused(
            f"The TIFF file holds {len(images)} separate images ({sizes}). "
            "Save each one as its own file, for instance by Fiji, and upload those."
        )
    return images[0]


def _is_aside(series: TiffPageSeries) -> bool:
    reduced = bool(getattr(series.keyframe, "is_reduced", False))
    return reduced or series.name.lower() in _ASIDE or math.prod(series.shape) == 0


def _size(series: TiffPageSeries) -> str:
    lengths = dict(zip(series.get_axes(False), series.get_shape(False), strict=True))
    return f"{lengths.get('X', 1)} x {lengths.get('Y', 1)} px"


def _format(tiff: TiffFile) -> str:
    if tiff.is_ome:
        return "OME-TIFF"
    if tiff.is_imagej:
        return "ImageJ TIFF"
    if tiff.is_lsm:
        return "Zeiss LSM"
    return "MetaMorph TIFF" if tiff.is_stk else "TIFF"
