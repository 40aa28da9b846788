"""How well annotators agree, and what their answers together say. Pure NumPy.

Answers are numbers of categories, 0 … K - 1; `MISSING` stands for no answer. An "unsure" is no
vote for either side and counts as missing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MISSING = -1
Ratings = NDArray[np.integer]
Floats = NDArray[np.float64]

# Stands in for a probability of 0, whose logarithm would end the sum.
_SMALLEST = 1e-300


def answer_counts(ratings: Ratings, categories: int) -> NDArray[np.int64]:
    """How many annotators chose each category.

    Args:
        ratings: (items, annotators), 0 … categories - 1 or MISSING.
        categories: K.

    Returns:
        (items, K).

    Raises:
        ValueError: a number that is no category, or not two-dimensional.
    """
    _check(ratings, categories)
    counts = [(ratings == category).sum(axis=1) for category in range(categories)]
    return np.stack(counts, axis=1).astype(np.int64)


def cohen_kappa(first: Ratings, second: Ratings) -> float:
    """Cohen's kappa of two annotators: (p_o - p_e) / (1 - p_e).

    J. Cohen, A coefficient of agreement for nominal scales, Educ. Psychol. Meas. 20 (1960) 37-46.

    Args:
        first, second: (items,) answers about the same items; items that either left out do not
            count.

    Returns:
        -1 to 1; nan where no item was answered by both, or both only ever gave one same answer.

    Raises:
        ValueError: of different lengths.
    """
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError("Both annotators need one answer per item.")
    both = (first != MISSING) & (second != MISSING)
    return table_kappa(_cross_table(first[both], second[both]))


def table_kappa(table: NDArray[np.integer]) -> float:
    """Cohen's kappa from counts: see `cohen_kappa`.

    Args:
        table: (K, K), items to which the first annotator said this and the second one that.

    Returns:
        -1 to 1; nan without items, or where both only ever gave one same answer.
    """
    items = int(table.sum())
    if items == 0:
        return float("nan")
    shares = table / items
    expected = float(shares.sum(axis=1) @ shares.sum(axis=0))
    return _above_chance(float(np.trace(shares)), expected)


def fleiss_kappa(counts: NDArray[np.integer], times: NDArray[np.integer] | None = None) -> float:
    """Fleiss' kappa of many annotators, the same number for each item.

    J. L. Fleiss, Measuring nominal scale agreement among many raters, Psychol. Bull. 76 (1971)
    378-382: the mean share of agreeing pairs per item, above that expected from the categories'
    shares.

    Args:
        counts: (items, K), how many annotators chose each category.
        times: (items,), how many items are like this one; 1 by default.

    Returns:
        Up to 1; nan without items, or where only one category was ever chosen.

    Raises:
        ValueError: items with different numbers of answers, or fewer than two.
    """
    if len(counts) == 0:
        return float("nan")
    answers = counts.sum(axis=1)
    each = int(answers[0])
    if each < 2 or (answers != each).any():
        raise ValueError("Fleiss' kappa needs the same number of answers, at least 2, per item.")
    pairs = (counts * (counts - 1)).sum(axis=1) / (each * (each - 1))
    weights = _weights(times, len(counts))
    shares = weights @ counts / (each * weights.sum())
    return _above_chance(float(weights @ pairs / weights.sum()), float(shares @ shares))


def krippendorff_alpha(ratings: Ratings, categories: int) -> float:
    """Krippendorff's alpha for nominal answers: 1 - D_o / D_e. Missing answers are allowed.

    K. Krippendorff, Computing Krippendorff's alpha-reliability (2011): from the coincidences of
    pairs of answers within an item, each item weighted by 1 / (its answers - 1).

    Args:
        ratings: (items, annotators), 0 … categories - 1 or MISSING.
        categories: K.

    Returns:
        Up to 1; nan where no item has two answers, or all answers are the same.

    Raises:
        ValueError: a number that is no category.
    """
    return counted_alpha(answer_counts(ratings, categories))


def counted_alpha(counts: NDArray[np.integer], times: NDArray[np.integer] | None = None) -> float:
    """Krippendorff's alpha from counts: see `krippendorff_alpha`.

    Args:
        counts: (items, K), how many annotators chose each category.
        times: (items,), how many items are like this one; 1 by default.

    Returns:
        Up to 1; nan where no item has two answers, or all answers are the same.
    """
    answers = counts.sum(axis=1)
    shared = answers >= 2
    weights = _weights(times, len(counts))[shared]
    counts, answers = counts[shared].astype(np.float64), answers[shared]
    agreeing = float((weights / (answers - 1) * (counts * (counts - 1)).sum(axis=1)).sum())
    totals, all_ = weights @ counts, float(weights @ answers)
    by_chance = float((totals * (totals - 1)).sum())
    if by_chance == all_ * (all_ - 1):  # one category alone, or no answers at all
        return float("nan")
    return 1 - (all_ - agreeing) * (all_ - 1) / (all_ * (all_ - 1) - by_chance)


@dataclass(frozen=True)
class DawidSkene:
    """What `dawid_skene` found.

    Attributes:
        posteriors: (items, K), probability of each category; the prevalence where nobody answered.
        confusion: (annotators, K, K), [a, j, l] the probability that annotator a says l where j
            is true.
        prevalence: (K,), share of each category.
        log_likelihood: of all answers.
        iterations: rounds of the EM algorithm.
    """

    posteriors: Floats
    confusion: Floats
    prevalence: Floats
    log_likelihood: float
    iterations: int

    @property
    def reliability(self) -> Floats:
        """(annotators,): the probability of a right answer, over the categories' shares."""
        right: Floats = np.einsum("ajj,j->a", self.confusion, self.prevalence)
        return right


