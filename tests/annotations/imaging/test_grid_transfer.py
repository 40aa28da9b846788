"""Answers carried to another grid, against the rule taken pixel by pixel."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.imaging.grid import Grid
from annotations.imaging.grid_transfer import NO, NONE, UNSURE, YES, transfer


def _by_pixels(old: Grid, codes: np.ndarray, new: Grid) -> np.ndarray:
    """The rule as it is written, on masks of single patches."""
    no, boxes = np.zeros((old.height, old.width), bool), {}
    for row, column in np.ndindex(codes.shape):
        y0, y1, x0, x1 = boxes[row, column] = old.box(row, column)
        no[y0:y1, x0:x1] |= codes[row, column] == NO
    carried = np.zeros((new.rows, new.columns), np.uint8)
    for row, column in np.ndindex(carried.shape):
        y0, y1, x0, x1 = new.box(row, column)
        yes = any(
            codes[place] == YES and y0 <= a and b <= y1 and x0 <= c and d <= x1
            for place, (a, b, c, d) in boxes.items()
        )
        empty = bool(no[y0:y1, x0:x1].all())
        carried[row, column] = NONE if yes == empty else YES if yes else NO
        for place, box in boxes.items():
            if box == (y0, y1, x0, x1) and codes[place]:
                carried[row, column] = codes[place]
    return carried


def _grid(height: int, width: int, size: int, share: float) -> Grid:
    return Grid(height, width, size, int(share * (size - 1)))


SIDE, SIZE, SHARE = st.integers(1, 30), st.integers(1, 12), st.floats(0, 0.6)


@settings(deadline=None, max_examples=300)
@given(SIDE, SIDE, SIZE, SHARE, SIZE, SHARE, st.integers(0, 99))
def test_answers_are_carried_as_the_rule_says(
    height: int, width: int, old: int, share: float, new: int, other: float, seed: int
) -> None:
    before, after = _grid(height, width, old, share), _grid(height, width, new, other)
    random = np.random.default_rng(seed)
    weights = random.dirichlet([1, 1, 3, 0.5])
    codes = random.choice(4, size=(before.rows, before.columns), p=weights).astype(np.uint8)
    carried = transfer(before, codes, after)
    assert carried.dtype == np.uint8
    assert np.array_equal(carried, _by_pixels(before, codes, after))


def test_the_same_grid_carries_everything() -> None:
    grid = Grid(50, 70, 16, 4)
    codes = np.random.default_rng(1).integers(0, 4, (grid.rows, grid.columns)).astype(np.uint8)
    assert np.array_equal(transfer(grid, codes, grid), codes)


def test_smaller_patches_inherit_no_but_never_yes() -> None:
    codes = np.array([[YES, NO], [UNSURE, NONE]], np.uint8)
    carried = transfer(Grid(64, 64, 32), codes, Grid(64, 64, 16))
    assert carried.tolist() == [
        [NONE, NONE, NO, NO],
        [NONE, NONE, NO, NO],
        [NONE] * 4,
        [NONE] * 4,
    ]


def test_larger_patches_are_yes_with_one_yes_and_no_with_nothing_but_no() -> None:
    codes = np.full((2, 6), NO, np.uint8)
    codes[0, 2] = YES
    codes[1, 5] = NONE
    assert transfer(Grid(32, 96, 16), codes, Grid(32, 96, 32)).tolist() == [[NO, YES, NONE]]


@pytest.mark.parametrize(
    ("codes", "new"),
    [(np.zeros((2, 2), np.uint8), Grid(64, 65, 16)), (np.zeros((3, 2), np.uint8), Grid(64, 64, 8))],
)
def test_what_does_not_belong_together_is_refused(codes: np.ndarray, new: Grid) -> None:
    with pytest.raises(ValueError, match="must"):
        transfer(Grid(64, 64, 32), codes, new)
