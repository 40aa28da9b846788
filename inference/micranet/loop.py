"""One training loop for every stage: schedule, early stopping, best weights, stop and resume."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

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


@dataclass(frozen=True, slots=True)
class Validation:
    """How the module does on the validation part; ``f1`` per structure, nan where there is no
    answer."""

    loss: float
    f1: tuple[float, ...]


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
    """How a stage is run."""

    name: str
    epochs: int
    learning_rate: float
    batch_size: int
    patience: int
    seed: int
    fingerprint: str
    weight_decay: float = 1e-4
    checkpoint: Path | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """One finished epoch of one stage."""

    epoch: int
    train_loss: float
    validation: Validation
    seconds: float


@dataclass(slots=True)
class _Progress:
    epoch: int = 0
    best_loss: float = math.inf
    best_epoch: int = 0
    best: dict[str, Tensor] = field(default_factory=dict)
    epochs: list[Finished] = field(default_factory=list)


def fit(
    task: Task,
    plan: Plan,
    *,
    on_epoch: Callable[[Finished], None],
    should_stop: Callable[[], bool],
) -> None:
    """Train ``task.module`` in place and leave it with the weights of the lowest validation loss.

    An epoch's randomness depends on seed, stage and epoch only, so that a resumed run equals an
    unbroken one. Raises Stopped as soon as ``should_stop()`` is true; the state of the last whole
    epoch is kept. A resumed run reports all its epochs again: who was killed between keeping and
    telling had not told the last one.
    """
    optimiser = torch.optim.AdamW(
        task.module.parameters(), lr=plan.learning_rate, weight_decay=plan.weight_decay
    )
    progress = _resume(task.module, optimiser, plan)
    for known in progress.epochs:
        on_epoch(known)
    while progress.epoch < plan.epochs and progress.epoch - progress.best_epoch < plan.patience:
        started = time.monotonic()
        train_loss = _epoch(task, optimiser, plan, progress.epoch, should_stop)
        validation = _validate(task)
        progress.epoch += 1
        if validation.loss < progress.best_loss or not progress.best:
            progress.best_loss, progress.best_epoch = validation.loss, progress.epoch
            progress.best = copied_weights(task.module)
        seconds = time.monotonic() - started
        progress.epochs.append(Finished(progress.epoch, train_loss, validation, seconds))
        _save(task.module, optimiser, plan, progress)
        on_epoch(progress.epochs[-1])
    task.module.load_state_dict(progress.best)
    task.module.eval()


def _epoch(
    task: Task,
    optimiser: torch.optim.Optimizer,
    plan: Plan,
    epoch: int,
    should_stop: Callable[[], bool],
) -> float:
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
            losses.append(_step(task, optimiser, chosen, rng, rate))
    return float(np.mean(losses))


def _step(
    task: Task,
    optimiser: torch.optim.Optimizer,
    chosen: np.ndarray,
    rng: np.random.Generator,
    rate: float,
) -> float:
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.zero_grad(set_to_none=True)
    loss = task.loss(chosen, rng)
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


def _resume(module: nn.Module, optimiser: torch.optim.Optimizer, plan: Plan) -> _Progress:
    path = _path(plan)
    state = read_state(path, fingerprint=plan.fingerprint) if path else None
    if state is None:
        return _Progress()
    module.load_state_dict(below("weights", state.tensors))
    load_optimiser(optimiser, below("optimiser", state.tensors))
    values = state.values
    best = below("best", state.tensors)
    epochs = [_finished(kept) for kept in values.get("epochs", [])]
    return _Progress(values["epoch"], values["best_loss"], values["best_epoch"], best, epochs)


def _finished(kept: dict[str, Any]) -> Finished:
    validation = Validation(kept["validation"]["loss"], tuple(kept["validation"]["f1"]))
    return Finished(kept["epoch"], kept["train_loss"], validation, kept["seconds"])


def _save(
    module: nn.Module, optimiser: torch.optim.Optimizer, plan: Plan, progress: _Progress
) -> None:
    path = _path(plan)
    if path is None:
        return
    tensors = under("weights", module.state_dict()) | under("best", progress.best)
    tensors |= under("optimiser", optimiser_tensors(optimiser))
    values = {
        "fingerprint": plan.fingerprint,
        "epoch": progress.epoch,
        "best_loss": progress.best_loss,
        "best_epoch": progress.best_epoch,
        "epochs": [asdict(finished) for finished in progress.epochs],
    }
    write_state(path, State(tensors, values))


def _path(plan: Plan) -> Path | None:
    return plan.checkpoint / f"{plan.name}.safetensors" if plan.checkpoint else None
