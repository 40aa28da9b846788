"""Detections against true boxes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference.objects.detections import detections

Boxes = npt.NDArray[np.int64]
Points = npt.NDArray[np.int64]
LEAST_IOU = 0.3


@dataclass(frozen=True, slots=True)
class Found:
    """Boxes (n, 4) y0, x0, y1, x1, ends excluded; points (n, 2) y, x; scores (n,)."""

    boxes: Boxes
    points: Points
    scores: npt.NDArray[np.float64]


def found_in(labels: npt.NDArray[np.int32], scores: npt.NDArray[np.floating]) -> Found:
    """One detection per object, with its mean map as score."""
    table = detections(labels, scores).to_pydict()
    boxes = np.array([table[f"bbox-{corner}"] for corner in range(4)], dtype=np.int64).T
    points = np.array([table["point-0"], table["point-1"]], dtype=np.int64).T
    return Found(boxes.reshape(-1, 4), points.reshape(-1, 2), np.array(table["score_mean"]))


def overlaps(found: Found, real: Boxes) -> npt.NDArray[np.float64]:
    """IoU of boxes (n, m), 0 where below ``LEAST_IOU``."""
    low = np.maximum(found.boxes[:, None, :2], real[None, :, :2])
    high = np.minimum(found.boxes[:, None, 2:], real[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=2)
    union = _areas(found.boxes)[:, None] + _areas(real)[None] - shared
    ratio = shared / np.maximum(union, 1)
    return np.asarray(np.where(ratio >= LEAST_IOU, ratio, 0))


def _areas(boxes: Boxes) -> npt.NDArray[np.int64]:
    return np.asarray((boxes[:, 2:] - boxes[:, :2]).prod(axis=1))


def holding(found: Found, real: Boxes) -> npt.NDArray[np.float64]:
    """Whether a point lies in a box (n, m): the score of the detection there, 0 elsewhere."""
    points = found.points[:, None]
    inside = ((points >= real[None, :, :2]) & (points < real[None, :, 2:])).all(axis=2)
    return np.asarray(inside * found.scores[:, None])


def matched(affinity: npt.NDArray[np.float64]) -> int:
    """Pairs, taken greedily from the highest affinity (n, m) down, each row and column once."""
    left = affinity.copy()
    pairs = 0
    while left.size and left.max() > 0:
        row, column = np.unravel_index(int(left.argmax()), left.shape)
        left[row], left[:, column] = 0, 0
        pairs += 1
    return pairs


@dataclass(slots=True)
class Detected:
    """Sums over images."""

    by_iou: int = 0
    by_point: int = 0
    found: int = 0
    real: int = 0
    miscounted: int = 0

    def add(self, found: Found, real: Boxes) -> None:
        """Count one structure of one image."""
        self.by_iou += matched(overlaps(found, real))
        self.by_point += matched(holding(found, real))
        self.found += len(found.boxes)
        self.real += len(real)
        self.miscounted += abs(len(found.boxes) - len(real))

    def figures(self) -> dict[str, float]:
        """F1 by both rules; the count error per image, and that of the sum."""
        both = max(self.found + self.real, 1)
        return {
            "detection_f1_iou": 2 * self.by_iou / both,
            "detection_f1_point": 2 * self.by_point / both,
            "count_error": self.miscounted / max(self.real, 1),
            "found": self.found,
            "real": self.real,
        }
