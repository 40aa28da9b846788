"""A folder of images and masks becomes answered patches and an unseen part."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from skimage.io import imread
from skimage.measure import label

from inference.micranet.data import TrainingData
from inference.micranet.guessed import room_for_guesses, with_guesses
from inference.micranet.preprocess import pad_to, prepare
from inference.micranet.thresholds import COVERAGE
from tests.benchmarks.described import features_of

MASK_FOLDERS = ("masks", "labels")


class Unusable(Exception):
    """A folder that cannot be measured on; the message says why."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One image, or half of one: raw planes (C, H, W), its limits, and true objects (H, W), 0 for
    none."""

    planes: npt.NDArray[np.generic]
    limits: list[tuple[float, float]]
    objects: npt.NDArray[np.int32]

    @property
    def mask(self) -> npt.NDArray[np.bool_]:
        """Where the structure is."""
        return self.objects > 0


@dataclass(frozen=True, slots=True)
class Answered:
    """Patches for training with answers, and the true masks (N, 1, p, p) for the ceiling alone.

    ``taught`` is ``data``, where answers are few with unanswered patches of the same images, as the
    application reads them.
    """

    data: TrainingData
    masks: npt.NDArray[np.bool_]
    taught: TrainingData


def read_scenes(folder: Path, structure: str | None = None) -> list[Scene]:
    """All images of ``folder/images`` that have a mask of the same stem, by name."""
    if not (folder / "images").is_dir():
        raise Unusable(f"{folder} has no folder called images.")
    masks = _mask_folder(folder, structure)
    known = {path.stem: path for path in masks.iterdir() if path.is_file()}
    paths = [path for path in sorted((folder / "images").iterdir()) if path.stem in known]
    if not paths:
        named = ", ".join(sorted(path.name for path in masks.iterdir() if path.is_dir()))
        hint = f" Choose one of {named} by --structure." if named else ""
        raise Unusable(f"{folder} holds no image with a mask of the same name.{hint}")
    return [_scene(path, known[path.stem]) for path in paths]


def _mask_folder(folder: Path, structure: str | None) -> Path:
    for name in MASK_FOLDERS:
        if structure and (folder / name / structure).is_dir():
            return folder / name / structure
        if (folder / name).is_dir():
            return folder / name
    raise Unusable(f"{folder} has no folder called {' or '.join(MASK_FOLDERS)}.")


def _scene(image: Path, mask: Path) -> Scene:
    planes = np.atleast_3d(imread(image))
    if planes.shape[2] <= 4 or planes.shape[2] < planes.shape[0]:
        planes = np.moveaxis(planes, 2, 0)
    if image.suffix.lower() in {".png", ".jpg", ".jpeg"}:
        planes = planes[:3]
    limits = [_limits(plane) for plane in planes]
    objects = _objects(imread(mask))
    if objects.shape != planes.shape[1:]:
        raise Unusable(
            f"{mask} is {objects.shape[1]} x {objects.shape[0]} px, "
            f"its image {planes.shape[2]} x {planes.shape[1]} px."
        )
    return Scene(planes, limits, objects)


def _limits(plane: npt.NDArray[np.generic]) -> tuple[float, float]:
    low, high = np.percentile(plane[::2, ::2].astype(np.float64), (0.1, 99.9))
    return float(low), float(max(high, low + 1e-3))


def _objects(mask: npt.NDArray[np.generic]) -> npt.NDArray[np.int32]:
    """Instance ids as they are; a binary mask falls into its connected components."""
    flat = np.squeeze(mask)
    flat = flat[..., 0] if flat.ndim == 3 else flat  # a mask saved as RGB
    if len(np.unique(flat)) > 2:
        return flat.astype(np.int32)
    parts = label(flat != 0, connectivity=1)
    return np.asarray(parts, dtype=np.int32)


def split(scenes: list[Scene], by: str, seed: int) -> tuple[list[Scene], list[Scene]]:
    """Training and unseen scenes: by image (half of them at random), or left and right half of
    each; a single image is always halved."""
    if by == "half" or len(scenes) < 2:
        return [_half(s, left=True) for s in scenes], [_half(s, left=False) for s in scenes]
    order = np.random.default_rng(seed).permutation(len(scenes))
    middle = len(scenes) // 2
    return [scenes[i] for i in order[:middle]], [scenes[i] for i in order[middle:]]


def _half(scene: Scene, *, left: bool) -> Scene:
    middle = scene.objects.shape[1] // 2
    part = slice(None, middle) if left else slice(middle, None)
    return Scene(scene.planes[:, :, part], scene.limits, scene.objects[:, part])


def answer(
    scenes: list[Scene], *, patch: int, downscale: int, labels: int, noise: float, seed: int
) -> Answered:
    """Patches with answers by the 2 % rule, at most ``labels``, a share ``noise`` of them flipped.

    The last fifth of the scenes only measures; where there are fewer than five, the lowest fifth of
    each.
    """
    rng = np.random.default_rng(seed)
    patches, masks, yes, validation = [], [], [], []
    for number, scene in enumerate(scenes):
        height, width = scene.mask.shape
        for y in range(0, height, patch):
            for x in range(0, width, patch):
                box = np.s_[y : y + patch, x : x + patch]
                patches.append(_patch(scene.planes[:, *box], scene.limits, patch, downscale))
                masks.append(_patch(scene.mask[None, *box], [(0, 1)], patch, downscale) > 0.5)
                yes.append(scene.mask[box].mean() > COVERAGE)
                low = number >= len(scenes) * 0.8 if len(scenes) >= 5 else y >= 0.8 * height
                validation.append(low)
    order = rng.permutation(len(patches)).tolist()
    chosen = order[:labels]
    truth = np.array(yes)[chosen] ^ (rng.random(len(chosen)) < noise)
    data = TrainingData(
        patches=np.stack([patches[i] for i in chosen]).astype(np.float16),
        labels=truth.astype(np.float32)[:, None],
        validation=np.array(validation)[chosen],
        downscale=downscale,
    )
    rest = [i for i in order[labels:] if not validation[i]]
    taught = _with_guesses(data, scenes, patches, (chosen, rest), patch)
    return Answered(data, np.stack([masks[i] for i in chosen]), taught)


def _with_guesses(
    data: TrainingData,
    scenes: list[Scene],
    patches: list[npt.NDArray[np.float32]],
    parts: tuple[Sequence[int], Sequence[int]],
    side: int,
) -> TrainingData:
    chosen, rest = parts
    rest = rest[: room_for_guesses(int((~data.validation).sum()))]
    if not rest:
        return data
    features = np.concatenate([features_of(s.planes, s.limits, side) for s in scenes])
    return with_guesses(
        data,
        features[chosen],
        others=np.stack([patches[i] for i in rest]),
        other_features=features[rest],
    )


def _patch(
    planes: npt.NDArray[np.generic], limits: list[tuple[float, float]], side: int, factor: int
) -> npt.NDArray[np.float32]:
    return pad_to(prepare(planes, limits, factor), side // factor, side // factor)
