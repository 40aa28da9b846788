"""A tiny learnable set: bright discs on a noisy ground, with exact masks kept aside for judging
only."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from inference.micranet.config import EpochReport, TrainConfig
from inference.micranet.data import TrainingData
from inference.micranet.model import Model
from inference.micranet.train import train

SIDE = 32
QUICK = TrainConfig(method="refined", epochs=3, refine_epochs=3, width=4, batch_size=8, seed=5)


@dataclass(frozen=True, slots=True)
class Field:
    """An image (1, H, W) in 0..1 and the mask (H, W) of its discs."""

    image: npt.NDArray[np.float32]
    mask: npt.NDArray[np.bool_]


def discs(height: int, width: int, *, count: int, seed: int) -> Field:
    """Discs of radius 5 to 8 px, brightness 0.8 on 0.2, noise 0.05."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    mask = np.zeros((height, width), dtype=bool)
    for _ in range(count):
        cy, cx, r = rng.uniform(0, height), rng.uniform(0, width), rng.uniform(5, 8)
        mask |= (y - cy) ** 2 + (x - cx) ** 2 <= r**2
    image = 0.2 + 0.6 * mask + rng.normal(0, 0.05, mask.shape)
    return Field(image[None].astype(np.float32), mask)


def patches_of(field: Field) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Patches (N, 1, 32, 32) and their answers (N, 1) by the 2 % rule."""
    rows, columns = field.mask.shape[0] // SIDE, field.mask.shape[1] // SIDE
    boxes = [
        np.s_[r * SIDE : (r + 1) * SIDE, c * SIDE : (c + 1) * SIDE]
        for r in range(rows)
        for c in range(columns)
    ]
    patches = np.stack([field.image[(slice(None), *box)] for box in boxes])
    answers = np.array([[field.mask[box].mean() > 0.02] for box in boxes], dtype=np.float32)
    return patches, answers


def training_data(side: int = 256) -> TrainingData:
    """64 patches (for 256 px), about half of them "yes"; every fourth measures."""
    patches, labels = patches_of(discs(side, side, count=side * side // 2600, seed=1))
    validation = np.arange(len(patches)) % 4 == 3
    return TrainingData(patches, labels, validation, structures=("disc",))


def watched(
    data: TrainingData,
    config: TrainConfig,
    *,
    start: Model | None = None,
    checkpoint: Path | None = None,
) -> tuple[Model, list[EpochReport], int]:
    """A training, what it reported, and how many batches it took."""
    reports: list[EpochReport] = []
    batches = 0

    def count() -> bool:
        nonlocal batches
        batches += 1
        return False

    model = train(
        data,
        config,
        start=start,
        checkpoint=checkpoint,
        on_epoch=reports.append,
        should_stop=count,
    )
    return model, reports, batches
