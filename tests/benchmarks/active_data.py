"""Patches of a folder in the order of its images, each with its answer and its descriptors."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from annotations.imaging.grid import Grid
from inference.micranet.data import TrainingData
from inference.micranet.guessed import room_for_guesses, with_guesses
from inference.micranet.preprocess import prepare
from inference.micranet.thresholds import COVERAGE
from tests.benchmarks.blood_data import CLASSES, LIMITS, read_smears, split_smears
from tests.benchmarks.canvases import DIGITS, Canvas, canvases, read_digits
from tests.benchmarks.described import features_of
from tests.benchmarks.mnist_data import LIMITS as CANVAS_LIMITS
from tests.benchmarks.science_data import read_scenes, split


@dataclass(frozen=True, slots=True)
class Picture:
    """Raw planes (C, H, W), limits per channel, and where the structure is (H, W)."""

    planes: npt.NDArray[np.generic]
    limits: list[tuple[float, float]]
    mask: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Patches:
    """``yes`` (n,); ``features`` (n, d) as the application keeps them beside each image."""

    patches: npt.NDArray[np.float16]
    yes: npt.NDArray[np.bool_]
    features: npt.NDArray[np.float32]
    downscale: int

    def data(self, chosen: npt.NDArray[np.intp]) -> TrainingData:
        """Every fifth of the chosen only measures, as far as what is learnt from keeps a yes and a
        no."""
        labels = self.yes[chosen].astype(np.float32)[:, None]
        validation = np.arange(len(chosen)) % 5 == 4
        if len(np.unique(labels[~validation])) < 2:
            validation[:] = False
        return TrainingData(self.patches[chosen], labels, validation, downscale=self.downscale)

    def taught(self, chosen: npt.NDArray[np.intp], seed: int) -> TrainingData:
        """As `data`, filled up with others as the application does it."""
        data = self.data(chosen)
        others = np.setdiff1d(np.arange(len(self.yes)), chosen)
        room = room_for_guesses(int((~data.validation).sum()))
        others = np.random.default_rng(seed).permutation(others)[:room]
        return with_guesses(
            data,
            self.features[chosen],
            others=self.patches[others],
            other_features=self.features[others],
        )


def sides(
    folder: Path, *, images: int, by: str, seed: int
) -> Iterator[tuple[str, list[Picture], list[Picture]]]:
    """Structure, pictures to be asked about, and pictures to measure on.

    Of the digits of MNIST, `images` canvases with training digits are to be asked about, and half
    as many with test digits to measure on.
    """
    if (folder / "mnist.npz").exists():
        yield from _digits(folder, images, seed)
        return
    if not (folder / "boxes.csv").exists():
        parts = split(read_scenes(folder)[:images], by, seed)
        seen, unseen = ([Picture(s.planes, s.limits, s.mask) for s in part] for part in parts)
        yield "", seen, unseen
        return
    smears = split_smears(read_smears(folder)[:images], seed)
    for number, name in enumerate(CLASSES):
        seen, unseen = (
            [Picture(s.planes, list(LIMITS), s.covered()[number]) for s in part] for part in smears
        )
        yield name, seen, unseen


def _digits(
    folder: Path, images: int, seed: int
) -> Iterator[tuple[str, list[Picture], list[Picture]]]:
    seen = canvases(read_digits(folder, "train"), images, seed)
    unseen = canvases(read_digits(folder, "test"), max(1, images // 2), seed)
    for digit in range(DIGITS):
        yield str(digit), _pictures(seen, digit), _pictures(unseen, digit)


def _pictures(drawn: list[Canvas], digit: int) -> list[Picture]:
    return [Picture(one.image[None], list(CANVAS_LIMITS), one.masks()[digit]) for one in drawn]


def cut(
    pictures: list[Picture], *, patch: int, downscale: int, most: int, rng: np.random.Generator
) -> Patches:
    """At most `most` of the whole patches of the pictures, by lot."""
    parts = [_cut(picture, patch, downscale) for picture in pictures]
    patches, yes, features = (np.concatenate(part) for part in zip(*parts, strict=True))
    kept = rng.permutation(len(yes))[:most]
    return Patches(patches[kept], yes[kept], features[kept], downscale)


def _cut(picture: Picture, side: int, downscale: int) -> tuple[npt.NDArray, ...]:  # type: ignore[type-arg]
    rows, columns = (size // side for size in picture.mask.shape)
    planes = picture.planes[:, : rows * side, : columns * side]
    grid = Grid(rows * side, columns * side, side)
    boxes = [
        np.s_[y : y + side, x : x + side]
        for y in range(0, grid.height, side)
        for x in range(0, grid.width, side)
    ]
    patches = [prepare(planes[:, *box], picture.limits, downscale) for box in boxes]
    yes = [picture.mask[box].mean() > COVERAGE for box in boxes]
    features = features_of(planes, picture.limits, side)
    return np.stack(patches).astype(np.float16), np.array(yes), features
