"""One training loop for every stage: schedule, early stopping, kept weights, stop and resume."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from inference.micranet.averaging import Average
from inference.micranet.checkpoint import (
    State,
    below,
    copied_weights,
    load_optimiser,
    optimiser_tensors,
    read_state,
    under,
    write_state,
)
from inference.micranet.errors import Stopped
from inference.micranet.progress import Finished, Progress, Validation, restored, stored


class Task(Protocol):
    """What a stage learns."""

    module: nn.Module

    def indices(self) -> np.ndarray:
        """The patches to learn from."""

    def loss(self, chosen: np.ndarray, rng: np.random.Generator) -> Tensor:
        """Mean loss of the chosen patches; all its randomness comes from ``rng`` and torch's
        generator."""

    def validate(self) -> Validation:
        """Measure; the module is in evaluation mode."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a stage is run.

    ``averaged``: the share of the steps so far whose mean weights are measured and kept; 0: those
    of the last step.
    """

    name: str
    epochs: int
    learning_rate: float
    batch_size: int
    patience: int
    seed: int
    fingerprint: str
    weight_decay: float = 1e-4
    averaged: float = 0.0
    checkpoint: Path | None = None


@dataclass(frozen=True, slots=True)
class _Learning:
    """What the steps of a stage change."""

    task: Task
    plan: Plan
    optimiser: torch.optim.Optimizer
    average: Average


def fit(
    task: Task,
    plan: Plan,
    *,
    on_epoch: Callable[[Finished], None],
    should_stop: Callable[[], bool],
) -> None:
    """Train ``task.module`` in place and leave it with the weights that ``Progress`` keeps.

    An epoch's randomness depends on seed, stage and epoch only, so that a resumed run equals an
    unbroken one. Raises Stopped as soon as ``should_stop()`` is true; the state of the last whole
    epoch is kept. A resumed run reports all its epochs again: who was killed between keeping and
    telling had not told the last one.
    """
    learning = _begun(task, plan)
    progress = _resume(learning)
    for known in progress.epochs:
        on_epoch(known)
    while progress.epoch < plan.epochs and progress.waited < plan.patience:
        started = time.monotonic()
        train_loss = _epoch(learning, progress.epoch, should_stop)
        with learning.average.shown():
            validation = _validate(task)
            seconds = time.monotonic() - started
            done = Finished(progress.epoch + 1, train_loss, validation, seconds)
            done = progress.add(done, copied_weights(task.module))
        _save(learning, progress)
        on_epoch(done)
    task.module.load_state_dict(progress.weights)
    task.module.eval()


def _begun(task: Task, plan: Plan) -> _Learning:
    optimiser = torch.optim.AdamW(
        task.module.parameters(), lr=plan.learning_rate, weight_decay=plan.weight_decay
    )
    return _Learning(task, plan, optimiser, Average(task.module, plan.averaged))


def _epoch(learning: _Learning, epoch: int, should_stop: Callable[[], bool]) -> float:
    task, plan = learning.task, learning.plan
    task.module.train()
    rng = np.random.default_rng([plan.seed, epoch])
    losses: list[float] = []
    with torch.random.fork_rng():
        torch.manual_seed(int(rng.integers(2**31)))
        batches = list(_batches(rng.permutation(task.indices()), plan.batch_size))
        for number, chosen in enumerate(batches):
            if should_stop():
                raise Stopped("Training was stopped.")
            rate = learning_rate((epoch + number / len(batches)) / plan.epochs, plan.learning_rate)
            losses.append(_step(learning, chosen, rng, rate))
            learning.average.add(epoch * len(batches) + number)
    return float(np.mean(losses))


def _step(learning: _Learning, chosen: np.ndarray, rng: np.random.Generator, rate: float) -> float:
    optimiser = learning.optimiser
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.zero_grad(set_to_none=True)
    loss = learning.task.loss(chosen, rng)
    loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()
    return float(loss.detach())


def learning_rate(done: float, peak: float) -> float:
    """One cycle over the whole stage: up during the first tenth, then a cosine down to 1 % of the
    peak."""
    if done < 0.1:
        return peak * (0.1 + 0.9 * done / 0.1)
    return peak * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * (done - 0.1) / 0.9)))


def _batches(order: np.ndarray, size: int) -> Iterator[np.ndarray]:
    """Batches of nearly equal size: batch norm must not meet a lone last patch."""
    yield from np.array_split(order, max(1, round(len(order) / size)))


def _validate(task: Task) -> Validation:
    task.module.eval()
    with torch.no_grad():
        return task.validate()


def _resume(learning: _Learning) -> Progress:
    plan, module = learning.plan, learning.task.module
    path = _path(plan)
    state = read_state(path, fingerprint=plan.fingerprint) if path else None
    if state is None:
        return Progress()
    module.load_state_dict(below("weights", state.tensors))
    load_optimiser(learning.optimiser, below("optimiser", state.tensors))
    learning.average.load(below("average", state.tensors))
    lowest, kept = (below(name, state.tensors) for name in ("lowest", "kept"))
    return restored(state.values["epochs"], lowest, kept)


def _save(learning: _Learning, progress: Progress) -> None:
    path = _path(learning.plan)
    if path is None:
        return
    tensors = under("weights", learning.task.module.state_dict())
    tensors |= under("average", learning.average.tensors())
    tensors |= under("optimiser", optimiser_tensors(learning.optimiser))
    lowest, epochs = stored(progress)
    tensors |= under("lowest", lowest) | under("kept", progress.weights)
    values = {"fingerprint": learning.plan.fingerprint, "epochs": epochs}
    write_state(path, State(tensors, values))


def _path(plan: Plan) -> Path | None:
    return plan.checkpoint / f"{plan.name}.safetensors" if plan.checkpoint else None
