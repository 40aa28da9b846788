"""Figures on patches: F1, area under the ROC curve, calibration error."""

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

Array = npt.NDArray[np.floating]
# Answers of a kind that count as much as the wish for a cut in the middle.
_ENOUGH = 10


def f1(yes: npt.NDArray[np.bool_], truth: npt.NDArray[np.bool_]) -> float:
    """2 TP / (2 TP + FP + FN); nan when nothing is there and nothing was said."""
    hits, said, there = int((yes & truth).sum()), int(yes.sum()), int(truth.sum())
    return 2 * hits / (said + there) if said + there else float("nan")


def area_under_curve(scores: Array, truth: npt.NDArray[np.bool_]) -> float:
    """Probability that a "yes" scores above a "no" (ties count half); nan with one class only."""
    positives, negatives = int(truth.sum()), int((~truth).sum())
    if not positives or not negatives:
        return float("nan")
    ranks = rankdata(scores)[truth].sum()
    return float((ranks - positives * (positives + 1) / 2) / (positives * negatives))


def calibration_error(scores: Array, truth: npt.NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error: mean gap between score and frequency over equal-width bins."""
    which = np.minimum((scores * bins).astype(int), bins - 1)
    gaps = [
        abs(scores[which == b].mean() - truth[which == b].mean()) * (which == b).sum()
        for b in range(bins)
        if (which == b).any()
    ]
    return float(sum(gaps) / len(scores)) if len(scores) else float("nan")


def best_cut(scores: Array, truth: npt.NDArray[np.bool_]) -> float:
    """The score from which calling "yes" gives the highest F1: midway between neighbouring scores.

    Ties go to the cut nearest 0.5; 0.5 when only one class is given.
    """
    if truth.all() or not truth.any():
        return 0.5
    values = np.unique(scores)
    cuts = np.append((values[:-1] + values[1:]) / 2, [values[0], 0.5])
    order = np.argsort(scores)
    hits_below = np.concatenate([[0], np.cumsum(truth[order])])
    position = np.searchsorted(scores[order], cuts)
    hits = truth.sum() - hits_below[position]
    figures = 2 * hits / (len(scores) - position + truth.sum())
    top = np.flatnonzero(figures >= figures.max() - 1e-12)
    return float(cuts[top[np.argmin(np.abs(cuts[top] - 0.5))]])


def careful_cut(scores: Array, truth: npt.NDArray[np.bool_]) -> float:
    """`best_cut`, drawn towards 0.5 by as much as few answers of either kind may mislead it.

    Its log odds are multiplied by n / (n + 10), n of the rarer answer. Where two "yes" choose a
    cut, one of them alone can put it anywhere; two hundred are hardly outweighed.
    """
    rarer = min(int(truth.sum()), int((~truth).sum()))
    if not rarer:
        return 0.5
    cut = np.clip(best_cut(scores, truth), 1e-6, 1 - 1e-6)
    odds = np.log(cut / (1 - cut)) * rarer / (rarer + _ENOUGH)
    return float(1 / (1 + np.exp(-odds)))
