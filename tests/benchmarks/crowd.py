"""A simulated crowd: does asking again only where it is doubtful save answers? JSON lines.

    python -m tests.benchmarks.crowd

Twelve people answer about 4,000 patches, 30 % of them yes; each person errs at a rate of their own,
drawn from 2 to 25 % for yes and for no apart, and one answers by lot. Fixed: every patch is asked
of k people, and decided by Dawid and Skene. Adaptive: up to nine people, one after the other, each
only while the posterior of the answers so far is below a level. Both by the code that the site
uses. For each k, the level with the fewest answers that is no less accurate is compared.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotations.agreement import MISSING
from annotations.crowd import is_sure, posteriors, reliabilities, usual

PATCHES, PEOPLE, YES, MOST = 4000, 12, 0.3, 9
LEVELS = (0.8, 0.84, 0.86, 0.88, 0.89, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995)
# Answers between two looks at how reliable people are, as patches.
ROUND = 200

Ratings = NDArray[np.int8]


@dataclass(frozen=True)
class Crowd:
    """What is true, what everybody would say, and in which order people are asked."""

    truth: NDArray[np.bool_]
    said: Ratings
    order: NDArray[np.int64]


@dataclass(frozen=True)
class Outcome:
    answers: float
    accuracy: float


def crowd(seed: int) -> Crowd:
    rng = np.random.default_rng(seed)
    truth = rng.random(PATCHES) < YES
    errors = rng.uniform(0.02, 0.25, size=(PEOPLE, 2))
    errors[-1] = 0.5
    wrong = rng.random((PATCHES, PEOPLE)) < errors[:, truth.astype(int)].T
    order = rng.permuted(np.tile(np.arange(PEOPLE), (PATCHES, 1)), axis=1)
    return Crowd(truth, (truth[:, None] ^ wrong).astype(np.int8), order)


def fixed(one: Crowd, k: int) -> Outcome:
    """Every patch is asked of k people."""
    ratings = np.full_like(one.said, MISSING)
    for turn in range(k):
        _ask(one, ratings, np.arange(PATCHES), turn)
    return _outcome(one, ratings)


def adaptive(one: Crowd, level: float) -> Outcome:
    """A first answer for every patch, in rounds; then another only while it is doubtful.

    The first round is asked of three people, to learn how reliable they are.
    """
    ratings = np.full_like(one.said, MISSING)
    for start in range(0, PATCHES, ROUND):
        patches = np.arange(start, start + ROUND)
        for turn in range(MOST):
            if turn >= (3 if start == 0 else 1):
                patches = patches[~_sure(ratings, patches, level)]
            if not len(patches):
                break
            _ask(one, ratings, patches, turn)
    return _outcome(one, ratings)


def _ask(one: Crowd, ratings: Ratings, patches: NDArray[np.int64], turn: int) -> None:
    person = one.order[patches, turn]
    ratings[patches, person] = one.said[patches, person]


def _sure(ratings: Ratings, patches: NDArray[np.int64], level: float) -> NDArray[np.bool_]:
    known = reliabilities(ratings)
    if known is None:
        return np.zeros(len(patches), dtype=np.bool_)
    return is_sure(posteriors(ratings[patches], known), level)


def _outcome(one: Crowd, ratings: Ratings) -> Outcome:
    known = reliabilities(ratings) or usual(PEOPLE)
    right = (posteriors(ratings, known) > 0.5) == one.truth
    return Outcome(float((ratings != MISSING).sum()) / PATCHES, float(right.mean()))


def compared(crowds: Sequence[Crowd], k: int, curve: dict[float, Outcome]) -> dict[str, Any]:
    """Fixed k against the cheapest level that is at least as accurate, over all crowds."""
    plain = _mean([fixed(one, k) for one in crowds])
    enough = [
        (outcome.answers, level)
        for level, outcome in curve.items()
        if outcome.accuracy >= plain.accuracy
    ]
    if not enough:
        return {"k": k, "accuracy": round(plain.accuracy, 4), "saved": None}
    answers, level = min(enough)
    return {
        "k": k,
        "accuracy": round(plain.accuracy, 4),
        "adaptive_accuracy": round(curve[level].accuracy, 4),
        "level": level,
        "answers": round(plain.answers, 3),
        "adaptive_answers": round(answers, 3),
        "saved": round(1 - answers / plain.answers, 4),
    }


def _mean(outcomes: Sequence[Outcome]) -> Outcome:
    answers = float(np.mean([outcome.answers for outcome in outcomes]))
    return Outcome(answers, float(np.mean([outcome.accuracy for outcome in outcomes])))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--crowds", type=int, default=5)
    crowds = [crowd(seed) for seed in range(parser.parse_args().crowds)]
    curve = {level: _mean([adaptive(one, level) for one in crowds]) for level in LEVELS}
    for k in (3, 5, 7):
        found = compared(crowds, k, curve)
        print(json.dumps({"metric": "answers_saved", "value": found.pop("saved"), **found}))


if __name__ == "__main__":
    main()
