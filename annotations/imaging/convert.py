"""From the number types of files to the three that are kept."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotations.imaging.errors import ImageRefused
from annotations.imaging.header import stored_dtype

Planes = NDArray[Any]

NOTHING_FINITE = (
    "A channel holds only NaN or infinite values, so there is nothing to show. "
    "Save it again with real intensities."
)


def to_stored(planes: Planes) -> Planes:
    """Convert planes to uint8, uint16 or float32, changing no value that the type can hold.

    bool becomes 0 and 255; uint8 and uint16 (12-bit too) stay; float16, int8 and int16 become
    float32 exactly; int32, uint32, int64, uint64 and float64 become float32, exact up to
    16,777,216 and rounded to 24 significant bits beyond.

    Args:
        planes: (C, H, W), any real number type, any byte order.

    Returns:
        (C, H, W), C-contiguous, native byte order, finite (see `make_finite`).

    Raises:
        ImageRefused: complex or non-numeric values, or a channel without one finite value.
    """
    values = as_kept(planes)
    if values.dtype.kind == "f":
        values = values.copy() if np.shares_memory(values, planes) else values
        for plane in values:
            make_finite(plane)
    return values


def as_kept(planes: Planes) -> Planes:
    """As `to_stored`, but NaN and infinities stay; an array of that type already is not copied."""
    target = stored_dtype(planes.dtype)
    if planes.dtype.kind == "b":
        return np.where(planes, np.uint8(255), np.uint8(0))
    if target != np.float32:
        return np.ascontiguousarray(planes, dtype=target)
    # A float64 beyond float32's range becomes infinite here and is handled as such by the caller.
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(planes, dtype=np.float32)


def make_finite(plane: NDArray[np.float32]) -> None:
    """Replace NaN and -inf by the plane's lowest finite value, +inf by its highest, in place.

    Such pixels are masked out or saturated; they must neither blank the display nor reach a mean.

    Args:
        plane: (H, W) float32, changed in place.

    Raises:
        ImageRefused: the plane has no finite value.
    """
    finite = np.isfinite(plane)
    if finite.all():
        return
    if not finite.any():
        raise ImageRefused(NOTHING_FINITE)
    low, high = plane[finite].min(), plane[finite].max()
    np.nan_to_num(plane, copy=False, nan=low, neginf=low, posinf=high)
