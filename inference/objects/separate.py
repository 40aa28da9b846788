"""Touching objects of a mask, told apart where it narrows to a neck."""

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy import ndimage
from skimage.segmentation import watershed

from inference.objects.components import (
    Labels,
    Mask,
    grown,
    label_objects,
    shrunk,
    without_small_holes,
)
from inference.objects.seeds import METHODS, Method, Rule, find_seeds, smoothed

# Regions that are nowhere this far from their border are too small to show a neck.
MIN_RADIUS_PX = 3.0
# The discs inscribed in the parts must fill this share of the region: fibres are no rows of beads.
FULLNESS = 0.4
# Holes up to this share of a region's largest inscribed disc are noise of the threshold; the pocket
# between three touching discs of one size is as large as 5 % of each.
HOLE_SHARE = 0.04
# Larger boxes are separated at a lower resolution, which bounds time and memory.
LARGEST_BOX_PX = 4_000_000
_H_SHARE = 0.1


def separate(
    mask: Mask,
    *,
    method: Method = "automatic",
    smoothing_px: float | None = None,
    h_px: float | None = None,
    min_distance_px: float | None = None,
    min_area_px: int = 1,
) -> Labels:
    """Number the objects of a mask, touching ones apart.

    Each 4-connected region is looked at alone. A watershed of the distance to its border (Soille,
    Morphological Image Analysis, chapter 9) grows one part from each seed:

    - "automatic": from maxima of log(distance + 2 px) that rise by more than -log(0.93), so that a
      neck counts in proportion to the width of its sides and no size needs to be known. Regions
      thinner than 6 px, and regions whose parts would be long and thin, stay whole.
    - "h-maxima": from maxima of the distance that rise by more than ``h_px``.
    - "distance": from maxima of the distance that are ``min_distance_px`` apart.
    - "none": regions are objects.

    Args:
        mask: (H, W) bool.
        smoothing_px: standard deviation of the Gaussian over the distances; by default 5 % of the
            region's largest distance, at least 1 px.
        h_px: by default a tenth of the typical radius (the median over the regions of their largest
            distance to the border).
        min_distance_px: by default the typical radius.
        min_area_px: smaller regions are left out; smaller parts join what they were cut from.

    Returns:
        (H, W) int32; 0 is background, objects are 1, 2, 3 … from the top down, parts of a region
        one after the other.

    Raises:
        ValueError: an unknown method, a negative length, or a mask that is not (H, W) bool.
    """
    _check(mask, method, (smoothing_px, h_px, min_distance_px))
    regions = label_objects(mask, min_area_px=min_area_px)
    if method == "none":
        return regions
    rule = Rule(method, smoothing_px)
    boxes = ndimage.find_objects(regions)
    thick = _thick(regions)
    if method != "automatic":
        radius = _typical_radius(regions, boxes)
        rule, thick = sized(rule, radius, h_px, min_distance_px), np.ones_like(thick)
    return _separated(regions, boxes, thick, rule, min_area_px)


def sized(rule: Rule, radius: float, h_px: float | None, min_distance_px: float | None) -> Rule:
    """The rule with these lengths, or those that fit regions of this typical radius."""
    h = _H_SHARE * radius if h_px is None else h_px
    apart = radius if min_distance_px is None else min_distance_px
    return replace(rule, h_px=h, min_distance_px=apart)


def _check(mask: Mask, method: str, lengths: tuple[float | None, ...]) -> None:
    if mask.ndim != 2 or mask.dtype != np.bool_:
        raise ValueError(f"A mask is (H, W) bool, not {mask.shape} {mask.dtype}.")
    if method not in METHODS:
        raise ValueError(f"Unknown separation {method!r}: choose one of {', '.join(METHODS)}.")
    if any(length is not None and not 0 <= length < math.inf for length in lengths):
        raise ValueError("Lengths of a separation are numbers of px that are not negative.")


def _thick(regions: Labels) -> Mask:
    """Per number, from 0: whether a region may reach MIN_RADIUS_PX from its border.

    A disc of that radius holds a square of 5 px; looking for it costs little, and spares the box of
    each thin region, which may be as large as the image.
    """
    cores = ndimage.minimum_filter(regions > 0, size=5, mode="constant", cval=False)
    thick = np.zeros(int(regions.max(initial=0)) + 1, dtype=bool)
    thick[regions[cores]] = True
    return thick


