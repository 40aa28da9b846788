"""Depths of necks between parts, and the parts that deeper ones leave."""

import numpy as np
import pytest

from inference.objects.necks import necks_of
from inference.objects.seeds import NECK, STEP_PX, in_necks

# Tops 5, 9, 4 and 7 in a row; between them passes at 3, 2 and 3.
LEVELS = np.array([[5.0, 3, 9, 9, 2, 4, 3, 7]])
PARTS = np.array([[1, 1, 2, 2, 3, 3, 4, 4]], dtype=np.int32)


def test_depths_are_those_to_a_higher_part() -> None:
    """By hand: 1 falls from 5 to 3, 3 from 4 to 3 towards 4, and 4 from 7 to 2 towards 2."""
    necks = necks_of(PARTS, LEVELS)
    assert necks.depth[1:].tolist() == [2, np.inf, 1, 5]
    assert necks.beyond[[1, 3, 4]].tolist() == [2, 4, 2]


@pytest.mark.parametrize(
    ("depth", "numbers"),
    [(1, [1, 2, 3, 4]), (1.5, [1, 2, 3, 3]), (3, [1, 1, 2, 2]), (6, [1, 1, 1, 1])],
)
def test_deeper_necks_leave_fewer_parts(depth: float, numbers: list[int]) -> None:
    joined = necks_of(PARTS, LEVELS).joined(depth)
    assert joined.tolist() == [0, *numbers]


def test_parts_of_one_height_are_joined_once() -> None:
    necks = necks_of(np.array([[1, 1, 2, 2]], dtype=np.int32), np.array([[3.0, 1, 1, 3]]))
    assert sorted(necks.depth[1:]) == [2, np.inf]
    assert necks.joined(3).tolist() == [0, 1, 1]


def test_the_slightest_neck_is_a_step_of_the_border_or_a_share_of_the_width() -> None:
    low, high = in_necks(np.array([3.0, 3 + STEP_PX])), in_necks(np.array([40 * (1 - NECK), 40.0]))
    assert np.diff(low) == pytest.approx(1)
    assert np.diff(high) == pytest.approx(1)
    heights = np.linspace(0, 60, 600)
    assert (np.diff(in_necks(heights)) > 0).all()
