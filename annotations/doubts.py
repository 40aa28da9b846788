"""Which answers a model has reason to doubt: confident learning. Pure NumPy.

C. G. Northcutt, L. Jiang, I. L. Chuang, Confident learning: estimating uncertainty in dataset
labels, J. Artif. Intell. Res. 70 (2021) 1373-1411.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Booleans = NDArray[np.bool_]


def doubts(scores: Floats, answers: Booleans) -> NDArray[np.float64]:
    """How much more a model believes the other answer than the one given.

    A model that is cautious about one answer must not make all of them suspects. So each side's
    probability is measured from the mean that the model gives patches of that answer, the paper's
    threshold t_j: doubt = (p_other - t_other) - (p_given - t_given).

    Args:
        scores: (n,), a model's probability of yes, 0 to 1; best from a model that has not seen
            the answer.
        answers: (n,), True for yes.

    Returns:
        (n,), -2 to 2; above 0 the other answer is the likelier one. nan where the score is nan.
        Where only one answer was ever given, its threshold stands for both sides.

    Raises:
        ValueError: of different lengths, or a score outside 0 to 1.
    """
    if scores.shape != answers.shape or scores.ndim != 1:
        raise ValueError("There must be one score for each answer.")
    given = np.where(answers, scores, 1 - scores).astype(np.float64)
    if ((given < 0) | (given > 1)).any():
        raise ValueError("Scores are probabilities, 0 to 1.")
    yes, no = _threshold(given[answers]), _threshold(given[~answers])
    yes, no = (no if np.isnan(yes) else yes), (yes if np.isnan(no) else no)
    own = np.where(answers, yes, no)
    other = np.where(answers, no, yes)
    return (1 - given - other) - (given - own)


def _threshold(confidences: Floats) -> float:
    known = confidences[~np.isnan(confidences)]
    return float(known.mean()) if known.size else float("nan")
