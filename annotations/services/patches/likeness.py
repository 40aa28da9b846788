"""How much each patch looks like a given one, from what the pixels are like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotations.errors import Rejected
from annotations.models import Dataset
from annotations.services.patches.looks import looks_of
from annotations.services.sheets import Layout, Place

Floats = NDArray[np.float32]
# Distances of so many patches at a time, because they then stay in the processor's cache.
CHUNK = 16_384
# A patch is like no other more than like itself.
LEAST = np.float32(1e-6)


@dataclass(frozen=True)
class Likeness:
    """`distances`: (patches,), 0 for the patch itself, NaN where an image is not described yet."""

    distances: Floats
    missing: int


def likeness(*, dataset: Dataset, layout: Layout, like: Place) -> Likeness:
    """Euclidean distances in descriptors that are scaled to equal spread over the layout.

    Descriptors are kept beside each image. Where they are missing they are made, as many as half a
    second allows; ask again while `missing` is not 0. Images of another number of channels cannot
    be compared.
    """
    number = layout.position(like)
    image = dataset.images.ready().filter(pk=like.image).first()
    if number is None or image is None:
        raise Rejected("There is no such patch to compare with.", field="like")
    values, spread, missing = looks_of(dataset=dataset, layout=layout, like=image)
    distances = np.maximum(distances_from(values[:, number], values, spread), LEAST)
    distances[number] = 0
    return Likeness(distances, missing)


def distances_from(one: Floats, values: Floats, spread: Floats) -> Floats:
    """Euclidean distances, each feature divided by its spread first.

    Args:
        one: (features,).
        values: (features, patches), each feature in one piece.
        spread: (features,), above 0.

    Returns:
        (patches,), NaN where a value is.
    """
    squares = np.zeros(values.shape[1], dtype=np.float32)
    room = np.empty(CHUNK, dtype=np.float32)
    for start in range(0, len(squares), CHUNK):
        part = squares[start : start + CHUNK]
        apart = room[: len(part)]
        for own, column, width in zip(one, values[:, start : start + CHUNK], spread, strict=True):
            np.subtract(column, own, out=apart)
            apart /= width
            apart *= apart
            part += apart
    return np.sqrt(squares, out=squares)
