"""Training from answered patches to a model: one call, three stages, resumable."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from inference.micranet.calibrate import calibrated
from inference.micranet.classifier import Batches, ClassifierTask, training_indices
from inference.micranet.config import EpochReport, ModelSpec, TrainConfig
from inference.micranet.data import TrainingData, check_trainable
from inference.micranet.device import channels_last, pick_device
from inference.micranet.errors import Stopped
from inference.micranet.locator import LocateTask, Locator
from inference.micranet.loop import Finished, Plan, Task, fit
from inference.micranet.maps import LocalMapper
from inference.micranet.model import Model, build
from inference.micranet.refine import RefineTask, make_targets

__all__ = ["EpochReport", "Model", "Stopped", "TrainConfig", "TrainingData", "train"]

OnEpoch = Callable[[EpochReport], None]
ShouldStop = Callable[[], bool]
_FASTER = {"locate": 3, "refine": 3}  # small networks bear larger steps


def train(
    data: TrainingData,
    config: TrainConfig | None = None,
    *,
    on_epoch: OnEpoch = lambda report: None,
    should_stop: ShouldStop = lambda: False,
    checkpoint: Path | None = None,
) -> Model:
    """Train a model on yes/no answers.

    On the CPU the result depends on data, configuration and seed only, also when training was
    stopped and resumed in between.

    Args:
        checkpoint: a folder for the state after each epoch. What is there is taken up again when it
            belongs to the same data and configuration, and ignored otherwise.

    Raises:
        DataRefused: a structure lacks "yes" or "no". Stopped: ``should_stop`` said so; call again
            to go on.
    """
    config = config or TrainConfig()
    check_trainable(data)
    device = pick_device(config.device)
    with torch.random.fork_rng():
        torch.manual_seed(config.seed)
        model = build(_spec(data, config)).to(device)
    batches = Batches(data, device)
    course = _Course(data, config, on_epoch, should_stop, checkpoint)
    course.run("classify", ClassifierTask(model.network, batches, augment=config.augment))
    if model.refiner is not None:
        locator = _locator(model, config)
        course.run("locate", LocateTask(locator, batches, augment=config.augment))
        targets = make_targets(LocalMapper(model.network), locator, batches, model.spec)
        course.run("refine", RefineTask(model.refiner, batches, targets, augment=config.augment))
    spec = calibrated(model, batches)
    return replace(model, spec=replace(spec, summary=course.summary))


def _locator(model: Model, config: TrainConfig) -> Locator:
    with torch.random.fork_rng():
        torch.manual_seed(config.seed + 1)
        locator = Locator(model.spec.channels, len(model.spec.structures))
    return channels_last(locator.to(model.device))


def _spec(data: TrainingData, config: TrainConfig) -> ModelSpec:
    count = len(data.structures)
    return ModelSpec(
        method=config.method,
        channels=int(data.patches.shape[1]),
        structures=data.structures,
        patch_size=data.patch_size,
        downscale=data.downscale,
        width=config.width,
        dropout=config.dropout,
        thresholds=(0.5,) * count,
        decisions=(0.5,) * count,
    )


def auto_epochs(patches: int, side: int) -> int:
    """Epochs from the size of the data: about as many patches shown in all, whatever their number.

    No more than 30: on both demo sets (128 and 256 patches), 24 epochs gave masks as good as 47 and
    80 did, or better.

    Args: patches for training, and their side in working pixels.
    """
    shown = 6_000 * 64 / max(side, 32)
    return int(np.clip(round(shown / max(patches, 1)), 5, 30))


@dataclass(slots=True)
class _Course:
    """The stages of one training, their epochs counted through."""

    data: TrainingData
    config: TrainConfig
    on_epoch: OnEpoch
    should_stop: ShouldStop
    checkpoint: Path | None
    summary: dict[str, object] = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        self.summary = {"config": self.config.to_dict(), "patches": len(self.data.patches)}

    @property
    def stages(self) -> list[tuple[str, int]]:
        """Names and epochs of the stages."""
        count = len(training_indices(self.data))
        auto = auto_epochs(count, int(self.data.patches.shape[-1]))
        stages = [("classify", self.config.epochs or auto)]
        if self.config.method == "refined":
            again = self.config.refine_epochs or self.config.epochs or auto
            stages += [("locate", again), ("refine", again)]
        return stages

    def run(self, name: str, task: Task) -> None:
        stage = [known for known, _ in self.stages].index(name)
        epochs = self.stages[stage][1]
        before = sum(count for _, count in self.stages[:stage])
        total = sum(count for _, count in self.stages)
        plan = self._plan(name, epochs, stage)

        def report(done: Finished) -> None:
            self.on_epoch(_report(name, before, total, done))
            self.summary[name] = {"epoch": done.epoch, "validation_loss": done.validation.loss}

        fit(task, plan, on_epoch=report, should_stop=self.should_stop)

    def _plan(self, name: str, epochs: int, stage: int) -> Plan:
        config = self.config
        count = len(training_indices(self.data))
        return Plan(
            name=name,
            epochs=epochs,
            learning_rate=config.learning_rate * _FASTER.get(name, 1),
            batch_size=int(np.clip(count // 8, 4, config.batch_size)),
            patience=config.patience,
            seed=config.seed + 1000 * stage,
            fingerprint=fingerprint(self.data, config),
            checkpoint=self.checkpoint,
        )


def _report(stage: str, before: int, total: int, done: Finished) -> EpochReport:
    return EpochReport(
        stage=stage,
        epoch=before + done.epoch,
        epochs=total,
        train_loss=done.train_loss,
        validation_loss=done.validation.loss,
        validation_f1=done.validation.f1,
        seconds=done.seconds,
    )


def fingerprint(data: TrainingData, config: TrainConfig) -> str:
    """A digest of everything the result depends on; a checkpoint of another digest is not used."""
    digest = hashlib.blake2b(digest_size=16)
    about = {"config": config.to_dict(), "structures": data.structures, "downscale": data.downscale}
    digest.update(json.dumps(about, sort_keys=True).encode())
    for array in (data.patches, data.labels, data.validation, data.weights):
        if array is not None:
            digest.update(str((array.shape, array.dtype)).encode())
            digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def parameter_count(module: nn.Module) -> int:
    """Number of trained parameters."""
    return sum(p.numel() for p in module.parameters())
