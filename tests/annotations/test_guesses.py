"""Guesses of patches from a few answers."""

import numpy as np
import pytest

from annotations.gaussian import MOST_ANSWERS, NOISE
from annotations.guesses import guesses


def _two_heaps(count: int = 200) -> tuple[np.ndarray, np.ndarray]:
    """(2 * count, 3) features in two heaps, and which heap each is of."""
    rng = np.random.default_rng(0)
    heap = np.arange(2 * count) % 2 == 1
    features = rng.normal(0, 0.3, (2 * count, 3)) + np.where(heap, 2, -2)[:, None]
    return features.astype(np.float32), heap


def test_two_answers_tell_two_heaps_apart() -> None:
    features, heap = _two_heaps()
    found = guesses(features, np.array([0, 1]), heap[:2])
    assert ((found > 0.5) == heap).all()
    assert ((found >= 0) & (found <= 1)).all()


def test_it_is_the_posterior_of_a_gaussian_process() -> None:
    # By the textbook's formulas, in another way: no Cholesky factor, one patch after the other.
    features = np.array([[0.0], [1.0], [2.0], [4.0]], dtype=np.float32)
    x = (features[:, 0] - features.mean()) / features.std()
    kernel = np.exp(-((x[:, None] - x[None]) ** 2) / 2)
    inverse = np.linalg.inv(kernel[:2, :2] + NOISE * np.eye(2))
    for row, found in enumerate(guesses(features, np.array([0, 1]), np.array([True, False]))):
        near = kernel[row, :2]
        mean = near @ inverse @ np.array([1.0, -1.0])
        deviation = np.sqrt(1 - near @ inverse @ near + NOISE)
        assert found == pytest.approx(1 / (1 + np.exp(-1.702 * mean / deviation)), abs=1e-5)


def test_what_is_like_nothing_answered_is_the_least_certain() -> None:
    features, heap = _two_heaps()
    strange = np.vstack([features, [[2, -2, 2]]]).astype(np.float32)
    found = guesses(strange, np.arange(40), heap[:40])
    assert np.abs(found - 0.5).argmin() == len(features)


def test_a_single_rare_yes_is_not_outvoted() -> None:
    features, heap = _two_heaps()
    answered = np.r_[1, np.arange(0, 300, 2)]
    found = guesses(features, answered, heap[answered])
    assert (found[heap] > 0.5).mean() > 0.9


def test_without_an_answer_there_is_no_guess() -> None:
    features, _ = _two_heaps()
    assert np.isnan(guesses(features, np.zeros(0, np.int64), np.zeros(0, np.bool_))).all()


def test_what_cannot_be_described_has_no_guess_and_teaches_nothing() -> None:
    features, heap = _two_heaps()
    features[5] = np.nan
    found = guesses(features, np.array([0, 1, 5]), np.array([False, True, False]))
    assert np.isnan(found[5])
    others = np.arange(len(features)) != 5
    assert ((found > 0.5) == heap)[others].all()


def test_of_very_many_answers_the_rarer_ones_are_all_learnt_from() -> None:
    features, heap = _two_heaps(MOST_ANSWERS)
    # Twenty rare ones amid the heap of the others.
    rng = np.random.default_rng(1)
    rare = rng.normal((0, 5, -3), 0.1, (40, 3)).astype(np.float32)
    features, yes = np.vstack([features, rare]), np.r_[np.zeros(len(heap), bool), np.ones(40, bool)]
    answered = np.arange(len(features) - 20)
    found = guesses(features, answered, yes[answered])
    assert (found[-20:] > 0.5).all()
    assert (found[: len(heap)] < 0.5).all()


def test_one_answer_for_each_row_is_asked() -> None:
    features, _ = _two_heaps()
    with pytest.raises(ValueError, match="one answer"):
        guesses(features, np.array([0, 1]), np.array([True]))
