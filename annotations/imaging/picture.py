"""PNG and JPEG, by Pillow; 16-bit PNG by imagecodecs, because Pillow cuts colour to 8 bits."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import imagecodecs
import numpy as np
from PIL import Image

from annotations.imaging.convert import Planes, to_stored
from annotations.imaging.errors import ImageRefused
from annotations.imaging.header import (
    MAX_PIXELS,
    RGB_COLOURS,
    RGB_NAMES,
    ImageHeader,
    check_size,
    default_colours,
    default_names,
)

# Pillow's own guard, set to ours: it warns above this and gives up above twice this.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

PictureKind = Literal["png", "jpeg"]

_DAMAGED = (
    "The {format} file is damaged or cut short, so its pixels cannot be read. "
    "Copy it again from where it came from, or export it again."
)
# Deflate packs at most 1032 bytes into one; a PNG that claims more holds no such image.
_DEFLATE_LIMIT = 1032


def inspect_picture(path: Path, kind: PictureKind) -> ImageHeader:
    """Header of a PNG or JPEG file; neither says the pixel size in a way worth trusting."""
    with _opened(path, kind) as picture:
        width, height = picture.size
        channels = _png_channels(path) if kind == "png" else _jpeg_channels(picture)
        dtype = np.dtype(np.uint16 if _is_deep(path, kind) else np.uint8)
    check_size(width=width, height=height, channels=channels, dtype=dtype)
    # At one bit per pixel; counting deeper pixels would not make the check safer.
    if kind == "png" and width * height / 8 > path.stat().st_size * _DEFLATE_LIMIT:
        raise ImageRefused(_damaged(kind))
    colour = channels == 3
    return ImageHeader(
        width=width,
        height=height,
        channels=channels,
        dtype=dtype.name,
        channel_names=RGB_NAMES if colour else default_names(channels),
        channel_colours=RGB_COLOURS if colour else default_colours(channels),
        pixel_size_um=None,
        is_rgb=colour and dtype == np.uint8,
        format=kind.upper(),
    )


def read_picture(path: Path, kind: PictureKind) -> Planes:
    """Pixels of a PNG or JPEG file as (C, H, W), C 1 or 3, uint8 or uint16.

    As stored: an EXIF orientation is not applied, as in Fiji, QuPath and napari, so that masks
    lie over the original there too. Transparency is dropped; 1-, 2- and 4-bit grey is spread to
    0..255; CMYK becomes RGB.
    """
    header = inspect_picture(path, kind)
    pixels = _decode(path, kind, mode="RGB" if header.channels == 3 else "L")
    if pixels.ndim == 2:
        return to_stored(pixels[np.newaxis])
    return to_stored(np.moveaxis(pixels, -1, 0)[: header.channels])


def _decode(path: Path, kind: PictureKind, *, mode: str) -> Planes:
    if _is_deep(path, kind):
        return _decode_deep(path, kind)
    with _opened(path, kind) as picture:
        return np.asarray(picture.convert(mode))


def _decode_deep(path: Path, kind: PictureKind) -> Planes:
    try:
        return imagecodecs.png_decode(path.read_bytes())
    except Exception as error:
        raise ImageRefused(_damaged(kind)) from error


@contextmanager
def _opened(path: Path, kind: PictureKind) -> Iterator[Image.Image]:
    """Open with Pillow; whatever a damaged file makes Pillow raise becomes a refusal."""
    try:
        with Image.open(path, formats=[kind]) as picture:
            _refuse_animation(picture, kind)
            yield picture
    except ImageRefused:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise ImageRefused(_too_large()) from error
    except Exception as error:  # decoders raise anything from SyntaxError to struct.error
        raise ImageRefused(_damaged(kind)) from error


def _refuse_animation(picture: Image.Image, kind: PictureKind) -> None:
    frames = getattr(picture, "n_frames", 1)
    # A JPEG's further frames are a phone's previews of the same picture.
    if kind == "png" and frames > 1:
        raise ImageRefused(
            f"The PNG is an animation of {frames} frames; only 2-D images can be read for now. "
            "Save the frame you need as its own image."
        )


def _jpeg_channels(picture: Image.Image) -> int:
    return 1 if picture.mode == "L" else 3


def _png_channels(path: Path) -> int:
    """By the colour type: 0 and 4 are grey, 2, 3 and 6 colour (Pillow's mode mixes some up)."""
    return 1 if _png_header(path)[25:26] in {b"\x00", b"\x04"} else 3


def _is_deep(path: Path, kind: PictureKind) -> bool:
    """Whether a PNG has 16 bits per value."""
    return kind == "png" and _png_header(path)[24:25] == b"\x10"


def _png_header(path: Path) -> bytes:
    """Signature and IHDR chunk, always the first: bit depth is byte 24, colour type byte 25."""
    with path.open("rb") as file:
        return file.read(26)


def _damaged(kind: PictureKind) -> str:
    return _DAMAGED.format(format=kind.upper())


def _too_large() -> str:
    return (
        f"The file claims to hold more than the {MAX_PIXELS:,} pixels (20,000 x 20,000) that can "
        "be read. Cut it into smaller images, or save it at a lower magnification."
    )
