"""The parts of a region of a mask, told apart where it narrows to a neck."""

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy import ndimage
from skimage.segmentation import watershed

from inference.objects.components import Labels, Mask, without_small_holes
from inference.objects.depths import CLOSED, Sides, padded, to_border
from inference.objects.necks import necks_of
from inference.objects.seeds import Rule, find_seeds, in_necks, smoothed

# Regions that are nowhere this far from their border are too small to show a neck.
MIN_RADIUS_PX = 2.5
# Where the discs inscribed in the parts fill less of the region than this share, necks must be
# deeper, by the square of what is missing: fibres are no rows of beads.
FULLNESS = 0.6
# Holes up to this share of a region's largest inscribed disc are noise of the threshold; the pocket
# between three touching discs of one size is as large as 5 % of each.
HOLE_SHARE = 0.04
# Larger boxes are separated at a lower resolution, which bounds time and memory.
LARGEST_BOX_PX = 2_000_000
_H_SHARE = 0.1


def sized(rule: Rule, radius: float, h_px: float | None, min_distance_px: float | None) -> Rule:
    """The rule with these lengths, or those that fit regions of this typical radius."""
    h = _H_SHARE * radius if h_px is None else h_px
    apart = radius if min_distance_px is None else min_distance_px
    return replace(rule, h_px=h, min_distance_px=apart)


def radius_of(smaller: Mask, factor: int) -> float:
    """The largest distance to the border, in px, of a region that was shrunk by this factor."""
    distances = ndimage.distance_transform_edt(np.pad(smaller, 1))
    return factor * float(distances.max())


def reduction(box_px: int) -> int:
    """How many times smaller a region in a box of so many px is looked at."""
    return math.ceil(math.sqrt(box_px / LARGEST_BOX_PX))


def coarse_parts(
    smaller: Mask, factor: int, rule: Rule, min_area_px: int, open_sides: Sides
) -> Labels | None:
    """The parts of a region that was shrunk by this factor, as small as it is.

    ``open_sides``: where its box lies at the image's border, beyond which nobody knows.
    """
    rule = replace(
        rule,
        smoothing_px=None if rule.smoothing_px is None else rule.smoothing_px / factor,
        h_px=rule.h_px / factor,
        min_distance_px=rule.min_distance_px / factor,
    )
    return _parts_at_once(smaller, rule, math.ceil(min_area_px / factor**2), open_sides)


def _parts_at_once(region: Mask, rule: Rule, min_area_px: int, open_sides: Sides) -> Labels | None:
    # Of a region that several sides cut off, too little of its border is in sight: between two
    # corners of background even a convex one would have a neck.
    inside, own = padded(region, open_sides if sum(open_sides) == 1 else CLOSED)
    distances = _distances(inside)
    if rule.method == "automatic" and distances.max() < MIN_RADIUS_PX:
        return None
    heights = smoothed(distances, rule.smoothing_px)
    parts = _grow(heights, find_seeds(heights, inside, rule), inside, min_area_px)
    if rule.method == "automatic" and parts.max() > 1:
        parts = _believable(parts, heights, distances)
    return None if parts.max() < 2 else parts[own]


def _believable(
    parts: Labels, heights: npt.NDArray[np.float64], distances: npt.NDArray[np.float64]
) -> Labels:
    """The parts that are left when necks are as deep as parts of their shape need.

    Deeper necks leave fewer parts, whose discs fill less; so it ends.
    """
    radii = np.append(0.0, ndimage.maximum(distances, parts, np.arange(1, int(parts.max()) + 1)))
    area, numbers = int(np.count_nonzero(parts)), np.arange(len(radii), dtype=np.int32)
    depth, needed = 1.0, _needed_depth(radii, numbers, area)
    if needed <= depth:
        return parts
    necks = necks_of(parts, in_necks(heights))
    while needed > depth:
        depth = needed
        numbers = necks.joined(depth)
        needed = _needed_depth(radii, numbers, area)
    return np.asarray(numbers[parts], dtype=np.int32)


def _needed_depth(radii: npt.NDArray[np.float64], numbers: Labels, area: int) -> float:
    """How deep necks must be, in those of full parts, when parts are joined to these numbers."""
    largest = np.zeros(int(numbers.max()) + 1)
    np.maximum.at(largest, numbers, radii)
    fullness = math.pi * float(np.square(largest[1:]).sum()) / area
    return (FULLNESS / fullness) ** 2


def _distances(inside: Mask) -> npt.NDArray[np.float64]:
    """To the border, in px, as if small holes were none."""
    distances = to_border(inside)
    filled = without_small_holes(inside, HOLE_SHARE * math.pi * float(distances.max()) ** 2)
    return distances if filled is inside else to_border(filled)


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
