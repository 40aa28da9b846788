"""Which axis of a TIFF series is which, and what its values mean."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tifffile import COMPRESSION, PHOTOMETRIC, TiffPage, TiffPageSeries

from annotations.imaging.convert import Planes
from annotations.imaging.errors import ImageRefused
from annotations.imaging.header import stored_dtype

_GREY = {PHOTOMETRIC.MINISBLACK, PHOTOMETRIC.MINISWHITE}
_JPEG = {COMPRESSION.JPEG, COMPRESSION.OJPEG, COMPRESSION.JPEG_LOSSY}
_ALPHA = {1, 2}  # associated and unassociated alpha of the tag ExtraSamples
_ONE_PLANE = (
    "Only 2-D images are supported for now. In Fiji, keep one plane (Image › Duplicate…) or make "
    "a projection (Image › Stacks › Z Project…), save it as TIFF and upload that."
)


@dataclass(frozen=True)
class Layout:
    """How to turn the pixels of a series into (C, H, W).

    Attributes:
        axes, shape: as in the file, lengths of 1 included.
        channel_axis: 'C', 'S' or '' for a single channel.
        channels: after alpha was dropped and a palette applied.
        dtype: as in the file.
        palette: (entries, 3) uint8 to look values up in, or None.
        inverted: 0 is white in the file.
        is_rgb: 8-bit colour.
    """

    axes: str
    shape: tuple[int, ...]
    channel_axis: str
    channels: int
    dtype: np.dtype[Any]
    palette: NDArray[np.uint8] | None
    inverted: bool
    is_rgb: bool

    @property
    def height(self) -> int:
        return self.shape[self.axes.index("Y")]

    @property
    def width(self) -> int:
        return self.shape[self.axes.index("X")]

    @property
    def stored(self) -> np.dtype[Any]:
        return np.dtype(np.uint8) if self.palette is not None else stored_dtype(self.dtype)


def describe(series: TiffPageSeries, *, is_imagej: bool) -> Layout:
    """Find out the layout of a 2-D series.

    Args:
        series: of a file opened by tifffile.
        is_imagej: written by ImageJ, where a palette only colours the display.

    Raises:
        ImageRefused: more than one z plane, time point, or anything but channels; colour spaces
            that are no light intensities.
    """
    axes, shape, page = series.get_axes(False), series.get_shape(False), series.keyframe
    _check_axes(axes, shape)
    _check_colour_space(page)
    lengths = dict(zip(axes, shape, strict=True))
    channel_axis = next((axis for axis in "CS" if lengths.get(axis, 1) > 1), "")
    colour = channel_axis == "S" and page.photometric not in _GREY
    channels = lengths.get(channel_axis, 1) - (_alpha(page) if channel_axis == "S" else 0)
    palette = None if is_imagej or channel_axis else _picture_palette(page)
    return Layout(
        axes=axes,
        shape=shape,
        channel_axis=channel_axis,
        channels=3 if palette is not None else channels,
        dtype=np.dtype(series.dtype),
        palette=palette,
        inverted=page.photometric == PHOTOMETRIC.MINISWHITE,
        is_rgb=palette is not None or (colour and channels == 3 and series.dtype == np.uint8),
    )


def to_planes(pixels: Planes, layout: Layout) -> Planes:
    """Turn the pixels of a series into (C, H, W), values as in the file.

    Args:
        pixels: any shape that holds what `layout.shape` says.
    """
    kept = [axis for axis in layout.axes if axis in {"Y", "X", layout.channel_axis}]
    lengths = dict(zip(layout.axes, layout.shape, strict=True))
    planes = pixels.reshape([lengths[axis] for axis in kept])
    if not layout.channel_axis:
        planes, kept = planes[np.newaxis], ["", *kept]
    planes = planes.transpose([kept.index(axis) for axis in (layout.channel_axis, "Y", "X")])
    if layout.palette is not None:
        return np.moveaxis(layout.palette[planes[0]], -1, 0)
    planes = planes[: layout.channels]
    return _invert(planes) if layout.inverted else planes


def palette_of(page: TiffPage) -> NDArray[np.uint8] | None:
    """The colour table of a page as (entries, 3) uint8, or None."""
    if page.photometric != PHOTOMETRIC.PALETTE or page.colormap is None:
        return None
    table: NDArray[np.uint8] = (np.asarray(page.colormap).T >> 8).astype(np.uint8)
    return table


def is_ramp(table: NDArray[np.uint8]) -> bool:
    """Whether a colour table (entries, 3) only ever grows brighter or darker in each colour."""
    steps = np.diff(table.astype(np.int16), axis=0)
    return bool(((steps >= 0).all(axis=0) | (steps <= 0).all(axis=0)).all())


def _check_axes(axes: str, shape: tuple[int, ...]) -> None:
    more = {axis: n for axis, n in zip(axes, shape, strict=True) if n > 1 and axis not in "YXCS"}
    if "Z" in more:
        raise ImageRefused(f"The image is a stack of {more['Z']} z planes. {_ONE_PLANE}")
    if "T" in more:
        raise ImageRefused(f"The image is a series of {more['T']} time points. {_ONE_PLANE}")
    if more:
        pages = int(np.prod(list(more.values())))
        raise ImageRefused(
            f"The TIFF holds {pages} pages and does not say what they are. {_ONE_PLANE} "
            "If the pages are channels, say so first (Image › Hyperstacks › Stack to Hyperstack…)."
        )
    if "Y" not in axes or "X" not in axes:
        raise ImageRefused("The TIFF holds no 2-D image. Export it again.")
    if axes.count("Y") > 1 or (_length("C", axes, shape) > 1 and _length("S", axes, shape) > 1):
        raise ImageRefused(
            "The TIFF holds several colour images as channels. Save each one as its own file."
        )


def _length(axis: str, axes: str, shape: tuple[int, ...]) -> int:
    return shape[axes.index(axis)] if axis in axes else 1


def _check_colour_space(page: TiffPage) -> None:
    photometric = page.photometric
    if photometric in _GREY or photometric in {PHOTOMETRIC.RGB, PHOTOMETRIC.PALETTE}:
        return
    # tifffile turns the colours of JPEG-compressed pixels into RGB, of others it does not.
    if photometric == PHOTOMETRIC.YCBCR and page.compression in _JPEG:
        return
    space = getattr(photometric, "name", str(photometric))
    raise ImageRefused(
        f"The TIFF's colours are stored as {space}, which cannot be read. "
        "Save it as RGB or greyscale."
    )


def _alpha(page: TiffPage) -> int:
    """How many of the samples of a pixel are transparency (they come last)."""
    return sum(int(extra) in _ALPHA for extra in page.extrasamples)


def _picture_palette(page: TiffPage) -> NDArray[np.uint8] | None:
    """The palette of a picture; None where it is a ramp, which only colours intensities."""
    table = palette_of(page)
    return None if table is None or is_ramp(table) else table


def _invert(planes: Planes) -> Planes:
    if planes.dtype.kind == "b":
        return ~planes
    if planes.dtype.kind != "u":
        return planes
    return np.iinfo(planes.dtype).max - planes
