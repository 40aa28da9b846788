"""Label images as TIFF, read back by tifffile and by the tags that Fiji reads."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from inference.export.label_tiff import write_label_tiff


def _labels(highest: int) -> np.ndarray:
    labels = np.zeros((9, 12), np.int32)
    labels[2:4, 3:5], labels[7, 11] = 1, highest
    return labels


@pytest.mark.parametrize(
    ("highest", "dtype"), [(1, "uint16"), (65_535, "uint16"), (65_536, "uint32")]
)
def test_labels_are_read_back_and_imagej_is_told_the_pixel_size(
    tmp_path: Path, highest: int, dtype: str
) -> None:
    path = tmp_path / "l.tif"
    write_label_tiff(_labels(highest), path, pixel_size_um=(0.25, 0.1))
    with tifffile.TiffFile(path) as opened:
        array, page, metadata = opened.asarray(), opened.pages.first, opened.imagej_metadata
    assert array.dtype == dtype
    assert np.array_equal(array, _labels(highest))
    assert page.description.startswith("ImageJ=")
    assert metadata is not None
    assert metadata["unit"] == "um"
    assert _ratio(page.tags["XResolution"].value) == pytest.approx(10)
    assert _ratio(page.tags["YResolution"].value) == pytest.approx(4)
    assert page.tags["ResolutionUnit"].value == 1  # none: the unit is in the description


def _ratio(value: Any) -> float:
    return float(value[0] / value[1])


def test_a_pixel_size_of_nanometres_survives_the_fraction_of_the_tag(tmp_path: Path) -> None:
    path = tmp_path / "l.tif"
    write_label_tiff(_labels(2), path, pixel_size_um=(0.0123456, 0.0123456))
    with tifffile.TiffFile(path) as opened:
        per_um = _ratio(opened.pages.first.tags["XResolution"].value)
    assert 1 / per_um == pytest.approx(0.0123456, rel=1e-6)


@pytest.mark.parametrize("highest", [3, 70_000])
def test_without_a_pixel_size_no_unit_is_claimed(tmp_path: Path, highest: int) -> None:
    path = tmp_path / "l.tif"
    write_label_tiff(_labels(highest), path, pixel_size_um=None)
    with tifffile.TiffFile(path) as opened:
        assert "unit" not in (opened.imagej_metadata or {})
        assert np.array_equal(opened.asarray(), _labels(highest))


def test_an_image_without_objects_is_written(tmp_path: Path) -> None:
    path = tmp_path / "l.tif"
    write_label_tiff(np.zeros((3, 4), np.int32), path, pixel_size_um=None)
    assert tifffile.imread(path).tolist() == [[0] * 4] * 3


@pytest.mark.parametrize(
    "labels", [np.zeros((1, 3, 4), int), np.zeros((3, 4)), np.full((3, 4), -1)]
)
def test_what_is_no_label_image_is_refused(tmp_path: Path, labels: np.ndarray) -> None:
    with pytest.raises(ValueError, match="label image"):
        write_label_tiff(labels, tmp_path / "l.tif", pixel_size_um=None)
    assert not (tmp_path / "l.tif").exists()
