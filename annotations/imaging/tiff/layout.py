"""Which axis of a TIFF series is which, and what its values mean."""

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tifffile import COMPRESSION, PHOTOMETRIC, TiffPage, TiffPageSeries

from annotations.imaging.axes import Axes, arrange
from annotations.imaging.convert import Planes
from annotations.imaging.errors import ImageRefused
from annotations.imaging.header import stored_dtype

_GREY = {PHOTOMETRIC.MINISBLACK, PHOTOMETRIC.MINISWHITE}
_JPEG = {COMPRESSION.JPEG, COMPRESSION.OJPEG, COMPRESSION.JPEG_LOSSY}
_ALPHA = {1, 2}  # associated and unassociated alpha of the tag ExtraSamples
_NO_PLANE = "The TIFF holds no 2-D image. Export it again."


@dataclass(frozen=True)
class Layout:
    """How the pages of a series make up an image.

    Attributes:
        axes: of the pages.
        samples: channels within a page, without transparency; 1 where channels are pages.
        channels: after a palette was applied.
        width, height: in px.
        dtype: as in the file.
        palette: (entries, 3) uint8 to look values up in, or None.
        inverted: 0 is white in the file.
        is_rgb: 8-bit colour.
        colour: the samples are red, green and blue.
    """

    axes: Axes
    samples: int
    channels: int
    width: int
    height: int
    dtype: np.dtype[Any]
    palette: NDArray[np.uint8] | None
    inverted: bool
    is_rgb: bool
    colour: bool

    @property
    def value_dtype(self) -> np.dtype[Any]:
        """Of the pixels that come out, before they are converted."""
        return np.dtype(np.uint8) if self.palette is not None else self.dtype

    @property
    def stored(self) -> np.dtype[Any]:
        return stored_dtype(self.value_dtype)


def describe(series: TiffPageSeries, *, is_imagej: bool, answer: str | None = None) -> Layout:
    """Find out the layout of a series.

    Args:
        series: of a file opened by tifffile.
        is_imagej: written by ImageJ, where a palette only colours the display.
        answer: what an unknown axis means: 'Z', 'T' or 'C'.

    Raises:
        ImageRefused: no plane in it, channels of several colours each, colour spaces that are no
            light intensities.
    """
    page = series.keyframe
    _check_colour_space(page)
    leading, lengths = _page_axes(series)
    separate, _, height, width, contiguous = page.shaped
    samples = max(separate, contiguous) - _alpha(page)
    colour = samples == 3 and page.photometric not in _GREY
    axes = arrange(leading, lengths, answer=answer, samples=samples > 1)
    if samples > 1 and axes.lengths["C"] > 1:
        raise ImageRefused(
            "The TIFF holds several colour images as channels. Save each one as its own file."
        )
    grey = samples == 1 and axes.lengths["C"] == 1
    palette = _picture_palette(page) if grey and not is_imagej else None
    return Layout(
        axes=axes,
        samples=samples,
        channels=3 if palette is not None else samples * axes.lengths["C"],
        width=width,
        height=height,
        dtype=np.dtype(series.dtype),
        palette=palette,
        inverted=page.photometric == PHOTOMETRIC.MINISWHITE,
        is_rgb=palette is not None or (colour and series.dtype == np.uint8),
        colour=colour or palette is not None,
    )


def _page_axes(series: TiffPageSeries) -> tuple[str, tuple[int, ...]]:
    """The axes of a series that run over its pages; the rest lies within a page.

    Raises:
        ImageRefused: axes and pages do not fit together, or pages are volumes of their own.
    """
    axes, shape, page = series.get_axes(False), series.get_shape(False), series.keyframe
    separate, depth, height, width, _ = page.shaped
    if depth > 1:
        raise ImageRefused(
            "The TIFF keeps a whole volume in one page, which cannot be read. "
            "Open it in Fiji and save it as an ordinary stack."
        )
    row = _row_axis(axes, shape, height, width)
    start = row - 1 if separate > 1 else row
    if start < 0 or prod(shape[start:]) != prod(page.shaped):
        raise ImageRefused(_NO_PLANE)
    return axes[:start], tuple(shape[:start])


def _row_axis(axes: str, shape: tuple[int, ...], height: int, width: int) -> int:
    """Where the rows of a page are in the axes; in an xz scan z takes the place of y."""
    column = axes.rfind("X")
    if column < 1 or shape[column] != width or shape[column - 1] != height:
        raise ImageRefused(_NO_PLANE)
    return column - 1


def to_values(samples: Planes, layout: Layout) -> Planes:
    """Look up a palette and turn round values where 0 is white.

    Args:
        samples: (C, h, w) as in the file.
    """
    if layout.palette is not None:
        # A bilevel or damaged file may hold an index that its palette lacks.
        indices = np.minimum(samples[0].astype(np.intp), len(layout.palette) - 1)
        return np.moveaxis(layout.palette[indices], -1, 0)
    return _invert(samples) if layout.inverted else samples


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
    alpha = sum(int(extra) in _ALPHA for extra in page.extrasamples)
    return alpha if alpha < page.samplesperpixel else 0


def _picture_palette(page: TiffPage) -> NDArray[np.uint8] | None:
    """The palette of a picture; None where it is a ramp, which only colours intensities."""
    table = palette_of(page)
    return None if table is None or table.ndim != 2 or is_ramp(table) else table


def _invert(planes: Planes) -> Planes:
    if planes.dtype.kind == "b":
        return ~planes
    if planes.dtype.kind != "u":
        return planes
    return np.iinfo(planes.dtype).max - planes
