"""Names and colours of the channels of a TIFF, where the file says them."""

import re
from typing import Any
from xml.etree import ElementTree

from tifffile import TiffFile, TiffPageSeries

from annotations.imaging.header import RGB_COLOURS, RGB_NAMES, default_colours, default_names
from annotations.imaging.tiff_layout import Layout, is_ramp, palette_of


def channel_names(tiff: TiffFile, layout: Layout) -> tuple[str, ...]:
    """From OME channel names or ImageJ slice labels, else 'Channel 1' …; RGB by colour.

    A channel that has no name of its own takes its default name.
    """
    if (layout.channel_axis == "S" and layout.channels == 3) or layout.palette is not None:
        return RGB_NAMES
    fallback = default_names(layout.channels)
    found = _ome_values(tiff, "Name") or _imagej_labels(tiff)
    if len(found) != layout.channels or (layout.channels == 1 and not tiff.is_ome):
        return fallback
    return tuple(name.strip() or spare for name, spare in zip(found, fallback, strict=True))


def channel_colours(tiff: TiffFile, series: TiffPageSeries, layout: Layout) -> tuple[str, ...]:
    """From OME colours or ImageJ lookup tables, else the defaults; each 'RRGGBB'."""
    if (layout.channel_axis == "S" and layout.channels == 3) or layout.palette is not None:
        return RGB_COLOURS
    found = _ome_colours(tiff) or _imagej_colours(tiff) or _palette_colour(series)
    if len(found) != layout.channels or len(set(found)) < layout.channels:
        return default_colours(layout.channels)
    return found


def ome_pixels(tiff: TiffFile) -> ElementTree.Element | None:
    """The first Pixels element of an OME description, or None."""
    if not tiff.is_ome or not tiff.ome_metadata:
        return None
    try:
        # expat caps entity expansion, and tifffile has parsed the same text already.
        root = ElementTree.fromstring(tiff.ome_metadata)  # noqa: S314
    except ElementTree.ParseError:
        return None
    return root.find(".//{*}Image/{*}Pixels")


def _ome_values(tiff: TiffFile, attribute: str) -> tuple[str, ...]:
    pixels = ome_pixels(tiff)
    if pixels is None:
        return ()
    return tuple(channel.get(attribute, "") for channel in pixels.findall("{*}Channel"))


def _ome_colours(tiff: TiffFile) -> tuple[str, ...]:
    """OME keeps a colour as one signed 32-bit number, RGBA from the highest byte down."""
    values = _ome_values(tiff, "Color")
    if not values or not all(re.fullmatch(r"-?\d{1,10}", value) for value in values):
        return ()
    return tuple(f"{(int(value) & 0xFFFFFFFF) >> 8:06X}" for value in values)


def _imagej_labels(tiff: TiffFile) -> tuple[str, ...]:
    labels: Any = (tiff.imagej_metadata or {}).get("Labels", ())
    return tuple(str(label) for label in labels) if isinstance(labels, list) else ()


def _imagej_colours(tiff: TiffFile) -> tuple[str, ...]:
    """The brightest entry of each lookup table, of images shown in colour."""
    metadata = tiff.imagej_metadata or {}
    if metadata.get("mode") not in {"composite", "color"}:
        return ()
    tables: Any = metadata.get("LUTs", ())
    # A damaged file may hold tables of any shape.
    if any(table.shape != (3, 256) for table in tables):
        return ()
    return tuple("".join(f"{int(part):02X}" for part in table[:, -1]) for table in tables)


def _palette_colour(series: TiffPageSeries) -> tuple[str, ...]:
    """The last colour of the ramp that a single-channel palette file is shown in."""
    table = palette_of(series.keyframe)
    if table is None or not is_ramp(table):
        return ()
    return ("".join(f"{int(part):02X}" for part in table[-1]),)