def _typical_radius(regions: Labels, boxes: list[tuple[slice, ...]]) -> float:
    radii = []
    for number, box in enumerate(boxes, start=1):
        region = regions[box] == number
        factor = reduction(region.size)
        radii.append(radius_of(shrunk(region, factor), factor))
    return float(np.median(radii)) if radii else 0.0


def radius_of(smaller: Mask, factor: int) -> float:
    """The largest distance to the border, in px, of a region that was shrunk by this factor."""
    distances = ndimage.distance_transform_edt(np.pad(smaller, 1))
    return factor * float(distances.max())


def _separated(
    regions: Labels, boxes: list[tuple[slice, ...]], thick: Mask, rule: Rule, min_area_px: int
) -> Labels:
    objects, count = np.zeros_like(regions), 0
    for number, box in enumerate(boxes, start=1):
        region = regions[box] == number
        parts = _parts(region, rule, min_area_px) if thick[number] else None
        if parts is None:
            parts = region.astype(np.int32)
        objects[box][region] = parts[region] + count
        count += int(parts.max())
    return objects


def reduction(box_px: int) -> int:
    """How many times smaller a region in a box of so many px is looked at."""
    return math.ceil(math.sqrt(box_px / LARGEST_BOX_PX))


def _parts(region: Mask, rule: Rule, min_area_px: int) -> Labels | None:
    """The parts of a region, numbered from 1; None where it is one object."""
    factor = reduction(region.size)
    parts = coarse_parts(shrunk(region, factor), factor, rule, min_area_px)
    return parts if parts is None or factor == 1 else grown(parts, factor, region)


def coarse_parts(smaller: Mask, factor: int, rule: Rule, min_area_px: int) -> Labels | None:
    """The parts of a region that was shrunk by this factor, as small as it is."""
    rule = replace(
        rule,
        smoothing_px=None if rule.smoothing_px is None else rule.smoothing_px / factor,
        h_px=rule.h_px / factor,
        min_distance_px=rule.min_distance_px / factor,
    )
    return _parts_at_once(smaller, rule, math.ceil(min_area_px / factor**2))


def _parts_at_once(region: Mask, rule: Rule, min_area_px: int) -> Labels | None:
    inside = np.pad(region, 1)
    distances = _distances(inside)
    if rule.method == "automatic" and distances.max() < MIN_RADIUS_PX:
        return None
    heights = smoothed(distances, rule.smoothing_px)
    seeds = find_seeds(heights, inside, rule)
    parts = _grow(heights, seeds, inside, min_area_px)
    if parts.max() < 2 or (rule.method == "automatic" and not _full(parts, distances)):
        return None
    return parts[1:-1, 1:-1]


def _distances(inside: Mask) -> npt.NDArray[np.float64]:
    """To the border, in px, as if small holes were none."""
    distances = np.asarray(ndimage.distance_transform_edt(inside), dtype=np.float64)
    filled = without_small_holes(inside, HOLE_SHARE * math.pi * float(distances.max()) ** 2)
    if filled is inside:
        return distances
    return np.asarray(ndimage.distance_transform_edt(filled), dtype=np.float64)


def _grow(
    heights: npt.NDArray[np.float64], seeds: Labels, inside: Mask, min_area_px: int
) -> Labels:
    """Watershed from the seeds; the smaller half of those with too small a part goes, and again."""
    while True:
        count = int(seeds.max())
        if count < 2:
            return inside.astype(np.int32)
        parts = np.asarray(watershed(-heights, seeds, mask=inside), dtype=np.int32)
        areas = np.bincount(parts.ravel(), minlength=count + 1)[1:]
        small = np.flatnonzero(areas < min_area_px)
        if not small.size:
            return parts
        weakest = small[np.argsort(areas[small], kind="stable")][: (small.size + 1) // 2]
        seeds = _without(seeds, weakest + 1)


def _without(seeds: Labels, numbers: npt.NDArray[np.integer]) -> Labels:
    """Seeds less those with these numbers, the others numbered anew."""
    kept = np.ones(int(seeds.max()) + 1, dtype=bool)
    kept[0], kept[numbers] = False, False
    renumbered = np.where(kept, np.cumsum(kept), 0).astype(np.int32)
    return np.asarray(renumbered[seeds], dtype=np.int32)


def _full(parts: Labels, distances: npt.NDArray[np.float64]) -> bool:
    """Whether the largest disc within each part, together, fill enough of the region."""
    radii = ndimage.maximum(distances, parts, np.arange(1, int(parts.max()) + 1))
    filled = math.pi * float(np.square(radii).sum())
    return filled >= FULLNESS * int((parts > 0).sum())
