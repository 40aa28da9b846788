"""How good the masks are that come from yes/no answers alone.

    python -m tests.benchmarks.science FOLDER... [--patch 64] [--downscale 2] [--labels N] [--noise
    P]
        [--split image|half] [--seed S] [--structure NAME] [--epochs N] [--images N]

Each folder holds ``images/`` and ``masks/`` (or ``labels/``) of equal stems. Answers come from the
masks of the training part by the 2 % rule; the masks teach and tune nothing else, except the
ceiling. One JSON line per folder and method.
"""

import argparse
import json
import math
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from inference.micranet.allocator import tune_allocator
from inference.micranet.config import TrainConfig
from inference.micranet.errors import DataRefused
from tests.benchmarks.science_data import Unusable, answer, read_scenes, split
from tests.benchmarks.science_methods import Method, methods
from tests.benchmarks.science_scores import Tally

Line = dict[str, object]


def main() -> None:
    """Print one JSON line per folder and method, and on stderr which folders cannot be used."""
    tune_allocator()
    options = parse()
    failed = False
    for folder in options.folders:
        try:
            for line in lines_of(folder, options):
                print(json.dumps(line), flush=True)
        except (Unusable, DataRefused) as refusal:
            print(f"{folder}: {refusal}", file=sys.stderr)
            failed = True
    if failed:
        raise SystemExit(1)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--patch", type=int, default=64)
    parser.add_argument("--downscale", type=int, default=2, choices=(1, 2, 4))
    parser.add_argument("--labels", type=int, default=2000, help="answers at most")
    parser.add_argument("--noise", type=float, default=0.0, help="share of answers flipped")
    parser.add_argument("--split", choices=("image", "half"), default="image")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--structure", help="subfolder of the masks")
    parser.add_argument("--epochs", type=int, help="of each stage; by default from the data's size")
    parser.add_argument("--images", type=int, help="use the first so many images only")
    return parser.parse_args()


def lines_of(folder: Path, options: argparse.Namespace) -> Iterator[Line]:
    """One line per method, the ratio to the ceiling included."""
    scenes = read_scenes(folder, options.structure)[: options.images]
    seen, unseen = split(scenes, options.split, options.seed)
    answered = answer(
        seen,
        patch=options.patch,
        downscale=options.downscale,
        labels=options.labels,
        noise=options.noise,
        seed=options.seed,
    )
    config = TrainConfig(seed=options.seed, epochs=options.epochs, refine_epochs=options.epochs)
    lines: list[Line] = []
    for method in methods(answered, config):
        tally, seconds = Tally(), time.monotonic()
        for scene in unseen:
            tally.add(*method.apply(scene), scene, options.patch)
        seconds = method.seconds + time.monotonic() - seconds
        lines.append(_line(folder, method, tally, len(answered.masks), seconds))
    ceiling = next(line["pixel_f1"] for line in lines if line["method"] == "ceiling")
    for line in lines:
        yield line | {"ratio_to_ceiling": _round(_number(line["pixel_f1"]) / _number(ceiling))}


def _line(folder: Path, method: Method, tally: Tally, labels: int, seconds: float) -> Line:
    found = tally.figures(method.cut, probabilities=method.probabilities)
    figures = {name: _round(value) for name, value in found.items()}
    start: Line = {"folder": folder.name, "method": method.name, "labels": labels}
    return start | figures | {"seconds": round(seconds, 1)}


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and value else math.nan


def _round(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)


if __name__ == "__main__":
    main()
