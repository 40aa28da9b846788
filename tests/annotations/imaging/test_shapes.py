"""Outlines of QuPath and ImageJ as pixels, against shapely and against files they wrote."""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from roifile import ROI_TYPE, ImagejRoi, roiwrite
from shapely import contains_xy
from shapely.geometry import Polygon

from annotations.imaging.errors import ImageRefused
from annotations.imaging.outlines.geojson import read_geojson
from annotations.imaging.outlines.mask import objects, read_mask
from annotations.imaging.outlines.rois import read_rois
from annotations.imaging.outlines.shapes import Shape, rasterise


def _random_ring(random: np.random.Generator) -> np.ndarray:
    angles = np.sort(random.uniform(0, 2 * np.pi, 9))
    radius = random.uniform(4, 18, 9)
    return np.stack([25 + radius * np.cos(angles), 20 + radius * np.sin(angles)], axis=1)


@pytest.mark.parametrize("seed", range(20))
def test_a_shape_has_the_pixels_whose_middle_lies_in_it(seed: int) -> None:
    ring = _random_ring(np.random.default_rng(seed))
    drawn = rasterise([Shape((ring,))], 40, 50)
    y, x = np.mgrid[:40, :50] + 0.5
    assert np.array_equal(drawn > 0, contains_xy(Polygon(ring), x, y))


def test_holes_are_holes_and_the_outside_is_cut_off() -> None:
    outer = np.array([[-5.0, -5], [20, -5], [20, 20], [-5, 20]])
    inner = np.array([[2.0, 2], [6, 2], [6, 6], [2, 6]])
    drawn = rasterise([Shape((outer, inner))], 10, 10)
    expected = np.ones((10, 10), np.uint32)
    expected[2:6, 2:6] = 0
    assert np.array_equal(drawn, expected)


def test_shapes_without_a_pixel_leave_no_gap_in_the_numbers() -> None:
    def square(x: float) -> Shape:
        return Shape((np.array([[x, 0], [x + 2, 0], [x + 2, 2], [x, 2.0]]),))

    drawn = rasterise([square(0), square(90), square(4)], 4, 8)
    assert drawn[:2].tolist() == [[1, 1, 0, 0, 2, 2, 0, 0]] * 2


def _feature(kind: str, coordinates: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}}


SQUARE = [[1, 1], [4, 1], [4, 3], [1, 3], [1, 1]]


@pytest.mark.parametrize(
    "data",
    [
        {"type": "FeatureCollection", "features": [_feature("Polygon", [SQUARE])]},
        [_feature("MultiPolygon", [[SQUARE]])],
        _feature("Polygon", [SQUARE]),
        {"type": "Polygon", "coordinates": [SQUARE]},
    ],
)
def test_qupath_areas_are_read_in_every_form_it_writes(data: Any) -> None:
    drawn = read_geojson(json.dumps(data).encode())
    labels = rasterise(drawn.shapes, 5, 6)
    assert labels.sum() == 6
    assert (labels[1:3, 1:4] == 1).all()


def test_points_and_lines_are_named_and_passed_over() -> None:
    data = [_feature("Point", [1, 2]), _feature("Polygon", [SQUARE])]
    drawn = read_geojson(json.dumps(data).encode())
    assert (len(drawn.shapes), drawn.passed_over) == (1, ["Feature 1 is no area (Point)."])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[]",
        b'{"type": "Polygon"}',
        b'{"type": "Polygon", "coordinates": 3}',
        b'{"type": "Polygon", "coordinates": []}',
        b'{"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}',
        b'{"type": "Polygon", "coordinates": [[[0, 0], [1, "a"], [2, 2]]]}',
        b'{"type": "Polygon", "coordinates": [[[0, 0], [NaN, 1], [2, 2]]]}',
        b'{"type": "Polygon", "coordinates": [[[0, 0], [1e300, 1], [2, 2]]]}',
        b'{"type": "Polygon", "coordinates": [[{"a": 1}]]}',
    ],
)
def test_what_is_no_geojson_is_refused(content: bytes) -> None:
    with pytest.raises(ImageRefused, match=r"feature|Feature|GeoJSON"):
        read_geojson(content)


