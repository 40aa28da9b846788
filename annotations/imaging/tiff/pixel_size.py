"""Pixel size of TIFF files in µm, and their times."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from tifffile import TiffFile, TiffPageSeries

from annotations.imaging.ome import OmeImage, parse_date

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
_SECONDS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("ms", "msec", "millisecond", "milliseconds"), 1e-3),
    **dict.fromkeys(("µs", "us"), 1e-6),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hr", "hour", "hours"), 3600.0),
}
# Screens and printers write 72 to 1,200 dots per inch (353 to 21 µm) into files that nobody
# calibrated, so a bare resolution is believed only where it is finer than print.
_PLAUSIBLE_BARE = (0.0005, 10.0)
_POSSIBLE = (1e-5, 1e4)
_BARE_UNIT_UM = {2: 25_400.0, 3: 10_000.0}  # the tag ResolutionUnit: inch, centimetre


@dataclass(frozen=True)
class Calibration:
    """What a file says of space and time.

    Attributes:
        pixel_size_um: (y, x), or None where the file does not say it credibly.
        pixel_size_z_um: distance of two z planes, or None.
        interval_s: between two time points, or None.
        acquired_at: with a time zone, or None.
    """

    pixel_size_um: Size | None = None
    pixel_size_z_um: float | None = None
    interval_s: float | None = None
    acquired_at: datetime | None = None


def calibration(tiff: TiffFile, series: TiffPageSeries, ome: OmeImage | None = None) -> Calibration:
    """Size of a pixel and all else that a TIFF file says of space and time.

    In this order: OME PhysicalSizeX, Y and Z with their units; ImageJ's unit with XResolution,
    YResolution and spacing; Zeiss LSM voxel size; MetaMorph calibration; and at last the bare
    TIFF resolution per inch or centimetre, believed from 0.5 nm to 10 µm only, because cameras,
    screens and printers leave 72 to 1,200 dpi in files that nobody calibrated. ImageJ's 'inch'
    and 'cm' are such bare resolutions handed on and are judged the same way.
    """
    if tiff.is_ome:
        return Calibration() if ome is None else from_ome(ome)
    if tiff.is_imagej:
        return _from_imagej(tiff, series)
    if tiff.is_lsm:
        return _from_lsm(tiff.lsm_metadata or {})
    if tiff.is_stk:
        return _from_stk(tiff.stk_metadata or {})
    return Calibration(_from_resolution(series), acquired_at=_tag_date(series))


def length_um(value: Any, unit: str) -> float | None:
    """A length in µm; None for a missing, impossible or uncalibrated one."""
    size = _size(value, value, unit)
    return None if size is None else size[0]


def seconds(value: Any, unit: str) -> float | None:
    """A time in s; None where it is missing, unknown or not above 0."""
    factor = _SECONDS.get(unit.strip().lower())
    try:
        found = float(value) * factor if factor is not None else math.nan
    except (TypeError, ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and found > 0 else None


def from_ome(ome: OmeImage) -> Calibration:
    """Of one image of an OME description."""
    x, y, z = (
        length_um(
            ome.sizes.get(f"PhysicalSize{axis}"), ome.sizes.get(f"PhysicalSize{axis}Unit", "µm")
        )
        for axis in "XYZ"
    )
    return Calibration(
        pixel_size_um=None if x is None or y is None else (y, x),
        pixel_size_z_um=z,
        interval_s=seconds(ome.sizes.get("TimeIncrement"), ome.sizes.get("TimeIncrementUnit", "s")),
        acquired_at=ome.acquired_at,
    )


def _size(y: Any, x: Any, unit: str) -> Size | None:
    """Scale to µm; None for missing, impossible or uncalibrated sizes."""
    factor = _UNITS.get(unit.strip().lower())
    if factor is None or y is None or x is None:
        return None
    try:
        size = (float(y) * factor, float(x) * factor)
    except (TypeError, ValueError, OverflowError):
        return None
    return size if _within(size, _POSSIBLE) else None


def _within(size: Size, limits: Size) -> bool:
    return all(math.isfinite(side) and limits[0] <= side <= limits[1] for side in size)


def _from_imagej(tiff: TiffFile, series: TiffPageSeries) -> Calibration:
    metadata: Any = tiff.imagej_metadata or {}
    unit = str(metadata.get("unit", "")).replace("\\u00B5", "µ").strip().lower()
    size = _imagej_size(series, unit)
    # Without a size in the plane the unit is no length, or that of a printer.
    z = length_um(metadata.get("spacing"), unit) if size is not None else None
    return Calibration(
        pixel_size_um=size,
        pixel_size_z_um=z,
        interval_s=seconds(metadata.get("finterval"), str(metadata.get("tunit", "s"))),
    )


def _imagej_size(series: TiffPageSeries, unit: str) -> Size | None:
    per_unit = _per_unit(series)
    if per_unit is None:
        return None
    if unit in {"inch", "cm"}:
        scale = _BARE_UNIT_UM[2 if unit == "inch" else 3]
        return _plausible((per_unit[0] * scale, per_unit[1] * scale))
    return _size(*per_unit, unit)


def _from_lsm(metadata: dict[str, Any]) -> Calibration:
    scan: Any = metadata.get("ScanInformation") or {}
    return Calibration(
        pixel_size_um=_size(metadata.get("VoxelSizeY"), metadata.get("VoxelSizeX"), "m"),
        pixel_size_z_um=length_um(metadata.get("VoxelSizeZ"), "m"),
        interval_s=seconds(metadata.get("TimeIntervall"), "s"),
        acquired_at=_ole_date(scan.get("Sample0time")),
    )


def _from_stk(metadata: dict[str, Any]) -> Calibration:
    unit = str(metadata.get("CalibrationUnits", ""))
    steps = np.atleast_1d(metadata.get("ZDistance", ()))
    step = float(abs(steps[0])) if steps.size else None
    times = np.atleast_1d(metadata.get("DatetimeCreated", ()))
    return Calibration(
        pixel_size_um=_size(metadata.get("YCalibration"), metadata.get("XCalibration"), unit),
        pixel_size_z_um=length_um(step, unit),
        acquired_at=parse_date(str(times[0])) if times.size else None,
    )


def _ole_date(days: Any) -> datetime | None:
    """Days since the end of 1899, as Windows counts them."""
    try:
        return datetime(1899, 12, 30, tzinfo=UTC) + timedelta(days=float(days))
    except (TypeError, ValueError, OverflowError):
        return None


def _tag_date(series: TiffPageSeries) -> datetime | None:
    tag = series.keyframe.tags.get("DateTime")
    text = str(tag.value) if tag is not None else ""
    # The TIFF tag writes the date with colons too.
    return parse_date(text[:10].replace(":", "-") + text[10:])


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
