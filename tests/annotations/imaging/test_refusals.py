"""Files that must not become images, and what is said about them."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from annotations.imaging.errors import ImageRefused
from annotations.imaging.header import check_size
from annotations.imaging.inspect import inspect_file
from annotations.imaging.read import read_planes
from tests.annotations.imaging.files import cut, pixels, png_claiming, tiff, tiff_claiming


def _refusal(act: Callable[..., object], path: Path, name: str = "") -> str:
    with pytest.raises(ImageRefused) as caught:
        act(path, name=name or path.name)
    message = str(caught.value)
    # Sentences for a person: more than a word, ended, and no name of a file or a Python error.
    assert message.endswith((".", ".)"))
    assert len(message) > 30
    assert path.name not in message
    assert "Error" not in message
    return message


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.touch()
    assert "empty" in _refusal(inspect_file, path)


def test_a_text_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("the cells looked fine")
    assert "PNG, JPEG and TIFF" in _refusal(inspect_file, path)


@pytest.mark.parametrize("name", ["a.png", "a.JPG", "a.tiff"])
def test_a_text_file_renamed_to_an_image_is_refused_by_its_content(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / "stored"
    path.write_text("the cells looked fine")
    assert "was renamed" in _refusal(inspect_file, path, name)


@pytest.mark.parametrize(
    ("start", "word"),
    [
        (b"ZISRAWFILE\0\0\0", "Zeiss CZI"),
        (b"\xda\xce\xbe\x0a\0\0", "Nikon ND2"),
        (b"\x70\0\0\0\0\0", "Leica LIF"),
        (b"GIF89a", "GIF"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04", "ZIP"),
    ],
)
def test_formats_that_cannot_be_read_yet_are_called_by_their_name(
    tmp_path: Path, start: bytes, word: str
) -> None:
    path = tmp_path / "stored-image"
    path.write_bytes(start + b"\0" * 100)
    message = _refusal(inspect_file, path)
    assert word in message
    assert "TIFF" in message


@pytest.mark.parametrize("extension", ["png", "tif", "jpg"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_a_truncated_file_is_refused(tmp_path: Path, extension: str, share: float) -> None:
    whole = tmp_path / f"whole.{extension}"
    Image.fromarray(pixels((60, 80), "uint8")).save(whole)
    path = cut(whole, tmp_path / f"cut.{extension}", share=share)
    assert "damaged" in (message := _refusal(read_planes, path)) or "cut short" in message


@pytest.mark.parametrize("options", [{}, {"compression": "zlib"}, {"tile": (16, 16)}], ids=str)
def test_a_truncated_microscope_tiff_is_refused_before_its_pixels_are_read(
    tmp_path: Path, options: dict[str, object]
) -> None:
    whole = tiff(
        tmp_path / "whole.tif",
        pixels((3, 64, 64)),
        photometric="minisblack",
        metadata={"axes": "CYX"},
        **options,
    )
    path = cut(whole, tmp_path / "cut.tif", share=0.8)
    assert "cut short" in _refusal(inspect_file, path)


@pytest.mark.parametrize("options", [{"compression": "zlib"}, {"compression": "lzw"}], ids=str)
def test_a_tiff_with_damaged_pixels_is_refused(tmp_path: Path, options: dict[str, object]) -> None:
    path = tiff(tmp_path / "a.tif", pixels((64, 64)), **options)
    with tifffile.TiffFile(path) as opened:
        offset = opened.pages.first.dataoffsets[0]
    content = bytearray(path.read_bytes())
    content[offset : offset + 400] = b"\xff" * 400
    path.write_bytes(content)
    assert "damaged" in _refusal(read_planes, path)


def test_a_png_with_damaged_pixels_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(pixels((64, 64), "uint8")).save(path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    assert "damaged" in _refusal(read_planes, path)


@pytest.mark.parametrize("act", [inspect_file, read_planes])
@pytest.mark.parametrize("make", [png_claiming, tiff_claiming])
def test_a_small_file_that_claims_ten_billion_pixels_is_refused_without_memory(
    tmp_path: Path, make: Callable[..., Path], act: Callable[..., object]
) -> None:
    path = make(tmp_path / "bomb", width=100_000, height=100_000)
    tracemalloc.start()
    message = _refusal(act, path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "pixels" in message
    assert "20,000 x 20,000" in message
    assert peak < 20e6  # numpy and Pillow report to tracemalloc; the image would take 10 GB


@pytest.mark.parametrize("make", [png_claiming, tiff_claiming])
def test_a_claim_within_the_limits_that_the_file_cannot_hold_is_refused(
    tmp_path: Path, make: Callable[..., Path]
) -> None:
    path = make(tmp_path / "bomb", width=15_000, height=15_000)
    tracemalloc.start()
    message = _refusal(inspect_file, path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "cut short" in message
    assert peak < 20e6


def test_more_than_four_gigabytes_are_refused() -> None:
    check_size(width=20_000, height=20_000, channels=5, dtype=np.dtype(np.uint16))
    with pytest.raises(ImageRefused, match=r"would take 4\.5 GiB"):
        check_size(width=20_000, height=20_000, channels=6, dtype=np.dtype(np.uint16))
    # int8 is kept as float32, and it is that which must fit.
    with pytest.raises(ImageRefused, match=r"would take 4\.5 GiB"):
        check_size(width=20_000, height=20_000, channels=3, dtype=np.dtype(np.int8))


def test_a_hundred_channels_are_refused(tmp_path: Path) -> None:
    path = tiff(tmp_path / "c.tif", pixels((100, 4, 4)), imagej=True, metadata={"axes": "CYX"})
    assert "100 channels" in _refusal(inspect_file, path)


@pytest.mark.parametrize(
    ("axes", "word"),
    [("ZYX", "5 z planes"), ("TYX", "5 time points"), ("ZCYX", "5 z planes")],
)
@pytest.mark.parametrize("form", ["imagej", "ome"])
def test_stacks_are_refused_with_the_way_out(
    tmp_path: Path, axes: str, word: str, form: str
) -> None:
    shape = (5, 2, 8, 9) if "C" in axes else (5, 8, 9)
    path = tiff(tmp_path / f"s.{form}.tif", pixels(shape), metadata={"axes": axes}, **{form: True})
    message = _refusal(inspect_file, path)
    assert word in message
    assert "Only 2-D images are supported for now" in message
    assert "Z Project" in message


def test_a_stack_of_one_plane_is_an_image(tmp_path: Path) -> None:
    data = pixels((1, 1, 2, 8, 9))
    path = tiff(tmp_path / "s.ome.tif", data, metadata={"axes": "TZCYX"})
    assert np.array_equal(read_planes(path, name="s.ome.tif"), data[0, 0])


def test_pages_that_say_nothing_of_themselves_are_refused(tmp_path: Path) -> None:
    path = tiff(tmp_path / "p.tif", pixels((5, 8, 9)), metadata=None, photometric="minisblack")
    message = _refusal(inspect_file, path)
    assert "5 pages" in message
    assert "channels" in message


def test_a_file_of_several_images_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "several.tif"
    with tifffile.TiffWriter(path) as writer:
        writer.write(pixels((8, 9)))
        writer.write(pixels((20, 10)))
    message = _refusal(inspect_file, path)
    assert "2 separate images" in message
    assert "9 x 8 px" in message


def test_an_ome_tiff_never_opens_another_file(tmp_path: Path) -> None:
    secret = tiff(tmp_path / "secret.ome.tif", pixels((8, 9)), metadata={"axes": "YX"})
    path = tiff(tmp_path / "spy.ome.tif", np.zeros((8, 9), np.uint16), metadata={"axes": "YX"})
    with tifffile.TiffFile(path) as opened:
        description = opened.ome_metadata
    assert description is not None
    start = description.index("<TiffData")
    end = description.index("</Pixels>")
    uuid = "urn:uuid:00000000-0000-0000-0000-000000000000"
    elsewhere = f'<TiffData IFD="0"><UUID FileName="{secret.name}">{uuid}</UUID></TiffData>'
    tifffile.tiffcomment(path, (description[:start] + elsewhere + description[end:]).encode())
    assert "other files" in _refusal(read_planes, path)


def test_colours_for_print_are_refused(tmp_path: Path) -> None:
    path = tiff(tmp_path / "k.tif", pixels((8, 9, 4), "uint8"), photometric="separated")
    assert "SEPARATED" in _refusal(inspect_file, path)


def test_an_unknown_codec_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tiff_claiming(tmp_path / "u.tif", width=4, height=2, compression=60_000)
    message = _refusal(read_planes, path)
    assert "without compression" in message
