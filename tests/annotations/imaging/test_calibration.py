"""Channels, their names and colours, and pixel sizes in TIFF files."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from annotations.imaging.header import ImageHeader
from annotations.imaging.inspect import inspect_file
from annotations.imaging.read import read_planes
from tests.annotations.imaging.files import pixels, tiff


def _header(path: Path) -> ImageHeader:
    return inspect_file(path, name=path.name)


def _lut(colour: tuple[int, int, int]) -> np.ndarray[Any, Any]:
    return np.outer(colour, np.arange(256) / 255).round().astype(np.uint8)


def test_channels_of_imagej_keep_their_labels_and_colours(tmp_path: Path) -> None:
    data = pixels((2, 8, 9))
    metadata = {
        "axes": "CYX",
        "mode": "composite",
        "Labels": ["DAPI", "Actin"],
        "LUTs": [_lut((0, 0, 255)), _lut((255, 128, 0))],
    }
    path = tiff(tmp_path / "c.tif", data, imagej=True, metadata=metadata)
    header = _header(path)
    assert header.format == "ImageJ TIFF"
    assert header.channel_names == ("DAPI", "Actin")
    assert header.channel_colours == ("0000FF", "FF8000")
    assert np.array_equal(read_planes(path, name="c.tif"), data)


def test_channels_of_ome_keep_their_names_and_colours(tmp_path: Path) -> None:
    data = pixels((3, 8, 9))
    channel = {"Name": ["DAPI", "", "Bassoon"], "Color": [65535, 16711935, -16776961]}
    metadata = {"axes": "CYX", "Channel": channel}
    path = tiff(tmp_path / "c.ome.tif", data, metadata=metadata)
    header = _header(path)
    assert header.format == "OME-TIFF"
    assert header.channel_names == ("DAPI", "Channel 2", "Bassoon")
    # 65535 = 0x0000FFFF: blue 0xFF before the alpha byte; 16711935 = 0x00FF00FF: green;
    # -16776961 = 0xFF0000FF: red.
    assert header.channel_colours == ("0000FF", "00FF00", "FF0000")
    assert np.array_equal(read_planes(path, name="c.ome.tif"), data)


def test_channels_without_colours_get_colours_that_can_be_told_apart(tmp_path: Path) -> None:
    path = tiff(tmp_path / "c.tif", pixels((7, 8, 9)), imagej=True, metadata={"axes": "CYX"})
    header = _header(path)
    assert header.channel_names == tuple(f"Channel {number}" for number in range(1, 8))
    assert header.channel_colours[:2] == ("00FF00", "FF00FF")
    assert len(set(header.channel_colours[:6])) == 6


@pytest.mark.parametrize(
    ("unit", "factor"),
    [("micron", 1), ("um", 1), ("\\u00B5m", 1), ("nm", 0.001), ("mm", 1000), ("micrometer", 1)],
)
def test_imagej_says_its_pixel_size_in_many_units(tmp_path: Path, unit: str, factor: float) -> None:
    path = tiff(
        tmp_path / "a.tif",
        pixels((8, 9)),
        imagej=True,
        resolution=(4.0, 2.0),
        metadata={"unit": unit, "axes": "YX"},
    )
    assert _header(path).pixel_size_um == pytest.approx((0.5 * factor, 0.25 * factor))


@pytest.mark.parametrize("unit", ["pixel", "", "furlong"])
def test_a_unit_that_says_nothing_gives_no_pixel_size(tmp_path: Path, unit: str) -> None:
    path = tiff(
        tmp_path / "a.tif",
        pixels((8, 9)),
        imagej=True,
        resolution=(4.0, 2.0),
        metadata={"unit": unit, "axes": "YX"},
    )
    assert _header(path).pixel_size_um is None


@pytest.mark.parametrize(("unit", "factor"), [("µm", 1), ("nm", 1e-3), ("Å", 1e-4), (None, 1)])
def test_ome_says_its_pixel_size_with_its_unit(
    tmp_path: Path, unit: str | None, factor: float
) -> None:
    metadata: dict[str, Any] = {"axes": "YX", "PhysicalSizeX": 0.5, "PhysicalSizeY": 0.25}
    if unit:
        metadata |= {"PhysicalSizeXUnit": unit, "PhysicalSizeYUnit": unit}
    path = tiff(tmp_path / "a.ome.tif", pixels((8, 9)), metadata=metadata)
    assert _header(path).pixel_size_um == pytest.approx((0.25 * factor, 0.5 * factor))


def test_ome_pixels_of_a_reference_frame_have_no_size(tmp_path: Path) -> None:
    metadata = {
        "axes": "YX",
        "PhysicalSizeX": 1.0,
        "PhysicalSizeY": 1.0,
        "PhysicalSizeXUnit": "pixel",
        "PhysicalSizeYUnit": "pixel",
    }
    path = tiff(tmp_path / "a.ome.tif", pixels((8, 9)), metadata=metadata)
    assert _header(path).pixel_size_um is None


@pytest.mark.parametrize(
    ("per_unit", "unit", "expected"),
    [
        (72, "inch", None),
        (1200, "inch", None),
        (50_000, "inch", 0.508),
        (118, "centimeter", None),
        (50_000, "centimeter", 0.2),
        (1e9, "centimeter", None),
    ],
)
def test_a_bare_resolution_is_believed_only_where_it_can_be_a_microscope_s(
    tmp_path: Path, per_unit: float, unit: str, expected: float | None
) -> None:
    path = tiff(
        tmp_path / "a.tif",
        pixels((8, 9)),
        resolution=(per_unit, per_unit),
        resolutionunit=tifffile.RESUNIT[unit.upper()],
    )
    size = _header(path).pixel_size_um
    assert size is None if expected is None else size == pytest.approx((expected, expected))


@pytest.mark.parametrize("value", [0.0, -0.5, float("nan"), float("inf"), 1e9])
def test_an_impossible_pixel_size_is_passed_over(tmp_path: Path, value: float) -> None:
    metadata = {"axes": "YX", "PhysicalSizeX": value, "PhysicalSizeY": value}
    path = tiff(tmp_path / "a.ome.tif", pixels((8, 9)), metadata=metadata)
    assert _header(path).pixel_size_um is None


def test_a_zeiss_lsm_of_three_channels_keeps_its_pixel_size(tmp_path: Path) -> None:
    data = pixels((3, 9, 11), "uint8")
    info = struct.pack("<10i", 67127628, 136, 11, 9, 1, 3, 1, 1, 4, 4)
    info += struct.pack("<6d", 0.2e-6, 0.1e-6, 1e-6, 0, 0, 0)  # voxel x, y, z in m, origin
    path = tmp_path / "z.lsm"
    options: dict[str, Any] = {"metadata": None, "planarconfig": "separate"}
    with tifffile.TiffWriter(path, byteorder="<") as writer:
        tag = (34412, "B", 136, info.ljust(136, b"\0"), True)
        writer.write(data, photometric="minisblack", extratags=[tag], **options)
        writer.write(data[:, ::3, ::3], photometric="minisblack", subfiletype=1, **options)
    header = _header(path)
    assert (header.format, header.channels, header.height, header.width) == ("Zeiss LSM", 3, 9, 11)
    assert header.pixel_size_um == pytest.approx((0.1, 0.2))
    assert np.array_equal(read_planes(path, name="z.lsm"), data)
