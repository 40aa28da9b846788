"""Objects of a mask that is held as a whole: what they must be when it is read in bands, too."""

import numpy as np
from scipy import ndimage

from inference.objects.components import Labels, Mask, label_objects, shrunk
from inference.objects.depths import Sides
from inference.objects.parts import coarse_parts, radius_of, reduction, sized
from inference.objects.seeds import Method, Rule


def separate(
    mask: Mask,
    *,
    method: Method = "automatic",
    smoothing_px: float | None = None,
    h_px: float | None = None,
    min_distance_px: float | None = None,
    min_area_px: int = 1,
) -> Labels:
    """(H, W) int32: what `object_bands` must make of a mask (H, W), with the same arguments."""
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


def _separated(
    regions: Labels, boxes: list[tuple[slice, ...]], thick: Mask, rule: Rule, min_area_px: int
) -> Labels:
    objects, count = np.zeros_like(regions), 0
    for number, box in enumerate(boxes, start=1):
        region = regions[box] == number
        sides = _open_sides(box, regions.shape)
        parts = _parts(region, rule, min_area_px, sides) if thick[number] else None
        if parts is None:
            parts = region.astype(np.int32)
        objects[box][region] = parts[region] + count
        count += int(parts.max())
    return objects


def _open_sides(box: tuple[slice, ...], shape: tuple[int, ...]) -> Sides:
    (top, bottom), (left, right) = ((part.start, part.stop) for part in box)
    return top == 0, bottom == shape[0], left == 0, right == shape[1]


def _parts(region: Mask, rule: Rule, min_area_px: int, sides: Sides) -> Labels | None:
    """The parts of a region, numbered from 1; None where it is one object."""
    factor = reduction(region.size)
    parts = coarse_parts(shrunk(region, factor), factor, rule, min_area_px, sides)
    return parts if parts is None or factor == 1 else _grown(parts, factor, region)


def _grown(parts: Labels, factor: int, mask: Mask) -> Labels:
    """Undo `shrunk` for numbered parts; ``mask`` (H, W) cuts them to their true border."""
    large = parts.repeat(factor, axis=0).repeat(factor, axis=1)
    cut: Labels = np.where(mask, large[: mask.shape[0], : mask.shape[1]], 0).astype(np.int32)
    return cut
