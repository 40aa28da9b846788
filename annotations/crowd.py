"""How sure the answers to a patch make us, from what is known of those who gave them. Pure NumPy.

Yes is 1 and no is 0, as in a posterior of "yes"; agreement.MISSING stands for no answer and for
unsure.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotations.agreement import MISSING, Ratings, dawid_skene, vote_counts

Floats = NDArray[np.float64]

# Patches that two people or more answered, before anything is concluded from them.
ENOUGH = 50
# More of them change little and cost time.
MOST = 20_000
# Where too few patches have two answers to tell people apart, everybody is right so often.
USUAL = 0.95


@dataclass(frozen=True)
class Reliabilities:
    """What an answer of each person weighs, in natural logarithms.

    Attributes:
        prior: log odds of yes before anybody answered.
        yes, no: (annotators,) what is added to the log odds by a yes, and by a no.
        right: (annotators,) probability of a right answer.
    """

    prior: float
    yes: Floats
    no: Floats
    right: Floats


def reliabilities(ratings: Ratings, *, seed: int = 0) -> Reliabilities | None:
    """Learn from patches that several people answered how much each person's answers tell.

    Dawid and Skene's model (`agreement.dawid_skene`) with one imagined answer of each kind, so
    that somebody nobody overlaps with tells nothing yet.

    Args:
        ratings: (items, annotators), 1, 0 or MISSING.
        seed: of the choice among more than MOST items.

    Returns:
        None while fewer than ENOUGH items have two answers.
    """
    shared = np.flatnonzero((ratings != MISSING).sum(axis=1) >= 2)
    if len(shared) < ENOUGH:
        return None
    # Many are answered alike: one stands for all of them.
    kinds, times = np.unique(ratings[some_of(shared, seed=seed)], axis=0, return_counts=True)
    votes = vote_counts(kinds, 2)
    found = dawid_skene(votes, times=times, smoothing=1, tolerance=1e-4, most=200)
    logs = np.log(found.confusion)
    prior = float(np.log(found.prevalence[1]) - np.log(found.prevalence[0]))
    return Reliabilities(
        prior=prior,
        yes=logs[:, 1, 1] - logs[:, 0, 1],
        no=logs[:, 1, 0] - logs[:, 0, 0],
        right=found.reliability,
    )


def some_of(shared: NDArray[np.int64], *, seed: int = 0) -> NDArray[np.int64]:
    """As many of the items with two answers as `reliabilities` learns from.

    Args:
        shared: (n,) their numbers, ascending.

    Returns:
        (at most MOST,).
    """
    if len(shared) <= MOST:
        return shared
    return np.random.default_rng(seed).choice(shared, MOST, replace=False)


def posteriors(ratings: Ratings, known: Reliabilities) -> Floats:
    """Probability of yes for each item, equation 2.5 of Dawid and Skene.

    Args:
        ratings: (items, annotators), 1, 0 or MISSING.
        known: of the same annotators.

    Returns:
        (items,); the prevalence where nobody answered.
    """
    odds = known.prior + (ratings == 1) @ known.yes + (ratings == 0) @ known.no
    probability: Floats = 1 / (1 + np.exp(-np.clip(odds, -700, 700)))
    return probability


def is_sure(probability: Floats, least: float) -> NDArray[np.bool_]:
    """Whether yes or no is at least that probable.

    Args:
        probability: of yes, 0 to 1.
        least: 0.5 to 1.
    """
    sure: NDArray[np.bool_] = np.maximum(probability, 1 - probability) >= least
    return sure


def usual(people: int) -> Reliabilities:
    """Everybody alike, and yes as probable as no: while nobody can be told apart.

    Args:
        people: how many.
    """
    weight = np.full(people, np.log(USUAL / (1 - USUAL)))
    return Reliabilities(prior=0.0, yes=weight, no=-weight, right=np.full(people, USUAL))
