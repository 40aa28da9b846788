"""How much each patch looks like a given one, from what the pixels are like."""

from __future__ import annotations

import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from annotations.errors import Rejected
from annotations.imaging.descriptors import VERSION, describe_patches
from annotations.imaging.whole import whole_file
from annotations.models import Dataset, Image
from annotations.services.sheets import Layout, Place
from annotations.services.working import WorkingViewRefused, open_working, working_limits

# What a request may spend on images that nobody has compared before; the next one goes on.
SECONDS = 0.5


@dataclass(frozen=True)
class Likeness:
    """`distances`: (patches,), 0 for the patch itself, NaN where an image is not described yet."""

    distances: NDArray[np.float32]
    missing: int


def likeness(*, dataset: Dataset, layout: Layout, like: Place) -> Likeness:
    """Euclidean distances in descriptors that are scaled to equal spread over the data set.

    Descriptors are kept beside each image. Where they are missing they are made, as many as half a
    second allows; ask again while `missing` is not 0.
    """
    images = list(
        dataset.images.ready().select_related("dataset").filter(pk__in=layout.images.tolist())
    )
    # First the one that others are compared with.
    images.sort(key=lambda image: image.pk != like.image)
    known, missing = _described(images)
    number = layout.position(like)
    if number is None or like.image not in known:
        raise Rejected("There is no such patch to compare with.", field="like")
    features = _joined(known, layout)
    scaled = features / np.maximum(np.nanstd(features, axis=0), 1e-6)
    distances = np.sqrt(np.square(scaled - scaled[number]).sum(axis=1))
    # A patch is like no other more than like itself.
    distances = np.maximum(distances, 1e-6)
    distances[number] = 0
    return Likeness(distances.astype(np.float32), missing)


def _described(images: list[Image]) -> tuple[dict[int, NDArray[np.float16]], int]:
    deadline = time.monotonic() + SECONDS
    found: dict[int, NDArray[np.float16]] = {}
    missing = 0
    for image in images:
        if found and not _path(image).is_file() and time.monotonic() > deadline:
            missing += 1
            continue
        found[image.pk] = _features(image)
    return found, missing


def described(image: Image) -> NDArray[np.float16] | None:
    """(patches, features) as kept beside the image, made where missing; None if it has no store."""
    try:
        return _features(image)
    except (FileNotFoundError, WorkingViewRefused):
        return None


def _features(image: Image) -> NDArray[np.float16]:
    path = _path(image)
    if not path.is_file():
        _describe(image, path)
    features: NDArray[np.float16] = np.load(path)
    return features


def _describe(image: Image, path: Path) -> None:
    features = describe_patches(open_working(image), image.grid, working_limits(image))
    with whole_file(path) as temporary, temporary.open("wb") as file:
        np.save(file, features)


def _path(image: Image) -> Path:
    """Named for everything that the numbers depend on."""
    dataset = image.dataset
    view = (dataset.projection, dataset.plane_z, dataset.plane_t, dataset.used_channels)
    grid = (dataset.patch_size, dataset.overlap)
    known = repr((VERSION, *grid, view, working_limits(image)))
    return image.folder / f"patches-{sha256(known.encode()).hexdigest()[:16]}.npy"


def _joined(described: dict[int, NDArray[np.float16]], layout: Layout) -> NDArray[np.float32]:
    """(patches, features): images of another number of channels cannot be compared and stay NaN."""
    width = next(iter(described.values())).shape[1]
    joined = np.full((layout.size, width), np.nan, dtype=np.float32)
    for image, features in described.items():
        span = layout.span(image)
        if span is not None and features.shape == (span.stop - span.start, width):
            joined[span] = features
    return joined
