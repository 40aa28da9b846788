"""In which order patches are asked about."""

import numpy as np
import pytest

from annotations.gaussian import NOISE
from annotations.guesses import guesses
from annotations.turns import FEW, Asked, portion, turns

NOBODY = np.zeros(0, dtype=np.int64)


def _heaps(heaps: int, count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """(heaps * count, 4) features, and which heap each is of."""
    rng = np.random.default_rng(seed)
    middles = rng.normal(0, 5, (heaps, 4))
    heap = np.arange(heaps * count) % heaps
    features = middles[heap] + rng.normal(0, 0.1, (heaps * count, 4))
    return features.astype(np.float32), heap


def _turns(
    features: np.ndarray,
    answered: np.ndarray,
    yes: np.ndarray,
    *,
    pending: np.ndarray = NOBODY,
    free: np.ndarray | None = None,
    most: int = 8,
    seed: int = 0,
) -> np.ndarray:
    free = np.ones(len(features), dtype=bool) if free is None else free
    expected = guesses(features, answered, yes, seed=seed)
    asked = Asked(answered, yes, pending)
    return turns(features, asked, free, expected, most=most, seed=seed)


def test_without_an_answer_every_heap_is_asked_about_before_one_is_a_second_time() -> None:
    features, heap = _heaps(6, 50)
    for seed in range(5):
        found = _turns(features, NOBODY, NOBODY.astype(bool), most=6, seed=seed)
        assert sorted(heap[found]) == list(range(6))


def test_what_was_asked_about_counts_as_a_first_one() -> None:
    features, heap = _heaps(6, 50)
    # Rows 0 and 1 are of heaps 0 and 1.
    found = _turns(features, np.array([0]), np.array([True]), pending=np.array([1]), most=4)
    assert sorted(heap[found]) == [2, 3, 4, 5]


def test_with_answers_the_least_certain_comes_first() -> None:
    rng = np.random.default_rng(1)
    features = rng.normal(0, 1, (300, 3)).astype(np.float32)
    answered = np.arange(20)
    yes = features[:20, 0] > 0
    doubt = np.abs(guesses(features, answered, yes) - 0.5)
    doubt[answered] = 1
    assert _turns(features, answered, yes, most=1).tolist() == [int(doubt.argmin())]


def test_each_turn_is_the_textbooks_with_those_before_it_answered() -> None:
    # By the formulas of the posterior, anew for every turn: no Cholesky factor that grows.
    rng = np.random.default_rng(2)
    features = rng.normal(0, 1, (60, 2)).astype(np.float32)
    answered = np.arange(FEW)
    yes = np.arange(FEW) % 2 == 0
    pending = np.array([30, 31])
    x = (features - features.mean(axis=0)) / features.std(axis=0)
    squares = ((x[:, None] - x[None]) ** 2).sum(axis=2)
    kernel = np.exp(-squares / 4)
    inverse = np.linalg.inv(kernel[:FEW, :FEW] + NOISE * np.eye(FEW))
    mean = kernel[:, :FEW] @ inverse @ np.where(yes, 1.0, -1.0)
    seen = [*answered.tolist(), *pending.tolist()]
    expected = []
    for _ in range(6):
        among = kernel[np.ix_(seen, seen)] + NOISE * np.eye(len(seen))
        near = kernel[:, seen]
        variance = 1 - np.einsum("ij,jk,ik->i", near, np.linalg.inv(among), near)
        certainty = np.abs(mean) / np.sqrt(variance + NOISE)
        certainty[seen] = np.inf
        expected.append(int(certainty.argmin()))
        seen.append(expected[-1])
    assert _turns(features, answered, yes, pending=pending, most=6).tolist() == expected


def test_only_what_is_free_and_described_has_a_turn_and_each_once() -> None:
    features, _ = _heaps(3, 20)
    features[7] = np.nan
    free = np.arange(60) % 2 == 1
    for count in (0, 3, 12):
        answered = np.arange(1, 1 + 2 * count, 2)
        pending = np.array([51, 53])
        found = _turns(
            features, answered, np.arange(count) % 2 == 0, pending=pending, free=free, most=100
        )
        wanted = set(np.flatnonzero(free)) - {7, 51, 53} - set(answered)
        assert len(found) == len(wanted)
        assert set(found.tolist()) == wanted


def test_patches_that_are_all_the_same_have_turns_too() -> None:
    features = np.ones((30, 3), dtype=np.float32)
    found = _turns(features, NOBODY, NOBODY.astype(bool), most=30)
    assert sorted(found.tolist()) == list(range(30))


def test_where_nobody_may_be_asked_there_is_no_turn() -> None:
    features, _ = _heaps(2, 5)
    assert _turns(features, NOBODY, NOBODY.astype(bool), free=np.zeros(10, bool)).size == 0
    features[:] = np.nan
    assert _turns(features, NOBODY, NOBODY.astype(bool)).size == 0


@pytest.mark.parametrize(("answered", "size"), [(0, 8), (35, 8), (64, 16), (480, 120)])
def test_a_portion_grows_with_the_answers(answered: int, size: int) -> None:
    assert portion(answered) == size
