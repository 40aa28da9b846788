"""The methods that are compared; classifier and schedule are shared, so that only the method
differs. Where answers are few ours has a classifier of its own, which unanswered patches teach too.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch

from inference.micranet.calibrate import calibrated
from inference.micranet.classifier import Batches
from inference.micranet.config import ModelSpec, TrainConfig
from inference.micranet.course import AVERAGED, Stage, auto_epochs, batch_size, rate_of
from inference.micranet.loop import Plan, fit
from inference.micranet.model import Model, build
from inference.micranet.preprocess import normalise
from inference.micranet.refine import ALL_VOTES, RefineTask
from inference.micranet.thresholds import COVERAGE, otsu
from inference.micranet.train import train
from tests.benchmarks.science_data import Answered, Scene
from tests.benchmarks.science_scores import shares
from tests.benchmarks.several import maps_of, masks_of

Mask = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Method:
    """How one method answers a scene: mask (H, W), patch scores (rows, columns); and its cost so
    far."""

    name: str
    apply: Callable[[Scene], tuple[Mask, Scores]]
    cut: float
    seconds: float
    probabilities: bool = True


def methods(answered: Answered, config: TrainConfig) -> list[Method]:
    """Intensity Otsu, Grad-CAM of L8, the paper's method, ours, and the ceiling."""
    started = time.monotonic()
    ours = train(answered.taught, config)
    seconds = time.monotonic() - started
    if answered.taught is answered.data:
        plain = ours
    else:
        plain = train(answered.data, replace(config, method="paper"))
    paper = _with_spec(plain, answered, replace(plain.spec, method="paper"))
    gradcam = _with_spec(
        plain, answered, replace(plain.spec, method="paper", layers=(8,), combiner="sum")
    )
    started = time.monotonic()
    ceiling = _ceiling(answered, ours.spec, config)
    ceiling_seconds = time.monotonic() - started
    return [
        _otsu(answered),
        _of_model("gradcam", gradcam, seconds),
        _of_model("paper", paper, seconds),
        _of_model("ours", ours, seconds),
        _of_masks("ceiling", ceiling, ceiling_seconds),
    ]


def _with_spec(model: Model, answered: Answered, spec: ModelSpec) -> Model:
    """The same classifier read by the paper's procedure, its threshold chosen anew."""
    plain = Model(spec, model.network)
    device = model.device
    return replace(plain, spec=calibrated(plain, Batches(answered.data, device)))


def _ceiling(answered: Answered, spec: ModelSpec, config: TrainConfig) -> Model:
    """The refiner's network and schedule, taught by the true masks of the same patches."""
    torch.manual_seed(config.seed)
    model = build(replace(spec, method="refined"))
    assert model.refiner is not None
    data = replace(answered.data, labels=np.ones_like(answered.data.labels))
    batches = Batches(data, model.device)
    count, side = int((~data.validation).sum()), int(data.patches.shape[-1])
    size = batch_size(count, config.batch_size)
    epochs = config.refine_epochs or auto_epochs(count, side)
    plan = Plan(
        name="ceiling",
        epochs=epochs,
        learning_rate=rate_of(Stage("refine", epochs, tuned=False), size, config),
        batch_size=size,
        patience=config.patience,
        seed=config.seed,
        fingerprint="",
        averaged=AVERAGED,
    )
    targets = answered.masks.astype(np.uint8) * ALL_VOTES
    task = RefineTask(model.refiner, batches, targets, augment=config.augment)
    fit(task, plan, on_epoch=lambda done: None, should_stop=lambda: False)
    return model


def _otsu(answered: Answered) -> Method:
    """Per-image Otsu of the mean channel; the answers say whether the structure is bright or
    dark."""
    patches, yes = answered.data.patches, answered.data.labels[:, 0] > 0.5
    levels = patches.astype(np.float32).mean(axis=(1, 2, 3))
    sign = 1.0 if levels[yes].mean() >= levels[~yes].mean() else -1.0

    def apply(scene: Scene) -> tuple[Mask, Scores]:
        grey = sign * normalise(scene.planes, scene.limits).mean(axis=0)
        mask = np.asarray(grey >= otsu(grey))
        return mask, shares(mask, answered.data.patch_size)

    return Method("otsu", apply, cut=COVERAGE, seconds=0.0, probabilities=False)


def _of_model(name: str, model: Model, seconds: float) -> Method:
    return Method(name, lambda scene: run(model, scene), model.spec.decisions[0], seconds)


def _of_masks(name: str, model: Model, seconds: float) -> Method:
    def apply(scene: Scene) -> tuple[Mask, Scores]:
        mask, _ = run(model, scene)
        return mask, shares(mask, model.spec.patch_size)

    return Method(name, apply, cut=COVERAGE, seconds=seconds, probabilities=False)


def run(model: Model, scene: Scene) -> tuple[Mask, Scores]:
    """Mask and patch scores of the first structure."""
    maps, scores = maps_of(model, scene.planes, scene.limits)
    return masks_of(model, maps)[0], scores[0]
