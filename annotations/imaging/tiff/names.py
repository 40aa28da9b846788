"""Names and colours of the channels of a TIFF, where the file says them."""

from typing import Any

from tifffile import TiffFile, TiffPageSeries

from annotations.imaging.header import RGB_COLOURS, RGB_NAMES, default_colours, default_names
from annotations.imaging.ome import OmeImage
from annotations.imaging.tiff.layout import Layout, is_ramp, palette_of


def channel_names(tiff: TiffFile, ome: OmeImage | None, layout: Layout) -> tuple[str, ...]:
    """From OME channel names or ImageJ slice labels, else 'Channel 1' …; RGB by colour.

    A channel that has no name of its own takes its default name.
    """
    if layout.channels == 3 and (layout.samples == 3 or layout.palette is not None):
        return RGB_NAMES
    fallback = default_names(layout.channels)
    found = tuple(name for name, _ in ome.channels) if ome is not None else ()
    found = found or _imagej_labels(tiff, layout)
    if len(found) != layout.channels or (layout.channels == 1 and ome is None):
        return fallback
    return tuple(name.strip() or spare for name, spare in zip(found, fallback, strict=True))


def channel_colours(
    tiff: TiffFile, series: TiffPageSeries, ome: OmeImage | None, layout: Layout
) -> tuple[str, ...]:
    """From OME colours or ImageJ lookup tables, else the defaults; each 'RRGGBB'."""
    if layout.channels == 3 and (layout.samples == 3 or layout.palette is not None):
        return RGB_COLOURS
    found = _ome_colours(ome) or _imagej_colours(tiff) or _palette_colour(series)
    if len(found) != layout.channels or len(set(found)) < layout.channels:
        return default_colours(layout.channels)
    return found


def _ome_colours(ome: OmeImage | None) -> tuple[str, ...]:
    colours = tuple(colour for _, colour in ome.channels) if ome is not None else ()
    return colours if all(colours) else ()


def _imagej_labels(tiff: TiffFile, layout: Layout) -> tuple[str, ...]:
    """Labels of the slices, where there is one slice per channel: in a stack each has its own."""
    if layout.axes.lengths["Z"] * layout.axes.lengths["T"] > 1:
        return ()
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
