"""A Gaussian process between answered patches and others. Pure NumPy.

C. E. Rasmussen, C. K. I. Williams, Gaussian processes for machine learning, 2006, algorithm 2.1.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Features = NDArray[np.float32]
Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]

# Variance of an answer around what the pixels say.
NOISE = 0.1
# The time grows with the cube of the answers: more than these are drawn by lot.
MOST_ANSWERS = 600


@dataclass(frozen=True)
class Learnt:
    """What answers tell of all patches.

    Attributes:
        points: (k, d) of the answered patches.
        weights: (k,)
        whitening: (k, k) the inverse of the Cholesky factor of the answers' covariance.
    """

    points: Features
    weights: Floats
    whitening: Floats

    def judged(self, others: Features) -> tuple[Floats, Floats]:
        """(m,) mean, -1 for no to 1 for yes, and (k, m) of which the squares are the variance that
        the answers explain, out of 1."""
        near = kernel(self.points, others)
        return self.weights @ near, self.whitening @ near


def left(explained: Floats) -> Floats:
    """(m,) the variance that answers leave, of what `Learnt.judged` says that they explain."""
    variance: Floats = np.maximum(1 - np.square(explained).sum(axis=0), 0)
    return variance


def learnt(points: Features, yes: Mask, *, seed: int) -> Learnt:
    """From (k, d) standardised features of answered patches, and (k,) the answers.

    `seed`: of the lot that is drawn among more than `MOST_ANSWERS`.
    """
    chosen = _drawn(yes, seed)
    points, yes = points[chosen], yes[chosen]
    covariance = kernel(points, points) + np.diag(_noise(yes))
    whitening = np.linalg.inv(np.linalg.cholesky(covariance))
    weights = whitening.T @ (whitening @ np.where(yes, 1.0, -1.0))
    return Learnt(points, weights, whitening)


def _noise(yes: Mask) -> Floats:
    """(k,) more for the commoner answer, so that the rarer one is not outvoted."""
    share = max(1, int(yes.sum())), max(1, int((~yes).sum()))
    often = np.where(yes, share[0] / share[1], share[1] / share[0])
    noise: Floats = NOISE * np.sqrt(np.maximum(1, often))
    return noise


def kernel(a: Features, b: Features) -> Floats:
    """(n, m) exp(-|a - b|^2 / 2 d): alike within one standard deviation of each feature."""
    squares = np.square(a).sum(axis=1)[:, None] + np.square(b).sum(axis=1) - 2 * (a @ b.T)
    near: Floats = np.exp(-np.maximum(squares.astype(np.float64), 0) / (2 * a.shape[1]))
    return near


def described(features: Features) -> Mask:
    """(n,) which rows have no nan."""
    return np.asarray(np.isfinite(features).all(axis=1))


def standardised(features: Features, known: Mask) -> Features:
    """(n, d) in units of the spread of the known rows, around their mean."""
    mean, spread = features[known].mean(axis=0), features[known].std(axis=0)
    scaled: Features = ((features - mean) / np.maximum(spread, 1e-6)).astype(np.float32)
    return scaled


def _drawn(yes: Mask, seed: int) -> Rows:
    """Which answers are learnt from: of more than `MOST_ANSWERS` all of the rarer side as far as
    half of the places go, and others by lot."""
    if yes.size <= MOST_ANSWERS:
        return np.arange(yes.size)
    rng = np.random.default_rng(seed)
    sides = [rng.permutation(np.flatnonzero(side)) for side in (yes, ~yes)]
    rarer, other = sorted(sides, key=len)
    rarer = rarer[: MOST_ANSWERS // 2]
    return np.concatenate([rarer, other[: MOST_ANSWERS - rarer.size]])
