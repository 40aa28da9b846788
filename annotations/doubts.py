"""Which answers there is reason to doubt: confident learning, and the word of others. Pure NumPy.

C. G. Northcutt, L. Jiang, I. L. Chuang, Confident learning: estimating uncertainty in dataset
labels, J. Artif. Intell. Res. 70 (2021) 1373-1411.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Booleans = NDArray[np.bool_]
# What is left of the distance from one half to 0 and 1.
_SQUEEZE = 0.998


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


def thresholds_apart(scores: Floats, yes: Booleans, no: Booleans) -> float:
    """Half of how much surer a model is of patches answered yes than of those answered no.

    A score is as good as one half in `doubts` where it is that much above one half.

    Args:
        scores: (n,), probability of yes, 0 to 1 or nan.
        yes, no: (n,), whether somebody gave that answer; both may hold.

    Returns:
        t_yes minus t_no over two, -0.5 to 0.5; 0 where only one answer was given.
    """
    apart = (_threshold(scores[yes]) - _threshold(1 - scores[no])) / 2
    return 0.0 if np.isnan(apart) else apart


def joint_doubts(
    scores: Floats, odds: Floats, yes: Booleans, no: Booleans, apart: float
) -> NDArray[np.float32]:
    """How likely some answer to a patch is wrong, by what people and a model say together.

    The model is one more voice: its score, from which the distance of the thresholds is taken as
    in `doubts`, as log odds. With one answer per patch and people alike, the order is that of
    `doubts`; where people differ, one of them is wrong, so they come before the merely unlikely.

    Args:
        scores: (n,), probability of yes, 0 to 1; nan where no model has looked: it says nothing.
        odds: (n,), log odds of yes by all answers to the patch, as in `annotations.crowd`.
        yes, no: (n,), whether somebody gave that answer.
        apart: as of `thresholds_apart`.

    Returns:
        (n,), 0 to 1; nan where nobody said yes or no, and where neither a model nor a second
        answer could raise a doubt.
    """
    # Squeezed, so that scores of 0 and 1 keep their order and finite odds.
    squeezed = 0.5 + (scores - 0.5 - apart) * (_SQUEEZE / (1 + 2 * abs(apart)))
    known = ~np.isnan(squeezed)
    total = odds + np.where(known, np.log(squeezed / (1 - squeezed)), 0)
    probable = 1 / (1 + np.exp(-total))
    doubt = np.maximum(np.where(yes, 1 - probable, 0), np.where(no, probable, 0))
    judged: NDArray[np.float32] = np.where((yes | no) & (known | (yes & no)), doubt, np.nan)
    return judged.astype(np.float32)


def _threshold(confidences: Floats) -> float:
    known = confidences[~np.isnan(confidences)]
    return float(known.mean()) if known.size else float("nan")
