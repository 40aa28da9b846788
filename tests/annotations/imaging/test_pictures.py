"""PNG and JPEG, read and compared with the arrays they were made from."""

from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from annotations.imaging.errors import ImageRefused
from annotations.imaging.inspect import inspect_file
from annotations.imaging.read import read_planes
from tests.annotations.imaging.files import pixels


def test_an_8_bit_grey_png_is_read_as_it_is(tmp_path: Path) -> None:
    data = pixels((7, 11), "uint8")
    path = tmp_path / "a.png"
    Image.fromarray(data).save(path)
    header = inspect_file(path, name="a.png")
    assert (header.height, header.width, header.channels) == (7, 11, 1)
    assert (header.dtype, header.is_rgb, header.format) == ("uint8", False, "PNG")
    assert header.pixel_size_um is None
    assert np.array_equal(read_planes(path, name="a.png"), data[np.newaxis])


@pytest.mark.parametrize("samples", [1, 2, 3, 4])
def test_a_16_bit_png_keeps_all_16_bits(tmp_path: Path, samples: int) -> None:
    data = pixels((9, 5, samples), "uint16")
    path = tmp_path / "deep.png"
    path.write_bytes(imagecodecs.png_encode(data.squeeze()))
    kept = 1 if samples < 3 else 3
    header = inspect_file(path, name="deep.png")
    assert (header.channels, header.dtype, header.is_rgb) == (kept, "uint16", False)
    assert np.array_equal(read_planes(path, name="deep.png"), np.moveaxis(data, -1, 0)[:kept])


def test_a_colour_png_with_transparency_loses_only_the_transparency(tmp_path: Path) -> None:
    data = pixels((6, 4, 4), "uint8")
    path = tmp_path / "a.png"
    Image.fromarray(data).save(path)
    header = inspect_file(path, name="a.png")
    assert header.is_rgb
    assert header.channel_names == ("Red", "Green", "Blue")
    planes = read_planes(path, name="a.png")
    assert np.array_equal(planes, np.moveaxis(data[..., :3], -1, 0))


def test_a_palette_png_becomes_the_colours_it_shows(tmp_path: Path) -> None:
    colours = np.array([[255, 0, 0], [0, 200, 0], [1, 2, 3]], np.uint8)
    indices = pixels((8, 8), "uint8") % 3
    picture = Image.fromarray(indices, mode="P")
    picture.putpalette(colours.tobytes())
    path = tmp_path / "p.png"
    picture.save(path)
    assert inspect_file(path, name="p.png").channels == 3
    assert np.array_equal(read_planes(path, name="p.png"), np.moveaxis(colours[indices], -1, 0))


def test_a_1_bit_png_becomes_0_and_255(tmp_path: Path) -> None:
    data = pixels((9, 9), "uint8") > 100
    path = tmp_path / "b.png"
    Image.fromarray(data).save(path)
    assert np.array_equal(read_planes(path, name="b.png")[0], np.where(data, 255, 0))


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1)])
def test_single_pixels_and_strips_are_images(tmp_path: Path, shape: tuple[int, int]) -> None:
    data = pixels(shape, "uint8")
    path = tmp_path / "s.png"
    Image.fromarray(data).save(path)
    assert np.array_equal(read_planes(path, name="s.png")[0], data)


@pytest.mark.parametrize(("mode", "channels"), [("L", 1), ("RGB", 3), ("CMYK", 3)])
def test_a_jpeg_reads_as_pillow_shows_it(tmp_path: Path, mode: str, channels: int) -> None:
    ramp = np.add.outer(np.arange(40), np.arange(50)).astype(np.uint8)
    path = tmp_path / "a.jpg"
    Image.fromarray(ramp).convert(mode).save(path, quality=95)
    header = inspect_file(path, name="a.jpg")
    assert (header.channels, header.format, header.is_rgb) == (channels, "JPEG", channels == 3)
    planes = read_planes(path, name="a.jpg").astype(int)
    # A slow ramp survives JPEG at quality 95 within a few grey values.
    assert np.abs(planes - ramp.astype(int)).max() <= 6


def test_an_exif_orientation_does_not_turn_the_pixels(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "phone.jpg"
    Image.fromarray(pixels((10, 30), "uint8")).save(path, exif=exif)
    assert read_planes(path, name="phone.jpg").shape == (1, 10, 30)


def test_an_animated_png_is_refused(tmp_path: Path) -> None:
    frames = [Image.fromarray(pixels((5, 5), "uint8", seed)) for seed in range(3)]
    path = tmp_path / "film.png"
    frames[0].save(path, save_all=True, append_images=frames[1:])
    with pytest.raises(ImageRefused, match="animation of 3 frames"):
        inspect_file(path, name="film.png")


def test_an_image_is_recognised_under_a_wrong_name(tmp_path: Path) -> None:
    path = tmp_path / "really-a-png.tif"
    Image.fromarray(pixels((5, 5), "uint8")).save(path, format="PNG")
    assert inspect_file(path, name="really-a-png.tif").format == "PNG"
