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
    _write(_labels(highest), path, pixel_size_um=(0.25, 0.1))
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


def _write(
    labels: np.ndarray, path: Path, pixel_size_um: tuple[float, float] | None = None
) -> None:
    shape, highest = (len(labels), labels.shape[1]), int(labels.max())
    write_label_tiff([(0, labels)], path, shape=shape, highest=highest, pixel_size_um=pixel_size_um)


def _ratio(value: Any) -> float:
    return float(value[0] / value[1])


def test_a_pixel_size_of_nanometres_survives_the_fraction_of_the_tag(tmp_path: Path) -> None:
    path = tmp_path / "l.tif"
    _write(_labels(2), path, pixel_size_um=(0.0123456, 0.0123456))
    with tifffile.TiffFile(path) as opened:
        per_um = _ratio(opened.pages.first.tags["XResolution"].value)
    assert 1 / per_um == pytest.approx(0.0123456, rel=1e-6)


@pytest.mark.parametrize("highest", [3, 70_000])
def test_without_a_pixel_size_no_unit_is_claimed(tmp_path: Path, highest: int) -> None:
    path = tmp_path / "l.tif"
    _write(_labels(highest), path, pixel_size_um=None)
    with tifffile.TiffFile(path) as opened:
        assert "unit" not in (opened.imagej_metadata or {})
        assert np.array_equal(opened.asarray(), _labels(highest))


def test_an_image_without_objects_is_written(tmp_path: Path) -> None:
    path = tmp_path / "l.tif"
    _write(np.zeros((3, 4), np.int32), path)
    assert tifffile.imread(path).tolist() == [[0] * 4] * 3


@pytest.mark.parametrize("highest", [9, 70_000])
def test_bands_lie_one_below_the_other_and_rows_of_none_are_background(
    tmp_path: Path, highest: int
) -> None:
    path = tmp_path / "l.tif"
    labels = np.random.default_rng(0).integers(0, highest, (10, 7), endpoint=True)
    bands = [(y0, labels[y0 : y0 + 3]) for y0 in (0, 3, 6)]
    write_label_tiff(bands, path, shape=(10, 7), highest=highest, pixel_size_um=None)
    assert np.array_equal(tifffile.imread(path)[:9], labels[:9])
    assert not tifffile.imread(path)[9].any()


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (np.zeros((1, 3, 4), int), "is \\(H, W\\) integers"),
        (np.zeros((3, 4)), "is \\(H, W\\) integers"),
        (np.full((3, 4), -1), "no labels below 0 or above 3"),
        (np.full((3, 4), 4), "no labels below 0 or above 3"),
        (np.zeros((3, 5), int), "do not fit into"),
        (np.zeros((4, 4), int), "do not fit into"),
    ],
)
def test_what_is_no_label_image_is_refused(tmp_path: Path, labels: np.ndarray, said: str) -> None:
    path = tmp_path / "l.tif"
    with pytest.raises(ValueError, match=said):
        write_label_tiff([(0, labels)], path, shape=(3, 4), highest=3, pixel_size_um=None)
