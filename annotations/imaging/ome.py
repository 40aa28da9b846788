"""What an OME description says of its images."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

from annotations.imaging.errors import ImageRefused

# A description of a plate with thousands of planes; no more is parsed.
MAX_DESCRIPTION = 256 * 1024**2


@dataclass(frozen=True)
class OmeImage:
    """One Image element.

    Attributes:
        name: '' where it has none.
        channels: (name, colour 'RRGGBB' or '') of each Channel.
        sizes: PhysicalSizeX and so on with their units, and TimeIncrement, as written.
        acquired_at: or None.
    """

    name: str
    channels: tuple[tuple[str, str], ...]
    sizes: dict[str, str]
    acquired_at: datetime | None


def ome_images(description: str) -> list[OmeImage]:
    """All images that a description names, in its order; none if it is damaged."""
    root = parse_xml(description)
    return [] if root is None else list(_images(root))


def parse_xml(text: str) -> ElementTree.Element | None:
    """The root of a document, or None where it is none; entities are not expanded."""
    if "<!DOCTYPE" in text[:4096] or "<!ENTITY" in text:
        return None
    try:
        return ElementTree.fromstring(text)  # noqa: S314 no entities are left
    except (ElementTree.ParseError, ValueError, LookupError):
        return None


def file_names(description: str) -> list[str]:
    """Names of the files that a description says hold its pixels, each once."""
    root = parse_xml(description)
    if root is None:
        return []
    uuids = root.iterfind(".//{*}TiffData/{*}UUID")
    named = [uuid.get("FileName", "") for uuid in uuids]
    binary = root.find("{*}BinaryOnly")
    if binary is not None:
        named.append(binary.get("MetadataFile", ""))
    return list(dict.fromkeys(name for name in named if name))


def without_own_name(description: str) -> str | None:
    """The description of a single file that was renamed, without its old name; else None.

    Some programs give no identity to the whole, only the name of its one file to each plane.
    """
    root = parse_xml(description)
    if root is None or root.get("UUID"):
        return None
    identities = {uuid.text for uuid in root.iterfind(".//{*}TiffData/{*}UUID")}
    if len(identities) != 1:
        return None
    return re.sub(r"<(\w+:)?UUID\b[^>]*>[^<]*</(\w+:)?UUID>", "", description)


def parse_date(text: str | None) -> datetime | None:
    """A time as ISO 8601; one without a zone counts as UTC."""
    if not text:
        return None
    # Zeiss writes seven digits of a second, Python reads six.
    text = re.sub(r"(\.\d{6})\d+", r"\1", text.strip())
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    # Programs that do not know the time write the year 1, 1601 or 1970.
    if not 1980 <= found.year < 9999:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def refuse_long(size: int) -> None:
    if size > MAX_DESCRIPTION:
        raise ImageRefused("The file's description is too long to be read. Export it again.")


def _images(root: ElementTree.Element) -> Iterator[OmeImage]:
    for image in root.iterfind("{*}Image"):
        pixels = image.find("{*}Pixels")
        if pixels is None:
            continue
        date = image.find("{*}AcquisitionDate")
        yield OmeImage(
            name=image.get("Name", ""),
            channels=tuple(_channel(channel) for channel in pixels.iterfind("{*}Channel")),
            sizes=dict(pixels.attrib),
            acquired_at=parse_date(None if date is None else date.text),
        )


def _channel(channel: ElementTree.Element) -> tuple[str, str]:
    """OME keeps a colour as one signed 32-bit number, RGBA from the highest byte down."""
    value = channel.get("Color", "")
    known = re.fullmatch(r"-?\d{1,10}", value)
    colour = f"{(int(value) & 0xFFFFFFFF) >> 8:06X}" if known else ""
    return channel.get("Name", "").strip(), colour
