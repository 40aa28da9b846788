"""Shapes with known objects are what they say, and are scored as they should be."""

import numpy as np
from scipy import ndimage

from tests.benchmarks.separating import Score, scored
from tests.benchmarks.separating_shapes import BORDERS, KINDS, WHOLE, cases


def test_every_kind_and_border_is_one_region_of_as_many_objects_as_it_says() -> None:
    drawn = list(cases(3, seed=7))
    assert len(drawn) == 3 * len(KINDS) * len(BORDERS)
    for case in drawn:
        assert ndimage.label(case.mask)[1] == 1
        np.testing.assert_array_equal(case.objects > 0, case.mask)
        assert (case.objects.max() == 1) == (case.kind in WHOLE)
        edge = np.ones_like(case.mask)
        edge[1:-1, 1:-1] = False
        assert not case.mask[edge].any()


def test_shapes_of_a_seed_are_always_the_same() -> None:
    for first, second in zip(cases(1, seed=3), cases(1, seed=3), strict=True):
        np.testing.assert_array_equal(first.mask, second.mask)


def test_scores_of_drawn_objects() -> None:
    real = np.zeros((4, 12), dtype=np.int32)
    real[:, :5], real[:, 5:11] = 1, 2
    halves = np.where(real == 2, 3, real)
    halves[:2, 5:11] = 2
    scores = scored([("a", real, real), ("a", halves, real), ("b", np.minimum(real, 1), real)])
    assert scores["a"] == Score(2, 1, 5, 4, 3, 1)
    # The two as one: the larger of them is more than half of it.
    assert scores["b"] == Score(1, 0, 1, 2, 1, 1)
    assert scores["a"].figures()["object_f1"] == round(6 / 9, 3)
