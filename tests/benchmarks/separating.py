"""How well touching objects of a mask are told apart, and single ones left whole.

`python -m tests.benchmarks.separating [--count 60] [--seed 0]`: shapes whose objects are known, one
JSON line for each kind and border with ``right`` (share of masks with exactly the true objects),
``found`` and ``real`` (objects). `python -m tests.benchmarks.separating FOLDER [--images FIRST END]
[--blur PX] [--downscale K]`: true masks of a folder, the same blurred at a lower resolution, and
Otsu's of the blurred image, one JSON line each with ``count_error`` and ``object_f1``.
"""

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import ndimage
from skimage.filters import threshold_otsu

from inference.objects.seeds import METHODS, Method
from tests.benchmarks.science_data import Scene, read_scenes
from tests.benchmarks.science_scores import matches, without_specks
from tests.benchmarks.separating_shapes import cases
from tests.support.objects import separate

Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int32]
MIN_AREA_PX = 16


@dataclass(slots=True)
class Score:
    """Sums over masks."""

    masks: int = 0
    right: int = 0
    found: int = 0
    real: int = 0
    matched: int = 0
    miscounted: int = 0

    def add(self, found: npt.NDArray[np.integer], real: npt.NDArray[np.integer]) -> None:
        """Count the objects of one mask (H, W) against the true ones."""
        counts, matched = [len(np.unique(each[each > 0])) for each in (found, real)], 0
        if all(counts):
            matched = matches(found, real)
        self.masks += 1
        self.found += counts[0]
        self.real += counts[1]
        self.matched += matched
        self.miscounted += abs(counts[0] - counts[1])
        self.right += counts[0] == counts[1] == matched

    def figures(self) -> dict[str, float]:
        """What a line of the benchmark says."""
        return {
            "masks": self.masks,
            "right": round(self.right / self.masks, 3),
            "found": self.found,
            "real": self.real,
            "count_error": round(self.miscounted / max(self.real, 1), 3),
            "object_f1": round(2 * self.matched / max(self.found + self.real, 1), 3),
        }


def shapes(count: int, seed: int, method: Method) -> dict[str, Score]:
    """Scores by kind and border."""
    return scored(
        (f"{case.kind}, {case.border}", _objects(case.mask, method), case.objects)
        for case in cases(count, seed)
    )


def scenes(read: list[Scene], blur_px: float, downscale: int, method: Method) -> dict[str, Score]:
    """Scores by kind of mask."""
    return scored(
        (kind, without_specks(_objects(mask, method)), without_specks(scene.objects))
        for scene in read
        for kind, mask in _masks(scene, blur_px, downscale)
    )


def scored(
    found: Iterable[tuple[str, npt.NDArray[np.integer], npt.NDArray[np.integer]]],
) -> dict[str, Score]:
    """Scores by name of (name, objects found, true objects)."""
    scores: dict[str, Score] = {}
    for name, own, real in found:
        scores.setdefault(name, Score()).add(own, real)
    return scores


def _objects(mask: Mask, method: Method) -> Labels:
    return separate(mask, method=method, min_area_px=MIN_AREA_PX)


def _masks(scene: Scene, blur_px: float, downscale: int) -> Iterator[tuple[str, Mask]]:
    yield "true", scene.mask
    yield "blurred", _blurred(scene.mask, blur_px, downscale)
    bright = ndimage.gaussian_filter(scene.planes[0].astype(np.float64), 1)
    yield "otsu", bright > threshold_otsu(bright)


def _blurred(mask: Mask, blur_px: float, downscale: int) -> Mask:
    """What a network draws that sees a lower resolution, about."""
    small = ndimage.gaussian_filter(mask.astype(np.float32), blur_px)[::downscale, ::downscale]
    large = ndimage.zoom(small, downscale, order=1)[: mask.shape[0], : mask.shape[1]]
    missing = [(0, a - b) for a, b in zip(mask.shape, large.shape, strict=True)]
    return np.asarray(np.pad(large, missing) > 0.5, dtype=bool)


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.separating", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--images", type=int, nargs=2, default=(0, None))
    parser.add_argument("--blur", type=float, default=1.5)
    parser.add_argument("--downscale", type=int, default=2)
    parser.add_argument("--method", choices=METHODS, default="automatic")
    args = parser.parse_args()
    if args.folder is None:
        scores = shapes(args.count, args.seed, args.method)
    else:
        read = read_scenes(args.folder)[slice(*args.images)]
        scores = scenes(read, args.blur, args.downscale, args.method)
    for name, score in scores.items():
        print(json.dumps({"objects": name, **score.figures()}), flush=True)


if __name__ == "__main__":
    main()
