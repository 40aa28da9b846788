"""Small CZI files, written by the published layout of their segments."""

import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray

_PIXEL_TYPES = {("uint8", 1): 0, ("uint16", 1): 1, ("float32", 1): 2, ("uint8", 3): 3}


@dataclass(frozen=True)
class Block:
    """One subblock: (h, w) or (h, w, 3) pixels at a place; `stored` says it is a reduced copy."""

    pixels: NDArray[Any]
    y: int = 0
    x: int = 0
    axes: dict[str, int] = field(default_factory=dict)
    compression: int = 0
    reduction: int = 1


METADATA = """<ImageDocument><Metadata><Information><Image>
<AcquisitionDateAndTime>2023-04-05T06:07:08.1234567Z</AcquisitionDateAndTime>
<Dimensions><Channels><Channel Id="Channel:0" Name="DAPI"><Color>#FF0000FF</Color></Channel>
<Channel Id="Channel:1" Name="GFP"><Color>#FF00FF00</Color></Channel></Channels>
<S><Scenes><Scene Index="0" Name="A1"/><Scene Index="1" Name="B2"/></Scenes></S></Dimensions>
</Image></Information><Scaling><Items><Distance Id="X"><Value>2.5E-07</Value></Distance>
<Distance Id="Y"><Value>3E-07</Value></Distance><Distance Id="Z"><Value>1E-06</Value></Distance>
</Items></Scaling></Metadata></ImageDocument>"""


def write_czi(path: Path, blocks: list[Block], *, metadata: str = METADATA) -> Path:
    """Header, metadata, subblocks, and the directory at the end, as ZEN writes them."""
    content = bytearray(_segment(b"ZISRAWFILE", b"\0" * 512))
    metadata_at = len(content)
    text = metadata.encode()
    content += _segment(
        b"ZISRAWMETADATA", struct.pack("<ii", len(text), 0).ljust(256, b"\0") + text
    )
    entries = b""
    for block in blocks:
        entry = _entry(block, len(content))
        packed = _packed(block)
        head = struct.pack("<iiq", 0, 0, len(packed)) + entry
        content += _segment(b"ZISRAWSUBBLOCK", head.ljust(256, b"\0") + packed)
        entries += entry
    directory_at = len(content)
    head = struct.pack("<i", len(blocks)).ljust(128, b"\0")
    content += _segment(b"ZISRAWDIRECTORY", head + entries)
    header = struct.pack(
        "<iiii16s16siqqiq", 1, 0, 0, 0, b"", b"", 0, directory_at, metadata_at, 0, 0
    )
    content[32 : 32 + len(header)] = header
    path.write_bytes(content)
    return path


def _segment(kind: bytes, data: bytes) -> bytes:
    size = -(-len(data) // 32) * 32
    return struct.pack("<16sqq", kind, size, len(data)) + data.ljust(size, b"\0")


def _entry(block: Block, position: int) -> bytes:
    height, width = block.pixels.shape[:2]
    samples = block.pixels.shape[2] if block.pixels.ndim == 3 else 1
    kind = _PIXEL_TYPES[block.pixels.dtype.name, samples]
    axes = [
        _axis("X", block.x, width * block.reduction, width),
        _axis("Y", block.y, height * block.reduction, height),
        *(_axis(name, start, 1, 1) for name, start in block.axes.items()),
    ]
    pyramid = 2 if block.reduction > 1 else 0
    head = struct.pack(
        "<2siqiiBB4si", b"DV", kind, position, 0, block.compression, pyramid, 0, b"", len(axes)
    )
    return head + b"".join(axes)


def _axis(name: str, start: int, size: int, stored: int) -> bytes:
    return struct.pack("<4siifi", name.encode(), start, size, 0.0, stored)


def _packed(block: Block) -> bytes:
    pixels = block.pixels[..., ::-1] if block.pixels.ndim == 3 else block.pixels
    raw = np.ascontiguousarray(pixels).tobytes()
    if block.compression == 5:
        return bytes(imagecodecs.zstd_encode(raw))
    if block.compression == 6:
        low_high = np.frombuffer(raw, np.uint8).reshape(-1, 2).T.tobytes()
        return b"\x03\x01\x01" + bytes(imagecodecs.zstd_encode(low_high))
    if block.compression == 4:
        return bytes(imagecodecs.jpegxr_encode(block.pixels, level=1.0))
    return raw
