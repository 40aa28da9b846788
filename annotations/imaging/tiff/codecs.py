"""Which packings of TIFF pixels are read, and whether a packed strip or tile is what it claims.

Most decoders are told how many bytes to give and stop there. Those of picture formats (JPEG,
JPEG 2000, PNG, WebP, JPEG XR) believe the picture's own header, which may claim any size: it is
looked at first.
"""

import struct
from io import BytesIO

from PIL import Image

from annotations.imaging.errors import ImageRefused, damaged

_JPEG = {6, 7, 33007, 34892}
_PICTURES = {33003, 33004, 33005, 34712, 34933, 50001}  # JPEG 2000, PNG, WebP
_JPEG_XR = {22610, 34934}
# none, CCITT, LZW, deflate, PackBits, LZMA, zstd
_BOUNDED = {1, 2, 3, 4, 5, 8, 32773, 32946, 34925, 34926, 50000, 50013}
_READ = _JPEG | _PICTURES | _JPEG_XR | _BOUNDED


def check_compression(compression: int) -> None:
    if compression not in _READ:
        raise ImageRefused(
            f"The TIFF is packed in a way that cannot be read (compression {compression}). "
            "Open it in Fiji and save it again without compression."
        )


def check_packed(packed: bytes, compression: int, tile: tuple[int, int]) -> None:
    """Refuse a packed picture that claims to be larger than its strip or tile.

    Args:
        packed: bytes of the strip or tile.
        compression: the TIFF tag.
        tile: (rows, columns) of a whole one.
    """
    if compression in _JPEG:
        size = jpeg_size(packed)
    elif compression in _JPEG_XR:
        size = jpeg_xr_size(packed)
    elif compression in _PICTURES:
        size = _picture_size(packed)
    else:
        return
    # An old form of JPEG keeps its header elsewhere in the file; JPEG pads to blocks of 16.
    if size is not None and (size[0] > tile[0] + 16 or size[1] > tile[1] + 16):
        raise ImageRefused(damaged("TIFF"))


def jpeg_size(packed: bytes) -> tuple[int, int] | None:
    """(rows, columns) of a JPEG stream: the largest of its frame headers."""
    sizes = []
    at = 2
    while at + 9 <= len(packed):
        if packed[at] != 0xFF:
            at += 1
            continue
        marker = packed[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            sizes.append(struct.unpack(">HH", packed[at + 5 : at + 9]))
        if marker == 0xDA:
            break
        alone = marker in {0xFF, 0x00, 0x01} or 0xD0 <= marker <= 0xD9
        at += 1 if marker == 0xFF else 2
        at += 0 if alone else int.from_bytes(packed[at : at + 2], "big")
    return (max(y for y, _ in sizes), max(x for _, x in sizes)) if sizes else None


def jpeg_xr_size(packed: bytes) -> tuple[int, int] | None:
    """(rows, columns) of a JPEG XR container, from its tags ImageWidth and ImageHeight."""
    if packed[:3] != b"II\xbc":
        raise ImageRefused("The pixels claim to be JPEG XR and are not. Export the file again.")
    at = int.from_bytes(packed[4:8], "little")
    count = int.from_bytes(packed[at : at + 2], "little")
    found = {}
    for entry in range(min(count, 64)):
        start = at + 2 + 12 * entry
        if start + 12 > len(packed):
            break
        tag, kind, _, value = struct.unpack("<HHII", packed[start : start + 12])
        found[tag] = value & 0xFFFF if kind == 3 else value
    width, height = found.get(0xBC80), found.get(0xBC81)
    return None if width is None or height is None else (height, width)


def _picture_size(packed: bytes) -> tuple[int, int]:
    with Image.open(BytesIO(packed), formats=["jpeg2000", "png", "webp"]) as picture:
        return picture.size[1], picture.size[0]
