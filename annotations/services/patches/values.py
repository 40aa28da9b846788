"""What is known of each patch besides answers and scores."""

import numpy as np
from numpy.typing import NDArray

from annotations.models import Dataset, LeftOut, Structure
from annotations.services.carried import carried
from annotations.services.ratings import differing
from annotations.services.sheets import Layout, packed
from annotations.services.tallies import tally_of


def disagreed(*, structure: Structure, dataset: Dataset, layout: Layout) -> NDArray[np.bool_]:
    """(patches,) whether somebody says yes where another says no, half a second ago at most."""
    with tally_of(dataset=dataset, structure=structure) as tally:
        return carried(differing(tally.sheet), tally.layout, layout, missing=False)


def left_out(*, dataset: Dataset, layout: Layout) -> NDArray[np.bool_]:
    """(patches,) whether nobody is asked about the patch. One query."""
    where = np.zeros(layout.size, dtype=np.bool_)
    rows = LeftOut.objects.filter(image__dataset=dataset)
    for _, keys in packed(rows, "image__dataset_id"):
        positions = layout.positions(keys)
        where[positions[positions >= 0]] = True
    return where
