"""First stage, the paper's: MICRA-Net learns the yes/no answers."""

import numpy as np
import torch
from torch import Tensor, nn

from inference.micranet.augment import jitter, turn, turn_codes
from inference.micranet.data import TrainingData
from inference.micranet.metrics import f1
from inference.micranet.progress import Validation

_MAX_POSITIVE_WEIGHT = 10.0  # a rarer "yes" must not make single patches rule the gradient


def positive_weights(data: TrainingData) -> np.ndarray:
    """Per structure: weight of "no" over weight of "yes" in the training part, within 0.1 to 10.
    Shape (S,)."""
    labels = data.labels[~data.validation]
    weights = 1 if data.weights is None else data.weights[~data.validation]
    yes, no = np.nansum(weights * labels, axis=0), np.nansum(weights * (1 - labels), axis=0)
    ratio = no / np.maximum(yes, 1e-9)
    clipped = np.clip(ratio, 1 / _MAX_POSITIVE_WEIGHT, _MAX_POSITIVE_WEIGHT)
    return np.asarray(clipped, dtype=np.float32)


def answer_loss(logits: Tensor, labels: Tensor, weights: Tensor, positive: Tensor) -> Tensor:
    """Weighted binary cross-entropy over the answers given; nan labels count nothing.

    Args: logits, labels, weights (B, S); positive (S,) multiplies the "yes" part.
    """
    given = ~torch.isnan(labels)
    weights = torch.where(given, weights, 0)
    total: Tensor = _losses(logits, labels, positive) * weights
    return total.sum() / weights.sum().clamp_min(1e-6)


def _losses(logits: Tensor, labels: Tensor, positive: Tensor) -> Tensor:
    """Cross-entropy of each answer (B, S); of a nan label as if it were "no"."""
    return nn.functional.binary_cross_entropy_with_logits(
        logits, labels.nan_to_num(0), pos_weight=positive, reduction="none"
    )


class Batches:
    """Patches, labels and weights by index, as tensors on the device."""

    def __init__(
        self,
        data: TrainingData,
        device: torch.device,
        positive: tuple[float, ...] | None = None,
    ) -> None:
        """``positive``: how much more a "yes" counts, per structure; None: from the answers."""
        self.data = data
        self.device = device
        weights = data.weights if data.weights is not None else np.ones_like(data.labels)
        self.labels = torch.as_tensor(data.labels, dtype=torch.float32, device=device)
        self.weights = torch.as_tensor(weights, dtype=torch.float32, device=device)
        chosen = positive_weights(data) if positive is None else positive
        self.positive = torch.as_tensor(chosen, dtype=torch.float32, device=device)

    def patches(self, chosen: np.ndarray) -> Tensor:
        """float32 (B, C, P, P), channels last: the faster order on every device."""
        batch = torch.from_numpy(self.data.patches[chosen].astype(np.float32))
        return batch.to(self.device, memory_format=torch.channels_last)

    def varied(self, chosen: np.ndarray, rng: np.random.Generator) -> Tensor:
        """As `patches`, each turned and made brighter or darker by chance."""
        return jitter(turn(self.patches(chosen), turn_codes(len(chosen), rng)), rng)

    def answers(self, chosen: np.ndarray) -> tuple[Tensor, Tensor]:
        """Labels and weights, each (B, S)."""
        index = torch.from_numpy(chosen)
        return self.labels[index], self.weights[index]


class ClassifierTask:
    """Binary cross-entropy on patch answers with positive weights and augmentation."""

    def __init__(self, network: nn.Module, batches: Batches, *, augment: bool) -> None:
        self.module = network
        self.batches = batches
        self.augment = augment
        self.positive = batches.positive

    def indices(self) -> np.ndarray:
        return training_indices(self.batches.data)

    def loss(self, chosen: np.ndarray, rng: np.random.Generator) -> Tensor:
        batches = self.batches
        patches = batches.varied(chosen, rng) if self.augment else batches.patches(chosen)
        logits = self.module(patches)
        return answer_loss(logits, *self.batches.answers(chosen), self.positive)

    def validate(self) -> Validation:
        chosen = measuring_indices(self.batches.data)
        logits = predict_logits(self.module, self.batches, chosen)
        labels, weights = self.batches.answers(chosen)
        loss = answer_loss(logits, labels, weights, self.positive)
        each = (_losses(logits, labels, self.positive) * weights)[~torch.isnan(labels)]
        scores = torch.sigmoid(logits).cpu().numpy()
        f1s = patch_f1(scores, labels.cpu().numpy())
        return Validation(float(loss), f1s, each.cpu().numpy())


def training_indices(data: TrainingData) -> np.ndarray:
    """Patches of the training part with at least one answer or guess."""
    answered = ~np.isnan(data.labels).all(axis=1)
    return np.flatnonzero(answered & ~data.validation)


def measuring_indices(data: TrainingData) -> np.ndarray:
    """Answered validation patches; the answered training patches when there are none."""
    answered = ~np.isnan(data.labels).all(axis=1) & data.by_people
    chosen = np.flatnonzero(answered & data.validation)
    return chosen if len(chosen) else np.flatnonzero(answered)


@torch.no_grad()
def predict_logits(
    module: nn.Module, batches: Batches, chosen: np.ndarray, size: int = 64
) -> Tensor:
    """Logits (B, S) of the chosen patches, in evaluation mode as the caller set it."""
    parts = [chosen[start : start + size] for start in range(0, len(chosen), size)]
    return torch.cat([module(batches.patches(part)) for part in parts])


def patch_f1(
    scores: np.ndarray, labels: np.ndarray, cuts: tuple[float, ...] | None = None
) -> tuple[float, ...]:
    """F1 of patches per structure over the answers given; cut at 0.5 unless told."""
    cuts = cuts or (0.5,) * scores.shape[1]
    answered = ~np.isnan(labels)
    return tuple(
        f1(scores[answered[:, s], s] >= cut, labels[answered[:, s], s] > 0.5)
        for s, cut in enumerate(cuts)
    )
