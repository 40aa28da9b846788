"""Modified MNIST, after the paper's first experiment: which digits, how many, and where.

    python -m tests.benchmarks.mnist [--data ../shared/data/mnist] [--canvases N] [--patch 48]
        [--downscale 2] [--epochs N] [--test N] [--seed S]

Digits for training lie on the training canvases, digits for testing on unseen ones. Answers per
patch and digit follow from the ink by the 2 % rule; nothing else is taught. Two models learn them:

- the classifier of all ten digits, on every canvas;
- the refined method on one structure, "ink", on a few of the canvases: its answer is "yes" where
  that of any digit is. The connected regions of its mask are the objects.

An object is named after the digit with the highest score in a window around it, other objects
blanked; a digit's mask is the union of its objects. One JSON line in all, and one per digit.
"""

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from inference.micranet.allocator import tune_allocator
from inference.micranet.config import TrainConfig
from inference.micranet.model import Model
from inference.micranet.scoring import score_window
from inference.micranet.train import train
from tests.benchmarks.canvases import DIGITS, Canvas, canvases, read_digits
from tests.benchmarks.enumeration import named_by_scores
from tests.benchmarks.mnist_data import LIMITS, answered, answers, any_digit, patches_of
from tests.benchmarks.mnist_scores import Answer, Figures
from tests.benchmarks.several import maps_of, masks_of
from tests.support.objects import separate

MIN_AREA_PX = 25  # the thinnest "1" has about 40
INK_CANVASES = 60
INK_EPOCHS = 6
# No turns and mirror images: a turned 6 is a 9. Half the paper's channels, which are plenty here.
NAMER = TrainConfig(
    method="paper",
    augment=False,
    width=16,
    dropout=0.25,
    learning_rate=3e-3,
    batch_size=64,
    positive_weights=(3.0,) * DIGITS,
)
INKER = TrainConfig(width=16, epochs=INK_EPOCHS, refine_epochs=INK_EPOCHS)
Line = dict[str, object]


def main() -> None:
    """Print one JSON line for all digits, and one per digit."""
    tune_allocator()
    for line in lines_of(parse()):
        print(json.dumps(line), flush=True)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data/mnist"))
    parser.add_argument("--canvases", type=int, default=2000, help="for training")
    parser.add_argument("--test", type=int, default=100, help="unseen canvases")
    parser.add_argument("--patch", type=int, default=48)
    parser.add_argument("--downscale", type=int, default=2, choices=(1, 2, 4))
    parser.add_argument("--epochs", type=int, default=6, help="of the ten digits' classifier")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def lines_of(options: argparse.Namespace) -> Iterator[Line]:
    """Train both models, read the unseen canvases."""
    started = time.monotonic()
    seen = canvases(read_digits(options.data, "train"), options.canvases, options.seed)
    data = answered(seen, patch=options.patch, downscale=options.downscale)
    namer = train(data, replace(NAMER, seed=options.seed, epochs=options.epochs))
    few = answered(seen[:INK_CANVASES], patch=options.patch, downscale=1)
    inker = train(any_digit(few), replace(INKER, seed=options.seed))
    figures = Figures()
    for canvas in canvases(read_digits(options.data, "test"), options.test, options.seed + 1):
        figures.add(read(namer, inker, canvas), canvas, answers(canvas, options.patch))
    seconds = round(time.monotonic() - started, 1)
    for name, digits in _parts():
        found = figures.of(digits, np.array(namer.spec.decisions))
        start: Line = {"folder": "mnist", "structure": name, "method": "ours"}
        start |= {"labels": data.labels[:, digits].size}
        yield start | {key: round(value, 4) for key, value in found.items()} | {"seconds": seconds}


def read(namer: Model, inker: Model, canvas: Canvas) -> Answer:
    """Objects of a canvas, their digits, and the masks of all digits."""
    planes = canvas.image[None]
    maps, _ = maps_of(inker, planes, LIMITS)
    # a stroke that narrows is no neck between two digits
    objects = separate(masks_of(inker, maps)[0], method="none", min_area_px=MIN_AREA_PX)
    names = named_by_scores(objects, planes, LIMITS, namer)
    digit = np.concatenate([[-1], names])[objects]
    patches = patches_of(canvas, namer.spec.patch_size, namer.spec.downscale)
    scores = score_window(namer)(torch.from_numpy(patches).to(namer.device)).T.cpu().numpy()
    return Answer(digit == np.arange(DIGITS)[:, None, None], objects, names, scores)


def _parts() -> list[tuple[str, slice]]:
    single = [(str(digit), slice(digit, digit + 1)) for digit in range(DIGITS)]
    return [("all", slice(0, DIGITS)), *single]


if __name__ == "__main__":
    main()
