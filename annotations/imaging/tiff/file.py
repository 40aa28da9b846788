"""TIFF in the forms that microscopes and Fiji write, by tifffile."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tifffile import TiffFile, TiffPageSeries

from annotations.imaging.errors import ImageRefused, refusing
from annotations.imaging.header import ImageHeader, check_size
from annotations.imaging.ome import OmeImage, ome_images, without_own_name
from annotations.imaging.raw import Box
from annotations.imaging.tiff.check import check_segments
from annotations.imaging.tiff.layout import Layout, describe, to_values
from annotations.imaging.tiff.names import channel_colours, channel_names
from annotations.imaging.tiff.pages import PageReader
from annotations.imaging.tiff.pixel_size import calibration

_ASIDE = {"thumbnail", "label", "macro", "preview"}


class TiffImages:
    """The images of an opened TIFF file; thumbnails and smaller levels do not count."""

    form = "TIFF"

    def __init__(self, tiff: TiffFile, *, whole: bool) -> None:
        self._tiff = tiff
        self._series = _series(tiff, whole=whole)
        self._ome = ome_images(tiff.ome_metadata or "") if tiff.is_ome else []

    def __len__(self) -> int:
        return len(self._series)

    def image(self, series: int, axes: str | None) -> "TiffImage":
        return TiffImage(self._tiff, self._series[series], series, self._ome_image(series), axes)

    def _ome_image(self, series: int) -> OmeImage | None:
        """What the description says of this image; images without pixels here are passed over."""
        if len(self._ome) == len(self._series):
            return self._ome[series]
        named = [image for image in self._ome if image.name == self._series[series].name]
        return named[0] if len(named) == 1 else None


class TiffImage:
    """One image of a TIFF file."""

    def __init__(
        self,
        tiff: TiffFile,
        series: TiffPageSeries,
        number: int,
        ome: OmeImage | None,
        axes: str | None,
    ) -> None:
        self._layout = describe(series, is_imagej=bool(tiff.is_imagej), answer=axes)
        _check(series, self._layout, tiff.filehandle.size)
        self.header = _header(tiff, series, number, ome, self._layout)
        self._pages = PageReader(series)
        self.block = self._pages.block
        self.dtype = self._layout.value_dtype

    def read(self, t: int, z: int, box: Box, channels: tuple[int, ...]) -> NDArray[Any]:
        layout = self._layout
        if layout.palette is not None:
            indices = self._pages.read(layout.axes.plane(t=t, z=z, c=0), box, (0,))
            return to_values(indices, layout)[list(channels)]
        if layout.samples > 1:
            planes = self._pages.read(layout.axes.plane(t=t, z=z, c=0), box, channels)
        else:
            planes = np.concatenate(
                [self._pages.read(layout.axes.plane(t=t, z=z, c=c), box, (0,)) for c in channels]
            )
        return to_values(planes, layout)

    def is_empty(self, t: int, z: int, channel: int, box: Box) -> bool:
        layout = self._layout
        # A zero there would be looked up in a palette, or turned into white.
        if layout.palette is not None or layout.inverted:
            return False
        within = layout.samples > 1
        page = layout.axes.plane(t=t, z=z, c=0 if within else channel)
        return self._pages.is_empty(page, box, channel if within else 0)


@contextmanager
def open_tiff(path: Path, *, description: str | None = None) -> Iterator[TiffImages]:
    """Open a TIFF file.

    `_multifile=False` because an OME description may name other files, which tifffile would
    otherwise open beside this one: an upload must never read somebody else's file. The forms of
    Micro-Manager and NDTiff, which look for neighbours too, are read by their OME or ImageJ
    descriptions.

    Args:
        path: the file.
        description: an OME description from another file, whose names of files were checked to
            be neighbours that may be read.
    """
    with refusing("TIFF"):
        tiff = _opened(path, description, neighbours=description is not None)
        if description is None and tiff.is_ome:
            tiff = _renamed(path, tiff)
    with tiff:
        with refusing("TIFF"):
            images = TiffImages(tiff, whole=description is not None)
        yield images


def _opened(path: Path, description: str | None, *, neighbours: bool) -> TiffFile:
    return TiffFile(
        path, _multifile=neighbours, omexml=description, is_mmstack=False, is_ndtiff=False
    )


def _renamed(path: Path, tiff: TiffFile) -> TiffFile:
    """The same file; one that names nothing but itself is found under any name."""
    description = without_own_name(tiff.ome_metadata or "")
    if description is None:
        return tiff
    tiff.close()
    return _opened(path, description, neighbours=False)


def _series(tiff: TiffFile, *, whole: bool) -> list[TiffPageSeries]:
    if tiff.is_ome and all(series.kind != "ome" for series in tiff.series):
        raise ImageRefused(
            "The OME-TIFF's description is damaged, or does not fit the pixels. "
            "Open it in Fiji and save it as one single file."
            if whole
            else "The OME-TIFF says that part of its pixels is in other files, or its description "
            "is damaged. Upload all of its files together, or open it in Fiji and save it as one "
            "single file."
        )
    images = [series for series in tiff.series if not _is_aside(series)]
    if not images:
        raise ImageRefused("The TIFF file holds no image. Export it again.")
    return images


def _is_aside(series: TiffPageSeries) -> bool:
    reduced = bool(getattr(series.keyframe, "is_reduced", False))
    return reduced or series.name.lower() in _ASIDE or math.prod(series.shape) == 0


def _check(series: TiffPageSeries, layout: Layout, file_size: int) -> None:
    check_size(
        width=layout.width,
        height=layout.height,
        channels=layout.channels,
        planes=layout.axes.lengths["Z"] * layout.axes.lengths["T"],
        dtype=layout.value_dtype,
    )
    check_segments(series, file_size=file_size)


def _header(
    tiff: TiffFile, series: TiffPageSeries, number: int, ome: OmeImage | None, layout: Layout
) -> ImageHeader:
    measured = calibration(tiff, series, ome)
    axes = layout.axes
    return ImageHeader(
        width=layout.width,
        height=layout.height,
        channels=layout.channels,
        dtype=layout.stored.name,
        channel_names=channel_names(tiff, ome, layout),
        channel_colours=channel_colours(tiff, series, ome, layout),
        pixel_size_um=measured.pixel_size_um,
        is_rgb=layout.is_rgb,
        format=_format(tiff),
        depth=axes.lengths["Z"],
        frames=axes.lengths["T"],
        axes=axes.names + ("YXC" if layout.samples > 1 or layout.palette is not None else "YX"),
        ambiguous=axes.ambiguous,
        pixel_size_z_um=measured.pixel_size_z_um,
        interval_s=measured.interval_s,
        acquired_at=measured.acquired_at,
        series=number,
        series_name=series.name if ome is None else ome.name,
    )


def _format(tiff: TiffFile) -> str:
    if tiff.is_ome:
        return "OME-TIFF"
    if tiff.is_imagej:
        return "ImageJ TIFF"
    if tiff.is_lsm:
        return "Zeiss LSM"
    return "MetaMorph TIFF" if tiff.is_stk else "TIFF"
