"""How long the classifier takes to learn 1,000 patches of 64 px.

    python -m tests.benchmarks.training [FOLDER] [--patches 1000] [--patch 64] [--structure NAME]

Patches are cut from the folder's images at full resolution and answered by the 2 % rule; a fifth of
them measures. One JSON line per metric: seconds until the validation loss is first within 1 % of
the lowest one that the training reaches, seconds of the whole stage, patches per second.
"""

import argparse
from dataclasses import dataclass, field
from pathlib import Path

from inference.micranet.allocator import tune_allocator
from inference.micranet.config import EpochReport, TrainConfig
from inference.micranet.data import TrainingData
from inference.micranet.train import train
from tests.benchmarks.engine_parts import report
from tests.benchmarks.science_data import answer, read_scenes

NEAR = 1.01
_IMAGES = 15


@dataclass(slots=True)
class Clock:
    """Validation losses against the seconds spent on epochs."""

    passed: list[float] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)

    def __call__(self, done: EpochReport) -> None:
        self.passed.append((self.passed[-1] if self.passed else 0.0) + done.seconds)
        self.losses.append(done.validation_loss)

    def seconds_to_best(self) -> float:
        """Seconds until the loss is first within 1 % of its lowest."""
        bound = min(self.losses) * NEAR
        return next(
            seconds for seconds, loss in zip(self.passed, self.losses, strict=True) if loss <= bound
        )


def main() -> None:
    """Print one JSON line per metric."""
    options = parse()
    tune_allocator()
    data = patches_of(options)
    clock = Clock()
    train(data, TrainConfig(method="paper", seed=options.seed), on_epoch=clock)
    report("training_patches", len(data.patches))
    report("training_epochs", len(clock.losses))
    report("training_seconds_to_best", clock.seconds_to_best())
    report("training_seconds", clock.passed[-1])
    shown = len(clock.losses) * int((~data.validation).sum())
    report("training_patches_per_second", shown / clock.passed[-1])


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    default = Path("../shared/data/nuclei_bbbc039")
    parser.add_argument("folder", nargs="?", type=Path, default=default)
    parser.add_argument("--patches", type=int, default=1000)
    parser.add_argument("--patch", type=int, default=64)
    parser.add_argument("--structure", help="subfolder of the masks")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def patches_of(options: argparse.Namespace) -> TrainingData:
    """Answered patches at full resolution."""
    scenes = read_scenes(options.folder, options.structure)[:_IMAGES]
    answered = answer(
        scenes,
        patch=options.patch,
        downscale=1,
        labels=options.patches,
        noise=0.0,
        seed=options.seed,
    )
    return answered.data


if __name__ == "__main__":
    main()
