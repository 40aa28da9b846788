"""The patch grid, against counting by hand and pixel by pixel."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.imaging.grid import Grid, pad_to_square, patch_labels, read_patch
from tests.annotations.imaging.files import pixels
from tests.annotations.imaging.stores import stored

SIDES = st.integers(1, 40)


def test_a_grid_has_a_partial_last_row_and_column() -> None:
    grid = Grid(height=100, width=65, patch_size=32)
    assert (grid.rows, grid.columns) == (4, 3)
    assert grid.box(0, 0) == (0, 32, 0, 32)
    assert grid.box(3, 2) == (96, 100, 64, 65)


@given(height=SIDES, width=SIDES, patch_size=SIDES)
def test_every_pixel_belongs_to_exactly_one_patch(height: int, width: int, patch_size: int) -> None:
    grid = Grid(height, width, patch_size)
    times = np.zeros((height, width), int)
    for row in range(grid.rows):
        for column in range(grid.columns):
            y0, y1, x0, x1 = grid.box(row, column)
            assert y1 > y0
            assert x1 > x0
            times[y0:y1, x0:x1] += 1
    assert (times == 1).all()


def test_overlapping_patches_start_a_step_apart() -> None:
    grid = Grid(height=100, width=64, patch_size=32, overlap=8)
    # Rows from 0, 24, 48 and 72: the last one ends at 100 instead of 104.
    assert (grid.step, grid.rows, grid.columns) == (24, 4, 3)
    assert grid.box(3, 2) == (72, 100, 48, 64)


@given(length=SIDES, patch_size=SIDES, share=st.floats(0, 1))
def test_a_side_is_covered_by_as_few_patches_as_can_be(
    length: int, patch_size: int, share: float
) -> None:
    """Against laying one patch after the other until the end is reached."""
    overlap = min(patch_size - 1, int(share * patch_size))
    grid = Grid(length, 1, patch_size, overlap)
    starts = [0]
    while starts[-1] + patch_size < length:
        starts.append(starts[-1] + patch_size - overlap)
    boxes = [grid.box(row, 0)[:2] for row in range(grid.rows)]
    assert boxes == [(start, min(length, start + patch_size)) for start in starts]
    assert grid.spans[0].tolist() == [list(box) for box in boxes]


@pytest.mark.parametrize("overlap", [-1, 32, 40])
def test_an_overlap_that_leaves_no_step_is_refused(overlap: int) -> None:
    with pytest.raises(ValueError, match="less than the patch size"):
        Grid(100, 100, 32, overlap)


@pytest.mark.parametrize(("row", "column"), [(-1, 0), (0, -1), (4, 0), (0, 3)])
def test_a_position_outside_the_grid_has_no_box(row: int, column: int) -> None:
    grid = Grid(height=100, width=65, patch_size=32)
    assert not grid.contains(row, column)
    with pytest.raises(IndexError, match="4 rows and 3 columns"):
        grid.box(row, column)


@pytest.mark.parametrize("sides", [(0, 5, 5), (5, 0, 5), (5, 5, 0), (5, 5, -1)])
def test_a_grid_without_pixels_is_refused(sides: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="at least 1 px"):
        Grid(*sides)


@settings(deadline=None)
@given(height=SIDES, width=SIDES, patch_size=SIDES, seed=st.integers(0, 99))
def test_a_patch_is_yes_when_more_than_two_percent_of_its_pixels_are_covered(
    height: int, width: int, patch_size: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    overlap = int(random.integers(0, patch_size))
    mask = random.random((height, width)) < random.choice([0.001, 0.02, 0.5])
    labels = patch_labels(mask, patch_size, overlap=overlap)
    grid = Grid(height, width, patch_size, overlap)
    for row in range(grid.rows):
        for column in range(grid.columns):
            y0, y1, x0, x1 = grid.box(row, column)
            # In whole numbers, so that no rounding decides: covered / existing > 2 / 100.
            covered = int(mask[y0:y1, x0:x1].sum())
            assert labels[row, column] == (100 * covered > 2 * (y1 - y0) * (x1 - x0))


def test_exactly_two_percent_is_no() -> None:
    mask = np.zeros((10, 20), bool)
    mask[0, 0] = mask[9, 9] = True  # 2 of 100 in the left patch
    mask[0, 10] = mask[1, 10] = mask[2, 10] = True  # 3 of 100 in the right one
    assert patch_labels(mask, 10).tolist() == [[False, True]]


def test_a_whole_patch_is_read_as_it_is_stored(tmp_path: Path) -> None:
    planes = pixels((2, 50, 70))
    store = stored(planes, tmp_path / "a.zarr")
    patch = read_patch(store, Grid(50, 70, 32), 0, 1)
    assert np.array_equal(patch, planes[:, 0:32, 32:64])


def test_a_partial_patch_is_filled_up_by_reflection(tmp_path: Path) -> None:
    planes = pixels((2, 50, 70))
    store = stored(planes, tmp_path / "a.zarr")
    patch = read_patch(store, Grid(50, 70, 32), 1, 0)
    assert patch.shape == (2, 32, 32)
    assert np.array_equal(patch[:, :18], planes[:, 32:50, :32])
    # Row 18 of the patch lies one behind the last row, 17, and mirrors row 16.
    for missing in range(14):
        assert np.array_equal(patch[:, 18 + missing], patch[:, 16 - missing])


def test_a_patch_too_thin_to_reflect_repeats_its_last_pixels() -> None:
    thin = np.array([[[1, 2, 3]]], np.uint8)
    assert pad_to_square(thin, 5).tolist() == [[[1, 2, 3, 2, 1]] * 5]
    assert pad_to_square(thin, 6).tolist() == [[[1, 2, 3, 3, 3, 3]] * 6]
