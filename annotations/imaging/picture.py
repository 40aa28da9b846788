"""PNG, JPEG, BMP and WebP, by Pillow; 16-bit PNG by imagecodecs: Pillow cuts colour to 8 bits."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from annotations.imaging.convert import Planes
from annotations.imaging.errors import ImageRefused, damaged, refusing
from annotations.imaging.header import (
    MAX_PICTURE_PIXELS,
    RGB_COLOURS,
    RGB_NAMES,
    ImageHeader,
    check_picture_size,
    check_size,
    default_colours,
    default_names,
)
from annotations.imaging.raw import Box

# Pillow's own guard, set to ours: it warns above this and gives up above twice this.
Image.MAX_IMAGE_PIXELS = MAX_PICTURE_PIXELS

PictureKind = Literal["png", "jpeg", "bmp", "webp"]

_FORMS: dict[PictureKind, str] = {"png": "PNG", "jpeg": "JPEG", "bmp": "BMP", "webp": "WebP"}
_GREY_MODES = {"1", "L", "I", "I;16", "F"}
# Deflate packs at most 1032 bytes into one; a PNG that claims more holds no such image.
_DEFLATE_LIMIT = 1032


class Picture:
    """A file with one 2-D picture, which is decoded whole when its first pixel is asked for.

    As stored: an EXIF orientation is not applied, as in Fiji, QuPath and napari, so that masks
    lie over the original there too. Transparency is dropped; 1-, 2- and 4-bit grey is spread to
    0..255; CMYK becomes RGB.
    """

    def __init__(self, path: Path, kind: PictureKind) -> None:
        self.form = _FORMS[kind]
        self._path = path
        self._kind = kind
        self.header = _header(path, kind)
        self.block = (self.header.height, self.header.width)
        self.dtype: np.dtype[Any] = np.dtype(self.header.dtype)

    def __len__(self) -> int:
        return 1

    def image(self, series: int, axes: str | None) -> "Picture":
        return self

    def read(self, t: int, z: int, box: Box, channels: tuple[int, ...]) -> NDArray[Any]:
        y0, y1, x0, x1 = box
        return np.stack([self._pixels[y0:y1, x0:x1, channel] for channel in channels])

    def is_empty(self, t: int, z: int, channel: int, box: Box) -> bool:
        return False

    @cached_property
    def _pixels(self) -> Planes:
        """(H, W, C), transparency included where a 16-bit PNG has it."""
        mode = "RGB" if self.header.channels == 3 else "L"
        pixels = _decode(self._path, self._kind, mode=mode)
        return pixels[..., np.newaxis] if pixels.ndim == 2 else pixels


@contextmanager
def open_picture(path: Path, kind: PictureKind) -> Iterator[Picture]:
    """Open a file with one picture; neither format says the pixel size in a way worth trusting."""
    yield Picture(path, kind)


def _header(path: Path, kind: PictureKind) -> ImageHeader:
    with _opened(path, kind) as picture:
        width, height = picture.size
        channels = _png_channels(path) if kind == "png" else _channels(picture)
        dtype = np.dtype(np.uint16 if _is_deep(path, kind) else np.uint8)
    check_picture_size(width, height)
    check_size(width=width, height=height, channels=channels, dtype=dtype)
    # At one bit per pixel; counting deeper pixels would not make the check safer.
    if kind == "png" and width * height / 8 > path.stat().st_size * _DEFLATE_LIMIT:
        raise ImageRefused(damaged(_FORMS[kind]))
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
        format=_FORMS[kind],
        axes="YXC" if colour else "YX",
    )


def _decode(path: Path, kind: PictureKind, *, mode: str) -> Planes:
    if _is_deep(path, kind):
        return _decode_deep(path, kind)
    with _opened(path, kind) as picture:
        return np.asarray(picture.convert(mode))


def _decode_deep(path: Path, kind: PictureKind) -> Planes:
    with refusing(_FORMS[kind]):
        return imagecodecs.png_decode(path.read_bytes())


@contextmanager
def _opened(path: Path, kind: PictureKind) -> Iterator[Image.Image]:
    """Open with Pillow; whatever a damaged file makes Pillow raise becomes a refusal."""
    with refusing(_FORMS[kind]):
        try:
            with Image.open(path, formats=[kind]) as picture:
                _refuse_animation(picture, kind)
                yield picture
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise ImageRefused(_too_large()) from error


def _refuse_animation(picture: Image.Image, kind: PictureKind) -> None:
    frames = getattr(picture, "n_frames", 1)
    # A JPEG's further frames are a phone's previews of the same picture.
    if kind != "jpeg" and frames > 1:
        raise ImageRefused(
            f"The {_FORMS[kind]} is an animation of {frames} frames, which cannot be read. "
            "Save the frame you need as its own image, or all of them as a TIFF stack."
        )


def _channels(picture: Image.Image) -> int:
    return 1 if picture.mode in _GREY_MODES else 3


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


def _too_large() -> str:
    return (
        f"The file claims to hold more than the {MAX_PICTURE_PIXELS:,} pixels (20,000 x 20,000) "
        "of a picture that can be read. Save it as TIFF, which may be larger, or at a lower "
        "magnification."
    )
