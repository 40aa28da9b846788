"""What to expect of patches, and how surely, from a handful of answers: a Gaussian process.

It is cheap enough to be renewed while people answer, and unlike a network it knows what it has
never seen: far from every answer its expectation is one half. Pure NumPy.
"""

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
    learnt,
    left,
    standardised,
)

# Patches whose expectations are computed at a time.
_CHUNK = 4096


def guesses(features: Features, answered: Rows, yes: Mask, *, seed: int = 0) -> NDArray[np.float32]:
    """Probability of "yes" for every patch; the nearer to one half, the less certain.

    Args:
        features: (n, d), any units, row by row; a row with nan has no guess.
        answered: (k,) rows that were answered, each once.
        yes: (k,) the answers.
        seed: of the lot that is drawn among more than `MOST_ANSWERS` answers.

    Returns:
        (n,) 0 to 1, one half far from every answer; nan everywhere where there is no answer.

    Raises:
        ValueError: answers of another number than their rows.
    """
    if answered.shape != yes.shape:
        raise ValueError("There must be one answer for each row.")
    found = np.full(len(features), np.nan, dtype=np.float32)
    known = described(features)
    kept = known[answered]
    answered, yes = answered[kept], yes[kept]
    if not answered.size:
        return found
    scaled = standardised(features, known)
    process = learnt(scaled[answered], yes, seed=seed)
    rows = np.flatnonzero(known)
    for start in range(0, rows.size, _CHUNK):
        part = rows[start : start + _CHUNK]
        found[part] = _probability(process, scaled[part])
    return found


def _probability(process: Learnt, others: Features) -> Floats:
    """(m,) the probit of mean / sqrt(1 + variance), by the logistic that is nearest to it."""
    mean, explained = process.judged(others)
    probability: Floats = 1 / (1 + np.exp(-1.702 * mean / np.sqrt(left(explained) + NOISE)))
    return probability
