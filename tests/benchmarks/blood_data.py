"""Blood smears with boxes around white blood cells and platelets."""

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from skimage.io import imread

from inference.micranet.data import TrainingData
from inference.micranet.preprocess import Limits, pad_to, prepare
from inference.micranet.thresholds import COVERAGE

CLASSES = ("WBC", "Platelets")
LIMITS: Limits = ((0.0, 255.0),) * 3
Boxes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Smear:
    """Planes uint8 (3, H, W), and per class its boxes (n, 4): y0, x0, y1, x1, ends excluded."""

    planes: npt.NDArray[np.uint8]
    boxes: tuple[Boxes, ...]

    def covered(self) -> npt.NDArray[np.bool_]:
        """Where the boxes of each class are: (S, H, W)."""
        inside = np.zeros((len(self.boxes), *self.planes.shape[1:]), dtype=bool)
        for mask, boxes in zip(inside, self.boxes, strict=True):
            for y0, x0, y1, x1 in boxes:
                mask[y0:y1, x0:x1] = True
        return inside


def read_smears(folder: Path) -> list[Smear]:
    """All images of the folder, by name."""
    with (folder / "boxes.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    smears = []
    for path in sorted((folder / "images").glob("*.jpg")):
        planes = np.ascontiguousarray(np.moveaxis(imread(path), 2, 0))
        here = [row for row in rows if row["image"] == path.name]
        smears.append(Smear(planes, tuple(_boxes(here, name) for name in CLASSES)))
    return smears


def _boxes(rows: list[dict[str, str]], name: str) -> Boxes:
    """Boxes without area are none."""
    corners = [
        [int(row[corner]) for corner in ("ymin", "xmin", "ymax", "xmax")]
        for row in rows
        if row["class"] == name
    ]
    boxes = np.array(corners, dtype=np.int64).reshape(-1, 4)
    return np.asarray(boxes[(boxes[:, 2:] > boxes[:, :2]).all(axis=1)])


def split_smears(smears: list[Smear], seed: int) -> tuple[list[Smear], list[Smear]]:
    """Half of the images, at random, for training; the other half stays unseen."""
    order = np.random.default_rng(seed).permutation(len(smears))
    middle = len(smears) // 2
    return [smears[i] for i in order[:middle]], [smears[i] for i in order[middle:]]


def usual_px(smears: list[Smear]) -> list[float]:
    """Of each class, the area of an ellipse in its box of median size."""
    every = [np.concatenate([s.boxes[k] for s in smears]) for k in range(len(CLASSES))]
    return [math.pi / 4 * float(np.median(np.prod(b[:, 2:] - b[:, :2], axis=1))) for b in every]


def answers(covered: npt.NDArray[np.bool_], patch: int) -> npt.NDArray[np.bool_]:
    """The 2 % rule on the grid: (S, H, W) to (S, rows, columns)."""
    height, width = covered.shape[1:]
    rows = [
        [covered[:, y : y + patch, x : x + patch].mean(axis=(1, 2)) for x in range(0, width, patch)]
        for y in range(0, height, patch)
    ]
    return np.asarray(np.moveaxis(np.array(rows), 2, 0) > COVERAGE)


def answered(smears: list[Smear], *, patch: int, downscale: int) -> TrainingData:
    """All patches with their answers; those of the last fifth of the images only measure."""
    patches, labels, validation = [], [], []
    for number, smear in enumerate(smears):
        said = answers(smear.covered(), patch)
        for (row, column), _ in np.ndenumerate(said[0]):
            y, x = row * patch, column * patch
            window = smear.planes[:, y : y + patch, x : x + patch]
            side = patch // downscale
            patches.append(pad_to(prepare(window, LIMITS, downscale), side, side))
            labels.append(said[:, row, column])
            validation.append(number >= 0.8 * len(smears))
    return TrainingData(
        patches=np.stack(patches).astype(np.float16),
        labels=np.array(labels, dtype=np.float32),
        validation=np.array(validation),
        structures=CLASSES,
        downscale=downscale,
    )
