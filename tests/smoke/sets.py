"""The two sets of real images, and what of each is shown to the model."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.smoke.truth import Truth, read_labels

Region = NDArray[np.bool_]


@dataclass(frozen=True)
class SmokeSet:
    """Images, and which of their pixels are for training and which for the test.

    `training` and `test` get an image's number within `images` and its shape, and return the
    columns of pixels (W,) bool that are shown, or measured. A patch is shown when all of it is.
    """

    name: str
    question: str
    patch: int
    lowest_pixel_f1: float
    images: list[Truth]
    training: Callable[[int, int], Region]
    test: Callable[[int, int], Region]
    options: dict[str, Any] = field(default_factory=dict)


def nuclei(data: Path) -> SmokeSet:
    """15 images for training and 15 others for the test, from all over the plate."""
    folder = data / "nuclei_bbbc039"
    files = sorted((folder / "images").glob("*.tif"))
    chosen = [*files[::3][:15], *files[1::3][:15]]
    return SmokeSet(
        name="nuclei",
        question="Is there a part of a nucleus?",
        patch=64,
        lowest_pixel_f1=0.75,
        images=[_truth(f, folder / "labels" / f"{f.stem}.png", f.name) for f in chosen],
        training=lambda number, width: np.full(width, number < 15),
        test=lambda number, width: np.full(width, number >= 15),
        options={"downscale": 2},
    )


def chloroplasts(data: Path) -> SmokeSet:
    """Sections of one field: the left halves for training, the right halves for the test."""
    folder = data / "chloroplast_em_wsu"
    files = sorted((folder / "images").glob("*.tif"))
    return SmokeSet(
        name="chloroplasts",
        question="Is there a part of a chloroplast?",
        patch=128,
        lowest_pixel_f1=0.62,
        images=[_truth(f, folder / "labels" / f.name, f"section-{f.name}") for f in files],
        training=lambda number, width: np.arange(width) < width // 2,
        test=lambda number, width: np.arange(width) >= _next_patch(width // 2, 128),
        options={"downscale": 2},
    )


def _next_patch(x: int, patch: int) -> int:
    """The first border of a patch at or after x: no patch is half shown and half measured."""
    return -(-x // patch) * patch


def _truth(file: Path, labels: Path, name: str) -> Truth:
    return Truth(name=name, file=file, labels=read_labels(labels))


SETS: tuple[Callable[[Path], SmokeSet], ...] = (nuclei, chloroplasts)
