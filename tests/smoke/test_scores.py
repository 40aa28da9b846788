"""The figures that `make smoke` prints."""

import numpy as np
import pytest

from tests.smoke.scores import count_error, f1, objects


def test_pixels_of_all_images_are_counted_together() -> None:
    whole, none = np.ones((2, 3), bool), np.zeros((2, 3), bool)
    half = np.array([[True] * 3, [False] * 3])
    assert f1([(half, whole), (none, none)]) == pytest.approx(2 * 3 / (3 + 6))
    assert f1([(none, none)]) == 1


def test_too_many_in_one_image_do_not_make_up_for_too_few_in_another() -> None:
    assert count_error([(12, 10), (28, 30), (5, 5)]) == pytest.approx(4 / 45)
    assert count_error([(3, 0)]) == 3
    assert count_error([]) == 0


def test_objects_are_the_numbers_that_are_there() -> None:
    assert objects(np.array([[0, 2, 2], [7, 0, 1]])) == 3
    assert objects(np.zeros((2, 2), int)) == 0
