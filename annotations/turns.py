"""In which order patches are asked about, so that few answers teach much. Pure NumPy.

While there are next to no answers: patches that are unlike each other and unlike what was asked
about, drawn as the first middles of k-means++ are (D. Arthur, S. Vassilvitskii, SODA 2007). Then
those about which the answers tell least, one by one: the smallest |mean| / sqrt(variance + noise)
of a Gaussian process (A. Kapoor, K. Grauman, R. Urtasun, T. Darrell, ICCV 2007). A variance does
not depend on what the answer will be, so it is brought up to date after each, and what is like a
patch that was just taken has to wait.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotations.gaussian import (
    NOISE,
    Features,
    Floats,
    Learnt,
    Mask,
    Rows,
    described,
    kernel,
    learnt,
    left,
    standardised,
)

# With fewer answers nothing is learnt yet.
FEW = 8
# So many changes of answers make the turns worth renewing.
RENEW_AFTER = 8
# Patches among which is chosen: by lot at first, then those of the least certain guesses.
CONSIDERED = 4096
# Of what was asked about and has no answer, so many count.
MOST_PENDING = 512


def portion(answered: int) -> int:
    """How many patches one person best has in hand, of so many that are answered: an answer tells
    which patch to ask about next, the more the fewer there are."""
    return max(8, answered // 4)


@dataclass(frozen=True)
class Asked:
    """What people were asked about.

    Attributes:
        answered: (k,) rows with an answer, each once.
        yes: (k,) the answers.
        pending: (p,) rows with none that teaches: in somebody's hands, or unsure.
    """

    answered: Rows
    yes: Mask
    pending: Rows


def turns(
    features: Features,
    asked: Asked,
    free: Mask,
    expected: NDArray[np.float32],
    *,
    most: int,
    seed: int = 0,
) -> Rows:
    """Which patches to ask about next.

    Args:
        features: (n, d), any units, row by row; a row with nan has no turn.
        asked: patches that nobody is to be asked about here.
        free: (n,) whether people can be asked about the patch at all.
        expected: (n,) of `guesses` with the same answers and seed.
        most: how many are wanted.
        seed: of all that is drawn by lot.

    Returns:
        (m,) rows, the first turn first; m is less than `most` where there are no more.
    """
    known = described(features)
    open_ = known & free
    open_[asked.answered] = False
    open_[asked.pending] = False
    rng = np.random.default_rng(seed)
    rows = rng.permutation(np.flatnonzero(open_))
    if not rows.size:
        return rows
    scaled = standardised(features, known)
    pending = rng.permutation(asked.pending[known[asked.pending]])[:MOST_PENDING]
    kept = known[asked.answered]
    answered, yes = asked.answered[kept], asked.yes[kept]
    if answered.size < FEW:
        rows = rows[:CONSIDERED]
        there = np.concatenate([answered, pending])
        return rows[_spread_out(scaled[rows], scaled[there], most, rng)]
    rows = rows[np.argsort(np.abs(expected[rows] - 0.5), kind="stable")[:CONSIDERED]]
    process = learnt(scaled[answered], yes, seed=seed)
    return rows[_one_by_one(process, scaled[rows], scaled[pending], most)]


def _spread_out(points: Features, there: Features, most: int, rng: np.random.Generator) -> Rows:
    """Places among the points, each drawn by its distance to what is there and what was drawn."""
    distance = np.ones(len(points))
    for start in range(0, len(there), 64):
        near = kernel(there[start : start + 64], points).max(axis=0)
        distance = np.minimum(distance, 1 - near)
    taken: list[int] = []
    for _ in range(min(most, len(points))):
        distance[taken] = 0
        total = distance.sum()
        if total <= 0:
            # The rest is like what was taken, to the last digit.
            left = np.setdiff1d(np.arange(len(points)), taken)
            return np.concatenate([taken, left])[:most].astype(np.int64)
        taken.append(int(rng.choice(len(points), p=distance / total)))
        distance = np.minimum(distance, 1 - kernel(points[taken[-1:]], points)[0])
    return np.array(taken, dtype=np.int64)


def _one_by_one(process: Learnt, points: Features, pending: Features, most: int) -> Rows:
    """Places among the points: the least certain, after what was taken before."""
    both = np.concatenate([points, pending])
    doubts = _Doubts(process, both)
    for place in range(len(points), len(both)):
        doubts.ask(place)
    taken: list[int] = []
    for _ in range(min(most, len(points))):
        certainty = doubts.certainty()[: len(points)]
        certainty[taken] = np.inf
        taken.append(int(certainty.argmin()))
        doubts.ask(taken[-1])
    return np.array(taken, dtype=np.int64)


class _Doubts:
    """Mean and variance of points, the variance as if some of them had been answered besides."""

    def __init__(self, process: Learnt, points: Features) -> None:
        self._points = points
        self._mean, self._explained = process.judged(points)
        self._variance = left(self._explained)
        self._asked: list[Floats] = []

    def certainty(self) -> Floats:
        """(n,) |mean| / sqrt(variance + noise)."""
        certainty: Floats = np.abs(self._mean) / np.sqrt(self._variance + NOISE)
        return certainty

    def ask(self, place: int) -> None:
        """One more step of the Cholesky factor of the answers' covariance."""
        covariance = kernel(self._points[place : place + 1], self._points)[0]
        covariance = covariance - self._explained[:, place] @ self._explained
        for row in self._asked:
            covariance -= row[place] * row
        row = covariance / np.sqrt(max(covariance[place], 0) + NOISE)
        self._asked.append(row)
        self._variance = np.maximum(self._variance - np.square(row), 0)
