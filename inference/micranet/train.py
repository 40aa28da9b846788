"""Training from answered patches to a model: one call, three stages, resumable."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import torch

from inference.micranet.calibrate import calibrated
from inference.micranet.classifier import Batches, ClassifierTask
from inference.micranet.config import EpochReport, ModelSpec, TrainConfig
from inference.micranet.course import Course, OnEpoch, ShouldStop, auto_epochs, member_seed
from inference.micranet.data import TrainingData, check_trainable
from inference.micranet.device import channels_last, pick_device
from inference.micranet.errors import DataRefused, Stopped
from inference.micranet.finetune import Tail, check_start, started_member
from inference.micranet.locator import LocateTask, Locator
from inference.micranet.maps import LocalMapper
from inference.micranet.model import Member, Model, build_member, ensemble
from inference.micranet.refine import RefineTask, make_targets

__all__ = [
    "EpochReport",
    "Model",
    "Stopped",
    "TrainConfig",
    "TrainingData",
    "auto_epochs",
    "train",
]


def train(
    data: TrainingData,
    config: TrainConfig | None = None,
    *,
    start: Model | None = None,
    on_epoch: OnEpoch = lambda report: None,
    should_stop: ShouldStop = lambda: False,
    checkpoint: Path | None = None,
) -> Model:
    """Train a model on yes/no answers.

    On the CPU the result depends on data, configuration, seed and the model to start from only,
    also when training was stopped and resumed in between.

    Args:
        start: an earlier model to fine-tune; it is left as it is. The classifier keeps its L1 to L6
            and trains L7, L8 and the head; the refiner, where both have one, trains on as a whole.
            Structures are told by their names, others start with fresh outputs. The width is the
            earlier model's.
        checkpoint: a folder for the state after each epoch. What is there is taken up again when it
            belongs to the same data, configuration and start, and ignored otherwise.

    Raises:
        DataRefused: a structure lacks "yes" or "no", or a positive weight. ModelRefused: ``start``
            has other channels. Stopped: ``should_stop`` said so; call again to go on.
    """
    config = config or TrainConfig()
    check_trainable(data)
    _check_weights(data, config)
    if start is not None:
        check_start(data, start)
    batches = _Taught.by(data, config)
    course = Course(data, config, start, on_epoch, should_stop, checkpoint)
    spec = _spec(data, config, start)
    members = [_member(number, spec, course, batches) for number in range(config.members)]
    model = ensemble(spec, members)
    spec = calibrated(model, batches.answers, config)
    return replace(model, spec=replace(spec, summary=course.summary))


@dataclass(frozen=True, slots=True)
class _Taught:
    """What teaches. Guesses tell the classifier more than answers alone; about pixels, which they
    know from a few numbers per patch, they would only repeat what the intensity says."""

    everything: Batches
    answers: Batches

    @classmethod
    def by(cls, data: TrainingData, config: TrainConfig) -> Self:
        device, positive = pick_device(config.device), config.positive_weights
        everything = Batches(data, device, positive)
        if data.guessed is None:
            return cls(everything, everything)
        return cls(everything, Batches(data.without_guesses(), device, positive))


def _member(number: int, spec: ModelSpec, course: Course, taught: _Taught) -> Member:
    """Train one network and its refiner, each member from another seed."""
    batches = taught.answers
    member = _untrained(number, spec, course).to(batches.device)
    augment = course.config.augment
    learner = member.network if course.start is None else Tail(member.network)
    course.run(number, "classify", ClassifierTask(learner, taught.everything, augment=augment))
    if member.refiner is not None:
        locator = _locator(spec, member_seed(course.config, number) + 1, batches.device)
        course.run(number, "locate", LocateTask(locator, batches, augment=augment))
        targets = make_targets(LocalMapper(member.network), locator, batches, spec)
        refine = RefineTask(member.refiner, batches, targets, augment=augment)
        course.run(number, "refine", refine)
    return member


def _untrained(number: int, spec: ModelSpec, course: Course) -> Member:
    with torch.random.fork_rng():
        torch.manual_seed(member_seed(course.config, number))
        if course.start is None:
            return build_member(spec)
        return started_member(spec, course.start, number)


def _locator(spec: ModelSpec, seed: int, device: torch.device) -> Locator:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        locator = Locator(spec.channels, len(spec.structures))
    return channels_last(locator.to(device))


def _check_weights(data: TrainingData, config: TrainConfig) -> None:
    weights, count = config.positive_weights, len(data.structures)
    if weights is not None and len(weights) != count:
        raise DataRefused(
            f"There must be one positive weight per structure: {count}, not {len(weights)}."
        )


def _spec(data: TrainingData, config: TrainConfig, start: Model | None) -> ModelSpec:
    count = len(data.structures)
    return ModelSpec(
        method=config.method,
        channels=int(data.patches.shape[1]),
        structures=data.structures,
        patch_size=data.patch_size,
        downscale=data.downscale,
        width=config.width if start is None else start.spec.width,
        dropout=config.dropout,
        combiner=config.combiner,
        layers=config.layers,
        thresholds=(0.5,) * count,
        decisions=(0.5,) * count,
        members=config.members,
        mirrored=config.augment,
    )
