"""Second stage: small networks of narrow view that say which pixels make a patch a "yes".

A wide view blurs: any pixel near the structure helps to tell a "yes" from a "no", so a network that
sees far marks a halo; one that sees little knows the rims of a large object and not its inside.
Four heads on one stack of 3x3 convolutions see 3, 5, 9 and 17 pixels. They are taught by the
answers alone: the mean of a patch's highest logits must say what the annotator said
(multiple-instance learning with top-k pooling), so that a logit of 0 parts the structure from the
background in all patches and images alike.
"""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from inference.micranet.classifier import (
    Batches,
    answer_loss,
    measuring_indices,
    patch_f1,
    training_indices,
)
from inference.micranet.progress import Validation

DILATIONS = (1, 1, 2, 4)
HEADS = len(DILATIONS)
VIEWS = tuple(1 + 2 * sum(DILATIONS[: head + 1]) for head in range(HEADS))  # px: 3, 5, 9 and 17
TOP_SHARE = 0.1  # of a patch's pixels that speak for it
_WIDTH = 24
_BATCH = 64


class Locator(nn.Module):
    """Logits per pixel (B, HEADS, S, H, W) from (B, C, H, W), the narrowest view first."""

    def __init__(self, channels: int, structures: int, width: int = _WIDTH) -> None:
        super().__init__()
        inputs = (channels, *(width for _ in DILATIONS[1:]))
        self.layers = nn.ModuleList(
            _layer(count, width, step) for count, step in zip(inputs, DILATIONS, strict=True)
        )
        self.heads = nn.ModuleList(nn.Conv2d(width, structures, 1) for _ in DILATIONS)

    def forward(self, x: Tensor) -> Tensor:
        found = []
        for layer, head in zip(self.layers, self.heads, strict=True):
            x = layer(x)
            found.append(head(x))
        return torch.stack(found, dim=1)


def _layer(inputs: int, outputs: int, step: int) -> nn.Sequential:
    conv = nn.Conv2d(
        inputs, outputs, 3, padding=step, dilation=step, padding_mode="reflect", bias=False
    )
    return nn.Sequential(conv, nn.BatchNorm2d(outputs), nn.ReLU())


def pooled(logits: Tensor, share: float = TOP_SHARE) -> Tensor:
    """Mean of the highest ``share`` of the logits over the last two axes: (…, H, W) to (…)."""
    flat = logits.flatten(-2)
    count = max(1, round(share * flat.shape[-1]))
    return flat.topk(count, dim=-1).values.mean(dim=-1)


class LocateTask:
    """Binary cross-entropy of the pooled logits of every head against the answers."""

    def __init__(self, locator: Locator, batches: Batches, *, augment: bool) -> None:
        self.module: nn.Module = locator
        self.batches = batches
        self.augment = augment

    def indices(self) -> np.ndarray:
        return training_indices(self.batches.data)

    def loss(self, chosen: np.ndarray, rng: np.random.Generator) -> Tensor:
        batches = self.batches
        patches = batches.varied(chosen, rng) if self.augment else batches.patches(chosen)
        return self._loss(pooled(self.module(patches)), chosen)

    def validate(self) -> Validation:
        chosen = measuring_indices(self.batches.data)
        logits = torch.cat([pooled(self.module(p)) for p in _patches(self.batches, chosen)])
        loss = float(self._loss(logits, chosen))
        labels, _ = self.batches.answers(chosen)
        widest = torch.sigmoid(logits[:, -1]).cpu().numpy()
        return Validation(loss, patch_f1(widest, labels.cpu().numpy()))

    def _loss(self, logits: Tensor, chosen: np.ndarray) -> Tensor:
        answers = self.batches.answers(chosen)
        each = [
            answer_loss(logits[:, head], *answers, self.batches.positive) for head in range(HEADS)
        ]
        return torch.stack(each).sum()


def _patches(batches: Batches, chosen: np.ndarray) -> list[Tensor]:
    return [batches.patches(chosen[k : k + _BATCH]) for k in range(0, len(chosen), _BATCH)]


@torch.no_grad()
def located(
    locator: Locator, batches: Batches, chosen: np.ndarray, structure: int
) -> npt.NDArray[np.float16]:
    """Logits of one structure in the chosen patches: (n, HEADS, P, P)."""
    locator.eval()
    found = [
        locator(patches)[:, :, structure].to(torch.float16).cpu().numpy()
        for patches in _patches(batches, chosen)
    ]
    side = batches.data.patches.shape[-1]
    return np.concatenate(found) if found else np.zeros((0, HEADS, side, side), np.float16)
