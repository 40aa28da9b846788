"""What is kept of answers, after images arrived: only what is said about these is read."""

from collections.abc import Mapping

import numpy as np

from annotations.models import Dataset
from annotations.services.answer_times import Diaries, read_diaries
from annotations.services.carried import carried
from annotations.services.sheets import Layout, read_sheets
from annotations.services.tally import Stamp, Tally

# Answers to more than these are read with all others.
MOST_IMAGES = 500


def with_arrived(
    *, dataset: Dataset, tallies: Mapping[int, Tally], layout: Layout, stamp: Stamp
) -> dict[int, Tally]:
    """Copies of tallies, by structure, for a layout that has more images; none for too many.

    A tally is left out if the layout lacks some of its patches. At most two queries.
    """
    before = {one: tally for one, tally in tallies.items() if layout.extends(tally.layout)}
    known = [set(tally.layout.images.tolist()) for tally in before.values()]
    new = set(layout.images.tolist()).difference(set.intersection(*known)) if known else set()
    if len(new) > MOST_IMAGES:
        return {}
    # Before the answers are read: what is said meanwhile is then read from the history.
    found = {one: tally.moved(layout, stamp) for one, tally in before.items()}
    if new:
        _arrive(dataset, found, before, sorted(new))
    return found


def _arrive(
    dataset: Dataset, found: Mapping[int, Tally], before: Mapping[int, Tally], images: list[int]
) -> None:
    layout = next(iter(found.values())).layout
    sheets = read_sheets(dataset=dataset, structures=list(found), layout=layout, images=images)
    timed = [one for one, tally in found.items() if tally.diaries is not None]
    diaries: Mapping[int, Diaries] = {}
    if timed:
        diaries = read_diaries(dataset=dataset, structures=timed, layout=layout, images=images)
    for one, tally in found.items():
        old = before[one].layout
        came = carried(np.zeros(old.size, dtype=np.bool_), old, layout, missing=True)
        tally.arrive(sheets[one], diaries.get(one), came)
