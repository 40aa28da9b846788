"""Figures on canvases of digits: per digit, and summed over them."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from inference.micranet.metrics import area_under_curve, f1
from tests.benchmarks.canvases import DIGITS, Canvas

Mask = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]


def _zeros() -> Counts:
    return np.zeros(DIGITS, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found on one canvas: masks (10, H, W); objects (H, W) numbered from 1 and the digit
    of each; patch scores (10, N) of whole patches."""

    masks: Mask
    objects: npt.NDArray[np.int32]
    names: npt.NDArray[np.intp]
    scores: npt.NDArray[np.floating]

    def counts(self) -> npt.NDArray[np.intp]:
        """How often each digit was found: (10,)."""
        return np.bincount(self.names, minlength=DIGITS)


@dataclass(slots=True)
class Figures:
    """Sums over canvases, one entry per digit."""

    hits: Counts = field(default_factory=_zeros)
    said: Counts = field(default_factory=_zeros)
    there: Counts = field(default_factory=_zeros)
    matched: Counts = field(default_factory=_zeros)
    found: list[npt.NDArray[np.intp]] = field(default_factory=list)
    real: list[npt.NDArray[np.intp]] = field(default_factory=list)
    scores: list[npt.NDArray[np.floating]] = field(default_factory=list)
    answers: list[Mask] = field(default_factory=list)

    def add(self, answer: Answer, canvas: Canvas, yes: Mask) -> None:
        """Count one canvas; ``yes`` are the true answers of its patches (10, rows, columns)."""
        truth = canvas.masks()
        self.hits += (answer.masks & truth).sum(axis=(1, 2))
        self.said += answer.masks.sum(axis=(1, 2))
        self.there += truth.sum(axis=(1, 2))
        self.matched += _matches(answer, canvas)
        self.found.append(answer.counts())
        self.real.append(canvas.counts())
        self.scores.append(answer.scores.reshape(DIGITS, -1))
        self.answers.append(yes.reshape(DIGITS, -1))

    def of(self, digits: slice, cuts: npt.NDArray[np.floating]) -> dict[str, float]:
        """Figures of some digits together; a patch is "yes" from its digit's cut on."""
        scores, answers = np.concatenate(self.scores, 1)[digits], np.concatenate(self.answers, 1)
        found, real = np.array(self.found)[:, digits], np.array(self.real)[:, digits]
        areas = int((self.said + self.there)[digits].sum())
        return {
            "patch_f1": f1(scores >= cuts[digits, None], answers[digits]),
            "auc": _mean_area(scores, answers[digits]),
            "pixel_f1": 2 * int(self.hits[digits].sum()) / max(areas, 1),
            "presence_f1": f1(found > 0, real > 0),
            "object_f1": 2 * int(self.matched[digits].sum()) / max(int((found + real).sum()), 1),
            "count_error": int(np.abs(found - real).sum()) / max(int(real.sum()), 1),
            "found": int(found.sum()),
            "real": int(real.sum()),
        }


def _mean_area(scores: npt.NDArray[np.floating], answers: Mask) -> float:
    """Mean over digits: their scores are not on one scale."""
    return float(np.mean([area_under_curve(*pair) for pair in zip(scores, answers, strict=True)]))


def _matches(answer: Answer, canvas: Canvas) -> Counts:
    """Per digit, objects of the right name that share more than half of their union with a true
    one."""
    both = (answer.objects > 0) & (canvas.objects > 0)
    places = np.stack([answer.objects[both], canvas.objects[both]])
    pairs, shared = np.unique(places, axis=1, return_counts=True)
    areas = [np.bincount(part.ravel()) for part in (answer.objects, canvas.objects)]
    union = areas[0][pairs[0]] + areas[1][pairs[1]] - shared
    names, values = answer.names[pairs[0] - 1], canvas.values[pairs[1] - 1]
    good = (shared / union > 0.5) & (names == values)
    return np.bincount(values[good], minlength=DIGITS).astype(np.int64)