def dawid_skene(
    counts: NDArray[np.integer],
    *,
    times: NDArray[np.integer] | None = None,
    smoothing: float = 0.0,
    tolerance: float = 1e-9,
    most: int = 1000,
) -> DawidSkene:
    """Truth and error rates at once, by expectation and maximisation.

    A. P. Dawid and A. M. Skene, Maximum likelihood estimation of observer error-rates using the EM
    algorithm, Appl. Statist. 28 (1979) 20-28, equations 2.3 to 2.5; begun, as there, from each
    item's shares of answers.

    Args:
        counts: (items, annotators, K), how often an annotator gave an item each category.
        times: (items,), how many items are like this one; 1 by default.
        smoothing: imagined answers of each kind added to every cell of the confusion matrices and
            to the prevalence; 0 is the paper's maximum likelihood. With few answers per person
            1 keeps one mistake from counting as a habit.
        tolerance: stop when no posterior moved further.
        most: rounds.

    Raises:
        ValueError: not three-dimensional, nobody answered anything, negative smoothing, or no
            round allowed.
    """
    if counts.ndim != 3 or counts.sum() == 0:
        raise ValueError("Counts are (items, annotators, categories), with at least one answer.")
    if smoothing < 0 or most < 1:
        raise ValueError("Smoothing is at least 0, and at least one round is needed.")
    votes, weights = counts.astype(np.float64), _weights(times, len(counts))
    posteriors = _shares(votes.sum(axis=1))
    iterations, moved = 0, np.inf
    while moved > tolerance and iterations < most:
        prevalence, confusion = _maximise(votes, posteriors * weights[:, None], smoothing)
        updated, logs = _expect(votes, prevalence, confusion)
        moved = float(np.abs(updated - posteriors).max())
        posteriors, iterations = updated, iterations + 1
    return DawidSkene(posteriors, confusion, prevalence, float(weights @ logs), iterations)


def vote_counts(ratings: Ratings, categories: int) -> NDArray[np.int64]:
    """(items, annotators, K) counts of 0 and 1 from one answer per item and annotator.

    Args:
        ratings: (items, annotators), 0 … categories - 1 or MISSING.

    Raises:
        ValueError: a number that is no category.
    """
    _check(ratings, categories)
    votes: NDArray[np.int64] = (ratings[:, :, None] == np.arange(categories)).astype(np.int64)
    return votes


def _maximise(votes: Floats, posteriors: Floats, smoothing: float) -> tuple[Floats, Floats]:
    """Equations 2.3 and 2.4: error rates and prevalence, given what is true."""
    answered = votes.sum(axis=(1, 2)) > 0
    expected = np.tensordot(posteriors, votes, axes=(0, 0)).transpose(1, 0, 2) + smoothing
    confusion = _shares(expected)
    prevalence = _shares(posteriors[answered].sum(axis=0) + smoothing)
    return prevalence, confusion


def _expect(votes: Floats, prevalence: Floats, confusion: Floats) -> tuple[Floats, Floats]:
    """Equation 2.5: what is true, given error rates and prevalence; and each item's logarithm of
    the likelihood."""
    logs = np.log(np.maximum(confusion, _SMALLEST))
    joint = np.tensordot(votes, logs, axes=((1, 2), (0, 2)))
    joint += np.log(np.maximum(prevalence, _SMALLEST))
    highest = joint.max(axis=1, keepdims=True)
    weights = np.exp(joint - highest)
    totals = weights.sum(axis=1, keepdims=True)
    return weights / totals, (np.log(totals) + highest)[:, 0]


def _shares(values: Floats) -> Floats:
    """Along the last axis to a sum of 1; evenly where there is nothing."""
    totals = values.sum(axis=-1, keepdims=True)
    even = np.full_like(values, 1 / values.shape[-1])
    shares: Floats = np.divide(values, totals, out=even, where=totals > 0)
    return shares


def _weights(times: NDArray[np.integer] | None, items: int) -> Floats:
    return np.ones(items) if times is None else times.astype(np.float64)


def _cross_table(first: Ratings, second: Ratings) -> NDArray[np.int64]:
    """(K, K) counts of items by what both annotators said."""
    categories = int(max(first.max(initial=0), second.max(initial=0))) + 1
    cells = first.astype(np.int64) * categories + second
    return np.bincount(cells, minlength=categories**2).reshape(categories, categories)


def _above_chance(observed: float, expected: float) -> float:
    if expected >= 1:
        return float("nan")
    return (observed - expected) / (1 - expected)


def _check(ratings: Ratings, categories: int) -> None:
    if ratings.ndim != 2:
        raise ValueError("Ratings are (items, annotators).")
    if ratings.size and (ratings.min() < MISSING or ratings.max() >= categories):
        raise ValueError(f"Answers are 0 to {categories - 1}, or {MISSING} for none.")
