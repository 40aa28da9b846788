"""Where the objects of one connected region have their middles."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import ndimage
from skimage.feature import peak_local_max
from skimage.morphology import local_maxima, reconstruction

Method = Literal["automatic", "none", "distance", "h-maxima"]
METHODS: tuple[Method, ...] = ("automatic", "none", "distance", "h-maxima")
Heights = npt.NDArray[np.float64]
Markers = npt.NDArray[np.int32]

# A neck must be narrower than both of its sides by this share of their width, about.
NECK = 0.06
# Its half width must also be less by this: a leaning border has steps of 1 px, which are no necks.
STEP_PX = 0.5
# Smoothing of the distances: a pixel more or less at the border is no neck.
SMOOTHING_PX = 1.0
SMOOTHING_SHARE = 0.05
_CORNERS = np.ones((3, 3), dtype=bool)


@dataclass(frozen=True, slots=True)
class Rule:
    """How seeds are found; lengths in px, None for what fits the region."""

    method: Method = "automatic"
    smoothing_px: float | None = None
    h_px: float = 0.0
    min_distance_px: float = 0.0


def smoothed(distances: Heights, smoothing_px: float | None) -> Heights:
    """Distances (H, W) to the border, in px, after a Gaussian of this standard deviation."""
    sigma = smoothing_px
    if sigma is None:
        sigma = max(SMOOTHING_PX, SMOOTHING_SHARE * float(distances.max()))
    if sigma <= 0:
        return distances
    heights: Heights = ndimage.gaussian_filter(distances, sigma)
    return heights


def find_seeds(heights: Heights, inside: npt.NDArray[np.bool_], rule: Rule) -> Markers:
    """One pixel per object of a region, numbered 1, 2, 3 … from the top down.

    Args:
        heights: (H, W) smoothed distances in px, the region lies off the array's border.
        inside: bool (H, W), the region.
        rule: which maxima count.
    """
    if rule.method == "distance":
        return _peaks_apart(heights, inside, rule.min_distance_px)
    if rule.method == "h-maxima":
        return _single(_h_maxima(heights, inside, rule.h_px), heights, inside)
    return _single(_h_maxima(in_necks(heights), inside, 1.0), heights, inside)


def in_necks(heights: Heights) -> Heights:
    """Heights (H, W) in px, on a scale on which the slightest neck that counts is 1 deep.

    A neck counts when the height falls by 6 % and by 0.5 px. The scale is the integral of
    1 / max(0.5 px, 6 % of the height): straight up to some 8 px, then a logarithm.
    """
    share = -np.log1p(-NECK)
    bend = STEP_PX / share
    necks: Heights = (heights - bend) / STEP_PX
    wide = heights > bend
    if wide.any():
        necks[wide] = np.log(heights[wide] / bend) / share
    return necks


def _h_maxima(heights: Heights, inside: npt.NDArray[np.bool_], h: float) -> npt.NDArray[np.bool_]:
    """Maxima that rise by more than h above the highest pass to a higher one.

    They are the regional maxima of the reconstruction of (heights - h) under heights (Soille,
    Morphological Image Analysis, 2nd ed., chapter 6).
    """
    flat = np.where(inside, heights, heights.min())
    tops = local_maxima(flat) & inside
    if h <= 0 or ndimage.label(tops, _CORNERS)[1] < 2:
        return np.asarray(tops, dtype=bool)
    lowered = np.maximum(flat - h, flat.min())
    levels = reconstruction(lowered, flat)
    return np.asarray(local_maxima(levels) & inside, dtype=bool)


def _single(
    maxima: npt.NDArray[np.bool_], heights: Heights, inside: npt.NDArray[np.bool_]
) -> Markers:
    """The highest pixel of each maximum: from one pixel, a watershed grows one connected part."""
    numbers, count = ndimage.label(maxima & inside, _CORNERS)
    places = np.array(ndimage.maximum_position(heights, numbers, range(1, count + 1)), dtype=int)
    return _markers(places.reshape(-1, 2), heights.shape)


def _peaks_apart(heights: Heights, inside: npt.NDArray[np.bool_], apart: float) -> Markers:
    places = peak_local_max(
        heights,
        min_distance=max(1, round(apart)),
        labels=inside.astype(np.int32),
        exclude_border=False,
    )
    return _markers(places[np.lexsort(places.T[::-1])], heights.shape)


def _markers(places: npt.NDArray[np.integer], shape: tuple[int, ...]) -> Markers:
    markers = np.zeros(shape, dtype=np.int32)
    markers[places[:, 0], places[:, 1]] = np.arange(1, len(places) + 1)
    return markers
