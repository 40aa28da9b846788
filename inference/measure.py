"""From masks to tables of objects; pure numpy."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inference.objects.components import Labels, label_objects
from inference.objects.hull import Extents
from inference.objects.perimeter import Perimeters
from inference.objects.runs import Floats, Integers, Sums, runs_of, sums_of

Size = tuple[float, float]
Columns = dict[str, NDArray[Any]]
# First row and one past the last of a band, to planes (C, h, W) or a score (h, W) of it.
ReadRows = Callable[[int, int], NDArray[Any]]

_PIXEL_COLUMNS = (
    "area",
    "centroid-0",
    "centroid-1",
    "bbox-0",
    "bbox-1",
    "bbox-2",
    "bbox-3",
    "equivalent_diameter_area",
    "eccentricity",
    "solidity",
    "perimeter",
)
_INTEGERS = {"label", "area", "bbox-0", "bbox-1", "bbox-2", "bbox-3"}
_MICRON_COLUMNS = (
    "area_um2",
    "centroid-0_um",
    "centroid-1_um",
    "equivalent_diameter_area_um",
    "perimeter_um",
)


def measure_objects(
    mask: NDArray[Any],
    planes: NDArray[Any],
    *,
    score: NDArray[Any] | None,
    pixel_size_um: Size | None,
    channel_names: Sequence[str],
) -> pa.Table:
    """Measure every object of a mask or label image.

    Names and meanings follow scikit-image's `regionprops`: axis 0 is y, axis 1 is x, boxes
    exclude their end, `perimeter` is counted over 4-connected border pixels. Columns in µm are
    null where the pixel size is not known; `equivalent_diameter_area_um` comes from the area in
    µm², `perimeter_um` takes the geometric mean of both pixel sides, which is exact for square
    pixels. Eccentricity, solidity and perimeter are measured in pixels.

    Args:
        mask: (H, W) bool, whose 4-connected components are the objects, or (H, W) labels of any
            integer type, 0 = background.
        planes: (C, H, W), the image under it.
        score: (H, W) probability 0..1, or None: then `score_mean` is null.
        pixel_size_um: (y, x) or None.
        channel_names: one per plane, for the columns `intensity_mean-<channel>`; equal names get
            their number appended.

    Returns:
        One row per object in the order of labels; no row for an empty mask.

    Raises:
        ValueError: sizes or channel names do not fit together.
    """
    _check(mask, planes, score, channel_names)
    labels = label_objects(mask) if mask.dtype == np.bool_ else mask
    return measure_bands(
        [(0, labels)],
        lambda y0, y1: planes[:, y0:y1],
        score=None if score is None else lambda y0, y1: score[y0:y1],
        pixel_size_um=pixel_size_um,
        channel_names=channel_names,
    )


def measure_bands(
    bands: Iterable[tuple[int, Labels | NDArray[Any]]],
    planes: ReadRows,
    *,
    score: ReadRows | None,
    pixel_size_um: Size | None,
    channel_names: Sequence[str],
) -> pa.Table:
    """`measure_objects` of a label image that comes in bands of rows, so that memory need not hold
    it.

    Args:
        bands: (y0, labels (h, W)), from top to bottom without gaps; an object may be in many.
        planes: gives (C, h, W) of the rows y0 to y1, which are those of a band. score: the same,
            (h, W) in 0..1.
        pixel_size_um, channel_names: see `measure_objects`.
    """
    parts, extents, perimeters = [], Extents(), None
    for y0, labels in bands:
        perimeters = perimeters or Perimeters(labels.shape[1])
        perimeters.add(labels)
        runs = runs_of(labels, y0)
        extents.add(runs)
        if len(runs.label):
            y1 = y0 + len(labels)
            scores = [] if score is None else [score(y0, y1)]
            parts.append(sums_of(runs, [*scores, *planes(y0, y1)]))
    schema = table_schema(channel_names)
    if not parts or perimeters is None:
        return schema.empty_table()
    sums = Sums.together(parts)
    columns = _pixel_values(sums, extents.hull_areas(), perimeters.by_label(sums.label))
    if pixel_size_um is not None:
        columns |= _micron_values(columns, pixel_size_um)
    means = list((sums.values / sums.area[:, None]).T)
    if score is not None:
        columns["score_mean"] = means.pop(0)
    columns |= zip(_intensity_columns(channel_names), means, strict=True)
    empty = pa.nulls(len(sums.label), pa.float64())
    return pa.table([columns.get(name, empty) for name in schema.names], schema=schema)


def table_schema(channel_names: Sequence[str]) -> pa.Schema:
    """The columns of an object table, also of an empty one."""
    names = ["label", *_PIXEL_COLUMNS, *_MICRON_COLUMNS, "score_mean"]
    names += _intensity_columns(channel_names)
    return pa.schema(
        [pa.field(name, pa.int64() if name in _INTEGERS else pa.float64()) for name in names]
    )


def _check(
    mask: NDArray[Any],
    planes: NDArray[Any],
    score: NDArray[Any] | None,
    channel_names: Sequence[str],
) -> None:
    if mask.ndim != 2 or planes.ndim != 3 or planes.shape[1:] != mask.shape:
        raise ValueError(f"A mask of {mask.shape} does not lie over planes of {planes.shape}.")
    if score is not None and score.shape != mask.shape:
        raise ValueError(f"A score of {score.shape} does not lie over a mask of {mask.shape}.")
    if len(channel_names) != len(planes):
        raise ValueError(f"{len(channel_names)} channel names for {len(planes)} planes.")
    if mask.dtype.kind not in "bui":
        raise ValueError(f"A mask is bool or integer labels, not {mask.dtype}.")


def _intensity_columns(channel_names: Sequence[str]) -> list[str]:
    return list(_unique(f"intensity_mean-{name}" for name in channel_names))


def _unique(names: Iterator[str]) -> Iterator[str]:
    seen: set[str] = set()
    for number, name in enumerate(names, start=1):
        unique = name if name not in seen else f"{name}-{number}"
        seen.add(unique)
        yield unique


def _pixel_values(sums: Sums, hull_areas: Integers, perimeters: Floats) -> Columns:
    area = sums.area
    return {
        "label": sums.label,
        "area": area,
        "centroid-0": sums.y / area,
        "centroid-1": sums.x / area,
        "bbox-0": sums.y_low,
        "bbox-1": sums.x_low,
        "bbox-2": sums.y_high + 1,
        "bbox-3": sums.x_high + 1,
        "equivalent_diameter_area": np.sqrt(4 * area / math.pi),
        "eccentricity": _eccentricity(sums),
        "solidity": area / hull_areas,
        "perimeter": perimeters,
    }


def _eccentricity(sums: Sums) -> Floats:
    """Of the ellipse with the same second moments, from the eigenvalues of their matrix."""
    # As Python's integers, which have no end: area times sum of squares may need more than 64 bits.
    area, y, x, yy, xx, xy = (
        part.astype(object) for part in (sums.area, sums.y, sums.x, sums.yy, sums.xx, sums.xy)
    )
    spread_y, spread_x = (area * yy - y * y).astype(float), (area * xx - x * x).astype(float)
    middle = (spread_y + spread_x) / 2
    apart = np.hypot((spread_y - spread_x) / 2, (area * xy - y * x).astype(float))
    longest = np.maximum(middle + apart, np.finfo(float).tiny)
    return np.asarray(np.sqrt(np.clip(2 * apart / longest, 0, 1)))


def _micron_values(columns: Columns, pixel_size_um: Size) -> Columns:
    y, x = pixel_size_um
    factors = {"centroid-0": y, "centroid-1": x, "perimeter": math.sqrt(y * x)}
    found = {f"{name}_um": columns[name] * by for name, by in factors.items()}
    found["area_um2"] = columns["area"] * (y * x)
    found["equivalent_diameter_area_um"] = 2 * np.sqrt(found["area_um2"] / math.pi)
    return found
