"""Files that must not become images, and what is said about them."""

import tracemalloc
from collections.abc import Callable
from contextlib import suppress
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
    assert "TIFF, OME-TIFF, OME-Zarr" in _refusal(inspect_file, path)


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
        (b"\x89HDF\r\n", "Imaris"),
        (b"\xd0\xcf\x11\xe0", "OIB"),
        (b"GIF89a", "GIF"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_formats_that_cannot_be_read_are_called_by_their_name(
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
def test_a_small_file_that_claims_a_trillion_pixels_is_refused_without_memory(
    tmp_path: Path, make: Callable[..., Path], act: Callable[..., object]
) -> None:
    path = make(tmp_path / "bomb", width=1_000_000, height=1_000_000)
    tracemalloc.start()
    message = _refusal(act, path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "pixels" in message
    assert "000 x 200,000" in message or "20,000 x 20,000" in message
    assert peak < 20e6  # numpy and Pillow report to tracemalloc; the image would take a terabyte


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


@pytest.mark.parametrize("compression", [5, 8, 50000])
def test_a_packed_tiff_that_claims_more_than_any_packing_holds_is_refused(
    tmp_path: Path, compression: int
) -> None:
    path = tiff_claiming(tmp_path / "bomb", width=100_000, height=100_000, compression=compression)
    assert "damaged" in (message := _refusal(inspect_file, path)) or "larger than" in message


def test_a_tile_that_claims_to_be_huge_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    data = np.zeros((64, 64), np.uint8)
    path = tiff(tmp_path / "t.tif", data, tile=(64, 64), compression="jpeg")
    content = bytearray(path.read_bytes())
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = b"\xff\xff\xff\xff"
    path.write_bytes(content)
    tracemalloc.start()
    assert "damaged" in _refusal(read_planes, path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20e6


def test_more_than_a_terabyte_is_refused() -> None:
    check_size(width=200_000, height=200_000, channels=12, dtype=np.dtype(np.uint16))
    with pytest.raises(ImageRefused, match=r"would take 1\.1 TiB"):
        check_size(width=200_000, height=200_000, channels=15, dtype=np.dtype(np.uint16))
    with pytest.raises(ImageRefused, match=r"would take 1\.1 TiB"):
        check_size(width=20_000, height=20_000, channels=3, planes=500, dtype=np.dtype(np.uint16))
    # int8 is kept as float32, and it is that which must fit.
    with pytest.raises(ImageRefused, match=r"would take 1\.2 TiB"):
        check_size(width=200_000, height=200_000, channels=8, dtype=np.dtype(np.int8))


def test_a_hundred_channels_are_refused(tmp_path: Path) -> None:
    path = tiff(tmp_path / "c.tif", pixels((100, 4, 4)), imagej=True, metadata={"axes": "CYX"})
    assert "100 channels" in _refusal(inspect_file, path)


def test_a_stack_of_one_plane_is_an_image(tmp_path: Path) -> None:
    data = pixels((1, 1, 2, 8, 9))
    path = tiff(tmp_path / "s.ome.tif", data, metadata={"axes": "TZCYX"})
    assert np.array_equal(read_planes(path, name="s.ome.tif"), data[0, 0])


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


def test_a_tiff_whose_directories_run_in_a_circle_ends(tmp_path: Path) -> None:
    path = tiff(tmp_path / "c.tif", pixels((3, 8, 9)), metadata=None, photometric="minisblack")
    with tifffile.TiffFile(path) as opened:
        offsets = [page.offset for page in opened.pages]
        count = len(opened.pages.first.tags)
    content = bytearray(path.read_bytes())
    # After its entries a directory names the next: the second one names the first again.
    following = offsets[1] + 2 + 12 * count
    content[following : following + 4] = offsets[0].to_bytes(4, "little")
    path.write_bytes(content)
    # Either way it comes to an end: as the two pages that are told apart, or as a refusal.
    with suppress(ImageRefused):
        assert inspect_file(path, name="c.tif").depth <= 3


@pytest.mark.parametrize(
    ("start", "word"),
    [
        (b"ZISRAWFILE\0\0\0", "CZI"),
        (b"\xda\xce\xbe\x0a\0\0", "ND2"),
        (b"\x70\0\0\0\0\0", "LIF"),
        (b"PK\x03\x04", "OME-Zarr"),
        (b"BM", "BMP"),
    ],
)
def test_a_file_that_only_begins_like_a_format_is_refused_as_damaged(
    tmp_path: Path, start: bytes, word: str
) -> None:
    path = tmp_path / "stored-image"
    path.write_bytes(start + b"\0" * 200)
    assert word in _refusal(inspect_file, path)
