"""How much doubt there is about the answers to each patch, by everybody's word and a model's."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotations.models import Dataset, Decision, Structure
from annotations.services.carried import carried
from annotations.services.expectations import expectations
from annotations.services.said import Said, codes_of, who_said
from annotations.services.sheets import Layout, Place, pack, positions_of
from annotations.services.tallies import tally_of
from annotations.services.tally import Tally

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class PatchDoubts:
    """Of all patches.

    Attributes:
        doubts: (patches,) how likely an answer is wrong, 0 to 1; nan where there is nothing to
            doubt, and where a manager has decided.
    """

    doubts: Floats
    _tally: Tally

    def said(self, places: list[Place]) -> list[list[Said]]:
        """Who said what about each of some patches. One query."""
        asked = np.array(places, dtype=np.int64).reshape(-1, 3)
        with self._tally.lock:
            positions = self._tally.layout.positions(pack(*asked.T))
            codes = codes_of(self._tally.sheet, positions)
        return who_said(codes, len(places))


def patch_doubts(
    *,
    dataset: Dataset,
    structure: Structure,
    places: Layout,
    own: NDArray[np.uint8] | None = None,
) -> PatchDoubts:
    """People against the model and against each other.

    Others' answers are those of half a second ago at most. The number of queries is the same for
    any number of patches.

    Args:
        own: (patches,) one person's answers as codes: doubt these alone, by what everybody says.
    """
    with tally_of(dataset=dataset, structure=structure) as tally:
        layout = tally.layout
        scores = expectations(dataset=dataset, structure=structure, layout=layout)
        tally.opinion.estimate(tally.sheet, tally.counts)
        doubts = tally.voices.doubts(tally.sheet, tally.opinion, scores)
        if own is not None:
            doubts = tally.voices.about(carried(own.astype(np.int8), places, layout, missing=0))
        # An image that came a moment ago has no doubts yet.
        found = carried(doubts, layout, places, missing=np.nan)
    decided = Decision.objects.filter(structure=structure, image__dataset=dataset)
    found[positions_of(decided, places)] = np.nan
    return PatchDoubts(found, tally)
