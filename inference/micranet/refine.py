"""Third stage: a U-Net taught by the votes of the cues, and by the exact zeros of "no" patches."""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from inference.micranet.augment import jitter, turn, turn_codes
from inference.micranet.classifier import Batches, measuring_indices, patch_f1, training_indices
from inference.micranet.config import ModelSpec
from inference.micranet.guided import guides, redrawn
from inference.micranet.locator import VIEWS, Locator, located
from inference.micranet.maps import LocalMapper
from inference.micranet.pixelmap import fine_maps
from inference.micranet.progress import Validation
from inference.micranet.targets import (
    REFERENCE,
    Cues,
    deciding,
    intensity_share,
    project,
    rough_direction,
    votes_of_yes,
)
from inference.micranet.thresholds import COVERAGE
from inference.micranet.unet import UNet

Votes = npt.NDArray[np.uint8]
ALL_VOTES = 255
_LEAST = 0.1  # certainty of a pixel on which the votes are even
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
        parts.append(fine[:, structure].float().cpu().numpy())
    return np.concatenate(parts)


def make_targets(mapper: LocalMapper, locator: Locator, batches: Batches, spec: ModelSpec) -> Votes:
    """Votes (N, S, P, P), 0..255 for 0..1: of "yes" patches from the cues, of all others none."""
    data = batches.data
    side = data.patches.shape[-1]
    targets = np.zeros((*data.labels.shape, side, side), dtype=np.uint8)
    for s in range(data.labels.shape[1]):
        chosen = np.flatnonzero(data.labels[:, s] > 0.5)
        if len(chosen):
            fine = fine_maps_of_yes(mapper, batches, spec, chosen, s)
            votes = _votes(locator, batches, chosen, fine, s)
            targets[chosen, s] = np.rint(votes * ALL_VOTES).astype(np.uint8)
    return targets


def _votes(
    locator: Locator,
    batches: Batches,
    chosen: np.ndarray,
    fine: npt.NDArray[np.float32],
    structure: int,
) -> npt.NDArray[np.float32]:
    patches = batches.data.patches[chosen]
    heads = located(locator, batches, chosen, structure).astype(np.float32)
    direction = rough_direction(patches, heads, fine)
    share = _share(locator, batches, direction, structure)
    blurred = np.concatenate([heads, fine[:, None]], axis=1)
    sharp = redrawn(guides(patches, direction), blurred, (*VIEWS, VIEWS[-1]))
    return votes_of_yes(Cues(project(patches, direction), sharp[:, :-1], sharp[:, -1]), share)


def _share(
    locator: Locator, batches: Batches, direction: npt.NDArray[np.float32], structure: int
) -> float:
    """The intensity's share, from the answers of the training part, a few patches at a time. The
    widest head is no measure: it explains answers by what lies around the structure."""
    labels = batches.data.labels[:, structure]
    chosen = np.flatnonzero(~np.isnan(labels) & ~batches.data.validation)
    deciders = []
    for start in range(0, len(chosen), _BATCH):
        part = chosen[start : start + _BATCH]
        intensity = project(batches.data.patches[part], direction)
        heads = located(locator, batches, part, structure)[:, : REFERENCE + 1].astype(np.float32)
        deciders.append(deciding(np.concatenate([intensity[:, None], heads], axis=1)))
    return intensity_share(np.concatenate(deciders), labels[chosen] > 0.5)


class RefineTask:
    """Cross-entropy per pixel plus soft Dice against the votes, weighted by their certainty.

    Cross-entropy alone learns probabilities, whose best cut lies far below one half where masks
    are uncertain; with Dice (Milletari et al., 3DV 2016) the cut at 0.5 is the good one. A pixel on
    which the cues agree counts fully, one on which they are even hardly; patches without an answer
    count nothing.

    Args of the constructor: targets uint8 (N, S, P, P), votes 0..255 for 0..1.
    """

    def __init__(self, refiner: UNet, batches: Batches, targets: Votes, *, augment: bool) -> None:
        self.module: nn.Module = refiner
        self.batches = batches
        self.targets = targets
        self.augment = augment

    def indices(self) -> np.ndarray:
        return training_indices(self.batches.data)

    def loss(self, chosen: np.ndarray, rng: np.random.Generator) -> Tensor:
        patches, votes = self.batches.patches(chosen), self._votes(chosen)
        if self.augment:
            codes = turn_codes(len(chosen), rng)
            patches, votes = jitter(turn(patches, codes), rng), turn(votes, codes)
        return refine_loss(_sums(self.module(patches), votes, self._certainty(chosen)))

    def validate(self) -> Validation:
        chosen = measuring_indices(self.batches.data)
        sums, covered = [], []
        for start in range(0, len(chosen), _BATCH):
            part = chosen[start : start + _BATCH]
            logits = self.module(self.batches.patches(part))
            sums.append(_sums(logits, self._votes(part), self._certainty(part)))
            covered.append((logits >= 0).float().mean(dim=(2, 3)).cpu().numpy() > COVERAGE)
        loss = float(refine_loss(torch.stack(sums).sum(dim=0)))
        labels = np.asarray(self.batches.data.labels[chosen])
        return Validation(loss, patch_f1(np.concatenate(covered), labels))

    def _votes(self, chosen: np.ndarray) -> Tensor:
        votes = torch.from_numpy(self.targets[chosen]).to(self.batches.device, torch.float32)
        return votes / ALL_VOTES

    def _certainty(self, chosen: np.ndarray) -> Tensor:
        """How sure the answers are: (B, S), 0 where there is none."""
        labels, weights = self.batches.answers(chosen)
        return (2 * labels.nan_to_num(0.5) - 1).abs() * weights


def _sums(logits: Tensor, votes: Tensor, certainty: Tensor) -> Tensor:
    """Weight, cross-entropy, overlap and area per structure: (4, S), sums over a batch."""
    target = (votes >= 0.5).float()
    weight = _LEAST + (1 - _LEAST) * (2 * votes - 1).abs()
    weight = weight * certainty[:, :, None, None]
    each = nn.functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    found = torch.sigmoid(logits)
    area = found + target
    parts = (weight, weight * each, weight * found * target, weight * area)
    return torch.stack([part.sum(dim=(0, 2, 3)) for part in parts])


def refine_loss(sums: Tensor) -> Tensor:
    """Mean cross-entropy plus one minus soft Dice, mean over the structures; from ``_sums``."""
    weight, entropy, overlap, area = sums
    dice = 1 - (2 * overlap + 1) / (area + 1)
    total: Tensor = entropy.sum() / weight.sum().clamp_min(1e-6) + dice.mean()
    return total
