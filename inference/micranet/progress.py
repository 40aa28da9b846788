"""How far a stage is, and which of its weights are kept."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

# Fewer validation answers say nothing of epochs: not even how much they differ by chance.
FEWEST_MEASURED = 8


@dataclass(frozen=True, slots=True)
class Validation:
    """How the module does on the validation part.

    Attributes:
        loss: the mean.
        f1: per structure, nan where there is no answer.
        losses: (n,) of the single answers, always in the same order; None where a stage has none.
    """

    loss: float
    f1: tuple[float, ...]
    losses: npt.NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """One finished epoch. ``kept``: its weights are kept unless those of a later one are."""

    epoch: int
    train_loss: float
    validation: Validation
    seconds: float
    kept: bool = False


@dataclass(slots=True)
class Progress:
    """The finished epochs, the validation of the lowest loss, and the weights that are kept."""

    epochs: list[Finished] = field(default_factory=list)
    lowest: Validation | None = None
    weights: dict[str, Tensor] = field(default_factory=dict)

    @property
    def epoch(self) -> int:
        """Finished epochs."""
        return len(self.epochs)

    @property
    def waited(self) -> int:
        """Epochs since the one whose weights are kept."""
        kept = [done.epoch for done in self.epochs if done.kept]
        return self.epoch - max(kept, default=0)

    def add(self, done: Finished, weights: dict[str, Tensor]) -> Finished:
        """Count an epoch; its weights are kept unless the lowest loss is better beyond chance."""
        if self.lowest is None or done.validation.loss < self.lowest.loss:
            self.lowest = done.validation
        done = replace(done, kept=not worse(done.validation, self.lowest))
        if done.kept:
            self.weights = weights
        self.epochs.append(done)
        return done


def worse(one: Validation, lowest: Validation) -> bool:
    """Whether a loss is higher by more than the standard error of the difference.

    A handful of answers says little of which epoch is the best, and the later one has learnt more:
    the one-standard-error rule (Breiman et al., Classification and regression trees, 1984), here in
    favour of the longer training. Of fewer than `FEWEST_MEASURED` answers that error is chance too:
    no loss is worse. Without losses of single answers every difference counts.
    """
    if one.losses is None or lowest.losses is None:
        return one.loss > lowest.loss
    if len(one.losses) < FEWEST_MEASURED:
        return False
    each = one.losses.astype(np.float64) - lowest.losses
    return bool(each.mean() > each.std(ddof=1) / math.sqrt(len(each)))


def stored(progress: Progress) -> tuple[dict[str, Tensor], list[dict[str, Any]]]:
    """What ``restored`` needs: the losses of the lowest epoch, and the epochs as plain values."""
    lowest = progress.lowest
    losses = lowest.losses if lowest is not None else None
    tensors = {} if losses is None else {"losses": torch.from_numpy(losses)}
    return tensors, [asdict(_without_losses(done)) for done in progress.epochs]


def restored(
    epochs: Sequence[dict[str, Any]], lowest: dict[str, Tensor], weights: dict[str, Tensor]
) -> Progress:
    """The progress of which these are the epochs, the lowest losses and the kept weights."""
    finished = [_finished(values) for values in epochs]
    best = min((done.validation for done in finished), key=lambda one: one.loss)
    losses = lowest["losses"].numpy() if lowest else None
    return Progress(finished, replace(best, losses=losses), weights)


def _without_losses(done: Finished) -> Finished:
    return replace(done, validation=replace(done.validation, losses=None))


def _finished(values: dict[str, Any]) -> Finished:
    told = values["validation"]
    validation = Validation(told["loss"], tuple(told["f1"]))
    return Finished(**{**values, "validation": validation})
