"""Detections against boxes, on drawn cases with the result worked out by hand."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from tests.benchmarks.detecting import Detected, Found, found_in, holding, matched, overlaps


def _found(boxes: list[list[int]], points: list[list[int]]) -> Found:
    return Found(
        np.array(boxes, dtype=np.int64).reshape(-1, 4),
        np.array(points, dtype=np.int64).reshape(-1, 2),
        np.ones(len(boxes)),
    )


def test_each_object_is_a_detection_with_its_mean_score() -> None:
    labels = np.zeros((8, 8), dtype=np.int32)
    labels[1:3, 1:5] = 1
    labels[5:8, 5:8] = 2
    found = found_in(labels, np.where(labels == 1, 0.25, 0.75))
    assert found.boxes.tolist() == [[1, 1, 3, 5], [5, 5, 8, 8]]
    assert found.scores.tolist() == [0.25, 0.75]
    assert found_in(np.zeros((8, 8), np.int32), np.zeros((8, 8))).boxes.shape == (0, 4)


def test_overlap_is_the_shared_area_over_that_of_both_and_nothing_below_the_least() -> None:
    found = _found([[0, 0, 10, 10], [20, 20, 30, 30]], [[5, 5], [25, 25]])
    real = np.array([[0, 5, 10, 15], [20, 20, 30, 28], [29, 29, 40, 40]])
    assert overlaps(found, real).round(6).tolist() == [[0.333333, 0, 0], [0, 0.8, 0]]


def test_a_point_counts_in_every_box_that_holds_it() -> None:
    found = _found([[0, 0, 4, 4]], [[3, 3]])
    real = np.array([[0, 0, 4, 4], [3, 3, 5, 5], [4, 4, 6, 6]])
    assert holding(found, real).tolist() == [[1, 1, 0]]


def test_pairs_are_taken_once_and_are_as_many_as_the_best_assignment_where_all_are_equal() -> None:
    assert matched(np.array([[0.9, 0.8], [0.8, 0.0]])) == 1  # greedy: the best pair first
    assert matched(np.array([[0.5, 0.9], [0.4, 0.0]])) == 2
    assert matched(np.zeros((0, 3))) == 0
    rng = np.random.default_rng(0)
    for _ in range(20):
        affinity = np.diag(rng.random(5) + 1)[rng.permutation(5)]
        rows, columns = linear_sum_assignment(-affinity)
        assert matched(affinity) == np.count_nonzero(affinity[rows, columns]) == 5


def test_figures_sum_over_images() -> None:
    detected = Detected()
    real = np.array([[0, 0, 10, 10], [20, 20, 30, 30]])
    detected.add(_found([[0, 0, 10, 10]], [[25, 25]]), real)
    detected.add(_found([[0, 0, 5, 5]] * 3, [[40, 40]] * 3), real[:1])
    assert detected.figures() == {
        "detection_f1_iou": pytest.approx(2 * 1 / 7),
        "detection_f1_point": pytest.approx(2 * 1 / 7),
        "count_error": pytest.approx((1 + 2) / 3),
        "found": 4,
        "real": 3,
    }
