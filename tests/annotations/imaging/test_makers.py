"""CZI and LIF files made on the spot."""

from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import numpy as np
import pytest

from annotations.imaging.errors import ImageRefused
from annotations.imaging.inspect import inspect_file, list_images
from annotations.imaging.opening import open_image
from tests.annotations.imaging.czi_files import Block, write_czi
from tests.annotations.imaging.files import cut, pixels
from tests.annotations.imaging.lif_files import write_lif
from tests.annotations.imaging.stacks.whole import read_all


def test_planes_of_a_czi_come_by_their_axes_with_names_and_sizes(tmp_path: Path) -> None:
    data = pixels((2, 3, 2, 12, 15))
    blocks = [
        Block(data[t, z, c], axes={"C": c, "Z": z + 4, "T": t, "S": 0})
        for t, z, c in np.ndindex(2, 3, 2)
    ]
    path = write_czi(tmp_path / "a.czi", blocks)
    header = inspect_file(path, name="a.czi")
    assert (header.frames, header.depth, header.channels) == (2, 3, 2)
    assert (header.axes, header.format, header.series_name) == ("TZCYX", "Zeiss CZI", "A1")
    assert header.pixel_size_um == pytest.approx((0.3, 0.25))
    assert header.pixel_size_z_um == pytest.approx(1.0)
    assert header.acquired_at == datetime(2023, 4, 5, 6, 7, 8, 123456, tzinfo=UTC)
    assert (header.channel_names, header.channel_colours) == (("DAPI", "GFP"), ("0000FF", "00FF00"))
    assert np.array_equal(read_all(path), data)


@pytest.mark.parametrize("compression", [0, 4, 5, 6])
def test_the_packing_of_a_czi_does_not_matter(tmp_path: Path, compression: int) -> None:
    data = pixels((33, 47)) // 7
    path = write_czi(tmp_path / "a.czi", [Block(data, compression=compression)])
    assert np.array_equal(read_all(path)[0, 0, 0], data)


def test_tiles_of_a_mosaic_lie_in_their_places_the_last_on_top(tmp_path: Path) -> None:
    first, second = pixels((16, 20), seed=1), pixels((16, 20), seed=2)
    blocks = [
        Block(second, y=110, x=55, axes={"M": 1}),
        Block(first, y=100, x=40, axes={"M": 0}),
        Block(pixels((8, 10)), y=100, x=40, axes={"M": 2}, reduction=2),
    ]
    path = write_czi(tmp_path / "m.czi", blocks)
    expected = np.zeros((26, 35), np.uint16)
    expected[:16, :20], expected[10:, 15:] = first, second
    assert np.array_equal(read_all(path)[0, 0, 0], expected)


def test_gaps_of_a_huge_mosaic_are_known_to_be_empty(tmp_path: Path) -> None:
    blocks = [Block(pixels((16, 20)), y=y, x=x) for y, x in [(0, 0), (50_000, 90_000)]]
    path = write_czi(tmp_path / "wells.czi", blocks)
    with open_image(path, name="wells.czi") as source:
        assert (source.header.height, source.header.width) == (50_016, 90_020)
        assert source.is_empty(t=0, z=0, channel=0, y0=16, y1=50_000, x0=0, x1=90_020)
        assert not source.is_empty(t=0, z=0, channel=0, y0=0, y1=16, x0=0, x1=16)
        corner = source.read(t=0, z=0, y0=50_000, y1=50_016, x0=90_000, x1=90_020)
        assert np.array_equal(corner[0], blocks[0].pixels)


def test_scenes_of_a_czi_are_images_of_their_own(tmp_path: Path) -> None:
    blocks = [Block(pixels((9, 8 + s), seed=s), x=100 * s, axes={"S": s}) for s in range(2)]
    path = write_czi(tmp_path / "s.czi", blocks)
    headers = list_images(path, name="s.czi")
    assert [(header.series_name, header.width) for header in headers] == [("A1", 8), ("B2", 9)]
    assert np.array_equal(read_all(path, series=1)[0, 0, 0], blocks[1].pixels)


def test_a_colour_czi_is_red_green_and_blue(tmp_path: Path) -> None:
    data = pixels((9, 8, 3), "uint8")
    path = write_czi(tmp_path / "c.czi", [Block(data)])
    header = inspect_file(path, name="c.czi")
    assert (header.is_rgb, header.channels, header.axes) == (True, 3, "YXC")
    assert np.array_equal(read_all(path)[0, 0], np.moveaxis(data, -1, 0))


@pytest.mark.parametrize("share", [0.1, 0.6, 0.95])
def test_a_truncated_czi_is_refused(tmp_path: Path, share: float) -> None:
    whole = write_czi(tmp_path / "a.czi", [Block(pixels((60, 60)))])
    with pytest.raises(ImageRefused, match=r"cut short"):
        read_all(cut(whole, tmp_path / "cut.czi", share=share))


def test_phases_of_a_czi_are_refused_with_the_way_out(tmp_path: Path) -> None:
    path = write_czi(tmp_path / "h.czi", [Block(pixels((9, 8)), axes={"H": h}) for h in range(3)])
    with pytest.raises(ImageRefused, match="phases"):
        inspect_file(path, name="h.czi")


def test_every_image_of_a_lif_is_read_by_its_axes(tmp_path: Path) -> None:
    stack, scan = pixels((2, 3, 2, 12, 15)), pixels((5, 7, 9), "uint8")
    path = write_lif(tmp_path / "a.lif", [("stack", "TZCYX", stack), ("scan", "YZX", scan)])
    first, second = list_images(path, name="a.lif")
    assert (first.frames, first.depth, first.channels) == (2, 3, 2)
    assert (first.axes, first.series_name, first.format) == ("TZCYX", "stack", "Leica LIF")
    assert first.pixel_size_um == pytest.approx((1.0, 1.0))
    assert first.pixel_size_z_um == pytest.approx(1.0)
    assert first.interval_s == 2.0
    assert (first.channel_names, first.channel_colours) == (
        ("Dye 0", "Dye 1"),
        ("FF0000", "00FF00"),
    )
    assert np.array_equal(read_all(path), stack)
    # An xz scan repeated over y: rows are z, and y takes the place of z.
    assert (second.depth, second.height, second.width) == (5, 7, 9)
    assert np.array_equal(read_all(path, series=1)[0, :, 0], scan)


def test_tiles_of_an_unmerged_lif_mosaic_are_images(tmp_path: Path) -> None:
    data = pixels((3, 6, 7))
    path = write_lif(tmp_path / "m.lif", [("scan", "MYX", data)])
    headers = list_images(path, name="m.lif")
    assert [header.series_name for header in headers] == [f"scan tile {m}" for m in (1, 2, 3)]
    assert np.array_equal(read_all(path, series=2)[0, 0, 0], data[2])


def test_a_truncated_lif_is_refused(tmp_path: Path) -> None:
    whole = write_lif(tmp_path / "a.lif", [("one", "YX", pixels((60, 60)))])
    with pytest.raises(ImageRefused, match=r"cut short"):
        read_all(cut(whole, tmp_path / "cut.lif", share=0.8))


def test_a_czi_that_claims_millions_of_channels_is_refused_at_once(tmp_path: Path) -> None:
    blocks = [Block(pixels((9, 8)), axes={"C": c}) for c in (0, 16_000_000)]
    path = write_czi(tmp_path / "c.czi", blocks)
    start = process_time()
    with pytest.raises(ImageRefused, match="channels, and at most 32"):
        inspect_file(path, name="c.czi")
    assert process_time() - start < 1
