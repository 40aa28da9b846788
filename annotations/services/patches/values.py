"""What is known of each patch besides answers and scores."""

import numpy as np
from numpy.typing import NDArray

from annotations.models import Dataset, LeftOut, Structure
from annotations.services.carried import carried
from annotations.services.ratings import differing
from annotations.services.sheets import Layout, positions_of
from annotations.services.tallies import tally_of


def disagreed(*, structure: Structure, dataset: Dataset, layout: Layout) -> NDArray[np.bool_]:
    """(patches,) whether somebody says yes where another says no, half a second ago at most."""
    with tally_of(dataset=dataset, structure=structure) as tally:
        return carried(differing(tally.sheet), tally.layout, layout, missing=False)


def left_out(*, dataset: Dataset, layout: Layout) -> NDArray[np.bool_]:
    """(patches,) whether nobody is asked about the patch. One query."""
    where = np.zeros(layout.size, dtype=np.bool_)
    where[positions_of(LeftOut.objects.filter(image__dataset=dataset), layout)] = True
    return where
