"""Number types and values that are no numbers."""

from pathlib import Path

import numpy as np
import pytest

from annotations.imaging.convert import make_finite, to_stored
from annotations.imaging.errors import ImageRefused
from annotations.imaging.inspect import inspect_file
from annotations.imaging.read import read_planes
from tests.annotations.imaging.files import tiff


@pytest.mark.parametrize(
    ("dtype", "values", "kept"),
    [
        ("uint8", [0, 7, 255], "uint8"),
        ("uint16", [0, 4095, 65535], "uint16"),
        ("int8", [-128, 0, 127], "float32"),
        ("int16", [-32768, 0, 32767], "float32"),
        ("uint32", [0, 70_000, 2**24], "float32"),
        ("int32", [-(2**24), 5, 2**24], "float32"),
        ("float16", [-0.5, 0.25, 3.0], "float32"),
        ("float32", [-1e30, 0.1, 3e38], "float32"),
        ("float64", [-0.5, 0.25, 1e6], "float32"),
    ],
)
def test_every_number_type_keeps_its_values(
    tmp_path: Path, dtype: str, values: list[float], kept: str
) -> None:
    data = np.array([values], dtype)
    path = tiff(tmp_path / "a.tif", data)
    planes = read_planes(path, name="a.tif")
    assert planes.dtype == kept
    assert inspect_file(path, name="a.tif").dtype == kept
    assert np.array_equal(planes[0].astype(np.float64), data.astype(np.float64))


def test_large_integers_are_rounded_to_24_bits() -> None:
    planes = to_stored(np.array([[[2**24 + 1, 2**31 - 1]]], np.int32))
    assert planes.tolist() == [[[2.0**24, 2.0**31]]]


def test_nan_and_infinities_become_the_lowest_and_highest_finite_value(tmp_path: Path) -> None:
    data = np.array([[np.nan, 1.5, 3.0], [np.inf, -np.inf, 2.0]], np.float32)
    path = tiff(tmp_path / "n.tif", data)
    expected = [[1.5, 1.5, 3.0], [3.0, 1.5, 2.0]]
    assert read_planes(path, name="n.tif")[0].tolist() == expected


def test_a_float64_beyond_float32_counts_as_infinite() -> None:
    planes = to_stored(np.array([[[1e300, -1e300, 0.0, 5.0]]]))
    assert planes.tolist() == [[[5.0, 0.0, 0.0, 5.0]]]


def test_each_channel_is_made_finite_by_its_own_values() -> None:
    planes = to_stored(np.array([[[np.nan, 1.0]], [[np.nan, 9.0]]], np.float32))
    assert planes.tolist() == [[[1.0, 1.0]], [[9.0, 9.0]]]


def test_an_image_of_nan_alone_is_refused(tmp_path: Path) -> None:
    path = tiff(tmp_path / "n.tif", np.full((4, 4), np.nan, np.float32))
    with pytest.raises(ImageRefused, match="only NaN or infinite"):
        read_planes(path, name="n.tif")


def test_finite_planes_are_left_alone() -> None:
    plane = np.array([[1.0, -2.0]], np.float32)
    make_finite(plane)
    assert plane.tolist() == [[1.0, -2.0]]


def test_complex_numbers_are_refused(tmp_path: Path) -> None:
    path = tiff(tmp_path / "c.tif", np.ones((4, 4), np.complex64))
    with pytest.raises(ImageRefused, match="complex64"):
        inspect_file(path, name="c.tif")


def test_the_file_s_own_array_is_not_changed() -> None:
    original = np.array([[[np.nan, 1.0]]], np.float32)
    to_stored(original)
    assert np.isnan(original[0, 0, 0])
