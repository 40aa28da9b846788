"""TIFF stacks, time series and files of several images, plane by plane."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray

from annotations.imaging.errors import ImageRefused
from annotations.imaging.inspect import inspect_file, list_images
from annotations.imaging.opening import open_image
from tests.annotations.imaging.files import pixels, tiff


def read_all(path: Path, *, series: int = 0, axes: str | None = None) -> NDArray[Any]:
    """(T, Z, C, H, W)."""
    with open_image(path, name=path.name, series=series, axes=axes) as source:
        header = source.header
        planes = [
            source.read(t=t, z=z, y0=0, y1=header.height, x0=0, x1=header.width)
            for t in range(header.frames)
            for z in range(header.depth)
        ]
    return np.stack(planes).reshape(header.frames, header.depth, *planes[0].shape)


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


def test_images_of_different_sizes_in_one_file_are_images_of_their_own(tmp_path: Path) -> None:
    first, second = pixels((8, 9)), pixels((20, 10), seed=1)
    path = tmp_path / "several.tif"
    with tifffile.TiffWriter(path) as writer:
        writer.write(first)
        writer.write(second)
    headers = list_images(path, name="several.tif")
    assert [(header.series, header.width, header.height) for header in headers] == [
        (0, 9, 8),
        (1, 10, 20),
    ]
    assert np.array_equal(read_all(path, series=1)[0, 0, 0], second)
    with pytest.raises(ImageRefused, match="image number 3"):
        inspect_file(path, name="several.tif", series=2)


def test_images_of_an_ome_file_keep_their_names_channels_and_dates(tmp_path: Path) -> None:
    path = tmp_path / "two.ome.tif"
    with tifffile.TiffWriter(path, ome=True) as writer:
        for number in range(2):
            writer.write(
                pixels((2, 8, 9), seed=number),
                photometric="minisblack",
                metadata={
                    "axes": "CYX",
                    "Name": f"well A{number}",
                    "Channel": {"Name": ["DAPI", "GFP"], "Color": [65535, 16711935]},
                    "AcquisitionDate": f"2024-05-0{number + 1}T10:11:12",
                    "PhysicalSizeX": 0.2,
                    "PhysicalSizeY": 0.25,
                },
            )
    headers = list_images(path, name="two.ome.tif")
    assert [header.series_name for header in headers] == ["well A0", "well A1"]
    assert headers[1].channel_names == ("DAPI", "GFP")
    assert headers[1].channel_colours == ("0000FF", "00FF00")
    assert headers[1].acquired_at == datetime(2024, 5, 2, 10, 11, 12, tzinfo=UTC)
    assert headers[0].pixel_size_um == (0.25, 0.2)
    assert np.array_equal(read_all(path, series=1)[0, 0], pixels((2, 8, 9), seed=1))


def test_an_image_that_cannot_be_read_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    path = tmp_path / "two.tif"
    with tifffile.TiffWriter(path) as writer:
        writer.write(pixels((8, 9)))
        writer.write(pixels((20, 10, 4), "uint8"), photometric="separated")
    headers = list_images(path, name="two.tif")
    assert headers[0].refusal == ""
    assert "SEPARATED" in headers[1].refusal


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"byteorder": ">"},
        {"rowsperstrip": 7},
        {"rowsperstrip": 7, "compression": "zlib"},
        {"tile": (16, 32)},
        {"tile": (16, 32), "compression": "zstd"},
    ],
    ids=str,
)
@pytest.mark.parametrize("planar", ["contig", "separate", None])
def test_any_box_of_any_channels_is_the_same_as_of_the_whole(
    tmp_path: Path, options: dict[str, Any], planar: str | None
) -> None:
    data = pixels((3, 70, 101))
    written = np.moveaxis(data, 0, -1) if planar == "contig" else data
    samples = {"photometric": "rgb", "planarconfig": planar} if planar else {}
    axes = {"metadata": None} if planar else {"metadata": {"axes": "CYX"}}
    path = tiff(
        tmp_path / "b.tif", written, **({"photometric": "minisblack"} | samples | axes | options)
    )
    random = np.random.default_rng(3)
    with open_image(path, name="b.tif", axes=None) as source:
        assert source.header.channels == 3
        for _ in range(20):
            y0, x0 = int(random.integers(70)), int(random.integers(101))
            y1, x1 = int(random.integers(y0, 70)) + 1, int(random.integers(x0, 101)) + 1
            chosen = tuple(int(c) for c in random.permutation(3)[: random.integers(1, 4)])
            box = source.read(t=0, z=0, y0=y0, y1=y1, x0=x0, x1=x1, channels=chosen)
            assert np.array_equal(box, data[list(chosen), y0:y1, x0:x1])


def test_tiles_left_out_of_a_file_are_known_to_be_empty(tmp_path: Path) -> None:
    data = np.zeros((64, 64), np.uint16)
    data[:16, :16] = 7
    path = tmp_path / "sparse.tif"
    tifffile.imwrite(
        path,
        (
            data[y : y + 16, x : x + 16] if y + x == 0 else None
            for y in range(0, 64, 16)
            for x in range(0, 64, 16)
        ),
        shape=(64, 64),
        dtype="uint16",
        tile=(16, 16),
        compression="zlib",
    )
    with open_image(path, name="sparse.tif") as source:
        assert source.is_empty(t=0, z=0, channel=0, y0=16, y1=64, x0=0, x1=64)
        assert not source.is_empty(t=0, z=0, channel=0, y0=0, y1=64, x0=0, x1=64)
        assert np.array_equal(source.read(t=0, z=0, y0=0, y1=64, x0=0, x1=64)[0], data)


def test_nan_anywhere_in_a_stack_takes_the_extremes_of_its_channel(tmp_path: Path) -> None:
    data = np.arange(2 * 3 * 4 * 5, dtype=np.float32).reshape(2, 3, 4, 5)
    data[0, 1, 2, 3], data[1, 0, 0, 0], data[0, 2, 1, 1] = np.nan, np.inf, -np.inf
    path = tiff(tmp_path / "n.ome.tif", data, metadata={"axes": "CZYX"})
    finite = [plane[np.isfinite(plane)] for plane in data]
    read = read_all(path)[0]
    assert read[1, 0, 2, 3] == finite[0].min()
    assert read[2, 0, 1, 1] == finite[0].min()
    assert read[0, 1, 0, 0] == finite[1].max()


def test_a_box_outside_the_image_is_an_error_of_ours(tmp_path: Path) -> None:
    path = tiff(tmp_path / "a.tif", pixels((8, 9)))
    with open_image(path, name="a.tif") as source:
        with pytest.raises(IndexError):
            source.read(t=0, z=0, y0=0, y1=9, x0=0, x1=9)
        with pytest.raises(IndexError):
            source.read(t=0, z=1, y0=0, y1=1, x0=0, x1=1)
        with pytest.raises(IndexError):
            source.read(t=0, z=0, y0=0, y1=1, x0=0, x1=1, channels=(1,))
