"""Pixel size of TIFF files in µm."""

import math
from typing import Any

from tifffile import TiffFile, TiffPageSeries

from annotations.imaging.tiff_names import ome_pixels

Size = tuple[float, float]

_UNITS = {
    "å": 1e-4,
    "angstrom": 1e-4,
    "nm": 1e-3,
    "nanometer": 1e-3,
    "nanometre": 1e-3,
    "um": 1.0,
    "µm": 1.0,
    "μm": 1.0,  # Greek mu; the line above is the micro sign
    "micron": 1.0,
    "microns": 1.0,
    "micrometer": 1.0,
    "micrometre": 1.0,
    "mm": 1e3,
    "millimeter": 1e3,
    "cm": 1e4,
    "m": 1e6,
}
# Screens and printers write 72 to 1,200 dots per inch (353 to 21 µm) into files that nobody
# calibrated, so a bare resolution is believed only where it is finer than print.
_PLAUSIBLE_BARE = (0.0005, 10.0)
_POSSIBLE = (1e-5, 1e4)
_BARE_UNIT_UM = {2: 25_400.0, 3: 10_000.0}  # the tag ResolutionUnit: inch, centimetre


def pixel_size_um(tiff: TiffFile, series: TiffPageSeries) -> Size | None:
    """Size of a pixel as (y, x) in µm, or None where the file does not say it credibly.

    In this order: OME PhysicalSizeX/Y with their units; ImageJ's unit with XResolution and
    YResolution; Zeiss LSM voxel size; MetaMorph calibration; and at last the bare TIFF
    resolution per inch or centimetre, believed from 0.5 nm to 10 µm only, because cameras,
    screens and printers leave 72 to 1,200 dpi in files that nobody calibrated. ImageJ's 'inch'
    and 'cm' are such bare resolutions handed on and are judged the same way.
    """
    if tiff.is_ome:
        return _from_ome(tiff)
    if tiff.is_imagej:
        return _from_imagej(tiff, series)
    if tiff.is_lsm:
        metadata: Any = tiff.lsm_metadata or {}
        return _size(metadata.get("VoxelSizeY"), metadata.get("VoxelSizeX"), "m")
    if tiff.is_stk:
        metadata = tiff.stk_metadata or {}
        unit = str(metadata.get("CalibrationUnits", ""))
        return _size(metadata.get("YCalibration"), metadata.get("XCalibration"), unit)
    return _from_resolution(series)


def _size(y: Any, x: Any, unit: str) -> Size | None:
    """Scale to µm; None for missing, impossible or uncalibrated sizes."""
    factor = _UNITS.get(unit.strip().lower())
    if factor is None or y is None or x is None:
        return None
    try:
        size = (float(y) * factor, float(x) * factor)
    except ValueError:
        return None
    return size if _within(size, _POSSIBLE) else None


def _within(size: Size, limits: Size) -> bool:
    return all(math.isfinite(side) and limits[0] <= side <= limits[1] for side in size)


def _from_ome(tiff: TiffFile) -> Size | None:
    pixels = ome_pixels(tiff)
    if pixels is None:
        return None
    sides = [
        _size(pixels.get(f"PhysicalSize{axis}"), 1.0, pixels.get(f"PhysicalSize{axis}Unit", "µm"))
        for axis in "YX"
    ]
    if sides[0] is None or sides[1] is None:
        return None
    return sides[0][0], sides[1][0]


def _from_imagej(tiff: TiffFile, series: TiffPageSeries) -> Size | None:
    unit = str((tiff.imagej_metadata or {}).get("unit", "")).replace("\\u00B5", "µ")
    unit = unit.strip().lower()
    per_unit = _per_unit(series)
    if per_unit is None:
        return None
    if unit in {"inch", "cm"}:
        scale = _BARE_UNIT_UM[2 if unit == "inch" else 3]
        return _plausible((per_unit[0] * scale, per_unit[1] * scale))
    return _size(*per_unit, unit)


def _from_resolution(series: TiffPageSeries) -> Size | None:
    tag = series.keyframe.tags.get("ResolutionUnit")
    scale = _BARE_UNIT_UM.get(int(tag.value) if tag is not None else 2)
    per_unit = _per_unit(series)
    if scale is None or per_unit is None:
        return None
    return _plausible((per_unit[0] * scale, per_unit[1] * scale))


def _plausible(size: Size) -> Size | None:
    return size if _within(size, _PLAUSIBLE_BARE) else None


def _per_unit(series: TiffPageSeries) -> Size | None:
    """Length of a pixel (y, x) in resolution units: the inverse of the tags' fractions."""
    sides = []
    for name in ("YResolution", "XResolution"):
        tag = series.keyframe.tags.get(name)
        if tag is None:
            return None
        numerator, denominator = tag.value
        if not numerator or not denominator:
            return None
        sides.append(denominator / numerator)
    return sides[0], sides[1]
