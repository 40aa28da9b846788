"""What is known of an image before a pixel is read, and the limits it must keep."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from annotations.imaging.errors import ImageRefused

# Images are read block by block, so it is the store that must stay of a size to work with.
MAX_PIXELS = 200_000 * 200_000
MAX_BYTES = 1024**4
# Pictures (PNG, JPEG …) are decoded whole.
MAX_PICTURE_PIXELS = 20_000 * 20_000
# Of one strip, tile or chunk, which is unpacked at once.
MAX_BLOCK_BYTES = 1024**3
# Deflate packs at most 1032 bytes into one. Beyond what fits into memory, no honest image of
# any packing is denser; below, an empty mask may be.
MAX_PACKING = 1032
_TRUSTED_BYTES = 4 * 1024**3
MAX_CHANNELS = 32

# Told apart under the common forms of colour blindness, in the order that labs use most.
DEFAULT_COLOURS = ("00FF00", "FF00FF", "00FFFF", "FFFF00", "FF0000", "0000FF")
RGB_NAMES = ("Red", "Green", "Blue")
RGB_COLOURS = ("FF0000", "00FF00", "0000FF")


@dataclass(frozen=True)
class ImageHeader:
    """Size, type and calibration of one image of up to five dimensions.

    Attributes:
        width, height: in px.
        channels: number of channels; 3 for a colour image (axis order C, H, W).
        dtype: 'uint8', 'uint16' or 'float32': that of the arrays an `ImageSource` gives.
        channel_names, channel_colours: one per channel; colours as 'RRGGBB'.
        pixel_size_um: (y, x) in µm, or None where the file does not say.
        is_rgb: an 8-bit colour picture, to be shown as it is.
        format: 'PNG', 'JPEG', 'TIFF', 'ImageJ TIFF', 'OME-TIFF' …, for people.
        depth: z planes; of an ambiguous file, its pages.
        frames: time points.
        axes: of the file, slowest first, lengths of 1 left out ('TZCYX'); 'Q' is an unknown one.
        ambiguous: what 'Q' could be ('Z', 'T', 'C'); empty where the file or somebody said it.
        pixel_size_z_um: distance of two z planes in µm, or None.
        interval_s: time between two time points in s, or None.
        acquired_at: when the microscope took it; UTC where the file names no zone.
        series: which image of its file, from 0.
        series_name: its name within the file, '' where there is none.
        refusal: why this image of a file of several cannot be read; the rest is made up then.
    """

    width: int
    height: int
    channels: int
    dtype: str
    channel_names: tuple[str, ...]
    channel_colours: tuple[str, ...]
    pixel_size_um: tuple[float, float] | None
    is_rgb: bool
    format: str
    depth: int = 1
    frames: int = 1
    axes: str = "YX"
    ambiguous: tuple[str, ...] = ()
    pixel_size_z_um: float | None = None
    interval_s: float | None = None
    acquired_at: datetime | None = None
    series: int = 0
    series_name: str = ""
    refusal: str = ""


def default_names(channels: int) -> tuple[str, ...]:
    """'Channel 1', 'Channel 2' … for images that do not name their channels."""
    return tuple(f"Channel {number}" for number in range(1, channels + 1))


def default_colours(channels: int) -> tuple[str, ...]:
    """White for a single channel, else the default colours in turn ('RRGGBB')."""
    if channels == 1:
        return ("FFFFFF",)
    return tuple(DEFAULT_COLOURS[index % len(DEFAULT_COLOURS)] for index in range(channels))


def check_size(*, width: int, height: int, channels: int, dtype: np.dtype, planes: int = 1) -> None:
    """Refuse what is too large to keep, from its declared size alone.

    Args:
        width, height: declared size in px.
        channels: declared number of channels.
        dtype: type of a value as stored in the file.
        planes: z planes times time points.

    Raises:
        ImageRefused: no pixels, more than MAX_PIXELS, MAX_CHANNELS or MAX_BYTES.
    """
    if min(width, height, channels, planes) < 1:
        raise ImageRefused("The image has no pixels. Save it again from the program that made it.")
    if width * height > MAX_PIXELS:
        raise ImageRefused(
            f"The file claims to be {width:,} x {height:,} pixels, and at most "
            f"{MAX_PIXELS:,} pixels per plane (200,000 x 200,000) can be read. "
            "Cut it into smaller images, or save it at a lower magnification."
        )
    if channels > MAX_CHANNELS:
        raise ImageRefused(
            f"The image has {channels} channels, and at most {MAX_CHANNELS} can be read. "
            "Save the channels you need as their own image."
        )
    kept = max(dtype.itemsize, stored_dtype(dtype).itemsize)
    _check_bytes(width * height * channels * planes * kept)


def check_picture_size(width: int, height: int) -> None:
    """Refuse a picture that is too large to be decoded whole."""
    if width * height > MAX_PICTURE_PIXELS:
        raise ImageRefused(
            f"The file claims to be {width:,} x {height:,} pixels, and at most "
            f"{MAX_PICTURE_PIXELS:,} pixels (20,000 x 20,000) of a picture can be read. "
            "Save it as TIFF, which may be larger, or at a lower magnification."
        )


def check_packing(*, packed: int, claimed: int) -> None:
    """Refuse an image that claims far more bytes than its packed ones can hold.

    Args:
        packed: bytes in the file.
        claimed: bytes that the pixels take.
    """
    if claimed > max(_TRUSTED_BYTES, packed * MAX_PACKING):
        raise ImageRefused(
            f"The file claims {claimed / 1024**3:,.0f} GiB of pixels in {packed:,} bytes, more "
            "than any packing holds; it is damaged or no real image. Export it again."
        )


def _check_bytes(needed: int) -> None:
    if needed > MAX_BYTES:
        raise ImageRefused(
            f"The image would take {needed / 1024**4:.1f} TiB, and at most "
            f"{MAX_BYTES // 1024**4} TiB can be read. "
            "Cut it into smaller images, or save fewer planes."
        )


def stored_dtype(dtype: np.dtype) -> np.dtype:
    """The type in which values of a file's type are kept (see `convert.to_stored`).

    Raises:
        ImageRefused: for complex numbers and anything that is no number.
    """
    if dtype.kind not in "buif":
        raise ImageRefused(
            f"Its pixels are of the type {dtype.name}, which has no brightness to show. "
            "Save the image as 8-bit, 16-bit or 32-bit float."
        )
    if dtype.kind in "bu" and dtype.itemsize <= 2:
        return np.dtype(np.uint16 if dtype.itemsize == 2 else np.uint8)
    return np.dtype(np.float32)
