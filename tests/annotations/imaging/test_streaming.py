"""Images that are written tile by tile."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from annotations.imaging import tiling
from annotations.imaging.store.read import Store, open_store
from annotations.imaging.store.write import write_image
from annotations.imaging.tiling import plan_tiles
from annotations.imaging.view import View
from tests.annotations.imaging.files import pixels
from tests.annotations.imaging.sources import Endless, Recorded


@pytest.fixture
def small_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 1,024 px, so that small images take several tiles and passes."""
    monkeypatch.setattr(tiling, "BUDGET", 1024 * 1024 * 2)
    monkeypatch.setattr(tiling, "MOST", 1024 * 3000 * 2)


def written(source: Any, folder: Path) -> Store:
    write_image(source, folder, name="a")
    return open_store(folder)


def halved(plane: NDArray[Any]) -> NDArray[Any]:
    """An oracle: the mean of the pixels that exist, in float64, halves rounded up."""
    height, width = plane.shape
    wide = np.full((height + height % 2, width + width % 2), np.nan)
    wide[:height, :width] = plane
    four = wide.reshape(wide.shape[0] // 2, 2, wide.shape[1] // 2, 2)
    mean = np.nanmean(four, axis=(1, 3))
    rounded: NDArray[Any] = np.floor(mean + 0.5) if plane.dtype.kind == "u" else mean
    return rounded.astype(plane.dtype)


def whole(store: Store, level: int) -> NDArray[Any]:
    _, height, width = store.level_shape(level)
    return store.read(0, height, 0, width, level=level)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize(
    "block", [(512, 512), (1, 3001), (2051, 3001), (700, 600)], ids=lambda block: f"{block}"
)
@pytest.mark.usefixtures("small_tiles")
def test_every_level_is_the_mean_of_the_one_before_wherever_tiles_meet(
    tmp_path: Path, dtype: str, block: tuple[int, int]
) -> None:
    source = Recorded(pixels((1, 1, 1, 2051, 3001), "uint8").astype(dtype), block=block)
    store = written(source, tmp_path / "a.zarr")
    assert store.level_count == 4
    expected = source.pixels[0, 0, 0]
    for level in range(4):
        np.testing.assert_allclose(whole(store, level)[0], expected, rtol=1e-6)
        expected = halved(expected)


@pytest.mark.usefixtures("small_tiles")
def test_every_pixel_of_the_file_is_read_once(tmp_path: Path) -> None:
    source = Recorded(pixels((1, 2, 1, 2051, 3001), "uint16"))
    written(source, tmp_path / "a.zarr")
    times = np.zeros((2051, 3001), int)
    for _, _, (y0, y1, x0, x1) in source.boxes:
        times[y0:y1, x0:x1] += 1
    assert len(source.boxes) > 1
    assert (times == 1).all()


def test_strips_are_read_in_whole_rows(tmp_path: Path) -> None:
    plan = plan_tiles(100_000, 40_000, block=(1, 40_000), pixel_bytes=2, most_levels=8)
    assert (plan.rows, plan.columns, plan.depth) == (512, 40_000, 0)
    assert plan.rows * plan.columns * 2 < tiling.BUDGET


@pytest.mark.parametrize("side", [512, 20_000, 100_000, 3_000_000])
@pytest.mark.parametrize("pixel_bytes", [1, 4, 16])
@pytest.mark.parametrize("block", [(1, 3_000_000), (512, 512), (3_000_000, 3_000_000)])
def test_no_tile_is_larger_than_memory_allows(
    side: int, pixel_bytes: int, block: tuple[int, int]
) -> None:
    plan = plan_tiles(side, side, block=block, pixel_bytes=pixel_bytes, most_levels=20)
    rows, columns = min(plan.rows, side), min(plan.columns, side)
    assert rows * columns * pixel_bytes <= tiling.MOST
    assert plan.columns % 512 == 0 or plan.columns == side
    assert plan.rows >= side or plan.rows % (512 * 2**plan.depth) == 0


def test_stacks_keep_their_planes_apart(tmp_path: Path) -> None:
    source = Recorded(pixels((2, 3, 4, 30, 40), "uint16"), pixel_size_z_um=0.5, interval_s=20.0)
    store = written(source, tmp_path / "a.zarr")
    assert store.sizes == {"t": 2, "c": 3, "z": 4, "y": 30, "x": 40}
    for t, z in np.ndindex(2, 4):
        planes = store.viewed(View(t=t, z=z)).read(0, 30, 0, 40)
        assert np.array_equal(planes, source.pixels[t, :, z])
    assert store.interval_s == 20.0


def test_many_channels_are_read_in_groups(tmp_path: Path) -> None:
    source = Recorded(pixels((1, 9, 1, 30, 40), "uint16"))
    store = written(source, tmp_path / "a.zarr")
    assert np.array_equal(store.read(0, 30, 0, 40), source.pixels[0, :, 0])
    assert len(source.boxes) == 3


@pytest.mark.usefixtures("small_tiles")
def test_what_is_known_to_be_empty_is_neither_read_nor_written(tmp_path: Path) -> None:
    plane = np.zeros((1, 1, 1, 3000, 5000), np.uint16)
    plane[..., 1100:1200, 4200:4300] = 700
    source = Recorded(plane)
    store = written(source, tmp_path / "a.zarr")
    assert [box for _, _, box in source.boxes] == [(1024, 2048, 4096, 5000)]
    assert np.array_equal(whole(store, 0)[0], plane[0, 0, 0])
    folder = tmp_path / "a.zarr" / "0" / "c"
    files = [file.relative_to(folder) for file in folder.rglob("*") if file.is_file()]
    assert files == [Path("0/2/8")]


def test_a_nearly_empty_image_of_90_000_px_takes_little_disk(tmp_path: Path) -> None:
    source = Endless(90_000, 90_000, filled=(80_000, 81_000, 85_000, 86_000))
    store = written(source, tmp_path / "a.zarr")
    # Whole, it would be 16 GB, and nobody would wait for this test.
    assert sum(file.stat().st_size for file in (tmp_path / "a.zarr").rglob("*")) < 10e6
    assert store.read(80_000, 80_001, 85_000, 85_100).min() >= 100
    assert store.limits[0][1] > 100


@pytest.mark.slow
def test_memory_does_not_grow_with_the_image(tmp_path: Path) -> None:
    process = psutil.Process()
    written(Endless(2000, 2000), tmp_path / "warm.zarr")
    before, highest = process.memory_info().rss, 0

    def look(done: float) -> None:
        nonlocal highest
        highest = max(highest, process.memory_info().rss)

    write_image(Endless(16_000, 20_000), tmp_path / "a.zarr", name="a", on_progress=look)
    assert highest - before < 300 * 2**20  # of 640 MB of pixels


def test_progress_goes_from_nothing_to_one(tmp_path: Path) -> None:
    told: list[float] = []
    source = Recorded(pixels((2, 1, 3, 600, 40), "uint8"))
    write_image(source, tmp_path / "a.zarr", name="a", on_progress=told.append)
    assert told == sorted(told)
    assert told[0] <= 0.2
    assert told[-1] == pytest.approx(1)


def test_floats_may_be_shown_from_their_lowest_to_their_highest(tmp_path: Path) -> None:
    values = np.random.default_rng(0).uniform(5, 10, (1, 2, 2, 600, 600)).astype(np.float32)
    values[0, 1, 1, 7, 8] = -3.0
    write_image(Recorded(values), tmp_path / "a.zarr", name="a")
    attributes = json.loads((tmp_path / "a.zarr" / "zarr.json").read_text())["attributes"]
    windows = [channel["window"] for channel in attributes["ome"]["omero"]["channels"]]
    assert [window["min"] for window in windows] == [float(values[0, 0].min()), -3.0]
    assert [window["max"] for window in windows] == [float(values[0, c].max()) for c in (0, 1)]


def test_limits_of_a_stack_are_of_all_its_planes(tmp_path: Path) -> None:
    ramp = np.repeat(np.arange(100, dtype=np.uint16), 400).reshape(1, 1, 100, 20, 20)
    store = written(Recorded(ramp), tmp_path / "a.zarr")
    low, high = store.limits[0]
    assert low <= 3
    assert high >= 96
