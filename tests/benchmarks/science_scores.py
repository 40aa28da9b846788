"""Figures on the unseen part: patches, pixels, objects."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from skimage.measure import regionprops_table

from inference.micranet.metrics import area_under_curve, calibration_error, f1
from inference.micranet.thresholds import COVERAGE
from tests.benchmarks.science_data import Scene
from tests.support.objects import separate

MIN_AREA_PX = 25  # smaller components are noise, whatever the method


@dataclass(slots=True)
class Tally:
    """Sums over scenes, so that large and small images weigh by their pixels and objects."""

    hits: int = 0
    said: int = 0
    there: int = 0
    matched: int = 0
    found: int = 0
    real: int = 0
    miscounted: int = 0
    scores: list[npt.NDArray[np.floating]] = field(default_factory=list)
    answers: list[npt.NDArray[np.bool_]] = field(default_factory=list)

    def add(
        self,
        mask: npt.NDArray[np.bool_],
        scores: npt.NDArray[np.floating],
        scene: Scene,
        patch: int,
    ) -> None:
        """Count one scene: mask (H, W) and patch scores (rows, columns) against its truth."""
        truth = scene.mask
        self.hits += int((mask & truth).sum())
        self.said += int(mask.sum())
        self.there += int(truth.sum())
        self._objects(mask, scene.objects)
        self.scores.append(scores.ravel())
        self.answers.append((shares(truth, patch) > COVERAGE).ravel())

    def _objects(self, mask: npt.NDArray[np.bool_], objects: npt.NDArray[np.int32]) -> None:
        found = without_specks(separate(mask))
        real = without_specks(objects)
        counts = len(np.unique(found)) - 1, len(np.unique(real)) - 1
        self.matched += matches(found, real)
        self.found += counts[0]
        self.real += counts[1]
        self.miscounted += abs(counts[0] - counts[1])

    def figures(self, cut: float, *, probabilities: bool) -> dict[str, float]:
        """All figures; a patch is "yes" from ``cut`` on.

        Scores that are no probabilities but shares of area have no calibration error.
        """
        scores, answers = np.concatenate(self.scores), np.concatenate(self.answers)
        union = self.said + self.there - self.hits
        return {
            "patch_f1": f1(scores >= cut, answers),
            "auc": area_under_curve(scores, answers),
            "ece": calibration_error(scores, answers) if probabilities else float("nan"),
            "pixel_f1": 2 * self.hits / max(self.said + self.there, 1),
            "iou": self.hits / max(union, 1),
            "object_f1": 2 * self.matched / max(self.found + self.real, 1),
            "count_error": self.miscounted / max(self.real, 1),
        }


def shares(mask: npt.NDArray[np.bool_], patch: int) -> npt.NDArray[np.float64]:
    """Share of each patch's existing pixels that is covered: (rows, columns)."""
    height, width = mask.shape
    return np.array(
        [
            [mask[y : y + patch, x : x + patch].mean() for x in range(0, width, patch)]
            for y in range(0, height, patch)
        ]
    )


def without_specks(objects: npt.NDArray[np.integer]) -> npt.NDArray[np.integer]:
    """Numbered objects (H, W), those below ``MIN_AREA_PX`` left out."""
    table = regionprops_table(objects, properties=("label", "area"))
    small = table["label"][table["area"] < MIN_AREA_PX]
    return np.where(np.isin(objects, small), 0, objects)


def matches(found: npt.NDArray[np.integer], real: npt.NDArray[np.integer]) -> int:
    """Pairs with IoU above 0.5: each object can be in one such pair only."""
    both = (found > 0) & (real > 0)
    pairs, shared = np.unique(np.stack([found[both], real[both]]), axis=1, return_counts=True)
    areas_found = np.bincount(found.ravel().astype(np.int64))
    areas_real = np.bincount(real.ravel().astype(np.int64))
    union = areas_found[pairs[0]] + areas_real[pairs[1]] - shared
    return int((shared / union > 0.5).sum())
