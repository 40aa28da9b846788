"""Small LIF files, written by the published layout of their blocks."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_DIMENSIONS = {"X": 1, "Y": 2, "Z": 3, "T": 4, "M": 10}


def write_lif(path: Path, images: list[tuple[str, str, NDArray[Any]]]) -> Path:
    """A file of (name, axes, pixels); axes such as 'TZCYX', slowest first, C once at most."""
    elements = "".join(_element(i, *image) for i, image in enumerate(images))
    header = (
        '<LMSDataContainerHeader Version="2"><Element Name="file"><Children>'
        f"{elements}</Children></Element></LMSDataContainerHeader>"
    )
    text = header.encode("utf-16-le")
    content = struct.pack("<IIBI", 0x70, len(text) + 5, 0x2A, len(text) // 2) + text
    for i, (_, _, pixels) in enumerate(images):
        name = f"MemBlock_{i}".encode("utf-16-le")
        data = np.ascontiguousarray(pixels).tobytes()
        content += struct.pack("<IIBQBI", 0x70, 0, 0x2A, len(data), 0x2A, len(name) // 2)
        content += name + data
    path.write_bytes(content)
    return path


def _element(number: int, name: str, axes: str, pixels: NDArray[Any]) -> str:
    steps = dict(zip(axes, (s for s in pixels.strides), strict=True))
    sizes = dict(zip(axes, pixels.shape, strict=True))
    bits = pixels.dtype.itemsize * 8
    channels = "".join(
        f'<ChannelDescription DataType="0" ChannelTag="0" Resolution="{bits}" '
        f'NameOfMeasuredQuantity="" Min="0" Max="255" Unit="" LUTName="{lut}" '
        f'IsLUTInverted="0" BytesInc="{c * steps.get("C", 0)}" BitInc="0">'
        f"<ChannelProperty><Key>DyeName</Key><Value>Dye {c}</Value></ChannelProperty>"
        "</ChannelDescription>"
        for c, lut in zip(range(sizes.get("C", 1)), ("Red", "Green", "Blue"), strict=False)
    )
    dimensions = "".join(
        f'<DimensionDescription DimID="{_DIMENSIONS[axis]}" NumberOfElements="{sizes[axis]}" '
        f'Origin="0" Length="{(sizes[axis] - 1) * (2.0 if axis == "T" else 1e-6)}" '
        f'Unit="{"s" if axis == "T" else "m"}" BytesInc="{steps[axis]}" BitInc="0"/>'
        for axis in reversed(axes)
        if axis != "C"
    )
    return (
        f'<Element Name="{name}" UniqueID="{number}"><Data><Image>'
        f"<ImageDescription><Channels>{channels}"
        f"</Channels><Dimensions>{dimensions}</Dimensions></ImageDescription></Image></Data>"
        f'<Memory Size="{pixels.nbytes}" MemoryBlockID="MemBlock_{number}"/></Element>'
    )
