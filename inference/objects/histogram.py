"""Where a histogram parts into lower and upper values."""

from typing import Literal

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.integer] | npt.NDArray[np.floating]
CutMethod = Literal["otsu", "triangle", "percentile"]


def otsu_split(counts: Counts) -> int:
    """Otsu's split (IEEE Trans. SMC 9, 62-66, 1979): the largest variance between the classes.

    Args:
        counts: (B,) values per bin, of equally wide bins.

    Returns:
        Index of the last bin of the lower class; midway when several splits are equally good.
    """
    weights = np.asarray(counts, dtype=np.float64)
    below = np.cumsum(weights)[:-1]
    moment = np.cumsum(weights * np.arange(len(weights)))
    above = weights.sum() - below
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = moment[:-1] / below - (moment[-1] - moment[:-1]) / above
        between = np.nan_to_num(below * above * gap**2)
    best = np.flatnonzero(between >= between.max() * (1 - 1e-12))
    return int(best[(len(best) - 1) // 2])


def triangle_split(counts: Counts) -> int:
    """The triangle split (Zack, Rogers & Latt, J. Histochem. Cytochem. 25, 741-753, 1977).

    A line goes from the peak down to the end of the longer tail; the split is where the histogram
    lies furthest below it. Good for one large peak of background and a long tail of structure.

    Args:
        counts: (B,) values per bin, of equally wide bins.

    Returns:
        Index of the last bin of the lower class.
    """
    heights = np.asarray(counts, dtype=np.float64)
    filled = np.flatnonzero(heights)
    peak = int(heights.argmax())
    end = int(filled[-1] if filled[-1] - peak > peak - filled[0] else filled[0])
    step = 1 if end >= peak else -1
    places = np.arange(end, peak, -step)
    if not places.size:
        return peak
    # In bins from the tail's end, on axes scaled so that the line's both legs are 1 long.
    line = np.abs(places - end) / abs(peak - end)
    return int(places[np.argmax(line - heights[places] / heights[peak])])


def percentile_split(counts: Counts, share: float) -> int:
    """Index of the last bin of the lower class, which holds at least ``share`` (0..100) percent.

    Raises:
        ValueError: the share is no percentage.
    """
    if not 0 <= share <= 100:
        raise ValueError(f"A percentile lies between 0 and 100, not at {share}.")
    summed = np.cumsum(np.asarray(counts, dtype=np.float64))
    return int(np.searchsorted(summed, summed[-1] * share / 100))


def cut_of(counts: Counts, method: CutMethod, *, share: float = 90.0) -> float:
    """The threshold (0..1) of a map of 256 levels, to be used as ``value / 255 >= threshold``.

    Args:
        counts: (256,) pixels per level, at least one. share: of a percentile, 0..100.

    Raises:
        ValueError: not 256 counts, or none above zero.
    """
    if counts.shape != (256,) or counts.sum() <= 0:
        raise ValueError("The histogram of a map has 256 levels and at least one pixel.")
    split = {
        "otsu": lambda: otsu_split(counts),
        "triangle": lambda: triangle_split(counts),
        "percentile": lambda: percentile_split(counts, share),
    }[method]()
    return min(split + 1, 255) / 255
