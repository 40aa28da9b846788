"""The stages of one training: how long and how fast each runs, counted through all members."""

import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from inference.micranet.classifier import training_indices
from inference.micranet.config import EpochReport, TrainConfig
from inference.micranet.data import TrainingData
from inference.micranet.finetune import SLOWER
from inference.micranet.loop import Plan, Task, fit
from inference.micranet.model import Model, weights_of
from inference.micranet.progress import Finished

OnEpoch = Callable[[EpochReport], None]
ShouldStop = Callable[[], bool]
_FASTER = {"locate": 3, "refine": 3}  # small networks bear larger steps
# What learns from few answers needs steps more than large batches, and swings from step to step.
_FEWEST_STEPS = 12  # in an epoch, as far as batches can be made smaller
_SMALLEST_BATCH = 4
AVERAGED = 0.1  # as Plan has it
_BETWEEN_MEMBERS = 100_000  # seeds; those of stages lie closer


def auto_epochs(patches: int, side: int) -> int:
    """Epochs from the size of the data: about as many patches shown in all, whatever their number.

    No more than 30: on both demo sets (128 and 256 patches), 24 epochs gave masks as good as 47 and
    80 did, or better.

    Args: patches for training, and their side in working pixels.
    """
    shown = 6_000 * 64 / max(side, 32)
    return int(np.clip(round(shown / max(patches, 1)), 5, 30))


def batch_size(patches: int, most: int) -> int:
    """Patches per step: fewer where an epoch would have too few steps."""
    return int(np.clip(patches // _FEWEST_STEPS, min(_SMALLEST_BATCH, most), most))


def member_seed(config: TrainConfig, member: int) -> int:
    """The seed of a member, counted from 0; the first has that of the configuration."""
    return config.seed + _BETWEEN_MEMBERS * member


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a member's training. ``tuned``: it goes on from earlier weights."""

    name: str
    epochs: int
    tuned: bool


@dataclass(slots=True)
class Course:
    """One training; stages of all members in turn. ``summary`` grows as they end."""

    data: TrainingData
    config: TrainConfig
    start: Model | None
    on_epoch: OnEpoch
    should_stop: ShouldStop
    checkpoint: Path | None
    _stages: list[Stage] = field(init=False)
    _fingerprint: str = field(init=False)
    _figures: list[dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        self._stages = stages_of(self.data, self.config, self.start)
        self._fingerprint = fingerprint(self.data, self.config, self.start)
        self._figures = [{} for _ in range(self.config.members)]

    @property
    def summary(self) -> dict[str, Any]:
        """Figures for people: of the stages, or of the stages of every member."""
        about = {
            "config": self.config.to_dict(),
            "patches": int(self.data.by_people.sum()),
            "guessed": int((~self.data.by_people).sum()),
            "fine_tuned": self.start is not None,
        }
        if self.config.members == 1:
            return about | self._figures[0]
        return about | {"members": self._figures}

    def run(self, member: int, name: str, task: Task) -> None:
        """Run a stage of a member, counted from 0, or take up what a checkpoint holds of it."""
        number = [stage.name for stage in self._stages].index(name)
        plan = self._plan(member, number)
        total = sum(stage.epochs for stage in self._stages)
        before = member * total + sum(stage.epochs for stage in self._stages[:number])

        def report(done: Finished) -> None:
            counted = before + done.epoch, total * self.config.members
            self.on_epoch(_report(name, counted, (member + 1, self.config.members), done))
            if done.kept:
                figures = {"epoch": done.epoch, "validation_loss": done.validation.loss}
                self._figures[member][name] = figures

        fit(task, plan, on_epoch=report, should_stop=self.should_stop)

    def _plan(self, member: int, number: int) -> Plan:
        config, stage = self.config, self._stages[number]
        size = batch_size(shown_in(stage.name, self.data), config.batch_size)
        return Plan(
            name=stage.name,
            epochs=stage.epochs,
            learning_rate=rate_of(stage, size, config),
            batch_size=size,
            patience=config.patience,
            seed=member_seed(config, member) + 1000 * number,
            fingerprint=self._fingerprint,
            averaged=AVERAGED,
            checkpoint=self._folder(member),
        )

    def _folder(self, member: int) -> Path | None:
        if self.checkpoint is None or member == 0:
            return self.checkpoint
        return self.checkpoint / f"member-{member + 1}"


def stages_of(data: TrainingData, config: TrainConfig, start: Model | None) -> list[Stage]:
    """The stages of each member; fine-tuning takes half the epochs of a fresh training."""
    tuned = start is not None
    stages = [_stage("classify", data, config.epochs, tuned=tuned)]
    if config.method == "refined":
        given = config.refine_epochs or config.epochs
        again = start is not None and start.refiner is not None
        stages.append(_stage("locate", data, given, tuned=False))
        stages.append(_stage("refine", data, given, tuned=again))
    return stages


def _stage(name: str, data: TrainingData, given: int | None, *, tuned: bool) -> Stage:
    auto = auto_epochs(shown_in(name, data), int(data.patches.shape[-1]))
    return Stage(name, given or (max(3, round(auto / 2)) if tuned else auto), tuned)


def shown_in(stage: str, data: TrainingData) -> int:
    """Patches that a stage learns from: guesses teach the classifier alone."""
    chosen = training_indices(data)
    return len(chosen) if stage == "classify" else int(data.by_people[chosen].sum())


def rate_of(stage: Stage, size: int, config: TrainConfig) -> float:
    """The highest learning rate of a stage.

    It is in proportion to the square root of the batch, so that small ones do not shake the weights
    more (A. Krizhevsky, arXiv:1404.5997, 2014).
    """
    rate = config.learning_rate * _FASTER.get(stage.name, 1) * (SLOWER if stage.tuned else 1)
    return rate * math.sqrt(size / config.batch_size)


def _report(
    stage: str, counted: tuple[int, int], member: tuple[int, int], done: Finished
) -> EpochReport:
    return EpochReport(
        stage=stage,
        epoch=counted[0],
        epochs=counted[1],
        train_loss=done.train_loss,
        validation_loss=done.validation.loss,
        validation_f1=done.validation.f1,
        seconds=done.seconds,
        member=member[0],
        members=member[1],
        kept=done.kept,
    )


def fingerprint(data: TrainingData, config: TrainConfig, start: Model | None = None) -> str:
    """A digest of everything the result depends on; a checkpoint of another digest is not used."""
    digest = hashlib.blake2b(digest_size=16)
    about = {
        "config": config.to_dict(),
        "structures": data.structures,
        "downscale": data.downscale,
        "start": start.spec.structures if start is not None else None,
    }
    digest.update(json.dumps(about, sort_keys=True).encode())
    arrays = [data.patches, data.labels, data.validation, data.weights, data.guessed]
    if start is not None:
        arrays += [tensor.numpy() for _, tensor in sorted(weights_of(start).items())]
    for array in arrays:
        if array is not None:
            digest.update(str((array.shape, array.dtype)).encode())
            digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
