"""Second stage: a U-Net taught by masks made from the answers, and by the exact zeros of "no"
patches."""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from inference.micranet.augment import jitter, turn, turn_codes
from inference.micranet.classifier import Batches, measuring_indices, training_indices
from inference.micranet.config import ModelSpec
from inference.micranet.loop import Validation
from inference.micranet.maps import LocalMapper
from inference.micranet.metrics import f1
from inference.micranet.pixelmap import fine_maps
from inference.micranet.targets import masks_of_yes
from inference.micranet.thresholds import COVERAGE
from inference.micranet.unet import UNet

_BATCH = 64


def fine_maps_of_yes(
    mapper: LocalMapper, batches: Batches, spec: ModelSpec, chosen: np.ndarray, structure: int
) -> npt.NDArray[np.float32]:
    """The paper's fine maps (n, P, P) of one structure for the chosen patches."""
    parts = []
    for start in range(0, len(chosen), _BATCH):
        patches = batches.patches(chosen[start : start + _BATCH])
        present = torch.zeros(len(patches), mapper.structures, dtype=torch.bool)
        present[:, structure] = True
        fine = fine_maps(mapper, patches, spec, present.to(batches.device))
        parts.append(fine[:, structure].cpu().numpy())
    return np.concatenate(parts)


def make_targets(mapper: LocalMapper, batches: Batches, spec: ModelSpec) -> npt.NDArray[np.bool_]:
    """Masks (N, S, P, P): of "yes" patches from fine maps and intensity, of all others empty."""
    data = batches.data
    side = data.patches.shape[-1]
    targets = np.zeros((*data.labels.shape, side, side), dtype=bool)
    for s in range(data.labels.shape[1]):
        chosen = np.flatnonzero(data.labels[:, s] > 0.5)
        if len(chosen):
            fine = fine_maps_of_yes(mapper, batches, spec, chosen, s)
            targets[chosen, s] = masks_of_yes(data.patches[chosen], fine)
    return targets


class RefineTask:
    """Per-pixel cross-entropy against the targets; patches without an answer count nothing."""

    def __init__(
        self, refiner: UNet, batches: Batches, targets: npt.NDArray[np.bool_], *, augment: bool
    ) -> None:
        self.module: nn.Module = refiner
        self.batches = batches
        self.targets = targets
        self.augment = augment

    def indices(self) -> np.ndarray:
        return training_indices(self.batches.data)

    def loss(self, chosen: np.ndarray, rng: np.random.Generator) -> Tensor:
        patches, targets = self.batches.patches(chosen), self._targets(chosen)
        if self.augment:
            codes = turn_codes(len(chosen), rng)
            patches, targets = jitter(turn(patches, codes), rng), turn(targets, codes)
        return self._loss(self.module(patches), targets, chosen)

    def validate(self) -> Validation:
        chosen = measuring_indices(self.batches.data)
        losses, covered = [], []
        for start in range(0, len(chosen), _BATCH):
            part = chosen[start : start + _BATCH]
            logits = self.module(self.batches.patches(part))
            losses.append(float(self._loss(logits, self._targets(part), part)) * len(part))
            covered.append((logits >= 0).float().mean(dim=(2, 3)).cpu().numpy() > COVERAGE)
        found = np.concatenate(covered)
        return Validation(sum(losses) / len(chosen), _patch_f1(found, self._labels(chosen)))

    def _targets(self, chosen: np.ndarray) -> Tensor:
        return torch.from_numpy(self.targets[chosen]).to(self.batches.device, torch.float32)

    def _labels(self, chosen: np.ndarray) -> np.ndarray:
        return np.asarray(self.batches.data.labels[chosen])

    def _loss(self, logits: Tensor, targets: Tensor, chosen: np.ndarray) -> Tensor:
        labels, weights = self.batches.answers(chosen)
        each = nn.functional.binary_cross_entropy_with_logits(logits, targets, reduction="none")
        certainty = (2 * labels.nan_to_num(0.5) - 1).abs() * weights
        total: Tensor = (each.mean(dim=(2, 3)) * certainty).sum() / certainty.sum().clamp_min(1e-6)
        return total


def _patch_f1(found: np.ndarray, labels: np.ndarray) -> tuple[float, ...]:
    answered = ~np.isnan(labels)
    return tuple(
        f1(found[answered[:, s], s], labels[answered[:, s], s] > 0.5)
        for s in range(labels.shape[1])
    )
