"""From masks to tables of objects; pure numpy and scikit-image."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from skimage.measure import regionprops

from inference.objects.components import label_objects

Size = tuple[float, float]
# scikit-image's RegionProperties, which it neither exports nor types.
Region = Any

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
    labels = label_objects(mask) if mask.dtype == np.bool_ else mask.astype(np.int32, copy=False)
    schema = table_schema(channel_names)
    intensities = _intensity_columns(channel_names)
    rows = []
    for region in regionprops(labels):
        row = _pixel_values(region)
        row |= _micron_values(row, pixel_size_um)
        row["score_mean"] = None if score is None else _mean(score, region)
        row |= zip(intensities, (_mean(plane, region) for plane in planes), strict=True)
        rows.append(row)
    return pa.Table.from_pylist(rows, schema=schema)


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


def _pixel_values(region: Region) -> dict[str, Any]:
    return {
        "label": region.label,
        "area": int(region.area),
        **{f"centroid-{axis}": value for axis, value in enumerate(region.centroid)},
        **{f"bbox-{corner}": value for corner, value in enumerate(region.bbox)},
        "equivalent_diameter_area": region.equivalent_diameter_area,
        "eccentricity": region.eccentricity,
        "solidity": region.solidity,
        "perimeter": region.perimeter,
    }


def _micron_values(row: dict[str, Any], pixel_size_um: Size | None) -> dict[str, Any]:
    # From the row, not the region: scikit-image would compute most of it a second time.
    if pixel_size_um is None:
        return dict.fromkeys(_MICRON_COLUMNS)
    y, x = pixel_size_um
    area = row["area"] * y * x
    return {
        "area_um2": area,
        "centroid-0_um": row["centroid-0"] * y,
        "centroid-1_um": row["centroid-1"] * x,
        "equivalent_diameter_area_um": 2 * math.sqrt(area / math.pi),
        "perimeter_um": row["perimeter"] * math.sqrt(y * x),
    }


def _mean(plane: NDArray[Any], region: Region) -> float:
    """Mean over an object, read from its box only."""
    return float(plane[region.slice][region.image].mean(dtype=np.float64))
