"""What is known of an image before a pixel is read, and the limits it must keep."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from annotations.imaging.errors import ImageRefused

# One plane of 20,000 x 20,000 px is the largest that a worker with a few GiB reads at once.
MAX_PIXELS = 20_000 * 20_000
MAX_BYTES = 4 * 1024**3
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
        acquired_at: when the microscope took it; without a time zone where the file has none.
        series: which image of its file, from 0.
        series_name: its name within the file, '' where there is none.
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


def default_names(channels: int) -> tuple[str, ...]:
    """'Channel 1', 'Channel 2' … for images that do not name their channels."""
    return tuple(f"Channel {number}" for number in range(1, channels + 1))


def default_colours(channels: int) -> tuple[str, ...]:
    """White for a single channel, else the default colours in turn ('RRGGBB')."""
    if channels == 1:
        return ("FFFFFF",)
    return tuple(DEFAULT_COLOURS[index % len(DEFAULT_COLOURS)] for index in range(channels))


def check_size(*, width: int, height: int, channels: int, dtype: np.dtype) -> None:
    """Refuse what is too large to read, from its declared size alone.

    Args:
        width, height: declared size in px.
        channels: declared number of channels.
        dtype: type of a value as stored in the file.

    Raises:
        ImageRefused: no pixels, more than MAX_PIXELS, MAX_CHANNELS or MAX_BYTES.
    """
    if width < 1 or height < 1 or channels < 1:
        raise ImageRefused("The image has no pixels. Save it again from the program that made it.")
    if width * height > MAX_PIXELS:
        raise ImageRefused(
            f"The file claims to be {width:,} x {height:,} pixels, and at most "
            f"{MAX_PIXELS:,} pixels per plane (20,000 x 20,000) can be read. "
            "Cut it into smaller images, or save it at a lower magnification."
        )
    if channels > MAX_CHANNELS:
        raise ImageRefused(
            f"The image has {channels} channels, and at most {MAX_CHANNELS} can be read. "
            "Save the channels you need as their own image."
        )
    _check_bytes(width * height * channels * max(dtype.itemsize, stored_dtype(dtype).itemsize))


def _check_bytes(needed: int) -> None:
    if needed > MAX_BYTES:
        raise ImageRefused(
            f"The image would take {needed / 1024**3:.1f} GiB of memory, and at most "
            f"{MAX_BYTES / 1024**3:.0f} GiB can be read. "
            "Cut it into smaller images, or save fewer channels."
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
