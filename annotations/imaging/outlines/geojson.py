"""GeoJSON as QuPath writes it: annotations and detections in pixels of the full image."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from annotations.imaging.errors import ImageRefused
from annotations.imaging.outlines.shapes import Drawn, Ring, Shape

MAX_COORDINATE = 1e7


def read_geojson(content: bytes) -> Drawn:
    """Read the areas of a FeatureCollection, a list of features, a feature or a geometry.

    Raises:
        ImageRefused: no GeoJSON, or a number in it is none.
    """
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ImageRefused("The file is no GeoJSON: it does not read as JSON.") from error
    shapes: list[Shape] = []
    passed_over: list[str] = []
    for number, geometry in enumerate(_geometries(data), start=1):
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        if kind in ("Polygon", "MultiPolygon"):
            shapes.append(_shape(geometry, number))
        else:
            passed_over.append(f"Feature {number} is no area ({str(kind)[:40]}).")
    if not shapes and not passed_over:
        raise ImageRefused("The file holds no features. Export them from QuPath as GeoJSON.")
    return Drawn(shapes, passed_over)


def _geometries(data: Any) -> Iterator[Any]:
    if isinstance(data, dict) and data.get("type") == "FeatureCollection":
        data = data.get("features")
    features = data if isinstance(data, list) else [data]
    for feature in features:
        is_feature = isinstance(feature, dict) and feature.get("type") == "Feature"
        yield feature.get("geometry") if is_feature else feature


def _shape(geometry: dict[str, Any], number: int) -> Shape:
    coordinates = geometry.get("coordinates")
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    try:
        rings = tuple(_ring(ring) for polygon in polygons for ring in polygon)  # type: ignore[union-attr]
    except (TypeError, ValueError, OverflowError) as error:
        raise ImageRefused(f"Feature {number} has an outline that is no list of points.") from error
    if not rings:
        raise ImageRefused(f"Feature {number} has no outline.")
    return Shape(rings)


def _ring(points: Any) -> Ring:
    ring = np.asarray([point[:2] for point in points], dtype=np.float64)
    whole = ring.ndim == 2 and ring.shape[1] == 2 and len(ring) >= 3
    if not whole or not (np.abs(ring) < MAX_COORDINATE).all():
        raise ValueError("not a ring of points")
    return ring
