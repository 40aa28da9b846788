"""Patches side by side in one picture."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from annotations.imaging.atlas import Look, draw_patches, join, shade
from annotations.imaging.descriptors import describe_patches
from annotations.imaging.grid import Grid
from annotations.imaging.store.read import Store
from tests.annotations.imaging.stores import stored

GREY = [Look("ffffff", 0, 255)]


def _store(planes: NDArray[Any], folder: Path) -> Store:
    return stored(planes, folder / "image.zarr")


def test_a_patch_is_drawn_as_it_is(tmp_path: Path) -> None:
    planes = np.random.default_rng(1).integers(0, 256, (1, 64, 96), dtype=np.uint8)
    grid = Grid(64, 96, 32)
    cells = [(0, 0), (1, 2), (1, 1)]
    drawn = draw_patches(_store(planes, tmp_path), grid, cells, size=32, looks=GREY)
    assert set(drawn) == set(cells)
    for (row, column), picture in drawn.items():
        y0, y1, x0, x1 = grid.box(row, column)
        assert np.array_equal(picture, np.repeat(planes[0, y0:y1, x0:x1, None], 3, axis=2))


def test_a_patch_that_overlaps_the_next_is_drawn_whole(tmp_path: Path) -> None:
    planes = np.random.default_rng(1).integers(0, 256, (1, 32, 80), dtype=np.uint8)
    grid = Grid(32, 80, 32, overlap=8)
    drawn = draw_patches(
        _store(planes, tmp_path), grid, [(0, 0), (0, 1), (0, 2)], size=32, looks=GREY
    )
    assert np.array_equal(drawn[0, 1][..., 0], planes[0, :, 24:56])
    assert np.array_equal(drawn[0, 2][..., 0], planes[0, :, 48:80])


def test_what_the_image_cuts_off_keeps_its_scale(tmp_path: Path) -> None:
    planes = np.full((1, 48, 40), 200, dtype=np.uint8)
    grid = Grid(48, 40, 32)
    drawn = draw_patches(_store(planes, tmp_path), grid, [(1, 1)], size=64, looks=GREY)
    assert drawn[1, 1].shape == (32, 16, 3)
    assert (drawn[1, 1] == 200).all()


def test_a_patch_drawn_smaller_is_the_mean_of_its_pixels(tmp_path: Path) -> None:
    planes = np.zeros((1, 1024, 1024), dtype=np.uint8)
    planes[0, :128, :64] = 200
    grid = Grid(1024, 1024, 128)
    drawn = draw_patches(_store(planes, tmp_path), grid, [(0, 0)], size=16, looks=GREY)
    assert drawn[0, 0].shape == (16, 16, 3)
    assert (drawn[0, 0][:, :8] == 200).all()
    assert (drawn[0, 0][:, 8:] == 0).all()


def test_channels_add_up_in_their_colours_and_gamma_brightens() -> None:
    planes = np.array([[[0, 50, 100]], [[0, 0, 100]]], dtype=np.uint16)
    looks = [Look("ff0000", 0, 100, gamma=0.5), Look("00ff00", 0, 200)]
    assert shade(planes, looks)[0].tolist() == [[0, 0, 0], [180, 0, 0], [255, 128, 0]]


def test_a_colour_picture_stays_as_it_is() -> None:
    planes = np.arange(12, dtype=np.uint8).reshape(3, 2, 2)
    assert np.array_equal(shade(planes, None), np.moveaxis(planes, 0, -1))


def test_patches_lie_in_rows_and_a_missing_one_is_black() -> None:
    white = np.full((16, 16, 3), 255, dtype=np.uint8)
    sheet = np.asarray(Image.open(io.BytesIO(join([white, None, white], size=16, columns=2))))
    assert sheet.shape == (32, 32, 3)
    assert sheet[:16, :16].min() > 250
    assert sheet[:16, 16:].max() < 5
    assert sheet[16:, :16].min() > 250


@pytest.mark.parametrize("overlap", [0, 8])
def test_what_describes_a_patch_is_the_mean_and_spread_of_its_pixels(
    tmp_path: Path, overlap: int
) -> None:
    planes = np.random.default_rng(2).integers(0, 256, (2, 48, 80), dtype=np.uint8)
    grid = Grid(48, 80, 16, overlap)
    store = _store(planes, tmp_path)
    features = describe_patches(store, grid, [(0, 255), (0, 510)])
    assert features.shape == (grid.rows * grid.columns, 18)
    y0, y1, x0, x1 = grid.box(1, 2)
    patch = planes[:, y0:y1, x0:x1] / np.array([255, 510])[:, None, None]
    found = features[grid.columns + 2, :12].astype(float).reshape(2, 6)
    assert found[:, 0] == pytest.approx(patch.mean(axis=(1, 2)), abs=2e-3)
    assert found[:, 1] == pytest.approx(patch.std(axis=(1, 2)), abs=2e-3)


def test_a_flat_patch_has_no_spread_and_no_edges(tmp_path: Path) -> None:
    planes = np.full((1, 32, 32), 80, dtype=np.uint8)
    features = describe_patches(_store(planes, tmp_path), Grid(32, 32, 16), [(0, 160)])
    assert features.tolist() == [[0.5, 0, 0, 0, 0.5, 0.5]] * 4


@pytest.mark.parametrize("overlap", [0, 8])
def test_a_small_bright_spot_shows_in_the_largest_value_and_its_colour(
    tmp_path: Path, overlap: int
) -> None:
    planes = np.full((3, 40, 56), 60, dtype=np.uint8)
    planes[0, 20:23, 40:43] = 240
    grid = Grid(40, 56, 16, overlap)
    features = describe_patches(_store(planes, tmp_path), grid, [(0, 240)] * 3).astype(float)
    boxes = [grid.box(row, column) for row in range(grid.rows) for column in range(grid.columns)]
    spotted = [y0 <= 21 < y1 and x0 <= 41 < x1 for y0, y1, x0, x1 in boxes]
    assert features[:, 5][spotted] == pytest.approx(1, abs=1e-3)
    assert features[:, 5][np.invert(spotted)].max() < 0.7
    # What the first channel has more than the mean of the three: 1 - (1 + .25 + .25) / 3.
    assert features[:, 20][spotted] == pytest.approx(0.5, abs=1e-3)
    assert features[:, 20][np.invert(spotted)].max() < 0.3
