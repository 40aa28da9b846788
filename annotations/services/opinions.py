"""Whether the answers to a patch are enough, from how reliable those people are who gave them."""

import time
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from annotations.crowd import Reliabilities, is_sure, posteriors, reliabilities
from annotations.services.carried import carried
from annotations.services.ratings import ratings_of
from annotations.services.sheets import Layout, Positions, Sheet

# Seconds between two estimates of how reliable people are, and how many times longer than an
# estimate takes: what is large is looked at less often.
ESTIMATE_FOR = 30.0
ESTIMATE_TIMES = 100
# So many patches at a time, because one of them takes a byte per person.
CHUNK = 100_000


@dataclass
class Opinion:
    """What is thought of people and, by that, of patches; renewed while they answer."""

    known: Reliabilities | None = None
    people: list[int] = field(default_factory=list)
    estimate_next: float = float("-inf")
    # How often people were looked at.
    estimates: int = 0
    # Positions whose answers have changed since they were judged.
    changed: list[int] = field(default_factory=list)
    _settled: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    _least: float = 0.0
    _judged_by: int = 0

    def settled(self, sheet: Sheet, counts: NDArray[np.uint8], least: float) -> NDArray[np.bool_]:
        """(patches,) whether yes or no is at least that probable.

        False where nobody answered, and everywhere while too few patches have two answers.
        """
        self.estimate(sheet, counts)
        known = len(self._settled), self._least, self._judged_by
        if known != (len(counts), least, self.estimates):
            self._settled = np.zeros(len(counts), dtype=np.bool_)
            self._least, self._judged_by = least, self.estimates
            self._judge(sheet, counts, np.flatnonzero(counts))
        else:
            self._judge(sheet, counts, np.unique(np.array(self.changed, dtype=np.int64)))
        self.changed.clear()
        return self._settled

    def moved(self, old: Layout, new: Layout) -> "Opinion":
        """The same opinion, of patches that lie in a layout which extends theirs."""
        # None yet where nobody has asked for it.
        known = len(self._settled) == old.size
        settled = carried(self._settled, old, new, missing=False) if known else self._settled
        changed = old.moved(np.array(self.changed, dtype=np.int64), new).tolist()
        return replace(self, changed=changed, _settled=settled)

    def _judge(self, sheet: Sheet, counts: NDArray[np.uint8], positions: Positions) -> None:
        if self.known is None:
            return
        for start in range(0, len(positions), CHUNK):
            part = positions[start : start + CHUNK]
            probability = posteriors(ratings_of(sheet, self.people, part), self.known)
            self._settled[part] = is_sure(probability, self._least) & (counts[part] > 0)

    def estimate(self, sheet: Sheet, counts: NDArray[np.uint8]) -> None:
        """Look at people anew where their time has come, or there is somebody new."""
        start, people = time.monotonic(), sorted(sheet.codes)
        if start < self.estimate_next and people == self.people:
            return
        self.people = people
        shared = np.flatnonzero(counts >= 2)
        self.known = reliabilities(ratings_of(sheet, people, shared))
        took = time.monotonic() - start
        self.estimate_next = start + max(ESTIMATE_FOR, ESTIMATE_TIMES * took)
        self.estimates += 1
