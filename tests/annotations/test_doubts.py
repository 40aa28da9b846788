"""Doubts about answers: a model's word against a person's."""

import numpy as np
import pytest

from annotations.doubts import doubts


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
