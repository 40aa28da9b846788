"""Parts of an image."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from annotations.imaging.opening import open_image
from tests.annotations.imaging.files import pixels, tiff
from tests.annotations.imaging.stacks.whole import read_all


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
