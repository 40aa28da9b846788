"""What is known of all patches that a query is about, and what follows for which come and when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotations.models import Dataset, User
from annotations.services import patch_orders
from annotations.services.expectations import expectations, in_turn
from annotations.services.guessing import keep_guesses_fresh
from annotations.services.patches.doubts import PatchDoubts, patch_doubts
from annotations.services.patches.likeness import Likeness, likeness
from annotations.services.patches.own import own_codes
from annotations.services.patches.query import OWN_STATES, PatchQuery
from annotations.services.patches.values import disagreed, left_out
from annotations.services.sheets import CODES, Layout

Mask = NDArray[np.bool_]
Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Known:
    """Of the patches of a layout; what a query does not need is None.

    Attributes:
        codes: (patches,) the person's own answers: 0 none, 1 yes, 2 no, 3 unsure.
        out: (patches,) whether nobody is asked about the patch.
        scores: (patches,) what a model expects, 0 to 1; nan where none has looked.
    """

    dataset: Dataset
    query: PatchQuery
    layout: Layout
    codes: NDArray[np.uint8]
    out: Mask
    scores: Scores | None
    alike: Likeness | None
    doubts: PatchDoubts | None

    def wanted(self) -> Mask:
        """(patches,) whether the query asks for the patch."""
        wanted = self._of_state()
        if self.scores is not None and self.query.least is not None:
            wanted &= self.scores >= self.query.least
        if self.scores is not None and self.query.most is not None:
            wanted &= self.scores <= self.query.most
        if self.doubts is not None:
            wanted &= ~np.isnan(self.doubts.doubts)
        return wanted

    def _of_state(self) -> Mask:
        structure, state = self.query.structure, self.query.state
        if state == "all":
            return np.ones(self.layout.size, dtype=np.bool_)
        if state == "disagreement":
            return disagreed(structure=structure, dataset=self.dataset, layout=self.layout)
        if state == "left-out":
            return self.out.copy()
        given = self.codes > 0
        if state == "unanswered":
            return ~(given | self.out)
        answered: Mask = given if state in ("answered", "mine") else self.codes == CODES[state]
        return answered

    def keys(self) -> patch_orders.Keys | None:
        """What sorts the patches; None in the order of images, which their numbers have."""
        if self.query.order == "image":
            return None
        lots = self.layout.lots(self.query.seed)
        if self.alike is not None:
            return patch_orders.ranked(self.alike.distances, lots)
        if self.doubts is not None:
            return patch_orders.ranked(1 - self.doubts.doubts, lots)
        if self.scores is None or self.query.order == "random":
            return lots
        if self.query.order == "uncertain":
            return patch_orders.ranked(self._in_turn(self.scores), lots)
        certain = patch_orders.uncertainty(self.scores, least_certain_first=False)
        return patch_orders.ranked(certain, lots)

    def _in_turn(self, scores: Scores) -> Scores:
        dataset, structure = self.dataset, self.query.structure
        keep_guesses_fresh(dataset=dataset, structure=structure)
        return in_turn(dataset=dataset, structure=structure, layout=self.layout, scores=scores)


def what_is_known(*, by: User, dataset: Dataset, query: PatchQuery, layout: Layout) -> Known:
    """Read it all, in a number of queries that does not depend on how many patches there are."""
    structure = query.structure
    codes = own_codes(user=by, dataset=dataset, structure=structure, layout=layout)
    scores: Scores | None = None
    if query.needs_scores:
        found = expectations(dataset=dataset, structure=structure, layout=layout)
        scores = found.astype(np.float32)
    return Known(
        dataset=dataset,
        query=query,
        layout=layout,
        codes=codes,
        out=left_out(dataset=dataset, layout=layout),
        scores=scores,
        alike=likeness(dataset=dataset, layout=layout, like=query.like) if query.like else None,
        doubts=_doubts(dataset, query, layout, codes),
    )


def _doubts(
    dataset: Dataset, query: PatchQuery, layout: Layout, codes: NDArray[np.uint8]
) -> PatchDoubts | None:
    """Everybody's answers against the model and each other; in a list of one's own, those."""
    if query.order != "contradiction":
        return None
    own = codes if query.state in OWN_STATES else None
    return patch_doubts(dataset=dataset, structure=query.structure, places=layout, own=own)
