"""What answers weigh, by hand."""

import numpy as np
import pytest

from annotations.agreement import MISSING
from annotations.crowd import (
    ENOUGH,
    Reliabilities,
    is_sure,
    posteriors,
    reliabilities,
    usual,
)


def test_odds_are_added_up() -> None:
    """Prior 1:3; a yes of the first is 9:1 for yes, a no of the second 2:1 for no."""
    known = Reliabilities(
        prior=float(np.log(1 / 3)),
        yes=np.log([9.0, 2.0]),
        no=np.log([1 / 9, 1 / 2]),
        right=np.array([0.9, 0.67]),
    )
    ratings = np.array([[1, 0], [1, MISSING], [MISSING, MISSING], [0, 1]])
    expected = [1.5 / 2.5, 3 / 4, 1 / 4, (2 / 27) / (1 + 2 / 27)]
    assert posteriors(ratings, known) == pytest.approx(expected, abs=1e-12)


def test_sure_is_sure_of_either_answer() -> None:
    assert is_sure(np.array([0.95, 0.05, 0.5, 0.9]), 0.9).tolist() == [True, True, False, True]


def test_nothing_is_concluded_from_few_patches() -> None:
    ratings = np.ones((ENOUGH - 1, 2), dtype=np.int8)
    assert reliabilities(ratings) is None
    alone = np.tile(np.array([1, MISSING], dtype=np.int8), (500, 1))
    assert reliabilities(alone) is None


def test_those_who_err_weigh_less_and_those_nobody_overlaps_with_nothing() -> None:
    rng = np.random.default_rng(4)
    truth = rng.random(2000) < 0.4
    errors = np.array([0.03, 0.05, 0.3])
    said = (truth[:, None] ^ (rng.random((2000, 3)) < errors)).astype(np.int8)
    unknown = np.full((2000, 1), MISSING, dtype=np.int8)
    known = reliabilities(np.concatenate([said, unknown], axis=1))
    assert known is not None
    assert known.right[:3] == pytest.approx(1 - errors, abs=0.03)
    assert known.yes[0] > known.yes[2] > 0 > known.no[2] > known.no[0]
    assert known.yes[3] == pytest.approx(0)
    assert known.prior == pytest.approx(np.log(0.4 / 0.6), abs=0.15)


def test_where_nobody_is_known_all_weigh_the_same() -> None:
    ratings = np.array([[1, 1, 0], [1, MISSING, MISSING], [1, 0, MISSING]])
    assert posteriors(ratings, usual(3)) == pytest.approx([0.95, 0.95, 0.5])
