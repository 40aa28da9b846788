"""The yes/no answers and the pixels they are about."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from inference.micranet.config import DOWNSCALES
from inference.micranet.errors import DataRefused

Floats = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Labelled patches at the working resolution.

    Attributes:
        patches: float32 or float16 (N, C, P, P), from ``preprocess.prepare``; float16 halves the
            memory.
        labels: float (N, S): 1 yes, 0 no, nan no answer; values between are soft answers.
        validation: bool (N,): True for patches that only measure. All of an image's patches on one
            side.
        weights: float (N, S) confidence of each answer, or None for 1 everywhere.
        structures: S names; by default "structure 1", …
        downscale: the factor by which the images were shrunk; a patch spans P * downscale image
            pixels.
        guessed: bool (N,): True for patches that nobody answered, whose labels are expectations:
            they teach, and are never taken for answers. None: no patch is.
    """

    patches: Floats
    labels: Floats
    validation: npt.NDArray[np.bool_]
    weights: Floats | None = None
    structures: tuple[str, ...] = ()
    downscale: int = 1
    guessed: npt.NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        _check_shapes(self)
        _check_values(self)
        if not self.structures:
            names = tuple(f"structure {n + 1}" for n in range(self.labels.shape[1]))
            object.__setattr__(self, "structures", names)
        if len(self.structures) != self.labels.shape[1]:
            raise DataRefused("There must be one name per structure.")

    @property
    def by_people(self) -> npt.NDArray[np.bool_]:
        """bool (N,): what a person answered."""
        given = np.ones(len(self.patches), dtype=bool)
        return given if self.guessed is None else ~self.guessed

    def without_guesses(self) -> Self:
        """What people answered, and nothing else."""
        if self.guessed is None:
            return self
        kept = self.by_people
        return replace(
            self,
            patches=self.patches[kept],
            labels=self.labels[kept],
            validation=self.validation[kept],
            weights=None if self.weights is None else self.weights[kept],
            guessed=None,
        )

    @property
    def patch_size(self) -> int:
        """Side of a patch in pixels of the full-resolution image."""
        return int(self.patches.shape[2]) * self.downscale


def check_trainable(data: TrainingData) -> None:
    """Refuse data from which nothing can be learnt, naming what is missing."""
    part = data.labels[~data.validation & data.by_people]
    for name, column in zip(data.structures, part.T, strict=True):
        if not (column > 0.5).any() or not (column < 0.5).any():
            missing = "yes" if not (column > 0.5).any() else "no"
            raise DataRefused(
                f'"{name}" has no "{missing}" among the patches for training: '
                "answer some, then train again."
            )


def _check_shapes(data: TrainingData) -> None:
    p, y, v, w = data.patches, data.labels, data.validation, data.weights
    if p.ndim != 4 or p.shape[2] != p.shape[3] or p.shape[2] < 8:
        raise DataRefused(
            f"Patches must have shape (N, C, P, P) with P of 8 or more, not {p.shape}."
        )
    if y.ndim != 2 or len(y) != len(p) or v.shape != (len(p),):
        raise DataRefused("Labels (N, S) and the validation mask (N,) must match the patches.")
    if w is not None and w.shape != y.shape:
        raise DataRefused("Weights must have the shape of the labels.")
    if (guessed := data.guessed) is not None and (guessed.shape != v.shape or (guessed & v).any()):
        raise DataRefused("Guesses must be marked per patch (N,), and none of them measures.")
    if data.downscale not in DOWNSCALES:
        raise DataRefused(f"The image can be shrunk by 1, 2 or 4, not by {data.downscale}.")


def _check_values(data: TrainingData) -> None:
    given = data.labels[~np.isnan(data.labels)]
    if given.size and (given.min() < 0 or given.max() > 1):
        raise DataRefused("Labels must lie between 0 (no) and 1 (yes), or be nan.")
    # in chunks: a whole-array test would copy gigabytes
    for start in range(0, len(data.patches), 256):
        if not np.isfinite(data.patches[start : start + 256]).all():
            raise DataRefused("Patches hold NaN or infinite values: pass them through normalise.")
