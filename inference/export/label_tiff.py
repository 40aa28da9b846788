"""Label images as TIFF, for Fiji, napari, CellProfiler and QuPath."""

from pathlib import Path

import numpy as np
import tifffile
from numpy.typing import NDArray

_UINT16_MAX = int(np.iinfo(np.uint16).max)


def write_label_tiff(
    labels: NDArray[np.integer], path: Path, *, pixel_size_um: tuple[float, float] | None
) -> None:
    """Write an instance label image that Fiji opens with its pixel size.

    uint16 in ImageJ's own form up to label 65,535. Above it uint32, which ImageJ's form does not
    know: a plain TIFF whose description still tells ImageJ the unit; Fiji shows it as 32-bit
    float, exact up to label 16,777,216.

    Args:
        labels: (H, W) integers, 0 = background, none negative.
        path: to be written.
        pixel_size_um: (y, x), or None: then the file says no size.

    Raises:
        ValueError: not (H, W), no integers, or a negative label.
    """
    if labels.ndim != 2 or labels.dtype.kind not in "ui":
        raise ValueError(f"A label image is (H, W) integers, not {labels.shape} {labels.dtype}.")
    if labels.size and int(labels.min()) < 0:
        raise ValueError("A label image has no negative labels.")
    if int(labels.max(initial=0)) <= _UINT16_MAX:
        _write_uint16(labels.astype(np.uint16), path, pixel_size_um)
    else:
        _write_uint32(labels.astype(np.uint32), path, pixel_size_um)


def _write_uint16(
    labels: NDArray[np.uint16], path: Path, pixel_size_um: tuple[float, float] | None
) -> None:
    metadata = {"axes": "YX"} | ({"unit": "um"} if pixel_size_um else {})
    tifffile.imwrite(
        path,
        labels,
        imagej=True,
        metadata=metadata,
        resolution=_per_um(pixel_size_um),
        resolutionunit=tifffile.RESUNIT.NONE,
    )


def _write_uint32(
    labels: NDArray[np.uint32], path: Path, pixel_size_um: tuple[float, float] | None
) -> None:
    tifffile.imwrite(
        path,
        labels,
        photometric="minisblack",
        metadata=None,
        description="ImageJ=1.11a\nunit=um\n" if pixel_size_um else None,
        resolution=_per_um(pixel_size_um),
        resolutionunit=tifffile.RESUNIT.NONE,
    )


def _per_um(pixel_size_um: tuple[float, float] | None) -> tuple[float, float] | None:
    """Pixels per µm as (x, y), the order of the TIFF tags."""
    return (1 / pixel_size_um[1], 1 / pixel_size_um[0]) if pixel_size_um else None
