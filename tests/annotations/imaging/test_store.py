"""The image store, read back by our reader, by ome-zarr and by the specification's models."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import ome_zarr_models
import pytest
import zarr
from ome_zarr.io import parse_url
from ome_zarr.reader import Reader

from annotations.imaging.errors import ImportStopped
from annotations.imaging.source import ArraySource
from annotations.imaging.store.maps import write_map
from annotations.imaging.store.read import open_store
from annotations.imaging.store.write import write_image, write_store
from annotations.imaging.tiling import CHUNK
from tests.annotations.imaging.files import pixels
from tests.annotations.imaging.stores import header_for, stored


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_what_is_written_is_read_back(tmp_path: Path, dtype: str) -> None:
    planes = pixels((2, 600, 700), "uint8").astype(dtype)
    store = stored(planes, tmp_path / "a.zarr")
    assert store.shape == (2, 600, 700)
    assert store.dtype == dtype
    assert store.pixel_size_um == (0.1, 0.2)
    assert np.array_equal(store.read(0, 600, 0, 700), planes)
    assert np.array_equal(store.read(500, 560, 690, 700), planes[:, 500:560, 690:700])


def test_levels_are_means_until_the_longer_side_fits_one_tile(tmp_path: Path) -> None:
    planes = pixels((1, 1030, 1100), "uint16")
    store = stored(planes, tmp_path / "a.zarr")
    shapes = [store.level_shape(level) for level in range(store.level_count)]
    assert shapes == [(1, 1030, 1100), (1, 515, 550), (1, 258, 275)]
    exact = planes.reshape(1, 515, 2, 550, 2).mean(axis=(2, 4))
    half = store.read(0, 515, 0, 550, level=1)
    assert np.abs(half - exact).max() <= 0.5


def test_an_odd_end_is_the_mean_of_the_pixels_that_exist(tmp_path: Path) -> None:
    planes = np.zeros((1, 3, 513), np.float32)
    planes[0, 2] = 8.0
    planes[0, :, 512] = [1.0, 3.0, 5.0]
    store = stored(planes, tmp_path / "a.zarr")
    half = store.read(0, 2, 0, 257, level=1)
    assert half[0, :, 0].tolist() == [0.0, 8.0]
    assert half[0, :, 256].tolist() == [2.0, 5.0]


def test_a_mean_of_integers_is_rounded(tmp_path: Path) -> None:
    planes = np.full((1, 2, 514), 65_535, np.uint16)
    planes[0, 0, ::2] = 65_533  # mean 65,534.5
    store = stored(planes, tmp_path / "a.zarr")
    assert (store.read(0, 1, 0, 257, level=1) == 65_535).all()


def test_the_metadata_is_valid_ome_zarr_0_5(tmp_path: Path) -> None:
    stored(pixels((2, 600, 700)), tmp_path / "a.zarr")
    image = ome_zarr_models.open_ome_zarr(zarr.open_group(tmp_path / "a.zarr", mode="r"))
    assert isinstance(image, ome_zarr_models.v05.Image)
    multiscale = image.ome_attributes.multiscales[0]
    assert [axis.name for axis in multiscale.axes] == ["c", "y", "x"]
    assert [axis.unit for axis in multiscale.axes] == [None, "micrometer", "micrometer"]


def test_other_programs_read_pixels_scales_and_channels(tmp_path: Path) -> None:
    planes = pixels((2, 600, 700))
    store = stored(planes, tmp_path / "a.zarr")
    location = parse_url(tmp_path / "a.zarr")
    assert location is not None
    node = next(iter(Reader(location)()))
    assert np.array_equal(np.asarray(node.data[0]), planes)
    assert [t[0]["scale"] for t in node.metadata["coordinateTransformations"]] == [
        [1.0, 0.1, 0.2],
        [1.0, 0.2, 0.4],
    ]
    assert node.metadata["channel_names"] == ["Channel 1", "Channel 2"]
    assert [tuple(limits) for limits in node.metadata["contrast_limits"]] == store.limits


def test_viv_finds_what_it_asks_for(tmp_path: Path) -> None:
    """Names, colours and windows per channel; zstd chunks of a power of two; axes by name."""
    stored(pixels((2, 30, 40)), tmp_path / "a.zarr")
    ome = _json(tmp_path / "a.zarr")["attributes"]["ome"]
    assert ome["version"] == "0.5"
    for channel in ome["omero"]["channels"]:
        assert set(channel) >= {"label", "color", "active", "window"}
        assert set(channel["window"]) == {"start", "end", "min", "max"}
    array = _json(tmp_path / "a.zarr" / "0")
    assert array["chunk_grid"]["configuration"]["chunk_shape"] == [1, 512, 512]
    assert [codec["name"] for codec in array["codecs"]] == ["bytes", "zstd"]
    assert array["dimension_names"] == ["c", "y", "x"]


def _json(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "zarr.json").read_text())
    return content


def test_without_a_pixel_size_there_is_no_unit(tmp_path: Path) -> None:
    planes = pixels((1, 30, 40))
    write_store(planes, tmp_path / "a.zarr", header=header_for(planes, pixel_size_um=None))
    assert open_store(tmp_path / "a.zarr").pixel_size_um is None


def test_a_map_is_a_store_of_one_channel(tmp_path: Path) -> None:
    map_ = pixels((600, 300), "uint8")
    write_map(map_, tmp_path / "m.zarr", pixel_size_um=(0.3, 0.3), name="nuclei")
    store = open_store(tmp_path / "m.zarr")
    assert store.shape == (1, 600, 300)
    assert store.channel_names == ("nuclei",)
    assert store.limits == [(0.0, 255.0)]
    assert store.pixel_size_um == (0.3, 0.3)
    assert np.array_equal(store.read(0, 600, 0, 300)[0], map_)


@pytest.mark.parametrize("map_", [np.zeros((2, 3)), np.zeros((1, 2, 3), np.uint8)])
def test_a_map_of_another_kind_is_refused(tmp_path: Path, map_: np.ndarray[Any, Any]) -> None:
    with pytest.raises(ValueError, match="uint8"):
        write_map(map_, tmp_path / "m.zarr", pixel_size_um=None, name="x")
    assert not (tmp_path / "m.zarr").exists()


def test_a_header_of_another_image_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="does not describe"):
        write_store(pixels((1, 5, 6)), tmp_path / "a.zarr", header=header_for(pixels((1, 6, 5))))


@pytest.mark.parametrize("box", [(0, 0, 0, 5), (-1, 3, 0, 5), (0, 31, 0, 5), (0, 3, 39, 41)])
def test_a_box_outside_the_image_is_an_error(
    tmp_path: Path, box: tuple[int, int, int, int]
) -> None:
    store = stored(pixels((1, 30, 40)), tmp_path / "a.zarr")
    with pytest.raises(ValueError, match="not within 30 x 40 px"):
        store.read(*box)


@pytest.mark.parametrize("level", [-1, 1])
def test_a_level_that_is_not_there_is_an_error(tmp_path: Path, level: int) -> None:
    store = stored(pixels((1, 30, 40)), tmp_path / "a.zarr")
    with pytest.raises(IndexError, match="no level"):
        store.read(0, 1, 0, 1, level=level)


def test_opening_what_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_store(tmp_path / "absent.zarr")


def test_a_write_that_fails_midway_leaves_nothing(tmp_path: Path) -> None:
    planes = pixels((1, 1030, 40), "uint8")

    def fail(done: float) -> None:
        assert any(tmp_path.rglob("c/0/0/0"))  # something is being written
        raise InterruptedError

    with pytest.raises(InterruptedError):
        write_image(_source(planes), tmp_path / "a.zarr", name="a", on_progress=fail)
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_is_stopped_leaves_the_store_before_it(tmp_path: Path) -> None:
    old, new = pixels((1, 30, 40), seed=1), pixels((1, 30, 40), seed=2)
    stored(old, tmp_path / "a.zarr")
    with pytest.raises(ImportStopped):
        write_image(_source(new), tmp_path / "a.zarr", name="a", should_stop=lambda: True)
    assert np.array_equal(open_store(tmp_path / "a.zarr").read(0, 30, 0, 40), old)
    assert [path.name for path in tmp_path.iterdir()] == ["a.zarr"]


def _source(planes: np.ndarray[Any, Any]) -> ArraySource:
    return ArraySource(planes[None, :, None], header_for(planes))


def test_writing_again_replaces_the_store_whole(tmp_path: Path) -> None:
    stored(pixels((2, 1030, 40)), tmp_path / "a.zarr")
    new = pixels((1, 30, 40), "uint8")
    store = stored(new, tmp_path / "a.zarr")
    assert (store.shape, store.level_count) == ((1, 30, 40), 1)
    assert not (tmp_path / "a.zarr" / "1").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["a.zarr"]


def test_what_a_killed_attempt_left_behind_is_cleared_away(tmp_path: Path) -> None:
    leftover = tmp_path / ".a[1].zarr.0123.part"
    leftover.mkdir()
    (leftover / "zarr.json").touch()
    other = tmp_path / ".b.zarr.0123.part"
    other.mkdir()
    stored(pixels((1, 30, 40)), tmp_path / "a[1].zarr")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".b.zarr.0123.part", "a[1].zarr"]


def test_chunks_of_nothing_are_not_written(tmp_path: Path) -> None:
    map_ = np.zeros((2000, 600), np.uint8)
    map_[0, 0] = 9
    write_map(map_, tmp_path / "m.zarr", pixel_size_um=None, name="x")
    assert CHUNK == 512
    assert [path.name for path in (tmp_path / "m.zarr" / "0" / "c" / "0").iterdir()] == ["0"]
