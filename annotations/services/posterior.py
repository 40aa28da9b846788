"""The rule "posterior": how probable yes is, from who said what."""

from collections.abc import Iterator

import numpy as np

from annotations.agreement import MISSING
from annotations.crowd import is_sure, posteriors, reliabilities, usual
from annotations.models import Dataset, Structure
from annotations.services.ratings import ratings_of
from annotations.services.sheets import read_sheet


def posterior_answers(
    dataset: Dataset, structure: Structure, least: float
) -> Iterator[tuple[tuple[int, int, int], bool]]:
    """((image, row, column), present) of each patch where yes or no is at least that probable."""
    sheet = read_sheet(dataset=dataset, structure=structure)
    answered = np.flatnonzero(sheet.counts())
    people = sorted(sheet.codes)
    ratings = ratings_of(sheet, people, answered)
    known = reliabilities(ratings) or usual(len(people))
    probability = posteriors(ratings, known)
    heard = (ratings != MISSING).any(axis=1)
    sure = heard & is_sure(probability, least)
    patches = sheet.layout.patches(answered[sure])
    yield from zip(patches, (probability[sure] > 0.5).tolist(), strict=True)
