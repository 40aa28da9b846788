"""What the pages of a file are."""

from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
import tifffile

from annotations.imaging.errors import ImageRefused
from annotations.imaging.inspect import inspect_file
from annotations.imaging.opening import open_image
from tests.annotations.imaging.files import pixels, tiff
from tests.annotations.imaging.stacks.whole import read_all


@pytest.mark.parametrize(
    "options",
    [{}, {"compression": "zlib"}, {"compression": "lzw", "tile": (16, 16)}],
    ids=str,
)
@pytest.mark.parametrize("axes", ["TZCYX", "CZTYX", "ZTCYX"])
def test_an_ome_stack_is_read_in_the_order_its_axes_say(
    tmp_path: Path, axes: str, options: dict[str, Any]
) -> None:
    sizes = {"T": 2, "Z": 3, "C": 4, "Y": 21, "X": 18}
    data = pixels(tuple(sizes[axis] for axis in axes))
    path = tiff(
        tmp_path / "s.ome.tif", data, metadata={"axes": axes}, photometric="minisblack", **options
    )
    header = inspect_file(path, name="s.ome.tif")
    assert (header.frames, header.depth, header.channels) == (2, 3, 4)
    assert header.axes == axes
    assert header.ambiguous == ()
    expected = data.transpose([axes.index(axis) for axis in "TZCYX"])
    assert np.array_equal(read_all(path), expected)


@pytest.mark.parametrize("byteorder", ["<", ">"])
def test_an_imagej_hyperstack_keeps_its_axes_step_and_interval(
    tmp_path: Path, byteorder: Literal["<", ">"]
) -> None:
    data = pixels((2, 3, 2, 9, 8))
    path = tmp_path / "h.tif"
    tifffile.imwrite(
        path,
        data,
        imagej=True,
        byteorder=byteorder,
        resolution=(10, 10),
        metadata={"axes": "TZCYX", "unit": "um", "spacing": 0.5, "finterval": 12.5},
    )
    header = inspect_file(path, name="h.tif")
    assert (header.frames, header.depth, header.channels) == (2, 3, 2)
    assert (header.pixel_size_um, header.pixel_size_z_um) == ((0.1, 0.1), 0.5)
    assert header.interval_s == 12.5
    assert header.channel_names == ("Channel 1", "Channel 2")
    assert np.array_equal(read_all(path), data)


def test_pages_that_say_nothing_of_themselves_are_asked_about(tmp_path: Path) -> None:
    data = pixels((5, 8, 9))
    path = tiff(tmp_path / "p.tif", data, metadata=None, photometric="minisblack")
    header = inspect_file(path, name="p.tif")
    assert (header.axes, header.ambiguous, header.depth) == ("QYX", ("Z", "T", "C"), 5)
    with (
        pytest.raises(ImageRefused, match=r"5 pages .* z planes, time points or channels"),
        open_image(path, name="p.tif"),
    ):
        pass


@pytest.mark.parametrize(
    ("answer", "sizes"), [("Z", (1, 5, 1)), ("T", (5, 1, 1)), ("C", (1, 1, 5))]
)
def test_an_answer_says_what_the_pages_are(
    tmp_path: Path, answer: str, sizes: tuple[int, int, int]
) -> None:
    data = pixels((5, 8, 9))
    path = tiff(tmp_path / "p.tif", data, metadata=None, photometric="minisblack")
    header = inspect_file(path, name="p.tif", axes=answer)
    assert (header.frames, header.depth, header.channels) == sizes
    assert (header.axes, header.ambiguous) == (f"{answer}YX", ())
    assert len(header.channel_names) == header.channels
    assert np.array_equal(read_all(path, axes=answer), data.reshape(*sizes, 8, 9))


def test_an_answer_that_the_file_contradicts_is_refused(tmp_path: Path) -> None:
    path = tiff(tmp_path / "z.ome.tif", pixels((2, 3, 8, 9)), metadata={"axes": "TZYX"})
    with pytest.raises(ImageRefused, match="says what its pages are"):
        inspect_file(path, name="z.ome.tif", axes="C")
    rgb = tiff(tmp_path / "c.tif", pixels((4, 8, 9, 3), "uint8"), metadata=None, photometric="rgb")
    assert inspect_file(rgb, name="c.tif").ambiguous == ("Z", "T")
    with pytest.raises(ImageRefused, match=r"axis C already|several colour images"):
        inspect_file(rgb, name="c.tif", axes="C")


def test_a_stack_saved_as_the_wrong_axis_can_be_put_right(tmp_path: Path) -> None:
    data = pixels((4, 8, 9))
    path = tiff(tmp_path / "z.tif", data, imagej=True, metadata={"axes": "ZYX"})
    assert inspect_file(path, name="z.tif").depth == 4
    assert inspect_file(path, name="z.tif", axes="T").frames == 4
    assert np.array_equal(read_all(path, axes="T")[:, 0, 0], data)


def test_a_stack_of_colour_pictures_is_read_picture_by_picture(tmp_path: Path) -> None:
    data = pixels((4, 8, 9, 3), "uint8")
    path = tiff(tmp_path / "c.tif", data, metadata=None, photometric="rgb")
    header = inspect_file(path, name="c.tif", axes="T")
    assert (header.frames, header.channels, header.is_rgb, header.axes) == (4, 3, True, "TYXC")
    assert np.array_equal(read_all(path, axes="T")[:, 0], np.moveaxis(data, -1, 1))
