"""Doubts about answers: a model's word against a person's."""

import numpy as np
import pytest

from annotations.doubts import doubts, joint_doubts, thresholds_apart


def test_an_answer_against_the_model_is_doubted_most() -> None:
    scores = np.array([0.9, 0.8, 0.1, 0.2, 0.95])
    answers = np.array([True, True, False, False, False])
    found = doubts(scores, answers)
    assert found.argmax() == 4
    assert found[4] > 0
    assert (found[:4] < 0).all()


def test_a_doubt_is_measured_from_what_the_model_gives_patches_of_the_answer() -> None:
    # By hand: t_yes = (0.6 + 0.4) / 2 = 0.5, t_no = (0.9 + 0.7) / 2 = 0.8.
    scores = np.array([0.6, 0.4, 0.1, 0.3])
    answers = np.array([True, True, False, False])
    expected = [
        (0.4 - 0.8) - (0.6 - 0.5),
        (0.6 - 0.8) - (0.4 - 0.5),
        (0.1 - 0.5) - (0.9 - 0.8),
        (0.3 - 0.5) - (0.7 - 0.8),
    ]
    np.testing.assert_allclose(doubts(scores, answers), expected, atol=1e-12)


def test_a_model_cautious_about_yes_does_not_make_every_yes_a_suspect() -> None:
    scores = np.array([0.4, 0.42, 0.38, 0.02, 0.01, 0.35])
    answers = np.array([True, True, True, False, False, False])
    assert doubts(scores, answers).argmax() == 5


def test_one_answer_alone_can_be_ranked() -> None:
    found = doubts(np.array([0.9, 0.2]), np.array([True, True]))
    assert found[1] > found[0]


def test_a_patch_without_a_score_has_no_doubt() -> None:
    found = doubts(np.array([0.9, np.nan, 0.1]), np.array([True, True, False]))
    assert np.isnan(found).tolist() == [False, True, False]


def test_scores_that_are_no_probabilities_are_refused() -> None:
    with pytest.raises(ValueError, match="0 to 1"):
        doubts(np.array([1.5]), np.array([True]))
    with pytest.raises(ValueError, match="one score for each"):
        doubts(np.array([0.5]), np.array([True, False]))


def _joint(
    scores: list[float], odds: list[float], yes: list[bool], no: list[bool], apart: float = 0
) -> np.ndarray:
    return joint_doubts(np.array(scores), np.array(odds), np.array(yes), np.array(no), apart)


def test_with_one_answer_each_people_and_model_together_rank_as_the_model_alone() -> None:
    rng = np.random.default_rng(0)
    scores, answers = rng.random(300).round(3), rng.random(300) < 0.3
    apart = thresholds_apart(scores, answers, ~answers)
    odds = np.where(answers, 2.9, -2.9)
    joint = joint_doubts(scores, odds, answers, ~answers, apart)
    alone = doubts(scores, answers)
    np.testing.assert_array_equal(
        np.argsort(-joint, kind="stable"), np.argsort(-alone.round(12), kind="stable")
    )


def test_where_people_differ_the_one_who_is_wrong_is_doubted() -> None:
    # By hand: odds e^3 for yes, so the no is wrong with probability e^3 / (1 + e^3).
    found = _joint([np.nan], [3.0], [True], [True])
    assert found == pytest.approx([1 / (1 + np.exp(-3.0))])


def test_people_who_differ_come_before_one_whom_the_model_hardly_contradicts() -> None:
    found = _joint([np.nan, 0.6], [0.0, -2.9], [True, False], [True, True])
    assert found[0] == pytest.approx(0.5)
    assert found[1] < 0.5


def test_a_model_decides_between_two_who_differ() -> None:
    even, sure = _joint([0.5, 0.99], [0.0, 0.0], [True, True], [True, True])
    assert even == pytest.approx(0.5)
    assert sure > 0.95


def test_without_a_model_and_a_second_answer_there_is_nothing_to_doubt() -> None:
    found = _joint([np.nan, np.nan, 0.5], [2.9, 0.0, 0.0], [True, False, False], [False] * 3)
    assert np.isnan(found).all()


def test_scores_of_nought_and_one_leave_finite_doubts_in_order() -> None:
    found = _joint([0, 0.001, 0.999, 1], [2.9] * 4, [True] * 4, [False] * 4, apart=0.3)
    assert np.isfinite(found).all()
    assert (np.diff(found) < 0).all()


def test_the_thresholds_of_one_answer_alone_are_not_apart() -> None:
    yes = np.array([True, True])
    assert thresholds_apart(np.array([0.9, 0.2]), yes, ~yes) == 0
    # By hand: t_yes 0.55, t_no 0.7.
    scores = np.array([0.9, 0.2, 0.3])
    some = np.array([True, True, False])
    assert thresholds_apart(scores, some, ~some) == pytest.approx((0.55 - 0.7) / 2)
