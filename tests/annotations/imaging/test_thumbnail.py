"""Small pictures."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from annotations.imaging.thumbnail import blend, write_thumbnail
from tests.annotations.imaging.files import pixels
from tests.annotations.imaging.stores import stored


@pytest.mark.parametrize(
    ("shape", "size"),
    [((1300, 650), (160, 320)), ((200, 100), (100, 200)), ((1, 4000), (320, 1)), ((1, 1), (1, 1))],
)
def test_a_thumbnail_keeps_the_shape_and_never_grows(
    tmp_path: Path, shape: tuple[int, int], size: tuple[int, int]
) -> None:
    store = stored(pixels((1, *shape)), tmp_path / "a.zarr")
    path = tmp_path / "t.png"
    write_thumbnail(store, path, limits=store.limits, colours=["FFFFFF"], is_rgb=False)
    with Image.open(path) as picture:
        assert picture.format == "PNG"
        assert picture.size == size
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zarr", "t.png"]


def test_channels_add_up_in_their_colours() -> None:
    planes = np.array([[[0, 50, 100, 999]], [[0, 0, 100, 100]]], np.uint16)
    picture = blend(planes, [(0, 100), (0, 100)], ["00FF00", "FF0080"])
    # Half of green 255 is 127.5; numpy rounds halves to even.
    assert picture.tolist() == [[[0, 0, 0], [0, 128, 0], [255, 255, 128], [255, 255, 128]]]


def test_values_below_the_lower_limit_are_black() -> None:
    picture = blend(np.array([[[10, 20, 30]]], np.float32), [(20, 30)], ["FFFFFF"])
    assert picture[0, :, 0].tolist() == [0, 0, 255]


def test_light_beyond_white_stays_white() -> None:
    planes = np.full((3, 1, 1), 9, np.uint8)
    assert blend(planes, [(0, 9)] * 3, ["FFFFFF"] * 3).tolist() == [[[255, 255, 255]]]


def test_a_colour_picture_keeps_its_colours(tmp_path: Path) -> None:
    planes = np.tile(np.array([200, 30, 90], np.uint8)[:, None, None], (1, 40, 50))
    store = stored(planes, tmp_path / "a.zarr", is_rgb=True)
    path = tmp_path / "t.png"
    write_thumbnail(store, path, limits=store.limits, colours=store.channel_colours, is_rgb=True)
    with Image.open(path) as picture:
        assert picture.getpixel((7, 8)) == (200, 30, 90)
