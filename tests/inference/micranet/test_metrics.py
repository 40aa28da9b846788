"""Figures on patches, against counting by hand and by brute force."""

import math

import numpy as np
import pytest

from inference.micranet.metrics import (
    area_under_curve,
    best_cut,
    calibration_error,
    careful_cut,
    f1,
)


def test_f1_counts_hits_false_alarms_and_misses() -> None:
    yes = np.array([True, True, False, False])
    truth = np.array([True, False, True, False])
    assert f1(yes, truth) == 0.5
    assert math.isnan(f1(np.zeros(2, bool), np.zeros(2, bool)))


def test_the_area_equals_the_share_of_rightly_ordered_pairs() -> None:
    rng = np.random.default_rng(0)
    scores = rng.integers(0, 10, 80) / 10
    truth = rng.random(80) < 0.3
    pairs = [
        1.0 if a > b else 0.5 if a == b else 0.0 for a in scores[truth] for b in scores[~truth]
    ]
    assert area_under_curve(scores, truth) == pytest.approx(np.mean(pairs))
    assert math.isnan(area_under_curve(scores, np.ones(80, bool)))


def test_scores_equal_to_frequencies_have_no_calibration_error() -> None:
    scores = np.repeat([0.25, 0.75], 4)
    truth = np.array([1, 0, 0, 0, 1, 1, 1, 0], dtype=bool)
    assert calibration_error(scores, truth) == pytest.approx(0)
    assert calibration_error(scores, ~truth) == pytest.approx(0.5)


def test_the_best_cut_is_that_of_trying_all() -> None:
    rng = np.random.default_rng(1)
    truth = rng.random(60) < 0.4
    scores = np.clip(truth * 0.3 + rng.normal(0.4, 0.2, 60), 0, 1)
    tried = [f1(scores >= t, truth) for t in np.linspace(0, 1, 2001)]
    assert f1(scores >= best_cut(scores, truth), truth) == pytest.approx(max(tried))


def test_with_one_class_the_cut_is_one_half() -> None:
    assert best_cut(np.array([0.1, 0.9]), np.array([True, True])) == 0.5


def test_few_answers_move_the_cut_a_little_and_many_almost_all_the_way() -> None:
    scores, truth = np.array([0.05, 0.1, 0.3, 0.4]), np.array([False, True, True, True])
    # The best cut is .075; one "no" against the weight of ten.
    odds = np.log(0.075 / 0.925) / 11
    assert careful_cut(scores, truth) == pytest.approx(1 / (1 + np.exp(-odds)))
    often = careful_cut(np.repeat(scores, 500), np.repeat(truth, 500))
    assert often == pytest.approx(0.075, abs=0.005)
    assert careful_cut(scores, np.ones(4, dtype=bool)) == 0.5
    # A best cut at the very ends stays within them.
    assert 0 <= careful_cut(np.array([0.0, 0.0, 1.0]), np.array([True, False, True])) <= 1
