"""Patches that nobody answered teach too, each with what the answers let expect of it.

A network that starts from a few dozen answers learns little of what patches look like; a Gaussian
process on a few numbers per patch (`annotations.guesses`) learns most of what those answers tell.
So the process is the teacher, and the network its pupil on many more patches: pseudo-labels
(D.-H. Lee, 2013) of another kind of learner, as in co-training (A. Blum, T. Mitchell, 1998), whose
mistakes are not the network's own.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from annotations.guesses import guesses
from inference.micranet.data import Floats, TrainingData

# Answered and guessed patches together: with so many answers no guess adds anything.
TOGETHER = 1000


def room_for_guesses(answered: int) -> int:
    """How many patches may be guessed beside so many that are answered and train."""
    return max(0, TOGETHER - answered)


def with_guesses(
    data: TrainingData,
    features: npt.NDArray[np.float32],
    *,
    others: Floats,
    other_features: npt.NDArray[np.float32],
) -> TrainingData:
    """Add patches that nobody answered to those that train.

    What is expected of them is learnt from the training part alone, so that the validation part
    still measures. An expectation g counts with the weight |2 g - 1|: one half, far from every
    answer, teaches nothing.

    Args:
        features: float32 (N, F) of the answered patches; rows with nan are passed over.
        others: (M, C, P, P), prepared as ``data.patches`` are.
        other_features: float32 (M, F).

    Returns:
        ``data`` with up to M more patches: without those of which nothing can be expected.
    """
    if not len(others):
        return data
    columns = [
        _expected(column, ~data.validation, features, other_features) for column in data.labels.T
    ]
    labels = np.stack(columns, axis=1)
    kept = ~np.isnan(labels).all(axis=1)
    return _joined(data, np.asarray(others)[kept], labels[kept])


def _expected(
    answers: Floats,
    teaching: npt.NDArray[np.bool_],
    features: npt.NDArray[np.float32],
    others: npt.NDArray[np.float32],
) -> npt.NDArray[np.float32]:
    """(M,) of one structure; nan where the answers are of one kind, or there is no feature."""
    chosen = np.flatnonzero(teaching & ~np.isnan(answers))
    yes = answers[chosen] > 0.5
    if len(np.unique(yes)) < 2:
        return np.full(len(others), np.nan, dtype=np.float32)
    return guesses(np.concatenate([features, others]), chosen, yes)[len(features) :]


def _joined(data: TrainingData, patches: Floats, labels: npt.NDArray[np.float32]) -> TrainingData:
    weights = np.ones_like(data.labels) if data.weights is None else data.weights
    certain = np.abs(2 * np.nan_to_num(labels, nan=0.5) - 1)
    return replace(
        data,
        patches=np.concatenate([data.patches, patches.astype(data.patches.dtype)]),
        labels=np.concatenate([data.labels, labels]).astype(np.float32),
        weights=np.concatenate([weights, certain]).astype(np.float32),
        validation=np.concatenate([data.validation, np.zeros(len(labels), dtype=bool)]),
        guessed=np.concatenate([~data.by_people, np.ones(len(labels), dtype=bool)]),
    )
