"""Image files as people upload them, made on the spot."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image as Picture

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def noise(height: int, width: int, *, seed: int = 1) -> NDArray[np.uint8]:
    """(H, W) uint8: does not compress, so that a truncated file lacks pixels for certain."""
    return np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)


def png(height: int = 40, width: int = 70, *, seed: int = 1) -> bytes:
    """A grey 8-bit PNG; every seed gives other bytes."""
    return _picture(noise(height, width, seed=seed), "PNG")


def rgb_png(height: int = 40, width: int = 70, *, seed: int = 1) -> bytes:
    return _picture(np.stack([noise(height, width, seed=seed + k) for k in range(3)], -1), "PNG")


def jpeg(height: int = 40, width: int = 70) -> bytes:
    return _picture(noise(height, width), "JPEG")


def fiji_tiff(planes: NDArray[Any], *, um_per_px: float = 0.25) -> bytes:
    """A multi-channel (C, H, W) TIFF with its pixel size, as Fiji writes it."""
    buffer, per_um = io.BytesIO(), 1 / um_per_px
    tifffile.imwrite(
        buffer,
        planes,
        imagej=True,
        resolution=(per_um, per_um),
        metadata={"unit": "um", "axes": "CYX"},
    )
    return buffer.getvalue()


def stack_tiff(pages: int, height: int = 20, width: int = 30) -> bytes:
    """A TIFF of pages, of which nothing says what they are; page k is `noise(seed=k)`."""
    buffer = io.BytesIO()
    planes = np.stack([noise(height, width, seed=seed) for seed in range(pages)])
    tifffile.imwrite(buffer, planes, photometric="minisblack", metadata=None)
    return buffer.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A valid PNG header of any size, with next to no pixels behind it."""
    size = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(100))
    return PNG_SIGNATURE + _chunk(b"IHDR", size) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _picture(pixels: NDArray[np.uint8], format_: str) -> bytes:
    buffer = io.BytesIO()
    Picture.fromarray(pixels).save(buffer, format_)
    return buffer.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check


def tiff_that_claims(width: int, height: int) -> bytes:
    """A little-endian TIFF of one uncompressed grey strip, whose pixels are not there."""
    tags = {256: width, 257: height, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: height, 279: 1}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    return struct.pack("<2sHI", b"II", 42, 8) + struct.pack("<H", len(tags)) + entries + bytes(4)
