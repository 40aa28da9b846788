"""What to expect of patches, and how surely, from a handful of answers: a Gaussian process.

It is cheap enough to be renewed while people answer, and unlike a network it knows what it has
never seen: far from every answer its expectation is one half. Pure NumPy.

A. Kapoor, K. Grauman, R. Urtasun, T. Darrell, Active learning with Gaussian processes for object
categorization, ICCV 2007: the smallest |mean| / sqrt(variance + noise) is asked about first.
C. E. Rasmussen, C. K. I. Williams, Gaussian processes for machine learning, 2006, algorithm 2.1.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Features = NDArray[np.float32]
Floats = NDArray[np.float64]

# Variance of an answer around what the pixels say.
NOISE = 0.1
# The time grows with the cube of the answers: more than these are drawn by lot.
MOST_ANSWERS = 600
# Patches whose expectations are computed at a time.
_CHUNK = 4096


def guesses(
    features: Features, answered: NDArray[np.int64], yes: NDArray[np.bool_], *, seed: int = 0
) -> NDArray[np.float32]:
    """Probability of "yes" for every patch; the nearer to one half, the less certain.

    Args:
        features: (n, d), any units, row by row; a row with nan has no guess.
        answered: (k,) rows that were answered, each once.
        yes: (k,) the answers.
        seed: of the lot that is drawn among more than `MOST_ANSWERS` answers: all of the rarer
            side as far as half of the places go.

    Returns:
        (n,) 0 to 1, one half far from every answer; nan everywhere where there is no answer.

    Raises:
        ValueError: answers of another number than their rows.
    """
    if answered.shape != yes.shape:
        raise ValueError("There must be one answer for each row.")
    found = np.full(len(features), np.nan, dtype=np.float32)
    known = np.asarray(np.isfinite(features).all(axis=1))
    kept = known[answered]
    answered, yes = answered[kept], yes[kept]
    if not answered.size:
        return found
    chosen = _drawn(yes, np.random.default_rng(seed))
    scaled = _standardised(features, known)
    learnt = _learnt(scaled[answered[chosen]], yes[chosen])
    rows = np.flatnonzero(known)
    for start in range(0, rows.size, _CHUNK):
        part = rows[start : start + _CHUNK]
        found[part] = learnt.probability(scaled[part])
    return found


@dataclass(frozen=True)
class _Learnt:
    """`whitening` (k, k): the inverse of the Cholesky factor of the answers' covariance."""

    points: Features
    weights: Floats
    whitening: Floats

    def probability(self, others: Features) -> Floats:
        """(m,) the probit of mean / sqrt(1 + variance), by the logistic that is nearest to it."""
        near = _kernel(self.points, others)
        mean = self.weights @ near
        explained = np.square(self.whitening @ near).sum(axis=0)
        deviation = np.sqrt(np.maximum(1 - explained, 0) + NOISE)
        probability: Floats = 1 / (1 + np.exp(-1.702 * mean / deviation))
        return probability


def _learnt(points: Features, yes: NDArray[np.bool_]) -> _Learnt:
    covariance = _kernel(points, points) + np.diag(_noise(yes))
    whitening = np.linalg.inv(np.linalg.cholesky(covariance))
    weights = whitening.T @ (whitening @ np.where(yes, 1.0, -1.0))
    return _Learnt(points, weights, whitening)


def _noise(yes: NDArray[np.bool_]) -> Floats:
    """(k,) more for the commoner answer, so that the rarer one is not outvoted."""
    share = max(1, int(yes.sum())), max(1, int((~yes).sum()))
    often = np.where(yes, share[0] / share[1], share[1] / share[0])
    noise: Floats = NOISE * np.sqrt(np.maximum(1, often))
    return noise


def _kernel(a: Features, b: Features) -> Floats:
    """(n, m) exp(-|a - b|^2 / 2 d): alike within one standard deviation of each feature."""
    squares = np.square(a).sum(axis=1)[:, None] + np.square(b).sum(axis=1) - 2 * (a @ b.T)
    near: Floats = np.exp(-np.maximum(squares.astype(np.float64), 0) / (2 * a.shape[1]))
    return near


def _standardised(features: Features, known: NDArray[np.bool_]) -> Features:
    mean, spread = features[known].mean(axis=0), features[known].std(axis=0)
    scaled: Features = ((features - mean) / np.maximum(spread, 1e-6)).astype(np.float32)
    return scaled


def _drawn(yes: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.int64]:
    """Which answers are learnt from."""
    if yes.size <= MOST_ANSWERS:
        return np.arange(yes.size)
    sides = [rng.permutation(np.flatnonzero(side)) for side in (yes, ~yes)]
    rarer, other = sorted(sides, key=len)
    rarer = rarer[: MOST_ANSWERS // 2]
    return np.concatenate([rarer, other[: MOST_ANSWERS - rarer.size]])
