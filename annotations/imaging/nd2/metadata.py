"""What an ND2 file says of its channels, steps and times."""

from datetime import UTC, datetime, timedelta
from typing import Any

import nd2
from nd2.structures import XYPosLoop, ZStackLoop

from annotations.imaging.header import RGB_COLOURS, RGB_NAMES, default_colours, default_names
from annotations.imaging.tiff.pixel_size import length_um, seconds


def channels_of(
    file: nd2.ND2File, count: int, *, colour: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if colour:
        return RGB_NAMES, RGB_COLOURS
    names, colours = default_names(count), default_colours(count)
    found = [channel.channel for channel in file.metadata.channels or []]
    if len(found) != count:
        return names, colours
    shown = tuple(f"{one.color.r:02X}{one.color.g:02X}{one.color.b:02X}" for one in found)
    known = len(set(shown)) == count and all(len(colour) == 6 for colour in shown)
    return (
        tuple(str(one.name).strip() or spare for one, spare in zip(found, names, strict=True)),
        shown if known else colours,
    )


def z_step(file: nd2.ND2File) -> float | None:
    loops = [loop for loop in file.experiment if isinstance(loop, ZStackLoop)]
    return length_um(abs(loops[0].parameters.stepUm), "µm") if loops else None


def interval_of(file: nd2.ND2File) -> float | None:
    for loop in file.experiment:
        parameters: Any = loop.parameters
        if loop.type == "TimeLoop":
            measured = parameters.periodDiff.avg if parameters.periodDiff else None
            return seconds(measured or parameters.periodMs, "ms")
    return None


def acquired_at(file: nd2.ND2File) -> datetime | None:
    """The Julian day of the first frame, in UTC."""
    metadata: Any = file.frame_metadata(0)
    try:
        day = metadata.channels[0].time.absoluteJulianDayNumber
        found = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=float(day) - 2_440_587.5)
    except (AttributeError, IndexError, TypeError, ValueError, OverflowError):
        return None
    return found if 1980 <= found.year < 9999 else None


def position_name(file: nd2.ND2File, series: int) -> str:
    loops = [loop for loop in file.experiment if isinstance(loop, XYPosLoop)]
    if not loops:
        return ""
    points = loops[0].parameters.points
    name = points[series].name if series < len(points) else ""
    return str(name or f"Position {series + 1}")
