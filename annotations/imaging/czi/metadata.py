"""What a CZI file says of its channels, scenes, pixel size and times."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from xml.etree import ElementTree

from annotations.imaging.ome import parse_date, parse_xml
from annotations.imaging.tiff.pixel_size import length_um, seconds


@dataclass(frozen=True)
class CziMetadata:
    """Of a whole file.

    Attributes:
        channels: (name, colour 'RRGGBB'), '' where not said.
        scenes: names by index.
        pixel_size_um: (y, x), or None.
        pixel_size_z_um, interval_s, acquired_at: or None.
    """

    channels: tuple[tuple[str, str], ...] = ()
    scenes: dict[int, str] = field(default_factory=dict)
    pixel_size_um: tuple[float, float] | None = None
    pixel_size_z_um: float | None = None
    interval_s: float | None = None
    acquired_at: datetime | None = None


def parse_metadata(text: str) -> CziMetadata:
    root = parse_xml(text)
    if root is None:
        return CziMetadata()
    x, y, z = (_scale(root, axis) for axis in "XYZ")
    dates = (
        root.findtext(".//Information/Image/AcquisitionDateAndTime"),
        root.findtext(".//Information/Image/Dimensions/T/StartTime"),
    )
    return CziMetadata(
        channels=_channels(root),
        scenes=_scenes(root),
        pixel_size_um=None if x is None or y is None else (y, x),
        pixel_size_z_um=z,
        interval_s=_interval(root),
        acquired_at=next((date for date in map(parse_date, dates) if date is not None), None),
    )


def _channels(root: ElementTree.Element) -> tuple[tuple[str, str], ...]:
    """Of the acquisition, completed by what ZEN shows them as."""
    taken = root.findall(".//Information/Image/Dimensions/Channels/Channel")
    shown = root.findall(".//DisplaySetting/Channels/Channel")
    if not taken:
        taken = shown
    shown = shown if len(shown) == len(taken) else taken
    return tuple(
        (a.get("Name") or b.get("Name") or "", _colour(a) or _colour(b))
        for a, b in zip(taken, shown, strict=True)
    )


def _colour(channel: ElementTree.Element) -> str:
    """Written as #AARRGGBB."""
    text = channel.findtext("Color") or ""
    return text[3:].upper() if re.fullmatch(r"#[0-9A-Fa-f]{8}", text) else ""


def _scenes(root: ElementTree.Element) -> dict[int, str]:
    scenes = root.findall(".//Information/Image/Dimensions/S/Scenes/Scene")
    return {
        int(scene.get("Index", "")): scene.get("Name", "")
        for scene in scenes
        if scene.get("Index", "").isdecimal()
    }


def _scale(root: ElementTree.Element, axis: str) -> float | None:
    return length_um(root.findtext(f".//Scaling/Items/Distance[@Id='{axis}']/Value"), "m")


def _interval(root: ElementTree.Element) -> float | None:
    times = root.find(".//Information/Image/Dimensions/T/Positions")
    if times is None:
        return None
    offsets = (times.findtext("List/Offsets") or "").split()
    if len(offsets) > 1:
        first, second = seconds(offsets[0], "s") or 0.0, seconds(offsets[1], "s")
        return None if second is None else seconds(second - first, "s")
    return seconds(times.findtext("Interval/Increment"), "s")
