"""What all answers to each patch say together, and how much doubt there is about them."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from annotations.crowd import usual
from annotations.doubts import joint_doubts, thresholds_apart
from annotations.services.opinions import CHUNK, Opinion
from annotations.services.ratings import NO, YES
from annotations.services.sheets import CODES, Positions, Sheet

Floats = NDArray[np.float32]
Scores = NDArray[np.float16]
Where = Positions | slice

# Bits of what was said by anybody, and by code of an answer.
SAID_YES, SAID_NO = 1, 2
_SAID = np.zeros(max(CODES.values()) + 1, dtype=np.uint8)
_SAID[YES], _SAID[NO] = SAID_YES, SAID_NO


def _floats() -> Floats:
    return np.zeros(0, dtype=np.float32)


@dataclass
class Voices:
    """Kept beside a sheet, and put right where answers changed."""

    # Positions whose answers have changed since they were heard.
    changed: set[int] = field(default_factory=set)
    # (patches,) log odds of yes by who said what, no matter how frequent yes is.
    _odds: Floats = field(default_factory=_floats)
    # (patches,) bits: whether anybody said yes, and no.
    said: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, dtype=np.uint8))
    _doubts: Floats = field(default_factory=_floats)
    _scores: Scores = field(default_factory=lambda: np.zeros(0, dtype=np.float16))
    _estimate: int = -1
    _apart: float = 0.0

    def doubts(self, sheet: Sheet, opinion: Opinion, scores: Scores) -> Floats:
        """(patches,) how likely some answer is wrong, as of `annotations.doubts.joint_doubts`.

        Worked out anew after another estimate of people or for other scores; else where answers
        changed. The array is this object's own: copy what is to be kept.
        """
        known = len(self._odds) == sheet.layout.size and self._estimate == opinion.estimates
        if not known or self._scores is not scores:
            self._begin(sheet, opinion, scores)
        elif self.changed:
            some = np.array(sorted(self.changed), dtype=np.int64)
            self._hear(sheet, opinion, some)
            self._doubt(some)
        self.changed.clear()
        return self._doubts

    def about(self, answers: NDArray[np.int8]) -> Floats:
        """(patches,) how likely one person's answers are wrong, as `doubts` left everything.

        Args:
            answers: (patches,) codes of the sheet.
        """
        scores = self._scores.astype(np.float32)
        return joint_doubts(scores, self._odds, answers == YES, answers == NO, self._apart)

    def _begin(self, sheet: Sheet, opinion: Opinion, scores: Scores) -> None:
        size = sheet.layout.size
        self._odds, self._doubts = np.zeros(size, np.float32), np.zeros(size, np.float32)
        self.said = np.zeros(size, np.uint8)
        self._scores, self._estimate = scores, opinion.estimates
        parts = [slice(start, min(size, start + CHUNK)) for start in range(0, size, CHUNK)]
        for part in parts:
            self._hear(sheet, opinion, part)
        answered = np.flatnonzero(self.said)
        yes, no = self._both(answered)
        self._apart = thresholds_apart(scores[answered].astype(np.float64), yes, no)
        for part in parts:
            self._doubt(part)

    def _hear(self, sheet: Sheet, opinion: Opinion, where: Where) -> None:
        weights = opinion.known or usual(len(opinion.people))
        self._odds[where], self.said[where] = 0, 0
        table = np.zeros(len(_SAID), dtype=np.float32)
        for number, person in enumerate(opinion.people):
            codes = sheet.of(person)[where]
            table[YES], table[NO] = weights.yes[number], weights.no[number]
            self._odds[where] += table[codes]
            self.said[where] |= _SAID[codes]

    def _doubt(self, where: Where) -> None:
        scores = self._scores[where].astype(np.float32)
        self._doubts[where] = joint_doubts(
            scores, self._odds[where], *self._both(where), self._apart
        )

    def _both(self, where: Where) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        said = self.said[where]
        return (said & SAID_YES) > 0, (said & SAID_NO) > 0
