"""TIFF in the forms that labs have, compared with the arrays they were made from."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from annotations.imaging.inspect import inspect_file
from annotations.imaging.read import read_planes
from tests.annotations.imaging.files import pixels, tiff


def test_a_16_bit_tiff_is_read_as_it_is(tmp_path: Path) -> None:
    data = pixels((13, 17))
    path = tiff(tmp_path / "a.tif", data)
    header = inspect_file(path, name="a.tif")
    assert (header.height, header.width, header.channels) == (13, 17, 1)
    assert (header.dtype, header.is_rgb, header.format) == ("uint16", False, "TIFF")
    assert header.channel_names == ("Channel 1",)
    assert header.channel_colours == ("FFFFFF",)
    assert np.array_equal(read_planes(path, name="a.tif"), data[np.newaxis])


@pytest.mark.parametrize(
    "options",
    [
        {"byteorder": ">"},
        {"compression": "zlib", "predictor": True},
        {"compression": "lzw"},
        {"compression": "zstd"},
        {"tile": (16, 16), "compression": "zlib"},
        {"rowsperstrip": 3},
        {"bigtiff": True},
    ],
    ids=str,
)
def test_the_packing_of_a_tiff_does_not_matter(tmp_path: Path, options: dict[str, Any]) -> None:
    data = pixels((40, 50))
    path = tiff(tmp_path / "a.tif", data, **options)
    assert np.array_equal(read_planes(path, name="a.tif")[0], data)


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1)])
@pytest.mark.parametrize("imagej", [False, True])
def test_single_pixels_and_strips_are_images(
    tmp_path: Path, shape: tuple[int, int], imagej: bool
) -> None:
    data = pixels(shape)
    path = tiff(tmp_path / "s.tif", data, imagej=imagej)
    header = inspect_file(path, name="s.tif")
    assert (header.height, header.width) == shape
    assert np.array_equal(read_planes(path, name="s.tif")[0], data)


def test_12_bit_packed_values_are_unpacked(tmp_path: Path) -> None:
    data = pixels((6, 8)) % 4096
    bits = "".join(f"{value:012b}" for value in data.ravel())
    packed = bytes(int(bits[start : start + 8], 2) for start in range(0, len(bits), 8))
    path = tmp_path / "p.tif"
    _write_12_bit(path, packed, height=6, width=8)
    assert inspect_file(path, name="p.tif").dtype == "uint16"
    assert np.array_equal(read_planes(path, name="p.tif")[0], data)


def _write_12_bit(path: Path, packed: bytes, *, height: int, width: int) -> None:
    tags = [(256, width), (257, height), (258, 12), (259, 1), (262, 1), (273, 200), (277, 1)]
    tags += [(278, height), (279, len(packed))]
    entries = b"".join(
        tag.to_bytes(2, "big") + b"\0\3\0\0\0\1" + value.to_bytes(2, "big") + b"\0\0"
        for tag, value in tags
    )
    start = b"MM\0*\0\0\0\x08" + len(tags).to_bytes(2, "big") + entries + b"\0\0\0\0"
    path.write_bytes(start.ljust(200, b"\0") + packed)


def test_a_bilevel_tiff_becomes_0_and_255(tmp_path: Path) -> None:
    data = pixels((9, 21), "uint8") > 99
    path = tiff(tmp_path / "b.tif", data, photometric="minisblack")
    assert inspect_file(path, name="b.tif").dtype == "uint8"
    assert np.array_equal(read_planes(path, name="b.tif")[0], np.where(data, 255, 0))


def test_where_zero_means_white_the_values_are_turned_round(tmp_path: Path) -> None:
    data = pixels((9, 5), "uint8")
    path = tiff(tmp_path / "w.tif", data, photometric="miniswhite")
    assert np.array_equal(read_planes(path, name="w.tif")[0], 255 - data)


@pytest.mark.parametrize("planar", ["contig", "separate"])
def test_an_8_bit_rgb_tiff_is_a_colour_picture(tmp_path: Path, planar: str) -> None:
    data = pixels((3, 9, 7), "uint8")
    written = np.moveaxis(data, 0, -1) if planar == "contig" else data
    path = tiff(tmp_path / "c.tif", written, photometric="rgb", planarconfig=planar)
    header = inspect_file(path, name="c.tif")
    assert header.is_rgb
    assert header.channel_colours == ("FF0000", "00FF00", "0000FF")
    assert np.array_equal(read_planes(path, name="c.tif"), data)


def test_a_16_bit_rgb_tiff_is_three_channels_with_their_own_contrast(tmp_path: Path) -> None:
    data = pixels((9, 7, 3))
    path = tiff(tmp_path / "c.tif", data, photometric="rgb")
    header = inspect_file(path, name="c.tif")
    assert (header.channels, header.dtype, header.is_rgb) == (3, "uint16", False)
    assert header.channel_names == ("Red", "Green", "Blue")
    assert np.array_equal(read_planes(path, name="c.tif"), np.moveaxis(data, -1, 0))


def test_transparency_is_dropped_and_a_fourth_channel_is_not(tmp_path: Path) -> None:
    data = pixels((9, 7, 4), "uint8")
    alpha = tiff(tmp_path / "a.tif", data, photometric="rgb", extrasamples=["unassalpha"])
    extra = tiff(tmp_path / "e.tif", data, photometric="rgb", extrasamples=["unspecified"])
    assert inspect_file(alpha, name="a.tif").is_rgb
    assert np.array_equal(read_planes(alpha, name="a.tif"), np.moveaxis(data, -1, 0)[:3])
    assert not inspect_file(extra, name="e.tif").is_rgb
    assert np.array_equal(read_planes(extra, name="e.tif"), np.moveaxis(data, -1, 0))


def _colormap(table: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """(256, 3) 8-bit colours in the form of the TIFF tag: (3, 256) 16-bit."""
    wide = table.T.astype(np.uint16)
    repeated: np.ndarray[Any, Any] = wide * 257
    return repeated


def test_a_picture_with_a_palette_becomes_the_colours_it_shows(tmp_path: Path) -> None:
    table, indices = pixels((256, 3), "uint8", 1), pixels((12, 9), "uint8")
    path = tiff(tmp_path / "p.tif", indices, photometric="palette", colormap=_colormap(table))
    header = inspect_file(path, name="p.tif")
    assert (header.channels, header.is_rgb) == (3, True)
    assert np.array_equal(read_planes(path, name="p.tif"), np.moveaxis(table[indices], -1, 0))


def test_a_palette_that_only_tints_leaves_the_intensities(tmp_path: Path) -> None:
    green = np.stack([np.zeros(256), np.arange(256), np.zeros(256)], axis=1).astype(np.uint8)
    data = pixels((12, 9), "uint8")
    path = tiff(tmp_path / "g.tif", data, photometric="palette", colormap=_colormap(green))
    header = inspect_file(path, name="g.tif")
    assert (header.channels, header.channel_colours) == (1, ("00FF00",))
    assert np.array_equal(read_planes(path, name="g.tif")[0], data)


def test_the_levels_of_a_pyramid_count_as_one_image(tmp_path: Path) -> None:
    data = pixels((64, 64))
    path = tmp_path / "p.ome.tif"
    with tifffile.TiffWriter(path, ome=True) as writer:
        writer.write(data, subifds=1, tile=(16, 16))
        writer.write(data[::2, ::2], subfiletype=1, tile=(16, 16))
    assert np.array_equal(read_planes(path, name="p.ome.tif")[0], data)


def test_a_thumbnail_beside_the_image_is_passed_over(tmp_path: Path) -> None:
    data = pixels((64, 64))
    path = tmp_path / "t.tif"
    with tifffile.TiffWriter(path) as writer:
        writer.write(data, metadata=None)
        writer.write(data[::4, ::4], metadata=None, subfiletype=1)
    assert np.array_equal(read_planes(path, name="t.tif")[0], data)
