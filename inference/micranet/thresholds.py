"""From a map to yes or no per pixel: Otsu, triangle or a percentile."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from inference.micranet.errors import DataRefused
from inference.objects.histogram import otsu_split, triangle_split

Maps = npt.NDArray[np.floating]
Mask = npt.NDArray[np.bool_]
COVERAGE = 0.02  # a patch is "yes" when the structure covers more than this share of it


def otsu(values: Maps, bins: int = 256) -> float:
    """Otsu's threshold (IEEE Trans. SMC 9, 62-66, 1979): it parts the values with the largest
    variance between.

    Args:
        values: any shape; values that are not finite are left out.

    Returns:
        The threshold, to be used as ``values >= threshold``; the value itself when all are equal.
    """
    return _cut(values, bins, otsu_split, "Otsu's threshold")


def triangle(values: Maps, bins: int = 256) -> float:
    """The triangle threshold (Zack, Rogers & Latt, J. Histochem. Cytochem. 25, 741-753, 1977).

    Args:
        values: any shape; values that are not finite are left out.

    Returns:
        The threshold, to be used as ``values >= threshold``; the value itself when all are equal.
    """
    return _cut(values, bins, triangle_split, "The triangle threshold")


def _cut(
    values: Maps, bins: int, split: Callable[[npt.NDArray[np.int64]], int], name: str
) -> float:
    finite = values[np.isfinite(values)].ravel()
    if not finite.size:
        raise DataRefused(f"{name} needs at least one finite value.")
    low, high = float(finite.min()), float(finite.max())
    if high <= low:
        return low
    counts, edges = np.histogram(finite, bins=bins, range=(low, high))
    return float(edges[1 + split(counts)])


def otsu_each(maps: npt.NDArray[np.float32]) -> Mask:
    """Otsu per map: (N, H, W) to bool (N, H, W); a constant map has nothing in it."""
    masks = np.zeros(maps.shape, dtype=bool)
    for mask, values in zip(masks, maps, strict=True):
        if values.max() > values.min():
            np.greater_equal(values, otsu(values), out=mask)
    return masks


def percentile(values: Maps, share: float) -> float:
    """The value below which ``share`` (0..100) percent of all values lie."""
    if not 0 <= share <= 100:
        raise DataRefused(f"A percentile lies between 0 and 100, not at {share}.")
    return float(np.percentile(values, share))
