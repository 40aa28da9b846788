"""White blood cells and platelets found from yes/no answers, against boxes.

    python -m tests.benchmarks.blood [--data ../shared/data/blood_bccd] [--images N] [--patch 128]
        [--downscale 4] [--epochs N] [--seed S]

Answers come from the boxes of a random half of the images by the 2 % rule on box area. On the
other half, objects of the masks are detections: matched with the boxes greedily, one to one, by
an IoU of 0.3 or more (``detection_f1_iou``), or by a point inside the box (``detection_f1_point``).
An object smaller than a tenth of what is usual in the first half is a speck. Platelets are told
apart where they touch; nuclei of white blood cells have lobes, and the cells lie apart, so they are
left whole: people see that on the first image, and choose it. One JSON line per structure.
"""

import argparse
import json
import math
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from inference.micranet.allocator import tune_allocator
from inference.micranet.config import TrainConfig
from inference.micranet.metrics import area_under_curve, f1
from inference.micranet.model import Model
from inference.micranet.train import train
from inference.objects.choice import Separation
from inference.objects.seeds import Method
from tests.benchmarks.blood_data import (
    CLASSES,
    LIMITS,
    Smear,
    answered,
    answers,
    read_smears,
    split_smears,
    usual_px,
)
from tests.benchmarks.detecting import Detected, found_in
from tests.benchmarks.several import maps_of, masks_of
from tests.support.objects import separate_as

SPECK = 0.1  # of the usual area
METHODS: dict[str, Method] = {"WBC": "none", "Platelets": "automatic"}
Line = dict[str, object]


def main() -> None:
    """Print one JSON line per structure."""
    tune_allocator()
    options = parse()
    for line in lines_of(options):
        print(json.dumps(line), flush=True)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data/blood_bccd"))
    parser.add_argument("--images", type=int, help="use the first so many images only")
    parser.add_argument("--patch", type=int, default=128)
    parser.add_argument("--downscale", type=int, default=4, choices=(1, 2, 4))
    parser.add_argument("--epochs", type=int, help="of each stage; by default from the data's size")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def lines_of(options: argparse.Namespace) -> Iterator[Line]:
    """Train on one half, detect in the other."""
    started = time.monotonic()
    seen, unseen = split_smears(read_smears(options.data)[: options.images], options.seed)
    data = answered(seen, patch=options.patch, downscale=options.downscale)
    model = train(data, TrainConfig(seed=options.seed, epochs=options.epochs))
    chosen = [
        Separation(METHODS[name], smallest=round(SPECK * area))
        for name, area in zip(CLASSES, usual_px(seen), strict=True)
    ]
    sums, scores = measure(model, unseen, chosen)
    said = np.concatenate([answers(s.covered(), options.patch).reshape(2, -1) for s in unseen], 1)
    seconds = round(time.monotonic() - started, 1)
    for number, name in enumerate(CLASSES):
        figures = {
            "patch_f1": f1(scores[number] >= model.spec.decisions[number], said[number]),
            "auc": area_under_curve(scores[number], said[number]),
            **sums[number].figures(),
        }
        start: Line = {"folder": "blood_bccd", "structure": name, "method": "ours"}
        start |= {"labels": len(data.patches)}
        yield start | {key: _round(value) for key, value in figures.items()} | {"seconds": seconds}


def measure(
    model: Model, smears: list[Smear], chosen: list[Separation]
) -> tuple[list[Detected], np.ndarray]:
    """Sums per structure, and scores of all patches (S, N).

    ``chosen``: what counts as an object, by structure.
    """
    sums = [Detected() for _ in CLASSES]
    scores = []
    for smear in smears:
        maps, patch_scores = maps_of(model, smear.planes, LIMITS)
        masks = masks_of(model, maps)
        for number, tally in enumerate(sums):
            labels = separate_as(masks[number], chosen[number])
            tally.add(found_in(labels, maps[number] / 255), smear.boxes[number])
        scores.append(patch_scores.reshape(len(CLASSES), -1))
    return sums, np.concatenate(scores, axis=1)


def _round(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)


if __name__ == "__main__":
    main()