def _roi(kind: ROI_TYPE, points: list[list[int]], name: str) -> ImagejRoi:
    roi = ImagejRoi.frompoints(points, name=name)
    roi.roitype = kind
    return roi


def test_the_areas_of_a_roi_manager_become_objects(tmp_path: Path) -> None:
    path = tmp_path / "RoiSet.zip"
    square = [[1, 1], [5, 1], [5, 4], [1, 4]]
    rois = [_roi(ROI_TYPE.POLYGON, square, "a"), _roi(ROI_TYPE.POINT, [[2, 2]], "b")]
    roiwrite(path, rois)
    drawn = read_rois(path)
    assert drawn.passed_over == ["b.roi is no area."]
    labels = rasterise(drawn.shapes, 6, 8)
    assert labels.sum() == 12
    assert (labels[1:4, 1:5] == 1).all()


def test_a_rectangle_and_an_oval_have_the_size_they_say(tmp_path: Path) -> None:
    for kind, area in ((ROI_TYPE.RECT, 40 * 30), (ROI_TYPE.OVAL, np.pi * 20 * 15)):
        roi = ImagejRoi()
        roi.roitype = kind
        roi.left, roi.top, roi.right, roi.bottom = 5, 10, 45, 40
        path = tmp_path / "one.roi"
        path.write_bytes(roi.tobytes())
        labels = rasterise(read_rois(path).shapes, 60, 60)
        assert (labels > 0).sum() == pytest.approx(area, rel=0.03)
        rows, columns = np.nonzero(labels)
        assert (rows.min(), rows.max(), columns.min(), columns.max()) == (10, 39, 5, 44)


@pytest.mark.parametrize("content", [b"", b"Iout", b"Iout" + b"\0" * 20, b"no region at all"])
def test_a_damaged_region_is_refused(tmp_path: Path, content: bytes) -> None:
    alone, packed = tmp_path / "a.roi", tmp_path / "a.zip"
    alone.write_bytes(content)
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.roi", content)
    for path in (alone, packed):
        with pytest.raises(ImageRefused, match="ImageJ"):
            read_rois(path)


def test_a_zip_without_regions_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(ImageRefused, match=r"no \.roi"):
        read_rois(tmp_path / "a.zip")


def test_a_mask_of_one_value_is_taken_apart_and_one_of_numbers_is_not() -> None:
    mask = np.zeros((6, 8), np.uint8)
    mask[0:2, 0:2] = mask[2:4, 2:4] = mask[0:3, 6:8] = 255
    # The first two touch at a corner.
    assert objects(mask).max() == 2
    mask[2:4, 2:4] = 7
    assert sorted(np.unique(objects(mask))) == [0, 1, 2]
    assert objects(mask)[0, 0] == objects(mask)[0, 7] != objects(mask)[2, 2]
    assert objects(mask, colours=True).max() == 2


def test_a_mask_of_nothing_has_no_object() -> None:
    assert objects(np.full((3, 3), np.nan, np.float32)).max() == 0


def test_a_mask_must_have_the_size_of_its_image(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, np.ones((5, 6), np.uint16))
    assert read_mask(path, name="a.tif", height=5, width=6).tolist() == [[1] * 6] * 5
    with pytest.raises(ImageRefused, match="6 x 5 px and the image 6 x 6"):
        read_mask(path, name="a.tif", height=6, width=6)


def test_a_mask_has_one_channel(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, np.ones((2, 5, 6), np.uint16), imagej=True, metadata={"axes": "CYX"})
    with pytest.raises(ImageRefused, match="one channel"):
        read_mask(path, name="a.tif", height=5, width=6)
