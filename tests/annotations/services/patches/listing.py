"""Patches as the gallery asks for them."""

from typing import Any

import numpy as np

from annotations.models import Dataset, Structure, User
from annotations.services.patches.listing import ShownPatch, list_patches
from annotations.services.patches.query import PatchQuery
from annotations.services.scores import keep_scores
from annotations.services.sheets import Place


def listed(by: User, structure: Structure, dataset: Dataset, **asked: Any) -> list[ShownPatch]:
    """Every page, one after the other."""
    found: list[ShownPatch] = []
    cursor: str | None = ""
    while cursor is not None:
        query = PatchQuery(structure=structure, cursor=cursor, **({"limit": 5} | asked))
        page = list_patches(by=by, dataset=dataset, query=query)
        found += page["patches"]
        cursor = page["next"]
    return found


def cells(patches: list[ShownPatch]) -> list[Place]:
    return [Place(one["image"], one["row"], one["column"]) for one in patches]


def score(dataset: Dataset, structure: Structure, name: str, values: list[float]) -> None:
    image = dataset.images.get(name=name)
    scores = np.array(values, dtype=np.float32).reshape(2, 3)
    keep_scores(image=image, scores={structure.pk: scores}, source="Model 1")
