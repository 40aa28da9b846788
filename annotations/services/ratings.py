"""Answers in the form that annotations.agreement reads."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from annotations.agreement import MISSING
from annotations.services.sheets import CODES, Positions, Sheet

# By code: nobody answered, yes, no, unsure.
_RATINGS = np.array([MISSING, 1, 0, MISSING], dtype=np.int8)
YES, NO, UNSURE = CODES["yes"], CODES["no"], CODES["unsure"]


def ratings_of(sheet: Sheet, people: Sequence[int], positions: Positions) -> NDArray[np.int8]:
    """(positions, people): 1 yes, 0 no, MISSING where somebody was unsure or did not answer."""
    ratings = np.full((len(positions), len(people)), MISSING, dtype=np.int8)
    for column, person in enumerate(people):
        ratings[:, column] = _RATINGS[sheet.of(person)[positions]]
    return ratings


def differing(sheet: Sheet) -> NDArray[np.bool_]:
    """(patches,) whether somebody says yes where another says no."""
    yes, no = np.zeros((2, sheet.layout.size), dtype=np.bool_)
    for codes in sheet.codes.values():
        yes |= codes == YES
        no |= codes == NO
    return yes & no
